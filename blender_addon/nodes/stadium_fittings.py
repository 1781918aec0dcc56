"""Fittings in Geometry Nodes: things around the bowl that look at the field, waving flags, and a fire."""

from __future__ import annotations

import math

import bpy

from .clock import seconds_now
from .stadium_beams import facing, instance, sheet
from .stadium_plan import plan_point
from .stadium_sweep import join, placed
from .tree import Socket, Tree, Value, enclosed

FITTING, FLAGS, FLAME = "Stadium Fitting", "Stadium Flags", "Stadium Flame"
CLOTH_PLAY = "Stadium Cloth"
WAVES = 4
"""Ways that flags wave at once; each flag has one of them."""
CLOTH = (4.2, 2.6)
"""Length and width of a flag, metres."""


def _ways(tree: Tree) -> dict[str, Socket]:
    """Declare where things stand around the bowl; return the inputs by name."""
    tree.interface("Geometry", "NodeSocketGeometry")
    tree.interface("Plan", "NodeSocketObject")
    tree.interface("Model", "NodeSocketObject")
    tree.interface("Count", "NodeSocketInt", default=1)
    for name, default in (
        ("First", 0.0),
        ("Last", 1.0),
        ("Shift", 0.5),
        ("Depth", 0.0),
        ("Height", 0.0),
    ):
        tree.interface(name, "NodeSocketFloat", default=default)
    tree.interface("Geometry", "NodeSocketGeometry", "OUTPUT")
    own = tree.group_input().outputs
    return {
        name: own[name] for name in ("Plan", "Model", "Count", "First", "Last", "Shift", "Depth", "Height")
    }


def _stands(tree: Tree, own: dict[str, Socket]) -> tuple[Socket, Socket, Socket]:
    """Return points where things stand, their numbers, and the directions away from the field."""
    number = tree.out("GeometryNodeInputIndex")
    share = tree.math("DIVIDE", tree.math("ADD", number, own["Shift"]), own["Count"])
    way = tree.math("SUBTRACT", own["Last"], own["First"])
    around = tree.math("MULTIPLY_ADD", share, way, own["First"])
    ground, outward = plan_point(tree, own["Plan"], around, own["Depth"])
    points = tree.out(
        "GeometryNodePoints", own["Count"], tree.vector("ADD", ground, tree.combine(z=own["Height"]))
    )
    return points, number, outward


def build_fitting_tree() -> bpy.types.NodeTree:
    """Return the tree of the modifier "Stadium Fitting".

    It stands a model at places around the bowl, evenly between two shares of the way, `Depth` metres behind
    the arena's edge and `Height` metres up; its X looks towards the field.
    """
    tree = Tree.geometry(FITTING)
    own = _ways(tree)
    points, _, outward = _stands(tree, own)
    named = {"Instance": instance(tree, own["Model"]), "Rotation": facing(tree, outward)}
    return tree.finish(tree.out("GeometryNodeInstanceOnPoints", points, named=named))


def build_pole_tree() -> bpy.types.NodeTree:
    """Return the tree of the modifier "Stadium Flags": poles (the model), which know how their flags fly.

    All flags fly the same way, with the wind, within some degrees.
    """
    tree = Tree.geometry(FLAGS)
    own = _ways(tree)
    tree.interface("Wind", "NodeSocketFloat", default=math.radians(-35.0))
    wind = tree.group_input().outputs["Wind"]
    points, number, _ = _stands(tree, own)
    poles = tree.out("GeometryNodeInstanceOnPoints", points, named={"Instance": instance(tree, own["Model"])})
    astray = tree.out("FunctionNodeRandomValue", -0.16, 0.16, named={"ID": number}, data_type="FLOAT")
    turn = tree.out("FunctionNodeEulerToRotation", tree.combine(z=tree.math("ADD", wind, astray)))
    person = tree.out("FunctionNodeRandomValue", 0.0, 1.0, named={"ID": number, "Seed": 1}, data_type="FLOAT")
    # Each flag waves unlike its neighbours.
    wave = tree.math("MODULO", tree.math("ADD", number, float(WAVES - 1)), float(WAVES))
    for name, value, kind in (
        ("turn", turn, "QUATERNION"),
        ("person", person, "FLOAT"),
        ("wave", wave, "INT"),
    ):
        poles = tree.store(poles, name, value, kind, "INSTANCE")
    return tree.finish(poles)


def build_cloth_tree(cloth: bpy.types.Material) -> bpy.types.NodeTree:
    """Return the modifier's tree of a mesh that is all flags at rest, one for each way that they wave.

    The vertices know their shares of the way along the flag and up it, and the number of its wave.
    """
    tree = Tree.geometry("Flags at Rest")
    tree.interface("Geometry", "NodeSocketGeometry", "OUTPUT")
    flat = sheet(
        tree, 17, 6, lambda share, up: tree.combine(share, y=up), cloth, smooth=True, named=("along", "up")
    )
    return tree.finish(join(tree, [tree.store(flat, "wave", k, "INT") for k in range(WAVES)]))


