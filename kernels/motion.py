"""Where each gymnast is, which way they face and how far through which move, at any time of the show.

Everything is a closed form of show time. A person's drill is a chain of sets: they turn, walk to a place,
turn there, stand and do a move, walk on. What does not change with time is worked out once per drill
(`route.Route`), on the host, so that each frame needs arithmetic alone and comes out the same in any order,
alone or with others.
"""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .array_module import array_module, to_numpy
from .clips import CLIP_NAMES
from .compile_cuda import cuda_function
from .drill import Drill, MotionError
from .easing import SMOOTH, eased
from .route import Climbs, Route

_STAND, _CLIMB = CLIP_NAMES.index("stand"), CLIP_NAMES.index("climb")

_PERFORMERS_AT_ONCE = 1 << 14  # frames x people in one block: what fits in a core's cache
_THREADS = 128
_MOST_BLOCKS = 65_535  # CUDA allows no more in y
_ABOUT = 0.25  # share of a climb in which people turn to the figure, or from it
_OVER = 0.5  # share of a climb in which people go from the ground before the figure to their place in it


def gymnast_states(drill: Drill, at: NDArray[np.integer[Any]]) -> NDArray[np.float32]:
    """Everyone's state at each of some times.

    Parameters
    ----------
    drill
        The troupe's drill.
    at
        Shape (F,), integer ticks of show time, in any order.

    Returns
    -------
    NDArray[np.float32]
        Shape (F, 2, N, 4). Layer 0: x, y, z in metres (z of the feet: 0 but for those who stand on others;
        poses lift the body) and heading in radians, which turns on without a jump, so that neighbours in
        time may be mixed linearly. Layer 1: cycles of the move (rising without a jump; the fraction is the
        phase), index of the strip of poses in `clips.STRIPS`, body scale 0.94 to 1.06, variation 0 to 1. The
        cycles are whole where one move follows another, and half-way through one where a walk's first step
        becomes the next, and the last but one the last. On the device of `drill.places`.

    Raises
    ------
    MotionError
        If `at` is not one row of integers.
    """
    times = to_numpy(at)
    if times.ndim != 1 or not np.issubdtype(times.dtype, np.integer):
        raise MotionError(f"times must be one row of integer ticks, not {times.dtype} of shape {times.shape}")
    times = times.astype(np.int64)
    sets = np.maximum(np.searchsorted(to_numpy(drill.leave), times, side="right") - 1, 0)
    under_way = (sets > 0) & (times < to_numpy(drill.arrive)[sets])
    xp = array_module(drill.places)
    states = xp.empty((len(times), 2, drill.people, 4), dtype=np.float32)
    if len(times):
        twin = _gymnast_states_numpy if xp is np else _gymnast_states_cuda
        twin(drill, times, sets, under_way, states)
    result: NDArray[np.float32] = states
    return result


