"""The card section's part of the scene: people, what they hold, and in the mode `tablets` their screens."""

from __future__ import annotations

from typing import TYPE_CHECKING

import bpy
import numpy as np
import numpy.typing as npt

from ..kernels.counter_random import Purpose, uniform
from .card_holders import LIFTS, Hold, body, card_holder, hold_of, idle, props, screen_corners, screen_stand
from .light import LIGHTS
from .meshes import Surface, add_nodes, figure_object, make_mesh, new_collection, point_object
from .nodes import materials
from .nodes.card_section import Models, build_card_section
from .nodes.scatter import build_scatter
from .nodes.tree import load_sequence

if TYPE_CHECKING:
    from ..scenes.schema import Show
    from ..scenes.schema_card_section import Mode
    from ..scenes.seats import SeatMap
    from ..scenes.timeline import FilmTimeline
    from .bake import Bake

#: Attributes of the instance that colour the parts LEFT_PAGE and RIGHT_PAGE.
_PAGES: dict[Mode, tuple[str, str]] = {
    "books": ("page_left", "page_new"),
    "cards": ("page_new", "page_new"),
    "two_sided": ("page_back", "page_front"),
}


def _materials(mode: Mode, cover: materials.Colour) -> list[bpy.types.Material]:
    """Return materials by Part."""
    paper = materials.matte("Paper", (0.78, 0.76, 0.70))
    pages = [paper, paper]
    if mode in _PAGES:
        names = zip(("Left Page", "Right Page"), _PAGES[mode], strict=True)
        pages = [materials.by_instance(name, attribute) for name, attribute in names]
    return [
        *materials.people(
            materials.matte("Uniform", (0.60, 0.60, 0.58)),
            materials.matte("Uniform Trousers", (0.05, 0.06, 0.10)),
        ),
        *pages,
        materials.matte("Rods", (0.03, 0.03, 0.032)),
        materials.matte("Cover", cover),
        paper,
    ]


def _build_screens(
    show: Show, timeline: FilmTimeline, bake: Bake, hold: Hold, collection: bpy.types.Collection
) -> None:
    """Build all seats' screens as one mesh, each of which shows its cell of the picture."""
    seats, section = bake.seats, show.card_section
    number = np.flatnonzero(seats.taken)
    cosine, sine = np.cos(seats.facing[number])[:, None], np.sin(seats.facing[number])[:, None]
    x, y, z = screen_corners(hold).T
    up = np.broadcast_to(z, (number.size, 4))
    corners = np.stack([cosine * x - sine * y, sine * x + cosine * y, up], -1)
    corners += seats.places[number, None]
    strength = section.tablet.brightness / LIGHTS[show.stadium.light].luminance
    shining = materials.screen("Screen", load_sequence(bake.cards.file(1), "sRGB"), timeline, strength)
    quads = np.arange(4 * number.size).reshape(-1, 4)
    mesh = make_mesh("Screens", corners.reshape(-1, 3), quads, np.zeros(number.size), [shining])
    row, column = np.divmod(number, seats.columns)
    u = (column[:, None] + (0, 1, 1, 0)) / seats.columns
    v = (row[:, None] + (0, 0, 1, 1)) / seats.rows
    layer = mesh.uv_layers.new(name="Cell")
    layer.uv.foreach_set("vector", np.stack([u, v], -1).astype(np.float32).ravel())
    collection.objects.link(bpy.data.objects.new("Screens", mesh))


def _build_steps(seats: SeatMap, collection: bpy.types.Collection) -> None:
    """Build a step under every seat, from the ground to its holder's feet: a stand of the seats' own."""
    number = np.flatnonzero(seats.taken)
    places = np.where(seats.taken[:, None], seats.places, np.nan).reshape(seats.rows, seats.columns, 3)
    wide = _usual_distance(places[:, 1:] - places[:, :-1], 0.55)
    deep = _usual_distance(places[1:] - places[:-1], 0.8)
    ahead = np.stack([np.cos(seats.facing[number]), np.sin(seats.facing[number]), np.zeros(number.size)], -1)
    beside = np.stack([-ahead[:, 1], ahead[:, 0], ahead[:, 2]], -1) * (wide / 2)
    ahead *= deep / 2
    feet = seats.places[number]
    front = [feet + ahead + beside, feet + ahead - beside]
    back = [feet - ahead + beside, feet - ahead - beside]
    ground = np.array([1.0, 1.0, 0.0])
    surface = Surface()
    surface.quads([front[0], back[0], back[1], front[1]], 0)
    for one, other in ((front[1], front[0]), (back[1], front[1]), (front[0], back[0])):
        surface.quads([one * ground, other * ground, other, one], 0)
    steps = surface.mesh("Steps", [materials.matte("Steps", (0.36, 0.35, 0.33))])
    collection.objects.link(bpy.data.objects.new("Steps", steps))


def _usual_distance(steps: npt.NDArray[np.float64], otherwise: float) -> float:
    """Return the median length, seen from above, of steps (..., 3) in metres between seats that there are."""
    lengths = np.hypot(steps[..., 0], steps[..., 1])
    lengths = lengths[np.isfinite(lengths)]
    return float(np.median(lengths)) if lengths.size else otherwise


def build_section(
    show: Show,
    timeline: FilmTimeline,
    bake: Bake,
    clock: bpy.types.NodeTree,
    collection: bpy.types.Collection,
) -> None:
    """Build the card section into a collection."""
    mode, seats = show.card_section.mode, bake.seats
    hold = hold_of(mode, seats)
    cover = materials.linear(show.card_section.cover)
    slots = _materials(mode, cover)
    if show.card_section.seats.arc is not None or show.card_section.seats.file is not None:
        _build_steps(seats, collection)
    models = new_collection("Card-holder Models", collection, shown=False)
    still = figure_object("Card-holder", card_holder(mode, hold), slots, models)
    number = np.flatnonzero(seats.taken)
    person = uniform(show.seed, Purpose.VARIATION, 0, number)
    if mode == "tablets":
        # Whoever is absent leaves a screen behind, and nobody at it.
        figure_object("Empty Seat", screen_stand(hold), slots, models)
        points = point_object(
            "Card Section",
            seats.places[number],
            collection,
            heading=seats.facing[number],
            size=np.ones((number.size, 3)),
            model=(~bake.present[number]).astype(np.int64),
            person=person,
        )
        add_nodes(points, build_scatter("Card Section", models))
        _build_screens(show, timeline, bake, hold, collection)
        return
    poses = new_collection("Card-holder Poses", models, shown=False)
    for level, lift in enumerate(np.linspace(-1.0, 1.0, LIFTS)):
        # Picked in the order of names.
        figure_object(f"Card-holder {level:02d}", body(hold, float(lift)), slots, poses)
    figure_object(f"Card-holder {LIFTS:02d} Idle", idle(mode, hold.width), slots, poses)
    leaf = [materials.leaf_page()] * len(slots)
    parts = {
        name: figure_object(name, figure, leaf if name == "Turning Page" else slots, models)
        for name, figure in props(mode, hold.width).items()
    }
    # Nobody holds a book quite like the neighbour does.
    lean = 0.10 * (uniform(show.seed, Purpose.VARIATION, 1, number) - 0.5)
    points = point_object(
        "Card Section",
        seats.places[number],
        collection,
        address=bake.cards.addresses()[number],
        heading=seats.facing[number] + 0.06 * (person - 0.5),
        lean=lean,
        person=person,
    )
    image = load_sequence(bake.cards.file(1), "sRGB")
    add_nodes(points, build_card_section(image, mode, hold, Models(still, poses, parts), cover, clock))
