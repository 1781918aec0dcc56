"""Surfaces along the bowl: a profile of lines, each of so many stations around."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass

from .stadium_plan import plan_point, shared_group
from .tree import Socket, Tree, Value

BAY = 6.5
"""Metres between two piers or ribs, about."""
_CURVE_STEPS = 1024


@dataclass(frozen=True)
class Lattice:
    """A grid of vertices by line of the profile and station around, counter-clockwise.

    Attributes
    ----------
    mesh : Socket
    line, station : Socket
        Whole numbers from 0, of each vertex.
    face_line, face_station : Socket
        Of each face, the smaller numbers of its corners.
    """

    mesh: Socket
    line: Socket
    station: Socket
    face_line: Socket
    face_station: Socket


def whole(tree: Tree, operation: str, *values: Value) -> Socket:
    """Return the result of an Integer Math node."""
    return tree.out("FunctionNodeIntegerMath", *values, operation=operation)


def either(tree: Tree, *conditions: Socket) -> Socket:
    """Tell whether any of the conditions holds."""
    result = conditions[0]
    for condition in conditions[1:]:
        result = tree.out("FunctionNodeBooleanMath", result, condition, operation="OR")
    return result


def both(tree: Tree, *conditions: Socket) -> Socket:
    """Tell whether all of the conditions hold."""
    result = conditions[0]
    for condition in conditions[1:]:
        result = tree.out("FunctionNodeBooleanMath", result, condition, operation="AND")
    return result


def opposite(tree: Tree, condition: Socket) -> Socket:
    """Tell whether a condition does not hold."""
    return tree.out("FunctionNodeBooleanMath", condition, operation="NOT")


def equal(tree: Tree, one: Socket, other: Value) -> Socket:
    """Tell whether two whole numbers are the same."""
    return tree.out("FunctionNodeCompare", one, other, data_type="INT", operation="EQUAL")


def choose(tree: Tree, condition: Socket, yes: Value, no: Value, kind: str = "FLOAT") -> Socket:
    """Return one of two values."""
    return tree.out("GeometryNodeSwitch", condition, no, yes, input_type=kind)


def listed(tree: Tree, number: Socket, values: Sequence[Value], data_type: str = "FLOAT") -> Socket:
    """Return the value of a list at a whole number, from 0."""
    node = tree.add("GeometryNodeIndexSwitch", data_type=data_type)
    while len(node.index_switch_items) < len(values):
        node.index_switch_items.new()
    tree.feed(node.inputs["Index"], number)
    for index, value in enumerate(values):
        tree.feed(node.inputs[str(index)], value)
    return node.outputs["Output"]


def lattice(tree: Tree, lines: Value, stations: Value) -> Lattice:
    """Return a grid of faces that look up where lines go outward."""
    mesh = tree.out("GeometryNodeMeshGrid", 1.0, 1.0, lines, stations)
    index = tree.out("GeometryNodeInputIndex")
    less = stations - 1 if isinstance(stations, int) else whole(tree, "SUBTRACT", stations, 1)
    return Lattice(
        mesh,
        whole(tree, "DIVIDE_FLOOR", index, stations),
        whole(tree, "MODULO", index, stations),
        whole(tree, "DIVIDE_FLOOR", index, less),
        whole(tree, "MODULO", index, less),
    )


def placed(tree: Tree, geometry: Socket, position: Socket) -> Socket:
    """Return the geometry with its points at their places."""
    return tree.out("GeometryNodeSetPosition", geometry, named={"Position": position})


def without(tree: Tree, mesh: Socket, faces: Socket) -> Socket:
    """Return a mesh without some of its faces."""
    return tree.out("GeometryNodeDeleteGeometry", mesh, faces, domain="FACE", mode="ALL")


def of_material(tree: Tree, geometry: Socket, material: Value) -> Socket:
    """Return the geometry in a material."""
    return tree.out("GeometryNodeSetMaterial", geometry, named={"Material": material})


def join(tree: Tree, parts: Sequence[Socket]) -> Socket:
    """Return several geometries as one."""
    node = tree.tree.nodes.new("GeometryNodeJoinGeometry")
    for part in parts:
        tree.feed(node.inputs[0], part)
    return node.outputs[0]


@dataclass(frozen=True)
class Way:
    """A stretch of the way around the bowl.

    Attributes
    ----------
    plan : Socket
        The object "Plan".
    first, last : Socket
        Shares around.
    depth : Socket
        Metres behind the arena's edge where the stations are even steps.
    stations : Socket
        How many vertices a line has.
    """

    plan: Socket
    first: Socket
    last: Socket
    depth: Socket
    stations: Socket

    def share(self, tree: Tree, part: Socket) -> Socket:
        """Return the share around of a place that is told by the part of the stretch's length."""
        group = shared_group("Stadium Even Share", _build_even_share)
        node = tree.add("GeometryNodeGroup", node_tree=group)
        for name, value in (
            ("Plan", self.plan),
            ("First", self.first),
            ("Last", self.last),
            ("Depth", self.depth),
            ("Part", part),
        ):
            tree.feed(node.inputs[name], value)
        return node.outputs["Share"]

    def part(self, tree: Tree, station: Socket) -> Socket:
        """Return the part of the stretch's length at a station."""
        return tree.math("DIVIDE", station, whole(tree, "SUBTRACT", self.stations, 1))


