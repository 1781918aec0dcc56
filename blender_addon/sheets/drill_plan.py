"""What a show's gymnasts are told: who stands where at which call, and the ways between."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ...kernels.drill import Drill
from ...kernels.motion import gymnast_states
from ...kernels.rails import Rails
from ...scenes.compiled import compile_troupes
from ...scenes.gymnast_numbers import gymnast_number
from ...scenes.load import LoadedShow
from ...scenes.quantities import Tempo
from ...scenes.schema_troupe import Move
from ...scenes.schema_troupe import Troupe as ShowTroupe
from ..preview_performance import formation_name

Places = npt.NDArray[np.float64]
RGB = tuple[int, int, int]

_SAMPLES = 17
_BENT = 0.1  # metres off the straight line from which on a way is drawn as it is
_MARKS = "ACDEGHJKMNPQSTUVWXYZ"  # none of the field's lines, L35, R35, F20, B20, and no figures
_STAYS = 0.05  # metres below which nobody goes anywhere


@dataclass(frozen=True, eq=False)
class Ways:
    """How a troupe goes to a set; straight, but for some.

    Attributes
    ----------
    start, goal : ndarray of float64, shape (N, 2)
        Metres.
    length : ndarray of float64, shape (N,)
        Metres to be walked.
    bent : ndarray of int64, shape (B,)
        Who goes along a curve of their own.
    points : ndarray of float32, shape (B, K, 2)
        Their ways, from the start to the goal.
    following : ndarray of int64, shape (R,)
        Who follows a leader.
    trails : tuple of ndarray of float64, shape (P, 2)
        The lines that these walk along.
    """

    start: Places
    goal: Places
    length: npt.NDArray[np.float64]
    bent: npt.NDArray[np.int64]
    points: npt.NDArray[np.float32]
    following: npt.NDArray[np.int64]
    trails: tuple[Places, ...]

    @property
    def moving(self) -> npt.NDArray[np.bool_]:
        """Who goes anywhere, (N,)."""
        return self.length >= _STAYS


@dataclass(frozen=True, eq=False)
class Troupe:
    """A troupe, as its sheets name it.

    Attributes
    ----------
    name : str
    code : str
        What stands before a number on a chart; empty where there is one troupe only.
    colour : (red, green, blue)
        Bytes, sRGB.
    drill : Drill
    formations, moves : tuple of str
        What each set is called, and what is done there.
    """

    name: str
    code: str
    colour: RGB
    drill: Drill
    formations: tuple[str, ...]
    moves: tuple[str, ...]

    @property
    def people(self) -> int:
        """How many they are."""
        return self.drill.people

    @property
    def step(self) -> float:
        """Metres of a step."""
        return float(self.drill.step_length)

    def heights(self, number: int) -> npt.NDArray[np.float64]:
        """Return the metres above the ground at which each stands in a set, (N,)."""
        if self.drill.height is None:
            return np.zeros(self.people)
        heights: npt.NDArray[np.float64] = self.drill.height[number]
        return heights

    @functools.cached_property
    def numbers(self) -> list[str]:
        """Everyone's number, from 1, all of as many figures: "0412"."""
        return person_numbers(self.people)

    def ways(self, number: int) -> Ways:
        """Return the ways to a set, from 1, as people truly go."""
        if number not in self._known_ways:
            self._known_ways[number] = self._sampled(number)
        return self._known_ways[number]

    @functools.cached_property
    def _known_ways(self) -> dict[int, Ways]:
        return {}

    def _sampled(self, number: int) -> Ways:
        drill = self.drill
        start, goal = drill.places[number - 1], drill.places[number]
        chord = goal - start
        length = np.hypot(*chord.T)
        following: npt.NDArray[np.int64] = np.empty(0, np.int64)
        trails: tuple[Places, ...] = ()
        if drill.rails is not None:
            following = np.flatnonzero(drill.rails.walked[number])
            begin, end = drill.rails.begin[number, following], drill.rails.end[number, following]
            length[following] = np.abs(end - begin)
            trails = _trails(drill.rails, np.minimum(begin, end), np.maximum(begin, end))
        at = np.linspace(int(drill.leave[number]), int(drill.arrive[number]), _SAMPLES).astype(np.int64)
        points = gymnast_states(drill, at)[:, 0, :, :2].transpose(1, 0, 2)
        off = points - start[:, None, :]
        across = np.abs(off[:, :, 0] * chord[:, None, 1] - off[:, :, 1] * chord[:, None, 0])
        aside = across.max(axis=1) / np.maximum(np.hypot(*chord.T), _STAYS)
        bent = np.setdiff1d(np.flatnonzero(aside > _BENT), following)
        curves = np.ascontiguousarray(points[bent])
        length[bent] = np.hypot(*np.diff(curves, axis=1).transpose(2, 0, 1)).sum(axis=1)
        return Ways(start, goal, length, bent, curves, following, trails)


