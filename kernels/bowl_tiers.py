"""Heights of the rows of a tier, so that everyone sees over the row in front."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from .bowl import Bowl, Tier

Floats = npt.NDArray[np.float64]

EYE = 1.2
"""Metres of a seated person's eyes above the tread."""
LEAST_RISE = 0.1
"""Metres from a row to the next at least, however flat the lines of sight lie."""
HEAD_ROOM = 2.2
"""Metres that must be free above a row."""


def row_heights(tier: Tier, focus: float) -> Floats:
    """Return the heights of the treads of a tier.

    The line of sight from each row to the focus, on the field, passes `tier.c_value` above the eyes of the
    row in front: with the eyes of row k at a height E and a distance D from the focus,
    E[k + 1] / D[k + 1] = (E[k] + C) / D[k] (the sight line formula of the *Guide to Safety at Sports
    Grounds*). Its sum is E[k] = D[k] (E[0] / D[0] + C (psi(D[0] / p + k) - psi(D[0] / p)) / p), with p the
    row pitch and psi the digamma function, here by its asymptotic series, which is true to 1e-6 so far out.

    Parameters
    ----------
    tier : Tier
    focus : float
        How far inside the arena's edge the focus lies, metres.

    Returns
    -------
    ndarray of float64, shape (rows,)
        Metres above the field.
    """
    row = np.arange(tier.rows, dtype=np.float64)
    pitch = tier.row_pitch
    nearest = focus + tier.depth + 0.5 * pitch
    distance = nearest + row * pitch
    climb = (_digamma(nearest / pitch + row) - _digamma(np.float64(nearest / pitch))) / pitch
    eyes = distance * ((tier.front_height + EYE) / nearest + tier.c_value * climb)
    heights: Floats = np.maximum(eyes - EYE, tier.front_height + LEAST_RISE * row)
    return heights


def row_depths(tier: Tier) -> Floats:
    """Return how far the middles of a tier's rows lie behind the arena's edge: (rows,) float64, metres."""
    depths: Floats = tier.depth + (np.arange(tier.rows, dtype=np.float64) + 0.5) * tier.row_pitch
    return depths


def tier_top(tier: Tier, focus: float) -> float:
    """Return the height of a tier's last tread above the field, metres."""
    return float(row_heights(tier, focus)[-1])


def bowl_top(bowl: Bowl) -> float:
    """Return the height of the highest tread, metres."""
    return max(tier_top(tier, bowl.focus) for tier in bowl.tiers)


def _digamma(x: Floats | np.float64) -> Floats:
    series: Floats = np.log(x) - 1 / (2 * x) - 1 / (12 * x * x)
    return series
