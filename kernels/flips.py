"""In which order people turn, and when each of them starts.

A cue's order is a picture over the section: the fraction of the cue's duration that passes before a holder
turns. Positions are counted in cards, so a card is as wide as it is high.
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
)
"""Names of the orders in which a section can turn."""


class OrderError(ValueError):
    """An unknown order, or a section that has no holders; the message says what is allowed."""


def _normalised(value: Fractions) -> Fractions:
    """Stretch to exactly 0 … 1; all 0 where there is nothing to stretch."""
    value = value - value.min()
    span = value.max()
    return value / span if span > 0.0 else value


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
) -> Fractions:
    """Return when in the course of a cue each holder turns.

    Parameters
    ----------
    order
        One of `ORDERS`. ``together``: all at once. ``sweep``: a straight front that moves along ``angle``.
        ``ripple``: rings that grow from ``centre``. ``iris``: rings that close on ``centre``. ``spiral``: an
        Archimedean spiral from ``centre`` outwards. ``diagonal``: a front from the lower left to the upper
        right corner, parallel to the other diagonal. ``rows``: row by row from the front. ``columns``: column
        by column from the left. ``dissolve``: one after the other in random order.
    columns, rows
        Size of the section.
    angle
        Direction in which a sweep moves, in radians: 0 from left to right, pi/2 from bottom to top.
    centre
        Place from the left and from the bottom, as shares of the section's width and height.
    seed, cue
        Key of the random order.
    windings
        How many times a spiral goes round.
    reverse
        Turn in the opposite order: the last holder first.

    Returns
    -------
    ndarray of float64, shape (rows * columns,)
        Fractions, of which the least is exactly 0 and the greatest exactly 1 (all 0 where all turn together).
        Always made on the host, so that all devices get the same numbers.

    Raises
    ------
    OrderError
        For an unknown order or an empty section.
    """
    if columns < 1 or rows < 1:
        raise OrderError(f"a section needs at least one row and one column, not {rows} by {columns}")
    row, column = np.divmod(np.arange(rows * columns), columns)
    across = (column + 0.5 - centre[0] * columns).astype(np.float64)
    up = (row + 0.5 - centre[1] * rows).astype(np.float64)

    def spiral() -> Fractions:
        distance = np.hypot(across, up)
        part = (np.arctan2(up, across) / (2.0 * math.pi)) % 1.0
        reach = distance / max(float(distance.max()), 1.0) * windings
        return np.asarray(np.ceil(reach - part) + part, dtype=np.float64)

    def dissolve() -> Fractions:
        random_bits = bits(seed, Purpose.DISSOLVE, cue, np.arange(rows * columns))
        rank = np.empty(rows * columns)
        rank[np.argsort(random_bits, kind="stable")] = np.arange(rows * columns)
        return rank

    # whole-card rounding errors of cos and sin would split a front that should move as one
    makers: dict[str, Callable[[], Fractions]] = {
        "together": lambda: np.zeros(rows * columns),
        "sweep": lambda: np.asarray(
            np.round(across * math.cos(angle) + up * math.sin(angle), 9), dtype=np.float64
        ),
        "ripple": lambda: np.hypot(across, up),
        "iris": lambda: -np.hypot(across, up),
        "spiral": spiral,
        "diagonal": lambda: column / columns + row / rows,
        "rows": lambda: row.astype(np.float64),
        "columns": lambda: column.astype(np.float64),
        "dissolve": dissolve,
    }
    if order not in makers:
        raise OrderError(f"unknown order {order!r}; the orders are {', '.join(ORDERS)}")
    fraction = _normalised(makers[order]())
    return _normalised(1.0 - fraction) if reverse else fraction


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
