"""Sun and sky for the times of day that a show can name."""

from __future__ import annotations

from dataclasses import dataclass

import bpy
import numpy as np

from .nodes.tree import Tree


@dataclass(frozen=True)
class Light:
    """A time of day.

    Attributes
    ----------
    elevation, azimuth : float
        Where the sun stands, radians; azimuth counter-clockwise from east.
    sun : float
        Strength of the sun, watts a square metre.
    sun_colour : tuple of float
        Scene-linear colour of the sun.
    softness : float
        Angle under which the sun is seen, radians; shadows blur by it.
    zenith, horizon : tuple of float
        Scene-linear colours of the sky, with its strength.
    exposure : float
        Stops of the camera's exposure.
    luminance : float
        Candela a square metre that a radiance of 1 stands for: lux over watts a square metre, with 100,000 lx
        from the sun at noon, 55,000 lx when it stands 27 degrees high, 20,000 lx under clouds (where the sky
        gives most of the 3 watts), and 2,000 lx in a stadium at dusk, when its lamps take over.
    """

    elevation: float
    azimuth: float
    sun: float
    sun_colour: tuple[float, float, float]
    softness: float
    zenith: tuple[float, float, float]
    horizon: tuple[float, float, float]
    exposure: float
    luminance: float


#: In every preset the sun stands in the west, since the card section looks that way.
LIGHTS = {
    "noon": Light(
        np.radians(55),
        np.radians(205),
        4.6,
        (1.0, 0.97, 0.92),
        0.009,
        (0.32, 0.52, 1.0),
        (0.75, 0.85, 1.0),
        -0.2,
        21_700.0,
    ),
    "golden_hour": Light(
        np.radians(27),
        np.radians(203),
        4.4,
        (1.0, 0.82, 0.60),
        0.012,
        (0.26, 0.40, 0.78),
        (0.95, 0.80, 0.64),
        0.15,
        12_500.0,
    ),
    "dusk": Light(
        np.radians(9),
        np.radians(195),
        2.2,
        (1.0, 0.60, 0.38),
        0.02,
        (0.12, 0.17, 0.42),
        (0.80, 0.46, 0.36),
        1.0,
        900.0,
    ),
    "overcast": Light(
        np.radians(50),
        np.radians(200),
        0.8,
        (1.0, 0.98, 0.95),
        0.6,
        (0.85, 0.90, 1.0),
        (0.95, 0.97, 1.0),
        0.1,
        6_600.0,
    ),
}


def build_light(preset: str, scene: bpy.types.Scene, collection: bpy.types.Collection) -> Light:
    """Build the sun of a preset into a collection and its sky as the scene's world; returns the preset."""
    light = LIGHTS[preset]
    lamp = bpy.data.lights.new("Sun", "SUN")
    lamp.energy, lamp.color, lamp.angle = light.sun, light.sun_colour, light.softness
    sun = bpy.data.objects.new("Sun", lamp)
    sun.rotation_euler = (np.pi / 2 - light.elevation, 0.0, light.azimuth + np.pi / 2)
    collection.objects.link(sun)
    world = bpy.data.worlds.new("Sky")
    tree = Tree(world.node_tree)
    tree.tree.nodes.clear()
    direction = tree.tree.nodes.new("ShaderNodeTexCoord").outputs["Generated"]
    _, _, up = tree.separate(direction)
    height = tree.math("POWER", tree.out("ShaderNodeMapRange", up, 0.0, 0.7), 0.55)
    colour = tree.out("ShaderNodeMix", height, (*light.horizon, 1.0), (*light.zenith, 1.0), data_type="RGBA")
    background = tree.out("ShaderNodeBackground", colour, 0.85)
    tree.feed(tree.tree.nodes.new("ShaderNodeOutputWorld").inputs["Surface"], background)
    # Where bounces are not traced, the sky's light is dimmed by what is as near as the roof is.
    world.light_settings.distance = 40.0
    # The sky is smooth: a small importance map is enough and quick to make.
    world.cycles.sampling_method, world.cycles.sample_map_resolution = "MANUAL", 64
    scene.world = world
    return light
