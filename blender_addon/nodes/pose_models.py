"""Poses as instances: a mesh and the places of its vertices in all poses become a mesh a pose."""

from __future__ import annotations

from collections.abc import Iterable

import bpy

from .tree import Tree


def build_poses() -> bpy.types.NodeTree:
    """Return the group that makes a list of instances, one a pose, of a mesh that holds them all.

    The mesh's vertices are those of one pose after those of another, each in the same order; only those of
    the first are joined by faces, which Blender then keeps once for all poses.
    """
    tree = Tree.geometry("Cardstunt Poses")
    tree.interface("Geometry", "NodeSocketGeometry")
    tree.interface("Geometry", "NodeSocketGeometry", "OUTPUT")
    every = tree.group_input().outputs["Geometry"]
    joined = tree.add("GeometryNodeInputMeshVertexNeighbors").outputs["Face Count"]
    one = tree.out("GeometryNodeSeparateGeometry", every, joined, domain="POINT")
    size, total = (
        tree.add("GeometryNodeAttributeDomainSize", mesh).outputs["Point Count"] for mesh in (one, every)
    )
    count = tree.out("FunctionNodeIntegerMath", total, size, operation="DIVIDE")
    begin = tree.tree.nodes.new("GeometryNodeForeachGeometryElementInput")
    end = tree.tree.nodes.new("GeometryNodeForeachGeometryElementOutput")
    begin.pair_with_output(end)
    end.domain = "POINT"
    end.generation_items.clear()
    end.generation_items.new("GEOMETRY", "Pose")
    tree.feed(begin.inputs["Geometry"], tree.out("GeometryNodePoints", count))
    vertex = tree.out(
        "FunctionNodeIntegerMath",
        begin.outputs["Index"],
        size,
        tree.out("GeometryNodeInputIndex"),
        operation="MULTIPLY_ADD",
    )
    place = tree.out(
        "GeometryNodeSampleIndex",
        every,
        tree.out("GeometryNodeInputPosition"),
        vertex,
        data_type="FLOAT_VECTOR",
    )
    posed = tree.out("GeometryNodeSetPosition", one, named={"Position": place})
    tree.feed(end.inputs["Pose"], tree.out("GeometryNodeGeometryToInstance", posed))
    return tree.finish(end.outputs["Pose"])


def build_pose_models(
    name: str, poses: bpy.types.NodeTree, bodies: Iterable[bpy.types.Object]
) -> bpy.types.NodeTree:
    """Return the modifier's tree of an object that is all poses of one body, then those of the next.

    Nothing in it depends on the frame, so it is worked out when a file is opened and never again.
    """
    tree = Tree.geometry(name)
    tree.interface("Geometry", "NodeSocketGeometry", "OUTPUT")
    join = tree.tree.nodes.new("GeometryNodeJoinGeometry")
    # Links to one socket come last first.
    for body in reversed(list(bodies)):
        mesh = tree.add("GeometryNodeObjectInfo", body, transform_space="ORIGINAL").outputs["Geometry"]
        tree.feed(join.inputs[0], tree.out("GeometryNodeGroup", mesh, node_tree=poses))
    return tree.finish(join.outputs[0])
