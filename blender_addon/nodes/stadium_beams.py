"""Sheets and beams of which roofs, tracks and fittings are made, and models that look at the field."""

from __future__ import annotations

from collections.abc import Callable

import bpy

from .stadium_sweep import of_material, placed
from .tree import Socket, Tree, Value

Place = Callable[[Socket, Socket], Socket]


def sheet(
    tree: Tree,
    along: Value,
    across: Value,
    place: Place,
    material: bpy.types.Material,
    *,
    smooth: bool = False,
    named: tuple[str, str] | None = None,
) -> Socket:
    """Return a sheet of quads, which looks up where it goes counter-clockwise along and outward across.

    Parameters
    ----------
    along, across : socket or int
        Vertices each way.
    place : function of two sockets
        Position of a vertex by its shares of the two ways, 0 to 1.
    material : bpy.types.Material
    smooth : bool
    named : (str, str), optional
        Names under which the vertices keep their two shares, for shaders.
    """
    grid = tree.out("GeometryNodeMeshGrid", 1.0, 1.0, along, across)
    index = tree.out("GeometryNodeInputIndex")
    last_along, last_across = (tree.math("SUBTRACT", count, 1.0) for count in (along, across))
    line = tree.math("FLOOR", tree.math("DIVIDE", tree.math("ADD", index, 0.5), across))
    step = tree.math("SUBTRACT", index, tree.math("MULTIPLY", line, across))
    share, through = tree.math("DIVIDE", line, last_along), tree.math("DIVIDE", step, last_across)
    if named:
        grid = tree.store(grid, named[0], share)
        grid = tree.store(grid, named[1], through)
        share, through = tree.attribute(named[0]), tree.attribute(named[1])
    moved = tree.out("GeometryNodeFlipFaces", placed(tree, grid, place(share, through)))
    shaded = tree.out("GeometryNodeSetShadeSmooth", moved, named={"Shade Smooth": smooth})
    return of_material(tree, shaded, material)


def beams(
    tree: Tree,
    count: Value,
    points: Value,
    place: Place,
    size: tuple[float, float],
    material: bpy.types.Material,
) -> Socket:
    """Return beams of a rectangular section.

    Parameters
    ----------
    count, points : socket or int
        Beams, and points of each.
    place : function of two sockets
        Position of a point by the beam's number, from 0, and the point's number in it, from 0.
    size : (float, float)
        Width and height of the section, metres.
    material : bpy.types.Material
    """
    line = tree.out("GeometryNodeMeshToCurve", tree.out("GeometryNodeMeshLine", points))
    all_lines = tree.out(
        "GeometryNodeRealizeInstances",
        tree.out(
            "GeometryNodeInstanceOnPoints",
            tree.out("GeometryNodeMeshToPoints", tree.out("GeometryNodeMeshLine", count)),
            named={"Instance": line},
        ),
    )
    index = tree.out("GeometryNodeInputIndex")
    beam = tree.math("FLOOR", tree.math("DIVIDE", tree.math("ADD", index, 0.5), points))
    step = tree.math("SUBTRACT", index, tree.math("MULTIPLY", beam, points))
    moved = placed(tree, all_lines, place(beam, step))
    upright = tree.out("GeometryNodeSetCurveNormal", moved, named={"Mode": "Z Up"})
    profile = tree.out("GeometryNodeCurvePrimitiveQuadrilateral", *size)
    solid = tree.out("GeometryNodeCurveToMesh", upright, named={"Profile Curve": profile, "Fill Caps": True})
    flat = tree.out("GeometryNodeSetShadeSmooth", solid, named={"Shade Smooth": False})
    return of_material(tree, flat, material)


def facing(tree: Tree, outward: Socket) -> Socket:
    """Return the turn by which an upright model looks along X towards the field."""
    inward = tree.vector("SCALE", outward, -1.0)
    return tree.out(
        "FunctionNodeAxesToRotation", inward, (0.0, 0.0, 1.0), primary_axis="X", secondary_axis="Z"
    )


def instance(tree: Tree, model: Socket) -> Socket:
    """Return an object's geometry as one instance, where the object's own transform is left out."""
    node = tree.add("GeometryNodeObjectInfo", model, True, transform_space="ORIGINAL")
    return node.outputs["Geometry"]
