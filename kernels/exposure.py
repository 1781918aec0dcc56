"""What a turning page looks like while a shutter is open, in whole numbers."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import numpy as np

from .oklab import linear_to_srgb8, srgb8_to_linear
from .smoothstep import smoothstep

if TYPE_CHECKING:
    from numpy.typing import NDArray


@functools.cache
def light_tables() -> tuple[NDArray[np.int32], NDArray[np.uint8]]:
    """Return linear light, 0 to 65,535, of each sRGB byte, (256,), and the byte of each light, (65536,).

    Bytes that go there and back are the same.
    """
    decode = np.rint(srgb8_to_linear(np.arange(256, dtype=np.uint8)) * 65535).astype(np.int32)
    return decode, linear_to_srgb8(np.arange(65536) / 65535)


def mean_progress(start: NDArray[np.int64], turn: int, at: int, exposure: int) -> NDArray[np.int64]:
    """Return the mean of a turn's eased progress over an exposure.

    By Simpson's rule over the part of the turn that lies in the exposure, which is exact for a cubic. Of two
    turns, one after the other, the earlier has the greater mean, so mixtures of pages never leave the range
    of their colours.

    Parameters
    ----------
    start : ndarray of int64, shape (n,)
        Ticks at which each holder begins the turn.
    turn, at, exposure
        Ticks: how long the turn takes; when the shutter opens, and for how long, at least 1.

    Returns
    -------
    ndarray of int64, shape (n,)
        0 to `smoothstep.ONE`.
    """
    stop = at + exposure
    begin, end = np.clip(at - start, 0, turn), np.clip(stop - start, 0, turn)
    total = np.maximum(stop - np.maximum(at, start + turn), 0) << 16
    if turn:
        middle = smoothstep((begin + end) >> 1, turn)
        total += (end - begin) * ((smoothstep(begin, turn) + 4 * middle + smoothstep(end, turn)) // 6)
    mean: NDArray[np.int64] = (total + (exposure >> 1)) // exposure
    return mean
