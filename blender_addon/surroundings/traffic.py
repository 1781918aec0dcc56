"""What moves in a city, and its lamps: vehicles on their lanes, people on the plaza, parked cars."""

from __future__ import annotations

import bpy
import numpy as np
import numpy.typing as npt

from ...kernels.city import City, Placed
from ...kernels.city_site import Road, Site
from ...kernels.city_streets import Polylines
from ...kernels.city_traffic import WALKERS, Traffic, lamps, parked, strollers, traffic
from ..figures import Figure, Part
from ..light import Light
from ..meshes import add_nodes, figure_object, new_collection, point_object
from ..nodes import city_materials, materials
from ..nodes.crowd_materials import TOPS
from ..nodes.scatter import build_scatter
from ..nodes.traffic import build_traffic_tree
from .ground import LOTS, PAVED, PLAZA, ROADS

PAINTS = (
    (0.62, 0.62, 0.62), (0.03, 0.03, 0.033), (0.35, 0.36, 0.37), (0.70, 0.70, 0.69), (0.09, 0.095, 0.10),
    (0.20, 0.21, 0.22), (0.05, 0.09, 0.20), (0.42, 0.035, 0.03), (0.68, 0.68, 0.66), (0.02, 0.022, 0.03),
    (0.14, 0.16, 0.14), (0.50, 0.47, 0.40), (0.55, 0.30, 0.04), (0.10, 0.20, 0.32),
)  # fmt: skip
# Body, panes, tyres, headlights, tail lights.
_BODY, _PANE, _TYRE, _HEAD, _TAIL = Part.SKIN, Part.COSTUME, Part.ACCENT, Part.HAIR, Part.LEFT_PAGE
#: Candela a square metre of headlights seen from aslant, tail lights, street lamps.
HEAD, TAIL, LAMP = 9000.0, 1200.0, 14000.0


def _taper(
    figure: Figure,
    low: tuple[float, ...],
    high: tuple[float, ...],
    z: tuple[float, float],
    sides: Part,
    top: Part,
) -> None:
    """Add a solid between two level rectangles (x0, x1, y half)."""
    (a, b, c), (d, e, f) = low, high
    under = [(a, -c, z[0]), (b, -c, z[0]), (b, c, z[0]), (a, c, z[0])]
    over = [(d, -f, z[1]), (e, -f, z[1]), (e, f, z[1]), (d, f, z[1])]
    for k in range(4):
        j = (k + 1) % 4
        figure.quad([under[k], under[j], over[j], over[k]], sides)
    figure.quad(over, top)


def _vehicle(length: float, width: float, high: float, bonnet: float, boot: float, waist: float) -> Figure:
    """Return a vehicle that looks along +X, on its wheels."""
    figure = Figure()
    a, b, c = -length / 2, length / 2, width / 2
    _taper(figure, (a, b, c), (a, b, c), (0.35, waist), _BODY, _BODY)
    _taper(
        figure,
        (a + 0.6 * boot, b - 0.75 * bonnet, c - 0.04),
        (a + 1.05 * boot + 0.1, b - 1.25 * bonnet - 0.15, c - 0.18),
        (waist, high - 0.04),
        _PANE,
        _BODY,
    )
    figure.box(
        (a + 1.05 * boot + 0.1, -c + 0.18, high - 0.05), (b - 1.25 * bonnet - 0.15, c - 0.18, high), _BODY
    )
    for x in (a + 0.19 * length, b - 0.19 * length):
        for side in (-1, 1):
            figure.box((x - 0.32, side * c - 0.1, 0.0), (x + 0.32, side * c + 0.02, 0.62), _TYRE)
    for side in (-1, 1):
        y = side * (c - 0.3)
        figure.quad(
            [
                (b + 0.01, y - 0.2, 0.55),
                (b + 0.01, y + 0.2, 0.55),
                (b + 0.01, y + 0.2, 0.8),
                (b + 0.01, y - 0.2, 0.8),
            ],
            _HEAD,
        )
        figure.quad(
            [
                (a - 0.01, y + 0.2, 0.6),
                (a - 0.01, y - 0.2, 0.6),
                (a - 0.01, y - 0.2, 0.85),
                (a - 0.01, y + 0.2, 0.85),
            ],
            _TAIL,
        )
    return figure


#: Length, width, height, bonnet, boot, waist: a saloon, a hatchback, an estate, a small car, a bus, a van.
_VEHICLES = (
    (4.6, 1.82, 1.46, 1.15, 0.75, 0.90),
    (4.25, 1.80, 1.50, 1.0, 0.25, 0.92),
    (4.7, 1.86, 1.66, 1.05, 0.2, 1.0),
    (3.7, 1.66, 1.50, 0.8, 0.15, 0.92),
    (12.0, 2.55, 3.1, 0.1, 0.05, 1.25),
    (5.6, 2.0, 2.4, 0.8, 0.05, 1.35),
)


def vehicle_models(light: Light, parent: bpy.types.Collection) -> bpy.types.Collection:
    """Return the hidden collection of vehicles, in the order of the kernel's models."""
    models = new_collection("Vehicle Models", parent, shown=False)
    slots = [
        city_materials.paint("Car Paint", PAINTS, light),
        materials.matte("Car Panes", (0.02, 0.022, 0.025)),
        materials.matte("Tyres", (0.018, 0.018, 0.018)),
        city_materials.lamp("Headlights", light, HEAD, (1.0, 0.93, 0.80), (0.6, 0.6, 0.6)),
        city_materials.lamp("Tail Lights", light, TAIL, (1.0, 0.04, 0.02), (0.25, 0.02, 0.02)),
    ]
    for number, measures in enumerate(_VEHICLES):
        figure_object(f"Vehicle {number}", _vehicle(*measures), slots, models)
    return models


