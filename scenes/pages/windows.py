"""Which pixels of a picture lie within a cell, and how much of each, along one axis."""

from __future__ import annotations

import math
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Pieces: TypeAlias = tuple[tuple[int, NDArray[np.float32]], ...]
"""Stretches of pixels: the first one's number, and the weight of each; none where there is no picture."""


def windows(
    edges: NDArray[np.floating[Any]], first: float, last: float, size: int, beyond: str
) -> list[Pieces]:
    """Weigh the pixels of one axis for each of the cells between `edges`, given in pixels.

    A cell takes the mean over its own stretch, or over one whole pixel about its middle where it is
    narrower than that. On a ground, a cell beyond the ends `first` and `last` keeps only its share inside.
    """
    found: list[Pieces] = []
    for low, high in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        middle, half = (low + high) / 2, max(high - low, 1.0) / 2
        if beyond == "repeat":
            found.append(_repeated(middle - half, middle + half, first, last, size))
            continue
        share = 1.0
        if beyond == "ground":
            share = max(min(high, last) - max(low, first), 0.0) / (high - low)
        if share > 0:
            near, far = (min(max(end, first), last) for end in (middle - half, middle + half))
            start, weights = _stretch(near, far, size)
            found.append(((start, (weights * (share / weights.sum())).astype(np.float32)),))
        else:
            found.append(())
    return found


def _stretch(low: float, high: float, size: int) -> tuple[int, NDArray[np.float64]]:
    """Return the first pixel of the stretch from `low` to `high`, and how much of each pixel is in it."""
    start = min(max(math.floor(low), 0), size - 1)
    stop = min(max(math.ceil(high), start + 1), size)
    pixel = np.arange(start, stop)
    weights = np.clip(np.minimum(high, pixel + 1) - np.maximum(low, pixel), 0, None)
    return start, weights if weights.any() else np.ones_like(weights)


def _repeated(low: float, high: float, first: float, last: float, size: int) -> Pieces:
    """Weigh the pixels for a stretch of the endless row of what lies between `first` and `last`."""
    period = last - first
    begin = (low - first) % period
    turns, rest = divmod(high - low, period)
    stretches = [(first + begin, min(first + begin + rest, last), 1.0)]
    if begin + rest > period:
        stretches.append((first, begin + rest - period + first, 1.0))
    if turns:
        stretches.append((first, last, turns))
    pieces = []
    for near, far, times in stretches:
        if far > near:
            start, weights = _stretch(near, far, size)
            pieces.append((start, (weights * (times / (high - low))).astype(np.float32)))
    return tuple(pieces)
