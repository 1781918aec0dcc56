"""The arena's floor: what the show stands on, with the lines of the games that are played there."""

from __future__ import annotations

import math

import bpy
import numpy as np
import numpy.typing as npt

from ...kernels.bowl import Bowl, Floor
from ...kernels.bowl_plan import behind_edge
from ..meshes import Surface, point_object
from ..nodes import arena_materials, materials
from ..nodes.stadium_arena import APRON, GROUND, PAINT, TRACK, build_apron_tree, build_track_tree
from . import markings
from .follow import set_input
from .markings import Paint

LANE, RADIUS, STRAIGHT = 1.22, 36.5, 84.39
"""Of a track of 400 m (World Athletics)."""
STRIPE = 5.0
COURT_MARGIN = 2.0
"""Metres of boards around a court."""
GRASS_MARGIN = 3.5
"""Metres of grass around a pitch, where the arena leaves room."""
BOARDS = 2.8
"""Metres from a pitch to the boards beside it."""
WHITE = (0.70, 0.70, 0.67)


def build_arena(bowl: Bowl, plan: bpy.types.Object, collection: bpy.types.Collection) -> None:
    """Build the floor up to the arena's edge: an apron that follows the plan, and the field on it."""
    floor = bowl.floor
    {
        "athletics": _athletics,
        "football": _football,
        "cricket": _cricket,
        "court": _court,
        "parade": _parade,
    }[floor.kind](bowl, plan, collection)


def track_radius(bowl: Bowl) -> float:
    """Return the radius of the track's kerb: the prescribed one, or what the arena leaves, metres."""
    free = bowl.plan.half_width - 1.0 - max(bowl.floor.lanes, 1) * LANE
    return min(RADIUS, free)


def pitch_of(floor: Floor) -> tuple[float, float] | None:
    """Return the width and length of the pitch on a floor made for football; else None."""
    if floor.kind != "football":
        return None
    wide = floor.half_width >= markings.FOOTBALL[0] / 2 and floor.half_length >= markings.FOOTBALL[1] / 2
    return markings.FOOTBALL if wide else markings.GRIDIRON


def field_half_width(bowl: Bowl) -> float:
    """Return how far across, from the middle, things lie on the floor that must stay free, metres."""
    floor, pitch = bowl.floor, pitch_of(bowl.floor)
    if floor.kind == "athletics":
        return track_radius(bowl) + max(floor.lanes, 1) * LANE
    if floor.kind == "court":
        return min(floor.half_width, markings.COURT[0] / 2 + COURT_MARGIN)
    return pitch[0] / 2 + BOARDS if pitch else floor.half_width


def _grass_margin(bowl: Bowl, half_width: float, half_length: float) -> float:
    """Return how far the grass goes beyond a pitch, so that its corners stay within the arena, metres."""
    margins = np.linspace(GRASS_MARGIN, 0.0, 36)
    _, depth = behind_edge(bowl.plan, half_width + margins, half_length + margins)
    return float(margins[np.argmax(depth < -0.2)] if (depth < -0.2).any() else 0.0)


def _apron(
    plan: bpy.types.Object,
    collection: bpy.types.Collection,
    material: bpy.types.Material,
    height: float = GROUND,
) -> None:
    thing = point_object("Arena Apron", np.zeros((0, 3)), collection)
    modifier = thing.modifiers.new(APRON, "NODES")
    modifier.node_group = build_apron_tree(material)
    set_input(modifier, "Plan", plan)
    set_input(modifier, "Height", height)


def _white() -> bpy.types.Material:
    return arena_materials.ground("White Lines", WHITE, 0.9, 0.12)


def _paint(paint: Paint, slots: list[bpy.types.Material], collection: bpy.types.Collection) -> None:
    mesh = paint.surface.mesh("Field Lines", slots)
    collection.objects.link(bpy.data.objects.new("Field Lines", mesh))


def _plate(
    name: str,
    half_width: float,
    half_length: float,
    material: bpy.types.Material,
    collection: bpy.types.Collection,
) -> None:
    """Add a level rectangle about the centre, at the height people stand on."""
    surface = Surface()
    corners = [
        (-half_width, -half_length),
        (half_width, -half_length),
        (half_width, half_length),
        (-half_width, half_length),
    ]
    surface.quads([np.array([[x, y, 0.0]]) for x, y in corners], 0)
    collection.objects.link(bpy.data.objects.new(name, surface.mesh(name, [material])))


