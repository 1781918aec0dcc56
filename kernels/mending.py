"""Ways changed a little so that people do not collide: by setting off later, or by a bow to one side.

Greedy, in rounds, for each stretch of time in which people are under way. Of pairs that collide, no two with
the same person, one person each is chosen who is under way then, and tries some delays and bows against
everyone as they walk now; the best is kept if it is better than before. People changed in one round may meet
each other; the next round sees to that. What is handed over is the best there was. There is a bound on the
work, counted in pairs looked at.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from .array_module import to_numpy
from .collisions import THRESHOLD, CollisionError, Collisions, by_troupe, check_threshold
from .detour_tries import MOST_BOW, MOST_DELAY, Walks, weights
from .detours import Detours
from .legs import between, together
from .meetings import Meetings, Stretch, meetings
from .ways import PACED, Ways

if TYPE_CHECKING:
    from .drill import Drill

LOOKED = 40_000_000
LOOKED_A_PERSON = 1_000
"""How many pairs are looked at closely at most, in all rounds: so many, and as many more for each person."""

_LOOKS = 0.1  # share of the progress that the first look at all ways is, and as much the last

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
    drills
        As given, with detours where somebody has one.
    changes
        All ways with a detour, by troupe, set and person.
    before, remaining
        Collisions of the ways as given, and with the detours.
    ended
        Whether the work was as much as is allowed, and more of it might have mended more.
    """

    drills: tuple[Drill, ...]
    changes: tuple[Change, ...]
    before: Collisions
    remaining: Collisions
    ended: bool = False


