"""A show as its preview needs it: the kernels' arrays, how long it lasts, and what to call each moment."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import PurePosixPath

import numpy as np

from ..kernels.books import Books
from ..kernels.costumes import Costumes
from ..kernels.drill import Drill
from ..kernels.ticks import seconds
from ..scenes.compiled import compile_show
from ..scenes.load import LoadedShow
from ..scenes.schema_cue import Cue, Where
from ..scenes.schema_formation import Formation
from ..scenes.section_plan import SectionPlan
from ..scenes.tablet_section import PictureSource

Progress = Callable[[str, int, int], None]

AFTERMATH = Fraction(2)
"""Seconds shown after the last turn or arrival."""


@dataclass(frozen=True)
class Performance:
    """A show with its card section and troupes worked out.

    Attributes
    ----------
    loaded : LoadedShow
    plan : SectionPlan
    drills : dict of str to Drill
        By troupe, in the order of the show.
    costumes : dict of str to Costumes
        By troupe.
    """

    loaded: LoadedShow
    plan: SectionPlan
    drills: dict[str, Drill]
    costumes: dict[str, Costumes]

    @functools.cached_property
    def end(self) -> Fraction:
        """When the preview ends: after the last shot, and `AFTERMATH` after the last turn or arrival."""
        last_shot = max(shot.end for shot in self.loaded.show.film.shots)
        return max(last_shot, self.last_turn + AFTERMATH, self.last_arrival + AFTERMATH)

    @property
    def books(self) -> Books:
        """The card section as it is performed."""
        return self.plan.books

    @functools.cached_property
    def screen_pictures(self) -> PictureSource:
        """What the screens of a section in the mode `tablets` take their pictures from."""
        return PictureSource(self.loaded, self.plan.seats)

    @functools.cached_property
    def last_turn(self) -> Fraction:
        """When the last card-holder has ended the last turn or gesture, or the last cue is due."""
        cues = self.loaded.show.card_section.cues
        return max(cues[-1].at, *map(self.turned, range(len(cues))), self._last_gesture)

    @property
    def _last_gesture(self) -> Fraction:
        gestures = self.books.gestures
        ends = (
            int(gestures.start[g][taking].max() + 2 * gestures.move[g] + gestures.hold[g])
            for g, taking in enumerate(gestures.taking)
            if taking.any()
        )
        return seconds(max(ends, default=0))

    @property
    def last_arrival(self) -> Fraction:
        """When all have begun the move of the last formation; 0 without troupes."""
        moved = (int(drill.arrive[-1] + drill.canon[-1].max()) for drill in self.drills.values())
        return seconds(max(moved, default=0))

    def formation_name(self, troupe: str, index: int) -> str:
        """Write what a troupe stands in during a set, in a few words."""
        return formation_name(self.loaded.show.troupes[troupe].formation_of(index))

    def turns_of(self, cue: int) -> list[int]:
        """Return which of the plan's turns a cue calls; none for a gesture."""
        return [index for index, turn in enumerate(self.plan.turns) if turn.cue == cue]

    def turn_ended(self, turn: int) -> Fraction:
        """Return when the last holder has ended a turn; when it is called if nobody turns."""
        books = self.books
        turning = books.page[turn] != books.page[turn - 1]
        if turn == 0 or not turning.any():
            return self.plan.turns[turn].at
        return seconds(int(books.start[turn][turning].max() + books.turn[turn]))

    def turned(self, cue: int) -> Fraction:
        """Return when the last holder has ended the turns of a cue; when it is due if nobody turns."""
        due = self.loaded.show.card_section.cues[cue].at
        return max([due, *map(self.turn_ended, self.turns_of(cue))])

    def cue_at(self, moment: Fraction) -> int:
        """Return the index of the last cue due by a moment; the first before any is."""
        cues = self.loaded.show.card_section.cues
        return max((index for index, cue in enumerate(cues) if cue.at <= moment), default=0)


def perform(loaded: LoadedShow, progress: Progress) -> Performance:
    """Work out the card section and all troupes.

    Raises
    ------
    ShowError, FormationError
        When a picture cannot be used or a formation does not hold its troupe.
    """
    compiled = compile_show(loaded, functools.partial(progress, "prepare"))
    return Performance(loaded, compiled.section, compiled.drills, compiled.costumes)


def clock(moment: Fraction) -> str:
    """Write a show time as minutes, seconds and tenths, like 01:07.3."""
    tenths = int(moment * 10)
    return f"{tenths // 600:02d}:{tenths // 10 % 60:02d}.{tenths % 10}"


def cue_name(cue: Cue) -> str:
    """Write what a cue calls for: the page's name, or the gesture."""
    return cue.page if cue.page is not None else f"({cue.gesture.kind if cue.gesture else ''})"


def flip_name(cue: Cue) -> str:
    """Write how a cue goes through the section, in a few words."""
    flip = cue.flip
    text = f"{flip.order} over {float(flip.over):g} s" if flip.over else flip.order
    return f"{text}, {cue.repeat.times} times" if cue.repeat else text


def where_name(where: Where) -> str:
    """Write which part of the section a cue is for, in a few words."""
    parts = [
        f"{name} {', '.join(f'{first}-{last}' for first, last in ranges)}"
        for name, ranges in (("rows", where.rows), ("columns", where.columns))
        if ranges
    ]
    parts += [where.block] if where.block else []
    parts += [name for name in ("polygon", "mask", "seats") if getattr(where, name) is not None]
    parts += ["where it is drawn"] if where.drawn else []
    text = ", ".join(parts)
    return f"all but {text}" if where.outside else text


def formation_name(formation: Formation) -> str:
    """Write what a formation is, in a few words."""
    shape = formation.shape
    if formation.kind == "image":
        return PurePosixPath(str(shape)).stem.replace("_", " ")
    if formation.kind == "text":
        return f"“{' '.join(str(shape).split())}”"
    counts = {"rings": "rings", "lines": "lines", "arcs": "arcs", "star": "points"}
    number = getattr(shape, counts.get(formation.kind, ""), None)
    names = {
        "rings": f"{number} rings",
        "lines": f"{number} lines",
        "arcs": f"{number} arcs",
        "star": f"star of {number}",
    }
    return names.get(formation.kind, formation.kind)


def set_at(drill: Drill, tick: int) -> tuple[int, Fraction]:
    """Return the set that a troupe is in or on its way to, and in how many seconds all are there."""
    index = max(0, int(np.searchsorted(drill.leave, tick, side="right")) - 1)
    return index, seconds(max(0, int(drill.arrive[index]) - tick) if index else 0)
