"""Ways that people walk, as legs: closed forms of time, with bounds on how far they are from straight lines.

A leg leads from one place to another between two ticks: eased, and then perhaps with a bow to one side or a
bend, or at a steady pace. Before the first leg, between legs and after the last a person stands.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .curves import bent
from .detours import bowed
from .easing import EASES, eased, sharpness

Places = NDArray[np.float64]

PACED = -1
"""The ease of a leg that is walked at one pace throughout; others have an index into `EASES`."""

BEFORE, DURING, AFTER = 1, 2, 4
"""Bits of `Ways.aloft`: standing before a leg, on it, and standing after the person's last one."""

# Largest second derivatives over the time of a leg of 16 s² (1 - s)² and of 3 s (1 - s)², with the share s of
# the way as each of `EASES` has it; found on a fine grid, rounded up.
_BOWED_BEND = (56.3, 36.5)
_BENT_BEND = (18.5, 45.4)


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
        Shape (L,), float64 metres: see `detours.bowed`; 0 on paced legs.
    ease
        Shape (L,), int8: index into `EASES`, or `PACED`.
    number
        Shape (L,), int64: the set that the leg leads to, or its place in a row of samples.
    error
        Shape (P,), float64 metres: how far the true way may be from the one here at any time; 0 where this
        is the closed form itself.
    bend
        Shape (L,), int16: which of `bends` a leg has; 0, of none, on paced legs.
    bends
        Shape (B, 2, 2), float64 metres: see `curves.bent`; the first is none.
    aloft
        Shape (L,), uint8: whether the person is off the ground, on others, in `BEFORE`, `DURING` and `AFTER`.
    """

    first: NDArray[np.int64]
    begin: NDArray[np.int64]
    end: NDArray[np.int64]
    origin: Places
    goal: Places
    bow: NDArray[np.float64]
    ease: NDArray[np.int8]
    number: NDArray[np.int64]
    error: NDArray[np.float64]
    bend: NDArray[np.int16]
    bends: NDArray[np.float64]
    aloft: NDArray[np.uint8]

    def __len__(self) -> int:
        """People."""
        return len(self.first) - 1

    @functools.cached_property
    def start(self) -> int:
        """The tick of the first leg's beginning; 0 without legs."""
        return int(self.begin.min()) if len(self.begin) else 0

    @functools.cached_property
    def finish(self) -> int:
        """The tick at which the last leg ends; 0 without legs."""
        return int(self.end.max()) if len(self.end) else 0

    @functools.cached_property
    def kinks(self) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        """By how much the velocity jumps, metres per tick, with each jump counted once.

        Shapes (L,), (L,), (L + 1,): at the beginning of each leg; at its end; of both, summed over all legs
        before.
        """
        whole = (self.goal - self.origin) / (self.end - self.begin)[:, None]
        pace = np.where((self.ease == PACED)[:, None], whole, 0.0)
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
        way = progress
        for kind in self._kinds:
            if kind != PACED:
                share = eased(kind, progress)
                way = share if len(self._kinds) == 1 else np.where(self.ease[leg] == kind, share, way)
        origin, goal = self.origin[leg], self.goal[leg]
        bow = self.bow[leg] if self._any_bow else 0.0
        x, y = bowed(way, origin[..., 0], origin[..., 1], goal[..., 0], goal[..., 1], bow)
        if not self._any_bend:
            return x, y
        aside_x, aside_y = bent(way, self.bends[self.bend[leg]])
        return x + aside_x, y + aside_y

    @functools.cached_property
    def moves(self) -> NDArray[np.bool_]:
        """Shape (L,): whether a leg leads anywhere at all."""
        moves: NDArray[np.bool_] = (self.origin != self.goal).any(axis=1) | (self.bend > 0)
        return moves

    @functools.cached_property
    def any_aloft(self) -> bool:
        """Whether anybody is ever off the ground."""
        return bool(self.aloft.any())

    def grounded(
        self, leg: NDArray[np.int64], later_leg: NDArray[np.int64], now: Any, until: Any
    ) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Tell who may be on the ground at some moment between two ticks, and who is all the time.

        Parameters
        ----------
        leg, later_leg
            As `leg_at` gives for `now` and `until`.
        now, until
            int64 ticks; the same for one moment.
        """
        ever, always = self._grounded_about(leg, now, until)
        if (later_leg != leg).any():
            more, all_of = self._grounded_about(later_leg, now, until)
            ever, always = ever | more, always & all_of
            several = later_leg > leg + 1
            ever, always = ever | several, always & ~(several & self._ever_aloft[leg])
        return ever, always

    def _grounded_about(
        self, leg: NDArray[np.int64], now: Any, until: Any
    ) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Tell the same where people stand before the leg, walk it, and stand after it."""
        up, begin, end = self.aloft[leg], self.begin[leg], self.end[leg]
        ever, always = np.zeros(up.shape, dtype=bool), np.ones(up.shape, dtype=bool)
        for bit, touched in (
            (BEFORE, now < begin),
            (DURING, (until >= begin) & (now <= end)),
            (AFTER, until > end),
        ):
            ever |= touched & ((up & bit) == 0)
            always &= ~(touched & ((up & bit) != 0))
        return ever, always

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

    def _bend_between(self, leg: NDArray[np.int64], now: Any, until: Any) -> NDArray[np.float64]:
        """Bound the acceleration on legs between two ticks, metres per tick²."""
        begin, duration = self.begin[leg], self._duration[leg]
        first = np.clip((now - begin) / duration, 0.0, 1.0)
        last = np.clip((until - begin) / duration, 0.0, 1.0)
        sharp = np.zeros(first.shape)
        for kind in self._kinds:
            if kind != PACED:
                bound = sharpness(kind, first, last)
                sharp = bound if len(self._kinds) == 1 else np.where(self.ease[leg] == kind, bound, sharp)
        along: NDArray[np.float64] = self._length[leg] / (duration * duration) * sharp
        return along + self._aside[leg] if self._any_bow or self._any_bend else along

    @functools.cached_property
    def _any_bow(self) -> bool:
        return bool(self.bow.any())

    @functools.cached_property
    def _any_bend(self) -> bool:
        return bool(self.bend.any())

    @functools.cached_property
    def _kinds(self) -> tuple[int, ...]:
        """Eases that there are."""
        return tuple(np.unique(self.ease).tolist())

    @functools.cached_property
    def _ever_aloft(self) -> NDArray[np.bool_]:
        """Shape (L,): whether the person whose leg it is is ever off the ground."""
        ever: NDArray[np.bool_] = np.maximum.reduceat(self.aloft, self.first[:-1]) > 0
        return np.repeat(ever, np.diff(self.first))

    @functools.cached_property
    def _duration(self) -> NDArray[np.float64]:
        return (self.end - self.begin).astype(np.float64)

    @functools.cached_property
    def _length(self) -> NDArray[np.float64]:
        """Shape (L,): metres of the straight way."""
        length: NDArray[np.float64] = np.hypot(*(self.goal - self.origin).T)
        return length

    @functools.cached_property
    def _ease(self) -> NDArray[np.float64]:
        """Shape (L,): a bound on the acceleration along the straight way, metres per tick²."""
        most = np.array([*(float(sharpness(kind, 0.0, 1.0)) for kind in range(len(EASES))), 0.0])
        ease: NDArray[np.float64] = most[self.ease] * self._length / self._duration**2
        return ease

    @functools.cached_property
    def _aside(self) -> NDArray[np.float64]:
        """Shape (L,): a bound on the acceleration that bow and bend add, metres per tick²."""
        # Paced legs, at -1, have none.
        bowing, bending = np.array([*_BOWED_BEND, 0.0]), np.array([*_BENT_BEND, 0.0])
        offset = np.hypot(self.bends[..., 0], self.bends[..., 1]).sum(axis=1)
        most = bowing[self.ease] * np.abs(self.bow) + bending[self.ease] * offset[self.bend]
        aside: NDArray[np.float64] = most / self._duration**2
        return aside
