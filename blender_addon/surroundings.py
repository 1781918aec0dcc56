"""What lies around the stadium: plaza, park, trees, blocks of houses, to the horizon."""

from __future__ import annotations

import bpy
import numpy as np

from ..kernels.counter_random import Purpose, bits, uniform
from ..kernels.stadium import Bowl
from .figures import Figure, Part
from .meshes import Surface, add_nodes, figure_object, new_collection, point_object
from .nodes import materials
from .nodes.scatter import build_scatter

TREES = 2600
#: Angle of the street grid, radians, and its pitch, metres.
GRID_TURN, GRID_PITCH = 0.32, 44.0


def _tree_model(width: float, height: float) -> Figure:
    figure = Figure()
    figure.limb((0, 0, 0), (0, 0, 0.35 * height), (0.25, 0.2), Part.ACCENT, 4)
    figure.limb((0, 0, 0.22 * height), (0, 0, 0.6 * height), (0.6 * width, width), Part.COSTUME, 7)
    figure.limb((0, 0, 0.6 * height), (0, 0, height), (width, 0.25 * width), Part.COSTUME, 7)
    return figure


def build_surroundings(bowl: Bowl, seed: int, collection: bpy.types.Collection) -> None:
    """Build ground, plaza, trees and houses."""
    ground = Surface()
    turn = np.linspace(0, 2 * np.pi, 128, endpoint=False)

    def circle(radius: float, height: float) -> np.ndarray:
        return np.stack([radius * np.cos(turn), radius * np.sin(turn), np.full_like(turn, height)], -1)

    ground.band(circle(9000.0, -0.3), circle(1.0, -0.3), 0)
    ground.band(circle(bowl.half_length + bowl.rim + 95.0, -0.1), circle(1.0, -0.1), 1)
    slots = [
        materials.mottled("Park", (0.105, 0.16, 0.06), (0.17, 0.18, 0.11), 0.012),
        materials.mottled("Plaza", (0.40, 0.37, 0.33), (0.46, 0.43, 0.385), 0.05),
    ]
    collection.objects.link(bpy.data.objects.new("Ground", ground.mesh("Ground", slots)))
    _build_trees(bowl, seed, collection)
    _build_houses(bowl, seed, collection)


def _build_trees(bowl: Bowl, seed: int, collection: bpy.types.Collection) -> None:
    models = new_collection("Tree Models", collection, shown=False)
    leaves = materials.picked(
        "Leaves", ((0.05, 0.12, 0.03), (0.07, 0.15, 0.035), (0.10, 0.16, 0.04), (0.035, 0.09, 0.03)), 1.0
    )
    trunk = materials.matte("Trunk", (0.09, 0.06, 0.04))
    for k, (width, height) in enumerate(((2.6, 7.5), (3.4, 9.0), (2.0, 10.0))):
        figure_object(f"Tree {k}", _tree_model(width, height), [leaves, leaves, trunk], models)
    i = np.arange(TREES)
    share = [uniform(seed, Purpose.VARIATION, 200 + k, i) for k in range(4)]
    near = bowl.half_length + bowl.rim
    # Half in rings around the plaza, half over the park.
    radius = np.where(
        i % 2 == 0, near + 48 + 12.0 * (i % 5) + 3 * share[0], near + 100 + 640 * share[0] ** 0.8
    )
    angle = 2 * np.pi * share[1]
    places = np.stack([radius * np.cos(angle), radius * np.sin(angle), np.full(TREES, -0.2)], -1)
    size = 0.7 + 0.7 * share[2]
    points = point_object(
        "Trees",
        places,
        collection,
        heading=2 * np.pi * share[3],
        size=np.stack([size] * 3, -1),
        model=(bits(seed, Purpose.VARIATION, 210, i) % np.uint64(3)).astype(np.int64),
        person=share[3],
    )
    add_nodes(points, build_scatter("Park Trees", models))


def _build_houses(bowl: Bowl, seed: int, collection: bpy.types.Collection) -> None:
    models = new_collection("House Models", collection, shown=False)
    walls = materials.facade(
        "Houses",
        ((0.55, 0.50, 0.44), (0.48, 0.36, 0.28), (0.60, 0.58, 0.55), (0.35, 0.38, 0.42), (0.66, 0.60, 0.48)),
        (0.06, 0.08, 0.10),
    )
    roof = materials.picked("House Roofs", ((0.30, 0.29, 0.28), (0.40, 0.20, 0.14), (0.22, 0.24, 0.26)), 5.0)
    block = Figure()
    corners = [(-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)]
    for k in range(4):
        (x0, y0), (x1, y1) = corners[k], corners[(k + 1) % 4]
        block.quad([(x0, y0, 0), (x1, y1, 0), (x1, y1, 1), (x0, y0, 1)], Part.SKIN)
    block.quad([(x, y, 1) for x, y in corners], Part.COSTUME)
    figure_object("House 0", block, [walls, roof], models)
    side = 72
    column, row = np.divmod(np.arange(side * side), side)
    x, y = (column - side / 2) * GRID_PITCH, (row - side / 2) * GRID_PITCH
    x, y = x * np.cos(GRID_TURN) - y * np.sin(GRID_TURN), x * np.sin(GRID_TURN) + y * np.cos(GRID_TURN)
    i = np.arange(side * side)
    share = [uniform(seed, Purpose.VARIATION, 300 + k, i) for k in range(5)]
    distance = np.hypot(x, y)
    dense = np.clip((distance - 430) / 500, 0, 1) * 0.85
    kept = np.flatnonzero((distance > bowl.half_length + bowl.rim + 190) & (share[0] < dense))
    tall = 8 + 14 * share[1] + 60 * np.clip(share[2] - 0.86, 0, 1) * np.clip((distance - 600) / 600, 0, 1) * 6
    size = np.stack([16 + 20 * share[3], 16 + 20 * share[4], tall], -1)
    points = point_object(
        "Houses",
        np.stack([x, y, np.full_like(x, -0.2)], -1)[kept],
        collection,
        heading=np.full(len(kept), GRID_TURN),
        size=size[kept],
        model=np.zeros(len(kept), np.int64),
        person=share[1][kept],
    )
    add_nodes(points, build_scatter("City", models))
