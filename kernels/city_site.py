"""Where a city lies about a stadium: rings around the bowl, a river, avenues, centres of towers, hills.

All of it is closed forms of a place, so that roads, houses and trees can ask how far away each thing is.
Metres, radians; X east, Y north, Z up, the origin at the centre of the field.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from .bowl import Bowl
from .bowl_plan import behind_edge, edge
from .counter_random import Purpose, uniform

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

LANE = 3.3
"""Width of a lane, metres."""


class Road(IntEnum):
    """Kinds of road; the order is that of the tables below."""

    STREET = 0
    AVENUE = 1
    RING = 2
    QUAY = 3


#: Lanes each way, half the strip between them, half a carriageway, width of a pavement; metres.
LANES = (1, 2, 3, 1)
MEDIAN = (0.0, 1.0, 1.0, 0.0)
CARRIAGEWAY = tuple(median + LANE * lanes + 0.3 for median, lanes in zip(MEDIAN, LANES, strict=True))
PAVEMENT = (3.0, 5.0, 5.0, 3.0)

PLAZA = 52.0
"""Width of the paved ground around the stadium."""
BELT = 26.0
"""Width of the lawn with trees around the plaza."""
WALKS = 24
"""Paved walks over the lawn, from the plaza to the ring road."""
WALK_HALF = 4.0
GROUND = -0.4
"""Height of the ground; a stadium's own floor is 0."""
PROMENADE = 9.0
"""Between the river's edge and the road along it."""
LONGEST_BRIDGE = 260.0
HILLS_FROM, HILLS_TO = 4600.0, 14000.0


class Purposes(IntEnum):
    """Which of a city's random numbers these are: the `cue` of Purpose.CITY."""

    RIVER = 0
    AVENUES = 1
    DISTRICTS = 2
    CENTRES = 3
    HILLS = 4
    BLOCKS = 5
    PLOTS = 6


@dataclass(frozen=True)
class River:
    """A river whose middle swings about a straight line.

    Attributes
    ----------
    angle : float
        Direction in which it flows.
    offset : float
        Distance of the line from the origin, to the left of its direction.
    swings : tuple of (amplitude, wavelength, phase)
    half_width : float
    """

    angle: float
    offset: float
    swings: tuple[tuple[float, float, float], ...]
    half_width: float

    def _swing(self, along: Floats) -> tuple[Floats, Floats]:
        middle, slope = np.full_like(along, self.offset), np.zeros_like(along)
        for amplitude, wavelength, phase in self.swings:
            turn = 2 * math.pi / wavelength
            middle += amplitude * np.sin(turn * along + phase)
            slope += amplitude * turn * np.cos(turn * along + phase)
        return middle, slope

    def across(self, x: npt.ArrayLike, y: npt.ArrayLike) -> Floats:
        """Return how far places lie to the left of the river's middle, to the first order; metres."""
        px, py = np.asarray(x, np.float64), np.asarray(y, np.float64)
        cosine, sine = math.cos(self.angle), math.sin(self.angle)
        middle, slope = self._swing(px * cosine + py * sine)
        left: Floats = (py * cosine - px * sine - middle) / np.sqrt(1 + slope * slope)
        return left

    def line(self, along: Floats, left: float) -> Floats:
        """Return the (N, 2) points of the curve `left` metres beside the river's middle."""
        middle, slope = self._swing(along)
        length = np.sqrt(1 + slope * slope)
        u, v = along - left * slope / length, middle + left / length
        cosine, sine = math.cos(self.angle), math.sin(self.angle)
        return np.stack([u * cosine - v * sine, u * sine + v * cosine], -1)


