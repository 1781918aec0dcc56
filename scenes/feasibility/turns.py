"""Turns and gestures that are faster than people can, and books that are nearly full."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from ...kernels.ticks import seconds
from .finding import SectionFinding, Severity, clock, shown_after
from .limits import BOOK, SHAKE, SWAP, TURN, Limit
from .seats_in_words import seats_in_words

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..load import LoadedShow
    from ..section_plan import SectionPlan


def find_fast_turns(loaded: LoadedShow, plan: SectionPlan) -> list[SectionFinding]:
    """Find turns, and gestures, that take less time than a hand does.

    Parameters
    ----------
    loaded : LoadedShow
    plan : SectionPlan
        Screens at the seats turn nothing, and give no finding.

    Returns
    -------
    list of SectionFinding
        At most one a cue and reason.
    """
    if plan.mode == "tablets":
        return []
    return [*_short_turns(plan), *_short_gestures(loaded, plan)]


def turning_seats(plan: SectionPlan, turn: int) -> NDArray[np.bool_]:
    """Who turns a page at a turn: (N,)."""
    turning: NDArray[np.bool_] = (
        plan.included[turn] & (plan.page[turn] != plan.page[turn - 1]) & plan.seats.taken
    )
    return turning


def _short_turns(plan: SectionPlan) -> list[SectionFinding]:
    limit = SWAP if plan.mode == "cards" else TURN
    by_cue: dict[int, int] = {}
    for number in range(1, len(plan.turns)):
        cue = plan.turns[number].cue
        if cue not in by_cue and turning_seats(plan, number).any():
            by_cue[cue] = number
    findings = []
    for number in by_cue.values():
        taken = seconds(plan.books.turn[number])
        if taken >= limit.value:
            continue
        word = "changing a card" if plan.mode == "cards" else "turning a page"
        findings.append(
            turn_finding(
                plan,
                number,
                turning_seats(plan, number),
                limit,
                severity="high" if taken < limit.value / 2 else "medium",
                weight=1 - float(taken) / limit.value,
                what=f"{word} takes {clock(taken)} here, but people need {limit.text}",
                measured=clock(taken),
                advice=f"give 'flip' a 'turn' of {limit.text} or more",
            )
        )
    return findings


def _short_gestures(loaded: LoadedShow, plan: SectionPlan) -> list[SectionFinding]:
    findings = []
    for index, cue in enumerate(loaded.show.card_section.cues):
        gesture = cue.gesture
        if gesture is None:
            continue
        turn = max((number for number, turn in enumerate(plan.turns) if turn.at <= cue.at), default=0)
        rows = [row for row, movement in enumerate(plan.movements) if movement.cue == index]
        takers = plan.books.gestures.taking[rows].any(axis=0) & plan.seats.taken
        if gesture.kind == "shake" and gesture.rate > SHAKE.value:
            limit, measured = SHAKE, f"{gesture.rate:g} times a second"
            what, advice = f"books are shaken {measured}", f"give 'shake' a 'rate' of {SHAKE.value:g} or less"
            weight = 1 - SHAKE.value / gesture.rate
        elif gesture.kind != "shake" and cue.flip.turn < TURN.value:
            limit, measured = TURN, clock(cue.flip.turn)
            what = f"to {gesture.kind} a book takes {measured} here, but people need {TURN.text}"
            advice = f"give 'flip' a 'turn' of {TURN.text} or more"
            weight = 1 - float(cue.flip.turn) / TURN.value
        else:
            continue
        findings.append(
            turn_finding(
                plan,
                turn,
                takers,
                limit,
                severity="medium",
                weight=weight,
                what=what,
                measured=measured,
                advice=advice,
                cue=index,
                at=cue.at,
            )
        )
    return findings


def find_full_books(plan: SectionPlan) -> list[SectionFinding]:
    """Find books that have room for few more pages.

    Parameters
    ----------
    plan : SectionPlan

    Returns
    -------
    list of SectionFinding
        One at most.
    """
    if plan.mode == "tablets":
        return []
    full = (plan.page_count > BOOK.value) & plan.seats.taken
    if not full.any():
        return []
    most = int(plan.page_count.max())
    fullest = full & (plan.page_count == most)
    last = max(number for number in range(len(plan.turns)) if plan.included[number][fullest].any())
    books = "1 book has" if full.sum() == 1 else f"{int(full.sum()):,} books have"
    return [
        turn_finding(
            plan,
            last,
            full,
            BOOK,
            severity="low",
            weight=float(full.sum()),
            what=f"{books} more than {BOOK.value:g} pages and the fullest {most}, of the 170 that fit",
            measured=f"{most} pages",
            advice="let a picture come back while its page is still open nearby, or use fewer pictures",
        )
    ]


def turn_finding(
    plan: SectionPlan,
    turn: int,
    seats: NDArray[np.bool_],
    limit: Limit,
    *,
    severity: Severity,
    weight: float,
    what: str,
    measured: str,
    advice: str,
    cue: int | None = None,
    at: Fraction | None = None,
) -> SectionFinding:
    """Return a finding about people who turn: what they show after it, with its cue and time."""
    called = plan.turns[turn]
    return SectionFinding(
        kind="books" if limit is BOOK else "turns",
        severity=severity,
        weight=weight,
        cue=called.cue if cue is None else cue,
        at=called.at if at is None else at,
        page="" if cue is not None else called.label,
        what=what,
        measured=measured,
        limit=limit,
        advice=advice,
        seats=seats,
        who=seats_in_words(seats, plan.seats),
        picture=shown_after(plan, turn),
    )
