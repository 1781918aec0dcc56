"""How different two colours look: CIEDE2000.

Sources: CIE 142-2001; G. Sharma, W. Wu and E. N. Dalal, "The CIEDE2000 color-difference formula:
implementation notes, supplementary test data, and mathematical observations", Color Research and
Application 30 (2005), whose order of the steps this follows; IEC 61966-2-1 (sRGB).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .array_module import array_module
from .oklab import srgb8_to_linear

# Linear Rec. 709 to XYZ with the white D65 at Y = 1 (IEC 61966-2-1).
_TO_XYZ = (
    (0.4123907993, 0.3575843394, 0.1804807884),
    (0.2126390059, 0.7151686788, 0.0721923154),
    (0.0193308187, 0.1191947798, 0.9505321522),
)
_FAR = 25.0**7
_HALF_TURN = 180 + 1e-9
"""Degrees: hues that differ by more are nearer the other way round."""


def lab(linear: Any) -> Any:
    """Return CIELAB colours under the white D65.

    Parameters
    ----------
    linear
        (..., 3) float, NumPy or CuPy: linear Rec. 709 (sRGB) colours, white at 1.

    Returns
    -------
    ndarray
        (..., 3) float64: L* 0 to 100, a*, b*.
    """
    xp = array_module(linear)
    matrix = xp.asarray(_TO_XYZ, dtype=np.float64)
    share = linear.astype(np.float64) @ (matrix / matrix.sum(1, keepdims=True)).T
    root = xp.cbrt(share)
    curve = xp.where(share > (6 / 29) ** 3, root, share * (29 / 6) ** 2 / 3 + 4 / 29)
    x, y, z = curve[..., 0], curve[..., 1], curve[..., 2]
    return xp.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], -1)


def lab_of_srgb8(colours: Any) -> Any:
    """Return CIELAB colours (..., 3) float64 of sRGB bytes (..., 3)."""
    return lab(srgb8_to_linear(colours))


def ciede2000(first: Any, second: Any) -> Any:
    """Return how different CIELAB colours look; 1 can just be seen.

    Parameters
    ----------
    first, second
        (..., 3) float, NumPy or CuPy, that broadcast.

    Returns
    -------
    ndarray
        (...) float64, with the parametric factors k_L = k_C = k_H = 1.
    """
    xp = array_module(first, second)
    first, second = xp.asarray(first, np.float64), xp.asarray(second, np.float64)
    mean_chroma = (
        _length(first[..., 1], first[..., 2], xp) + _length(second[..., 1], second[..., 2], xp)
    ) / 2
    wider = 1 + (1 - xp.sqrt(mean_chroma**7 / (mean_chroma**7 + _FAR))) / 2
    chroma, hue = zip(*(_chroma_and_hue(colour, wider, xp) for colour in (first, second)), strict=True)
    grey = chroma[0] * chroma[1] == 0
    turn = xp.where(grey, 0.0, (hue[1] - hue[0] + 180) % 360 - 180)
    # Half a turn apart, whatever the rounding, the direction is that of the formula's own order.
    turn = xp.where(xp.abs(turn) > 360 - _HALF_TURN, xp.sign(hue[1] - hue[0]) * 180, turn)
    by_lightness = second[..., 0] - first[..., 0]
    by_chroma = chroma[1] - chroma[0]
    by_hue = 2 * xp.sqrt(chroma[0] * chroma[1]) * xp.sin(xp.radians(turn / 2))
    lightness, chroma_mean = (first[..., 0] + second[..., 0]) / 2, (chroma[0] + chroma[1]) / 2
    total = hue[0] + hue[1]
    far_apart = xp.abs(hue[0] - hue[1]) > _HALF_TURN
    middle = xp.where(far_apart, xp.where(total < 360, total + 360, total - 360), total) / 2
    middle = xp.where(grey, total, middle)
    weight = (
        1
        - 0.17 * xp.cos(xp.radians(middle - 30))
        + 0.24 * xp.cos(xp.radians(2 * middle))
        + 0.32 * xp.cos(xp.radians(3 * middle + 6))
        - 0.20 * xp.cos(xp.radians(4 * middle - 63))
    )
    off = (lightness - 50) ** 2
    by_lightness = by_lightness / (1 + 0.015 * off / xp.sqrt(20 + off))
    by_chroma = by_chroma / (1 + 0.045 * chroma_mean)
    by_hue = by_hue / (1 + 0.015 * chroma_mean * weight)
    twist = 2 * xp.sqrt(chroma_mean**7 / (chroma_mean**7 + _FAR))
    twist = -xp.sin(xp.radians(60 * xp.exp(-(((middle - 275) / 25) ** 2)))) * twist
    squares = by_lightness**2 + by_chroma**2 + by_hue**2 + twist * by_chroma * by_hue
    return xp.sqrt(xp.maximum(squares, 0))


def _length(a: Any, b: Any, xp: Any) -> Any:
    return xp.sqrt(a * a + b * b)


def _chroma_and_hue(colour: Any, wider: Any, xp: Any) -> tuple[Any, Any]:
    """Return C' and h' in degrees, 0 to 360, with a* made wider near grey."""
    a, b = colour[..., 1] * wider, colour[..., 2]
    return _length(a, b, xp), xp.degrees(xp.arctan2(b, a)) % 360
