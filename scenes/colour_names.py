"""Names of colours, for people who hold them: short, and no two alike in one palette."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from ..kernels.oklab import srgb8_to_oklab
from .paper_stock import PAPER_STOCKS

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: What people call colours, and the sRGB colour that each name is nearest to.
_KNOWN = {
    "black": "000000",
    "charcoal": "34373b",
    "dark grey": "595c60",
    "grey": "85888b",
    "light grey": "b3b5b7",
    "pale grey": "d8d9da",
    "white": "ffffff",
    "ivory": "fbf7ea",
    "cream": "f6ecc8",
    "beige": "ddcba6",
    "sand": "c9ae7d",
    "tan": "b58a58",
    "light brown": "96683a",
    "brown": "74451f",
    "dark brown": "452711",
    "rust": "a8431a",
    "maroon": "661018",
    "dark red": "98121d",
    "red": "d41c26",
    "bright red": "fb1414",
    "coral": "fb7860",
    "salmon": "f5a48f",
    "peach": "fcd0b0",
    "dull red": "a65452",
    "dusty pink": "cf9c9e",
    "orange": "f58a14",
    "deep orange": "ee5d10",
    "light orange": "fcb566",
    "amber": "f7ae0c",
    "gold": "d2a51e",
    "mustard": "ac8a18",
    "yellow": "fbe11c",
    "bright yellow": "feff14",
    "light yellow": "fbee86",
    "pale yellow": "fcf7c0",
    "lemon": "e8ec58",
    "olive": "77781e",
    "dark olive": "45491a",
    "khaki": "b0ad7c",
    "lime": "a8da26",
    "light lime": "d2ee8e",
    "moss green": "6f8c3c",
    "bright green": "20e82c",
    "green": "22a03c",
    "dark green": "11592a",
    "forest green": "0e3b1e",
    "grass green": "58b02c",
    "leaf green": "6cc450",
    "light green": "8cd88c",
    "pale green": "cdeecb",
    "sage": "94ab8a",
    "mint": "a2ecc6",
    "emerald": "0c9c6c",
    "sea green": "2fc28e",
    "teal": "0f807e",
    "dark teal": "0b4a4c",
    "dull teal": "5c8a8a",
    "turquoise": "28c4bc",
    "cyan": "18ecf4",
    "pale cyan": "c4f2f2",
    "petrol": "0f5a78",
    "denim": "1f6aa2",
    "sky blue": "58b8ec",
    "light blue": "98cef2",
    "pale blue": "cfe4f8",
    "azure": "1890e4",
    "steel blue": "5583ac",
    "slate": "4d6076",
    "grey blue": "93a8bd",
    "blue": "1c58cc",
    "bright blue": "1a24fa",
    "royal blue": "1c3aa4",
    "navy": "0f1c5c",
    "midnight blue": "0b1030",
    "cornflower": "6a8cf0",
    "periwinkle": "a3aef4",
    "indigo": "46289c",
    "violet": "7440dc",
    "light violet": "ab8cf0",
    "grey violet": "9482ac",
    "lavender": "d6ccf8",
    "purple": "83249c",
    "dark purple": "481058",
    "light purple": "be7cd4",
    "dull purple": "7a5a86",
    "lilac": "dcb4e8",
    "aubergine": "2e1230",
    "magenta": "d01ea6",
    "bright magenta": "fa1cf2",
    "orchid": "ec74d4",
    "plum": "8a2260",
    "wine": "5c0f38",
    "pink": "f692b6",
    "hot pink": "f5408c",
    "light pink": "fab9ce",
    "pale pink": "fce0e6",
    "raspberry": "c0185a",
    "rose": "e0607c",
}

#: How much a difference in lightness, and in each of the two axes of hue and chroma, counts.
_WEIGHTS = (1.0, 2.5, 2.5)


def colour_names(palette: NDArray[np.uint8], paper: str | None = None) -> tuple[str, ...]:
    """Name the colours of a palette.

    Each gets the everyday name nearest to it in OKLab, where hue counts for more than lightness, or its
    maker's where it is a sheet of the paper stock. Colours that would share a name are numbered, the lightest
    first: ``sky blue 1``, ``sky blue 2``.

    Parameters
    ----------
    palette : ndarray of uint8, shape (K, 3)
        sRGB.
    paper : str, optional
        A name in `scenes.paper_stock.PAPER_STOCKS`.

    Returns
    -------
    tuple of str, length K
        All different, whatever the case of their letters.
    """
    colours = np.asarray(palette, np.uint8).reshape(-1, 3)
    lab = srgb8_to_oklab(colours)
    known = list(_KNOWN)
    anchors = srgb8_to_oklab(np.array([list(bytes.fromhex(code)) for code in _KNOWN.values()], np.uint8))
    distance = ((lab[:, None, :] - anchors[None, :, :]) ** 2 * _WEIGHTS).sum(axis=-1)
    names = [known[nearest] for nearest in np.argmin(distance, axis=1)]
    sheets = _sheets_by_colour(paper)
    for index, colour in enumerate(colours.tolist()):
        own = sheets.get(tuple(colour))
        if own:
            # Sheets that look alike on a screen keep their own names as long as there are some.
            names[index] = own.pop(0) if len(own) > 1 else own[0]
    return _numbered(names, lab[:, 0].tolist())


def hex_code(colour: Sequence[int] | NDArray[np.uint8]) -> str:
    """Write an sRGB colour as in a show file: ``#0a3d91``."""
    return "#{:02x}{:02x}{:02x}".format(*(int(part) for part in colour))


def _sheets_by_colour(paper: str | None) -> dict[tuple[int, ...], list[str]]:
    sheets: dict[tuple[int, ...], list[str]] = {}
    for name, colour in PAPER_STOCKS[paper].items() if paper is not None else ():
        sheets.setdefault(tuple(colour), []).append(name)
    return sheets


def _numbered(names: list[str], lightness: list[float]) -> tuple[str, ...]:
    """Put numbers to names that are shared; none makes a name that another has."""
    alike: dict[str, list[int]] = {}
    for index, name in enumerate(names):
        alike.setdefault(name.casefold(), []).append(index)
    taken = {folded for folded, group in alike.items() if len(group) == 1}
    given = list(names)
    for group in alike.values():
        if len(group) == 1:
            continue
        number = 0
        for index in sorted(group, key=lambda member: (-lightness[member], member)):
            number += 1
            while f"{names[index]} {number}".casefold() in taken:
                number += 1
            given[index] = f"{names[index]} {number}"
            taken.add(given[index].casefold())
    return tuple(given)
