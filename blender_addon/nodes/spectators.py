"""Spectators: tiles of people on the rows of a tier, and the show time that picks each tile's pose.

Where tiles are is worked out in one object a tier, which nothing that changes with the frame feeds; another
object shows the people there, so a change of frame costs no more than to choose a mesh for each tile.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import bpy

from .clock import seconds_now
from .stadium_rows import seat_place, tier_interface
from .tree import Socket, Tree, enclosed

PLACES = "Spectator Places"
TILES = "Spectator Tiles"
PLAY = "Spectators"
"""Names of the trees, and of their modifiers."""
FLASH_SECONDS = 0.125
"""How long a camera's flash is seen, at least: about two pictures of a film at the show's own speed."""
_LAMP_SECONDS = 40.0
_SEED_FLASH, _SEED_LAMP = 71, 72


@dataclass(frozen=True)
class LevelModels:
    """The meshes of a level.

    Attributes
    ----------
    number : int
        Of `crowd.tiles.Level`.
    thing : bpy.types.Object
        Its geometry is instances: of each model all acts, of each act all phases.
    phases : int
    """

    number: int
    thing: bpy.types.Object
    phases: int


def build_places() -> bpy.types.NodeTree:
    """Return the tree of the modifier "Spectator Places", for a mesh of one vertex a tile.

    The vertices carry `around` and `row`; they are put on the rows of a tier with the same named inputs as
    the tier itself, and get their `heading`.
    """
    tree = Tree.geometry(PLACES)
    tree.interface("Geometry", "NodeSocketGeometry")
    inputs = tier_interface(tree)
    tree.interface("Geometry", "NodeSocketGeometry", "OUTPUT")
    row = tree.attribute("row", "INT")
    position, heading = seat_place(tree, inputs, tree.attribute("around"), row)
    # Tiles on rows that are no longer there are gone.
    tiles = tree.group_input().outputs["Geometry"]
    left = tree.out("FunctionNodeCompare", row, inputs["Rows"], data_type="INT", operation="GREATER_EQUAL")
    tiles = tree.out("GeometryNodeDeleteGeometry", tiles, left, domain="POINT")
    placed = tree.store(tiles, "heading", heading)
    return tree.finish(tree.out("GeometryNodeSetPosition", placed, named={"Position": position}))


def build_joined(places: Sequence[bpy.types.Object]) -> bpy.types.NodeTree:
    """Return the tree of the modifier "Spectator Tiles": those of all tiers, joined once for all frames.

    They get their `facing`.
    """
    tree = Tree.geometry(TILES)
    tree.interface("Geometry", "NodeSocketGeometry")
    tree.interface("Geometry", "NodeSocketGeometry", "OUTPUT")
    every = tree.tree.nodes.new("GeometryNodeJoinGeometry")
    # Links to one socket come last first.
    for thing in reversed(places):
        tiles = tree.add("GeometryNodeObjectInfo", thing, transform_space="RELATIVE").outputs["Geometry"]
        tree.feed(every.inputs[0], tiles)
    facing = tree.upright_turn(tree.attribute("heading"))
    return tree.finish(tree.store(every.outputs[0], "facing", facing, "QUATERNION"))


def _random(tree: Tree, number: Socket, seed: Socket | int) -> Socket:
    """Return a number in 0..1 of each tile's own number, another for each seed."""
    return tree.out(
        "FunctionNodeRandomValue",
        named={"Min": 0.0, "Max": 1.0, "ID": number, "Seed": seed},
        data_type="FLOAT",
    )


def _whole(tree: Tree, value: Socket, rounding: str = "FLOOR") -> Socket:
    return tree.out("FunctionNodeFloatToInt", value, rounding_mode=rounding)


def _pose(tree: Tree, seconds: Socket, waving: Socket, phases: int) -> Socket:
    """Return which of a level's meshes each tile shows.

    Its loops follow one another; in each, a hash of the loop's number says what its people do.
    """
    loops = tree.math(
        "MULTIPLY_ADD", seconds, tree.math("DIVIDE", 1.0, tree.attribute("period")), tree.attribute("offset")
    )
    chance = _random(tree, tree.attribute("number", "INT"), _whole(tree, loops))
    # People are at it for 0.6 of a loop; 0.8 of those who cheer wave, and 0.4 of those who are lively.
    wish = tree.math("MULTIPLY", waving, tree.attribute("eager"))
    cheer = tree.math("MULTIPLY", wish, 0.7)
    lively = tree.math("MULTIPLY_ADD", wish, 1 / 0.36, cheer)
    act = tree.math("ADD", tree.math("LESS_THAN", chance, lively), tree.math("LESS_THAN", chance, cheer))
    phase = tree.math("FLOOR", tree.math("MULTIPLY", tree.math("FRACT", loops), float(phases)))
    pose = tree.math("MULTIPLY_ADD", act, float(phases), phase)
    model = tree.attribute("model", "INT")
    return tree.out("FunctionNodeIntegerMath", model, _whole(tree, pose, "ROUND"), operation="ADD")