def _moving(
    name: str,
    moving: Traffic,
    heights: npt.NDArray[np.float64],
    models: bpy.types.Collection,
    clock: bpy.types.NodeTree,
    collection: bpy.types.Collection,
) -> None:
    """Build what moves on its lanes; `heights` of the lanes, metres."""
    points = point_object(
        name,
        np.zeros((len(moving), 3)),
        collection,
        lane=moving.lane,
        offset=moving.offset,
        speed=moving.speed,
        length=moving.length,
        model=moving.model,
        person=moving.person,
    )
    lanes = _curves(f"{name} Lanes", moving.lanes, heights, collection)
    add_nodes(points, build_traffic_tree(f"City {name}", lanes, models, clock))


def _curves(
    name: str, lines: Polylines, heights: npt.NDArray[np.float64], collection: bpy.types.Collection
) -> bpy.types.Object:
    """Return lanes as curves of straight pieces."""
    curves = bpy.data.hair_curves.new(name)
    sizes = np.diff(lines.starts)
    curves.add_curves(sizes.tolist())
    curves.set_types(type="POLY")
    places = np.column_stack([lines.points, np.repeat(heights, sizes)]).astype(np.float32)
    curves.position_data.foreach_set("vector", places.ravel())
    thing = bpy.data.objects.new(name, curves)
    thing.hide_render = True
    collection.objects.link(thing)
    return thing


def scattered(
    name: str,
    placed: Placed,
    height: npt.ArrayLike,
    models: bpy.types.Collection,
    collection: bpy.types.Collection,
) -> None:
    """Build instances of models where a kernel has placed them."""
    points = point_object(
        name,
        np.column_stack([placed.places, np.broadcast_to(height, len(placed))]),
        collection,
        heading=placed.heading,
        size=placed.size,
        model=placed.model,
        person=placed.person,
    )
    add_nodes(points, build_scatter(f"City {name}", models))


def build_traffic(
    city: City, light: Light, fullness: float, clock: bpy.types.NodeTree, collection: bpy.types.Collection
) -> None:
    """Build what drives, and what is parked."""
    models = vehicle_models(light, collection)
    driving = traffic(city, fullness)
    heights = np.array([ROADS[kind] for kind in Road])[driving.lanes.kind]
    _moving("Traffic", driving, heights, models, clock, collection)
    standing = parked(city, fullness)
    if len(standing):
        # Parked cars are dark.
        dark = new_collection("Parked Models", collection, shown=False)
        for model in list(models.objects):
            mesh = model.data.copy()
            mesh.materials[int(_HEAD)] = mesh.materials[int(_PANE)]
            mesh.materials[int(_TAIL)] = mesh.materials[int(_PANE)]
            dark.objects.link(bpy.data.objects.new(model.name.replace("Vehicle", "Parked"), mesh))
        scattered("Parked Cars", standing, LOTS, dark, collection)


def build_strollers(
    site: Site, fullness: float, clock: bpy.types.NodeTree, collection: bpy.types.Collection
) -> None:
    """Build the people who walk over the plaza; seen from afar, so a dozen faces each."""
    models = new_collection("Stroller Models", collection, shown=False)
    slots = materials.people(
        materials.picked("Stroller Tops", TOPS, 1.0),
        materials.picked("Stroller Trousers", TOPS, 3.7),
    )
    for number in range(WALKERS):
        tall, step = 1.58 + 0.08 * number, 0.16 + 0.05 * (number % 2)
        figure = Figure()
        for side in (-1, 1):
            hip = (0.0, 0.08 * side, 0.5 * tall)
            figure.limb((step * side, 0.09 * side, 0.0), hip, (0.07, 0.09), Part.ACCENT, 3)
        figure.limb((0, 0, 0.48 * tall), (0, 0, 0.84 * tall), (0.17, 0.23), Part.COSTUME, 5, 0.6)
        figure.limb((0, 0, 0.86 * tall), (0, 0, tall), (0.09, 0.1), Part.SKIN if number % 2 else Part.HAIR, 5)
        figure_object(f"Stroller {number}", figure, slots, models)
    people = strollers(site, fullness)
    _moving("Strollers", people, np.full(len(people.lanes), PLAZA), models, clock, collection)


def build_lamps(city: City, light: Light, fullness: float, collection: bpy.types.Collection) -> None:
    """Build street lamps: nine metres tall, their heads over the road's edge."""
    models = new_collection("Lamp Models", collection, shown=False)
    figure = Figure()
    figure.limb((0, 0, 0), (0, 0, 8.8), (0.11, 0.07), Part.SKIN, 4)
    figure.limb((0, 0, 8.8), (1.6, 0, 9.1), (0.06, 0.05), Part.SKIN, 3)
    figure.box((1.0, -0.2, 8.95), (2.0, 0.2, 9.12), Part.COSTUME)
    slots = [
        materials.matte("Lamp Posts", (0.13, 0.135, 0.14)),
        city_materials.lamp("Street Lamps", light, LAMP, (1.0, 0.66, 0.34), (0.4, 0.4, 0.4)),
    ]
    figure_object("Lamp 0", figure, slots, models)
    places, headings = lamps(city, fullness)
    count = len(places)
    standing = Placed(places, headings, np.ones((count, 3)), np.zeros(count, np.int64), np.zeros(count))
    scattered("Street Lamps", standing, PAVED, models, collection)
