"""Laying a picture over the seats: fit, anchor, crop, and the mean light of what each seat covers."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ...kernels.oklab import linear_to_srgb8, srgb8_to_linear
from .inscribed import largest_rectangles
from .windows import windows

if TYPE_CHECKING:
    from ..schema_page import Anchor, Crop, Fit

Picture: TypeAlias = NDArray[np.uint8]
Light: TypeAlias = NDArray[np.float32]
RGB: TypeAlias = tuple[int, int, int]

CELL_ASPECT = 0.55 / 0.62
"""Width of a seat over the height of a row, as the camera sees the stand."""

TILE_SHARE = 0.25
"""Width of a tile over the section's width, where the page does not say it."""

_SAMPLES = 6
_MOST_SAMPLED = 16_000_000
_CELLS_AT_ONCE = 1 << 14


class PageError(ValueError):
    """A page that cannot be made into a picture; the message says which file and why."""


@dataclass(frozen=True, eq=False)
class Canvas:
    """The raster that pages are laid on: one cell is one place of the card section.

    Attributes
    ----------
    columns, rows : int
    cell_aspect : float
        Width of a cell over its height, as a viewer sees it, so that discs look round. With a `view`,
        ``columns * cell_aspect / rows`` is the width over the height of the picture plane.
    view : ndarray of float64, shape (rows, columns, 2), or None
        Where each cell's middle lies in the picture plane, as seen from the audience: from 0 at the
        plane's left and bottom to 1 at its right and top; NaN for a cell that sees no picture. Row 0 is
        the front. None is flat: the plane is the raster itself.
    outline : ndarray of float64, shape (n, 2), or None
        The polygon around all that is seen, in the same coordinates as `view`; None is the whole plane.
    """

    columns: int
    rows: int
    cell_aspect: float = CELL_ASPECT
    view: NDArray[np.float64] | None = None
    outline: NDArray[np.float64] | None = None

    @property
    def width(self) -> float:
        """Width of the picture plane, in heights of a row."""
        return self.columns * self.cell_aspect

    @property
    def height(self) -> float:
        """Height of the picture plane, in heights of a row."""
        return float(self.rows)

    def frame(self, aspect: float | None = None) -> tuple[float, float, float, float]:
        """Return the largest part of the picture plane in which nothing is cut off by the outline.

        Parameters
        ----------
        aspect : float, optional
            Width over height of what is to be seen there; any when left out.

        Returns
        -------
        left, top, width, height : float
            In heights of a row, from the plane's top left.
        """
        if self.outline is None:
            return 0.0, 0.0, self.width, self.height
        left, bottom, right, top = self._rectangles.T
        wide, high = (right - left) * self.width, (top - bottom) * self.height
        size = wide * high if aspect is None else np.minimum(wide, high * aspect)
        best = int(size.argmax())
        above = (1.0 - float(top[best])) * self.height
        return float(left[best]) * self.width, above, float(wide[best]), float(high[best])

    @functools.cached_property
    def _rectangles(self) -> NDArray[np.float64]:
        assert self.outline is not None
        return largest_rectangles(self.outline)


@dataclass(frozen=True, eq=False)
class Drawn:
    """A page as the seats show it.

    Attributes
    ----------
    picture : ndarray of uint8, shape (rows, columns, 3)
        sRGB; row 0 is the front (lowest) row, column 0 the viewer's left.
    ink : ndarray of float32, shape (rows, columns)
        How much of each cell the page's own figure covers, 0 to 1: letters, an image's opaque parts.
    """

    picture: Picture
    ink: Light


@dataclass(frozen=True)
class Source:
    """A picture that comes in bands from top to bottom, so that a large one need not be whole in memory.

    Attributes
    ----------
    width, height : int
        Pixels.
    bands : callable
        Given the first row that is needed and the one behind the last, yields each band's first row, and
        its premultiplied linear light with alpha, float32 of shape (h, width, 4); without gaps.
    """

    width: int
    height: int
    bands: Callable[[int, int], Iterator[tuple[int, Light]]]


