"""The smoothstep 3x² - 2x³ in whole numbers, so that NumPy and CUDA give the same bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

ONE = 1 << 16
"""The whole way."""
LONGEST = 1 << 46
"""The longest duration, in ticks, that does not overflow: 27 hours."""


def smoothstep(elapsed: Any, duration: Any) -> NDArray[np.int64]:
    """Return how far something has come that sets off and comes to rest gently.

    Parameters
    ----------
    elapsed : ndarray of int64, any shape
        Ticks since it began, from 0 to ``duration``.
    duration : int or ndarray of int64
        Ticks it takes, 1 to `LONGEST`; broadcast against ``elapsed``.

    Returns
    -------
    ndarray of int64
        0 to `ONE`; rises with ``elapsed``.
    """
    part = (elapsed << 16) // duration
    eased: NDArray[np.int64] = (part * part * (3 * ONE - 2 * part)) >> 32
    return eased
