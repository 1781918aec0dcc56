"""The stadium's meshes: terraces, walls, roof of petals and the arena floor, from the bowl's measures."""

from __future__ import annotations

from itertools import pairwise

import bpy
import numpy as np
import numpy.typing as npt

from ..kernels.counter_random import Purpose, bits, uniform
from ..kernels.stadium import (
    Bowl,
    at_length,
    clear_of,
    perimeter,
    petal_arch,
    plan,
    roof_line,
    row_heights,
    spectator_tiles,
)
from ..scenes.schema_card_section import CardSection
from ..scenes.seats import SeatMap
from .figures import Part, spectator_tile
from .meshes import Surface, add_nodes, figure_object, new_collection, point_object
from .nodes import materials
from .nodes.scatter import build_scatter

Floats = npt.NDArray[np.float64]

SEGMENTS = 288
SEATS_IN_TILE = 10
TILE_MODELS = 8
AISLES = 48


def _angles(bowl: Bowl, around: Floats) -> Floats:
    """Parameters of the plan's curve at shares 0..1 of the way around; rings at any depth match by them."""
    x, y, _ = at_length(bowl, 0.0, around * perimeter(bowl, 0.0))
    n = bowl.exponent / 2
    return np.arctan2(
        np.sign(y) * (np.abs(y) / bowl.half_length) ** n, np.sign(x) * (np.abs(x) / bowl.half_width) ** n
    )


def _even(count: int) -> Floats:
    return np.arange(count) / count


def _ring(bowl: Bowl, depth: float | Floats, height: float | Floats, around: Floats | None = None) -> Floats:
    """Return a line around the bowl, at shares `around` of the way, or at SEGMENTS even ones."""
    around = _even(SEGMENTS) if around is None else around
    x, y = plan(bowl, depth, _angles(bowl, around))
    return np.stack([x, y, np.broadcast_to(height, x.shape)], -1)


def build_stands(bowl: Bowl, collection: bpy.types.Collection) -> None:
    """Build the stepped terraces, the arena's wall, the concourse and the outer wall."""
    heights = row_heights(bowl)
    slots = [
        materials.matte("Concrete", (0.36, 0.35, 0.33)),
        materials.matte("Seats", (0.09, 0.16, 0.30)),
        materials.matte("Arena Wall", (0.55, 0.08, 0.07)),
        materials.matte("Outer Wall", (0.58, 0.56, 0.52)),
    ]
    surface = Surface()
    surface.band(_ring(bowl, 0.0, 0.0), _ring(bowl, 0.0, heights[0]), 2)
    for row in range(bowl.rows):
        front, back = row * bowl.row_depth, (row + 1) * bowl.row_depth
        if row:
            surface.band(_ring(bowl, front, heights[row - 1]), _ring(bowl, front, heights[row]), 0)
        surface.band(_ring(bowl, front, heights[row]), _ring(bowl, back, heights[row]), 0)
        # A bench along the row's rear edge, and its back.
        seat = back - 0.12
        surface.band(_ring(bowl, seat - 0.42, heights[row] + 0.38), _ring(bowl, seat, heights[row] + 0.38), 1)
        surface.band(_ring(bowl, seat, heights[row] + 0.12), _ring(bowl, seat, heights[row] + 0.72), 1)
    top = heights[-1]
    surface.band(_ring(bowl, bowl.depth, top), _ring(bowl, bowl.depth, top + 3.0), 3)
    surface.band(_ring(bowl, bowl.depth, top + 3.0), _ring(bowl, bowl.rim, top + 3.0), 3)
    surface.band(_ring(bowl, bowl.rim, top + 3.0), _ring(bowl, bowl.rim + 10.0, 0.0), 3)
    stands = bpy.data.objects.new("Stands", surface.mesh("Stands", slots))
    collection.objects.link(stands)
    _build_stairs(bowl, heights, collection)


def _build_stairs(bowl: Bowl, heights: Floats, collection: bpy.types.Collection) -> None:
    """Pale stairs run up the aisles between the blocks of seats, two steps a row."""
    surface = Surface()
    angle = _angles(bowl, _even(AISLES))
    half_width = 0.6
    for step in range(2 * bowl.rows):
        row, upper = divmod(step, 2)
        height = np.full(AISLES, heights[row] + 0.02 + 0.2 * upper)
        corners = []
        for depth, side in ((0.0, 1), (0.0, -1), (0.4, -1), (0.4, 1)):
            x, y = plan(bowl, (row + upper / 2) * bowl.row_depth + depth, angle)
            along = np.stack([-y, x]) / np.hypot(x, y)
            corners.append(
                np.stack([x + side * half_width * along[0], y + side * half_width * along[1], height], -1)
            )
        surface.quads(corners, 0)
    stairs = surface.mesh("Stairs", [materials.matte("Stairs", (0.62, 0.60, 0.56))])
    collection.objects.link(bpy.data.objects.new("Stairs", stairs))


def _roof_ring(bowl: Bowl, inward: float, around: Floats, lift: float = 0.0) -> Floats:
    """Return a line of the roof at share `inward` (0 is the inner edge, 1 the outer), with its scallops."""
    depth, height = roof_line(bowl, inward, petal_arch(bowl, around))
    return _ring(bowl, depth, height + lift, around)


