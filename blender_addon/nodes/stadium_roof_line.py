"""A roof in Geometry Nodes by shares of its two ways: along the bowl, and from the inner edge outward."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import bpy

from ...kernels import bowl_roof
from ...kernels.bowl import RoofKind
from .arena_materials import ACROSS, BAY
from .stadium_beams import beams, sheet
from .stadium_plan import plan_point
from .stadium_sweep import join, listed
from .tree import Socket, Tree, Value

_INPUTS = (
    ("Rim", "NodeSocketFloat", 70.0),
    ("Inward", "NodeSocketFloat", 60.0),
    ("Outward", "NodeSocketFloat", 40.0),
    ("Height", "NodeSocketFloat", 60.0),
    ("Bays", "NodeSocketInt", 16),
    ("First", "NodeSocketFloat", 0.0),
    ("Last", "NodeSocketFloat", 1.0),
    ("Truss Depth", "NodeSocketFloat", 3.0),
)
_LINE_INPUTS = ("Plan", "Rim", "Inward", "Outward", "Height", "Bays")


def _arch(tree: Tree, kind: RoofKind, bays: Socket, around: Socket) -> Socket:
    turn = tree.math("MULTIPLY", tree.math("MULTIPLY", bays, math.pi), around)
    if kind == "petals":
        return tree.math("POWER", tree.math("ABSOLUTE", tree.math("SINE", turn)), 0.65)
    cosine = tree.math("COSINE", turn)
    return tree.math("MULTIPLY", cosine, cosine)


def _line(
    tree: Tree, kind: RoofKind, own: Sequence[Socket], across: Socket, arch: Socket
) -> tuple[Socket, Socket]:
    """Return the depth and height of the roof, as `kernels.bowl_roof.roof_line` says."""
    rim, inward, outward, height = own

    def add(*values: Value) -> Socket:
        return tree.math("ADD", *values)

    def times(*values: Value) -> Socket:
        return tree.math("MULTIPLY", *values)

    def less(*values: Value) -> Socket:
        return tree.math("SUBTRACT", *values)

    reach = times(add(inward, outward), across)
    depth = add(less(rim, inward), reach)
    rest = less(1.0, across)
    if kind == "petals":
        back = less(
            times(times(inward, bowl_roof.SCALLOP_IN), times(rest, rest)),
            times(times(outward, bowl_roof.SCALLOP_OUT), times(across, across)),
        )
        depth = add(depth, times(less(1.0, arch), back))
        rise = tree.math("MINIMUM", tree.math("DIVIDE", across, bowl_roof.RIDGE), 1.0)
        fall = tree.math(
            "MAXIMUM",
            tree.math("DIVIDE", less(across, bowl_roof.RIDGE), 1 - bowl_roof.RIDGE),
            0.0,
        )
        risen = times(tree.math("SINE", times(rise, math.pi / 2)), bowl_roof.PETAL_RISE)
        fallen = times(tree.math("POWER", fall, 2.2), bowl_roof.PETAL_FALL)
        level = add(1 - bowl_roof.PETAL_ARCH - bowl_roof.PETAL_RISE, less(risen, fallen))
        arched = times(times(arch, bowl_roof.PETAL_ARCH), less(1.0, times(fall, bowl_roof.RIDGE)))
        return depth, times(height, add(level, arched))
    if kind == "cable_net":
        sag = times(times(times(across, rest), less(1.0, arch)), 4 * bowl_roof.CABLE_SAG)
        return depth, times(height, less(add(1.0, times(across, bowl_roof.CABLE_RISE)), sag))
    return depth, times(height, less(1.0, times(times(across, across), bowl_roof.RING_FALL)))


def _place_group(kind: RoofKind) -> bpy.types.NodeTree:
    """Return the group that tells a place of the roof by its shares of the two ways."""
    tree = Tree.geometry("Cardstunt Roof Place")
    tree.interface("Plan", "NodeSocketObject")
    kinds = {name: (socket, default) for name, socket, default in _INPUTS}
    for name in _LINE_INPUTS[1:]:
        tree.interface(name, kinds[name][0], default=kinds[name][1])
    for name in ("Around", "Across", "Out", "Lift"):
        tree.interface(name, "NodeSocketFloat", default=0.0)
    tree.interface("Position", "NodeSocketVector", "OUTPUT")
    own = tree.group_input().outputs
    arch = _arch(tree, kind, own["Bays"], own["Around"])
    measures = [own[name] for name in ("Rim", "Inward", "Outward", "Height")]
    depth, height = _line(tree, kind, measures, own["Across"], arch)
    ground, _ = plan_point(tree, own["Plan"], own["Around"], tree.math("ADD", depth, own["Out"]))
    return tree.finish(tree.vector("ADD", ground, tree.combine(z=tree.math("ADD", height, own["Lift"]))))


class RoofTree:
    """A roof's tree under construction."""

    def __init__(self, name: str, kind: RoofKind) -> None:
        tree = self.tree = Tree.geometry(name)
        tree.interface("Geometry", "NodeSocketGeometry")
        tree.interface("Plan", "NodeSocketObject")
        for label, socket, default in _INPUTS:
            tree.interface(label, socket, default=default)
        tree.interface("Geometry", "NodeSocketGeometry", "OUTPUT")
        tree.tree.is_modifier = True
        self.own = tree.group_input().outputs
        self.group = _place_group(kind)
        self.width = tree.math("SUBTRACT", self.own["Last"], self.own["First"])
        spans = tree.math("ROUND", tree.math("MULTIPLY", self.own["Bays"], self.width))
        self.spans = tree.math("MAXIMUM", spans, 1.0)

    def around(self, share: Socket) -> Socket:
        """Return the share of the way around the whole plan, from that of the roof's own length."""
        return self.tree.math("MULTIPLY_ADD", share, self.width, self.own["First"])

    def at(self, share: Socket, across: Value, out: Value = 0.0, lift: Value = 0.0) -> Socket:
        """Return the position by shares of the two ways, `out` metres outward of it and `lift` metres up."""
        named = {name: self.own[name] for name in _LINE_INPUTS}
        named |= {"Around": self.around(share), "Across": across, "Out": out, "Lift": lift}
        return self.tree.out("GeometryNodeGroup", named=named, node_tree=self.group)

    def times(self, per_span: int) -> Socket:
        """Return a count of so many in each bay, and one at the end."""
        return self.tree.math("MULTIPLY_ADD", self.spans, float(per_span), 1.0)

    def share(self, number: Socket, count: Socket) -> Socket:
        """Return the share of the roof's length of one of `count` things, even from end to end."""
        return self.tree.math("DIVIDE", number, self.tree.math("SUBTRACT", count, 1.0))

    def skin(
        self,
        per_span: int,
        across: int,
        reach: tuple[float, float],
        material: bpy.types.Material,
        bend: Callable[[Socket], Socket] | None = None,
    ) -> Socket:
        """Return a sheet from one share of the way across to another."""
        tree = self.tree
        first, last = reach

        def place(share: Socket, through: Socket) -> Socket:
            # A last vertex on 1 exactly would be the first of the next way around, which is the same place.
            return self.at(bend(share) if bend else share, through)

        grid = sheet(
            tree,
            self.times(per_span),
            across,
            lambda share, through: place(share, tree.math("MULTIPLY_ADD", through, last - first, first)),
            material,
            smooth=True,
            named=("share", ACROSS),
        )
        if (first, last) != (0.0, 1.0):
            grid = tree.store(
                grid, ACROSS, tree.math("MULTIPLY_ADD", tree.attribute(ACROSS), last - first, first)
            )
        share = tree.attribute("share")
        around = self.around(bend(share) if bend else share)
        return tree.store(grid, BAY, tree.math("MULTIPLY", around, self.own["Bays"]))

    def band(
        self,
        per_span: int,
        lines: Sequence[tuple[float, float, float]],
        material: bpy.types.Material,
        *,
        smooth: bool = False,
        bend: Callable[[Socket], Socket] | None = None,
    ) -> Socket:
        """Return a band along the roof through lines of (across, out, lift)."""
        tree = self.tree

        def place(share: Socket, through: Socket) -> Socket:
            step = tree.math("MULTIPLY", through, float(len(lines) - 1))
            across, out, lift = (_picked(tree, step, [line[k] for line in lines]) for k in range(3))
            return self.at(bend(share) if bend else share, across, out, lift)

        return sheet(tree, self.times(per_span), len(lines), place, material, smooth=smooth)

    def radials(
        self,
        count: Socket,
        points: int,
        size: tuple[float, float],
        material: bpy.types.Material,
        lift: Callable[[Socket, Socket], Value],
        reach: tuple[float, float] = (0.0, 1.0),
    ) -> Socket:
        """Return beams outward; their `lift` by the share of the way across and the point's number."""
        tree = self.tree

        def place(beam: Socket, step: Socket) -> Socket:
            through = tree.math("DIVIDE", step, float(points - 1))
            across = tree.math("MULTIPLY_ADD", through, reach[1] - reach[0], reach[0])
            return self.at(self.share(beam, count), across, 0.0, lift(across, step))

        return beams(tree, count, points, place, size, material)

    def hoops(
        self,
        lines: Sequence[float],
        per_span: int,
        size: tuple[float, float],
        material: bpy.types.Material,
        lift: Callable[[Socket], Value],
        bend: Callable[[Socket], Socket] | None = None,
        out: float = 0.0,
    ) -> Socket:
        """Return beams along the roof at shares of the way across."""
        tree, count = self.tree, self.times(per_span)

        def place(beam: Socket, step: Socket) -> Socket:
            across = _picked(tree, beam, lines)
            share = self.share(step, count)
            return self.at(bend(share) if bend else share, across, out, lift(across))

        return beams(tree, len(lines), count, place, size, material)

    def posts(
        self,
        count: Socket,
        ends: Sequence[tuple[Value, Value, Value]],
        size: tuple[float, float],
        material: bpy.types.Material,
    ) -> Socket:
        """Return beams through places of (depth behind the edge, height, sideways share of their spacing)."""
        tree = self.tree
        spacing = tree.math("DIVIDE", 1.0, tree.math("SUBTRACT", count, 1.0))

        def place(beam: Socket, step: Socket) -> Socket:
            depth, height, aside = (_picked(tree, step, [end[k] for end in ends]) for k in range(3))
            share = tree.math("MULTIPLY_ADD", aside, spacing, self.share(beam, count))
            ground, _ = plan_point(tree, self.own["Plan"], self.around(share), depth)
            return tree.vector("ADD", ground, tree.combine(z=height))

        return beams(tree, count, len(ends), place, size, material)

    def finish(self, parts: Sequence[Socket]) -> bpy.types.NodeTree:
        """Return the tree, with all parts joined."""
        return self.tree.finish(join(self.tree, parts))


def _picked(tree: Tree, index: Socket, values: Sequence[Value]) -> Socket:
    """Return the value at a number, which may be a hair off a whole one."""
    if all(value == values[0] for value in values):
        return tree.math("ADD", values[0], 0.0)
    return listed(tree, tree.math("ROUND", index), values)
