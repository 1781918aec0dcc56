"""Low-poly people and their books, modelled in code: seated card-holders, spectators and posed gymnasts.

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

    def add(self, other: Figure, shift: Point = (0.0, 0.0, 0.0)) -> None:
        """Append another figure, moved by `shift`."""
        base = len(self.vertices)
        self.vertices += [(x + shift[0], y + shift[1], z + shift[2]) for x, y, z in other.vertices]
        self.faces += [tuple(base + i for i in face) for face in other.faces]
        self.parts += other.parts


#: The open book: width and height over both pages, metres, and the middle of its spine before the holder.
BOOK_WIDTH, BOOK_HEIGHT = 0.53, 0.59
BOOK_CENTRE: Point = (0.38, 0.0, 0.92)
#: How far the book leans back, radians, so that it faces the cameras above the opposite stand.
BOOK_LEAN = 0.26


def _seated(figure: Figure) -> None:
    figure.limb((-0.02, 0, 0.44), (0.0, 0, 0.98), (0.17, 0.20), Part.COSTUME, 6, 0.62)
    figure.limb((0.0, 0, 0.96), (0.0, 0, 1.08), (0.06, 0.05), Part.SKIN, 5)
    figure.head((0.02, 0, 1.2), 0.105)
    for side in (-1, 1):
        figure.limb((0.0, side * 0.09, 0.48), (0.40, side * 0.10, 0.48), (0.085, 0.065), Part.ACCENT, 5)
        figure.limb((0.40, side * 0.10, 0.50), (0.38, side * 0.10, 0.04), (0.06, 0.045), Part.ACCENT, 5)


def card_holder() -> Figure:
    """Return a seated person with an open book held before the chest; its pages are parts of their own."""
    figure = Figure()
    _seated(figure)
    for side in (-1, 1):
        shoulder = (0.0, side * 0.2, 0.93)
        elbow = (0.16, side * 0.27, 0.74)
        # The hands hold the covers' edges, fingers in front.
        hand = page_point(side * 0.5, -0.1, 0.02)
        figure.limb(shoulder, elbow, (0.055, 0.045), Part.COSTUME, 4)
        figure.limb(elbow, hand, (0.042, 0.035), Part.SKIN, 4)
    # Seen from the front (from +X) the viewer's left is the holder's right hand: -Y.
    for low, high, part in ((-0.5, 0.0, Part.LEFT_PAGE), (0.0, 0.5, Part.RIGHT_PAGE)):
        figure.quad([page_point(s, t) for s, t in ((low, -0.5), (high, -0.5), (high, 0.5), (low, 0.5))], part)
    return figure


def page_point(across: float, up: float, out: float = 0.0) -> Point:
    """Map a place on the open book, in shares of its size from the spine's middle, to the figure's space."""
    lean = np.array([-np.sin(BOOK_LEAN), 0.0, np.cos(BOOK_LEAN)])
    normal = np.array([np.cos(BOOK_LEAN), 0.0, np.sin(BOOK_LEAN)])
    point = np.array(BOOK_CENTRE) + up * BOOK_HEIGHT * lean + out * normal
    return (float(point[0]), float(point[1] + across * BOOK_WIDTH), float(point[2]))


def leaf() -> Figure:
    """Return a book's turning page: hinged on the origin along Z, lying towards +Y, front towards +X."""
    figure = Figure()
    w, h = BOOK_WIDTH / 2, BOOK_HEIGHT / 2
    for low, high in ((0.0, 0.5), (0.5, 1.0)):
        bow = [0.05 * np.sin(np.pi * s) for s in (low, high)]  # paper bends as it is pulled over
        corners = [(bow[0], low * w, -h), (bow[1], high * w, -h), (bow[1], high * w, h), (bow[0], low * w, h)]
        figure.quad(corners, Part.RIGHT_PAGE)
    return figure


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
