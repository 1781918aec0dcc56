"""The outer wall behind the stands, with the concourse's storeys."""

from __future__ import annotations

from collections.abc import Mapping

import bpy
import numpy as np

from ...kernels.bowl import Bowl
from ...kernels.bowl_tiers import tier_top
from ..meshes import point_object
from ..nodes import stadium_materials as materials
from ..nodes.stadium_rows import MODIFIER as TIER_MODIFIER
from ..nodes.stadium_walls import MODIFIER, build_outer_wall_tree
from .follow import follow, set_input

STOREY = 5.2
"""Metres of a storey, about."""
HOUSE = 3.2
"""Metres by which the concourse's back house stands over the last row."""
_LEAST_HOUSE = 2.5


def build_outer_walls(
    bowl: Bowl,
    tiers: list[bpy.types.Object],
    collection: bpy.types.Collection,
    palette: Mapping[str, bpy.types.Material],
    glow: float,
) -> None:
    """Build the wall behind each tier that has no other behind it, where it has none.

    Parameters
    ----------
    bowl : Bowl
    tiers : list of bpy.types.Object
        As from `build_tiers`; the walls follow them.
    collection : bpy.types.Collection
    palette : mapping of bpy.types.Material
        Materials by the names of the modifiers' inputs.
    glow : float
        Radiance of lit rooms.
    """
    tree = build_outer_wall_tree()
    own = {
        "Slab": materials.painted("Slab", (0.62, 0.61, 0.58)),
        "Rib": materials.painted("Rib", (0.66, 0.65, 0.62)),
        "Glazing": materials.glazing("Glazing", glow),
    }
    for number, (tier, thing) in enumerate(zip(bowl.tiers, tiers, strict=True)):
        for first, last in uncovered(
            (tier.first, tier.last), [(other.first, other.last) for other in bowl.tiers[number + 1 :]]
        ):
            wall = point_object("Outer Wall", np.zeros((0, 3)), collection)
            modifier = wall.modifiers.new(MODIFIER, "NODES")
            modifier.node_group = tree
            whole = (first, last) == (tier.first, tier.last)
            follow(
                modifier, thing, thing.modifiers[TIER_MODIFIER], without=() if whole else ("First", "Last")
            )
            if not whole:
                set_input(modifier, "First", first)
                set_input(modifier, "Last", last)
            walk = bowl.concourse - tier.gangway
            house = HOUSE if walk > _LEAST_HOUSE else 1.2
            top = tier_top(tier, bowl.focus) + house
            set_input(modifier, "Concourse", bowl.concourse)
            set_input(modifier, "House", house)
            set_input(modifier, "Storeys", max(round(top / STOREY), 1))
            set_input(modifier, "Lean", 9.0 if bowl.roof.kind == "petals" else min(2.5, 0.08 * top))
            for name in ("Wall", "Band", "Concrete", "Dark", "Rail"):
                set_input(modifier, name, palette[name])
            for name, material in own.items():
                set_input(modifier, name, material)


def uncovered(way: tuple[float, float], others: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return the stretches of a way around that no other covers; shares, of which whole numbers are alike."""
    left = [way]
    for first, last in others:
        if last - first >= 1 - 1e-9:
            return []
        for turn in (-1.0, 0.0, 1.0):
            low, high = first + turn, last + turn
            left = [
                piece
                for start, end in left
                for piece in ((start, min(end, low)), (max(start, high), end))
                if piece[1] - piece[0] > 1e-6 and piece[0] < end and piece[1] > start
            ]
    return left
