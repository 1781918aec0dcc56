"""A tier of seats: its terraces, seats, aisles with stairs, openings, railings and the wall before it."""

from __future__ import annotations

import functools
from collections.abc import Callable

import bpy

from .stadium_plan import shared_group
from .stadium_rows import LOWER, MODIFIER, tier_interface
from .stadium_stations import Stations
from .stadium_sweep import join
from .stadium_terraces import handrails, seats, stairs, terraces
from .stadium_tier_edges import balustrade, ends, front, gangway, openings
from .tree import Socket, Tree

MATERIALS = ("Concrete", "Seats", "Stairs", "Wall", "Band", "Rail", "Dark")
_PARTS: dict[str, Callable[[Stations], Socket]] = {
    "Terraces": terraces,
    "Seats": seats,
    "Stairs": stairs,
    "Handrails": handrails,
    "Openings": openings,
    "Gangway": gangway,
    "Balustrade": balustrade,
    "Ends": ends,
    "Front": front,
}


def build_tier_tree() -> bpy.types.NodeTree:
    """Return the tree of the modifier "Stadium Tier": one for all tiers of a stadium."""
    tree = Tree.geometry(MODIFIER)
    tree.interface("Geometry", "NodeSocketGeometry")
    _declare(tree)
    tier_interface(tree, LOWER)
    tree.interface("Geometry", "NodeSocketGeometry", "OUTPUT")
    own = tree.group_input().outputs
    parts = []
    for name, part in _PARTS.items():
        group = shared_group(f"Stadium {name}", functools.partial(_build_part, part=part))
        node = tree.add("GeometryNodeGroup", node_tree=group)
        for socket in node.inputs:
            tree.feed(socket, own[socket.name])
        parts.append(node.outputs["Geometry"])
    return tree.finish(join(tree, parts))


def _declare(tree: Tree) -> tuple[dict[str, Socket], dict[str, Socket]]:
    """Declare a tier's inputs; returns those of its rows, and those of its looks."""
    inputs = tier_interface(tree)
    tree.interface("Seat Width", "NodeSocketFloat", default=0.49)
    tree.interface("Backrest", "NodeSocketFloat", default=0.38)
    for name in MATERIALS:
        tree.interface(name, "NodeSocketMaterial")
    own = tree.group_input().outputs
    return inputs, {name: own[name] for name in (*MATERIALS, "Seat Width", "Backrest")}


def _build_part(tree: Tree, part: Callable[[Stations], Socket]) -> None:
    tier = Stations(tree, *_declare(tree))
    tree.interface("Geometry", "NodeSocketGeometry", "OUTPUT")
    tree.finish(part(tier))
