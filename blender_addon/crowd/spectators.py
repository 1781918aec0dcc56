"""The spectators' part of the scene: people in the stands, who follow the tiers as an artist changes them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import bpy
import numpy as np

from ...kernels.bowl import Bowl
from ...kernels.bowl_seats import section_half_width
from ...kernels.counter_random import Purpose, bits, uniform
from ...kernels.film_views import FilmViews
from ..meshes import add_nodes, new_collection, point_object, poses_object
from ..nodes import crowd_materials
from ..nodes.pose_models import build_pose_models, build_poses
from ..nodes.spectators import PLACES, PLAY, TILES, LevelModels, build_crowd, build_joined, build_places
from ..nodes.stadium_rows import MODIFIER as TIER
from ..stadium.follow import follow, set_input
from .places import Tiles, Wish, spectators_of
from .tiles import PHASES, Level, TileModel, tile_mesh

if TYPE_CHECKING:
    from ...scenes.schema_card_section import CardSection
    from ...scenes.schema_stadium import Stadium
    from ...scenes.seats import SeatMap
    from ..light import Light
    from ..quality import Quality

FINER = {"draft": 0.6, "standard": 1.0, "final": 1.7}
"""How much further off each quality shows people as finely."""
PEOPLE_PER_FLASH = 1200
"""Spectators for each camera that flashes at a moment of a night."""
PEOPLE_PER_LAMP = 120
_MOST_FLASHES = 100
_PERIOD = (6.0, 11.0)
#: Shares of the runs of blocks that are supporters', and that have some; and of the guests among the former.
_FAN_BLOCKS, _MILD_BLOCKS, _GUESTS = 0.14, 0.5, 0.3


def build_spectators(
    bowl: Bowl,
    tiers: Sequence[bpy.types.Object],
    stadium: Stadium,
    section: CardSection,
    seats: SeatMap,
    cameras: FilmViews,
    light: Light,
    detail: Quality,
    seed: int,
    clock: bpy.types.NodeTree,
    collection: bpy.types.Collection,
) -> int:
    """Fill the stands with people, but for the card section; return how many there are.

    Parameters
    ----------
    bowl : Bowl
    tiers : sequence of bpy.types.Object
        One a tier of the bowl, with the modifier "Stadium Tier"; "Spectators 1" and so on follow them.
    stadium : Stadium
        Whose `spectators` say how many of the seats are taken.
    section : CardSection
    seats : SeatMap
        In the stadium's own stand the section's columns stay free from front to back; elsewhere, its seats,
        and what is below and above them.
    cameras : FilmViews
        The film's; whom none of them ever sees is left out.
    light : Light
        At night cameras flash and telephones shine.
    detail : "draft", "standard" or "final"
    seed : int
    clock : bpy.types.NodeTree
        As from `nodes.clock.build_clock`.
    collection : bpy.types.Collection
    """
    in_stand = section.seats.arc is None and section.seats.file is None
    free = section_half_width(bowl, section.columns) if in_stand else 0.0
    taken = None if in_stand else seats.places[seats.taken]
    given = stadium.spectators
    wish = Wish({name: float(share) for name, share in given.by_stand.items()}, float(given.standing))
    tiles = [
        spectators_of(bowl, tier, wish, cameras, seed, free, taken, FINER[detail])
        for tier in range(len(bowl.tiers))
    ]
    levels, first = _build_models(tiles, bowl.seat_width, light, collection)
    places_tree = build_places()
    places = [
        _build_places(number, some, bowl, first, seed, tier, places_tree, collection)
        for number, (some, tier) in enumerate(zip(tiles, tiers, strict=True))
    ]
    every = point_object(TILES, np.zeros((0, 3)), collection)
    add_nodes(every, build_joined(places))
    flash = crowd_materials.glowing(
        "Camera Flashes", crowd_materials.FLASH / light.luminance, (0.92, 0.96, 1.0)
    )
    lamp = crowd_materials.glowing(
        "Telephone Lamps", crowd_materials.TORCH / light.luminance, (1.0, 0.97, 0.9)
    )
    crowd = point_object("Spectators", np.zeros((0, 3)), collection)
    modifier = crowd.modifiers.new(PLAY, "NODES")
    modifier.node_group = build_crowd(every, levels, flash, lamp, clock)
    people = sum(int(some.taken.sum()) for some in tiles)
    set_input(modifier, "Waving", float(given.waving))
    set_input(modifier, "Flashes", min(people / PEOPLE_PER_FLASH, _MOST_FLASHES) * light.lamps)
    set_input(modifier, "Lamps", people / PEOPLE_PER_LAMP * light.lamps)
    return people


def _build_models(
    tiles: Sequence[Tiles], seat_width: float, light: Light, collection: bpy.types.Collection
) -> tuple[list[LevelModels], dict[TileModel, int]]:
    """Build the models that tiles have; return them by level, and each one's first mesh in its level."""
    hidden = new_collection("Spectator Models", collection, shown=False)
    slots, poses = crowd_materials.spectators(light.luminance), build_poses()
    used = sorted(
        {model for some in tiles for model in some.models()},
        key=lambda model: (model.level, model.seats, model.taken, model.standing, model.variant),
    )
    levels, first = [], {}
    for level in Level:
        things, count = [], 0
        for model in (model for model in used if model.level == level):
            tile = tile_mesh(model, seat_width)
            name = f"{level.name.title()} {model.seats} {model.taken} {model.standing:d} {model.variant}"
            thing = poses_object(f"Spectators {name}", tile.meshes, slots, hidden)
            tint = np.tile(tile.tint, model.poses).astype(np.float32)
            thing.data.attributes.new("tint", "FLOAT", "POINT").data.foreach_set("value", tint)
            things.append(thing)
            first[model] = count
            count += model.poses
        if things:
            all_poses = point_object(f"Spectators {level.name.title()}", np.zeros((1, 3)), hidden)
            modifier = all_poses.modifiers.new("Poses", "NODES")
            modifier.node_group = build_pose_models(f"Spectators {level.name.title()}", poses, things)
            levels.append(LevelModels(int(level), all_poses, PHASES[level]))
    return levels, first


