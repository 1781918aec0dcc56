"""Where each gymnast is, which way they face and how far through which move, at any time of the show.

Everything is a closed form of show time. A person's drill is a chain of sets: they walk to a place, stand
there and do a move, walk on. What does not change with time is worked out once per drill (`Route`), on the
host, so that each frame needs arithmetic alone and comes out the same in any order, alone or with others.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .array_module import array_module, to_numpy
from .counter_random import Purpose, uniform
from .ticks import TICKS_PER_SECOND

CLIPS = ("stand", "march", "wave", "jump", "bow")
"""Moves by index. At whole cycles each is in the same neutral pose, so they can follow each other there."""

STAND, MARCH, WAVE, JUMP, BOW = range(len(CLIPS))

RATES = (0.2, 1.0, 0.5, 0.75, 0.25)
"""Cycles a second of each move on the spot; a cycle of marching is two steps."""

_TURNING = 0.15  # share of a walk for turning, at its start and again at its end: people hardly move then
_SIDE_STEP = 1.5  # metres: on a shorter way nobody turns
_STAYS = 0.05  # metres: on a shorter way nobody steps
_CHANNELS = ((0, 0), (0, 1), (0, 2), (0, 3), (1, 0), (1, 1))  # x, y, z, heading; cycles, move
_ENDLESS = 1_000_000  # cycles in the last set
_PERFORMERS_AT_ONCE = 1 << 14  # frames x people in one block: what fits in a core's cache


class MotionError(ValueError):
    """A drill that cannot be walked."""


@dataclass(frozen=True, eq=False)
class Drill:
    """The formations of one troupe in time, with who stands where settled.

    Attributes
    ----------
    places
        Shape (S, N, 2), float64, metres: person i stands at `places[s, i]` in set s. NumPy or CuPy; the
        states are computed where these are.
    leave, arrive
        Shape (S,), int64 ticks: people are under way to set s between these. Set 0 is where they stand from
        the beginning, and its two times, equal, are when its move starts.
    clip
        Shape (S,), index into `CLIPS`: the move while standing in set s. On the way people march.
    canon
        Shape (S, N), int64 ticks: how long after `arrive[s]` each person starts the move.
    heading
        Shape (S,), radians from +X towards +Y: where people look while they stand.
    seed
        Which crowd: other seeds give other timings and heights.
    step_length
        Metres. A walk has a whole number of step pairs: the one that comes closest to this.
    rates
        Cycles a second of each of `CLIPS`.
    stagger
        Share of a walk's time over which people set off, 0 to 0.5.
    timing
        Seconds over which people start a move.

    Raises
    ------
    MotionError
        If shapes do not fit, times are not in order, or a number is out of range.
    """

    places: NDArray[np.float64]
    leave: NDArray[np.int64]
    arrive: NDArray[np.int64]
    clip: NDArray[np.integer[Any]]
    canon: NDArray[np.int64]
    heading: NDArray[np.float64]
    seed: int = 0
    step_length: float = 0.75
    rates: tuple[float, ...] = RATES
    stagger: float = 0.12
    timing: float = 0.12

    def __post_init__(self) -> None:
        if self.places.ndim != 3 or self.places.shape[2] != 2 or 0 in self.places.shape:
            raise MotionError(
                f"places must be (sets, people, 2) with at least one of each: {self.places.shape}"
            )
        sets, people = self.places.shape[:2]
        for name, shape in {
            "leave": (sets,),
            "arrive": (sets,),
            "clip": (sets,),
            "canon": (sets, people),
            "heading": (sets,),
        }.items():
            if getattr(self, name).shape != shape:
                raise MotionError(f"{name} must have the shape {shape}, not {getattr(self, name).shape}")
        leave, arrive, clip = (to_numpy(row) for row in (self.leave, self.arrive, self.clip))
        if leave[0] != arrive[0]:
            raise MotionError("set 0 has no way to it: its leave and arrive must be equal")
        if (arrive[1:] <= leave[1:]).any() or (leave[1:] < arrive[:-1]).any():
            raise MotionError(
                "people must reach each set after they leave for it, and that after they reached the last"
            )
        if (clip < 0).any() or (clip >= len(CLIPS)).any():
            raise MotionError(f"clips are 0 to {len(CLIPS) - 1}")
        if (to_numpy(self.canon) < 0).any():
            raise MotionError("canon delays are not negative")
        if len(self.rates) != len(CLIPS) or min(self.rates) <= 0:
            raise MotionError(f"rates must be {len(CLIPS)} positive numbers of cycles a second")
        if not (self.step_length > 0 and 0 <= self.stagger <= 0.5 and self.timing >= 0):
            raise MotionError("step length must be positive, stagger 0 to 0.5 and timing not negative")

    @functools.cached_property
    def route(self) -> Route:
        """What does not change with time, on the device of `places`."""
        return _route(self)


@dataclass(frozen=True, eq=False)
class Route:
    """What does not change with time; each array has shape (S, N) unless said otherwise.

    Attributes
    ----------
    depart, duration
        int64 ticks: when each person sets off to set s, and how long they walk; set 0 has no walk.
    before, walking, standing
        float64 radians, unwrapped: heading before the walk, on it, and in the set.
    base, walked
        float64 whole cycles: done before the walk, and on it.
    start, moves
        int64: tick at which the move begins, and how many whole cycles of it there is time for.
    period
        Shape (S,), int64 ticks of one cycle of the set's move; on the host.
    height, variation
        Shape (N,), float32: body scale about 1, and a number in [0, 1) to tell people apart.
    """

    depart: Any
    duration: Any
    before: Any
    walking: Any
    standing: Any
    base: Any
    walked: Any
    start: Any
    moves: Any
    period: NDArray[np.int64]
    height: Any
    variation: Any


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
        Shape (F, 2, N, 4). Layer 0: x, y, z in metres (z is 0, the ground: poses lift the body) and heading
        in radians, which turns on without a jump, so that neighbours in time may be mixed linearly. Layer 1:
        cycles of the move (rising without a jump; the fraction is the phase), index of the move in `CLIPS`,
        body scale 0.94 to 1.06, variation 0 to 1. The cycles are whole where one move follows another.
        On the device of `drill.places`.

    Raises
    ------
    MotionError
        If `at` is not one row of integers.
    """
    times = to_numpy(at)
    if times.ndim != 1 or not np.issubdtype(times.dtype, np.integer):
        raise MotionError(f"times must be one row of integer ticks, not {times.dtype} of shape {times.shape}")
    xp = array_module(drill.places)
    route, people = drill.route, drill.places.shape[1]
    sets = np.maximum(np.searchsorted(to_numpy(drill.leave), times, side="right") - 1, 0)
    states = xp.empty((len(times), 2, people, 4), dtype=np.float32)
    states[:, 1, :, 2] = route.height
    states[:, 1, :, 3] = route.variation
    under_way = (sets > 0) & (times < to_numpy(drill.arrive)[sets])
    at_once = max(1, _PERFORMERS_AT_ONCE // people)
    for index, walk in sorted(set(zip(sets.tolist(), under_way.tolist(), strict=True))):
        frames = np.flatnonzero((sets == index) & (under_way == walk))
        for first in range(0, len(frames), at_once):
            some = frames[first : first + at_once]
            now = xp.asarray(times[some].astype(np.int64))[:, None]
            channels = _under_way(drill, index, now) if walk else _in_place(drill, index, now)
            for (layer, channel), value in zip(_CHANNELS, channels, strict=True):
                states[some, layer, :, channel] = value
    result: NDArray[np.float32] = states
    return result


def _in_place(drill: Drill, index: int, now: Any) -> tuple[Any, ...]:
    """Return the channels at times (f, 1) at which everyone stands in the set."""
    route, place, clip = drill.route, drill.places[index], int(drill.clip[index])
    cycle = _moved(route, index, now) + (route.base[index] + route.walked[index])
    return place[:, 0], place[:, 1], 0.0, route.standing[index], cycle, clip


def _under_way(drill: Drill, index: int, now: Any) -> tuple[Any, ...]:
    """Return the channels at times (f, 1) at which the first leave for the set and the last may arrive."""
    xp = array_module(drill.places)
    route, origin, goal = drill.route, drill.places[index - 1], drill.places[index]
    duration = route.duration[index]
    progress = xp.clip(now - route.depart[index], 0, duration) / duration
    way = _smootherstep(progress)
    # Mixed like this, not as a + (b - a) t, both ends come out exactly.
    x = (1.0 - way) * origin[:, 0] + way * goal[:, 0]
    y = (1.0 - way) * origin[:, 1] + way * goal[:, 1]
    turned = _smootherstep(xp.minimum(progress / _TURNING, 1.0))
    heading = (1.0 - turned) * route.before[index] + turned * route.walking[index]
    turned = _smootherstep(xp.maximum((progress - (1.0 - _TURNING)) / _TURNING, 0.0))
    heading = (1.0 - turned) * heading + turned * route.standing[index]
    # Nobody starts the next move before the last one may have arrived: the cycles are those walked.
    cycle = route.base[index] + way * route.walked[index]
    step = xp.where(route.walked[index] > 0, MARCH, STAND)
    before, after = int(drill.clip[index - 1]), int(drill.clip[index])
    clip = xp.where(progress >= 1.0, after, xp.where(progress > 0.0, step, before))
    return x, y, 0.0, heading, cycle, clip


def _moved(route: Route, index: int, now: Any) -> Any:
    """Return the cycles of the set's move done by now: 0 before it begins, at most what there is time for."""
    xp = array_module(route.start)
    period = int(route.period[index])
    return xp.clip(now - route.start[index], 0, route.moves[index] * period) / float(period)


def _smootherstep(progress: Any) -> Any:
    """6t⁵ - 15t⁴ + 10t³ (Perlin 2002): no speed and no acceleration at both ends."""
    return progress * progress * progress * (progress * (progress * 6.0 - 15.0) + 10.0)


def _route(drill: Drill) -> Route:
    xp = array_module(drill.places)
    places, canon = to_numpy(drill.places), to_numpy(drill.canon)
    leave, arrive = to_numpy(drill.leave).astype(np.int64), to_numpy(drill.arrive).astype(np.int64)
    sets, people = places.shape[:2]
    person = np.arange(people)
    whole = np.zeros((sets, people), dtype=np.int64)
    real = np.zeros((sets, people))
    depart, duration, start, moves = whole.copy(), whole + 1, whole.copy(), whole.copy()
    before, walking, standing, base, walked = (real.copy() for _ in range(5))
    rates = np.array(drill.rates)[to_numpy(drill.clip)]
    period = np.rint(TICKS_PER_SECOND / rates).astype(np.int64)
    standing[0] = before[0] = walking[0] = float(drill.heading[0])
    for index in range(sets):
        if index:
            travel = int(arrive[index] - leave[index])
            waiting = int(drill.stagger * travel)
            share = uniform(drill.seed, Purpose.MOVE_TIMING, 2 * index, person)
            depart[index] = leave[index] + (share * waiting).astype(np.int64)
            duration[index] = travel - waiting
            way = places[index] - places[index - 1]
            distance = np.hypot(way[:, 0], way[:, 1])
            before[index] = standing[index - 1]
            towards = before[index] + _shortest(np.arctan2(way[:, 1], way[:, 0]) - before[index])
            walking[index] = np.where(distance < _SIDE_STEP, before[index], towards)
            standing[index] = walking[index] + _shortest(float(drill.heading[index]) - walking[index])
            base[index] = base[index - 1] + walked[index - 1] + moves[index - 1]
            pairs = np.maximum(np.rint(distance / (2.0 * drill.step_length)), 1.0)
            walked[index] = np.where(distance < _STAYS, 0.0, pairs)
        late = uniform(drill.seed, Purpose.MOVE_TIMING, 2 * index + 1, person)
        late_ticks = (late * drill.timing * TICKS_PER_SECOND).astype(np.int64)
        start[index] = arrive[index] + canon[index] + late_ticks
        left = np.full(people, _ENDLESS)
        if index + 1 < sets:
            left = np.clip((leave[index + 1] - start[index]) // period[index], 0, _ENDLESS)
        moves[index] = left
    tall = uniform(drill.seed, Purpose.HEIGHT, 0, person) + uniform(drill.seed, Purpose.HEIGHT, 1, person)
    height = (0.94 + 0.06 * tall).astype(np.float32)
    variation = uniform(drill.seed, Purpose.VARIATION, 0, person).astype(np.float32)
    return Route(
        depart=xp.asarray(depart),
        duration=xp.asarray(duration),
        before=xp.asarray(before),
        walking=xp.asarray(walking),
        standing=xp.asarray(standing),
        base=xp.asarray(base),
        walked=xp.asarray(walked),
        start=xp.asarray(start),
        moves=xp.asarray(moves),
        period=period,
        height=xp.asarray(height),
        variation=xp.asarray(variation),
    )


def _shortest(turn: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the same turn the short way round: -π to below π."""
    short: NDArray[np.float64] = np.mod(turn + np.pi, 2.0 * np.pi) - np.pi
    return short
