"""Ways changed a little so that people do not collide: by setting off later, or by a bow to one side.

Greedy, in rounds. Of each pair that collides one person is chosen who is under way then, and tries some
delays and bows against everyone as they walk now; the best is kept if it is better than before. People
changed in one round may meet each other; the next round sees to that. What is handed over is the best there
was.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from .array_module import to_numpy
from .collisions import THRESHOLD, CollisionError, Collisions, Meetings, by_troupe, check_threshold, meetings
from .detours import Detours, delayed
from .ticks import TICKS_PER_SECOND
from .ways import Ways, chosen, drill_ways, together

if TYPE_CHECKING:
    from .motion import Drill

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
_GAIN = 0.98
_MOST_IN_VAIN = 5  # rounds after which more than that part of the collisions remain
_MOST_AT_ONCE = 4000  # people who try in one round


@dataclass(frozen=True)
class Change:
    """What was done to one person's way.

    Attributes
    ----------
    troupe, person
        Who, counted from 0.
    number
        The set that the way leads to.
    delay
        Ticks by which they set off later.
    bow
        Metres to the left of the straight way, half-way; to the right where negative.
    """

    troupe: int
    person: int
    number: int
    delay: int
    bow: float


@dataclass(frozen=True, eq=False)
class Mended:
    """Ways with fewer collisions.

    Attributes
    ----------
    detours
        One for each troupe.
    changes
        All ways that are not as they were, by troupe, set and person.
    before, remaining
        Collisions of the ways as given, and with the detours.
    """

    detours: tuple[Detours, ...]
    changes: tuple[Change, ...]
    before: Collisions
    remaining: Collisions


def resolve(
    drills: Sequence[Drill],
    *,
    threshold: float = THRESHOLD,
    most_delay: int = MOST_DELAY,
    most_bow: float = MOST_BOW,
    rounds: int = 24,
) -> Mended:
    """Mend collisions by delays and bows.

    Nobody arrives later than the set is due, and a delay takes at most a quarter of a walk's time. People who
    stand are left alone: two who collide while both stand still do afterwards.

    Parameters
    ----------
    drills
        All troupes that are on the field.
    threshold
        Metres: how near is too near.
    most_delay
        Ticks; 0 for none.
    most_bow
        Metres; 0 for none. A way's bow is at most a quarter of its length.
    rounds
        How often to try at most; five rounds that gain next to nothing are the last. At most 4,000
        people try in each.

    Raises
    ------
    CollisionError
        If a bound is negative, or the threshold not positive.
    WayError
        If a place is not finite.
    """
    check_threshold(threshold)
    if most_delay < 0 or rounds < 0 or not (np.isfinite(most_bow) and most_bow >= 0):
        raise CollisionError(
            f"bounds must not be negative: a delay of {most_delay}, a bow of {most_bow}, {rounds} rounds"
        )
    walks = _Walks(drills, most_delay, most_bow)
    ways = walks.ways()
    found = meetings(ways, threshold)
    before, best, best_score = found, (found, walks.detours()), _score(found)
    stuck: set[tuple[int, int]] = set()
    moved, vain = False, 0
    for _ in range(rounds):
        who, leg = _who_tries(ways, found, stuck)
        if not len(who) and moved:  # who found no better way may find one now that others have moved aside
            stuck, moved = set(), False
            who, leg = _who_tries(ways, found, stuck)
        if not len(who):
            break
        changed = walks.improve(ways, found, who, leg)
        stuck.update(zip(who[~changed].tolist(), ways.number[leg[~changed]].tolist(), strict=True))
        if not changed.any():
            continue
        moved = True
        ways = walks.ways()
        asked = np.zeros(len(ways), dtype=bool)
        asked[who[changed]] = True
        kept = found.where(~(asked[found.one] | asked[found.other]))
        found = kept.joined(meetings(ways, threshold, asked=asked))
        vain = 0 if len(found.tick) < _GAIN * best_score[0] else vain + 1
        if _score(found) < best_score:
            best, best_score = (found, walks.detours()), _score(found)
        if vain == _MOST_IN_VAIN:
            break
    remaining, detours = best
    changes = _changes(detours)
    if changes:  # anew, so that moments are those that a check of the detours finds
        groups = [drill_ways(*row) for row in zip(drills, detours, strict=True)]
        remaining = meetings(together(groups), threshold)
    return Mended(
        detours=detours,
        changes=changes,
        before=by_troupe(before, walks.sizes),
        remaining=by_troupe(remaining, walks.sizes),
    )


def _score(found: Meetings) -> tuple[int, float]:
    """Return pairs, and by how much they are too near in all: less is better."""
    return len(found.tick), float((found.threshold - found.near).sum())


def _changes(detours: Sequence[Detours]) -> tuple[Change, ...]:
    changes = []
    for troupe, detour in enumerate(detours):
        for number, person in zip(*np.nonzero((detour.delay > 0) | (detour.bow != 0.0)), strict=True):
            delay, bow = int(detour.delay[number, person]), float(detour.bow[number, person])
            changes.append(Change(troupe, int(person), int(number), delay, bow))
    return tuple(changes)


def _who_tries(
    ways: Ways, found: Meetings, stuck: set[tuple[int, int]]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Choose one person of each pair, of those under way the one with more collisions; and their leg."""
    people = np.stack([found.one, found.other], axis=1)
    legs = ways.leg_at(ways.first[people], found.tick[:, None])
    # At the very tick that a walk begins, people stand; but it is this walk that brings them together.
    walks = (ways.begin[legs] <= found.tick[:, None]) & (ways.origin[legs] != ways.goal[legs]).any(axis=2)
    walks &= ways.end[legs] >= found.tick[:, None]
    often = np.bincount(people.ravel(), minlength=len(ways))
    taken: dict[int, int] = {}
    # A person's walk is tried once a round, and only if nobody else of the pair moves aside.
    for pair, leg, walk in zip(people.tolist(), legs.tolist(), walks.tolist(), strict=True):
        if pair[0] in taken or pair[1] in taken:
            continue
        # Of two who collide as often, the later one in the order of all people.
        for side in (0, 1) if often[pair[0]] > often[pair[1]] else (1, 0):
            if walk[side] and (pair[side], int(ways.number[leg[side]])) not in stuck:
                taken[pair[side]] = leg[side]
                break
        if len(taken) == _MOST_AT_ONCE:
            break
    who = np.array(sorted(taken), dtype=np.int64)
    return who, np.array([taken[person] for person in who.tolist()], dtype=np.int64)


