"""Arms in jacket sleeves, and the plain hands of people further away."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from ..figures import Part
from ..gymnasts.proportions import Build, ring, turns
from ..gymnasts.rig import JOINT, REST
from ..gymnasts.skinning import Floats, Sculpture, weigh
from .hands import HandShape

_UPPER = {"left_shoulder": 1.0}
_LOWER = {"left_elbow": 1.0}
#: Along the arm (0 shoulder, 0.5 elbow, 1 wrist): half width across, half depth, bones. Cloth lies in folds
#: about the elbow.
_SLEEVE: tuple[tuple[float, float, float, dict[str, float]], ...] = (
    (-0.02, 0.036, 0.040, {"left_shoulder": 0.75, "left_collar": 0.25}),
    (0.05, 0.0475, 0.0525, {"left_shoulder": 0.95, "left_collar": 0.05}),
    (0.13, 0.0500, 0.0550, _UPPER),
    (0.24, 0.0500, 0.055, _UPPER),
    (0.34, 0.0455, 0.049, _UPPER),
    (0.39, 0.0470, 0.051, _UPPER),
    (0.44, 0.0425, 0.046, {"left_shoulder": 0.8, "half_left_elbow": 0.2}),
    (0.50, 0.0450, 0.046, {"half_left_elbow": 1.0}),
    (0.56, 0.0420, 0.046, {"left_elbow": 0.8, "half_left_elbow": 0.2}),
    (0.61, 0.0455, 0.049, _LOWER),
    (0.67, 0.0425, 0.046, _LOWER),
    (0.78, 0.0400, 0.043, _LOWER),
    (0.88, 0.0355, 0.039, {"left_elbow": 0.85, "left_wrist": 0.15}),
    (0.92, 0.0350, 0.038, {"left_elbow": 0.75, "left_wrist": 0.25}),
    (0.965, 0.0345, 0.0375, {"left_elbow": 0.6, "left_wrist": 0.4}),
    (0.955, 0.0270, 0.030, {"left_elbow": 0.6, "left_wrist": 0.4}),
)
_CUFF = 0.90
#: Which of them, and round how many corners, in each detail.
_RINGS = (tuple(range(16)), (1, 3, 7, 11, 14))
_SIDES = (10, 5)


def add_sleeve(sculpture: Sculpture, build: Build, detail: int) -> None:
    """Add the left arm in its sleeve, with a cuff, and the wrist that comes out of it."""
    shoulder, elbow, wrist = (REST[JOINT[f"left_{name}"]] for name in ("shoulder", "elbow", "wrist"))
    angles = turns(_SIDES[detail])
    rings, weights, along = [], [], []
    for number in _RINGS[detail]:
        share, wide, deep, bones = _SLEEVE[number]
        centre = _between((shoulder, elbow, wrist), share)
        centre[1] += build.shoulders * max(0.0, 1 - 2 * abs(share))
        girth = 1.0 + (build.arms - 1.0) * (1.0 - 0.6 * max(share, 0.0))
        rings.append(ring(centre, wide * girth, deep * girth, deep * girth, angles)[::-1])
        weights.append(weigh(**bones))
        along.append(share)
    cloth, trim, skin = int(Part.COSTUME), int(Part.TRIM), int(Part.SKIN)
    bands = [trim if (low + high) / 2 > _CUFF else cloth for low, high in pairwise(along)]
    top = shoulder + np.array([0.0, build.shoulders - 0.02, 0.016]), weigh(left_shoulder=0.6, left_collar=0.4)
    sculpture.tube(np.array(rings), np.array(weights), bands, start=top, start_part=cloth, end=trim)
    if detail:
        return
    bare = []
    for share, wide, deep in ((0.90, 0.0245, 0.029), (0.975, 0.0205, 0.0265), (1.02, 0.0200, 0.0265)):
        bare.append(ring(_between((shoulder, elbow, wrist), share), wide, deep, deep, angles)[::-1])
    bones = [
        weigh(left_elbow=0.8, left_wrist=0.2),
        weigh(left_elbow=0.4, left_wrist=0.6),
        weigh(left_wrist=1.0),
    ]
    sculpture.tube(np.array(bare), np.array(bones), [skin, skin])


def add_mitten(sculpture: Sculpture, shape: HandShape) -> None:
    """Add the left hand of somebody further away: a palm, and all fingers in one."""
    bones, skin = weigh(left_wrist=1.0), int(Part.SKIN)
    joints = [(0.0, 0.0), (0.088, 0.0)]
    angle = 0.0
    for length, bend in zip((0.042, 0.040), (shape.knuckles, shape.middles + 0.4 * shape.ends), strict=True):
        angle += np.radians(bend)
        along, inward = joints[-1]
        joints.append((along + length * np.cos(angle), inward + length * np.sin(angle)))
    wrist = REST[JOINT["left_wrist"]]
    rings = []
    for (along, inward), wide, thick, tip in zip(
        joints, (0.026, 0.040, 0.037, 0.031), (0.017, 0.012, 0.011, 0.009), (0.0, 0.0, 0.8, 1.6), strict=True
    ):
        # Across the bone, which is where the thickness lies, turned by half of the bend there.
        lie = np.array([-np.sin(tip), np.cos(tip)]) * thick
        rings.append(
            [
                wrist + np.array([side * wide, -(inward + face * lie[1]), -(along + face * lie[0])])
                for side, face in ((1, 1), (1, -1), (-1, -1), (-1, 1))
            ]
        )
    sculpture.tube(np.array(rings), np.tile(bones, (4, 1)), [skin] * 3, end=skin)


def _between(joints: tuple[Floats, Floats, Floats], share: float) -> Floats:
    """Return a place along a limb, 0 at the first joint, 0.5 at the second, 1 at the last; or beyond."""
    first, second, third = joints
    if share < 0.5:
        before: Floats = first + 2 * share * (second - first)
        return before
    beyond: Floats = second + (2 * share - 1) * (third - second)
    return beyond
