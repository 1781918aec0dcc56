"""Meshes of what stands in a stadium: masts, lamps, scoreboards, a tunnel, a torch, goals, benches, flags.

Each stands at its origin with Z up and looks along X, towards the field.
"""

from __future__ import annotations

import math
from itertools import pairwise

import bpy
import numpy as np
import numpy.typing as npt

from ..meshes import Surface

Floats = npt.NDArray[np.float64]
Point = tuple[float, float, float]


class Solid(Surface):
    """A surface made of boxes and tubes."""

    def box(self, centre: Point, size: Point, slot: int = 0, pitch: float = 0.0) -> None:
        """Add a box, turned about Y by `pitch` radians: its front then looks down."""
        half = np.array(size) / 2
        corners = np.array([[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)]) * half
        cosine, sine = math.cos(pitch), math.sin(pitch)
        turned = np.stack(
            [
                corners[:, 0] * cosine + corners[:, 2] * sine,
                corners[:, 1],
                corners[:, 2] * cosine - corners[:, 0] * sine,
            ],
            -1,
        ) + np.array(centre)
        for a, b, c, d in (
            (0, 1, 3, 2),
            (4, 6, 7, 5),
            (0, 4, 5, 1),
            (2, 3, 7, 6),
            (0, 2, 6, 4),
            (1, 5, 7, 3),
        ):
            self.quads([turned[[corner]] for corner in (a, b, c, d)], slot)

    def tube(
        self,
        start: Point,
        end: Point,
        radius: float,
        slot: int = 0,
        *,
        thin: float | None = None,
        sides: int = 6,
    ) -> None:
        """Add an open tube; its radius is `thin` at its end."""
        first, last = np.array(start), np.array(end)
        along = (last - first) / np.linalg.norm(last - first)
        aside = np.cross(along, (0.0, 0.0, 1.0) if abs(along[2]) < 0.9 else (1.0, 0.0, 0.0))
        aside /= np.linalg.norm(aside)
        other = np.cross(along, aside)
        angle = 2 * np.pi * np.arange(sides) / sides
        ring = np.cos(angle)[:, None] * aside + np.sin(angle)[:, None] * other
        self.band(first + ring * radius, last + ring * (radius if thin is None else thin), slot)

    def disc(self, centre: Point, radius: float, slot: int, pitch: float) -> None:
        """Add an eight-cornered disc that looks along X, and down by `pitch` radians."""
        angle = 2 * np.pi * np.arange(8) / 8
        y, z = radius * np.cos(angle), radius * np.sin(angle)
        rim = np.stack([z * math.sin(pitch), y, z * math.cos(pitch)], -1) + np.array(centre)
        for quad in ((0, 1, 2, 3), (0, 3, 4, 7), (4, 5, 6, 7)):
            self.quads([rim[[corner]] for corner in quad], slot)

    def lamp(self, centre: Point, radius: float, pitch: float, slots: tuple[int, int]) -> None:
        """Add a lamp's housing and its glass."""
        x, y, z = centre
        ahead = (math.cos(pitch), 0.0, -math.sin(pitch))
        back = (x - ahead[0] * 0.45, y, z - ahead[2] * 0.45)
        self.tube(back, centre, 0.35 * radius, slots[0], thin=radius, sides=8)
        self.disc((x - 0.04 * ahead[0], y, z - 0.04 * ahead[2]), 0.92 * radius, slots[1], pitch)

    def add_to(
        self, name: str, slots: list[bpy.types.Material], collection: bpy.types.Collection
    ) -> bpy.types.Object:
        """Return the object, in the collection."""
        thing = bpy.data.objects.new(name, self.mesh(name, slots))
        collection.objects.link(thing)
        return thing


def _moved(line: Floats, x: float = 0.0, y: float = 0.0) -> Floats:
    moved: Floats = line + np.array([x, y, 0.0])
    return moved


def mast(height: float, columns: int = 8, rows: int = 6) -> Solid:
    """Return a lattice mast with a tilted frame of lamps; slots: steel, housings, glass."""
    solid = Solid()
    foot, top = 0.032 * height, 0.012 * height
    legs = [(math.cos(a), math.sin(a)) for a in np.pi / 4 + np.pi / 2 * np.arange(4)]
    levels = np.linspace(0.0, height - 3.0, max(6, round(height / 5)))
    reach = foot + (top - foot) * levels / levels[-1]
    for k, (x, y) in enumerate(legs):
        solid.tube((x * foot, y * foot, 0.0), (x * top, y * top, height), 0.02 * foot + 0.14, 0)
        u, v = legs[(k + 1) % 4]
        for low in range(len(levels) - 1):
            one, other = reach[low], reach[low + 1]
            start, end = (x * one, y * one, levels[low]), (u * other, v * other, levels[low + 1])
            if low % 2:
                start, end = (u * one, v * one, levels[low]), (x * other, y * other, levels[low + 1])
            solid.tube(start, end, 0.08, 0, sides=4)
    pitch, pace = math.radians(24.0), 1.15
    tilt = np.array([math.sin(pitch), 0.0, math.cos(pitch)])
    middle = np.array([top + 0.7, 0.0, height])
    for row in range(rows):
        up = (row - (rows - 1) / 2) * pace
        bar = middle + tilt * up
        half = columns * pace / 2
        solid.box((bar[0] - 0.5, 0.0, bar[2]), (0.14, 2 * half, 0.14), 0)
        for column in range(columns):
            y = (column - (columns - 1) / 2) * pace
            solid.lamp((float(bar[0]), y, float(bar[2])), 0.48, pitch + 0.12, (1, 2))
    for side in (-0.5, 0.5):
        ends = [middle + tilt * way * rows * pace / 2 for way in (-1, 1)]
        y = side * columns * pace * 0.7
        solid.tube(
            (float(ends[0][0]) - 0.6, y, float(ends[0][2])),
            (float(ends[1][0]) - 0.6, y, float(ends[1][2])),
            0.1,
        )
    return solid


