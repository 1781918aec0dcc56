"""Cues written out: each single call to turn a page or to make a gesture, and whom it is for.

Cues lie over each other like sheets. A cue without `hold` covers what lay there before for good; one with
`hold` is taken away again, and people turn to what then lies below. So the pages of a moving picture are
called on and on to those who see it and to nobody else, and everyone hears one call at a time.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .schema_card_section import CardSection
    from .schema_cue import Cue

    Members = NDArray[np.bool_]

MOST_CALLS = 5_000
"""Turns, and gestures, that all cues of a show may come to; a book of 170 pages needs few hundred."""
_MOST_EVENTS = 50_000

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
        Show time in seconds.
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
) -> list[TurnCall]:
    """Return all calls to turn a page, in order of time, and in order of the cues where they come together.

    The first is what is shown from the beginning. Where two cues come at the same time for the same people,
    the later one in the file has them.

    Parameters
    ----------
    section : CardSection
    regions : sequence of ndarray of bool, shape (N,)
        Whom each cue is for.
    moments : callable
        Gives for the name of a page the moments of its run, in seconds from 0; ``(0,)`` for a still.

    Returns
    -------
    list of TurnCall
        Each for somebody; calls that would be for nobody are left out.

    Raises
    ------
    TooManyCallsError
    """
    events = sorted(_events(section, moments), key=lambda event: event[:4])
    layers = _Layers(regions[0].size)
    calls: list[TurnCall] = []
    for _, together in itertools.groupby(events, key=lambda event: event.at):
        at_once = list(together)
        begins, goes_on, ends = ([e for e in at_once if e.kind == kind] for kind in range(3))
        for event in begins:
            layers.cover(event, regions[event.cue], for_good=section.cues[event.cue].hold is None)
        for event in goes_on:
            layers.change(event)
        for event in begins + goes_on:
            calls += layers.call(event)
        calls += layers.take_away(ends)
        if len(calls) > MOST_CALLS:
            raise TooManyCallsError(calls[MOST_CALLS].cue)
    return calls


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
    """What lies over each person: the layers, and which of them is on top."""

    def __init__(self, people: int) -> None:
        self.top = np.full(people, -1, dtype=np.int32)
        self.bottom = self.top.copy()
        # Layers are ranked in the order in which they begin, which is not that of the file.
        self.rank: dict[int, int] = {}
        self.held: dict[int, Members] = {}
        self.shown: dict[int, _Event] = {}

    def cover(self, event: _Event, region: Members, *, for_good: bool) -> None:
        rank = self.rank.setdefault(event.layer, len(self.rank))
        self.shown[rank] = event
        self.top[region] = rank
        if for_good:
            self.bottom[region] = rank
        else:
            self.held[rank] = region

    def change(self, event: _Event) -> None:
        self.shown[self.rank[event.layer]] = event

    def call(self, event: _Event) -> Iterator[TurnCall]:
        included = self.top == self.rank[event.layer]
        if included.any():
            assert event.picture is not None
            yield _turn_call(event, event, included)

    def take_away(self, events: Sequence[_Event]) -> list[TurnCall]:
        """Let all that ends at one time end; people turn to what they then see."""
        before = self.top.copy()
        for event in events:
            del self.held[self.rank[event.layer]]
        for event in events:
            freed = before == self.rank[event.layer]
            below = self.bottom[freed]
            for rank, region in self.held.items():
                below = np.where(region[freed], np.maximum(below, rank), below)
            self.top[freed] = below
        calls = []
        for event in events:
            freed = before == self.rank[event.layer]
            # One call for each picture: what lay below need not be the same for all.
            seen: dict[tuple[Picture | None, Fraction], list[int]] = {}
            for rank in np.unique(self.top[freed]).tolist():
                shown = self.shown[rank]
                seen.setdefault((shown.picture, _began(shown)), []).append(rank)
            for ranks in seen.values():
                included = freed & np.isin(self.top, ranks)
                calls.append(_turn_call(event, self.shown[ranks[0]], included))
        return calls


def _began(shown: _Event) -> Fraction:
    return shown.at - (shown.picture.moment if shown.picture else 0)


def _turn_call(event: _Event, shown: _Event, included: Members) -> TurnCall:
    """Return the call that an event makes, to what a layer shows."""
    assert shown.picture is not None
    return TurnCall(
        cue=event.cue,
        step=event.step,
        at=event.at,
        picture=shown.picture,
        label=shown.label,
        began=_began(shown),
        reverse=event.reverse,
        included=included,
    )
