"""Heads for pictures from nearby: a face with lids, lips and ears, and hair in some cuts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from ..figures import Part
from ..gymnasts.proportions import smooth_step
from ..gymnasts.skinning import Floats, Sculpture, weigh
from .caps import add_cap

Cut = Literal["short", "cropped", "parted", "bob", "bun", "ponytail", "long"]


@dataclass(frozen=True)
class Head:
    """What makes a head somebody's.

    Attributes
    ----------
    cut
        How the hair is worn.
    cap
        Whether there is a cap on it.
    width, jaw, nose, brow
        Against the usual: of the whole, of the jaw, of the nose, of the bone over the eyes.
    beard
        How much of a beard shows that was cut in the morning, 0 to 1.
    smile, opened, raised
        0 to 1: how much the corners of the mouth are up, how far it is open, how high the brows are.
    gaze
        Degrees: where the eyes look, to the left and up from where the face does.
    """

    cut: Cut = "short"
    cap: bool = False
    width: float = 1.0
    jaw: float = 1.0
    nose: float = 1.0
    brow: float = 1.0
    beard: float = 0.0
    smile: float = 0.0
    opened: float = 0.0
    raised: float = 0.0
    gaze: tuple[float, float] = (0.0, -4.0)


#: Height, half width, front, back: level cross-sections from under the chin to the crown.
_SECTIONS = np.array(
    [
        (1.470, 0.030, 0.056, 0.022),
        (1.484, 0.044, 0.080, 0.036),
        (1.500, 0.0535, 0.0885, 0.056),
        (1.522, 0.0610, 0.0915, 0.078),
        (1.545, 0.0665, 0.0915, 0.090),
        (1.575, 0.0710, 0.0890, 0.098),
        (1.605, 0.0735, 0.0915, 0.102),
        (1.632, 0.0735, 0.0890, 0.101),
        (1.655, 0.0690, 0.0770, 0.094),
        (1.675, 0.0575, 0.0590, 0.077),
        (1.689, 0.0400, 0.0385, 0.054),
        (1.697, 0.0190, 0.0180, 0.026),
    ]
)
_MIDDLE, _CROWN = 0.008, 1.700
_FRONT = np.array([0.0, 5.0, 10.5, 17.0, 24.0, 31.5, 40.0, 51.0, 66.0, 84.0, 102.0, 122.0, 142.0, 162.0])
#: Radians from the front over the left.
_AROUND = np.radians(np.concatenate([_FRONT, [180.0], 360.0 - _FRONT[:0:-1]]))
#: Heights of a near head's rings: close together where the face has its features.
_LEVELS = np.concatenate(
    [
        np.array(
            [1.470, 1.478, 1.486, 1.494, 1.502, 1.5095, 1.515, 1.520, 1.525, 1.531, 1.5375, 1.543, 1.549]
        ),
        np.array([1.556, 1.564, 1.572, 1.579, 1.586, 1.593, 1.600, 1.608, 1.620, 1.634, 1.648, 1.660, 1.671]),
        np.array([1.681, 1.690, 1.697]),
    ]
)
_EYE = (0.0725, 0.0315, 1.5845)
_EYEBALL = 0.0128


def _skull(head: Head, levels: Floats) -> Floats:
    """Return the level cross-sections (L, N, 3) without a face."""
    side, front, back = (np.interp(levels, _SECTIONS[:, 0], _SECTIONS[:, k]) for k in (1, 2, 3))
    low = 1.0 - smooth_step(1.49, 1.56, levels)
    side = side * head.width * (1.0 + (head.jaw - 1.0) * low)
    cosine, sine = np.cos(_AROUND), np.sin(_AROUND)
    deep = np.where(cosine > 0, front[:, None], back[:, None]) * np.sign(cosine) * np.abs(cosine) ** 0.93
    wide = side[:, None] * np.sign(sine) * np.abs(sine) ** 0.95
    up = np.broadcast_to(levels[:, None], wide.shape)
    # The jaw rises from the chin to the ears.
    rise = 0.030 * (1.0 - smooth_step(1.470, 1.53, levels))[:, None] * (1.0 - np.maximum(cosine, 0.0)) ** 1.2
    return np.stack([_MIDDLE + deep, wide, up + rise], -1)


def _bump(at: Floats, middle: float | Floats, wide: float) -> Floats:
    raised: Floats = np.exp(-(((at - middle) / wide) ** 2))
    return raised


def _mouth(across: Floats, head: Head) -> tuple[Floats, Floats, Floats]:
    """Return the heights of the upper lip, of the line between the lips, and of the lower lip."""
    # A smile lifts the corners.
    lift = 0.0050 * (head.smile - 0.15) * np.minimum((across / 0.023) ** 2, 1.6)
    line: Floats = 1.5203 + lift - 0.0035 * head.opened
    return line + 0.0052 + 0.0028 * head.opened, line, line - 0.0053 - 0.0045 * head.opened


def _faced(points: Floats, head: Head) -> Floats:
    """Return the skull with nose, sockets, brow, cheeks, lips and chin."""
    y, z = points[..., 1], points[..., 2]
    ahead = np.maximum(points[..., 0] - 0.03, 0.0) > 0
    ridge = np.interp(
        z,
        (1.5375, 1.543, 1.549, 1.556, 1.564, 1.579, 1.593, 1.604),
        (0.000, 0.011, 0.0205, 0.0215, 0.0175, 0.011, 0.006, 0.0),
    )
    wide = np.interp(z, (1.541, 1.549, 1.558, 1.575, 1.60), (0.0125, 0.0135, 0.0105, 0.0085, 0.010))
    out = head.nose * ridge * np.exp(-((y / wide) ** 2))
    out += 0.0035 * head.nose * (_bump(y, 0.0125, 0.005) + _bump(y, -0.0125, 0.005)) * _bump(z, 1.5465, 0.006)
    sides = _bump(np.abs(y), 0.0315, 0.0150)
    out -= 0.0105 * sides * _bump(z, 1.5845, 0.0115)
    out += 0.0050 * head.brow * _bump(z, 1.603, 0.008) * _bump(np.abs(y), 0.026, 0.026)
    out += 0.0045 * _bump(np.abs(y), 0.043, 0.016) * _bump(z, 1.556, 0.014)
    upper, line, lower = _mouth(y, head)
    mouth = _bump(y, 0.0, 0.024)
    out += mouth * (0.0046 * _bump(z, upper, 0.0042) + 0.0054 * _bump(z, lower, 0.0045))
    # The bow over the upper lip, the corners' dimples, and the hollow below the lower lip.
    out -= 0.0014 * _bump(y, 0.0, 0.0045) * _bump(z, upper + 0.007, 0.005)
    out -= (
        (0.0042 + 0.010 * head.opened) * _bump(y, 0.0, 0.026) * _bump(z, line, 0.0022 + 0.004 * head.opened)
    )
    out -= (0.0012 + 0.002 * head.smile) * _bump(np.abs(y), 0.027, 0.005) * _bump(z, line, 0.006)
    out -= 0.004 * mouth * _bump(z, lower - 0.0075, 0.005)
    # Cheeks are lifted by a smile, with a fold beside the nose.
    out += 0.0035 * head.smile * _bump(np.abs(y), 0.040, 0.014) * _bump(z, 1.560, 0.012)
    out -= (
        0.0030
        * (0.25 + head.smile)
        * _bump(np.abs(y), 0.027 + 0.35 * (1.548 - z), 0.0045)
        * _bump(z, 1.538, 0.012)
    )
    out += 0.0060 * _bump(y, 0.0, 0.020) * _bump(z, 1.492, 0.009)
    faced = points.copy()
    faced[..., 0] += np.where(ahead, out, 0.0)
    return faced


def _parts(points: Floats, head: Head) -> list[list[int]]:
    """Return the parts of the bands' faces."""
    around = np.concatenate([points, points[:, :1]], axis=1)
    centres = (around[:-1, :-1] + around[1:, :-1] + around[:-1, 1:] + around[1:, 1:]) / 4
    x, y, z = np.moveaxis(centres, -1, 0)
    upper, line, lower = _mouth(y, head)
    narrowing = np.sqrt(np.clip(1.0 - (y / 0.0255) ** 2, 0.0, 1.0))
    lips = (x > 0.06) & (z < line + (upper - line + 0.0030) * narrowing)
    lips &= (z > line + (lower - line - 0.0032) * narrowing) & (np.abs(y) < 0.0250)
    chosen = np.where(lips, int(Part.LIPS), int(Part.SKIN))
    return [[int(part) for part in row] for row in chosen]


