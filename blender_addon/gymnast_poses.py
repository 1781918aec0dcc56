"""The gymnast: a jointed figure and the clips it can be posed by.

A pose is a dictionary of joint angles in radians; a clip maps a phase in [0, 1) to one. Every clip is baked
to `POSES` meshes, which Geometry Nodes pick from by the baked phase.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from .figures import Figure, Part, Point

UP = np.array([0.0, 0.0, 1.0])
#: Poses in the cycle of each clip.
POSES = 8


@dataclass(frozen=True)
class Pose:
    """Joint angles, radians, and the lift of the hips, metres.

    Pairs are (left, right). Hips and shoulders swing forward (+) about Y; `raise_` lifts an arm sideways;
    knees and elbows bend; `bow` bends the torso forward, `sway` tips it sideways.
    """

    hips: tuple[float, float] = (0.0, 0.0)
    knees: tuple[float, float] = (0.0, 0.0)
    shoulders: tuple[float, float] = (0.0, 0.0)
    raise_: tuple[float, float] = (0.12, 0.12)
    elbows: tuple[float, float] = (0.15, 0.15)
    bow: float = 0.0
    sway: float = 0.0
    lift: float = 0.0
    spread: float = 0.0


def _stand(phase: float) -> Pose:
    breath = 0.03 * np.sin(2 * np.pi * phase)
    return Pose(raise_=(0.14 + breath, 0.14 + breath))


def _march(phase: float) -> Pose:
    swing = np.sin(2 * np.pi * phase)
    bend = (max(0.0, np.cos(2 * np.pi * phase)), max(0.0, -np.cos(2 * np.pi * phase)))
    return Pose(
        hips=(0.55 * swing + 0.35 * bend[0], -0.55 * swing + 0.35 * bend[1]),
        knees=(0.9 * bend[0], 0.9 * bend[1]),
        shoulders=(-0.7 * swing, 0.7 * swing),
        elbows=(0.35, 0.35),
        lift=0.02 * abs(float(np.cos(2 * np.pi * phase))),
    )


def _wave(phase: float) -> Pose:
    side = np.sin(2 * np.pi * phase)
    # Up for three quarters of the cycle, down at its ends, where another move may follow.
    up = 0.12 + min(1.0, 1.4 * float(np.sin(np.pi * phase))) * 2.43
    return Pose(raise_=(up + 0.35 * side, up - 0.35 * side), elbows=(0.1, 0.1), sway=0.22 * side)


def _jump(phase: float) -> Pose:
    height = max(0.0, float(np.sin(2 * np.pi * phase)))
    crouch = max(0.0, float(-np.sin(2 * np.pi * phase)))
    return Pose(
        hips=(0.7 * crouch, 0.7 * crouch),
        knees=(1.4 * crouch, 1.4 * crouch),
        shoulders=(-0.5 * crouch, -0.5 * crouch),
        raise_=(0.2 + 2.5 * height, 0.2 + 2.5 * height),
        bow=0.35 * crouch,
        lift=0.45 * height,
        spread=0.35 * height,
    )


def _bow(phase: float) -> Pose:
    depth = 0.5 - 0.5 * np.cos(2 * np.pi * phase)
    return Pose(
        bow=1.15 * depth,
        shoulders=(0.9 * depth, 0.9 * depth),
        raise_=(0.12 + 1.1 * depth, 0.12 + 1.1 * depth),
    )


#: A pose by phase for each of kernels.motion.CLIPS.
CLIP_POSES: dict[str, Callable[[float], Pose]] = {
    "stand": _stand,
    "march": _march,
    "wave": _wave,
    "jump": _jump,
    "bow": _bow,
}


def _swing(length: float, forward: float, side: float) -> np.ndarray:
    """Return a bone that hangs down, swung forward and lifted sideways (towards +Y)."""
    down = np.array([np.sin(forward), 0.0, -np.cos(forward)])
    return length * np.array([down[0] * np.cos(side), np.sin(side), down[2] * np.cos(side)])


def _bent(origin: np.ndarray, point: np.ndarray, bow: float, sway: float) -> np.ndarray:
    x, y, z = point - origin
    x, z = x * np.cos(bow) + z * np.sin(bow), z * np.cos(bow) - x * np.sin(bow)
    y, z = y * np.cos(sway) + z * np.sin(sway), z * np.cos(sway) - y * np.sin(sway)
    return origin + np.array([x, y, z])


def gymnast(pose: Pose, prop: str = "none") -> Figure:
    """Return the gymnast in a pose, facing +X, feet on the ground, with what the hands hold."""
    figure = Figure()
    thigh, shin = 0.43, 0.43
    legs = []
    for k, side in enumerate((1, -1)):
        hip = np.array([0.0, side * 0.09, 0.0])
        knee = hip + _swing(thigh, pose.hips[k], side * pose.spread)
        ankle = knee + _swing(shin, pose.hips[k] - pose.knees[k], side * pose.spread)
        legs.append((hip, knee, ankle))
    lowest = min(float(ankle[2]) for _, _, ankle in legs)
    root = np.array([0.0, 0.0, -lowest + 0.05 + pose.lift])
    for hip, knee, ankle in legs:
        figure.limb(_point(root + hip), _point(root + knee), (0.085, 0.06), Part.COSTUME, 5)
        figure.limb(_point(root + knee), _point(root + ankle), (0.058, 0.04), Part.ACCENT, 5)
        figure.limb(
            _point(root + ankle), _point(root + ankle + [0.16, 0, -0.02]), (0.045, 0.035), Part.ACCENT, 4
        )

    def place(point: Point) -> Point:
        return _point(_bent(root, root + np.array(point), pose.bow, pose.sway))

    figure.limb(place((0, 0, -0.06)), place((0, 0, 0.12)), (0.17, 0.135), Part.ACCENT, 6, 0.7)
    figure.limb(place((0, 0, 0.1)), place((0, 0, 0.5)), (0.125, 0.18), Part.COSTUME, 6, 0.6)
    figure.limb(place((0, 0, 0.5)), place((0.01, 0, 0.6)), (0.05, 0.045), Part.SKIN, 5)
    figure.head(place((0.02, 0, 0.71)), 0.1)
    for k, side in enumerate((1, -1)):
        shoulder = np.array([0.0, side * 0.19, 0.47])
        elbow = shoulder + _swing(0.28, pose.shoulders[k], side * pose.raise_[k])
        hand = elbow + _swing(0.28, pose.shoulders[k] + pose.elbows[k], side * pose.raise_[k])
        figure.limb(place(_point(shoulder)), place(_point(elbow)), (0.05, 0.04), Part.COSTUME, 5)
        figure.limb(place(_point(elbow)), place(_point(hand)), (0.038, 0.032), Part.SKIN, 5)
        if prop == "ribbon":
            _ribbon(figure, np.array(place(_point(hand))), side)
        elif prop == "flag" and side == -1:
            _flag(figure, np.array(place(_point(hand))))
    return figure


def _ribbon(figure: Figure, hand: np.ndarray, side: int) -> None:
    """Add a ribbon that streams up and back from the hand in a curl."""
    steps = np.linspace(0.0, 1.0, 6)
    spine = hand + np.stack(
        [-0.55 * steps, side * 0.3 * np.sin(3.0 * steps), 0.25 * np.sin(4.5 * steps) + 0.35 * steps], -1
    )
    for a, b in pairwise(spine):
        figure.quad([_point(a), _point(b), _point(b + 0.14 * UP), _point(a + 0.14 * UP)], Part.PROP)


def _flag(figure: Figure, hand: np.ndarray) -> None:
    """Add a flag on a pole, blown back."""
    figure.limb(_point(hand - 0.3 * UP), _point(hand + 0.95 * UP), (0.016, 0.012), Part.ACCENT, 4)
    steps = np.linspace(0.0, 0.55, 4)
    cloth = hand + np.stack([-steps, 0.07 * np.sin(8 * steps), np.full_like(steps, 0.62)], -1)
    for a, b in pairwise(cloth):
        figure.quad([_point(a), _point(b), _point(b + 0.33 * UP), _point(a + 0.33 * UP)], Part.PROP)


def _point(vector: np.ndarray) -> Point:
    return (float(vector[0]), float(vector[1]), float(vector[2]))
