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

    The vertices carry `address` (u, v of the holder's pixel in the lower half of the texture), `heading` and
    `lean` (radians) and `person` (a number in 0..1). The texture's lower half is the page being turned away,
    with the turn's progress as alpha; its upper half the page turned to, with presence as alpha.
    """
    tree = Tree.geometry("Card Section")
    tree.interface("Geometry", "NodeSocketGeometry")
    tree.interface("Book Texture", "NodeSocketImage", default=image)
    tree.interface("Geometry", "NodeSocketGeometry", "OUTPUT")
    source = tree.group_input()
    frame = tree.out("FunctionNodeFloatToInt", now(tree, clock), rounding_mode="ROUND")
    address = tree.attribute("address", "FLOAT_VECTOR")
    upper = tree.vector("ADD", address, (0.0, 0.5, 0.0))
    old, _ = sample_texture(tree, source.outputs["Book Texture"], address, frame)
    new, _ = sample_texture(tree, source.outputs["Book Texture"], upper, frame)

    # A field is worked out anew by each node that asks for it: texels are read once, then from the store.
    people = tree.store(source.outputs["Geometry"], "page_old", old, "FLOAT_COLOR")
    people = tree.store(people, "page_new", new, "FLOAT_COLOR")
    people = tree.out("GeometryNodeRemoveAttribute", people, named={"Name": "address"})
    old, new = tree.attribute("page_old", "FLOAT_COLOR"), tree.attribute("page_new", "FLOAT_COLOR")
    progress, present = tree.alpha(old), tree.alpha(new)
    turning = tree.math("GREATER_THAN", progress, 0.001)
    left = tree.out("ShaderNodeMix", turning, new, old, data_type="RGBA")
    people = tree.store(people, "page_left", left, "FLOAT_COLOR")

    heading = tree.combine(0.0, tree.attribute("lean"), tree.attribute("heading"))
    heading = tree.out("FunctionNodeEulerToRotation", heading)
    holders = tree.out(
        "GeometryNodeInstanceOnPoints",
        people,
        named={
            "Selection": tree.math("GREATER_THAN", present, 0.5),
            "Instance": tree.instance_of(holder),
            "Rotation": heading,
        },
    )

    # Few pages turn at a time, so these are picked before anything is worked out for them.
    leaves = tree.out("GeometryNodeSeparateGeometry", people, turning, domain="POINT")
    hinge = tree.out("FunctionNodeRotateVector", page_point(0.0, 0.0, 0.012), heading)
    leaves = tree.out("GeometryNodeSetPosition", leaves, named={"Offset": hinge})
    turn = tree.out("FunctionNodeEulerToRotation", tree.combine(z=tree.math("MULTIPLY", progress, -np.pi)))
    lean = tree.out("FunctionNodeRotateRotation", heading, (0.0, -BOOK_LEAN, 0.0), rotation_space="LOCAL")
    leaves = tree.out(
        "GeometryNodeInstanceOnPoints",
        leaves,
        named={
            "Instance": tree.instance_of(leaf),
            "Rotation": tree.out("FunctionNodeRotateRotation", lean, turn, rotation_space="LOCAL"),
        },
    )
    join = tree.tree.nodes.new("GeometryNodeJoinGeometry")
    tree.feed(join.inputs[0], leaves)
    tree.feed(join.inputs[0], holders)
    return tree.finish(join.outputs[0])
