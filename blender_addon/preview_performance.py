"""A show as its preview needs it: the kernels' arrays, how long it lasts, and what to call each moment."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import PurePosixPath

import numpy as np

from ..kernels.books import Books
from ..kernels.motion import Drill
from ..kernels.ticks import seconds
from ..scenes.compiled import compile_show
from ..scenes.load import LoadedShow
from ..scenes.quantities import Tempo
from ..scenes.schema import Flip
from ..scenes.schema_troupe import Formation

Progress = Callable[[str, int, int], None]

AFTERMATH = Fraction(2)
"""Seconds shown after the last turn or arrival."""


@dataclass(frozen=True)
class Performance:
    """A show with its card section and troupes worked out.

    Attributes
    ----------
    loaded : LoadedShow
    books : Books
    drills : dict of str to Drill
        By troupe, in the order of the show.
    """

    loaded: LoadedShow
    books: Books
    drills: dict[str, Drill]

    @functools.cached_property
    def end(self) -> Fraction:
        """When the preview ends: after the last shot, and `AFTERMATH` after the last turn or arrival."""
        last_shot = max(shot.end for shot in self.loaded.show.film.shots)
        return max(last_shot, self.last_turn + AFTERMATH, self.last_arrival + AFTERMATH)

    @property
    def last_turn(self) -> Fraction:
        """When the last card-holder has turned the last page, or the last cue is due."""
        return max(self.loaded.show.card_section.cues[-1].at, *map(self.turned, range(len(self.books.turn))))

    @property
    def last_arrival(self) -> Fraction:
        """When all have begun the move of the last formation; 0 without troupes."""
        moved = (int(drill.arrive[-1] + drill.canon[-1].max()) for drill in self.drills.values())
        return seconds(max(moved, default=0))

    def turned(self, cue: int) -> Fraction:
        """Return when the last holder has ended the turn of a cue; when it is due if nobody turns."""
        books = self.books
        due = self.loaded.show.card_section.cues[cue].at
        if cue == 0:
            return due
        turning = books.page[cue] != books.page[cue - 1]
        if not turning.any():
            return due
        return seconds(int(books.start[cue][turning].max() + books.turn[cue]))

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
    return Performance(loaded, compiled.books, compiled.drills)


def clock(moment: Fraction) -> str:
    """Write a show time as minutes, seconds and tenths, like 01:07.3."""
    tenths = int(moment * 10)
    return f"{tenths // 600:02d}:{tenths // 10 % 60:02d}.{tenths % 10}"


def bar_and_beat(tempo: Tempo, moment: Fraction) -> str:
    """Write which bar and beat of the music a moment is in; nothing before the first."""
    beats = int((moment - tempo.offset) // tempo.beats(1))
    if beats < 0:
        return ""
    return f"bar {beats // tempo.beats_per_bar + 1}  beat {beats % tempo.beats_per_bar + 1}"


def flip_name(flip: Flip) -> str:
    """Write how a cue goes through the section, in a few words."""
    return f"{flip.order} over {float(flip.over):g} s" if flip.over else flip.order


def formation_name(formation: Formation) -> str:
    """Write what a formation is, in a few words."""
    shape = formation.shape
    if formation.kind == "image":
        return PurePosixPath(str(shape)).stem.replace("_", " ")
    if formation.kind == "text":
        return f"“{' '.join(str(shape).split())}”"
    counts = {"rings": "rings", "lines": "lines", "star": "points"}
    number = getattr(shape, counts.get(formation.kind, ""), None)
    return {"rings": f"{number} rings", "lines": f"{number} lines", "star": f"star of {number}"}.get(
        formation.kind, formation.kind
    )


def set_at(drill: Drill, tick: int) -> tuple[int, Fraction]:
    """Return the set that a troupe is in or on its way to, and in how many seconds all are there."""
    index = max(0, int(np.searchsorted(drill.leave, tick, side="right")) - 1)
    return index, seconds(max(0, int(drill.arrive[index]) - tick) if index else 0)
