"""What the stadium itself hides from a camera: lines of sight against the terraces, the rim and the roof."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import numpy as np

from ...kernels.stadium import EVEN_ARCH, Bowl, roof_line, row_heights

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_STEPS = 72
#: Ends of a line of sight that are left out: about the camera, and the row of the card itself, metres.
_FREE = 3.0
_WALL, _OUTSIDE = 3.0, 10.0


@functools.cache
def _ground(bowl: Bowl) -> tuple[Floats, Floats]:
    """Heights of the terraces and the outer wall by depth behind the arena's edge, metres."""
    rows = np.arange(bowl.rows)
    top = float(row_heights(bowl)[-1]) + _WALL
    # A tread is as high as its row; the line between the middles is close enough for a line of sight.
    depth = np.concatenate(
        [[-1e-6, 0.0], (rows + 0.5) * bowl.row_depth, [bowl.depth + 1e-6, bowl.rim, bowl.rim + _OUTSIDE]]
    )
    height = np.concatenate([[0.0, bowl.front_height], row_heights(bowl), [top, top, 0.0]])
    return depth, height


@functools.cache
def _roof(bowl: Bowl) -> tuple[Floats, Floats]:
    """Return depths and heights of the roof from its inner edge to the outer, its petals evened out."""
    return roof_line(bowl, np.linspace(0.0, 1.0, 65), EVEN_ARCH)


def depth_in_bowl(bowl: Bowl, x: Floats, y: Floats) -> Floats:
    """Return how far places lie behind the arena's edge: metres, 0 for all that is inside the arena."""
    across, along = np.abs(x), np.abs(y)
    n = bowl.exponent

    sideways = across * bowl.half_length > along * bowl.half_width
    reach = np.where(sideways, bowl.half_width, bowl.half_length)

    def size(depth: Floats) -> Floats:
        ratio: Floats = (
            (across / (bowl.half_width + depth)) ** n + (along / (bowl.half_length + depth)) ** n
        ) ** (1 / n)
        return ratio

    depth = np.zeros(across.shape)
    for _ in range(6):
        # The curves grow nearly in proportion, so what is too much of the ratio is nearly the depth missing.
        ratio = size(depth)
        depth = np.maximum(depth + (ratio - 1) * (reach + depth), 0.0)
    return depth


def hidden(bowl: Bowl, eye: Floats, places: Floats) -> NDArray[np.bool_]:
    """Tell which places a camera cannot see since the stadium is in between.

    Parameters
    ----------
    bowl : Bowl
    eye : ndarray of float64, shape (3,)
        Where the camera is, metres.
    places : ndarray of float64, shape (M, 3)
        Metres.

    Returns
    -------
    ndarray of bool, shape (M,)
        The line of sight is looked at about every three metres, and the petals of the roof are evened out;
        so the edge of what is hidden is true to a few seats.
    """
    away = places - eye
    distance = np.sqrt((away * away).sum(-1))
    margin = np.minimum(_FREE / np.maximum(distance, 1e-9), 0.5)
    part = margin[:, None] + (1 - 2 * margin)[:, None] * np.linspace(0.0, 1.0, _STEPS)
    at = eye + part[..., None] * away[:, None]
    depth = depth_in_bowl(bowl, at[..., 0], at[..., 1])
    height = at[..., 2]
    ground_depth, ground = _ground(bowl)
    below_ground = height < np.interp(depth, ground_depth, ground) - 0.3
    below_ground &= (depth > 0) | (height < 0)
    roof_depth, roof = _roof(bowl)
    under_roof = height < np.interp(depth, roof_depth, roof)
    covered = (depth >= roof_depth[0]) & (depth <= roof_depth[-1])
    through = (under_roof[:, 1:] != under_roof[:, :-1]) & covered[:, 1:] & covered[:, :-1]
    blocked: NDArray[np.bool_] = below_ground.any(axis=1) | through.any(axis=1)
    return blocked
