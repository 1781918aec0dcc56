"""Costumes: which part of the body shows which colour, how wide cloth hangs, and skirts and capes.

COSTUME is what a show colours person by person, so it covers most of everyone, from above too.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..figures import Part
from .proportions import Build, ring, smooth_step, turns
from .skinning import BONE, Floats, Sculpture, weigh


@dataclass(frozen=True)
class Skirt:
    """A skirt that hangs from the waist.

    Attributes
    ----------
    hem
        Height of its hem in a stand, metres.
    flare
        How far the hem is from the middle, metres.
    trim
        The part of its hem.
    follows
        How far the hem goes with the thighs, 0..1.
    """

    hem: float
    flare: float
    trim: Part = Part.ACCENT
    follows: float = 0.85


@dataclass(frozen=True)
class Dress:
    """What a person wears.

    Attributes
    ----------
    upper, lower, belt, collar, panel, front
        Parts of the trunk: above the belt's height, below it, the belt, round the neck, down the flanks and
        down the middle of the chest.
    sleeve
        Where sleeves end along the arm: 0 at the shoulder, 0.5 at the elbow, 1 at the wrist.
    cuff
        Where their trim begins.
    stripe
        The part down the outside of the arms and legs.
    sleeve_part, leg_part
        Parts of sleeves and of trouser legs.
    leg
        Where trouser legs end along the leg, as for sleeves.
    boots
        Where boots begin along the leg; 1 for shoes.
    shoe
        Their part.
    loose
        Metres by which cloth stands off the trunk.
    sleeve_width, leg_width
        Metres by which it stands off at the wrist and at the ankle.
    skirt
        The skirt.
    cape
        Whether a cape hangs from the shoulders.
    """

    upper: Part = Part.COSTUME
    lower: Part = Part.COSTUME
    belt: Part = Part.COSTUME
    collar: Part = Part.COSTUME
    panel: Part = Part.COSTUME
    front: Part = Part.COSTUME
    sleeve: float = 1.0
    cuff: float = 1.0
    stripe: Part = Part.COSTUME
    sleeve_part: Part = Part.COSTUME
    leg_part: Part = Part.COSTUME
    leg: float = 1.0
    boots: float = 1.0
    shoe: Part = Part.PAPER
    loose: float = 0.0
    sleeve_width: float = 0.0
    leg_width: float = 0.0
    skirt: Skirt | None = None
    cape: bool = False

    def trunk_part(self, height: float, angle: float) -> Part:
        """Return the part of the trunk at a height in metres and an angle in radians from the front."""
        ahead, across = np.cos(angle), abs(np.sin(angle))
        if height > 1.45:
            return Part.SKIN
        if height > 1.415:
            return self.collar
        if height < 0.96:
            return self.lower
        if height < 1.075 and self.belt is not self.upper:
            return self.belt
        if across > 0.93:
            return self.panel
        return self.front if ahead > 0.75 else self.upper

    def arm_part(self, along: float, outside: bool) -> Part:
        """Return the part of the arm at a share of its length."""
        if along > min(self.sleeve, 1.0):
            return Part.SKIN
        if along > self.cuff:
            return Part.ACCENT
        return self.stripe if outside else self.sleeve_part

    def shank_part(self, along: float, outside: bool) -> Part:
        """Return the part of the leg at a share of its length."""
        if along > self.boots:
            return self.shoe
        if along > self.leg:
            return Part.SKIN
        return self.stripe if outside else self.leg_part


DRESSES: dict[str, Dress] = {
    "tracksuit": Dress(
        collar=Part.ACCENT, stripe=Part.ACCENT, loose=0.008, sleeve_width=0.008, leg_width=0.02
    ),
    "leotard": Dress(panel=Part.ACCENT, cuff=0.9, leg=0.0, shoe=Part.ACCENT),
    "dress": Dress(
        belt=Part.ACCENT, collar=Part.SKIN, sleeve=0.16, leg=0.0, skirt=Skirt(0.56, 0.30), shoe=Part.PAPER
    ),
    "tunic": Dress(
        belt=Part.ACCENT,
        collar=Part.ACCENT,
        cuff=0.8,
        leg_part=Part.ACCENT,
        lower=Part.ACCENT,
        stripe=Part.COSTUME,
        boots=0.7,
        shoe=Part.COVER,
        loose=0.012,
        sleeve_width=0.03,
        leg_width=0.012,
        skirt=Skirt(0.70, 0.215),
    ),
    "cape": Dress(
        belt=Part.ACCENT,
        lower=Part.ACCENT,
        leg_part=Part.ACCENT,
        stripe=Part.COSTUME,
        cuff=0.75,
        boots=0.62,
        shoe=Part.COSTUME,
        loose=0.006,
        cape=True,
    ),
    "robe": Dress(
        belt=Part.ACCENT,
        collar=Part.ACCENT,
        front=Part.ACCENT,
        cuff=0.85,
        loose=0.016,
        sleeve_width=0.075,
        skirt=Skirt(0.07, 0.27, follows=0.7),
    ),
}
"""Each costume by its name."""

STYLES: tuple[str, ...] = tuple(DRESSES)
"""Names of costumes."""

_WAIST = 1.075
#: How high rings are between hem and waist; but for the coarsest with bands for hem and belt.
_SKIRT_RINGS = ((0.0, 0.12, 0.5, 0.9, 1.0), (0.0, 0.12, 0.9, 1.0), (0.0, 1.0))


def add_skirt(sculpture: Sculpture, skirt: Skirt, dress: Dress, build: Build, detail: int) -> None:
    """Add a skirt: an open cone from the waist, whose hem goes with the thighs."""
    angles = turns((10, 6, 4)[detail], (0.0, 0.0, 45.0)[detail])
    levels = _SKIRT_RINGS[detail]
    rings, weights = [], []
    side_waist = 0.114 * build.waist + dress.loose + 0.006
    deep_waist = 0.082 * build.waist + build.belly + dress.loose + 0.006
    for level in levels:
        # Over the hips a skirt is rounder than a cone: most of its width comes early.
        spread = (1.0 - level) ** 0.72
        side = side_waist + (skirt.flare * 1.04 * max(build.hips, 1.0) - side_waist) * spread
        deep = deep_waist + (skirt.flare * 0.92 * max(build.hips, 1.0) - deep_waist) * spread
        height = skirt.hem + (_WAIST - skirt.hem) * level
        rings.append(ring((-0.008, 0.0, height), side, deep, deep + 0.02 * spread, angles, 0.95))
        weights.append(_skirt_weights(angles, 1.0 - level, skirt))
    cloth = int(Part.COSTUME)
    parts = [int(skirt.trim), *[cloth] * (len(levels) - 3), int(dress.belt)] if detail < 2 else [cloth]
    sculpture.tube(np.array(rings), np.array(weights), parts)


def _skirt_weights(angles: Floats, down: float, skirt: Skirt) -> Floats:
    ahead = np.cos(angles)
    # A raised thigh lifts the front of a skirt before its back; the hem hangs down over it.
    front, back = ahead > 0.2, ahead < -0.2
    thighs = skirt.follows * smooth_step(0.0, 1.0, np.where(front, 2.0, 1.0) * down)
    thighs = np.where(front, thighs * (1.1 - 0.27 * down**2), np.where(back, thighs * 0.75, thighs))
    left = smooth_step(-0.7, 0.7, np.sin(angles))
    rows = np.zeros((len(angles), len(BONE)))
    rows[:, BONE["left_hip"]] = thighs * left
    rows[:, BONE["right_hip"]] = thighs * (1 - left)
    rows[:, BONE["pelvis"]] = (1 - thighs) * (0.55 if down == 0 else 1.0)
    rows[:, BONE["spine"]] = (1 - thighs) * (0.45 if down == 0 else 0.0)
    return rows


#: Rows of a cape: height, half width, how far behind, how far round to the front its edges reach, bones.
_CAPE = (
    (1.458, 0.070, 0.070, 0.050, {"chest": 0.7, "neck": 0.3}),
    (1.405, 0.215, 0.112, 0.105, {"chest": 1.0}),
    (1.130, 0.245, 0.150, 0.080, {"chest": 0.7, "spine": 0.3}),
    (0.340, 0.330, 0.300, 0.060, {"pelvis": 0.4, "left_hip": 0.3, "right_hip": 0.3}),
)
_CAPE_ROWS = ((0, 1, 2, 3), (1, 3), (1, 3))


def add_cape(sculpture: Sculpture, build: Build, detail: int) -> None:
    """Add a cape: cloth over the shoulders down to the calves, with a lining that meets it at its edge."""
    across = np.linspace(-1.0, 1.0, (5, 3, 2)[detail])
    skin, weights = [], []
    for number in _CAPE_ROWS[detail]:
        height, half, behind, curl, bones = _CAPE[number]
        half += build.shoulders + 0.03 * (build.chest - 1)
        behind *= max(1.0, 0.5 + build.chest / 2)
        folds = (0.0, 0.0, 0.015, 0.03)[number] * (detail == 0) * np.cos(np.pi * np.arange(len(across)))
        drop = -0.012 * across**2 if number == 1 else 0.0
        skin.append(
            np.stack([-behind + curl * across**2 + folds, half * across, height + drop + 0 * across], axis=-1)
        )
        collars = (0.0, 0.6, 0.0, 0.0)[number] * np.abs(across)
        rows = (1 - collars)[:, None] * weigh(**bones)
        rows[:, BONE["left_collar"]] += np.where(across > 0, collars, 0.0)
        rows[:, BONE["right_collar"]] += np.where(across < 0, collars, 0.0)
        weights.append(rows)
    cloth = np.array(skin)
    height, width = cloth.shape[:2]
    first = sculpture.points(cloth.reshape(-1, 3), np.concatenate(weights))
    outer = first + np.arange(height * width).reshape(height, width)
    inner = outer.copy()
    if height > 2 and width > 2:
        inside = (slice(1, -1), slice(1, -1))
        lining = (cloth[inside] + (0.02, 0.0, 0.0)).reshape(-1, 3)
        rows = np.array(weights)[inside].reshape(len(lining), -1)
        inner[inside] = (sculpture.points(lining, rows) + np.arange(len(lining))).reshape(inner[inside].shape)
    for i in range(height - 1):
        for j in range(width - 1):
            # Triangles, so that both layers fold alike and the lining stays inside; at the corners of the
            # cape each has to reach the middle, or it would lie on its own lining.
            a, b, c, d = (i, j), (i, j + 1), (i + 1, j + 1), (i + 1, j)
            falling = (j >= (width - 1) / 2) == (i >= (height - 1) / 2)
            for corners in ((a, b, c), (a, c, d)) if falling else ((a, b, d), (b, c, d)):
                sculpture.face([outer[corner] for corner in corners], Part.COSTUME)
                if height > 2:
                    sculpture.face([inner[corner] for corner in reversed(corners)], Part.ACCENT)
