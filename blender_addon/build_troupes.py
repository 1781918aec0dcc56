"""The troupes' part of the scene: the poses that they take, and the people who take them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import bpy
import numpy as np

from .figures import Part
from .light import LIGHTS
from .meshes import add_nodes, new_collection, point_object, poses_object
from .nodes import materials
from .nodes.clock import build_clock
from .nodes.gymnasts import PoseModels, build_gymnasts
from .nodes.pose_models import build_pose_models, build_poses
from .nodes.tree import load_sequence
from .pose_meshes import FAR_BODIES, POSES, PoseList, pose_meshes

if TYPE_CHECKING:
    from ..scenes.schema import Show
    from ..scenes.timeline import FilmTimeline
    from .bake import Bake
    from .data_textures import TextureSet

#: Roughness of cloth: pale at grazing angles.
CLOTH = 0.35
#: Candela a square metre of a torch's flame: more than a true one's, so that by day it still shines.
FLAME = 25_000.0
#: Props in the colour of the accent; others are in the costume's, with the accent on them.
_IN_ACCENT = frozenset({"ribbon", "flag", "balloon"})
#: Scene-linear; of what has no colour in the show.
_PALE = (0.75, 0.73, 0.70)


class _Materials:
    """What gymnasts are made of."""

    def __init__(self, show: Show) -> None:
        costume, accent = (materials.by_instance(name, name.lower(), CLOTH) for name in ("Costume", "Accent"))
        page = materials.matte("No Page", (0.0, 0.0, 0.0))  # the parts of a book, which nobody here holds
        boots, shoes = (
            materials.matte("Dark", (0.03, 0.025, 0.022)),
            materials.matte("Pale", (0.78, 0.77, 0.74)),
        )
        self._parts = [*materials.people(costume, accent), page, page, costume, boots, shoes]
        self._flame = materials.flame("Flame", FLAME / LIGHTS[show.stadium.light].luminance)

    def by_part(self, prop: str) -> list[bpy.types.Material]:
        """Return the materials by Part of people with a prop."""
        parts = list(self._parts)
        if prop == "torch":
            parts[Part.PROP] = self._flame
        elif prop in _IN_ACCENT:
            parts[Part.PROP] = parts[Part.ACCENT]
        return parts


class _Models:
    """The models of all troupes: those of one style with one prop share them."""

    def __init__(
        self, show: Show, strips: Mapping[str, Iterable[int]], collection: bpy.types.Collection
    ) -> None:
        self._collection = new_collection("Gymnast Models", collection, shown=False)
        self._materials = _Materials(show)
        self._poses = build_poses()
        self._built: dict[tuple[str, str], PoseModels] = {}
        self._bodies: dict[tuple[str, str], set[str]] = {}
        self._strips: dict[tuple[str, str], set[int]] = {}
        for name, troupe in show.troupes.items():
            look = troupe.costume.style, troupe.costume.prop
            self._bodies.setdefault(look, set()).update(troupe.costume.bodies)
            self._strips.setdefault(look, set()).update(strips[name])

    def of(self, style: str, prop: str) -> PoseModels:
        """Return the models of a style with a prop, built when they are first asked for."""
        look = style, prop
        if look not in self._built:
            self._built[look] = self._build(style, prop)
        return self._built[look]

    def _build(self, style: str, prop: str) -> PoseModels:
        name = style if prop == "none" else f"{style} with {prop}"
        collection = new_collection(f"Models {name}", self._collection, shown=False)
        poses, slots = PoseList.of(self._strips[style, prop]), self._materials.by_part(prop)
        bodies = tuple(sorted(self._bodies[style, prop]))
        far_bodies = tuple(sorted({FAR_BODIES[body] for body in bodies}))
        chapters = []
        for number in range(len(poses.chapters)):
            chapter = []
            for detail in range(len(POSES)):
                phases = poses.phases(number, detail)
                meshes = [
                    poses_object(
                        f"{name} {number} {detail} {body}",
                        pose_meshes(style, prop, body, detail, phases),
                        slots,
                        collection,
                    )
                    for body in (bodies if detail < len(POSES) - 1 else far_bodies)
                ]
                chapter.append(self._models(f"{name} {number} {detail}", meshes, collection))
            chapters.append(tuple(chapter))
        rows, of_strip = poses.table()
        table = point_object(
            f"Strips {name}", np.zeros((len(rows), 3)), collection, poses=rows, chapter=of_strip
        )
        return PoseModels(table, bodies, far_bodies, chapters)

    def _models(
        self, name: str, meshes: Sequence[bpy.types.Object], collection: bpy.types.Collection
    ) -> bpy.types.Object:
        thing = point_object(name, np.zeros((1, 3)), collection)
        add_nodes(thing, build_pose_models(name, self._poses, meshes))
        return thing


def _clock(
    name: str, textures: TextureSet, timeline: FilmTimeline, collection: bpy.types.Collection
) -> bpy.types.NodeTree:
    """Return the clock of a troupe, whose textures may be of some samples only."""
    frames = timeline.frames
    samples = [frame.sample for frame in frames]
    numbers = textures.numbers(len(timeline.samples))
    keys = [float(numbers[sample - 1]) for sample in samples]
    return build_clock([frame.index for frame in frames], samples, collection, keys, name)


def build_troupes(
    show: Show, timeline: FilmTimeline, bake: Bake, picture_width: int, root: bpy.types.Collection
) -> None:
    """Build all troupes, each into a collection of its own."""
    if not show.troupes:
        return
    models = _Models(show, bake.strips, root)
    for name, troupe in show.troupes.items():
        costume, textures = troupe.costume, bake.troupes[name]
        collection = new_collection(name, root)
        address = textures.addresses()
        people = point_object(name, np.zeros_like(address), collection, address=address)
        tree = build_gymnasts(
            name,
            load_sequence(textures.file(1), "Non-Color"),
            models.of(costume.style, costume.prop),
            costume.bodies,
            picture_width,
            _clock(name, textures, timeline, collection),
        )
        add_nodes(people, tree)
        # Instances that have no attribute of the name show their object's property.
        people["accent"] = materials.linear(costume.accent) if costume.accent else _PALE