def add_near_head(sculpture: Sculpture, head: Head) -> None:
    """Add a head with its face, ears, hair and cap, that moves with the rig's head."""
    bones = weigh(head=1.0)
    points = _faced(_skull(head, _LEVELS), head)
    skin = int(Part.SKIN)
    neck = weigh(head=0.75, neck=0.25)
    weights = np.array([neck if level < 1.475 else bones for level in _LEVELS])
    crown = np.array([-0.012, 0.0, _CROWN])
    sculpture.tube(points, weights, _parts(points, head), start=skin, end=(crown, bones), end_part=skin)
    for side in (1.0, -1.0):
        _add_eye(sculpture, side, head)
        _add_ear(sculpture, side, head)
    _add_hair(sculpture, head)
    if head.cap:
        add_cap(sculpture, head.width)


def _ball(centre: Floats, radius: Floats, axis: Floats, polar: Floats, sides: int, up: Floats) -> Floats:
    """Return rings (len(polar), sides, 3) of a ball about an axis, at angles from it in radians."""
    axis = axis / np.linalg.norm(axis)
    first = up - (up @ axis) * axis
    first /= np.linalg.norm(first)
    second = np.cross(axis, first)
    turn = np.arange(sides) * 2 * np.pi / sides
    around = np.cos(turn)[:, None] * first + np.sin(turn)[:, None] * second
    rings: Floats = np.cos(polar)[:, None, None] * axis + np.sin(polar)[:, None, None] * around
    return centre + rings * radius


