"""Seats of any stand, laid on a raster: rows by height and distance, columns by place along the row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .errors import quoted
from .seats import SeatMap, SeatsError, cell_aspect

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Indices = NDArray[np.int64]

MOST_ROWS, MOST_COLUMNS = 400, 1000
_SAME_PLACE = 0.1
"""Metres: two people cannot sit nearer to each other."""
_LEVEL = 0.3
"""Metres: a stand that does not rise by more is flat, and its rows lie behind one another."""
_SAME_ROW = 0.35
"""Part of the step from row to row up to which rows of different sections are level with each other."""
_NEIGHBOURS = 4
"""Seats to each side that tell how a row runs."""
_STRAY = 0.02
"""Part of the seats, or one, that is a mistake when most of the raster lies between it and the rest."""
_FEWEST = 50
"""Columns of a raster in which seats may lie anyhow."""
_IN_STEP = 0.7
"""How sharply places along a row must repeat at the pitch for the row to have a phase of its own."""


@dataclass(frozen=True)
class ListedSeat:
    """A seat as a file lists it.

    Attributes
    ----------
    name, section, row, number : str
    place : tuple of 3 floats
        Metres from the field's centre: east, north, up.
    line : int
        Where it stands in the file.
    """

    name: str
    section: str
    row: str
    number: str
    place: tuple[float, float, float]
    line: int


@dataclass(frozen=True, eq=False)
class _Stand:
    """Where seats are as seen from the field's centre: along to the viewer's right, and deep."""

    along: Floats
    deep: Floats
    curved: bool
    direction: float


def lay_on_raster(seats: list[ListedSeat]) -> SeatMap:
    """Lay seats on a raster, so that a picture on it looks right on the stand.

    Rows of different sections that are level with each other become one row of the raster. Along the rows a
    column is as wide as a seat, or less where rows of different widths have to keep apart; so there may be
    cells without a seat between seats, but never two seats in one cell.

    Parameters
    ----------
    seats : list of ListedSeat
        At least one.

    Returns
    -------
    SeatMap

    Raises
    ------
    SeatsError
        When two seats are at one place, they lie too far apart for a raster, or a few far from all others.
    """
    places = np.array([seat.place for seat in seats], dtype=np.float64)
    stand = _seen(seats, places)
    row = _rows(seats, places[:, 2], stand)
    rows = int(row.max()) + 1
    order = np.lexsort((stand.along, row))
    _refuse_one_place(seats, places, order)
    column, pitch = _columns(row, stand.along, order)
    column -= column.min()
    columns = int(column.max()) + 1
    if rows > MOST_ROWS or columns > MOST_COLUMNS:
        middle = np.median(places, axis=0)
        lost = seats[int(np.hypot(*(places - middle)[:, :2].T).argmax())]
        raise SeatsError(
            f"the seats come to {columns:,} columns by {rows:,} rows; at most {MOST_COLUMNS:,} by "
            f"{MOST_ROWS} can be. The seat {quoted(lost.name)} in line {lost.line} is the farthest from "
            "the others"
        )
    _refuse_stray(seats, column, columns)
    if rows < 2 or columns < 2:
        raise SeatsError(f"a picture needs at least 2 rows and 2 columns, not {rows} and {columns}")
    cell = row * columns + column
    count = rows * columns
    all_places, facing = np.zeros((count, 3)), np.zeros(count)
    all_places[cell] = places
    facing[cell] = _facing(row, order, places, stand)
    taken = np.zeros(count, dtype=bool)
    taken[cell] = True
    depth, rise = (_step(values, row) for values in (stand.deep, places[:, 2]))
    return SeatMap(
        rows=rows,
        columns=columns,
        taken=taken,
        places=all_places,
        facing=facing,
        section=_labels([seat.section for seat in seats], cell, count),
        row=_labels([seat.row for seat in seats], cell, count),
        number=_labels([seat.number for seat in seats], cell, count),
        name=_labels([seat.name for seat in seats], cell, count),
        cell_aspect=cell_aspect(pitch, abs(depth), abs(rise)),
    )


def _labels(labels: list[str], cell: Indices, count: int) -> NDArray[np.str_]:
    written = np.array(labels)
    spread = np.zeros(count, dtype=written.dtype)
    spread[cell] = written
    return spread


def _pieces(seats: list[ListedSeat]) -> tuple[Indices, list[tuple[str, str]]]:
    """Return which row of which section each seat is in, and those rows' sections and labels."""
    number: dict[tuple[str, str], int] = {}
    member = [number.setdefault((seat.section, seat.row), len(number)) for seat in seats]
    return np.array(member), list(number)


