"""The drawings of the card section: what the sea does while the field moves."""

from __future__ import annotations

import math
from collections.abc import Callable

from ..book_of_170.drawing import HEIGHT, WIDTH, Drawing, around
from ..book_of_170.shapes import wave

TIDE, SEA, FOAM = "#12388f", "#2a76d2", "#bfe6f2"
CORAL, SAND, PEARL, SPARK = "#ee4f4a", "#f2c46d", "#fffaf0", "#ff9a1f"


def sunrise() -> Drawing:
    """Draw a sun that comes out of the sea, with its rays."""
    drawing = Drawing(CORAL)
    sun = WIDTH / 2, HEIGHT * 0.86
    for k in range(12):
        turn = 180.0 * k / 12
        drawing.shape([sun, around(sun, 900, turn + 2), around(sun, 900, turn + 9.5)], SAND)
    drawing.disc(sun, 178, SPARK)
    drawing.disc(sun, 140, PEARL)
    wave(drawing, 300, 10, 170, 0, SEA, FOAM)
    wave(drawing, 334, 8, 130, 40, TIDE, None)
    return drawing


def breaker() -> Drawing:
    """Draw three waves, one before the other."""
    drawing = Drawing(SAND)
    drawing.disc((760, 110), 74, CORAL)
    wave(drawing, 150, 62, 420, 60, FOAM, PEARL)
    wave(drawing, 222, 50, 360, 170, SEA, PEARL)
    wave(drawing, 300, 34, 300, 20, TIDE, PEARL)
    return drawing


def flower() -> Drawing:
    """Draw three flowers in a row, the middle one in front."""
    drawing = Drawing(TIDE)
    for x, size, petal in ((190, 120, CORAL), (810, 120, CORAL), (500, 168, PEARL)):
        heart = float(x), HEIGHT / 2
        for k in range(8):
            drawing.disc(around(heart, 0.62 * size, 45.0 * k), 0.36 * size, petal)
        drawing.disc(heart, 0.62 * size, SAND)
        drawing.disc(heart, 0.34 * size, SPARK)
    return drawing


def eye() -> Drawing:
    """Draw the eye of a whirl and what it draws in."""
    drawing = Drawing(TIDE)
    middle = WIDTH / 2, HEIGHT / 2
    for arm in range(10):
        colour = (CORAL, SEA, SAND, SEA, PEARL)[arm % 5]
        inner, outer = [], []
        for step in range(57):
            reach = 50.0 * math.exp(step / 15.5)
            turn = 36.0 * arm + 7.2 * step
            inner.append(around(middle, reach, turn))
            outer.append(around(middle, reach, turn + 17.0))
        drawing.shape([*inner, *reversed(outer)], colour)
    drawing.disc(middle, 92, SPARK)
    drawing.disc(middle, 62, PEARL)
    return drawing


POSTERS: dict[str, Callable[[], Drawing]] = {
    "sunrise": sunrise,
    "breaker": breaker,
    "eye": eye,
    "flower": flower,
}
