"""The roof over the stands in Geometry Nodes: its skin, the steel that frames it, and the lamps on it."""

from __future__ import annotations

import math
from collections.abc import Callable

import bpy

from ...kernels import bowl_roof
from ...kernels.bowl import RoofKind
from .arena_materials import RoofPaint
from .stadium_beams import facing, instance
from .stadium_plan import plan_point
from .stadium_roof_line import RoofTree
from .tree import Socket, Tree, Value

ROOF, FRAME, LAMPS = "Stadium Roof", "Stadium Roof Frame", "Stadium Roof Lamps"
STRIP = 0.17
"""Share of a ring from its inner edge on that is glazed."""
PANELS = 8
"""Panels of a petal, side by side."""
SPAN_STEPS = 8
"""Vertices in each bay of a roof of many bays."""


def _zigzag(tree: Tree, step: Socket, upper: Value, lower: Value) -> Socket:
    """Return the upper value at even numbers, the lower at odd ones."""
    odd = tree.math("MODULO", step, 2.0)
    return tree.math("MULTIPLY_ADD", odd, tree.math("SUBTRACT", lower, upper), upper)


def build_roof_tree(kind: RoofKind, paint: RoofPaint) -> bpy.types.NodeTree:
    """Return the tree of the modifier "Stadium Roof": the skin, which keeps the rain off."""
    roof = RoofTree(ROOF, kind)
    return roof.finish(_skins(roof, kind, paint))


def build_frame_tree(kind: RoofKind, paint: RoofPaint) -> bpy.types.NodeTree:
    """Return the tree of the modifier "Stadium Roof Frame": edges, ribs, and the steel below the skin."""
    roof = RoofTree(FRAME, kind)
    build = {
        "petals": (_petal_edges, _petal_trusses),
        "ring": (_ring_edges, _ring_trusses),
        "cable_net": (_membrane_edges, _cables),
    }
    return roof.finish([part for parts in build[kind] for part in parts(roof, paint)])


def build_lamp_tree(kind: RoofKind) -> bpy.types.NodeTree:
    """Return the tree of the modifier "Stadium Roof Lamps": a model along the inner edge, `Count` times.

    It hangs by its origin, looks towards the field, and is spread evenly over the roof's length.
    """
    roof = RoofTree(LAMPS, kind)
    tree = roof.tree
    tree.interface("Model", "NodeSocketObject")
    tree.interface("Count", "NodeSocketInt", default=16)
    own = tree.group_input().outputs
    share = tree.math("DIVIDE", tree.math("ADD", tree.out("GeometryNodeInputIndex"), 0.5), own["Count"])
    _, outward = plan_point(tree, own["Plan"], roof.around(share), 0.0)
    points = tree.out("GeometryNodePoints", own["Count"], roof.at(share, 0.0, 0.5, -2.4))
    named = {"Instance": instance(tree, own["Model"]), "Rotation": facing(tree, outward)}
    return roof.finish([tree.out("GeometryNodeInstanceOnPoints", points, named=named)])


def _skins(roof: RoofTree, kind: RoofKind, paint: RoofPaint) -> list[Socket]:
    if kind == "petals":
        return [roof.skin(24, 29, (0.0, 1.0), paint.skin, _crowded(roof))]
    if kind == "cable_net":
        return [roof.skin(SPAN_STEPS, 17, (0.0, 1.0), paint.skin)]
    return [
        roof.skin(SPAN_STEPS, 5, (0.0, STRIP), paint.glazing),
        roof.skin(SPAN_STEPS, 17, (STRIP, 1.0), paint.skin),
    ]


def _crowded(roof: RoofTree) -> Callable[[Socket], Socket]:
    """Return a way to crowd the vertices of a petal where it bends most: at the grooves to its neighbours."""
    tree = roof.tree

    def bend(share: Socket) -> Socket:
        x = tree.math("MULTIPLY", share, roof.spans)
        wave = tree.math("SINE", tree.math("MULTIPLY", x, 2 * math.pi))
        return tree.math("DIVIDE", tree.math("MULTIPLY_ADD", wave, -0.8 / (2 * math.pi), x), roof.spans)

    return bend


_NOSE = tuple(
    (0.0, -0.9 * math.sin(math.pi * k / 6), -1.3 * (1 - math.cos(math.pi * k / 6))) for k in range(7)
)
"""An edge as thick as 2.6 m, round towards the field: (across, out, lift)."""


