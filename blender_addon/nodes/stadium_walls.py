"""The outer wall: the concourse's house behind the last row, and a front of storeys, slabs and ribs."""

from __future__ import annotations

from collections.abc import Mapping

import bpy

from .stadium_plan import edge_length, plan_point
from .stadium_rows import row_depth, row_height, tier_interface
from .stadium_sweep import (
    BAY,
    Way,
    along_bowl,
    box,
    choose,
    equal,
    instances,
    join,
    lattice,
    listed,
    of_material,
    placed,
    sweep,
    whole,
    without,
)
from .tree import Socket, Tree, Value

MODIFIER = "Stadium Outer Wall"
MATERIALS = ("Wall", "Band", "Concrete", "Dark", "Rail", "Slab", "Rib", "Glazing")
_SEGMENT = 2.5
_SLAB, _FRIEZE = 0.55, 1.9
_RECESS, _PROUD = 1.3, 0.35
#: The ground's storey: by how much it is higher than the others, as a share, and how far it draws back.
_HALL, _ARCADE = 0.5, 3.2


def build_outer_wall_tree() -> bpy.types.NodeTree:
    """Return the tree of the modifier "Stadium Outer Wall"; its tier's inputs follow the tier."""
    tree = Tree.geometry(MODIFIER)
    tree.interface("Geometry", "NodeSocketGeometry")
    inputs = tier_interface(tree)
    for name, default in (("Concourse", 6.0), ("House", 3.2), ("Lean", 4.0), ("Bay", BAY)):
        tree.interface(name, "NodeSocketFloat", default=default)
    tree.interface("Storeys", "NodeSocketInt", default=6)
    for name in MATERIALS:
        tree.interface(name, "NodeSocketMaterial")
    tree.interface("Geometry", "NodeSocketGeometry", "OUTPUT")
    own = tree.group_input().outputs
    names = (*MATERIALS, "Concourse", "House", "Lean", "Bay", "Storeys")
    wall = _OuterWall(tree, inputs, {name: own[name] for name in names})
    return tree.finish(join(tree, [wall.house(), wall.glazing(), wall.slabs(), wall.ribs(), wall.ends()]))


