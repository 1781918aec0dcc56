"""The nearest moments of pairs of people: those found so far, and how they are found in a slab of time."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .collision_sweep import Slab, Sweep
from .ways import Ways

EXACT = 0.003
"""Metres: how much farther than the nearest approach the distance handed over may be."""

_FINE = EXACT / 3  # metres: bounds on the deviation of both together, where slabs are no longer cut
_CUTS = 8
_ROWS_WAITING = 1 << 19  # pairs found, before they are sorted


class Found:
    """Pairs found so far, each at its nearest."""

    def __init__(self, people: int) -> None:
        self._people = people
        # Sorted by pair, one row a pair; and what came since.
        self._pair = self._tick = np.zeros(0, dtype=np.int64)
        self._near = np.zeros(0)
        self._new: list[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]] = []
        self._waiting = 0

    def __len__(self) -> int:
        """Pairs, but for those that came last."""
        return len(self._pair)

    def known(self, one: NDArray[np.int64], other: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return how near pairs are known to come; infinite for others."""
        if not len(self._pair):
            return np.full(len(one), np.inf)
        pair = self._numbered(one, other)
        at = np.minimum(np.searchsorted(self._pair, pair), len(self._pair) - 1)
        return np.where(self._pair[at] == pair, self._near[at], np.inf)

    def _numbered(self, one: NDArray[np.int64], other: NDArray[np.int64]) -> NDArray[np.int64]:
        number: NDArray[np.int64] = np.minimum(one, other) * self._people + np.maximum(one, other)
        return number

    def add(
        self,
        one: NDArray[np.int64],
        other: NDArray[np.int64],
        tick: NDArray[np.int64],
        near: NDArray[np.float64],
    ) -> None:
        """Add pairs, each near at a tick; they may be known already."""
        if len(one):
            self._new.append((self._numbered(one, other), tick, near))
            self._waiting += len(one)
            if self._waiting > _ROWS_WAITING + len(self._pair):
                self.settle()

    def more_than(self, pairs: int) -> bool:
        """Tell whether there are more pairs than that."""
        if len(self) + self._waiting > pairs:
            self.settle()
        return len(self) > pairs

    def settle(self) -> None:
        """Take in what came."""
        columns = zip((self._pair, self._tick, self._near), *self._new, strict=True)
        pair, tick, near = (np.concatenate(column) for column in columns)
        order = np.argsort(pair)
        pair, tick, near = pair[order], tick[order], near[order]
        first = np.flatnonzero(np.diff(pair, prepend=-1))
        if len(first):
            least = np.minimum.reduceat(near, first)
            # At the same distance the earliest, whatever the order of equals above.
            late = near > np.repeat(least, np.diff(first, append=len(pair)))
            tick = np.minimum.reduceat(np.where(late, np.iinfo(np.int64).max, tick), first)
            self._pair, self._tick, self._near = pair[first], tick, least
        self._new, self._waiting = [], 0

    def pairs(self) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """Return (one, other, tick)."""
        self.settle()
        one, other = np.divmod(self._pair, max(self._people, 1))
        return one, other, self._tick


