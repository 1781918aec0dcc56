"""What a stadium has besides stands and roof: lamps, scoreboards, tunnel, torch, flags, goals, benches."""

from __future__ import annotations

from dataclasses import dataclass

import bmesh
import bpy
import numpy as np

from ...kernels.bowl import Bowl
from ...kernels.bowl_plan import row_length
from ...kernels.bowl_roof import lowest_roof, roof_line
from ...kernels.bowl_tiers import row_depths, row_heights, tier_top
from ..light import Light, floodlight_places
from ..meshes import add_nodes, new_collection, point_object
from ..nodes import arena_materials, materials
from ..nodes.stadium_fittings import (
    CLOTH_PLAY,
    FLAGS,
    FLAME,
    build_cloth_tree,
    build_fitting_tree,
    build_flag_tree,
    build_flame_tree,
    build_pole_tree,
)
from ..nodes.stadium_roof import LAMPS, ROOF, build_lamp_tree
from . import fitting_models as models
from .arena import BOARDS, pitch_of
from .follow import follow, set_input
from .roof import set_roof_inputs, truss_depth

HOUSE = 4.0
"""Metres above the last row that the house behind it takes."""
POLE = 9.0
FIRE = 20_000.0
"""Candela a square metre of a fire."""
FIRE_SHOWN = (1.5, 4.0)
"""Least and most radiance of it in the scene's units: it is seen by day, and keeps its colour at night."""
WEST, SOUTH, NORTH = 0.5, 0.75, 0.25


@dataclass(frozen=True)
class _Site:
    """What every fitting is built with."""

    bowl: Bowl
    plan: bpy.types.Object
    light: Light
    clock: bpy.types.NodeTree
    collection: bpy.types.Collection
    hidden: bpy.types.Collection
    tree: bpy.types.NodeTree

    def stand(
        self,
        name: str,
        model: bpy.types.Object,
        depth: float,
        height: float = 0.0,
        at: float | None = None,
        count: int = 1,
        tree: bpy.types.NodeTree | None = None,
    ) -> bpy.types.Object:
        """Stand a model at a share of the way around, or evenly all around."""
        thing = point_object(name, np.zeros((0, 3)), self.collection)
        chosen = tree or self.tree
        modifier = thing.modifiers.new(chosen.name.split(".")[0], "NODES")
        modifier.node_group = chosen
        first, last, shift = (0.0, 1.0, 0.5) if at is None else (at, at, 0.0)
        for label, value in (
            ("Plan", self.plan),
            ("Model", model),
            ("Count", count),
            ("First", first),
            ("Last", last),
            ("Shift", shift),
            ("Depth", depth),
            ("Height", height),
        ):
            set_input(modifier, label, value)
        return thing


def build_fittings(
    bowl: Bowl,
    plan: bpy.types.Object,
    light: Light,
    clock: bpy.types.NodeTree,
    collection: bpy.types.Collection,
) -> None:
    """Build the fittings of a stadium; all follow the plan.

    Parameters
    ----------
    bowl : Bowl
    plan : bpy.types.Object
        As from `build_plan`.
    light : Light
        Tells whether lamps are on, and how bright the screens are.
    clock : bpy.types.NodeTree
        As from `build_clock`: flags and fire move by its show time.
    collection : bpy.types.Collection
    """
    hidden = new_collection("Fitting Models", collection, shown=False)
    site = _Site(bowl, plan, light, clock, collection, hidden, build_fitting_tree())
    steel = materials.matte("Fitting Steel", (0.42, 0.43, 0.45))
    _floodlights(site, steel)
    _scoreboards(site)
    if bowl.fittings.tunnel:
        _tunnel(site, steel)
    if bowl.fittings.torch:
        _torch(site, steel)
    _flags(site, steel)
    _on_the_field(site)


def _floodlights(site: _Site, steel: bpy.types.Material) -> None:
    """Stand the lamps where the light comes from: at a roof's inner edge, or on masts behind the rim."""
    bowl, fittings = site.bowl, site.bowl.fittings
    if not fittings.floodlights:
        return
    glass = arena_materials.shining(
        "Lamps", (1.0, 0.97, 0.90), arena_materials.LAMP * site.light.lamps, site.light, (0.32, 0.34, 0.36)
    )
    slots = [steel, materials.matte("Lamp Housings", (0.09, 0.09, 0.095)), glass]
    if bowl.roof.kind != "none" and bowl.roof.last - bowl.roof.first >= 1.0:
        spacing = row_length(bowl.plan, bowl.rim - bowl.roof.inward) / fittings.floodlights
        model = models.battery(min(10.0, 0.7 * spacing)).add_to("Lamp Battery", slots, site.hidden)
        thing = point_object("Floodlights", np.zeros((0, 3)), site.collection)
        modifier = thing.modifiers.new(LAMPS, "NODES")
        modifier.node_group = build_lamp_tree(bowl.roof.kind)
        set_roof_inputs(modifier, bowl, site.plan)
        for roof in site.collection.all_objects:
            if ROOF in roof.modifiers:
                follow(modifier, roof, roof.modifiers[ROOF])
        set_input(modifier, "Model", model)
        set_input(modifier, "Count", fittings.floodlights)
    else:
        model = models.mast(fittings.floodlight_height).add_to("Floodlight Mast", slots, site.hidden)
        places, _ = floodlight_places(bowl)
        thing = site.stand("Floodlights", model, bowl.rim + 4.0, count=len(places))
    # The lamps that give the light stand where these are seen: their own frames must not shade it.
    thing.visible_shadow = model.visible_shadow = False


