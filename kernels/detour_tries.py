"""Other ways that people may go so that they do not collide, and how much they would on those."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from .collisions import stretches
from .detours import Detours, delayed
from .drill_ways import drill_ways
from .legs import chosen, together
from .meetings import Meetings, meetings
from .ticks import TICKS_PER_SECOND
from .timetable import walking
from .ways import Ways

if TYPE_CHECKING:
    from .drill import Drill

MOST_DELAY = 2 * TICKS_PER_SECOND
MOST_BOW = 1.6
"""Metres."""

# Shares of the most delay and the most bow, tried together; of equals the first is taken.
_ASIDE = tuple(sign * share for share in (0.2, 0.4, 0.6, 0.8, 1.0) for sign in (1.0, -1.0))
_SHARES = np.array(
    [(delay, 0.0) for delay in (0.0, 0.1, 0.2, 0.35, 0.5, 0.75, 1.0)]
    + [(0.0, bow) for bow in _ASIDE]
    + [(delay, bow) for delay in (0.3, 0.6, 1.0) for bow in _ASIDE[::4] + _ASIDE[1::4]]
)
_HURRY = 0.75  # share of the time for a walk that a delay leaves at least
_ROUND = 0.25  # share of the length of a way: no bow is larger


class Walks:
    """All troupes' walks, and what was changed on them so far."""

    def __init__(self, drills: Sequence[Drill], most_delay: int, most_bow: float) -> None:
        self._drills = drills
        self.sizes = np.array([drill.places.shape[1] for drill in drills], dtype=np.int64)
        self._first = np.concatenate([[0], np.cumsum(self.sizes)]).astype(np.int64)
        self._most_delay, self._most_bow = most_delay, most_bow
        before = [drill.detours or Detours.none(drill.sets, drill.people) for drill in drills]
        self._delay = [detours.delay.astype(np.int64) for detours in before]
        self._bow = [detours.bow.copy() for detours in before]

    def detours(self) -> tuple[Detours, ...]:
        """Return the changes made so far."""
        rows = zip(self._delay, self._bow, strict=True)
        return tuple(Detours(delay.copy(), bow.copy()) for delay, bow in rows)

    def groups(self) -> list[Ways]:
        """Return each troupe's ways with the changes."""
        return [drill_ways(*row) for row in zip(self._drills, self.detours(), strict=True)]

    def meetings(self, threshold: float, progress: Callable[[float], None]) -> Meetings:
        """Return who meets at any time, as `collisions` finds it."""
        groups = self.groups()
        return meetings(together(groups), threshold, stretches=stretches(groups), progress=progress)

    def restore(self, detours: tuple[Detours, ...]) -> None:
        """Return to changes made before."""
        self._delay, self._bow = [row.delay.copy() for row in detours], [row.bow.copy() for row in detours]

    def tries(self, ways: Ways, who: NDArray[np.int64], leg: NDArray[np.int64]) -> Tries:
        """Return other ways that people may go on their legs."""
        number = ways.number[leg]
        length = np.hypot(*(ways.goal[leg] - ways.origin[leg]).T)
        delay = np.zeros((len(_SHARES), len(who)), dtype=np.int64)
        begin, end = delay.copy(), delay.copy()
        bow = _SHARES[:, 1:] * np.minimum(self._most_bow, _ROUND * length)
        for troupe, drill in enumerate(self._drills):
            own = self._of(troupe, who)
            at = number[own], who[own] - self._first[troupe]
            table = drill.timetable
            depart, duration, arrive = table.depart[at], table.duration[at], table.due[at[0]]
            slack = arrive - depart - (_HURRY * duration).astype(np.int64)
            most = np.minimum(self._most_delay, np.maximum(slack, 0))
            delay[:, own] = (_SHARES[:, :1] * most).astype(np.int64)
            start, lasts = delayed(depart, duration, arrive, delay[:, own])
            begin[:, own], end[:, own] = walking(start, lasts)
        return Tries(who, leg, delay, bow, begin, end)

    def take(self, ways: Ways, tries: Tries, tried: NDArray[np.int64], changed: NDArray[np.bool_]) -> Ways:
        """Keep what some of the people tried; returns the ways with that."""
        for troupe in range(len(self._drills)):
            own = np.flatnonzero(changed)
            own = own[self._of(troupe, tries.who[own])]
            at = ways.number[tries.leg[own]], tries.who[own] - self._first[troupe]
            self._delay[troupe][at] = tries.delay[tried[own], own]
            self._bow[troupe][at] = tries.bow[tried[own], own]
        who = np.flatnonzero(changed)
        on = tried[who], who
        return _walked(ways, tries.leg[who], tries.begin[on], tries.end[on], tries.bow[on])

    def _of(self, troupe: int, who: NDArray[np.int64]) -> NDArray[np.int64]:
        return np.flatnonzero((who >= self._first[troupe]) & (who < self._first[troupe + 1]))


@dataclass(frozen=True, eq=False)
class Tries:
    """Ways that people `who` may go on their legs; of T tries, shape (T, people), as `Detours` and `Ways`."""

    who: NDArray[np.int64]
    leg: NDArray[np.int64]
    delay: NDArray[np.int64]
    bow: NDArray[np.float64]
    begin: NDArray[np.int64]
    end: NDArray[np.int64]

    def scores(
        self, ways: Ways, threshold: float, edges: NDArray[np.int64]
    ) -> tuple[NDArray[np.float64], int]:
        """Return how much each try, (T, people), would collide with all others as they are; and the work."""
        everyone = len(ways)
        owner = np.tile(self.who, len(self.bow))
        tries = chosen(ways, owner)
        on = tries.first[:-1] + np.tile(self.leg - ways.first[self.who], len(self.bow))
        changed = _walked(tries, on, self.begin.ravel(), self.end.ravel(), self.bow.ravel())
        asked = np.arange(everyone + len(owner)) >= everyone
        other_than = np.concatenate([np.full(everyone, -1), owner])
        met = meetings(
            together([ways, changed]), threshold, asked=asked, other_than=other_than, stretches=edges
        )
        # `other` is always the try: it has the larger number.
        return weights(met, met.other - everyone, len(owner)).reshape(self.bow.shape), met.looked


def _walked(
    ways: Ways,
    leg: NDArray[np.int64],
    begin: NDArray[np.int64],
    end: NDArray[np.int64],
    bow: NDArray[np.float64],
) -> Ways:
    """Return ways on which some legs are walked otherwise."""
    changed = dataclasses.replace(ways, begin=ways.begin.copy(), end=ways.end.copy(), bow=ways.bow.copy())
    changed.begin[leg], changed.end[leg], changed.bow[leg] = begin, end, bow
    return changed


def weights(
    found: Meetings, people: NDArray[np.int64], count: int, *, twice: bool = False
) -> NDArray[np.float64]:
    """Return each person's pairs, and less than one more for how near they come in the mean."""
    depth = 1.0 - found.near / found.threshold
    pairs = np.bincount(people, minlength=count)
    depths = np.bincount(people, weights=np.tile(depth, 2) if twice else depth, minlength=count)
    weights: NDArray[np.float64] = pairs + 0.999 * depths / np.maximum(pairs, 1)
    return weights