@dataclass(frozen=True, eq=False)
class Site:
    """What a city is laid out by.

    Attributes
    ----------
    bowl : Bowl
    seed : int
    reach : float
        Depth behind the arena's edge up to which the stadium may build: its rim and its roof.
    ring : float
        Depth of the middle of the road around the stadium.
    river : River
    avenues : ndarray (A, 3)
        Lines n . p = c as (n_x, n_y, c).
    centres : ndarray (C, 3)
        Where towers stand: x, y, and the radius over which they thin out.
    """

    bowl: Bowl
    seed: int
    reach: float
    ring: float
    river: River
    avenues: Floats
    centres: Floats

    @property
    def plaza(self) -> float:
        """Depth at which the paved ground ends."""
        return self.reach + PLAZA

    @property
    def ring_outside(self) -> float:
        """Depth at which the ring road's outer pavement ends."""
        return self.ring + CARRIAGEWAY[Road.RING] + PAVEMENT[Road.RING]

    def depth(self, x: npt.ArrayLike, y: npt.ArrayLike) -> Floats:
        """Return how far places lie behind the arena's edge; beyond a kilometre roughly."""
        px, py = np.broadcast_arrays(np.asarray(x, np.float64), np.asarray(y, np.float64))
        points = edge(self.bowl.plan).points
        far = np.hypot(px, py) - float(np.hypot(*points.T).max())
        near = far < 900.0
        result: Floats = np.array(far)
        if near.any():
            result[near] = behind_edge(self.bowl.plan, px[near], py[near])[1]
        return result

    def ring_line(self, depth: float, count: int) -> Floats:
        """Return the (count, 2) points of the curve around the stadium at a depth, counter-clockwise."""
        curve = edge(self.bowl.plan)
        index = np.arange(count) * len(curve.points) // count
        line: Floats = curve.points[index] + depth * curve.normals[index]
        return line

    def beside_avenues(self, x: npt.ArrayLike, y: npt.ArrayLike) -> Floats:
        """Return signed distances from the avenues' middles: the places' shape and one more axis."""
        px, py = np.asarray(x, np.float64), np.asarray(y, np.float64)
        n_x, n_y, c = self.avenues.T
        distances: Floats = px[..., None] * n_x + py[..., None] * n_y - c
        return distances

    def density(self, x: npt.ArrayLike, y: npt.ArrayLike) -> Floats:
        """Return how much the places are a centre of towers: 0 to 1."""
        px, py = np.asarray(x, np.float64), np.asarray(y, np.float64)
        away = np.hypot(px[..., None] - self.centres[:, 0], py[..., None] - self.centres[:, 1])
        weights: Floats = np.exp(-((away / self.centres[:, 2]) ** 2)).max(axis=-1)
        return weights

    def limit(self, x: npt.ArrayLike, y: npt.ArrayLike) -> Floats:
        """Return how far inside the city's ragged limit places lie, metres; negative in the country."""
        px, py = np.asarray(x, np.float64), np.asarray(y, np.float64)
        turn = np.arctan2(py, px)
        phase = 2 * math.pi * uniform(self.seed, Purpose.CITY, Purposes.HILLS, np.arange(3))
        reach = 3150 + 260 * np.sin(2 * turn + phase[0]) + 170 * np.sin(5 * turn + phase[1])
        inside: Floats = reach + 60 * np.sin(13 * turn + phase[2]) - np.hypot(px, py)
        return inside

    def hill(self, x: npt.ArrayLike, y: npt.ArrayLike) -> Floats:
        """Return the ground's height above `GROUND`: hills towards the horizon, a valley for the river."""
        px, py = np.asarray(x, np.float64), np.asarray(y, np.float64)
        away = np.hypot(px, py)
        phase = 2 * math.pi * uniform(self.seed, Purpose.CITY, Purposes.HILLS, 10 + np.arange(12))
        height = np.full(px.shape, 0.42)
        for k, (amplitude, wavelength) in enumerate(
            ((0.30, 6100.0), (0.22, 3700.0), (0.14, 2300.0), (0.09, 1290.0), (0.05, 790.0), (0.025, 430.0))
        ):
            turn = phase[2 * k]
            wave = (px * math.cos(turn) + py * math.sin(turn)) * 2 * math.pi / wavelength
            height += amplitude * np.sin(wave + phase[2 * k + 1])
        share = np.clip((away - HILLS_FROM) / (10500.0 - HILLS_FROM), 0, 1)
        rise = share * share * (3 - 2 * share)
        side = np.clip((np.abs(self.river.across(px, py)) - 200) / 2200, 0, 1)
        valley = side * side * (3 - 2 * side)
        # Under the river it dips below the water.
        heights: Floats = 430.0 * rise * valley * np.clip(height, 0.02, None) - 9.0 * (1 - valley)
        return heights


def lay_out(bowl: Bowl, seed: int) -> Site:
    """Return where the rings, the river, the avenues and the centres of a city lie.

    Parameters
    ----------
    bowl : Bowl
    seed : int
        The show's seed: the same city each time, another for another seed.
    """
    reach = bowl.rim + (bowl.roof.outward if bowl.roof.kind != "none" else 0.0)
    ring = reach + PLAZA + BELT + PAVEMENT[Road.RING] + CARRIAGEWAY[Road.RING]
    radius = float(np.hypot(*edge(bowl.plan).points.T).max()) + ring

    def share(purpose: Purposes, count: int) -> Floats:
        return uniform(seed, Purpose.CITY, int(purpose), np.arange(count))

    u = share(Purposes.RIVER, 6)
    swings = ((70.0 + 30 * u[0], 2900.0, 2 * math.pi * u[1]), (22.0 + 12 * u[2], 1250.0, 2 * math.pi * u[3]))
    swing = sum(amplitude for amplitude, _, _ in swings)
    half_width = 38.0 + 14 * u[4]
    # It passes in the west or south-west, where the cameras stand that look at the section in the east.
    angle = math.radians(100 + 40 * u[5])
    river = River(angle, radius + swing + half_width + 110, swings, half_width)
    u = share(Purposes.AVENUES, 24)
    first = math.pi * u[0]
    lines = [(first + k * math.pi / 3 + 0.22 * (u[1 + k] - 0.5), 50 * (u[5 + k] - 0.5)) for k in range(3)] + [
        (
            first + math.pi / 6 + order * math.pi / 3 + 0.35 * (u[10 + k] - 0.5),
            radius + (230, 330, 560, 900, 1450, 1900)[k] + 70 * u[17 + k],
        )
        for k, order in enumerate((0, 3, 1, 4, 5, 2))
    ]
    avenues = np.array([(math.cos(turn), math.sin(turn), c) for turn, c in lines])
    u = share(Purposes.CENTRES, 6)
    bearings = (math.radians(35 + 30 * u[0]), math.radians(165 + 40 * u[1]), math.radians(280 + 50 * u[2]))
    away = (radius + 750 + 150 * u[3], radius + 1150 + 200 * u[4], radius + 1500)
    centres = [
        (r * math.cos(b), r * math.sin(b), spread)
        for b, r, spread in zip(bearings, away, (430, 340, 260), strict=True)
    ]
    return Site(bowl, seed, reach, ring, river, avenues, np.array(centres, np.float64))
