"""The year's pictures, in few flat colours and with no shape thinner than three cards."""

from __future__ import annotations

import math
from collections.abc import Callable

from .drawing import Drawing, around
from .shapes import (
    BLUE,
    BLUSH,
    CREAM,
    EARTH,
    GOLD,
    GREEN,
    ICE,
    INK,
    LEAF,
    NIGHT,
    ORANGE,
    PINE,
    PINK,
    PLUM,
    RED,
    SKY,
    SNOW,
    WINE,
    koi,
    lantern,
    ridge,
    wave,
)


def lanterns() -> Drawing:
    """Draw lanterns over the river by night."""
    drawing = Drawing(INK)
    wave(drawing, 300, 8, 200, 0, NIGHT, BLUE)
    for x, y, size in ((120, 150, 52), (320, 105, 64), (530, 150, 80), (745, 100, 62), (905, 170, 50)):
        drawing.shape([(x - 5, 0), (x + 5, 0), (x + 5, y - size), (x - 5, y - size)], WINE)
        lantern(drawing, (x, y), size)
    for x, wide in ((120, 70), (320, 90), (530, 120), (745, 90), (905, 70)):
        for k in range(3):
            half = wide * (0.5 - 0.13 * k)
            drawing.shape(
                [
                    (x - half, 310 + 16 * k),
                    (x + half, 310 + 16 * k),
                    (x + half, 319 + 16 * k),
                    (x - half, 319 + 16 * k),
                ],
                (GOLD, ORANGE, RED)[k],
            )
    return drawing


def thaw() -> Drawing:
    """Draw snow mountains over a green valley, with the river's spring."""
    drawing = Drawing(ICE)
    drawing.disc((790, 95), 62, GOLD)
    ridge(
        drawing,
        [
            (-40, 230),
            (90, 110),
            (200, 190),
            (360, 40),
            (520, 200),
            (640, 130),
            (760, 220),
            (900, 120),
            (1060, 240),
        ],
        BLUE,
        SNOW,
    )
    ridge(drawing, [(-40, 250), (140, 205), (330, 260), (560, 215), (800, 262), (1060, 210)], PINE)
    ridge(drawing, [(-40, 300), (240, 262), (520, 300), (760, 268), (1060, 300)], GREEN)
    drawing.blob(
        [
            (500, 250),
            (540, 272),
            (450, 300),
            (520, 330),
            (330, 375),
            (760, 375),
            (640, 322),
            (560, 296),
            (590, 270),
        ],
        SKY,
    )
    return drawing


def plum_branch() -> Drawing:
    """Draw a branch of plum blossom."""
    drawing = Drawing(CREAM)
    drawing.disc((770, 180), 150, BLUSH)
    drawing.line([(-30, 330), (180, 270), (360, 225), (560, 205), (760, 130), (980, 60)], 26, EARTH)
    drawing.line([(330, 235), (420, 150), (540, 90)], 17, EARTH)
    drawing.line([(600, 195), (720, 235), (860, 250)], 17, EARTH)
    for x, y, size in (
        (150, 262, 62),
        (330, 205, 74),
        (545, 88, 66),
        (570, 222, 60),
        (745, 120, 84),
        (870, 262, 66),
        (950, 76, 54),
        (60, 170, 44),
    ):
        drawing.petals((x, y), size, 5, PINK)
        drawing.petals((x, y), 0.62 * size, 5, BLUSH)
        drawing.disc((x, y), 0.2 * size, WINE)
    return drawing


def swallow() -> Drawing:
    """Draw a swallow in flight, on nothing."""
    drawing = Drawing()
    drawing.blob([(300, 70), (420, 105), (540, 165), (500, 205), (410, 180), (340, 130)], INK)
    drawing.blob([(760, 40), (700, 120), (600, 195), (545, 190), (560, 140), (650, 85)], INK)
    drawing.blob([(480, 160), (570, 165), (660, 225), (690, 250), (640, 262), (540, 235), (470, 200)], NIGHT)
    drawing.blob([(655, 215), (705, 225), (720, 250), (690, 270), (650, 258)], INK)
    drawing.shape([(715, 236), (762, 256), (712, 260)], GOLD)
    drawing.blob([(560, 215), (640, 240), (668, 262), (610, 262), (545, 240)], SNOW)
    drawing.blob([(660, 250), (700, 258), (690, 274), (662, 270)], RED)
    drawing.shape([(500, 190), (360, 235), (280, 300), (420, 262), (520, 225)], INK)
    drawing.shape([(505, 205), (430, 285), (400, 350), (480, 290), (540, 225)], INK)
    drawing.disc((690, 238), 7, SNOW)
    return drawing


