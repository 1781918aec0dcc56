"""What the stadium itself hides from a camera: lines of sight against the terraces, the rim and the roof."""

from __future__ import annotations

import functools
import math
from typing import TYPE_CHECKING

import numpy as np

from ...kernels.bowl import Bowl, Tier
from ...kernels.bowl_plan import behind_edge, edge
from ...kernels.bowl_roof import even_arch, roof_line
from ...kernels.bowl_seats import all_around
from ...kernels.bowl_tiers import bowl_top, row_depths, row_heights

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Mask = NDArray[np.bool_]

_STEPS = 72
#: Ends of a line of sight that are left out: about the camera, and the row of the card itself, metres.
_FREE = 3.0
_WALL, _OUTSIDE = 3.0, 10.0


@functools.lru_cache(maxsize=4)
def _map(bowl: Bowl) -> tuple[Floats, Floats, Floats]:
    """Return the bowl seen from above, metre by metre: shares around, depths, and the map's south-west."""
    reach = np.abs(edge(bowl.plan).points).max(axis=0) + bowl.rim + max(_OUTSIDE, bowl.roof.outward) + 2
    x, y = (np.arange(-math.ceil(side), math.ceil(side) + 1, dtype=np.float64) for side in reach)
    around, depth = behind_edge(bowl.plan, x[:, None], y)
    return around, depth, np.array([x[0], y[0]])


def where(bowl: Bowl, x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Return where places lie in the bowl, to a few centimetres: shares around, true to a metre, and depths.

    What is outside all of the stadium counts as at its farthest.
    """
    around, depth, corner = _map(bowl)
    i, j = (
        np.clip(axis - first, 0.0, size - 1.001)
        for axis, first, size in zip((x, y), corner, depth.shape, strict=True)
    )
    u, v = i.astype(np.int64), j.astype(np.int64)
    i, j = i - u, j - v
    south = depth[u, v] + i * (depth[u + 1, v] - depth[u, v])
    north = depth[u, v + 1] + i * (depth[u + 1, v + 1] - depth[u, v + 1])
    found: Floats = south + j * (north - south)
    return around[u, v], found


@functools.lru_cache(maxsize=32)
def _ground(bowl: Bowl, tier: Tier) -> tuple[Floats, Floats]:
    """Heights of a tier, from its front to its last row, by depth behind the arena's edge, metres."""
    # A tread is as high as its row; the line between the middles is close enough for a line of sight.
    treads = row_heights(tier, bowl.focus)
    end = tier.depth + tier.rows * tier.row_pitch
    depth = np.concatenate([[tier.depth], row_depths(tier), [end + tier.gangway]])
    return depth, np.concatenate([[tier.front_height], treads, [treads[-1]]])


@functools.lru_cache(maxsize=32)
def _roof(bowl: Bowl) -> tuple[Floats, Floats]:
    """Return depths and heights of the roof from its inner edge to the outer, its petals evened out."""
    return roof_line(bowl, np.linspace(0.0, 1.0, 65), even_arch(bowl))


def _on_way(around: Floats, first: float, last: float) -> Mask:
    """Tell which shares around lie on a way from `first` to `last`."""
    inside: Mask = np.mod(around - first, 1.0) <= last - first
    return inside


def _by_tier(bowl: Bowl, tier: Tier, around: Floats, depth: Floats, height: Floats) -> Mask:
    """Tell which lines of sight a tier is in the way of: (M,)."""
    depths, heights = _ground(bowl, tier)
    over = (depth > depths[0]) & (depth < depths[-1])
    if not all_around(tier):
        over &= _on_way(around, tier.first, tier.last)
    below = height < np.interp(depth, depths, heights) - 0.3
    hangs = any(
        other.depth < tier.depth < other.depth + other.rows * other.row_pitch
        for other in bowl.tiers
        if other != tier
    )
    if hangs:
        # People under it see out below it; only what goes through is hidden.
        blocked: Mask = _goes_through(below, over)
        return blocked
    inside: Mask = (over & below).any(axis=1)
    return inside


def _goes_through(below: Mask, over: Mask) -> Mask:
    """Tell which lines of sight change from above to below something where it is: (M,)."""
    through: Mask = ((below[:, 1:] != below[:, :-1]) & over[:, 1:] & over[:, :-1]).any(axis=1)
    return through


def _by_wall(bowl: Bowl, around: Floats, depth: Floats, height: Floats) -> Mask:
    """Tell which lines of sight the outer wall or the ground is in the way of: (M,)."""
    ends = [bowl.depth, bowl.rim, bowl.rim + _OUTSIDE]
    wall = bowl_top(bowl) + _WALL
    inside = (depth > ends[0]) & (height < np.interp(depth, ends, [wall, wall, 0.0]) - 0.3)
    if not any(all_around(tier) for tier in bowl.tiers):
        banks = [_on_way(around, tier.first, tier.last) for tier in bowl.tiers]
        inside &= np.logical_or.reduce(banks)
    blocked: Mask = (inside | (height < -0.3)).any(axis=1)
    return blocked


def hidden(bowl: Bowl, eye: Floats, places: Floats) -> Mask:
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
    around, depth = where(bowl, at[..., 0], at[..., 1])
    height = at[..., 2]
    blocked = _by_wall(bowl, around, depth, height)
    for tier in bowl.tiers:
        blocked |= _by_tier(bowl, tier, around, depth, height)
    if bowl.roof.kind != "none":
        roof_depth, roof = _roof(bowl)
        covered = (depth >= roof_depth[0]) & (depth <= roof_depth[-1])
        covered &= _on_way(around, bowl.roof.first, bowl.roof.last)
        blocked |= _goes_through(height < np.interp(depth, roof_depth, roof), covered)
    return blocked
