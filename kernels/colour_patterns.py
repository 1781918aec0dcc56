"""Patterns of colours alone: waves, rings, stripes, squares, plasma."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .oklab import srgb8_to_linear
from .pattern_frames import Frame, bytes_of, cycle_mean


def waves(frame: Frame) -> Any:
    """Crests that roll along the angle and meander; their backs rise slowly, their fronts fall."""
    xp, turn = frame.xp, 2.0 * math.pi
    ahead, aside, reach = frame.along()
    passed = frame.passed
    bend = 0.26 * xp.sin(turn * (0.23 * aside + 0.11 * ahead - 0.25 * passed) + 0.4)
    bend = bend + 0.10 * xp.sin(turn * (0.61 * aside - 0.17 * ahead + 0.50 * passed) + 2.0)
    bend = bend + 0.025 * xp.sin(turn * (2.3 * aside + 0.31 * ahead - 0.75 * passed) + 4.0)
    phase = ahead - passed + bend
    swell = 0.5 + 0.5 * xp.sin(turn * (0.19 * ahead + 0.23 * aside - 0.25 * passed) + 1.0)
    calm = frame.colours[:-1] if len(frame.colours) > 2 else frame.colours
    share = (0.9 * swell)[..., None]
    low, high = (cycle_mean(colours, 0.06, phase, 1.3 * reach) for colours in (calm, frame.colours))
    return low * share + high * (1.0 - share)


def ripple(frame: Frame) -> Any:
    """Rings that grow from the centre."""
    xp = frame.xp
    x, y, _ = frame.from_centre()
    distance = xp.hypot(x, y) / frame.size
    return cycle_mean(frame.colours, 0.18, frame.passed - distance, 1.0 / frame.size)


def stripes(frame: Frame) -> Any:
    """Straight bands of each colour in turn, that move along the angle."""
    number = len(frame.colours)
    ahead, _, reach = frame.along()
    phase = (ahead - ahead.min() + reach / 2 - frame.passed) / number
    return cycle_mean(frame.colours, None, phase, reach / number)


def checker(frame: Frame) -> Any:
    """Squares of each colour in turn, both ways, that move along the angle."""
    xp, number = frame.xp, len(frame.colours)
    ahead, aside, reach = frame.along()
    light = xp.asarray(srgb8_to_linear(bytes_of(frame.colours)))
    if reach > 1.0:
        return xp.broadcast_to(light.mean(axis=0), (frame.rows, frame.columns, 3))

    def split(place: Any) -> tuple[Any, Any]:
        """Return the square at a seat's beginning, and the share of the seat that lies in the next one."""
        begin = place - reach / 2
        square = xp.floor(begin)
        return square.astype(np.int64), xp.clip((begin + reach - square - 1.0) / reach, 0.0, 1.0)[..., None]

    i, over_i = split(ahead - ahead.min() + reach / 2 - frame.passed)
    j, over_j = split(aside - aside.min() + reach / 2)
    own, next_one, after = (light[(i + j + step) % number] for step in range(3))
    return (
        own * (1 - over_i) * (1 - over_j)
        + next_one * (over_i * (1 - over_j) + over_j * (1 - over_i))
        + after * over_i * over_j
    )


def plasma(frame: Frame) -> Any:
    """Clouds of colour that flow into each other: sums of sines, bent by others."""
    xp, turn = frame.xp, 2.0 * math.pi
    x, y = frame.across / frame.size, frame.up / frame.size
    slow = frame.passed / 6.0
    bent_x = x + 0.45 * xp.sin(turn * (0.23 * y + 1.0 * slow)) + 0.2 * xp.sin(turn * (0.41 * y - 2.0 * slow))
    bent_y = y + 0.45 * xp.sin(turn * (0.19 * x - 1.0 * slow) + 1.3) + 0.2 * xp.sin(turn * (0.37 * x + slow))
    value = xp.sin(turn * (0.31 * bent_x + slow))
    value = value + xp.sin(turn * (0.27 * bent_y - slow) + 0.7)
    value = value + xp.sin(turn * (0.21 * (bent_x + bent_y) + 2.0 * slow) + 2.1)
    away = xp.hypot(bent_x - 1.1 * math.sin(turn * slow), bent_y - 0.8 * math.cos(turn * slow))
    value = value + xp.sin(turn * (0.33 * away - slow))
    return cycle_mean(frame.colours, 1.0 / len(frame.colours), 0.28 * value, 0.7 / frame.size)
