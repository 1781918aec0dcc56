"""The pictures of the card section, as posters: few flat colours and no shape thinner than three cards."""

from __future__ import annotations

import numpy as np

from .canvas import Canvas, Point, petal, polar, smooth

WIDTH, HEIGHT = 1000, 361  # 250 x 80 seats of 0.55 m x 0.62 m, at 4 pixels to a seat's width

INK = "#0b1030"
NIGHT = "#17277a"
ROYAL = "#1f56d6"
SKY = "#27a9e8"
ICE = "#a8e6f5"
WHITE = "#fffaf0"
CREAM = "#ffe9a8"
GOLD = "#ffc21c"
ORANGE = "#ff7f17"
VERMILION = "#f0401c"
CRIMSON = "#bd1030"
MAROON = "#690a2a"
PINK = "#ff5c9d"
BLUSH = "#ffb9d2"
MAGENTA = "#d0157c"
VIOLET = "#5b1b90"
TEAL = "#0a8088"
JADE = "#12a566"
LIME = "#a4d63a"
PINE = "#07433f"


def _wave(
    canvas: Canvas, level: float, rise: float, length: float, shift: float, colour: str, foam: str
) -> None:
    """Fill everything under a row of peaked crests (a trochoid), edged with foam."""
    phase = np.linspace(-2 * np.pi, (WIDTH / length + 3) * 2 * np.pi, 900)
    along = shift + length * phase / (2 * np.pi) - 0.13 * length * np.sin(phase)
    crest = level - rise * np.cos(phase)
    top = np.stack([along, crest], axis=1)
    low = np.array([[WIDTH + 4 * length, HEIGHT + 60], [-2 * length, HEIGHT + 60]])
    canvas.shape(np.concatenate([top, low]), foam)
    canvas.shape(np.concatenate([top + np.array([0, 16]), low]), colour)


def sunrise() -> Canvas:
    """Draw the sun coming up behind the sea, its rays cut by rings."""
    canvas = Canvas(WIDTH, HEIGHT, MAROON)
    sun = (500.0, 246.0)
    rings = [
        (660.0, VIOLET),
        (520.0, MAGENTA),
        (405.0, CRIMSON),
        (305.0, VERMILION),
        (222.0, ORANGE),
        (150.0, GOLD),
    ]
    colours = [MAROON, *(colour for _, colour in rings)]
    for k, (radius, colour) in enumerate(rings):
        canvas.disc(sun, radius, colour)
        for angle in range(-8, 190, 20):
            wedge = [sun, *(polar(sun, radius, angle + step) for step in np.linspace(-5, 5, 9))]
            canvas.shape(wedge, colours[min(k + 2, len(colours) - 1)])
    canvas.disc(sun, 112, WHITE)
    _wave(canvas, 258, 15, 125, 0, SKY, WHITE)
    _wave(canvas, 296, 17, 167, 83, ROYAL, ICE)
    _wave(canvas, 337, 19, 200, 100, NIGHT, SKY)
    return canvas


def _wing(
    canvas: Canvas, arm: list[Point], angles: tuple[float, float], lengths: tuple[float, float], tint: str
) -> None:
    """Draw a wing: feathers fanned along an arm, the outer ones with dark tips, and the arm over them."""
    line = smooth(arm)
    count = 11
    for k in range(count):
        share = k / (count - 1)
        root = line[int((0.12 + 0.88 * share) * (len(line) - 1))]
        angle = angles[0] + (angles[1] - angles[0]) * share**1.2
        length = lengths[0] + (lengths[1] - lengths[0]) * np.sin(np.pi * min(1.0, 0.25 + 0.6 * share))
        start = (float(root[0]), float(root[1]))
        if share > 0.35:
            canvas.shape(petal(start, polar(start, length * 1.18, angle), 44, fullness=0.62), INK)
        canvas.shape(petal(start, polar(start, length, angle), 46, fullness=0.62), tint if k % 2 else WHITE)
    canvas.stroke(arm, [60, 46, 34, 18], WHITE)


