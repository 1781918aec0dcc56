"""The card section of a show, worked out: who turns to which page of which book, when, in which colours."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import numpy as np

from ..kernels.books import Books
from ..kernels.people import absent, dropped
from ..kernels.ticks import ticks
from .cue_turns import GestureCall, Picture, TooManyCallsError, TurnCall, gesture_calls, turn_calls
from .errors import Problem, ShowError, YamlPath
from .pages import PageError
from .regions import RegionError, region
from .seats import SeatMap, SeatsError, seat_map
from .section_books import check_page_counts, make_books, performed_pages, shown_colours
from .section_pictures import cue_ink, draw_pictures, match_pictures, moments_of, section_palette
from .section_plan import Movement, SectionPlan, Turn
from .section_timing import (
    Holders,
    call_times,
    cue_fraction,
    mistakes,
    reactions,
    section_gestures,
    spread_over,
    starts,
    turn_ticks,
)
from .tablet_section import compile_tablets

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from fractions import Fraction

    from numpy.typing import NDArray

    from .load import LoadedShow

    Members = NDArray[np.bool_]
    Fractions = NDArray[np.float64]

MOST_STATES = 80_000_000
"""Turns times cells that are worked out at most, for the memory that they take."""


def compile_section(loaded: LoadedShow) -> SectionPlan:
    """Work out a card section: seats, turns, pictures, colours, books and people.

    What does not change with a cue (pictures, colours, chances) is kept in the process, and taken again when
    the show is compiled after an edit; the result is the same.

    Parameters
    ----------
    loaded : LoadedShow

    Returns
    -------
    SectionPlan

    Raises
    ------
    ShowError
        When the seats, a page, a mask or a region cannot be used, cues come to too many turns, or a book to
        too many pages.
    """
    section = loaded.show.card_section
    seats = section_seats(loaded)
    regions = cue_regions(loaded, seats)
    fraction = _fractions(loaded, seats, regions)
    calls, gestures = _calls(loaded, seats, regions, fraction)

    shown = sorted({call.picture for call in calls}, key=_order_of_pages(loaded))
    drawn = draw_pictures(loaded, seats, shown)
    palette = section_palette(loaded, seats)
    matched = match_pictures(section, drawn, palette)
    number = {picture: index for index, picture in enumerate(shown)}
    pictures = np.array([number[call.picture] for call in calls], dtype=np.int16)
    wanted, colour = shown_colours(calls, pictures, matched)
    pages = make_books(colour, section.mode, seats)
    if section.mode != "tablets":
        check_page_counts(loaded, seats, calls, colour, pages)

    holders = Holders(section.people, loaded.show.seed, seats)
    who = holders.people, holders.seed, holders.indices
    present = seats.taken & ~absent(*who)
    performed = performed_pages(pages.page, pages.count, calls, mistakes(holders, calls))
    fractions = [fraction(call.cue, call.reverse) for call in calls]
    included = np.stack([call.included for call in calls])
    turns = tuple(
        Turn(call.cue, call.placed, int(picture), call.label, None if call.placed == call.at else call.at)
        for call, picture in zip(calls, pictures, strict=True)
    )
    return SectionPlan(
        mode=section.mode,
        seats=seats,
        turns=turns,
        movements=tuple(
            Movement(call.cue, call.at, str(gesture.kind))
            for call in gestures
            if (gesture := section.cues[call.cue].gesture) is not None
        ),
        pictures=np.stack([picture.drawn.picture for picture in drawn]),
        matched=matched,
        included=included,
        wanted=wanted,
        due=_due(loaded, calls, fractions, pages.page, included),
        page=pages.page,
        book=pages.book,
        page_count=np.where(seats.taken, pages.count, 0).astype(np.int16),
        books=Books(
            rows=seats.rows,
            columns=seats.columns,
            start=starts(loaded, calls, fractions, reactions(holders, calls), _changes(performed)),
            turn=np.array([turn_ticks(section.cues[call.cue]) for call in calls], dtype=np.int64),
            page=performed,
            colour=pages.book,
            palette=palette,
            present=present,
            dropped=dropped(*who, *_performance(loaded)),
            gestures=section_gestures(
                loaded,
                gestures,
                [fraction(call.cue, call.reverse) for call in gestures],
                reactions(holders, gestures),
                regions,
            ),
        ),
        tablets=(
            compile_tablets(loaded, seats, calls, fractions, present) if section.mode == "tablets" else None
        ),
    )


def section_seats(loaded: LoadedShow) -> SeatMap:
    """Return the seats of a show's card section.

    Raises
    ------
    ShowError
        When they cannot be used; see `seats.seat_map`.
    """
    try:
        return seat_map(loaded)
    except SeatsError as error:
        path: YamlPath = ("card_section", *error.at)
        raise ShowError([loaded.problem(path, str(error), nearest=error.nearest)]) from error


def cue_regions(loaded: LoadedShow, seats: SeatMap) -> list[Members]:
    """Return whom each cue is for, (N,) each.

    Raises
    ------
    ShowError
        When a region is empty or cannot be found, or a mask or page not be drawn.
    """
    section = loaded.show.card_section
    regions: list[Members] = []
    problems: list[Problem] = []
    for index, cue in enumerate(section.cues):
        path: YamlPath = ("card_section", "cues", index, "where")
        ink = None
        if cue.where is not None and cue.where.drawn and cue.page is not None:
            ink = cue_ink(loaded, seats, cue.page)
        try:
            regions.append(region(cue.where, section, seats, loaded, ink))
        except RegionError as error:
            found = loaded.problem(
                (*path, *error.at), str(error), nearest=error.nearest, allowed=error.allowed
            )
            problems.append(found)
        except PageError as error:
            problems.append(loaded.problem((*path, "mask"), str(error)))
    if problems:
        raise ShowError(problems)
    return regions


def _calls(
    loaded: LoadedShow,
    seats: SeatMap,
    regions: Sequence[Members],
    fraction: Callable[[int, bool], Fractions],
) -> tuple[list[TurnCall], list[GestureCall]]:
    section = loaded.show.card_section
    spread: dict[tuple[int, int], NDArray[np.int64]] = {}

    def delay(cue: int, reverse: bool) -> NDArray[np.int64]:
        share, over = fraction(cue, reverse), ticks(section.cues[cue].flip.over)
        key = (id(share), over) if over else (0, 0)
        if key not in spread:
            spread[key] = spread_over(share, over)
        return spread[key]

    try:
        calls = turn_calls(section, regions, lambda name: moments_of(loaded, name), delay)
        gestures = gesture_calls(section)
    except TooManyCallsError as error:
        raise ShowError([loaded.problem(("card_section", "cues", error.cue), str(error))]) from error
    most = MOST_STATES // seats.taken.size
    for some in (calls, gestures):
        if len(some) > most:
            message = (
                f"with this cue, a section of {seats.taken.size:,} places is called more than {most:,} times"
            )
            raise ShowError([loaded.problem(("card_section", "cues", some[most].cue), message)])
    return calls, gestures


def _order_of_pages(loaded: LoadedShow) -> Callable[[Picture], tuple[int, Fraction]]:
    place = {name: index for index, name in enumerate(loaded.show.card_section.pages)}
    return lambda picture: (place[picture.page], picture.moment)


def _fractions(
    loaded: LoadedShow, seats: SeatMap, regions: Sequence[Members]
) -> Callable[[int, bool], Fractions]:
    """Return what tells when in the course of a cue, forwards or backwards, each is due: (N,), 0 to 1."""

    @functools.cache
    def fraction(cue: int, reverse: bool) -> Fractions:
        try:
            return cue_fraction(loaded, seats, cue, reverse, regions[cue])
        except PageError as error:
            path: YamlPath = ("card_section", "cues", cue, "flip", "map")
            raise ShowError([loaded.problem(path, str(error))]) from error

    return fraction


def _changes(page: NDArray[np.int16]) -> Members:
    changes = np.zeros(page.shape, dtype=bool)
    np.not_equal(page[1:], page[:-1], out=changes[1:])
    return changes


def _due(
    loaded: LoadedShow,
    calls: Sequence[TurnCall],
    fractions: Sequence[Fractions],
    page: NDArray[np.int16],
    included: Members,
) -> NDArray[np.int64]:
    """Return when somebody perfect begins each turn, or hears the call where the page stays."""
    turning = _changes(page)
    due = starts(loaded, calls, fractions, None, turning)
    cues = loaded.show.card_section.cues
    for turn, call in enumerate(calls):
        heard = included[turn] & ~turning[turn]
        np.copyto(due[turn], call_times(cues[call.cue], call, fractions[turn]), where=heard)
    return due


def _performance(loaded: LoadedShow) -> tuple[int, int]:
    """Return from when until when the film's shots see the show, in ticks."""
    shots = loaded.show.film.shots
    return ticks(min(shot.start for shot in shots)), ticks(max(shot.end for shot in shots))
