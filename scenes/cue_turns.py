"""Cues written out: each single call to turn a page or to make a gesture, and whom it is for.

Cues lie over each other like sheets, the later on top, and each reaches a person when its order comes there.
A cue without `hold` covers what lay there before for good; one with `hold` is taken away again, and people
turn to what then lies below. So waves pass through each other, a cue that overtakes another leaves nothing of
it to be seen, the pages of a moving picture are called on and on to those who see it and to nobody else, and
everyone hears one call at a time.
"""

from __future__ import annotations

import bisect
import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ..kernels.ticks import seconds
from .cue_arrivals import arrivals

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .cue_arrivals import Arrival
    from .schema_card_section import CardSection
    from .schema_cue import Cue

    Members = NDArray[np.bool_]
    Ticks = NDArray[np.int64]

MOST_CALLS = 5_000
"""Turns, and gestures, that all cues of a show may come to; a book of 170 pages needs few hundred."""
_MOST_EVENTS = 50_000
_NEAR = Fraction(1, 1000)
"""Seconds that part the places of calls that some of the same people hear one after another."""

_BEGIN, _GO_ON, _END = range(3)


class TooManyCallsError(ValueError):
    """Cues that come to more calls than a show can have; `cue` says at which one."""

    def __init__(self, cue: int) -> None:
        self.cue = cue
        super().__init__(f"with this cue, the section is called more than {MOST_CALLS:,} times")


class Picture(NamedTuple):
    """One picture that the section is to show: a page, `moment` seconds after its run began."""

    page: str
    moment: Fraction


@dataclass(frozen=True, eq=False)
class TurnCall:
    """One call to turn to a picture.

    Attributes
    ----------
    cue : int
    step : int
        Which of the cue's own calls, from 0; calls of one step are for different people.
    at : Fraction
        Show time in seconds at which the cue calls it; its order runs from here.
    placed : Fraction
        Show time in seconds of its place among all calls, which never falls; calls of one place are for
        different people. It is `at` but for those who have heard a later call, or another at that time: for
        them it is when the call reaches the first of them, or as near to that as the order lets.
    picture : Picture
    label : str
        The page's name, with a number for one of a run, such as ``sea 3/12``.
    began : Fraction
        When the page was called, or a moving one began to run, in seconds of show time.
    reverse : bool
        Whether the cue's order is run through backwards.
    included : ndarray of bool, shape (N,)
    """

    cue: int
    step: int
    at: Fraction
    placed: Fraction
    picture: Picture
    label: str
    began: Fraction
    reverse: bool
    included: Members


@dataclass(frozen=True)
class GestureCall:
    """One call to a gesture; the attributes are those of `TurnCall`."""

    cue: int
    step: int
    at: Fraction
    reverse: bool


class _Event(NamedTuple):
    at: Fraction
    kind: int
    cue: int
    step: int
    layer: int
    picture: Picture | None
    label: str
    reverse: bool


def random_key(cue: int, step: int) -> int:
    """Return the key of the random numbers of a cue's call; a cue's first has the cue's own number."""
    return cue | step << 32


def occurrences(cue: Cue) -> Iterator[tuple[Fraction, bool]]:
    """Yield when a cue is done, in seconds, and whether backwards: once, or as often as it repeats."""
    if cue.repeat is None:
        yield cue.at, cue.flip.reverse
        return
    for count in range(cue.repeat.times):
        back = cue.repeat.back_and_forth and count % 2 == 1
        yield cue.at + count * cue.repeat.every, cue.flip.reverse != back


def gesture_calls(section: CardSection) -> list[GestureCall]:
    """Return all calls to gestures, in order of time.

    Raises
    ------
    TooManyCallsError
    """
    calls: list[GestureCall] = []
    for index, cue in enumerate(section.cues):
        if cue.gesture is not None:
            calls += [
                GestureCall(index, step, at, reverse) for step, (at, reverse) in enumerate(occurrences(cue))
            ]
            if len(calls) > MOST_CALLS:
                raise TooManyCallsError(index)
    return sorted(calls, key=lambda call: (call.at, call.cue))