class Cuts:
    """Where all who move in a slab are at the edges of its eighths, and which pairs meet in those."""

    def __init__(self, ways: Ways, sweep: Sweep, slab: Slab) -> None:
        self.ways, self.sweep = ways, sweep
        # Whole ticks: of a slab shorter than the cuts some parts are empty.
        self.edges = slab.now + (slab.until - slab.now) * np.arange(_CUTS + 1) // _CUTS
        people = len(sweep.x)
        self._x, self._y = (np.empty((_CUTS + 1, people)) for _ in range(2))
        self._off = np.empty((_CUTS, people))
        self._ready = np.zeros(people, dtype=bool)
        self._moves = np.zeros(people, dtype=bool)
        self._moves[sweep.movers] = True

    def _work_out(self, people: NDArray[np.int64]) -> None:
        """See to it that places, (cuts + 1, P), and what straight ways are off, (cuts, P), are there."""
        asked = np.zeros(len(self._ready), dtype=bool)
        asked[people] = True
        asked &= ~self._ready
        self._ready |= asked
        stands, moves = np.flatnonzero(asked & ~self._moves), np.flatnonzero(asked & self._moves)
        self._x[:, stands], self._y[:, stands] = self.sweep.x[stands], self.sweep.y[stands]
        self._off[:, stands] = 0.0
        ways, edges = self.ways, self.edges[:, None]
        leg = self.sweep.leg[moves]
        same = ways.leg_at(leg, self.edges[-1]) == leg
        who, on = moves[same], leg[same]
        self._x[:, who], self._y[:, who] = ways.places(on, edges)
        self._off[:, who] = ways.deviation(on, on, edges[:-1], edges[1:])
        who, legs = moves[~same], ways.leg_at(leg[~same][None], edges)
        self._x[:, who], self._y[:, who] = ways.places(legs, edges)
        self._off[:, who] = ways.deviation(legs[:-1], legs[1:], edges[:-1], edges[1:])

    def look_at(
        self, one: NDArray[np.int64], other: NDArray[np.int64], threshold: float, found: Found
    ) -> None:
        """Add those of the pairs that come nearer than the threshold, and than is known of them."""
        self._work_out(np.concatenate([one, other]))
        x, y, off = self._x, self._y, self._off
        apart = x[:, other] - x[:, one], y[:, other] - y[:, one]
        edges = np.broadcast_to(self.edges[:, None], (_CUTS + 1, len(one)))
        begin, end = edges[:-1], edges[1:]
        bound = np.minimum(threshold, found.known(one, other) - _FINE)
        legs = self.sweep.leg[one], self.sweep.leg[other]
        self._look(one, other, legs, apart, off[:, other] + off[:, one], begin, end, bound, found)

    def _grounded(
        self,
        legs: tuple[NDArray[np.int64], NDArray[np.int64]],
        begin: NDArray[np.int64],
        end: NDArray[np.int64],
    ) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Tell of parts of time, (cuts, pairs), whether both are on the ground at some moment, and always."""
        ever, always = np.ones(begin.shape, dtype=bool), np.ones(begin.shape, dtype=bool)
        for leg in legs:
            now = self.ways.leg_at(np.broadcast_to(leg, begin.shape), begin)
            some, all_of = self.ways.grounded(now, self.ways.leg_at(now, end), begin, end)
            ever &= some
            always &= all_of
        return ever, always

    def _look(
        self,
        one: NDArray[np.int64],
        other: NDArray[np.int64],
        legs: tuple[NDArray[np.int64], NDArray[np.int64]],
        apart: tuple[NDArray[np.float64], NDArray[np.float64]],
        off: NDArray[np.float64],
        begin: NDArray[np.int64],
        end: NDArray[np.int64],
        bound: NDArray[np.float64],
        found: Found,
    ) -> None:
        """Look at parts of time, (cuts, pairs), between whose edges pairs are so far apart."""
        (x, along_x), (y, along_y) = ((row[:-1], np.diff(row, axis=0)) for row in apart)
        square = along_x * along_x + along_y * along_y
        share = np.clip(-(x * along_x + y * along_y) / np.where(square > 0.0, square, 1.0), 0.0, 1.0)
        near = np.hypot(x + share * along_x, y + share * along_y)
        most, fine = near + off, (off <= _FINE) | (end - begin <= 1)
        if self.ways.any_aloft:
            ever, always = self._grounded(legs, begin, end)
            near = np.where(ever, near, np.inf)
            most, fine = np.where(always, most, np.inf), fine & (always | ~ever | (end - begin <= 1))
        # Of a pair, only what can still hold its nearest moment.
        best = np.minimum(most.min(axis=0), bound)
        hopeful = (near - off <= best) & (end > begin)
        part, pair = np.nonzero(hopeful & fine)
        when = begin[part, pair] + np.rint(share[part, pair] * (end - begin)[part, pair]).astype(np.int64)
        found.add(one[pair], other[pair], when, near[part, pair])
        part, pair = np.nonzero(hopeful & ~fine)
        if not len(pair):
            return
        first, last = begin[part, pair], end[part, pair]
        edges = first + (last - first) * np.arange(_CUTS + 1)[:, None] // _CUTS
        ways, one, other = self.ways, one[pair], other[pair]
        at = [ways.leg_at(leg[pair], edges) for leg in legs]
        (x, y), (other_x, other_y) = (ways.places(leg, edges) for leg in at)
        offs = [ways.deviation(leg[:-1], leg[1:], edges[:-1], edges[1:]) for leg in at]
        self._look(
            one,
            other,
            (at[0][0], at[1][0]),
            (other_x - x, other_y - y),
            offs[0] + offs[1],
            edges[:-1],
            edges[1:],
            bound[pair],
            found,
        )
