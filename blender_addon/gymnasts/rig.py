"""The skeleton of a gymnast: joints, the pose it rests in, and how a pose moves it.

It faces +X with +Y on its left, stands on z = 0 with its place at the origin, and is 1.70 m tall. In the rest
pose the legs are all but straight, the arms hang down and a little out, the palms face the thighs with the
thumbs to the front, and all joints' axes are the world's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

SIDES = ("left", "right")
"""The first lies towards +Y; what is given for both sides comes in this order."""

_TRUNK: tuple[tuple[str, str | None, tuple[float, float, float]], ...] = (
    ("pelvis", None, (0.0, 0.0, 0.93)),
    ("spine", "pelvis", (-0.01, 0.0, 1.03)),
    ("chest", "spine", (-0.01, 0.0, 1.20)),
    ("neck", "chest", (-0.015, 0.0, 1.42)),
    ("head", "neck", (0.0, 0.0, 1.50)),
)
_LIMBS: tuple[tuple[str, str, tuple[float, float, float]], ...] = (
    ("hip", "pelvis", (0.0, 0.085, 0.895)),
    ("knee", "hip", (0.012, 0.085, 0.475)),
    ("ankle", "knee", (0.0, 0.085, 0.085)),
    ("toe", "ankle", (0.125, 0.085, 0.022)),
    ("collar", "chest", (0.0, 0.025, 1.385)),
    ("shoulder", "collar", (-0.01, 0.175, 1.385)),
    ("elbow", "shoulder", (-0.01, 0.205, 1.106)),
    ("wrist", "elbow", (0.004, 0.229, 0.857)),
)


def _joints() -> list[tuple[str, str | None, tuple[float, float, float]]]:
    joints = list(_TRUNK)
    for side, sign in zip(SIDES, (1.0, -1.0), strict=True):
        for name, parent, (x, y, z) in _LIMBS:
            above = parent if parent in {"pelvis", "chest"} else f"{side}_{parent}"
            joints.append((f"{side}_{name}", above, (x, sign * y, z)))
    return joints


JOINTS: tuple[str, ...] = tuple(name for name, _, _ in _joints())
"""Names: pelvis, spine, chest, neck, head; then of each of `SIDES`, as in ``left_hip``: hip, knee, ankle, toe
(where the toes bend, under the ball of the foot), collar, shoulder, elbow, wrist. A parent comes before its
children."""

JOINT: dict[str, int] = {name: number for number, name in enumerate(JOINTS)}
"""A joint's number by its name."""

PARENTS: tuple[int, ...] = tuple(-1 if parent is None else JOINT[parent] for _, parent, _ in _joints())
"""Each joint's parent; -1 for the pelvis."""

REST: Floats = np.array([place for _, _, place in _joints()])
"""Shape (J, 3), float64, metres: where each joint is in the rest pose."""
REST.flags.writeable = False

HEEL: tuple[float, float, float] = (-0.055, 0.085, 0.0)
"""Where the left heel meets the ground in the rest pose; it moves with the ankle."""
BALL: tuple[float, float, float] = (0.125, 0.085, 0.0)
"""Where the ball of the left foot meets the ground, under the toe joint, with which it moves."""
TIP: tuple[float, float, float] = (0.195, 0.085, 0.0)
"""The tip of the left shoe, on the ground; it moves with the toe joint."""
PALM: tuple[float, float, float] = (0.008, 0.202, 0.777)
"""The middle of the left palm, on its skin; it moves with the wrist, fingertips being 0.175 m from that."""
CROWN: tuple[float, float, float] = (0.0, 0.0, 1.70)
"""The top of the head."""


@dataclass(frozen=True, eq=False)
class Pose:
    """How a skeleton is bent, or many are.

    Attributes
    ----------
    rotations
        Shape (..., J, 3, 3), float64: each joint's turn against its parent; all identity in the rest pose.
    root
        Shape (..., 3), float64, metres: how far the pelvis is from where it rests.
    """

    rotations: Floats
    root: Floats


