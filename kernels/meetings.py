"""Who of many people meets whom, person by person: the search through stretches of time."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .closest_approach import Cuts, Found
from .collision_sweep import SAME, Sweep, candidates, nearby
from .legs import chosen
from .ways import Ways

MOST_PAIRS = 1_000_000

Stretch = tuple[int, int]
"""Ticks from one, included, to another."""

_CUT_AT_ONCE = 1 << 13  # pairs
_FEW = 0.1  # share of the people: if fewer are asked, it is worth while to see who is near them first
_WORTH_WHILE = 0.01  # share of the most pairs that is left, for stretches to be taken up again


@dataclass(frozen=True, eq=False)
class Meetings:
    """As `collisions.Collisions`, with people numbered throughout: `one` and `other` have the shape (C,).

    `looked` is a measure of the work: how many pairs were looked at closely, again in each slab of time.
    """

    one: NDArray[np.int64]
    other: NDArray[np.int64]
    tick: NDArray[np.int64]
    near: NDArray[np.float64]
    threshold: float
    error: float = 0.0
    unseen: tuple[Stretch, ...] = ()
    looked: int = 0

    def where(self, keep: NDArray[np.bool_]) -> Meetings:
        """Return some of the pairs."""
        names = ("one", "other", "tick", "near")
        return dataclasses.replace(self, **{name: getattr(self, name)[keep] for name in names})

    def joined(self, more: Meetings) -> Meetings:
        """Return the pairs of both, of which none are the same, sorted."""
        names = ("one", "other", "tick", "near")
        rows = {name: np.concatenate([getattr(self, name), getattr(more, name)]) for name in names}
        order = np.lexsort((rows["other"], rows["one"], rows["tick"]))
        return Meetings(
            **{name: row[order] for name, row in rows.items()},
            threshold=self.threshold,
            error=max(self.error, more.error),
            unseen=tuple(sorted({*self.unseen, *more.unseen})),
            looked=self.looked + more.looked,
        )


def meetings(
    ways: Ways,
    threshold: float,
    *,
    asked: NDArray[np.bool_] | None = None,
    other_than: NDArray[np.int64] | None = None,
    most: int = MOST_PAIRS,
    stretches: NDArray[np.int64] | None = None,
    progress: Callable[[float], None] = lambda share: None,
) -> Meetings:
    """Find pairs as `collisions.collisions` does.

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
    stretches
        Shape (K + 1,), rising ticks: the edges of the stretches of time that are looked at, in order. Of the
        most pairs each has a share, to which what others leave is added. None for one stretch, all the
        time that there is.
    progress
        Called with the share of the time that was looked at; it may raise.
    """
    if stretches is None:
        stretches = np.array([ways.start, max(ways.finish, ways.start + 1)])
    if asked is None or int(asked.sum()) >= _FEW * len(ways):
        return _Search(ways, threshold, asked, other_than, progress).meetings(stretches, most)
    near = np.flatnonzero(nearby(ways, asked, threshold, int(stretches[0]), int(stretches[-1])))
    number = np.full(len(ways) + 1, -1, dtype=np.int64)  # the last stands for nobody
    number[near] = np.arange(len(near))
    spared = None if other_than is None else number[other_than[near]]
    search = _Search(chosen(ways, near), threshold, asked[near], spared, progress)
    some = search.meetings(stretches, most)
    return dataclasses.replace(some, one=near[some.one], other=near[some.other])


class _Search:
    """A search in progress; see `meetings`."""

    def __init__(
        self,
        ways: Ways,
        threshold: float,
        asked: NDArray[np.bool_] | None,
        other_than: NDArray[np.int64] | None,
        progress: Callable[[float], None],
    ) -> None:
        self._ways, self._threshold, self._progress = ways, threshold, progress
        self._asked, self._other_than = asked, other_than
        self._found, self._looked = Found(len(ways)), 0
        self._sweep: Sweep | None = None  # at the end of what was seen last
        self._done, self._whole = 0, 1  # ticks, so far and in all

    def meetings(self, stretches: NDArray[np.int64], most: int) -> Meetings:
        """Find pairs in stretches of time."""
        edges = stretches.tolist()
        self._whole = max(edges[-1] - edges[0], 1)
        unseen: list[Stretch] = list(itertools.pairwise(edges)) if len(self._ways) > 1 else []
        while unseen:
            # Each has an equal share of what is left; who needs less leaves the rest to the others.
            cut = []
            for number, (begin, end) in enumerate(unseen):
                share = max(most - len(self._found), 0) // (len(unseen) - number)
                until = self._look_at(begin, end, len(self._found) + share)
                self._done += until - begin
                if until < end:
                    cut.append((until, end))
            unseen, left = cut, most - len(self._found)
            if left < max(len(unseen), _WORTH_WHILE * most):
                break
        self._progress(1.0)
        return self._measured(tuple(unseen))

    def _look_at(self, begin: int, end: int, most: int) -> int:
        """Look at a stretch until there are more pairs than that; returns the end of what was seen."""
        if self._sweep is None or self._sweep.now != begin:
            self._sweep = Sweep(self._ways, begin)
            self._looked += len(self._ways)
            for one, other in candidates(self._sweep, None, self._threshold, self._asked, self._other_than):
                self._found.add(*_standing(self._sweep, one, other, begin))
                if self._found.more_than(most):
                    self._sweep = None
                    return begin
        sweep = self._sweep
        while (slab := sweep.next_slab(end)) is not None:
            cuts = Cuts(self._ways, sweep, slab)
            self._looked += len(sweep.movers)
            for one, other in candidates(sweep, slab, self._threshold, self._asked, self._other_than):
                self._looked += len(one)
                for part in range(0, len(one), _CUT_AT_ONCE):
                    some = slice(part, part + _CUT_AT_ONCE)
                    cuts.look_at(one[some], other[some], self._threshold, self._found)
                if self._found.more_than(most):
                    self._sweep = None
                    return slab.now
            sweep.advance(slab)
            self._progress((self._done + slab.until - begin) / self._whole)
        sweep.now = max(sweep.now, end)
        return end

    def _measured(self, unseen: tuple[Stretch, ...]) -> Meetings:
        """Measure the pairs found on the closed form."""
        ways, (one, other, tick) = self._ways, self._found.pairs()
        # Of two who stand near each other, the moment is when the later one came.
        tick = np.maximum(ways.stands_since(one, tick), ways.stands_since(other, tick))
        order = np.lexsort((other, one, tick))
        one, other, tick = one[order], other[order], tick[order]
        places = [ways.places(ways.leg_at(ways.first[person], tick), tick) for person in (one, other)]
        near = np.hypot(places[1][0] - places[0][0], places[1][1] - places[0][1])
        error = 2.0 * float(ways.error.max(initial=0.0))
        found = Meetings(one, other, tick, near, self._threshold, error, unseen, self._looked)
        return found.where(near < self._threshold - SAME)


def _standing(
    sweep: Sweep, one: NDArray[np.int64], other: NDArray[np.int64], start: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Return (one, other, tick, near) of those pairs of which nobody is aloft at the beginning."""
    if sweep.ways.any_aloft:
        legs = sweep.leg[one], sweep.leg[other]
        grounded = [sweep.ways.grounded(leg, leg, start, start)[0] for leg in legs]
        one, other = one[grounded[0] & grounded[1]], other[grounded[0] & grounded[1]]
    near = np.hypot(sweep.x[other] - sweep.x[one], sweep.y[other] - sweep.y[one])
    return one, other, np.full(len(one), start), near
