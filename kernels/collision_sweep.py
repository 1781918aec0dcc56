"""The sweep through time that finds who could meet: slabs of time, and in each by cells who is near whom."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .near_pairs import Pairs, Plane
from .ticks import TICKS_PER_SECOND
from .ways import Ways

SAME = 1e-9
"""Metres: places a threshold apart, but for rounding, are not nearer than it."""

_FARTHER = 0.4  # metres that the fastest goes in half a slab
_OFF = 0.03  # metres by which a slab's straight ways may be off
_COARSE = 3.0  # slabs for who may be near are that much longer
_FIRST_STEP = TICKS_PER_SECOND // 20


@dataclass(frozen=True, eq=False)
class Slab:
    """A stretch of time, and everyone's straight way in it: middle, half of the way, bound on what is off."""

    now: int
    until: int
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    half_x: NDArray[np.float64]
    half_y: NDArray[np.float64]
    off: NDArray[np.float64]

    @property
    def reach(self) -> NDArray[np.float64]:
        """How far anyone is from the middle at most."""
        reach: NDArray[np.float64] = np.hypot(self.half_x, self.half_y) + self.off
        return reach


class Sweep:
    """Where everyone is at the end of the last slab, and on which leg.

    Parameters
    ----------
    ways
        Of everyone.
    begin
        The tick from which on time is swept.
    coarseness
        How much longer slabs are than those in which pairs are looked for.
    """

    def __init__(self, ways: Ways, begin: int, coarseness: float = 1.0) -> None:
        self.ways, self.now = ways, begin
        self._farther, self._off = _FARTHER * coarseness, _OFF * coarseness
        self.leg = ways.leg_at(ways.first[:-1], begin)
        self.x, self.y = ways.places(self.leg, begin)
        self.walkers = np.flatnonzero(ways.moves[self.leg])
        self.movers = self.walkers[:0]
        self.step = _FIRST_STEP
        self._end_x, self._end_y = self.x[:0], self.y[:0]

    def next_slab(self, end: int) -> Slab | None:
        """Return the next slab in which anyone moves before the tick `end`; `movers` are those who do."""
        ways = self.ways
        self.walkers = self.walkers[ways.end[ways.last[self.leg[self.walkers]]] > self.now]
        if not len(self.walkers):
            return None
        leg = ways.leg_at(self.leg[self.walkers], self.now + 1)
        self.leg[self.walkers] = leg
        begin = ways.begin[leg]
        if max(self.now, int(begin.min())) >= end:
            return None
        self.now = max(self.now, int(begin.min()))
        while True:
            until = min(self.now + self.step, end)
            under_way = begin < until
            movers, on = self.walkers[under_way], leg[under_way]
            later = ways.leg_at(on, until)
            x, y = ways.places(later, until)
            half_x, half_y = (x - self.x[movers]) / 2.0, (y - self.y[movers]) / 2.0
            off = ways.deviation(on, later, self.now, until)
            load = float(max((np.hypot(half_x, half_y) + off).max() / self._farther, off.max() / self._off))
            if load <= 1.5 or self.step == 1:
                break
            self.step = max(1, int(self.step * max(0.9 / load, 1.0 / 16.0)))
        self.step = max(1, int(self.step * min(2.0, 1.0 / max(load, 0.1))))
        self.movers, self._end_x, self._end_y = movers, x, y
        return Slab(self.now, until, self.x[movers] + half_x, self.y[movers] + half_y, half_x, half_y, off)

    def advance(self, slab: Slab) -> None:
        """Go to the end of the slab."""
        self.x[self.movers], self.y[self.movers] = self._end_x, self._end_y
        self.now = slab.until


def nearby(ways: Ways, asked: NDArray[np.bool_], threshold: float, begin: int, end: int) -> NDArray[np.bool_]:
    """Tell who may come nearer than a threshold to one of the people asked at some time; those people too.

    In long slabs all who are in a cell beside one of theirs, where cells are as wide as two people can be
    apart who meet.

    Parameters
    ----------
    ways
        Of everyone.
    asked
        Shape (P,).
    threshold
        Metres.
    begin, end
        Ticks between which time is swept.
    """
    near = asked.copy()
    sweep = Sweep(ways, begin, _COARSE)
    slab: Slab | None = None
    while True:
        x, y, reach = sweep.x.copy(), sweep.y.copy(), 0.0
        if slab is not None:
            x[sweep.movers], y[sweep.movers], reach = slab.x, slab.y, float(slab.reach.max(initial=0.0))
        width = threshold + 2.0 * reach
        # One column and row of cells more on each side, for the neighbours of the outermost.
        column, row = (np.floor((at - at.min()) / width).astype(np.int64) + 1 for at in (x, y))
        about = np.zeros((int(row.max()) + 2, int(column.max()) + 2), dtype=bool)
        theirs = np.unique(row[asked] * about.shape[1] + column[asked])
        for step in (-about.shape[1], 0, about.shape[1]):
            for aside in (-1, 0, 1):
                about.reshape(-1)[theirs + step + aside] = True
        near |= about[row, column]
        if slab is not None:
            sweep.advance(slab)
        slab = sweep.next_slab(end)
        if slab is None:
            return near


