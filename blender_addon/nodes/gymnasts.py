"""A troupe on the field: posed figures placed by two layers of a float data texture."""

from __future__ import annotations

import bpy

from ..gymnast_poses import POSES
from .clock import now
from .tree import Tree, sample_texture


def build_gymnasts(
    name: str,
    image: bpy.types.Image,
    figures: bpy.types.Collection,
    costume: tuple[float, float, float],
    accent: tuple[float, float, float],
    clock: bpy.types.NodeTree,
) -> bpy.types.NodeTree:
    """Return the modifier's tree for a mesh of one vertex a gymnast.

    The vertices carry `address` (u, v of the gymnast's pixel in the texture's lower half). Lower half: x, y,
    z, heading; upper half: cycle, clip, height, variation. Between two samples (motion blur) both are mixed,
    but for the clip, which changes at the sample. `figures` holds POSES objects a clip, in order of name.
    """
    tree = Tree.geometry(f"Gymnasts {name}")
    tree.interface("Geometry", "NodeSocketGeometry")
    tree.interface("State Texture", "NodeSocketImage", default=image)
    tree.interface("Costume", "NodeSocketColor", default=(*costume, 1.0))
    tree.interface("Accent", "NodeSocketColor", default=(*accent, 1.0))
    tree.interface("Geometry", "NodeSocketGeometry", "OUTPUT")
    source = tree.group_input()
    texture = source.outputs["State Texture"]
    time = now(tree, clock)
    before = tree.out("FunctionNodeFloatToInt", time, rounding_mode="FLOOR")
    after = tree.math("ADD", before, 1.0)
    between = tree.math("FRACT", time)
    address = tree.attribute("address", "FLOAT_VECTOR")
    upper = tree.vector("ADD", address, (0.0, 0.5, 0.0))

    place, heading = sample_texture(tree, texture, address, before)
    next_place, next_heading = sample_texture(tree, texture, address, after)
    state, variation = sample_texture(tree, texture, upper, before)
    next_state, _ = sample_texture(tree, texture, upper, after)
    place = tree.out("ShaderNodeMix", between, place, next_place, data_type="VECTOR")
    heading = tree.out("ShaderNodeMix", between, heading, next_heading, data_type="FLOAT")
    cycle, clip, height = tree.separate(state)
    next_cycle, next_clip, _ = tree.separate(next_state)
    same = tree.out("FunctionNodeCompare", clip, next_clip, 0.5, data_type="FLOAT", operation="EQUAL")
    cycle = tree.out(
        "ShaderNodeMix", tree.math("MULTIPLY", between, same), cycle, next_cycle, data_type="FLOAT"
    )
    # A quarter pose more, so that a phase baked a hair below a pose still shows that pose.
    phase = tree.math("FRACT", tree.math("ADD", cycle, 0.25 / POSES))
    pose = tree.math("FLOOR", tree.math("MULTIPLY", phase, float(POSES)))
    index = tree.math("MULTIPLY_ADD", clip, float(POSES), pose)

    points = tree.out("GeometryNodeMeshToPoints", source.outputs["Geometry"], named={"Position": place})
    points = tree.store(points, "person", variation)
    points = tree.store(points, "costume", source.outputs["Costume"], "FLOAT_COLOR")
    points = tree.store(points, "accent", source.outputs["Accent"], "FLOAT_COLOR")
    return tree.finish(
        tree.out(
            "GeometryNodeInstanceOnPoints",
            points,
            named={
                "Instance": tree.children_of(figures),
                "Pick Instance": True,
                "Instance Index": tree.out("FunctionNodeFloatToInt", index, rounding_mode="ROUND"),
                "Rotation": tree.out("FunctionNodeEulerToRotation", tree.combine(z=heading)),
                "Scale": tree.combine(height, height, height),
            },
        )
    )