@dataclass(frozen=True)
class Placement:
    """Where a picture lies in the picture plane, whose corner (0, 0) is its top left.

    Attributes
    ----------
    left, top : float
        Of the picture's used part, in heights of a row.
    across, down : float
        Width and height of one of its pixels, in heights of a row.
    part : tuple of 4 floats
        Left, top, right and bottom of the used part, in pixels.
    beyond : {"edge", "ground", "repeat"}
        What lies around it: its outermost pixels, nothing, or itself again.
    """

    left: float
    top: float
    across: float
    down: float
    part: tuple[float, float, float, float]
    beyond: Literal["edge", "ground", "repeat"]


def lay(
    light: Light,
    alpha: Light,
    canvas: Canvas,
    *,
    fit: Fit = "cover",
    anchor: Anchor = "centre",
    crop: Crop | None = None,
    size: float | None = None,
    on: RGB = (0, 0, 0),
) -> Drawn:
    """Lay a picture over the section.

    Each cell takes the mean, in linear light, of the part of the picture that it covers; where a cell is
    smaller than a pixel of the picture, the mean becomes linear interpolation.

    Parameters
    ----------
    light : ndarray of float32, shape (h, w, 3)
        Linear sRGB light, 0 to 1, multiplied by alpha; the first row is the top.
    alpha : ndarray of float32, shape (h, w)
    canvas : Canvas
    fit : {"cover", "contain", "stretch", "tile"}
        Fill the section and cut what is too much; show all, uncut by the canvas's outline, and leave
        borders; distort; or repeat.
    anchor : str
        Which part is kept where some is cut, which side it leans on where there are borders, and where
        the first tile lies.
    crop : Crop, optional
        What is cut away first.
    size : float, optional
        Width of a tile over the section's width; `TILE_SHARE` when left out.
    on : (int, int, int)
        sRGB colour behind transparent parts and around the picture.

    Returns
    -------
    Drawn
    """
    high, wide = alpha.shape
    whole = np.concatenate([light, alpha[..., None]], axis=-1, dtype=np.float32)
    source = whole_source(whole)
    placement = placed(wide, high, canvas, fit=fit, anchor=anchor, crop=crop, size=size)
    return lay_source(source, placement, canvas, on)


def placed(
    wide: float,
    high: float,
    canvas: Canvas,
    *,
    fit: Fit = "cover",
    anchor: Anchor = "centre",
    crop: Crop | None = None,
    size: float | None = None,
) -> Placement:
    """Work out where a picture of `wide` times `high` pixels goes; parameters as of `lay`."""
    left, top, right, bottom = (crop.left, crop.top, crop.right, crop.bottom) if crop else (0, 0, 0, 0)
    part = (left * wide, top * high, (1 - right) * wide, (1 - bottom) * high)
    wide, high = part[2] - part[0], part[3] - part[1]
    frame = canvas.frame(wide / high) if fit == "contain" else (0.0, 0.0, canvas.width, canvas.height)
    across, down = frame[2] / wide, frame[3] / high
    if fit == "cover":
        across = down = max(across, down)
    elif fit == "contain":
        across = down = min(across, down)
    elif fit == "tile":
        across = down = canvas.width * (size or TILE_SHARE) / wide
    leans_x = 0.0 if "left" in anchor else 1.0 if "right" in anchor else 0.5
    leans_y = 0.0 if "top" in anchor else 1.0 if "bottom" in anchor else 0.5
    return Placement(
        left=frame[0] + (frame[2] - wide * across) * leans_x,
        top=frame[1] + (frame[3] - high * down) * leans_y,
        across=across,
        down=down,
        part=part,
        beyond="repeat" if fit == "tile" else "ground" if fit == "contain" else "edge",
    )