def battery(length: float) -> Solid:
    """Return a row of lamps to hang at a roof's edge, top at the origin; slots: steel, housings, glass."""
    solid, pitch = Solid(), math.radians(38.0)
    count = max(4, round(length / 1.1))
    for bar in (-0.15, -1.25):
        solid.box((-0.55, 0.0, bar), (0.16, length, 0.16), 0)
    for post in np.linspace(-length / 2, length / 2, 5):
        solid.box((-0.55, float(post), -0.5), (0.12, 0.12, 1.7), 0)
    for row in range(2):
        for column in range(count):
            y = (column - (count - 1) / 2) * length / count
            solid.lamp((0.0, y, -0.35 - 1.05 * row), 0.42, pitch, (1, 2))
    return solid


def scoreboard(width: float, height: float, legs: float, hang: float) -> tuple[Solid, Solid]:
    """Return a scoreboard's frame and its screen, `legs` metres up, or on rods as long as `hang`; slot 0."""
    frame, screen = Solid(), Solid()
    middle = legs + height / 2
    rim, deep = 0.5, 1.6
    for side in (-1, 1):
        frame.box((-deep / 2 + 0.2, side * (width + rim) / 2, middle), (deep, rim, height + 2 * rim), 0)
        frame.box((-deep / 2 + 0.2, 0.0, middle + side * (height + rim) / 2), (deep, width + rim, rim), 0)
    frame.box((-deep, 0.0, middle), (0.2, width, height), 0)
    for y in np.linspace(-0.42, 0.42, max(2, round(width / 7))) * width:
        if hang:
            top = legs + height
            frame.tube((-deep / 2, float(y), top), (-deep / 2, float(y), top + hang), 0.12, 0)
            continue
        frame.box((-deep / 2, float(y), legs / 2), (0.5, 0.5, legs), 0)
        frame.tube((-deep, float(y), middle + height / 3), (-deep - 3.0, float(y), 0.0), 0.16, 0)
    half = width / 2
    corners = [(-half, legs), (half, legs), (half, legs + height), (-half, legs + height)]
    screen.quads([np.array([[0.0, y, z]]) for y, z in corners], 0)
    return frame, screen


def tunnel(width: float, height: float, reach: float) -> Solid:
    """Return a way out of the stands with a canopy over it; slots: frame, darkness, canopy, floor."""
    solid = Solid()
    post = 0.5
    for side in (-1, 1):
        solid.box((0.1, side * (width + post) / 2, height / 2), (0.9, post, height), 0)
    solid.box((0.1, 0.0, height + 0.25), (0.9, width + 2 * post, 0.5), 0)
    half = width / 2
    face = [(-half, 0.0), (half, 0.0), (half, height), (-half, height)]
    solid.quads([np.array([[0.12, y, z]]) for y, z in face], 1)
    angle = np.linspace(0.0, math.pi, 13)
    arch = np.stack(
        [np.zeros(13), -half * 0.9 * np.cos(angle), 0.35 * height + 0.6 * height * np.sin(angle)], -1
    )
    arch[[0, -1], 2] = 0.0
    ends = np.linspace(0.55, reach, 6)
    hoop = arch * (1.0, 1.015, 1.015)
    for near, far in pairwise(ends):
        solid.band(_moved(arch, x=near), _moved(arch, x=far - 0.06), 2, closed=False)
        solid.band(_moved(hoop, x=far - 0.12), _moved(hoop, x=far), 0, closed=False)
    end = 1.25 * reach
    floor = [(0.5, -half), (end, -half), (end, half), (0.5, half)]
    solid.quads([np.array([[x, y, 0.03]]) for x, y in floor], 3)
    return solid


def torch(height: float) -> Solid:
    """Return a bowl for a fire on a shaft of ribs, its rim at `height`; slots: steel, bronze."""
    solid = Solid()
    bowl = 0.16 * height
    for angle in 2 * np.pi * np.arange(8) / 8:
        x, y = math.cos(angle), math.sin(angle)
        solid.tube((1.6 * x, 1.6 * y, 0.0), (0.5 * x, 0.5 * y, height - bowl), 0.22, 0)
        solid.tube((0.5 * x, 0.5 * y, height - bowl), (2.9 * x, 2.9 * y, height + 0.2), 0.12, 0)
    solid.tube((0.0, 0.0, 0.0), (0.0, 0.0, height - bowl), 0.7, 0, thin=0.45, sides=12)
    solid.tube((0.0, 0.0, height - bowl), (0.0, 0.0, height), 0.6, 1, thin=2.7, sides=24)
    solid.tube((0.0, 0.0, height - 0.5), (0.0, 0.0, height), 0.3, 1, thin=2.6, sides=24)
    return solid


