"""A chart of the field at one call: lines, everyone's dot, the names that fit, the ways they came.

Drawn as it is seen from the main stand: left is north, up is away, towards the card section.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil, floor

import numpy as np
import numpy.typing as npt
from reportlab.pdfgen.canvas import Canvas
from scipy.spatial import KDTree

from .dot_names import dot_of_name, least_scales, name_block, name_size, named
from .drill_plan import RGB, DrillPlan, Ways
from .field_marks import CENTRE, LINES, MIDDLE, line_name
from .field_windows import WHOLE, Array, Window, seen
from .lettering import draw, literal, width

MOST_WAYS = 3000
"""Ways drawn on one page at most."""
_SMALLEST_DOT, _LARGEST_DOT = 0.5, 2.4
LEAST_STEP = 5.0
"""Points between two lines of the fine grid, that of steps, at least."""
_LIGHTEST = 0.25  # luminance of ink that is still seen well on white paper


@dataclass(frozen=True, eq=False)
class CallChart:
    """Everyone at one call, as a chart draws them.

    Attributes
    ----------
    places : ndarray of float64, shape (N, 2)
        Metres to the right and away, all troupes one after another.
    troupe : ndarray of int64, shape (N,)
    labels : list of str
        What stands at each dot.
    raised : ndarray of bool, shape (N,)
        Who stands on others.
    ways : tuple of Ways or None
        Of each troupe that the call sends somewhere, in metres right and away.
    """

    places: Array
    troupe: npt.NDArray[np.int64]
    labels: list[str]
    raised: npt.NDArray[np.bool_]
    ways: tuple[Ways | None, ...]


def call_chart(plan: DrillPlan, call: int) -> CallChart:
    """Return what a chart of a call is drawn from."""
    standing, called = plan.standing(call), plan.called(call)
    sizes = [troupe.people for troupe in plan.troupes]
    ways = [
        _seen(troupe.ways(number)) if number and now else None
        for troupe, number, now in zip(plan.troupes, standing, called, strict=True)
    ]
    heights = [troupe.heights(number) > 0 for troupe, number in zip(plan.troupes, standing, strict=True)]
    return CallChart(
        seen(np.concatenate(plan.places(call))),
        np.repeat(np.arange(len(sizes)), sizes),
        [f"{troupe.code}{number}" for troupe in plan.troupes for number in troupe.numbers],
        np.concatenate(heights),
        tuple(ways),
    )


def _seen(ways: Ways) -> Ways:
    return replace(
        ways,
        start=seen(ways.start),
        goal=seen(ways.goal),
        points=seen(ways.points).astype(np.float32),
        trails=tuple(seen(trail) for trail in ways.trails),
    )


class ChartDrawer:
    """Draws charts of one plan into one file.

    Parameters
    ----------
    canvas : Canvas
    plan : DrillPlan
    """

    def __init__(self, canvas: Canvas, plan: DrillPlan) -> None:
        self.canvas, self.plan = canvas, plan
        self.inks = [paper_ink(troupe.colour) for troupe in plan.troupes]
        self._font, _ = literal(canvas, "0")
        self._letters: dict[str, str] = {}

    def draw(self, chart: CallChart, window: Window) -> tuple[int, int]:
        """Draw the field, ways, dots and names; returns how many ways there are to a drawn one, and names."""
        canvas, inside = self.canvas, np.flatnonzero(window.holds(chart.places))
        canvas.saveState()
        corner, far = window.on_page(np.array([[window.left, window.front], [window.right, window.back]]))
        box = canvas.beginPath()
        box.rect(*corner, *(far - corner))
        canvas.clipPath(box, stroke=0, fill=0)
        self._lines(window)
        thinned = self._ways(chart, window, inside)
        canvas.restoreState()
        self._outline(window)
        return thinned, self._dots(chart, window, inside)

    # The field.

    def _lines(self, window: Window) -> None:
        canvas, scale = self.canvas, window.scale
        step = self.fine_step
        if step * scale >= LEAST_STEP:
            canvas.addLiteral("0.88 G 0.25 w [0.5 2] 0 d")
            canvas.addLiteral(_grid(window, _step_lines(window.left, window.right, step), up=True))
            canvas.addLiteral(_grid(window, _step_lines(window.front, window.back, step), up=False))
            canvas.addLiteral("S [] 0 d")
        for grey, wide, every, first in ((0.82, 0.3, 2, 1), (0.7, 0.45, 2, 0)):
            canvas.addLiteral(f"{grey} G {wide} w")
            canvas.addLiteral(_grid(window, _field_lines(window.left, window.right, every, first), up=True))
            canvas.addLiteral(_grid(window, _field_lines(window.front, window.back, every, first), up=False))
            canvas.addLiteral("S")
        canvas.addLiteral("0.45 G 0.6 w")
        canvas.addLiteral(_grid(window, [0.0] if window.left <= 0 <= window.right else [], up=True))
        canvas.addLiteral(_grid(window, [0.0] if window.front <= 0 <= window.back else [], up=False))
        canvas.addLiteral("S")

    @property
    def fine_step(self) -> float:
        """Metres of the step that the fine grid is drawn in: the largest troupe's."""
        return max(self.plan.troupes, key=lambda troupe: troupe.people).step

    def _outline(self, window: Window) -> None:
        """Draw the edge of the field and the names of its lines around it."""
        canvas = self.canvas
        (left, front), (right, back) = window.on_page(
            np.array([[window.left, window.front], [window.right, window.back]])
        ).tolist()
        canvas.setLineWidth(1.0 if window == WHOLE else 0.6)
        canvas.setStrokeGray(0.1)
        canvas.rect(left, front, right - left, back - front, stroke=1, fill=0)
        canvas.setFillGray(0.25)
        every = 2 if window == WHOLE else 1
        for metres in _field_lines(window.left, window.right, every, 0):
            name, x = (
                line_name(round(metres / LINES), "LR", CENTRE),
                float(window.on_page(np.array([metres, 0.0]))[0]),
            )
            for y in (front - 11.0, back + 3.5):
                draw(canvas, (x - width(name, 6) / 2, y), name, 6)
        for metres in _field_lines(window.front, window.back, every, 0):
            name, y = (
                line_name(round(metres / LINES), "FB", MIDDLE),
                float(window.on_page(np.array([0.0, metres]))[1]),
            )
            draw(canvas, (left - 3.5, y - 2), name, 6, right=True)
            draw(canvas, (right + 3.5, y - 2), name, 6)
        if window == WHOLE:
            canvas.setFillGray(0.45)
            for text, y in (("main stand, audience", front - 19.5), ("card section", back + 12)):
                draw(canvas, ((left + right - width(text, 7)) / 2, y), text, 7)

    # The people.

    def _ways(self, chart: CallChart, window: Window, inside: npt.NDArray[np.int64]) -> int:
        """Draw the ways to the dots that are seen; where there are too many, of every so many one."""
        canvas = self.canvas
        first = np.searchsorted(chart.troupe, np.arange(len(chart.ways)))
        going = []
        for troupe, ways in enumerate(chart.ways):
            own = inside[chart.troupe[inside] == troupe] - first[troupe]
            going.append(own[:0] if ways is None else own[ways.moving[own]])
        total = sum(len(who) for who in going)
        thinned = max(1, ceil(total / MOST_WAYS)) if window == WHOLE else 1
        for troupe, (ways, who) in enumerate(zip(chart.ways, going, strict=True)):
            if ways is None or not len(who):
                continue
            canvas.addLiteral(f"{_ink(_tinted(self.inks[troupe]))} RG 0.25 w")
            canvas.addLiteral("\n".join(_lines_of(window, ways, who[::thinned])))
            canvas.addLiteral("S")
        return thinned if total else 0

    def _dots(self, chart: CallChart, window: Window, inside: npt.NDArray[np.int64]) -> int:
        """Draw dots, and names where they fit; returns how many names are there."""
        if not len(inside):
            return 0
        canvas, places = self.canvas, window.on_page(chart.places[inside])
        labels = [chart.labels[index] for index in inside.tolist()]
        size = name_size(least_scales(places / window.scale, labels), window.scale)
        radius = dot_of_name(size) if size else _dot_radius(places)
        for troupe in np.unique(chart.troupe[inside]).tolist():
            own = places[chart.troupe[inside] == troupe]
            canvas.addLiteral(f"{_ink(self.inks[troupe])} RG 1 J {2 * radius:.2f} w")
            canvas.addLiteral("\n".join(f"{x} {y} m {x + 0.01:.2f} {y} l" for x, y in _tenths(own)))
            canvas.addLiteral("S 0 J")
        high = places[chart.raised[inside]]
        if len(high):
            canvas.addLiteral(f"1 G 1 J {radius:.2f} w")
            canvas.addLiteral("\n".join(f"{x} {y} m {x + 0.01:.2f} {y} l" for x, y in _tenths(high)))
            canvas.addLiteral("S 0 J")
        if not size:
            return 0
        # Those on the ground first.
        order = np.argsort(chart.raised[inside], kind="stable")
        kept = order[named(places[order], name_block(labels, size))]
        self._names(places[kept], [labels[index] for index in kept.tolist()], size, radius)
        return len(kept)

    def _names(self, places: Array, labels: list[str], size: float, radius: float) -> None:
        letters = self._letters
        for letter in set("".join(labels)) - letters.keys():
            letters[letter] = literal(self.canvas, letter)[1][1:-1]
        wide = {
            label: width("0" * len(label), size) for label in {len(text): text for text in labels}.values()
        }
        by_length = {len(label): value for label, value in wide.items()}
        code, former = [f"BT 0.1 g {self._font} {size:.2f} Tf"], (0.0, 0.0)
        for (x, y), label in zip(places.tolist(), labels, strict=True):
            at = round(x - by_length[len(label)] / 2, 1), round(y - radius - 0.75 * size - 0.2, 1)
            text = "".join([letters[letter] for letter in label])
            code.append(f"{at[0] - former[0]:.1f} {at[1] - former[1]:.1f} Td ({text}) Tj")
            former = at
        code.append("ET")
        self.canvas.addLiteral("\n".join(code))


