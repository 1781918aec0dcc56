"""The ground about a stadium: plaza, roads, blocks, river with its quays and bridges, country and hills."""

from __future__ import annotations

import math
from itertools import pairwise

import bpy
import numpy as np
import numpy.typing as npt

from ...kernels.bowl_plan import edge
from ...kernels.city import City
from ...kernels.city_site import (
    BELT,
    CARRIAGEWAY,
    GROUND,
    HILLS_FROM,
    HILLS_TO,
    PAVEMENT,
    WALK_HALF,
    WALKS,
    Road,
    Site,
)
from ..light import Light
from ..meshes import Surface
from ..nodes import ground_materials, materials
from .strips import Strips

Floats = npt.NDArray[np.float64]

#: What lies over what: neighbours differ by enough to be told apart from kilometres away.
LOTS, PAVED, LAWN, WALK, PLAZA = -0.36, -0.30, -0.20, -0.12, -0.08
ROADS = {Road.STREET: -0.25, Road.QUAY: -0.21, Road.AVENUE: -0.17, Road.RING: -0.13}
WATER = -4.6
CITY_REACH = 3300.0
_FAR = 15000.0
_AROUND = 256


def build_plaza(site: Site, light: Light, collection: bpy.types.Collection) -> None:
    """Build the paved ground around and under the stadium, the lawn around that, and the walks over it."""
    strips = Strips()
    share = np.arange(_AROUND + 1) / _AROUND

    def ring(depth: float, height: float) -> Floats:
        line = site.ring_line(depth, _AROUND)
        return np.column_stack([np.concatenate([line, line[:1]]), np.full(_AROUND + 1, height)])

    def paved(inner: float, outer: float) -> None:
        # The UVs: share of the way around, depth.
        a, b = ring(inner, PLAZA), ring(outer, PLAZA)
        corners = np.stack([b[:-1], b[1:], a[1:], a[:-1]], 1)
        s, e = share[:-1], share[1:]
        uvs = [(s, outer), (e, outer), (e, inner), (s, inner)]
        strips.quads(corners, np.stack([np.stack([u, np.full_like(u, v)], -1) for u, v in uvs], 1), 0)

    for inner, outer in ((0.0, site.reach), (site.reach, site.plaza)):
        paved(inner, outer)
    middle = ring(0.0, PLAZA)[:-1]
    # Under the field, where nobody sees it, a fan of slim quads about the middle.
    inside = middle * 0.02
    inside[:, 2] = PLAZA
    following = np.roll(middle, -1, 0), np.roll(inside, -1, 0)
    corners = np.stack([middle, following[0], following[1], inside], 1)
    strips.quads(corners, np.zeros((_AROUND, 4, 2)), 0)
    strips.band(ring(site.plaza + BELT, LAWN), ring(site.plaza, LAWN), (0.0, BELT), 1)
    curve = edge(site.bowl.plan)
    for k in range(WALKS):
        step = k * len(curve.points) // WALKS
        normal = curve.normals[step]
        along = np.array([-normal[1], normal[0]])
        ends = [curve.points[step] + depth * normal for depth in (site.plaza - 0.5, site.plaza + BELT + 0.5)]
        corner = np.array(
            [(*(ends[0] + side * WALK_HALF * along), WALK) for side in (1, -1)]
            + [(*(ends[1] + side * WALK_HALF * along), WALK) for side in (-1, 1)]
        )
        strips.quads(corner[None], np.zeros((1, 4, 2)), 2)
    slots = [
        ground_materials.plaza("Plaza", light, 4 * WALKS),
        ground_materials.lawn("Lawn", light),
        ground_materials.pavement("Walks", light),
    ]
    strips.thing("Plaza", slots, collection)


def build_roads(city: City, light: Light, collection: bpy.types.Collection) -> None:
    """Build carriageways over their pavements."""
    strips = Strips()
    pavements = len(Road)
    for number in range(len(city.roads)):
        kind, line = Road(int(city.roads.kind[number])), city.roads.line(number)
        strips.way(line, CARRIAGEWAY[kind], ROADS[kind], int(kind))
        strips.way(line, CARRIAGEWAY[kind] + PAVEMENT[kind], PAVED + 0.02 * int(kind), pavements)
    slots = [ground_materials.road(kind, light) for kind in Road]
    strips.thing("Roads", [*slots, ground_materials.pavement("Pavement", light)], collection)


def build_lots(city: City, light: Light, collection: bpy.types.Collection) -> None:
    """Build the ground of the blocks."""
    lots = city.lots
    strips = Strips()
    offsets = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)], np.float64)
    local = offsets * lots.half[:, None]
    cosine, sine = np.cos(lots.heading)[:, None], np.sin(lots.heading)[:, None]
    x = lots.places[:, :1] + local[..., 0] * cosine - local[..., 1] * sine
    y = lots.places[:, 1:] + local[..., 0] * sine + local[..., 1] * cosine
    strips.quads(np.stack([x, y, np.full_like(x, LOTS)], -1), local, 0, lots.kind)
    strips.thing("Blocks", [ground_materials.lots("Blocks", light)], collection)