def candidates(
    sweep: Sweep,
    slab: Slab | None,
    threshold: float,
    asked: NDArray[np.bool_] | None,
    other_than: NDArray[np.int64] | None,
) -> Iterator[Pairs]:
    """Yield blocks of people who may come nearer than the threshold in the slab, at least one moving.

    Without a slab: of people as they stand.
    """
    everyone = len(sweep.x)
    if slab is None:
        movers = np.arange(everyone)
        x, y, half_x, half_y = sweep.x, sweep.y, np.zeros(everyone), np.zeros(everyone)
        reach = np.zeros(everyone)
    else:
        movers, x, y, half_x, half_y = sweep.movers, slab.x, slab.y, slab.half_x, slab.half_y
        reach = slab.reach
    moves = np.zeros(everyone, dtype=bool)
    moves[movers] = True
    # By the numbers of people: the middle of the way, and half of it.
    mid_x, mid_y = sweep.x.copy(), sweep.y.copy()
    mid_x[movers], mid_y[movers] = x, y
    ahead_x, ahead_y, off, far = (np.zeros(everyone) for _ in range(4))
    ahead_x[movers], ahead_y[movers], far[movers] = half_x, half_y, reach
    if slab is not None:
        off[movers] = slab.off

    def met(one: NDArray[np.int64], other: NDArray[np.int64]) -> Pairs:
        apart_x, apart_y = mid_x[other] - mid_x[one], mid_y[other] - mid_y[one]
        room = threshold + far[one] + far[other]
        near = np.flatnonzero(apart_x * apart_x + apart_y * apart_y < room * room)
        if other_than is not None:
            near = near[(other_than[one[near]] != other[near]) & (other_than[other[near]] != one[near])]
        one, other, apart_x, apart_y = one[near], other[near], apart_x[near], apart_y[near]
        along_x, along_y = ahead_x[other] - ahead_x[one], ahead_y[other] - ahead_y[one]
        square = along_x * along_x + along_y * along_y
        with np.errstate(divide="ignore", invalid="ignore"):
            when = -(apart_x * along_x + apart_y * along_y) / square
        when = np.where(square > 0.0, np.clip(when, -1.0, 1.0), 0.0)
        least = np.hypot(apart_x + when * along_x, apart_y + when * along_y)
        close = least - off[one] - off[other] < threshold
        return one[close], other[close]

    most = float(reach.max(initial=0.0))
    inside = movers if asked is None else np.flatnonzero(asked)
    outside = np.flatnonzero(~moves if asked is None else ~asked)
    if other_than is None:
        for one, other in Plane(mid_x[inside], mid_y[inside], threshold + 2.0 * most).within():
            pairs = inside[one], inside[other]
            yield met(*pairs) if asked is None else _one_moves(moves, met(*pairs))
    if len(inside) and len(outside):
        some = _around(mid_x, mid_y, inside, outside, threshold + 2.0 * most)
        few, many = (inside, some) if len(inside) < len(some) else (some, inside)
        plane = Plane(mid_x[many], mid_y[many], threshold + 2.0 * most)
        for one, other in plane.around(mid_x[few], mid_y[few]):
            pairs = few[one], many[other]
            yield met(*pairs) if asked is None else _one_moves(moves, met(*pairs))


def _one_moves(moves: NDArray[np.bool_], pairs: Pairs) -> Pairs:
    keep = moves[pairs[0]] | moves[pairs[1]]
    return pairs[0][keep], pairs[1][keep]


def _around(
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    inside: NDArray[np.int64],
    outside: NDArray[np.int64],
    reach: float,
) -> NDArray[np.int64]:
    """Return those outside who are within reach of the box around those inside."""
    keep = np.ones(len(outside), dtype=bool)
    for row in (x, y):
        low, high = float(row[inside].min()) - reach, float(row[inside].max()) + reach
        keep &= (row[outside] > low) & (row[outside] < high)
    some: NDArray[np.int64] = outside[keep]
    return some