def carp() -> Drawing:
    """Draw three carp among lily leaves."""
    drawing = Drawing(PINE)
    for x, y, size in ((90, 70, 80), (930, 300, 95), (560, 330, 70), (880, 40, 60), (300, 330, 60)):
        drawing.disc((x, y), size, GREEN)
        drawing.shape([(x, y), around((x, y), 1.05 * size, 40), around((x, y), 1.05 * size, 75)], PINE)
    koi(drawing, (330, 190), 380, 0.8, (SNOW, RED, CREAM))
    koi(drawing, (690, 110), 290, -0.9, (GOLD, ORANGE, CREAM))
    koi(drawing, (720, 270), 250, 0.9, (SNOW, INK, ICE))
    return drawing


def boats() -> Drawing:
    """Draw sailing boats on the summer river."""
    drawing = Drawing(SKY)
    drawing.disc((500, 150), 120, CREAM)
    drawing.disc((500, 150), 86, GOLD)
    for x, y, size, sail in ((220, 262, 1.0, SNOW), (520, 285, 1.25, RED), (820, 255, 0.95, ORANGE)):
        mast = x + 6 * size
        drawing.shape(
            [(mast, y - 200 * size), (mast + 100 * size, y - 28 * size), (mast, y - 28 * size)], sail
        )
        drawing.shape(
            [
                (mast - 14 * size, y - 170 * size),
                (mast - 92 * size, y - 28 * size),
                (mast - 14 * size, y - 28 * size),
            ],
            SNOW if sail != SNOW else CREAM,
        )
        drawing.shape(
            [
                (x - 110 * size, y - 20 * size),
                (x + 120 * size, y - 20 * size),
                (x + 70 * size, y + 40 * size),
                (x - 70 * size, y + 40 * size),
            ],
            EARTH,
        )
    wave(drawing, 288, 12, 125, 0, BLUE, ICE)
    wave(drawing, 330, 13, 167, 60, NIGHT, SKY)
    return drawing


def sunflower() -> Drawing:
    """Draw a sunflower that fills the stand."""
    drawing = Drawing(BLUE)
    for ray in range(0, 360, 20):
        tip = around((500, 180), 620, ray)
        drawing.shape(
            [(500, 180), around((500, 180), 600, ray - 4), tip, around((500, 180), 600, ray + 4)], SKY
        )
    petals = ((16, 178.0, ORANGE, 90.0), (16, 160.0, GOLD, 101.0))
    for ring, (count, radius, colour, first) in enumerate(petals):
        for k in range(count):
            angle = first + k * 360 / count
            half = 13 - 2 * ring
            drawing.blob(
                [
                    around((500, 180), 60, angle),
                    around((500, 180), 0.7 * radius, angle + half),
                    around((500, 180), radius, angle),
                    around((500, 180), 0.7 * radius, angle - half),
                ],
                colour,
            )
    drawing.disc((500, 180), 84, EARTH)
    drawing.disc((500, 180), 58, INK)
    for side in (-1, 1):
        drawing.blob(
            [
                (500 + side * 250, 350),
                (500 + side * 330, 250),
                (500 + side * 470, 240),
                (500 + side * 420, 330),
            ],
            LEAF,
        )
        drawing.blob(
            [(500 + side * 300, 30), (500 + side * 390, 20), (500 + side * 480, 90), (500 + side * 380, 110)],
            GREEN,
        )
    return drawing


