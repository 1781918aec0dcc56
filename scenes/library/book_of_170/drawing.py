"""Scalable drawings as text: outlines, blobs and strokes of an SVG file."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import TypeAlias

Point: TypeAlias = tuple[float, float]

# 250 x 80 seats of 0.55 m x 0.62 m, at 4 units to a seat's width.
WIDTH, HEIGHT = 1000, 361


def around(centre: Point, radius: float, angle: float, squeeze: float = 1.0) -> Point:
    """Find the point at a distance and an angle (degrees, counter-clockwise from east) of a centre."""
    turned = math.radians(angle)
    return centre[0] + radius * math.cos(turned), centre[1] - radius * squeeze * math.sin(turned)


def _numbers(*values: float) -> str:
    return " ".join(f"{value:.1f}" for value in values)


def outline(points: Iterable[Point]) -> str:
    """Join points by straight lines to a closed path."""
    return "M" + "L".join(_numbers(*point) for point in points) + "Z"


def curve(points: Sequence[Point], *, closed: bool = True) -> str:
    """Pass a smooth path through points: a uniform Catmull-Rom spline as cubic Bezier pieces."""
    count = len(points)
    pieces = ["M" + _numbers(*points[0])]
    for k in range(count if closed else count - 1):
        if closed:
            before, start, end, after = (points[(k + step) % count] for step in (-1, 0, 1, 2))
        else:
            before, start, end, after = (points[min(max(k + step, 0), count - 1)] for step in (-1, 0, 1, 2))
        first = start[0] + (end[0] - before[0]) / 6, start[1] + (end[1] - before[1]) / 6
        second = end[0] - (after[0] - start[0]) / 6, end[1] - (after[1] - start[1]) / 6
        pieces.append("C" + _numbers(*first, *second, *end))
    return "".join(pieces) + ("Z" if closed else "")


class Drawing:
    """An SVG drawing that grows shape by shape.

    Parameters
    ----------
    ground : str, optional
        Colour of the whole sheet; transparent when left out.
    """

    def __init__(self, ground: str | None = None) -> None:
        self._shapes: list[str] = []
        if ground is not None:
            self._shapes.append(f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{ground}"/>')

    def fill(self, path: str, colour: str) -> None:
        """Fill a path."""
        self._shapes.append(f'<path d="{path}" fill="{colour}"/>')

    def blob(self, points: Sequence[Point], colour: str) -> None:
        """Fill a smooth outline through points."""
        self.fill(curve(points), colour)

    def shape(self, points: Iterable[Point], colour: str) -> None:
        """Fill an outline of straight lines."""
        self.fill(outline(points), colour)

    def line(self, points: Sequence[Point], width: float, colour: str) -> None:
        """Stroke a smooth line with round ends."""
        path = curve(points, closed=False)
        self._shapes.append(
            f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{width:g}" '
            'stroke-linecap="round" stroke-linejoin="round"/>'
        )

    def disc(self, centre: Point, radius: float, colour: str) -> None:
        """Fill a disc."""
        self._shapes.append(
            f'<circle cx="{centre[0]:.1f}" cy="{centre[1]:.1f}" r="{radius:.1f}" fill="{colour}"/>'
        )

    def petals(self, centre: Point, radius: float, count: int, colour: str, *, first: float = 90.0) -> None:
        """Fill a ring of round petals about a centre."""
        for k in range(count):
            angle = first + k * 360 / count
            side = 180 / count
            self.blob(
                [
                    around(centre, 0.12 * radius, angle),
                    around(centre, 0.62 * radius, angle + 0.92 * side),
                    around(centre, 0.96 * radius, angle + 0.55 * side),
                    around(centre, 0.9 * radius, angle),
                    around(centre, 0.96 * radius, angle - 0.55 * side),
                    around(centre, 0.62 * radius, angle - 0.92 * side),
                ],
                colour,
            )

    def text(self) -> str:
        """Return the SVG file's text."""
        head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">'
        return "\n".join([head, *self._shapes, "</svg>", ""])