def turn_calls(
    section: CardSection,
    regions: Sequence[Members],
    moments: Callable[[str], Sequence[Fraction]],
    delay: Callable[[int, bool], Ticks],
) -> list[TurnCall]:
    """Return all calls to turn a page, in order of time, and in order of the cues where they come together.

    The first is what is shown from the beginning. Each person's calls stand in the order in which they reach
    that person. Where two reach somebody at the same time, the one of the later cue holds.

    Parameters
    ----------
    section : CardSection
    regions : sequence of ndarray of bool, shape (N,)
        Whom each cue is for.
    moments : callable
        Gives for the name of a page the moments of its run, in seconds from 0; ``(0,)`` for a still.
    delay : callable
        Gives for a cue, and whether it is run through backwards, how long after its call each is due, (N,)
        ticks; the same array whenever it is asked again.

    Returns
    -------
    list of TurnCall
        Each for somebody; calls that would be for nobody are left out.

    Raises
    ------
    TooManyCallsError
    """
    events = sorted(_events(section, moments), key=lambda event: event[:4])
    layers = _Layers(section, events, regions[0].size)
    for arrival in arrivals(
        [event.at for event in events],
        lambda number: regions[events[number].cue],
        lambda number: delay(events[number].cue, events[number].reverse),
    ):
        layers.hear(arrival)
        if layers.count > MOST_CALLS:
            raise TooManyCallsError(events[arrival.call].cue)
    return layers.placed_calls()


def _events(section: CardSection, moments: Callable[[str], Sequence[Fraction]]) -> list[_Event]:
    """List when cues begin, go on and end, with a new layer for each time that a cue is done."""
    events: list[_Event] = []
    layer = itertools.count()
    for index, cue in enumerate(section.cues):
        if cue.page is None:
            continue
        run = moments(cue.page)
        step = itertools.count()
        for begin, reverse in occurrences(cue):
            this = next(layer)
            for number, moment in enumerate(run, 1):
                if cue.hold is not None and moment >= cue.hold:
                    break
                label = cue.page if len(run) == 1 else f"{cue.page} {number}/{len(run)}"
                kind, picture = _GO_ON if number > 1 else _BEGIN, Picture(cue.page, moment)
                events.append(_Event(begin + moment, kind, index, next(step), this, picture, label, reverse))
                if len(events) > _MOST_EVENTS:
                    raise TooManyCallsError(index)
            if cue.hold is not None:
                events.append(_Event(begin + cue.hold, _END, index, next(step), this, None, "", reverse))
    return events


