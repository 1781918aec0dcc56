"""A city's roads: avenues, the streets of its districts, a ring about the stadium, quays; their lanes."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .city_site import (
    CARRIAGEWAY,
    LANE,
    LANES,
    LONGEST_BRIDGE,
    MEDIAN,
    PAVEMENT,
    PROMENADE,
    Floats,
    Integers,
    Purposes,
    Road,
    Site,
)
from .counter_random import Purpose, uniform

#: Distances from street to street, along a block and across it.
PITCHES = ((90.0, 62.0), (98.0, 66.0), (84.0, 58.0))
STREET_HALF = CARRIAGEWAY[Road.STREET] + PAVEMENT[Road.STREET]
AVENUE_HALF = CARRIAGEWAY[Road.AVENUE] + PAVEMENT[Road.AVENUE]
QUAY_LEFT = PROMENADE + CARRIAGEWAY[Road.QUAY]
"""From the river's edge to the middle of the road along it."""
QUAY_OUTSIDE = QUAY_LEFT + CARRIAGEWAY[Road.QUAY] + PAVEMENT[Road.QUAY]
AVENUES_END = 4300.0
_STEP = 6.0


@dataclass(frozen=True, eq=False)
class Polylines:
    """Roads, or lanes, as lines of points one after the other.

    Attributes
    ----------
    points : ndarray (P, 2)
    starts : ndarray (R + 1,)
        Number of each line's first point.
    kind : ndarray (R,)
        A `Road` each.
    """

    points: Floats
    starts: Integers
    kind: Integers

    def __len__(self) -> int:
        return len(self.kind)

    def line(self, number: int) -> Floats:
        """Return the (n, 2) points of one line."""
        return self.points[self.starts[number] : self.starts[number + 1]]

    def lengths(self) -> Floats:
        """Return the (R,) lengths, metres."""
        steps = np.hypot(*np.diff(self.points, axis=0).T)
        so_far = np.concatenate([[0.0], np.cumsum(steps)])
        lengths: Floats = so_far[self.starts[1:] - 1] - so_far[self.starts[:-1]]
        return lengths


def polylines(lines: list[tuple[Road, Floats]]) -> Polylines:
    """Return lines of (n, 2) points, each with its kind, as one."""
    sizes = np.array([0, *(len(points) for _, points in lines)], np.int64)
    points = np.concatenate([np.empty((0, 2)), *(points for _, points in lines)])
    return Polylines(points, np.cumsum(sizes), np.array([int(kind) for kind, _ in lines], np.int64))


@dataclass(frozen=True, eq=False)
class Districts:
    """Parts of the city between avenues, each with a grid of its own along its nearest avenue.

    Attributes
    ----------
    codes : ndarray (D,)
        Which side of each avenue it lies on, a bit each; rising.
    turn : ndarray (D,)
        Direction of the streets along the avenue.
    origin : ndarray (D, 2)
    pitch : ndarray (D, 2)
        From street to street: along, across.
    low, high : ndarray (D, 2)
        Between which numbers of streets along and across it lies.
    """

    codes: Integers
    turn: Floats
    origin: Floats
    pitch: Floats
    low: Integers
    high: Integers

    def of(self, site: Site, x: npt.ArrayLike, y: npt.ArrayLike) -> Integers:
        """Return which district the places lie in; -1 in the small gores between avenues."""
        codes = codes_of(site.beside_avenues(x, y))
        index = np.minimum(np.searchsorted(self.codes, codes), len(self.codes) - 1)
        found: Integers = np.where(self.codes[index] == codes, index, -1)
        return found


def codes_of(distances: Floats) -> Integers:
    """Return a bit for each avenue that places lie to the left of."""
    weights = 1 << np.arange(distances.shape[-1], dtype=np.int64)
    codes: Integers = ((distances > 0) * weights).sum(axis=-1)
    return codes


