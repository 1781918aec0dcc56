"""Blue noise: a threshold picture whose dots never clump, made by void-and-cluster.

R. Ulichney, "The void-and-cluster method for dither array generation", Proc. SPIE 1913, 1993.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import numpy as np

from .counter_random import Purpose, bits

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SIGMA = 1.5
_SCALE = 1 << 40


class _Pattern:
    """Dots on a torus, and how crowded each place is. Energies are integers, so sums have no order."""

    def __init__(self, size: int, sigma: float) -> None:
        distance = np.minimum(np.arange(size), size - np.arange(size)).astype(np.float64)
        energy = np.exp(-(distance[:, None] ** 2 + distance[None, :] ** 2) / (2.0 * sigma * sigma))
        self._kernel = np.tile(np.rint(energy * _SCALE).astype(np.int64), (2, 2))
        self._size = size
        self.dots = np.zeros((size, size), dtype=bool)
        self.energy = np.zeros((size, size), dtype=np.int64)

    def set(self, place: int, dot: bool) -> None:
        size = self._size
        row, column = divmod(place, size)
        window = self._kernel[size - row : 2 * size - row, size - column : 2 * size - column]
        self.dots[row, column] = dot
        self.energy += window if dot else -window

    def tightest_cluster(self) -> int:
        return int(np.where(self.dots, self.energy, -1).argmax())

    def largest_void(self) -> int:
        return int(np.where(self.dots, np.iinfo(np.int64).max, self.energy).argmin())

    def copy(self) -> _Pattern:
        other: Any = object.__new__(_Pattern)
        other._kernel, other._size = self._kernel, self._size
        other.dots, other.energy = self.dots.copy(), self.energy.copy()
        pattern: _Pattern = other
        return pattern


@functools.cache
def blue_noise(size: int = 64, seed: int = 0) -> NDArray[np.float64]:
    """Return a square of thresholds that tiles without a seam.

    Every prefix of the thresholds in rising order is an even scatter of dots. Made once a process.

    Parameters
    ----------
    size
        Side of the square, at least 4.
    seed
        Key of the first scatter.

    Returns
    -------
    ndarray of float64, shape (size, size), read-only
        Each of (k + 0.5) / size**2 once, for k from 0.

    Raises
    ------
    ValueError
        For a side below 4.
    """
    if size < 4:
        raise ValueError(f"blue noise needs a side of at least 4, not {size}")
    places = size * size
    start = _Pattern(size, _SIGMA)
    scattered = np.argsort(bits(seed, Purpose.BLUE_NOISE, 0, np.arange(places)), kind="stable")
    few = max(places // 10, 1)
    for place in scattered[:few]:
        start.set(int(place), True)
    while True:
        cluster = start.tightest_cluster()
        start.set(cluster, False)
        void = start.largest_void()
        start.set(void, True)
        if void == cluster:
            break

    rank = np.empty(places, dtype=np.int64)
    pattern = start.copy()
    for order in range(few - 1, -1, -1):
        place = pattern.tightest_cluster()
        pattern.set(place, False)
        rank[place] = order
    pattern = start
    # Ulichney's third phase looks for clusters of the empty places; on a torus those are the largest voids
    # of the dots, because the two energies add up to the same sum everywhere
    for order in range(few, places):
        place = pattern.largest_void()
        pattern.set(place, True)
        rank[place] = order
    noise: NDArray[np.float64] = ((rank + 0.5) / places).reshape(size, size)
    noise.setflags(write=False)
    return noise
