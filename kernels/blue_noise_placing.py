"""The blue-noise placing: people scattered over a figure, never near each other, never in rows.

Candidates all over the figure come in an order drawn by a counter-based hash; each stays who keeps a distance
from all before (a Poisson disc sample; R. L. Cook, "Stochastic sampling in computer graphics", ACM
Transactions on Graphics 5, 1986). Those too many are then taken out one by one where it is most crowded
(C. Yuksel, "Sample elimination for generating Poisson disk sample sets", Computer Graphics Forum 34, 2015).
"""

from __future__ import annotations

import heapq

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import KDTree

from .counter_random import Purpose, bits, uniform
from .figures import Figure, raster
from .places import FormationError, threads

_CUE = 1  # cue 0 of this purpose is the threshold picture
_CANDIDATES = 12  # for one who may stay
_PACKED = 0.66  # people in a square of the distance that all keep, when no more find room
_TRIES = 8
_CROWDING = 8.0  # Yuksel's alpha


def blue_noise(figure: Figure, count: int, spacing: float) -> NDArray[np.float64]:
    """Scatter people over a figure as blue noise.

    Parameters
    ----------
    figure
    count
        People, 1 or more.
    spacing
        Least metres between two people.

    Returns
    -------
    ndarray of float64
        Shape (count, 2), metres right and up from the figure's middle; the same for the same arguments.

    Raises
    ------
    FormationError
        If fewer than `count` fit; `fits` says how many.
    """
    distance = max(spacing, float(np.sqrt(_PACKED * figure.area / count)))
    found = _scattered(figure, distance)
    for _ in range(_TRIES):
        if len(found) >= count or distance <= spacing:
            break
        distance = max(spacing, 0.985 * distance * min(1.0, float(np.sqrt(max(len(found), 1) / count))))
        found = _scattered(figure, distance)
    if len(found) < count and distance > spacing:
        found = _scattered(figure, spacing)
    if len(found) < count:
        raise FormationError(
            f"the figure holds {len(found)} people scattered as blue noise {spacing:g} m apart, not {count}:"
            " make it larger, ask for less spacing, or place them 'even', which holds half as many again",
            asked=count,
            fits=len(found),
        )
    return _thinned(found, count, distance)


def _scattered(figure: Figure, distance: float) -> NDArray[np.float64]:
    """Return as many as find room at a distance from each other."""
    middles, inside = raster(figure, distance / float(np.sqrt(_CANDIDATES)))
    rows, columns = inside.shape
    cell = np.flatnonzero(inside.ravel())
    shift = np.stack([uniform(0, Purpose.BLUE_NOISE, _CUE + axis, cell) for axis in range(2)], axis=1) - 0.5
    waiting = middles.reshape(-1, 2)[cell] + shift * 2.0 * figure.half / [columns, rows]
    within = figure.holds(waiting)
    # The middle of a cell is in the figure even where the shifted place is not.
    waiting = np.where(within[:, None], waiting, middles.reshape(-1, 2)[cell])
    waiting = waiting[np.argsort(bits(0, Purpose.BLUE_NOISE, _CUE + 2, cell), kind="stable")]
    together = max(256, len(waiting) // _CANDIDATES)
    chosen: list[NDArray[np.float64]] = []
    while len(waiting):
        first, waiting = waiting[:together], waiting[together:]
        pairs = KDTree(first).query_pairs(distance, output_type="ndarray")
        stays = np.ones(len(first), dtype=bool)
        for before, after in pairs[np.lexsort((pairs[:, 0], pairs[:, 1]))].tolist():
            if stays[before]:
                stays[after] = False
        chosen.append(first[stays])
        if len(waiting):
            nearest = KDTree(chosen[-1]).query(
                waiting, distance_upper_bound=distance, workers=threads(len(waiting))
            )[0]
            waiting = waiting[~np.isfinite(nearest)]
    return np.concatenate(chosen) if chosen else np.empty((0, 2))


def _thinned(places: NDArray[np.float64], count: int, distance: float) -> NDArray[np.float64]:
    """Take out whoever is most crowded, until `count` are left."""
    reach = 2.0 * distance
    if len(places) == count:
        return places
    pairs: NDArray[np.int64] = KDTree(places).query_pairs(reach, output_type="ndarray").reshape(-1, 2)
    pairs = pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]
    apart = np.hypot(*(places[pairs[:, 0]] - places[pairs[:, 1]]).T)
    # Whole numbers, so that sums have no order and ties are ties.
    weight = np.rint((1.0 - apart / reach) ** _CROWDING * (1 << 40)).astype(np.int64)
    crowd = np.zeros(len(places), dtype=np.int64)
    for side in range(2):
        np.add.at(crowd, pairs[:, side], weight)
    one, other = np.concatenate([pairs, pairs[:, ::-1]]).T
    both = np.concatenate([weight, weight])
    order = np.argsort(one, kind="stable")
    starts = np.searchsorted(one[order], np.arange(len(places) + 1))
    neighbours, weights = other[order], both[order]
    heap = [(-int(value), index) for index, value in enumerate(crowd.tolist())]
    heapq.heapify(heap)
    left = np.ones(len(places), dtype=bool)
    missing = len(places) - count
    while missing:
        value, index = heapq.heappop(heap)
        if not left[index] or -value != crowd[index]:
            continue
        left[index] = False
        missing -= 1
        part = slice(int(starts[index]), int(starts[index + 1]))
        crowd[neighbours[part]] -= weights[part]
        for neighbour in neighbours[part].tolist():
            if left[neighbour]:
                heapq.heappush(heap, (-int(crowd[neighbour]), neighbour))
    staying: NDArray[np.float64] = places[left]
    return staying
