"""The measures of a show's stadium: those of its preset, with what the show changes of them."""

from __future__ import annotations

import functools
import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from ..kernels import bowl
from ..kernels.bowl_plan import LEAST_CORNER, edge, least_radius, plan_problem
from ..kernels.bowl_presets import PRESETS
from ..kernels.bowl_roof import lowest_roof
from ..kernels.bowl_seats import all_around, blocks, seats
from ..kernels.bowl_tiers import HEAD_ROOM, bowl_top, row_depths, row_heights, tier_top
from .errors import YamlPath

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from . import schema_stadium as schema

SLAB = 0.6
"""Metres of concrete under a tier that lies over another."""
NARROWEST_SEAT, WIDEST_SEAT = 0.45, 0.75
"""Metres: seats are 45 cm wide at least (FIFA's and the *Green Guide*'s least); wider ones are armchairs."""
_FIRST_FRONT, _WALL = 1.5, 1.5
_FEW_ROWS = 12


class StadiumError(ValueError):
    """Measures of which no stadium can be built.

    Attributes
    ----------
    at : tuple of str and int
        Where in ``stadium`` the cause stands.
    allowed : str
        What may stand there; empty when the message says it.
    """

    def __init__(self, message: str, at: YamlPath, allowed: str = "") -> None:
        self.at = at
        self.allowed = allowed
        super().__init__(message)


@functools.lru_cache(maxsize=64)
def bowl_of(stadium: schema.Stadium) -> bowl.Bowl:
    """Return the measures of a show's stadium.

    Parameters
    ----------
    stadium : Stadium
        As ``show.stadium``.

    Returns
    -------
    Bowl
        Equal for shows that say the same; hashable.

    Raises
    ------
    StadiumError
        When the plan, the tiers, the roof and the seats do not go together.
    """
    preset = PRESETS[stadium.preset]
    plan = _plan(preset.plan, stadium.plan)
    made = replace(preset, plan=plan)
    if stadium.tiers is not None:
        made = replace(made, tiers=_tiers(made, stadium.tiers))
    _check_tiers(made, stadium)
    made = replace(made, roof=_roof(made, stadium.roof))
    _check_roof(made, stadium)
    made = replace(made, floor=_floor(made, stadium.floor), fittings=_fittings(made, stadium.fittings))
    return replace(made, seat_width=_seat_width(made, stadium.seats)) if stadium.seats is not None else made


def _given(model: Any, *names: str) -> dict[str, Any]:
    """Return those of the fields that have a value."""
    return {name: getattr(model, name) for name in names if getattr(model, name) is not None}


def _plan(preset: bowl.Plan, change: schema.Plan) -> bowl.Plan:
    shape = change.shape or preset.shape
    belongs = {
        "exponent": ("superellipse",),
        "corner": ("rounded_rectangle", "polygon"),
        "points": ("polygon",),
    }
    for name, shapes in belongs.items():
        if getattr(change, name) is not None and shape not in shapes:
            raise StadiumError(
                f"{name!r} does not go with the plan {shape!r}, only with {', '.join(shapes)}", ("plan", name)
            )
    if shape == "polygon":
        for name in ("width", "length"):
            if getattr(change, name) is not None:
                raise StadiumError(f"{name!r} does not go with 'points', which say it", ("plan", name))
        points = change.points or ()
        if not points:
            raise StadiumError("the plan 'polygon' needs 'points', the corners", ("plan", "shape"))
        array = np.abs(np.array(points))
        half_width, half_length = float(array[:, 0].max()), float(array[:, 1].max())
    else:
        points = ()
        half_width = preset.half_width if change.width is None else change.width / 2
        half_length = preset.half_length if change.length is None else change.length / 2
    exponent = change.exponent or (preset.exponent if preset.shape == shape else 2.5)
    usual = preset.corner if preset.shape == shape else 0.3 * min(half_width, half_length)
    made = bowl.Plan(
        shape=shape,
        half_width=half_width,
        half_length=half_length,
        exponent=exponent if shape == "superellipse" else 2.0,
        corner=(change.corner or max(usual, LEAST_CORNER)) if shape in belongs["corner"] else 0.0,
        points=points,
    )
    wrong = plan_problem(made)
    if wrong:
        sharp = shape == "polygon" and plan_problem(replace(made, corner=LEAST_CORNER)) is not None
        raise StadiumError(wrong, ("plan", "points" if sharp else "corner"))
    return made