def build_roof(bowl: Bowl, collection: bpy.types.Collection) -> None:
    """Build the roof: a ring of arched petals of membrane, held by ribs and hoops of steel."""
    lines = np.linspace(0.0, 1.0, 15)
    membrane, steel = Surface(), Surface()
    rings = [_roof_ring(bowl, inward, _even(bowl.petals * 16)) for inward in lines]
    for lower, upper in pairwise(rings):
        membrane.band(lower, upper, 0)
    ribs_in_petal, half_width, lift = 6, 0.0011, 0.12
    rib = _even(bowl.petals * ribs_in_petal)
    half_width = np.where(np.arange(rib.size) % ribs_in_petal == 0, 1.6, 0.6) * half_width
    sides = [
        [_roof_ring(bowl, inward, rib + side * half_width, lift) for side in (-1, 1)] for inward in lines
    ]
    for (left, right), (next_left, next_right) in pairwise(sides):
        steel.quads([left, right, next_right, next_left], 0)
    fine = _even(bowl.petals * 32)
    for hoop in (0.0, 0.28, 0.55, 0.8):
        steel.band(_roof_ring(bowl, hoop, fine, lift), _roof_ring(bowl, hoop + 0.008, fine, lift), 0)
    parts = {
        "Roof": (membrane, materials.membrane("Roof Membrane", (0.72, 0.73, 0.74), 0.72), True),
        "Roof Ribs": (steel, materials.membrane("Roof Steel", (0.42, 0.43, 0.45), 0.72), False),
    }
    for name, (surface, material, smooth) in parts.items():
        collection.objects.link(bpy.data.objects.new(name, surface.mesh(name, [material], smooth)))


def build_arena(bowl: Bowl, collection: bpy.types.Collection) -> None:
    """Build the arena floor: apron, running track with lanes, and grass mown in stripes."""
    apron = Surface()
    apron.band(_ring(bowl, 0.0, 0.0), _ring(bowl, -0.98 * bowl.half_width, 0.0), 0)
    floor = apron.mesh("Arena Apron", [materials.matte("Apron", (0.20, 0.30, 0.33))])
    collection.objects.link(bpy.data.objects.new("Arena Apron", floor))
    slots = [
        materials.matte("Tartan", (0.42, 0.10, 0.065)),
        materials.matte("Line", (0.72, 0.70, 0.67)),
        materials.striped_grass("Grass", (0.115, 0.24, 0.055), (0.075, 0.175, 0.04), 5.0),
    ]
    track = Surface()
    lanes, lane_width, inner = 9, 1.22, 38.0
    straight = 46.0

    def oval(radius: float, height: float) -> Floats:
        turn = np.linspace(0.0, 2 * np.pi, 192, endpoint=False)
        y = radius * np.sin(turn) + straight * np.sign(np.sin(turn))
        return np.stack([radius * np.cos(turn), y, np.full_like(turn, height)], -1)

    track.band(oval(inner, 0.03), oval(inner + lanes * lane_width, 0.03), 0)
    for lane in range(lanes + 1):
        edge = inner + lane * lane_width
        track.band(oval(edge - 0.06, 0.045), oval(edge + 0.06, 0.045), 1)
    track.band(oval(0.2, 0.02), oval(inner, 0.02), 2)
    collection.objects.link(bpy.data.objects.new("Track", track.mesh("Track", slots)))


def build_spectators(
    bowl: Bowl,
    section: CardSection,
    seats: SeatMap,
    share: float,
    seed: int,
    collection: bpy.types.Collection,
) -> int:
    """Fill the stands with tiles of seated people, but for the card section; return how many tiles there are.

    In the stadium's own stand the section's columns stay free from front to back; elsewhere, its seats.
    """
    models = new_collection("Spectator Models", collection, shown=False)
    clothes = materials.spectator_clothes("Spectator Clothes", materials.CLOTHES)
    trousers = materials.matte("Spectator Trousers", (0.055, 0.06, 0.075))
    skin, hair = (
        materials.matte("Spectator Skin", (0.50, 0.30, 0.20)),
        materials.matte("Spectator Hair", (0.03, 0.024, 0.02)),
    )
    by_part = {Part.SKIN: skin, Part.COSTUME: clothes, Part.ACCENT: trousers, Part.HAIR: hair}
    for k in range(TILE_MODELS):
        numbers = bits(seed, Purpose.SPECTATOR, k + 1, np.arange(SEATS_IN_TILE * 5)).reshape(-1, 5)
        tile = spectator_tile(SEATS_IN_TILE, bowl.seat_width, numbers[:, :4])
        thing = figure_object(f"Spectators {k:02d}", tile, [by_part[part] for part in list(Part)[:4]], models)
        seat = np.floor(np.array(tile.vertices)[:, 1] / bowl.seat_width + SEATS_IN_TILE / 2).astype(int)
        tint = uniform(seed, Purpose.COSTUME, k, np.clip(seat, 0, SEATS_IN_TILE - 1))
        thing.data.attributes.new("tint", "FLOAT", "POINT").data.foreach_set("value", tint.astype(np.float32))
    in_stand = section.seats.arc is None and section.seats.file is None
    columns = section.columns if in_stand else 0
    places, facing, index = spectator_tiles(bowl, columns, SEATS_IN_TILE, share, seed)
    if not in_stand:
        free = clear_of(bowl, places, facing, SEATS_IN_TILE, seats.places[seats.taken])
        places, facing, index = places[free], facing[free], index[free]
    points = point_object(
        "Spectators",
        places,
        collection,
        heading=facing,
        size=np.ones((len(places), 3)),
        model=(bits(seed, Purpose.SPECTATOR, 100, index) % np.uint64(TILE_MODELS)).astype(np.int64),
        person=uniform(seed, Purpose.COSTUME, 100, index),
    )
    add_nodes(points, build_scatter("Spectator Rows", models))
    return len(places)
