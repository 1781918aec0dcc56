"""Where a city's trees stand: along avenues and the river, around the plaza, in parks, in the country."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from .city import City, Lot, Placed, gathered
from .city_site import BELT, CARRIAGEWAY, HILLS_FROM, PROMENADE, WALK_HALF, WALKS, Floats, Road, Site
from .city_streets import clearance
from .counter_random import Purpose, uniform

MODELS = 5
"""Models of trees seen from near; as many more, simpler ones follow for those far off."""
GROVES = 3
"""Models of groves, `GROVE` metres long and wide."""
GROVE = (64.0, 44.0)
SIMPLE_FROM = 520.0
"""Metres from the stadium's edge beyond which a tree is a simple one."""
STREET_TREE = 2.0
"""Metres from a carriageway's edge to the trunks on its pavement."""
PARKLAND = 330.0
"""Width of a park's lawns with single trees; beyond begin woods and fields."""
_COUNTRY_STEP = 74.0


def trees(city: City, fullness: float) -> Placed:
    """Return the single trees of a city.

    Parameters
    ----------
    city : City
    fullness : float
        0 to 1: how densely, and how far from the stadium, trees are single ones.
    """
    reach = 650.0 + 1250.0 * fullness
    pieces = [_belt(city.site), _along_avenues(city, reach), _along_river(city.site, reach)]
    if len(city.lots.number):
        pieces += [_in_lots(city, kind, fullness) for kind in (Lot.PARK, Lot.LAWN, Lot.PARKING)]
    else:
        pieces.append(_over_parkland(city.site))
    return gathered(pieces)


def groves(city: City, fullness: float) -> Placed:
    """Return the groves: parks far from the stadium, and woods beyond the city's limit."""
    site, lots = city.site, city.lots
    reach = 650.0 + 1250.0 * fullness
    far = (lots.kind == Lot.PARK) & (np.hypot(*lots.places.T) >= reach)
    parks = _placed(
        site, 40, lots.places[far], lots.number[far], GROVES, heading=lots.heading[far], size=(0.85, 0.15)
    )
    steps = np.arange(-HILLS_FROM - 700, HILLS_FROM + 701, _COUNTRY_STEP)
    x, y = (axis.ravel() for axis in np.meshgrid(steps, steps))
    number = np.arange(len(x))
    shift = [uniform(site.seed, Purpose.TREE, 41 + k, number) - 0.5 for k in range(2)]
    x, y = x + 0.9 * _COUNTRY_STEP * shift[0], y + 0.9 * _COUNTRY_STEP * shift[1]
    away = np.hypot(x, y)
    # Woods and fields: long waves of two directions make patches.
    patch = np.sin(x / 310 + 2 * np.sin(y / 540)) + np.sin(y / 270 - x / 800)
    wooded = uniform(site.seed, Purpose.TREE, 43, number) < np.clip(0.35 + 0.6 * patch, 0.06, 0.95)
    free = (np.abs(site.river.across(x, y)) > site.river.half_width + 60) & (away < HILLS_FROM + 650)
    free &= np.abs(site.beside_avenues(x, y)).min(axis=-1) > 55
    if len(city.lots.number):
        free &= site.limit(x, y) < -45
    else:
        free &= site.depth(x, y) > site.ring_outside + PARKLAND
        wooded &= uniform(site.seed, Purpose.TREE, 44, number) < 0.6
    kept = free & wooded
    places = np.stack([x, y], -1)[kept]
    return gathered([parks, _placed(site, 45, places, number[kept], GROVES, size=(0.8, 0.5))])


