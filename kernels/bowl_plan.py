"""The plan of a stadium: the arena's edge, and places behind it, square to it.

All that is built around the arena lies on curves parallel to its edge: `depth` metres behind it, along its
outward normal. Over a convex edge such curves never meet; the one at a depth d is 2 pi d longer.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from .bowl import Plan

if TYPE_CHECKING:
    from scipy.spatial import KDTree

Floats = npt.NDArray[np.float64]
Points = tuple[tuple[float, float], ...]

STEPS = 4096
"""Even steps in which an edge is told: about 15 cm each."""
LEAST_CORNER = 3.0
"""Metres: the smallest radius of a corner; sharper ones would tear the rows behind them apart."""
_DENSE = 1 << 16


class PlanError(ValueError):
    """A plan about which no stands can be built; the message says why."""


@dataclass(frozen=True, eq=False)
class Edge:
    """The arena's edge in even steps of its length, from the east counter-clockwise.

    Attributes
    ----------
    points : ndarray of float64, shape (K, 2)
        Metres; the first is where the edge crosses the x axis in the east.
    normals : ndarray of float64, shape (K, 2)
        Outward, of length 1.
    turn : ndarray of float64, shape (K + 1,)
        Radians: the normals' angles, counter-clockwise from the x axis, growing; the last is the first once
        around, 2 pi more.
    length : float
        Metres.
    """

    points: Floats
    normals: Floats
    turn: Floats
    length: float


@functools.lru_cache(maxsize=32)
def edge(plan: Plan) -> Edge:
    """Return the arena's edge.

    Raises
    ------
    PlanError
        When the plan's measures do not make a convex curve about the field's centre.
    """
    problem = plan_problem(plan)
    if problem:
        raise PlanError(problem)
    if plan.shape in {"ellipse", "superellipse"}:
        x, y, turn, along = _superellipse(plan)
    else:
        x, y, turn, along = _rounded(corners(plan), corner_radius(plan))
    length = float(along[-1])
    even = np.linspace(0.0, length, STEPS + 1)
    # The normals never turn back, not even by a rounding.
    angle = np.maximum.accumulate(np.interp(even, along, turn))
    angle[-1] = angle[0] + 2 * math.pi
    points = np.stack([np.interp(even, along, x), np.interp(even, along, y)], -1)[:-1]
    normals = np.stack([np.cos(angle), np.sin(angle)], -1)[:-1]
    for array in (points, normals, angle):
        array.flags.writeable = False
    return Edge(points, normals, angle, length)


def place(plan: Plan, around: npt.ArrayLike, depth: npt.ArrayLike) -> tuple[Floats, Floats, Floats]:
    """Return places behind the arena's edge.

    Parameters
    ----------
    plan : Plan
    around : array
        Share of the edge's length, from east counter-clockwise; whole numbers are alike.
    depth : array, broadcasts with `around`
        Metres behind the edge, square to it; negative over the field.

    Returns
    -------
    x, y : float64 arrays, metres
    heading : float64 array, radians
        Square to the edge, towards the field.
    """
    shares, back = np.broadcast_arrays(np.asarray(around, np.float64), np.asarray(depth, np.float64))
    curve = edge(plan)
    position = np.mod(shares, 1.0) * STEPS
    step = np.minimum(position.astype(np.int64), STEPS - 1)
    part = position - step
    following = (step + 1) % STEPS
    point = curve.points[step] + part[..., None] * (curve.points[following] - curve.points[step])
    angle = curve.turn[step] + part * (curve.turn[step + 1] - curve.turn[step])
    x = point[..., 0] + back * np.cos(angle)
    y = point[..., 1] + back * np.sin(angle)
    return x, y, np.mod(angle + 2 * math.pi, 2 * math.pi) - math.pi


def along_row(plan: Plan, around: npt.ArrayLike, depth: npt.ArrayLike) -> Floats:
    """Return how far along the row at `depth` places lie from the east, counter-clockwise.

    Parameters
    ----------
    around : array
        Share of the edge's length; below 0 and above 1 it goes on counting.
    depth : array, broadcasts with `around`
        Metres behind the edge.

    Returns
    -------
    float64 array
        Metres. A curve parallel to another at a distance d is longer by d times the angle it turns by.
    """
    shares, back = np.asarray(around, np.float64), np.asarray(depth, np.float64)
    curve = edge(plan)
    rounds = np.floor(shares)
    turned = np.interp(shares - rounds, np.linspace(0.0, 1.0, STEPS + 1), curve.turn - curve.turn[0])
    lengths: Floats = shares * curve.length + back * (turned + 2 * math.pi * rounds)
    return lengths


def around_at(plan: Plan, along: npt.ArrayLike, depth: float) -> Floats:
    """Return the shares around of places so far along the row at `depth`: the inverse of `along_row`.

    Parameters
    ----------
    along : array
        Metres from the east, counter-clockwise.
    depth : float
        Metres behind the edge.

    Returns
    -------
    float64 array
    """
    shares = np.linspace(0.0, 1.0, STEPS + 1)
    lengths = along_row(plan, shares[:-1], depth)
    total = row_length(plan, depth)
    metres = np.asarray(along, np.float64)
    rounds = np.floor(metres / total)
    found: Floats = np.interp(metres - rounds * total, np.append(lengths, total), shares) + rounds
    return found


def row_length(plan: Plan, depth: float) -> float:
    """Return the length of the row at `depth` once around, metres."""
    return edge(plan).length + 2 * math.pi * depth


def behind_edge(plan: Plan, x: npt.ArrayLike, y: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Return where places lie: the inverse of `place`.

    Parameters
    ----------
    x, y : arrays of one shape, metres

    Returns
    -------
    around : float64 array
        0 to 1.
    depth : float64 array
        Metres behind the edge; negative inside, and there true up to the edge's centres of curvature.
    """
    curve = edge(plan)
    places = np.stack(np.broadcast_arrays(np.asarray(x, np.float64), np.asarray(y, np.float64)), -1)
    _, nearest = _nearest(plan).query(places)
    away = places - curve.points[nearest]
    normal = curve.normals[nearest]
    depth: Floats = (away * normal).sum(-1)
    # The nearest step is up to half a step aside; on a round row that half grows with the depth.
    aside = away[..., 1] * normal[..., 0] - away[..., 0] * normal[..., 1]
    step = curve.length / STEPS
    bend = np.gradient(curve.turn)[nearest] / step
    around = nearest / STEPS + aside / np.maximum(1 + depth * bend, 1e-3) / curve.length
    return np.mod(around, 1.0), depth


