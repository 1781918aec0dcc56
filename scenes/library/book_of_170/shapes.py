"""Shapes that several of the year's pictures share, and the colours of them all."""

from __future__ import annotations

import math

from .drawing import HEIGHT, WIDTH, Drawing, Point

INK = "#0a1230"
NIGHT = "#14246a"
BLUE = "#1e58c8"
SKY = "#39a7e6"
ICE = "#b5e5f5"
SNOW = "#fffaf0"
CREAM = "#ffe6a6"
GOLD = "#ffbf1f"
ORANGE = "#f77d1a"
RED = "#e03a20"
WINE = "#8a1230"
PINK = "#f76ca4"
BLUSH = "#ffc3d8"
PLUM = "#4a1a5c"
PINE = "#0b4a44"
GREEN = "#159a63"
LEAF = "#8fcf3f"
EARTH = "#6a3a24"


def wave(
    drawing: Drawing, level: float, rise: float, length: float, shift: float, colour: str, foam: str | None
) -> None:
    """Fill everything under a row of peaked crests, edged with foam."""
    top: list[Point] = []
    for k in range(int(WIDTH / length + 3) * 12):
        phase = k * math.tau / 12
        top.append(
            (
                shift - length + length * k / 12 - 0.13 * length * math.sin(phase),
                level - rise * math.cos(phase),
            )
        )
    corners = [(WIDTH + 2 * length, HEIGHT + 40.0), (-2 * length, HEIGHT + 40.0)]
    if foam is not None:
        drawing.shape([*top, *corners], foam)
        top = [(x, y + 15) for x, y in top]
    drawing.shape([*top, *corners], colour)


def ridge(drawing: Drawing, peaks: list[Point], colour: str, snow: str | None = None) -> None:
    """Fill a range of mountains through its peaks and passes; peaks may be capped with snow."""
    drawing.shape([(peaks[0][0], HEIGHT + 10), *peaks, (peaks[-1][0], HEIGHT + 10)], colour)
    for k in range(1, len(peaks) - 1):
        left, top, right = peaks[k - 1], peaks[k], peaks[k + 1]
        if snow is None or top[1] > min(left[1], right[1]):
            continue
        cap = 0.38

        def on(end: Point, share: float, top: Point = top) -> Point:
            return top[0] + (end[0] - top[0]) * share, top[1] + (end[1] - top[1]) * share

        low = on(left, cap), on(right, cap)
        drawing.shape(
            [
                top,
                low[1],
                (top[0] + 0.45 * (low[1][0] - top[0]), low[1][1] - 14),
                (top[0], (low[0][1] + low[1][1]) / 2 + 10),
                (top[0] + 0.45 * (low[0][0] - top[0]), low[0][1] - 14),
                low[0],
            ],
            snow,
        )


def lantern(drawing: Drawing, centre: Point, size: float) -> None:
    """Draw a round paper lantern that glows."""
    x, y = centre
    for k, colour in enumerate((RED, ORANGE, GOLD, CREAM)):
        drawing.blob(
            [
                (x, y - size),
                (x + size * (1.12 - 0.27 * k), y - 0.45 * size),
                (x + size * (1.12 - 0.27 * k), y + 0.45 * size),
                (x, y + size),
                (x - size * (1.12 - 0.27 * k), y + 0.45 * size),
                (x - size * (1.12 - 0.27 * k), y - 0.45 * size),
            ],
            colour,
        )
    for side in (-1, 1):
        drawing.shape(
            [
                (x - 0.5 * size, y + side * 0.86 * size),
                (x + 0.5 * size, y + side * 0.86 * size),
                (x + 0.5 * size, y + side * 1.1 * size),
                (x - 0.5 * size, y + side * 1.1 * size),
            ],
            WINE,
        )


def koi(drawing: Drawing, place: Point, length: float, bend: float, colours: tuple[str, str, str]) -> None:
    """Draw a carp from above, swimming to the right; `bend` in -1 to 1 is how its body sways."""
    body, marks, fins = colours
    x, y = place

    def at(along: float, across: float) -> Point:
        sway = bend * 0.14 * length * math.sin(math.pi * (1.15 * (0.5 - along)))
        return x + along * length, y + across * length + sway * (0.5 - along)

    drawing.blob(
        [at(-0.42, 0), at(-0.62, 0.16), at(-0.72, 0.2), at(-0.6, 0.02), at(-0.72, -0.2), at(-0.62, -0.16)],
        fins,
    )
    for side in (-1, 1):
        drawing.blob(
            [at(0.2, side * 0.1), at(0.12, side * 0.28), at(-0.04, side * 0.33), at(0.02, side * 0.12)], fins
        )
        drawing.blob(
            [at(-0.18, side * 0.08), at(-0.26, side * 0.18), at(-0.34, side * 0.18), at(-0.28, side * 0.06)],
            fins,
        )
    spine = [(-0.48, 0.015), (-0.3, 0.07), (-0.05, 0.125), (0.2, 0.135), (0.4, 0.1), (0.5, 0.03)]
    drawing.blob([*(at(a, w) for a, w in spine), *(at(a, -w) for a, w in reversed(spine))], body)
    drawing.blob(
        [at(0.36, 0.07), at(0.2, 0.1), at(0.1, 0), at(0.2, -0.11), at(0.36, -0.07), at(0.44, 0)], marks
    )
    drawing.blob([at(-0.02, 0.1), at(-0.2, 0.07), at(-0.16, -0.03), at(0, -0.06), at(0.06, 0.03)], marks)
    drawing.blob([at(-0.26, 0.05), at(-0.38, 0.03), at(-0.38, -0.04), at(-0.27, -0.06)], marks)