def _add_eye(sculpture: Sculpture, side: float, head: Head) -> None:
    bones = weigh(head=1.0)
    centre = np.array([_EYE[0], side * _EYE[1] * head.width, _EYE[2]])
    turn, lift = np.radians(head.gaze)
    gaze = np.array([np.cos(turn) * np.cos(lift), np.sin(turn) * np.cos(lift) - 0.02 * side, np.sin(lift)])
    polar = np.radians([100.0, 62.0, 29.0, 27.0, 11.0])
    up = np.array([0.0, 0.0, 1.0])
    rings = _ball(centre, np.full(3, _EYEBALL), gaze, polar, 10, up)
    tip = centre + _EYEBALL * gaze / np.linalg.norm(gaze)
    white, dark = int(Part.EYE), int(Part.HAIR)
    sculpture.tube(
        rings, np.tile(bones, (len(polar), 1)), [white, white, dark, dark], end=(tip, bones), end_part=dark
    )
    # Lids are shells over the ball: the upper one with its lashes, and the lower one. They go with the gaze.
    opening = 15.0 + 7.0 * head.raised + 0.5 * head.gaze[1]
    below = 19.0 - 7.0 * head.smile - 0.2 * head.gaze[1]
    for lift, wide, lashes in ((68.0, 68.0 - opening, True), (-108.0, 108.0 - below, False)):
        pole = np.array([np.cos(np.radians(lift)), 0.06 * side, np.sin(np.radians(lift))])
        steps = np.radians([wide, wide - 4.0, wide - 14.0, wide / 2])
        lid = _ball(centre, np.full(3, _EYEBALL + 0.0016), pole, steps, 14, np.array([1.0, 0.0, 0.0]))
        lid[0] += 0.0007 * (lid[0] - centre) / _EYEBALL
        # Over the upper lid lies a crease.
        lid[2] -= (0.0012 if lashes else 0.0) * (lid[2] - centre) / _EYEBALL
        end = centre + (_EYEBALL + 0.0016) * pole / np.linalg.norm(pole)
        bands = [int(Part.HAIR) if lashes else int(Part.SKIN), int(Part.SKIN), int(Part.SKIN)]
        sculpture.tube(lid, np.tile(bones, (4, 1)), bands, end=(end, bones), end_part=int(Part.SKIN))
    _add_brow(sculpture, side, head)


