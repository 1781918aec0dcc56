"""Shaders: their colours come from the instance, so one figure serves thousands of people."""

from __future__ import annotations

from collections.abc import Sequence

import bpy
import numpy as np

from ...kernels.oklab import srgb8_to_linear
from ...scenes.timeline import FilmTimeline
from ..animation import key_curve
from .tree import Socket, Tree

Colour = tuple[float, float, float]

#: Scene-linear tints, invented; ordered from fair to dark.
SKIN: tuple[Colour, ...] = ((0.66, 0.42, 0.30), (0.55, 0.32, 0.21), (0.42, 0.23, 0.14), (0.25, 0.12, 0.07))
HAIR: tuple[Colour, ...] = ((0.02, 0.016, 0.014), (0.045, 0.03, 0.02), (0.012, 0.011, 0.012))
#: Clothes of spectators: mostly pale and dark, a few bright, as crowds are.
CLOTHES: tuple[Colour, ...] = (
    (0.72, 0.70, 0.66),
    (0.06, 0.08, 0.14),
    (0.45, 0.44, 0.43),
    (0.62, 0.10, 0.08),
    (0.80, 0.79, 0.75),
    (0.05, 0.05, 0.055),
    (0.10, 0.22, 0.48),
    (0.34, 0.30, 0.25),
    (0.75, 0.52, 0.12),
    (0.20, 0.21, 0.23),
    (0.55, 0.60, 0.66),
    (0.12, 0.32, 0.20),
)


def _shader(name: str) -> tuple[bpy.types.Material, Tree]:
    material = bpy.data.materials.new(name)
    tree = Tree(material.node_tree)
    tree.tree.nodes.clear()
    return material, tree


def _surface(tree: Tree, shader: Socket) -> None:
    tree.feed(tree.tree.nodes.new("ShaderNodeOutputMaterial").inputs["Surface"], shader)


def _matte(tree: Tree, colour: object, roughness: float = 0.0) -> Socket:
    return tree.out("ShaderNodeBsdfDiffuse", colour, roughness)


def _instance(tree: Tree, name: str, output: str) -> Socket:
    node = tree.add("ShaderNodeAttribute", attribute_type="INSTANCER", attribute_name=name)
    return node.outputs[output]


def _pick(tree: Tree, share: Socket, colours: Sequence[Colour]) -> Socket:
    """Return one of the colours by a number in 0..1."""
    node = tree.add("ShaderNodeValToRGB", share)
    ramp = node.color_ramp
    ramp.interpolation = "CONSTANT"
    while len(ramp.elements) < len(colours):
        ramp.elements.new(1.0)
    for i, colour in enumerate(colours):
        ramp.elements[i].position = i / len(colours)
        ramp.elements[i].color = (*colour, 1.0)
    return node.outputs[0]


def _fraction(tree: Tree, share: Socket, times: float) -> Socket:
    """Return another, independent-looking number in 0..1 from a first."""
    return tree.math("FRACT", tree.math("MULTIPLY", share, times))


def linear(colour: tuple[int, int, int]) -> Colour:
    """Return a scene-linear colour from sRGB bytes."""
    r, g, b = srgb8_to_linear(np.array(colour, np.uint8))
    return float(r), float(g), float(b)


def people(costume: bpy.types.Material, accent: bpy.types.Material) -> list[bpy.types.Material]:
    """Return the materials of the parts that all people have: skin, costume, accent, hair."""
    return [picked("Skin", SKIN, 7.0), costume, accent, picked("Hair", HAIR, 13.0)]


def matte(name: str, colour: Colour) -> bpy.types.Material:
    """Return a plain, rough material."""
    material, tree = _shader(name)
    _surface(tree, _matte(tree, (*colour, 1.0)))
    return material


def by_instance(name: str, attribute: str, roughness: float = 0.0) -> bpy.types.Material:
    """Return a rough material whose colour is an attribute of the instance; cloth has a roughness."""
    material, tree = _shader(name)
    _surface(tree, _matte(tree, _instance(tree, attribute, "Color"), roughness))
    return material


def flame(name: str, strength: float) -> bpy.types.Material:
    """Return fire that shines: `strength` is its radiance where it is palest, in the scene's units.

    Its light falls on other things by chance only, as that of screens does.
    """
    material, tree = _shader(name)
    # Seen across its surface fire is pale, at its edges red.
    across = tree.add("ShaderNodeLayerWeight", 0.35).outputs["Facing"]
    colour = tree.out(
        "ShaderNodeMix", across, (1.0, 0.62, 0.22, 1.0), (1.0, 0.16, 0.02, 1.0), data_type="RGBA"
    )
    _surface(tree, tree.out("ShaderNodeEmission", colour, strength))
    material.cycles.emission_sampling = "NONE"
    return material


def picked(name: str, colours: Sequence[Colour], times: float) -> bpy.types.Material:
    """Return a rough material that picks one of the colours by the instance's `person`."""
    material, tree = _shader(name)
    person = _fraction(tree, _instance(tree, "person", "Fac"), times)
    _surface(tree, _matte(tree, _pick(tree, person, colours)))
    return material


