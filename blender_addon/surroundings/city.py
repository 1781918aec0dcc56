"""What lies around a stadium: a city, or a park, to the hills on the horizon; or open ground alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import bpy
import numpy as np

from ...kernels.bowl import Bowl
from ...kernels.city import City, build_city
from ...kernels.city_site import GROUND, lay_out
from ...kernels.city_trees import groves, trees
from ..light import Light
from ..meshes import new_collection
from ..nodes import city_materials, materials
from ..quality import Quality
from .building_models import MAKERS
from .ground import LOTS, build_bridges, build_land, build_lots, build_plaza, build_roads
from .solids import Solids
from .traffic import build_lamps, build_strollers, build_traffic, scattered
from .tree_models import grove_models, tree_models

Surroundings = Literal["city", "park", "none"]

#: How densely, and how far from the stadium, there are trees, lamps and vehicles.
FULLNESS: dict[Quality, float] = {"draft": 0.3, "standard": 0.65, "final": 1.0}


def build_surroundings(
    bowl: Bowl,
    light: Light,
    seed: int,
    detail: Quality,
    clock: bpy.types.NodeTree,
    collection: bpy.types.Collection,
    kind: Surroundings = "city",
) -> None:
    """Build what lies around a stadium.

    Parameters
    ----------
    bowl : Bowl
    light : Light
        Decides what glass and water mirror, and how much of the city's own light is on.
    seed : int
        The show's seed.
    detail : Quality
        Decides how many trees, lamps and vehicles there are.
    clock : bpy.types.NodeTree
        Tells the traffic the show time.
    collection : bpy.types.Collection
    kind : "city", "park" or "none"
        A city; a park with the ring road alone; or the plaza on open ground.
    """
    if kind == "none":
        site = lay_out(bowl, seed)
        build_plaza(site, light, collection)
        build_land(site, light, False, collection)
        build_strollers(site, FULLNESS[detail], clock, collection)
        return
    city, fullness = build_city(bowl, seed, kind), FULLNESS[detail]
    build_plaza(city.site, light, collection)
    build_land(city.site, light, kind == "city", collection)
    build_roads(city, light, collection)
    slots = _slots(light)
    if kind == "city":
        build_lots(city, light, collection)
        build_bridges(city, collection)
        models = _models("Building", [make() for _, make in sorted(MAKERS.items())], slots, collection)
        scattered("Buildings", city.buildings, GROUND, models, collection)
    _build_trees(city, fullness, slots, collection)
    build_traffic(city, light, fullness, clock, collection)
    build_lamps(city, light, fullness, collection)
    build_strollers(city.site, fullness, clock, collection)


def _slots(light: Light) -> list[bpy.types.Material]:
    """Return the materials of `Slot`."""
    return [
        city_materials.facade("City Walls", light),
        city_materials.glass_front("City Glass", light),
        city_materials.roof("Flat Roofs", city_materials.FLAT_ROOFS, 0.25),
        city_materials.roof("Tiled Roofs", city_materials.TILES, 1.3),
        city_materials.leaves("Leaves", light),
        materials.matte("Bark", (0.075, 0.055, 0.042)),
    ]


def _models(
    name: str, solids: Sequence[Solids], slots: list[bpy.types.Material], collection: bpy.types.Collection
) -> bpy.types.Collection:
    models = new_collection(f"{name} Models", collection, shown=False)
    for number, model in enumerate(solids):
        model.thing(f"{name} {number:02d}", slots, models)
    return models


def _build_trees(
    city: City, fullness: float, slots: list[bpy.types.Material], collection: bpy.types.Collection
) -> None:
    single = _models("Tree", tree_models(), slots, collection)
    scattered("Trees", trees(city, fullness), LOTS, single, collection)
    woods = _models("Grove", grove_models(), slots, collection)
    patches = groves(city, fullness)
    # On the first slopes of the hills they stand on those.
    ground = GROUND + np.maximum(city.site.hill(*patches.places.T) - 1.0, 0.0)
    scattered("Groves", patches, ground, woods, collection)
