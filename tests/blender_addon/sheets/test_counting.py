"""Spans of time as people count them."""

from __future__ import annotations

from fractions import Fraction

import pytest
from cardstunt.blender_addon.sheets.counting import counts
from cardstunt.kernels.ticks import ticks
from cardstunt.scenes.quantities import Tempo


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (Fraction(8), "16 counts"),
        (Fraction(1, 2), "1 count"),
        (Fraction(1, 4), "½ count"),
        (Fraction(17, 4), "8½ counts"),
        (Fraction(13, 10), "about 2½ counts"),
        (Fraction(0), "0 counts"),
    ],
)
def test_spans_in_counts_of_the_music(seconds, told):
    assert counts(Tempo(Fraction(120)), ticks(seconds)) == told


def test_a_third_of_a_beat_of_ticks_is_no_about():
    tempo = Tempo(Fraction(97))
    assert counts(tempo, ticks(tempo.beats(16))) == "16 counts"


def test_spans_without_music_are_seconds():
    assert counts(None, ticks(Fraction(13, 2))) == "6.5 s"
