"""Low-poly figures, modelled in code, and the people who sit in the stands.

A figure looks along +X, stands on the origin, and is about 1.7 m tall. Faces carry a part, which becomes a
material slot; colours come from the instance, never from the mesh.
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

    def head(self, centre: Point, radius: float, facing: float = 0.0) -> None:
        """Add a head: an egg of rings whose crown and back are hair."""
        sides, levels = 6, (-0.95, -0.45, 0.2, 0.75, 1.0)
        base = len(self.vertices)
        for level in levels:
            ring = radius * np.sqrt(max(1 - level * level, 0.02))
            for i in range(sides):
                turn = facing + (i + 0.5) * 2 * np.pi / sides
                self.vertices.append(
                    (
                        centre[0] + ring * np.cos(turn),
                        centre[1] + ring * np.sin(turn),
                        centre[2] + 1.25 * radius * level,
                    )
                )
        for k in range(len(levels) - 1):
            for i in range(sides):
                j = (i + 1) % sides
                low, high = base + k * sides, base + (k + 1) * sides
                self.faces.append((low + i, low + j, high + j, high + i))
                back = i in {2, 3}
                self.parts.append(Part.HAIR if k >= 2 or (back and k >= 1) else Part.SKIN)
        top = base + (len(levels) - 1) * sides
        self.faces.append(tuple(range(top, top + sides)))
        self.parts.append(Part.HAIR)

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


def sit(figure: Figure) -> None:
    """Add a seated person without arms."""
    figure.limb((-0.02, 0, 0.44), (0.0, 0, 0.98), (0.17, 0.20), Part.COSTUME, 6, 0.62)
    figure.limb((0.0, 0, 0.96), (0.0, 0, 1.08), (0.06, 0.05), Part.SKIN, 5)
    figure.head((0.02, 0, 1.2), 0.105)
    for side in (-1, 1):
        figure.limb((0.0, side * 0.09, 0.48), (0.40, side * 0.10, 0.48), (0.085, 0.065), Part.ACCENT, 5)
        figure.limb((0.40, side * 0.10, 0.50), (0.38, side * 0.10, 0.04), (0.06, 0.045), Part.ACCENT, 5)


def spectator_tile(seats: int, seat_width: float, rng_bits: npt.NDArray[np.uint64]) -> Figure:
    """Return people who sit side by side along Y; `rng_bits` (seats, 4) vary height, lean and arms."""
    figure = Figure()
    share = (rng_bits >> np.uint64(11)).astype(np.float64) * 2.0**-53
    for seat in range(seats):
        height, lean, arms, absent = share[seat]
        if absent < 0.06:
            continue
        person = Figure()
        top = 0.92 + 0.12 * height
        forward = 0.12 * lean - 0.04
        person.limb((-0.02, 0, 0.42), (forward, 0, top), (0.17, 0.20), Part.COSTUME, 5, 0.6)
        person.head((forward + 0.02, 0, top + 0.2), 0.105)
        person.limb((0.0, 0, 0.46), (0.42, 0, 0.46), (0.17, 0.14), Part.ACCENT, 4, 0.5)
        person.limb((0.42, 0, 0.46), (0.40, 0, 0.04), (0.13, 0.11), Part.ACCENT, 4, 0.5)
        if arms > 0.86:
            for side in (-1, 1):
                person.limb(
                    (forward, side * 0.2, top - 0.05),
                    (forward + 0.12, side * 0.26, top + 0.5),
                    (0.05, 0.04),
                    Part.SKIN,
                    4,
                )
        figure.add(person, (0.0, (seat - (seats - 1) / 2) * seat_width, 0.0))
    return figure
