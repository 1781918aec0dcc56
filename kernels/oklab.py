"""Between sRGB bytes, linear light and OKLab.

Differences between colours are measured in OKLab (B. Ottosson, "A perceptual color space for image
processing", 2020). All sums are written out, so that no linear-algebra library can change a bit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from .array_module import array_module

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Bytes = NDArray[np.uint8]
    Floats = NDArray[np.float64]

_BLOCK = 1 << 12
_TO_LMS = (
    (0.4122214708, 0.5363325363, 0.0514459929),
    (0.2119034982, 0.6806995451, 0.1073969566),
    (0.0883024619, 0.2817188376, 0.6299787005),
)
_TO_LAB = (
    (0.2104542553, 0.7936177850, -0.0040720468),
    (1.9779984951, -2.4285922050, 0.4505937099),
    (0.0259040371, 0.7827717662, -0.8086757660),
)
_FROM_LAB = (
    (1.0, 0.3963377774, 0.2158037573),
    (1.0, -0.1055613458, -0.0638541728),
    (1.0, -0.0894841775, -1.2914855480),
)
_FROM_LMS = (
    (4.0767416621, -3.3077115913, 0.2309699292),
    (-1.2684380046, 2.6097574011, -0.3413193965),
    (-0.0041960863, -0.7034186147, 1.7076147010),
)


def _times(matrix: tuple[tuple[float, ...], ...], colour: Any) -> Any:
    xp = array_module(colour)
    x, y, z = colour[..., 0], colour[..., 1], colour[..., 2]
    return xp.stack([row[0] * x + row[1] * y + row[2] * z for row in matrix], axis=-1)


def srgb8_to_linear(colour: Bytes) -> Floats:
    """Decode sRGB bytes (IEC 61966-2-1) of any shape to linear light, 0 to 1, float64."""
    xp = array_module(colour)
    value = np.arange(256) / 255.0
    table = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    result: Floats = xp.asarray(table)[colour]
    return result


def linear_to_srgb8(colour: Floats) -> Bytes:
    """Encode linear light of any shape as sRGB bytes; what is outside 0 to 1 is cut off."""
    xp = array_module(colour)
    value = xp.clip(colour, 0.0, 1.0)
    encoded = xp.where(
        value <= 0.0031308, value * 12.92, 1.055 * xp.maximum(value, 0.0031308) ** (1.0 / 2.4) - 0.055
    )
    result: Bytes = xp.rint(encoded * 255.0).astype(np.uint8)
    return result


def linear_to_oklab(colour: Floats) -> Floats:
    """Turn linear sRGB, shape (..., 3), into OKLab: lightness 0 to 1, green to red, blue to yellow."""
    xp = array_module(colour)
    result: Floats = _times(_TO_LAB, xp.cbrt(_times(_TO_LMS, colour)))
    return result


def oklab_to_linear(colour: Floats) -> Floats:
    """Turn OKLab, shape (..., 3), into linear sRGB, which may lie outside 0 to 1."""
    result: Floats = _times(_FROM_LMS, _times(_FROM_LAB, colour) ** 3)
    return result


def srgb8_to_oklab(colour: Bytes) -> Floats:
    """Turn sRGB bytes, shape (..., 3), into OKLab."""
    return linear_to_oklab(srgb8_to_linear(colour))


def squared_distance(colours: Floats, others: Floats) -> Floats:
    """Return (M, K) squared distances between (M, 3) and (K, 3)."""
    total = np.zeros((colours.shape[0], others.shape[0]))
    for channel in range(3):
        total += (colours[:, None, channel] - others[None, :, channel]) ** 2
    return total


def nearest(colours: Floats, others: Floats) -> NDArray[np.int64]:
    """Return (M,) which of (K, 3) colours is nearest to each of (M, 3)."""
    found = np.empty(colours.shape[0], dtype=np.int64)
    for begin in range(0, colours.shape[0], _BLOCK):
        block = slice(begin, begin + _BLOCK)
        found[block] = squared_distance(colours[block], others).argmin(axis=1)
    return found
