"""The arm that turns a leaf, as people some way off see it: it comes with the leaf, not with its owner."""

from __future__ import annotations

import numpy as np

from ..card_holders import Hold
from ..figures import Figure, Floats
from ..gymnasts.proportions import BUILDS
from ..gymnasts.skinning import Sculpture, posed
from .arms import add_mitten, add_sleeve
from .hands import SHAPES
from .postures import Bearing, Held, turning

#: The first and the last moment of a turn at which the hand is at the leaf.
_FIRST, _LAST = 0.06, 0.80


def reaching_arm(width: float, progress: float, place: Floats) -> Figure:
    """Return the left arm that turns a leaf, in the space of the book; nothing while it is elsewhere.

    Parameters
    ----------
    width : float
        The open book's, metres.
    progress : float
        Of the turn, 0 to 1.
    place : (3,) array
        Where the leaf is pulled, as `books.pulled_place` says.
    """
    figure = Figure()
    if not _FIRST <= progress <= _LAST:
        return figure
    hold = Hold(width)
    lean = hold.rest_lean
    up, out = np.array([-np.sin(lean), 0.0, np.cos(lean)]), np.array([np.cos(lean), 0.0, np.sin(lean)])
    held = Held(np.array(hold.rest), up, out, width / 2)
    arm = Sculpture()
    add_sleeve(arm, BUILDS["boy"], 1)
    add_mitten(arm, SHAPES["pinch"])
    limb = arm.skinned("none", arm.count, 1)
    offset = posed(limb, turning(Bearing(0.0, 3.0, 2.0), held, progress, place)) - held.middle
    points = np.stack([offset @ out, offset @ held.left, offset @ up], -1)
    figure.vertices = [(x, y, z) for x, y, z in points.tolist()]
    figure.faces, figure.parts = list(limb.faces), list(limb.parts)
    return figure
