"""The person: trunk, arms, legs, hands and feet, put together from cross-sections and given to the skeleton.

Limbs are closed tubes whose round ends sit about the joint inside the trunk: however far they swing, a ball
stays a ball, so that nothing tears in a split and nothing caves in over a raised shoulder. Sizes are those of
tables of human measures for a person of 1.70 m: the head is 1 / 7.5 of the height, the crotch at 0.47 of it.
"""

from __future__ import annotations

from functools import cache
from itertools import pairwise

import numpy as np

from ..figures import Part
from .dress import DRESSES, Dress, add_cape, add_skirt
from .hair import add_head
from .proportions import BUILDS, Build, ring, smooth_step, turns
from .props import add_prop
from .rig import JOINT, REST
from .skinning import BONE, Floats, Sculpture, SkinnedFigure, weigh

DETAILS = 3
"""Levels of detail: 0 for close by (about 750 triangles), 1 (about 230) and 2 (about 85) for far away."""

_TRUNK: tuple[tuple[float, float, float, float, float, dict[str, float]], ...] = (
    # height, half width, front, back, where its middle is, bones
    (0.835, 0.120, 0.070, 0.090, -0.004, {"pelvis": 1.0}),
    (0.900, 0.170, 0.088, 0.122, -0.004, {"pelvis": 1.0}),
    (0.975, 0.154, 0.090, 0.102, -0.006, {"pelvis": 0.9, "spine": 0.1}),
    (1.070, 0.112, 0.080, 0.076, -0.008, {"pelvis": 0.4, "spine": 0.6}),
    (1.235, 0.138, 0.096, 0.092, -0.010, {"spine": 0.25, "chest": 0.75}),
    (1.320, 0.159, 0.092, 0.102, -0.012, {"chest": 1.0}),
    (1.390, 0.173, 0.062, 0.080, -0.018, {"chest": 1.0}),
    (1.426, 0.098, 0.046, 0.062, -0.022, {"chest": 0.8, "neck": 0.2}),
    (1.454, 0.056, 0.046, 0.054, -0.014, {"chest": 0.3, "neck": 0.7}),
    (1.525, 0.046, 0.046, 0.048, 0.002, {"neck": 0.3, "head": 0.7}),
)
_TRUNK_ROWS = (tuple(range(10)), (1, 3, 4, 6, 8, 9), (1, 3, 5, 8))
_TRUNK_SIDES = (10, 6, 4)


def add_trunk(sculpture: Sculpture, build: Build, dress: Dress, detail: int) -> None:
    """Add pelvis, waist, chest, shoulders and neck."""
    angles = turns(_TRUNK_SIDES[detail], (0.0, 0.0, 45.0)[detail])
    # Four corners of a box reach as far as an ellipse does at its widest.
    square = (0.92, 0.85, 0.2)[detail]
    rings, weights = [], []
    # What a skirt hides is left out.
    rows = _TRUNK_ROWS[detail][1 if dress.skirt else 0 :]
    heights = [_TRUNK[row][0] for row in rows]
    for row in rows:
        height, side, front, back, middle, bones = _TRUNK[row]
        at = np.array([height])
        chest = float(smooth_step(1.08, 1.22, at)[0])
        hips = float(1 - smooth_step(0.96, 1.065, at)[0])
        neck = float(smooth_step(1.40, 1.44, at)[0])
        size = build.hips * hips + build.waist * (1 - hips) * (1 - chest) + build.chest * chest * (1 - neck)
        size += build.neck * neck
        # A bust stands out between ribs and collar bones; a belly about the waist.
        bust = build.bust * float(np.exp(-(((height - 1.255) / 0.06) ** 2)))
        belly = build.belly * float(np.exp(-(((height - 1.04) / 0.10) ** 2)))
        off = dress.loose if 0.88 < height < 1.40 else 0.0
        wide = side * size + off + build.shoulders * 0.8 * chest * (1 - neck)
        rings.append(
            ring(
                (middle, 0.0, height),
                wide,
                front * size + bust + belly + off,
                back * size + off,
                angles,
                square,
            )
        )
        weights.append(_with_shoulders(rings[-1], weigh(**bones), height))
    spread = angles + (angles[1] - angles[0]) / 2
    parts = [
        [int(dress.trunk_part((low + high) / 2, angle)) for angle in spread]
        for low, high in pairwise(heights)
    ]
    crotch = np.array([-0.006, 0.0, 0.80])
    sculpture.tube(
        np.array(rings),
        np.array(weights),
        parts,
        start=int(dress.lower) if dress.skirt or detail else (crotch, weigh(pelvis=1.0)),
        end=int(Part.SKIN),
        start_part=int(dress.lower),
    )


