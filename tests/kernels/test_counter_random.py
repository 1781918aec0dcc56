from __future__ import annotations

import numpy as np
import pytest
from cardstunt.kernels.counter_random import Purpose, bits, quantile, uniform
from hypothesis import given
from hypothesis import strategies as st

MASK = 2**64 - 1
any_integer = st.integers(-(2**63), 2**63 - 1)


def hashed_in_plain_integers(*keys: int) -> int:
    def mix(value):
        value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & MASK
        return value ^ (value >> 31)

    state = mix((keys[0] + 0x9E3779B97F4A7C15) & MASK)
    for key in keys[1:]:
        state = mix((state + 0x9E3779B97F4A7C15 * ((key & MASK) + 1)) & MASK)
    return state


@given(any_integer, st.sampled_from(Purpose), any_integer, any_integer)
def test_arrays_and_plain_integers_give_the_bits_of_big_integers(seed, purpose, cue, performer):
    expected = hashed_in_plain_integers(seed, int(purpose), cue, performer)
    assert int(bits(seed, purpose, cue, performer)) == expected
    assert int(bits(seed, purpose, np.array([cue]), performer)[0]) == expected
    assert int(bits(seed, purpose, np.array(cue), np.array(performer))) == expected
    assert int(bits(seed, purpose, np.int64(cue), np.array([performer]))[0]) == expected


def test_the_numbers_stay_as_they_are():
    assert int(bits(7, Purpose.REACTION, 2, 3)) == 9629103888653098766
    assert uniform(7, Purpose.LATE, np.arange(2), 5).tolist() == [0.5072588402833704, 0.4965448976244351]


def test_shapes_broadcast():
    result = bits(1, Purpose.LATE, np.arange(3)[:, None], np.arange(5))
    assert result.shape == (3, 5)
    assert result.dtype == np.uint64
    assert np.unique(result).size == 15
    assert bits(1, Purpose.LATE, 0, 0).shape == ()


def test_a_performer_keeps_the_number_when_others_join():
    few = uniform(3, Purpose.HEIGHT, 0, np.arange(10))
    many = uniform(3, Purpose.HEIGHT, 0, np.arange(1000))
    np.testing.assert_array_equal(few, many[:10])


def test_every_key_matters():
    who = np.arange(4096)
    numbers = [
        uniform(1, Purpose.LATE, 0, who),
        uniform(2, Purpose.LATE, 0, who),
        uniform(1, Purpose.HEIGHT, 0, who),
        uniform(1, Purpose.LATE, 1, who),
    ]
    correlation = np.corrcoef(numbers) - np.eye(4)
    assert np.abs(correlation).max() < 0.07


def test_uniform_fills_the_unit_interval_evenly():
    numbers = uniform(0, Purpose.GRAIN, np.arange(16)[:, None], np.arange(4096)).ravel()
    assert numbers.min() >= 0.0
    assert numbers.max() < 1.0
    counts = np.histogram(numbers, 64, (0, 1))[0]
    chi_squared = ((counts - 1024.0) ** 2 / 1024.0).sum()
    assert 30 < chi_squared < 110


@given(st.lists(st.integers(0, 2**37), min_size=2, max_size=9), st.lists(st.integers(0, MASK), min_size=1))
def test_quantiles_lie_in_the_table_and_rise_with_the_bits(entries, words):
    table = np.sort(np.array(entries, dtype=np.int64))
    random_bits = np.sort(np.array(words, dtype=np.uint64))
    result = quantile(random_bits, table)
    assert result.dtype == np.int64
    assert result.min() >= table[0]
    assert result.max() <= table[-1]
    assert (np.diff(result) >= 0).all()


def test_quantiles_of_a_straight_table_are_the_position():
    table = np.arange(5, dtype=np.int64) * 1000
    words = np.array([0, 1 << 63, 1 << 62, MASK], dtype=np.uint64)
    np.testing.assert_array_equal(quantile(words, table), [0, 2000, 1000, 3999])


def test_a_falling_negative_step_is_followed_too():
    assert quantile(np.array([1 << 63], dtype=np.uint64), np.array([-300, -100])).tolist() == [-200]


@pytest.mark.parametrize("table", [np.zeros(1, np.int64), np.zeros((2, 2), np.int64), np.zeros(0, np.int64)])
def test_a_table_that_is_none_is_refused(table):
    with pytest.raises(ValueError, match="one row of 2 or more"):
        quantile(np.zeros(1, np.uint64), table)
