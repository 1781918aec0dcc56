"""The finish of a picture before the view transform: contrast, saturation, vignette, grain."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from .array_module import array_module
from .counter_random import Purpose, bits

if TYPE_CHECKING:
    from types import ModuleType

MID_GREY = 0.18
# Luminance of linear Rec. 709 colours (ITU-R BT.709-6, item 3.2).
LUMINANCE = (0.2126, 0.7152, 0.0722)
_GRAIN_STOPS = 0.5


class GradeError(ValueError):
    """A setting that is out of range, or a picture that cannot be graded."""


def _vignette(height: int, width: int, strength: float, xp: ModuleType) -> Any:
    """Return (H, W) float32 factors: 1 in the middle, 1 - strength in the middles of the corner pixels."""
    y = (xp.arange(height, dtype=np.float32) - 0.5 * (height - 1))[:, None]
    x = (xp.arange(width, dtype=np.float32) - 0.5 * (width - 1))[None, :]
    corner = max(1.0, 0.25 * ((height - 1) ** 2 + (width - 1) ** 2))
    return 1 - np.float32(strength / corner) * (x * x + y * y)


def _grain(height: int, width: int, strength: float, seed: int, frame: int, xp: ModuleType) -> Any:
    """Return (H, W) float32 factors, log-normal with mean 1."""
    drawn = bits(seed, Purpose.GRAIN, frame, xp.arange(height * width).reshape(height, width))
    total = xp.zeros((height, width), np.float32)
    for shift in (0, 16, 32, 48):  # four numbers of 16 bits: nearly normal, and the same on every device
        total += ((drawn >> np.uint64(shift)) & np.uint64(0xFFFF)).astype(np.float32)
    normal = (total - np.float32(2 * 0xFFFF)) / np.float32(0x10000 / math.sqrt(3))
    deviation = _GRAIN_STOPS * math.log(2) * strength
    return xp.exp(np.float32(deviation) * normal - np.float32(0.5 * deviation**2))


def grade(
    image: Any,
    *,
    saturation: float = 1.0,
    contrast: float = 1.0,
    vignette: float = 0.0,
    grain: float = 0.0,
    seed: int = 0,
    frame: int = 0,
) -> Any:
    """Finish a scene-linear picture; the settings' defaults change nothing.

    In this order: contrast, a power about mid grey, g (x / g)^contrast with g = 0.18, so that mid grey and
    black stay and stops are spread evenly; saturation, away from Rec. 709 luminance; vignette; grain, one
    factor a pixel, so that black stays black.

    Parameters
    ----------
    image
        (H, W, 3) float, NumPy or CuPy: linear Rec. 709 colours; below zero is taken as zero.
    saturation
        0 is grey, 1 as it was.
    contrast
        Factor on the stops from mid grey, 1 as it was.
    vignette
        Share of the light that the corners lose, 0 to 1, growing with the square of the distance.
    grain
        0 is none; at 1, a standard deviation of half a stop.
    seed, frame
        Key of the grain: the same pair gives the same grain.

    Returns
    -------
    ndarray
        (H, W, 3) float32, zero or greater, in the library of the input.

    Raises
    ------
    GradeError
        A setting out of range, a wrong shape, or values that are not finite.
    """
    xp = array_module(image)
    if image.ndim != 3 or image.shape[2] != 3 or 0 in image.shape:
        raise GradeError(f"the picture must have the shape (height, width, 3), not {tuple(image.shape)}")
    for name, value in {"saturation": saturation, "contrast": contrast, "grain": grain}.items():
        if not (math.isfinite(value) and value >= 0):
            raise GradeError(f"{name} is {value:g}; it must be zero or greater")
    if not 0 <= vignette <= 1:
        raise GradeError(f"vignette is {vignette:g}; it must lie between 0 and 1")
    if not bool(xp.isfinite(image).all()):
        raise GradeError("the picture has pixels that are NaN or infinite")
    height, width = (int(length) for length in image.shape[:2])
    result = xp.maximum(image.astype(np.float32), 0)
    if contrast != 1:
        result = np.float32(MID_GREY) * (result / np.float32(MID_GREY)) ** np.float32(contrast)
    if saturation != 1:
        luminance = (result @ xp.asarray(LUMINANCE, dtype=np.float32))[..., None]
        result = xp.maximum(luminance + np.float32(saturation) * (result - luminance), 0)
    if vignette:
        result *= _vignette(height, width, vignette, xp)[..., None]
    if grain:
        result *= _grain(height, width, grain, seed, frame, xp)[..., None]
    return result
