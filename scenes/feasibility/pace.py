"""Turns of one person that come faster one after another than people can."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from ...kernels.ticks import TICKS_PER_SECOND, seconds
from .called import called_times
from .finding import SectionFinding, Severity, clock
from .limits import AGAIN, SUSTAINED
from .turns import turn_finding, turning_seats

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..load import LoadedShow
    from ..section_plan import SectionPlan

_IN_A_ROW = 8
_NEVER = np.int64(-(1 << 60))
#: A share of the seats that does not spoil a picture.
_FEW = 0.01


@dataclass(eq=False)
class _Fast:
    """Who turns too soon at one cue, and where it is shortest."""

    seats: NDArray[np.bool_]
    turn: int
    gap: int


def find_close_turns(loaded: LoadedShow, plan: SectionPlan) -> list[SectionFinding]:
    """Find turns of one person that are called too soon after each other, or many times in a row.

    It counts when a cue reaches people, not when they get round to it.

    Parameters
    ----------
    loaded : LoadedShow
    plan : SectionPlan
        Screens at the seats turn nothing, and give no finding.

    Returns
    -------
    list of SectionFinding
        Cues that are equally close are one.
    """
    if plan.mode == "tablets":
        return []
    hasty, tiring = _follow(loaded, plan)
    alike: dict[Fraction, list[_Fast]] = {}
    for fast in hasty.values():
        alike.setdefault(max(Fraction(0), round(seconds(fast.gap), 2)), []).append(fast)
    findings = [_hasty(loaded, plan, after, group) for after, group in alike.items()]
    few = _FEW * plan.seats.taken.sum()
    rest = [fast for cue, fast in tiring.items() if cue not in hasty and fast.seats.sum() >= few]
    return findings + ([_tiring(plan, rest)] if rest else [])


def _follow(loaded: LoadedShow, plan: SectionPlan) -> tuple[dict[int, _Fast], dict[int, _Fast]]:
    """Follow everybody from turn to turn: who is too hasty, and whom it tires, by cue."""
    holders = plan.seats.taken.size
    least, sustained = round(AGAIN.value * TICKS_PER_SECOND), round(SUSTAINED.value * TICKS_PER_SECOND)
    last = np.full(holders, _NEVER)
    in_a_row = np.zeros(holders, dtype=np.int32)
    hasty: dict[int, _Fast] = {}
    tiring: dict[int, _Fast] = {}
    for number, called in enumerate(called_times(loaded, plan)):
        if number == 0:
            continue
        turning = turning_seats(plan, number)
        gap = called - last
        in_a_row = np.where(turning, np.where(gap < sustained, in_a_row + 1, 0), in_a_row)
        _note(hasty, plan, number, turning & (gap < least), gap)
        _note(tiring, plan, number, turning & (in_a_row >= _IN_A_ROW), gap)
        last = np.where(turning, called, last)
    return hasty, tiring


def _note(
    found: dict[int, _Fast],
    plan: SectionPlan,
    turn: int,
    seats: NDArray[np.bool_],
    gap: NDArray[np.int64],
) -> None:
    """Add who is too fast at a turn to what was found at its cue."""
    if not seats.any():
        return
    shortest = int(gap[seats].min())
    cue = plan.turns[turn].cue
    former = found.get(cue)
    if former is None:
        found[cue] = _Fast(seats, turn, shortest)
        return
    former.seats = former.seats | seats
    if shortest < former.gap:
        former.gap, former.turn = shortest, turn


def _hasty(loaded: LoadedShow, plan: SectionPlan, after: Fraction, group: list[_Fast]) -> SectionFinding:
    worst = max(group, key=lambda fast: int(fast.seats.sum()))
    count = int(worst.seats.sum())
    told = f"only {clock(after)} after the turn before" if after else "at once after the turn before"
    severity: Severity = "high" if after < AGAIN.value / 2 else "medium"
    cue = loaded.show.card_section.cues[plan.turns[worst.turn].cue]
    moving = cue.page is not None and loaded.show.card_section.pages[cue.page].moving
    advice = f"give its run an 'every' of {AGAIN.text} or more" if moving else "move the cues apart"
    return turn_finding(
        plan,
        worst.turn,
        worst.seats,
        AGAIN,
        severity="low" if count < _FEW * plan.seats.taken.sum() else severity,
        weight=count * (1 - float(after) / AGAIN.value),
        what=f"people are to turn again {told}; they need {AGAIN.text}{_also(plan, worst, group)}",
        measured=clock(after),
        advice=advice,
    )


def _tiring(plan: SectionPlan, group: list[_Fast]) -> SectionFinding:
    worst = max(group, key=lambda fast: int(fast.seats.sum()))
    shortest = clock(seconds(worst.gap))
    return turn_finding(
        plan,
        worst.turn,
        worst.seats,
        SUSTAINED,
        severity="low",
        weight=float(worst.seats.sum()),
        what=f"people turn {_IN_A_ROW} times in a row or more, less than {clock(SUSTAINED.value)} apart (the "
        f"shortest {shortest}){_also(plan, worst, group)}",
        measured=shortest,
        advice="expect some to fall behind; leave them a rest after it",
    )


def _also(plan: SectionPlan, worst: _Fast, group: list[_Fast]) -> str:
    """Say when it is as bad, for fewer people."""
    times = sorted(plan.turns[fast.turn].at for fast in group if fast is not worst)
    if not times:
        return ""
    if len(times) == 1:
        return f"; so at the cue of {clock(times[0])}"
    return f"; so at {len(times)} other cues, {clock(times[0])} to {clock(times[-1])}"
