"""The arena's edge as a curve, and places behind it: what all that is built around the arena stands on."""

from __future__ import annotations

import math
from collections.abc import Callable

import bpy

from .tree import Socket, Tree, Value

MODIFIER = "Stadium Plan"
OUTWARD = "outward"
"""The curve's attribute with its outward normals."""
SHAPES = ("Ellipse", "Superellipse", "Rounded Rectangle", "Athletics", "Polygon")
STEPS = 4096
"""Even steps of the curve, as many as `kernels.bowl_plan` takes."""
_DENSE = 4 * STEPS


def build_plan_tree() -> bpy.types.NodeTree:
    """Return the tree of the modifier "Stadium Plan".

    It makes a closed curve in even steps from the east counter-clockwise, with the attribute `outward`; of a
    polygon that is the object's own mesh: points with `outward`, as the kernel rounds the corners.
    """
    tree = Tree.geometry(MODIFIER)
    tree.interface("Geometry", "NodeSocketGeometry")
    tree.interface("Shape", "NodeSocketMenu")
    for name, default, least in (
        ("Half Width", 60.0, 1.0),
        ("Half Length", 90.0, 1.0),
        ("Exponent", 2.0, 2.0),
        ("Corner", 20.0, 0.0),
    ):
        tree.interface(name, "NodeSocketFloat", default=default)
        tree.tree.interface.items_tree[name].min_value = least
    tree.interface("Geometry", "NodeSocketGeometry", "OUTPUT")
    own = tree.group_input().outputs
    shape = _shape_number(tree, own["Shape"])
    half_width, half_length = own["Half Width"], own["Half Length"]
    tight = tree.math("MINIMUM", half_width, half_length)
    # An ellipse is a superellipse of exponent 2; the half circles of an athletics bowl are its corners.
    exponent = _choose(tree, shape, "FLOAT", (2.0, own["Exponent"], 2.0, 2.0, 2.0))
    corner = _choose(tree, shape, "FLOAT", (0.0, 0.0, own["Corner"], tight, 0.0))
    corner = tree.math("MINIMUM", tree.math("MAXIMUM", corner, 0.01), tight)
    flat = _quarters(tree, STEPS, _rounded_rectangle, half_width, half_length, corner)
    rectangle = _closed(tree, STEPS, *flat)
    bent = _quarters(tree, _DENSE, _superellipse, half_width, half_length, exponent)
    superellipse = _even_steps(tree, _closed(tree, _DENSE, *bent))
    polygon = _cyclic(tree, tree.out("GeometryNodeMeshToPoints", own["Geometry"]))
    curves = (superellipse, superellipse, rectangle, rectangle, polygon)
    return tree.finish(_choose(tree, shape, "GEOMETRY", curves))


def plan_point(tree: Tree, plan: Socket, around: Value, depth: Value) -> tuple[Socket, Socket]:
    """Return a place behind the arena's edge.

    Parameters
    ----------
    tree : Tree
    plan : Socket
        The object "Plan".
    around : socket or float
        Share of the edge's length, from east counter-clockwise; whole numbers are alike.
    depth : socket or float
        Metres behind the edge, square to it.

    Returns
    -------
    position, outward : sockets
        Metres; and the direction away from the field, of length 1.
    """
    group = shared_group("Stadium Place", _build_place)
    node = tree.add("GeometryNodeGroup", node_tree=group)
    for name, value in (("Plan", plan), ("Around", around), ("Depth", depth)):
        tree.feed(node.inputs[name], value)
    return node.outputs["Position"], node.outputs["Outward"]


def shared_group(name: str, build: Callable[[Tree], None]) -> bpy.types.NodeTree:
    """Return the file's group of a name, built if there is none yet.

    Blender goes through a whole tree at each link that is made: small groups, used often, are built fast.
    """
    group = bpy.data.node_groups.get(name)
    if group is None or group.bl_idname != "GeometryNodeTree":
        tree = Tree.geometry(name)
        build(tree)
        group = tree.tree
    return group