def _gymnast_states_numpy(
    drill: Drill,
    times: NDArray[np.int64],
    sets: NDArray[np.int64],
    under_way: NDArray[np.bool_],
    out: NDArray[np.float32],
) -> None:
    """Fill `out`, (F, 2, N, 4): the twin of cuda/motion.cu."""
    route = drill.route
    at_once = max(1, _PERFORMERS_AT_ONCE // drill.people)
    for index, walk in sorted(set(zip(sets.tolist(), under_way.tolist(), strict=True))):
        frames = np.flatnonzero((sets == index) & (under_way == walk))
        for first in range(0, len(frames), at_once):
            some = frames[first : first + at_once]
            now = times[some][:, None]
            block = np.empty((len(some), 2, drill.people, 4), dtype=np.float32)
            block[:, 1, :, 2], block[:, 1, :, 3] = route.scale, route.variation
            (_under_way if walk else _in_place)(drill, index, now, block)
            out[some] = block


def _gymnast_states_cuda(
    drill: Drill, times: NDArray[np.int64], sets: NDArray[np.int64], under_way: NDArray[np.bool_], out: Any
) -> None:
    xp, tables = array_module(out), drill.tables
    moments = [xp.asarray(row) for row in (times, sets.astype(np.int32), under_way)]
    counts = (drill.sets, drill.people, *tables.sizes, len(times))
    arguments = (
        *moments,
        *(getattr(tables, field.name) for field in fields(tables)),
        *(np.int32(count) for count in counts),
        out,
    )
    grid = (-(-drill.people // _THREADS), min(len(times), _MOST_BLOCKS))
    cuda_function("motion", "gymnast_states")(grid, (_THREADS,), arguments)


def _in_place(drill: Drill, index: int, now: Any, out: NDArray[np.float32]) -> None:
    """Fill in states at times (f, 1) at which everyone stands in the set."""
    route = drill.route
    place, where, how = to_numpy(drill.places)[index], out[:, 0], out[:, 1]
    where[..., :2] = place
    where[..., 2] = 0.0 if drill.height is None else to_numpy(drill.height)[index]
    where[..., 3] = route.standing[index]
    done = route.base[index] + route.sunk[index] + route.pairs[index] + route.risen[index]
    how[..., 0] = done + _moved(route, index, now)
    how[..., 1] = int(drill.clip[index])


def _moved(route: Route, index: int, now: Any) -> Any:
    """Return the cycles of the set's move done by now: 0 before it begins, at most what there is time for."""
    period, since = int(route.period[index]), now - route.start[index]
    if not route.held[index]:
        return np.clip(since, 0, route.moves[index] * period) / float(period)
    half = max(period // 2, 1)
    until = now - (int(route.release[index]) - half)
    return (np.clip(since, 0, half) + np.clip(until, 0, half)) * route.moves[index] / (2.0 * half)


def _under_way(drill: Drill, index: int, now: Any, out: NDArray[np.float32]) -> None:
    """Fill in states at times (f, 1) at which the first leave for the set and the last may arrive."""
    route = drill.route
    turn, duration, pairs = route.turn[index], route.duration[index], route.pairs[index]
    elapsed = now - route.depart[index]
    span = duration - 2 * turn
    progress = np.clip(elapsed - turn, 0, span) / span
    way = eased(int(route.ease[index]), progress)
    origin, goal = route.origin[index], route.goal[index]
    back = 1.0 - way
    where, how = out[:, 0], out[:, 1]
    # Mixed like this, not as a + (b - a) t, both ends come out exactly.
    where[..., 0] = back * origin[:, 0] + way * goal[:, 0]
    where[..., 1] = back * origin[:, 1] + way * goal[:, 1]
    where[..., 2] = 0.0
    turning = np.maximum(turn, 1)
    turned = eased(SMOOTH, np.clip(elapsed, 0, turning) / turning)
    heading = (1.0 - turned) * route.before[index] + turned * route.first[index]
    steps = way * pairs
    for curve in route.curves[index]:
        who = curve.people
        on = way[:, who]
        where[:, who, 0], where[:, who, 1] = curve.places(on)
        walks = (pairs[who] > 0.0) & (progress[:, who] > 0.0)
        heading[:, who] = np.where(walks, curve.heading(on), heading[:, who])
        steps[:, who] = curve.behind(on) * pairs[who]
    turned = eased(SMOOTH, np.clip(elapsed - (duration - turning), 0, turning) / turning)
    where[..., 3] = (1.0 - turned) * heading + turned * route.after[index]
    # Nobody starts the next move before the last one may have arrived: the cycles are those walked.
    how[..., 0] = route.base[index] + route.sunk[index] + steps
    middle = (steps >= 0.5) & (steps <= pairs - 0.5)
    strip = np.where(middle, route.loop[index], route.ends[index])
    strip = np.where((progress > 0.0) & (progress < 1.0) & (pairs > 0.0), strip, _STAND)
    strip = np.where(elapsed <= 0, int(drill.clip[index - 1]), strip)
    how[..., 1] = np.where(elapsed >= duration, int(drill.clip[index]), strip)
    climbs = route.climbs[index]
    if climbs is not None:
        _climb(drill, index, climbs, now, out)


def _climb(drill: Drill, index: int, climbs: Climbs, now: Any, out: NDArray[np.float32]) -> None:
    """Change the states of those who climb, or stay on others, on the way to a set."""
    route, who = drill.route, climbs.people
    where, how = out[:, 0], out[:, 1]
    down, up = (
        np.clip(now - climbs.begin[side], 0, climbs.slot[side]) / float(max(climbs.slot[side], 1))
        for side in range(2)
    )
    down, up = np.where(climbs.climbs[0], down, 1.0), np.where(climbs.climbs[1], up, 0.0)
    sunk, risen = eased(SMOOTH, down), eased(SMOOTH, up)
    over_down = eased(SMOOTH, np.minimum(down / _OVER, 1.0))
    over_up = eased(SMOOTH, np.maximum((up - _OVER) / (1.0 - _OVER), 0.0))
    for axis in range(2):
        top, foot = climbs.top[..., axis], climbs.foot[..., axis]
        sinking = (1.0 - over_down) * top[0] + over_down * foot[0]
        rising = (1.0 - over_up) * foot[1] + over_up * top[1]
        on_ground = where[:, who, axis]
        where[:, who, axis] = np.where(down < 1.0, sinking, np.where(up > 0.0, rising, on_ground))
    stays = np.where(climbs.climbs[0], 0.0, climbs.height[0])
    fallen = np.where(climbs.climbs[0], (1.0 - sunk) * climbs.height[0], stays)
    where[:, who, 2] = np.where(up > 0.0, risen * climbs.height[1], fallen)
    about = eased(SMOOTH, np.minimum(down / _ABOUT, 1.0))
    heading = (1.0 - about) * route.standing[index - 1, who] + about * route.before[index, who]
    away = eased(SMOOTH, np.maximum((up - (1.0 - _ABOUT)) / _ABOUT, 0.0))
    rising = (1.0 - away) * route.after[index, who] + away * route.standing[index, who]
    walked = where[:, who, 3]
    where[:, who, 3] = np.where(down < 1.0, heading, np.where(up > 0.0, rising, walked))
    base = route.base[index, who]
    sinking = base + sunk * climbs.cycles[0]
    rising = base + climbs.cycles[0] + route.pairs[index, who] + risen * climbs.cycles[1]
    how[:, who, 0] = np.where(down < 1.0, sinking, np.where(up > 0.0, rising, how[:, who, 0]))
    done = now >= route.depart[index, who] + route.duration[index, who]
    strip = np.where(done & climbs.climbs[1], _STAND, how[:, who, 1])
    begun = (now <= route.depart[index, who]) & climbs.climbs[0]
    strip = np.where(begun, np.where(down > 0.0, _CLIMB, int(drill.clip[index - 1])), strip)
    strip = np.where(begun & (down >= 1.0), _STAND, strip)
    climbing = np.where(up >= 1.0, int(drill.clip[index]), _CLIMB)
    how[:, who, 1] = np.where(up > 0.0, climbing, strip)