def seats_top(bowl: Bowl, around: float, depth: float = float("inf")) -> float:
    """Return the height of the highest row at a share of the way around, as far back as a depth; else 0."""
    top = 0.0
    for tier in bowl.tiers:
        if (around - tier.first) % 1.0 <= tier.last - tier.first:
            rows = row_heights(tier, bowl.focus)[row_depths(tier) <= depth]
            top = max(top, float(rows[-1]) if rows.size else 0.0)
    return top


@dataclass(frozen=True)
class BoardPlace:
    """Where a scoreboard is: metres behind the edge and up, its screen's size, legs below, rods above."""

    depth: float
    height: float
    width: float
    tall: float
    legs: float
    hang: float = 0.0


def board_place(bowl: Bowl, around: float) -> BoardPlace:
    """Return where a scoreboard goes: on the house behind the last row, else hung from the roof's front.

    Where no stand is, it stands on legs behind the arena's edge.
    """
    top = seats_top(bowl, around)
    if not top:
        return BoardPlace(8.0, 0.0, 18.0, 7.0, 7.0)
    depth = bowl.depth + 2.0
    under = _roof_over(bowl, around, depth)
    free = under - top - HOUSE - 2.0
    if free >= 5.0:
        tall = min(11.0, free)
        return BoardPlace(depth, top + HOUSE, 2.9 * tall, tall, 0.8)
    depth = bowl.rim - bowl.roof.inward + min(12.0, 0.15 * bowl.roof.inward)
    under = _roof_over(bowl, around, depth)
    tall = min(7.5, under - seats_top(bowl, around, depth + 4.0) - 5.0)
    return BoardPlace(depth, under - tall - 1.0, 3.2 * tall, tall, 0.0, truss_depth(bowl) + 1.6)


def _roof_over(bowl: Bowl, around: float, depth: float) -> float:
    roof = bowl.roof
    covered = roof.kind != "none" and (around - roof.first) % 1.0 <= roof.last - roof.first
    return float(lowest_roof(bowl, depth)) - truss_depth(bowl) - 1.0 if covered else float("inf")


def _scoreboards(site: _Site) -> None:
    sides = (SOUTH, NORTH)[: site.bowl.fittings.scoreboards]
    if not sides:
        return
    slots = [materials.matte("Scoreboard Frame", (0.045, 0.047, 0.052))]
    picture = [arena_materials.board_screen("Scoreboard Screen", site.light)]
    for number, around in enumerate(sides, 1):
        where = board_place(site.bowl, around)
        frame, screen = models.scoreboard(where.width, where.tall, where.legs, where.hang)
        for part, solid, paint in (("Frame", frame, slots), ("Screen", screen, picture)):
            model = solid.add_to(f"Scoreboard {part} Model {number}", paint, site.hidden)
            if part == "Screen":
                half = where.width / 2
                arena_materials.lay_screen(model, (-half, half), (where.legs, where.legs + where.tall))
            site.stand(f"Scoreboard {part} {number}", model, where.depth, where.height, around)


def _tunnel(site: _Site, steel: bpy.types.Material) -> None:
    bowl = site.bowl
    wall = min(tier.front_height for tier in bowl.tiers)
    height = float(np.clip(wall - 0.35, 2.2, 4.5))
    slots = [
        steel,
        materials.matte("Tunnel Inside", (0.008, 0.008, 0.009)),
        arena_materials.pale_shadow("Tunnel Canopy", (0.60, 0.61, 0.62), 0.5),
        arena_materials.ground("Tunnel Carpet", (0.20, 0.03, 0.028), 0.8, 0.1),
    ]
    model = models.tunnel(7.0 if height > 2.4 else 4.5, height, 9.0).add_to(
        "Tunnel Model", slots, site.hidden
    )
    around = WEST + 0.11 if bowl.floor.kind == "athletics" else WEST
    site.stand("Tunnel", model, 0.0, at=around)