#: How much the flank goes with the collar bone and with the arm, by height: raised arms draw it up and out.
_COLLAR_SHARES = ((1.25, 1.32, 1.390, 1.426, 1.454), (0.0, 0.35, 0.70, 0.5, 0.0))
_ARM_SHARES = ((1.15, 1.235, 1.32, 1.390, 1.426), (0.0, 0.12, 0.40, 0.25, 0.0))


def _with_shoulders(points: Floats, bones: Floats, height: float) -> Floats:
    """Return (N, B) weights: outer points also move with the collar bone and the arm of their side."""
    collar, arm = (float(np.interp(height, *shares)) for shares in (_COLLAR_SHARES, _ARM_SHARES))
    out = np.abs(points[:, 1])
    collars, arms = collar * smooth_step(0.04, 0.16, out), arm * smooth_step(0.07, 0.15, out)
    left = points[:, 1] > 0
    rows = (1 - collars - arms)[:, None] * bones
    for side, here in (("left", left), ("right", ~left)):
        rows[:, BONE[f"{side}_collar"]] += np.where(here, collars, 0.0)
        rows[:, BONE[f"{side}_shoulder"]] += np.where(here, arms, 0.0)
    return rows


#: Along the arm (0 shoulder, 0.5 elbow, 1 wrist): half width across, half depth, bones.
_ARM = (
    (-0.01, 0.033, 0.035, {"left_shoulder": 0.8, "left_collar": 0.2}),
    (0.07, 0.045, 0.047, {"left_shoulder": 1.0}),
    (0.22, 0.043, 0.047, {"left_shoulder": 1.0}),
    (0.5, 0.036, 0.037, {"half_left_elbow": 1.0}),
    (0.62, 0.037, 0.040, {"left_elbow": 1.0}),
    (1.0, 0.021, 0.027, {"left_wrist": 0.5, "left_elbow": 0.5}),
)
_ARM_RINGS = ((0, 1, 2, 3, 4, 5), (1, 3, 5), (1, 3))
_ARM_SIDES = (5, 4, 3)
#: Metres beyond the wrist: half thickness, half width of the hand.
_HAND = ((0.045, 0.0165, 0.040), (0.105, 0.0135, 0.037))
_HAND_RINGS = ((0, 1), (), ())


def add_arm(sculpture: Sculpture, build: Build, dress: Dress, detail: int) -> None:
    """Add the left arm with its hand: a mitten, with a thumb where one could see it."""
    shoulder, elbow, wrist = (REST[JOINT[f"left_{name}"]] for name in ("shoulder", "elbow", "wrist"))
    sides = _ARM_SIDES[detail]
    angles = turns(sides, 90.0 - 180.0 / sides)  # the first face looks outwards
    rings, weights, along = [], [], []
    for number in _ARM_RINGS[detail]:
        share, thick, deep, bones = _ARM[number]
        centre = _between((shoulder, elbow, wrist), share)
        centre[1] += build.shoulders * max(0.0, 1 - 2 * abs(share))
        off = dress.loose * 0.5 + dress.sleeve_width * max(share, 0.0) ** 2 if share <= dress.sleeve else 0.0
        girth = build.arms if share < 0.9 else 0.5 + 0.5 * build.arms
        # A triangle's area is less than that of the circle round it.
        girth *= 1.2 if detail == 2 else 1.0
        rings.append(ring(centre, thick * girth + off, deep * girth + off, deep * girth + off, angles))
        weights.append(weigh(**bones))
        along.append(share)
    top = shoulder + np.array([0.0, build.shoulders - 0.02, 0.014]), weigh(left_shoulder=0.6, left_collar=0.4)
    top_part = int(dress.arm_part(0.0, False))
    bands = [
        [int(dress.arm_part(max((low + high) / 2, 0.0), face == 0)) for face in range(sides)]
        for low, high in pairwise(along)
    ]
    hand, skin = weigh(left_wrist=1.0), int(Part.SKIN)
    fingers = np.array([0.03, 0.0, -1.0])
    palms = [
        ring(wrist + beyond * fingers, thick, deep, deep, angles)
        for beyond, thick, deep in (_HAND[number] for number in _HAND_RINGS[detail])
    ]
    tips = wrist + (0.172 if detail == 0 else 0.15) * fingers, hand
    if dress.sleeve_width > 0.05 and detail < 2:  # a sleeve so wide that the hand comes out of it
        sculpture.tube(*_downward(rings, weights), bands, top, int(Part.ACCENT), top_part)
        palms.insert(0, ring(wrist - 0.02 * fingers, 0.021, 0.027, 0.027, angles))
        bands = [[skin] * sides] * (len(palms) - 1)
        sculpture.tube(*_downward(palms, [hand] * len(palms)), bands, skin, tips, skin, skin)
    else:
        sculpture.tube(
            *_downward(rings + palms, weights + [hand] * len(palms)),
            bands + [[skin] * sides] * len(palms),
            top if detail < 2 else top_part,
            tips,
            top_part,
            int(dress.arm_part(0.7, False)) if detail == 2 else skin,
        )
    if detail == 0:
        _add_thumb(sculpture, wrist)


