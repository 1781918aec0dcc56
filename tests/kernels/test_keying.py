"""Whatever is no key comes out of its two keys within the bound, for everyone, and keys are few."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from cardstunt.kernels.array_module import to_numpy
from cardstunt.kernels.keying import (
    CYCLE_BOUND,
    KeyingError,
    choose_keys,
    gymnast_bounds,
    key_numbers,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

ONE = np.array([[0.01, 0.0, 0.02, 0.0]])
"""Bounds of one layer: two channels that may be off, two that may not."""


def mixed(states, keys):
    """All samples as nodes read them: in single precision, from a number with a fraction."""
    numbers = key_numbers(keys, len(states))
    assert numbers.dtype == np.float32
    before = np.floor(numbers)
    between = (numbers - before).astype(np.float32)[:, None, None, None]
    first = before.astype(int) - 1
    last = np.minimum(first + 1, len(keys) - 1)
    kept = states[keys].astype(np.float32)
    return (np.float32(1.0) - between) * kept[first] + between * kept[last]


def chosen(states, bounds=ONE, at_a_time=7):
    blocks = (states[first : first + at_a_time] for first in range(0, len(states), at_a_time))
    return choose_keys(blocks, bounds)


def require_within(states, keys, bounds):
    assert keys.dtype == np.int64
    assert (np.diff(keys) > 0).all()
    assert keys[0] == 0
    assert keys[-1] == len(states) - 1
    off = np.abs(mixed(states, keys).astype(float) - states).max(axis=2)
    assert (off <= bounds).all(), off.max(axis=0)
    # Where no difference is allowed, not even two keys with something between them differ.
    for start, end in itertools.pairwise(keys):
        if end - start > 1:
            assert (
                states[start : end + 1, :, :, :][..., bounds[0] == 0] == states[start][..., bounds[0] == 0]
            ).all()


def moving(samples, people=3, seed=0):
    """A walk of each person at another time, and then a hop."""
    time = np.arange(samples)[:, None] / 12.0
    late = np.random.default_rng(seed).uniform(0.0, 1.0, people)
    progress = np.clip((time - 2.0 - late) / 5.0, 0.0, 1.0)
    states = np.zeros((samples, 1, people, 4), np.float32)
    states[:, 0, :, 0] = 30.0 + 12.0 * progress**2 * (3 - 2 * progress)
    states[:, 0, :, 1] = np.where((progress > 0) & (progress < 1), 5.0, 1.0)
    states[:, 0, :, 2] = time * 0.7
    states[:, 0, :, 3] = 0.9
    return states


@settings(deadline=None, max_examples=60)
@given(
    arrays(
        np.float32,
        st.tuples(st.integers(1, 24), st.just(1), st.integers(1, 3), st.just(4)),
        elements=st.sampled_from([0.0, 2.0**-8, 3.0 * 2.0**-8, 0.5, 1.0, 40.0]),
    ),
    st.integers(1, 9),
)
def test_everything_between_keys_is_within_the_bound(states, at_a_time):
    require_within(states, chosen(states, at_a_time=at_a_time), ONE)


@settings(deadline=None, max_examples=40)
@given(st.integers(30, 200), st.integers(1, 5), st.integers(0, 99), st.sampled_from([0.002, 0.01, 0.1]))
def test_walks_are_within_the_bound(samples, people, seed, bound):
    bounds = np.array([[bound, 0.0, bound, 0.0]])
    states = moving(samples, people, seed)
    require_within(states, chosen(states, bounds), bounds)


def test_a_straight_line_needs_its_ends_alone():
    states = np.zeros((500, 1, 2, 4), np.float32)
    states[:, 0, :, 0] = np.linspace(-60.0, 60.0, 500)[:, None] * [1.0, -0.3]
    assert chosen(states).tolist() == [0, 499]


def test_those_who_stand_need_no_keys():
    states = np.full((300, 1, 4, 4), 7.0, np.float32)
    assert chosen(states).tolist() == [0, 299]
    # One who then walks on at an even pace needs one more, where they set off.
    states[200:, 0, 2, 0] += np.arange(1, 101)
    keys = chosen(states)
    assert keys.tolist() == [0, 199, 299]
    require_within(states, keys, ONE)


def test_a_bound_is_used():
    """Half as many keys for four times the bound, as for any smooth curve."""
    time = np.linspace(0.0, 1.0, 1201)
    states = np.zeros((1201, 1, 1, 4), np.float32)
    states[:, 0, 0, 0] = 40.0 * time**2
    few, many = (len(chosen(states, np.array([[bound, 0.0, 0.0, 0.0]]))) for bound in (0.08, 0.02))
    assert many == pytest.approx(2 * few, rel=0.1)
    # The best there can be: a parabola of second derivative a is off by a h² / 8 in the middle of h.
    assert many <= np.sqrt(80.0 / (8 * 0.02)) * 1.1 + 2


def test_what_may_not_differ_is_a_key_on_both_sides():
    states = np.zeros((40, 1, 3, 4), np.float32)
    states[17:, 0, 1, 1] = 4.0
    assert chosen(states).tolist() == [0, 16, 17, 39]
    states[18:, 0, 2, 1] = 2.0
    assert chosen(states).tolist() == [0, 16, 17, 18, 39]
    states[18:, 0, :, 1] = 0.0
    assert chosen(states).tolist() == [0, 16, 17, 18, 39]


def test_what_comes_back_is_not_overlooked():
    """Between two samples that look alike somebody may have been elsewhere."""
    states = np.zeros((9, 1, 1, 4), np.float32)
    states[4, 0, 0, 1] = 1.0
    assert {3, 4, 5} <= set(chosen(states).tolist())
    states[4, 0, 0] = [1.0, 0.0, 0.0, 0.0]
    assert {3, 4, 5} <= set(chosen(states).tolist())


def test_the_keys_do_not_depend_on_the_pieces_they_are_read_in():
    states = moving(150)
    assert all(np.array_equal(chosen(states, at_a_time=some), chosen(states)) for some in (1, 2, 150))


def test_late_keys_are_as_exact_as_early_ones():
    """A number's fraction is coarser where the number is large."""
    people, samples = 1, 9000
    states = np.zeros((samples, 1, people, 4), np.float32)
    # A strip that changes all the time until near the end makes a key of each sample.
    states[:6000, 0, :, 1] = (np.arange(6000) % 2)[:, None]
    states[6000:, 0, :, 0] = np.linspace(0.0, 900.0, 3000)[:, None]
    keys = chosen(states)
    assert len(keys) > 6000
    assert len(keys) < 6600
    require_within(states, keys, ONE)
    # Without regard to rounding the whole line would be one stretch, and off.
    careless = np.append(keys[keys <= 6000], samples - 1)
    assert np.abs(mixed(states, careless) - states)[6000:].max() > 0.01


