"""A tier's terraces, the seats on them, and the stairs in its aisles."""

from __future__ import annotations

from .stadium_plan import plan_point
from .stadium_rows import row_depth, row_height
from .stadium_stations import Stations
from .stadium_sweep import (
    both,
    choose,
    either,
    equal,
    lattice,
    listed,
    of_material,
    placed,
    whole,
    without,
)
from .tree import Socket

#: The seat and its back: depth from the middle of the row, where people sit, and height above the tread; the
#: backrest's heights are shares of its own.
_PAN = ((-0.16, 0.34), (-0.15, 0.43), (0.19, 0.42))
_BACK = ((0.24, 0.2), (0.30, 1.0), (0.33, 1.0), (0.29, -0.05))
_SEAT_LINES = len(_PAN) + len(_BACK)
#: What `seat` tells of the profile's lines besides the row: 0.8 where a back is highest.
_ON_PROFILE = (0.1, 0.15, 0.4, 0.5, 0.8, 0.81, 0.3)
_PAN_HEIGHT = 0.42


def terraces(tier: Stations) -> Socket:
    """Return the steps on which the seats stand."""
    tree = tier.tree
    grid = lattice(tree, whole(tree, "MULTIPLY", tier.rows, 2), tier.stations)
    row = whole(tree, "DIVIDE_FLOOR", grid.line, 2)
    back = whole(tree, "MODULO", grid.line, 2)
    depth = row_depth(tree, tier.inputs, whole(tree, "ADD", row, back))
    place = tier.place(grid.station, row, depth)
    height = row_height(tree, tier.inputs, row)
    mesh = placed(tree, grid.mesh, tree.vector("ADD", place.position, tree.combine(z=height)))
    mesh = tree.store(mesh, "seat", tree.combine(0.0, row, place.block), "FLOAT_VECTOR")
    face_row = whole(tree, "DIVIDE_FLOOR", whole(tree, "ADD", grid.face_line, 1), 2)
    mesh = without(tree, mesh, tier.open_faces(grid, face_row))
    return of_material(tree, mesh, tier.own["Concrete"])


def seats(tier: Stations) -> Socket:
    """Return the seats: bands from aisle to aisle, on which `seat` counts seats, rows and blocks."""
    tree = tier.tree
    grid = lattice(tree, whole(tree, "MULTIPLY", tier.rows, _SEAT_LINES), tier.stations)
    row = whole(tree, "DIVIDE_FLOOR", grid.line, _SEAT_LINES)
    line = whole(tree, "MODULO", grid.line, _SEAT_LINES)
    middle = row_depth(tree, tier.inputs, tree.math("ADD", row, 0.5))
    depth = tree.math("ADD", middle, listed(tree, line, [point[0] for point in (*_PAN, *_BACK)]))
    backs = [tree.math("MULTIPLY_ADD", tier.own["Backrest"], share, _PAN_HEIGHT) for _, share in _BACK]
    above = listed(tree, line, [*(point[1] for point in _PAN), *backs])
    block, _ = tier.in_block(grid.station)
    count, length = _seats_in_block(tier, block, middle)
    width = tier.own["Seat Width"]
    margin = tree.math(
        "MULTIPLY", tree.math("MULTIPLY_ADD", count, tree.math("MULTIPLY", width, -1.0), length), 0.5
    )
    place = tier.place(grid.station, row, depth, margin)
    height = tree.math("ADD", row_height(tree, tier.inputs, row), above)
    mesh = placed(tree, grid.mesh, tree.vector("ADD", place.position, tree.combine(z=height)))
    # Seats are counted from the first, which the kernels too put next to the margin.
    half_aisle = tree.math("MULTIPLY", tier.inputs["Aisle Width"], 0.5)
    start = tree.math("ADD", half_aisle, margin)
    whole_length = tree.math("ADD", length, tier.inputs["Aisle Width"])
    along = tree.math("SUBTRACT", tree.math("MULTIPLY", place.in_block, whole_length), start)
    number = tree.math("DIVIDE", along, width)
    number = tree.math("MINIMUM", tree.math("MAXIMUM", number, 0.0), count)
    on_profile = tree.math("ADD", row, listed(tree, line, _ON_PROFILE))
    mesh = tree.store(mesh, "seat", tree.combine(number, on_profile, place.block), "FLOAT_VECTOR")
    last_line = whole(tree, "MODULO", grid.face_line, _SEAT_LINES)
    between = equal(tree, last_line, _SEAT_LINES - 1)
    face_row = whole(tree, "DIVIDE_FLOOR", grid.face_line, _SEAT_LINES)
    gone = either(tree, between, tier.aisle_faces(grid), tier.open_faces(grid, face_row))
    return of_material(tree, without(tree, mesh, gone), tier.own["Seats"])


def _seats_in_block(tier: Stations, block: Socket, depth: Socket) -> tuple[Socket, Socket]:
    """Return how many seats a row of a block has, and the metres between its aisles."""
    tree = tier.tree
    bounds = [tier.share(tree.math("ADD", block, end)) for end in (0.0, 1.0)]
    _, one = plan_point(tree, tier.inputs["Plan"], bounds[0], 0.0)
    _, other = plan_point(tree, tier.inputs["Plan"], bounds[1], 0.0)
    turn = tree.math("ARCCOSINE", tree.math("MINIMUM", tree.vector("DOT_PRODUCT", one, other), 1.0))
    front = tree.math("MULTIPLY", tree.math("DIVIDE", tier.span, tier.blocks), tier.edge)
    length = tree.math("MULTIPLY_ADD", depth, turn, front)
    length = tree.math("SUBTRACT", length, tier.inputs["Aisle Width"])
    fit = tree.math("FLOOR", tree.math("DIVIDE", length, tier.own["Seat Width"]))
    return tree.math("MAXIMUM", fit, 1.0), length


