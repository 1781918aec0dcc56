"""The usual way, for comparison: one object a performer, set by a frame_change handler.

As strong as it can fairly be made: arrays are ready before the clock starts, all objects share one small
mesh, they are moved in bulk, and what is set by assignment is what lets Blender update least. (Bulk colours
with `update_tag()` on each object take twice as long or more, with `update_tag(refresh={"OBJECT"})` a quarter
longer.) Nobody's page turns here, which would take a second object each, and nobody's legs move.
"""

from __future__ import annotations

from typing import Any

import bpy
import numpy as np
from cardstunt.kernels.oklab import srgb8_to_linear


def _objects(name: str, count: int, mesh: Any, scene: Any) -> Any:
    collection = bpy.data.collections.new(name)
    for number in range(count):
        collection.objects.link(bpy.data.objects.new(f"{name} {number}", mesh))
    scene.collection.children.link(collection)
    return collection.objects


class OneObjectEach:
    """A scene of its own in which every performer is an object.

    Parameters
    ----------
    cards : (F, layers, N, 4) uint8
        What `card_states` gives; the page shown, in the second layer, is the object's colour.
    seats : (N, 3)
        Metres.
    gymnasts : (F, M, 4) float32
        x, y, z and heading; M may be 0.
    posed : bool
        Whether books are also lifted, tilted and rolled, as the third layer says.

    Attributes
    ----------
    changed_only : bool
        Whether to update only the performers who are not as in the former moment.
    """

    def __init__(
        self, cards: np.ndarray, seats: np.ndarray, gymnasts: np.ndarray, posed: bool = False
    ) -> None:
        self.scene = bpy.data.scenes.new("One object each")
        mesh = bpy.data.meshes.new("Card")
        corners = [(0, -0.3, 0), (0, 0.3, 0), (0, 0.3, 0.7), (0, -0.3, 0.7)]
        mesh.from_pydata(corners, [], [(0, 1, 2, 3)])
        self.cards = _objects("card", cards.shape[2], mesh, self.scene)
        self.gymnasts = _objects("gymnast", gymnasts.shape[1], mesh, self.scene)
        self.cards.foreach_set("location", np.ascontiguousarray(seats, np.float32).ravel())
        shown = cards[:, 1]
        self.colours = np.concatenate([srgb8_to_linear(shown[..., :3]), shown[..., 3:] / 255], -1)
        self.colours = self.colours.astype(np.float32)
        self.seats, self.poses = np.ascontiguousarray(seats, np.float32), None
        if posed:
            self.poses = (cards[:, 2, :, :3] - np.array([128, 0, 128], np.float32)) / np.float32(128)
        self.places = np.ascontiguousarray(gymnasts[..., :3], np.float32)
        self.rotations = np.zeros_like(self.places)
        self.rotations[..., 2] = gymnasts[..., 3]
        self.card_list, self.gymnast_list = list(self.cards), list(self.gymnasts)
        self.changed_only, self.before, self.moment = False, -1, -1
        bpy.app.handlers.frame_change_pre.append(self._follow)

    def show(self, moment: int) -> None:
        """Change to the frame of a moment, from 0."""
        self.moment = moment
        self.scene.frame_set(moment + 1)

    def _follow(self, scene: Any, depsgraph: Any = None) -> None:
        if scene != self.scene:
            return
        moment, before = self.moment, self.before
        cards, gymnasts = self.card_list, self.gymnast_list
        colours, rotations = self.colours[moment], self.rotations[moment]
        if self.poses is not None:
            self._pose(moment, before)
        if self.changed_only and before >= 0:
            new = np.flatnonzero((colours != self.colours[before]).any(-1))
            cards, colours = [cards[i] for i in new.tolist()], colours[new]
            moved = self.places[moment] != self.places[before]
            moved |= rotations != self.rotations[before]
            new = np.flatnonzero(moved.any(-1))
            gymnasts, rotations = [gymnasts[i] for i in new.tolist()], rotations[new]
        for card, colour in zip(cards, colours.tolist(), strict=True):
            card.color = colour
        self.gymnasts.foreach_set("location", self.places[moment].ravel())
        # Also tells Blender that the object has moved.
        for gymnast, rotation in zip(gymnasts, rotations.tolist(), strict=True):
            gymnast.rotation_euler = rotation
        self.before = moment

    def _pose(self, moment: int, before: int) -> None:
        poses, books = self.poses[moment], self.card_list
        if self.changed_only and before >= 0:
            new = np.flatnonzero((poses != self.poses[before]).any(-1))
            if not new.size:
                return
            books, poses = [books[i] for i in new.tolist()], poses[new]
        places = self.seats.copy()
        places[:, 2] += self.poses[moment, :, 0]
        self.cards.foreach_set("location", places.ravel())
        angles = np.zeros((len(poses), 3), np.float32)
        angles[:, 0], angles[:, 1] = poses[:, 2], poses[:, 1]
        for book, angle in zip(books, angles.tolist(), strict=True):
            book.rotation_euler = angle

    def check(self) -> None:
        """Raise AssertionError unless the evaluated objects are as they should be now."""
        depsgraph = self.scene.view_layers[0].depsgraph
        for number in range(0, len(self.card_list), 97):
            seen = self.card_list[number].evaluated_get(depsgraph)
            assert np.allclose(seen.color, self.colours[self.moment, number], atol=1e-6), number
            if self.poses is not None:
                height = self.seats[number, 2] + self.poses[self.moment, number, 0]
                assert np.isclose(seen.matrix_world.translation.z, height, atol=1e-4), number
        for number in range(0, len(self.gymnast_list), 97):
            seen = self.gymnast_list[number].evaluated_get(depsgraph).matrix_world.translation
            assert np.allclose(seen, self.places[self.moment, number], atol=1e-4), number
