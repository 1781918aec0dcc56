"""Spectators from far: some twenty triangles that follow the same skeleton as bodies from near."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ..figures import Part
from ..gymnasts.rig import JOINT, REST
from .people import HAT, Held

Floats = NDArray[np.float64]
Faces = list[tuple[int, ...]]

_UP = np.array([0.0, 0.0, 1.0])


def far_person(transforms: Floats, hat: bool, held: Held, sleeves: bool) -> tuple[Floats, Faces, list[int]]:
    """Return the mesh of one person in many poses.

    Parameters
    ----------
    transforms : (P, J, 4, 4) float64
        As from `motions.transforms`.
    hat, sleeves : bool
        Whether the crown is a hat, and the arms cloth.
    held : Held
        A flag and a scarf are seen from afar, a phone is not.

    Returns
    -------
    vertices : (P, V, 3) float64, metres
    faces, parts
        The same for all poses; parts as of `figures.Part`.
    """
    mesh = _Mesh(transforms)
    _add_torso(mesh)
    _add_head(mesh, HAT if hat else Part.HAIR)
    _add_legs(mesh)
    arms = Part.COSTUME if sleeves else Part.SKIN
    for side in ("left", "right"):
        wrist, elbow = mesh.at(f"{side}_wrist"), mesh.at(f"{side}_elbow")
        hand = wrist + 0.45 * (wrist - elbow)
        deep = np.array([0.065, 0.0, 0.0])
        mesh.face([mesh.at(f"{side}_shoulder") + deep, mesh.at(f"{side}_shoulder") - deep, hand], arms)
    if held == "flag":
        hand = mesh.at("right_wrist") + 0.1 * _UP
        tip = hand + 0.42 * _UP
        mesh.face(
            [
                tip,
                hand + 0.14 * _UP,
                hand + np.array([0.1, -0.36, 0.16]),
                tip + np.array([0.1, -0.36, -0.04]),
            ],
            Part.PROP,
        )
    if held == "scarf":
        left, right = mesh.at("left_wrist"), mesh.at("right_wrist")
        mesh.face([left + 0.02 * _UP, left + 0.22 * _UP, right + 0.22 * _UP, right + 0.02 * _UP], Part.PROP)
    return np.stack(mesh.vertices, axis=1), mesh.faces, mesh.parts


class _Mesh:
    def __init__(self, transforms: Floats) -> None:
        self._transforms = transforms
        self.vertices: list[Floats] = []
        self.faces: Faces = []
        self.parts: list[int] = []

    def at(self, joint: str, shift: tuple[float, float, float] = (0.0, 0.0, 0.0)) -> Floats:
        """Return where a joint is in all poses, (P, 3), or a place that moves with it."""
        transform = self._transforms[:, JOINT[joint]]
        moved: Floats = transform[:, :3, :3] @ (REST[JOINT[joint]] + shift) + transform[:, :3, 3]
        return moved

    def add(self, point: Floats) -> int:
        """Add a vertex; return its number."""
        self.vertices.append(point)
        return len(self.vertices) - 1

    def face(self, corners: list[Floats], part: Part) -> None:
        """Add a face with vertices of its own."""
        self.faces.append(tuple(self.add(corner) for corner in corners))
        self.parts.append(int(part))

    def joined(self, corners: tuple[int, ...], part: Part) -> None:
        """Add a face over vertices that are there."""
        self.faces.append(corners)
        self.parts.append(int(part))


def _add_torso(mesh: _Mesh) -> None:
    """Add three sides, wide at the shoulders, and the shoulders' top."""
    shoulders = [
        mesh.at(f"{side}_shoulder", (0.055, out * 0.06, 0.055)) for side, out in (("left", 1), ("right", -1))
    ]
    hips = [mesh.at("pelvis", (0.08, out * 0.19, -0.10)) for out in (1, -1)]
    back, seat = mesh.at("chest", (-0.13, 0.0, 0.21)), mesh.at("pelvis", (-0.14, 0.0, -0.08))
    left, right, left_hip, right_hip, top, low = (
        mesh.add(point) for point in (*shoulders, *hips, back, seat)
    )
    for corners in (
        (left_hip, left, right, right_hip),
        (low, top, left, left_hip),
        (right_hip, right, top, low),
        (left, top, right),
    ):
        mesh.joined(corners, Part.COSTUME)


def _add_head(mesh: _Mesh, above: Part) -> None:
    """Add a double pyramid: face and cheeks below, what covers them above and behind."""
    wide, ahead, behind = 0.105, 0.115, -0.12
    ring = [
        mesh.add(mesh.at("head", (x, y, 0.09)))
        for x, y in ((ahead, 0.6 * wide), (behind, wide), (behind, -wide), (ahead, -0.6 * wide))
    ]
    chin, crown = mesh.add(mesh.at("head", (0.03, 0.0, -0.06))), mesh.add(mesh.at("head", (-0.01, 0.0, 0.21)))
    for number, part in enumerate((Part.SKIN, Part.HAIR, Part.SKIN, Part.SKIN)):
        this, after = ring[number], ring[(number + 1) % 4]
        mesh.joined((this, chin, after), part)
        mesh.joined((this, after, crown), above)


def _add_legs(mesh: _Mesh) -> None:
    """Add both legs as one: thighs, shins, and an upright side that shows from the left and right."""
    hips = [mesh.at(f"{side}_hip", (0.06, out * 0.08, 0.02)) for side, out in (("left", 1), ("right", -1))]
    knees = [mesh.at(f"{side}_knee", (0.05, out * 0.05, 0.03)) for side, out in (("left", 1), ("right", -1))]
    feet = [mesh.at(f"{side}_ankle", (0.05, out * 0.03, -0.08)) for side, out in (("left", 1), ("right", -1))]
    numbers = [[mesh.add(point) for point in pair] for pair in (hips, knees, feet)]
    for upper, lower in pairwise(numbers):
        mesh.joined((lower[0], upper[0], upper[1], lower[1]), Part.ACCENT)
    behind = np.array([-0.12, 0.0, 0.0])
    hip, foot = (hips[0] + hips[1]) / 2, (feet[0] + feet[1]) / 2
    mesh.face([hip + behind, hip, foot, foot + behind], Part.ACCENT)
