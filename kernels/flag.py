"""A flag in the wind: a cloth of stripes, or of a picture, with folds that run through it."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .oklab import srgb8_to_linear
from .pattern_frames import Frame, cycle_mean


def flag(frame: Frame) -> Any:
    """Fill the section with a cloth that is held at the left; folds run through it along the wind."""
    xp, turn = frame.xp, 2.0 * math.pi
    loose = 0.3 + 0.7 * (frame.across / frame.columns + 0.5)
    x, y = frame.across / frame.size, frame.up / frame.size
    fold = turn * (x + 0.28 * y - frame.passed)
    wave = turn * (0.43 * x - 0.35 * y - 0.5 * frame.passed + 0.3)
    lift = frame.size * loose * (0.10 * xp.sin(fold) + 0.13 * xp.sin(wave)) * frame.cell_aspect / frame.rows
    shift = frame.size * loose * 0.06 * xp.cos(fold) / frame.columns
    right, high = frame.across / frame.columns + 0.5 + shift, frame.up * frame.cell_aspect / frame.rows + 0.5
    light = _cloth(frame, right, high + lift)
    slope = (0.25 + 0.75 * loose) * (0.7 * xp.cos(fold + 0.5) + 0.3 * xp.cos(wave))
    gloss = 0.6 * xp.clip(slope - 0.4, 0.0, 1.0)[..., None] ** 2
    return light * (1.0 + 0.6 * slope)[..., None] * (1.0 - gloss) + gloss


def _cloth(frame: Frame, right: Any, high: Any) -> Any:
    """Return the flag's light at shares of its width and height; beyond its edges it goes on as there."""
    xp = frame.xp
    if frame.picture is None:
        half = 0.5 / frame.rows
        return cycle_mean(frame.colours, None, xp.clip(1.0 - high, half, 1.0 - half), 2.0 * half)
    tall, wide = frame.picture.shape[:2]
    light = srgb8_to_linear(frame.picture)
    total = xp.zeros((frame.rows, frame.columns, 3))
    for over, aside in ((-0.25, -0.25), (-0.25, 0.25), (0.25, -0.25), (0.25, 0.25)):
        row = xp.clip((high + over / frame.rows) * tall - 0.5, 0.0, tall - 1.0)
        column = xp.clip((right + aside / frame.columns) * wide - 0.5, 0.0, wide - 1.0)
        below, left = row.astype(np.int64), column.astype(np.int64)
        above, beside = xp.minimum(below + 1, tall - 1), xp.minimum(left + 1, wide - 1)
        up, on = (row - below)[..., None], (column - left)[..., None]
        lower = light[below, left] * (1 - on) + light[below, beside] * on
        total += lower * (1 - up) + (light[above, left] * (1 - on) + light[above, beside] * on) * up
    return total / 4.0