def _between(joints: tuple[Floats, Floats, Floats], share: float) -> Floats:
    """Return a place along a limb, 0 at the first joint, 1 at the last; below 0, as far above it."""
    first, second, third = joints
    if share < 0:
        upwards: Floats = first + np.array([0.0, 0.0, -share * 0.8])
        return upwards
    if share < 0.5:
        return first + 2 * share * (second - first)
    return second + (2 * share - 1) * (third - second)


def _downward(rings: list[Floats], weights: list[Floats]) -> tuple[Floats, Floats]:
    """Return a tube that leads down: each ring the other way round, its first face staying where it was."""
    turned = [np.roll(points[::-1], 2, axis=0) for points in rings]
    return np.array(turned), np.array(weights)


def _add_thumb(sculpture: Sculpture, wrist: Floats) -> None:
    points = wrist + np.array(
        [[0.030, 0.011, -0.036], [0.030, -0.013, -0.036], [0.036, 0.0, -0.085], [0.060, -0.008, -0.098]]
    )
    first = sculpture.points(points, weigh(left_wrist=1.0))
    for corners in ((0, 1, 2), (0, 3, 1), (1, 3, 2), (2, 3, 0)):
        sculpture.face([first + corner for corner in corners], Part.SKIN)


#: Along the leg (0 hip, 0.5 knee, 1 ankle): half width, front, back, bones.
_LEG = (
    (-0.07, 0.052, 0.050, 0.056, {"left_hip": 1.0}),
    (0.0, 0.080, 0.080, 0.094, {"left_hip": 1.0}),
    (0.12, 0.081, 0.084, 0.088, {"left_hip": 1.0}),
    (0.30, 0.067, 0.074, 0.070, {"left_hip": 1.0}),
    (0.5, 0.050, 0.054, 0.050, {"half_left_knee": 1.0}),
    (0.63, 0.051, 0.042, 0.066, {"left_knee": 1.0}),
    (0.82, 0.037, 0.036, 0.044, {"left_knee": 1.0}),
    (0.99, 0.032, 0.036, 0.038, {"left_ankle": 0.6, "left_knee": 0.4}),
)
_LEG_RINGS = ((0, 1, 2, 3, 4, 5, 6, 7), (1, 4, 7), (1, 4))
_LEG_SIDES = (6, 4, 3)


def _leg_rings(dress: Dress, detail: int) -> tuple[int, ...]:
    """Return which of `_LEG` to make: fewer where a skirt or boots hide the shape."""
    hidden = {0} if dress.skirt else set()
    if dress.skirt and dress.skirt.hem < 0.3:
        hidden |= {2, 6}
    if dress.boots < 1:
        hidden.add(6)
    return tuple(number for number in _LEG_RINGS[detail] if number not in hidden)