def crane() -> Canvas:
    """Draw a white crane that flies past a golden moon."""
    canvas = Canvas(WIDTH, HEIGHT, CRIMSON)
    for x, y, across, colour in [
        (60, 60, 190, MAROON), (170, 92, 150, MAROON), (930, 60, 180, MAROON), (800, 92, 130, MAROON),
        (110, 330, 210, VERMILION), (300, 358, 240, VERMILION), (900, 300, 200, VERMILION),
        (760, 346, 300, VERMILION),
    ]:  # fmt: skip
        canvas.stroke([(x - across + 20, y), (x + across - 20, y)], [34, 34], colour)
        canvas.disc((x - across + 20, y), 17, colour)
        canvas.disc((x + across - 20, y), 17, colour)
    canvas.disc((500, 178), 168, GOLD)
    canvas.disc((500, 178), 140, ORANGE)
    # far wing, legs, body and neck, near wing
    _wing(canvas, [(560, 215), (630, 180), (680, 130), (735, 92)], (172, 78), (86, 96), ICE)
    canvas.stroke([(420, 250), (290, 268), (150, 262), (60, 270)], [26, 16, 14, 14], INK)
    canvas.stroke([(420, 236), (290, 246), (150, 236), (60, 240)], [26, 16, 14, 14], INK)
    canvas.shape(petal((470, 240), (310, 232), 62, fullness=0.45), INK)
    canvas.blob(
        [(375, 240), (440, 205), (540, 195), (620, 205), (650, 220), (600, 250), (510, 272), (430, 268)],
        WHITE,
    )
    canvas.stroke([(600, 222), (690, 232), (770, 214), (850, 196)], [58, 34, 27, 27], WHITE)
    canvas.stroke([(690, 239), (770, 222), (838, 202)], [8, 20, 22], INK)
    canvas.disc((858, 193), 22, WHITE)
    canvas.ellipse((862, 178), 20, 10, VERMILION)
    canvas.shape([(868, 180), (972, 190), (868, 210)], GOLD)
    _wing(canvas, [(560, 225), (480, 185), (405, 140), (320, 108)], (236, 142), (98, 150), BLUSH)
    return canvas


def _flower(canvas: Canvas, centre: Point, size: float, turn: float = 0.0) -> None:
    """Draw an open blossom seen from the front."""
    layers = [
        (1.0, 0.50, MAGENTA, 0),
        (0.86, 0.42, PINK, 22.5),
        (0.62, 0.34, BLUSH, 0),
        (0.42, 0.25, WHITE, 22.5),
    ]
    for reach, width, colour, offset in layers:
        for k in range(8):
            angle = turn + offset + 45 * k
            canvas.shape(
                petal(centre, polar(centre, size * reach, angle), size * width, fullness=0.66), colour
            )
    canvas.disc(centre, size * 0.19, ORANGE)
    canvas.disc(centre, size * 0.13, GOLD)


def blossom() -> Canvas:
    """Draw one great blossom between leaves, with smaller ones on both sides."""
    canvas = Canvas(WIDTH, HEIGHT, TEAL)
    for x in (500,):
        for angle, length in [
            (12, 420),
            (-14, 400),
            (168, 420),
            (194, 400),
            (40, 300),
            (140, 300),
            (-38, 300),
            (218, 300),
        ]:
            root = (float(x), 184.0)
            canvas.shape(petal(root, polar(root, length, angle), 120, fullness=0.62), PINE)
            canvas.shape(petal(root, polar(root, length - 24, angle), 70, fullness=0.62), JADE)
    for side in (-1, 1):
        _flower(canvas, (500 + side * 395, 96), 112, 11)
        _flower(canvas, (500 + side * 330, 300), 84, 30)
        _flower(canvas, (500 + side * 482, 292), 84, 0)
    canvas.disc((500, 181), 196, TEAL)
    _flower(canvas, (500, 181), 204, 0)
    return canvas


