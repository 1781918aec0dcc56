"""Moments of a show in the music's own terms."""

from __future__ import annotations

from fractions import Fraction

from .quantities import Tempo


def bar_and_beat(tempo: Tempo, moment: Fraction) -> str:
    """Write in which bar and beat of the music a moment is: ``bar 9 beat 2``; nothing before the first."""
    beats = int((moment - tempo.offset) // tempo.beats(1))
    if beats < 0:
        return ""
    return f"bar {beats // tempo.beats_per_bar + 1} beat {beats % tempo.beats_per_bar + 1}"