@functools.lru_cache(maxsize=32)
def _nearest(plan: Plan) -> KDTree:
    from scipy.spatial import KDTree  # noqa: PLC0415  slow to import

    return KDTree(edge(plan).points)


@functools.lru_cache(maxsize=32)
def least_radius(plan: Plan) -> float:
    """Return the smallest radius by which the edge bends, metres: what lies further inside crosses itself."""
    curve = edge(plan)
    return float(curve.length / STEPS / np.diff(curve.turn).max())


def area(plan: Plan, depth: float = 0.0) -> float:
    """Return the ground inside the curve at `depth`, square metres (Steiner's formula)."""
    curve = edge(plan)
    x, y = curve.points.T
    inside = 0.5 * float(np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y))
    return inside + curve.length * depth + math.pi * depth * depth


def corners(plan: Plan) -> Points:
    """Return the corners of a plan that has straight sides, counter-clockwise, metres."""
    if plan.shape == "polygon":
        return plan.points
    a, b = plan.half_width, plan.half_length
    return ((a, -b), (a, b), (-a, b), (-a, -b))


def corner_radius(plan: Plan) -> float:
    """Return the radius of the corners of a plan with straight sides, metres."""
    return min(plan.half_width, plan.half_length) if plan.shape == "athletics" else plan.corner


