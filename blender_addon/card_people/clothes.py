"""What people wear about the trunk from near: a jacket in folds, its collar, a neckerchief."""

from __future__ import annotations

import numpy as np

from ..figures import Part
from ..gymnasts.proportions import Build, ring
from ..gymnasts.skinning import Sculpture, weigh


def creased(sculpture: Sculpture) -> Sculpture:
    """Return a body whose jacket lies in folds: over the lap, across the chest, and down from the armpits."""
    points, weights = np.concatenate(sculpture.vertices), np.concatenate(sculpture.weights)
    cloth = np.zeros(len(points), bool)
    for face, part in zip(sculpture.faces, sculpture.parts, strict=True):
        if part == Part.COSTUME:
            cloth[list(face)] = True
    x, y, z = points.T
    side = np.abs(y)
    lap = np.exp(-(((z - 1.03) / 0.07) ** 2)) * np.sin(2 * np.pi * (z + 0.25 * side) / 0.062)
    chest = np.exp(-(((z - 1.25) / 0.10) ** 2)) * np.sin(2 * np.pi * (1.4 * side + z + 0.3 * y) / 0.105)
    armpits = np.exp(-(((side - 0.135) / 0.035) ** 2) - ((z - 1.31) / 0.09) ** 2) * np.sin(
        2 * np.pi * (z - 1.1 * side) / 0.070
    )
    out = np.where(cloth & (z > 0.9), 0.0060 * lap + 0.0035 * chest + 0.0055 * armpits, 0.0)
    # Away from the spine, which lies along Z.
    away = np.stack([x + 0.01, y, np.zeros_like(z)], -1)
    away /= np.maximum(np.linalg.norm(away, axis=1, keepdims=True), 0.03)
    return Sculpture(
        [points + out[:, None] * away], [weights], sculpture.faces, sculpture.parts, sculpture.count
    )


def add_collar(sculpture: Sculpture, build: Build) -> None:
    """Add a jacket's collar, which stands about the neck and is open in front."""
    angles = np.radians(np.linspace(14.0, 346.0, 23))
    neck = 0.5 + 0.5 * build.neck
    rows = (
        (1.404, 0.088, 0.074, 0.074, -0.020, {"chest": 0.9, "neck": 0.1}),
        (1.432, 0.073, 0.064, 0.066, -0.017, {"chest": 0.7, "neck": 0.3}),
        (1.462, 0.067, 0.060, 0.062, -0.011, {"chest": 0.5, "neck": 0.5}),
        (1.459, 0.062, 0.055, 0.057, -0.011, {"chest": 0.5, "neck": 0.5}),
        (1.425, 0.064, 0.056, 0.058, -0.015, {"chest": 0.7, "neck": 0.3}),
    )
    shape, weights = [], []
    for height, side, front, back, middle, bones in rows:
        points = ring((middle, 0.0, height), side * neck, front * neck, back * neck, angles)
        # Lower in front than behind.
        points[:, 2] -= 0.018 * (0.5 + 0.5 * np.cos(angles)) ** 2
        shape.append(points)
        weights.append(weigh(**bones))
    first = sculpture.points(np.concatenate(shape), np.repeat(np.array(weights), len(angles), axis=0))
    n = len(angles)
    for i in range(len(rows) - 1):
        for j in range(n - 1):
            a = first + i * n + j
            sculpture.face((a, a + 1, a + n + 1, a + n), Part.TRIM)


def add_neckerchief(sculpture: Sculpture, build: Build) -> None:
    """Add a neckerchief: a roll of cloth about the collar, a knot in front, and two ends below it."""
    angles = np.radians(np.linspace(0.0, 360.0, 21)[:-1])
    neck = 0.5 + 0.5 * build.neck
    part, bones = int(Part.TRIM), weigh(chest=0.85, neck=0.15)
    roll = []
    for out, up in ((0.000, 0.010), (0.010, 0.006), (0.013, -0.004), (0.006, -0.012), (-0.004, -0.010)):
        side, front, back = (size * neck + out for size in (0.083, 0.074, 0.070))
        row = ring((-0.019, 0.0, 1.412 + up), side, front, back, angles)
        # It lies lower in front, and is wound.
        row[:, 2] -= 0.022 * (0.5 + 0.5 * np.cos(angles)) ** 2 + 0.0025 * np.sin(9.0 * angles + 300.0 * up)
        roll.append(row)
    sculpture.tube(np.array(roll[::-1]), np.tile(bones, (len(roll), 1)), [part] * (len(roll) - 1))
    ahead = -0.019 + 0.074 * neck + 0.012
    knot = np.array(
        [
            ring((ahead, 0.0, 1.392 - down), size, size, size, np.radians(np.arange(0.0, 360.0, 60.0)))
            for down, size in ((0.016, 0.006), (0.008, 0.013), (-0.006, 0.013), (-0.014, 0.006))
        ]
    )
    chest = weigh(chest=1.0)
    sculpture.tube(knot, np.tile(chest, (4, 1)), [part] * 3, start=part, end=part)
    for hand in (-1.0, 1.0):
        rows = []
        for down, wide in ((0.0, 0.007), (0.030, 0.016), (0.060, 0.019), (0.092, 0.003)):
            across = hand * (0.004 + 0.36 * down)
            out = ahead + 0.004 + (0.10 + 8.0 * build.bust) * down * (1.0 - 3.5 * down)
            rows.append(
                [
                    (out - 0.004, across - wide, 1.384 - down),
                    (out + 0.005, across, 1.386 - down),
                    (out - 0.004, across + wide, 1.384 - down),
                ]
            )
        first = sculpture.points(np.array(rows).reshape(-1, 3), chest)
        for row_number in range(3):
            for k in range(2):
                a = first + 3 * row_number + k
                sculpture.face((a, a + 3, a + 4, a + 1), part)
