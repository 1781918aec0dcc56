"""What the preview is drawn with: pixels, cells and type, in whole arrays at a time.

A picture is an array of uint32 words, one a pixel, whose bytes are R, G, B and one more that nobody looks at:
an index then moves a whole pixel.
"""

from __future__ import annotations

import functools
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

RGB: TypeAlias = tuple[int, int, int]
Words: TypeAlias = npt.NDArray[np.uint32]

PAPER: RGB = (20, 21, 25)
INK: RGB = (236, 233, 224)
FAINT: RGB = (150, 151, 156)
LINE: RGB = (62, 64, 71)
LIGHT: RGB = (255, 194, 28)


def pack(colour: npt.ArrayLike) -> Words:
    """Turn sRGB colours (..., 3) of 0 to 255 into pixels (...)."""
    rgb = np.asarray(colour, np.uint8)
    padded = np.full((*rgb.shape[:-1], 4), 255, np.uint8)
    padded[..., :3] = rgb
    return padded.view(np.uint32)[..., 0]


def colours_of(words: Words) -> npt.NDArray[np.uint8]:
    """Return the pixels (H, W) as bytes (H, W, 4) that share their memory."""
    return words.view(np.uint8).reshape(*words.shape, 4)


def picture(words: Words) -> Image.Image:
    """Return pixels as a Pillow image in RGB."""
    return Image.fromarray(np.ascontiguousarray(colours_of(words)[..., :3]))


def darker(words: Words) -> Words:
    """Take an eighth of their light from pixels."""
    return words - ((words & np.uint32(0xF8F8F8F8)) >> np.uint32(3))


def fit_cells(columns: int, rows: int, aspect: float, width: int, height: int) -> tuple[int, int]:
    """Return width and height, at most those given, of a picture of cells that are `aspect` as wide as high.

    Cells are whole pixels wide where that costs little.
    """
    wide = min(width, round(height * columns * aspect / rows))
    if wide // columns >= 3:
        wide = wide // columns * columns
    return max(wide, 1), max(1, min(height, round(wide / columns / aspect * rows)))


Anchor = Literal["left", "middle", "right"]


@functools.lru_cache(maxsize=1024)
def _letters(text: str, size: int, bold: bool) -> tuple[npt.NDArray[np.uint16], int, int]:
    """Draw text: how much ink (H, W), 0 to 256; pixels from the baseline up to its top; its advance."""
    font, stroke = ImageFont.load_default(size), size * 0.02 if bold else 0
    _, top, right, bottom = (round(side) for side in font.getbbox(text, anchor="ls", stroke_width=stroke))
    mask = Image.new("L", (max(1, right + 2), max(1, bottom - top + 2)))
    ImageDraw.Draw(mask).text((0, 1 - top), text, 255, font, "ls", stroke_width=stroke)
    ink = np.asarray(mask).astype(np.uint16)
    return ink + (ink >> 7), 1 - top, right


def text_width(text: str, size: int, *, bold: bool = False) -> int:
    """Return how many pixels a text is wide."""
    return _letters(text, size, bold)[2]


def shortened(text: str, size: int, width: int, *, bold: bool = False) -> str:
    """Return the text, its end cut off where it is wider than `width` pixels."""
    if text_width(text, size, bold=bold) <= width:
        return text
    kept = len(text)
    while kept and text_width(text[:kept].rstrip() + "…", size, bold=bold) > width:
        kept -= 1
    return text[:kept].rstrip() + "…"


def write(
    words: Words,
    place: tuple[int, int],
    text: str,
    size: int,
    ink: RGB = INK,
    *,
    anchor: Anchor = "left",
    bold: bool = False,
) -> int:
    """Write a line of text into a picture; what lies outside is cut off.

    Parameters
    ----------
    words : (H, W) uint32
    place : (int, int)
        Pixels: x of the text's left end, middle or right end, and y of its baseline.
    text : str
    size : int
        Pixels to an em.

    Returns
    -------
    int
        x at which the text ends.
    """
    cover, above, advance = _letters(text, size, bold)
    x = place[0] - {"left": 0, "middle": advance // 2, "right": advance}[anchor]
    top, left = max(0, place[1] - above), max(0, x)
    cover = cover[top - (place[1] - above) :, left - x :]
    target = colours_of(words)[top : top + cover.shape[0], left : left + cover.shape[1], :3]
    cover = cover[: target.shape[0], : target.shape[1], None]
    target[:] = (target * (256 - cover) + np.array(ink, np.uint16) * cover) >> 8
    return x + advance
