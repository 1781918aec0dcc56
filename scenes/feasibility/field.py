"""The gymnasts of a show, as the checks look at them: who they are, in which set, and how to say it."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ...kernels.array_module import to_numpy
from ...kernels.drill_ways import drill_ways
from ...kernels.ticks import seconds
from ..bars import bar_and_beat
from ..gymnast_numbers import gymnast_number
from .finding import FieldFinding, Kind, Severity, clock

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from ...kernels.drill import Drill
    from ...kernels.mending import Mended
    from ...kernels.ways import Ways
    from ..compiled import Compiled
    from ..errors import YamlPath
    from ..load import LoadedShow
    from .limits import Limit

    Whole = NDArray[np.int64]

_SAME = 1e-6
"""Metres: somebody who is that near to their place stands on it."""


@dataclass(frozen=True, eq=False)
class Field:
    """All troupes with their drills.

    Attributes
    ----------
    loaded : LoadedShow
    drills : dict of str to Drill
        By troupe, in the order of the show; with the detours that ``field.resolve`` has put in.
    mended : Mended or None
        What ``field.resolve`` did.
    """

    loaded: LoadedShow
    drills: dict[str, Drill]
    mended: Mended | None = None

    @classmethod
    def of(cls, loaded: LoadedShow, compiled: Compiled) -> Field:
        """Return the field of a show that is worked out."""
        return cls(loaded, compiled.drills, compiled.mended)

    @functools.cached_property
    def names(self) -> tuple[str, ...]:
        """The troupes' names, by their numbers in `kernels.collisions`."""
        return tuple(self.drills)

    @property
    def room(self) -> float:
        """How near the middles of two people may come: metres."""
        return float(self.loaded.show.field.room)

    @property
    def resolves(self) -> bool:
        """Whether the show asks for collisions to be mended."""
        return self.loaded.show.field.resolve

    @functools.cached_property
    def ways(self) -> dict[str, Ways]:
        """Everybody's ways, by troupe."""
        return {name: drill_ways(drill) for name, drill in self.drills.items()}

    def number_at(self, troupe: str, tick: Whole) -> Whole:
        """Return the set that people are in, or on their way to, at some ticks."""
        leave = to_numpy(self.drills[troupe].leave)
        number: Whole = np.maximum(np.searchsorted(leave, tick, side="right") - 1, 0).astype(np.int64)
        return number

    def places_at(self, troupe: str, person: Whole, tick: Whole) -> NDArray[np.float64]:
        """Return where people are, each at a tick of their own: (K, 2) metres."""
        ways = self.ways[troupe]
        return np.stack(ways.places(ways.leg_at(ways.first[person], tick), tick), axis=-1)

    def stand_at(self, troupe: str, person: Whole, tick: Whole) -> NDArray[np.bool_]:
        """Tell who is on a place of theirs, not between two: (K,)."""
        places, number = to_numpy(self.drills[troupe].places), self.number_at(troupe, tick)
        here = self.places_at(troupe, person, tick)
        stand = np.zeros(len(person), dtype=bool)
        for of in (number, np.maximum(number - 1, 0)):
            stand |= np.hypot(*(here - places[of, person]).T) < _SAME
        return stand

    def name(self, troupe: str, person: int) -> str:
        """Return one person's name: ``ribbons 0412``, counted from 1 as on the drill charts."""
        return f"{troupe} {self.numbered(troupe, person)}"

    def numbered(self, troupe: str, person: int) -> str:
        """Return one person's number in their troupe: ``0412``."""
        return gymnast_number(person, self.drills[troupe].people)

    def called(self, troupe: str, number: int) -> str:
        """Return what to call a set: ``their set of 34.2 s``."""
        return f"their set of {clock(self.loaded.show.troupes[troupe].drill[number].at)}"

    def finding(
        self,
        kind: Kind,
        severity: Severity,
        tick: int,
        *,
        about: YamlPath,
        weight: float,
        what: str,
        measured: str,
        limit: Limit,
        advice: str,
        people: dict[str, Whole],
        number: dict[str, int] | None = None,
        middle: Iterable[float] | None = None,
        who: str = "",
    ) -> FieldFinding:
        """Return a finding at a tick; see `FieldFinding`. Without `who` the people are counted."""
        at = seconds(tick)
        music = self.loaded.show.music
        spot = None if middle is None else tuple(float(part) for part in middle)
        return FieldFinding(
            kind=kind,
            severity=severity,
            weight=weight,
            at=at,
            what=what,
            measured=measured,
            limit=limit,
            advice=advice,
            who=who or counted(people),
            about=about,
            bar="" if music is None else bar_and_beat(music.tempo, at),
            people=people,
            number=number or {},
            middle=None if spot is None else (spot[0], spot[1]),
        )


def counted(people: dict[str, Whole]) -> str:
    """Return how many people of which troupes: ``138 of ribbons and 24 of flags``."""
    return listed([f"{len(some):,} of {name}" for name, some in people.items() if len(some)])


def listed(parts: list[str]) -> str:
    """Return parts as a list in words: ``a, b and c``."""
    return f"{', '.join(parts[:-1])} and {parts[-1]}" if len(parts) > 1 else "".join(parts)


def metres(length: float) -> str:
    """Return a length as text: ``0.21 m``."""
    return f"{length:.2f} m"


def counted_as(count: int, one: str, more: str) -> str:
    """Return a number with its noun: ``1 pair``, ``1,204 pairs``."""
    return f"{count:,} {one if count == 1 else more}"


def worst(findings: list[FieldFinding], most: int) -> tuple[list[FieldFinding], int]:
    """Return the findings with the greatest weight, as they came, and how many there are besides."""
    if len(findings) <= most:
        return findings, 0
    chosen = sorted(range(len(findings)), key=lambda index: -findings[index].weight)[:most]
    return [findings[index] for index in sorted(chosen)], len(findings) - most
