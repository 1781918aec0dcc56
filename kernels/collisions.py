"""Who comes too near to whom, and when, over continuous time.

Time is swept in slabs, short enough that nobody goes far in one. In a slab everyone walks from one place to
another, straight and steadily but for a bound that is known (`Ways.deviation`); pairs that could meet are
found by cells, and for those the nearest approach of two points in steady motion is the minimum of a
quadratic. Where that, less the bounds, is nearer than the threshold, the slab is cut into eighths, until the
bounds are below a millimetre. What is handed over is the distance on the closed form itself at
the tick found.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from .collision_sweep import SAME, Slab, Sweep, candidates
from .ways import Ways, drill_ways, together

if TYPE_CHECKING:
    from .detours import Detours
    from .motion import Drill

THRESHOLD = 0.4
"""Metres between two people's middles: bodies are about 0.45 m wide, and shoulders turn."""

EXACT = 0.003
"""Metres: how much farther than the nearest approach the distance handed over may be."""

MOST_PAIRS = 1_000_000

_FINE = EXACT / 3  # metres: bounds on the deviation of both together, where slabs are no longer cut
_CUTS = 8
_CUT_AT_ONCE = 1 << 13  # pairs
_ROWS_WAITING = 1 << 19  # pairs found, before they are sorted


class CollisionError(ValueError):
    """A question about collisions that has no answer."""


@dataclass(frozen=True, eq=False)
class Collisions:
    """Pairs of people who come too near, each once, at its nearest moment; sorted by time, then by person.

    Attributes
    ----------
    one, other
        Shape (C, 2), int64: troupe and person. `one` comes before `other`.
    tick
        Shape (C,), int64: when they are nearest; for who always stood so, the beginning.
    near
        Shape (C,), float64 metres: how near they are then; at most `EXACT` more than the least there is.
    threshold
        Metres: pairs nearer than that are here; those less than `EXACT` nearer may be missing.
    error
        Metres by which true distances may differ because ways are given by samples; 0 for drills.
    until
        None where the whole time was looked at. Else the tick before which all pairs are here: there were
        more than were asked for, and the search ended.
    """

    one: NDArray[np.int64]
    other: NDArray[np.int64]
    tick: NDArray[np.int64]
    near: NDArray[np.float64]
    threshold: float
    error: float
    until: int | None

    def __len__(self) -> int:
        """Pairs."""
        return len(self.tick)


def collisions(
    troupes: Sequence[Drill | Ways],
    *,
    threshold: float = THRESHOLD,
    detours: Sequence[Detours | None] | None = None,
    most: int = MOST_PAIRS,
) -> Collisions:
    """Find all pairs of people who come nearer than a threshold at any time.

    Parameters
    ----------
    troupes
        Drills, or ways as `ways` makes them. All are on the field all the time.
    threshold
        Metres, positive.
    detours
        One for each troupe, None for those without; only drills have any.
    most
        Pairs, 1 or more. With more than that the search ends early, see `Collisions.until`.

    Raises
    ------
    CollisionError
        If the threshold is not a positive number, `most` is less than 1, or detours do not fit the troupes.
    WayError
        If a place is not finite.
    """
    check_threshold(threshold)
    if most < 1:
        raise CollisionError(f"at least one pair must be asked for, not {most}")
    groups = troupe_ways(troupes, detours)
    sizes = np.array([len(group) for group in groups], dtype=np.int64)
    return by_troupe(meetings(together(groups), threshold, most=most), sizes)


def check_threshold(threshold: float) -> None:
    """Raise CollisionError unless the threshold is a positive number of metres."""
    if not (np.isfinite(threshold) and threshold > 0):
        raise CollisionError(f"the threshold must be a positive number of metres, not {threshold}")


def troupe_ways(
    troupes: Sequence[Drill | Ways], detours: Sequence[Detours | None] | None = None
) -> list[Ways]:
    """Return each troupe's ways."""
    if detours is not None and len(detours) != len(troupes):
        raise CollisionError(f"there are {len(troupes)} troupes, but detours for {len(detours)}")
    groups = []
    for troupe, detour in zip(troupes, detours or [None] * len(troupes), strict=True):
        if not isinstance(troupe, Ways):
            groups.append(drill_ways(troupe, detour))
        elif detour is None:
            groups.append(troupe)
        else:
            raise CollisionError("only drills have detours: ways are as they are")
    return groups


