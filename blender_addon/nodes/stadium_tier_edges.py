"""What a tier ends in: its openings, railing, walk and walls, and the wall before it."""

from __future__ import annotations

from collections.abc import Mapping

from ...kernels.bowl import VOMITORY_ROWS, VOMITORY_WIDTH
from .stadium_plan import plan_point
from .stadium_rows import LOWER, row_depth, row_height, tier_interface
from .stadium_stations import Stations
from .stadium_sweep import (
    BAY,
    along_bowl,
    both,
    box,
    choose,
    equal,
    instances,
    join,
    lattice,
    listed,
    of_material,
    opposite,
    placed,
    sweep,
    whole,
    without,
)
from .tree import Socket


def openings(tier: Stations) -> Socket:
    """Return the openings: walls and a parapet about a dark way in."""
    tree = tier.tree
    wanted = whole(tree, "MINIMUM", tier.inputs["Vomitories"], tier.blocks)
    index = tree.out("GeometryNodeInputIndex")
    block = tier.opening_block(index, whole(tree, "MAXIMUM", wanted, 1))
    share = tier.share(tree.math("ADD", block, 0.5))
    first = whole(tree, "MINIMUM", tier.inputs["Vomitory Row"], whole(tree, "SUBTRACT", tier.rows, 1))
    points, turn = along_bowl(tree, tier.way, wanted, row_depth(tree, tier.inputs, first), share)
    behind = whole(tree, "MINIMUM", whole(tree, "ADD", first, VOMITORY_ROWS), tier.rows)
    deep = tree.math("MULTIPLY", tier.pitch, whole(tree, "SUBTRACT", behind, first))
    floor = row_height(tree, tier.inputs, whole(tree, "MAXIMUM", whole(tree, "SUBTRACT", first, 1), 0))
    near = row_height(tree, tier.inputs, first)
    far = row_height(tree, tier.inputs, whole(tree, "MINIMUM", behind, whole(tree, "SUBTRACT", tier.rows, 1)))
    half, thick = VOMITORY_WIDTH / 2, 0.18
    guard = 0.95
    ramp = box(tree, (0.0, -half, tree.math("SUBTRACT", floor, 0.3)), (deep, half, floor))
    portal_foot = tree.math("SUBTRACT", deep, 0.35)
    portal = box(tree, (portal_foot, -half, floor), (deep, half, far))
    parapet = box(
        tree,
        (tree.math("SUBTRACT", deep, 0.4), -half, tree.math("SUBTRACT", far, 0.1)),
        (tree.math("ADD", deep, thick), half, tree.math("ADD", far, guard)),
    )
    walls = []
    for side in (-1.0, 1.0):
        y = sorted((side * half, side * (half - thick)))
        wall = box(
            tree, (0.0, y[0], floor), (tree.math("ADD", deep, thick), y[1], tree.math("ADD", far, guard))
        )
        walls.append(_sloped(tier, wall, near, far, deep, guard))
    concrete = of_material(tree, join(tree, [ramp, parapet, *walls]), tier.own["Wall"])
    # In the middle of a bay, clear of its piers.
    portal = tree.store(portal, "wall", (0.5, 0.0, 0.0), "FLOAT_VECTOR")
    dark = of_material(tree, portal, tier.own["Dark"])
    place = tree.out("GeometryNodeInputPosition")
    shown = opposite(tree, tier.on_section(place, VOMITORY_WIDTH / 2 + 0.4))
    thing = tree.out("GeometryNodeGeometryToInstance", join(tree, [concrete, dark]))
    return instances(tree, points, thing, turn, selection=shown)


def _sloped(tier: Stations, wall: Socket, near: Socket, far: Socket, deep: Socket, guard: float) -> Socket:
    """Return a wall whose top goes up with the rows."""
    tree = tier.tree
    x, y, z = tree.separate(tree.out("GeometryNodeInputPosition"))
    share = tree.math("DIVIDE", x, deep)
    line = tree.out("ShaderNodeMix", share, near, far, data_type="FLOAT")
    upper = tree.math("GREATER_THAN", z, tree.math("ADD", far, guard / 2))
    height = choose(tree, upper, tree.math("ADD", line, guard), z)
    return placed(tree, wall, tree.combine(x, y, height))


def gangway(tier: Stations) -> Socket:
    """Return the walk behind the last row."""
    end = tier.tree.math("ADD", tier.back, tier.inputs["Gangway"])
    return sweep(tier.tree, tier.way, [(tier.back, tier.top), (end, tier.top)], tier.own["Concrete"])


