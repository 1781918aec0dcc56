"""What does not change with time in a drill: who sets off when, turns where and takes how many steps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .array_module import to_numpy
from .clips import CLIPS
from .counter_random import Purpose, uniform
from .curves import Curve, bent_ways, railed_ways, shortest
from .detours import delayed
from .steps import step_pairs
from .ticks import TICKS_PER_SECOND
from .timetable import STAYS, Timetable, headings, turning

if TYPE_CHECKING:
    from .drill import Drill

CLIMB_CYCLE = 0.7
"""Metres that a cycle of climbing gains."""

_ENDLESS = 1_000_000  # cycles in the last set


@dataclass(frozen=True, eq=False)
class Climbs:
    """Who climbs down or up, or stands on others, on the way to a set; M of the troupe.

    Attributes
    ----------
    people
        int64: who of the troupe.
    top, foot
        float64, (2, M, 2) metres: place up there and place on the ground; before the walk and after it.
    height
        float64, (2, M) metres: before and after.
    begin
        int64, (2, M) ticks: when people begin to climb down, and up.
    slot
        Two ints, ticks: how long that takes.
    climbs
        bool, (2, M): whether they do; else they are on the way what they are in the set before.
    cycles
        float64, (2, M): whole cycles of climbing.
    """

    people: NDArray[np.int64]
    top: NDArray[np.float64]
    foot: NDArray[np.float64]
    height: NDArray[np.float64]
    begin: NDArray[np.int64]
    slot: tuple[int, int]
    climbs: NDArray[np.bool_]
    cycles: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Route:
    """What does not change with time, on the host; each array has shape (S, N) unless said otherwise.

    Attributes
    ----------
    depart, duration
        int64 ticks: when each person begins to turn towards set s, and until they stand there; set 0 has no
        walk.
    turn
        int64 ticks: how long people stand and turn at each end of that; between they walk.
    origin, goal
        S arrays of shape (N, 2), metres: where walks begin and end on the ground.
    ease
        Shape (S,): index into `EASES`.
    before, first, after, standing
        float64 radians, unwrapped: where people look when they have climbed down, at the beginning of the
        way, when they have turned from it, and in the set.
    base, sunk, pairs, risen
        float64 whole cycles: done before the travel, climbing down, walking (pairs of steps), climbing up.
    loop, ends
        int16, index into `STRIPS`: under way, and for the first and the last step of a walk.
    start, moves
        int64: tick at which the move begins, and how many whole cycles of it there is time for.
    period
        Shape (S,), int64 ticks of one cycle of the set's move.
    release
        Shape (S,), int64 ticks: when people leave the set.
    held
        Shape (S,), bool: whether the set's move is held half-way.
    curves
        For each set those who do not walk straight, people in one curve at most.
    climbs
        For each set those who climb or stand on others on the way to it; None where nobody does.
    length
        float64 metres along the way; 0 for who does not step.
    scale, variation
        Shape (N,), float32: of the body, about 1, and a number in [0, 1) to tell people apart.
    """

    depart: NDArray[np.int64]
    duration: NDArray[np.int64]
    turn: NDArray[np.int64]
    origin: tuple[NDArray[np.float64], ...]
    goal: tuple[NDArray[np.float64], ...]
    ease: NDArray[np.int64]
    before: NDArray[np.float64]
    first: NDArray[np.float64]
    after: NDArray[np.float64]
    standing: NDArray[np.float64]
    base: NDArray[np.float64]
    sunk: NDArray[np.float64]
    pairs: NDArray[np.float64]
    risen: NDArray[np.float64]
    loop: NDArray[np.int16]
    ends: NDArray[np.int16]
    start: NDArray[np.int64]
    moves: NDArray[np.int64]
    period: NDArray[np.int64]
    release: NDArray[np.int64]
    held: NDArray[np.bool_]
    curves: tuple[tuple[Curve, ...], ...]
    climbs: tuple[Climbs | None, ...]
    length: NDArray[np.float64]
    scale: NDArray[np.float32]
    variation: NDArray[np.float32]


class _Row(NamedTuple):
    """What `Route` holds, of one set."""

    before: NDArray[np.float64]
    first: NDArray[np.float64]
    after: NDArray[np.float64]
    standing: NDArray[np.float64]
    base: NDArray[np.float64]
    sunk: NDArray[np.float64]
    pairs: NDArray[np.float64]
    risen: NDArray[np.float64]
    loop: NDArray[np.int16]
    ends: NDArray[np.int16]
    length: NDArray[np.float64]
    curves: tuple[Curve, ...]
    climbs: Climbs | None


def route(drill: Drill) -> Route:
    """Work out what does not change with time."""
    sets, person = drill.sets, np.arange(drill.people)
    table = drill.timetable
    depart, duration = table.depart, table.duration
    if drill.detours is not None:
        depart, duration = delayed(depart, duration, table.due[:, None], drill.detours.delay)
    turn = turning(duration)
    seconds = (duration - 2 * turn) / TICKS_PER_SECOND
    tall = uniform(drill.seed, Purpose.HEIGHT, 0, person) + uniform(drill.seed, Purpose.HEIGHT, 1, person)
    scale = (0.94 + 0.06 * tall).astype(np.float32)
    start, moves = _moves(drill)
    rows = [_first(drill)]
    for index in range(1, sets):
        rows.append(_walk(drill, table, index, rows[-1], moves[index - 1], seconds[index], scale))
    columns = dict(zip(_Row._fields, zip(*rows, strict=True), strict=True))
    return Route(
        depart=depart,
        duration=duration,
        turn=turn,
        origin=table.origin,
        goal=table.goal,
        ease=np.zeros(sets, np.int64) if drill.ease is None else to_numpy(drill.ease).astype(np.int64),
        start=start,
        moves=moves,
        period=drill.periods,
        release=np.append(to_numpy(drill.leave)[1:].astype(np.int64), np.iinfo(np.int64).max),
        held=_held(drill),
        curves=columns.pop("curves"),
        climbs=columns.pop("climbs"),
        scale=scale,
        variation=uniform(drill.seed, Purpose.VARIATION, 0, person).astype(np.float32),
        **{name: np.stack(column) for name, column in columns.items()},
    )


def _held(drill: Drill) -> NDArray[np.bool_]:
    return np.array([CLIPS[number].kind == "held" for number in to_numpy(drill.clip).tolist()])


def _moves(drill: Drill) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return (S, N) when each person begins each set's move, and how many whole cycles they do of it."""
    leave, arrive = to_numpy(drill.leave).astype(np.int64), to_numpy(drill.arrive).astype(np.int64)
    held, times = _held(drill), None if drill.times is None else to_numpy(drill.times).astype(np.int64)
    start = arrive[:, None] + to_numpy(drill.canon).astype(np.int64)
    moves = np.empty_like(start)
    for index in range(drill.sets):
        late = uniform(drill.seed, Purpose.MOVE_TIMING, 2 * index + 1, np.arange(drill.people))
        start[index] += (late * drill.timing * TICKS_PER_SECOND).astype(np.int64)
        most = _ENDLESS if times is None else int(times[index]) or _ENDLESS
        moves[index] = most = 1 if held[index] else most
        if index + 1 < drill.sets:
            moves[index] = np.clip((leave[index + 1] - start[index]) // drill.periods[index], 0, most)
    return start, moves


def _first(drill: Drill) -> _Row:
    """Return the row of set 0, which nobody walks to."""
    looks, none = headings(drill)[0], np.zeros(drill.people)
    strips = np.zeros(drill.people, dtype=np.int16)
    return _Row(looks, looks, looks, looks, none, none, none, none, strips, strips, none, (), None)


def _walk(
    drill: Drill,
    table: Timetable,
    index: int,
    former: _Row,
    moved: NDArray[np.int64],
    seconds: NDArray[np.float64],
    scale: NDArray[np.float32],
) -> _Row:
    """Return the row of a set that is walked to, in so many seconds, after that of the set before."""
    way = table.goal[index] - table.origin[index]
    length = np.hypot(way[:, 0], way[:, 1])
    # Where they look at the beginning of the way, and how far round it leads them.
    towards, swept = np.arctan2(way[:, 1], way[:, 0]), np.zeros(drill.people)
    curves = _curves(drill, index, table.origin[index], table.goal[index])
    for curve in curves:
        begins, ends = curve.heading(np.array([[0.0], [1.0]]))
        length[curve.people], towards[curve.people], swept[curve.people] = curve.length, begins, ends - begins
    steps = length >= STAYS
    climbs = _climbs(drill, table, index)
    sunk, risen, backs = (np.zeros(drill.people), np.zeros(drill.people), np.zeros((2, drill.people)))
    if climbs is not None:
        backs[:, climbs.people] = np.where(climbs.climbs, np.pi, 0.0)  # who climbs looks at the figure
        sunk[climbs.people], risen[climbs.people] = climbs.cycles
    before = former.standing + backs[0]
    first = before + np.where(steps, shortest(towards - before), 0.0)
    whole = np.rint((first - towards) / (2.0 * np.pi)) * (2.0 * np.pi)
    last = first + np.where(steps, swept, 0.0)
    after = last + shortest(headings(drill)[index] + backs[1] - last)
    length = np.where(steps, length, 0.0)
    taken = step_pairs(length, length / seconds, scale.astype(np.float64), drill.step_length)
    return _Row(
        standing=after - backs[1],
        before=before,
        first=first,
        after=after,
        base=former.base + former.sunk + former.pairs + former.risen + moved,
        sunk=sunk,
        pairs=taken.pairs,
        risen=risen,
        loop=taken.loop,
        ends=taken.ends,
        length=length,
        curves=tuple(curve.turned(whole[curve.people]) for curve in curves),
        climbs=climbs,
    )


def _curves(
    drill: Drill, index: int, origin: NDArray[np.float64], goal: NDArray[np.float64]
) -> tuple[Curve, ...]:
    """Return the ways to a set that are not straight."""
    people = drill.people
    bend = np.zeros((2, 2)) if drill.bend is None else to_numpy(drill.bend[index]).astype(np.float64)
    bow = np.zeros(people) if drill.detours is None else drill.detours.bow[index]
    bends = np.full(people, bool(bend.any())) | (bow != 0.0)
    curves: list[Curve] = []
    if drill.rails is not None:
        railed = drill.rails.walked[index]
        bends &= ~railed
        if railed.any():
            who = np.flatnonzero(railed)
            curves.append(railed_ways(who, origin[who], goal[who], drill.rails, index))
    if bends.any():
        who = np.flatnonzero(bends)
        curves.append(bent_ways(who, origin[who], goal[who], bow[who], bend))
    return tuple(curves)


def _climbs(drill: Drill, table: Timetable, index: int) -> Climbs | None:
    """Return who climbs, or stands on others, on the way to a set."""
    if drill.height is None or table.climbing is None:
        return None
    places, height, climbing = to_numpy(drill.places), to_numpy(drill.height), table.climbing
    people = np.flatnonzero((height[index - 1] > 0.0) | (height[index] > 0.0))
    if not len(people):
        return None
    climbs, heights = climbing.climbs[:, index, people], height[index - 1 : index + 1, people]
    return Climbs(
        people=people,
        top=places[index - 1 : index + 1, people].astype(np.float64),
        foot=np.stack([table.origin[index][people], table.goal[index][people]]),
        height=heights.astype(np.float64),
        begin=climbing.begin[:, index, people],
        slot=(int(climbing.slot[0, index]), int(climbing.slot[1, index])),
        climbs=climbs,
        cycles=np.where(climbs, np.maximum(np.rint(heights / CLIMB_CYCLE), 1.0), 0.0),
    )