@dataclass(frozen=True, eq=False)
class Meetings:
    """As `Collisions`, with people numbered throughout: `one` and `other` have the shape (C,)."""

    one: NDArray[np.int64]
    other: NDArray[np.int64]
    tick: NDArray[np.int64]
    near: NDArray[np.float64]
    threshold: float
    error: float = 0.0
    until: int | None = None

    def where(self, keep: NDArray[np.bool_]) -> Meetings:
        """Return some of the pairs."""
        one, other, tick, near = self.one[keep], self.other[keep], self.tick[keep], self.near[keep]
        return Meetings(one, other, tick, near, self.threshold, self.error, self.until)

    def joined(self, more: Meetings) -> Meetings:
        """Return the pairs of both, of which none are the same, sorted."""
        names = ("one", "other", "tick", "near")
        one, other, tick, near = (
            np.concatenate([getattr(self, name), getattr(more, name)]) for name in names
        )
        order = np.lexsort((other, one, tick))
        until = min((end for end in (self.until, more.until) if end is not None), default=None)
        error = max(self.error, more.error)
        return Meetings(one[order], other[order], tick[order], near[order], self.threshold, error, until)


def by_troupe(found: Meetings, sizes: NDArray[np.int64]) -> Collisions:
    """Return the pairs with troupe and person, where troupes have these sizes."""
    firsts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)

    def split(person: NDArray[np.int64]) -> NDArray[np.int64]:
        troupe = np.searchsorted(firsts, person, side="right") - 1
        both: NDArray[np.int64] = np.stack([troupe, person - firsts[troupe]], axis=1).astype(np.int64)
        return both

    one, other = split(found.one), split(found.other)
    return Collisions(one, other, found.tick, found.near, found.threshold, found.error, found.until)


class _Found:
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
        if len(one):
            self._new.append((self._numbered(one, other), tick, near))
            self._waiting += len(one)
            if self._waiting > _ROWS_WAITING + len(self._pair):
                self.settle()

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


def meetings(
    ways: Ways,
    threshold: float,
    *,
    asked: NDArray[np.bool_] | None = None,
    other_than: NDArray[np.int64] | None = None,
    most: int = MOST_PAIRS,
) -> Meetings:
    """Find pairs as `collisions` does.

    Parameters
    ----------
    ways
        Of everyone.
    threshold
        Metres.
    asked
        Shape (P,): only pairs with at least one of these people; None for all.
    other_than
        Shape (P,): with this, of the people asked no one meets another one of them, and person p does not
        meet the person `other_than[p]`.
    most
        Pairs with which the search ends.
    """
    everyone = len(ways)
    found = _Found(everyone)
    if everyone < 2:
        return _exact(ways, found, threshold, None)
    sweep = Sweep(ways)
    start, slab = ways.start, None
    while True:
        cuts = None if slab is None else _Cuts(ways, sweep, slab)
        for one, other in candidates(sweep, slab, threshold, asked, other_than):
            if cuts is None:
                near = np.hypot(sweep.x[other] - sweep.x[one], sweep.y[other] - sweep.y[one])
                found.add(one, other, np.full(len(one), start), near)
            else:
                for part in range(0, len(one), _CUT_AT_ONCE):
                    some = slice(part, part + _CUT_AT_ONCE)
                    cuts.look_at(one[some], other[some], threshold, found)
            if len(found) > most:
                return _exact(ways, found, threshold, start if slab is None else slab.now)
        if slab is not None:
            sweep.advance(slab)
        slab = sweep.next_slab()
        if slab is None:
            return _exact(ways, found, threshold, None)


def _exact(ways: Ways, found: _Found, threshold: float, until: int | None) -> Meetings:
    """Measure the pairs found on the closed form."""
    one, other, tick = found.pairs()
    # Of two who stand near each other, the moment is when the later one came.
    tick = np.maximum(ways.stands_since(one, tick), ways.stands_since(other, tick))
    order = np.lexsort((other, one, tick))
    one, other, tick = one[order], other[order], tick[order]
    places = [ways.places(ways.leg_at(ways.first[person], tick), tick) for person in (one, other)]
    near = np.hypot(places[1][0] - places[0][0], places[1][1] - places[0][1])
    error = 2.0 * float(ways.error.max(initial=0.0))
    return Meetings(one, other, tick, near, threshold, error, until).where(near < threshold - SAME)


class _Cuts:
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
        self, one: NDArray[np.int64], other: NDArray[np.int64], threshold: float, found: _Found
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
        found: _Found,
    ) -> None:
        """Look at parts of time, (cuts, pairs), between whose edges pairs are so far apart."""
        (x, along_x), (y, along_y) = ((row[:-1], np.diff(row, axis=0)) for row in apart)
        square = along_x * along_x + along_y * along_y
        share = np.clip(-(x * along_x + y * along_y) / np.where(square > 0.0, square, 1.0), 0.0, 1.0)
        near = np.hypot(x + share * along_x, y + share * along_y)
        # Of a pair, only what can still hold its nearest moment.
        best = np.minimum((near + off).min(axis=0), bound)
        hopeful = (near - off <= best) & (end > begin)
        fine = (off <= _FINE) | (end - begin <= 1)
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
