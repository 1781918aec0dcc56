"""Low-poly figures, modelled in code.

A figure looks along +X and stands on the origin. Faces carry a part, which becomes a material slot; colours
come from the instance, never from the mesh.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Point = tuple[float, float, float]


class Part(IntEnum):
    """What a face belongs to; the order is that of the material slots."""

    SKIN = 0
    COSTUME = 1
    ACCENT = 2
    HAIR = 3
    LEFT_PAGE = 4
    RIGHT_PAGE = 5
    PROP = 6
    COVER = 7
    PAPER = 8
    TRIM = 9
    LIPS = 10
    EYE = 11


@dataclass
class Figure:
    """A mesh under construction: vertices in metres, faces as vertex numbers, a part for each face."""

    vertices: list[Point] = field(default_factory=list)
    faces: list[tuple[int, ...]] = field(default_factory=list)
    parts: list[int] = field(default_factory=list)

    def quad(self, corners: Sequence[Point], part: Part) -> None:
        """Add one face, counter-clockwise as seen from its front."""
        base = len(self.vertices)
        self.vertices += [tuple(map(float, corner)) for corner in corners]  # type: ignore[misc]
        self.faces.append(tuple(range(base, base + len(corners))))
        self.parts.append(part)

    def limb(
        self,
        start: Point,
        end: Point,
        radii: tuple[float, float],
        part: Part,
        sides: int = 5,
        flat: float = 1.0,
    ) -> None:
        """Add a closed, tapered prism from `start` to `end`; `flat` squeezes it along the figure's depth."""
        a, b = np.array(start, float), np.array(end, float)
        axis = (b - a) / max(float(np.linalg.norm(b - a)), 1e-9)
        side = np.cross(axis, [1.0, 0.0, 0.0])
        side = np.array([0.0, 1.0, 0.0]) if np.linalg.norm(side) < 1e-6 else side / np.linalg.norm(side)
        depth = np.cross(axis, side)
        turn = np.arange(sides) * 2 * np.pi / sides
        base = len(self.vertices)
        for centre, radius in ((a, radii[0]), (b, radii[1])):
            ring = centre + radius * (np.cos(turn)[:, None] * side + flat * np.sin(turn)[:, None] * depth)
            self.vertices += [tuple(map(float, point)) for point in ring]  # type: ignore[misc]
        low, high = list(range(base, base + sides)), list(range(base + sides, base + 2 * sides))
        following = [*range(1, sides), 0]
        self.faces += [(low[i], low[k], high[k], high[i]) for i, k in enumerate(following)]
        self.faces += [tuple(reversed(low)), tuple(high)]
        self.parts += [part] * (sides + 2)

    def box(self, low: Point, high: Point, part: Part, front: Part | None = None) -> None:
        """Add a box between two corners; the face towards +X may be another part."""
        (x, y, z), (u, v, w) = low, high
        for corners, of in (
            ([(u, y, z), (u, v, z), (u, v, w), (u, y, w)], part if front is None else front),
            ([(x, v, z), (x, y, z), (x, y, w), (x, v, w)], part),
            ([(x, y, z), (u, y, z), (u, y, w), (x, y, w)], part),
            ([(u, v, z), (x, v, z), (x, v, w), (u, v, w)], part),
            ([(x, y, z), (x, v, z), (u, v, z), (u, y, z)], part),
            ([(x, y, w), (u, y, w), (u, v, w), (x, v, w)], part),
        ):
            self.quad(corners, of)

    def add(self, other: Figure, shift: Point = (0.0, 0.0, 0.0), lean: float = 0.0) -> None:
        """Append another figure, leaned back by `lean` radians (its top towards -X), then moved."""
        base = len(self.vertices)
        cosine, sine = float(np.cos(lean)), float(np.sin(lean))
        self.vertices += [
            (x * cosine - z * sine + shift[0], y + shift[1], x * sine + z * cosine + shift[2])
            for x, y, z in other.vertices
        ]
        self.faces += [tuple(base + i for i in face) for face in other.faces]
        self.parts += other.parts
