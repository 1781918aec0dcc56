"""Transforms of drawings in SVG, as matrices."""

from __future__ import annotations

import math
import re

Matrix = tuple[float, float, float, float, float, float]
"""The a, b, c, d, e and f of ``matrix(a b c d e f)``."""
Point = tuple[float, float]
IDENTITY: Matrix = (1, 0, 0, 1, 0, 0)
NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"


class TransformError(ValueError):
    """Text that is no transform."""

    def __init__(self, written: str) -> None:
        self.written = written
        super().__init__(f"{written!r} is not a transform")


def transform(written: str) -> Matrix:
    """Read a ``transform`` attribute; SVG 2, section 8.

    Raises
    ------
    TransformError
    """
    matrix = IDENTITY
    parts = re.findall(r"([a-zA-Z]+)\s*\(([^)]*)\)", written)
    if not parts and written.strip() not in {"", "none"}:
        raise TransformError(written)
    for name, arguments in parts:
        values = [float(number) for number in re.findall(NUMBER, arguments)]
        step = None if re.sub(NUMBER, "", arguments).strip(" ,\t\r\n") else _step(name, values)
        if step is None or not all(map(math.isfinite, step)):
            raise TransformError(f"{name}({arguments})")
        matrix = times(matrix, step)
    return matrix


def _step(name: str, values: list[float]) -> Matrix | None:
    matrix: Matrix | None = None
    count = len(values)
    if name == "matrix" and count == 6:
        matrix = (values[0], values[1], values[2], values[3], values[4], values[5])
    elif name == "translate" and count in {1, 2}:
        matrix = (1, 0, 0, 1, values[0], values[1] if count == 2 else 0)
    elif name == "scale" and count in {1, 2}:
        matrix = (values[0], 0, 0, values[-1], 0, 0)
    elif name == "rotate" and count in {1, 3}:
        angle = math.radians(values[0])
        x, y = values[1:] or (0.0, 0.0)
        turn: Matrix = (math.cos(angle), math.sin(angle), -math.sin(angle), math.cos(angle), 0, 0)
        matrix = times(times((1, 0, 0, 1, x, y), turn), (1, 0, 0, 1, -x, -y))
    elif name in {"skewX", "skewY"} and count == 1:
        slant = math.tan(math.radians(values[0]))
        matrix = (1, 0, slant, 1, 0, 0) if name == "skewX" else (1, slant, 0, 1, 0, 0)
    return matrix


def times(one: Matrix, other: Matrix) -> Matrix:
    """Return what does `other` first and then `one`."""
    a, b, c, d, e, f = one
    g, h, i, j, k, m = other
    return a * g + c * h, b * g + d * h, a * i + c * j, b * i + d * j, a * k + c * m + e, b * k + d * m + f


def moved(matrix: Matrix, point: Point) -> Point:
    """Return where a transform puts a point."""
    a, b, c, d, e, f = matrix
    x, y = point
    return a * x + c * y + e, b * x + d * y + f
