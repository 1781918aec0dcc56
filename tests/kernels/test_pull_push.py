import numpy as np
import pytest
from cardstunt.kernels.pull_push import fill_holes
from hypothesis import given, settings
from hypothesis import strategies as st


@settings(deadline=None)
@given(st.integers(1, 40), st.integers(1, 40), st.integers(0, 2**32 - 1))
def test_known_pixels_stay_and_the_rest_lies_between_them(height, width, seed):
    random = np.random.default_rng(seed)
    picture = random.random((3, height, width), np.float32)
    known = random.random((height, width)) < 0.3
    known[random.integers(height), random.integers(width)] = True
    filled = fill_holes(np.where(known, picture, np.nan).astype(np.float32), known, np)
    assert np.array_equal(filled[:, known], picture[:, known])
    for channel, original in zip(filled, picture, strict=True):
        assert channel.min() >= original[known].min() - 1e-5
        assert channel.max() <= original[known].max() + 1e-5


def test_a_hole_in_a_slope_is_bridged():
    slope = np.broadcast_to(np.linspace(0, 1, 64, dtype=np.float32), (1, 64, 64))
    known = np.ones((64, 64), bool)
    known[20:40, 20:40] = False
    filled = fill_holes(slope, known, np)
    assert abs(filled - slope)[0, ~known].max() < 0.12
    assert (np.diff(filled[0, 30]) > -0.01).all()


def test_without_any_known_pixel_there_is_nothing():
    assert not fill_holes(np.ones((3, 5, 7), np.float32), np.zeros((5, 7), bool), np).any()


def test_an_even_picture_stays_even():
    known = np.random.default_rng(2).random((37, 53)) < 0.1
    assert fill_holes(np.full((3, 37, 53), 0.7, np.float32), known, np) == pytest.approx(0.7, abs=1e-6)
