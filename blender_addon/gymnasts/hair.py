"""Heads: a face with a jaw, a nose and eyes, and the hair that each body wears."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from ..figures import Part
from .proportions import Build, HairStyle, ring, turns
from .skinning import Floats, Sculpture, weigh

#: Height, half width, front, back: level cross-sections of a head from chin to crown.
_SECTIONS = (
    (1.482, 0.030, 0.066, 0.030),
    (1.512, 0.054, 0.086, 0.066),
    (1.552, 0.067, 0.091, 0.088),
    (1.590, 0.072, 0.090, 0.098),
    (1.630, 0.073, 0.090, 0.101),
    (1.672, 0.056, 0.066, 0.082),
)
_ANGLES = np.deg2rad([0.0, 26.0, 66.0, 106.0, 146.0, 180.0, 214.0, 254.0, 294.0, 334.0])
_RINGS = ((0, 1, 2, 3, 4, 5), (0, 2, 4), (4,))
_CROWN = 1.70


def add_head(sculpture: Sculpture, build: Build, detail: int) -> None:
    """Add the head with its hair."""
    angles = (_ANGLES, turns(6), turns(4, 45.0))[detail]
    heights, rings = [], []
    for number in _RINGS[detail]:
        height, side, front, back = _SECTIONS[number]
        points = ring((0.008, 0.0, height), side, front, back, angles, (0.92, 0.9, 0.5)[detail])
        if number == 2 and detail < 2:
            points[0] += (0.024, 0.0, -0.006)  # the nose
        if number == 4 and detail == 0:
            points[[0, 1, -1], 2] += (0.014, 0.008, 0.008)  # the hairline is an arch
        heights.append(height)
        rings.append(points)
    middles = angles + (np.roll(angles, -1) - angles) % (2 * np.pi) / 2
    parts = [
        [int(_head_part((low + high) / 2, angle, build)) for angle in middles]
        for low, high in pairwise(heights)
    ]
    thick = _thickened(np.array(rings), parts, build.hair)
    bones = weigh(head=1.0)
    crown = np.array([-0.012, 0.0, _CROWN])
    weights = np.tile(bones, (len(thick), 1))
    scaled, crown = _sized(thick, build.head), _sized(crown, build.head)
    chin = _sized(np.array([0.03, 0.0, _SECTIONS[0][0]]), build.head)
    sculpture.tube(
        scaled,
        weights,
        parts,
        start=int(Part.SKIN) if detail < 2 else (chin, bones),
        start_part=int(Part.SKIN),
        end=(crown, bones),
        end_part=int(Part.HAIR),
    )
    if detail == 0:
        _add_face(sculpture, build)
    _add_worn(sculpture, build, detail)


def _sized(points: Floats, size: float) -> Floats:
    """Return points of a head of another size, measured down from the crown."""
    sized: Floats = (points - (0.0, 0.0, _CROWN)) * size + (0.0, 0.0, _CROWN)
    return sized


def _head_part(height: float, angle: float, build: Build) -> Part:
    """Return hair or skin for a place on the head: a height in metres, an angle from the front."""
    ahead = float(np.cos(angle))
    long = build.hair in {"bun", "bunches", "ponytail"}
    if height > 1.64:
        return Part.HAIR
    if height > 1.60:
        # The hairline runs from the brow to before the ears.
        return Part.HAIR if ahead < (0.62 if build.hair != "fringe" else 2.0) else Part.SKIN
    if height > 1.565:
        return Part.HAIR if ahead < (0.05 if long else -0.25) else Part.SKIN
    if height > 1.525:
        return Part.HAIR if ahead < -0.45 or (build.beard and 0.1 < ahead < 0.55) else Part.SKIN
    return Part.HAIR if build.beard and ahead > 0.3 else Part.SKIN


def _thickened(rings: Floats, parts: list[list[int]], hair: HairStyle) -> Floats:
    """Return the rings with those points moved out that have hair all round."""
    thick = {"short": 0.010, "fringe": 0.013, "cropped": 0.004}.get(hair, 0.007)
    sides = rings.shape[1]
    out = rings.copy()
    for level in range(len(rings)):
        for k in range(sides):
            near = [
                parts[band][column % sides]
                for band in (level - 1, level)
                if 0 <= band < len(parts)
                for column in (k - 1, k)
            ]
            if level == len(rings) - 1 or all(part == Part.HAIR for part in near):
                away = rings[level, k, :2] - (0.0, 0.0)
                out[level, k, :2] += thick * away / max(float(np.hypot(*away)), 1e-6)
    return out


#: Left eye with its brow, and the left half of the mouth: (x, y, height), a hair's breadth before the face.
_EYE = ((0.1010, 0.021, 1.580), (0.0960, 0.040, 1.578), (0.0955, 0.040, 1.585), (0.1010, 0.021, 1.588))
_LIPS = ((0.0955, 0.016, 1.5045), (0.0985, 0.017, 1.5105))


def _add_face(sculpture: Sculpture, build: Build) -> None:
    """Add two dark eyes with their brows, and a mouth."""
    left = np.array(_EYE)
    right = left[::-1] * (1.0, -1.0, 1.0)
    lips = np.array(_LIPS)
    mouth = np.concatenate([lips[:1] * (1.0, -1.0, 1.0), lips, lips[1:] * (1.0, -1.0, 1.0)])
    for corners in (left, right, mouth):
        first = sculpture.points(_sized(corners, build.head), weigh(head=1.0))
        sculpture.face(range(first, first + 4), Part.HAIR)


def _add_worn(sculpture: Sculpture, build: Build, detail: int) -> None:
    """Add what stands off the head: a bun, bunches or a ponytail; far away it is too small to be seen."""
    if detail == 2:
        return
    if build.hair == "bun":
        _add_ball(sculpture, build, (-0.104, 0.0, 1.652), 0.043, 5 if detail == 0 else 4)
    elif build.hair == "bunches":
        for side in (1.0, -1.0):
            _add_ball(
                sculpture, build, (-0.045, side * 0.096, 1.592), 0.036, 4 if detail == 0 else 3, hang=0.055
            )
    elif build.hair == "ponytail":
        _add_tail(sculpture, build, 5 if detail == 0 else 3)


def _add_ball(
    sculpture: Sculpture,
    build: Build,
    centre: tuple[float, float, float],
    radius: float,
    sides: int,
    hang: float = 0.0,
) -> None:
    """Add a ball of hair with two rings, or with one from 4 sides down; its lower end hangs further."""
    bones, up = weigh(head=1.0), np.array([0.0, 0.0, radius])
    middle = np.array(centre)
    levels, wide = ((-0.5, 0.5), 0.9 * radius) if sides > 4 else ((0.0,), radius)
    rings = np.array([ring(middle + level * up, wide, wide, wide, turns(sides)) for level in levels])
    low, high = middle - up - np.array([0.0, 0.0, hang]), middle + up
    _add_hair(sculpture, build, rings, (low, high), bones)


def _add_tail(sculpture: Sculpture, build: Build, sides: int) -> None:
    """Add a ponytail, tied high, whose end hangs to the neck."""
    places = ((-0.148, 1.530, 0.031), (-0.138, 1.640, 0.033))
    rings = np.array([ring((x, 0.0, z), size, size, size, turns(sides)) for x, z, size in places])
    ends = np.array([-0.128, 0.0, 1.42]), np.array([-0.075, 0.0, 1.672])
    _add_hair(sculpture, build, rings, ends, weigh(head=0.7, neck=0.3))


def _add_hair(
    sculpture: Sculpture, build: Build, rings: Floats, ends: tuple[Floats, Floats], lowest: Floats
) -> None:
    """Add a tube of hair from its lower to its upper end; the lower one has bones of its own."""
    hair, head = int(Part.HAIR), weigh(head=1.0)
    sculpture.tube(
        _sized(rings, build.head),
        np.tile(head, (len(rings), 1)),
        [hair] * (len(rings) - 1),
        start=(_sized(ends[0], build.head), lowest),
        end=(_sized(ends[1], build.head), head),
        start_part=hair,
        end_part=hair,
    )
