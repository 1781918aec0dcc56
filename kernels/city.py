"""A city around a stadium: which buildings, trees, lamps and parked cars stand where."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from .bowl import Bowl
from .city_site import Floats, Integers, Purposes, Road, Site, lay_out
from .city_streets import (
    AVENUE_HALF,
    QUAY_OUTSIDE,
    STREET_HALF,
    Districts,
    Polylines,
    districts,
    out_of,
    polylines,
    roads,
)
from .counter_random import Purpose, uniform

Booleans = npt.NDArray[np.bool_]

STOREY = 3.2
"""Metres."""


class Model(IntEnum):
    """Models of buildings, in the order of `SHAPES`."""

    YARD_A = 0
    YARD_B = 1
    YARD_C = 2
    YARD_D = 3
    YARD_E = 4
    VILLAS_A = 5
    VILLAS_B = 6
    SLAB = 7
    POINT = 8
    STEPPED = 9
    GLASS = 10
    GLASS_SLAB = 11
    ROUND = 12
    CROWNED = 13
    HALL = 14
    HOUSE = 15
    OFFICE = 16
    FLAT_HOUSE = 17


@dataclass(frozen=True)
class Shape:
    """A model's reach along X and Y, metres, and its height in storeys."""

    length: float
    width: float
    storeys: int


SHAPES: tuple[Shape, ...] = (
    *(Shape(76.0, 48.0, 6) for _ in range(5)),
    Shape(76.0, 48.0, 2),
    Shape(76.0, 48.0, 2),
    Shape(60.0, 12.8, 10),
    Shape(22.4, 22.4, 20),
    Shape(40.0, 32.0, 30),
    Shape(36.0, 36.0, 40),
    Shape(48.0, 21.0, 36),
    Shape(34.0, 34.0, 40),
    Shape(38.0, 38.0, 50),
    Shape(66.0, 40.0, 3),
    Shape(15.0, 12.0, 5),
    Shape(46.0, 32.0, 9),
    Shape(15.0, 12.0, 5),
)


class Lot(IntEnum):
    """What the ground of a block is."""

    COURT = 0
    PARK = 1
    PARKING = 2
    LAWN = 3
    GARDENS = 4


@dataclass(frozen=True, eq=False)
class Placed:
    """Things of several models that stand somewhere.

    Attributes
    ----------
    places : ndarray (N, 2)
    heading : ndarray (N,)
        Of the model's X axis.
    size : ndarray (N, 3)
        Factors along its axes.
    model : ndarray (N,)
    person : ndarray (N,)
        A number in 0..1 of its own, by which shaders vary it.
    """

    places: Floats
    heading: Floats
    size: Floats
    model: Integers
    person: Floats

    def __len__(self) -> int:
        return len(self.places)


@dataclass(frozen=True, eq=False)
class Lots:
    """The ground of whole blocks.

    Attributes
    ----------
    places : ndarray (N, 2)
    heading : ndarray (N,)
    half : ndarray (N, 2)
        Half of its reach along and across its heading.
    kind : ndarray (N,)
        A `Lot` each.
    number : ndarray (N,)
        Its own number, by which randomness is drawn.
    """

    places: Floats
    heading: Floats
    half: Floats
    kind: Integers
    number: Integers


@dataclass(frozen=True, eq=False)
class City:
    """A city.

    Attributes
    ----------
    site : Site
    parts : Districts
    roads : Polylines
    lots : Lots
    buildings : Placed
    """

    site: Site
    parts: Districts
    roads: Polylines
    lots: Lots
    buildings: Placed


def gathered(pieces: list[Placed]) -> Placed:
    """Return placed things as one."""
    return Placed(
        np.concatenate([np.empty((0, 2)), *(piece.places for piece in pieces)]),
        np.concatenate([np.empty(0), *(piece.heading for piece in pieces)]),
        np.concatenate([np.empty((0, 3)), *(piece.size for piece in pieces)]),
        np.concatenate([np.empty(0, np.int64), *(piece.model for piece in pieces)]),
        np.concatenate([np.empty(0), *(piece.person for piece in pieces)]),
    )


