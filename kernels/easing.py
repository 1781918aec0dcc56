"""How people set off and come to rest: the share of a way that is behind them at a share of its time."""

from __future__ import annotations

from typing import Any

import numpy as np

from .array_module import array_module

SMOOTH, STEADY = 0, 1
EASES = ("smooth", "steady")
"""Kinds, by their index.

smooth
    6t⁵ - 15t⁴ + 10t³ (Perlin 2002): no speed and no acceleration at both ends.
steady
    One pace, but for the first and the last `RAMP` of the time, in which the pace rises and falls as the
    smoothstep 3u² - 2u³ does. Twice continuously differentiable, as the other.
"""

RAMP = 0.1
_PACE = 1.0 / (1.0 - RAMP)

FASTEST = (1.875, _PACE)
"""Largest pace of each kind, in ways per time of the way."""

SHARPEST = (5.774, 1.5 * _PACE / RAMP + 1e-9)
"""Bounds on the second derivative of each kind: 10/√3, and 1.5 times the pace over the ramp."""

_STEEP = 0.5 - 3.0**0.5 / 6.0  # where the smooth one bends the most; and again at 1 less that


def eased(kind: int, progress: Any) -> Any:
    """Return the share of the way at a share of the time.

    Parameters
    ----------
    kind
        Index into `EASES`.
    progress
        Any shape, 0 to 1.

    Returns
    -------
    array
        0 to 1; both ends come out exactly.
    """
    if kind == SMOOTH:
        return progress * progress * progress * (progress * (progress * 6.0 - 15.0) + 10.0)
    xp = array_module(progress)
    near = xp.minimum(xp.minimum(progress, 1.0 - progress) / RAMP, 1.0)
    # What is left to a steady pace from the nearer end; on the ramp the integral of the smoothstep.
    ramp = (_PACE * RAMP) * (near * near * near) * (1.0 - 0.5 * near)
    first = xp.where(near < 1.0, ramp, _PACE * (progress - 0.5 * RAMP))
    return xp.where((near < 1.0) & (progress > 0.5), 1.0 - ramp, first)


def pace(kind: int, progress: Any) -> Any:
    """Return the derivative of `eased`."""
    if kind == SMOOTH:
        back = 1.0 - progress
        return 30.0 * (progress * progress) * (back * back)
    xp = array_module(progress)
    near = xp.minimum(xp.minimum(progress, 1.0 - progress) / RAMP, 1.0)
    return _PACE * (near * near * (3.0 - 2.0 * near))


def sharpness(kind: int, first: Any, last: Any) -> Any:
    """Bound the size of the second derivative of `eased` between two shares of the time."""
    if kind == SMOOTH:
        # 60t - 180t² + 120t³ is largest in size at its two extremes, or at an end of the stretch.
        ends = np.maximum(np.abs(_second(first)), np.abs(_second(last)))
        over = ((first < _STEEP) & (last > _STEEP)) | ((first < 1.0 - _STEEP) & (last > 1.0 - _STEEP))
        return np.where(over, SHARPEST[SMOOTH], ends)
    # A moment that is rounding apart from the edge of a ramp is at the edge: there the pace changes hardly.
    inside = (first > RAMP - 1e-9) & (last < 1.0 - RAMP + 1e-9)
    return np.where(inside, 1e-6, SHARPEST[STEADY])


def _second(progress: Any) -> Any:
    return progress * (60.0 + progress * (120.0 * progress - 180.0))