def maple() -> Drawing:
    """Draw maple leaves that fall."""
    drawing = Drawing(CREAM)
    for x, y, size, turn, colour in (
        (180, 190, 150, 10, RED), (470, 120, 110, -25, ORANGE), (720, 215, 160, 20, WINE),
        (925, 90, 90, -40, GOLD), (395, 300, 80, 60, GOLD), (60, 60, 70, 30, ORANGE),
        (560, 320, 60, 5, RED), (940, 300, 80, -10, ORANGE),
    ):  # fmt: skip
        points = []
        for angle, reach in (
            (90, 1.0), (78, 0.55), (62, 0.66), (58, 0.42), (38, 0.95), (26, 0.5), (2, 0.78), (-2, 0.36),
            (-36, 0.5), (-70, 0.2),
        ):  # fmt: skip
            points.append((angle, reach))
        full = points + [(180 - angle, reach) for angle, reach in reversed(points)]
        drawing.shape([around((x, y), size * reach, angle + turn) for angle, reach in full], colour)
        drawing.line(
            [around((x, y), 0.15 * size, 270 + turn), around((x, y), 0.75 * size, 265 + turn)],
            0.08 * size,
            EARTH,
        )
    return drawing


def moon() -> Drawing:
    """Draw the harvest moon behind reeds."""
    drawing = Drawing(PLUM)
    drawing.disc((640, 165), 170, WINE)
    drawing.disc((640, 165), 138, GOLD)
    for x, y, size in ((590, 130, 26), (690, 190, 34), (650, 90, 16), (600, 215, 18)):
        drawing.disc((x, y), size, ORANGE)
    wave(drawing, 318, 5, 167, 40, NIGHT, BLUE)
    for k in range(14):
        foot = 30 + 72 * k
        lean = 34 * math.sin(1.7 * k) + 22
        top = 75 + 70 * abs(math.sin(2.3 * k + 0.4))
        drawing.line([(foot, 375), (foot + 0.3 * lean, 240), (foot + lean, top + 60)], 11, INK)
        drawing.blob(
            [
                (foot + lean - 13, top + 80),
                (foot + lean + 4, top),
                (foot + lean + 17, top + 75),
                (foot + lean + 4, top + 110),
            ],
            EARTH,
        )
    return drawing


def geese() -> Drawing:
    """Draw wild geese in a wedge before the evening sky."""
    drawing = Drawing(ORANGE)
    for level, colour in ((250, RED), (300, WINE), (335, PLUM)):
        wave(drawing, level, 16, 330, level, colour, None)
    drawing.disc((240, 190), 84, CREAM)
    for x, y, size in (
        (700, 70, 1.2),
        (540, 112, 1.0),
        (860, 118, 1.0),
        (400, 170, 0.85),
        (955, 200, 0.85),
        (430, 52, 0.7),
    ):
        drawing.blob(
            [
                (x - 95 * size, y - 34 * size),
                (x - 40 * size, y - 30 * size),
                (x, y),
                (x + 36 * size, y - 40 * size),
                (x + 90 * size, y - 52 * size),
                (x + 46 * size, y - 6 * size),
                (x + 16 * size, y + 22 * size),
                (x - 28 * size, y + 14 * size),
            ],
            INK,
        )
        drawing.blob(
            [
                (x - 14 * size, y + 22 * size),
                (x + 30 * size, y + 6 * size),
                (x + 74 * size, y + 18 * size),
                (x + 30 * size, y + 30 * size),
            ],
            INK,
        )
    return drawing


def snowflake() -> Drawing:
    """Draw a snow crystal among smaller ones."""
    drawing = Drawing(NIGHT)
    for centre, size, colour, thick in (
        ((500.0, 180.0), 165.0, SNOW, 17), ((165.0, 120.0), 88.0, ICE, 13), ((835.0, 240.0), 95.0, ICE, 13),
        ((250.0, 290.0), 52.0, SKY, 12), ((745.0, 70.0), 52.0, SKY, 12), ((60.0, 300.0), 46.0, SKY, 12),
        ((940.0, 80.0), 46.0, SKY, 12),
    ):  # fmt: skip
        for k in range(6):
            angle = 30 + 60 * k
            drawing.line([centre, around(centre, size, angle)], thick, colour)
            if size < 80:
                continue
            for share, twig in ((0.45, 0.34), (0.74, 0.26)):
                knot = around(centre, share * size, angle)
                for side in (-52, 52):
                    drawing.line([knot, around(knot, twig * size, angle + side)], 0.8 * thick, colour)
    return drawing


