"""The even placing: a figure filled with an exact count, evenly and with clean edges.

A hexagonal grid, the densest even one, is fitted to the figure by searching its pitch, and those too many are
taken off at the border. Where there is room, people are then moved to the middles of their own parts of the
figure (Lloyd 1982), which lines them up along its edges.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from scipy.spatial import KDTree

from .figures import Figure, raster
from .places import TOLERANCE, FormationError, minimum_distance, threads

_MANY = 20_000  # people: among more, a shift of the grid gains nothing, and fewer cells tell as much
_CELLS_A_PERSON = 16
_CELLS_OF_MANY = 8
_OFFSETS = 8
_OFFSETS_OF_MANY = 2
_RELAXATIONS = 8
_PUSHES = 40


def even(figure: Figure, count: int, spacing: float) -> NDArray[np.float64]:
    """Place people evenly in a figure.

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
        Shape (count, 2), metres right and up from the figure's middle.

    Raises
    ------
    FormationError
        If fewer than `count` fit; `fits` says how many.
    """
    return _even_out(figure, _fit_grid(figure, count, spacing), spacing)


def hexagonal(figure: Figure, pitch: float, offset: int) -> NDArray[np.float64]:
    """Return the places of a hexagonal grid in the figure.

    Parameters
    ----------
    figure
    pitch
        Metres between neighbours.
    offset
        Which of many shifts of the grid; 0 is symmetric about the middle.

    Returns
    -------
    ndarray of float64
        Shape (N, 2), metres.
    """
    rise = pitch * np.sqrt(3.0) / 2.0
    shift = np.array([offset * 0.7548776662 % 1.0 * pitch, offset * 0.5698402910 % 1.0 * rise])  # Roberts' R2
    columns, rows = (np.ceil(figure.half / [pitch, rise]) + 1).astype(int)
    row = np.arange(-rows, rows + 1)
    right = np.arange(-columns, columns + 1)[None, :] * pitch + np.where(row % 2, pitch / 2.0, 0.0)[:, None]
    up = np.broadcast_to(row[:, None] * rise, right.shape)
    places = np.stack([right.ravel(), up.ravel()], axis=1) + shift
    inside: NDArray[np.float64] = places[figure.holds(places)]
    return inside


def _fit_grid(figure: Figure, count: int, spacing: float) -> NDArray[np.float64]:
    """Find the widest grid that still holds `count`, less those at the border who are too many."""
    best: tuple[float, NDArray[np.float64]] | None = None
    largest = 0
    for offset in range(_OFFSETS if count <= _MANY else _OFFSETS_OF_MANY):
        densest = hexagonal(figure, spacing, offset)
        largest = max(largest, len(densest))
        if len(densest) < count:
            continue
        tight, wide = spacing, max(2.0 * spacing, 2.0 * float(np.sqrt(figure.area / count)))
        holding = densest
        for _ in range(18):
            pitch = (tight + wide) / 2.0
            places = hexagonal(figure, pitch, offset)
            if len(places) >= count:
                tight, holding = pitch, places
            else:
                wide = pitch
        if best is None or tight > best[0]:
            best = tight, holding
    if best is None:
        enough = float(np.sqrt(count / max(largest, 1)))
        raise FormationError(
            f"the figure holds {largest} people {spacing:g} m apart, not {count}: make it"
            f" {2.0 * figure.half[0] * enough * 1.02:.0f} m wide or ask for fewer",
            asked=count,
            fits=largest,
        )
    return _trim(figure, *best, count)


def _trim(figure: Figure, pitch: float, places: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    """Take those off who stand nearest to the border."""
    if len(places) == count:
        return places
    inside = raster(figure, pitch / 4.0)[1]
    depth = ndimage.distance_transform_edt(np.pad(inside, 1))[1:-1, 1:-1]
    rows, columns = inside.shape
    column = (places[:, 0] / figure.half[0] + 1.0) / 2.0 * columns - 0.5
    row = (1.0 - places[:, 1] / figure.half[1]) / 2.0 * rows - 0.5
    deep = ndimage.map_coordinates(depth, [row, column], order=1, mode="nearest")
    return places[np.sort(np.argsort(-deep, kind="stable")[:count])]


def _even_out(figure: Figure, grid: NDArray[np.float64], spacing: float) -> NDArray[np.float64]:
    """Move people to the middles of their own parts of the figure, as far as the spacing allows."""
    share = _CELLS_A_PERSON if len(grid) <= _MANY else _CELLS_OF_MANY
    middles, inside = raster(figure, float(np.sqrt(figure.area / (len(grid) * share))))
    cells = middles[inside]
    if len(cells) < len(grid):
        return grid
    places = grid
    for _ in range(_RELAXATIONS):
        owner = KDTree(places).query(cells, workers=threads(len(cells)))[1]
        size = np.bincount(owner, minlength=len(places))
        total = np.stack([np.bincount(owner, cells[:, axis], len(places)) for axis in range(2)], axis=1)
        moved = np.where(size[:, None] > 0, total / np.maximum(size, 1)[:, None], places)
        # The middle of a bent part may lie outside the figure.
        places = np.where(figure.holds(moved)[:, None], moved, places)
    places = push_apart(figure, places, spacing)
    return places if minimum_distance(places) >= spacing - TOLERANCE else grid


def push_apart(figure: Figure, places: NDArray[np.float64], spacing: float) -> NDArray[np.float64]:
    """Move pairs that are too close apart, without leaving the figure.

    Parameters
    ----------
    figure
    places
        Shape (N, 2), metres from the figure's middle.
    spacing
        Metres; pairs that are nearer are moved to a little more than this.

    Returns
    -------
    ndarray of float64
        Shape (N, 2); some pairs may still be too close where there is no room.
    """
    for _ in range(_PUSHES):
        pairs = KDTree(places).query_pairs(spacing, output_type="ndarray")
        if not len(pairs):
            break
        pairs = pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]
        apart = places[pairs[:, 1]] - places[pairs[:, 0]]
        distance = np.maximum(np.hypot(apart[:, 0], apart[:, 1]), 1e-9)
        push = apart * ((spacing * 1.01 / distance - 1.0) / 2.0)[:, None]
        moved = places.copy()
        for axis in range(2):
            moved[:, axis] += np.bincount(pairs[:, 1], push[:, axis], len(places))
            moved[:, axis] -= np.bincount(pairs[:, 0], push[:, axis], len(places))
        places = np.where(figure.holds(moved)[:, None], moved, places)
    return places
