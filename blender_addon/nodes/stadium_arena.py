"""The arena's floor in Geometry Nodes: the apron up to the stands, a running track and what lies in it."""

from __future__ import annotations

import math
from collections.abc import Callable

import bpy

from .stadium_beams import beams, sheet
from .stadium_plan import plan_point
from .stadium_sweep import join
from .tree import Socket, Tree, Value

Oval = Callable[[Socket, Value, float], Socket]

APRON, TRACK = "Stadium Apron", "Stadium Track"
GROUND, TRACK_LEVEL, PAINT = -0.06, -0.015, 0.02
"""Heights of the apron, of the track, and of lines above what they are painted on, metres.

People stand at 0, on the grass; sheets so far apart do not flicker, even from the other side of the city.
"""
LINE = 0.05
"""Width of a track's lines, metres (World Athletics)."""


def build_apron_tree(material: bpy.types.Material) -> bpy.types.NodeTree:
    """Return the tree of the modifier "Stadium Apron": a floor that ends at the arena's edge, at a height."""
    tree = Tree.geometry(APRON)
    tree.interface("Geometry", "NodeSocketGeometry")
    tree.interface("Plan", "NodeSocketObject")
    tree.interface("Height", "NodeSocketFloat", default=GROUND)
    tree.interface("Geometry", "NodeSocketGeometry", "OUTPUT")
    own = tree.group_input().outputs

    def place(share: Socket, through: Socket) -> Socket:
        edge, _ = plan_point(tree, own["Plan"], share, 0.0)
        return tree.vector("ADD", tree.vector("SCALE", edge, through), tree.combine(z=own["Height"]))

    return tree.finish(sheet(tree, 513, 5, place, material))


def build_track_tree(
    tartan: bpy.types.Material,
    line: bpy.types.Material,
    grass: bpy.types.Material,
    segment: bpy.types.Material,
) -> bpy.types.NodeTree:
    """Return the tree of the modifier "Stadium Track".

    A track of lanes with its finish and staggered starts, grass in it, and segments at the ends of the grass.
    Runners go around counter-clockwise and finish at the south end of the western straight.
    """
    tree = Tree.geometry(TRACK)
    tree.interface("Geometry", "NodeSocketGeometry")
    tree.interface("Lanes", "NodeSocketInt", default=8)
    for name, default in (
        ("Lane Width", 1.22),
        ("Radius", 36.5),
        ("Straight", 84.39),
        ("Grass Length", 112.0),
    ):
        tree.interface(name, "NodeSocketFloat", default=default)
    tree.interface("Geometry", "NodeSocketGeometry", "OUTPUT")
    own = tree.group_input().outputs
    lanes, width, radius = own["Lanes"], own["Lane Width"], own["Radius"]
    half = tree.math("MULTIPLY", own["Straight"], 0.5)
    grass_half = tree.math("MULTIPLY", own["Grass Length"], 0.5)
    end = tree.math("ADD", half, radius)

    def oval(share: Socket, out: Value, height: float) -> Socket:
        # From the south: where the straights begin the sign may be either, which is on the line too.
        angle = tree.math("MULTIPLY_ADD", share, 2 * math.pi, -math.pi / 2)
        sine, reach = tree.math("SINE", angle), tree.math("ADD", radius, out)
        y = tree.math("MULTIPLY_ADD", sine, reach, tree.math("MULTIPLY", tree.math("SIGN", sine), half))
        return tree.combine(tree.math("MULTIPLY", tree.math("COSINE", angle), reach), y, height)

    across = tree.math("MULTIPLY", lanes, width)
    surface = sheet(
        tree,
        257,
        2,
        lambda share, through: oval(share, tree.math("MULTIPLY", through, across), TRACK_LEVEL),
        tartan,
    )
    return tree.finish(
        join(
            tree,
            [
                surface,
                _lane_lines(tree, lanes, width, oval, line),
                *_marks(tree, lanes, width, radius, half, line),
                _infield(
                    tree, radius, half, (tree.math("MULTIPLY", grass_half, -1.0), grass_half), grass, 0.0
                ),
                _infield(tree, radius, half, (grass_half, end), segment, TRACK_LEVEL),
                _infield(
                    tree,
                    radius,
                    half,
                    (tree.math("MULTIPLY", end, -1.0), tree.math("MULTIPLY", grass_half, -1.0)),
                    segment,
                    TRACK_LEVEL,
                ),
                _kerb(tree, oval, line),
            ],
        )
    )


