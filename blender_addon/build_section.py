"""The card section's part of the scene: people, what they hold, and in the mode `tablets` their screens."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import bpy
import numpy as np
import numpy.typing as npt

from ..kernels.counter_random import Purpose, uniform
from .card_holders import (
    LEAVES,
    LIFTS,
    Hold,
    board,
    card,
    dropped,
    frame,
    hold_of,
    screen_corners,
    screen_stand,
)
from .card_people.bodies import FAR, MIDDLE, NEAR, Model, holding, idle, joined, model_of, placed, pulling
from .card_people.books import far_book, near_book, turning_leaf
from .card_people.levels import levels, looks
from .card_people.materials import build_far_materials, build_leaf_materials, build_materials
from .card_people.objects import model_object
from .light import LIGHTS
from .meshes import Surface, add_nodes, make_mesh, new_collection, point_object
from .nodes import materials
from .nodes.card_section import Models, build_card_section, build_seats
from .nodes.scatter import build_scatter
from .nodes.tree import enclosed, load_sequence

if TYPE_CHECKING:
    from ..kernels.film_views import FilmViews
    from ..scenes.schema import Show
    from ..scenes.schema_card_section import CardSection, Mode
    from ..scenes.seats import SeatMap
    from ..scenes.timeline import FilmTimeline
    from .bake import Bake

Ints = npt.NDArray[np.int64]
Kinds = list[tuple[int, int]]

#: Radians: by how much, from one side to the other, people and what they hold are turned.
_HEADINGS, _LEANS, _ROLLS = 0.06, 0.08, 0.05


def _looks(show: Show, seats: SeatMap, number: Ints, views: FilmViews | None) -> tuple[Kinds, Ints]:
    """Return the level of detail and the number of each look that somebody has, and which of these each has.

    Looks of nearby people come first.
    """
    level = levels(seats.places[number], views)
    look = looks(show.seed, level, number, seats.columns)
    kinds, which = np.unique(np.stack([level, look], -1), axis=0, return_inverse=True)
    return [(int(detail), int(one)) for detail, one in kinds], which.reshape(-1)


def _prop(mode: Mode, hold: Hold, detail: int) -> list[Model]:
    """Return what a mode's people hold, about its own middle."""
    width = hold.width
    if mode == "books":
        return [model_of(near_book(width), flat=False) if detail == NEAR else model_of(far_book(width))]
    return [
        model_of(figure) for figure in ((card(width),) if mode == "cards" else (frame(width), board(width)))
    ]


def _still(mode: Mode, hold: Hold, detail: int, look: int) -> Model:
    """Return somebody who holds a mode's prop at rest."""
    (person,) = holding(detail, look, hold, [0.0], rod=mode == "two_sided")
    return joined([person, *(placed(part, hold.rest, hold.rest_lean) for part in _prop(mode, hold, detail))])


def _poses(mode: Mode, hold: Hold, detail: int, look: int) -> list[tuple[str, Model]]:
    """Return somebody without the prop: by the lift of the hands, then with hands on the knees."""
    lifts = np.linspace(-1.0, 1.0, LIFTS).tolist()
    models = holding(detail, look, hold, lifts, rod=mode == "two_sided")
    lying = joined([idle(detail, look), model_of(dropped(mode, hold.width))])
    return [*((f"Pose {k:02d}", model) for k, model in enumerate(models)), (f"Pose {LIFTS:02d} Idle", lying)]