def _add_brow(sculpture: Sculpture, side: float, head: Head) -> None:
    """Add a brow: a calm arch of short hair, thin at both ends."""
    across = np.array([0.0125, 0.0190, 0.0270, 0.0350, 0.0425, 0.0490])
    lift = 0.0045 * head.raised
    high = np.array([1.6045, 1.6064, 1.6082, 1.6085, 1.6058, 1.6005]) + lift * np.array(
        [1.2, 1.1, 1.0, 0.9, 0.7, 0.4]
    )
    thick = np.array([0.0016, 0.0046, 0.0050, 0.0042, 0.0030, 0.0010]) * (0.70 + 0.30 * head.brow)
    ahead = np.array([0.1022, 0.0998, 0.0968, 0.0925, 0.0875, 0.0815]) + 0.0012 * head.brow + 0.0010
    rows = [
        np.stack([ahead + out, side * across * head.width, high + share * thick], -1)
        for share, out in ((-0.5, 0.0), (0.0, 0.0016), (0.5, -0.0012))
    ]
    count = len(across)
    first = sculpture.points(np.concatenate(rows), weigh(head=1.0))
    for row in range(2):
        for k in range(count - 1):
            a = first + row * count + k
            corners = [a, a + 1, a + count + 1, a + count]
            sculpture.face(corners if side > 0 else corners[::-1], Part.HAIR)


def _add_ear(sculpture: Sculpture, side: float, head: Head) -> None:
    bones, skin = weigh(head=1.0), int(Part.SKIN)
    centre = np.array([-0.006, side * 0.0735 * head.width, 1.573])
    away = np.array([-0.35, side * 1.0, 0.10])
    rings = _ball(
        centre,
        np.array([0.019, 0.014, 0.031]),
        away,
        np.radians([120.0, 80.0, 50.0]),
        10,
        np.array([0.0, 0.0, 1.0]),
    )
    # The shell is hollow: its middle lies deeper than its rim.
    hollow = centre + np.array([0.004, side * 0.004, -0.002])
    sculpture.tube(rings, np.tile(bones, (3, 1)), [skin, skin], end=(hollow, bones), end_part=skin)


#: Degrees from the front, and where hair begins there, metres: of cut hair, and of hair to the neck.
_HAIRLINE = (
    (0.0, 30.0, 52.0, 66.0, 76.0, 88.0, 104.0, 122.0, 150.0, 180.0),
    (1.656, 1.655, 1.640, 1.612, 1.582, 1.596, 1.602, 1.555, 1.520, 1.514),
    (1.656, 1.652, 1.630, 1.600, 1.566, 1.500, 1.476, 1.462, 1.456, 1.456),
)
_THICK: dict[Cut, float] = {
    "short": 0.013,
    "cropped": 0.006,
    "parted": 0.016,
    "bob": 0.020,
    "bun": 0.010,
    "ponytail": 0.010,
    "long": 0.018,
}