def _placed(
    site: Site,
    purpose: int,
    places: Floats,
    number: npt.NDArray[np.integer[Any]],
    models: int,
    heading: Floats | None = None,
    size: tuple[float, float] = (0.75, 0.5),
    simple: bool = False,
) -> Placed:
    """Return things at places, each turned, sized and chosen by its number."""
    share = [uniform(site.seed, Purpose.TREE, 100 + 8 * purpose + k, number) for k in range(4)]
    factor = size[0] + size[1] * share[0]
    # Where it is not to be another's neighbour, its width differs from its height.
    wide = factor * (0.9 + 0.2 * uniform(site.seed, Purpose.TREE, 105 + 8 * purpose, number))
    # Planted together, trees of one kind stand side by side.
    group = uniform(site.seed, Purpose.TREE, 104 + 8 * purpose, number // 14)
    kind = np.where(uniform(site.seed, Purpose.TREE, 106 + 8 * purpose, number) < 0.82, group, share[1])
    model = np.minimum((kind * models).astype(np.int64), models - 1)
    if simple:
        model += models * (site.depth(places[:, 0], places[:, 1]) > SIMPLE_FROM)
    turn = 2 * math.pi * share[2] if heading is None else heading + math.pi * (share[2] < 0.5)
    return Placed(places, turn, np.stack([wide, wide, factor], -1), model, share[3])


def _belt(site: Site) -> Placed:
    """Rows of trees on the lawn around the plaza, with gaps where walks lead through."""
    pieces = []
    for row, (depth, spacing) in enumerate(((site.plaza + 5.0, 9.0), (site.plaza + 0.55 * BELT, 8.0))):
        line = site.ring_line(depth, 2048)
        closed = np.concatenate([line, line[:1]])
        along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(closed, axis=0).T))])
        count = int(along[-1] / spacing)
        number = np.arange(count)
        at = (number + 0.3 * uniform(site.seed, Purpose.TREE, 1 + row, number)) * spacing
        share = at / along[-1]
        gap = np.abs((share * WALKS + 0.5) % 1 - 0.5) * along[-1] / WALKS < WALK_HALF + 3.5
        kept = ~gap & (uniform(site.seed, Purpose.TREE, 4 + row, number) < (0.93, 0.72)[row])
        places = np.stack([np.interp(at, along, closed[:, 0]), np.interp(at, along, closed[:, 1])], -1)
        pieces.append(_placed(site, 1 + row, places[kept], number[kept], MODELS, simple=True))
    return gathered(pieces)


def _along_avenues(city: City, reach: float) -> Placed:
    """One row of trees on each pavement of the avenues, and on the outer one of the ring road."""
    site = city.site
    points: list[Floats] = []
    for avenue in np.flatnonzero(city.roads.kind == Road.AVENUE):
        start, end = city.roads.line(int(avenue))
        length = float(np.hypot(*(end - start)))
        forward = (end - start) / length
        left = np.array([-forward[1], forward[0]])
        at = np.arange(12.0, length - 12.0, 10.0)
        for side in (-1, 1):
            points.append(
                start + at[:, None] * forward + side * (CARRIAGEWAY[Road.AVENUE] + STREET_TREE) * left
            )
    points.append(site.ring_line(site.ring + CARRIAGEWAY[Road.RING] + STREET_TREE, 230))
    places = np.concatenate(points)
    number = np.arange(len(places))
    x, y = places.T
    kept = (clearance(site, city.parts, x, y) > STREET_TREE - 0.1) & (np.hypot(x, y) < reach)
    kept &= np.abs(site.river.across(x, y)) > site.river.half_width + 5
    kept &= uniform(site.seed, Purpose.TREE, 8, number) < 0.88
    return _placed(site, 8, places[kept], number[kept], MODELS, size=(0.6, 0.25), simple=True)


def _along_river(site: Site, reach: float) -> Placed:
    """Return a row of trees on both promenades."""
    along = np.arange(-reach * 1.3, reach * 1.3, 11.0)
    places = np.concatenate(
        [site.river.line(along, side * (site.river.half_width + 0.6 * PROMENADE)) for side in (-1, 1)]
    )
    number = np.arange(len(places))
    beside = np.abs(site.beside_avenues(*places.T)).min(axis=-1)
    kept = (beside > 18) & (site.limit(*places.T) > 0)
    kept &= uniform(site.seed, Purpose.TREE, 10, number) < 0.8
    return _placed(site, 10, places[kept], number[kept], MODELS, size=(0.65, 0.35), simple=True)


