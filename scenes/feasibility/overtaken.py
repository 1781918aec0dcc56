"""Cues that a later one overtakes on their way through the section, so that some seats never show them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..card_section import cue_regions
from .finding import SectionFinding, clock, per_cent, shown_after
from .limits import SPREAD
from .seats_in_words import seats_in_words

if TYPE_CHECKING:
    from ..load import LoadedShow
    from ..section_plan import SectionPlan


def find_overtaken_cues(loaded: LoadedShow, plan: SectionPlan) -> list[SectionFinding]:
    """Find cues that never come to more than one in twenty of their seats.

    Parameters
    ----------
    loaded : LoadedShow
    plan : SectionPlan

    Returns
    -------
    list of SectionFinding
        At most one a cue.
    """
    cues = loaded.show.card_section.cues
    on_their_way = [number for number, cue in enumerate(cues) if number and cue.page and cue.flip.over > 0]
    if not on_their_way:
        return []
    regions = cue_regions(loaded, plan.seats)
    called = np.zeros((len(cues), plan.seats.taken.size), dtype=bool)
    last = dict.fromkeys(range(len(cues)), 0)
    for number, (turn, included) in enumerate(zip(plan.turns, plan.included, strict=True)):
        called[turn.cue] |= included
        last[turn.cue] = number
    findings = []
    for number in on_their_way:
        cue = cues[number]
        # Some turn to it only when a cue that lay over it is taken away.
        showing = [
            turn
            for turn, told in enumerate(plan.turns)
            if told.at >= cue.at and (told.label == cue.page or told.label.startswith(f"{cue.page} "))
        ]
        missed = regions[number] & ~plan.included[showing].any(axis=0)
        share = missed.sum() / regions[number].sum()
        if share <= SPREAD.value or number + 1 == len(cues):
            continue
        by = number + 1 + int((called[number + 1 :] & missed).sum(axis=1).argmax())
        findings.append(
            SectionFinding(
                kind="spread",
                severity="medium" if share > 0.5 else "low",
                weight=float(share) * float(cue.flip.over),
                cue=number,
                at=cue.at,
                page=cue.page or "",
                what=f"the cue at {clock(cues[by].at)} comes to {per_cent(share)} of its seats before this "
                "one does, and they never show it",
                measured=f"{per_cent(1 - share)} of the seats",
                limit=SPREAD,
                advice="call that one later, or shorten this one's 'over'",
                seats=missed,
                who=seats_in_words(missed, plan.seats),
                picture=shown_after(plan, last[by]),
            )
        )
    return findings