def flame(height: float) -> Solid:
    """Return tongues of fire at rest, one in the other."""
    solid = Solid()
    for size, lean in ((1.0, 0.0), (0.75, 0.8), (0.6, -0.9)):
        levels = np.linspace(0.0, 1.0, 14)
        width = 3.4 * size * np.sqrt(levels + 0.15) * (1 - levels) ** 1.3
        angle = 2 * np.pi * np.arange(12) / 12
        rings = [
            np.stack(
                [
                    lean * (1 + level) + r * np.cos(angle),
                    lean * 0.7 + r * np.sin(angle),
                    np.full(12, level * height * size),
                ],
                -1,
            )
            for r, level in zip(width, levels, strict=True)
        ]
        for lower, upper in pairwise(rings):
            solid.band(lower, upper, 0)
    return solid


def goal() -> Solid:
    """Return a goal of 7.32 by 2.44 m at the origin, its opening along X; slots: posts, net."""
    solid, half, high = Solid(), 3.72, 2.5
    for side in (-half, half):
        solid.tube((0.0, side, 0.0), (0.0, side, high), 0.06, 0)
        solid.tube((0.0, side, high), (-2.0, side, 0.05), 0.03, 0, sides=4)
    solid.tube((0.0, -half, high), (0.0, half, high), 0.06, 0)
    deep = [(0.0, high), (-0.9, high - 0.1), (-2.0, 0.05)]
    lines = [np.array([[x, -half, z], [x, half, z]]) for x, z in deep]
    for one, other in pairwise(lines):
        solid.band(one, other, 1, closed=False)
    return solid


def uprights() -> Solid:
    """Return the posts of an American goal: 18 feet 6 inches apart, 10 feet up; slot: posts."""
    solid, half = Solid(), 2.82
    solid.tube((-2.0, 0.0, 0.0), (-2.0, 0.0, 2.6), 0.16, 0)
    solid.tube((-2.0, 0.0, 2.6), (0.0, 0.0, 3.05), 0.13, 0)
    solid.tube((0.0, -half, 3.05), (0.0, half, 3.05), 0.08, 0)
    for side in (-half, half):
        solid.tube((0.0, side, 3.05), (0.0, side, 9.1), 0.06, 0)
    return solid


def bench(length: float) -> Solid:
    """Return a bench for a team under a bent shelter; slots: frame, shelter, seats."""
    solid = Solid()
    angle = np.linspace(-0.15, 0.62 * math.pi, 8)
    half = length / 2
    bend = np.stack([0.4 - 1.5 * np.cos(angle), np.zeros(8), 0.2 + 1.9 * np.sin(angle)], -1)
    bend[0, 2] = 0.0
    solid.band(_moved(bend, y=-half), _moved(bend, y=half), 1, closed=False)
    for y in np.linspace(-half, half, 5):
        rib = bend * 1.02
        solid.band(_moved(rib, y=float(y) - 0.04), _moved(rib, y=float(y) + 0.04), 0, closed=False)
    solid.box((-0.35, 0.0, 0.22), (0.5, length - 0.2, 0.44), 2)
    solid.box((-0.65, 0.0, 0.7), (0.12, length - 0.2, 0.6), 2)
    return solid


def boards(half_width: float, half_length: float) -> Solid:
    """Return low boards around a pitch; slots: their backs, their faces."""
    solid = Solid()
    high, gap = 0.9, 2.5
    for side in (-1, 1):
        for length, place in (
            (2 * half_length - gap, (side * half_width, 0.0)),
            (2 * half_width - gap, None),
        ):
            if place is not None:
                size = (0.12, length, high)
                solid.box((place[0], 0.0, high / 2 + 0.03), size, 0)
                x = place[0] - side * 0.075
                face = [(x, -side * length / 2), (x, side * length / 2)]
            else:
                y = side * half_length
                solid.box((0.0, y, high / 2 + 0.03), (length, 0.12, high), 0)
                face = [(side * length / 2, y - side * 0.075), (-side * length / 2, y - side * 0.075)]
            (x0, y0), (x1, y1) = face
            corners = [(x1, y1, 0.08), (x0, y0, 0.08), (x0, y0, high - 0.02), (x1, y1, high - 0.02)]
            solid.quads([np.array([corner]) for corner in corners], 1)
    return solid


def pole(height: float) -> Solid:
    """Return a flag's pole with a ball on it; slot: steel."""
    solid = Solid()
    solid.tube((0.0, 0.0, 0.0), (0.0, 0.0, height), 0.11, 0, thin=0.06)
    solid.tube((0.0, 0.0, height), (0.0, 0.0, height + 0.22), 0.13, 0, thin=0.02)
    return solid