def _build_even_share(tree: Tree) -> None:
    """Shares around are even at the arena's edge; behind its corners rows are longer."""
    tree.interface("Plan", "NodeSocketObject")
    for name in ("First", "Last", "Depth", "Part"):
        tree.interface(name, "NodeSocketFloat")
    tree.interface("Share", "NodeSocketFloat", "OUTPUT")
    own = tree.group_input().outputs
    step = tree.math("DIVIDE", tree.out("GeometryNodeInputIndex"), float(_CURVE_STEPS))
    share = tree.out("ShaderNodeMix", step, own["First"], own["Last"], data_type="FLOAT")
    place, _ = plan_point(tree, own["Plan"], share, own["Depth"])
    points = tree.store(tree.out("GeometryNodePoints", _CURVE_STEPS + 1, place), "share", share)
    curve = tree.out("GeometryNodePointsToCurves", points)
    node = tree.add(
        "GeometryNodeSampleCurve",
        curve,
        tree.attribute("share"),
        own["Part"],
        mode="FACTOR",
        use_all_curves=True,
        data_type="FLOAT",
    )
    tree.finish(node.outputs["Value"])


def sweep(
    tree: Tree, way: Way, profile: Sequence[tuple[Value, Value]], material: Value, bays: Value = 1.0
) -> Socket:
    """Return a surface along the bowl, on which `wall` counts bays along it and lines across it.

    Parameters
    ----------
    tree : Tree
    way : Way
    profile : sequence of (depth, height)
        Metres: sockets or numbers; faces look up or towards the field where the profile goes outward or up.
    material : socket or material
    bays : socket or float
        How many there are on the whole stretch.
    """
    lines = len(profile)
    group = shared_group(f"Stadium Sweep {lines}", functools.partial(_build_sweep, lines=lines))
    node = tree.add("GeometryNodeGroup", node_tree=group)
    ends = (way.plan, way.first, way.last, way.depth, way.stations, material, bays)
    names = ("Plan", "First", "Last", "Depth", "Stations", "Material", "Bays")
    values = dict(zip(names, ends, strict=True))
    for number, (depth, height) in enumerate(profile):
        values |= {f"Depth {number}": depth, f"Height {number}": height}
    for name, value in values.items():
        tree.feed(node.inputs[name], value)
    return node.outputs["Geometry"]


def _build_sweep(tree: Tree, lines: int) -> None:
    for name, kind in (
        ("Plan", "Object"),
        ("First", "Float"),
        ("Last", "Float"),
        ("Depth", "Float"),
        ("Stations", "Int"),
        ("Material", "Material"),
        ("Bays", "Float"),
        *((f"{name} {line}", "Float") for line in range(lines) for name in ("Depth", "Height")),
    ):
        tree.interface(name, f"NodeSocket{kind}")
    tree.interface("Geometry", "NodeSocketGeometry", "OUTPUT")
    own = tree.group_input().outputs
    way = Way(own["Plan"], own["First"], own["Last"], own["Depth"], own["Stations"])
    grid = lattice(tree, lines, way.stations)
    depth = listed(tree, grid.line, [own[f"Depth {line}"] for line in range(lines)])
    height = listed(tree, grid.line, [own[f"Height {line}"] for line in range(lines)])
    part = way.part(tree, grid.station)
    place, _ = plan_point(tree, way.plan, way.share(tree, part), depth)
    mesh = placed(tree, grid.mesh, tree.vector("ADD", place, tree.combine(z=height)))
    wall = tree.combine(tree.math("MULTIPLY", part, own["Bays"]), grid.line)
    mesh = tree.store(mesh, "wall", wall, "FLOAT_VECTOR")
    tree.finish(of_material(tree, mesh, own["Material"]))


def box(tree: Tree, low: tuple[Value, Value, Value], high: tuple[Value, Value, Value]) -> Socket:
    """Return a box between two corners."""
    corners = [tree.combine(*corner) for corner in (low, high)]
    middle = tree.vector("SCALE", tree.vector("ADD", *corners), 0.5)
    cube = tree.out("GeometryNodeMeshCube", tree.vector("SUBTRACT", corners[1], corners[0]))
    return tree.out("GeometryNodeTransform", cube, named={"Translation": middle})


def along_bowl(
    tree: Tree, way: Way, count: Value, depth: Value, share: Socket | None = None
) -> tuple[Socket, Socket]:
    """Return points on the ground along the bowl, and the rotation that turns x outward there.

    They lie in the middles of `count` even steps of the way, unless their shares around are given.
    """
    if share is None:
        index = tree.math("ADD", tree.out("GeometryNodeInputIndex"), 0.5)
        share = way.share(tree, tree.math("DIVIDE", index, count))
    place, outward = plan_point(tree, way.plan, share, depth)
    points = tree.out("GeometryNodePoints", count, place)
    turn = tree.out("FunctionNodeAlignRotationToVector", None, 1.0, outward, axis="X", pivot_axis="Z")
    return points, turn


def instances(tree: Tree, points: Socket, thing: Socket, rotation: Socket, **named: Value) -> Socket:
    """Return a thing on each point."""
    named = {"Instance": thing, "Rotation": rotation} | {key.title(): named[key] for key in named}
    return tree.out("GeometryNodeInstanceOnPoints", points, named=named)