def _athletics(bowl: Bowl, plan: bpy.types.Object, collection: bpy.types.Collection) -> None:
    _apron(plan, collection, arena_materials.ground("Apron", (0.150, 0.185, 0.190), 0.25, 0.22))
    line = _white()
    track = point_object("Track", np.zeros((0, 3)), collection)
    modifier = track.modifiers.new(TRACK, "NODES")
    modifier.node_group = build_track_tree(
        arena_materials.ground("Tartan", (0.270, 0.062, 0.040), 0.3, 0.16),
        line,
        arena_materials.grass("Grass", STRIPE),
        arena_materials.ground("Track Segments", (0.235, 0.058, 0.040), 0.2, 0.16),
    )
    radius = track_radius(bowl)
    set_input(modifier, "Lanes", max(bowl.floor.lanes, 1))
    set_input(modifier, "Lane Width", LANE)
    set_input(modifier, "Radius", radius)
    # Measured 0.3 m from the kerb, a round has 400 m; a tighter one keeps its straights.
    set_input(modifier, "Straight", STRAIGHT)
    half_pitch = markings.FOOTBALL[1] / 2
    set_input(modifier, "Grass Length", 2 * min(half_pitch + 3.5, STRAIGHT / 2 + radius - 4.0))
    if math.hypot(markings.FOOTBALL[0] / 2, max(half_pitch - STRAIGHT / 2, 0.0)) < radius:
        paint = Paint(PAINT, markings.FOOTBALL_LINE)
        markings.football(paint)
        _paint(paint, [line], collection)


def _football(bowl: Bowl, plan: bpy.types.Object, collection: bpy.types.Collection) -> None:
    floor = bowl.floor
    line, turf = _white(), arena_materials.grass("Grass", STRIPE)
    if pitch_of(floor) == markings.FOOTBALL:
        _apron(plan, collection, arena_materials.ground("Apron", (0.075, 0.080, 0.082), 0.3, 0.2))
        paint = Paint(PAINT, markings.FOOTBALL_LINE)
        markings.football(paint)
        slots = [line]
    else:
        _apron(plan, collection, arena_materials.ground("Apron", (0.240, 0.072, 0.050), 0.3, 0.18))
        paint = Paint(PAINT, markings.GRIDIRON_LINE)
        markings.gridiron(paint)
        slots = [line, arena_materials.ground("End Zones", (0.035, 0.060, 0.200), 0.8, 0.2)]
    wide, long = pitch_of(floor) or markings.FOOTBALL
    margin = _grass_margin(bowl, wide / 2, long / 2)
    _plate("Pitch", wide / 2 + margin, long / 2 + margin, turf, collection)
    _paint(paint, slots, collection)


def _cricket(bowl: Bowl, plan: bpy.types.Object, collection: bpy.types.Collection) -> None:
    _apron(plan, collection, arena_materials.grass("Grass", 2 * STRIPE), 0.0)
    paint = Paint(PAINT, 0.05)
    markings.cricket(paint, bowl.floor.half_width, bowl.floor.half_length)
    slots = [
        _white(),
        arena_materials.ground("Cricket Square", (0.150, 0.190, 0.062), 0.6, 0.15),
        arena_materials.ground("Wicket", (0.380, 0.310, 0.180), 0.7, 0.12),
        materials.matte("Boundary Rope", (0.74, 0.72, 0.68)),
        arena_materials.ground("Used Wickets", (0.240, 0.230, 0.105), 0.7, 0.15),
    ]
    _paint(paint, slots, collection)


def _court(bowl: Bowl, plan: bpy.types.Object, collection: bpy.types.Collection) -> None:
    _apron(plan, collection, arena_materials.ground("Hall Floor", (0.060, 0.064, 0.070), 0.4, 0.12))
    _plate(
        "Court",
        field_half_width(bowl),
        min(bowl.floor.half_length, markings.COURT[1] / 2 + COURT_MARGIN),
        arena_materials.boards("Court Boards", 3.0),
        collection,
    )
    paint = Paint(PAINT, 0.05)
    markings.court(paint)
    keys = arena_materials.ground("Court Paint", (0.045, 0.100, 0.260), 0.8, 0.08)
    _paint(paint, [_white(), keys], collection)


def _parade(bowl: Bowl, plan: bpy.types.Object, collection: bpy.types.Collection) -> None:
    _apron(plan, collection, arena_materials.slabs("Paving", (0.30, 0.295, 0.28), 5.0), 0.0)
    paint = Paint(PAINT, 0.15)

    def free(places: markings.Floats) -> npt.NDArray[np.bool_]:
        _, depth = behind_edge(bowl.plan, places[:, 0], places[:, 1])
        clear: npt.NDArray[np.bool_] = depth < -1.0
        return clear

    markings.parade(paint, bowl.floor.half_width, bowl.floor.half_length, free)
    _paint(paint, [_white(), materials.matte("Large Dots", (0.60, 0.42, 0.06))], collection)
