"""Maps of the field: for each picture that the five troupes make together, who stands where.

A map is drawn by an order: a number at each spot of the field, by which the spots are dealt out in turn, so
that each troupe gets as much of the field as it has people. Along borders a strip of grass stays free.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageColor, ImageDraw, ImageFont
from scipy.ndimage import distance_transform_edt

Field: TypeAlias = NDArray[np.float64]
Spots: TypeAlias = NDArray[np.bool_]
Map: TypeAlias = NDArray[np.int64]

TROUPES = {"tide": 34_000, "coral": 20_000, "sand": 14_000, "pearl": 8_000, "sparks": 4_000}
TIDE, CORAL, SAND, PEARL, SPARKS = range(len(TROUPES))
NOBODY = -1

LENGTH, DEPTH = 168.0, 118.0
"""Metres of the field that a map shows, across the view from the main stand and away from it."""
PIXELS_A_METRE = 5
GRASS = 0.35
"""Metres that stay free on either side of a border."""

_rows, _columns = np.mgrid[0 : round(DEPTH * PIXELS_A_METRE), 0 : round(LENGTH * PIXELS_A_METRE)]
RIGHT: Field = (_columns + 0.5) / PIXELS_A_METRE - LENGTH / 2
UP: Field = DEPTH / 2 - (_rows + 0.5) / PIXELS_A_METRE
RADIUS: Field = np.hypot(RIGHT, UP)
ANGLE: Field = np.arctan2(UP, RIGHT)
OVAL: Field = (np.abs(RIGHT / (LENGTH / 2)) ** 4 + np.abs(UP / (DEPTH / 2)) ** 4) ** 0.25
"""0 in the middle to 1 at the edge of the ground that the maps use, a rectangle with round corners."""
GROUND: Spots = OVAL <= 1.0

_PEOPLE = np.array(list(TROUPES.values()), dtype=np.float64)


def deal(order: Field, turns: Sequence[tuple[int, float]], ground: Spots = GROUND) -> Map:
    """Deal spots out in an order.

    Parameters
    ----------
    order
        Shape of the map: lower numbers first.
    turns
        Who gets spots in turn, and what share of their people is to stand there.
    ground
        The spots to be dealt out; people stand equally close on all of it.

    Returns
    -------
    Map
        Who gets each spot; `NOBODY` off the ground.
    """
    people = np.array([share * _PEOPLE[who] for who, share in turns])
    bounds = np.quantile(order[ground], np.cumsum(people)[:-1] / people.sum())
    dealt = np.array([who for who, _ in turns])[np.searchsorted(bounds, order, side="right")]
    return np.where(ground, dealt, NOBODY)


def _within(period: float, value: Field) -> Field:
    """Return how far each value is in its period, 0 to 1."""
    part: Field = np.mod(value / period, 1.0)
    return part


def _centred(part: Field) -> Field:
    """Turn a share of a period into a distance from its middle, so that what is dealt is symmetric."""
    distance: Field = np.abs(part - 0.5)
    return distance


def sunrise() -> Map:
    """Draw a sun before the main stand, sparks about it, rays of coral and sand, and the sea beyond."""
    above = UP + DEPTH / 2
    away = np.hypot(RIGHT, 1.15 * above)
    crest = away + 1.6 * np.cos(18 * np.arctan2(above, RIGHT))
    parts = deal(crest, [(PEARL, 1), (SPARKS, 1), (CORAL, 1), (SAND, 1), (TIDE, 1)])
    rays = (parts == CORAL) | (parts == SAND)
    turn = _centred(_within(np.pi / 12, np.arctan2(above, RIGHT)))
    return np.where(rays, deal(turn, [(CORAL, 1), (SAND, 1)], rays), parts)


def ripples() -> Map:
    """Draw rings that spread from a drop."""
    rings = [(PEARL, 0.5), (SPARKS, 1.0), (CORAL, 0.4), (SAND, 0.5), (TIDE, 0.3)]
    rings += [(PEARL, 0.5), (CORAL, 0.6), (SAND, 0.5), (TIDE, 0.7)]
    return deal(np.hypot(RIGHT / 1.2, UP), rings)


def waves() -> Map:
    """Draw crests that roll towards the main stand."""
    height = -UP + 5.0 * np.sin(RIGHT / 10.5) + 2.2 * np.sin(RIGHT / 4.6 + 1.0)
    crests = [(TIDE, 0.25), (PEARL, 0.3), (TIDE, 0.2), (CORAL, 0.5), (SPARKS, 0.5), (SAND, 0.5), (PEARL, 0.4)]
    crests += [(CORAL, 0.5), (SPARKS, 0.5), (SAND, 0.5), (TIDE, 0.3), (PEARL, 0.3), (TIDE, 0.25)]
    return deal(height, crests)


def whirl() -> Map:
    """Draw arms that wind out from an eye."""
    eye = deal(RADIUS, [(PEARL, 0.4), (SPARKS, 1), (TIDE, 1), (CORAL, 1), (SAND, 1), (PEARL, 0.6)])
    arms = GROUND & (eye != SPARKS) & ~((eye == PEARL) & (RADIUS < DEPTH / 4))
    turn = _within(2 * np.pi / 4, ANGLE - 2.1 * np.log(np.maximum(RADIUS, 1.0)))
    turns = [(TIDE, 0.5), (CORAL, 1.0), (PEARL, 0.6), (TIDE, 0.5), (SAND, 1.0)]
    return np.where(arms, deal(turn, turns, arms), eye)


def star() -> Map:
    """Draw a star in a star in a star."""
    turn = np.abs(np.mod(ANGLE - np.pi / 2 + np.pi / 7, 2 * np.pi / 7) - np.pi / 7)
    tips = RADIUS * (1.0 + 0.62 * np.sin(np.pi * turn / (2 * np.pi / 7)))
    return deal(
        tips,
        [
            (PEARL, 0.55),
            (SPARKS, 1),
            (CORAL, 0.45),
            (SAND, 1),
            (TIDE, 0.4),
            (CORAL, 0.55),
            (PEARL, 0.45),
            (TIDE, 0.6),
        ],
    )


def blossom() -> Map:
    """Draw eight petals about a heart, and leaves in the corners."""
    wide = RADIUS / (0.72 + 0.28 * np.abs(np.cos(4 * ANGLE)))
    return deal(wide, [(SPARKS, 1), (PEARL, 1), (SAND, 0.6), (CORAL, 1), (SAND, 0.4), (TIDE, 1)])


def scales() -> Map:
    """Draw fish scales, row over row."""
    size = 48.0
    order = np.full(RIGHT.shape, np.inf)
    for row in range(-4, 5):
        shift = 0.5 * (row % 2)
        away = np.hypot(RIGHT - size * (np.round(RIGHT / size - shift) + shift), UP - 0.42 * size * row)
        # The lowest row that reaches a spot lies on top.
        order = np.where((away <= 0.56 * size) & np.isinf(order), away, order)
    turns = [(SPARKS, 1.0), (PEARL, 1.0), (CORAL, 0.5), (SAND, 1.0), (TIDE, 0.6), (CORAL, 0.5)]
    return deal(order, [*turns, (TIDE, 0.4)])


def numeral() -> Map:
    """Draw the number of all, in frames."""
    width, height = RIGHT.shape[1], RIGHT.shape[0]
    picture = Image.new("L", (width, height), 0)
    font = ImageFont.load_default(245)
    ImageDraw.Draw(picture).text((width / 2, height / 2), "80000", 255, font, "mm", stroke_width=7)
    digits: Spots = np.asarray(picture) > 127
    edge = ~digits & (distance_transform_edt(~digits) < 1.5 * PIXELS_A_METRE)
    around = GROUND & ~digits & ~edge
    turns = [(TIDE, 0.3), (CORAL, 0.3), (TIDE, 0.2), (SAND, 0.25), (CORAL, 0.4)]
    frames = deal(OVAL, [*turns, (TIDE, 0.25), (SAND, 0.25), (CORAL, 0.3), (TIDE, 0.25)], around)
    painted = deal(-UP, [(PEARL, 1.0), (SAND, 0.5)], digits)
    return np.where(digits, painted, np.where(edge, SPARKS, frames))


def pyramids() -> Map:
    """Leave the middle to the sparks, who stand on each other there; draw frames about them."""
    free = (np.abs(RIGHT) < 33.0) & (np.abs(UP) < 15.0)
    frames = [(PEARL, 0.5), (SAND, 0.4), (TIDE, 0.2), (CORAL, 0.6), (TIDE, 0.3), (SAND, 0.6)]
    frames += [(PEARL, 0.5), (CORAL, 0.4), (TIDE, 0.5)]
    square = np.maximum(np.abs(RIGHT) - 33.0, 0.0) ** 2 + np.maximum(np.abs(UP) - 15.0, 0.0) ** 2
    return deal(square, frames, GROUND & ~free)


MAPS: dict[str, Callable[[], Map]] = {
    "sunrise": sunrise,
    "ripples": ripples,
    "waves": waves,
    "whirl": whirl,
    "star": star,
    "blossom": blossom,
    "scales": scales,
    "numeral": numeral,
    "pyramids": pyramids,
}

COLOURS = {"tide": "#1c4fc4", "coral": "#ee4f4a", "sand": "#f2c46d", "pearl": "#fffaf0", "sparks": "#ff9a1f"}


def painted(dealt: Map) -> Image.Image:
    """Return a map in the troupes' colours, for people to wear; transparent where nobody stands."""
    colours = np.array([[*ImageColor.getrgb(colour), 255] for colour in COLOURS.values()] + [[0, 0, 0, 0]])
    return Image.fromarray(colours[dealt].astype(np.uint8)).quantize(len(colours))


def figure(dealt: Map, troupe: int) -> Image.Image:
    """Return a troupe's figure in a map, white on black, with grass along its borders."""
    own = dealt == troupe
    # A border of the picture itself is an edge too.
    free = distance_transform_edt(np.pad(own, 1))[1:-1, 1:-1] > GRASS * PIXELS_A_METRE
    return Image.fromarray(np.where(free, 255, 0).astype(np.uint8)).convert("1")
