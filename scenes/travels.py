"""How a troupe travels to a set: when each person sets off, by when all are there, along which curve."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ..kernels.counter_random import Purpose, uniform
from ..kernels.drill import Drill
from ..kernels.easing import EASES, FASTEST
from ..kernels.pace import speeds
from ..kernels.places import FieldSize, Places
from ..kernels.rails import Rails
from ..kernels.ticks import seconds, ticks
from .schema_travel import heading_of

if TYPE_CHECKING:
    from .assignments import Assigned, Rail
    from .formed_sets import Formed

Headings = NDArray[np.float64]

WALKING_PACE = 2.5
"""Metres a second, on average, on a way whose time is not given."""

STAGGER = 0.12
"""Share of a travel's time over which people set off who do so each in their own time."""

_LEAST_TRAVEL = Fraction(1, 2)
_TURNING = Fraction(4, 5)  # seconds for people who stay and look elsewhere
_TICK = seconds(1)
_SAMPLES = np.linspace(0.0, 1.0, 65)
_WEST, _EAST = math.pi, 0.0
_ROUNDS = 12  # of looking for the shortest time that keeps a speed
_AS_FAST = 1.0 - 1e-3


class TravelError(ValueError):
    """A travel that cannot be walked.

    Attributes
    ----------
    key
        What of the travel to change: ``over``, ``canon``, ``via`` or ``speed``.
    """

    def __init__(self, message: str, key: str) -> None:
        super().__init__(message)
        self.key = key


@dataclass(frozen=True)
class Crowd:
    """What holds for all ways of one troupe; as the fields of `Drill` of the same names."""

    seed: int
    step_length: float


@dataclass(frozen=True, eq=False)
class Walk:
    """The way to one set.

    Attributes
    ----------
    start, goal
        Shape (N, 2), metres: where people stand before and after.
    before, after
        Shape (N,), radians: where they look there, as `headings`.
    low, high
        Shape (N,), metres of their feet above the ground, before and after; or None.
    leave
        Seconds of show time.
    following
        When the troupe leaves again; None after the last set.
    late
        Shape (N,), int64 ticks by which each person sets off later.
    bend
        Shape (2, 2), metres: as `Drill.bend`.
    rail
        What people follow; None for everyone's own way.
    """

    start: Places
    goal: Places
    before: Headings
    after: Headings
    low: NDArray[np.float64] | None
    high: NDArray[np.float64] | None
    leave: Fraction
    following: Fraction | None
    late: NDArray[np.int64]
    bend: NDArray[np.float64]
    rail: Rail | None

    @property
    def waiting(self) -> Fraction:
        """Seconds by which the last sets off later than the first."""
        return seconds(self.late.max())

    @property
    def turns(self) -> bool:
        """Whether somebody looks elsewhere than before."""
        return bool(np.abs(np.sin((self.after - self.before) / 2.0)).max() > 1e-9)

    @property
    def longest(self) -> float:
        """Metres of the longest way."""
        if self.rail is not None:
            return float((self.rail.end - self.rail.begin).max())
        if not self.bend.any():
            return float(np.hypot(*(self.goal - self.start).T).max())
        length = np.zeros(len(self.start))
        for one, other in itertools.pairwise(_SAMPLES.tolist()):
            length += np.hypot(*(self.at(other) - self.at(one)).T)
        return float(length.max())

    def at(self, share: float) -> Places:
        """Return where people are at a share of their own way, shape (N, 2)."""
        back = 1.0 - share
        straight: Places = back * self.start + share * self.goal
        first, second = 3.0 * share * back * back, 3.0 * share * share * back
        bent: Places = straight + first * self.bend[0] + second * self.bend[1]
        return bent


def late_by(former: Formed, formed: Formed, start: Places, match: Assigned) -> NDArray[np.int64]:
    """Return the ticks by which each person sets off later, shape (N,).

    The canon goes through the formation that people leave, as one of moves would. A file goes in its own
    order, the leader first.
    """
    canon = ticks(formed.drill_set.travel.canon)
    if match.rail is None or match.file is None:
        return former.ranks(start) * canon
    turns = np.empty(len(match.file), dtype=np.int64)
    turns[match.file] = np.arange(len(match.file))
    return turns * canon


