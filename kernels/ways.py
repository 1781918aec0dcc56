"""Ways that people walk, as legs: closed forms of time, with bounds on how far they are from straight lines.

A leg leads from one place to another between two ticks, eased (and then perhaps with a bow to one side) or at
a steady pace. Before the first leg, between legs and after the last a person stands.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .array_module import to_numpy
from .detours import Detours, bowed, delayed

if TYPE_CHECKING:
    from .motion import Drill

Places = NDArray[np.float64]

FARTHEST = 1e6
"""Metres from the centre: no place may be farther off."""

# Largest second derivatives over the time of a leg, of 6t⁵ - 15t⁴ + 10t³ (10/√3 at its largest) and of
# 16 s² (1 - s)² with that as s (56.25, found on a fine grid); rounded up.
_EASED_BEND = 5.774
_BOWED_BEND = 56.3
_STEEP = 0.5 - 3.0**0.5 / 6.0  # where the first is at its largest; and again at 1 less that


class WayError(ValueError):
    """Ways that cannot be walked."""


@dataclass(frozen=True, eq=False)
class Ways:
    """The ways of a number of people, P, as L legs, sorted by person and then by time.

    Attributes
    ----------
    first
        Shape (P + 1,), int64: person p has the legs `first[p]` up to but without `first[p + 1]`, at least
        one. Who never moves has one leg from a place to itself.
    begin, end
        Shape (L,), int64 ticks.
    origin, goal
        Shape (L, 2), float64 metres.
    bow
        Shape (L,), float64 metres: see `detours.bowed`; 0 on steady legs.
    eased
        Shape (L,), bool: whether the leg is walked from rest to rest, or at a steady pace.
    number
        Shape (L,), int64: the set that the leg leads to, or its place in a row of samples.
    error
        Shape (P,), float64 metres: how far the true way may be from the one here at any time; 0 where this
        is the closed form itself.
    """

    first: NDArray[np.int64]
    begin: NDArray[np.int64]
    end: NDArray[np.int64]
    origin: Places
    goal: Places
    bow: NDArray[np.float64]
    eased: NDArray[np.bool_]
    number: NDArray[np.int64]
    error: NDArray[np.float64]

    def __len__(self) -> int:
        """People."""
        return len(self.first) - 1

    @functools.cached_property
    def start(self) -> int:
        """The tick of the first leg's beginning; 0 without legs."""
        return int(self.begin.min()) if len(self.begin) else 0

    @functools.cached_property
    def kinks(self) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        """By how much the velocity jumps, metres per tick, with each jump counted once.

        Shapes (L,), (L,), (L + 1,): at the beginning of each leg; at its end; of both, summed over all legs
        before.
        """
        pace = np.where(
            self.eased[:, None], 0.0, (self.goal - self.origin) / (self.end - self.begin)[:, None]
        )
        speed = np.hypot(*pace.T)
        at_begin, at_end = speed.copy(), speed.copy()
        same = np.ones(len(self.begin), dtype=bool)
        same[self.first[:-1]] = False
        on = np.flatnonzero(same)
        on = on[self.begin[on] == self.end[on - 1]]
        at_begin[on] = np.hypot(*(pace[on] - pace[on - 1]).T)
        at_end[on - 1] = 0.0
        return at_begin, at_end, np.concatenate([[0.0], np.cumsum(at_begin + at_end)])

    @functools.cached_property
    def last(self) -> NDArray[np.int64]:
        """Shape (L,): the last leg of the person whose leg it is."""
        return np.repeat(self.first[1:] - 1, np.diff(self.first))

    @functools.cached_property
    def _most_bend(self) -> NDArray[np.float64]:
        """Shape (L,): a bound on all accelerations of the person whose leg it is."""
        bend = self._ease + self._aside
        return np.repeat(np.maximum.reduceat(bend, self.first[:-1]), np.diff(self.first))

    def leg_at(self, leg: NDArray[np.int64], at: Any) -> NDArray[np.int64]:
        """Return the first leg from `leg` on that does not end before the ticks `at`; else the last one."""
        leg = np.array(np.broadcast_arrays(leg, at)[0], order="C")  # so that `flat` is a view
        flat, when = leg.reshape(-1), np.broadcast_to(at, leg.shape).reshape(-1)
        late = np.flatnonzero((self.end[flat] < when) & (flat < self.last[flat]))
        while len(late):
            flat[late] += 1
            still = flat[late]
            late = late[(self.end[still] < when[late]) & (still < self.last[still])]
        return leg

    def places(self, leg: NDArray[np.int64], at: Any) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return x and y at the ticks `at`, on legs as `leg_at` gives; broadcast against each other."""
        begin, end = self.begin[leg], self.end[leg]
        progress = np.clip(at - begin, 0, end - begin) / (end - begin)
        eased = self.eased[leg]
        way = np.where(eased, _eased(progress), progress) if not eased.all() else _eased(progress)
        origin, goal = self.origin[leg], self.goal[leg]
        bow = self.bow[leg] if self._any_bow else 0.0
        x, y = bowed(way, origin[..., 0], origin[..., 1], goal[..., 0], goal[..., 1], bow)
        return x, y

    def stands_since(self, person: NDArray[np.int64], at: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return since when people have stood where they stand at some ticks; that tick if they walk."""
        leg = self.leg_at(self.first[person], at)
        before = np.maximum(leg - 1, self.first[person])
        came = np.where(leg > self.first[person], self.end[before], np.minimum(self.start, at))
        waits = np.where(self.begin[leg] >= at, came, at)
        since: NDArray[np.int64] = np.where(self.end[leg] < at, self.end[leg], waits)
        return since

    def deviation(
        self, leg: NDArray[np.int64], later_leg: NDArray[np.int64], now: Any, until: Any
    ) -> NDArray[np.float64]:
        """Bound how far people are from a straight, steady walk between their places at two ticks.

        A twice differentiable way is within |acceleration| h²/8 of its chord (the remainder of linear
        interpolation), a jump of the velocity adds at most |jump| h/4.

        Parameters
        ----------
        leg, later_leg
            As `leg_at` gives for `now` and `until`.
        now, until
            int64 ticks.

        Returns
        -------
        NDArray[np.float64]
            Metres.
        """
        at_begin, at_end, before = self.kinks
        jumps = before[later_leg + 1] - before[leg]
        jumps = jumps - np.where(self.begin[leg] <= now, at_begin[leg], 0.0)
        jumps = jumps - np.where(self.end[later_leg] >= until, at_end[later_leg], 0.0)
        # The last leg may have ended before `now`.
        jumps = jumps - np.where(self.end[later_leg] <= now, at_end[later_leg], 0.0)
        bend = self._bend_between(leg, now, until)
        changes = later_leg != leg
        if changes.any():
            bend = np.where(changes, np.maximum(bend, self._bend_between(later_leg, now, until)), bend)
        if (later_leg > leg + 1).any():
            bend = np.where(later_leg > leg + 1, self._most_bend[leg], bend)
        step = np.asarray(until - now, dtype=np.float64)
        most = np.maximum(jumps, 0.0) * step / 4.0 + bend * step * step / 8.0
        stands = (self.begin[leg] >= until) | (self.end[later_leg] <= now)
        deviation: NDArray[np.float64] = np.where(stands, 0.0, most)
        return deviation

    @functools.cached_property
    def _any_bow(self) -> bool:
        return bool(self.bow.any())

    def _bend_between(self, leg: NDArray[np.int64], now: Any, until: Any) -> NDArray[np.float64]:
        """Bound the acceleration on legs between two ticks, metres per tick²."""
        begin, duration = self.begin[leg], self._duration[leg]
        first = np.clip((now - begin) / duration, 0.0, 1.0)
        last = np.clip((until - begin) / duration, 0.0, 1.0)
        # 60t - 180t² + 120t³ is largest in size at its two extremes, or at an end of the stretch.
        ends = np.maximum(np.abs(_second(first)), np.abs(_second(last)))
        over = ((first < _STEEP) & (last > _STEEP)) | ((first < 1.0 - _STEEP) & (last > 1.0 - _STEEP))
        bend: NDArray[np.float64] = np.where(over, self._ease[leg], self._ease[leg] / _EASED_BEND * ends)
        return bend + self._aside[leg] if self._any_bow else bend

    @functools.cached_property
    def _duration(self) -> NDArray[np.float64]:
        return (self.end - self.begin).astype(np.float64)

    @functools.cached_property
    def _ease(self) -> NDArray[np.float64]:
        """Shape (L,): a bound on the acceleration along the straight way, metres per tick²."""
        length = np.hypot(*(self.goal - self.origin).T)
        ease: NDArray[np.float64] = np.where(self.eased, _EASED_BEND * length, 0.0) / self._duration**2
        return ease

    @functools.cached_property
    def _aside(self) -> NDArray[np.float64]:
        """Shape (L,): a bound on the acceleration across the straight way, metres per tick²."""
        aside: NDArray[np.float64] = _BOWED_BEND * np.abs(self.bow) / self._duration**2
        return aside


