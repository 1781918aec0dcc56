"""What patterns are drawn from: the raster, the moment, and colours that run into each other.

Lengths are counted in widths of a seat. Colours run into each other along straight lines in OKLab; where
edges cross a seat, the seat takes the mean light of its own area: patterns of one direction are averaged
through a table of sums (after F. Crow, "Summed-area tables for texture mapping", SIGGRAPH 1984).
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from .array_module import array_module
from .oklab import linear_to_srgb8, oklab_to_linear, srgb8_to_linear, srgb8_to_oklab

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Bytes = NDArray[np.uint8]
    Floats = NDArray[np.float64]
    RGB = tuple[int, int, int]

_FINE = 256
_LEAST_PLACES, _MOST_PLACES = 1 << 14, 1 << 17


@dataclass(frozen=True)
class Frame:
    """What all patterns are drawn from; `patterns.pattern` says what the values are.

    Attributes
    ----------
    across : ndarray of float64, shape (1, columns)
    up : ndarray of float64, shape (rows, 1)
        Widths of a seat from the section's middle to each seat.
    """

    xp: Any
    columns: int
    rows: int
    across: Any
    up: Any
    colours: tuple[RGB, ...]
    size: float
    speed: float
    time: float
    angle: float
    centre: tuple[float, float]
    seed: int
    cell_aspect: float
    picture: Any
    ink: Any
    paint: Any

    @property
    def passed(self) -> float:
        """How many times its own size the pattern has moved."""
        return self.time * self.speed / self.size

    def along(self) -> tuple[Any, Any, float]:
        """Return coordinates along the angle and square to it, in sizes, and a seat's reach along it."""
        cosine, sine = math.cos(self.angle), math.sin(self.angle)
        reach = (abs(cosine) + abs(sine) / self.cell_aspect) / self.size
        ahead = (self.across * cosine + self.up * sine) / self.size
        return ahead, (self.up * cosine - self.across * sine) / self.size, reach

    def from_centre(self) -> tuple[Any, Any, float]:
        """Return coordinates from the centre, in seats, and the distance to the furthest corner."""
        x = self.across - (self.centre[0] - 0.5) * self.columns
        y = self.up - (self.centre[1] - 0.5) * self.rows / self.cell_aspect
        return x, y, math.hypot(float(abs(x).max()), float(abs(y).max())) or 1.0


def bytes_of(colours: tuple[RGB, ...]) -> Bytes:
    """Return sRGB colours as an array of uint8, (n, 3)."""
    return np.array(colours, dtype=np.uint8)


def _smooth(colours: tuple[RGB, ...], back: float) -> Floats:
    """Return the light of a cycle through all colours, one running into the next: (n, 3).

    They lie evenly; the last part of the cycle, `back`, leads to the first again.
    """
    lab = srgb8_to_oklab(bytes_of((*colours, colours[0])))
    stops = np.append(np.linspace(0.0, 1.0 - back, len(colours)), 1.0)
    place = (np.arange(_FINE * len(colours)) + 0.5) / (_FINE * len(colours))
    mixed = np.stack([np.interp(place, stops, lab[:, channel]) for channel in range(3)], axis=-1)
    return np.clip(oklab_to_linear(mixed), 0.0, 1.0)


@functools.lru_cache(maxsize=64)
def _cycle(colours: tuple[RGB, ...], back: float | None, width: float) -> NDArray[np.float32]:
    """Return the mean light of each stretch of a cycle that is `width` long: (n, 3), about each place.

    A cycle of steps, one for each colour, where `back` is None.
    """
    light = srgb8_to_linear(bytes_of(colours)) if back is None else _smooth(colours, back)
    sums = np.concatenate([np.zeros((1, 3)), np.cumsum(light, axis=0)]) / len(light)

    def summed(place: Floats) -> Floats:
        whole = np.floor(place)
        within = (place - whole) * len(light)
        below = np.minimum(within.astype(np.int64), len(light) - 1)
        part: Floats = sums[below] + (sums[below + 1] - sums[below]) * (within - below)[:, None]
        part += whole[:, None] * sums[-1]
        return part

    width = max(width, 1e-6)
    # Many places in a stretch, so that edges keep their own place.
    count = _LEAST_PLACES
    while count < min(16.0 / width, _MOST_PLACES):
        count *= 2
    place = (np.arange(count) + 0.5) / count
    return ((summed(place + width / 2) - summed(place - width / 2)) / width).astype(np.float32)


def cycle_mean(colours: tuple[RGB, ...], back: float | None, phase: Any, width: float) -> Any:
    """Return the mean light over stretches of a cycle about `phase`, of which 1 is a whole cycle."""
    xp = array_module(phase)
    means = xp.asarray(_cycle(colours, back, width))
    place = ((phase - xp.floor(phase)) * means.shape[0]).astype(np.int32)
    return means[xp.minimum(place, means.shape[0] - 1)]


@functools.lru_cache(maxsize=1)
def _encoding() -> Bytes:
    return linear_to_srgb8(np.arange(65536) / 65535.0)


def encoded(light: Any) -> Any:
    """Return sRGB bytes; 16 bits of light are enough that every byte comes back as itself."""
    xp = array_module(light)
    whole = (xp.clip(light, 0.0, 1.0) * 65535.0 + 0.5).astype(np.uint16)
    return xp.asarray(_encoding())[whole]
