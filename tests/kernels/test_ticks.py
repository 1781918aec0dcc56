from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from cardstunt.kernels.ticks import TICKS_PER_SECOND, seconds, ticks
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize("rate", [24, 25, 30, 48, 50, 60, 90, 100, 120, 44_100, 48_000])
def test_a_frame_or_sample_is_a_whole_number_of_ticks(rate):
    assert ticks(Fraction(1, rate)) * rate == TICKS_PER_SECOND


@given(st.integers(-(2**60), 2**60))
def test_ticks_survive_the_way_to_seconds_and_back(count):
    assert ticks(seconds(count)) == count


def test_numpy_ticks_become_exact_seconds():
    assert seconds(np.int64(TICKS_PER_SECOND // 3)) == Fraction(1, 3)


@pytest.mark.parametrize(("halves", "expected"), [(1, 0), (3, 2), (5, 2), (-1, 0), (-3, -2)])
def test_halves_go_to_the_even_tick(halves, expected):
    assert ticks(Fraction(halves, 2 * TICKS_PER_SECOND)) == expected


@pytest.mark.parametrize("value", [1.5, True, "1 s", None])
def test_inexact_time_is_refused(value):
    with pytest.raises(TypeError, match="int or a Fraction"):
        ticks(value)
