"""The sky: an atmosphere, an overcast or a plain one, clouds and a town's glow, as the world's shader."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import bpy

from .tree import Socket, Tree

if TYPE_CHECKING:
    from ..light import Light

#: The brightness of clouds, against white paper that lies in the same light.
_CLOUD_ALBEDO = 0.8
#: Sine of the height at which the air over the ground has thinned to a share of 1 / e.
_AIR_HEIGHT = 0.035


def build_sky(world: bpy.types.World, light: Light) -> None:
    """Make a light's sky the shader of a world."""
    tree = Tree(world.node_tree)
    tree.tree.nodes.clear()
    direction = tree.tree.nodes.new("ShaderNodeTexCoord").outputs["Generated"]
    x, y, up = tree.separate(direction)
    # Below the horizon, where the ground ends, is what stands above it.
    height = tree.math("MAXIMUM", up, 0.005)
    colour = _clear(tree, light, x, y, height)
    if any(light.sky.glow):
        fade = tree.math("POWER", tree.math("SUBTRACT", 1.0, height), 5.0)
        colour = tree.vector(
            "MULTIPLY_ADD", tree.combine(fade, fade, fade), light.scene(light.sky.glow), colour
        )
    sky = tree.out("ShaderNodeBackground", colour, 1.0)
    if light.sky.clouds:
        # A mix of shaders, not of colours: Cycles evaluates of these only what a ray needs, and the clouds'
        # noise would cost every ray that looks for light.
        camera = tree.tree.nodes.new("ShaderNodeLightPath").outputs["Is Camera Ray"]
        clouded = tree.out("ShaderNodeBackground", _clouded(tree, light, colour, x, y, height), 1.0)
        sky = tree.out("ShaderNodeMixShader", camera, sky, clouded)
    tree.feed(tree.tree.nodes.new("ShaderNodeOutputWorld").inputs["Surface"], sky)


def _clear(tree: Tree, light: Light, x: Socket, y: Socket, height: Socket) -> Socket:
    """Return the sky without clouds."""
    sky = light.sky
    if sky.kind == "atmosphere":
        node = tree.tree.nodes.new("ShaderNodeTexSky")
        node.sky_type, node.sun_disc = "MULTIPLE_SCATTERING", False
        node.sun_elevation, node.aerosol_density = sky.elevation, sky.aerosol
        # Clockwise from north.
        node.sun_rotation = (math.pi / 2 - light.azimuth) % (2 * math.pi)
        tree.feed(node.inputs["Vector"], tree.vector("NORMALIZE", tree.combine(x, y, height)))
        clear = tree.vector("MULTIPLY", node.outputs["Color"], light.scene((1.0, 1.0, 1.0)))
        return _horizon(tree, light, clear, x, y, height)
    irradiance = light.scene(sky.irradiance)
    if sky.kind == "overcast":
        # L = zenith (1 + 2 sin h) / 3, which gives a level surface 7 pi / 9 times the zenith.
        share = tree.math("MULTIPLY_ADD", height, 2.0 / 3.0, 1.0 / 3.0)
        zenith = [part * 9.0 / (7.0 * math.pi) for part in irradiance]
        return tree.vector("MULTIPLY", tree.combine(share, share, share), zenith)
    return tree.combine(*(part / math.pi for part in irradiance))


def _horizon(tree: Tree, light: Light, sky: Socket, x: Socket, y: Socket, height: Socket) -> Socket:
    """Return the sky with the air over the ground before it, which hides its lowest two degrees."""
    towards, side, away = (light.scene(colour) for colour in light.sky.horizon)
    along = tree.math("MULTIPLY", x, math.cos(light.azimuth))
    cosine = tree.math("MULTIPLY_ADD", y, math.sin(light.azimuth), along)
    # As in `kernels.haze`.
    front = tree.math("POWER", tree.math("MAXIMUM", cosine, 0.0), 6.0)
    back = tree.math("POWER", tree.math("MAXIMUM", tree.math("MULTIPLY", cosine, -1.0), 0.0), 2.0)
    colour = tree.out("ShaderNodeMix", front, (*side, 1.0), (*towards, 1.0), data_type="RGBA")
    colour = tree.out("ShaderNodeMix", back, colour, (*away, 1.0), data_type="RGBA")
    low = tree.math("POWER", math.e, tree.math("MULTIPLY", height, -1.0 / _AIR_HEIGHT))
    return tree.out("ShaderNodeMix", low, sky, colour, data_type="RGBA")


def _cloud_noise(tree: Tree, place: Socket) -> Socket:
    return tree.add(
        "ShaderNodeTexNoise",
        named={"Vector": place, "Scale": 1.1, "Detail": 5.0, "Roughness": 0.58, "Distortion": 0.3},
    ).outputs[0]


def _clouded(tree: Tree, light: Light, sky: Socket, x: Socket, y: Socket, height: Socket) -> Socket:
    """Lay a sheet of clouds before the sky, fading into the haze at the horizon."""
    # The place where the direction meets a sheet overhead; its bend keeps it from shrinking to nothing.
    far = tree.math("DIVIDE", 1.0, tree.math("ADD", height, 0.12))
    place = tree.combine(tree.math("MULTIPLY", x, far), tree.math("MULTIPLY", y, far), 3.7)
    thick = _cloud_noise(tree, place)
    # Thinner towards the sun: that side is lit.
    level = max(math.cos(light.elevation), 0.2)
    step = (0.12 * level * math.cos(light.azimuth), 0.12 * level * math.sin(light.azimuth), 0.0)
    sunwards = _cloud_noise(tree, tree.vector("ADD", place, step))
    lit = tree.out("ShaderNodeMapRange", tree.math("SUBTRACT", thick, sunwards), -0.10, 0.10, 0.4, 1.05)
    least = 0.5 + 0.42 * (0.5 - light.sky.clouds)
    cover = tree.out("ShaderNodeMapRange", thick, least - 0.03, least + 0.17, interpolation_type="SMOOTHSTEP")
    near = tree.out("ShaderNodeMapRange", height, 0.0, 0.15, interpolation_type="SMOOTHSTEP")
    cover = tree.math("MULTIPLY", tree.math("MULTIPLY", cover, near), 0.9)
    falls = [
        _CLOUD_ALBEDO / math.pi * (0.5 * sun + glow + sky)
        for sun, sky, glow in zip(
            light.scene(light.sun),
            light.scene(light.sky.irradiance),
            light.scene(light.sky.glow),
            strict=True,
        )
    ]
    cloud = tree.vector("MULTIPLY", tree.combine(lit, lit, lit), falls)
    return tree.out("ShaderNodeMix", cover, sky, cloud, data_type="RGBA")