class _Builder:
    """Builds the models that people and what they hold are placed from."""

    def __init__(
        self, mode: Mode, hold: Hold, slots: list[bpy.types.Material], collection: bpy.types.Collection
    ) -> None:
        self._mode, self._hold, self._slots, self._collection = mode, hold, slots, collection
        self._far_slots = build_far_materials(slots)

    def _of(self, detail: int) -> list[bpy.types.Material]:
        return self._slots if detail == NEAR else self._far_slots

    def _group(self, name: str) -> bpy.types.Collection:
        return new_collection(name, self._collection, shown=False)

    def models(self, kinds: Sequence[tuple[int, int]], moves: bool) -> Models:
        """Build everything for looks of people; `moves` if there is more to do than to turn pages."""
        mode, hold = self._mode, self._hold
        still = self._group("Card-holders")
        # Picked in the order of names.
        for number, (detail, look) in enumerate(kinds):
            person = _still(mode, hold, detail, look)
            model_object(f"Card-holder {number:02d}", person, self._of(detail), still)
        near = [kind for kind in kinds if kind[0] == NEAR]
        others = list(kinds[len(near) :])
        poses = self._poses("Card-holder Poses", others or [(MIDDLE, 0)], len(near))
        near_poses = self._poses("Card-holder Near Poses", near, 0) if near and moves else None
        pulls = self._pulls(near) if near and mode == "books" else None
        props = self._books([NEAR] * bool(near) + [FAR] * bool(others)) if mode == "books" else self._props()
        return Models(still, poses, props, len(near), near_poses, pulls)

    def _poses(self, name: str, kinds: Sequence[tuple[int, int]], first: int) -> bpy.types.Collection:
        group = self._group(name)
        for number, (detail, look) in enumerate(kinds, first):
            for pose, model in _poses(self._mode, self._hold, detail, look):
                model_object(f"Card-holder {number:02d} {pose}", model, self._of(detail), group)
        return group

    def _pulls(self, kinds: Sequence[tuple[int, int]]) -> bpy.types.Collection:
        group = self._group("Card-holders who Turn Pages")
        moments = [k / (LEAVES - 1) for k in range(LEAVES)]
        for number, (detail, look) in enumerate(kinds):
            for k, model in enumerate(pulling(detail, look, self._hold, moments)):
                model_object(f"Card-holder {number:02d} Pull {k:02d}", model, self._slots, group)
        return group

    def _books(self, details: Sequence[int]) -> dict[str, bpy.types.Collection]:
        hold, books, leaves = self._hold, self._group("Books"), self._group("Turning Pages")
        paper = build_leaf_materials(len(self._slots))
        for number, detail in enumerate(details):
            (book,) = _prop("books", hold, detail)
            model_object(f"Book {number:02d}", book, self._slots, books)
            for k in range(LEAVES):
                leaf = turning_leaf(hold.width, k / (LEAVES - 1), detail != NEAR).figure()
                name = f"Turning Page {number * LEAVES + k:02d}"
                model_object(name, model_of(leaf, flat=False), paper, leaves)
        return {"Book": books, "Turning Page": leaves}

    def _props(self) -> dict[str, bpy.types.Collection]:
        names = ("Card",) if self._mode == "cards" else ("Frame", "Board")
        props = {name: self._group(f"{name}s") for name in names}
        for name, part in zip(names, _prop(self._mode, self._hold, FAR), strict=True):
            model_object(name, part, self._slots, props[name])
        return props


def _moves(section: CardSection) -> bool:
    """Tell whether people do more with what they hold than turn pages."""
    dropped_once = section.people.dropped > 0 and not section.people.perfect
    return dropped_once or any(cue.gesture is not None for cue in section.cues)


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
    views: FilmViews | None = None,
) -> None:
    """Build the card section into a collection.

    People are as detailed as the film's `views` see them; without any, all are of the middle detail.
    """
    mode, seats = show.card_section.mode, bake.seats
    hold = hold_of(mode, seats)
    cover = materials.linear(show.card_section.cover)
    slots = build_materials(mode, cover)
    if show.card_section.seats.arc is not None or show.card_section.seats.file is not None:
        _build_steps(seats, collection)
    models = new_collection("Card-holder Models", collection, shown=False)
    number = np.flatnonzero(seats.taken)
    person = uniform(show.seed, Purpose.VARIATION, 0, number)
    kinds, look = _looks(show, seats, number, views)
    if mode == "tablets":
        stand = model_of(screen_stand(hold))
        far_slots = build_far_materials(slots)
        for kind, (detail, one) in enumerate(kinds):
            behind = joined([idle(detail, one), stand])
            model_object(f"Card-holder {kind:02d}", behind, slots if detail == NEAR else far_slots, models)
        # Whoever is absent leaves a screen behind, and nobody at it.
        model_object("Empty Seat", stand, slots, models)
        points = point_object(
            "Card Section",
            seats.places[number],
            collection,
            heading=seats.facing[number],
            size=np.ones((number.size, 3)),
            model=np.where(bake.present[number], look, len(kinds)),
            person=person,
        )
        add_nodes(points, build_scatter("Card Section", models))
        _build_screens(show, timeline, bake, hold, collection)
        return
    built = _Builder(mode, hold, slots, models).models(kinds, _moves(show.card_section))

    def varied(cue: int, range_: float) -> npt.NDArray[np.float64]:
        spread: npt.NDArray[np.float64] = range_ * (uniform(show.seed, Purpose.VARIATION, cue, number) - 0.5)
        return spread

    # Nobody holds a book quite like the neighbour does.
    points = point_object(
        "Card Section",
        seats.places[number],
        collection,
        address=bake.cards.addresses()[number],
        heading=seats.facing[number] + _HEADINGS * (person - 0.5),
        lean=varied(1, _LEANS),
        roll=varied(3, _ROLLS),
        person=person,
        look=look,
    )
    at_rest = bpy.data.objects.new("Card Section Seats", points.data)
    models.objects.link(at_rest)
    add_nodes(at_rest, build_seats(built.still))
    image = load_sequence(bake.cards.file(1), "sRGB")
    size = seats.rows, seats.columns
    tree = build_card_section(image, *size, mode, hold, built, at_rest, cover, clock)
    add_nodes(points, enclosed(tree))