class _OuterWall:
    """The tree under construction, with what its parts share."""

    def __init__(self, tree: Tree, inputs: Mapping[str, Socket], own: Mapping[str, Socket]) -> None:
        self.tree, self.inputs, self.own = tree, inputs, own
        rows = inputs["Rows"]
        back = row_depth(tree, inputs, rows)
        self.tread = row_height(tree, inputs, whole(tree, "SUBTRACT", rows, 1))
        self.start = tree.math("ADD", back, inputs["Gangway"])
        self.rim = tree.math("MAXIMUM", tree.math("ADD", back, own["Concourse"]), self.start)
        self.top = tree.math("ADD", self.tread, own["House"])
        span = tree.math("SUBTRACT", inputs["Last"], inputs["First"])
        self.partial = tree.math("LESS_THAN", span, 1.0 - 1e-5)
        edge = edge_length(tree, inputs["Plan"])
        self.length = tree.math("MULTIPLY", span, tree.math("MULTIPLY_ADD", self.rim, 6.2832, edge))
        self.bays = tree.math(
            "MAXIMUM", tree.math("ROUND", tree.math("DIVIDE", self.length, own["Bay"])), 1.0
        )
        stations = whole(tree, "ADD", tree.math("CEIL", tree.math("DIVIDE", self.length, _SEGMENT)), 2)
        self.way = Way(inputs["Plan"], inputs["First"], inputs["Last"], self.rim, stations)
        self.storeys = whole(tree, "MAXIMUM", own["Storeys"], 1)

    def depth(self, height: Value, proud: Value = 0.0) -> Socket:
        """Return how far behind the arena's edge the outer wall stands at a height: it leans inward."""
        tree = self.tree
        share = tree.math("SUBTRACT", 1.0, tree.math("DIVIDE", height, self.top))
        return tree.math("ADD", tree.math("MULTIPLY_ADD", share, self.own["Lean"], self.rim), proud)

    def house(self) -> Socket:
        """Return the wall behind the last row's walk, with ways in, and the roof over the concourse."""
        tree, start, tread, top = self.tree, self.start, self.tread, self.top
        wall = sweep(tree, self.way, [(start, tread), (start, top)], self.own["Wall"])
        low, high = tree.math("ADD", tread, 0.9), tree.math("SUBTRACT", top, 0.7)
        face = tree.math("SUBTRACT", start, 0.05)
        opening = sweep(tree, self.way, [(face, low), (face, high)], self.own["Dark"], self.bays)
        is_house = tree.math("GREATER_THAN", self.own["House"], 2.0)
        opening = choose(tree, is_house, opening, None, "GEOMETRY")
        lid = sweep(tree, self.way, [(start, top), (self.rim, top)], self.own["Concrete"])
        coping = tree.math("ADD", top, 1.0)
        parapet = sweep(
            tree,
            self.way,
            [
                (tree.math("SUBTRACT", self.rim, 0.3), top),
                (tree.math("SUBTRACT", self.rim, 0.3), coping),
                (self.depth(top, _PROUD), coping),
                (self.depth(top, _PROUD), top),
            ],
            self.own["Slab"],
        )
        return join(tree, [wall, opening, lid, parapet])

    def level(self, storey: Value) -> Socket:
        """Return the height at which a storey begins; the hall on the ground is higher than the others."""
        tree = self.tree
        above = tree.math("ADD", storey, tree.math("MULTIPLY", tree.math("GREATER_THAN", storey, 0.5), _HALL))
        share = tree.math("DIVIDE", above, tree.math("ADD", self.storeys, _HALL))
        return tree.math("MULTIPLY", share, self.top)

    def glazing(self) -> Socket:
        """Return the wall behind the slabs and that of the hall below; `wall` counts bays and storeys."""
        tree = self.tree
        grid = lattice(tree, 4, self.way.stations)
        line = grid.line
        storey = listed(tree, line, (0.0, 1.0, 1.0, self.storeys))
        height = self.level(storey)
        back = listed(tree, line, (-_ARCADE, -_ARCADE, -_RECESS, -_RECESS))
        part = self.way.part(tree, grid.station)
        place, _ = plan_point(tree, self.way.plan, self.way.share(tree, part), self.depth(height, back))
        mesh = placed(tree, grid.mesh, tree.vector("ADD", place, tree.combine(z=height)))
        bay = tree.math("MULTIPLY", part, self.bays)
        mesh = tree.store(mesh, "wall", tree.combine(bay, storey), "FLOAT_VECTOR")
        return of_material(tree, mesh, self.own["Glazing"])

    def slabs(self) -> Socket:
        """Return the storeys' slabs, which stand out from the wall; the topmost is a frieze."""
        tree = self.tree
        grid = lattice(tree, whole(tree, "MULTIPLY", self.storeys, 4), self.way.stations)
        storey = whole(tree, "ADD", whole(tree, "DIVIDE_FLOOR", grid.line, 4), 1)
        corner = whole(tree, "MODULO", grid.line, 4)
        level = self.level(storey)
        thick = choose(tree, equal(tree, storey, self.storeys), -_FRIEZE, -_SLAB)
        height = tree.math("ADD", level, listed(tree, corner, (thick, thick, 0.0, 0.0)))
        behind = -_ARCADE - 0.1
        depth = self.depth(level, listed(tree, corner, (behind, _PROUD, _PROUD, behind)))
        share = self.way.share(tree, self.way.part(tree, grid.station))
        place, _ = plan_point(tree, self.way.plan, share, depth)
        mesh = placed(tree, grid.mesh, tree.vector("ADD", place, tree.combine(z=height)))
        between = equal(tree, whole(tree, "MODULO", grid.face_line, 4), 3)
        return of_material(tree, without(tree, mesh, between), self.own["Slab"])

    def ribs(self) -> Socket:
        """Return the ribs before the wall, which lean with it: between bays, and slender ones in them."""
        main = self.rib(0.28, 1.25, count=self.tree.math("ADD", self.bays, self.partial), shift=0.0)
        slender = self.rib(0.07, 0.55, count=self.bays, shift=0.5)
        return join(self.tree, [main, slender])

    def rib(self, half: float, proud: float, count: Socket, shift: float) -> Socket:
        """Return ribs of a half width that stand out by so much, shifted by a share of a bay."""
        tree = self.tree
        index = tree.math("ADD", tree.out("GeometryNodeInputIndex"), shift)
        share = self.way.share(tree, tree.math("DIVIDE", index, self.bays))
        points, turn = along_bowl(tree, self.way, count, self.rim, share)
        rib = box(tree, (-_RECESS, -half, 0.0), (proud, half, tree.math("ADD", self.top, 0.4)))
        x, y, z = tree.separate(tree.out("GeometryNodeInputPosition"))
        out = tree.math("SUBTRACT", self.depth(z), self.rim)
        rib = placed(tree, rib, tree.combine(tree.math("ADD", x, out), y, z))
        thing = tree.out("GeometryNodeGeometryToInstance", of_material(tree, rib, self.own["Rib"]))
        return instances(tree, points, thing, turn)

    def ends(self) -> Socket:
        """Return the walls at the ends of a stand that does not go all the way around."""
        tree = self.tree
        grid = lattice(tree, 2, 4)
        up = listed(tree, grid.station, (0.0, 1.0, 1.0, 0.0))
        height = tree.math("MULTIPLY", up, tree.math("ADD", self.top, 1.0))
        outer = self.depth(tree.math("MULTIPLY", up, self.top), _PROUD)
        depth = choose(tree, equal(tree, grid.line, 0), tree.math("SUBTRACT", self.start, 0.1), outer)
        share = listed(
            tree, whole(tree, "DIVIDE_FLOOR", grid.station, 2), (self.inputs["First"], self.inputs["Last"])
        )
        place, _ = plan_point(tree, self.inputs["Plan"], share, depth)
        mesh = placed(tree, grid.mesh, tree.vector("ADD", place, tree.combine(z=height)))
        mesh = without(tree, mesh, equal(tree, grid.face_station, 1))
        closed = of_material(tree, mesh, self.own["Wall"])
        return choose(tree, self.partial, closed, None, "GEOMETRY")
