"""What the preview is drawn with: cards, the field from above, and type, in whole arrays at a time.

A picture is an array of uint32 words, one a pixel, whose bytes are R, G, B and one more that nobody looks at:
an index then moves a whole pixel.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from ..kernels.motion import CLIPS
from ..kernels.places import FIELD_HALF_X, FIELD_HALF_Y

RGB: TypeAlias = tuple[int, int, int]
Words: TypeAlias = npt.NDArray[np.uint32]

PAPER: RGB = (20, 21, 25)
INK: RGB = (236, 233, 224)
FAINT: RGB = (150, 151, 156)
LINE: RGB = (62, 64, 71)
LIGHT: RGB = (255, 194, 28)

_GRASS: RGB = (17, 50, 36)
_MOWN: RGB = (19, 55, 40)
_CHALK: RGB = (72, 112, 92)
_AROUND: RGB = (26, 35, 34)

MARGIN = 3.0
"""Metres of ground that a field picture shows around the field."""

_PHASES, _TONES = 16, 4
_SMALL_DOTS_FROM = 30_000
_WAY_FROM, _WAY_TO = 0.06, 0.7
# How bright a move is at its rest and how far it goes up or down with its phase, in order of `CLIPS`.
_BRIGHTNESS = {
    "stand": (0.82, 0.0),
    "march": (0.88, 0.06),
    "wave": (0.92, 0.16),
    "jump": (0.92, 0.24),
    "bow": (0.82, -0.25),
}


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


class FieldPicture:
    """The field seen from above, the card section beyond its upper edge; each gymnast is a dot.

    Parameters
    ----------
    width : int
        Pixels; even.
    costumes : sequence of (red, green, blue)
        Each troupe's colour, 0 to 255.
    people : int
        Gymnasts in all; decides the size of a dot.
    """

    def __init__(self, width: int, costumes: Sequence[RGB], people: int) -> None:
        self.width, self.height = width, self.height_of(width)
        self._ground = pack(np.asarray(self._draw_ground()))
        self._large = np.empty_like(self._ground)
        self._tones = [self._tones_of(costume) for costume in costumes]
        # Drawn at twice the size and halved, so that dots move smoothly.
        side = 5 if people < _SMALL_DOTS_FROM else 3
        offsets = [(y, x) for y in range(side) for x in range(side) if not {y, x} <= {0, side - 1}]
        self._stamp = [(y - side // 2) * 2 * self.width + x - side // 2 for y, x in offsets]

    @staticmethod
    def height_of(width: int) -> int:
        """Return how high a picture of the field is that is `width` wide; even."""
        return round(width * (FIELD_HALF_X + MARGIN) / (FIELD_HALF_Y + MARGIN) / 2) * 2

    @property
    def scale(self) -> float:
        """Pixels to a metre."""
        return self.width / (2 * (FIELD_HALF_Y + MARGIN))

    def pixels(self, places: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
        """Return where places (..., 2), metres east and north, are in the picture: x and y in pixels."""
        x = self.width / 2 - places[..., 1] * self.scale
        y = self.height / 2 - places[..., 0] * self.scale
        return np.stack([x, y], -1)

    def draw(
        self, states: Sequence[npt.NDArray[np.float32]], ways: npt.NDArray[np.float64] | None = None
    ) -> Words:
        """Draw what `kernels.motion.gymnast_states` gives for one moment.

        Parameters
        ----------
        states : sequence of (2, N, 4) float32
            Each troupe's.
        ways : (W, 2, 2) float64, optional
            Ways to be drawn over it as thin lines that grow from faint to bright: both ends, in metres.

        Returns
        -------
        (height, width) uint32
        """
        np.copyto(self._large, self._ground)
        flat = self._large.reshape(-1)
        for state, tones in zip(states, self._tones, strict=True):
            phase = (state[1, :, 0] % 1 * _PHASES).astype(np.int32) % _PHASES
            tone = (state[1, :, 3] * _TONES).astype(np.int32) % _TONES
            dots = tones[state[1, :, 1].astype(np.int32), phase, tone]
            middle = self._large_pixels(state[0, :, :2])
            for offset in self._stamp:
                flat[middle + offset] = dots
        if ways is not None:
            self._draw_ways(ways)
        # Pillow's RGBA would weigh colours by alpha; RGBX has none.
        size = 2 * self.width, 2 * self.height
        whole = Image.frombuffer("RGBX", size, self._large, "raw", "RGBX", 0, 1)
        return np.asarray(whole.reduce(2)).view(np.uint32)[..., 0]

    def _large_pixels(self, places: npt.NDArray[np.floating]) -> npt.NDArray[np.int64]:
        """Return the index of the pixel at each place, in the picture at twice its size."""
        at = np.rint(2 * self.pixels(places)).astype(np.int64)
        x, y = np.clip(at[..., 0], 2, 2 * self.width - 3), np.clip(at[..., 1], 2, 2 * self.height - 3)
        return np.asarray(y * (2 * self.width) + x)

    def _draw_ways(self, ways: npt.NDArray[np.float64]) -> None:
        flat = colours_of(self._large).reshape(-1, 4)
        # Points closer than a pixel, even on the longest way there can be.
        passed = np.linspace(0.0, 1.0, 3 * self.width)[:, None, None]
        points = self._large_pixels((1 - passed) * ways[:, 0] + passed * ways[:, 1])
        cover = np.broadcast_to(_WAY_FROM + (_WAY_TO - _WAY_FROM) * passed[..., 0], points.shape)
        strongest = np.zeros(len(flat))
        np.maximum.at(strongest, points.reshape(-1), cover.reshape(-1))
        crossed = np.flatnonzero(strongest)
        share = strongest[crossed, None]
        flat[crossed, :3] = (1 - share) * flat[crossed, :3] + share * np.array(INK)

    def _draw_ground(self) -> Image.Image:
        image = Image.new("RGB", (2 * self.width, 2 * self.height), _AROUND)
        draw = ImageDraw.Draw(image)

        def box(east: float, north: float) -> list[tuple[float, float]]:
            corners = np.array([[east, north], [-east, -north]])
            return [tuple(corner) for corner in (2 * self.pixels(corners)).tolist()]

        draw.rectangle(box(FIELD_HALF_X, FIELD_HALF_Y), _GRASS)
        for north in np.arange(-FIELD_HALF_Y, FIELD_HALF_Y, 20.0):
            corners = np.array([[FIELD_HALF_X, min(north + 10, FIELD_HALF_Y)], [-FIELD_HALF_X, north]])
            draw.rectangle([tuple(corner) for corner in (2 * self.pixels(corners)).tolist()], _MOWN)
        draw.rectangle(box(FIELD_HALF_X, FIELD_HALF_Y), outline=_CHALK, width=2)
        draw.line([tuple(end) for end in box(FIELD_HALF_X, 0.0)], _CHALK, 2)
        draw.ellipse(box(10.0, 10.0), outline=_CHALK, width=2)
        return image

    @staticmethod
    def _tones_of(costume: RGB) -> Words:
        """Return the colours of a troupe's dots by move, phase and person: (clips, phases, tones)."""
        swing = np.sin(np.pi * np.arange(_PHASES) / _PHASES) ** 2
        level = np.array([[low + reach * swing] for low, reach in (_BRIGHTNESS[clip] for clip in CLIPS)])
        person = 1 + 0.05 * np.linspace(-1, 1, _TONES)
        level = level.reshape(len(CLIPS), _PHASES, 1) * person
        lit = np.minimum(level, 1.0)[..., None] * np.array(costume, float)
        lit += np.maximum(level - 1.0, 0.0)[..., None] * 2 * (255 - lit)
        return pack(np.clip(lit, 0, 255))


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