def districts(site: Site) -> Districts:
    """Return the parts into which the avenues divide the city."""
    lattice = np.arange(-3900.0, 3901.0, 60.0)
    x, y = (axis.ravel() for axis in np.meshgrid(lattice, lattice))
    inside = site.limit(x, y) > -60
    x, y = x[inside], y[inside]
    beside = site.beside_avenues(x, y)
    codes, member = np.unique(codes_of(beside), return_inverse=True)
    member = member.ravel()
    count = np.bincount(member)
    middle = np.stack([np.bincount(member, x) / count, np.bincount(member, y) / count], -1)
    to_avenues = site.beside_avenues(middle[:, 0], middle[:, 1])
    nearest = np.abs(to_avenues).argmin(axis=1)
    every = np.arange(len(codes))
    distance = to_avenues[every, nearest]
    normal = site.avenues[nearest, :2] * np.sign(distance)[:, None]
    # Into the district, square to its avenue, run the short sides of the blocks.
    turn = np.arctan2(-normal[:, 0], normal[:, 1])
    choice = uniform(site.seed, Purpose.CITY, Purposes.DISTRICTS, codes)
    pitch = np.array(PITCHES)[(choice * len(PITCHES)).astype(np.int64)]
    # The first row of blocks ends where the avenue's pavement begins.
    origin = middle + normal * (AVENUE_HALF - STREET_HALF - np.abs(distance))[:, None]
    u, v = _into(np.stack([x, y], -1), origin[member], turn[member])
    low = np.empty((len(codes), 2), np.int64)
    high = np.empty((len(codes), 2), np.int64)
    for d in range(len(codes)):
        own = member == d
        for axis, values in enumerate((u[own], v[own])):
            low[d, axis] = math.floor((float(values.min()) - 60) / pitch[d, axis])
            high[d, axis] = math.ceil((float(values.max()) + 60) / pitch[d, axis])
    low[:, 1] = np.maximum(low[:, 1], 0)
    return Districts(codes, turn, origin, pitch, low, high)


def _into(points: Floats, origin: Floats, turn: Floats) -> tuple[Floats, Floats]:
    """Return points along and across a district's grid."""
    x, y = points[..., 0] - origin[..., 0], points[..., 1] - origin[..., 1]
    cosine, sine = np.cos(turn), np.sin(turn)
    return x * cosine + y * sine, y * cosine - x * sine


def out_of(u: Floats, v: Floats, origin: Floats, turn: float) -> Floats:
    """Return the (…, 2) points so far along and across a district's grid."""
    cosine, sine = math.cos(turn), math.sin(turn)
    return np.stack([origin[0] + u * cosine - v * sine, origin[1] + u * sine + v * cosine], -1)


def roads(site: Site, parts: Districts) -> Polylines:
    """Return all roads: the ring first, then quays, avenues and streets."""
    ring = site.ring_line(site.ring, 256)
    lines: list[tuple[Road, Floats]] = [(Road.RING, np.concatenate([ring, ring[:1]]))]
    along = np.arange(-AVENUES_END, AVENUES_END + 1, 24.0)
    for side in (-1, 1):
        quay = site.river.line(along, side * (site.river.half_width + QUAY_LEFT))
        inside = site.limit(*quay.T) > 0
        lines += [(Road.QUAY, quay[first:last]) for first, last in _runs(inside)]
    for n_x, n_y, c in site.avenues:
        reach = math.sqrt(AVENUES_END**2 - c * c)
        start = np.array([[n_x * c - n_y * -reach, n_y * c + n_x * -reach]])
        lines += [(Road.AVENUE, run) for run in _cut(site, start, np.array([[-n_y, n_x]]), 2 * reach, True)]
    for d in range(len(parts.codes)):
        lines += [(Road.STREET, run) for run in _streets(site, parts, d)]
    return polylines(lines)


def _streets(site: Site, parts: Districts, d: int) -> list[Floats]:
    """Return the streets of a district: runs of two points."""
    runs: list[Floats] = []
    turn = float(parts.turn[d])
    for axis in (0, 1):
        number = np.arange(int(parts.low[d, 1 - axis]), int(parts.high[d, 1 - axis]) + 1).astype(np.float64)
        if axis == 0:
            number = number[number >= 1]
        beside = number * parts.pitch[d, 1 - axis]
        zero = np.zeros_like(beside)
        start = out_of(*((zero, beside) if axis == 0 else (beside, zero)), parts.origin[d], turn)
        angle = turn + axis * math.pi / 2
        direction = np.array([math.cos(angle), math.sin(angle)])
        first, last = _clip(site, int(parts.codes[d]), start, direction)
        kept = last - first > 2 * STREET_HALF
        for k in np.flatnonzero(kept):
            length = float(last[k] - first[k])
            runs += _cut(site, start[k : k + 1] + first[k] * direction, direction[None], length, False)
    return runs


def _clip(site: Site, code: int, start: Floats, direction: Floats) -> tuple[Floats, Floats]:
    """Return between which distances lines from (N, 2) places run inside a district."""
    first, last = np.full(len(start), -9000.0), np.full(len(start), 9000.0)
    distances = site.beside_avenues(start[:, 0], start[:, 1])
    for k, (n_x, n_y, _) in enumerate(site.avenues):
        side = 1.0 if code >> k & 1 else -1.0
        slope, distance = side * float(n_x * direction[0] + n_y * direction[1]), side * distances[:, k]
        if abs(slope) < 0.2:  # so nearly along an avenue, it would run beside it on its pavement
            distance = distance - AVENUE_HALF - STREET_HALF
        if abs(slope) < 1e-6:
            last = np.where(distance > 0, last, first)
            continue
        hit = -distance / slope
        if slope > 0:
            first = np.maximum(first, hit)
        else:
            last = np.minimum(last, hit)
    return first, last


