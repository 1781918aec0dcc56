"""When people turn, walk and climb on their way to a set, and from where to where they walk on the ground."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .array_module import array_module, to_numpy
from .counter_random import Purpose, uniform
from .ticks import TICKS_PER_SECOND

if TYPE_CHECKING:
    from .drill import Drill

STAYS = 0.05
"""Metres: on a shorter way nobody steps."""

TURNING = 2 * TICKS_PER_SECOND // 5
"""Ticks that people take at most to turn before they set off, and again when they have arrived."""

_TURNING_SHARE = 0.15  # of a walk, at most
_FOOT = 0.45  # metres in front of a place at which its climber waits on the ground; as much for each level
_LEVEL = 5 * TICKS_PER_SECOND // 2  # ticks in which one level climbs
_CLIMBING_SHARE = 0.3  # of the travel, at most: for all who climb up, and as much for all who climb down
_SAME_HEIGHT = 0.01


def turning(duration: Any) -> Any:
    """Return the ticks for which people stand and turn at each end of a walk of some ticks."""
    return array_module(duration).minimum(TURNING, (duration * _TURNING_SHARE).astype(np.int64))


def walking(depart: Any, duration: Any) -> tuple[Any, Any]:
    """Return when people leave their place, having turned, and when they reach the next, before they turn."""
    turn = turning(duration)
    return depart + turn, depart + duration - turn


@dataclass(frozen=True, eq=False)
class Climbing:
    """Who climbs on the way to each set; index 0 of the first axis is down, before the walk, 1 up, after it.

    Attributes
    ----------
    climbs
        Shape (2, S, N), bool.
    begin
        Shape (2, S, N), int64 ticks at which those begin.
    slot
        Shape (2, S), int64 ticks, even: how long one level takes.
    """

    climbs: NDArray[np.bool_]
    begin: NDArray[np.int64]
    slot: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Timetable:
    """When people are under way to each set; without what mending changed.

    Attributes
    ----------
    depart, duration
        Shape (S, N), int64 ticks: when each person begins to turn, and until they stand again. Set 0 has no
        walk: its `duration` is 1.
    due
        Shape (S,), int64 ticks: when the last walk may end; after it people climb.
    origin, goal
        S arrays of shape (N, 2), metres: where each walk begins and ends on the ground. A climber's is in
        front of the place.
    climbing
        Who climbs down before a walk and up after it; None without heights.
    """

    depart: NDArray[np.int64]
    duration: NDArray[np.int64]
    due: NDArray[np.int64]
    origin: tuple[NDArray[np.float64], ...]
    goal: tuple[NDArray[np.float64], ...]
    climbing: Climbing | None


def headings(drill: Drill) -> NDArray[np.float64]:
    """Return shape (S, N): where people look while they stand, as the drill has it."""
    heading = to_numpy(drill.heading).astype(np.float64)
    both: NDArray[np.float64] = np.broadcast_to(
        heading if heading.ndim == 2 else heading[:, None], drill.places.shape[:2]
    )
    return both


def timetable(drill: Drill) -> Timetable:
    """Work out a drill's timetable.

    Where people stand on others, the first part of the travel is for climbing down, the highest first, and
    the last part for climbing up, the lowest first; both take `_LEVEL` a level, or less if time is short.
    Who stays in one place at one height does not climb.
    """
    places = to_numpy(drill.places).astype(np.float64)
    leave, arrive = to_numpy(drill.leave).astype(np.int64), to_numpy(drill.arrive).astype(np.int64)
    sets, people = places.shape[:2]
    late = None if drill.late is None else to_numpy(drill.late).astype(np.int64)
    most = np.zeros(sets, dtype=np.int64) if late is None else late.max(axis=1, initial=0)
    climbs = None if drill.height is None else _Climbs(drill, places)
    depart = np.repeat(leave[:, None], people, axis=1)
    duration = np.ones((sets, people), dtype=np.int64)
    due = arrive.copy()
    slot = np.zeros((2, sets), dtype=np.int64)
    begin = np.zeros((2, *depart.shape), dtype=np.int64) if climbs is not None else None
    for index in range(1, sets):
        ready = int(leave[index])
        if climbs is not None and begin is not None:
            free = int(arrive[index] - leave[index] - most[index])
            levels = [climbs.highest(index, side) for side in range(2)]
            for side, count in enumerate(levels):
                slot[side, index] = min(_LEVEL, int(_CLIMBING_SHARE * free) // max(count, 1)) // 2 * 2
            down, up = slot[:, index].tolist()
            begin[0, index] = leave[index] + (levels[0] - climbs.level[index - 1]) * down
            due[index] = arrive[index] - levels[1] * up
            begin[1, index] = due[index] + (climbs.level[index] - 1) * up
            ready += levels[0] * down
        free = int(due[index] - most[index]) - ready
        waiting = int(drill.stagger * free)
        share = uniform(drill.seed, Purpose.MOVE_TIMING, 2 * index, np.arange(people))
        if drill.rails is not None:  # a file keeps its distances: they set off as one
            share = np.where(drill.rails.walked[index], 0.0, share)
        depart[index] = ready + (share * waiting).astype(np.int64)
        if late is not None:
            depart[index] += late[index]
        duration[index] = free - waiting
    if climbs is None or begin is None:
        return Timetable(depart, duration, due, (places[0], *places[:-1]), tuple(places), None)
    origin = (places[0], *(climbs.ground(index - 1, climbs.climbs[0, index]) for index in range(1, sets)))
    goal = tuple(climbs.ground(index, climbs.climbs[1, index]) for index in range(sets))
    return Timetable(depart, duration, due, origin, goal, Climbing(climbs.climbs, begin, slot))


class _Climbs:
    """Who climbs down from and up to which level."""

    def __init__(self, drill: Drill, places: NDArray[np.float64]) -> None:
        self._places, self._heading = places, headings(drill)
        height = to_numpy(drill.height)
        self.level = np.stack([_levels(row) for row in height])
        moved = np.hypot(*np.moveaxis(np.diff(places, axis=0), 2, 0)) >= STAYS
        moved |= np.abs(np.diff(height, axis=0)) >= _SAME_HEIGHT
        # Nobody climbs up to set 0: they are there.
        none = np.zeros((1, places.shape[1]), dtype=bool)
        sinks = np.concatenate([none, moved & (self.level[:-1] > 0)])
        rises = np.concatenate([none, moved & (self.level[1:] > 0)])
        self.climbs = np.stack([sinks, rises])

    def highest(self, index: int, side: int) -> int:
        """Return the levels from which people climb down (side 0) before the walk, or up (1) after it."""
        who = self.climbs[side, index]
        return int(self.level[index - 1 + side][who].max(initial=0))

    def ground(self, index: int, climbs: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Return where people are on the ground for a set: climbers in front, the higher the farther."""
        ahead = np.stack([np.cos(self._heading[index]), np.sin(self._heading[index])], axis=1)
        far = _FOOT * np.where(climbs, self.level[index], 0)
        ground: NDArray[np.float64] = self._places[index] + far[:, None] * ahead
        return ground


def _levels(height: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the number of each height, counted from the ground, 0, upwards."""
    whole = np.rint(height / _SAME_HEIGHT).astype(np.int64)
    levels = np.unique(np.concatenate([[0], whole]))
    number: NDArray[np.int64] = np.searchsorted(levels, whole)
    return number