def test_one_sample_is_one_key():
    states = np.zeros((1, 1, 2, 4), np.float32)
    assert chosen(states).tolist() == [0]
    assert key_numbers(np.array([0]), 1).tolist() == [1.0]


def test_key_numbers():
    numbers = key_numbers(np.array([0, 4, 5, 7]), 8)
    assert numbers.tolist() == [1.0, 1.25, 1.5, 1.75, 2.0, 3.0, 3.5, 4.0]


def test_bounds_of_gymnasts():
    bounds = gymnast_bounds(0.005)
    assert bounds.shape == (3, 4)
    assert np.linalg.norm(bounds[0, :3]) <= 0.005
    assert np.linalg.norm(bounds[0, :3]) > 0.0049
    assert bounds[0, 3] == pytest.approx(0.01)
    assert bounds[1].tolist() == [CYCLE_BOUND, 0.0, 0.0, 0.0]
    assert bounds[2].tolist() == [0.0, 0.0, 0.0, 1 / 255]


def test_errors():
    with pytest.raises(KeyingError, match="no samples"):
        choose_keys([], ONE)
    with pytest.raises(KeyingError, match=r"not negative: -0\.1"):
        choose_keys([np.zeros((1, 1, 1, 4), np.float32)], np.array([[-0.1, 0.0, 0.0, 0.0]]))


def test_on_a_gpu_the_keys_are_the_same(stand_in):
    states = moving(150)
    keys = choose_keys([stand_in.asarray(states)], ONE)
    assert type(keys) is np.ndarray
    assert np.array_equal(to_numpy(keys), chosen(states))
