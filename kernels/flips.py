"""In which order people turn, and when each of them starts.

A cue's order is a picture over the section: the fraction of the cue's duration that passes before a holder
turns. Lengths and angles are those that a viewer of the stand sees, where a seat need not be as wide as high.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from .array_module import array_module, to_numpy
from .counter_random import Purpose, bits

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Fractions = NDArray[np.float64]

ORDERS = (
    "together",
    "sweep",
    "ripple",
    "iris",
    "spiral",
    "diagonal",
    "rows",
    "columns",
    "dissolve",
    "canon",
    "map",
)
"""Names of the orders in which a section can turn."""

EASES = ("linear", "in", "out", "in_out")
"""Names of the ways in which a change sets off and comes to rest."""


class OrderError(ValueError):
    """An order that cannot be had, or a section that has no holders; the message says what is allowed."""


def _normalised(value: Fractions) -> Fractions:
    """Stretch to exactly 0 … 1; all 0 where there is nothing to stretch."""
    if not value.size:
        return value
    value = value - value.min()
    span = value.max()
    return value / span if span > 0.0 else value


def _reached(fraction: Fractions, ease: str) -> Fractions:
    """Return when an eased front gets to each place: the inverse of its travel, t² or 1 - (1 - t)²."""
    if ease == "in":
        return np.asarray(np.sqrt(fraction), dtype=np.float64)
    if ease == "out":
        return np.asarray(1.0 - np.sqrt(1.0 - fraction), dtype=np.float64)
    if ease == "in_out":
        first_half = np.sqrt(np.minimum(fraction, 0.5) * 0.5)
        second_half = 1.0 - np.sqrt((1.0 - np.maximum(fraction, 0.5)) * 0.5)
        return np.where(fraction < 0.5, first_half, second_half)
    return fraction


def _box(members: NDArray[np.bool_] | None, columns: int, rows: int) -> tuple[slice, slice]:
    """Return the rows and the columns of the smallest rectangle around all members."""
    if members is None:
        return slice(0, rows), slice(0, columns)
    used_rows, used_columns = (np.flatnonzero(members.any(axis=axis)) for axis in (1, 0))
    if not used_rows.size:
        return slice(0, 0), slice(0, 0)
    return (
        slice(int(used_rows[0]), int(used_rows[-1]) + 1),
        slice(int(used_columns[0]), int(used_columns[-1]) + 1),
    )


def order_fraction(
    order: str,
    columns: int,
    rows: int,
    *,
    angle: float = 0.0,
    centre: tuple[float, float] = (0.5, 0.5),
    seed: int = 0,
    cue: int = 0,
    windings: float = 3.0,
    reverse: bool = False,
    groups: int = 4,
    along: str = "columns",
    aspect: float = 1.0,
    picture: NDArray[np.floating[Any]] | None = None,
    ease: str = "linear",
    members: NDArray[np.bool_] | None = None,
) -> Fractions:
    """Return when in the course of a cue each holder turns.

    Parameters
    ----------
    order
        One of `ORDERS`. ``together``: all at once. ``sweep``: a straight front that moves along ``angle``.
        ``ripple``: rings that grow from ``centre``. ``iris``: rings that close on ``centre``. ``spiral``: an
        Archimedean spiral from ``centre`` outwards. ``diagonal``: a front from the lower left to the upper
        right corner, parallel to the other diagonal. ``rows``: row by row from the front. ``columns``: column
        by column from the left. ``dissolve``: one after the other in random order. ``canon``: ``groups``
        equal parts, one after another. ``map``: as ``picture`` says.
    columns, rows
        Size of the section.
    angle
        Direction in which a sweep moves, in radians: 0 from left to right, pi/2 from bottom to top.
    centre
        Place from the left and from the bottom, as shares of the section's width and height.
    seed, cue
        Key of the random order.
    windings
        How many times a spiral goes round, counter-clockwise as the viewer sees it; clockwise when negative.
    reverse
        Turn in the opposite order: the last holder first.
    groups
        How many parts a canon has; as many as there are columns or rows at most.
    along : {"columns", "rows"}
        Whether a canon's parts stand side by side, from the left, or one behind the other, from the front.
    aspect
        Width of a place over its height, as a viewer sees the stand: with it a ripple is round and a sweep
        has its angle.
    picture : ndarray of float, shape (rows, columns), optional
        For ``map``: the order itself, least first; row 0 is the front.
    ease
        One of `EASES`: how the front travels. ``in``: from rest, ever faster. ``out``: ever slower, to rest.
        ``in_out``: both, each for half of the time. The travel is a parabola of time.
    members : ndarray of bool, shape (rows, columns), optional
        Who takes part; everyone when left out. The order runs over the smallest rectangle around the
        members.

    Returns
    -------
    ndarray of float64, shape (rows * columns,)
        Fractions; among the members the least is exactly 0 and the greatest exactly 1 (all 0 where all turn
        together). 0 for all others. Always made on the host, so that all devices get the same numbers.

    Raises
    ------
    OrderError
        For an unknown order, ease or ``along``, an empty section, no aspect, windings or groups, and a
        picture or members that are missing, of another shape, or hold values that are no numbers.
    """
    if columns < 1 or rows < 1:
        raise OrderError(f"a section needs at least one row and one column, not {rows} by {columns}")
    if not (math.isfinite(aspect) and aspect > 0):
        raise OrderError(f"a place has an aspect above 0, not {aspect}")
    if ease not in EASES:
        raise OrderError(f"unknown ease {ease!r}; there are {', '.join(EASES)}")
    if members is not None and members.shape != (rows, columns):
        raise OrderError(f"members must be of shape {(rows, columns)}, not {members.shape}")
    box = _box(members, columns, rows)
    height, width = box[0].stop - box[0].start, box[1].stop - box[1].start
    taking = np.ones((height, width), dtype=bool) if members is None else np.asarray(members[box], dtype=bool)
    row, column = (places.astype(np.float64) for places in np.nonzero(taking))
    across = (column + 0.5 - centre[0] * width) * aspect
    up = row + 0.5 - centre[1] * height

    def spiral() -> Fractions:
        if windings == 0:
            raise OrderError("a spiral goes round at least a little, but windings is 0")
        distance = np.hypot(across, up)
        part = (np.arctan2(math.copysign(1.0, windings) * up, across) / (2.0 * math.pi)) % 1.0
        reach = distance / max(float(distance.max()), 1.0) * abs(windings)
        # rounded, so that every mathematics library puts each card on the same turn of the arm
        part, reach = np.round(part, 9) % 1.0, np.round(reach, 9)
        return np.asarray(np.ceil(np.round(reach - part, 9)) + part, dtype=np.float64)

    def dissolve() -> Fractions:
        random_bits = bits(seed, Purpose.DISSOLVE, cue, np.flatnonzero(taking))
        rank = np.empty(random_bits.size)
        rank[np.argsort(random_bits, kind="stable")] = np.arange(random_bits.size)
        return np.asarray(rank, dtype=np.float64)

    def canon() -> Fractions:
        if groups < 1:
            raise OrderError(f"a canon has at least 1 group, not {groups}")
        if along not in ("columns", "rows"):
            raise OrderError(f"a canon goes along columns or rows, not {along!r}")
        place, length = (column, width) if along == "columns" else (row, height)
        return np.asarray(np.floor_divide(place * min(groups, length), length), dtype=np.float64)

    def from_picture() -> Fractions:
        if picture is None or picture.shape != (rows, columns):
            found = "none" if picture is None else f"one of {picture.shape}"
            raise OrderError(f"the order 'map' needs a picture of shape {(rows, columns)}, not {found}")
        levels: Fractions = np.asarray(picture, dtype=np.float64)[box][taking]
        if not np.isfinite(levels).all():
            raise OrderError("the picture of the order 'map' holds values that are no numbers")
        return levels

    # rounding errors of cos and sin would split a front that should move as one
    makers: dict[str, Callable[[], Fractions]] = {
        "together": lambda: np.zeros(row.size),
        "sweep": lambda: np.asarray(
            np.round(_normalised(across * math.cos(angle) + up * math.sin(angle)), 12), dtype=np.float64
        ),
        "ripple": lambda: np.hypot(across, up),
        "iris": lambda: -np.hypot(across, up),
        "spiral": spiral,
        "diagonal": lambda: column / width + row / height,
        "rows": lambda: row,
        "columns": lambda: column,
        "dissolve": dissolve,
        "canon": canon,
        "map": from_picture,
    }
    if order not in makers:
        raise OrderError(f"unknown order {order!r}; the orders are {', '.join(ORDERS)}")
    result = np.zeros((rows, columns))
    if row.size:
        fraction = _normalised(makers[order]())
        if reverse:
            fraction = _normalised(1.0 - fraction)
        result[box][taking] = _reached(fraction, ease)
    return result.reshape(-1)


def turn_starts(
    at: NDArray[np.int64],
    fraction: Fractions,
    over: NDArray[np.int64],
    reaction: NDArray[np.int64],
    turn: NDArray[np.int64],
    included: NDArray[np.bool_] | None = None,
) -> NDArray[np.int64]:
    """Return when each person begins each turn: ``at + fraction * over + reaction``.

    Whoever is still turning when the next turn is due begins that one when the first has ended. So starts
    never fall along the cues, and no two turns of one person overlap. Cue 0 is what is shown from the
    beginning, and takes no turn.

    Parameters
    ----------
    at : ndarray of int64, shape (C,)
        Time of each cue, in ticks, in rising order.
    fraction : ndarray of float64, shape (C, N)
        From `order_fraction`.
    over : ndarray of int64, shape (C,)
        How long it takes from the first to the last holder, in ticks.
    reaction : ndarray of int64, shape (C, N)
        From `people.reaction`, in ticks.
    turn : ndarray of int64, shape (C,)
        How long one person's turn takes, in ticks.
    included : ndarray of bool, shape (C, N), optional
        Who turns at each cue; everyone when left out. Other people's turns at that cue take no time, so
        they delay nobody.

    Returns
    -------
    ndarray of int64, shape (C, N)
        Ticks. The same to the bit under NumPy and CuPy, for the same ``fraction``.
    """
    xp = array_module(fraction, reaction)
    fraction, reaction = xp.asarray(fraction), xp.asarray(reaction)
    cue_at, cue_over, cue_turn = (to_numpy(value).astype(np.int64) for value in (at, over, turn))
    starts: NDArray[np.int64] = xp.empty(reaction.shape, dtype=np.int64)
    free: Any = None
    for cue in range(reaction.shape[0]):
        begin = (
            xp.rint(fraction[cue] * np.float64(cue_over[cue])).astype(np.int64) + reaction[cue] + cue_at[cue]
        )
        if free is not None:
            begin = xp.maximum(begin, free)
            if included is not None:
                begin = xp.where(xp.asarray(included)[cue], begin, free)
        starts[cue] = begin
        busy = np.int64(cue_turn[cue] if cue else 0)
        free = begin + (busy if included is None else xp.where(xp.asarray(included)[cue], busy, np.int64(0)))
    return starts