def keeps_order(formed: Formed) -> bool:
    """Whether people set off to a set in a given order, and not each in their own time."""
    return formed.drill_set.travel.canon > 0 or formed.drill_set.assign == "follow"


def own_times(crowd: Crowd, number: int, lasts: Fraction, people: int) -> NDArray[np.int64]:
    """Return the ticks by which each of some people sets off later in their own time, as `Drill.stagger`.

    Parameters
    ----------
    crowd
        Who walks.
    number
        Which set of the drill they go to.
    lasts
        Seconds of the travel.
    people
        How many.
    """
    share = uniform(crowd.seed, Purpose.MOVE_TIMING, 2 * number, np.arange(people))
    late: NDArray[np.int64] = (share * (STAGGER * ticks(lasts))).astype(np.int64)
    return late


def bend_of(formed: Formed, start: Places) -> NDArray[np.float64]:
    """Return by what the curve of a set's `via` differs from the straight way: (2, 2) metres, 0 without one.

    The middle of all people goes along a cubic Bézier curve with the control points of `via`, or with one
    point along a quadratic one; everyone else's way is bent as much.
    """
    via = formed.drill_set.travel.via
    if via is None:
        return np.zeros((2, 2))
    origin, goal = start.mean(axis=0), formed.places.mean(axis=0)
    thirds = np.stack([(2.0 * origin + goal) / 3.0, (origin + 2.0 * goal) / 3.0])
    if len(via) == 2:
        offsets: NDArray[np.float64] = np.array(via) - thirds
        return offsets
    # A quadratic curve's control point lies two thirds of the way from each end to the cubic one's.
    bend: NDArray[np.float64] = (np.array([origin, goal]) + 2.0 * np.array(via)) / 3.0 - thirds
    return bend


def headings(formed: Formed, places: Places) -> Headings:
    """Return where people look who stand in a set: shape (N,), radians from +X towards +Y."""
    face = formed.drill_set.face
    if not isinstance(face, str):
        return np.full(len(places), heading_of(face))
    if face in {"audience", "card_section"}:
        return np.full(len(places), _WEST if face == "audience" else _EAST)
    away = places - np.array(formed.middle)
    away = -away if face == "centre" else away
    # Who stands in the middle itself looks at the audience.
    middle = np.hypot(*away.T) < 1e-6
    return np.where(middle, _WEST, np.arctan2(away[:, 1], away[:, 0]))