def rest_pose() -> Pose:
    """Return the pose in which nothing is turned."""
    return Pose(np.tile(np.eye(3), (len(JOINTS), 1, 1)), np.zeros(3))


def joint_frames(pose: Pose) -> tuple[Floats, Floats]:
    """Return where joints are and how they are turned in space.

    Returns
    -------
    tuple[Floats, Floats]
        Shape (..., J, 3), metres, and (..., J, 3, 3).
    """
    places, turns = np.empty(pose.rotations.shape[:-1]), np.empty(pose.rotations.shape)
    for joint, parent in enumerate(PARENTS):
        if parent < 0:
            places[..., joint, :] = REST[joint] + pose.root
            turns[..., joint, :, :] = pose.rotations[..., joint, :, :]
        else:
            bone = REST[joint] - REST[parent]
            places[..., joint, :] = places[..., parent, :] + turns[..., parent, :, :] @ bone
            turns[..., joint, :, :] = turns[..., parent, :, :] @ pose.rotations[..., joint, :, :]
    return places, turns


def pose_transforms(pose: Pose) -> Floats:
    """Return what takes points that move with each joint from the rest pose to this one.

    Returns
    -------
    Floats
        Shape (..., J, 4, 4), for linear blend skinning: the transforms, mixed by a vertex's weights, times
        the vertex of the rest pose as a column (x, y, z, 1).
    """
    places, turns = joint_frames(pose)
    transforms = np.zeros((*places.shape[:-1], 4, 4))
    transforms[..., :3, :3] = turns
    transforms[..., :3, 3] = places - (turns @ REST[:, :, None])[..., 0]
    transforms[..., 3, 3] = 1.0
    return transforms


def carried(pose: Pose, joint: str, point: tuple[float, float, float]) -> Floats:
    """Return where a point of the rest pose that moves with a joint is, shape (..., 3), metres.

    On the right side the point is given as on the left, and mirrored.
    """
    at = np.array(point) * (1.0, -1.0 if joint.startswith("right") else 1.0, 1.0)
    transform = pose_transforms(pose)[..., JOINT[joint], :, :]
    moved: Floats = transform[..., :3, :3] @ at + transform[..., :3, 3]
    return moved


def stacked(poses: list[Pose]) -> Pose:
    """Return poses as one with a leading axis."""
    return Pose(np.stack([pose.rotations for pose in poses]), np.stack([pose.root for pose in poses]))


_MIRRORED = tuple(
    JOINT[name.replace("left", "right") if "left" in name else name.replace("right", "left")]
    for name in JOINTS
)


def mirrored(pose: Pose) -> Pose:
    """Return the pose as seen in a mirror that stands along X: left and right change places."""
    flip = np.array([1.0, -1.0, 1.0])
    rotations = pose.rotations[..., _MIRRORED, :, :] * np.outer(flip, flip)
    return Pose(rotations, pose.root * flip)


def turn_x(angle: Any) -> Floats:
    """Return turns about X, shape (..., 3, 3), for angles in radians."""
    return _turn(angle, 0)


def turn_y(angle: Any) -> Floats:
    """Return turns about Y, shape (..., 3, 3), for angles in radians."""
    return _turn(angle, 1)


def turn_z(angle: Any) -> Floats:
    """Return turns about Z, shape (..., 3, 3), for angles in radians."""
    return _turn(angle, 2)


def _turn(angle: Any, axis: int) -> Floats:
    angle = np.asarray(angle, dtype=np.float64)
    cosine, sine = np.cos(angle), np.sin(angle)
    first, second = (axis + 1) % 3, (axis + 2) % 3
    turn = np.zeros((*angle.shape, 3, 3))
    turn[..., axis, axis] = 1.0
    turn[..., first, first] = turn[..., second, second] = cosine
    turn[..., first, second], turn[..., second, first] = -sine, sine
    return turn