class _Layers:
    """What lies over each person, and the calls that come of it."""

    def __init__(self, section: CardSection, events: Sequence[_Event], people: int) -> None:
        self.events = events
        self.calls: list[TurnCall] = []
        self.arrivals: list[Arrival] = []
        self.count = 0
        self.for_good = [cue.hold is None for cue in section.cues]
        # Layers are ranked in the order in which they are called, which is not that of the file.
        begins = [event for event in events if event.kind == _BEGIN]
        self.rank = {event.layer: rank for rank, event in enumerate(begins)}
        self.top = np.full(people, -1, dtype=np.int32)
        self.bottom = self.top.copy()
        self.held: dict[int, Members] = {}
        #: Which event each person saw last in a layer; all the same in one that does not move.
        self.seen: dict[int, NDArray[np.int32]] = {}
        self.begun: dict[int, int] = {}
        self.moving = {event.layer for event in events if event.kind == _GO_ON}
        self.heard = np.full(people, -1, dtype=np.int32)
        self.heard_at = np.zeros(people, dtype=np.int64)

    def hear(self, arrival: Arrival) -> None:
        """Let a call reach some people."""
        event = self.events[arrival.call]
        rank = self.rank[event.layer]
        if event.kind == _END:
            self._take_away(arrival, rank)
            return
        if event.kind == _BEGIN:
            np.copyto(self.top, np.maximum(self.top, rank), where=arrival.who)
            if self.for_good[event.cue]:
                np.copyto(self.bottom, np.maximum(self.bottom, rank), where=arrival.who)
            else:
                self.held[rank] = arrival.who | self.held.get(rank, False)
            self.begun[rank] = arrival.call
        if event.layer in self.moving:
            if rank not in self.seen:
                self.seen[rank] = np.full(self.top.size, -1, dtype=np.int32)
            self.seen[rank][arrival.who] = arrival.call
        self._call(arrival, event, arrival.who & (self.top == rank))

    def _take_away(self, arrival: Arrival, rank: int) -> None:
        """Let a layer end for some people, who turn to what they then see."""
        self.held[rank] = self.held[rank] & ~arrival.who
        freed = arrival.who & (self.top == rank)
        below = self.bottom[freed]
        for other, region in self.held.items():
            below = np.where(region[freed], np.maximum(below, other), below)
        self.top[freed] = below
        if not self.held[rank].any():
            del self.held[rank]
        # One call for each picture: what lay below need not be the same for all.
        apart: dict[tuple[Picture | None, Fraction], tuple[_Event, Members]] = {}
        for other in np.unique(below).tolist():
            there = freed & (self.top == other)
            for number in np.unique(self.seen[other][there]).tolist() if other in self.seen else [None]:
                shown = self.events[self.begun[other] if number is None else number]
                who = there if number is None else there & (self.seen[other] == number)
                key = shown.picture, _began(shown)
                apart[key] = shown, who | apart[key][1] if key in apart else who
        for shown, who in apart.values():
            self._call(arrival, shown, who)

    def _call(self, arrival: Arrival, shown: _Event, included: Members) -> None:
        """Call some people to what an event shows; they hear nothing else at that moment."""
        if not included.any():
            return
        event = self.events[arrival.call]
        assert shown.picture is not None
        twice = included & (self.heard >= 0) & (self.heard_at == arrival.when)
        for number in np.unique(self.heard[twice]).tolist():
            before = self.calls[number].included
            before &= ~(twice & (self.heard == number))
            self.count -= not before.any()
        np.copyto(self.heard, np.int32(len(self.calls)), where=included)
        np.copyto(self.heard_at, arrival.when, where=included)
        self.count += 1
        self.arrivals.append(arrival)
        self.calls.append(
            TurnCall(
                cue=event.cue,
                step=event.step,
                at=event.at,
                placed=event.at,
                picture=shown.picture,
                label=shown.label,
                began=_began(shown),
                reverse=event.reverse,
                included=included,
            )
        )

    def placed_calls(self) -> list[TurnCall]:
        """Return the calls that somebody hears, each at its place."""
        heard = [pair for pair in zip(self.calls, self.arrivals, strict=True) if pair[0].included.any()]
        made = [call.at for call, arrival in heard if not arrival.late]
        placed: list[TurnCall] = []
        former, there = Fraction(-1), np.zeros(self.top.size, dtype=bool)
        for call, arrival in heard:
            at = seconds(int(arrival.when[call.included].min())) if arrival.late else call.at
            # None comes behind a call that is made later and heard by everyone in turn.
            later = bisect.bisect_right(made, former)
            limit = made[later] if later < len(made) else None
            if arrival.late and limit is not None and at >= limit:
                at = former
            if at < former or (at == former and (there & call.included).any()):
                at = former + (_NEAR if limit is None else min(_NEAR, (limit - former) / 2))
            there = call.included | (there & (at == former))
            former = at
            placed.append(replace(call, placed=at))
        return placed


def _began(shown: _Event) -> Fraction:
    return shown.at - (shown.picture.moment if shown.picture else 0)