def _petal_edges(roof: RoofTree, paint: RoofPaint) -> list[Socket]:
    bend = _crowded(roof)
    soffit = [(0.0, 0.0, -2.6), (0.0, 3.2, -2.2), (0.0, 6.0, -0.6)]
    return [
        roof.band(24, _NOSE, paint.edge, smooth=True, bend=bend),
        roof.band(24, soffit, paint.edge, bend=bend),
        roof.band(24, [(1.0, 0.0, 0.1), (1.0, 0.5, -0.5), (1.0, 0.0, -1.3)], paint.edge, bend=bend),
        roof.radials(roof.times(1), 33, (1.9, 0.5), paint.gutter, lambda *_: 0.25),
        roof.radials(roof.times(PANELS), 33, (0.34, 0.5), paint.edge, lambda *_: 0.12),
        roof.hoops((0.29, 0.55, 0.8), 24, (0.6, 0.4), paint.edge, lambda _: 0.12, bend),
    ]


def _petal_trusses(roof: RoofTree, paint: RoofPaint) -> list[Socket]:
    tree, depth = roof.tree, roof.own["Truss Depth"]
    each, points = roof.times(6), 37

    def below(across: Socket, *_: Socket) -> Socket:
        # Deepest over the stands, and thin where the roof comes down outside.
        full = tree.math("SUBTRACT", 1.0, tree.math("POWER", across, 4.0))
        return tree.math("MULTIPLY_ADD", full, tree.math("MULTIPLY", depth, -1.0), -0.5)

    def web(across: Socket, step: Socket) -> Socket:
        return _zigzag(tree, step, -0.4, below(across))

    return [
        roof.radials(each, points, (0.36, 0.36), paint.steel, below),
        roof.radials(each, points, (0.16, 0.16), paint.steel, web),
        roof.radials(each, points, (0.3, 0.3), paint.steel, lambda *_: -0.35),
        roof.hoops(
            [k / 12 for k in range(1, 12)], 18, (0.24, 0.3), paint.steel, lambda _: -0.3, _crowded(roof)
        ),
        roof.hoops((0.08, 0.3, 0.52), 18, (0.3, 0.3), paint.steel, below, _crowded(roof)),
    ]


def _ring_edges(roof: RoofTree, paint: RoofPaint) -> list[Socket]:
    nose = [(0.0, 0.0, 0.25), (0.0, -0.25, 0.2), (0.0, -0.35, -0.6), (0.0, -0.1, -1.5), (0.0, 0.9, -1.5)]
    outer = [(1.0, -0.8, 0.3), (1.0, 0.1, 0.3), (1.0, 0.3, -0.6), (1.0, 0.0, -2.0), (1.0, -1.2, -2.0)]
    steps = SPAN_STEPS
    return [
        roof.band(steps, nose, paint.edge),
        roof.band(steps, outer, paint.edge),
        # A gutter divides the glazing from the sheets.
        roof.hoops((STRIP,), steps, (0.9, 0.35), paint.gutter, lambda _: 0.1),
        roof.radials(roof.times(1), 13, (0.3, 0.3), paint.edge, lambda *_: 0.1),
        *_gables(roof, paint),
    ]


def _gables(roof: RoofTree, paint: RoofPaint) -> list[Socket]:
    """Two ends of a roof that does not go all the way around; elsewhere they lie inside it."""
    two = roof.tree.math("ADD", 2.0, 0.0)
    return [roof.radials(two, 13, (0.5, 1.3), paint.edge, lambda *_: -0.35)]


def _ring_trusses(roof: RoofTree, paint: RoofPaint) -> list[Socket]:
    tree, own = roof.tree, roof.own
    each, points = roof.times(1), 25
    reach = tree.math("ADD", own["Inward"], own["Outward"])
    held = tree.math("DIVIDE", own["Inward"], reach)

    def below(across: Socket, *_: Socket) -> Socket:
        # A cantilever: thin at its free end, deepest above the columns at the rim.
        way = tree.math("MINIMUM", tree.math("DIVIDE", across, held), 1.0)
        return tree.math("MULTIPLY_ADD", way, tree.math("MULTIPLY", own["Truss Depth"], -1.0), -0.9)

    def web(across: Socket, step: Socket) -> Socket:
        return _zigzag(tree, step, -0.3, below(across))

    rim = tree.math("SUBTRACT", own["Rim"], 1.6)
    top = tree.math("MULTIPLY", own["Height"], 1 - bowl_roof.RING_FALL)
    foot = tree.math("MULTIPLY", own["Height"], 0.4)
    steps = SPAN_STEPS
    return [
        roof.radials(each, points, (0.34, 0.34), paint.steel, below),
        roof.radials(each, points, (0.16, 0.16), paint.steel, web),
        roof.radials(each, points, (0.3, 0.3), paint.steel, lambda *_: -0.3),
        roof.hoops([k / 9 for k in range(1, 9)], steps, (0.18, 0.24), paint.steel, lambda _: -0.25),
        roof.hoops((0.06, 0.5), steps, (0.24, 0.24), paint.steel, below),
        roof.posts(each, [(rim, 0.0, 0.0), (rim, top, 0.0)], (0.7, 0.7), paint.steel),
        roof.posts(each, [(rim, foot, 0.0), (rim, top, 0.5)], (0.35, 0.35), paint.steel),
        roof.posts(each, [(rim, foot, 0.0), (rim, top, -0.5)], (0.35, 0.35), paint.steel),
    ]