def _lane_lines(tree: Tree, lanes: Socket, width: Socket, oval: Oval, line: bpy.types.Material) -> Socket:
    """Return the lines between the lanes: every other strip of a sheet."""
    count = tree.math("MULTIPLY_ADD", lanes, 2.0, 2.0)

    def place(share: Socket, through: Socket) -> Socket:
        step = tree.math("ROUND", tree.math("MULTIPLY", through, tree.math("SUBTRACT", count, 1.0)))
        number = tree.math("FLOOR", tree.math("MULTIPLY", step, 0.5))
        side = tree.math("MULTIPLY_ADD", tree.math("MODULO", step, 2.0), LINE, -LINE)
        return oval(share, tree.math("MULTIPLY_ADD", number, width, side), TRACK_LEVEL + PAINT)

    strips = sheet(tree, 257, count, place, line)
    face = tree.math("MODULO", tree.out("GeometryNodeInputIndex"), tree.math("SUBTRACT", count, 1.0))
    between = tree.math("MODULO", face, 2.0)
    return tree.out("GeometryNodeDeleteGeometry", strips, between, domain="FACE")


def _kerb(tree: Tree, oval: Oval, line: bpy.types.Material) -> Socket:
    """Return the raised edge inside the first lane."""
    steps = 257

    def place(_: Socket, step: Socket) -> Socket:
        return oval(tree.math("DIVIDE", step, float(steps - 1)), -0.1, 0.02)

    return beams(tree, 1, steps, place, (0.1, 0.1), line)


def _marks(
    tree: Tree, lanes: Socket, width: Socket, radius: Socket, half: Socket, line: bpy.types.Material
) -> list[Socket]:
    """Return the finish, and the starts over one round and half a round, later in each lane further out."""

    def starts(rounds: float, turned: float) -> Socket:
        def place(lane: Socket, step: Socket) -> Socket:
            inner = tree.math("MULTIPLY_ADD", lane, width, radius)
            ahead = tree.math("MULTIPLY", tree.math("MULTIPLY", lane, width), 2 * math.pi * rounds)
            angle = tree.math("ADD", tree.math("DIVIDE", ahead, inner), turned)
            reach = tree.math("MULTIPLY_ADD", step, tree.math("SUBTRACT", width, LINE), inner)
            sine = tree.math("SINE", angle)
            past = tree.math("MULTIPLY", half, -1.0 if turned else 1.0)
            return tree.combine(
                tree.math("MULTIPLY", tree.math("COSINE", angle), reach),
                tree.math("MULTIPLY_ADD", sine, reach, past),
                TRACK_LEVEL + PAINT,
            )

        return beams(tree, lanes, 2, place, (LINE, 0.012), line)

    def finish(_: Socket, step: Socket) -> Socket:
        reach = tree.math("MULTIPLY_ADD", step, tree.math("MULTIPLY", lanes, width), radius)
        low = tree.math("MULTIPLY", half, -1.0)
        return tree.combine(tree.math("MULTIPLY", reach, -1.0), low, TRACK_LEVEL + PAINT)

    return [starts(1.0, math.pi), starts(0.5, 0.0), beams(tree, 1, 2, finish, (2 * LINE, 0.016), line)]


def _infield(
    tree: Tree,
    radius: Socket,
    half: Socket,
    reach: tuple[Socket, Socket],
    material: bpy.types.Material,
    height: float,
) -> Socket:
    """Return a part of the ground inside the track, between two lines across."""

    def place(share: Socket, through: Socket) -> Socket:
        y = tree.math("MULTIPLY_ADD", share, tree.math("SUBTRACT", reach[1], reach[0]), reach[0])
        past = tree.math("MAXIMUM", tree.math("SUBTRACT", tree.math("ABSOLUTE", y), half), 0.0)
        rest = tree.math("SUBTRACT", tree.math("MULTIPLY", radius, radius), tree.math("MULTIPLY", past, past))
        wide = tree.math("SQRT", tree.math("MAXIMUM", rest, 0.0))
        x = tree.math("MULTIPLY", tree.math("MULTIPLY_ADD", through, 2.0, -1.0), wide)
        return tree.combine(x, y, height)

    return sheet(tree, 97, 3, place, material)