def _build_places(
    number: int,
    tiles: Tiles,
    bowl: Bowl,
    first: dict[TileModel, int],
    seed: int,
    tier: bpy.types.Object,
    tree: bpy.types.NodeTree,
    collection: bpy.types.Collection,
) -> bpy.types.Object:
    """Build the object whose vertices are the tiles of a tier, and let it follow the tier."""

    def draw(kind: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        return uniform(seed, Purpose.SPECTATOR, 300 + kind, tiles.number)

    fans, theme = _supporters(tiles.block, number, seed)
    fastest, slowest = _PERIOD
    thing = point_object(
        f"Spectators {number + 1}",
        tiles.places,
        collection,
        around=tiles.around,
        row=tiles.row,
        level=tiles.level,
        model=np.array([first[model] for model in tiles.models()], np.int64),
        period=fastest + (slowest - fastest) * draw(0),
        offset=16.0 * draw(1),
        person=draw(2),
        number=(bits(seed, Purpose.SPECTATOR, 299, tiles.number) >> np.uint64(34)).astype(np.int64),
        eager=0.6 + 1.6 * fans,
        width=tiles.seats * bowl.seat_width,
        people=tiles.taken.astype(np.int64),
        fans=fans,
        theme=theme,
    )
    modifier = thing.modifiers.new(PLACES, "NODES")
    modifier.node_group = tree
    follow(modifier, tier, tier.modifiers[TIER])
    return thing


def _supporters(
    block: np.ndarray[tuple[int], np.dtype[np.int64]], tier: int, seed: int
) -> tuple[np.ndarray[tuple[int], np.dtype[np.float64]], np.ndarray[tuple[int, int], np.dtype[np.float64]]]:
    """Return for each tile which share of its block wears one colour, (T,), and that colour, (T, 3).

    A few runs of blocks are supporters', nearly all in one colour; most have some in the home side's.
    """
    run = block // 3 + 1000 * (tier // 2)
    kind, much, side = (uniform(seed, Purpose.COSTUME, 300 + number, run) for number in range(3))
    supporters, mild = kind < _FAN_BLOCKS, kind < _MILD_BLOCKS
    fans = np.where(supporters, 0.45 + 0.4 * much, np.where(mild, 0.08 + 0.12 * much, 0.02))
    themes = np.array(crowd_materials.THEMES)
    home, away = np.argsort(uniform(seed, Purpose.COSTUME, 303, np.arange(len(themes))))[:2]
    guests = supporters & (side < _GUESTS)
    return fans, np.where(guests[:, None], themes[away], themes[home])