def _membrane_edges(roof: RoofTree, paint: RoofPaint) -> list[Socket]:
    lip = [(0.0, 0.3, 0.12), (0.0, -0.25, 0.1), (0.0, -0.3, -0.45), (0.0, 0.1, -0.5)]
    box = [(1.0, -1.3, 0.9), (1.0, 1.1, 0.9), (1.0, 1.3, -0.9), (1.0, -1.1, -1.2), (1.0, -1.3, 0.9)]
    steps = SPAN_STEPS
    return [
        roof.band(steps, lip, paint.edge),
        roof.band(steps, box, paint.edge),
        roof.radials(roof.times(1), 17, (0.45, 0.22), paint.edge, lambda *_: 0.08),
        *_gables(roof, paint),
    ]


def _cables(roof: RoofTree, paint: RoofPaint) -> list[Socket]:
    tree, own = roof.tree, roof.own
    each, points = roof.times(1), 13

    def below(across: Socket, *_: Socket) -> Socket:
        # The lower cables meet the compression ring, and hang lowest at the inner edge.
        rest = tree.math("SUBTRACT", 1.0, across)
        return tree.math("MULTIPLY_ADD", rest, tree.math("MULTIPLY", own["Truss Depth"], -1.6), -0.9)

    def hangers(across: Socket, step: Socket) -> Socket:
        return _zigzag(tree, step, -0.2, below(across))

    ring = tree.math("MULTIPLY", own["Height"], 1 + bowl_roof.CABLE_RISE)
    outer = tree.math("ADD", own["Rim"], own["Outward"])
    beside, below_ring = tree.math("ADD", outer, 2.2), tree.math("ADD", ring, -1.0)
    tip = tree.math("ADD", ring, tree.math("MULTIPLY", own["Height"], 0.22))
    lean = tree.math("ADD", outer, 5.0)
    reach = tree.math("ADD", own["Inward"], own["Outward"])
    hold = tree.math("SUBTRACT", outer, tree.math("MULTIPLY", reach, 0.6))
    held = tree.math("MULTIPLY", own["Height"], 1 + 0.4 * bowl_roof.CABLE_RISE)
    anchor = tree.math("ADD", outer, 17.0)
    pairs, masts = (
        tree.math("ADD", tree.math("ROUND", tree.math("DIVIDE", roof.spans, each_so_many)), 1.0)
        for each_so_many in (2.0, 4.0)
    )
    steps = SPAN_STEPS
    return [
        roof.radials(each, points, (0.2, 0.2), paint.steel, below),
        roof.radials(each, points, (0.1, 0.1), paint.steel, hangers),
        roof.hoops((0.0, 0.012, 0.024), steps, (0.16, 0.16), paint.steel, below),
        roof.hoops((0.3, 0.6), steps, (0.18, 0.2), paint.steel, lambda _: -0.25),
        roof.posts(pairs, [(outer, 0.0, 0.0), (outer, below_ring, 0.5)], (0.7, 0.7), paint.steel),
        roof.posts(pairs, [(outer, 0.0, 0.0), (outer, below_ring, -0.5)], (0.7, 0.7), paint.steel),
        roof.posts(masts, [(beside, 0.0, 0.0), (lean, tip, 0.0)], (0.9, 0.9), paint.edge),
        roof.posts(masts, [(lean, tip, 0.0), (hold, held, 0.0)], (0.18, 0.18), paint.steel),
        roof.posts(masts, [(lean, tip, 0.0), (hold, held, 0.3)], (0.14, 0.14), paint.steel),
        roof.posts(masts, [(lean, tip, 0.0), (hold, held, -0.3)], (0.14, 0.14), paint.steel),
        roof.posts(masts, [(lean, tip, 0.0), (anchor, 0.0, 0.0)], (0.2, 0.2), paint.steel),
    ]
