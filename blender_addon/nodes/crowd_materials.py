"""What spectators are made of.

Colours differ by the person in a tile (mesh attribute `tint`), by the tile (`person`) and by the block of
seats: `fans` is the share of people there who wear its colour, `theme`.
"""

from __future__ import annotations

import bpy

from ..figures import Part
from .materials import SKIN
from .shading import Colour, fraction, matte_closure, new_shader, of_instance, pick, set_surface
from .tree import Socket, Tree

#: Scene-linear, as crowds are seen: greys, navy, black and white, denim, and now and then a strong colour.
TOPS: tuple[Colour, ...] = (
    (0.62, 0.60, 0.57),
    (0.025, 0.03, 0.05),
    (0.16, 0.16, 0.165),
    (0.05, 0.075, 0.16),
    (0.74, 0.73, 0.70),
    (0.022, 0.021, 0.022),
    (0.30, 0.30, 0.30),
    (0.09, 0.13, 0.22),
    (0.40, 0.06, 0.05),
    (0.20, 0.17, 0.13),
    (0.035, 0.04, 0.06),
    (0.48, 0.46, 0.42),
    (0.06, 0.16, 0.38),
    (0.10, 0.11, 0.09),
    (0.66, 0.64, 0.62),
    (0.07, 0.02, 0.03),
    (0.22, 0.30, 0.40),
    (0.05, 0.05, 0.055),
    (0.62, 0.40, 0.07),
    (0.11, 0.10, 0.10),
    (0.36, 0.30, 0.24),
    (0.04, 0.12, 0.08),
    (0.55, 0.34, 0.33),
    (0.045, 0.055, 0.10),
)
_BOTTOMS: tuple[Colour, ...] = (
    (0.035, 0.05, 0.10),
    (0.02, 0.02, 0.022),
    (0.07, 0.11, 0.20),
    (0.045, 0.045, 0.05),
    (0.26, 0.21, 0.15),
    (0.03, 0.04, 0.075),
    (0.12, 0.12, 0.125),
    (0.10, 0.15, 0.25),
)
_HAIR: tuple[Colour, ...] = (
    (0.012, 0.010, 0.009),
    (0.035, 0.022, 0.014),
    (0.020, 0.016, 0.014),
    (0.085, 0.050, 0.026),
    (0.014, 0.012, 0.012),
    (0.16, 0.10, 0.05),
    (0.045, 0.028, 0.018),
    (0.010, 0.009, 0.009),
    (0.028, 0.018, 0.012),
    (0.20, 0.195, 0.19),
    (0.060, 0.036, 0.020),
)
_HATS: tuple[Colour, ...] = (
    (0.66, 0.65, 0.62),
    (0.03, 0.035, 0.06),
    (0.42, 0.34, 0.20),
    (0.02, 0.02, 0.02),
    (0.30, 0.04, 0.035),
    (0.13, 0.14, 0.15),
)
_SHIRTS: tuple[Colour, ...] = (
    (0.68, 0.67, 0.64),
    (0.10, 0.10, 0.105),
    (0.42, 0.42, 0.42),
    (0.30, 0.36, 0.46),
    (0.60, 0.58, 0.53),
    (0.03, 0.035, 0.05),
)
_SHOES: tuple[Colour, ...] = (
    (0.02, 0.02, 0.02),
    (0.55, 0.54, 0.52),
    (0.05, 0.035, 0.025),
    (0.12, 0.12, 0.13),
)
THEMES: tuple[Colour, ...] = ((0.50, 0.035, 0.04), (0.60, 0.36, 0.03), (0.02, 0.13, 0.30), (0.03, 0.24, 0.16))
"""Invented colours that supporters wear: crimson, amber, blue and green."""
SCREEN = 250.0
"""Candela a square metre of a telephone's screen."""
FLASH = 40_000.0
"""Candela a square metre of a camera's flash, over the time that a picture is exposed, on a disc as wide as
its glare."""
TORCH = 2_000.0
"""The same of a telephone's lamp."""


def _person(tree: Tree) -> Socket:
    """Return a number of the person that is shaded, 0 to 1."""
    tint = tree.add("ShaderNodeAttribute", attribute_type="GEOMETRY", attribute_name="tint").outputs["Fac"]
    return tree.math("FRACT", tree.math("ADD", tint, of_instance(tree, "person", "Fac")))


def _worn(tree: Tree, person: Socket, colour: Socket, share: float, times: float) -> Socket:
    """Return the colour, or the block's own for as many of its fans as wear it here."""
    fans = tree.math("MULTIPLY", of_instance(tree, "fans", "Fac"), share)
    is_fan = tree.math("LESS_THAN", fraction(tree, person, times), fans)
    theme = of_instance(tree, "theme", "Color")
    return tree.out("ShaderNodeMix", is_fan, colour, theme, data_type="RGBA")


def _shaded(tree: Tree, person: Socket, colour: Socket) -> Socket:
    """Return the colour a little lighter or darker, as washing and age leave it."""
    value = tree.math("MULTIPLY_ADD", fraction(tree, person, 91.7), 0.5, 0.72)
    return tree.vector("SCALE", colour, value)


def _matte(name: str, colours: tuple[Colour, ...], times: float, fans: float = 0.0) -> bpy.types.Material:
    material, tree = new_shader(name)
    person = _person(tree)
    colour = pick(tree, fraction(tree, person, times), colours)
    if fans:
        colour = _worn(tree, person, colour, fans, 37.3)
    set_surface(tree, matte_closure(tree, _shaded(tree, person, colour)))
    return material


def glowing(name: str, strength: float, colour: Colour = (1.0, 1.0, 1.0)) -> bpy.types.Material:
    """Return what shines without lighting other things: `strength` is its radiance, in the scene's units."""
    material, tree = new_shader(name)
    set_surface(tree, tree.out("ShaderNodeEmission", (*colour, 1.0), strength))
    material.cycles.emission_sampling = "NONE"
    return material


def spectators(luminance: float) -> list[bpy.types.Material]:
    """Return the materials of spectators' parts, in the order of `figures.Part`.

    Parameters
    ----------
    luminance : float
        Candela a square metre that a radiance of 1 stands for.
    """
    by_part = {
        Part.SKIN: _matte("Spectator Skin", SKIN[:3] + SKIN[:2] + SKIN[3:], 7.1),
        Part.COSTUME: _matte("Spectator Tops", TOPS, 1.0, 1.0),
        Part.ACCENT: _matte("Spectator Trousers", _BOTTOMS, 11.3),
        Part.HAIR: _matte("Spectator Hair", _HAIR, 13.7),
        Part.LEFT_PAGE: glowing("Spectator Telephones", SCREEN / luminance, (0.75, 0.87, 1.0)),
        Part.RIGHT_PAGE: _matte("Spectator Shirts", _SHIRTS, 23.9),
        Part.PROP: _matte("Spectator Flags", (*THEMES, (0.70, 0.69, 0.66)), 5.9, 1.6),
        Part.COVER: _matte("Spectator Hats", _HATS, 17.9, 0.8),
        Part.PAPER: _matte("Spectator Shoes", _SHOES, 19.3),
    }
    return [by_part[part] for part in sorted(by_part)]
