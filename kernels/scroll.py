"""A line of letters that goes by from right to left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from .array_module import array_module
from .oklab import oklab_to_linear, srgb8_to_linear, srgb8_to_oklab
from .pattern_frames import Frame, bytes_of

if TYPE_CHECKING:
    RGB = tuple[int, int, int]


def scroll(frame: Frame) -> Any:
    """Let a line of ink go by from right to left, again and again, a little apart."""
    xp = frame.xp
    high, wide = frame.ink.shape
    tall = min(frame.size, float(frame.rows))
    length = wide / high * tall / frame.cell_aspect
    between = 0.6 * length if length < frame.columns / 4 else tall / frame.cell_aspect
    apart = length + max(between, 1.0)
    # From the ink's top down to each row's lower edge, and to the upper edge of the last row.
    down = (frame.rows + tall) / 2 - xp.arange(frame.rows + 1)
    lines = _sums_to(_layers(frame).reshape(high, -1), xp.clip(down * (high / tall), 0, high))
    lines = ((lines[:-1] - lines[1:]) * (tall / high)).reshape(frame.rows, wide, -1).swapaxes(0, 1)
    place = (xp.arange(frame.columns + 1) + frame.time * frame.speed - (apart - length) / 2) / apart
    whole = xp.floor(place)
    within = xp.clip((place - whole) * apart / length, 0.0, 1.0) * wide
    passed = _sums_to(lines.reshape(wide, -1), within)
    passed += whole[:, None] * lines.sum(axis=0).reshape(-1)
    shown = ((passed[1:] - passed[:-1]) * (length / wide)).reshape(frame.columns, frame.rows, -1)
    shown = shown.swapaxes(0, 1)
    ground = xp.asarray(srgb8_to_linear(bytes_of(frame.colours[:1])))[0]
    height = xp.clip((down[1:] + 0.5) / tall, 0.0, 1.0)
    light = ground + shown[..., :1] * (_downwards(frame.colours[1:], height, xp)[:, None] - ground)
    return light if frame.paint is None else light + shown[..., 1:4] - shown[..., 4:] * ground


def _layers(frame: Frame) -> Any:
    """Return the line's ink, and after it the light and alpha of letters in colours: (h, w, 1 or 5)."""
    if frame.paint is None:
        return frame.ink[..., None]
    return frame.xp.concatenate([frame.ink[..., None], frame.paint], axis=-1)


def _sums_to(values: Any, place: Any) -> Any:
    """Return the sums of `values` (n, m) from its first row to places 0 to n: (places, m)."""
    xp = array_module(values)
    sums = xp.concatenate([xp.zeros((1, values.shape[1])), xp.cumsum(values, axis=0, dtype=np.float64)])
    below = xp.minimum(place.astype(np.int64), values.shape[0] - 1)
    return sums[below] + (sums[below + 1] - sums[below]) * (place - below)[:, None]


def _downwards(colours: tuple[RGB, ...], share: Any, xp: Any) -> Any:
    """Return the light of colours that run into each other from the top, 0, to the bottom, 1."""
    lab, stops = srgb8_to_oklab(bytes_of(colours)), np.linspace(0.0, 1.0, len(colours))
    mixed = [xp.interp(share, xp.asarray(stops), xp.asarray(lab[:, channel])) for channel in range(3)]
    return xp.clip(oklab_to_linear(xp.stack(mixed, axis=-1)), 0.0, 1.0)
