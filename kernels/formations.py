"""Formations drawn by formula: where each of a troupe's people stands on the field.

All are centred on the field and upright to a camera in the west. Figures made of lines (rings, spiral, lines)
put people at equal distances along them; where one file of people is too short to hold them all, each line
becomes several files deep.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .mask_placing import mask, star
from .places import (
    FIELD_HALF_Y,
    LARGEST_RADIUS,
    STANDING_SPACING,
    TOLERANCE,
    FormationError,
    Places,
    check_request,
    from_viewer,
    minimum_distance,
)

__all__ = [
    "FormationError",
    "block",
    "lines",
    "mask",
    "minimum_distance",
    "rings",
    "spiral",
    "star",
    "wedge",
]

_LONGEST_LINE = 2.0 * FIELD_HALF_Y - 4.0
_STEPS = 1 << 15  # of the tables from length to place
_ROUNDING = 1e-9  # of a number of people that ought to be whole
_GOLDEN = 0.6180339887498949


class _File(NamedTuple):
    """One file of people along a curve: how many it holds, and where any number of them stands (N, 2)."""

    room: float
    place: Callable[[int], Places]


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


def rings(
    count: int, rings: int = 5, radius: float | None = None, spacing: float = STANDING_SPACING
) -> Places:
    """Place people on rings about one centre, at equal distances along them.

    Parameters
    ----------
    count
        People to place.
    rings
        Rings; their radii are equal steps. One ring is as many files deep as it must be.
    radius
        Of the outermost ring, metres. None: the smallest with which gaps are as wide as rings, up to
        `LARGEST_RADIUS`; people then stand about `spacing` apart.
    spacing
        Least metres between two people.

    Returns
    -------
    Places
        Shape (count, 2), metres.

    Raises
    ------
    FormationError
        If a number is not positive, or fewer than `count` fit.
    """
    check_request(count, spacing)
    if rings < 1 or not (radius is None or radius > 0):
        raise FormationError("rings need a number of 1 or more and a positive radius", asked=count)

    def files(outer: float, deep: int) -> list[_File]:
        step = outer / rings
        radii = [step * ring - spacing * file for ring in range(rings, 0, -1) for file in range(deep)]
        # Each file starts elsewhere: people at one angle in all would make a line that nobody drew.
        return [
            _File(np.pi / np.arcsin(min(spacing / (2.0 * r), 1.0)), _circle(r, number * _GOLDEN))
            for number, r in enumerate(radii)
        ]

    def deepest(outer: float) -> int:
        return int(outer / rings / spacing + TOLERANCE)

    return _round_figure(count, radius, spacing, files, deepest, f"{rings} rings")


def spiral(
    count: int, turns: float = 5.0, radius: float | None = None, spacing: float = STANDING_SPACING
) -> Places:
    """Place people along the spiral of Archimedes, at equal distances along it.

    Parameters
    ----------
    count
        People to place.
    turns
        How many times it winds around the centre.
    radius
        Of its outer end, metres. None: the smallest with which gaps are as wide as the arm, up to
        `LARGEST_RADIUS`.
    spacing
        Least metres between two people.

    Returns
    -------
    Places
        Shape (count, 2), metres.

    Raises
    ------
    FormationError
        If a number is not positive, or fewer than `count` fit.
    """
    check_request(count, spacing)
    if not turns > 0 or not (radius is None or radius > 0):
        raise FormationError("a spiral needs positive turns and a positive radius", asked=count)

    def pitch(outer: float) -> float:
        return outer / (turns + 1.0)  # the inner end is one pitch from the centre

    def files(outer: float, deep: int) -> list[_File]:
        growth = pitch(outer) / (2.0 * np.pi)  # metres a radian
        innermost = max(pitch(outer) - 1.2 * spacing * (deep - 1), spacing / 2.0)
        # A radius is not square to the arm: files a radial step apart are closer than that.
        step = spacing * np.hypot(1.0, growth / innermost)
        inner = [pitch(outer) - step * file for file in range(deep)]
        return [_arm(growth, r, r + growth * 2.0 * np.pi * turns, spacing) for r in inner if r > 0]

    def deepest(outer: float) -> int:
        return int((pitch(outer) - spacing) / spacing / 1.2 + TOLERANCE)

    return _round_figure(count, radius, spacing, files, deepest, f"a spiral of {turns:g} turns")


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
    for file, number in enumerate(_in_proportion(count, np.full(lines * deep, float(room)))):
        line, rank = divmod(file, deep)
        behind = (line - (lines - 1) / 2.0) * apart + (rank - (deep - 1) / 2.0) * step
        along = (np.arange(number) - (number - 1) / 2.0) * pace + arc[-1] / 2.0
        right = np.interp(along, arc, across)
        places.append(from_viewer(right, np.interp(right, across, swing) + behind))
    return np.concatenate(places)


def _round_figure(
    count: int,
    radius: float | None,
    spacing: float,
    files: Callable[[float, int], list[_File]],
    deepest: Callable[[float], int],
    name: str,
) -> Places:
    """Fill a round figure, with the fewest files that hold everyone, and without a radius the smallest."""

    def room(outer: float, deep: int) -> int:
        return sum(int(file.room + _ROUNDING) for file in files(outer, deep))

    if radius is None:
        small, radius = 0.0, LARGEST_RADIUS
        for _ in range(40):
            middle = (small + radius) / 2.0
            depth = deepest(middle)
            if depth >= 2 and room(middle, max(1, depth // 2)) >= count:
                radius = middle
            else:
                small = middle
    fits = 0
    for deep in range(1, deepest(radius) + 1):
        chosen = files(radius, deep)
        places = _fill(chosen, min(count, room(radius, deep)))
        if minimum_distance(places) >= spacing - TOLERANCE:
            fits = max(fits, len(places))
        if fits == count:
            return places
    raise FormationError(
        f"{name} of {radius:.1f} m radius hold {fits} people {spacing:g} m apart, not {count}:"
        " ask for a larger radius or less spacing",
        asked=count,
        fits=fits,
    )


def _fill(files: list[_File], count: int) -> Places:
    room = np.array([file.room for file in files])
    return np.concatenate(
        [file.place(int(number)) for file, number in zip(files, _in_proportion(count, room), strict=True)]
    )


def _in_proportion(count: int, room: NDArray[np.float64]) -> NDArray[np.int64]:
    """Share people out by room (largest remainders), none above its whole room; all must fit."""
    share = count * room / room.sum()
    number: NDArray[np.int64] = np.floor(share).astype(np.int64)
    while (missing := count - int(number.sum())) > 0:
        free = np.flatnonzero(number + 1 <= room + _ROUNDING)
        most = free[np.argsort((number - share)[free], kind="stable")][:missing]
        number[most] += 1
    return number


def _circle(radius: float, first: float) -> Callable[[int], Places]:
    def place(number: int) -> Places:
        angle = (np.arange(number) + first) * 2.0 * np.pi / max(number, 1)
        return from_viewer(radius * np.sin(angle), radius * np.cos(angle))

    return place


def _arm(growth: float, inner: float, outer: float, spacing: float) -> _File:
    """One arm of r = growth · angle, between two radii; its length is known in closed form."""
    angle = np.linspace(inner, outer, _STEPS) / growth
    arc = growth / 2.0 * (angle * np.sqrt(1.0 + angle**2) + np.arcsinh(angle))
    length = float(arc[-1] - arc[0])

    def place(number: int) -> Places:
        share = np.arange(number) / (number - 1) if number > 1 else np.full(number, 0.5)
        at = np.interp(arc[0] + share * length, arc, angle)
        radius, turned = growth * at, at - inner / growth
        return from_viewer(radius * np.sin(turned), radius * np.cos(turned))

    return _File(length / (spacing * 1.02) + 1.0, place)
