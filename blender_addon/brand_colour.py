"""The page's colour that makes a picture show a wanted colour: the way back through light, grade and view."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..kernels.colour_difference import ciede2000, lab_of_srgb8
from ..kernels.grade import grade
from ..kernels.oklab import srgb8_to_linear
from .finish import apply_view
from .light import RGB, Light

Bytes = tuple[int, int, int]

#: How far a card leans back from upright, radians: it shows itself to who sits higher, opposite.
_LEAN = math.radians(15)
#: Share of the half of the sky before a card that roofs and stands leave open, about.
_OPEN_SKY = 0.6
#: Share of the field's floodlight that a card gets, about: half of the lamps stand behind it.
_FLOODLIT = 0.6
#: Two colours that differ by less can hardly be told apart side by side.
SAME = 1.0


@dataclass(frozen=True)
class BrandColour:
    """A page's colour and what becomes of it.

    Attributes
    ----------
    page : (r, g, b)
        sRGB bytes of the page.
    shown : (r, g, b)
        sRGB bytes of the picture where the page's light is as reckoned.
    difference : float
        CIEDE2000 between what is shown and what was wanted.
    """

    page: Bytes
    shown: Bytes
    difference: float

    @property
    def reached(self) -> bool:
        """Whether the wanted colour is shown, as far as anyone can tell."""
        return self.difference <= SAME


def card_light(light: Light) -> RGB:
    """Return the scene-linear radiance of a white card in the east stand, RGB.

    The sun by its angle, the sky by the part of it that a card facing west and leaning back sees (a surface
    that leans back by a from upright sees (1 + sin a) / 2 of an even sky) and the floodlights. Where roofs
    shade the section less light comes, and the picture is darker than reckoned.
    """
    facing = np.array([-math.cos(_LEAN), 0.0, math.sin(_LEAN)])
    square = max(0.0, float(facing @ light.towards_sun))
    open_sky = _OPEN_SKY * (1.0 + math.sin(_LEAN)) / 2.0
    lamps = _FLOODLIT * light.floodlights / light.luminance
    sun, sky = light.scene(light.sun), light.scene(light.sky.irradiance)
    r, g, b = (
        (square * from_sun + open_sky * from_sky + lamps) / math.pi
        for from_sun, from_sky in zip(sun, sky, strict=True)
    )
    return r, g, b


def shown_colours(
    pages: npt.NDArray[np.uint8],
    light: Light,
    *,
    exposure: float = 0.0,
    saturation: float = 1.0,
    contrast: float = 1.0,
    view: str = "AgX",
) -> npt.NDArray[np.uint8]:
    """Return what the film shows of pages' colours.

    Parameters
    ----------
    pages : (N, 3) uint8, sRGB
    light : Light
    exposure, saturation, contrast, view
        As in the show file's `film.look`; exposure in stops, added to the light's own.

    Returns
    -------
    (N, 3) uint8, sRGB
    """
    radiance = (srgb8_to_linear(pages) * np.array(card_light(light))).astype(np.float32)
    graded = grade(radiance[:, None], saturation=saturation, contrast=contrast)
    shown: npt.NDArray[np.uint8] = apply_view(graded, light.exposure + exposure, view)[:, 0]
    return shown


def page_for(
    wanted: Bytes,
    light: Light,
    *,
    exposure: float = 0.0,
    saturation: float = 1.0,
    contrast: float = 1.0,
    view: str = "AgX",
) -> BrandColour:
    """Return the page's colour that shows the wanted one, or the nearest that can be reached.

    All pages' colours are tried, coarsely, then finer about the best; least CIEDE2000 wins.

    Parameters
    ----------
    wanted : (r, g, b)
        sRGB bytes.
    light, exposure, saturation, contrast, view
        See `shown_colours`.
    """
    target = lab_of_srgb8(np.array(wanted, np.uint8))
    best, span = np.full(3, 128), 128
    for step in (8, 2, 1):
        offsets = np.arange(-span, span + 1, step)
        around = np.stack(np.meshgrid(offsets, offsets, offsets, indexing="ij"), -1).reshape(-1, 3)
        pages = np.clip(best + around, 0, 255).astype(np.uint8)
        shown = shown_colours(
            pages, light, exposure=exposure, saturation=saturation, contrast=contrast, view=view
        )
        difference = ciede2000(lab_of_srgb8(shown), target)
        found = int(np.argmin(difference))
        best, span = pages[found].astype(np.int64), 2 * step
    return BrandColour(_bytes(pages[found]), _bytes(shown[found]), float(difference[found]))


def _bytes(colour: npt.NDArray[np.uint8]) -> Bytes:
    r, g, b = (int(part) for part in colour)
    return r, g, b
