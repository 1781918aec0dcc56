"""The roof over the stands."""

from __future__ import annotations

import bpy
import numpy as np

from ...kernels.bowl import Bowl
from ...kernels.bowl_roof import lowest_roof
from ...kernels.bowl_tiers import HEAD_ROOM, row_depths, row_heights
from ..meshes import point_object
from ..nodes.arena_materials import roof_paint
from ..nodes.stadium_roof import FRAME, ROOF, build_frame_tree, build_roof_tree
from .follow import follow, set_input

TRUSS_DEPTH = 4.2
"""Metres of steel below the skin, where the heads of the people leave so much."""


def truss_depth(bowl: Bowl) -> float:
    """Return how deep the steel below the roof may be, so that it clears the heads in all rows, metres."""
    rows = [(row_depths(tier), row_heights(tier, bowl.focus)) for tier in bowl.tiers]
    free = min(float((lowest_roof(bowl, depths) - heights).min()) for depths, heights in rows)
    # The chord itself, and what it hangs below the skin by.
    return float(np.clip(free - HEAD_ROOM - 1.2, 0.3, TRUSS_DEPTH))


def build_roof(
    bowl: Bowl, plan: bpy.types.Object, collection: bpy.types.Collection, lit: float = 0.0
) -> None:
    """Build the objects "Roof" and "Roof Frame", whose modifiers follow the plan; of no roof, nothing.

    The frame takes its measures from the roof: who changes an input of its modifier "Stadium Roof" changes
    both. `lit` is the radiance, in the scene's units, of light that is thrown up at its underside.
    """
    roof = bowl.roof
    if roof.kind == "none":
        return
    paint = roof_paint(roof.kind, lit)
    skin = point_object("Roof", np.zeros((0, 3)), collection)
    modifier = skin.modifiers.new(ROOF, "NODES")
    modifier.node_group = build_roof_tree(roof.kind, paint)
    set_roof_inputs(modifier, bowl, plan)
    steel = point_object("Roof Frame", np.zeros((0, 3)), collection)
    below = steel.modifiers.new(FRAME, "NODES")
    below.node_group = build_frame_tree(roof.kind, paint)
    follow(below, skin, modifier)
    # Thin steel would draw hard stripes over the picture that the section makes.
    steel.visible_shadow = False


def set_roof_inputs(modifier: bpy.types.NodesModifier, bowl: Bowl, plan: bpy.types.Object) -> None:
    """Set a modifier's inputs to the measures of the roof."""
    roof = bowl.roof
    for name, value in (
        ("Plan", plan),
        ("Rim", bowl.rim),
        ("Inward", roof.inward),
        ("Outward", roof.outward),
        ("Height", roof.height),
        ("Bays", roof.bays),
        ("First", roof.first),
        ("Last", roof.last),
        ("Truss Depth", truss_depth(bowl)),
    ):
        set_input(modifier, name, value)
