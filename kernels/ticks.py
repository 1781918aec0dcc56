"""Exact time: whole ticks of show time, fine enough for every frame rate and sample rate in use."""

from __future__ import annotations

from fractions import Fraction
from typing import SupportsInt

TICKS_PER_SECOND = 705_600_000
"""Ticks in a second. Divisible by 24, 25, 30, 48, 50, 60, 90, 100, 120, 44,100 and 48,000 (the "flick")."""


def ticks(seconds: Fraction | int) -> int:
    """Turn seconds into ticks.

    Parameters
    ----------
    seconds
        An exact number of seconds. Floats are refused, so that no rounding slips in unseen.

    Returns
    -------
    int
        The nearest tick; halves go to the even neighbour.

    Raises
    ------
    TypeError
        For anything but an integer or a fraction.
    """
    if isinstance(seconds, bool) or not isinstance(seconds, (int, Fraction)):
        raise TypeError(f"seconds must be an int or a Fraction, not {type(seconds).__name__}: {seconds!r}")
    return round(Fraction(seconds) * TICKS_PER_SECOND)


def seconds(ticks: SupportsInt) -> Fraction:
    """Turn ticks into exact seconds.

    Parameters
    ----------
    ticks
        A whole number of ticks; NumPy integers too.

    Returns
    -------
    Fraction
        Seconds, in lowest terms.
    """
    return Fraction(int(ticks), TICKS_PER_SECOND)
