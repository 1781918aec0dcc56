"""Lines on the floor of an arena, as strokes of paint: pitches, an oval, a court, a parade ground.

Measures are those of the games' rules: football 105 by 68 m (FIFA), American football 120 by 53 1/3 yards
(NCAA), cricket a wicket of 22 yards in a circle of 30 yards (MCC), basketball 28 by 15 m (FIBA).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from ..meshes import Surface

Floats = npt.NDArray[np.float64]

YARD = 0.9144
FOOTBALL = (68.0, 105.0)
GRIDIRON = (160 / 3 * YARD, 120 * YARD)
COURT = (15.0, 28.0)
FOOTBALL_LINE = 0.12
GRIDIRON_LINE = 0.102
_HAIR, _LEVELS = 0.001, 23


@dataclass
class Paint:
    """Strokes under construction, all at one height.

    Attributes
    ----------
    height : float
        Metres.
    line : float
        Width of strokes, metres.
    """

    height: float
    line: float
    surface: Surface = field(default_factory=Surface)
    strokes: int = 0

    def stroke(self, points: Floats, *, closed: bool = False, slot: int = 0) -> None:
        """Add a stroke through (N, 2) points, with half its width to either side."""
        ahead = np.roll(points, -1, axis=0) - points
        if not closed:
            ahead[-1] = ahead[-2]
        before = np.roll(ahead, 1, axis=0)
        if not closed:
            before[0] = ahead[0]
        ahead /= np.hypot(*ahead.T)[:, None]
        before /= np.hypot(*before.T)[:, None]
        middle = ahead + before
        # A mitre: the further the stroke turns, the longer its corner.
        middle /= (middle * ahead).sum(-1)[:, None]
        aside = np.stack([-middle[:, 1], middle[:, 0]], -1) * self.line / 2
        # Strokes that cross lie a hair above each other: two faces at one place would flicker.
        self.strokes += 1
        lift = _HAIR * (self.strokes % _LEVELS)
        lower, upper = (self._lifted(points + side * aside, lift) for side in (-1, 1))
        self.surface.band(lower, upper, slot, closed)

    def rectangle(self, x: tuple[float, float], y: tuple[float, float], slot: int = 0) -> None:
        """Add the outline of a rectangle; the outer edge of the stroke lies on it."""
        k = self.line / 2
        corners = [(x[0] + k, y[0] + k), (x[1] - k, y[0] + k), (x[1] - k, y[1] - k), (x[0] + k, y[1] - k)]
        self.stroke(np.array(corners), closed=True, slot=slot)

    def segment(self, start: tuple[float, float], end: tuple[float, float], slot: int = 0) -> None:
        """Add a straight stroke."""
        self.stroke(np.array([start, end], np.float64), slot=slot)

    def arc(
        self,
        centre: tuple[float, float],
        radius: float,
        turn: tuple[float, float] = (0.0, 2 * math.pi),
        slot: int = 0,
    ) -> None:
        """Add an arc between two angles, radians; left out, a circle."""
        closed = turn[1] - turn[0] >= 2 * math.pi - 1e-9
        steps = max(4, math.ceil((turn[1] - turn[0]) * max(6.0, 2 * radius)))
        angle = np.linspace(*turn, steps, endpoint=not closed)
        points = np.array(centre) + radius * np.stack([np.cos(angle), np.sin(angle)], -1)
        self.stroke(points, closed=closed, slot=slot)

    def patch(self, x: tuple[float, float], y: tuple[float, float], slot: int = 0, lift: float = 0.0) -> None:
        """Add a filled rectangle, lifted (or with a negative lift, sunk) against the strokes."""
        corners = [(x[0], y[0]), (x[1], y[0]), (x[1], y[1]), (x[0], y[1])]
        self.surface.quads([np.array([[*corner, self.height + lift]]) for corner in corners], slot)

    def spots(self, centres: Floats, radius: float, slot: int = 0) -> None:
        """Add eight-cornered spots at (N, 2) centres."""
        angle = np.pi / 8 + np.arange(8) * np.pi / 4
        rim = [self._lifted(centres + radius * np.array([math.cos(a), math.sin(a)])) for a in angle]
        for quad in ((0, 1, 2, 3), (0, 3, 4, 7), (4, 5, 6, 7)):
            self.surface.quads([rim[corner] for corner in quad], slot)

    def _lifted(self, points: Floats, lift: float = 0.0) -> Floats:
        return np.column_stack([points, np.full(len(points), self.height + lift)])


def football(paint: Paint) -> None:
    """Mark a football pitch along y."""
    half_width, half_length = FOOTBALL[0] / 2, FOOTBALL[1] / 2
    paint.rectangle((-half_width, half_width), (-half_length, half_length))
    paint.segment((FOOTBALL_LINE - half_width, 0.0), (half_width - FOOTBALL_LINE, 0.0))
    paint.arc((0.0, 0.0), 9.15)
    ends = np.array([[0.0, 0.0], [0.0, half_length - 11.0], [0.0, 11.0 - half_length]])
    paint.spots(ends, 0.15)
    away = math.acos(5.5 / 9.15)
    for end in (-1, 1):
        goal = end * half_length
        for half, deep in ((20.10, 16.44), (9.10, 5.44)):
            line, front = goal - end * FOOTBALL_LINE, goal - end * deep
            paint.stroke(np.array([(-half, line), (-half, front), (half, front), (half, line)]))
        towards = -end * math.pi / 2
        paint.arc((0.0, goal - end * 11.0), 9.15, (towards - away, towards + away))
        for side in (-1, 1):
            corner = math.atan2(-end, -side)
            quarter = math.pi / 4 - FOOTBALL_LINE
            paint.arc((side * half_width, goal), 1.0, (corner - quarter, corner + quarter))


def gridiron(paint: Paint) -> None:
    """Mark an American football field along y; slot 1 fills the end zones."""
    half_width, half_length = GRIDIRON[0] / 2, GRIDIRON[1] / 2
    paint.rectangle((-half_width, half_width), (-half_length, half_length))
    goal = half_length - 10 * YARD
    for end in (-1, 1):
        inner, outer = sorted((end * (goal + 0.1), end * (half_length - 0.1)))
        paint.patch((-half_width + 0.1, half_width - 0.1), (inner, outer), 1, -0.01)
    for line in range(21):
        y = (line * 5 - 50) * YARD
        paint.segment((-half_width, y), (half_width, y))
    for yard in range(-49, 50):
        if yard % 5:
            for x in (-half_width + 0.4, -6.1, 6.1, half_width - 0.4):
                paint.segment((x - 0.3, yard * YARD), (x + 0.3, yard * YARD))


def cricket(paint: Paint, half_width: float, half_length: float) -> None:
    """Mark a cricket ground: slot 1 the square, slot 2 its wicket, slot 3 the boundary's rope."""
    paint.patch((-13.0, 13.0), (-12.5, 12.5), 1, -0.013)
    half = 11 * YARD
    paint.patch((-1.52, 1.52), (-half - 1.6, half + 1.6), 2, -0.006)
    for other in (-9.2, -6.1, 5.9, 9.1):
        paint.patch((other - 1.5, other + 1.5), (-half - 1.0, half + 1.0), 4, -0.006)
    for end in (-1, 1):
        paint.segment((-1.32, end * half), (1.32, end * half))
        paint.segment((-1.83, end * (half - 1.22)), (1.83, end * (half - 1.22)))
        for crease in (-1.32, 1.32):
            paint.segment((crease, end * (half - 1.2)), (crease, end * (half + 1.2)))
    # Dots five yards apart tell the circle within which fielders must stand.
    radius, turn = 30 * YARD, np.linspace(0.0, np.pi, 20)
    arc = np.stack([radius * np.cos(turn), radius * np.sin(turn) + half], -1)
    side = np.stack([np.full(4, radius), np.linspace(-half, half, 6)[1:-1]], -1)
    paint.spots(np.concatenate([arc, -arc, side, -side]), 0.1)
    angle = np.linspace(0.0, 2 * np.pi, 256, endpoint=False)
    rope = np.stack([half_width * np.cos(angle), half_length * np.sin(angle)], -1)
    width, paint.line = paint.line, 0.25
    paint.stroke(rope, closed=True, slot=3)
    paint.line = width


