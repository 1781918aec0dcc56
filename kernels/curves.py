"""Ways that are not straight, bowed, bent or along rails: the length behind people and where they look."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .detours import bowed
from .rails import Rails

KNOTS = 17
"""Shares of a way, evenly spaced, for which length and heading are tabulated."""

_EDGE = 1e-4  # share of a way at whose ends the tangent is taken a little inside: there it may vanish
_AT_ONCE = 1 << 10  # people in one block: what fits in a core's cache


def bent(way: Any, bend: NDArray[np.float64]) -> tuple[Any, Any]:
    """Return how far a bend leads off the straight way, x and y in metres.

    A cubic Bézier curve whose inner control points are off a third and two thirds of the straight way.

    Parameters
    ----------
    way
        Share of the way, any shape.
    bend
        Shape (..., 2, 2), metres: the two offsets; broadcast against `way`.
    """
    back = 1.0 - way
    first, second = 3.0 * way * (back * back), 3.0 * (way * way) * back
    return (
        first * bend[..., 0, 0] + second * bend[..., 1, 0],
        first * bend[..., 0, 1] + second * bend[..., 1, 1],
    )


@dataclass(frozen=True, eq=False)
class Bent:
    """The ways of some people, M, that are bent or bowed.

    Attributes
    ----------
    people
        Shape (M,), int64: who of the troupe.
    origin, goal
        Shape (M, 2), metres.
    bow
        Shape (M,), metres: see `detours.bowed`.
    bend
        Shape (2, 2), metres: of the set.
    length
        Shape (M,), metres along the way.
    arc, slope
        Shape (KNOTS, M): share of the length behind at each knot, and its derivative by the share of the way.
    tangent
        Shape (KNOTS, M), radians, unwrapped.
    """

    people: NDArray[np.int64]
    origin: NDArray[np.float64]
    goal: NDArray[np.float64]
    bow: NDArray[np.float64]
    bend: NDArray[np.float64]
    length: NDArray[np.float64]
    arc: NDArray[np.float64]
    slope: NDArray[np.float64]
    tangent: NDArray[np.float64]

    def places(self, way: Any) -> tuple[Any, Any]:
        """Return x and y at shares of the way, shape (..., M)."""
        (begin_x, begin_y), (end_x, end_y) = self.origin.T, self.goal.T
        x, y = bowed(way, begin_x, begin_y, end_x, end_y, self.bow)
        aside_x, aside_y = bent(way, self.bend)
        return x + aside_x, y + aside_y

    def behind(self, way: Any) -> Any:
        """Return the share of the length behind: cubic Hermite interpolation between knots."""
        knot, person, part = self._at(way)
        low, high = self.arc[knot, person], self.arc[knot + 1, person]
        step = 1.0 / (KNOTS - 1)
        first, last = self.slope[knot, person] * step, self.slope[knot + 1, person] * step
        back = 1.0 - part
        # Both values enter with weights that are exactly 0 and 1 at the ends.
        return (
            (1.0 + 2.0 * part) * (back * back) * low
            + part * part * (3.0 - 2.0 * part) * high
            + part * back * (back * first - part * last)
        )

    def heading(self, way: Any) -> Any:
        """Return the direction of the way, unwrapped from its beginning on."""
        along_x, along_y = _tangent(way, self.origin, self.goal, self.bow, self.bend)
        knot, person, part = self._at(way)
        near = self.tangent[knot + (part > 0.5), person]
        return near + shortest(np.arctan2(along_y, along_x) - near)

    def stretch(self, way: Any) -> Any:
        """Return metres of the way for each share of it, at shares of the way."""
        along_x, along_y = _tangent(way, self.origin, self.goal, self.bow, self.bend)
        return np.hypot(along_x, along_y)

    def turned(self, about: NDArray[np.float64]) -> Bent:
        """Return the same with headings of some radians more, whole turns."""
        return dataclasses.replace(self, tangent=self.tangent + about)

    def some(self, part: slice) -> Bent:
        """Return the ways of some of the people."""
        return Bent(
            self.people[part],
            self.origin[part],
            self.goal[part],
            self.bow[part],
            self.bend,
            self.length[part],
            self.arc[:, part],
            self.slope[:, part],
            self.tangent[:, part],
        )

    def _at(self, way: Any) -> tuple[Any, Any, Any]:
        place = way * (KNOTS - 1)
        knot = np.minimum(place.astype(np.int64), KNOTS - 2)
        return knot, np.arange(len(self.people)), place - knot


@dataclass(frozen=True, eq=False)
class Railed:
    """The ways of some people, M, along rails.

    Attributes
    ----------
    people
        Shape (M,), int64: who of the troupe.
    rails
        The lines.
    begin, end
        Shape (M,), metres along.
    off
        Shape (2, M, 2), metres: from the rail to the beginning of the walk and to its end; mixed on the way.
    about
        Shape (M,), radians between the rail's heading and theirs: half a turn for who walks down `along`.
    length
        Shape (M,), metres along the way.
    """

    people: NDArray[np.int64]
    rails: Rails
    begin: NDArray[np.float64]
    end: NDArray[np.float64]
    off: NDArray[np.float64]
    about: NDArray[np.float64]
    length: NDArray[np.float64]

    def along(self, way: Any) -> Any:
        """Return metres along the rails at shares of the way, shape (..., M)."""
        return (1.0 - way) * self.begin + way * self.end

    def places(self, way: Any) -> tuple[Any, Any]:
        """Return x and y at shares of the way, shape (..., M)."""
        x, y = self.rails.places(self.along(way))
        back = 1.0 - way
        off_x, off_y = (back * self.off[0, :, axis] + way * self.off[1, :, axis] for axis in range(2))
        return x + off_x, y + off_y

    def behind(self, way: Any) -> Any:
        """Return the share of the length behind."""
        return way

    def heading(self, way: Any) -> Any:
        """Return the direction of the way, unwrapped."""
        return self.rails.looks(self.along(way)) + self.about

    def stretch(self, way: Any) -> Any:
        """Return metres of the way for each share of it, at shares of the way."""
        aside = np.hypot(*(self.off[1] - self.off[0]).T)
        return np.broadcast_to(self.length + aside, np.broadcast_shapes(np.shape(way), self.length.shape))

    def turned(self, about: NDArray[np.float64]) -> Railed:
        """Return the same with headings of some radians more, whole turns."""
        return dataclasses.replace(self, about=self.about + about)

    def some(self, part: slice | NDArray[np.int64]) -> Railed:
        """Return the ways of some of the people; someone may come more than once."""
        return Railed(
            self.people[part],
            self.rails,
            self.begin[part],
            self.end[part],
            self.off[:, part],
            self.about[part],
            self.length[part],
        )


Curve = Bent | Railed


def bent_ways(
    people: NDArray[np.int64],
    origin: NDArray[np.float64],
    goal: NDArray[np.float64],
    bow: NDArray[np.float64],
    bend: NDArray[np.float64],
) -> Bent:
    """Return the ways of some people, given as in `Bent`, with their tables."""
    at = np.linspace(0.0, 1.0, 2 * KNOTS - 1)[:, None]
    speed, tangent = np.empty((len(at), len(people))), np.empty((len(at), len(people)))
    for begin in range(0, len(people), _AT_ONCE):
        some = slice(begin, begin + _AT_ONCE)
        along_x, along_y = _tangent(at, origin[some], goal[some], bow[some], bend)
        speed[:, some] = np.hypot(along_x, along_y)
        tangent[:, some] = np.unwrap(np.arctan2(along_y, along_x), axis=0)
    simpson = (speed[:-2:2] + 4.0 * speed[1::2] + speed[2::2]) / (6.0 * (KNOTS - 1))
    behind = np.concatenate([np.zeros((1, len(people))), np.cumsum(simpson, axis=0)])
    length = behind[-1]
    whole = np.where(length > 0.0, length, 1.0)
    arc = behind / whole
    arc[-1] = 1.0
    return Bent(people, origin, goal, bow, bend, length, arc, speed[::2] / whole, tangent[::2])


def railed_ways(
    people: NDArray[np.int64],
    origin: NDArray[np.float64],
    goal: NDArray[np.float64],
    rails: Rails,
    index: int,
) -> Railed:
    """Return the ways of some people along rails to a set."""
    begin, end = rails.begin[index, people], rails.end[index, people]
    off = np.stack(
        [there - np.stack(rails.places(metres), axis=-1) for there, metres in ((origin, begin), (goal, end))]
    )
    about = np.where(end < begin, np.pi, 0.0)
    return Railed(people, rails, begin, end, off, about, np.abs(end - begin))


def shortest(turn: Any) -> Any:
    """Return the same turn the short way round: -π to below π."""
    return np.mod(turn + np.pi, 2.0 * np.pi) - np.pi


def _tangent(
    way: Any,
    origin: NDArray[np.float64],
    goal: NDArray[np.float64],
    bow: NDArray[np.float64],
    bend: NDArray[np.float64],
) -> tuple[Any, Any]:
    """Return the derivative of places on a bent way by the share of the way."""
    way = np.clip(way, _EDGE, 1.0 - _EDGE)
    back = 1.0 - way
    x, y = (goal - origin).T
    length = np.hypot(x, y)
    aside = bow / np.where(length > 0.0, length, 1.0) * (32.0 * way * back * (1.0 - 2.0 * way))
    first, second = 3.0 * back * (1.0 - 3.0 * way), 3.0 * way * (2.0 - 3.0 * way)
    (near_x, near_y), (far_x, far_y) = bend
    return (
        x - aside * y + (first * near_x + second * far_x),
        y + aside * x + (first * near_y + second * far_y),
    )
