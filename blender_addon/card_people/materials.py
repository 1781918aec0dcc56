"""What card-holders are made of: skin, a uniform that fades a little from person to person, paper, covers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import bpy

from ..figures import Part
from ..nodes import materials
from ..nodes.shading import Colour, fraction, matte_closure, new_shader, of_instance, pick, set_surface
from .bodies import LOOKS, NEAR

if TYPE_CHECKING:
    from ...scenes.schema_card_section import Mode
    from ..nodes.tree import Socket, Tree, Value

#: Scene-linear; from fair to dark, most of them between.
SKIN: tuple[Colour, ...] = (
    (0.62, 0.40, 0.29),
    (0.56, 0.33, 0.22),
    (0.50, 0.29, 0.19),
    (0.44, 0.245, 0.155),
    (0.36, 0.19, 0.115),
    (0.55, 0.345, 0.245),
    (0.25, 0.125, 0.075),
    (0.47, 0.265, 0.17),
)
HAIR: tuple[Colour, ...] = (
    (0.014, 0.011, 0.010),
    (0.028, 0.018, 0.013),
    (0.010, 0.009, 0.009),
    (0.055, 0.032, 0.018),
    (0.018, 0.014, 0.012),
    (0.10, 0.062, 0.034),
    (0.022, 0.015, 0.011),
)
TINT = "tint"
"""The attribute of a mesh's points that its colours are multiplied with."""
#: One uniform, washed and worn by everybody differently: white to ivory, and greyed.
_JACKETS: tuple[Colour, ...] = (
    (0.74, 0.735, 0.715),
    (0.72, 0.70, 0.65),
    (0.68, 0.685, 0.69),
    (0.74, 0.71, 0.64),
    (0.63, 0.625, 0.61),
)
_TRIMS: tuple[Colour, ...] = ((0.022, 0.120, 0.155), (0.032, 0.135, 0.160), (0.020, 0.100, 0.140))
_TROUSERS: tuple[Colour, ...] = ((0.215, 0.220, 0.245), (0.180, 0.190, 0.225), (0.250, 0.245, 0.245))
_EYES: Colour = (0.62, 0.60, 0.57)
_PAPER: Colour = (0.74, 0.72, 0.66)
#: By how much, up and down, the lightness of pages, of cloth and of skin differs between people.
_PAGE_TONE, _CLOTH_TONE, _SKIN_TONE = 0.015, 0.055, 0.10
#: Attributes of the instance that colour the parts LEFT_PAGE and RIGHT_PAGE.
_PAGES: dict[Mode, tuple[str, str]] = {
    "books": ("page_left", "page_new"),
    "cards": ("page_new", "page_new"),
    "two_sided": ("page_back", "page_front"),
}


def _uneven(
    tree: Tree, colour: Socket | tuple[float, float, float, float], tone: float, times: float
) -> Socket:
    """Return a colour made lighter or darker by person; on average it is what it was."""
    person = fraction(tree, of_instance(tree, "person", "Fac"), times)
    factor = tree.math("MULTIPLY_ADD", person, 2 * tone, 1.0 - tone)
    return tree.out(
        "ShaderNodeVectorMath",
        colour[:3] if isinstance(colour, tuple) else colour,
        named={"Scale": factor},
        operation="SCALE",
    )


def _tinted(tree: Tree, colour: Value) -> Socket:
    """Return a colour as it is in folds, hollows and the like of the mesh."""
    tint = tree.add("ShaderNodeAttribute", attribute_type="GEOMETRY", attribute_name=TINT)
    return tree.vector("MULTIPLY", colour, tint.outputs["Color"])


def _cloth(name: str, colours: Sequence[Colour], times: float) -> bpy.types.Material:
    """Return cloth: of one of the colours by person, and washed more or less often."""
    material, tree = new_shader(name)
    colour = pick(tree, fraction(tree, of_instance(tree, "person", "Fac"), times + 6.0), colours)
    set_surface(tree, matte_closure(tree, _tinted(tree, _uneven(tree, colour, _CLOTH_TONE, times)), 0.35))
    return material


