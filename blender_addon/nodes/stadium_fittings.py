"""Fittings in Geometry Nodes: things around the bowl that look at the field, waving flags, and a fire."""

from __future__ import annotations

import math

import bpy

from .clock import seconds_now
from .stadium_beams import facing, instance, sheet
from .stadium_plan import plan_point
from .stadium_sweep import join, of_material, placed
from .tree import Socket, Tree

FITTING, FLAGS, FLAME = "Stadium Fitting", "Stadium Flags", "Stadium Flame"
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


def build_flag_tree(
    clock: bpy.types.NodeTree, cloth: bpy.types.Material, pole_height: float
) -> bpy.types.NodeTree:
    """Return the tree of the modifier "Stadium Flags": poles (the model) with flags that wave by show time.

    A flag is a travelling wave which grows from the pole outward, with a slower sway; all fly the same way,
    with the wind, within some degrees.
    """
    tree = Tree.geometry(FLAGS)
    own = _ways(tree)
    tree.interface("Wind", "NodeSocketFloat", default=math.radians(-35.0))
    own["Wind"] = tree.group_input().outputs["Wind"]
    points, number, _ = _stands(tree, own)
    pole = instance(tree, own["Model"])
    poles = tree.out("GeometryNodeInstanceOnPoints", points, named={"Instance": pole})
    seconds = seconds_now(tree, clock)
    waves = join(
        tree,
        [
            tree.out("GeometryNodeGeometryToInstance", _wave(tree, seconds, k / WAVES, cloth, pole_height))
            for k in range(WAVES)
        ],
    )
    astray = tree.out("FunctionNodeRandomValue", -0.16, 0.16, named={"ID": number}, data_type="FLOAT")
    turn = tree.out("FunctionNodeEulerToRotation", tree.combine(z=tree.math("ADD", own["Wind"], astray)))
    flags = tree.out(
        "GeometryNodeInstanceOnPoints",
        points,
        named={
            "Instance": waves,
            "Pick Instance": True,
            "Instance Index": tree.math("MODULO", tree.math("MULTIPLY", number, 3.0), float(WAVES)),
            "Rotation": turn,
        },
    )
    person = tree.out("FunctionNodeRandomValue", 0.0, 1.0, named={"ID": number, "Seed": 1}, data_type="FLOAT")
    return tree.finish(join(tree, [poles, tree.store(flags, "person", person, domain="INSTANCE")]))


def _wave(tree: Tree, seconds: Socket, phase: float, cloth: bpy.types.Material, height: float) -> Socket:
    """Return a flag at a moment, from its pole along X, its upper edge just below the pole's top."""
    length, width = CLOTH
    # Not the same rate for all: else they would soon beat together again.
    rate = 0.85 + 0.11 * phase

    def place(share: Socket, through: Socket) -> Socket:
        def turned(waves: float, turns: float, start: float) -> Socket:
            run = tree.math("MULTIPLY_ADD", share, 2 * math.pi * waves, 2 * math.pi * start)
            return tree.math("SINE", tree.math("MULTIPLY_ADD", seconds, -2 * math.pi * turns, run))

        lag = tree.math("MULTIPLY_ADD", through, 0.35, turned(1.15, rate, phase))
        wave = tree.math("ADD", lag, tree.math("MULTIPLY", turned(2.3, 1.7 * rate, 2.6 * phase), 0.28))
        sway = tree.math("MULTIPLY", turned(0.15, 0.23, 0.7 * phase), 0.16)
        grown = tree.math("POWER", share, 0.8)
        y = tree.math(
            "MULTIPLY", tree.math("MULTIPLY_ADD", wave, 0.13, sway), tree.math("MULTIPLY", grown, length)
        )
        droop = tree.math("MULTIPLY", tree.math("MULTIPLY", share, share), 0.16 * length)
        z = tree.math("SUBTRACT", tree.math("MULTIPLY_ADD", through, width, height - width - 0.15), droop)
        return tree.combine(tree.math("MULTIPLY", share, 0.93 * length), y, z)

    return sheet(tree, 17, 6, place, cloth, smooth=True, named=("along", "up"))


def build_flame_tree(clock: bpy.types.NodeTree, material: bpy.types.Material) -> bpy.types.NodeTree:
    """Return the tree of the modifier "Stadium Flame": the object's mesh, licking upward by show time."""
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
    place = tree.vector("ADD", tree.vector("SCALE", position, 0.55), tree.combine(z=rise))
    noise = tree.add("ShaderNodeTexNoise", named={"Vector": place, "Scale": 0.8, "Detail": 1.0}).outputs[
        "Color"
    ]
    swing = tree.math("MULTIPLY", tree.math("MULTIPLY", height, 0.55), own["Swing"])
    way = tree.vector("MULTIPLY", tree.vector("SUBTRACT", noise, (0.5, 0.5, 0.5)), (1.3, 1.3, 1.9))
    moved = placed(tree, own["Geometry"], tree.vector("ADD", position, tree.vector("SCALE", way, swing)))
    smooth = tree.out("GeometryNodeSetShadeSmooth", moved, named={"Shade Smooth": True})
    return tree.finish(of_material(tree, smooth, material))