def tiger() -> Canvas:
    """Draw a tiger's face that looks out of the leaves."""
    canvas = Canvas(WIDTH, HEIGHT, PINE)
    for x, y, angle, length, colour, rib in [
        (-30, 30, 18, 250, TEAL, ROYAL), (-20, 350, 62, 330, TEAL, ROYAL), (120, 420, 92, 330, JADE, PINE),
        (110, -60, -72, 240, JADE, PINE), (230, 430, 104, 250, LIME, JADE), (230, -70, -84, 200, LIME, JADE),
        (-40, 190, 2, 230, LIME, JADE), (-30, 400, 34, 260, JADE, PINE),
    ]:  # fmt: skip
        root = (float(x), float(y))
        canvas.shape(petal(root, polar(root, length, angle), 92, fullness=0.55), PINE)
        canvas.shape(petal(root, polar(root, length - 12, angle), 78, fullness=0.55), colour)
        canvas.shape(petal(root, polar(root, length * 0.82, angle), 17, fullness=0.4), rib)
    # left half; the right one mirrors it
    canvas.disc((350, 62), 62, ORANGE)
    canvas.disc((352, 66), 36, INK)
    canvas.blob(
        [
            (500, 4),
            (400, 22),
            (322, 84),
            (282, 170),
            (262, 250),
            (322, 300),
            (390, 352),
            (500, 384),
            (620, 300),
            (620, 60),
        ],
        ORANGE,
    )
    canvas.shape(petal((322, 318), (250, 236), 70, fullness=0.5), WHITE)
    canvas.blob(
        [
            (300, 240),
            (268, 262),
            (320, 312),
            (400, 366),
            (500, 400),
            (560, 330),
            (500, 290),
            (430, 290),
            (370, 285),
        ],
        WHITE,
    )
    canvas.ellipse((432, 108), 50, 24, WHITE, turn=18)
    canvas.ellipse((445, 272), 78, 58, WHITE)
    # eye
    canvas.shape(petal((350, 132), (478, 186), 78, fullness=0.5), INK)
    canvas.shape(petal((366, 142), (464, 180), 50, fullness=0.5), LIME)
    canvas.disc((414, 158), 17, INK)
    # stripes
    for root, tip, width in [
        ((500, 60), (420, 52), 24), ((500, 20), (428, 12), 22), ((500, 98), (446, 84), 20),
        ((262, 160), (346, 178), 26), ((250, 208), (350, 214), 28), ((254, 262), (346, 250), 26),
        ((300, 90), (356, 120), 22), ((312, 318), (376, 284), 22),
    ]:  # fmt: skip
        canvas.shape(petal(root, tip, width, fullness=0.35), INK)
    canvas.shape([(462, 216), (538, 216), (528, 244), (500, 262), (472, 244)], CRIMSON)
    canvas.stroke([(500, 255), (500, 290)], [14, 14], INK)
    canvas.stroke([(502, 288), (470, 312), (430, 308), (404, 284)], [14, 15, 14, 12], INK)
    canvas.mirror()
    canvas.shape(petal((500, 4), (500, 96), 26, fullness=0.4), INK)
    return canvas


def whale() -> Canvas:
    """Draw a blue whale that leaps out of the evening sea."""
    canvas = Canvas(WIDTH, HEIGHT, VERMILION)
    canvas.disc((690, 210), 420, ORANGE)
    canvas.disc((690, 210), 280, GOLD)
    canvas.disc((690, 210), 160, CREAM)
    _wave(canvas, 280, 16, 143, 30, TEAL, WHITE)
    body = [
        (190, 300), (270, 205), (390, 120), (540, 66), (690, 44), (800, 58), (866, 98), (876, 134),
        (830, 184), (730, 242), (610, 296), (470, 345), (300, 400),
    ]  # fmt: skip
    canvas.blob(body, NIGHT)
    belly = [
        (880, 122), (800, 136), (700, 166), (580, 222), (430, 300), (400, 380), (500, 345), (620, 296),
        (735, 244), (834, 188),
    ]  # fmt: skip
    canvas.blob(belly, WHITE)
    canvas.stroke([(822, 164), (700, 204), (580, 260), (450, 322)], [6, 14, 15, 14], SKY)
    canvas.stroke([(806, 190), (700, 236), (590, 288), (480, 334)], [6, 13, 14, 13], SKY)
    canvas.shape(petal((600, 216), (470, 340), 84, fullness=0.62), INK)
    canvas.disc((768, 110), 15, WHITE)
    canvas.disc((771, 110), 8, INK)
    # the tail stands behind the first wave
    canvas.stroke([(250, 330), (190, 262), (150, 190), (140, 130)], [150, 92, 54, 40], NIGHT)
    tail = [
        (140, 150), (92, 118), (40, 62), (30, 30), (90, 46), (142, 92), (176, 62), (240, 24), (262, 30),
        (244, 84), (188, 130), (160, 156),
    ]  # fmt: skip
    canvas.blob(tail, NIGHT)
    _wave(canvas, 308, 18, 166, 90, ROYAL, WHITE)
    _wave(canvas, 344, 16, 200, 0, NIGHT, ICE)
    return canvas


