"""Shapes of props in many poses at once: rods, balls and sheets of cloth, whose faces are the same in all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from .skinning import Floats

UP = np.array([0.0, 0.0, 1.0])


@dataclass
class Shapes:
    """A prop under construction: (P, N, 3) vertices of P poses, faces, and a part for each face."""

    vertices: list[Floats] = field(default_factory=list)
    faces: list[tuple[int, ...]] = field(default_factory=list)
    parts: list[int] = field(default_factory=list)
    count: int = 0

    def all_vertices(self) -> Floats:
        """Return the vertices, shape (P, N, 3), metres."""
        return np.concatenate(self.vertices, axis=1)

    def points(self, vertices: Floats) -> int:
        """Add (P, N, 3) vertices; return the number of the first."""
        first = self.count
        self.vertices.append(vertices)
        self.count += vertices.shape[1]
        return first

    def face(self, corners: Sequence[int], part: int) -> None:
        """Add one face."""
        self.faces.append(tuple(corners))
        self.parts.append(int(part))

    def sheet(self, grid: Floats, part: int) -> None:
        """Add cloth over a (P, R, C, 3) grid."""
        rows, columns = grid.shape[1:3]
        first = self.points(grid.reshape(len(grid), -1, 3))
        for i in range(rows - 1):
            for j in range(columns - 1):
                at = first + i * columns + j
                self.face((at, at + 1, at + columns + 1, at + columns), part)

    def lathe(
        self,
        rings: Floats,
        parts: Sequence[int],
        start: Floats | int | None = None,
        end: Floats | int | None = None,
    ) -> None:
        """Add (P, R, N, 3) rings joined to a tube.

        Parameters
        ----------
        rings
            Counter-clockwise as seen from the tube's end.
        parts
            One that all bands have, or several that columns take in turn.
        start, end
            How each end closes: a (P, 3) tip, one face of a part, or open.
        """
        count, sides = rings.shape[1:3]
        first = self.points(rings.reshape(len(rings), -1, 3))
        after = [*range(1, sides), 0]
        for band in range(count - 1):
            low, high = first + band * sides, first + (band + 1) * sides
            for i, j in enumerate(after):
                self.face((low + i, low + j, high + j, high + i), parts[i % len(parts)])
        for closing, ring, is_end in ((start, first, False), (end, first + (count - 1) * sides, True)):
            if closing is None:
                continue
            if isinstance(closing, int):
                corners = range(ring, ring + sides)
                self.face(corners if is_end else [*reversed(corners)], closing)
                continue
            tip = self.points(closing[:, None])
            for i, j in enumerate(after):
                corner = (ring + i, ring + j, tip) if is_end else (ring + j, ring + i, tip)
                self.face(corner, parts[i % len(parts)])

    def rod(self, start: Floats, end: Floats, radius: float, sides: int, part: int) -> None:
        """Add a rod between (P, 3) points; with 2 sides, a strip that has no back."""
        along = unit(end - start)
        across, deep = across_of(along)
        turn = 2 * np.pi * np.arange(sides) / sides
        around = radius * (
            np.cos(turn)[None, :, None] * across[:, None] + np.sin(turn)[None, :, None] * deep[:, None]
        )
        ends = np.stack([start[:, None] + around, end[:, None] + around], axis=1)
        if sides == 2:
            self.sheet(ends, part)
        else:
            self.lathe(ends, (part,), part, part)

    def ball(
        self,
        centre: Floats,
        axis: Floats,
        radius: float | Floats,
        sides: int,
        levels: int,
        parts: Sequence[int],
        long: float = 1.0,
    ) -> None:
        """Add a ball round (P, 3) points.

        Parameters
        ----------
        radius
            Metres, or shape (P, levels, sides) for a rough one.
        sides, levels
            Columns, and rings between its two tips along `axis`.
        long
            How much longer it is along the axis than across.
        """
        across, deep = across_of(axis)
        polar = np.pi * (np.arange(1, levels + 1) / (levels + 1) - 0.5)
        turn = 2 * np.pi * np.arange(sides) / sides
        outward = (
            np.cos(polar)[None, :, None, None]
            * (
                np.cos(turn)[None, None, :, None] * across[:, None, None]
                + np.sin(turn)[None, None, :, None] * deep[:, None, None]
            )
            + long * np.sin(polar)[None, :, None, None] * axis[:, None, None]
        )
        size = np.asarray(radius, float)
        reach = size[..., None] if size.ndim else size
        rings = centre[:, None, None] + reach * outward
        tip = long * axis * (size.mean(axis=(1, 2))[:, None] if size.ndim else size)
        self.lathe(rings, parts, centre - tip, centre + tip)


def unit(vectors: Floats) -> Floats:
    """Return vectors (..., 3) of length 1."""
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    scaled: Floats = vectors / np.maximum(length, 1e-9)
    return scaled


def across_of(axis: Floats) -> tuple[Floats, Floats]:
    """Return two directions (P, 3) square to unit vectors and to each other, right-handed with them."""
    helper = np.where(np.abs(axis[:, :1]) < 0.9, np.array([[1.0, 0.0, 0.0]]), np.array([[0.0, 1.0, 0.0]]))
    across = unit(helper - np.sum(helper * axis, axis=-1, keepdims=True) * axis)
    return across, np.cross(axis, across)
