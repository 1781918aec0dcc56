from __future__ import annotations

from fractions import Fraction

from cardstunt.scenes.bars import Tempo, bar_and_beat
from hypothesis import given
from hypothesis import strategies as st


@given(st.integers(1, 500), st.integers(0, 6), st.integers(1, 7), st.fractions(0, Fraction(99, 100)))
def test_bar_and_beat_are_those_of_the_show_file(bar, beat, beats_per_bar, within):
    tempo = Tempo(Fraction(97), beats_per_bar, Fraction(35, 100))
    beat = beat % beats_per_bar + 1
    moment = tempo.moment(bar, Fraction(beat)) + within * tempo.beats(1)
    assert bar_and_beat(tempo, moment) == f"bar {bar} beat {beat}"


def test_before_the_first_bar_there_is_none():
    assert bar_and_beat(Tempo(Fraction(97), 4, Fraction(1)), Fraction(1, 2)) == ""