def _build_place(tree: Tree) -> None:
    tree.interface("Plan", "NodeSocketObject")
    tree.interface("Around", "NodeSocketFloat")
    tree.interface("Depth", "NodeSocketFloat")
    tree.interface("Position", "NodeSocketVector", "OUTPUT")
    tree.interface("Outward", "NodeSocketVector", "OUTPUT")
    own = tree.group_input().outputs
    curve = tree.add("GeometryNodeObjectInfo", own["Plan"], transform_space="ORIGINAL").outputs["Geometry"]
    # By number, since Blender's sum of a curve's many small lengths is off by centimetres.
    at = tree.math("MULTIPLY", tree.math("FRACT", own["Around"]), float(STEPS))
    step = tree.math("FLOOR", at)
    part = tree.math("SUBTRACT", at, step)
    following = tree.math("MODULO", tree.math("ADD", step, 1.0), float(STEPS))
    edge, outward = (
        tree.out(
            "ShaderNodeMix",
            part,
            *(_of_point(tree, curve, value, number) for number in (step, following)),
            data_type="VECTOR",
        )
        for value in (tree.out("GeometryNodeInputPosition"), tree.attribute(OUTWARD, "FLOAT_VECTOR"))
    )
    outward = tree.vector("NORMALIZE", outward)
    end = tree.tree.nodes.new("NodeGroupOutput")
    tree.feed(end.inputs["Position"], tree.vector("ADD", edge, tree.vector("SCALE", outward, own["Depth"])))
    tree.feed(end.inputs["Outward"], outward)


def edge_length(tree: Tree, plan: Socket) -> Socket:
    """Return the length of the arena's edge, metres; at a depth d the way around is 2 pi d longer."""
    curve = tree.add("GeometryNodeObjectInfo", plan, transform_space="ORIGINAL").outputs["Geometry"]
    return tree.out("GeometryNodeCurveLength", curve)


def _of_point(tree: Tree, curve: Socket, value: Socket, number: Socket) -> Socket:
    named = {"Value": value, "Index": number}
    return tree.out("GeometryNodeSampleIndex", curve, named=named, data_type="FLOAT_VECTOR", domain="POINT")


def _even_steps(tree: Tree, curve: Socket) -> Socket:
    node = tree.add(
        "GeometryNodeSampleCurve",
        curve,
        tree.attribute(OUTWARD, "FLOAT_VECTOR"),
        tree.math("DIVIDE", tree.out("GeometryNodeInputIndex"), float(STEPS)),
        mode="FACTOR",
        use_all_curves=True,
        data_type="FLOAT_VECTOR",
    )
    outward = tree.vector("NORMALIZE", node.outputs["Value"])
    return _closed(tree, STEPS, node.outputs["Position"], outward)


def _shape_number(tree: Tree, menu: Socket) -> Socket:
    node = tree.add("GeometryNodeMenuSwitch", data_type="INT")
    # Renamed, not made anew: so the choices' inner numbers, by which Blender 5.0 keeps them, count from 0.
    items = node.enum_items
    while len(items) < len(SHAPES):
        items.new("")
    for number, name in enumerate(SHAPES):
        items[number].name = name
        tree.feed(node.inputs[number + 1], number)
    tree.feed(node.inputs["Menu"], menu)
    return node.outputs["Output"]


def _choose(tree: Tree, number: Socket, data_type: str, values: tuple[Value, ...]) -> Socket:
    node = tree.add("GeometryNodeIndexSwitch", data_type=data_type)
    while len(node.index_switch_items) < len(values):
        node.index_switch_items.new()
    tree.feed(node.inputs["Index"], number)
    for index, value in enumerate(values):
        tree.feed(node.inputs[str(index)], value)
    return node.outputs["Output"]


_Quarter = Callable[[Tree, Socket, Socket, Socket, Socket], tuple[Socket, Socket, Socket, Socket]]


