"""Things that stand still, many times: spectators, trees, houses."""

from __future__ import annotations

import bpy

from .tree import Tree


def build_scatter(name: str, models: bpy.types.Collection) -> bpy.types.NodeTree:
    """Return the modifier's tree for a mesh of one vertex an instance.

    The vertices carry `heading` (radians), `size` (a factor for each axis), `model` (which of the models, in
    order of name) and `person` (a number in 0..1 for the shaders).
    """
    tree = Tree.geometry(name)
    tree.interface("Geometry", "NodeSocketGeometry")
    tree.interface("Geometry", "NodeSocketGeometry", "OUTPUT")
    return tree.finish(
        tree.out(
            "GeometryNodeInstanceOnPoints",
            tree.out("GeometryNodeMeshToPoints", tree.group_input().outputs["Geometry"]),
            named={
                "Instance": tree.children_of(models),
                "Pick Instance": True,
                "Instance Index": tree.attribute("model", "INT"),
                "Rotation": tree.out(
                    "FunctionNodeEulerToRotation", tree.combine(z=tree.attribute("heading"))
                ),
                "Scale": tree.attribute("size", "FLOAT_VECTOR"),
            },
        )
    )
