"""Glow: a lens scatters a little of what is brighter than white around it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from .array_module import array_module
from .fourier import fast_length, fft_module

if TYPE_CHECKING:
    from types import ModuleType

#: Standard deviations of the halo, as shares of the picture's width, and how its light is shared out: a
#: bright core and a wide, faint veil, as glare in a camera's lens falls off (after G. Spencer, P. Shirley,
#: K. Zimmerman and D. Greenberg, "Physically-based glare effects for digital images", SIGGRAPH 1995).
_WIDTHS = (0.0025, 0.009, 0.035)
_SHARES = (0.5, 0.3, 0.2)
# Pixels: a narrower Gaussian has more detail than a picture, and rings.
_NARROWEST = 1.2


class GlowError(ValueError):
    """A setting that is out of range, or a picture that cannot glow."""


def _halo_spectrum(shape: tuple[int, int], width: int, xp: ModuleType) -> Any:
    """Return the halo's real spectrum, (H, W // 2 + 1): a sum of Gaussians, exp(-2 (pi s f)^2) each."""
    y = xp.fft.fftfreq(shape[0])[:, None]
    x = xp.fft.rfftfreq(shape[1])[None, :]
    squared = x * x + y * y
    total = sum(
        share * xp.exp(-2 * (math.pi * max(_NARROWEST, deviation * width)) ** 2 * squared)
        for deviation, share in zip(_WIDTHS, _SHARES, strict=True)
    )
    return total.astype(np.float32)


def glow(image: Any, *, white: float, share: float) -> Any:
    """Let what is brighter than white shine around itself; no light is won, and only the frame's edge loses.

    Parameters
    ----------
    image
        (H, W, 3) float, NumPy or CuPy: scene-linear, zero or greater.
    white
        Scene-linear value above which a colour's parts spill over.
    share
        Share of what lies above white that is scattered, 0 to 1; 0 changes nothing.

    Returns
    -------
    ndarray
        (H, W, 3) float32; the input itself where nothing changes.

    Raises
    ------
    GlowError
        A setting out of range or a wrong shape.
    """
    if not 0 <= share <= 1:
        raise GlowError(f"glow is {share:g}; it must lie between 0 and 1")
    if not (math.isfinite(white) and white > 0):
        raise GlowError(f"white is {white:g}; it must be greater than zero")
    if image.ndim != 3 or image.shape[2] != 3 or 0 in image.shape:
        raise GlowError(f"the picture must have the shape (height, width, 3), not {tuple(image.shape)}")
    xp = array_module(image)
    excess = xp.maximum(image.astype(np.float32) - np.float32(white), 0)
    if share == 0 or not bool(excess.any()):
        return image
    height, width = (int(length) for length in image.shape[:2])
    margin = math.ceil(3 * _WIDTHS[-1] * width)
    padded = fast_length(height + margin), fast_length(width + margin)
    transforms = fft_module(xp)
    spectrum = transforms.rfft2(xp.moveaxis(excess, -1, 0), s=padded)
    halo = transforms.irfft2(spectrum * _halo_spectrum(padded, width, xp), s=padded)
    scattered = xp.maximum(xp.moveaxis(halo[:, :height, :width], 0, -1), 0)
    return image.astype(np.float32) + np.float32(share) * (scattered - excess)