def build_city(bowl: Bowl, seed: int, kind: Literal["city", "park"] = "city") -> City:
    """Return the city around a stadium.

    Parameters
    ----------
    bowl : Bowl
    seed : int
        The show's seed.
    kind : "city" or "park"
        A park has the ring road, the avenues that lead there, the river and the hills, but no streets and no
        houses.

    Returns
    -------
    City
        The same for the same bowl and seed.
    """
    site = lay_out(bowl, seed)
    parts = districts(site)
    ways = roads(site, parts)
    if kind == "park":
        lines = [(Road(int(road)), ways.line(number)) for number, road in enumerate(ways.kind)]
        ways = polylines([(road, line) for road, line in lines if road in {Road.RING, Road.AVENUE}])
        none = np.empty(0, np.int64)
        lots = Lots(np.empty((0, 2)), np.empty(0), np.empty((0, 2)), none, none)
        return City(site, parts, ways, lots, gathered([]))
    lots, plots = _blocks(site, parts)
    return City(site, parts, ways, lots, gathered([*_on_lots(site, lots), _on_plots(site, plots)]))


def free_ground(site: Site, x: npt.ArrayLike, y: npt.ArrayLike) -> Floats:
    """Return how far places lie inside the ground that avenues, ring, quays and the limit leave; metres."""
    free = np.abs(site.beside_avenues(x, y)).min(axis=-1) - AVENUE_HALF
    free = np.minimum(free, site.depth(x, y) - site.ring_outside)
    free = np.minimum(free, np.abs(site.river.across(x, y)) - site.river.half_width - QUAY_OUTSIDE)
    result: Floats = np.minimum(free, site.limit(x, y))
    return result


def _blocks(site: Site, parts: Districts) -> tuple[Lots, Lots]:
    """Return the blocks that stand whole between the streets, and the plots of those that are cut."""
    whole: list[Lots] = []
    cut: list[Lots] = []
    corner = np.array(
        [(-1, -1), (1, -1), (1, 1), (-1, 1), (0, 0), (0, 1), (0, -1), (1, 0), (-1, 0)], np.float64
    )
    for d in range(len(parts.codes)):
        pitch = parts.pitch[d]
        i, k = (
            axis.ravel()
            for axis in np.meshgrid(
                np.arange(int(parts.low[d, 0]), int(parts.high[d, 0])),
                np.arange(int(parts.low[d, 1]), int(parts.high[d, 1])),
                indexing="ij",
            )
        )
        half = pitch / 2 - STREET_HALF
        middle = np.stack([(i + 0.5) * pitch[0], (k + 0.5) * pitch[1]], -1)
        number = (int(parts.codes[d]) << 24) + ((i + 2048) << 12) + k + 2048
        inside = _inside(site, parts, d, middle[:, None] + corner * half)
        every = inside.all(axis=1)
        whole.append(_lots(parts, d, middle[every], half, number[every]))
        some = np.flatnonzero(inside.any(axis=1) & ~every)
        step = half * 2 / (4, 3)
        columns, rows = (axis.ravel() for axis in np.meshgrid(np.arange(4), np.arange(3), indexing="ij"))
        offset = np.stack([(columns - 1.5) * step[0], (rows - 1.0) * step[1]], -1)
        plots = (middle[some, None] + offset).reshape(-1, 2)
        numbers = (number[some, None] * 16 + np.arange(12)).ravel()
        fits = _inside(site, parts, d, plots[:, None] + corner * (step / 2 - 0.3)).all(axis=1)
        cut.append(_lots(parts, d, plots[fits], step / 2, numbers[fits]))
    return _all_lots(whole), _all_lots(cut)


def _inside(site: Site, parts: Districts, d: int, points: Floats) -> Booleans:
    """Tell which points along and across a district's grid lie in it and on free ground."""
    x, y = np.moveaxis(out_of(points[..., 0], points[..., 1], parts.origin[d], float(parts.turn[d])), -1, 0)
    inside: Booleans = (parts.of(site, x, y) == d) & (free_ground(site, x, y) > -0.01)
    return inside


