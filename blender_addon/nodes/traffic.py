"""Traffic: vehicles and people on their ways, whose places are a closed form of show time."""

from __future__ import annotations

import bpy

from .clock import seconds_now
from .tree import Tree, enclosed


def build_traffic_tree(
    name: str, lanes: bpy.types.Object, models: bpy.types.Collection, clock: bpy.types.NodeTree
) -> bpy.types.NodeTree:
    """Return the modifier's tree for a mesh of one vertex a vehicle.

    The vertices carry `lane` (the number of its curve in `lanes`), `offset` (metres along it at show time
    0), `speed` (metres a second), `length` (of its lane, metres), `model` and `person`. An input, Speed, is a
    factor on all speeds: 0 stops the traffic.
    """
    tree = Tree.geometry(name)
    tree.interface("Geometry", "NodeSocketGeometry")
    tree.interface("Speed", "NodeSocketFloat", default=1.0)
    tree.interface("Geometry", "NodeSocketGeometry", "OUTPUT")
    inputs = tree.group_input()
    time = tree.math("MULTIPLY", seconds_now(tree, clock), inputs.outputs["Speed"])
    along = tree.math("MULTIPLY_ADD", tree.attribute("speed"), time, tree.attribute("offset"))
    place = tree.add(
        "GeometryNodeSampleCurve",
        named={
            "Curves": tree.add("GeometryNodeObjectInfo", lanes, transform_space="ORIGINAL").outputs[
                "Geometry"
            ],
            "Length": tree.math("WRAP", along, tree.attribute("length"), 0.0),
            "Curve Index": tree.attribute("lane", "INT"),
        },
        mode="LENGTH",
        use_all_curves=False,
    )
    x, y, _ = tree.separate(place.outputs["Tangent"])
    points = tree.out("GeometryNodeMeshToPoints", inputs.outputs["Geometry"])
    points = tree.out("GeometryNodeSetPosition", points, named={"Position": place.outputs["Position"]})
    named = {
        "Instance": tree.children_of(models),
        "Pick Instance": True,
        "Instance Index": tree.attribute("model", "INT"),
        "Rotation": tree.upright_turn(tree.math("ARCTAN2", y, x)),
    }
    return enclosed(tree.finish(tree.out("GeometryNodeInstanceOnPoints", points, named=named)))
