"""Coloured paper that can be bought: the makers' names and the colours on a screen.

A sheet has no sRGB value of its own: how it looks depends on the light, and fluorescent sheets are brighter
than any screen shows. The values are near enough to choose sheets by and to preview a show; before buying
paper for 20,000 books, hold a swatch book against them.

Sources, none of them the makers' own measurements:

- ``astrobrights``: the list of Neenah's colours at convertingcolors.com/list/neenah.html, as public tables of
  the Spectrum assortment repeat it. Stardust White is left out: on a screen it is Solar White.
- ``savage_widetone``: rolls of background paper, to be cut. The values are those that a public catalogue of
  photographic backdrops, nudio's, gives beside Savage's names: approximations.
"""

from __future__ import annotations

from typing import TypeAlias

RGB: TypeAlias = tuple[int, int, int]


def _sheets(codes: dict[str, int]) -> dict[str, RGB]:
    """Take colours as 0xRRGGBB."""
    return {name: (code >> 16, code >> 8 & 255, code & 255) for name, code in codes.items()}


PAPER_STOCKS: dict[str, dict[str, RGB]] = {
    "astrobrights": _sheets(
        {
            "Solar White": 0xFFFFFF,
            "Lift-Off Lemon": 0xFFFA3C,
            "Solar Yellow": 0xFFD000,
            "Galaxy Gold": 0xFFAC00,
            "Cosmic Orange": 0xFF8C40,
            "Orbit Orange": 0xF86129,
            "Rocket Red": 0xFF5E63,
            "Re-Entry Red": 0xDB3B4A,
            "Plasma Pink": 0xFF567C,
            "Pulsar Pink": 0xFF80A4,
            "Fireball Fuchsia": 0xFF3C9C,
            "Outrageous Orchid": 0xD573AF,
            "Planetary Purple": 0xB9719E,
            "Gravity Grape": 0x8A6C9E,
            "Venus Violet": 0x867BC6,
            "Blast-Off Blue": 0x4C6393,
            "Celestial Blue": 0x3697AE,
            "Lunar Blue": 0x64B9BC,
            "Terrestrial Teal": 0x27A89A,
            "Gamma Green": 0x3C9E56,
            "Martian Green": 0x98DE5A,
            "Vulcan Green": 0xBCE844,
            "Terra Green": 0xBDD832,
            "Eclipse Black": 0x3F3831,
        }
    ),
    "savage_widetone": _sheets(
        {
            "Bone": 0xE8DCC9,
            "Canary": 0xFFF44F,
            "Deep Yellow": 0xFFB300,
            "Primary Red": 0xCE1126,
            "Crimson": 0x8C1B2F,
            "Light Pink": 0xF6CADC,
            "Purple": 0x6F2DA8,
            "Ultramarine": 0x2B3D8C,
            "Blue Mist": 0x7CAFD6,
            "Mint Green": 0xBEE7B8,
            "Evergreen": 0x2E5339,
            "Chestnut": 0x6B3F2E,
            "Fashion Gray": 0x90969B,
            "Thunder Gray": 0x4A4C4E,
            "Black": 0x000000,
        }
    ),
}
"""For each stock the sRGB colours of its sheets by the maker's name; no two alike."""