def build_land(site: Site, light: Light, city: bool, collection: bpy.types.Collection) -> None:
    """Build the river between its walls, the open ground on both banks, and the hills."""
    river = site.river
    along = np.concatenate([[-_FAR], np.arange(-6000.0, 6001.0, 40.0), [_FAR]])

    def line(left: float, height: float) -> Floats:
        return np.column_stack([river.line(along, left), np.full(len(along), height)])

    def far(left: float) -> Floats:
        cosine, sine = math.cos(river.angle), math.sin(river.angle)
        return np.column_stack(
            [along * cosine - left * sine, along * sine + left * cosine, np.full(len(along), GROUND)]
        )

    half = river.half_width
    surface = Surface()
    surface.band(far(-_FAR), line(-half, GROUND), 0, closed=False)
    surface.band(line(half, GROUND), far(_FAR), 0, closed=False)
    surface.band(line(-half, WATER), line(half, WATER), 1, closed=False)
    for side in (-1, 1):
        # A wall with a parapet.
        walls = [line(side * half, WATER - 1), line(side * half, GROUND + 0.9)]
        surface.band(*(walls if side > 0 else walls[::-1]), 2, closed=False)
        surface.band(
            line(side * half, GROUND + 0.9), line(side * (half + 0.5), GROUND + 0.9), 2, closed=False
        )
        surface.band(
            line(side * (half + 0.5), GROUND + 0.9), line(side * (half + 0.5), GROUND), 2, closed=False
        )
        if city:
            quay = [line(side * (half + beside), LOTS) for beside in (0.5, 9.0)]
            surface.band(*quay, 3, closed=False)
    reach, verge = (CITY_REACH, (0.165, 0.155, 0.13)) if city else (800.0, ground_materials.DRY_GRASS)
    country = ground_materials.country("Country", light, reach, verge)
    slots = [
        country,
        ground_materials.water("River", light),
        materials.matte("Quay Wall", (0.27, 0.255, 0.23)),
        ground_materials.pavement("Promenade", light),
    ]
    collection.objects.link(bpy.data.objects.new("Land", surface.mesh("Land", slots)))
    hills = Surface()
    radii = HILLS_FROM + (HILLS_TO - HILLS_FROM) * np.linspace(0, 1, 34) ** 1.4
    turn = np.linspace(0, 2 * np.pi, 220, endpoint=False)
    rings = []
    for radius in radii:
        x, y = radius * np.cos(turn), radius * np.sin(turn)
        rings.append(np.stack([x, y, GROUND - 1.0 + site.hill(x, y)], -1))
    for inner, outer in pairwise(rings):
        hills.band(outer, inner, 0)
    collection.objects.link(bpy.data.objects.new("Hills", hills.mesh("Hills", [country], smooth=True)))


def build_bridges(city: City, collection: bpy.types.Collection) -> None:
    """Build what carries the avenues over the river: deck, piers and parapets."""
    site = city.site
    half = CARRIAGEWAY[Road.AVENUE] + PAVEMENT[Road.AVENUE]
    surface = Surface()

    def box(middle: Floats, forward: Floats, reach: tuple[float, float], low: float, high: float) -> None:
        left = np.array([-forward[1], forward[0]])
        outline = [
            middle + u * reach[0] * forward + v * reach[1] * left
            for u, v in ((-1, -1), (1, -1), (1, 1), (-1, 1))
        ]
        lower, upper = (np.array([(*point, height) for point in outline]) for height in (low, high))
        surface.band(lower, upper, 0)
        surface.quads([upper[k : k + 1] for k in range(4)], 0)

    for number in np.flatnonzero(city.roads.kind == Road.AVENUE):
        start, end = city.roads.line(int(number))
        length = float(np.hypot(*(end - start)))
        forward = (end - start) / length
        at = np.arange(0.0, length, 2.0)
        wet = np.abs(site.river.across(*(start + at[:, None] * forward).T)) < site.river.half_width + 3
        edges = np.flatnonzero(np.diff(np.concatenate([[0], wet.astype(int), [0]])))
        for first, last in zip(edges[::2], edges[1::2], strict=True):
            middle = start + forward * (at[first] + at[last - 1]) / 2
            reach = float(at[last - 1] - at[first]) / 2 + 6
            left = np.array([-forward[1], forward[0]])
            box(middle, forward, (reach, half), PAVED - 1.8, PAVED - 0.03)
            for side in (-1, 1):
                box(middle + side * (half - 0.25) * left, forward, (reach, 0.25), PAVED - 0.03, PAVED + 1.1)
            piers = max(2, round(2 * reach / 38))
            for k in range(1, piers):
                box(
                    middle + (2 * k / piers - 1) * reach * forward,
                    forward,
                    (1.6, half - 1.5),
                    WATER - 1,
                    PAVED - 1.7,
                )
    if surface.vertices:
        slots = [materials.matte("Bridge", (0.33, 0.315, 0.29))]
        collection.objects.link(bpy.data.objects.new("Bridges", surface.mesh("Bridges", slots)))