def arrival(formed: Formed, walk: Walk, crowd: Crowd) -> Fraction:
    """Return when all have reached a set, in seconds of show time.

    Parameters
    ----------
    formed
        The set.
    walk
        The way to it.
    crowd
        Who walks.

    Raises
    ------
    TravelError
        When there is no time for it.
    """
    travel = formed.drill_set.travel
    left = None if walk.following is None else walk.following - walk.leave
    if travel.via is not None:
        _check_inside(walk, formed.field)
    if travel.over is not None:
        lasts = travel.over
    elif formed.stays:
        lasts = walk.waiting + (_TURNING if walk.turns or walk.waiting else _TICK)
    else:
        lasts = _time_of_a_walk(formed, walk, crowd)
    if travel.over is None and travel.speed is None and left is not None:
        lasts = min(lasts, left)
    if walk.waiting >= lasts:
        turns_taken = int(walk.late.max() // ticks(travel.canon)) + 1
        each = math.floor(lasts * 1000 * Fraction(3, 4) / max(turns_taken - 1, 1))
        raise TravelError(
            f"in this canon of {turns_taken:,} the last set off {_seconds(walk.waiting)} after the first, but"
            f" all must be there after {_seconds(lasts)}: write at most {each} ms, or a longer travel",
            "canon",
        )
    if travel.speed is not None and walk.longest > 0.0:
        needed = _time_at(travel.speed, formed, walk, crowd)
        if travel.over is not None and needed > lasts:
            raise TravelError(
                f"the longest way is {walk.longest:.1f} m, which nobody who keeps below {travel.speed:g} m/s"
                f" walks in {_seconds(lasts)}: write 'over: {_seconds(needed)}', or leave it out",
                "over",
            )
        lasts = lasts if travel.over is not None else needed
        if left is not None and lasts > left:
            raise TravelError(
                f"at {travel.speed:g} m/s the travel lasts {_seconds(lasts)}, but the troupe leaves for the"
                f" next formation after {_seconds(left)}: go faster, or leave later",
                "speed",
            )
    return walk.leave + lasts


def _check_inside(walk: Walk, field: FieldSize) -> None:
    ways = (walk.at(share) for share in _SAMPLES.tolist()) if walk.rail is None else (walk.rail.points,)
    beyond = max(map(field.beyond, ways))
    if beyond > 1e-6:
        raise TravelError(
            f"the way leads {beyond:.1f} m out of the field, which reaches {field}: bend it less",
            "via",
        )


def _time_of_a_walk(formed: Formed, walk: Walk, crowd: Crowd) -> Fraction:
    """Return how long a travel lasts whose time nobody says."""
    if walk.low is not None or walk.high is not None:
        # Some of the time is for climbing.
        ease = EASES.index(formed.drill_set.travel.ease)
        return _time_at(WALKING_PACE * FASTEST[ease], formed, walk, crowd)
    mean = Fraction(round(walk.longest / WALKING_PACE * 1000), 1000)
    return walk.waiting + max(_LEAST_TRAVEL, mean)


def _time_at(speed: float, formed: Formed, walk: Walk, crowd: Crowd) -> Fraction:
    """Return the shortest travel, in whole milliseconds, on which nobody is ever faster than `speed`."""
    waiting = walk.waiting
    lasts = waiting + max(_LEAST_TRAVEL, Fraction(round(walk.longest / speed * 1000), 1000))
    for number in itertools.count():
        peak = float(speeds(_alone(formed, walk, crowd, ticks(lasts)))[1].max())
        slow = peak <= speed * (1.0 + 1e-9)
        if slow and (peak >= speed * _AS_FAST or lasts - waiting <= _LEAST_TRAVEL or number >= _ROUNDS):
            break
        # A little longer than that, so that what does not grow with the time is made up for.
        walking = float(lasts - waiting) * peak / (speed * (1.0 + _AS_FAST) / 2.0)
        lasts = waiting + max(_LEAST_TRAVEL, Fraction(math.ceil(walking * 1000), 1000))
    return lasts


def _alone(formed: Formed, walk: Walk, crowd: Crowd, lasts: int) -> Drill:
    """Return a drill of two sets with nothing but this way between them."""
    count = len(walk.start)
    rails = None
    if walk.rail is not None:
        rows = np.full(count, np.nan)
        begin, end = (np.stack([rows, row]) for row in (walk.rail.begin, walk.rail.end))
        rails = Rails(walk.rail.points, walk.rail.along, begin, end)
    height = None
    if walk.low is not None or walk.high is not None:
        ground = np.zeros(count)
        height = np.stack([ground if row is None else row for row in (walk.low, walk.high)])
    return Drill(
        places=np.stack([walk.start, walk.goal]),
        leave=np.zeros(2, dtype=np.int64),
        arrive=np.array([0, lasts], dtype=np.int64),
        clip=np.zeros(2, dtype=np.int16),
        canon=np.zeros((2, count), dtype=np.int64),
        heading=np.stack([walk.before, walk.after]),
        seed=crowd.seed,
        step_length=crowd.step_length,
        stagger=0.0 if keeps_order(formed) else STAGGER,
        height=height,
        late=np.stack([np.zeros(count, dtype=np.int64), walk.late]),
        ease=np.full(2, EASES.index(formed.drill_set.travel.ease), dtype=np.int8),
        bend=np.stack([np.zeros((2, 2)), walk.bend]),
        rails=rails,
    )


def _seconds(time: Fraction) -> str:
    return f"{float(time):.3f}".rstrip("0").rstrip(".") + " s"
