"""Places for a troupe on a mesh: its vertices, or its faces seen from above, filled evenly."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...kernels.figure_placing import fill
from ...kernels.places import (
    FIELD_HALF_X,
    FIELD_HALF_Y,
    TOLERANCE,
    FormationError,
    Places,
    check_request,
    from_viewer,
    minimum_distance,
    outside_field,
)

_SAME = 1e-3  # metres: vertices above each other are one place
_CELLS = 256
_SAMPLES = 400
_TESTS_AT_ONCE = 1 << 21
_LEAST_AREA = 1e-4


class FacesFigure:
    """What faces cover seen from above, exactly; they may overlap and lie above each other.

    Parameters
    ----------
    corners
        Shape (T, 3, 2), metres right and up: the triangles' corners.

    Attributes
    ----------
    middle
        Shape (2,): where the middle of the rectangle about them lies in the metres of `corners`.
    half
        Shape (2,): half that rectangle's width and height.
    area
        Square metres that are covered, once however often.
    """

    def __init__(self, corners: NDArray[np.floating[Any]]) -> None:
        points = np.asarray(corners, dtype=np.float64)
        low, high = points.min(axis=(0, 1)), points.max(axis=(0, 1))
        self.middle: NDArray[np.float64] = (low + high) / 2.0
        self.half: NDArray[np.float64] = (high - low) / 2.0
        points = points - self.middle
        first, second = points[:, 1] - points[:, 0], points[:, 2] - points[:, 0]
        double = first[:, 0] * second[:, 1] - first[:, 1] * second[:, 0]
        # All turn the same way; those that are seen from their edge cover nothing.
        points = np.where((double < 0)[:, None, None], points[:, ::-1], points)
        self._corners = points[np.abs(double) > 1e-12]
        self._file()
        # What is so thin that all samples miss it has no overlaps to speak of.
        self.area = self._covered() or float(np.abs(double).sum() / 2.0)

    def holds(self, places: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Tell which of (N, 2) places, from the middle, are on a face."""
        inside = np.zeros(len(places), dtype=bool)
        if not len(self._corners):
            return inside
        cell = self._cell(places)
        number = self._starts[cell + 1] - self._starts[cell]
        number[(np.abs(places) > self.half + 1e-9).any(axis=1)] = 0
        for some in _batches(number):
            which = np.repeat(some, number[some])
            # The n-th test of a place is of the n-th face of its cell.
            before = np.repeat(np.cumsum(number[some]) - number[some], number[some])
            face = self._faces[self._starts[cell[which]] + np.arange(len(which)) - before]
            hit = np.ones(len(which), dtype=bool)
            for corner in range(3):
                start, end = self._corners[face, corner], self._corners[face, (corner + 1) % 3]
                side, off = end - start, places[which] - start
                hit &= side[:, 0] * off[:, 1] - side[:, 1] * off[:, 0] >= -1e-12
            inside[which[hit]] = True
        return inside

    def _cell(self, places: NDArray[np.float64]) -> NDArray[np.int64]:
        column, row = self._grid(places).T
        index: NDArray[np.int64] = row * _CELLS + column
        return index

    def _grid(self, places: NDArray[np.float64]) -> NDArray[np.int64]:
        share = (places / np.maximum(self.half, 1e-12) + 1.0) / 2.0
        return np.clip(np.floor(share * _CELLS), 0, _CELLS - 1).astype(np.int64)

    def _file(self) -> None:
        """File each face under the cells of a grid that its own rectangle touches."""
        low, high = (self._grid(bound) for bound in (self._corners.min(axis=1), self._corners.max(axis=1)))
        size = high - low + 1
        number = size.prod(axis=1)
        face = np.repeat(np.arange(len(self._corners)), number)
        nth = np.arange(number.sum()) - np.repeat(np.cumsum(number) - number, number)
        column, row = low[face, 0] + nth % size[face, 0], low[face, 1] + nth // size[face, 0]
        cell = row * _CELLS + column
        order = np.argsort(cell, kind="stable")
        self._faces = face[order]
        self._starts = np.searchsorted(cell[order], np.arange(_CELLS * _CELLS + 1))

    def _covered(self) -> float:
        share = (np.arange(_SAMPLES) + 0.5) / _SAMPLES * 2.0 - 1.0
        samples = np.stack(np.meshgrid(share, share), axis=-1).reshape(-1, 2) * self.half
        return float(self.holds(samples).mean() * 4.0 * self.half[0] * self.half[1])