def _means(values: Floats, member: Indices) -> Floats:
    means: Floats = np.bincount(member, weights=values) / np.bincount(member)
    return means


def _seen(seats: list[ListedSeat], places: Floats) -> _Stand:
    """Tell whether rows are straight or bend about the field's centre, and measure along them."""
    x, y = places[:, 0], places[:, 1]
    # The middle seat's direction: one that is far off does not count for more.
    direction = float(np.arctan2(np.median(y), np.median(x)))
    ahead = x * np.cos(direction) + y * np.sin(direction)
    radius = np.hypot(x, y)
    member = _pieces(seats)[0]
    unlike = [float(((deep - _means(deep, member)[member]) ** 2).sum()) for deep in (ahead, radius)]
    if unlike[1] < unlike[0]:
        angle = (np.arctan2(y, x) - direction + np.pi) % (2 * np.pi) - np.pi
        return _Stand(-angle * float(np.median(radius)), radius, curved=True, direction=direction)
    along = x * np.sin(direction) - y * np.cos(direction)
    return _Stand(along, ahead, curved=False, direction=direction)


def _rows(seats: list[ListedSeat], height: Floats, stand: _Stand) -> Indices:
    """Return the row of the raster that each seat is in, from 0 at the front."""
    member, pieces = _pieces(seats)
    heights, depths = _means(height, member), _means(stand.deep, member)
    level = heights if np.ptp(heights) > _LEVEL else depths
    other = depths if level is heights else heights
    by_section: dict[str, list[int]] = {}
    for index, (section, _) in enumerate(pieces):
        by_section.setdefault(section, []).append(index)
    steps = [np.diff(np.sort(level[members])) for members in by_section.values()]
    step = np.concatenate(steps)
    step = step[step > 1e-3]
    near = float(np.median(step)) * _SAME_ROW if step.size else _LEVEL
    raster = np.empty(len(pieces), dtype=np.int64)
    row, bottom, inside = -1, -np.inf, set[str]()
    for index in np.lexsort((other, level)).tolist():
        section = pieces[index][0]
        if level[index] - bottom > near or section in inside:
            row, bottom, inside = row + 1, float(level[index]), set()
        inside.add(section)
        raster[index] = row
    return raster[member]


def _refuse_one_place(seats: list[ListedSeat], places: Floats, order: Indices) -> None:
    gaps = np.linalg.norm(np.diff(places[order], axis=0), axis=1)
    for index in np.flatnonzero(gaps < _SAME_PLACE)[:1].tolist():
        one, other = sorted((seats[order[index]], seats[order[index + 1]]), key=lambda seat: seat.line)
        raise SeatsError(
            f"line {other.line}: the seat {quoted(other.name)} is at the place of {quoted(one.name)} "
            f"in line {one.line}"
        )


def _refuse_stray(seats: list[ListedSeat], column: Indices, columns: int) -> None:
    """Refuse a few seats that would leave the picture to cells without any, such as one of a wrong sign."""
    used = np.unique(column)
    gap = int(np.diff(used).argmax()) if used.size > 1 else 0
    if used.size < 2 or 2 * int(used[gap + 1] - used[gap]) <= columns:
        return
    left = np.flatnonzero(column <= used[gap])
    right = np.flatnonzero(column > used[gap])
    few = min(left, right, key=len)
    if few.size <= max(1, _STRAY * len(seats)) and columns > _FEWEST:
        lost = min((seats[index] for index in few.tolist()), key=lambda seat: seat.line)
        raise SeatsError(
            f"line {lost.line}: the seat {quoted(lost.name)} is far from the others, with "
            f"{int(used[gap + 1] - used[gap]) - 1:,} of {columns:,} columns between them; a section is one "
            "stand, so look at the sign and the unit of its place"
        )


