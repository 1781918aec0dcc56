"""Hands with fingers, in the shapes that holding things asks for, and the sleeves they come out of."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from ..figures import Part
from ..gymnasts.inverse_kinematics import turned_about
from ..gymnasts.rig import JOINT, REST
from ..gymnasts.skinning import Floats, Sculpture, weigh


@dataclass(frozen=True)
class HandShape:
    """How a hand is bent, degrees.

    Attributes
    ----------
    knuckles, middles, ends
        By how much the first, second and third bones of the fingers turn towards the palm.
    spread
        Between neighbouring fingers.
    thumb
        Where the thumb's joints and its tip are: metres along (thumb's side, palm's side, fingers).
    """

    knuckles: float
    middles: float
    ends: float
    spread: float
    thumb: tuple[tuple[float, float, float], ...]


SHAPES: dict[str, HandShape] = {
    # Fingers round an edge, the thumb flat on the back of what has the edge.
    "grip": HandShape(
        22.0,
        94.0,
        20.0,
        5.0,
        ((0.026, 0.006, 0.028), (0.040, 0.020, 0.048), (0.052, 0.050, 0.045), (0.056, 0.074, 0.038)),
    ),
    # Round a rod.
    "fist": HandShape(
        48.0,
        96.0,
        52.0,
        0.5,
        ((0.026, 0.006, 0.028), (0.036, 0.026, 0.052), (0.026, 0.048, 0.068), (0.004, 0.054, 0.074)),
    ),
    # Between the thumb and the fingers: a sheet of paper.
    "pinch": HandShape(
        38.0,
        34.0,
        14.0,
        1.0,
        ((0.026, 0.006, 0.028), (0.034, 0.034, 0.058), (0.024, 0.058, 0.090), (0.014, 0.070, 0.118)),
    ),
    # On a knee.
    "rest": HandShape(
        16.0,
        26.0,
        12.0,
        5.0,
        ((0.026, 0.006, 0.028), (0.046, 0.012, 0.052), (0.056, 0.014, 0.084), (0.058, 0.018, 0.110)),
    ),
}
"""Each shape by its name."""

PINCH = (0.014, 0.062, 0.132)
"""Where a pinched sheet is: metres from the wrist along (thumb's side, palm's side, fingers)."""
KNUCKLES = 0.088
"""How far the knuckles are from the wrist, metres."""

#: Of each finger from the index: where its knuckle is (thumb's side, fingers), bones' lengths, radius.
_FINGERS = (
    (0.0285, 0.088, (0.042, 0.025, 0.021), 0.0088),
    (0.0095, 0.091, (0.046, 0.028, 0.022), 0.0090),
    (-0.0095, 0.088, (0.042, 0.026, 0.021), 0.0086),
    (-0.0275, 0.080, (0.033, 0.019, 0.018), 0.0076),
)
#: Along the palm: distance from the wrist, half width, half thickness, how far it is towards the thumb.
_PALM = (
    (-0.008, 0.0255, 0.0185, 0.0),
    (0.022, 0.0330, 0.0180, 0.003),
    (0.060, 0.0400, 0.0150, 0.002),
    (0.090, 0.0370, 0.0105, 0.0),
)


def add_hand(sculpture: Sculpture, shape: HandShape, sides: int = 8) -> None:
    """Add the left hand in the rest pose: fingers hang, the palm faces the thigh, the thumb is in front."""
    skin, bones = int(Part.SKIN), weigh(left_wrist=1.0)
    turn = np.arange(8) * np.pi / 4
    rings = [
        _space(
            np.stack(
                [
                    wide * np.sign(np.cos(turn)) * np.abs(np.cos(turn)) ** 0.8 + over,
                    thick * np.sign(np.sin(turn)) * np.abs(np.sin(turn)) ** 0.8,
                    np.full(8, along),
                ],
                -1,
            )
        )
        for along, wide, thick, over in _PALM
    ]
    _add_tube(sculpture, rings, bones, skin)
    for number, (across, along, lengths, radius) in enumerate(_FINGERS):
        fan = np.radians(shape.spread) * (1.5 - number)
        way = np.array([np.sin(fan), 0.0, np.cos(fan)])
        joints = [np.array([across, -0.001, along - 0.012]), np.array([across, 0.0, along])]
        angle = 0.0
        for length, bend in zip(lengths, (shape.knuckles, shape.middles, shape.ends), strict=True):
            angle += np.radians(bend)
            # The little finger closes further than the index.
            bent = angle * (1.0 + 0.035 * (number - 1) + 0.03 * (number == 1))
            step = np.array([way[0] * np.cos(bent), np.sin(bent), way[2] * np.cos(bent)])
            joints.append(joints[-1] + length * step)
        radii = (1.02 * radius, 1.08 * radius, 1.0 * radius, 0.86 * radius, 0.56 * radius)
        _add_bones(sculpture, joints, radii, sides, bones)
    thumb = [np.array(point) for point in shape.thumb]
    _add_bones(
        sculpture,
        [thumb[0] - (0.004, 0.0, 0.014), *thumb],
        (0.014, 0.0145, 0.0125, 0.0115, 0.0075),
        sides,
        bones,
    )


def _space(points: Floats) -> Floats:
    """Return points given along (thumb's side, palm's side, fingers) from the left wrist in the rest pose."""
    wrist = REST[JOINT["left_wrist"]]
    moved: Floats = wrist + np.stack([points[:, 0], -points[:, 1], -points[:, 2]], -1)
    return moved


def _add_bones(
    sculpture: Sculpture, joints: list[Floats], radii: tuple[float, ...], sides: int, bones: Floats
) -> None:
    """Add a round, tapering tube through joints, bent at each by half the angle there, with a blunt tip."""
    steps = [after - before for before, after in pairwise(joints)]
    ways = [step / np.linalg.norm(step) for step in steps]
    side = np.array([1.0, 0.0, 0.0])
    angles = np.arange(sides) * 2 * np.pi / sides
    rings = []
    for number, (joint, radius) in enumerate(zip(joints, radii, strict=True)):
        way = ways[min(number, len(ways) - 1)] + ways[max(number - 1, 0)]
        way /= np.linalg.norm(way)
        first = side - (side @ way) * way
        first /= np.linalg.norm(first)
        second = np.cross(way, first)
        around = np.cos(angles)[:, None] * first + np.sin(angles)[:, None] * second
        if number == len(joints) - 1:
            rings.append(_space(joint - 0.25 * radius * way + 1.35 * radius * around))
        rings.append(_space(joint + 0.5 * radius * (number == len(joints) - 1) * way + radius * around))
    _add_tube(sculpture, rings, bones, int(Part.SKIN))


def _add_tube(sculpture: Sculpture, rings: list[Floats], bones: Floats, part: int) -> None:
    """Add a tube closed at both ends; `_space` mirrors, so rings are turned to face outwards."""
    ends = [ring.mean(0) for ring in (rings[0], rings[-1])]
    axis, first = ends[1] - ends[0], rings[0]
    turned = np.cross(first[0] - ends[0], first[1] - ends[0]) @ axis > 0
    placed = np.array(rings if turned else [ring[::-1] for ring in rings])
    sculpture.tube(placed, np.tile(bones, (len(rings), 1)), [part] * (len(rings) - 1), start=part, end=part)


def hand_turn(fingers: Floats, palm: Floats) -> Floats:
    """Return the turn in space of a left hand whose fingers point one way and whose palm faces another.

    Parameters
    ----------
    fingers, palm : (3,) arrays
        Need be neither of length 1 nor square to one another; the fingers' way is kept.
    """
    along = fingers / np.linalg.norm(fingers)
    faces = palm - (palm @ along) * along
    faces /= np.linalg.norm(faces)
    # In the rest pose the fingers point to -Z and the palm to -Y, so the thumb is at +X.
    turn: Floats = np.stack([np.cross(-faces, -along), -faces, -along], axis=-1)
    return turn


def from_wrist(turn: Floats, place: tuple[float, float, float]) -> Floats:
    """Return a place of the left hand, given along (thumb's side, palm's side, fingers), from the wrist."""
    moved: Floats = turn @ np.array([place[0], -place[1], -place[2]])
    return moved


def leaning(way: Floats, axis: Floats, degrees: float) -> Floats:
    """Return a direction turned about an axis (of length 1)."""
    turned: Floats = turned_about(axis, float(np.radians(degrees))) @ way
    return turned
