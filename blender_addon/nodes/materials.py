"""Shaders: their colours come from the instance, so one figure serves thousands of people."""

from __future__ import annotations

from collections.abc import Sequence

import bpy
import numpy as np

from ...kernels.oklab import srgb8_to_linear
from ...scenes.timeline import FilmTimeline
from ..animation import key_curve
from .shading import Colour, fraction, matte_closure, new_shader, of_instance, pick, set_surface

#: Scene-linear tints, invented; ordered from fair to dark.
SKIN: tuple[Colour, ...] = ((0.66, 0.42, 0.30), (0.55, 0.32, 0.21), (0.42, 0.23, 0.14), (0.25, 0.12, 0.07))
HAIR: tuple[Colour, ...] = ((0.02, 0.016, 0.014), (0.045, 0.03, 0.02), (0.012, 0.011, 0.012))


def linear(colour: tuple[int, int, int]) -> Colour:
    """Return a scene-linear colour from sRGB bytes."""
    r, g, b = srgb8_to_linear(np.array(colour, np.uint8))
    return float(r), float(g), float(b)


def people(costume: bpy.types.Material, accent: bpy.types.Material) -> list[bpy.types.Material]:
    """Return the materials of the parts that all people have: skin, costume, accent, hair."""
    return [picked("Skin", SKIN, 7.0), costume, accent, picked("Hair", HAIR, 13.0)]


def matte(name: str, colour: Colour) -> bpy.types.Material:
    """Return a plain, rough material."""
    material, tree = new_shader(name)
    set_surface(tree, matte_closure(tree, (*colour, 1.0)))
    return material


def by_instance(name: str, attribute: str, roughness: float = 0.0) -> bpy.types.Material:
    """Return a rough material whose colour is an attribute of the instance; cloth has a roughness."""
    material, tree = new_shader(name)
    set_surface(tree, matte_closure(tree, of_instance(tree, attribute, "Color"), roughness))
    return material


def flame(name: str, strength: float) -> bpy.types.Material:
    """Return fire that shines: `strength` is its radiance where it is palest, in the scene's units.

    Its light falls on other things by chance only, as that of screens does.
    """
    material, tree = new_shader(name)
    # Seen across its surface fire is pale, at its edges red.
    across = tree.add("ShaderNodeLayerWeight", 0.35).outputs["Facing"]
    colour = tree.out(
        "ShaderNodeMix", across, (1.0, 0.62, 0.22, 1.0), (1.0, 0.16, 0.02, 1.0), data_type="RGBA"
    )
    set_surface(tree, tree.out("ShaderNodeEmission", colour, strength))
    material.cycles.emission_sampling = "NONE"
    return material


def picked(name: str, colours: Sequence[Colour], times: float) -> bpy.types.Material:
    """Return a rough material that picks one of the colours by the instance's `person`."""
    material, tree = new_shader(name)
    person = fraction(tree, of_instance(tree, "person", "Fac"), times)
    set_surface(tree, matte_closure(tree, pick(tree, person, colours)))
    return material


def screen(name: str, image: bpy.types.Image, timeline: FilmTimeline, strength: float) -> bpy.types.Material:
    """Return a screen that shines with a baked image sequence, laid on by the surface's UVs.

    Its light falls on other things by chance only: thousands of small lamps would cost more than they add.
    """
    material, tree = new_shader(name)
    texture = tree.add("ShaderNodeTexImage", interpolation="Closest")
    texture.image, texture.name = image, "Screen"
    user = texture.image_user
    # The file shown is number frame + offset: keys hold each film frame at its sample.
    user.frame_start, user.frame_duration, user.use_auto_refresh = 1, len(timeline.frames), True
    frames = [frame.index for frame in timeline.frames]
    offsets = [frame.sample - frame.index for frame in timeline.frames]
    key_curve(tree.tree, 'nodes["Screen"].image_user.frame_offset', -1, frames, offsets, "CONSTANT")
    set_surface(tree, tree.out("ShaderNodeEmission", texture.outputs["Color"], strength))
    material.cycles.emission_sampling = "NONE"
    return material


def membrane(name: str, colour: Colour, through: float) -> bpy.types.Material:
    """Return a stretched fabric that lets a share of the sun through without scattering its shadow.

    Cheaper than a translucent closure: light comes straight through, so its shadow is pale, not dark.
    """
    material, tree = new_shader(name)
    is_shadow = tree.tree.nodes.new("ShaderNodeLightPath").outputs["Is Shadow Ray"]
    factor = tree.math("MULTIPLY", is_shadow, through)
    clear = tree.out("ShaderNodeBsdfTransparent", (1.0, 1.0, 1.0, 1.0))
    mix = tree.add("ShaderNodeMixShader", factor, matte_closure(tree, (*colour, 1.0)), clear)
    set_surface(tree, mix.outputs[0])
    return material
