"""Stars that pass on all sides."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from .array_module import to_numpy
from .counter_random import Purpose, uniform
from .oklab import srgb8_to_linear
from .pattern_frames import Frame, bytes_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_MOST_STARS = 4000
_TRAIL = 7


def starfield(frame: Frame) -> Any:
    """Stars that come from the centre and pass on all sides, ever faster, larger and brighter.

    Worked out in the host's memory: there are few, and each touches few seats.
    """
    x, y, reach = frame.from_centre()
    x, y = to_numpy(x)[0], to_numpy(y)[:, 0]
    count = frame.columns * frame.rows / frame.cell_aspect / frame.size**2
    stars = np.arange(int(min(max(count * 1.6, 12.0), _MOST_STARS)))

    def random(what: int) -> Floats:
        return uniform(frame.seed, Purpose.VARIATION, what, stars)[:, None]

    heading, begin, dim = 2.0 * math.pi * random(0), 0.03 + 0.3 * random(1), 0.55 + 0.45 * random(3)
    kind = (random(4)[:, 0] * (len(frame.colours) - 1)).astype(np.int64)
    step = np.arange(_TRAIL)
    age = random(2) + frame.time * frame.speed / reach - math.copysign(0.007, frame.speed) * step
    age -= np.floor(age)
    distance = reach * (begin + (1.12 - begin) * age * age)
    wide = np.maximum(frame.size * (0.05 + 0.09 * age) * (1.0 - 0.08 * step), 0.6)
    bright = dim * np.clip(age * 4.0, 0.0, 1.0) * np.where(step == 0, 1.0, 0.5 - 0.07 * step)
    at_x, at_y = distance * np.cos(heading), distance * np.sin(heading)

    dots = np.zeros((len(frame.colours) - 1, frame.rows, frame.columns))
    first_x, last_x = np.searchsorted(x, at_x - 3 * wide), np.searchsorted(x, at_x + 3 * wide)
    first_y, last_y = np.searchsorted(y, at_y - 3 * wide), np.searchsorted(y, at_y + 3 * wide)
    for one in zip(*np.nonzero((first_x < last_x) & (first_y < last_y)), strict=True):
        columns, rows = slice(first_x[one], last_x[one]), slice(first_y[one], last_y[one])
        beside = np.exp(-(((x[columns] - at_x[one]) / wide[one]) ** 2))
        above = np.exp(-(((y[rows] - at_y[one]) / wide[one]) ** 2))
        dots[kind[one[0]], rows, columns] += (bright[one] * above)[:, None] * beside
    light = srgb8_to_linear(bytes_of(frame.colours))
    shown = sum(dots[number][..., None] * colour for number, colour in enumerate(light[1:]))
    cover = 1.0 - np.exp(-1.4 * np.asarray(shown))
    return frame.xp.asarray(light[0] * (1.0 - cover.max(axis=-1, keepdims=True)) + cover)