def plan_problem(plan: Plan) -> str | None:
    """Return what is wrong with a plan's measures, as a sentence without its end; None if nothing is."""
    if plan.shape == "polygon":
        problem = polygon_problem(plan.points)
        if problem:
            return problem
    elif not (plan.half_width > 0 and plan.half_length > 0):
        return "the arena has no width or no length"
    if plan.shape == "superellipse" and plan.exponent < 2:
        return f"an exponent of {plan.exponent:g} makes corners that stick out; it is at least 2"
    if plan.shape in {"rounded_rectangle", "polygon"}:
        largest = _largest_corner(corners(plan))
        if plan.corner > largest + 1e-9:
            return (
                f"corners of {plan.corner:g} m do not go into sides this short; "
                f"their radius is at most {math.floor(largest * 10) / 10:g} m"
            )
        if plan.corner < LEAST_CORNER:
            return f"corners are rounded by at least {LEAST_CORNER:g} m, so that rows go around them"
    return None


def polygon_problem(points: Points) -> str | None:
    """Return what is wrong with the corners of a polygon; None if nothing is.

    Parameters
    ----------
    points : tuple of (x, y)
        Metres.

    Returns
    -------
    str or None
        A sentence without its end: too few, two at one place, sides that cross, a corner that points inward,
        clockwise, or not around the field's centre.
    """
    if len(points) < 3:
        return f"a plan has at least 3 corners, not {len(points)}"
    array = np.array(points, np.float64)
    sides = np.roll(array, -1, axis=0) - array
    if (np.hypot(sides[:, 0], sides[:, 1]) < 1.0).any():
        side = int(np.hypot(sides[:, 0], sides[:, 1]).argmin())
        return f"the side after corner {side + 1} is shorter than 1 m"
    crossing = _crossing(array)
    if crossing is not None:
        return f"the plan crosses itself: side {crossing[0] + 1} and side {crossing[1] + 1} meet"
    following = np.roll(sides, -1, axis=0)
    bend = sides[:, 0] * following[:, 1] - sides[:, 1] * following[:, 0]
    signed = 0.5 * float(
        np.sum(array[:, 0] * np.roll(array[:, 1], -1) - np.roll(array[:, 0], -1) * array[:, 1])
    )
    if signed < 0:
        return "the corners go round clockwise; write them the other way about"
    if (bend <= 1e-9).any():
        corner = (int(bend.argmin()) + 1) % len(points) + 1
        return f"corner {corner} does not point outward; rows behind it would cross, a plan is convex"
    centre = sides[:, 0] * -array[:, 1] + sides[:, 1] * array[:, 0]
    return "the plan does not go around the field's centre, 0 m, 0 m" if (centre <= 0).any() else None


def _crossing(points: Floats) -> tuple[int, int] | None:
    """Return two sides of a polygon that meet where they should not."""
    count = len(points)

    def side_of(a: Floats, b: Floats, c: Floats) -> float:
        return float((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]))

    for one in range(count):
        for other in range(one + 2, count):
            if one == 0 and other == count - 1:
                continue
            a, b = points[one], points[(one + 1) % count]
            c, d = points[other], points[(other + 1) % count]
            if side_of(a, b, c) * side_of(a, b, d) < 0 and side_of(c, d, a) * side_of(c, d, b) < 0:
                return one, other
    return None


def _turns(points: Floats) -> Floats:
    """Angles by which a convex polygon turns at its corners: (M,), radians."""
    sides = np.roll(points, -1, axis=0) - points
    before = np.roll(sides, 1, axis=0)
    cross = before[:, 0] * sides[:, 1] - before[:, 1] * sides[:, 0]
    turns: Floats = np.arctan2(cross, (before * sides).sum(-1))
    return turns


