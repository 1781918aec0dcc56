"""Spectators' bodies: the gymnasts', in everyday clothes, with hats, and with what they hold."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np

from ..figures import Part
from ..gymnasts.body import add_arm, add_leg, add_trunk
from ..gymnasts.dress import Dress
from ..gymnasts.hair import add_head
from ..gymnasts.proportions import BUILDS, ring, turns
from ..gymnasts.rig import PALM
from ..gymnasts.skinning import Sculpture, SkinnedFigure, weigh

HAT, SHOE, PHONE, UNDER = Part.COVER, Part.PAPER, Part.LEFT_PAGE, Part.RIGHT_PAGE
"""What parts of a spectator are called in the figures' terms: the last is what is worn under an open jacket.
Flags and scarves are `Part.PROP`."""

Hat = Literal["none", "cap", "brim", "knit"]
Held = Literal["none", "phone", "flag", "scarf"]


@dataclass(frozen=True)
class Clothes(Dress):
    """Everyday clothes: two parts, and sleeves without a stripe."""

    lower: Part = Part.ACCENT
    leg_part: Part = Part.ACCENT
    stripe: Part = Part.ACCENT
    shoe: Part = SHOE

    def arm_part(self, along: float, outside: bool) -> Part:
        """Return the part of the arm at a share of its length."""
        return super().arm_part(along, False)


OUTFITS: dict[str, Dress] = {
    "jacket": Clothes(loose=0.022, sleeve_width=0.022, leg_width=0.018, collar=Part.COSTUME, front=UNDER),
    "shirt": Clothes(sleeve=0.30, collar=Part.COSTUME, loose=0.012, sleeve_width=0.05, leg_width=0.016),
    "pullover": Clothes(loose=0.014, sleeve_width=0.014, leg_width=0.014),
    "summer": Clothes(sleeve=0.26, leg=0.42, collar=Part.SKIN, loose=0.008, sleeve_width=0.03),
    "vest": Clothes(sleeve_part=UNDER, loose=0.024, sleeve_width=0.012, leg_width=0.016, collar=UNDER),
    "blouse": Clothes(sleeve=0.42, collar=Part.SKIN, loose=0.008, sleeve_width=0.03, leg_width=0.008),
    "coat": Clothes(
        lower=Part.COSTUME,
        loose=0.028,
        sleeve_width=0.026,
        leg_width=0.018,
        collar=Part.HAIR,
    ),
}
"""What spectators wear; `Part.COSTUME` above, `Part.ACCENT` below."""


@dataclass(frozen=True)
class Look:
    """How a spectator looks."""

    body: str
    outfit: str
    hat: Hat = "none"
    held: Held = "none"


@cache
def spectator(look: Look, detail: int) -> SkinnedFigure:
    """Return a spectator in the rest pose.

    Parameters
    ----------
    look : Look
    detail : int
        0, 1 or 2, as of `gymnasts.body.figure`.

    Returns
    -------
    SkinnedFigure
        The same one for the same look: do not change its arrays.

    Raises
    ------
    KeyError
        When there is no such body or outfit.
    """
    build, dress = BUILDS[look.body], OUTFITS[look.outfit]
    whole, half = Sculpture(), Sculpture()
    add_trunk(whole, build, dress, detail)
    add_head(whole, build, detail)
    _add_hat(whole, look.hat, build.head, detail)
    add_arm(half, build, dress, detail)
    add_leg(half, build, dress, detail)
    whole.add(half)
    whole.add(half.mirrored())
    persons = whole.count
    _add_held(whole, look.held)
    return whole.skinned(look.held, persons, detail)


def _add_hat(sculpture: Sculpture, hat: Hat, size: float, detail: int) -> None:
    """Add a cap with its peak, a hat with a brim, or a knitted hat, over the hair."""
    if hat == "none":
        return
    sides = (10, 6, 4)[detail]
    angles = turns(sides, (0.0, 0.0, 45.0)[detail])
    crown, head, wide = 1.70, weigh(head=1.0), 1.0 if detail < 2 else 1.12
    levels = [(1.622, 0.098, 0.120), (1.664, 0.093, 0.114), (1.702, 0.068, 0.084)]
    if hat == "brim":
        levels = [(1.632, 0.150, 0.165), (1.640, 0.092, 0.110), (1.722, 0.072, 0.090)]
    if hat == "knit":
        levels = [(1.606, 0.096, 0.118), (1.664, 0.094, 0.116), (1.716, 0.066, 0.082)]
    rings = np.array(
        [ring((-0.004, 0.0, z), side * wide, deep * wide, deep * wide, angles) for z, side, deep in levels]
    )
    top = np.array([-0.006, 0.0, {"cap": 1.724, "brim": 1.728, "knit": 1.752}[hat]])
    rings, top = ((points - (0, 0, crown)) * size + (0, 0, crown) for points in (rings, top))
    part = int(HAT)
    # Seen from below a brim has an underside.
    start = part if hat == "brim" else None
    sculpture.tube(
        rings, np.tile(head, (len(rings), 1)), [part] * (len(rings) - 1), start=start, end=(top, head)
    )
    if hat == "cap":
        peak = np.array(
            [(0.10, 0.07, 1.640), (0.18, 0.04, 1.622), (0.18, -0.04, 1.622), (0.10, -0.07, 1.640)]
        )
        peak = (peak - (0, 0, crown)) * size + (0, 0, crown)
        first = sculpture.points(np.concatenate([peak, peak - (0.0, 0.0, 0.006)]), head)
        sculpture.face([first + 3, first + 2, first + 1, first], part)
        sculpture.face([first + 4, first + 5, first + 6, first + 7], part)


def _add_held(sculpture: Sculpture, held: Held) -> None:
    """Add what the hands hold; all of it moves with the right wrist, a scarf with both."""
    palm = np.array(PALM) * (1.0, -1.0, 1.0)
    right = weigh(right_wrist=1.0)
    if held == "phone":
        # Upright before the palm when the forearm is raised; its screen looks back at whoever holds it.
        points = palm + np.array(
            [(0.03, 0.0, 0.05), (0.03, 0.0, -0.10), (0.105, 0.0, -0.10), (0.105, 0.0, 0.05)]
        )
        first = sculpture.points(np.concatenate([points, points - np.array([0.0, 0.009, 0.0])]), right)
        sculpture.face([first + k for k in (0, 1, 2, 3)], PHONE)
        sculpture.face([first + k for k in (7, 6, 5, 4)], Part.HAIR)
    elif held == "flag":
        along = np.array([0.03, 0.0, -0.06])
        foot, tip = palm - np.array([0.10, 0.0, 0.0]) - along, palm + np.array([0.42, 0.0, 0.0])
        thick = np.array([0.0, 0.012, 0.0])
        stick = np.array([foot, foot + thick, tip + thick, tip])
        first = sculpture.points(stick, right)
        sculpture.face([first, first + 1, first + 2, first + 3], HAT)
        sculpture.face([first + 3, first + 2, first + 1, first], HAT)
        cloth = palm + np.array(
            [(0.42, 0.0, 0.0), (0.15, 0.0, 0.0), (0.20, 0.05, -0.38), (0.38, 0.03, -0.40)]
        )
        first = sculpture.points(cloth, right)
        sculpture.face([first, first + 1, first + 2, first + 3], Part.PROP)
        sculpture.face([first + 3, first + 2, first + 1, first], Part.PROP)
    elif held == "scarf":
        hands = [np.array(PALM) * (1.0, side, 1.0) for side in (1.0, -1.0)]
        corners = np.array(
            [
                hands[0] - (0, 0, 0.08),
                hands[0] + (0, 0, 0.08),
                hands[1] + (0, 0, 0.08),
                hands[1] - (0, 0, 0.08),
            ]
        )
        weights = np.stack([weigh(left_wrist=1.0)] * 2 + [right] * 2)
        first = sculpture.points(corners, weights)
        sculpture.face([first, first + 1, first + 2, first + 3], Part.PROP)
        sculpture.face([first + 3, first + 2, first + 1, first], Part.PROP)
