"""Bars and beats: how the music lies in show time, and moments of a show in the music's own terms."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Tempo:
    """How bars and beats of the music lie in show time.

    Attributes
    ----------
    bpm : Fraction
        Beats per minute.
    beats_per_bar : int
    offset : Fraction
        Seconds from the start of the music (show time 0) to the first beat of bar 1.
    """

    bpm: Fraction
    beats_per_bar: int = 4
    offset: Fraction = Fraction(0)

    def moment(self, bar: int, beat: Fraction = Fraction(1)) -> Fraction:
        """Return the show time, in seconds, of a beat; bars and beats count from 1."""
        return self.offset + self.beats((bar - 1) * self.beats_per_bar + beat - 1)

    def beats(self, count: Fraction | int) -> Fraction:
        """Return how many seconds `count` beats last."""
        return Fraction(60) * count / self.bpm


def bar_and_beat(tempo: Tempo, moment: Fraction) -> str:
    """Write in which bar and beat of the music a moment is: ``bar 9 beat 2``; nothing before the first."""
    beats = int((moment - tempo.offset) // tempo.beats(1))
    if beats < 0:
        return ""
    return f"bar {beats // tempo.beats_per_bar + 1} beat {beats % tempo.beats_per_bar + 1}"