def _tiers(made: bowl.Bowl, changes: tuple[schema.Tier, ...]) -> tuple[bowl.Tier, ...]:
    if not changes:
        raise StadiumError(
            "a stadium has at least one tier of seats; leave 'tiers' out for those of the preset", ("tiers",)
        )
    tiers: list[bowl.Tier] = []
    for number, change in enumerate(changes):
        first, last = _way(made.plan, change.from_, change.to)
        below = [tier for tier in tiers if not _side_by_side(tier, replace(tier, first=first, last=last))]
        before = below[-1] if below else None
        depth, height = change.depth, change.front_height
        if depth is None:
            depth = before.depth + before.rows * before.row_pitch + before.gangway if before else 0.0
        if height is None:
            height = tier_top(before, made.focus) + _WALL if before else _FIRST_FRONT
        tier = bowl.Tier(
            rows=change.rows,
            row_pitch=change.row_pitch,
            depth=depth,
            front_height=height,
            c_value=change.c_value,
            first=first,
            last=last,
            block=change.block,
            aisle=change.aisle,
            balustrade=change.balustrade,
            gangway=change.gangway,
        )
        count = blocks(made, tier).count
        openings = change.vomitories
        if openings is None:
            openings = count // 2 if change.rows >= _FEW_ROWS else 0
        if openings > count:
            raise StadiumError(
                f"{openings} openings do not go into the {count} blocks between the aisles; "
                f"at most {count} do, or make the blocks shorter",
                ("tiers", number, "vomitories"),
            )
        row = change.vomitory_row or max(change.rows // 3, 1)
        if row > change.rows:
            raise StadiumError(
                f"the tier has no row {row}, only {change.rows}", ("tiers", number, "vomitory_row")
            )
        tiers.append(replace(tier, vomitories=openings, vomitory_row=row - 1))
    return tuple(tiers)


def _way(plan: bowl.Plan, begin: float | None, end: float | None) -> tuple[float, float]:
    """Return shares around from angles about the field's centre."""
    if begin is None or end is None or end - begin >= 2 * math.pi - 1e-9:
        return 0.0, 1.0
    points = edge(plan).points
    angles = np.unwrap(np.arctan2(points[:, 1], points[:, 0]))
    angles = np.append(angles, angles[0] + 2 * math.pi)
    shares = np.linspace(0.0, 1.0, len(angles))
    way = []
    for angle in (begin, end):
        rounds = math.floor(angle / (2 * math.pi))
        way.append(rounds + float(np.interp(angle - 2 * math.pi * rounds, angles, shares)))
    return way[0], way[1]


def _name(number: int) -> str:
    return f"tier {number + 1}"


def _side_by_side(one: bowl.Tier, other: bowl.Tier) -> bool:
    """Tell whether two tiers lie in different parts of the way around."""
    if all_around(one) or all_around(other):
        return False
    return all(
        one.last + turn <= other.first + 1e-9 or other.last <= one.first + turn + 1e-9 for turn in (-1, 0, 1)
    )


def _check_tiers(made: bowl.Bowl, stadium: schema.Stadium) -> None:
    """Refuse tiers whose rows are in each other, or so low over one another that nobody can stand."""
    for upper in range(1, len(made.tiers)):
        for lower in range(upper):
            above, below = made.tiers[upper], made.tiers[lower]
            ends = [tier.depth + tier.rows * tier.row_pitch for tier in (below, above)]
            if _side_by_side(above, below) or min(ends) <= max(above.depth, below.depth) + 1e-6:
                continue
            room = _room_between(made, below, above)
            if room >= HEAD_ROOM + SLAB - 1e-9:
                continue
            gap = HEAD_ROOM + SLAB - room
            raise StadiumError(
                f"{_name(upper)} overlaps {_name(lower)}, which reaches from {below.depth:g} m to "
                f"{ends[0]:g} m behind the arena's edge: put its depth at {ends[0]:g} m or more, "
                f"or its front_height at {math.ceil(10 * (above.front_height + gap)) / 10:g} m, above it",
                ("tiers", upper, "depth") if _has(stadium, upper, "depth") else ("tiers", upper),
            )


def _has(stadium: schema.Stadium, tier: int, name: str) -> bool:
    return stadium.tiers is not None and getattr(stadium.tiers[tier], name) is not None


def _room_between(made: bowl.Bowl, below: bowl.Tier, above: bowl.Tier) -> float:
    """Return how far the upper tier lies above the lower at least, where both have rows, metres."""
    low, high = row_depths(below), row_depths(above)
    treads, upper = row_heights(below, made.focus), row_heights(above, made.focus)
    reach = (below.row_pitch + above.row_pitch) / 2
    both = np.abs(low[:, None] - high) < reach
    room: float = float(np.where(both, upper - treads[:, None], np.inf).min())
    return room


def _roof(made: bowl.Bowl, change: schema.Roof) -> bowl.Roof:
    preset = made.roof
    kind = change.kind or preset.kind
    sizes = _given(change, "inward", "outward", "height", "bays")
    if kind == "none":
        for name in (*sizes, *(("from",) if change.from_ is not None else ())):
            raise StadiumError(f"{name!r} does not go with no roof; say its kind", ("roof", name))
        return bowl.Roof()
    if preset.kind == "none":
        preset = bowl.Roof(
            inward=0.9 * made.rim, outward=4.0, height=math.ceil(bowl_top(made) * 1.2 + 5), bays=48
        )
    first, last = preset.first, preset.last
    if change.from_ is not None:
        first, last = _way(made.plan, change.from_, change.to)
    return replace(preset, kind=kind, first=first, last=last, **sizes)


def _check_roof(made: bowl.Bowl, stadium: schema.Stadium) -> None:
    """Refuse a roof that crosses itself over the field, and tiers that stick out of it."""
    roof = made.roof
    if roof.kind == "none":
        return
    farthest = made.rim + least_radius(made.plan)
    if roof.inward > farthest:
        raise StadiumError(
            f"a roof that reaches {roof.inward:g} m inward crosses itself over the field: "
            f"at most {math.floor(farthest * 10) / 10:g} m does not",
            ("roof", "inward"),
        )
    for number, tier in enumerate(made.tiers):
        if _side_by_side(tier, replace(tier, first=roof.first, last=roof.last)):
            continue
        heights = row_heights(tier, made.focus) + HEAD_ROOM
        over: NDArray[np.float64] = lowest_roof(made, row_depths(tier))
        row = int((over - heights).argmin())
        if over[row] < heights[row]:
            needed = math.ceil(10 * roof.height * float((heights / over).max())) / 10
            at: YamlPath = ("tiers", number) if stadium.tiers is not None else ("roof", "height")
            raise StadiumError(
                f"{_name(number)} is above the roof: row {row + 1} is {heights[row] - HEAD_ROOM:.1f} m up "
                f"and needs {HEAD_ROOM:g} m over it, but the roof is {over[row]:.1f} m high there; "
                f"give the roof a height of {needed:g} m, or the tier fewer rows",
                at,
            )


def _floor(made: bowl.Bowl, change: schema.Floor) -> bowl.Floor:
    preset = made.floor
    kind = change.kind or preset.kind
    if change.lanes is not None and kind != "athletics":
        raise StadiumError("'lanes' are those of a track, of the floor 'athletics'", ("floor", "lanes"))
    reach = np.abs(edge(made.plan).points).max(axis=0)
    sides = []
    for name, usual, most in (
        ("width", preset.half_width, float(reach[0])),
        ("length", preset.half_length, float(reach[1])),
    ):
        wanted = getattr(change, name)
        if wanted is not None and wanted / 2 > most + 1e-9:
            raise StadiumError(
                f"the floor cannot be {wanted:g} m in {name}: the arena is {2 * most:.1f} m", ("floor", name)
            )
        sides.append(min(usual, 0.95 * most) if wanted is None else wanted / 2)
    lanes = change.lanes or preset.lanes or 8
    return bowl.Floor(kind, sides[0], sides[1], lanes if kind == "athletics" else 0)


def _fittings(made: bowl.Bowl, change: schema.Fittings) -> bowl.Fittings:
    names = ("floodlights", "floodlight_height", "scoreboards", "tunnel", "torch")
    return replace(made.fittings, **_given(change, *names))


def _seat_width(made: bowl.Bowl, wanted: int) -> float:
    """Return how wide seats are of which so many fit, whole millimetres."""
    most = seats(replace(made, seat_width=NARROWEST_SEAT))
    if wanted > most:
        raise StadiumError(
            f"{wanted:,} seats do not fit: at most {most:,} do, {NARROWEST_SEAT * 100:g} cm wide each",
            ("seats",),
        )
    narrow, wide = round(NARROWEST_SEAT * 1000), round(WIDEST_SEAT * 1000)
    while narrow < wide:
        middle = (narrow + wide + 1) // 2
        if seats(replace(made, seat_width=middle / 1000)) >= wanted:
            narrow = middle
        else:
            wide = middle - 1
    return narrow / 1000
