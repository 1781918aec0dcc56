"""People in the shape of a picture: a figure filled evenly, with an exact count and clean edges.

A hexagonal grid, the densest even one, is fitted to the figure by searching its pitch, and those too many are
taken off at the border. Where there is room, people are then moved to the middles of their own parts of the
figure (Lloyd 1982), which lines them up along its edges.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from scipy.spatial import KDTree

from .places import (
    LARGEST_RADIUS,
    STANDING_SPACING,
    TOLERANCE,
    FormationError,
    Places,
    check_request,
    from_viewer,
    minimum_distance,
)

_CELLS_A_PERSON = 16
_OFFSETS = 8
_RELAXATIONS = 8
_PUSHES = 40
_LARGEST_RASTER = 4_000_000


def mask(
    count: int, picture: NDArray[np.generic], width: float, *, spacing: float = STANDING_SPACING
) -> Places:
    """Fill the figure in a picture with people, evenly.

    Parameters
    ----------
    count
        People to place.
    picture
        Shape (H, W), row 0 at the top; bool, or a coverage of 0 to 1: the figure is where it is 0.5 or more.
        It lies on the field upright to a camera in the west: its top is east, its right south.
    width
        Width of the whole picture on the field, metres.
    spacing
        Least distance between two people, metres.

    Returns
    -------
    Places
        Shape (count, 2), metres; the same for the same arguments.

    Raises
    ------
    FormationError
        If the picture has no figure or `width` is not positive, or if fewer than `count` people fit; then
        `fits` says how many do.
    """
    check_request(count, spacing)
    coverage = np.asarray(picture, dtype=np.float64)
    if coverage.ndim != 2 or not coverage.size:
        raise FormationError(f"a mask must be an (H, W) picture, not {coverage.shape}", asked=count)
    if not 0 < width < float("inf"):
        raise FormationError(f"the width must be a positive number of metres, not {width}", asked=count)
    if not (coverage >= 0.5).any():
        raise FormationError("the picture is empty: nothing in it to stand on", asked=count, fits=0)
    figure = _Figure(coverage, width)
    grid = _fit_grid(figure, count, spacing)
    return from_viewer(*_even_out(figure, grid, spacing).T)


def star(
    count: int,
    points: int = 5,
    radius: float | None = None,
    *,
    inner: float = 0.45,
    spacing: float = STANDING_SPACING,
) -> Places:
    """Fill a star polygon with people; one point is away from the viewer in the west.

    Parameters
    ----------
    count
        People to place.
    points
        Points of the star, 3 or more.
    radius
        From the centre to a point, metres. None: the smallest that holds everyone, up to `LARGEST_RADIUS`.
    inner
        Radius of the notches between the points, as a share of `radius`.
    spacing
        Least distance between two people, metres.

    Returns
    -------
    Places
        Shape (count, 2), metres.

    Raises
    ------
    FormationError
        If the numbers make no star, or fewer than `count` people fit.
    """
    check_request(count, spacing)
    if points < 3 or not 0 < inner < 1 or not (radius is None or radius > 0):
        raise FormationError(
            f"a star needs 3 points or more, an inner share between 0 and 1 and a positive radius,"
            f" not {points}, {inner} and {radius}",
            asked=count,
        )
    picture = _star_picture(points, inner)
    if radius is not None:
        return mask(count, picture, 2.0 * radius, spacing=spacing)
    # A hexagonal grid gives each person √3/2 of a square; what the border wastes is found by growing.
    radius = spacing * float(np.sqrt(count * np.sqrt(0.75) / (points * inner * np.sin(np.pi / points))))
    while radius < LARGEST_RADIUS:
        try:
            return mask(count, picture, 2.0 * radius, spacing=spacing)
        except FormationError:
            radius = 1.03 * radius + 0.1 * spacing
    return mask(count, picture, 2.0 * LARGEST_RADIUS, spacing=spacing)


def _star_picture(points: int, inner: float) -> NDArray[np.float64]:
    """Draw a star whose points touch the picture's inscribed circle; a cell's share says how far it is in."""
    side = 1024
    across = (np.arange(side) + 0.5) / side * 2.0 - 1.0
    right, up = across[None, :], -across[:, None]
    # From a point to the next notch the border is one straight line: fold all directions onto that wedge.
    wedge = np.pi / points
    angle = np.abs(np.mod(np.arctan2(right, up) + wedge, 2.0 * wedge) - wedge)
    distance = np.hypot(right, up)
    notch = inner * np.array([np.cos(wedge), np.sin(wedge)])
    normal = np.array([notch[1], 1.0 - notch[0]])
    beyond = distance * (np.cos(angle) * normal[0] + np.sin(angle) * normal[1]) - normal[0]
    # The signed distance from the border in cells gives a border that is finer than the cells.
    coverage = 0.5 - beyond / np.hypot(*normal) * side / 2.0
    shares: NDArray[np.float64] = np.clip(coverage, 0.0, 1.0)
    return shares


class _Figure:
    """A picture in metres: `right` and `up` from its middle."""

    def __init__(self, coverage: NDArray[np.float64], width: float) -> None:
        self.coverage = coverage
        self.cell = width / coverage.shape[1]
        self.half = np.array([width, self.cell * coverage.shape[0]]) / 2.0
        self.area = float(np.count_nonzero(coverage >= 0.5)) * self.cell**2

    def at(self, places: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the coverage at (N, 2) places: linear between cells' middles, 0 outside the picture."""
        column = (places[:, 0] + self.half[0]) / self.cell - 0.5
        row = (self.half[1] - places[:, 1]) / self.cell - 0.5
        outside = (np.abs(places) > self.half).any(axis=1)
        value = ndimage.map_coordinates(self.coverage, [row, column], order=1, mode="nearest")
        return np.where(outside, 0.0, value)

    def holds(self, places: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Tell which of (N, 2) places are in the figure."""
        return np.asarray(self.at(places) >= 0.5)

    def raster(self, cell: float) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        """Return the middles (h, w, 2) of cells of about this size, and which are in the figure."""
        cell = max(cell, float(np.sqrt(4.0 * self.half[0] * self.half[1] / _LARGEST_RASTER)))
        columns, rows = (np.ceil(2.0 * self.half / cell)).astype(int)
        right = ((np.arange(columns) + 0.5) / columns * 2.0 - 1.0) * self.half[0]
        up = (1.0 - (np.arange(rows) + 0.5) / rows * 2.0) * self.half[1]
        middles = np.stack(np.meshgrid(right, up), axis=-1)
        return middles, self.holds(middles.reshape(-1, 2)).reshape(rows, columns)


def _hexagonal(figure: _Figure, pitch: float, offset: int) -> NDArray[np.float64]:
    """Return the places of a hexagonal grid in the figure. Offset 0 is symmetric about the middle."""
    rise = pitch * np.sqrt(3.0) / 2.0
    shift = np.array([offset * 0.7548776662 % 1.0 * pitch, offset * 0.5698402910 % 1.0 * rise])  # Roberts' R2
    columns, rows = (np.ceil(figure.half / [pitch, rise]) + 1).astype(int)
    row = np.arange(-rows, rows + 1)
    right = np.arange(-columns, columns + 1)[None, :] * pitch + np.where(row % 2, pitch / 2.0, 0.0)[:, None]
    up = np.broadcast_to(row[:, None] * rise, right.shape)
    places = np.stack([right.ravel(), up.ravel()], axis=1) + shift
    inside: NDArray[np.float64] = places[figure.holds(places)]
    return inside


def _fit_grid(figure: _Figure, count: int, spacing: float) -> NDArray[np.float64]:
    """Find the widest grid that still holds `count`, less those at the border who are too many."""
    best: tuple[float, NDArray[np.float64]] | None = None
    largest = 0
    for offset in range(_OFFSETS):
        densest = _hexagonal(figure, spacing, offset)
        largest = max(largest, len(densest))
        if len(densest) < count:
            continue
        tight, wide = spacing, max(2.0 * spacing, 2.0 * float(np.sqrt(figure.area / count)))
        holding = densest
        for _ in range(18):
            pitch = (tight + wide) / 2.0
            places = _hexagonal(figure, pitch, offset)
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


def _trim(figure: _Figure, pitch: float, places: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    """Take those off who stand nearest to the border."""
    if len(places) == count:
        return places
    inside = figure.raster(pitch / 4.0)[1]
    depth = ndimage.distance_transform_edt(np.pad(inside, 1))[1:-1, 1:-1]
    rows, columns = inside.shape
    column = (places[:, 0] / figure.half[0] + 1.0) / 2.0 * columns - 0.5
    row = (1.0 - places[:, 1] / figure.half[1]) / 2.0 * rows - 0.5
    deep = ndimage.map_coordinates(depth, [row, column], order=1, mode="nearest")
    return places[np.sort(np.argsort(-deep, kind="stable")[:count])]


def _even_out(figure: _Figure, grid: NDArray[np.float64], spacing: float) -> NDArray[np.float64]:
    """Move people to the middles of their own parts of the figure, as far as the spacing allows."""
    middles, inside = figure.raster(float(np.sqrt(figure.area / (len(grid) * _CELLS_A_PERSON))))
    cells = middles[inside]
    if len(cells) < len(grid):
        return grid
    places = grid
    for _ in range(_RELAXATIONS):
        owner = KDTree(places).query(cells)[1]
        size = np.bincount(owner, minlength=len(places))
        total = np.stack([np.bincount(owner, cells[:, axis], len(places)) for axis in range(2)], axis=1)
        moved = np.where(size[:, None] > 0, total / np.maximum(size, 1)[:, None], places)
        # The middle of a bent part may lie outside the figure.
        places = np.where(figure.holds(moved)[:, None], moved, places)
    places = _push_apart(figure, places, spacing)
    return places if minimum_distance(places) >= spacing - TOLERANCE else grid


def _push_apart(figure: _Figure, places: NDArray[np.float64], spacing: float) -> NDArray[np.float64]:
    """Move pairs that are too close apart, without leaving the figure."""
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
