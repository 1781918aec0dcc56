"""How bodies differ, and the cross-sections they are made of.

All bodies share one skeleton, 1.70 m tall; the instance's size makes people taller or shorter. What differs
here is what a tape measure would find at the same height.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from .skinning import Floats

HairStyle = Literal["bun", "bunches", "ponytail", "short", "fringe", "cropped"]


@dataclass(frozen=True)
class Build:
    """Girths against those of a woman who does gymnastics.

    Attributes
    ----------
    head
        Size of the head, measured down from the crown.
    neck, chest, waist, hips, arms, legs
        Widths and depths there.
    bust
        Metres by which the chest stands out in front.
    belly
        Metres by which the waist does.
    shoulders
        Metres by which each shoulder lies further out.
    hair
        How it is worn.
    beard
        Whether the jaw is hairy.
    """

    head: float = 1.0
    neck: float = 1.0
    chest: float = 1.0
    waist: float = 1.0
    hips: float = 1.0
    arms: float = 1.0
    legs: float = 1.0
    bust: float = 0.024
    belly: float = 0.0
    shoulders: float = 0.0
    hair: HairStyle = "bun"
    beard: bool = False


BUILDS: dict[str, Build] = {
    "woman": Build(),
    "girl": Build(1.09, 0.9, 0.92, 0.97, 0.9, 0.88, 0.89, bust=0.004, shoulders=-0.008, hair="bunches"),
    "man": Build(1.0, 1.18, 1.13, 1.2, 0.97, 1.2, 1.06, bust=0.008, shoulders=0.016, hair="short"),
    "boy": Build(1.07, 0.95, 0.97, 1.06, 0.9, 0.95, 0.93, bust=0.0, shoulders=-0.003, hair="fringe"),
    "stocky": Build(
        1.02,
        1.26,
        1.2,
        1.45,
        1.1,
        1.26,
        1.18,
        bust=0.012,
        belly=0.03,
        shoulders=0.014,
        hair="cropped",
        beard=True,
    ),
    "tall": Build(0.95, 0.96, 0.97, 0.98, 0.95, 0.92, 0.94, bust=0.018, shoulders=0.003, hair="ponytail"),
}
"""Each body's measures by its name."""

BODIES: tuple[str, ...] = tuple(BUILDS)
"""Names of bodies: three women and girls, three men and boys."""


def ring(
    centre: Sequence[float] | Floats,
    side: float,
    front: float,
    back: float,
    angles: Floats,
    roundness: float = 1.0,
) -> Floats:
    """Return a level cross-section, shape (N, 3), counter-clockwise as seen from above.

    Parameters
    ----------
    centre : (x, y, z), metres
    side, front, back
        How far it reaches, metres.
    angles : (N,) array, radians
        Where its points are, from the front over the left.
    roundness
        1 is an ellipse; below, it nears its box.
    """
    cosine, sine = np.cos(angles), np.sin(angles)
    deep: Floats = np.sign(cosine) * np.abs(cosine) ** roundness * np.where(cosine > 0, front, back)
    wide = np.sign(sine) * np.abs(sine) ** roundness * side
    return np.stack([centre[0] + deep, centre[1] + wide, np.full_like(deep, centre[2])], axis=-1)


def turns(sides: int, first: float = 0.0) -> Floats:
    """Return `sides` angles, radians, evenly round from `first` degrees."""
    angles: Floats = np.deg2rad(first) + 2 * np.pi * np.arange(sides) / sides
    return angles


def smooth_step(low: float, high: float, at: Floats) -> Floats:
    """Return 0 below `low`, 1 above `high`, and a smooth way between."""
    share = np.clip((at - low) / (high - low), 0.0, 1.0)
    smooth: Floats = share * share * (3 - 2 * share)
    return smooth