def _lots(parts: Districts, d: int, middle: Floats, half: Floats, number: Integers) -> Lots:
    turn = float(parts.turn[d])
    return Lots(
        out_of(middle[:, 0], middle[:, 1], parts.origin[d], turn),
        np.full(len(middle), turn),
        np.broadcast_to(half, middle.shape),
        np.zeros(len(middle), np.int64),
        number,
    )


def _all_lots(pieces: list[Lots]) -> Lots:
    return Lots(
        np.concatenate([lots.places for lots in pieces]),
        np.concatenate([lots.heading for lots in pieces]),
        np.concatenate([lots.half for lots in pieces]),
        np.concatenate([lots.kind for lots in pieces]),
        np.concatenate([lots.number for lots in pieces]),
    )


def _on_lots(site: Site, lots: Lots) -> list[Placed]:
    """Decide what stands on whole blocks; sets their ground. Returns the buildings."""
    x, y = lots.places.T
    towers, limit = site.density(x, y), site.limit(x, y)
    near = site.depth(x, y) - site.ring_outside < 215

    def share(k: int, number: Integers = lots.number) -> Floats:
        return uniform(site.seed, Purpose.CITY, 64 * int(Purposes.BLOCKS) + k, number)

    # Neighbours are alike: most blocks do as their three by three blocks do.
    district, i, k = lots.number >> 24, (lots.number >> 12) & 0xFFF, lots.number & 0xFFF
    quarter = (district << 24) + ((i // 3) << 12) + k // 3
    choice = np.where(share(0) < 0.55, share(1, quarter), share(2))
    is_tower = (share(3) < np.clip(1.35 * towers - 0.18, 0.0, 0.9) + 0.012) & ~near
    suburb = np.clip((1050 - limit) / 900, 0, 1)
    names = ("park", "parking", "hall", "office", "slab", "villas", "yard")
    count = len(x)
    city = np.stack(
        [
            np.full(count, 0.07),
            np.full(count, 0.025),
            0.02 + 0.07 * suburb,
            0.05 + 0.5 * towers,
            0.15 * (1 - 0.5 * suburb),
            0.8 * suburb,
            0.68 * (1 - suburb),
        ],
        -1,
    )
    around = np.array([0.40, 0.24, 0.05, 0.10, 0.06, 0.0, 0.15])
    weights = np.where(near[:, None], around, city)
    bounds = np.cumsum(weights / weights.sum(axis=1, keepdims=True), axis=1)
    chosen = np.minimum((choice[:, None] > bounds).sum(axis=1), len(names) - 1)
    what = {name: (chosen == k) & ~is_tower for k, name in enumerate(names)}
    for name, kind in (
        ("park", Lot.PARK), ("parking", Lot.PARKING), ("slab", Lot.LAWN), ("villas", Lot.GARDENS),
    ):  # fmt: skip
        lots.kind[what[name]] = kind
    placer = _Placer(lots, share)
    for name, first, last in (
        ("yard", Model.YARD_A, Model.YARD_E),
        ("villas", Model.VILLAS_A, Model.VILLAS_B),
    ):
        model = int(first) + (share(4) * (int(last) - int(first) + 1)).astype(np.int64)
        # Turned about by half, one model looks like two.
        placer.put(what[name], model, turn=np.where(share(5) < 0.5, math.pi, 0.0), fill=True)
    placer.put(what["hall"], Model.HALL)
    two = what["office"] & (share(7) < 0.55)
    low: Floats = 4.0 + 8.0 * share(8)
    high: Floats = 4.0 + 9.0 * share(6) * (0.6 + towers)
    placer.put(what["office"] & ~two, Model.OFFICE, storeys=high)
    placer.put(two, Model.OFFICE, (-0.27, 0.0), storeys=high, narrow=0.68)
    placer.put(two, Model.OFFICE, (0.27, 0.0), storeys=low, narrow=0.68)
    for side in (-1, 1):
        storeys = 6 + 8 * share(9) + 2 * share(10) * side
        placer.put(what["slab"], Model.SLAB, (0.03 * side, 0.33 * side), storeys=storeys)
    tall = 12 + 18 * share(11) + 46 * towers * share(12) ** 1.6
    model = np.select(
        [tall < 24, share(13) < 0.2, share(13) < 0.42, share(13) < 0.64, share(13) < 0.8],
        [Model.POINT, Model.STEPPED, Model.GLASS, Model.GLASS_SLAB, Model.ROUND],
        Model.CROWNED,
    )
    second, beside = share(14) < 0.6, 8 + 0.5 * tall * share(15)
    placer.put(is_tower, model, (-0.145, 0.0), storeys=tall)
    placer.put(is_tower & second, Model.POINT, (0.34, 0.1), storeys=beside, narrow=0.9)
    placer.put(is_tower & ~second, Model.OFFICE, (0.34, 0.0), storeys=0.4 * beside, narrow=0.42)
    return placer.placed


class _Placer:
    """Puts buildings on blocks."""

    def __init__(self, lots: Lots, share: Callable[[int], Floats]) -> None:
        self.lots, self.share = lots, share
        self.placed: list[Placed] = []

    def put(
        self,
        where: Booleans,
        model: int | npt.NDArray[np.integer[Any]],
        at: tuple[float, float] = (0.0, 0.0),
        storeys: Floats | None = None,
        turn: Floats | None = None,
        narrow: float = 1.0,
        fill: bool = False,
    ) -> None:
        """Put a building on some blocks, at shares of their reach from the middle.

        One that fills its block grows or shrinks with it; others keep their size.
        """
        lots = self.lots
        which = np.flatnonzero(where)
        models = np.broadcast_to(np.asarray(model, np.int64), lots.number.shape)[which]
        half = lots.half[which]
        heading = lots.heading[which]
        u, v = 2 * half[:, 0] * at[0], 2 * half[:, 1] * at[1]
        cosine, sine = np.cos(heading), np.sin(heading)
        places = lots.places[which] + np.stack([u * cosine - v * sine, u * sine + v * cosine], -1)
        size = np.ones((len(which), 3))
        if fill:
            size[:, 0], size[:, 1] = 2 * half[:, 0] / SHAPES[0].length, 2 * half[:, 1] / SHAPES[0].width
        size[:, 0] *= narrow
        if storeys is not None:
            usual = np.array([shape.storeys for shape in SHAPES])[models]
            size[:, 2] = np.maximum(np.round(storeys[which]), 2) / usual
        person = self.share(20 + len(self.placed))[which]
        angle = heading if turn is None else heading + turn[which]
        self.placed.append(Placed(places, angle, size, models, person))


def _on_plots(site: Site, plots: Lots) -> Placed:
    """Return the houses on the plots of blocks that a road or the river cuts."""
    x, y = plots.places.T

    def share(k: int) -> Floats:
        return uniform(site.seed, Purpose.CITY, 64 * int(Purposes.PLOTS) + k, plots.number)

    near = site.depth(x, y) - site.ring_outside < 215
    kept = share(0) < np.where(near, 0.22, 0.78)
    suburb = np.clip((1050 - site.limit(x, y)) / 900, 0, 1)
    storeys = 3 + 4.4 * share(1) * (1 - 0.7 * suburb) + 4 * site.density(x, y)
    shape = SHAPES[Model.HOUSE]
    size = np.stack(
        [
            np.minimum(0.84 + 0.4 * share(2), 2 * plots.half[:, 0] / shape.length - 0.04),
            np.minimum(0.84 + 0.4 * share(3), 2 * plots.half[:, 1] / shape.width - 0.04),
            np.round(storeys) / shape.storeys,
        ],
        -1,
    )
    model = np.where(storeys + share(5) > 6, int(Model.FLAT_HOUSE), int(Model.HOUSE))
    return Placed(plots.places[kept], plots.heading[kept], size[kept], model[kept], share(4)[kept])