def _largest_corner(points: Points) -> float:
    """Return the largest radius of all corners: at each end a side loses r tan(turn / 2)."""
    array = np.array(points, np.float64)
    sides = np.roll(array, -1, axis=0) - array
    loss = np.tan(_turns(array) / 2)
    return float((np.hypot(sides[:, 0], sides[:, 1]) / (loss + np.roll(loss, -1))).min())


def _superellipse(plan: Plan) -> tuple[Floats, Floats, Floats, Floats]:
    """Dense points of a superellipse (Lamé): x, y, the normals' angles and the length so far."""
    n = 2.0 if plan.shape == "ellipse" else plan.exponent
    a, b = plan.half_width, plan.half_length
    # The angle in the plane of x / a, y / b: even where the curve's usual parameter crowds its flat sides.
    angle = np.linspace(0.0, 2 * math.pi, _DENSE + 1)
    cosine, sine = np.cos(angle), np.sin(angle)
    reach = (np.abs(cosine) ** n + np.abs(sine) ** n) ** (-1 / n)
    unit_x, unit_y = reach * cosine, reach * sine
    slope_x = np.sign(unit_x) * np.abs(unit_x) ** (n - 1) / a
    slope_y = np.sign(unit_y) * np.abs(unit_y) ** (n - 1) / b
    x, y = a * unit_x, b * unit_y
    along = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(x), np.diff(y)))])
    turn = np.unwrap(np.arctan2(slope_y, slope_x))
    return x, y, turn - turn[0], along


def _rounded(points: Points, radius: float) -> tuple[Floats, Floats, Floats, Floats]:
    """Points of a convex polygon with round corners, from the east: x, y, the normals' angles, the length."""
    array = np.array(points, np.float64)
    turns = _turns(array)
    before = array - np.roll(array, 1, axis=0)
    heading = np.arctan2(before[:, 1], before[:, 0])
    pieces = []
    for corner, turn, towards in zip(array, turns, heading, strict=True):
        # The arc's middle lies on both sides' parallels, `radius` inside them.
        ahead = np.array([math.cos(towards), math.sin(towards)])
        middle = corner - ahead * radius * math.tan(turn / 2) + radius * np.array([-ahead[1], ahead[0]])
        angles = towards - math.pi / 2 + turn * np.linspace(0.0, 1.0, 257)
        pieces.append(
            np.column_stack([middle + radius * np.stack([np.cos(angles), np.sin(angles)], -1), angles])
        )
    # A side has one normal from end to end; its ends are the last and first points of two arcs.
    curve = np.concatenate([*pieces, pieces[0]])
    x, y, angle = curve[:, 0], curve[:, 1], np.unwrap(curve[:, 2])
    count = len(pieces) * 257
    start, share = _east(x[: count + 1], y[: count + 1])
    first = curve[start] + share * (curve[start + 1] - curve[start])
    angle_first = angle[start] + share * (angle[start + 1] - angle[start])
    order = np.arange(start + 1, start + 1 + count) % count
    x = np.concatenate([[first[0]], x[order], [first[0]]])
    y = np.concatenate([[first[1]], y[order], [first[1]]])
    turn = np.concatenate([[angle_first], curve[order, 2], [angle_first]])
    chords = np.hypot(np.diff(x), np.diff(y))
    # Of an arc the length itself, not that of its chords.
    bend = np.diff(np.unwrap(turn))
    along = np.concatenate([[0.0], np.cumsum(np.where(bend > 1e-12, radius * np.abs(bend), chords))])
    turn = np.unwrap(turn)
    return x, y, turn - 2 * math.pi * round(float(turn[0]) / (2 * math.pi)), along


def _east(x: Floats, y: Floats) -> tuple[int, float]:
    """Return the step, and the share of it, at which a curve crosses the x axis in the east, northward."""
    crossing = np.flatnonzero((y[:-1] <= 0) & (y[1:] > 0) & (np.maximum(x[:-1], x[1:]) > 0))
    step = int(crossing[0])
    return step, float(-y[step] / (y[step + 1] - y[step]))
