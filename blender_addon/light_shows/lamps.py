"""Lamps of light shows that light what they fall on: follow spots and strobes, keyed where they are lit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import bpy
import numpy as np
import numpy.typing as npt

from ...kernels.array_module import to_numpy
from ...kernels.beams import FollowSpots, lamp_level, spot_targets
from ...kernels.oklab import srgb8_to_linear
from ...kernels.strobes import Strobes, flashes
from ..animation import key_curve

if TYPE_CHECKING:
    from ...scenes.timeline import FilmTimeline
    from ..bake_light_shows import LightSet

STROBE_LAMPS = 4
_EDGE = 0.35
_LENS = 0.6


def lit_frames(
    shown: npt.NDArray[np.int64], timeline: FilmTimeline
) -> tuple[list[int], npt.NDArray[np.int64]]:
    """Return the frames at which lamps of a cue need keys, and the sample, from 0, that each shows: (K,).

    Those are the frames in which it is seen, and those beside them, in which it is dark.
    """
    samples = np.array([frame.sample - 1 for frame in timeline.frames], np.int64)
    seen = shown[samples] > 0
    beside = seen.copy()
    beside[1:] |= seen[:-1]
    beside[:-1] |= seen[1:]
    return [timeline.frames[i].index for i in np.flatnonzero(beside)], samples[beside]


def _power(
    irradiance: npt.NDArray[np.float64] | float, distance: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """Return the watts by which a lamp that shines all around gives watts a square metre at a distance."""
    return irradiance * 4.0 * np.pi * distance**2


def build_spot_lamps(
    name: str,
    lights: LightSet,
    spots: FollowSpots,
    colour: tuple[int, int, int],
    irradiance: float,
    timeline: FilmTimeline,
    collection: bpy.types.Collection,
) -> None:
    """Build a lamp for each follow spot of a cue; `irradiance` is what it gives where it falls."""
    frames, samples = lit_frames(lights.shown, timeline)
    at = lights.at[samples]
    level = to_numpy(lamp_level(spots.start, spots.end, at, np)) * (lights.shown[samples] > 0)
    places = to_numpy(spots.place)
    way = to_numpy(spot_targets(spots, at)) - places
    distance = np.linalg.norm(way, axis=-1)
    aim = way / distance[..., None]
    power = _power(irradiance, distance) * level[:, None]
    pitch, yaw = np.arccos(-aim[..., 2]), np.arctan2(-aim[..., 0], aim[..., 1])
    for number, place in enumerate(places):
        light = bpy.data.lights.new(f"{name} {number + 1}", "SPOT")
        light.color = srgb8_to_linear(np.array(colour, np.uint8)).tolist()
        light.spot_size, light.spot_blend = 2.0 * float(np.arctan(spots.spread)), _EDGE
        light.shadow_soft_size = _LENS
        lamp = _lamp(light, place, collection)
        key_curve(light, "energy", -1, frames, power[:, number].tolist(), "CONSTANT")
        for axis, angles in ((0, pitch), (2, yaw)):
            key_curve(lamp, "rotation_euler", axis, frames, angles[:, number].tolist(), "CONSTANT")


def build_strobe_lamps(
    name: str,
    lights: LightSet,
    strobes: Strobes,
    irradiance: float,
    timeline: FilmTimeline,
    collection: bpy.types.Collection,
) -> None:
    """Build a few lamps for all of a cue's strobes, each for those about it.

    `irradiance` is what all give together in the middle of the field, in the scene's units.
    """
    frames, samples = lit_frames(lights.shown, timeline)
    lit = flashes(strobes, lights.at[samples], lights.exposure[samples])
    places, colour = to_numpy(strobes.place), to_numpy(strobes.colour)
    count = min(STROBE_LAMPS, strobes.count)
    group = np.arange(strobes.count) * count // strobes.count
    for number in range(count):
        own = group == number
        place = places[own].mean(0)
        brightest = max(float(colour[own].max()), 1e-6)
        share = lit[:, own].mean(-1) * brightest / count
        light = bpy.data.lights.new(f"{name} {number + 1}", "POINT")
        light.color = (colour[own].mean(0) / brightest).tolist()
        light.shadow_soft_size = _LENS
        _lamp(light, place, collection)
        power = _power(irradiance, np.linalg.norm(place, keepdims=True)) * share
        key_curve(light, "energy", -1, frames, power.tolist(), "CONSTANT")


def _lamp(
    light: bpy.types.Light, place: npt.NDArray[np.float64], collection: bpy.types.Collection
) -> bpy.types.Object:
    lamp = bpy.data.objects.new(light.name, light)
    lamp.location = place
    collection.objects.link(lamp)
    return lamp
