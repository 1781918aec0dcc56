"""When each turn is called for, whether or not people are free to do it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from ...kernels.ticks import ticks
from ..card_section import cue_regions
from ..cue_turns import occurrences
from ..section_timing import cue_fraction

if TYPE_CHECKING:
    from fractions import Fraction

    from numpy.typing import NDArray

    from ..load import LoadedShow
    from ..schema_cue import Cue
    from ..section_plan import SectionPlan


def called_times(loaded: LoadedShow, plan: SectionPlan) -> Iterator[NDArray[np.int64]]:
    """Yield for each turn when its cue reaches everyone, (N,) ticks of show time.

    Unlike the plan's ``due`` this does not wait for people who are still turning.
    """
    cues = loaded.show.card_section.cues
    regions = cue_regions(loaded, plan.seats) if any(cue.flip.over > 0 for cue in cues) else []
    for turn in plan.turns:
        cue = cues[turn.cue]
        begin = turn.at if turn.called is None else turn.called
        at = np.full(plan.seats.taken.size, ticks(begin), dtype=np.int64)
        if cue.flip.over > 0:
            backwards = _backwards(cue, begin)
            fraction = cue_fraction(loaded, plan.seats, turn.cue, backwards, regions[turn.cue])
            at += np.rint(fraction * np.float64(ticks(cue.flip.over))).astype(np.int64)
        yield at


def _backwards(cue: Cue, at: Fraction) -> bool:
    """Whether a cue is done in the opposite order at some time."""
    begun = [reverse for begin, reverse in occurrences(cue) if begin <= at]
    return begun[-1] if begun else cue.flip.reverse