def _dot_radius(places: Array) -> float:
    nearest = KDTree(places).query(places, 2)[0][:, 1]
    return float(np.clip(0.36 * np.median(nearest), _SMALLEST_DOT, _LARGEST_DOT))


def paper_ink(colour: RGB) -> tuple[float, float, float]:
    """Return a costume's colour as it is printed: as it is, but never too pale for white paper."""
    parts = np.array(colour, np.float64) / 255.0
    light = float(parts**2.2 @ [0.2126, 0.7152, 0.0722])
    if light > _LIGHTEST:
        parts = parts * (_LIGHTEST / light) ** (1 / 2.2)
    red, green, blue = parts.tolist()
    return red, green, blue


def _tinted(ink: tuple[float, float, float]) -> tuple[float, float, float]:
    red, green, blue = (1.0 - 0.3 * (1.0 - part) for part in ink)
    return red, green, blue


def _ink(ink: tuple[float, float, float]) -> str:
    return " ".join(f"{part:.3g}" for part in ink)


def _tenths(points: Array) -> list[list[float]]:
    rounded: list[list[float]] = np.round(points, 1).tolist()
    return rounded


def _lines_of(window: Window, ways: Ways, who: npt.NDArray[np.int64]) -> list[str]:
    bent = np.isin(who, ways.bent)
    straight = who[~bent & ~np.isin(who, ways.following)]
    ends = _tenths(
        np.concatenate([window.on_page(ways.start[straight]), window.on_page(ways.goal[straight])], axis=1)
    )
    drawn = [f"{x} {y} m {u} {v} l" for x, y, u, v in ends]
    curved = ways.points[np.searchsorted(ways.bent, who[bent])]
    trails = ways.trails if np.isin(who, ways.following).any() else ()
    for points in [_tenths(window.on_page(line)) for line in (*curved, *trails)]:
        (x, y), *rest = points
        drawn.append(f"{x} {y} m " + " ".join(f"{u} {v} l" for u, v in rest))
    return drawn


def _field_lines(low: float, high: float, every: int, first: int) -> list[float]:
    numbers = range(ceil(low / LINES - 1e-9), floor(high / LINES + 1e-9) + 1)
    return [number * LINES for number in numbers if number % every == first]


def _step_lines(low: float, high: float, step: float) -> list[float]:
    """Return the steps off the field's lines, to both sides as far as they are counted from a line."""
    numbers = range(floor(low / LINES), ceil(high / LINES) + 1)
    reach = floor(LINES / 2 / step + 1e-9)
    found = [
        number * LINES + side * count * step
        for number in numbers
        for count in range(1, reach + 1)
        for side in (-1, 1)
    ]
    return [metres for metres in found if low <= metres <= high]


def _grid(window: Window, metres: Sequence[float], *, up: bool) -> str:
    low, high = (window.front, window.back) if up else (window.left, window.right)
    ends = [
        window.on_page(np.array([[at, low], [at, high]] if up else [[low, at], [high, at]])) for at in metres
    ]
    return "\n".join(
        f"{x:.1f} {y:.1f} m {u:.1f} {v:.1f} l" for (x, y), (u, v) in (end.tolist() for end in ends)
    )
