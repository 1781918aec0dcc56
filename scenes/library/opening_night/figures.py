"""The figures that the troupes make on the field, drawn as a viewer in the west sees them.

Every figure is a picture of the same 160 m by 110 m of the field, so that figures which are drawn beside one
another also stand beside one another, with two metres of grass between them.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image

from .canvas import Canvas, Point, Points, petal, polar, smooth

PIXELS_A_METRE = 5
WIDTH, HEIGHT = 160 * PIXELS_A_METRE, 110 * PIXELS_A_METRE
_CENTRE = (WIDTH / 2, HEIGHT / 2)
_FIGURE, _GRASS = "white", "black"


def _field(right: float, up: float) -> Point:
    """Turn metres from the middle of the field into pixels."""
    return _CENTRE[0] + right * PIXELS_A_METRE, _CENTRE[1] - up * PIXELS_A_METRE


def _oval(canvas: Canvas, share: float, colour: str) -> None:
    canvas.ellipse(_CENTRE, share * WIDTH / 2, share * HEIGHT / 2, colour)


def _oval_point(share: float, angle: float) -> Point:
    """Find the point at an angle (degrees) of the oval that fills this share of the field."""
    turn = np.radians(angle)
    return _field(80 * share * float(np.cos(turn)), 55 * share * float(np.sin(turn)))


def _ripples(bands: list[tuple[float, float]]) -> Canvas:
    canvas = Canvas(WIDTH, HEIGHT, _GRASS)
    for inner, outer in sorted(bands, reverse=True):
        _oval(canvas, outer, _FIGURE)
        _oval(canvas, inner, _GRASS)
    return canvas


def ripples_outer() -> Canvas:
    """Draw the outer rings of a ripple."""
    return _ripples([(0.73, 0.80), (0.83, 0.90), (0.93, 1.0)])


def ripples_middle() -> Canvas:
    """Draw the middle rings of a ripple."""
    return _ripples([(0.42, 0.51), (0.54, 0.60), (0.63, 0.69)])


def _petals(canvas: Canvas, spread: float, colour: str) -> None:
    """Fill six round petals, each `spread` metres larger than they are."""
    for k in range(6):
        middle = polar(_CENTRE, 33 * PIXELS_A_METRE, 60 * k + 30)
        canvas.disc(middle, (21.5 + spread) * PIXELS_A_METRE, colour)


def ripples_inner() -> Canvas:
    """Draw the middle of a ripple: a drop and one ring."""
    return _ripples([(0.0, 0.17), (0.21, 0.38)])


def blossom_petals() -> Canvas:
    """Draw six round petals with a gap before each neighbour, and a furrow in each."""
    canvas = Canvas(WIDTH, HEIGHT, _GRASS)
    _petals(canvas, 0, _FIGURE)
    for k in range(6):
        canvas.stroke([_CENTRE, polar(_CENTRE, 60 * PIXELS_A_METRE, 60 * k)], [12, 12], _GRASS)
        inner, outer = (polar(_CENTRE, reach * PIXELS_A_METRE, 60 * k + 30) for reach in (20, 42))
        canvas.shape(petal(inner, outer, 26, fullness=0.45), _GRASS)
    canvas.disc(_CENTRE, 25 * PIXELS_A_METRE, _GRASS)
    return canvas


def blossom_leaves() -> Canvas:
    """Draw three leaves to the left and three to the right of the petals."""
    canvas = Canvas(WIDTH, HEIGHT, _GRASS)
    for across in (-1, 1):
        for root, tip, width in [
            ((34, 40), (79, 38), 165), ((34, -40), (79, -38), 165), ((44, 0), (79.5, 0), 190),
        ]:  # fmt: skip
            leaf = _field(across * root[0], root[1]), _field(across * tip[0], tip[1])
            canvas.shape(petal(*leaf, width, fullness=0.55), _FIGURE)
            canvas.shape(petal(leaf[0], _field(across * (tip[0] - 9), tip[1]), 16, fullness=0.5), _GRASS)
    _petals(canvas, 2, _GRASS)
    return canvas


def sun_rays() -> Canvas:
    """Draw the rays of a sun around the dove."""
    canvas = Canvas(WIDTH, HEIGHT, _GRASS)
    for k in range(20):
        edge = [_oval_point(0.74, 18 * k + step) for step in (-7.2, -3.6, 0, 3.6, 7.2)]
        root = [_oval_point(0.545, 18 * k + step) for step in (7.2, 3.6, 0, -3.6, -7.2)]
        canvas.shape([*edge, *root], _FIGURE)
    return canvas


def garland() -> Canvas:
    """Draw a garland of round leaves around the sun."""
    canvas = Canvas(WIDTH, HEIGHT, _GRASS)
    for k in range(20):
        steps = [float(step) for step in np.linspace(-8, 8, 17)]
        edge = [
            _oval_point(0.93 + 0.07 * float(np.cos(np.radians(10 * step))), 18 * k + step) for step in steps
        ]
        root = [_oval_point(0.775, 18 * k + step) for step in reversed(steps)]
        canvas.shape([*edge, *root], _FIGURE)
    return canvas


def _metres(points: Sequence[Point]) -> Points:
    return np.array([_field(*point) for point in points])


def dove() -> Canvas:
    """Draw a flying dove."""
    canvas = Canvas(WIDTH, HEIGHT, _GRASS)
    body = [
        (30, 6), (26, 10.5), (20, 9.5), (13, 4), (4, 2), (-8, -2), (-18, -8), (-8, -11), (4, -12), (14, -9),
        (21, -2), (25, 3),
    ]  # fmt: skip
    canvas.shape(smooth(_metres(body), closed=True), _FIGURE)
    for tip in [(-35.5, -5.5), (-35.5, -12), (-31, -18)]:
        canvas.shape(petal(_field(-8, -7), _field(*tip), 40, fullness=0.72), _FIGURE)
    for root, tip, width in [
        ((8, -2), (-26, 20), 46), ((8, -2), (-17, 24), 46), ((9, -2), (-8, 26), 46), ((10, -2), (1, 26), 44),
        ((13, 0), (10, 24), 36), ((14, 0), (17, 22), 34),
    ]:  # fmt: skip
        canvas.shape(petal(_field(*root), _field(*tip), width, fullness=0.66), _FIGURE)
    canvas.shape(_metres([(28, 8), (35, 5), (28, 4)]), _FIGURE)
    canvas.shape(_metres([(-2, -6), (-4, 4), (10, 8), (22, 9), (16, -6)]), _FIGURE)
    return canvas


FIGURES = {
    "ripples_outer": ripples_outer,
    "ripples_middle": ripples_middle,
    "ripples_inner": ripples_inner,
    "blossom_petals": blossom_petals,
    "blossom_leaves": blossom_leaves,
    "sun_rays": sun_rays,
    "garland": garland,
    "dove": dove,
}


def figure(name: str) -> Image.Image:
    """Draw a figure as white on nothing, in the mode LA."""
    grey = FIGURES[name]().finished().convert("L")
    return Image.merge("LA", (grey, grey))
