"""Shots as cameras: one a shot, keyed by the frame, bound to the timeline by markers."""

from __future__ import annotations

import bpy
import numpy as np
import numpy.typing as npt

from ..scenes.camera_paths import SENSOR_WIDTH, camera_path, middle_of, place_of
from ..scenes.load import LoadedShow
from ..scenes.schema_film import Shot
from ..scenes.seats import seat_map
from ..scenes.timeline import FilmTimeline
from .animation import key_curve

Floats = npt.NDArray[np.float64]


def place(loaded: LoadedShow, where: str | tuple[float, float, float]) -> Floats:
    """Return a named place of the show, or the given one: (3,) float64, metres.

    The place of the card section is the middle of its seats, a metre above the feet.
    """
    return place_of(where, middle_of(seat_map(loaded)))


def shot_path(loaded: LoadedShow, shot: Shot, progress: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Return places (F, 3) in metres and rotations (F, 3) in radians of a shot's camera at some progress."""
    path = camera_path(shot, progress, place(loaded, "card_section"))
    return path.places, path.rotations


def focus_distance(loaded: LoadedShow, shot: Shot, progress: float) -> float:
    """Return the planar distance from the shot's camera to what its lens is focused on, metres."""
    wanted = loaded.show.film.tilt_shift_of(shot).focus
    if not isinstance(wanted, str):
        return float(wanted)
    middle = place(loaded, "card_section")
    path = camera_path(shot, progress, middle)
    return max(1.0, float((place_of(wanted, middle) - path.places[0]) @ path.forward[0]))


def build_cameras(
    loaded: LoadedShow, timeline: FilmTimeline, scene: bpy.types.Scene, collection: bpy.types.Collection
) -> None:
    """Build the cameras of all shots with their keys, and the scene's markers that switch between them."""
    for number, shot in enumerate(loaded.show.film.shots):
        frames = [frame for frame in timeline.frames if frame.shot == number]
        data = bpy.data.cameras.new(shot.name)
        data.sensor_width, data.lens = SENSOR_WIDTH * 1000, shot.lens * 1000
        data.clip_start, data.clip_end = 0.5, 20000.0
        camera = bpy.data.objects.new(shot.name, data)
        collection.objects.link(camera)
        places, rotations = shot_path(loaded, shot, [float(frame.progress) for frame in frames])
        numbers = [frame.index for frame in frames]
        for axis in range(3):
            key_curve(camera, "location", axis, numbers, places[:, axis], "CONSTANT")
            key_curve(camera, "rotation_euler", axis, numbers, rotations[:, axis], "CONSTANT")
        marker = scene.timeline_markers.new(shot.name, frame=numbers[0])
        marker.camera = camera
        if number == 0:
            scene.camera = camera