def build_flag_tree(
    clock: bpy.types.NodeTree, poles: bpy.types.Object, cloths: bpy.types.Object, pole_height: float
) -> bpy.types.NodeTree:
    """Return the tree of the modifier "Stadium Cloth": flags at the poles, which wave by show time.

    A flag is a travelling wave which grows from the pole outward, with a slower sway. Only what waves is
    here: poles, and flags at rest, are objects of their own that no change of frame works out again.
    """
    tree = Tree.geometry(CLOTH_PLAY)
    tree.interface("Geometry", "NodeSocketGeometry")
    tree.interface("Geometry", "NodeSocketGeometry", "OUTPUT")
    flat = tree.add("GeometryNodeObjectInfo", cloths, transform_space="ORIGINAL").outputs["Geometry"]
    stands = tree.add("GeometryNodeObjectInfo", poles, transform_space="RELATIVE").outputs["Geometry"]
    wave = tree.attribute("wave", "INT")
    waving = placed(tree, flat, _waving(tree, seconds_now(tree, clock), wave, pole_height))
    points = tree.out("GeometryNodeInstancesToPoints", stands)
    named = {
        "Instance": tree.out("GeometryNodeSplitToInstances", waving, named={"Group ID": wave}),
        "Pick Instance": True,
        "Instance Index": wave,
        "Rotation": tree.attribute("turn", "QUATERNION"),
    }
    return enclosed(tree.finish(tree.out("GeometryNodeInstanceOnPoints", points, named=named)))


def _waving(tree: Tree, seconds: Socket, wave: Socket, height: float) -> Socket:
    """Return where the flags' points are: X from the pole, the upper edge just below the pole's top."""
    length, width = CLOTH
    share, through = tree.attribute("along"), tree.attribute("up")
    phase = tree.math("DIVIDE", wave, float(WAVES))
    # Not the same rate for all: else they would soon beat together again.
    rate = tree.math("MULTIPLY_ADD", phase, 0.11, 0.85)

    def turned(waves: float, turns: Value, start: float) -> Socket:
        begin = tree.math("MULTIPLY", phase, 2 * math.pi * start)
        run = tree.math("MULTIPLY_ADD", share, 2 * math.pi * waves, begin)
        speed = tree.math("MULTIPLY", seconds, -2 * math.pi)
        return tree.math("SINE", tree.math("MULTIPLY_ADD", speed, turns, run))

    lag = tree.math("MULTIPLY_ADD", through, 0.35, turned(1.15, rate, 1.0))
    faster = turned(2.3, tree.math("MULTIPLY", rate, 1.7), 2.6)
    moved = tree.math("ADD", lag, tree.math("MULTIPLY", faster, 0.28))
    sway = tree.math("MULTIPLY", turned(0.15, 0.23, 0.7), 0.16)
    grown = tree.math("POWER", share, 0.8)
    y = tree.math(
        "MULTIPLY", tree.math("MULTIPLY_ADD", moved, 0.13, sway), tree.math("MULTIPLY", grown, length)
    )
    droop = tree.math("MULTIPLY", tree.math("MULTIPLY", share, share), 0.16 * length)
    z = tree.math("SUBTRACT", tree.math("MULTIPLY_ADD", through, width, height - width - 0.15), droop)
    return tree.combine(tree.math("MULTIPLY", share, 0.93 * length), y, z)


def build_flame_tree(clock: bpy.types.NodeTree, torch: bpy.types.Object, lift: float) -> bpy.types.NodeTree:
    """Return the tree of the modifier "Stadium Flame": the object's mesh, licking upward by show time.

    It burns so many metres above the foot of a fitting.
    """
    tree = Tree.geometry(FLAME)
    tree.interface("Geometry", "NodeSocketGeometry")
    tree.interface("Rise", "NodeSocketFloat", default=4.5)
    tree.interface("Swing", "NodeSocketFloat", default=0.9)
    tree.interface("Geometry", "NodeSocketGeometry", "OUTPUT")
    own = tree.group_input().outputs
    position = tree.out("GeometryNodeInputPosition")
    _, _, height = tree.separate(position)
    # Noise that rises through the fire: what licks is always on its way up.
    rise = tree.math("MULTIPLY", seconds_now(tree, clock), tree.math("MULTIPLY", own["Rise"], -1.0))
    place = tree.vector("MULTIPLY_ADD", position, (0.55, 0.55, 0.55), tree.combine(z=rise))
    noise = tree.add("ShaderNodeTexNoise", named={"Vector": place, "Scale": 0.8, "Detail": 1.0}).outputs[
        "Color"
    ]
    swing = tree.math("MULTIPLY", tree.math("MULTIPLY", height, 0.55), own["Swing"])
    way = tree.vector("MULTIPLY", tree.vector("SUBTRACT", noise, (0.5, 0.5, 0.5)), (1.3, 1.3, 1.9))
    offset = tree.vector("SCALE", way, swing)
    fire = tree.out("GeometryNodeSetPosition", own["Geometry"], named={"Offset": offset})

    stand = tree.add("GeometryNodeObjectInfo", torch, transform_space="RELATIVE").outputs["Geometry"]
    stand = tree.store(
        stand, "turn", tree.out("GeometryNodeInputInstanceRotation"), "QUATERNION", domain="INSTANCE"
    )
    above = tree.vector("ADD", tree.out("GeometryNodeInputPosition"), (0.0, 0.0, lift))
    points = tree.out("GeometryNodeInstancesToPoints", stand, named={"Position": above})
    named = {
        "Instance": tree.out("GeometryNodeGeometryToInstance", fire),
        "Rotation": tree.attribute("turn", "QUATERNION"),
    }
    return enclosed(tree.finish(tree.out("GeometryNodeInstanceOnPoints", points, named=named)))
