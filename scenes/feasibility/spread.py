"""Cues that come before the last one is over, and people who fall behind."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from ...kernels.ticks import TICKS_PER_SECOND, seconds, ticks
from .called import called_times
from .finding import SectionFinding, Severity, clock, per_cent, shown_after
from .limits import LAG, SPREAD
from .seats_in_words import seats_in_words

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..load import LoadedShow
    from ..section_plan import SectionPlan

_BEHIND_SHARE = 0.01


@dataclass(frozen=True, eq=False)
class _Overlap:
    """A cue that begins while people still turn at the one before."""

    turn: int
    former: int
    seats: NDArray[np.bool_]
    of: int
    too_early: int


@dataclass(frozen=True, eq=False)
class _Behind:
    """People who cannot begin a turn since they are still at the one before; of a cue, its worst turn."""

    turn: int
    seats: NDArray[np.bool_]
    lag: int
    most: int


def find_close_cues(loaded: LoadedShow, plan: SectionPlan) -> list[SectionFinding]:
    """Find cues that leave the picture before them no time to stand, and people whom that makes late.

    The first is where the first seats of a cue are due although more than one in twenty of those seats have
    not ended the cue before, late starts and all; the second where the turn before keeps people from
    beginning when they would have. Turns within one cue, such as those of a moving page, are not compared.

    Parameters
    ----------
    loaded : LoadedShow
    plan : SectionPlan
        Screens at the seats follow at once, and give no finding.

    Returns
    -------
    list of SectionFinding
        At most one a cue.
    """
    if plan.mode == "tablets":
        return []
    overlaps, behind = _compare(loaded, plan)
    present = int((plan.books.present & plan.seats.taken).sum())
    late = {cue: lag for cue, lag in behind.items() if lag.seats.sum() > _BEHIND_SHARE * present}
    findings = [_late_finding(plan, lag) for lag in late.values()]
    findings += [_overlap_finding(plan, overlap) for cue, overlap in overlaps.items() if cue not in late]
    return findings


def _compare(loaded: LoadedShow, plan: SectionPlan) -> tuple[dict[int, _Overlap], dict[int, _Behind]]:
    """Follow everybody from turn to turn: overlaps and lags by cue."""
    people = loaded.show.card_section.people
    reaction = 0 if people.perfect else ticks(people.reaction)
    books, taken = plan.books, plan.seats.taken & plan.books.present
    never = np.int64(-(1 << 60))
    ended = np.full(taken.size, never)
    last = np.zeros(taken.size, dtype=np.int64)
    cues = np.array([turn.cue for turn in plan.turns])
    least = round(LAG.value * TICKS_PER_SECOND)
    overlaps: dict[int, _Overlap] = {}
    behind: dict[int, _Behind] = {}
    for number, called in enumerate(called_times(loaded, plan)):
        if number == 0:
            continue
        turning = (books.page[number] != books.page[number - 1]) & taken
        if not turning.any():
            continue
        cue, start = int(cues[number]), books.start[number]
        others = turning & (last > 0) & (cues[last] != cue)
        if cue not in overlaps and others.any():
            begins = int(called[turning].min())
            unfinished = others & (ended > begins)
            if unfinished.sum() > SPREAD.value * others.sum():
                former = int(np.bincount(last[unfinished]).argmax())
                too_early = int(np.quantile(ended[others], 1 - SPREAD.value, method="inverted_cdf")) - begins
                overlaps[cue] = _Overlap(number, former, unfinished, int(others.sum()), too_early)
        lag = start - called - reaction
        pushed = turning & (start == ended) & (lag > least)
        if pushed.sum() > (behind[cue].seats.sum() if cue in behind else 0):
            behind[cue] = _Behind(number, pushed, int(np.median(lag[pushed])), int(lag[pushed].max()))
        ended = np.where(turning, start + books.turn[number], ended)
        last = np.where(turning, number, last)
    return overlaps, behind


def _overlap_finding(plan: SectionPlan, overlap: _Overlap) -> SectionFinding:
    turn, former = plan.turns[overlap.turn], plan.turns[overlap.former]
    share = overlap.seats.sum() / overlap.of
    early = _up(overlap.too_early)
    severity: Severity = "medium" if share > 0.5 else "low"
    return SectionFinding(
        kind="spread",
        severity=severity,
        weight=share * float(early),
        cue=turn.cue,
        at=turn.at,
        page=turn.label,
        what=f"this cue begins {clock(early)} before 95 % of its seats have shown {former.label!r}, "
        "which never stands whole",
        measured=f"{per_cent(1 - share)} of the seats",
        limit=SPREAD,
        advice=f"call it {clock(early)} later, or shorten the 'over' of the cue at {clock(former.at)}",
        seats=overlap.seats,
        who=seats_in_words(overlap.seats, plan.seats),
        picture=shown_after(plan, overlap.former),
    )


def _late_finding(plan: SectionPlan, behind: _Behind) -> SectionFinding:
    turn = plan.turns[behind.turn]
    lag, most = _up(behind.lag), _up(behind.most)
    share = behind.seats.sum() / max(1, int(plan.seats.taken.sum()))
    severity: Severity = "high" if share > 0.5 and behind.lag > TICKS_PER_SECOND // 2 else "medium"
    return SectionFinding(
        kind="spread",
        severity=severity,
        weight=float(share) * float(lag),
        cue=turn.cue,
        at=turn.at,
        page=turn.label,
        what=f"{per_cent(share)} of the people are still turning when they should turn again, and fall "
        f"behind, half of them by {clock(lag)} or more, the last by {clock(most)}",
        measured=clock(lag),
        limit=LAG,
        advice="move it later, or shorten the 'turn' or the 'over' of the cues before it",
        seats=behind.seats,
        who=seats_in_words(behind.seats, plan.seats),
        picture=shown_after(plan, behind.turn),
    )


def _up(lasting: int) -> Fraction:
    """Return ticks as seconds, rounded up to hundredths."""
    return Fraction(-(-seconds(lasting) * 100 // 1), 100)