def _lights(
    tree: Tree, tiles: Socket, chosen: Socket, seed: Socket, size: float, material: bpy.types.Material
) -> Socket:
    """Return a point of light before somebody of each chosen tile."""
    heading = tree.attribute("heading")
    aside = tree.math(
        "SUBTRACT",
        _random(
            tree,
            tree.attribute("number", "INT"),
            tree.out("FunctionNodeIntegerMath", seed, 50, operation="ADD"),
        ),
        0.5,
    )
    ahead, across = tree.combine(0.2, 0.0, 1.2), tree.combine(0.0, tree.attribute("width"), 0.0)
    offset = tree.vector("MULTIPLY_ADD", across, tree.combine(aside, aside, aside), ahead)
    offset = tree.out(
        "ShaderNodeVectorRotate", named={"Vector": offset, "Angle": heading}, rotation_type="Z_AXIS"
    )
    points = tree.out("GeometryNodeMeshToPoints", tiles, chosen)
    points = tree.out("GeometryNodeSetPosition", points, named={"Offset": offset})
    # Round from all sides, at the price of eight triangles.
    ball = tree.out("GeometryNodeMeshUVSphere", 4, 2, size)
    shining = tree.out("GeometryNodeSetMaterial", ball, named={"Material": material})
    return tree.out("GeometryNodeInstanceOnPoints", points, named={"Instance": shining})


def build_crowd(
    places: bpy.types.Object,
    levels: Sequence[LevelModels],
    flash: bpy.types.Material,
    lamp: bpy.types.Material,
    clock: bpy.types.NodeTree,
) -> bpy.types.NodeTree:
    """Return the tree of the modifier "Spectators", which shows the people of all tiers.

    Its inputs: `Waving`, the share of people who wave at a time; `Flashes`, how many cameras flash at once;
    `Lamps`, how many telephones shine.

    Parameters
    ----------
    places : bpy.types.Object
        All tiers' tiles, as from `build_joined`. The vertices also carry `level` and `model` (a
        `LevelModels.number`, and the first of a model's meshes there), `period` (seconds of a loop), `offset`
        (in loops), `number` (the tile's own), `eager` (how much its people join in, 1 on average), `width`
        (metres), and what the shaders ask for.
    """
    tree = Tree.geometry(PLAY)
    tree.interface("Geometry", "NodeSocketGeometry")
    tree.interface("Waving", "NodeSocketFloat", default=0.05)
    tree.interface("Flashes", "NodeSocketFloat", default=0.0)
    tree.interface("Lamps", "NodeSocketFloat", default=0.0)
    for name in ("Waving", "Flashes", "Lamps"):
        tree.tree.interface.items_tree[name].min_value = 0.0
    tree.interface("Geometry", "NodeSocketGeometry", "OUTPUT")
    own = tree.group_input().outputs
    seconds = seconds_now(tree, clock)
    tiles = tree.add("GeometryNodeObjectInfo", places, transform_space="RELATIVE").outputs["Geometry"]
    result = tree.tree.nodes.new("GeometryNodeJoinGeometry")
    rotation = tree.attribute("facing", "QUATERNION")
    level = tree.attribute("level", "INT")
    for models in levels:
        here = tree.out("FunctionNodeCompare", level, models.number, data_type="INT", operation="EQUAL")
        meshes = tree.add("GeometryNodeObjectInfo", models.thing, transform_space="ORIGINAL").outputs[
            "Geometry"
        ]
        named = {
            "Selection": here,
            "Instance": meshes,
            "Pick Instance": True,
            "Instance Index": _pose(tree, seconds, own["Waving"], models.phases),
            "Rotation": rotation,
        }
        # What only the nodes ask for stays on the instances: to remove it means to walk through all meshes.
        tree.feed(result.inputs[0], tree.out("GeometryNodeInstanceOnPoints", tiles, named=named))
    count = tree.add("GeometryNodeAttributeDomainSize", tiles).outputs["Point Count"]
    number = tree.attribute("number", "INT")
    moment = _whole(tree, tree.math("MULTIPLY", seconds, 1 / FLASH_SECONDS))
    # A lamp is on for a while, at its own times.
    turn = tree.math("MULTIPLY_ADD", seconds, 1 / _LAMP_SECONDS, tree.attribute("offset"))
    for wanted, slot, seed, size, material in (
        (own["Flashes"], moment, _SEED_FLASH, 0.16, flash),
        (own["Lamps"], _whole(tree, turn), _SEED_LAMP, 0.045, lamp),
    ):
        draw = tree.out("FunctionNodeIntegerMath", slot, 101, seed, operation="MULTIPLY_ADD")
        share = tree.math("DIVIDE", wanted, tree.math("MAXIMUM", count, 1.0))
        shines = tree.math("LESS_THAN", _random(tree, number, draw), share)
        lights = _lights(tree, tiles, shines, draw, size, material)
        some = tree.math("GREATER_THAN", wanted, 0.0)
        tree.feed(result.inputs[0], tree.out("GeometryNodeSwitch", some, None, lights, input_type="GEOMETRY"))
    return enclosed(tree.finish(result.outputs[0]))