def resolve(
    drills: Sequence[Drill],
    *,
    threshold: float = THRESHOLD,
    most_delay: int = MOST_DELAY,
    most_bow: float = MOST_BOW,
    rounds: int = 24,
    most_looked: int | None = None,
    progress: Callable[[float], None] = lambda share: None,
) -> Mended:
    """Mend collisions by delays and bows.

    Nobody arrives later than the set is due, and a delay takes at most a quarter of a walk's time. Who walks
    along a rail or climbs is left alone, and so are people who stand: two who collide while both stand still
    do afterwards.

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
        How often to try at most in each travel; five rounds that gain next to nothing are the last. At most
        4,000 people try in each.
    most_looked
        How many pairs of people are looked at closely at most, tries included, again in each slab of time: a
        bound on the work, parted among travels by how many collide in them. It is seen to after each round.
        None for `LOOKED` and `LOOKED_A_PERSON` for each.
    progress
        Called again and again with the share of the work done, from 0 to 1, which never falls. It may raise.

    Raises
    ------
    CollisionError
        If a bound is negative, or the threshold not positive.
    WayError
        If a place is not finite.
    """
    check_threshold(threshold)
    if min(most_delay, rounds, most_looked or 0) < 0 or not (np.isfinite(most_bow) and most_bow >= 0):
        raise CollisionError(
            f"bounds must not be negative: a delay of {most_delay}, a bow of {most_bow}, {rounds} rounds, "
            f"{most_looked} pairs"
        )
    walks = Walks(drills, most_delay, most_bow)
    ways = together(walks.groups())
    before = walks.meetings(threshold, lambda share: progress(_LOOKS * share))
    jobs = [_Job(ways, travel, threshold) for travel in _travels(drills)] if len(before.tick) else []
    left = LOOKED + LOOKED_A_PERSON * len(ways) if most_looked is None else most_looked
    pairs = whole = sum(job.weight for job in jobs)
    ended = False
    for job in jobs:
        if not job.weight:
            continue
        told, part = 1.0 - pairs / whole, job.weight / whole

        def share(done: float, told: float = told, part: float = part) -> None:
            progress(_LOOKS + (1.0 - 2.0 * _LOOKS) * (told + part * done))

        spent, whether = _mend(walks, job, rounds, left * job.weight // pairs, share)
        left, pairs, ended = max(left - spent, 0), pairs - job.weight, ended or whether
    remaining = before
    if jobs:
        remaining = walks.meetings(threshold, lambda share: progress(1.0 - _LOOKS + _LOOKS * share))
    # Fewer in each travel can be more in all, of those who were too near in several of them.
    if len(remaining.tick) > len(before.tick):
        walks, remaining = Walks(drills, most_delay, most_bow), before
    progress(1.0)
    detours = walks.detours()
    return Mended(
        drills=tuple(
            dataclasses.replace(drill, detours=detour) if detour.any else drill
            for drill, detour in zip(drills, detours, strict=True)
        ),
        changes=_changes(detours),
        before=by_troupe(before, walks.sizes),
        remaining=by_troupe(remaining, walks.sizes),
        ended=ended,
    )


def _travels(drills: Sequence[Drill]) -> list[Stretch]:
    """Return when anybody is under way, ticks; what is done in one stretch changes nothing in another."""
    times = sorted(
        (int(leave), int(arrive))
        for drill in drills
        for leave, arrive in zip(to_numpy(drill.leave)[1:], to_numpy(drill.arrive)[1:], strict=True)
    )
    travels: list[Stretch] = []
    for leave, arrive in times:
        if travels and leave < travels[-1][1]:
            travels[-1] = travels[-1][0], max(arrive, travels[-1][1])
        else:
            travels.append((leave, arrive))
    return travels


class _Job:
    """A stretch of time, everyone's ways in it, and who meets then."""

    def __init__(self, ways: Ways, travel: Stretch, threshold: float) -> None:
        self.ways, self.begin = between(ways, *travel), travel[0]
        self.edges = np.array(travel)
        self.found = meetings(self.ways, threshold, stretches=self.edges)
        self.weight = len(self.found.tick)


def _mend(
    walks: Walks, job: _Job, rounds: int, most_looked: int, progress: Callable[[float], None]
) -> tuple[int, bool]:
    """Mend collisions in a stretch of time; returns the work done, and whether that was all that may be."""
    if job.found.unseen:
        return 0, True  # more pairs than can be counted
    ways, found, edges = job.ways, job.found, job.edges
    best, best_score = walks.detours(), _score(found)
    stuck: set[tuple[int, int]] = set()
    moved, vain, looked = False, 0, 0
    for done in range(rounds):
        progress(max(done / rounds, min(looked / max(most_looked, 1), 1.0)))
        if looked >= most_looked:
            break
        who, leg = _who_tries(ways, found, stuck, job.begin)
        if not len(who) and moved:  # who found no better way may find one now that others have moved aside
            stuck, moved = set(), False
            who, leg = _who_tries(ways, found, stuck, job.begin)
        if not len(who):
            break
        tries = walks.tries(ways, who, leg)
        present = weights(found, np.concatenate([found.one, found.other]), len(ways), twice=True)[who]
        score, cost = tries.scores(ways, found.threshold, edges)
        looked += cost
        tried = score.argmin(axis=0)
        changed = score[tried, np.arange(len(who))] < present
        stuck.update(zip(who[~changed].tolist(), ways.number[leg[~changed]].tolist(), strict=True))
        if changed.any():
            moved = True
            ways = walks.take(ways, tries, tried, changed)
            asked = np.zeros(len(ways), dtype=bool)
            asked[who[changed]] = True
            kept = found.where(~(asked[found.one] | asked[found.other]))
            again = meetings(ways, found.threshold, asked=asked, stretches=edges)
            found, looked = kept.joined(again), looked + again.looked
            vain = 0 if len(found.tick) < _GAIN * best_score[0] else vain + 1
            if _score(found) < best_score:
                best, best_score = walks.detours(), _score(found)
        if vain == _MOST_IN_VAIN:
            break
    walks.restore(best)
    return looked, looked >= most_looked


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
    ways: Ways, found: Meetings, stuck: set[tuple[int, int]], begin: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Choose one person of each pair, of those under way the one with more collisions; and their leg."""
    people = np.stack([found.one, found.other], axis=1)
    legs = ways.leg_at(ways.first[people], found.tick[:, None])
    # At the very tick that a walk begins, people stand; but it is this walk that brings them together.
    walks = (ways.begin[legs] <= found.tick[:, None]) & ways.moves[legs]
    # Nobody leaves a rail, or climbs otherwise.
    walks &= (ways.ease[legs] != PACED) & (ways.aloft[legs] == 0)
    walks &= (ways.end[legs] >= found.tick[:, None]) & (ways.begin[legs] >= begin)
    often = np.bincount(people.ravel(), minlength=len(ways))
    tries: dict[int, int] = {}
    # Nobody is in two of the pairs: who moves aside finds the other where they are looked for.
    taken: set[int] = set()
    for pair, leg, walk in zip(people.tolist(), legs.tolist(), walks.tolist(), strict=True):
        if not taken.isdisjoint(pair):
            continue
        # Of two who collide as often, the later one in the order of all people.
        for side in (0, 1) if often[pair[0]] > often[pair[1]] else (1, 0):
            if walk[side] and (pair[side], int(ways.number[leg[side]])) not in stuck:
                tries[pair[side]] = leg[side]
                taken.update(pair)
                break
        if len(tries) == _MOST_AT_ONCE:
            break
    who = np.array(sorted(tries), dtype=np.int64)
    return who, np.array([tries[person] for person in who.tolist()], dtype=np.int64)