def heron() -> Drawing:
    """Draw a heron in the snow."""
    drawing = Drawing(ICE)
    drawing.disc((250, 120), 72, RED)
    ridge(drawing, [(-40, 250), (180, 150), (340, 235), (560, 120), (760, 230), (1060, 130)], SKY, SNOW)
    wave(drawing, 320, 4, 330, 0, SNOW, None)
    drawing.line([(612, 235), (606, 345)], 12, INK)
    drawing.line([(650, 235), (660, 290), (636, 320)], 12, INK)
    drawing.blob(
        [(520, 170), (610, 140), (690, 160), (730, 215), (660, 255), (560, 245), (440, 290), (470, 230)], SNOW
    )
    drawing.blob([(470, 240), (560, 200), (650, 215), (600, 250), (500, 285), (420, 310)], NIGHT)
    drawing.line([(690, 190), (745, 150), (715, 95), (735, 52)], 30, SNOW)
    drawing.disc((738, 52), 25, SNOW)
    drawing.shape([(755, 38), (860, 62), (752, 66)], GOLD)
    drawing.line([(735, 36), (690, 30), (650, 44)], 12, INK)
    drawing.disc((744, 48), 7, INK)
    return drawing


def sun() -> Drawing:
    """Draw the year's new sun: rings of rays."""
    drawing = Drawing(WINE)
    middle = (500.0, 200.0)
    for radius, count, first, colour in (
        (640.0, 17, 0.0, RED),
        (400.0, 17, 10.6, ORANGE),
        (270.0, 17, 0.0, GOLD),
    ):
        for k in range(count):
            angle = first + k * 360 / count
            drawing.shape(
                [middle, around(middle, radius, angle - 5.6), around(middle, radius, angle + 5.6)], colour
            )
    drawing.disc(middle, 138, GOLD)
    drawing.disc(middle, 108, CREAM)
    drawing.disc(middle, 78, SNOW)
    return drawing


def river() -> Drawing:
    """Draw the river winding from the mountains to the sea."""
    drawing = Drawing(CREAM)
    ridge(
        drawing,
        [
            (-40, 120),
            (100, 30),
            (220, 110),
            (350, 20),
            (500, 118),
            (650, 28),
            (790, 115),
            (900, 40),
            (1060, 120),
        ],
        PINE,
        SNOW,
    )
    drawing.shape([(0, 112), (1000, 112), (1000, 371), (0, 371)], LEAF)
    drawing.shape([(0, 112), (1000, 112), (1000, 146), (0, 146)], GREEN)
    bends = [(450, 112), (560, 150), (330, 190), (620, 235), (250, 290), (420, 380)]
    for k, (width, colour) in enumerate(((70, ICE), (46, BLUE))):
        drawing.line(bends, width + 6 * k, colour)
    for x, y in (
        (90, 180),
        (180, 240),
        (760, 170),
        (860, 240),
        (700, 290),
        (930, 320),
        (80, 320),
        (560, 330),
    ):
        drawing.disc((x, y), 30, PINE)
        drawing.disc((x - 8, y - 10), 19, GREEN)
    return drawing


def fireworks() -> Drawing:
    """Draw fireworks over the river."""
    drawing = Drawing(INK)
    for centre, size, outer, inner in (
        ((250.0, 130.0), 120.0, RED, GOLD), ((560.0, 110.0), 105.0, SKY, SNOW), ((820.0, 150.0),
        130.0, PINK, CREAM),
    ):  # fmt: skip
        for k in range(14):
            angle = k * 360 / 14
            drawing.line([around(centre, 0.34 * size, angle), around(centre, size, angle)], 13, outer)
            drawing.disc(around(centre, size, angle), 11, inner)
        drawing.disc(centre, 0.22 * size, inner)
    wave(drawing, 316, 7, 200, 30, NIGHT, BLUE)
    return drawing


PICTURES: dict[str, Callable[[], Drawing]] = {
    "lanterns": lanterns,
    "thaw": thaw,
    "plum_branch": plum_branch,
    "swallow": swallow,
    "carp": carp,
    "boats": boats,
    "sunflower": sunflower,
    "maple": maple,
    "moon": moon,
    "geese": geese,
    "snowflake": snowflake,
    "heron": heron,
    "river": river,
    "fireworks": fireworks,
    "sun": sun,
}
