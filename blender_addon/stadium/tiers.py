"""The stands: an object for each tier, and the outer wall."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import bpy
import numpy as np

from ...kernels.bowl import Bowl, Tier
from ...kernels.bowl_seats import blocks
from ..meshes import point_object
from ..nodes import stadium_materials as materials
from ..nodes.stadium_rows import LOWER, MODIFIER
from ..nodes.stadium_tier import build_tier_tree
from .follow import follow, set_input
from .walls import build_outer_walls, uncovered

BENCH_WIDTH = 0.47
"""Metres: where seats are narrower than this, they are benches without backs."""
#: Near hues of the seats, invented; which block has which is by chance.
SEATS = ((0.040, 0.105, 0.215), (0.052, 0.135, 0.245), (0.034, 0.086, 0.180))
BENCHES = ((0.44, 0.45, 0.45), (0.40, 0.41, 0.42))


def build_tiers(
    bowl: Bowl,
    plan: bpy.types.Object,
    section_half_width: float,
    collection: bpy.types.Collection,
    glow: float = 0.0,
) -> list[bpy.types.Object]:
    """Build the stands: objects "Tier 1", "Tier 2" … from the lowest up, and "Outer Wall".

    Each has a modifier whose inputs are the tier's measures; what stands on a tier follows them.

    Parameters
    ----------
    bowl : Bowl
    plan : bpy.types.Object
        The object "Plan".
    section_half_width : float
        Metres to both sides of the east that have no aisles and openings; 0 for none.
    collection : bpy.types.Collection
    glow : float
        Radiance, in the scene's units, of lit rooms and ways in; 0 by day.

    Returns
    -------
    list of bpy.types.Object
        The tiers.
    """
    tree = build_tier_tree()
    palette = _palette(bowl, glow)
    things: list[bpy.types.Object] = []
    for number, tier in enumerate(bowl.tiers, 1):
        thing = point_object(f"Tier {number}", np.zeros((0, 3)), collection)
        modifier = thing.modifiers.new(MODIFIER, "NODES")
        modifier.node_group = tree
        values = tier_values(bowl, tier, plan, section_half_width)
        values |= {"Seat Width": bowl.seat_width, "Backrest": 0.0 if bowl.seat_width < BENCH_WIDTH else 0.38}
        for name, value in (values | palette).items():
            set_input(modifier, name, value)
        set_input(modifier, f"{LOWER}Rows", 0)
        below = _below(bowl.tiers[: number - 1], tier)
        if below is not None:
            follow(modifier, things[below], things[below].modifiers[MODIFIER], LOWER)
        things.append(thing)
    build_outer_walls(bowl, things, collection, palette, glow)
    return things


def _below(tiers: Sequence[Tier], tier: Tier) -> int | None:
    """Return which tier lies under the whole of another: the highest that does."""
    under = [
        number
        for number, other in enumerate(tiers)
        if not uncovered((tier.first, tier.last), [(other.first, other.last)])
    ]
    return under[-1] if under else None


def tier_values(bowl: Bowl, tier: Tier, plan: bpy.types.Object, section_half_width: float) -> dict[str, Any]:
    """Return the inputs of a tier by their names: `nodes.stadium_rows.TIER_INPUTS`."""
    return {
        "Plan": plan,
        "Depth": tier.depth,
        "Front Height": tier.front_height,
        "Rows": tier.rows,
        "Row Pitch": tier.row_pitch,
        "C-Value": tier.c_value,
        "Focus": bowl.focus,
        "First": tier.first,
        "Last": tier.last,
        "Blocks": blocks(bowl, tier).count,
        "Aisle Width": tier.aisle,
        "Vomitories": tier.vomitories,
        "Vomitory Row": tier.vomitory_row,
        "Balustrade": tier.balustrade,
        "Gangway": tier.gangway,
        "Section Half Width": section_half_width,
    }


def _palette(bowl: Bowl, glow: float) -> dict[str, bpy.types.Material]:
    colours = BENCHES if bowl.seat_width < BENCH_WIDTH else SEATS
    return {
        "Concrete": materials.concrete("Concrete", (0.36, 0.35, 0.33)),
        "Seats": materials.seats("Seats", colours),
        "Stairs": materials.stairs("Stairs", (0.58, 0.57, 0.54), (0.62, 0.50, 0.16)),
        "Wall": materials.painted("Stand Wall", (0.50, 0.49, 0.46)),
        "Band": materials.painted("Stand Band", (0.36, 0.06, 0.055)),
        "Rail": materials.painted("Rail", (0.42, 0.43, 0.44)),
        "Dark": materials.way_in("Way In", glow),
    }