def _runs(inside: npt.NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return from which to before which number the values hold, for runs of at least two."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], inside, [False]]).astype(np.int8)))
    return [
        (int(first), int(last))
        for first, last in zip(edges[::2], edges[1::2], strict=True)
        if last > first + 1
    ]


def _cut(site: Site, start: Floats, direction: Floats, length: float, bridges: bool) -> list[Floats]:
    """Return the pieces of a straight road outside the ring and, unless it has bridges, beside the river."""
    along = np.linspace(0.0, length, max(2, math.ceil(length / _STEP) + 1))
    points = start + along[:, None] * direction
    left = np.abs(site.river.across(*points.T))
    open_ground = site.depth(*points.T) > site.ring
    wet = left < site.river.half_width + QUAY_LEFT
    if bridges:
        for first, last in _runs(wet):
            # Where an avenue would follow the river rather than cross it, there is none.
            open_ground[first:last] &= (last - first) * _STEP < LONGEST_BRIDGE
    else:
        open_ground &= ~wet & (site.limit(*points.T) > 0)
    return [points[[first, last - 1]] for first, last in _runs(open_ground) if (last - first) * _STEP > 30]


def clearance(site: Site, parts: Districts, x: npt.ArrayLike, y: npt.ArrayLike) -> Floats:
    """Return how far places lie from the nearest carriageway's edge; negative on it.

    Streets count to the end of their district's grid, also where a river or the ring has cut them short.
    """
    px, py = np.asarray(x, np.float64), np.asarray(y, np.float64)
    nearest = np.abs(site.beside_avenues(px, py)).min(axis=-1) - CARRIAGEWAY[Road.AVENUE]
    nearest = np.minimum(nearest, np.abs(site.depth(px, py) - site.ring) - CARRIAGEWAY[Road.RING])
    quay = np.abs(np.abs(site.river.across(px, py)) - site.river.half_width - QUAY_LEFT)
    nearest = np.minimum(nearest, quay - CARRIAGEWAY[Road.QUAY])
    part = parts.of(site, px, py)
    known = np.maximum(part, 0)
    grid = _into(np.stack([px, py], -1), parts.origin[known], parts.turn[known])
    for axis, value in enumerate(grid):
        pitch = parts.pitch[known, axis]
        off = np.abs(value - pitch * np.round(value / pitch)) - CARRIAGEWAY[Road.STREET]
        nearest = np.where(part >= 0, np.minimum(nearest, off), nearest)
    clear: Floats = nearest
    return clear


def lanes(ways: Polylines, reach: float) -> Polylines:
    """Return the lanes of roads, in the direction of their traffic, which keeps to the right.

    Parameters
    ----------
    ways : Polylines
    reach : float
        Metres from the origin beyond which nothing drives.
    """
    lines: list[tuple[Road, Floats]] = []
    for number in range(len(ways)):
        kind, line = Road(int(ways.kind[number])), ways.line(number)
        if len(line) == 2:
            line = _within(line, reach)
        elif kind != Road.RING:
            inside = _runs(np.hypot(*line.T) < reach)
            line = line[slice(*inside[0])] if inside else line[:0]
        if len(line) < 2:
            continue
        closed = bool(np.array_equal(line[0], line[-1]))
        forward = (
            (np.roll(line[:-1], -1, 0) - np.roll(line[:-1], 1, 0)) if closed else np.gradient(line, axis=0)
        )
        if closed:
            forward = np.concatenate([forward, forward[:1]])
        forward = forward / np.hypot(*forward.T)[:, None]
        right = np.stack([forward[:, 1], -forward[:, 0]], -1)
        for lane in range(LANES[kind]):
            offset = MEDIAN[kind] + LANE * (lane + 0.5)
            lines += [(kind, line + offset * right), (kind, (line - offset * right)[::-1])]
    return polylines(lines)


def _within(line: Floats, reach: float) -> Floats:
    """Return the part of a line of two points within a distance from the origin."""
    start, step = line[0], line[1] - line[0]
    a, b, c = float(step @ step), float(start @ step), float(start @ start) - reach * reach
    root = b * b - a * c
    if root <= 0:
        return line[:0]
    first, last = max(0.0, (-b - math.sqrt(root)) / a), min(1.0, (-b + math.sqrt(root)) / a)
    return line[:0] if last <= first else np.stack([start + first * step, start + last * step])
