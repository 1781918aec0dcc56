"""Seats: where each card-holder sits, and which cell of the picture the seat is."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ..kernels.bowl_seats import SectionDoesNotFitError, card_section_seats, stand_rows
from .check_files import FileProblem
from .errors import YamlPath
from .kept import file_state, kept
from .stadium import bowl_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from numpy.typing import NDArray

    from ..kernels.bowl import Bowl
    from .load import LoadedShow
    from .schema_card_section import Arc, CardSection

SECTION_COLUMNS = 25
"""Columns that share a section's name where no file names the seats."""
NARROWEST_PLACE = 0.35
"""Metres from one person's middle to the next one's below which nobody can sit."""
LOOKS_DOWN = math.radians(14.75)
"""How steeply the audience looks down at the stand, so that may_day's has the pages' usual `CELL_ASPECT`."""


class SeatsError(ValueError):
    """Seats that cannot be used.

    Attributes
    ----------
    at : tuple of str and int
        Where in ``card_section`` the cause stands.
    nearest : str or None
    """

    def __init__(self, message: str, at: YamlPath = (), nearest: str | None = None) -> None:
        self.at = at
        self.nearest = nearest
        super().__init__(message)


@dataclass(frozen=True, eq=False)
class SeatMap:
    """The seats of a card section, laid on the raster of its pictures.

    Seat i is cell (i // columns, i % columns) of the pictures: row 0 is the front, column 0 the viewer's
    left. N = rows * columns cells; some are no seat: aisles, gaps, the ends of short rows.

    Attributes
    ----------
    rows, columns : int
    taken : ndarray of bool, shape (N,)
        Where there is a seat.
    places : ndarray of float64, shape (N, 3)
        Metres, on the tread where the holder's feet are; 0 where there is no seat.
    facing : ndarray of float64, shape (N,)
        Radians; the direction a holder looks in, 0 is east.
    section, row, number, name : ndarray of str, shape (N,)
        What the seat's ticket says, and the seat's whole name, such as ``C-12-7``; empty where there is none.
    cell_aspect : float
        Width of a cell over its height, as a viewer sees the stand.
    """

    rows: int
    columns: int
    taken: NDArray[np.bool_]
    places: NDArray[np.float64]
    facing: NDArray[np.float64]
    section: NDArray[np.str_]
    row: NDArray[np.str_]
    number: NDArray[np.str_]
    name: NDArray[np.str_]
    cell_aspect: float


def seat_map(loaded: LoadedShow) -> SeatMap:
    """Return the seats of a show's card section.

    Parameters
    ----------
    loaded : LoadedShow
        Its ``columns`` and ``rows`` need not be filled in yet where a file says them.

    Returns
    -------
    SeatMap
        Its arrays are read-only; the same seats may be shared.

    Raises
    ------
    SeatsError
        When the section does not fit its stand, no seat is left, or the file with the seats cannot be used.
    """
    section, bowl = loaded.show.card_section, bowl_of(loaded.show.stadium)
    seats = section.seats
    if seats.file is not None:
        try:
            path = loaded.resolve(seats.file)
        except FileProblem as problem:
            raise SeatsError(problem.message, ("seats", "file"), problem.nearest) from None
        return kept.get(("seats", bowl, file_state(path)), lambda: _from_file(path, bowl))
    key = ("seats", bowl, seats, section.rows, section.columns)
    return kept.get(key, lambda: _grid(section, bowl))


def cell_aspect(pitch: float, depth: float, rise: float) -> float:
    """Return the width over the height of a place, as the audience sees it, `LOOKS_DOWN` from above.

    Parameters
    ----------
    pitch : float
        Metres from one seat to the next in its row.
    depth, rise : float
        Metres from one row to the next, level and upwards.
    """
    height = rise * math.cos(LOOKS_DOWN) + depth * math.sin(LOOKS_DOWN)
    return min(max(pitch / max(height, 1e-3), 0.1), 10.0)


def stand_aspect(bowl: Bowl) -> float:
    """Return the width over the height of a place in the east stand, all its rows taken alike."""
    depths, heights = stand_rows(bowl)
    gaps = max(len(depths) - 1, 1)
    return cell_aspect(
        bowl.holder_width, float(depths[-1] - depths[0]) / gaps, float(heights[-1] - heights[0]) / gaps
    )