def whole_source(pixels: Light) -> Source:
    """Return a picture that is whole in memory: premultiplied linear light with alpha, (h, w, 4)."""
    return Source(pixels.shape[1], pixels.shape[0], lambda first, last: iter(((0, pixels),)))


def lay_source(source: Source, placement: Placement, canvas: Canvas, on: RGB) -> Drawn:
    """Lay a picture that comes in bands; parameters as of `lay`."""
    if canvas.view is None:
        shown = _means(source, placement, canvas)
    else:
        shown = _seen(source, placement, canvas, canvas.view)
    ground = srgb8_to_linear(np.array(on, dtype=np.uint8))
    cover = shown[..., 3:]
    picture = linear_to_srgb8(np.clip(shown[..., :3] + (1 - cover) * ground, 0, 1))
    return Drawn(picture, np.clip(cover[..., 0], 0, 1).astype(np.float32))


def flat_colour(colour: RGB, canvas: Canvas) -> Drawn:
    """Return one colour over the whole section."""
    picture = np.broadcast_to(np.array(colour, dtype=np.uint8), (canvas.rows, canvas.columns, 3)).copy()
    return Drawn(picture, np.ones((canvas.rows, canvas.columns), dtype=np.float32))


def _means(source: Source, placement: Placement, canvas: Canvas) -> Light:
    """Return mean light and alpha of each cell, shape (rows, columns, 4), row 0 in front."""
    edges_x = np.arange(canvas.columns + 1) * (canvas.width / canvas.columns)
    edges_y = np.arange(canvas.rows + 1) * (canvas.height / canvas.rows)
    left, top, right, bottom = placement.part
    columns_of = windows(
        (edges_x - placement.left) / placement.across + left, left, right, source.width, placement.beyond
    )
    rows_of = windows(
        (edges_y - placement.top) / placement.down + top, top, bottom, source.height, placement.beyond
    )
    first_used = min((start for pieces in rows_of for start, _ in pieces), default=0)
    last_used = max((start + len(weights) for pieces in rows_of for start, weights in pieces), default=0)
    total = np.zeros((canvas.rows, source.width, 4), dtype=np.float32)
    for begin, band in source.bands(first_used, last_used):
        for row, pieces in enumerate(rows_of):
            for start, weights in pieces:
                first, last = max(start, begin), min(start + len(weights), begin + len(band))
                if first < last:
                    lines = band[first - begin : last - begin].reshape(last - first, -1)
                    total[row] += (weights[first - start : last - start] @ lines).reshape(-1, 4)
    shown = np.zeros((canvas.rows, canvas.columns, 4), dtype=np.float32)
    for column, pieces in enumerate(columns_of):
        for start, weights in pieces:
            shown[:, column] += np.einsum("i,rij->rj", weights, total[:, start : start + len(weights)])
    return np.ascontiguousarray(shown[::-1])


def _seen(source: Source, placement: Placement, canvas: Canvas, view: NDArray[np.float64]) -> Light:
    """Return mean light and alpha of each cell over the patch of the picture plane that it is seen at."""
    known = np.isfinite(view).all(axis=-1)
    # In the picture plane, from its top left; a cell's patch is the parallelogram between its neighbours.
    at = np.where(known[..., None], view, 0.0) * [canvas.width, -canvas.height] + [0.0, canvas.height]
    wide = _steps(at, known, 1, canvas.width / canvas.columns)
    high = _steps(at, known, 0, canvas.height / canvas.rows)
    scale = np.array([placement.across, placement.down])
    patch = np.maximum(np.abs(wide), np.abs(high))[known] / scale
    steps = np.median(patch, axis=0) / _SAMPLES if known.any() else np.ones(2)
    pixels, coarse = _reduced(source, max(1, math.floor(steps[0])), max(1, math.floor(steps[1])))
    shown = np.zeros((canvas.rows, canvas.columns, 4), dtype=np.float32)
    cells = np.flatnonzero(known)
    offsets = (np.arange(_SAMPLES) + 0.5) / _SAMPLES - 0.5
    for block in range(0, len(cells), _CELLS_AT_ONCE):
        row, column = np.divmod(cells[block : block + _CELLS_AT_ONCE], canvas.columns)
        middle, across, up = (array[row, column][:, None, None] for array in (at, wide, high))
        spots = middle + across * offsets[:, None, None] + up * offsets[:, None]
        spots = (spots - [placement.left, placement.top]) / scale + placement.part[:2]
        shown[row, column] = _sampled(pixels, spots.reshape(len(row), -1, 2), placement, coarse)
    return shown


