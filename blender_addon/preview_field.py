"""The field seen from above: each gymnast a dot in the colour they wear, and the ways that people go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from ..kernels.clips import CLIPS, STRIPS
from ..kernels.places import FIELD_HALF_X, FIELD_HALF_Y
from .preview_drawing import INK, RGB, Words, colours_of, pack

_GRASS: RGB = (17, 50, 36)
_MOWN: RGB = (19, 55, 40)
_CHALK: RGB = (72, 112, 92)
_AROUND: RGB = (26, 35, 34)
_SHADE: RGB = (6, 14, 11)

MARGIN = 3.0
"""Metres of ground that a field picture shows around the field."""

_PHASES, _TONES = 16, 4
_SMALL_DOTS_FROM = 30_000
_WAY_FROM, _WAY_TO, _WAY_GROWS = 0.1, 0.8, 0.75
_GONE = 0.3  # of a way's ink is left where its walker has been
_THICKET = 0.25  # share of the ground under ways from which on they are drawn fainter
_FAINTEST = 0.4
# How bright a move is at its rest, and how far it goes up or down with its phase.
_BRIGHTNESS = {
    "stand": (0.82, 0.0),
    "march": (0.88, 0.06),
    "run": (0.88, 0.1),
    "wave": (0.92, 0.16),
    "torso_wave": (0.9, 0.14),
    "jump": (0.92, 0.24),
    "star_jump": (0.92, 0.3),
    "spin": (0.92, 0.2),
    "cartwheel": (0.9, 0.28),
    "somersault": (0.88, 0.2),
    "lift": (0.9, 0.2),
    "bow": (0.82, -0.25),
    "kneel": (0.82, -0.22),
    "sit": (0.82, -0.3),
    "handstand": (0.88, -0.14),
    "climb": (0.86, 0.08),
    "hold": (0.86, 0.08),
}
_OFF_GROUND = 0.3  # metres of height from which somebody stands on others
_LIGHTER = 0.11  # by a metre of height
_SHADOW = 0.55  # pixels that a shadow falls aside, by a metre of height


@dataclass(frozen=True, eq=False)
class Seen:
    """A troupe at one moment.

    Attributes
    ----------
    states : ndarray of float32, shape (2, N, 4)
        As `kernels.motion.gymnast_states` gives them.
    colours : ndarray of uint8, shape (N, 3)
        sRGB of what each person wears.
    """

    states: npt.NDArray[np.float32]
    colours: npt.NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Tracks:
    """Ways as pixels of a picture at twice its size, each pixel once.

    Attributes
    ----------
    pixel : ndarray of int64, shape (P,)
    way : ndarray of int64, shape (P,)
        Which way goes over the pixel; the one that is nearest to its end, of several.
    share : ndarray of float32, shape (P,)
        Of the time on that way that has passed there.
    ink : ndarray of float32, shape (P, 3)
    cover : ndarray of float32, shape (P,)
        How much of the ink is on the pixel.
    """

    pixel: npt.NDArray[np.int64]
    way: npt.NDArray[np.int64]
    share: npt.NDArray[np.float32]
    ink: npt.NDArray[np.float32]
    cover: npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Trodden:
    """Ways as they are at one moment.

    Attributes
    ----------
    tracks : Tracks
    passed : ndarray of float64, shape (W,), or None
        Share of the time on each way that is over; None where they are drawn whole.
    strength : float
        0 to 1.
    """

    tracks: Tracks
    passed: npt.NDArray[np.float64] | None = None
    strength: float = 1.0


class FieldPicture:
    """The field seen from above, the card section beyond its upper edge; each gymnast is a dot.

    Parameters
    ----------
    width : int
        Pixels; even.
    people : int
        Gymnasts in all; decides the size of a dot.
    """

    def __init__(self, width: int, people: int) -> None:
        self.width, self.height = width, self.height_of(width)
        self._ground = pack(np.asarray(self._draw_ground()))
        self._large = np.empty_like(self._ground)
        self._gain, self._lift = _levels()
        # Drawn at twice the size and halved, so that dots move smoothly.
        self._stamp = self._stamp_of(5 if people < _SMALL_DOTS_FROM else 3)

    def _stamp_of(self, side: int) -> list[int]:
        offsets = [(y, x) for y in range(side) for x in range(side) if not {y, x} <= {0, side - 1}]
        return [(y - side // 2) * 2 * self.width + x - side // 2 for y, x in offsets]

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

    def draw(self, troupes: Sequence[Seen], ways: Sequence[Trodden] = ()) -> Words:
        """Draw the field at one moment: everyone as a dot, and over them the ways as thin lines.

        Ways grow from faint to bright, so that they show where people go.

        Returns
        -------
        (height, width) uint32
        """
        np.copyto(self._large, self._ground)
        flat = self._large.reshape(-1)
        for troupe in troupes:
            self._draw_troupe(flat, troupe)
        for trodden in ways:
            self._draw_ways(trodden)
        # Pillow's RGBA would weigh colours by alpha; RGBX has none.
        size = 2 * self.width, 2 * self.height
        whole = Image.frombuffer("RGBX", size, self._large, "raw", "RGBX", 0, 1)
        return np.asarray(whole.reduce(2)).view(np.uint32)[..., 0]

    def tracks(self, points: npt.NDArray[np.float64], inks: npt.NDArray[np.uint8]) -> Tracks:
        """Find the pixels that ways go over.

        Parameters
        ----------
        points : (K, W, 2) float64
            Metres: each way at K moments, evenly spaced in time, from its beginning to its end.
        inks : (W, 3) uint8
            What each is drawn in.

        Returns
        -------
        Tracks
            Where many ways make a thicket, each is fainter.
        """
        moments, ways = points.shape[:2]
        at = 2 * self.pixels(points)
        length = np.hypot(*np.moveaxis(np.diff(at, axis=0), 2, 0))
        # Points closer than a pixel, even where the fastest is at their fastest.
        steps = max(2, int(np.ceil(length.max(initial=0.0) * (moments - 1))) + 1)
        share = np.linspace(0.0, 1.0, min(steps, 8 * self.width))
        place = share * (moments - 1)
        knot = np.minimum(place.astype(np.int64), moments - 2)
        part = (place - knot)[:, None, None]
        pixel = self._index((1 - part) * at[knot] + part * at[knot + 1]).reshape(-1)
        way = np.broadcast_to(np.arange(ways), (len(share), ways)).reshape(-1)
        passed = np.repeat(share, ways)
        order = np.lexsort((passed, pixel))
        last = order[np.flatnonzero(np.diff(pixel[order], append=-1))]
        pixel, way, passed = pixel[last], way[last], passed[last]
        cover = _WAY_FROM + (_WAY_TO - _WAY_FROM) * passed**_WAY_GROWS
        cover *= self._thinned(at, len(pixel))
        ink = inks[way].astype(np.float32)
        return Tracks(pixel, way, passed.astype(np.float32), ink, cover.astype(np.float32))

    @staticmethod
    def _thinned(at: npt.NDArray[np.float64], pixels: int) -> float:
        """Return how much fainter ways are drawn that cover so many pixels of the ground they go over."""
        if not at.size:
            return 1.0
        ground = float(np.prod(np.ptp(at.reshape(-1, 2), axis=0) + 1.0))
        return float(np.clip(_THICKET * ground / max(pixels, 1), _FAINTEST, 1.0))

    def _draw_troupe(self, flat: Words, troupe: Seen) -> None:
        states = troupe.states
        clip = _CLIP_OF[states[1, :, 1].astype(np.int64)]
        phase = (states[1, :, 0] % 1 * _PHASES).astype(np.int64) % _PHASES
        tone = (states[1, :, 3] * _TONES).astype(np.int64) % _TONES
        gain, lift = self._gain[clip, phase, tone], self._lift[clip, phase, tone]
        high = np.flatnonzero(states[0, :, 2] > _OFF_GROUND)
        if len(high):
            lift[high] = np.minimum(lift[high] + _LIGHTER * 256 * states[0, high, 2], 230).astype(np.uint16)
        worn = troupe.colours.astype(np.uint16)
        lit = (worn * gain[:, None] >> 8) + ((255 - worn) * lift[:, None] >> 8)
        dots = pack(np.minimum(lit, 255).astype(np.uint8))
        at = 2 * self.pixels(states[0, :, :2])
        middle = self._index(at)
        for offset in self._stamp:
            flat[middle + offset] = dots
        if len(high):
            self._draw_high(flat, at[high], states[0, high, 2], dots[high])

    def _draw_high(
        self,
        flat: Words,
        at: npt.NDArray[np.float64],
        height: npt.NDArray[np.float32],
        dots: Words,
    ) -> None:
        """Draw those who stand on others over those below, each with a shadow, farther off from higher up."""
        shade = pack(_SHADE)
        for level in np.unique(np.rint(height)):
            some = np.rint(height) == level
            middle = self._index(at[some])
            fallen = self._index(at[some] + _SHADOW * 2 * float(level))
            for offset in self._stamp:
                flat[fallen + offset] = shade
            for offset in self._stamp:
                flat[middle + offset] = dots[some]

    def _index(self, at: npt.NDArray[np.floating]) -> npt.NDArray[np.int64]:
        """Return the index of each pixel (..., 2) of the picture at twice its size."""
        whole = np.rint(at).astype(np.int64)
        x, y = np.clip(whole[..., 0], 2, 2 * self.width - 3), np.clip(whole[..., 1], 2, 2 * self.height - 3)
        return np.asarray(y * (2 * self.width) + x)

    def _draw_ways(self, trodden: Trodden) -> None:
        tracks = trodden.tracks
        cover = tracks.cover * np.float32(trodden.strength)
        if trodden.passed is not None:
            gone = tracks.share < trodden.passed.astype(np.float32)[tracks.way]
            cover = np.where(gone, np.float32(_GONE) * cover, cover)
        flat = colours_of(self._large).reshape(-1, 4)
        below = flat[tracks.pixel, :3]
        flat[tracks.pixel, :3] = below + cover[:, None] * (tracks.ink - below)

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


_CLIP_OF = np.array([strip.clip for strip in STRIPS])


def _levels() -> tuple[npt.NDArray[np.uint16], npt.NDArray[np.uint16]]:
    """Return how bright dots are by move, phase and person, (clips, phases, tones).

    The first is what part of 256 of the colour there is, the second what part of the way to white.
    """
    swing = np.sin(np.pi * np.arange(_PHASES) / _PHASES) ** 2
    level = np.array([low + reach * swing for low, reach in (_BRIGHTNESS[clip.name] for clip in CLIPS)])
    person = 1 + 0.05 * np.linspace(-1, 1, _TONES)
    level = level[:, :, None] * person
    gain, lift = np.minimum(level, 1.0), 2 * np.maximum(level - 1.0, 0.0)
    return np.rint(256 * gain).astype(np.uint16), np.rint(256 * lift).astype(np.uint16)


def inked(colours: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Return the inks for the ways of people who wear these colours (W, 3): nearly the lightest."""
    return ((colours.astype(np.uint16) + 3 * np.array(INK, np.uint16)) // 4).astype(np.uint8)
