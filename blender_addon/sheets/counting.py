"""Moments as people count them: by the clock, and in bars and beats of the music."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import numpy.typing as npt

from ...kernels.ticks import TICKS_PER_SECOND, ticks
from ...scenes.quantities import Tempo


def tenths(moments: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return the tenths of a second that moments in ticks are nearest to."""
    nearest: npt.NDArray[np.int64] = (moments * 10 + TICKS_PER_SECOND // 2) // TICKS_PER_SECOND
    return nearest


def clock(tenth: int) -> str:
    """Write tenths of a second as minutes, seconds and tenths: "01:07.3"."""
    return f"{tenth // 600:02d}:{tenth // 10 % 60:02d}.{tenth % 10}"


def halves(tempo: Tempo | None, moments: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return which half beat of the music, from 0, moments in ticks are nearest to; 0 without music."""
    if tempo is None:
        return np.zeros(moments.shape, np.int64)
    half = float(tempo.beats(Fraction(1, 2)) * TICKS_PER_SECOND)
    return np.rint((moments - ticks(tempo.offset)) / half).astype(np.int64)


def count(tempo: Tempo | None, half: int) -> str:
    """Return the bar and beat of a half beat: "12·3½"; nothing before bar 1 and without music."""
    if tempo is None or half < 0:
        return ""
    bar, within = divmod(half, 2 * tempo.beats_per_bar)
    return f"{bar + 1}·{within // 2 + 1}{'½' if within % 2 else ''}"


def counts(tempo: Tempo | None, span: int) -> str:
    """Write how long a span of ticks is: "16 counts" of the music, or without music "6 s"."""
    if tempo is None:
        return f"{span / TICKS_PER_SECOND:.3g} s"
    beats = Fraction(span, TICKS_PER_SECOND) / tempo.beats(1)
    half = round(2 * beats)
    # Less than a tick of rounding is none.
    about = "" if abs(2 * beats - half) < Fraction(1, 1000) else "about "
    whole, odd = divmod(half, 2)
    number = f"{whole or ''}½" if odd else str(whole)
    return f"{about}{number} count{'' if number in {'1', '½'} else 's'}"