def _over_parkland(site: Site) -> Placed:
    """Return trees on the lawns about the ring road: here in clumps, there alone."""
    reach = site.ring_outside + PARKLAND + 200.0
    steps = np.arange(-reach, reach + 1, 13.0)
    x, y = (axis.ravel() for axis in np.meshgrid(steps, steps))
    number = np.arange(len(x))
    share = [uniform(site.seed, Purpose.TREE, 30 + k, number) for k in range(3)]
    x, y = x + 11 * (share[0] - 0.5), y + 11 * (share[1] - 0.5)
    clump = np.sin(x / 47 + 1.7 * np.sin(y / 61)) * np.sin(y / 53 - x / 90)
    depth = site.depth(x, y)
    kept = (share[2] < np.clip(0.8 * clump, 0.03, 0.75)) & (depth > site.ring_outside + 6)
    kept &= (depth < site.ring_outside + PARKLAND) & (np.abs(site.beside_avenues(x, y)).min(axis=-1) > 19)
    kept &= np.abs(site.river.across(x, y)) > site.river.half_width + 16
    return _placed(site, 11, np.stack([x, y], -1)[kept], number[kept], MODELS, simple=True)


#: Trees of a block as steps along and across it, the chance that one stands there, and how far it may stray.
_PATTERNS = {
    Lot.PARK: (9.0, 9.0, 0.62, 7.5),
    Lot.LAWN: (9.5, 50.0, 0.75, 3.5),
    Lot.PARKING: (11.0, 46.0, 0.6, 0.8),
}


def _in_lots(city: City, kind: Lot, fullness: float) -> Placed:
    """Return the trees on blocks of a kind: over a park, between slabs, along the edges of a car park."""
    site, lots = city.site, city.lots
    reach = 650.0 + 1250.0 * fullness
    which = np.flatnonzero((lots.kind == kind) & (np.hypot(*lots.places.T) < reach))
    along, across, chance, stray = _PATTERNS[kind]
    half = lots.half[which] - 3.0
    columns = int(2 * float(half[:, 0].max(initial=0.0)) / along) + 1
    rows = {Lot.PARK: int(2 * float(half[:, 1].max(initial=0.0)) / across) + 1, Lot.LAWN: 1, Lot.PARKING: 2}[
        kind
    ]
    column, row = (axis.ravel() for axis in np.meshgrid(np.arange(columns), np.arange(rows), indexing="ij"))
    number = lots.number[which, None] * 256 + column * 16 + row
    share = [uniform(site.seed, Purpose.TREE, 20 + 8 * int(kind) + k, number) for k in range(3)]
    u = (column - (columns - 1) / 2) * along + stray * (share[0] - 0.5)
    spread = 2 * half[:, 1:] if kind == Lot.PARKING else across
    v = (row - (rows - 1) / 2) * spread + stray * (share[1] - 0.5)
    fits = (np.abs(u) < half[:, :1]) & (np.abs(v) < half[:, 1:] + 0.5)
    # A park has its clearings and its path.
    clump = chance + (0.35 * np.sin(u / 13 + lots.number[which, None] % 7) if kind == Lot.PARK else 0.0)
    if kind == Lot.PARK:
        fits &= np.abs(v - 6 * np.sin(u / 14)) > 3.0
    kept = fits & (share[2] < clump)
    cosine, sine = np.cos(lots.heading[which])[:, None], np.sin(lots.heading[which])[:, None]
    x = lots.places[which, :1] + u * cosine - v * sine
    y = lots.places[which, 1:] + u * sine + v * cosine
    places = np.stack([x[kept], y[kept]], -1)
    return _placed(site, 12 + int(kind), places, number[kept], MODELS, simple=True)
