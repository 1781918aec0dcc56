"""A small drawing board for bold poster shapes: filled outlines, smooth blobs and tapered strokes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

Point: TypeAlias = tuple[float, float]
Points: TypeAlias = NDArray[np.float64]

SUPERSAMPLING = 4


def smooth(points: Sequence[Point] | Points, *, closed: bool = False, steps: int = 16) -> Points:
    """Pass a centripetal-free (uniform) Catmull-Rom spline through points.

    Parameters
    ----------
    points : sequence of (x, y)
        The points to pass through, at least 3 when closed, else at least 2.
    closed : bool
        Join the last point to the first.
    steps : int
        Points put out for each stretch between two given points.

    Returns
    -------
    ndarray of float64, shape (M, 2)
    """
    given = np.asarray(points, dtype=np.float64)
    if closed:
        padded = np.concatenate([given[-1:], given, given[:2]])
    else:
        padded = np.concatenate([2 * given[:1] - given[1:2], given, 2 * given[-1:] - given[-2:-1]])
    t = (np.arange(steps) / steps)[None, :, None]
    a, b, c, d = (padded[k : len(padded) - 3 + k][:, None, :] for k in range(4))
    curve = 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
    flat: Points = curve.reshape(-1, 2)
    return flat if closed else np.concatenate([flat, given[-1:]])


def tapered(points: Sequence[Point] | Points, widths: Sequence[float]) -> Points:
    """Outline a stroke that runs along a smooth line and changes its width on the way.

    Parameters
    ----------
    points : sequence of (x, y)
        The middle line.
    widths : sequence of float
        Full widths, spread evenly along the line.

    Returns
    -------
    ndarray of float64, shape (M, 2)
        A closed outline.
    """
    line = smooth(points)
    along = np.linspace(0, 1, len(line))
    half = np.interp(along, np.linspace(0, 1, len(widths)), widths)[:, None] / 2
    direction = np.gradient(line, axis=0)
    direction /= np.maximum(np.hypot(direction[:, 0], direction[:, 1]), 1e-9)[:, None]
    normal = np.stack([-direction[:, 1], direction[:, 0]], axis=1)
    return np.concatenate([line + normal * half, (line - normal * half)[::-1]])


def petal(root: Point, tip: Point, width: float, *, fullness: float = 0.6) -> Points:
    """Outline a petal or leaf from its root to its tip, widest at `fullness` of its length."""
    start, end = np.asarray(root, dtype=np.float64), np.asarray(tip, dtype=np.float64)
    axis = end - start
    normal = np.array([-axis[1], axis[0]]) / max(float(np.hypot(*axis)), 1e-9)
    t = np.linspace(0, 1, 33)[:, None]
    exponent = np.log(0.5) / np.log(fullness)
    half = np.sin(np.pi * t**exponent) ** 0.8 * width / 2
    middle = start + axis * t
    return np.concatenate([middle + normal * half, (middle - normal * half)[::-1]])


def polar(centre: Point, radius: float, angle: float) -> Point:
    """Find the point at a distance and an angle (degrees, counter-clockwise from east) of a centre."""
    return (
        centre[0] + radius * float(np.cos(np.radians(angle))),
        centre[1] - radius * float(np.sin(np.radians(angle))),
    )


class Canvas:
    """A picture drawn at several times its size and averaged down when it is finished.

    Parameters
    ----------
    width, height : int
        Size in pixels; all coordinates are in these pixels, x to the right and y downwards.
    colour : str
        Ground colour, any notation of Pillow.
    """

    def __init__(self, width: int, height: int, colour: str) -> None:
        self.width, self.height = width, height
        self.image = Image.new("RGB", (width * SUPERSAMPLING, height * SUPERSAMPLING), colour)
        self._draw = ImageDraw.Draw(self.image)

    def shape(self, outline: Iterable[Point] | Points, colour: str) -> None:
        """Fill a closed outline."""
        points = np.asarray(list(outline), dtype=np.float64) * SUPERSAMPLING
        self._draw.polygon([(float(x), float(y)) for x, y in points], fill=colour)

    def blob(self, points: Sequence[Point], colour: str) -> None:
        """Fill a smooth closed outline through points."""
        self.shape(smooth(points, closed=True), colour)

    def stroke(self, points: Sequence[Point], widths: Sequence[float], colour: str) -> None:
        """Fill a stroke of changing width along a smooth line."""
        self.shape(tapered(points, widths), colour)

    def disc(self, centre: Point, radius: float, colour: str) -> None:
        """Fill a disc."""
        self.ellipse(centre, radius, radius, colour)

    def ellipse(self, centre: Point, across: float, down: float, colour: str, *, turn: float = 0.0) -> None:
        """Fill an ellipse with the half-axes `across` and `down`, turned counter-clockwise by degrees."""
        t = np.linspace(0, 2 * np.pi, 181)
        x, y = across * np.cos(t), down * np.sin(t)
        c, s = np.cos(np.radians(turn)), np.sin(np.radians(turn))
        self.shape(np.stack([centre[0] + c * x + s * y, centre[1] - s * x + c * y], axis=1), colour)

    def mirror(self) -> None:
        """Copy the left half, mirrored, over the right half."""
        wide = self.image.width
        left = self.image.crop((0, 0, wide // 2, self.image.height))
        self.image.paste(left.transpose(Image.Transpose.FLIP_LEFT_RIGHT), (wide - wide // 2, 0))
        self._draw = ImageDraw.Draw(self.image)

    def finished(self) -> Image.Image:
        """Average the picture down to its size."""
        return self.image.reduce(SUPERSAMPLING)
