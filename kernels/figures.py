"""Figures that people fill: the drawn part of a picture, or the inside of a polygon."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

_LARGEST_RASTER = 4_000_000
_SQUARES = 512
_TESTS_AT_ONCE = 2_000_000
_CLEAR, _FULL, _BORDER = range(3)


class Figure(Protocol):
    """A part of a rectangle around its own middle, in metres `right` and `up`.

    Attributes
    ----------
    half
        Shape (2,): half the width and half the height of the rectangle.
    area
        Square metres of the figure.
    """

    half: NDArray[np.float64]
    area: float

    def holds(self, places: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Tell which of (N, 2) places are in the figure."""
        ...


class PictureFigure:
    """The part of a picture whose coverage is 0.5 or more.

    Parameters
    ----------
    coverage
        Shape (H, W), 0 to 1, row 0 at the top.
    width
        Of the whole picture, metres.
    """

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


class PolygonFigure:
    """The inside of a polygon, exactly; where its outline crosses itself, by the even-odd rule.

    Parameters
    ----------
    corners
        Shape (K, 2), metres; the last is joined to the first.

    Attributes
    ----------
    middle
        Shape (2,): where the middle of its rectangle lies in the metres of `corners`.
    """

    def __init__(self, corners: NDArray[np.float64]) -> None:
        low, high = corners.min(axis=0), corners.max(axis=0)
        self.middle: NDArray[np.float64] = (low + high) / 2.0
        self.half: NDArray[np.float64] = (high - low) / 2.0
        self._start = corners - self.middle
        self._end = np.roll(self._start, -1, axis=0)
        side = max(2.0 * float(self.half.max()) / _SQUARES, 1e-9)
        columns, rows = (max(1, int(np.ceil(2.0 * metres / side))) for metres in self.half)
        middles = raster_middles(self.half, rows, columns)
        # Most places are in squares without any border, where all are as the square's middle.
        self._kind = self._crossed(rows, columns)
        clear = self._kind == _CLEAR
        self._kind[clear] = np.where(self._inside(middles[clear]), _FULL, _CLEAR)
        whole = np.where(self._kind == _BORDER, 0.5, self._kind == _FULL)
        self.area = float(whole.mean() * 4.0 * self.half[0] * self.half[1])

    def holds(self, places: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Tell which of (N, 2) places are in the figure."""
        kind = self._kind[self._squares(places)]
        kind = np.where((np.abs(places) > self.half).any(axis=1), _CLEAR, kind)
        inside = kind == _FULL
        border = np.flatnonzero(kind == _BORDER)
        inside[border] = self._inside(places[border])
        return np.asarray(inside)

    def _squares(self, places: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        rows, columns = self._kind.shape
        half = np.maximum(self.half, 1e-12)
        across = np.floor((places[:, 0] / half[0] + 1.0) / 2.0 * columns).astype(np.int64)
        down = np.floor((1.0 - places[:, 1] / half[1]) / 2.0 * rows).astype(np.int64)
        return np.clip(down, 0, rows - 1), np.clip(across, 0, columns - 1)

    def _crossed(self, rows: int, columns: int) -> NDArray[np.int8]:
        """Mark the squares that the outline crosses, and those around them."""
        self._kind = np.full((rows, columns), _CLEAR, dtype=np.int8)
        step = float(np.min(2.0 * self.half / [columns, rows])) / 2.0
        lengths = np.hypot(*(self._end - self._start).T)
        for start, end, length in zip(self._start, self._end, lengths, strict=True):
            share = np.linspace(0.0, 1.0, int(min(length / max(step, 1e-12), 8.0 * _SQUARES)) + 2)[:, None]
            self._kind[self._squares(start + (end - start) * share)] = _BORDER
        marked = ndimage.binary_dilation(self._kind == _BORDER, structure=np.ones((3, 3), dtype=bool))
        return np.where(marked, _BORDER, _CLEAR).astype(np.int8)

    def _inside(self, places: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Count for each place the sides that a ray to the right crosses."""
        inside = np.zeros(len(places), dtype=bool)
        together = max(1, _TESTS_AT_ONCE // len(self._start))
        rise = self._end[:, 1] - self._start[:, 1]
        slope = (self._end[:, 0] - self._start[:, 0]) / np.where(rise == 0, 1.0, rise)
        for first in range(0, len(places), together):
            right, up = places[first : first + together].T[:, :, None]
            spans = (self._start[:, 1] > up) != (self._end[:, 1] > up)
            beyond = right < self._start[:, 0] + (up - self._start[:, 1]) * slope
            inside[first : first + together] = (spans & beyond).sum(axis=1) % 2 == 1
        return inside


def raster_middles(half: NDArray[np.float64], rows: int, columns: int) -> NDArray[np.float64]:
    """Return the middles of a rectangle's cells.

    Parameters
    ----------
    half
        Shape (2,): half its width and height, metres.
    rows, columns
        Cells.

    Returns
    -------
    ndarray of float64
        Shape (rows, columns, 2), row 0 at the top.
    """
    right = ((np.arange(columns) + 0.5) / columns * 2.0 - 1.0) * half[0]
    up = (1.0 - (np.arange(rows) + 0.5) / rows * 2.0) * half[1]
    return np.stack(np.meshgrid(right, up), axis=-1)


def raster(figure: Figure, cell: float) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Cut a figure's rectangle into cells of about one size.

    Parameters
    ----------
    figure
    cell
        Metres; there are never more than some millions of cells.

    Returns
    -------
    ndarray of float64
        Shape (h, w, 2), the cells' middles.
    ndarray of bool
        Shape (h, w): which middles are in the figure.
    """
    cell = max(cell, float(np.sqrt(4.0 * figure.half[0] * figure.half[1] / _LARGEST_RASTER)))
    columns, rows = (np.ceil(2.0 * figure.half / cell)).astype(int)
    middles = raster_middles(figure.half, int(rows), int(columns))
    return middles, figure.holds(middles.reshape(-1, 2)).reshape(rows, columns)
