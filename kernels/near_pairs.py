"""Which points of the plane are near each other, found by rows and sorted keys; never all pairs at once."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

_MILLIMETRES = 1000.0
_AT_ONCE = 1 << 18
"""Candidates in one block."""

Pairs = tuple[NDArray[np.int64], NDArray[np.int64]]


class Plane:
    """Points sorted into rows as high as the reach, and along each row by their x.

    Parameters
    ----------
    x, y
        Shape (N,), metres, within 1,000 km of the centre.
    reach
        Metres, positive: points nearer than that are found.
    """

    def __init__(self, x: NDArray[np.float64], y: NDArray[np.float64], reach: float) -> None:
        # Two millimetres more than asked make up for whole millimetres.
        self._reach = int(np.ceil(reach * _MILLIMETRES)) + 2
        self._x = np.rint(x * _MILLIMETRES).astype(np.int64)
        self._row = np.rint(y * _MILLIMETRES).astype(np.int64) // self._reach
        self._left = int(self._x.min(initial=0))
        # Wide enough that a reach beyond either end of a row is still within the gap to the next.
        self._width = int(self._x.max(initial=0)) - self._left + 2 * self._reach + 1
        key = self._key(self._x, self._row)
        self._order = np.argsort(key, kind="stable")
        self._sorted = key[self._order]

    def _key(self, x: NDArray[np.int64], row: NDArray[np.int64]) -> NDArray[np.int64]:
        key: NDArray[np.int64] = row * self._width + (x - self._left)
        return key

    def within(self) -> Iterator[Pairs]:
        """Yield blocks of pairs (one, other) of points: all nearer than the reach, and some that are not.

        Each pair comes once.
        """
        keys, order = self._sorted, self._order
        below = keys + self._width
        ranges = (
            (np.arange(1, len(keys) + 1), np.searchsorted(keys, keys + self._reach, side="right")),
            (
                np.searchsorted(keys, below - self._reach, side="left"),
                np.searchsorted(keys, below + self._reach, side="right"),
            ),
        )
        for first, stop in ranges:
            for one, other in _expanded(first, stop):
                yield order[one], order[other]

    def around(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> Iterator[Pairs]:
        """Yield blocks of pairs (asked, point): all nearer than the reach, and some that are not."""
        whole = np.rint(x * _MILLIMETRES).astype(np.int64)
        row = np.rint(y * _MILLIMETRES).astype(np.int64) // self._reach
        right = self._left + self._width - 2 * self._reach
        meets = np.flatnonzero((whole > self._left - self._reach) & (whole < right + self._reach))
        meets = meets[np.lexsort((whole[meets], row[meets]))]
        for step in (-1, 0, 1):
            keys = self._key(whole[meets], row[meets] + step)
            first = np.searchsorted(self._sorted, keys - self._reach, side="left")
            stop = np.searchsorted(self._sorted, keys + self._reach, side="right")
            for one, other in _expanded(first, stop):
                yield meets[one], self._order[other]


def _expanded(first: NDArray[np.int64], stop: NDArray[np.int64]) -> Iterator[Pairs]:
    """Yield (i, j) for each i and each j from `first[i]` up to but without `stop[i]`, block by block."""
    counts = np.maximum(stop - first, 0)
    total = np.cumsum(counts)
    begin = 0
    while begin < len(counts):
        done = int(total[begin - 1]) if begin else 0
        end = max(begin + 1, int(np.searchsorted(total, done + _AT_ONCE, side="right")))
        some = counts[begin:end]
        if int(total[end - 1]) > done:
            one = np.repeat(np.arange(begin, end), some)
            other = np.arange(done, int(total[end - 1])) + np.repeat(
                first[begin:end] - (total[begin:end] - some), some
            )
            yield one, other
        begin = end