def leaf_page() -> bpy.types.Material:
    """Return the turning page: the old page on its front, the new one on its back."""
    material, tree = _shader("Turning Page")
    back = tree.tree.nodes.new("ShaderNodeNewGeometry").outputs["Backfacing"]
    old, new = _instance(tree, "page_old", "Color"), _instance(tree, "page_new", "Color")
    _surface(tree, _matte(tree, tree.out("ShaderNodeMix", back, old, new, data_type="RGBA")))
    return material


def screen(name: str, image: bpy.types.Image, timeline: FilmTimeline, strength: float) -> bpy.types.Material:
    """Return a screen that shines with a baked image sequence, laid on by the surface's UVs.

    Its light falls on other things by chance only: thousands of small lamps would cost more than they add.
    """
    material, tree = _shader(name)
    texture = tree.add("ShaderNodeTexImage", interpolation="Closest")
    texture.image, texture.name = image, "Screen"
    user = texture.image_user
    # The file shown is number frame + offset: keys hold each film frame at its sample.
    user.frame_start, user.frame_duration, user.use_auto_refresh = 1, len(timeline.frames), True
    frames = [frame.index for frame in timeline.frames]
    offsets = [frame.sample - frame.index for frame in timeline.frames]
    key_curve(tree.tree, 'nodes["Screen"].image_user.frame_offset', -1, frames, offsets, "CONSTANT")
    _surface(tree, tree.out("ShaderNodeEmission", texture.outputs["Color"], strength))
    material.cycles.emission_sampling = "NONE"
    return material


def spectator_clothes(name: str, colours: Sequence[Colour]) -> bpy.types.Material:
    """Return a material that varies by the person in a tile (mesh attribute `tint`) and by the tile."""
    material, tree = _shader(name)
    tint = tree.add("ShaderNodeAttribute", attribute_type="GEOMETRY", attribute_name="tint").outputs["Fac"]
    person = tree.math("FRACT", tree.math("ADD", tint, _instance(tree, "person", "Fac")))
    _surface(tree, _matte(tree, _pick(tree, person, colours)))
    return material


def membrane(name: str, colour: Colour, through: float) -> bpy.types.Material:
    """Return a stretched fabric that lets a share of the sun through without scattering its shadow.

    Cheaper than a translucent closure: light comes straight through, so its shadow is pale, not dark.
    """
    material, tree = _shader(name)
    is_shadow = tree.tree.nodes.new("ShaderNodeLightPath").outputs["Is Shadow Ray"]
    factor = tree.math("MULTIPLY", is_shadow, through)
    clear = tree.out("ShaderNodeBsdfTransparent", (1.0, 1.0, 1.0, 1.0))
    mix = tree.add("ShaderNodeMixShader", factor, _matte(tree, (*colour, 1.0)), clear)
    _surface(tree, mix.outputs[0])
    return material


def striped_grass(name: str, light: Colour, dark: Colour, width: float) -> bpy.types.Material:
    """Return grass mown in stripes across the field's length; `width` of a stripe in metres."""
    material, tree = _shader(name)
    position = tree.tree.nodes.new("ShaderNodeNewGeometry").outputs["Position"]
    _, y, _ = tree.separate(position)
    stripe = tree.math("GREATER_THAN", tree.math("FRACT", tree.math("MULTIPLY", y, 0.5 / width)), 0.5)
    grain = tree.add("ShaderNodeTexNoise", named={"Vector": position, "Scale": 0.35, "Detail": 3.0})
    colour = tree.out("ShaderNodeMix", stripe, (*light, 1.0), (*dark, 1.0), data_type="RGBA")
    worn = tree.out("ShaderNodeMix", grain.outputs[0], colour, (*dark, 1.0), data_type="RGBA")
    _surface(tree, _matte(tree, worn))
    return material


def mottled(name: str, first: Colour, second: Colour, scale: float) -> bpy.types.Material:
    """Return a rough ground that wanders between two colours; `scale` is in patches a metre."""
    material, tree = _shader(name)
    position = tree.tree.nodes.new("ShaderNodeNewGeometry").outputs["Position"]
    noise = tree.add("ShaderNodeTexNoise", named={"Vector": position, "Scale": scale, "Detail": 4.0})
    sharp = tree.out("ShaderNodeMapRange", noise.outputs[0], 0.42, 0.58)
    _surface(
        tree, _matte(tree, tree.out("ShaderNodeMix", sharp, (*first, 1.0), (*second, 1.0), data_type="RGBA"))
    )
    return material


def facade(name: str, walls: Sequence[Colour], window: Colour) -> bpy.types.Material:
    """Return walls with rows of windows by place and the instance's `person`; for houses far off."""
    material, tree = _shader(name)
    position = tree.tree.nodes.new("ShaderNodeNewGeometry").outputs["Position"]
    x, y, z = tree.separate(position)
    across = tree.math("FRACT", tree.math("MULTIPLY", tree.math("ADD", x, y), 0.21))
    up = tree.math("FRACT", tree.math("MULTIPLY", z, 0.29))
    lit = tree.math("MULTIPLY", tree.math("GREATER_THAN", across, 0.45), tree.math("GREATER_THAN", up, 0.5))
    wall = _pick(tree, _instance(tree, "person", "Fac"), walls)
    _surface(tree, _matte(tree, tree.out("ShaderNodeMix", lit, wall, (*window, 1.0), data_type="RGBA")))
    return material