def _eased(progress: NDArray[np.float64]) -> NDArray[np.float64]:
    """6t⁵ - 15t⁴ + 10t³, as `motion` eases its walks."""
    return progress * progress * progress * (progress * (progress * 6.0 - 15.0) + 10.0)


def _second(progress: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the second derivative of 6t⁵ - 15t⁴ + 10t³."""
    return progress * (60.0 + progress * (120.0 * progress - 180.0))


def drill_ways(drill: Drill, detours: Detours | None = None) -> Ways:
    """Return the ways of a drill's people: straight and eased, or as the detours have them.

    Parameters
    ----------
    drill
        The troupe's drill.
    detours
        Of the drill's sets and people.

    Raises
    ------
    WayError
        If a place is not finite or farther than `FARTHEST`, or the detours have another shape.
    """
    places = to_numpy(drill.places).astype(np.float64)
    sets, people = places.shape[:2]
    if detours is None:
        detours = Detours.none(sets, people)
    if detours.delay.shape != (sets, people):
        raise WayError(f"detours are for {detours.delay.shape} (sets, people), the drill has {sets, people}")
    _check(places, "drill places")
    depart, duration = to_numpy(drill.route.depart), to_numpy(drill.route.duration)
    depart, duration = delayed(depart[1:], duration[1:], to_numpy(drill.arrive)[1:, None], detours.delay[1:])
    origin, goal = places[:-1], places[1:]
    bow = np.where((origin != goal).any(axis=2), detours.bow[1:], 0.0)
    numbers = np.broadcast_to(np.arange(1, sets)[:, None], depart.shape)
    return _legs(
        places[0],
        int(to_numpy(drill.leave)[0]),
        [row.swapaxes(0, 1) for row in (depart, depart + duration, origin, goal, bow, numbers)],
        eased=True,
        error=0.0,
    )


def sampled_ways(at: NDArray[np.integer[Any]], places: NDArray[np.floating[Any]], error: float = 0.0) -> Ways:
    """Return ways through samples, walked steadily from each to the next.

    Parameters
    ----------
    at
        Shape (K,) or (P, K), integer ticks that rise along K.
    places
        Shape (P, K, 2), metres.
    error
        Metres: how far the true ways may be from the sampled ones at any time.

    Raises
    ------
    WayError
        If shapes do not fit, ticks do not rise, or a number is not finite or a place too far.
    """
    if places.ndim != 3 or places.shape[2] != 2 or places.shape[1] == 0:
        raise WayError(f"places must be (people, samples, 2) with at least one sample, not {places.shape}")
    people, samples = places.shape[:2]
    if at.dtype.kind not in "iu" or at.shape not in {(samples,), (people, samples)}:
        raise WayError(
            f"times must be ({samples},) or ({people}, {samples}) integer ticks, not {at.shape} {at.dtype}"
        )
    if not (np.isfinite(error) and error >= 0):
        raise WayError(f"the error must be a finite number of metres, not negative: {error}")
    _check(places, "sampled places")
    when = np.broadcast_to(at.astype(np.int64), (people, samples))
    if (np.diff(when, axis=1) <= 0).any():
        raise WayError("the times of a person's samples must rise")
    whole = places.astype(np.float64)
    numbers = np.broadcast_to(np.arange(1, samples), (people, samples - 1))
    bow = np.zeros((people, samples - 1))
    return _legs(
        whole[:, 0],
        int(when.min()) if people else 0,
        [when[:, :-1], when[:, 1:], whole[:, :-1], whole[:, 1:], bow, numbers],
        eased=False,
        error=error,
    )


def _check(places: NDArray[np.floating[Any]], what: str) -> None:
    if not np.isfinite(places).all():
        raise WayError(f"{what} must be finite numbers of metres")
    if np.abs(places).max(initial=0.0) > FARTHEST:
        raise WayError(f"{what} must be within {FARTHEST:g} m of the centre")


def _legs(home: Places, start: int, legs: list[NDArray[Any]], *, eased: bool, error: float) -> Ways:
    """Keep the legs, each given as (P, K ...), on which people move, and one for who never does."""
    begin, end, origin, goal, bow, number = legs
    people = len(home)
    moves = (origin != goal).any(axis=2)
    still = np.flatnonzero(~moves.any(axis=1))
    owner = np.concatenate([np.nonzero(moves)[0], still])
    order = np.argsort(owner, kind="stable")
    first = np.searchsorted(owner[order], np.arange(people + 1)).astype(np.int64)

    def kept(row: NDArray[Any], stands: Any) -> NDArray[Any]:
        every: NDArray[Any] = np.concatenate([row[moves], stands])[order]
        return every

    ones = np.ones(len(still), dtype=np.int64)
    return Ways(
        first=first,
        begin=kept(begin, start * ones),
        end=kept(end, (start + 1) * ones),
        origin=kept(origin, home[still]),
        goal=kept(goal, home[still]),
        bow=kept(bow, 0.0 * ones),
        eased=np.full(len(owner), eased),
        number=kept(number, 0 * ones),
        error=np.full(people, error),
    )


def together(groups: Sequence[Ways]) -> Ways:
    """Return the ways of several groups as those of one, people in the groups' order."""
    if not groups:
        return sampled_ways(np.zeros((0, 1), dtype=np.int64), np.zeros((0, 1, 2)))
    legs = np.cumsum([0, *(len(group.begin) for group in groups)])
    firsts = [group.first[:-1] + before for group, before in zip(groups, legs[:-1], strict=True)]
    return Ways(
        first=np.concatenate([*firsts, legs[-1:]]),
        begin=np.concatenate([group.begin for group in groups]),
        end=np.concatenate([group.end for group in groups]),
        origin=np.concatenate([group.origin for group in groups]),
        goal=np.concatenate([group.goal for group in groups]),
        bow=np.concatenate([group.bow for group in groups]),
        eased=np.concatenate([group.eased for group in groups]),
        number=np.concatenate([group.number for group in groups]),
        error=np.concatenate([group.error for group in groups]),
    )


def chosen(ways: Ways, who: NDArray[np.int64]) -> Ways:
    """Return the ways of some people, in the order asked for; someone may come more than once."""
    counts = np.diff(ways.first)[who]
    first = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    legs = np.repeat(ways.first[who] - first[:-1], counts) + np.arange(first[-1])
    return Ways(
        first,
        ways.begin[legs],
        ways.end[legs],
        ways.origin[legs],
        ways.goal[legs],
        ways.bow[legs],
        ways.eased[legs],
        ways.number[legs],
        ways.error[who],
    )
