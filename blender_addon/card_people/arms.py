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
_CUFF_RINGS = np.array([0.892, 0.897, 0.905, 0.925, 0.945, 0.966, 0.956])
#: Along the arm (0 shoulder, 0.5 elbow, 1 wrist): half width across, half depth, bones.
_SLEEVE: tuple[tuple[float, float, float, dict[str, float]], ...] = (
    (-0.02, 0.036, 0.040, {"left_shoulder": 0.75, "left_collar": 0.25}),
    (0.05, 0.0475, 0.0525, {"left_shoulder": 0.95, "left_collar": 0.05}),
    (0.13, 0.0500, 0.0550, _UPPER),
    (0.24, 0.0490, 0.0540, _UPPER),
    (0.34, 0.0465, 0.0505, _UPPER),
    (0.39, 0.0455, 0.0495, _UPPER),
    (0.44, 0.0440, 0.0475, {"left_shoulder": 0.8, "half_left_elbow": 0.2}),
    (0.50, 0.0440, 0.0460, {"half_left_elbow": 1.0}),
    (0.56, 0.0435, 0.0465, {"left_elbow": 0.8, "half_left_elbow": 0.2}),
    (0.61, 0.0435, 0.0470, _LOWER),
    (0.67, 0.0425, 0.0460, _LOWER),
    (0.78, 0.0395, 0.0430, _LOWER),
    (0.88, 0.0360, 0.0395, {"left_elbow": 0.85, "left_wrist": 0.15}),
    (0.898, 0.0330, 0.0365, {"left_elbow": 0.8, "left_wrist": 0.2}),
    (0.92, 0.0345, 0.0380, {"left_elbow": 0.75, "left_wrist": 0.25}),
    (0.966, 0.0340, 0.0375, {"left_elbow": 0.6, "left_wrist": 0.4}),
    (0.956, 0.0270, 0.0300, {"left_elbow": 0.6, "left_wrist": 0.4}),
)
_CUFF = 0.90
#: Where further away a sleeve has its rings, and round how many corners; from near it has rings all along.
_FAR_RINGS, _FAR_SIDES = (1, 3, 7, 11, 15), 5
_NEAR_ALONG = np.concatenate(
    [np.linspace(-0.02, 0.34, 12), np.linspace(0.365, 0.635, 13), np.linspace(0.665, 0.88, 10), _CUFF_RINGS]
)
_NEAR_SIDES = 14


def _profile(along: Floats) -> tuple[Floats, Floats, Floats]:
    """Return half widths, half depths and weights (N, B) of a smooth sleeve at shares of the arm's length."""
    shares, wide, deep = (np.array([row[k] for row in _SLEEVE[:-1]]) for k in range(3))
    bones = np.array([weigh(**row[3]) for row in _SLEEVE[:-1]])
    weights = np.stack([np.interp(along, shares, bone) for bone in bones.T], -1)
    return np.interp(along, shares, wide), np.interp(along, shares, deep), weights


def _folds(along: Floats, angles: Floats) -> Floats:
    """Return by how many metres a sleeve's cloth stands out (rings, corners).

    It is pushed together inside the elbow and over the cuff, pulled round the arm between, and stretched over
    the elbow's bone. Angles are from the front, where the elbow bends, over the left.
    """
    s, a = along[:, None], angles[None, :]
    inside, behind = np.maximum(np.cos(a), 0.0), np.maximum(-np.cos(a), 0.0)
    elbow = np.exp(-(((s - 0.5) / 0.105) ** 2))
    # Folds are never whole rings: they start and end about the arm.
    crossing = np.sin(2 * np.pi * s / 0.068 + 2.2 * np.sin(a + 0.5) + 0.8 * np.sin(2 * a + 9.0 * s))
    folds = 0.0064 * elbow * (0.12 + 0.88 * inside) * crossing
    folds = folds + 0.0125 * np.exp(-(((s - 0.505) / 0.030) ** 2)) * behind**2
    pulled = np.sin(2 * np.pi * s / 0.165 + 2.0 * a) + 0.6 * np.sin(2 * np.pi * s / 0.105 - 3.0 * a + 2.0)
    between = np.exp(-(((s - 0.22) / 0.13) ** 2)) + np.exp(-(((s - 0.72) / 0.10) ** 2))
    folds += 0.0020 * between * pulled * (1.0 - 0.6 * elbow)
    pushed = np.exp(-(((s - 0.865) / 0.035) ** 2)) * (0.5 + 0.5 * np.sin(a - 1.0 + 14.0 * s))
    folds += 0.0036 * pushed * np.sin(2 * np.pi * s / 0.043 + 1.8 * np.sin(a - 0.8) + 0.9 * np.sin(2 * a))
    hollow: Floats = folds * (s < 0.89)
    return hollow


def add_sleeve(sculpture: Sculpture, build: Build, detail: int) -> None:
    """Add the left arm in its sleeve, with a cuff, and the wrist that comes out of it."""
    shoulder, elbow, wrist = (REST[JOINT[f"left_{name}"]] for name in ("shoulder", "elbow", "wrist"))
    near = detail == 0
    along = _NEAR_ALONG if near else np.array([_SLEEVE[number][0] for number in _FAR_RINGS])
    angles = turns(_NEAR_SIDES if near else _FAR_SIDES)
    wide, deep, weights = _profile(along)
    if near:
        # The cuff's edge is turned in.
        wide[-1], deep[-1] = _SLEEVE[-1][1:3]
    folds = _folds(along, angles) if near else np.zeros((len(along), len(angles)))
    rings = []
    for share, across, depth, fold in zip(along.tolist(), wide.tolist(), deep.tolist(), folds, strict=True):
        centre = _between((shoulder, elbow, wrist), share)
        centre[1] += build.shoulders * max(0.0, 1 - 2 * abs(share))
        girth = 1.0 + (build.arms - 1.0) * (1.0 - 0.6 * max(share, 0.0))
        level = ring(centre, across * girth, depth * girth, depth * girth, angles)
        level[:, 0] += fold * np.cos(angles)
        level[:, 1] += fold * np.sin(angles)
        rings.append(level[::-1])
    cloth, trim, skin = int(Part.COSTUME), int(Part.TRIM), int(Part.SKIN)
    bands = [trim if (low + high) / 2 > _CUFF else cloth for low, high in pairwise(along.tolist())]
    top = shoulder + np.array([0.0, build.shoulders - 0.02, 0.016]), weigh(left_shoulder=0.6, left_collar=0.4)
    sculpture.tube(np.array(rings), weights, bands, start=top, start_part=cloth, end=trim)
    if not near:
        return
    bare = []
    for share, across, depth in ((0.90, 0.0245, 0.029), (0.975, 0.0205, 0.0265), (1.02, 0.0200, 0.0265)):
        bare.append(ring(_between((shoulder, elbow, wrist), share), across, depth, depth, angles)[::-1])
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
