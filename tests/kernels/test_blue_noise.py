from __future__ import annotations

import numpy as np
import pytest
from cardstunt.kernels.blue_noise import blue_noise


@pytest.mark.parametrize("size", [4, 7, 32])
def test_every_threshold_occurs_once(size):
    places = size * size
    np.testing.assert_array_equal(np.sort(blue_noise(size), axis=None), (np.arange(places) + 0.5) / places)


def test_low_frequencies_are_nearly_empty_at_every_level():
    noise = blue_noise(64)
    frequency = np.fft.fftfreq(64) * 64
    radius = np.hypot(frequency[:, None], frequency[None, :])
    for level in (0.1, 0.3, 0.5, 0.8):
        dots = (noise < level) - level
        power = np.abs(np.fft.fft2(dots)) ** 2
        assert power[(radius > 0) & (radius < 6)].mean() < 0.06 * power[radius >= 6].mean()


def test_dots_of_a_sparse_level_keep_their_distance_across_the_seam():
    size = 32
    row, column = np.nonzero(blue_noise(size) < 0.05)

    def around(values):
        apart = np.abs(values[:, None] - values[None, :])
        return np.minimum(apart, size - apart)

    distance = np.hypot(around(row), around(column))
    np.fill_diagonal(distance, np.inf)
    assert distance.min() >= 3.0


def test_it_is_made_once_cannot_be_written_and_depends_on_the_seed():
    assert blue_noise(16) is blue_noise(16)
    with pytest.raises(ValueError, match="read-only"):
        blue_noise(16)[0, 0] = 0
    assert (blue_noise(16, seed=1) != blue_noise(16)).any()


def test_a_square_too_small_is_refused():
    with pytest.raises(ValueError, match="at least 4"):
        blue_noise(3)