def court(paint: Paint) -> None:
    """Mark a basketball court along y; slot 1 fills the keys and the centre."""
    half_width, half_length = COURT[0] / 2, COURT[1] / 2
    paint.rectangle((-half_width, half_width), (-half_length, half_length))
    paint.segment((-half_width, 0.0), (half_width, 0.0))
    paint.arc((0.0, 0.0), 1.8)
    for end in (-1, 1):
        base = end * half_length
        line = base - end * 5.8
        paint.rectangle((-2.45, 2.45), (min(base, line), max(base, line)))
        paint.patch((-2.4, 2.4), (min(base, line) + 0.05, max(base, line) - 0.05), 1, -0.008)
        towards = -end * math.pi / 2
        paint.arc((0.0, line), 1.8, (towards - math.pi / 2, towards + math.pi / 2))
        basket = base - end * 1.575
        away = math.acos(math.sqrt(6.75**2 - 6.6**2) / 6.75)
        paint.arc((0.0, basket), 6.75, (towards - away, towards + away))
        straight = basket - end * math.sqrt(6.75**2 - 6.6**2)
        for side in (-6.6, 6.6):
            paint.segment((side, base), (side, straight))


def parade(
    paint: Paint,
    half_width: float,
    half_length: float,
    free: Callable[[Floats], npt.NDArray[np.bool_]] = lambda places: np.ones(len(places), np.bool_),
) -> None:
    """Mark a parade ground: dots 2 m apart to stand on, larger ones each 10 m, and the lines of the march.

    Parameters
    ----------
    paint : Paint
    half_width, half_length : float
        Metres.
    free : function of (N, 2) places, optional
        Tells where dots may be.
    """
    spacing = 2.0
    x = np.arange(-int(half_width / spacing), int(half_width / spacing) + 1) * spacing
    y = np.arange(-int(half_length / spacing), int(half_length / spacing) + 1) * spacing
    dots = np.stack(np.meshgrid(x, y, indexing="ij"), -1).reshape(-1, 2)
    dots = dots[free(dots)]
    large = (np.abs(np.mod(dots + 5, 10) - 5) < 0.1).all(-1)
    paint.spots(dots[~large], 0.06)
    paint.spots(dots[large], 0.16, 1)
    reach = 0.8 * half_length
    for march in (-half_width - 0.6, half_width + 0.6):
        paint.segment((march, -reach), (march, reach), 1)
