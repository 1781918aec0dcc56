"""The object "Plan", on which the whole stadium stands."""

from __future__ import annotations

import bpy
import numpy as np

from ...kernels.bowl import Bowl
from ...kernels.bowl_plan import edge
from ..meshes import point_object
from ..nodes.stadium_plan import MODIFIER, OUTWARD, build_plan_tree
from .follow import set_input


def build_plan(bowl: Bowl, collection: bpy.types.Collection) -> bpy.types.Object:
    """Build the object "Plan", whose modifier "Stadium Plan" makes the arena's edge as a curve.

    All parts of the stadium follow it. A polygon's curve is its mesh, since the kernel rounds the corners.
    """
    plan = bowl.plan
    points, normals = np.zeros((0, 3)), np.zeros((0, 3))
    if plan.shape == "polygon":
        curve = edge(plan)
        points, normals = (np.pad(array, ((0, 0), (0, 1))) for array in (curve.points, curve.normals))
    thing = point_object("Plan", points, collection, **{OUTWARD: normals})
    modifier = thing.modifiers.new(MODIFIER, "NODES")
    modifier.node_group = build_plan_tree()
    set_input(modifier, "Shape", plan.shape.replace("_", " ").title())
    set_input(modifier, "Half Width", plan.half_width)
    set_input(modifier, "Half Length", plan.half_length)
    set_input(modifier, "Exponent", max(plan.exponent, 2.0))
    set_input(modifier, "Corner", plan.corner)
    return thing
