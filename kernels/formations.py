"""Formations drawn by formula: where each of a troupe's people stands on the field.

All are centred on the field and upright to a camera in the west. Figures made of lines (rings, arcs, spiral,
lines) put people at equal distances along them; where one file of people is too short to hold them all, each
line becomes several files deep. Figures that are given (a picture, a polygon, curves) are in rooms of their
own and offered here too.
"""

from __future__ import annotations

import numpy as np

from .curve_placing import along
from .grid_placing import grid
from .mask_placing import mask, star
from .places import (
    FIELD_HALF_Y,
    STANDING_SPACING,
    TOLERANCE,
    FormationError,
    Places,
    check_request,
    from_viewer,
    in_proportion,
    minimum_distance,
)
from .polygon_placing import polygon
from .round_figures import arcs, rings, spiral
from .stacked_figures import stacked

__all__ = [
    "FormationError",
    "along",
    "arcs",
    "block",
    "grid",
    "lines",
    "mask",
    "minimum_distance",
    "polygon",
    "rings",
    "spiral",
    "stacked",
    "star",
    "wedge",
]

_LONGEST_LINE = 2.0 * FIELD_HALF_Y - 4.0
_STEPS = 1 << 15  # of the tables from length to place


def block(count: int, columns: int, spacing: float = STANDING_SPACING) -> Places:
    """Place people in rows of `columns`, on a square grid; an incomplete row is the farthest, and centred.

    Parameters
    ----------
    count
        People to place.
    columns
        People in a row, side by side for a viewer in the west.
    spacing
        Metres between neighbours.

    Returns
    -------
    Places
        Shape (count, 2), metres.

    Raises
    ------
    FormationError
        If a number is not positive.
    """
    check_request(count, spacing)
    if columns < 1:
        raise FormationError(f"a block needs at least one column, not {columns}", asked=count)
    columns = min(columns, count)
    row, column = np.divmod(np.arange(count), columns)
    rows = int(row[-1]) + 1
    in_row = np.where(row == rows - 1, count - (rows - 1) * columns, columns)
    return from_viewer((column - (in_row - 1) / 2.0) * spacing, (row - (rows - 1) / 2.0) * spacing)


def wedge(count: int, spacing: float = STANDING_SPACING) -> Places:
    """Place people in a triangle with equal sides, filled, whose point is away from the viewer in the west.

    Parameters
    ----------
    count
        People to place; the nearest row may be shorter.
    spacing
        Metres between neighbours.

    Returns
    -------
    Places
        Shape (count, 2), metres.

    Raises
    ------
    FormationError
        If a number is not positive.
    """
    check_request(count, spacing)
    rows = int(np.ceil((np.sqrt(8.0 * count + 1.0) - 1.0) / 2.0))
    row = np.repeat(np.arange(rows), np.arange(1, rows + 1))
    column = np.arange(len(row)) - row * (row + 1) // 2
    spare = len(row) - count
    # The last row loses its ends, so that the others keep to the triangular grid.
    whole = np.arange(len(row) - rows)
    kept = np.concatenate([whole, np.arange(len(whole) + spare // 2, len(row) - (spare - spare // 2))])
    row, column = row[kept], column[kept]
    up = -(row - (rows - 1) / 2.0) * np.sqrt(3.0) / 2.0
    return from_viewer((column - row / 2.0) * spacing, up * spacing)


def lines(
    count: int,
    lines: int,
    gap: float | None = None,
    spacing: float = STANDING_SPACING,
    *,
    amplitude: float = 0.0,
    waves: float = 2.0,
) -> Places:
    """Place people in lines across the field, straight or waved, one behind the other for a western viewer.

    Parameters
    ----------
    count
        People to place.
    lines
        How many; each is as many files deep as it must be to end on the field.
    gap
        Metres from one line to the next. None: the line's own depth and twice `spacing` or more.
    spacing
        Metres between neighbours along a line.
    amplitude
        Metres by which lines swing to both sides.
    waves
        Swings in the longest line that the field holds.

    Returns
    -------
    Places
        Shape (count, 2), metres.

    Raises
    ------
    FormationError
        If a number is out of range, or fewer than `count` fit.
    """
    check_request(count, spacing)
    if lines < 1 or not (gap is None or gap > 0) or amplitude < 0 or not waves > 0:
        raise FormationError("lines need a number of 1 or more, a positive gap and waves", asked=count)
    steepness = 2.0 * np.pi * waves * amplitude / _LONGEST_LINE
    bend = steepness * 2.0 * np.pi * waves / _LONGEST_LINE
    pace = spacing * (1.0 + (bend * spacing) ** 2 / 20.0)  # along a bend the straight distance is less
    step = spacing * float(np.hypot(1.0, steepness))  # files behind each other are closer where they climb
    across = np.linspace(-_LONGEST_LINE / 2.0, _LONGEST_LINE / 2.0, _STEPS)
    swing = amplitude * np.sin(2.0 * np.pi * waves / _LONGEST_LINE * across)
    arc = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(across), np.diff(swing)))])
    room = int(arc[-1] / pace + TOLERANCE) + 1
    deep = -(-count // (lines * room))
    apart = (deep + 2) * step if gap is None else gap
    if deep * step > apart + TOLERANCE:
        fits = lines * int(apart / step + TOLERANCE) * room
        raise FormationError(
            f"{lines} lines {apart:g} m apart hold {fits} people {spacing:g} m apart, not {count}:"
            " ask for more lines or a wider gap",
            asked=count,
            fits=fits,
        )
    places = []
    for file, number in enumerate(in_proportion(count, np.full(lines * deep, float(room)))):
        line, rank = divmod(file, deep)
        behind = (line - (lines - 1) / 2.0) * apart + (rank - (deep - 1) / 2.0) * step
        along = (np.arange(number) - (number - 1) / 2.0) * pace + arc[-1] / 2.0
        right = np.interp(along, arc, across)
        places.append(from_viewer(right, np.interp(right, across, swing) + behind))
    return np.concatenate(places)