def _add_hair(sculpture: Sculpture, head: Head) -> None:
    """Add hair as a shell that comes out of the skin along the hairline."""
    hangs = head.cut in {"bob", "long"}
    degrees = np.degrees(np.minimum(_AROUND, 2 * np.pi - _AROUND))
    line = np.interp(degrees, _HAIRLINE[0], _HAIRLINE[2 if hangs else 1])
    if head.cut == "parted":
        line = line - 0.012 * _bump(np.degrees(_AROUND), 30.0, 25.0)
    levels = np.concatenate([np.linspace(1.452, 1.60, 12), np.linspace(1.61, 1.69, 9), [1.697]])
    skull = _skull(head, np.maximum(levels, 1.535))
    skull[..., 2] = levels[:, None]
    # Curtains hang straight down from the widest place.
    inside = levels[:, None] - line[None, :]
    thick = _THICK[head.cut] * (0.55 if head.cap else 1.0)
    grown = thick * smooth_step(-0.004, 0.016, inside) - 0.006 * (1 - smooth_step(-0.012, 0.002, inside))
    grown = grown * (1.0 + np.where(inside > 0, _strands(head, levels), 0.0))
    if head.cut in {"parted", "bob", "long"} and not head.cap:
        # A parting runs back from the hairline, and hair falls to both sides of it.
        over = smooth_step(1.625, 1.66, levels)[:, None] * (np.cos(_AROUND) > -0.2)
        away = np.degrees((_AROUND + np.pi) % (2 * np.pi) - np.pi) - (28.0 if head.cut == "parted" else 0.0)
        grown -= 0.75 * thick * over * _bump(away, 0.0, 7.0)
        grown += 0.35 * thick * over * (_bump(away, -24.0, 16.0) + 0.6 * _bump(away, 20.0, 10.0))
    if hangs:
        grown += 0.016 * smooth_step(1.60, 1.47, levels)[:, None] * (degrees > 70)[None, :]
    away = skull - (_MIDDLE - 0.012, 0.0, 1.60)
    away[..., 2] *= np.where(levels > 1.60, 1.0, 0.0)[:, None]
    away /= np.linalg.norm(away, axis=-1, keepdims=True)
    shell = skull + grown[..., None] * away
    bones, hair = weigh(head=1.0), int(Part.HAIR)
    neck = weigh(head=0.6, neck=0.4) if head.cut == "long" else bones
    weights = np.array([neck if level < 1.47 else bones for level in levels])
    crown = np.array([-0.012, 0.0, _CROWN + 0.9 * thick])
    _add_masked(sculpture, shell, weights, inside > -0.012, (crown, bones), hair)
    up = np.array([0.0, 0.0, 1.0])
    if head.cut == "bun":
        rings = _ball(
            np.array([-0.112, 0.0, 1.640]),
            np.full(3, 0.037),
            up,
            np.radians([160.0, 120.0, 90.0, 60.0, 25.0]),
            10,
            np.array([1.0, 0.0, 0.0]),
        )
        sculpture.tube(rings, np.tile(bones, (5, 1)), [hair] * 4, start=hair, end=hair)
    elif head.cut in {"ponytail", "long"}:
        tall = head.cut == "ponytail"
        places = (
            (-0.112, 1.640, 0.020),
            (-0.140, 1.615, 0.027),
            (-0.150, 1.56, 0.028),
            (-0.145, 1.49, 0.024),
            (-0.135, 1.42, 0.012),
        )
        if not tall:
            places = (
                (-0.085, 1.60, 0.045),
                (-0.100, 1.55, 0.052),
                (-0.112, 1.48, 0.058),
                (-0.125, 1.40, 0.058),
                (-0.128, 1.33, 0.040),
            )
        turn = np.arange(10) * np.pi / 5
        rings = np.array(
            [
                [(x + size * 0.7 * np.cos(a), (1.0 if tall else 1.35) * size * np.sin(a), z) for a in turn]
                for x, z, size in places[::-1]
            ]
        )
        sway = [weigh(chest=1.0), weigh(chest=0.6, neck=0.4), weigh(neck=0.6, head=0.4), bones, bones]
        sculpture.tube(rings, np.array(sway), [hair] * 4, start=hair, end=hair)


def _strands(head: Head, levels: Floats) -> Floats:
    """Return by which share hair is thicker at the levels of its shell: in locks, short hair in tufts."""
    up = 1000.0 * levels[:, None]
    tufts = {"short": 0.34, "cropped": 0.10, "parted": 0.20}.get(head.cut, 0.13)
    locks: Floats = np.sin(23.0 * _AROUND + 0.040 * up) + 0.8 * np.sin(11.0 * _AROUND - 0.025 * up)
    locks = locks + 0.9 * np.sin(5.0 * _AROUND + 0.19 * up + 1.3 * np.sin(3.0 * _AROUND))
    return tufts * locks


def _add_masked(
    sculpture: Sculpture,
    shell: Floats,
    weights: Floats,
    shown: np.ndarray,
    end: tuple[Floats, Floats],
    part: int,
) -> None:
    """Add only those faces of a tube that have a corner where it is shown."""
    rows, sides = shell.shape[:2]
    used = np.zeros((rows, sides), bool)
    after = np.roll(np.arange(sides), -1)
    bands = shown[:-1] | shown[1:] | shown[:-1][:, after] | shown[1:][:, after]
    wide = bands | np.roll(bands, 1, axis=1)
    used[:-1] |= wide
    used[1:] |= wide
    number = np.cumsum(used).reshape(rows, sides) - 1
    heavy = np.broadcast_to(weights[:, None], (rows, sides, weights.shape[-1]))
    first = sculpture.points(shell[used], heavy[used])
    for i, j in zip(*np.nonzero(bands), strict=True):
        k = int(after[j])
        corners = (number[i, j], number[i, k], number[i + 1, k], number[i + 1, j])
        sculpture.face([first + int(corner) for corner in corners], part)
    tip = sculpture.points(end[0][None], end[1])
    for j in range(sides):
        sculpture.face((first + int(number[-1, j]), first + int(number[-1, after[j]]), tip), part)
