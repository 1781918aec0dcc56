"""What drives, parks and shines along a city's roads.

A vehicle's place is a closed form of show time: `offset + speed * time` metres along its lane, wrapped at the
lane's end. All on one lane drive at one speed, so none ever meets another.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from .bowl_plan import edge
from .city import City, Lot, Placed
from .city_site import BELT, CARRIAGEWAY, MEDIAN, PLAZA, WALK_HALF, WALKS, Floats, Integers, Road, Site
from .city_streets import Polylines, clearance, lanes, polylines
from .counter_random import Purpose, uniform

CARS = 4
"""Models of cars; one of a bus and one of a van follow."""
BUS, VAN = CARS, CARS + 1
WALKERS = 4
"""Models of people who stroll over the plaza."""
BAY = (2.5, 5.0)
"""Width and length of a parking bay, metres."""
#: Mean metres from vehicle to vehicle, and metres a second, by `Road`.
_SPACING = (62.0, 24.0, 19.0, 40.0)
_SPEED = (7.5, 12.5, 13.5, 10.0)
_LONGEST = 13.0


@dataclass(frozen=True, eq=False)
class Traffic:
    """Vehicles on lanes.

    Attributes
    ----------
    lanes : Polylines
    lane : ndarray (N,)
        Number of the lane each drives on.
    offset : ndarray (N,)
        Metres along it at show time 0.
    speed : ndarray (N,)
        Metres a second.
    length : ndarray (N,)
        Of its lane, metres.
    model : ndarray (N,)
    person : ndarray (N,)
        A number in 0..1 of its own.
    """

    lanes: Polylines
    lane: Integers
    offset: Floats
    speed: Floats
    length: Floats
    model: Integers
    person: Floats

    def __len__(self) -> int:
        return len(self.lane)


def traffic(city: City, fullness: float) -> Traffic:
    """Return the vehicles on a city's roads.

    Parameters
    ----------
    city : City
    fullness : float
        0 to 1: how far from the stadium vehicles still drive. Their density does not depend on it.
    """
    seed = city.site.seed
    ways = lanes(city.roads, 900.0 + 1300.0 * fullness)
    length = ways.lengths()
    number = np.arange(len(ways))
    streets = ways.kind == Road.STREET
    middle = np.array([line.mean(axis=0) for line in map(ways.line, range(len(ways)))]).reshape(-1, 2)
    used = ~streets | (np.hypot(*middle.T) < 500.0 + 700.0 * fullness)
    # Some directions are busier than others.
    spacing = np.array(_SPACING)[ways.kind] * (0.7 + 0.8 * uniform(seed, Purpose.TRAFFIC, 0, number))
    slots = np.where(used, np.maximum(1, length / spacing), 0).astype(np.int64)
    slots[length < 40] = 0
    lane = np.repeat(number, slots)
    slot = np.arange(len(lane)) - np.repeat(np.cumsum(slots) - slots, slots)
    share = [uniform(seed, Purpose.TRAFFIC, 1 + lane, slot + k * 4096) for k in range(4)]
    gap = length[lane] / np.maximum(slots[lane], 1)
    offset = gap * slot + (gap - np.minimum(_LONGEST, gap)) * share[0]
    speed = np.array(_SPEED)[ways.kind] * (0.8 + 0.4 * uniform(seed, Purpose.TRAFFIC, 9999, number))
    big = np.where(share[1] < 0.05, BUS, VAN)
    model = np.where(share[1] < 0.14, big, (share[2] * CARS).astype(np.int64))
    kept = uniform(seed, Purpose.TRAFFIC, 5 + lane, slot + 5 * 4096) < 0.85
    return Traffic(
        ways,
        lane[kept],
        offset[kept],
        speed[lane][kept],
        length[lane][kept],
        model[kept],
        share[3][kept],
    )


def strollers(site: Site, fullness: float) -> Traffic:
    """Return the people who walk over the plaza: to the gates and back, and around the stadium.

    Their ways are told as lanes, at `Road.STREET`; people pass each other, so each has a pace of their own.
    """
    lines: list[tuple[Road, Floats]] = []
    curve = edge(site.bowl.plan)
    count = 6 * WALKS
    for k in range(count):
        step = k * len(curve.points) // count
        point, normal = curve.points[step], curve.normals[step]
        beside = (0.9 + 5.0 * uniform(site.seed, Purpose.TRAFFIC, 30000, k)) * np.array(
            [-normal[1], normal[0]]
        )
        # Only every sixth way leads over the lawn.
        far = site.plaza + (BELT if k % 6 == 0 else -3.0)
        beside = np.clip(beside, -WALK_HALF + 1, WALK_HALF - 1) if k % 6 == 0 else beside
        way = point + np.array([site.reach + 2.5, far])[:, None] * normal + beside
        lines += [(Road.STREET, way), (Road.STREET, way[::-1] - 0.4 * beside)]
    for k in range(9):
        ring = site.ring_line(site.reach + 4.0 + (PLAZA - 8.0) * (k + 0.5) / 9, 160)
        ring = np.concatenate([ring, ring[:1]])
        lines.append((Road.STREET, ring if k % 2 else ring[::-1]))
    ways = polylines(lines)
    length = ways.lengths()
    people = np.maximum(1, length * (0.02 + 0.07 * fullness)).astype(np.int64)
    lane = np.repeat(np.arange(len(ways)), people)
    number = np.arange(len(lane))
    share = [uniform(site.seed, Purpose.TRAFFIC, 30001 + k, number) for k in range(4)]
    return Traffic(
        ways,
        lane,
        share[0] * length[lane],
        1.0 + 0.6 * share[1],
        length[lane],
        (share[2] * WALKERS).astype(np.int64),
        share[3],
    )


def parked(city: City, fullness: float) -> Placed:
    """Return the cars that stand in the bays of car parks: rows back to back, square to the block."""
    site, lots = city.site, city.lots
    reach = 700.0 + 700.0 * fullness
    which = np.flatnonzero((lots.kind == Lot.PARKING) & (np.hypot(*lots.places.T) < reach))
    half = lots.half[which]
    columns = int((2 * float(half[:, 0].max(initial=0.0)) - 8) / BAY[0])
    column, row = (
        axis.ravel()
        for axis in np.meshgrid(np.arange(max(columns, 0)), np.arange(len(BAY_ROWS)), indexing="ij")
    )
    number = lots.number[which, None] * 1024 + column * 16 + row
    share = [uniform(site.seed, Purpose.TRAFFIC, 20000 + k, number) for k in range(4)]
    u = (column - (columns - 1) / 2) * BAY[0] + 0.2 * (share[0] - 0.5) + 0 * half[:, :1]
    v = np.array(BAY_ROWS)[row] + 0.5 * (share[1] - 0.5)
    full = 0.35 + 0.6 * uniform(site.seed, Purpose.TRAFFIC, 20010, lots.number[which])[:, None]
    kept = (np.abs(u) < half[:, :1] - 4) & (np.abs(v) + BAY[1] / 2 < half[:, 1:]) & (share[2] < full)
    heading = lots.heading[which, None]
    x = lots.places[which, :1] + u * np.cos(heading) - v * np.sin(heading)
    y = lots.places[which, 1:] + u * np.sin(heading) + v * np.cos(heading)
    facing = heading + math.pi * ((share[1] * 997 % 1) < 0.5) + math.pi / 2
    count = int(kept.sum())
    return Placed(
        np.stack([x[kept], y[kept]], -1),
        facing[kept],
        np.ones((count, 3)),
        (share[3][kept] * 991 % 1 * CARS).astype(np.int64),
        share[3][kept],
    )


#: Middles of the rows of bays across a car park: double rows with lanes of six metres between them.
BAY_ROWS = (-18.5, -13.5, -2.5, 2.5, 13.5, 18.5)


def lamps(city: City, fullness: float) -> tuple[Floats, Floats]:
    """Return where street lamps stand: (N, 2) places and (N,) headings towards their road."""
    site = city.site
    reach = 700.0 + 1300.0 * fullness
    places: list[Floats] = []
    headings: list[Floats] = []

    def add(points: Floats, towards: Floats) -> None:
        places.append(points)
        headings.append(np.broadcast_to(towards, len(points)))

    for number in range(len(city.roads)):
        kind, line = Road(int(city.roads.kind[number])), city.roads.line(number)
        beside = CARRIAGEWAY[kind] + 0.7
        step = 34.0 if kind != Road.STREET else 40.0
        if len(line) > 2:
            # A curve's own points lie close at its corners and far apart elsewhere.
            along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))])
            even = np.linspace(0.0, along[-1], max(1, round(along[-1] / step)) + 1)
            line = np.stack([np.interp(even, along, line[:, axis]) for axis in (0, 1)], -1)
        for start, end in pairwise(line):
            length = float(np.hypot(*(end - start)))
            if min(np.hypot(*start), np.hypot(*end)) > reach and length < 1000:
                continue
            forward = (end - start) / length
            left = np.array([-forward[1], forward[0]])
            # Short pieces of a curve have one lamp each, as often as the curve needs them.
            at = np.arange(step / 2, length, step) if length > step else np.array([length / 2])
            for side in (-1, 1) if MEDIAN[kind] else (1,):
                add(start + at[:, None] * forward + side * beside * left, np.arctan2(*(-side * left)[::-1]))
    every, facing = np.concatenate(places), np.concatenate(headings)
    kept = (np.hypot(*every.T) < reach) & (clearance(site, city.parts, *every.T) > 0.5)
    return every[kept], facing[kept]