def _trails(rails: Rails, low: npt.NDArray[np.float64], high: npt.NDArray[np.float64]) -> tuple[Places, ...]:
    """Return the parts of rails that people walk along, given from where to where each of them does."""
    order = np.argsort(low, kind="stable")
    parts: list[list[float]] = []
    for first, last in zip(low[order].tolist(), high[order].tolist(), strict=True):
        if parts and first <= parts[-1][1]:
            parts[-1][1] = max(parts[-1][1], last)
        else:
            parts.append([first, last])
    trails = []
    for first, last in parts:
        inner = rails.along[(rails.along > first) & (rails.along < last)]
        trails.append(np.stack(rails.places(np.array([first, *inner, last])), axis=-1))
    return tuple(trails)


@dataclass(frozen=True, eq=False)
class DrillPlan:
    """A field's show as its people are told of it.

    Attributes
    ----------
    title : str
    tempo : Tempo or None
        How counts are counted; None for a show without music.
    troupes : tuple of Troupe
    """

    title: str
    tempo: Tempo | None
    troupes: tuple[Troupe, ...]

    @functools.cached_property
    def calls(self) -> tuple[int, ...]:
        """Ticks of show time at which any troupe leaves for a set, in order; each is a set of the show."""
        return tuple(sorted({int(moment) for troupe in self.troupes for moment in troupe.drill.leave}))

    @property
    def people(self) -> int:
        """How many gymnasts there are."""
        return sum(troupe.people for troupe in self.troupes)

    def standing(self, call: int) -> tuple[int, ...]:
        """Return the set, of its own, that each troupe is called to or stands in at a call."""
        moment = self.calls[call]
        return tuple(
            max(0, int(np.searchsorted(troupe.drill.leave, moment, side="right")) - 1)
            for troupe in self.troupes
        )

    def called(self, call: int) -> tuple[bool, ...]:
        """Return which troupes a call is for."""
        moment = self.calls[call]
        return tuple(bool((troupe.drill.leave == moment).any()) for troupe in self.troupes)

    def call_of(self, troupe: Troupe, number: int) -> int:
        """Return which call is for a set of a troupe."""
        return self.calls.index(int(troupe.drill.leave[number]))

    def places(self, call: int) -> list[Places]:
        """Return where all of each troupe stand once they have followed a call."""
        return [
            troupe.drill.places[number]
            for troupe, number in zip(self.troupes, self.standing(call), strict=True)
        ]


def person_numbers(people: int) -> list[str]:
    """Return the numbers of a troupe's people, from 1, all of as many figures."""
    return [gymnast_number(person, people) for person in range(people)]


def codes(names: list[str]) -> list[str]:
    """Return a short mark for each troupe: its first letter where these differ, else A, C, D."""
    if len(names) < 2:
        return [""] * len(names)
    first = [name.strip()[:1].upper() for name in names]
    if len(set(first)) == len(first) and set(first) <= set(_MARKS):
        return first
    return [_mark(index) for index in range(len(names))]


def _mark(index: int) -> str:
    before, letter = divmod(index, len(_MARKS))
    return (_mark(before - 1) if before else "") + _MARKS[letter]


def drill_plan(
    loaded: LoadedShow, progress: Callable[[str, int, int], None] = lambda stage, done, of: None
) -> DrillPlan:
    """Work out what a show's gymnasts are to be told.

    Raises
    ------
    ShowError
        When a formation does not hold its troupe or does not fit the field, or a picture cannot be used.
    """
    show = loaded.show
    names = list(show.troupes)
    tempo = show.music.tempo if show.music is not None else None
    if not names:
        return DrillPlan(show.title, tempo, ())
    progress("drill", 0, len(names))
    drills = compile_troupes(loaded, lambda done: progress("drill", done, len(names))).drills
    return DrillPlan(
        show.title,
        tempo,
        tuple(
            _troupe(name, code, show.troupes[name], drills[name])
            for name, code in zip(names, codes(names), strict=True)
        ),
    )


def _troupe(name: str, code: str, troupe: ShowTroupe, drill: Drill) -> Troupe:
    sets = range(len(troupe.drill))
    return Troupe(
        name=name,
        code=code,
        colour=troupe.costume.colour,
        drill=drill,
        formations=tuple(formation_name(troupe.formation_of(number)) for number in sets),
        moves=tuple(_move(drill_set.move) for drill_set in troupe.drill),
    )


def _move(move: Move) -> str:
    """Write what people do: "jump, 4 counts, 3 times"."""
    words = [move.clip.replace("_", " ")]
    if move.counts is not None:
        words.append(f"{float(move.counts):g} count{'' if move.counts == 1 else 's'}")
    if move.times is not None:
        words.append(f"{move.times} times" if move.times > 1 else "once")
    return ", ".join(words)
