"""Where the stations of a tier's rows lie: between aisles, about openings, clear of the card section."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ...kernels.bowl import VOMITORY_ROWS, VOMITORY_WIDTH
from .stadium_plan import edge_length, plan_point
from .stadium_rows import row_depth, row_height
from .stadium_sweep import (
    Lattice,
    Way,
    both,
    choose,
    either,
    equal,
    opposite,
    whole,
)
from .tree import Socket, Tree, Value

SEGMENT = 1.5
"""Metres of a terrace between two stations, about."""


@dataclass(frozen=True)
class Place:
    """Where a vertex of a row lies.

    Attributes
    ----------
    position : Socket
        On the ground.
    block, in_block : Socket
        Its block, and the share of the block's length.
    """

    position: Socket
    block: Socket
    in_block: Socket


class Stations:
    """The tree of a tier's part under construction, with where the stations of its rows lie.

    A row has the same stations as all others: of each block its two ends, at the edges of the aisles, and an
    even number of stations between them, the middle two of which make room for an opening where there is one.
    The first and last stations are the tier's ends.
    """

    def __init__(self, tree: Tree, inputs: Mapping[str, Socket], own: Mapping[str, Socket]) -> None:
        self.tree, self.inputs, self.own = tree, inputs, own
        self.rows = whole(tree, "MAXIMUM", inputs["Rows"], 1)
        self.blocks = whole(tree, "MAXIMUM", inputs["Blocks"], 1)
        self.pitch = inputs["Row Pitch"]
        self.span = tree.math("SUBTRACT", inputs["Last"], inputs["First"])
        self.partial = tree.math("LESS_THAN", self.span, 1.0 - 1e-5)
        self.edge = edge_length(tree, inputs["Plan"])
        halfway = row_depth(tree, inputs, tree.math("MULTIPLY", self.rows, 0.5))
        length = tree.math("MULTIPLY", self.span, tree.math("MULTIPLY_ADD", halfway, 6.2832, self.edge))
        self.length = length
        pairs = tree.math("DIVIDE", tree.math("DIVIDE", length, self.blocks), 2 * SEGMENT)
        pairs = whole(tree, "MAXIMUM", tree.math("FLOOR", pairs), 1)
        self.segments = whole(tree, "ADD", whole(tree, "MULTIPLY", pairs, 2), 1)
        self.in_a_block = whole(tree, "ADD", self.segments, 1)
        self.stations = whole(tree, "ADD", whole(tree, "MULTIPLY", self.blocks, self.in_a_block), 2)
        steps = tree.math("CEIL", tree.math("DIVIDE", length, SEGMENT))
        self.way = Way(inputs["Plan"], inputs["First"], inputs["Last"], halfway, whole(tree, "ADD", steps, 2))
        self.back = row_depth(tree, inputs, self.rows)
        self.top = row_height(tree, inputs, whole(tree, "SUBTRACT", self.rows, 1))

    def share(self, in_blocks: Socket) -> Socket:
        """Return the share around of a place that is told in blocks."""
        tree = self.tree
        part = tree.math("DIVIDE", in_blocks, self.blocks)
        return tree.math("MULTIPLY_ADD", part, self.span, self.inputs["First"])

    def on_section(self, position: Socket, margin: Value) -> Socket:
        """Tell whether a place is in the card section or within a margin of it."""
        tree = self.tree
        x, y, _ = tree.separate(position)
        half = self.inputs["Section Half Width"]
        near = tree.math("LESS_THAN", tree.math("ABSOLUTE", y), tree.math("ADD", half, margin))
        there = both(tree, near, tree.math("GREATER_THAN", x, 0.0))
        return both(tree, there, tree.math("GREATER_THAN", half, 0.0))

    def has_opening(self, block: Socket) -> Socket:
        """Tell whether there is an opening in a block: opening k takes block floor((2k + 1) B / 2V)."""
        tree = self.tree
        wanted = whole(tree, "MINIMUM", self.inputs["Vomitories"], self.blocks)
        openings = whole(tree, "MAXIMUM", wanted, 1)
        twice = whole(tree, "MULTIPLY", whole(tree, "MULTIPLY", block, openings), 2)
        number = whole(tree, "SUBTRACT", whole(tree, "ADD", twice, self.blocks), 1)
        number = whole(tree, "DIVIDE_FLOOR", number, whole(tree, "MULTIPLY", self.blocks, 2))
        its = self.opening_block(number, openings)
        middle = self.share(tree.math("ADD", block, 0.5))
        front = row_depth(tree, self.inputs, self.inputs["Vomitory Row"])
        place, _ = plan_point(tree, self.inputs["Plan"], middle, front)
        away = opposite(tree, self.on_section(place, VOMITORY_WIDTH / 2 + 0.4))
        there = tree.math("GREATER_THAN", wanted, 0.5)
        return both(tree, equal(tree, its, block), there, away)

    def opening_block(self, number: Socket, openings: Socket) -> Socket:
        """Return the block of an opening."""
        tree = self.tree
        odd = whole(tree, "ADD", whole(tree, "MULTIPLY", number, 2), 1)
        return whole(
            tree,
            "DIVIDE_FLOOR",
            whole(tree, "MULTIPLY", odd, self.blocks),
            whole(tree, "MULTIPLY", openings, 2),
        )

    def is_cut(self, row: Socket) -> Socket:
        """Tell whether openings cut through a row."""
        tree = self.tree
        behind = tree.math("SUBTRACT", row, self.inputs["Vomitory Row"])
        return both(
            tree, tree.math("GREATER_THAN", behind, -0.5), tree.math("LESS_THAN", behind, VOMITORY_ROWS - 0.5)
        )

    def in_block(self, station: Socket) -> tuple[Socket, Socket]:
        """Return the block of a station, and its number there."""
        inner = whole(self.tree, "SUBTRACT", station, 1)
        return (
            whole(self.tree, "DIVIDE_FLOOR", inner, self.in_a_block),
            whole(self.tree, "FLOORED_MODULO", inner, self.in_a_block),
        )

    def place(self, station: Socket, row: Socket, depth: Socket, margin: Value = 0.0) -> Place:
        """Return where a station of a row lies; a block's ends keep a margin from the aisles."""
        tree = self.tree
        block, number = self.in_block(station)
        end = equal(tree, number, self.segments)
        start = equal(tree, number, 0)
        inside = whole(tree, "SUBTRACT", self.stations, 1)
        inside = both(tree, tree.math("GREATER_THAN", station, 0.5), tree.math("LESS_THAN", station, inside))
        pair = whole(tree, "DIVIDE_FLOOR", self.segments, 2)
        before = equal(tree, number, pair)
        after = equal(tree, number, whole(tree, "ADD", pair, 1))
        middle = both(tree, either(tree, before, after), self.has_opening(block), self.is_cut(row))
        in_block = tree.math("DIVIDE", number, self.segments)
        in_block = choose(tree, middle, 0.5, in_block)
        share = self.share(tree.math("ADD", block, in_block))
        position, outward = plan_point(tree, self.inputs["Plan"], share, depth)
        half_aisle = tree.math("MULTIPLY", self.inputs["Aisle Width"], 0.5)
        stairs = opposite(tree, self.on_section(position, half_aisle))
        aside = tree.math("ADD", half_aisle, margin)
        aside = tree.math("MULTIPLY", aside, tree.math("SUBTRACT", start, end))
        aside = tree.math("MULTIPLY", aside, both(tree, inside, stairs))
        wide = tree.math("MULTIPLY", tree.math("SUBTRACT", after, before), VOMITORY_WIDTH / 2)
        aside = choose(tree, middle, wide, aside)
        x, y, _ = tree.separate(outward)
        tangent = tree.combine(tree.math("MULTIPLY", y, -1.0), x)
        return Place(tree.vector("ADD", position, tree.vector("SCALE", tangent, aside)), block, in_block)

    def open_faces(self, grid: Lattice, row: Socket) -> Socket:
        """Tell which faces lie in an opening, by the row that they belong to."""
        block, number = self.in_block(grid.face_station)
        middle = equal(self.tree, number, whole(self.tree, "DIVIDE_FLOOR", self.segments, 2))
        return both(self.tree, middle, self.is_cut(row), self.has_opening(block))

    def aisle_faces(self, grid: Lattice) -> Socket:
        """Tell which faces lie in an aisle, or beyond the first and last block."""
        _, number = self.in_block(grid.face_station)
        return equal(self.tree, number, self.segments)
