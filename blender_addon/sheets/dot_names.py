"""Names under dots: how large they are set, and for whom there is room."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.spatial import KDTree

from ...kernels.places import threads
from .lettering import width

NAME_SIZE, LARGEST_NAME = 4.0, 7.0
"""Points: the smallest type that names are set in, and the largest."""

Array = npt.NDArray[np.float64]


def name_block(labels: Sequence[str], size: float) -> tuple[float, float]:
    """Return the width and height in points that a dot takes with the widest of some names under it."""
    widest = max(width("0" * len(label), 1.0) for label in {len(text): text for text in labels}.values())
    return widest * size + 0.8, 0.75 * size + 2 * dot_of_name(size) + 0.4


def dot_of_name(size: float) -> float:
    """Return the radius of a dot that has a name of a size under it."""
    return 0.28 * size


def least_scales(places: Array, labels: Sequence[str]) -> Array:
    """Return from how many points to a metre on each name has room beside those around it; (N,).

    Two names under their dots overlap when they are nearer than their width across and their height up.
    """
    if len(places) < 2:
        return np.zeros(len(places))
    blocks = places / name_block(labels, NAME_SIZE)
    apart = KDTree(blocks).query(blocks, 2, p=np.inf, workers=threads(len(blocks)))[0][:, 1]
    scales: Array = 1.0 / np.maximum(apart, 1e-9)
    return scales


def named(places: Array, block: tuple[float, float]) -> npt.NDArray[np.bool_]:
    """Choose who gets a name, first come, first served, so that no two names overlap.

    Parameters
    ----------
    places : ndarray, shape (N, 2)
        Points on the page.
    block : (float, float)
        Width and height of a dot and its name.
    """
    kept = np.ones(len(places), dtype=bool)
    pairs = KDTree(places / block).query_pairs(1.0 - 1e-6, p=np.inf, output_type="ndarray").reshape(-1, 2)
    for one, other in pairs[np.lexsort((pairs[:, 0], pairs[:, 1]))].tolist():
        if kept[one]:
            kept[other] = False
    return kept


def name_size(scales: Array, scale: float) -> float:
    """Return the size of type for names, given from which scale on each fits; 0 where hardly one does."""
    if scale < np.quantile(scales, 0.5):
        return 0.0
    size = NAME_SIZE * scale / max(float(np.quantile(scales, 0.98)), 1e-9)
    return min(max(size, NAME_SIZE), LARGEST_NAME)
