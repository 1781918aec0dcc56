"""Shots as cameras: one a shot, keyed by the frame, bound to the timeline by markers."""

from __future__ import annotations

import bpy
import numpy as np
import numpy.typing as npt

from ..kernels import camera_moves, stadium
from ..scenes.schema import Show
from ..scenes.schema_film import LookDown, Orbit, Shot
from ..scenes.timeline import FilmTimeline
from .animation import key_curve

Floats = npt.NDArray[np.float64]
SENSOR_WIDTH = 0.036


def place(show: Show, where: str | tuple[float, float, float]) -> Floats:
    """Return a named place of the show, or the given one: (3,) float64, metres."""
    if where == "field":
        return np.array([0.0, 0.0, 1.0])
    if where == "card_section":
        section = show.card_section
        bowl = stadium.PRESETS[show.stadium.preset]
        seats, _ = stadium.card_section_seats(bowl, section.columns, section.rows)
        return np.array([seats[:, 0].mean(), 0.0, seats[:, 2].mean() + 1.0])
    return np.array(where, np.float64)


def shot_path(show: Show, shot: Shot, progress: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Return places (F, 3) in metres and rotations (F, 3) in radians of a shot's camera at some progress."""
    move = shot.camera.move
    p = np.atleast_1d(np.asarray(progress, np.float64))
    if isinstance(move, LookDown):
        places = camera_moves.push(p, start=(*move.from_, move.height), end=(*move.to, move.height))
        down = np.broadcast_to([0.0, 0.0, -1.0], places.shape)
        # West is at the bottom of the picture, so that the card section lies at its top.
        return places, camera_moves.look_rotation(down, -np.pi / 2 + move.turn * camera_moves.ease(p))
    target = place(show, move.look_at)
    if isinstance(move, Orbit):
        places = camera_moves.orbit(
            p, centre=(0.0, 0.0, 0.0), height=move.height, radius=move.radius, start=move.from_, end=move.to
        )
    else:
        places = camera_moves.push(p, start=move.from_, end=move.to)
    return places, camera_moves.look_rotation(target - places)


def focus_distance(show: Show, shot: Shot, progress: float) -> float:
    """Return the planar distance from the shot's camera to what its lens is focused on, metres."""
    wanted = show.film.tilt_shift_of(shot).focus
    if not isinstance(wanted, str):
        return float(wanted)
    places, rotations = shot_path(show, shot, progress)
    pitch, _, yaw = rotations[0]
    forward = np.array([-np.sin(pitch) * np.sin(yaw), np.sin(pitch) * np.cos(yaw), -np.cos(pitch)])
    return max(1.0, float((place(show, wanted) - places[0]) @ forward))


def build_cameras(
    show: Show, timeline: FilmTimeline, scene: bpy.types.Scene, collection: bpy.types.Collection
) -> None:
    """Build the cameras of all shots with their keys, and the scene's markers that switch between them."""
    for number, shot in enumerate(show.film.shots):
        frames = [frame for frame in timeline.frames if frame.shot == number]
        data = bpy.data.cameras.new(shot.name)
        data.sensor_width, data.lens = SENSOR_WIDTH * 1000, shot.lens * 1000
        data.clip_start, data.clip_end = 0.5, 20000.0
        camera = bpy.data.objects.new(shot.name, data)
        collection.objects.link(camera)
        places, rotations = shot_path(show, shot, [float(frame.progress) for frame in frames])
        numbers = [frame.index for frame in frames]
        for axis in range(3):
            key_curve(camera, "location", axis, numbers, places[:, axis], "CONSTANT")
            key_curve(camera, "rotation_euler", axis, numbers, rotations[:, axis], "CONSTANT")
        marker = scene.timeline_markers.new(shot.name, frame=numbers[0])
        marker.camera = camera
        if number == 0:
            scene.camera = camera
