"""Colours as numbers: exactly, as 24-bit words, and roughly, as 18-bit codes of similar colours."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Bytes = NDArray[np.uint8]
    Words = NDArray[np.uint32]

CODES = 1 << 18
"""How many codes there are: 64 steps of each channel, finer where it is dark."""
_STEP_BYTE = np.rint(255.0 * (np.arange(64) / 63.0) ** 1.25).astype(np.int64)
_BYTE_STEP = np.abs(np.arange(256)[:, None] - _STEP_BYTE).argmin(axis=1).astype(np.uint32)


def to_words(colours: Bytes) -> Words:
    """Turn sRGB bytes, shape (..., 3), into numbers 0xRRGGBB."""
    parts = colours.astype(np.uint32)
    words: Words = np.asarray((parts[..., 0] << 16) | (parts[..., 1] << 8) | parts[..., 2], dtype=np.uint32)
    return words


def from_words(words: Words) -> Bytes:
    """Turn numbers 0xRRGGBB of any shape into sRGB bytes, shape (..., 3)."""
    unpacked: Bytes = np.stack([words >> 16, (words >> 8) & 255, words & 255], axis=-1).astype(np.uint8)
    return unpacked


def to_codes(colours: Bytes) -> Words:
    """Turn sRGB bytes, shape (..., 3), into codes 0 to `CODES` - 1; similar colours share one."""
    red, green, blue = (_BYTE_STEP[colours[..., channel]] for channel in range(3))
    codes: Words = np.asarray((red << 12) | (green << 6) | blue, dtype=np.uint32)
    return codes


def from_codes(codes: Words) -> Bytes:
    """Return the colour in the midst of each code, (..., 3) sRGB; black and white are exact."""
    steps = np.stack([codes >> 12, (codes >> 6) & 63, codes & 63], axis=-1)
    colours: Bytes = _STEP_BYTE[steps].astype(np.uint8)
    return colours
