import numpy as np
import pytest
from cardstunt.kernels.fourier import blur_by_disc, disc, disc_reach, fast_length
from hypothesis import given, settings
from hypothesis import strategies as st


@settings(deadline=None)
@given(st.floats(0.05, 40))
def test_a_disc_has_unit_sum_the_right_spread_and_all_symmetries(radius):
    kernel = disc(round(radius, 2)).astype(float)
    assert kernel.sum() == pytest.approx(1, abs=1e-5)
    for mirrored in (kernel[::-1], kernel[:, ::-1], kernel.T):
        assert kernel == pytest.approx(mirrored, abs=1e-7)
    offsets = np.arange(len(kernel)) - len(kernel) // 2
    spread = (kernel.sum(0) * offsets**2).sum()
    assert spread == pytest.approx(radius**2 / 4, rel=1e-3, abs=0.2 if radius >= 2.9 else 0.03)


@pytest.mark.parametrize("radius", [4.0, 7.3, 12.0, 24.0])
def test_a_large_disc_is_flat_inside_and_nothing_outside(radius):
    kernel = disc(radius)
    reach = disc_reach(radius)
    distance = np.hypot(*np.mgrid[-reach : reach + 1, -reach : reach + 1])
    assert kernel[distance < radius - 0.75] == pytest.approx(1 / (np.pi * radius**2), rel=0.01)
    assert not kernel[distance > radius + 0.75].any()


def test_a_disc_without_radius_is_a_point():
    kernel = disc(0.0)
    assert kernel[2, 2] == pytest.approx(1, abs=1e-6)
    assert abs(kernel).sum() == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("radius", [0.7, 3.6])
def test_the_transform_convolves(radius):
    picture = np.random.default_rng(0).random((2, 24, 30), np.float32)
    reach = disc_reach(radius)
    direct = sum(
        weight * np.roll(picture, (y - reach, x - reach), (1, 2))
        for (y, x), weight in np.ndenumerate(disc(radius))
    )
    blurred = blur_by_disc(picture, radius, np)
    assert blurred.dtype == np.float32
    assert blurred == pytest.approx(direct, abs=1e-5)


@settings(deadline=None)
@given(st.integers(1, 5000))
def test_fast_lengths_are_even_smooth_and_not_much_longer(length):
    fast = fast_length(length)
    assert fast % 2 == 0
    assert length <= fast <= max(1.25 * length, length + 4)
    for prime in (2, 3, 5):
        while fast % prime == 0:
            fast //= prime
    assert fast == 1