def _batches(number: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
    """Yield the places that have faces to be tested, as many at once as memory should be taken for."""
    tested = np.flatnonzero(number)
    total = np.cumsum(number[tested])
    while len(tested):
        last = max(1, int(np.searchsorted(total, total[0] - number[tested[0]] + _TESTS_AT_ONCE)))
        yield tested[:last]
        tested, total = tested[last:], total[last:]


def on_vertices(vertices: NDArray[np.floating[Any]], count: int, spacing: float) -> Places:
    """Return a place at each vertex; those above each other are one.

    Parameters
    ----------
    vertices
        Shape (V, 3), metres: +X east, +Y north, from the field's middle.
    count
        People, and so the places that there must be.
    spacing
        Least metres between two of them.

    Returns
    -------
    Places
        Shape (count, 2), in the order of the vertices.

    Raises
    ------
    FormationError
        If there are too few or too many places, two are too near to each other or one is off the field;
        `fits` says how many there is room for.
    """
    check_request(count, spacing)
    _check_finite(vertices, count)
    seen = np.asarray(vertices, dtype=np.float64)[:, :2]
    cells = np.rint(seen / _SAME).astype(np.int64)
    first = np.sort(np.unique(cells, axis=0, return_index=True)[1]) if len(seen) else np.empty(0, np.int64)
    places: Places = seen[first]
    there = f"the mesh has {len(places):,} places at its vertices"
    if len(places) < count:
        raise FormationError(
            f"{there}, {count - len(places):,} too few for {count:,} people: give it more vertices,"
            " or let its faces be filled",
            asked=count,
            fits=len(places),
        )
    if len(places) > count:
        raise FormationError(
            f"{there}, {len(places) - count:,} too many for {count:,} people: write count: {len(places)}"
            " in the show, take vertices away, or let its faces be filled",
            asked=count,
            fits=len(places),
        )
    nearest = minimum_distance(places)
    if nearest < spacing - TOLERANCE:
        fits = _apart(places, spacing)
        raise FormationError(
            f"two vertices are {nearest:.3g} m apart, less than the spacing of {spacing:g} m: {fits:,} of"
            f" {count:,} people can stand there; make the mesh larger, or ask for less spacing",
            asked=count,
            fits=fits,
        )
    return _on_field(places, count)


def on_faces(
    vertices: NDArray[np.floating[Any]],
    triangles: NDArray[np.integer[Any]],
    count: int,
    spacing: float,
    placing: str = "even",
) -> Places:
    """Fill what a mesh's faces cover, seen from above.

    Parameters
    ----------
    vertices
        Shape (V, 3), metres: +X east, +Y north, from the field's middle.
    triangles
        Shape (T, 3): the vertices of each face's triangles.
    count
        People to place.
    spacing
        Least metres between two people.
    placing
        One of `figure_placing.PLACINGS`.

    Returns
    -------
    Places
        Shape (count, 2), all on a face; the same for the same mesh.

    Raises
    ------
    FormationError
        If the faces cover nothing or fewer than `count` people fit, and then `fits` says how many do; or if
        anybody would stand off the field.
    """
    check_request(count, spacing)
    _check_finite(vertices, count)
    corners = np.asarray(vertices, dtype=np.float64)[np.asarray(triangles, dtype=np.int64).reshape(-1, 3), :2]
    figure = FacesFigure(np.stack([-corners[..., 1], corners[..., 0]], axis=-1)) if len(corners) else None
    if figure is None or figure.area < _LEAST_AREA:
        raise FormationError(
            "the mesh has no face that is seen from above: nothing to stand on; turn it, or use its vertices",
            asked=count,
            fits=0,
        )
    right, up = (fill(figure, count, spacing, placing) + figure.middle).T
    return _on_field(from_viewer(right, up), count)


def _check_finite(vertices: NDArray[np.floating[Any]], count: int) -> None:
    if not np.isfinite(vertices).all():
        raise FormationError("the mesh has vertices that are nowhere (not a number)", asked=count)


def _apart(places: Places, spacing: float) -> int:
    """Count those who keep the spacing from all who were counted before."""
    from scipy.spatial import KDTree  # noqa: PLC0415

    pairs = KDTree(places).query_pairs(spacing - TOLERANCE, output_type="ndarray").reshape(-1, 2)
    stays = np.ones(len(places), dtype=bool)
    for before, after in pairs[np.lexsort((pairs[:, 0], pairs[:, 1]))].tolist():
        if stays[before]:
            stays[after] = False
    return int(stays.sum())


def _on_field(places: Places, count: int) -> Places:
    outside = outside_field(places)
    if outside:
        raise FormationError(
            f"{outside:,} of {count:,} people would stand outside the field, which reaches {FIELD_HALF_X:g} m"
            f" to the east and west and {FIELD_HALF_Y:g} m to the north and south of the scene's origin:"
            " move the mesh, or make it smaller",
            asked=count,
            fits=count - outside,
        )
    return places