def _torch(site: _Site, steel: bpy.types.Material) -> None:
    """Stand the bowl of fire on the northern rim, above the roof where there is one."""
    bowl = site.bowl
    bronze = materials.matte("Torch Bronze", (0.30, 0.17, 0.07))
    depth, height, tall = bowl.depth + 2.0, seats_top(bowl, NORTH) + HOUSE, 16.0
    if bowl.roof.kind != "none":
        # In the groove between two petals, or on a ring: where the roof carries it.
        depths, heights = roof_line(bowl, 0.45, 0.0 if bowl.roof.kind == "petals" else 1.0)
        depth, height = float(depths), float(heights) - 0.3
        tall = 14.0 if bowl.roof.kind != "petals" else bowl.roof.height - height + 9.0
    model = models.torch(tall).add_to("Torch Model", [steel, bronze], site.hidden)
    torch = site.stand("Torch", model, depth, height, NORTH)
    paint = materials.flame("Torch Fire", float(np.clip(FIRE / site.light.luminance, *FIRE_SHOWN)))
    fire = models.flame(9.0).add_to("Torch Flame", [paint], site.collection)
    _join_seams(fire.data)
    fire.data.shade_smooth()
    modifier = fire.modifiers.new(FLAME, "NODES")
    modifier.node_group = build_flame_tree(site.clock, torch, tall - 0.4)
    fire.visible_shadow = False


def _join_seams(mesh: bpy.types.Mesh) -> None:
    """Let faces share the vertices that they have at the same places."""
    joined = bmesh.new()
    joined.from_mesh(mesh)
    bmesh.ops.remove_doubles(joined, verts=joined.verts, dist=1e-4)
    joined.to_mesh(mesh)
    joined.free()


def _flags(site: _Site, steel: bpy.types.Material) -> None:
    """Raise flags on the roof's rim, on the rim of the stands, or beside a single stand."""
    bowl, roof = site.bowl, site.bowl.roof
    cloth = arena_materials.cloth("Flag Cloth", arena_materials.FLAGS)
    model = models.pole(POLE).add_to("Flag Pole", [steel], site.hidden)
    first, last = min(tier.first for tier in bowl.tiers), max(tier.last for tier in bowl.tiers)
    whole = last - first >= 1.0
    if roof.kind == "none":
        depth, height = bowl.depth + 1.0, tier_top(bowl.tiers[-1], bowl.focus) + HOUSE - 1.0
        count = 32 if whole else 10
        last -= 0.0 if whole else 0.004
    else:
        first, last, whole = roof.first, roof.last, roof.last - roof.first >= 1.0
        across, arch = {"petals": (0.5, 0.0)}.get(roof.kind, (0.96, 1.0))
        depths, heights = roof_line(bowl, across, arch)
        depth, height = float(depths), float(heights)
        count = roof.bays if roof.kind == "petals" else max(6, round(roof.bays * (last - first) / 2))
    poles = site.stand("Flag Poles", model, depth, height, count=count, tree=build_pole_tree())
    modifier = poles.modifiers[FLAGS]
    set_input(modifier, "First", first)
    set_input(modifier, "Last", last)
    set_input(modifier, "Shift", 0.0 if roof.kind in {"petals", "cable_net"} else 0.5)
    at_rest = point_object("Flags at Rest", np.zeros((0, 3)), site.hidden)
    add_nodes(at_rest, build_cloth_tree(cloth))
    flags = point_object("Flags", np.zeros((0, 3)), site.collection)
    modifier = flags.modifiers.new(CLOTH_PLAY, "NODES")
    modifier.node_group = build_flag_tree(site.clock, poles, at_rest, POLE)


def _on_the_field(site: _Site) -> None:
    """Set up what the game needs: goals, benches, boards."""
    floor = site.bowl.floor
    pitch = pitch_of(floor)
    if pitch is None:
        return
    white = materials.matte("Goal Posts", (0.76, 0.76, 0.75))
    half_width, half_length = pitch[0] / 2, pitch[1] / 2
    if pitch[0] < 60.0:
        yellow = materials.matte("Goal Uprights", (0.72, 0.52, 0.04))
        model = models.uprights().add_to("Goal Model", [yellow], site.hidden)
    else:
        net = arena_materials.netting("Goal Net", (0.74, 0.74, 0.74))
        model = models.goal().add_to("Goal Model", [white, net], site.hidden)
    for number, side in enumerate((-1, 1), 1):
        goal = bpy.data.objects.new(f"Goal {number}", model.data)
        goal.location, goal.rotation_euler = (
            (0.0, side * (half_length - 0.06), 0.0),
            (0.0, 0.0, -side * np.pi / 2),
        )
        site.collection.objects.link(goal)
    shelter = [
        white,
        arena_materials.pale_shadow("Bench Shelter", (0.30, 0.34, 0.38), 0.5),
        materials.matte("Bench Seats", (0.03, 0.05, 0.16)),
    ]
    bench = models.bench(9.0).add_to("Bench Model", shelter, site.hidden)
    beside = min(half_width + 4.2, site.bowl.plan.half_width - 1.5)
    for number, y in enumerate((-14.0, 14.0), 1):
        thing = bpy.data.objects.new(f"Bench {number}", bench.data)
        thing.location = (-beside, y, 0.0)
        site.collection.objects.link(thing)
    if pitch[0] > 60.0:
        faces = arena_materials.board_faces("Pitch Board Faces", arena_materials.FLAGS)
        back = materials.matte("Pitch Board Backs", (0.05, 0.05, 0.055))
        ring = models.boards(half_width + BOARDS, half_length + BOARDS + 0.4)
        ring.add_to("Pitch Boards", [back, faces], site.collection)