def _steps(at: NDArray[np.float64], known: NDArray[np.bool_], axis: int, usual: float) -> NDArray[np.float64]:
    """Return how far it is from cell to cell along an axis; `usual` where no neighbour is seen."""
    at, known = np.moveaxis(at, axis, 0), np.moveaxis(known, axis, 0)
    total, count = np.zeros_like(at), np.zeros(known.shape)
    both = known[1:] & known[:-1]
    step = np.where(both[..., None], at[1:] - at[:-1], 0.0)
    for part in (slice(1, None), slice(None, -1)):
        total[part] += step
        count[part] += both
    alone = np.zeros(2)
    alone[1 - axis] = usual if axis else -usual
    result = np.where(count[..., None] > 0, total / np.maximum(count, 1)[..., None], alone)
    return np.moveaxis(result, 0, axis)


def _reduced(source: Source, across: int, down: int) -> tuple[Light, NDArray[np.float64]]:
    """Take means over blocks of pixels; returns them and the size of a block that came out."""
    across, down = min(across, source.width), min(down, source.height)
    while (source.width // across) * (source.height // down) > _MOST_SAMPLED:
        across, down = across * 2, down * 2
    columns = np.arange(0, source.width, across)
    out = np.zeros((-(-source.height // down), len(columns), 4), dtype=np.float64)
    for begin, band in source.bands(0, source.height):
        lines = np.add.reduceat(band, columns, axis=1, dtype=np.float64)
        np.add.at(out, (begin + np.arange(len(band))) // down, lines)
    wide = np.diff(np.append(columns, source.width))
    high = np.diff(np.append(np.arange(0, source.height, down), source.height))
    return (out / (high[:, None, None] * wide[:, None])).astype(np.float32), np.array([across, down], float)


def _sampled(
    pixels: Light, spots: NDArray[np.float64], placement: Placement, block: NDArray[np.float64]
) -> NDArray[np.float32]:
    """Return the mean of the samples at `spots`, shape (C, S, 2) in pixels of the source, for each cell."""
    first, last = np.array(placement.part[:2]), np.array(placement.part[2:])
    inside = np.ones(spots.shape[:2], dtype=np.float32)
    if placement.beyond == "repeat":
        spots = first + (spots - first) % (last - first)
    elif placement.beyond == "ground":
        inside = ((spots >= first) & (spots <= last)).all(axis=-1).astype(np.float32)
    half = np.minimum(block, last - first) / 2
    spots = np.clip(spots, first + half, last - half) / block - 0.5
    low = np.floor(spots)
    part = (spots - low).astype(np.float32)
    total = np.zeros((*spots.shape[:2], 4), dtype=np.float32)
    for right in (0, 1):
        for below in (0, 1):
            x = np.clip(low[..., 0].astype(np.int64) + right, 0, pixels.shape[1] - 1)
            y = np.clip(low[..., 1].astype(np.int64) + below, 0, pixels.shape[0] - 1)
            weight = np.abs(1 - right - part[..., 0]) * np.abs(1 - below - part[..., 1])
            total += pixels[y, x] * weight[..., None]
    mean: NDArray[np.float32] = (total * inside[..., None]).mean(axis=1)
    return mean