def balustrade(tier: Stations) -> Socket:
    """Return the railing before the first row: a low parapet, posts and rails.

    In a card section that goes on from the tier below there is none: it would be a line across the picture.
    """
    tree, front, depth = tier.tree, tier.inputs["Front Height"], tier.inputs["Depth"]
    height = tier.inputs["Balustrade"]
    outer, inner = (tree.math("ADD", depth, offset) for offset in (0.0, 0.12))
    parapet = tree.math("MULTIPLY_ADD", height, 0.28, front)
    bands = [
        sweep(
            tree,
            tier.way,
            [(outer, front), (outer, parapet), (inner, parapet), (inner, front)],
            tier.own["Wall"],
        )
    ]
    rail_near, rail_far = (tree.math("ADD", depth, offset) for offset in (0.03, 0.09))
    for share in (0.52, 0.76, 1.0):
        top = tree.math("MULTIPLY_ADD", height, share, front)
        low = tree.math("SUBTRACT", top, 0.05)
        corners = [(rail_near, low), (rail_near, top), (rail_far, top), (rail_far, low), (rail_near, low)]
        bands.append(sweep(tree, tier.way, corners, tier.own["Rail"]))
    count = tree.math("MAXIMUM", tree.math("ROUND", tree.math("DIVIDE", tier.length, 2.4)), 1.0)
    points, turn = along_bowl(tree, tier.way, count, tree.math("ADD", depth, 0.06))
    post = box(tree, (-0.025, -0.025, front), (0.025, 0.025, tree.math("ADD", front, height)))
    post = tree.out("GeometryNodeGeometryToInstance", of_material(tree, post, tier.own["Rail"]))
    inside = _in_picture(tier, tier_interface(tree, LOWER))
    rails = without(tree, join(tree, bands), inside)
    posts = instances(tree, points, post, turn, selection=opposite(tree, inside))
    wanted = tree.math("GREATER_THAN", height, 0.0)
    return choose(tree, wanted, join(tree, [rails, posts]), None, "GEOMETRY")


def _in_picture(tier: Stations, lower: Mapping[str, Socket]) -> Socket:
    """Tell whether a place is between two rows of one card section."""
    tree = tier.tree
    goes_on = tree.math("GREATER_THAN", lower["Rows"], 0.5)
    return both(tree, goes_on, tier.on_section(tree.out("GeometryNodeInputPosition"), 0.0))


def ends(tier: Stations) -> Socket:
    """Return the walls that close a stand that does not go all the way around."""
    tree = tier.tree
    grid = lattice(tree, whole(tree, "ADD", tier.rows, 2), 4)
    row = tree.math("MINIMUM", tree.math("MAXIMUM", tree.math("SUBTRACT", grid.line, 0.5), 0.0), tier.rows)
    last = whole(tree, "SUBTRACT", tier.rows, 1)
    seat = tree.math("MINIMUM", tree.math("FLOOR", row), last)
    behind = equal(tree, grid.line, whole(tree, "ADD", tier.rows, 1))
    depth = tree.math("MULTIPLY_ADD", behind, tier.inputs["Gangway"], row_depth(tree, tier.inputs, row))
    top = tree.math("ADD", row_height(tree, tier.inputs, seat), 1.0)
    # Down one face and up the next: the first end, then the last.
    up = listed(tree, grid.station, (0.0, 1.0, 1.0, 0.0))
    share = listed(
        tree, whole(tree, "DIVIDE_FLOOR", grid.station, 2), (tier.inputs["First"], tier.inputs["Last"])
    )
    place, _ = plan_point(tree, tier.inputs["Plan"], share, depth)
    height = tree.combine(z=tree.math("MULTIPLY", top, up))
    mesh = placed(tree, grid.mesh, tree.vector("ADD", place, height))
    mesh = without(tree, mesh, equal(tree, grid.face_station, 1))
    closed = of_material(tree, mesh, tier.own["Wall"])
    return choose(tree, tier.partial, closed, None, "GEOMETRY")


def front(tier: Stations) -> Socket:
    """Return what is before the tier: the arena's wall, or the wall up from the tier below.

    Where the tier overhangs the one below, that is its fascia, its underside and the wall in its shade.
    """
    tree, depth, height = tier.tree, tier.inputs["Depth"], tier.inputs["Front Height"]
    lower = tier_interface(tree, LOWER)
    none = tree.math("LESS_THAN", lower["Rows"], 0.5)
    lower_top = row_height(tree, lower, whole(tree, "SUBTRACT", lower["Rows"], 1))
    foot = choose(tree, none, 0.0, lower_top)
    lower_back = tree.math("ADD", row_depth(tree, lower, lower["Rows"]), lower["Gangway"])
    start = choose(tree, none, 0.0, lower_back)
    band = tree.math("MINIMUM", tree.math("SUBTRACT", height, foot), 1.2)
    band_foot = tree.math("SUBTRACT", height, band)
    far = tree.math("MAXIMUM", depth, start)
    shade = tree.math("ADD", far, tree.math("MULTIPLY", tree.math("GREATER_THAN", far, depth), 0.02))
    fascia = sweep(tree, tier.way, [(depth, band_foot), (depth, height)], tier.own["Band"])
    plain = {"Selection": _in_picture(tier, lower), "Material": tier.own["Concrete"]}
    fascia = tree.out("GeometryNodeSetMaterial", fascia, named=plain)
    wall = sweep(
        tree,
        tier.way,
        [(start, foot), (far, foot), (far, band_foot), (depth, band_foot)],
        tier.own["Wall"],
    )
    # What lies in the shade of an overhang: ways in to the concourse.
    middle = tree.math("ADD", foot, tree.math("MULTIPLY", tree.math("SUBTRACT", band_foot, foot), 0.8))
    over = tree.math("GREATER_THAN", tree.math("SUBTRACT", band_foot, foot), 2.2)
    over = both(tree, over, opposite(tree, none))
    ways_in = sweep(
        tree,
        tier.way,
        [
            (tree.math("SUBTRACT", shade, 0.06), tree.math("ADD", foot, 0.05)),
            (tree.math("SUBTRACT", shade, 0.06), middle),
        ],
        tier.own["Dark"],
        tree.math("ROUND", tree.math("DIVIDE", tier.length, BAY)),
    )
    return join(tree, [fascia, wall, choose(tree, over, ways_in, None, "GEOMETRY")])
