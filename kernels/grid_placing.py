"""People on a rectangular grid: by number of rows and columns, or by the metres between them."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from .places import STANDING_SPACING, TOLERANCE, FormationError, Places, check_request, from_viewer

FILLS = ("rows", "columns", "centre", "edge", "spread")
"""Which places of a grid are taken where it has more than there are people.

rows, columns
    Whole rows from the nearest on, or whole columns from the viewer's left; the last one is centred.
centre, edge
    From the middle outwards, or from the outline inwards.
spread
    All over, with the places left free as even as can be.
"""


def grid(
    count: int,
    columns: int | None = None,
    rows: int | None = None,
    size: tuple[float, float] | None = None,
    fill: str = "rows",
    spacing: float = STANDING_SPACING,
) -> Places:
    """Place people on a grid whose columns run away from a viewer in the west.

    Parameters
    ----------
    count
        People to place.
    columns, rows
        People in a row and in a file. What is None follows: from `size` and `spacing`; or without a size from
        the other and `count`; where neither is given, the grid is as square as can be.
    size
        Metres from the first person to the last, across the viewer and away from them. With a number of
        columns or rows it is divided among them; without, these stand `spacing` apart. None: everyone stands
        `spacing` apart both ways.
    fill
        One of `FILLS`.
    spacing
        Least metres between two people.

    Returns
    -------
    Places
        Shape (count, 2), metres, row by row from the nearest, each from the viewer's left. The grid's middle
        is the field's centre.

    Raises
    ------
    FormationError
        If a number is out of range, the grid has fewer places than people, or they would be nearer to each
        other than `spacing`.
    """
    check_request(count, spacing)
    if any(number is not None and number < 1 for number in (columns, rows)):
        raise FormationError("a grid needs one row and one column or more", asked=count)
    if size is not None and not all(0 < metres < math.inf for metres in size):
        raise FormationError(
            f"a grid needs a positive width and depth, not {size[0]} by {size[1]}", asked=count
        )
    if fill not in FILLS:
        raise FormationError(f"a grid is filled by {', '.join(FILLS)}, not {fill!r}", asked=count)
    across, deep = _numbers(count, columns, rows, size, spacing)
    if across * deep < count:
        raise FormationError(
            f"a grid of {deep} rows and {across} columns has {across * deep} places, not {count}:"
            " ask for more rows or columns" + ("" if size is None else ", a larger size or less spacing"),
            asked=count,
            fits=across * deep,
        )
    pitch = _pitch(count, (across, deep), size, spacing)
    row, column = _taken(count, across, deep, fill, pitch)
    return from_viewer(column * pitch[0], row * pitch[1])


def _numbers(
    count: int, columns: int | None, rows: int | None, size: tuple[float, float] | None, spacing: float
) -> tuple[int, int]:
    if size is not None:
        across, deep = (int(metres / spacing + TOLERANCE) + 1 for metres in size)
        return columns or across, rows or deep
    if columns is None and rows is None:
        columns = math.isqrt(count - 1) + 1
    if columns is None:
        columns = -(-count // (rows or 1))
    return columns, rows or -(-count // columns)


def _pitch(
    count: int, numbers: tuple[int, int], size: tuple[float, float] | None, spacing: float
) -> tuple[float, float]:
    if size is None:
        return spacing, spacing
    # One row or column has no neighbour to keep a distance from.
    pitch = [
        metres / (number - 1) if number > 1 else spacing for metres, number in zip(size, numbers, strict=True)
    ]
    if min(pitch) < spacing - TOLERANCE:
        most = [int(metres / spacing + TOLERANCE) + 1 for metres in size]
        fits = min(numbers[0], most[0]) * min(numbers[1], most[1])
        raise FormationError(
            f"{numbers[1]} rows and {numbers[0]} columns on {size[0]:g} m by {size[1]:g} m stand"
            f" {min(pitch):.2f} m apart, not {spacing:g} m: at most {most[1]} rows and {most[0]} columns fit,"
            f" which is {fits} people; make the grid larger or the spacing less",
            asked=count,
            fits=min(fits, count),
        )
    return pitch[0], pitch[1]


def _taken(
    count: int, columns: int, rows: int, fill: str, pitch: tuple[float, float]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the row and the column, from the middle, of each place that is taken."""
    if fill == "columns":
        column, row = _line_by_line(count, rows, columns)
        order = np.lexsort((column, row))
        return row[order], column[order]
    if fill == "rows":
        return _line_by_line(count, columns, rows)
    row, column = np.divmod(np.arange(rows * columns), columns)
    up, right = row - (rows - 1) / 2.0, column - (columns - 1) / 2.0
    if fill == "spread":
        taken = _spread(count, columns, rows)
    else:
        if fill == "centre":
            rank = np.round(np.hypot(right * pitch[0], up * pitch[1]), 9)
        else:
            rank = np.minimum(np.minimum(row, rows - 1 - row), np.minimum(column, columns - 1 - column)) * 1.0
        # Of places that are equally near, mirror images of each other come together.
        angle = np.round(np.abs(np.arctan2(np.abs(right) * pitch[0], up * pitch[1])), 9)
        taken = np.sort(np.lexsort((right, angle, rank))[:count])
    return up[taken], right[taken]


def _line_by_line(count: int, length: int, lines: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    line, place = np.divmod(np.arange(count), length)
    last = int(line[-1])
    held = np.where(line == last, count - last * length, length)
    return line - (lines - 1) / 2.0, place - (held - 1) / 2.0


def _spread(count: int, columns: int, rows: int) -> NDArray[np.int64]:
    """Take an equal share of each row, shifted from row to row by the golden section."""
    ends = np.arange(1, rows + 1) * count // rows
    number = np.diff(ends, prepend=0)
    row = np.repeat(np.arange(rows), number)
    rank = np.arange(count) - np.repeat(ends - number, number)
    shift = np.mod(row * 0.6180339887498949, 1.0)
    column = np.floor((rank + shift) * columns / number[row]).astype(np.int64)
    taken: NDArray[np.int64] = row * columns + np.minimum(column, columns - 1)
    return taken
