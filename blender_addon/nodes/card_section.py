"""The card section: holders, their open books and the pages that are turning, from one data texture."""

from __future__ import annotations

import bpy
import numpy as np

from ..figures import BOOK_LEAN, page_point
from .clock import now
from .tree import Tree, sample_texture


def build_card_section(
    image: bpy.types.Image, holder: bpy.types.Object, leaf: bpy.types.Object, clock: bpy.types.NodeTree
) -> bpy.types.NodeTree:
    """Return the modifier's tree for a mesh of one vertex a card-holder.

    The vertices carry `address` (u, v of the holder's pixel in the lower half of the texture), `heading`
    and `lean` (radians) and `person` (a number in 0..1). The texture's lower half is the page being turned away, with
    the turn's progress as alpha; its upper half the page turned to, with presence as alpha.
    """
    tree = Tree.geometry("Card Section")
    tree.interface("Geometry", "NodeSocketGeometry")
    tree.interface("Book Texture", "NodeSocketImage", default=image)
    tree.interface("Geometry", "NodeSocketGeometry", "OUTPUT")
    source = tree.group_input()
    frame = tree.out("FunctionNodeFloatToInt", now(tree, clock), rounding_mode="ROUND")
    address = tree.attribute("address", "FLOAT_VECTOR")
    upper = tree.vector("ADD", address, (0.0, 0.5, 0.0))
    old, progress = sample_texture(tree, source.outputs["Book Texture"], address, frame)
    new, present = sample_texture(tree, source.outputs["Book Texture"], upper, frame)
    turning = tree.math("GREATER_THAN", progress, 0.001)
    left = tree.out("ShaderNodeMix", turning, new, old, data_type="RGBA")

    geometry = tree.out("GeometryNodeMeshToPoints", source.outputs["Geometry"])
    for name, value in (("page_old", old), ("page_left", left), ("page_new", new)):
        geometry = tree.store(geometry, name, value, "FLOAT_COLOR")
    absent = tree.math("LESS_THAN", present, 0.5)
    geometry = tree.out("GeometryNodeDeleteGeometry", geometry, absent, domain="POINT")

    heading = tree.out("FunctionNodeEulerToRotation", tree.combine(0.0, tree.attribute("lean"), tree.attribute("heading")))
    holders = tree.out(
        "GeometryNodeInstanceOnPoints",
        geometry,
        named={"Instance": tree.instance_of(holder), "Rotation": heading},
    )

    hinge = tree.out("FunctionNodeRotateVector", page_point(0.0, 0.0, 0.012), heading)
    leaves = tree.out("GeometryNodeSetPosition", geometry, named={"Offset": hinge})
    turn = tree.out("FunctionNodeEulerToRotation", tree.combine(z=tree.math("MULTIPLY", progress, -np.pi)))
    lean = tree.out("FunctionNodeRotateRotation", heading, (0.0, -BOOK_LEAN, 0.0), rotation_space="LOCAL")
    leaves = tree.out(
        "GeometryNodeInstanceOnPoints",
        leaves,
        named={
            "Selection": turning,
            "Instance": tree.instance_of(leaf),
            "Rotation": tree.out("FunctionNodeRotateRotation", lean, turn, rotation_space="LOCAL"),
        },
    )
    join = tree.tree.nodes.new("GeometryNodeJoinGeometry")
    tree.feed(join.inputs[0], leaves)
    tree.feed(join.inputs[0], holders)
    return tree.finish(join.outputs[0])