def section_letters(index: int) -> str:
    """Return the name of a section counted from 0: A to Z, then AA, AB and so on."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _from_file(path: Path, bowl: Bowl) -> SeatMap:
    from .seat_files import read_seats  # noqa: PLC0415  which needs this file's names

    return read_seats(path, bowl)


def _grid(section: CardSection, bowl: Bowl) -> SeatMap:
    rows, columns = section.rows, section.columns
    taken = _taken(section)
    if section.seats.arc is not None:
        places, facing, aspect = _on_arc(section.seats.arc, rows, columns)
    else:
        try:
            places, facing = card_section_seats(bowl, columns, rows)
        except SectionDoesNotFitError as error:
            raise SeatsError(str(error), ("rows",) if rows > error.rows else ("columns",)) from error
        aspect = stand_aspect(bowl)
    return SeatMap(
        rows=rows,
        columns=columns,
        taken=taken.reshape(-1),
        places=np.where(taken.reshape(-1, 1), places, 0.0),
        facing=np.where(taken.reshape(-1), facing, 0.0),
        **_tickets(taken),
        cell_aspect=aspect,
    )


def _ranges(ranges: Iterable[tuple[int, int]], count: int, at: YamlPath) -> NDArray[np.bool_]:
    """Tell which of `count` rows or columns lie in ranges that count from 1."""
    inside = np.zeros(count, dtype=bool)
    for first, last in ranges:
        if last > count:
            axis = "rows" if at[-1] == "rows" else "columns"
            reach = f"{first}-{last}" if last > first else f"{first}"
            raise SeatsError(f"{reach} reaches outside the section, which has {axis} 1-{count}", at)
        inside[first - 1 : last] = True
    return inside


def _taken(section: CardSection) -> NDArray[np.bool_]:
    seats = section.seats
    taken = np.ones((section.rows, section.columns), dtype=bool)
    if seats.row_seats is not None:
        for row, count in enumerate(seats.row_seats):
            if count > section.columns:
                raise SeatsError(
                    f"{count} seats do not go into a row of {section.columns} columns",
                    ("seats", "row_seats", row),
                )
            left = (section.columns - count) // 2
            taken[row, :left] = taken[row, left + count :] = False
    if seats.aisles is not None:
        taken[:, _ranges(seats.aisles, section.columns, ("seats", "aisles"))] = False
    for index, gap in enumerate(seats.gaps):
        base: YamlPath = ("seats", "gaps", index)
        rows = _ranges(gap.rows, section.rows, (*base, "rows"))
        columns = _ranges(gap.columns, section.columns, (*base, "columns"))
        taken[np.ix_(rows, columns)] = False
    if not taken.any():
        raise SeatsError("the aisles and gaps leave no seat", ("seats",))
    return taken


def _on_arc(arc: Arc, rows: int, columns: int) -> tuple[NDArray[np.float64], NDArray[np.float64], float]:
    span = arc.from_ - arc.to
    pitch = arc.radius * span / columns
    if span > 2 * math.pi:
        raise SeatsError("the arc goes round more than once", ("seats", "arc"))
    if pitch < NARROWEST_PLACE:
        fit = int(arc.radius * span / NARROWEST_PLACE)
        raise SeatsError(
            f"{columns} columns leave {pitch:.2f} m for each person in the front row; "
            f"at most {fit} columns go there",
            ("seats", "arc"),
        )
    row, column = np.divmod(np.arange(rows * columns), columns)
    angle = arc.from_ - (column + 0.5) * (span / columns)
    radius = arc.radius + row * arc.depth
    places = np.stack([radius * np.cos(angle), radius * np.sin(angle), arc.height + row * arc.rise], -1)
    # People look square to their row, which is at the field's centre.
    middle = arc.radius + (rows - 1) / 2 * arc.depth
    return places, angle + np.pi, cell_aspect(middle * span / columns, arc.depth, arc.rise)


def _tickets(taken: NDArray[np.bool_]) -> dict[str, NDArray[np.str_]]:
    """Name the seats of a raster: blocks of columns, rows from the front, numbers from the left."""
    columns = taken.shape[1]
    block = np.arange(columns) // SECTION_COLUMNS
    letters = [section_letters(index) for index in range(block[-1] + 1)]
    before = np.cumsum(taken, axis=1)
    # What lies left of a section does not count in its numbers.
    first = np.arange(columns) // SECTION_COLUMNS * SECTION_COLUMNS
    start = np.where(first > 0, before[:, np.maximum(first - 1, 0)], 0)
    numbers = (before - start).tolist()
    sections: list[str] = []
    labels: list[str] = []
    counted: list[str] = []
    for row, seats in enumerate(taken.tolist()):
        label = str(row + 1)
        for column, seat in enumerate(seats):
            sections.append(letters[block[column]] if seat else "")
            labels.append(label if seat else "")
            counted.append(str(numbers[row][column]) if seat else "")
    names = [
        f"{section}-{label}-{number}" if section else ""
        for section, label, number in zip(sections, labels, counted, strict=True)
    ]
    return {
        "section": np.array(sections),
        "row": np.array(labels),
        "number": np.array(counted),
        "name": np.array(names),
    }
