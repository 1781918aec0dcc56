"""Fill the holes of a picture from what lies around them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from types import ModuleType


def _halve(planes: Any, xp: ModuleType) -> Any:
    """Return sums of 2 x 2 pixels of (C, H, W); an odd last row or column is summed with nothing."""
    odd = planes.shape[1] % 2, planes.shape[2] % 2
    if any(odd):
        planes = xp.pad(planes, ((0, 0), (0, odd[0]), (0, odd[1])))
    rows = planes[:, ::2] + planes[:, 1::2]
    return rows[:, :, ::2] + rows[:, :, 1::2]


def _double(planes: Any, xp: ModuleType) -> Any:
    """Return (C, 2 H, 2 W), interpolated linearly between the centres of pixels."""
    wide = xp.pad(planes, ((0, 0), (1, 1), (1, 1)), mode="edge")
    channels, height, width = planes.shape
    result = xp.empty((channels, 2 * height, 2 * width), np.float32)
    centre = 0.75 * wide[:, 1:-1]
    for parity, beside in enumerate((wide[:, :-2], wide[:, 2:])):
        row = centre + 0.25 * beside
        middle = 0.75 * row[:, :, 1:-1]
        result[:, parity::2, ::2] = middle + 0.25 * row[:, :, :-2]
        result[:, parity::2, 1::2] = middle + 0.25 * row[:, :, 2:]
    return result


def fill_holes(picture: Any, known: Any, xp: ModuleType) -> Any:
    """Return the picture with its unknown pixels smoothly filled from the known ones.

    The pull-push pyramid of S. Gortler et al., "The lumigraph", SIGGRAPH 1996: ever coarser means of the
    known pixels, then from coarse to fine, each pixel is completed by the coarser level as far as it is
    unknown.

    Parameters
    ----------
    picture
        (C, H, W) float32; unknown pixels may hold anything.
    known
        (H, W) bool.
    xp
        The library that holds them.

    Returns
    -------
    ndarray
        (C, H, W) float32, known pixels unchanged; zero everywhere if no pixel is known.
    """
    level = xp.concatenate([xp.where(known, picture, np.float32(0)), known[None].astype(np.float32)])
    levels = [level]
    while max(level.shape[1:]) > 1 and not bool((level[-1] > 0).all()):
        level = _halve(level, xp)
        level = level / xp.maximum(level[-1:], 1)  # a share above 1 is as good as 1
        levels.append(level)
    coarse = levels.pop()
    filled = coarse[:-1] / xp.maximum(coarse[-1:], np.float32(1e-12))
    while levels:
        level = levels.pop()
        wide = _double(filled, xp)[:, : level.shape[1], : level.shape[2]]
        filled = level[:-1] + (1 - level[-1:]) * wide
    return filled