def _hair() -> bpy.types.Material:
    material, tree = new_shader("Hair")
    colour = pick(tree, fraction(tree, of_instance(tree, "person", "Fac"), 13.0), HAIR)
    set_surface(tree, matte_closure(tree, _tinted(tree, colour)))
    return material


def _eyes() -> bpy.types.Material:
    material, tree = new_shader("Eyes")
    set_surface(tree, matte_closure(tree, _tinted(tree, _EYES)))
    return material


def _skin(name: str, reddened: float) -> bpy.types.Material:
    """Return skin of a colour by person; lips are redder."""
    material, tree = new_shader(name)
    person = fraction(tree, of_instance(tree, "person", "Fac"), 7.0)
    colour = pick(tree, person, SKIN)
    if reddened:
        tint = (1.0 - 0.20 * reddened, 1.0 - 0.52 * reddened, 1.0 - 0.46 * reddened)
        colour = tree.vector("MULTIPLY", colour, tint)
    set_surface(tree, matte_closure(tree, _tinted(tree, _uneven(tree, colour, _SKIN_TONE, 31.0))))
    return material


def _page(name: str, attribute: str) -> bpy.types.Material:
    """Return a page: the attribute's colour on paper that is a little uneven from one book to the next."""
    material, tree = new_shader(name)
    set_surface(
        tree, matte_closure(tree, _uneven(tree, of_instance(tree, attribute, "Color"), _PAGE_TONE, 53.0))
    )
    return material


def _leaf() -> bpy.types.Material:
    """Return the turning page: the old page on its front, the new one on its back."""
    material, tree = new_shader("Turning Page")
    back = tree.tree.nodes.new("ShaderNodeNewGeometry").outputs["Backfacing"]
    old, new = of_instance(tree, "page_old", "Color"), of_instance(tree, "page_new", "Color")
    colour = tree.out("ShaderNodeMix", back, old, new, data_type="RGBA")
    set_surface(tree, matte_closure(tree, _uneven(tree, colour, _PAGE_TONE, 53.0)))
    return material


def build_materials(mode: Mode, cover: Colour) -> list[bpy.types.Material]:
    """Return the materials by `figures.Part` of people with a mode's prop."""
    paper = materials.matte("Paper", _PAPER)
    pages = [paper, paper]
    if mode in _PAGES:
        names = zip(("Left Page", "Right Page"), _PAGES[mode], strict=True)
        pages = [_page(name, attribute) for name, attribute in names]
    return [
        _skin("Skin", 0.0),
        _cloth("Uniform", _JACKETS, 17.0),
        _cloth("Uniform Trousers", _TROUSERS, 29.0),
        _hair(),
        *pages,
        materials.matte("Rods", (0.03, 0.03, 0.032)),
        materials.matte("Cover", cover),
        paper,
        _cloth("Uniform Trim", _TRIMS, 41.0),
        _skin("Lips", 0.45),
        _eyes(),
    ]


def build_far_materials(near: Sequence[bpy.types.Material]) -> list[bpy.types.Material]:
    """Return the materials by Part of people further away, from those of people nearby.

    Caps are hair of a cap's colour there, as often as nearby people wear one.
    """
    capped = sum(look.head.cap for look in LOOKS[NEAR])
    bare = len(LOOKS[NEAR]) - capped
    slots = list(near)
    heads = [*(HAIR[k % len(HAIR)] for k in range(bare)), *[_JACKETS[0]] * capped]
    slots[Part.HAIR] = materials.picked("Hair or Cap", heads, 13.0)
    return slots


def build_leaf_materials(count: int) -> list[bpy.types.Material]:
    """Return the materials by Part of a turning page and of the arm that turns it."""
    slots = [_leaf()] * count
    slots[Part.SKIN], slots[Part.COSTUME] = (
        _skin("Turning Hand", 0.0),
        _cloth("Turning Sleeve", _JACKETS, 17.0),
    )
    slots[Part.TRIM] = _cloth("Turning Cuff", _TRIMS, 41.0)
    return slots