def add_leg(sculpture: Sculpture, build: Build, dress: Dress, detail: int) -> None:
    """Add the left leg with its shoe."""
    hip, knee, ankle = (REST[JOINT[f"left_{name}"]] for name in ("hip", "knee", "ankle"))
    sides = _LEG_SIDES[detail]
    angles = turns(sides, 90.0 - 180.0 / sides)
    rings, weights, along = [], [], []
    for number in _leg_rings(dress, detail):
        share, side, front, back, bones = _LEG[number]
        centre = _between((hip, knee, ankle), share)
        girth = build.legs if share < 0.9 else 0.5 + 0.5 * build.legs
        girth *= 1.2 if detail == 2 else 1.0
        off = dress.leg_width * smooth_step(0.0, 1.0, np.array([share]))[0] if share < dress.leg else 0.0
        if dress.boots < share + 0.1:
            off = 0.008
        # Thighs grow outwards and to the back: between them there is no room.
        out = 0.5 * side * (girth - 1) if share < 0.5 else 0.0
        rings.append(
            ring(
                centre + np.array([0.0, out, 0.0]),
                side * girth + off,
                front * girth + off,
                back * girth + off,
                angles,
            )
        )
        weights.append(weigh(**bones))
        along.append(share)
    bands = [
        [int(dress.shank_part(max((low + high) / 2, 0.0), face == 0)) for face in range(sides)]
        for low, high in pairwise(along)
    ]
    inside = int(dress.shank_part(0.0, False))
    if detail == 2:
        toes = np.array([0.06, 0.085, 0.0]), weigh(left_ankle=1.0)
        part = int(dress.shank_part(0.6, False))
        sculpture.tube(*_downward(rings, weights), bands, start=inside, end=toes, end_part=part)
    else:
        sculpture.tube(*_downward(rings, weights), bands, start=inside, end=int(dress.shoe))
    _add_shoe(sculpture, dress, detail)


#: Along the shoe, metres from the ankle's axis: half width, height, bone.
_SHOE = (
    (-0.056, 0.027, 0.066, "left_ankle"),
    (0.010, 0.037, 0.098, "left_ankle"),
    (0.125, 0.046, 0.052, "left_ankle"),
    (0.195, 0.027, 0.030, "left_toe"),
)


def _add_shoe(sculpture: Sculpture, dress: Dress, detail: int) -> None:
    middle = REST[JOINT["left_ankle"]][1]
    if detail == 2:
        corners = np.array([(-0.06, 0.0, 0.0), (0.18, 0.045, 0.0), (0.18, -0.045, 0.0), (0.0, 0.0, 0.10)])
        corners[:, 1] += middle
        first = sculpture.points(corners, weigh(left_ankle=1.0))
        for face in ((0, 1, 2), (1, 0, 3), (2, 1, 3), (0, 2, 3)):
            sculpture.face([first + corner for corner in face], dress.shoe)
        return
    rings, weights = [], []
    for x, wide, high, bone in _SHOE if detail == 0 else (_SHOE[0], _SHOE[3]):
        if detail == 0:
            section = [
                (wide, 0.0),
                (wide * 1.03, high * 0.5),
                (0.0, high),
                (-wide, high * 0.5),
                (-wide * 0.95, 0.0),
            ]
        else:
            section = [(wide, 0.0), (wide * 0.6, high), (-wide * 0.6, high), (-wide, 0.0)]
        rings.append(np.array([(x, middle + y, z) for y, z in section]))
        weights.append(weigh(**{bone: 1.0}))
    part = int(dress.shoe)
    sculpture.tube(np.array(rings), np.array(weights), [part] * (len(rings) - 1), start=part, end=part)


@cache
def figure(body: str, style: str, prop: str = "none", detail: int = 0) -> SkinnedFigure:
    """Return a person in the rest pose, who holds a prop.

    Parameters
    ----------
    body
        One of `BODIES`.
    style
        One of `dress.STYLES`.
    prop
        One of `props.PROPS`, or ``none``.
    detail
        0, 1 or 2: from fine to coarse.

    Returns
    -------
    SkinnedFigure
        The same one for the same words: do not change its arrays.

    Raises
    ------
    KeyError
        When there is no such body, costume or prop.
    """
    build, dress = BUILDS[body], DRESSES[style]
    whole = Sculpture()
    add_trunk(whole, build, dress, detail)
    add_head(whole, build, detail)
    half = Sculpture()
    add_arm(half, build, dress, detail)
    add_leg(half, build, dress, detail)
    whole.add(half)
    whole.add(half.mirrored())
    if dress.skirt is not None:
        add_skirt(whole, dress.skirt, dress, build, detail)
    if dress.cape:
        add_cape(whole, build, detail)
    persons = whole.count
    add_prop(whole, prop, detail)
    return whole.skinned(prop, persons, detail)