def _columns(row: Indices, along: Floats, order: Indices) -> tuple[Indices, float]:
    """Return the column of each seat, from any number on, and the width of a column in metres."""
    same = np.diff(row[order]) == 0
    gaps = np.diff(along[order])[same]
    gaps = gaps[gaps > _SAME_PLACE / 2]
    if not gaps.size:
        return np.zeros(row.size, dtype=np.int64), 1.0
    rows_of_gaps = row[order][1:][same][np.diff(along[order])[same] > _SAME_PLACE / 2]
    narrow = [
        float(np.median(own)) for line in np.unique(row) if (own := gaps[rows_of_gaps == line]).size > 4
    ]
    pitches = [float(np.median(gaps)), min(narrow, default=float(gaps.min()))]
    column = np.empty(row.size, dtype=np.int64)
    for pitch in pitches:
        column[:] = _stepped(row, along / pitch)
        used = row * (int(np.ptp(column)) + 1) + column
        if np.unique(used).size == used.size:
            return column, pitch
    for line in np.unique(row):
        members = order[row[order] == line]
        column[members] = _apart(column[members])
    return column, pitches[-1]


def _stepped(row: Indices, steps: Floats) -> Indices:
    """Round places to whole columns; rows that keep in step by themselves are not torn by rounding."""
    turn = np.exp(2j * np.pi * steps)
    common = float(np.angle(turn.sum())) / (2 * np.pi)
    rows = int(row.max()) + 1
    total = np.bincount(row, turn.real, rows) + 1j * np.bincount(row, turn.imag, rows)
    steady = np.abs(total) > _IN_STEP * np.bincount(row, minlength=rows)
    own = np.where(steady, np.angle(total) / (2 * np.pi), common)
    shift = np.rint(np.round(own - common, 6))
    column: Indices = (np.rint(steps - own[row]) + shift[row]).astype(np.int64)
    return column


def _apart(column: Indices) -> Indices:
    """Push the seats of one row, from left to right, outwards until no two share a column."""
    middle = int(np.searchsorted(column, np.median(column)))
    right = column[middle:] - np.arange(column.size - middle)
    right = np.maximum.accumulate(right) + np.arange(column.size - middle)
    left = column[:middle][::-1] + np.arange(middle)
    left = np.minimum(left, right[0] - 1) if middle else left
    left = np.minimum.accumulate(left) - np.arange(middle)
    return np.concatenate([left[::-1], right])


def _facing(row: Indices, order: Indices, places: Floats, stand: _Stand) -> Floats:
    """Return the direction in which each looks: square to the row, towards the field's centre."""
    x, y = places[:, 0], places[:, 1]
    inward = np.arctan2(-y, -x) if stand.curved else np.full(x.size, stand.direction + np.pi)
    facing = inward.copy()
    for line in np.unique(row):
        members = order[row[order] == line]
        if members.size < 3:
            continue
        index = np.arange(members.size)
        reach = np.clip(np.minimum(index, index[::-1]), 1, _NEIGHBOURS)
        ahead = members[np.minimum(index + reach, members.size - 1)]
        behind = members[np.maximum(index - reach, 0)]
        square = np.arctan2(x[ahead] - x[behind], -(y[ahead] - y[behind]))
        away = np.cos(square - inward[members]) < 0
        facing[members] = square + np.where(away, np.pi, 0.0)
    return facing


def _step(values: Floats, row: Indices) -> float:
    """Return by how much a value grows from row to row, in the middle."""
    return float(np.median(np.diff(_means(values, row))))