def _quarters(
    tree: Tree, count: int, quarter: _Quarter, half_width: Socket, half_length: Socket, measure: Socket
) -> tuple[Socket, Socket]:
    """Return a curve and its outward normals by index, from what its first quarter is."""
    v = tree.math("MULTIPLY", tree.out("GeometryNodeInputIndex"), 4.0 / count)
    # Out and back: 0 at the x axis, 1 at the y axis.
    share = tree.math(
        "SUBTRACT", 1.0, tree.math("ABSOLUTE", tree.math("SUBTRACT", 1.0, tree.math("MODULO", v, 2.0)))
    )
    x, y, across, along = quarter(tree, share, half_width, half_length, measure)
    west = tree.math("LESS_THAN", tree.math("ABSOLUTE", tree.math("SUBTRACT", v, 2.0)), 1.0)
    south = tree.math("GREATER_THAN", v, 2.0)
    signs = tree.combine(
        tree.math("MULTIPLY_ADD", west, -2.0, 1.0), tree.math("MULTIPLY_ADD", south, -2.0, 1.0)
    )
    outward = tree.vector("NORMALIZE", tree.combine(across, along))
    return tree.vector("MULTIPLY", tree.combine(x, y), signs), tree.vector("MULTIPLY", outward, signs)


def _superellipse(
    tree: Tree, share: Socket, half_width: Socket, half_length: Socket, exponent: Socket
) -> tuple[Socket, Socket, Socket, Socket]:
    """|x / a|^n + |y / b|^n = 1 (Lamé), by the angle in the plane of x / a, y / b; and its gradient."""
    angle = tree.math("MULTIPLY", share, math.pi / 2)
    # A cosine of pi / 2 is a little below zero here, of which there is no power.
    cosine, sine = (tree.math("MAXIMUM", tree.math(kind, angle), 0.0) for kind in ("COSINE", "SINE"))
    total = tree.math("ADD", tree.math("POWER", cosine, exponent), tree.math("POWER", sine, exponent))
    reach = tree.math("POWER", total, tree.math("DIVIDE", -1.0, exponent))
    less = tree.math("SUBTRACT", exponent, 1.0)
    unit_x, unit_y = tree.math("MULTIPLY", reach, cosine), tree.math("MULTIPLY", reach, sine)
    return (
        tree.math("MULTIPLY", half_width, unit_x),
        tree.math("MULTIPLY", half_length, unit_y),
        tree.math("DIVIDE", tree.math("POWER", unit_x, less), half_width),
        tree.math("DIVIDE", tree.math("POWER", unit_y, less), half_length),
    )


def _rounded_rectangle(
    tree: Tree, share: Socket, half_width: Socket, half_length: Socket, corner: Socket
) -> tuple[Socket, Socket, Socket, Socket]:
    """Go along a straight side, a quarter of a circle and a straight end, by the length of the way."""
    side = tree.math("SUBTRACT", half_length, corner)
    end = tree.math("SUBTRACT", half_width, corner)
    arc = tree.math("MULTIPLY", corner, math.pi / 2)
    way = tree.math("MULTIPLY", share, tree.math("ADD", tree.math("ADD", side, end), arc))
    past = tree.math("MAXIMUM", tree.math("SUBTRACT", way, side), 0.0)
    angle = tree.math("MINIMUM", tree.math("DIVIDE", past, corner), math.pi / 2)
    cosine, sine = tree.math("COSINE", angle), tree.math("SINE", angle)
    on_end = tree.math("MAXIMUM", tree.math("SUBTRACT", past, arc), 0.0)
    x = tree.math("SUBTRACT", tree.math("MULTIPLY_ADD", corner, cosine, end), on_end)
    y = tree.math("MULTIPLY_ADD", corner, sine, tree.math("MINIMUM", way, side))
    return x, y, cosine, sine


def _closed(tree: Tree, count: int, place: Socket, outward: Socket) -> Socket:
    points = tree.out("GeometryNodePoints", count, place)
    return _cyclic(tree, tree.store(points, OUTWARD, outward, "FLOAT_VECTOR"))


def _cyclic(tree: Tree, points: Socket) -> Socket:
    curve = tree.out("GeometryNodePointsToCurves", points)
    return tree.out("GeometryNodeSetSplineCyclic", curve, named={"Cyclic": True})