def _star(canvas: Canvas, centre: Point, reach: float, colour: str) -> None:
    """Draw a star with four long points."""
    outline = [polar(centre, reach if k % 2 == 0 else reach * 0.36, 45 * k) for k in range(8)]
    canvas.shape(outline, colour)


def comet() -> Canvas:
    """Draw a comet with a many-coloured tail across the night."""
    canvas = Canvas(WIDTH, HEIGHT, INK)
    canvas.ellipse((300, 400), 620, 190, NIGHT)
    canvas.ellipse((860, 420), 420, 150, VIOLET)
    head = (770.0, 226.0)
    bands = [VIOLET, MAGENTA, VERMILION, ORANGE, GOLD, CREAM]
    edges = []
    for k in range(len(bands) + 1):
        share = k / len(bands)
        rim = polar(head, 84 * (1 - 2 * share), 62)
        edges.append(
            smooth(
                [
                    rim,
                    (560 + 8 * k, 62 + 138 * share),
                    (280 + 6 * k, -8 + 186 * share),
                    (-60, -40 + 210 * share),
                ]
            )
        )
    for colour, upper, lower in zip(bands, edges, edges[1:], strict=False):
        canvas.shape(np.concatenate([upper, lower[::-1]]), colour)
    canvas.disc(head, 92, GOLD)
    canvas.disc(head, 70, CREAM)
    canvas.disc(head, 46, WHITE)
    for x, y, reach, colour in [
        (905, 78, 60, WHITE), (620, 318, 46, ICE), (110, 270, 54, WHITE), (320, 290, 42, GOLD),
        (945, 300, 42, BLUSH), (770, 60, 36, SKY), (470, 262, 34, SKY),
    ]:  # fmt: skip
        _star(canvas, (x, y), reach, colour)
    return canvas


def fireworks() -> Canvas:
    """Draw three bursts of fireworks over dark hills."""
    canvas = Canvas(WIDTH, HEIGHT, INK)
    canvas.ellipse((500, 500), 760, 210, NIGHT)
    bursts = [
        ((172.0, 160.0), 134.0, SKY, ICE),
        ((828.0, 160.0), 134.0, MAGENTA, PINK),
        ((500.0, 162.0), 150.0, GOLD, CREAM),
    ]
    for centre, reach, outer, inner in bursts:
        for k in range(12):
            angle = 30 * k + 15
            canvas.stroke([polar(centre, 40, angle), polar(centre, reach * 0.8, angle)], [8, 20], outer)
            canvas.disc(polar(centre, reach, angle), 14, WHITE if k % 2 else outer)
            canvas.stroke(
                [polar(centre, 26, angle + 15), polar(centre, reach * 0.52, angle + 15)], [8, 18], inner
            )
        canvas.disc(centre, 22, WHITE)
    canvas.ellipse((150, 440), 330, 110, VIOLET)
    canvas.ellipse((850, 440), 330, 110, VIOLET)
    canvas.ellipse((500, 450), 330, 110, MAGENTA)
    return canvas


POSTERS = {
    "sunrise": sunrise,
    "crane": crane,
    "blossom": blossom,
    "tiger": tiger,
    "whale": whale,
    "comet": comet,
    "fireworks": fireworks,
}