class _Walks:
    """All troupes' walks, and what was changed on them so far."""

    def __init__(self, drills: Sequence[Drill], most_delay: int, most_bow: float) -> None:
        self._drills = drills
        self.sizes = np.array([drill.places.shape[1] for drill in drills], dtype=np.int64)
        self._first = np.concatenate([[0], np.cumsum(self.sizes)]).astype(np.int64)
        self._most_delay, self._most_bow = most_delay, most_bow
        shapes = [drill.places.shape[:2] for drill in drills]
        self._delay = [np.zeros(shape, dtype=np.int64) for shape in shapes]
        self._bow = [np.zeros(shape) for shape in shapes]

    def detours(self) -> tuple[Detours, ...]:
        """Return the changes made so far."""
        rows = zip(self._delay, self._bow, strict=True)
        return tuple(Detours(delay.copy(), bow.copy()) for delay, bow in rows)

    def ways(self) -> Ways:
        """Return everyone's ways with the changes."""
        return together([drill_ways(*row) for row in zip(self._drills, self.detours(), strict=True)])

    def improve(
        self, ways: Ways, found: Meetings, who: NDArray[np.int64], leg: NDArray[np.int64]
    ) -> NDArray[np.bool_]:
        """Let people try other ways on their legs; returns whose way was changed for a better one."""
        number = ways.number[leg]
        length = np.hypot(*(ways.goal[leg] - ways.origin[leg]).T)
        delay, bow = np.zeros((len(_SHARES), len(who)), dtype=np.int64), np.zeros((len(_SHARES), len(who)))
        begin, end = delay.copy(), delay.copy()
        widest = np.minimum(self._most_bow, _ROUND * length)
        bow[:] = _SHARES[:, 1:] * widest
        for troupe, drill in enumerate(self._drills):
            own = np.flatnonzero((who >= self._first[troupe]) & (who < self._first[troupe + 1]))
            at = number[own], who[own] - self._first[troupe]
            depart, duration = to_numpy(drill.route.depart)[at], to_numpy(drill.route.duration)[at]
            arrive = to_numpy(drill.arrive)[at[0]]
            slack = arrive - depart - (_HURRY * duration).astype(np.int64)
            most = np.minimum(self._most_delay, np.maximum(slack, 0))
            delay[:, own] = (_SHARES[:, :1] * most).astype(np.int64)
            begin[:, own], lasts = delayed(depart, duration, arrive, delay[:, own])
            end[:, own] = begin[:, own] + lasts
        score = self._scores(ways, found.threshold, who, leg, begin, end, bow)
        tried = score.argmin(axis=0)
        present = _weights(found, np.concatenate([found.one, found.other]), len(ways), twice=True)[who]
        column = np.arange(len(who))
        better: NDArray[np.bool_] = score[tried, column] < present
        for troupe in range(len(self._drills)):
            inside = (who >= self._first[troupe]) & (who < self._first[troupe + 1])
            own = np.flatnonzero(inside & better)
            at = number[own], who[own] - self._first[troupe]
            self._delay[troupe][at] = delay[tried[own], own]
            self._bow[troupe][at] = bow[tried[own], own]
        return better

    def _scores(
        self,
        ways: Ways,
        threshold: float,
        who: NDArray[np.int64],
        leg: NDArray[np.int64],
        begin: NDArray[np.int64],
        end: NDArray[np.int64],
        bow: NDArray[np.float64],
    ) -> NDArray[np.float64]:
        """Return for each try, (tries, people), how much it would collide with all others as they are."""
        everyone = len(ways)
        owner = np.tile(who, len(_SHARES))
        tries = chosen(ways, owner)
        on = tries.first[:-1] + np.tile(leg - ways.first[who], len(_SHARES))
        changed = dataclasses.replace(
            tries, begin=tries.begin.copy(), end=tries.end.copy(), bow=tries.bow.copy()
        )
        changed.begin[on], changed.end[on], changed.bow[on] = begin.ravel(), end.ravel(), bow.ravel()
        asked = np.arange(everyone + len(owner)) >= everyone
        other_than = np.concatenate([np.full(everyone, -1), owner])
        met = meetings(together([ways, changed]), threshold, asked=asked, other_than=other_than)
        # `other` is always the try: it has the larger number.
        return _weights(met, met.other - everyone, len(owner)).reshape(len(_SHARES), len(who))


def _weights(
    found: Meetings, people: NDArray[np.int64], count: int, *, twice: bool = False
) -> NDArray[np.float64]:
    """Return each person's pairs, and less than one more for how near they come in the mean."""
    depth = 1.0 - found.near / found.threshold
    pairs = np.bincount(people, minlength=count)
    depths = np.bincount(people, weights=np.tile(depth, 2) if twice else depth, minlength=count)
    weights: NDArray[np.float64] = pairs + 0.999 * depths / np.maximum(pairs, 1)
    return weights
