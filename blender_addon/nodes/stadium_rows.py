"""A tier's named inputs, and what its rows are: heights, and places on them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ...kernels.bowl_tiers import EYE, LEAST_RISE
from .stadium_plan import plan_point, shared_group
from .tree import Socket, Tree, Value

MODIFIER = "Stadium Tier"
LOWER = "Lower "
"""What the names of the inputs begin with that tell of the tier below; it has no rows where there is none."""


@dataclass(frozen=True)
class TierInput:
    """A named input of all that stands on a tier.

    Attributes
    ----------
    name, kind : str
        Its name, and the bl_idname of its socket.
    default : Any
        None where it has none.
    least : float
        The least value that the panel allows.
    """

    name: str
    kind: str
    default: Any = None
    least: float = 0.0


TIER_INPUTS = (
    TierInput("Plan", "NodeSocketObject"),
    TierInput("Depth", "NodeSocketFloat", 0.0, -1000.0),
    TierInput("Front Height", "NodeSocketFloat", 2.5),
    TierInput("Rows", "NodeSocketInt", 30),
    TierInput("Row Pitch", "NodeSocketFloat", 0.8, 0.3),
    TierInput("C-Value", "NodeSocketFloat", 0.09),
    TierInput("Focus", "NodeSocketFloat", 17.0),
    TierInput("First", "NodeSocketFloat", 0.0, -1.0),
    TierInput("Last", "NodeSocketFloat", 1.0, -1.0),
    TierInput("Blocks", "NodeSocketInt", 40, 1),
    TierInput("Aisle Width", "NodeSocketFloat", 1.2),
    TierInput("Vomitories", "NodeSocketInt", 0),
    TierInput("Vomitory Row", "NodeSocketInt", 8),
    TierInput("Balustrade", "NodeSocketFloat", 1.0),
    TierInput("Gangway", "NodeSocketFloat", 2.0),
    TierInput("Section Half Width", "NodeSocketFloat", 0.0),
)
"""What a tier is told: the measures of `kernels.bowl.Tier` and `Bowl`; and `Section Half Width`, metres to
both sides of the east within which the card section sits, without aisles or openings."""


def tier_interface(tree: Tree, prefix: str = "") -> dict[str, Socket]:
    """Declare the inputs of a tier on a tree; returns what they give, by their names without the prefix."""
    for item in TIER_INPUTS:
        tree.interface(prefix + item.name, item.kind, default=item.default)
        if item.default is not None:
            tree.tree.interface.items_tree[prefix + item.name].min_value = type(item.default)(item.least)
    outputs = tree.group_input().outputs
    return {item.name: outputs[prefix + item.name] for item in TIER_INPUTS}


def row_height(tree: Tree, inputs: Mapping[str, Socket], row: Value) -> Socket:
    """Return the height of a row's tread above the field, metres: `kernels.bowl_tiers.row_heights`.

    Parameters
    ----------
    tree : Tree
    inputs : mapping of sockets
        As from `tier_interface`.
    row : socket or number
        From 0, the front.
    """
    node = tree.add("GeometryNodeGroup", node_tree=shared_group("Stadium Row Height", _build_row_height))
    for name in _HEIGHT_INPUTS:
        tree.feed(node.inputs[name], inputs[name])
    tree.feed(node.inputs["Row"], row)
    return node.outputs["Height"]


_HEIGHT_INPUTS = ("Depth", "Front Height", "Row Pitch", "C-Value", "Focus")


def _build_row_height(tree: Tree) -> None:
    for name in (*_HEIGHT_INPUTS, "Row"):
        tree.interface(name, "NodeSocketFloat")
    tree.interface("Height", "NodeSocketFloat", "OUTPUT")
    own = tree.group_input().outputs
    pitch, front, row = own["Row Pitch"], own["Front Height"], own["Row"]
    nearest = tree.math("MULTIPLY_ADD", pitch, 0.5, tree.math("ADD", own["Focus"], own["Depth"]))
    distance = tree.math("MULTIPLY_ADD", pitch, row, nearest)
    start = tree.math("DIVIDE", nearest, pitch)
    growth = tree.math("SUBTRACT", _digamma(tree, tree.math("ADD", start, row)), _digamma(tree, start))
    climb = tree.math("DIVIDE", growth, pitch)
    slope = tree.math("DIVIDE", tree.math("ADD", front, EYE), nearest)
    slope = tree.math("MULTIPLY_ADD", climb, own["C-Value"], slope)
    tread = tree.math("MULTIPLY_ADD", distance, slope, -EYE)
    tree.finish(tree.math("MAXIMUM", tread, tree.math("MULTIPLY_ADD", row, LEAST_RISE, front)))


def row_depth(tree: Tree, inputs: Mapping[str, Socket], row: Value) -> Socket:
    """Return how far the front of a row lies behind the arena's edge, metres."""
    return tree.math("MULTIPLY_ADD", inputs["Row Pitch"], row, inputs["Depth"])


def seat_place(tree: Tree, inputs: Mapping[str, Socket], around: Value, row: Value) -> tuple[Socket, Socket]:
    """Return a place in the middle of a row, on its tread, and the heading towards the field, radians."""
    depth = row_depth(tree, inputs, tree.math("ADD", row, 0.5))
    place, outward = plan_point(tree, inputs["Plan"], around, depth)
    x, y, _ = tree.separate(outward)
    inward = [tree.math("MULTIPLY", part, -1.0) for part in (y, x)]
    position = tree.vector("ADD", place, tree.combine(z=row_height(tree, inputs, row)))
    return position, tree.math("ARCTAN2", *inward)


def _digamma(tree: Tree, x: Socket) -> Socket:
    """Return the digamma function, far out: ln x - 1 / 2x - 1 / 12x^2."""
    inverse = tree.math("DIVIDE", 1.0, x)
    first = tree.math("MULTIPLY_ADD", inverse, -0.5, tree.math("LOGARITHM", x, 2.718281828459045))
    return tree.math("MULTIPLY_ADD", tree.math("MULTIPLY", inverse, inverse), -1 / 12, first)