def stairs(tier: Stations) -> Socket:
    """Return the stairs in the aisles, two steps a row."""
    tree = tier.tree
    bounds = whole(tree, "ADD", tier.blocks, tier.partial)
    grid = lattice(tree, whole(tree, "MULTIPLY", tier.rows, 4), whole(tree, "MULTIPLY", bounds, 4))
    row = whole(tree, "DIVIDE_FLOOR", grid.line, 4)
    line = whole(tree, "MODULO", grid.line, 4)
    side = whole(tree, "MODULO", grid.station, 4)
    bound = whole(tree, "DIVIDE_FLOOR", grid.station, 4)
    depth = row_depth(tree, tier.inputs, tree.math("ADD", row, listed(tree, line, (0.0, 0.5, 0.5, 1.0))))
    position, outward = plan_point(tree, tier.inputs["Plan"], tier.share(bound), depth)
    half_aisle = tree.math("MULTIPLY", tier.inputs["Aisle Width"], 0.5)
    # At the ends of a stand, the half of an aisle.
    first = both(tree, equal(tree, bound, 0), tier.partial)
    last = both(tree, equal(tree, bound, tier.blocks), tier.partial)
    right = choose(tree, first, 0.0, -1.0)
    left = choose(tree, last, 0.0, 1.0)
    aside = tree.math("MULTIPLY", listed(tree, side, (right, right, left, left)), half_aisle)
    x, y, _ = tree.separate(outward)
    tangent = tree.combine(tree.math("MULTIPLY", y, -1.0), x)
    place = tree.vector("ADD", position, tree.vector("SCALE", tangent, aside))
    tread = row_height(tree, tier.inputs, row)
    # No step leads on from the last row.
    following = whole(tree, "MINIMUM", whole(tree, "ADD", row, 1), whole(tree, "SUBTRACT", tier.rows, 1))
    rise = tree.math("SUBTRACT", row_height(tree, tier.inputs, following), tread)
    step = tree.math("MULTIPLY", rise, listed(tree, line, (0.0, 0.0, 0.5, 0.5)))
    top = listed(tree, side, (0.0, 1.0, 1.0, 0.0))
    step = tree.math("MULTIPLY", tree.math("ADD", step, 0.015), top)
    height = tree.math("ADD", tread, step)
    mesh = placed(tree, grid.mesh, tree.vector("ADD", place, tree.combine(z=height)))
    nosing = listed(tree, line, (1.0, 0.0, 1.0, 0.0))
    mesh = tree.store(mesh, "seat", tree.combine(nosing, row, bound), "FLOAT_VECTOR")
    mesh = tree.store(mesh, "free", tier.on_section(position, half_aisle), "BOOLEAN")
    between = equal(tree, whole(tree, "MODULO", grid.face_station, 4), 3)
    gone = either(tree, between, tree.attribute("free", "BOOLEAN"))
    return of_material(tree, without(tree, mesh, gone), tier.own["Stairs"])


def handrails(tier: Stations) -> Socket:
    """Return the handrails in the middle of the aisles: over two rows, then a gap to step across."""
    tree = tier.tree
    bounds = whole(tree, "ADD", tier.blocks, tier.partial)
    rails = whole(tree, "MAXIMUM", whole(tree, "DIVIDE_FLOOR", tier.rows, 3), 1)
    grid = lattice(tree, whole(tree, "MULTIPLY", rails, 4), whole(tree, "MULTIPLY", bounds, 2))
    line = whole(tree, "MODULO", grid.line, 4)
    bound = whole(tree, "DIVIDE_FLOOR", grid.station, 2)
    # Up a post, along the rail, down the other post.
    start = whole(tree, "MULTIPLY", whole(tree, "DIVIDE_FLOOR", grid.line, 4), 3)
    row = whole(tree, "ADD", start, listed(tree, line, (0, 0, 2, 2), "INT"))
    depth = row_depth(tree, tier.inputs, tree.math("ADD", row, 0.2))
    position, outward = plan_point(tree, tier.inputs["Plan"], tier.share(bound), depth)
    side = listed(tree, whole(tree, "MODULO", grid.station, 2), (-0.025, 0.025))
    x, y, _ = tree.separate(outward)
    tangent = tree.combine(tree.math("MULTIPLY", y, -1.0), x)
    place = tree.vector("ADD", position, tree.vector("SCALE", tangent, side))
    height = tree.math("ADD", row_height(tree, tier.inputs, row), listed(tree, line, (0.0, 0.95, 0.95, 0.0)))
    mesh = placed(tree, grid.mesh, tree.vector("ADD", place, tree.combine(z=height)))
    half_aisle = tree.math("MULTIPLY", tier.inputs["Aisle Width"], 0.5)
    at_end = either(tree, equal(tree, bound, 0), equal(tree, bound, tier.blocks))
    free = either(tree, tier.on_section(position, half_aisle), both(tree, tier.partial, at_end))
    mesh = tree.store(mesh, "free", free, "BOOLEAN")
    between = either(
        tree,
        equal(tree, whole(tree, "MODULO", grid.face_station, 2), 1),
        equal(tree, whole(tree, "MODULO", grid.face_line, 4), 3),
    )
    gone = either(tree, between, tree.attribute("free", "BOOLEAN"))
    return of_material(tree, without(tree, mesh, gone), tier.own["Rail"])
