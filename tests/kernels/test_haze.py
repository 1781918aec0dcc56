import math

import numpy as np
import pytest
from cardstunt.kernels.haze import Air, HazeError, hazed
from hypothesis import given, settings
from hypothesis import strategies as st

EVEN = Air((0.5, 0.6, 0.7), (0.5, 0.6, 0.7), (0.5, 0.6, 0.7), 1e-3)
LENS = {"lens": 0.035, "sensor_width": 0.036, "sun": (0.0, 0.0, 1.0)}


def picture(height=9, width=16, seed=1):
    return np.random.default_rng(seed).gamma(1.0, 0.3, (height, width, 3)).astype(np.float32)


def test_clear_air_changes_nothing():
    image = picture()
    clear = Air((1.0, 1.0, 1.0), (1.0, 1.0, 1.0), (1.0, 1.0, 1.0), 0.0)
    assert hazed(image, np.full((9, 16), 100.0, np.float32), air=clear, **LENS) is image


def test_a_thing_loses_light_by_its_distance_along_the_ray():
    """Beer and Lambert; the distance to the corners is longer than the planar depth, as Pythagoras has it."""
    image = picture()
    depth = np.full((9, 16), 800.0, np.float32)
    seen = hazed(image, depth, air=EVEN, **LENS)
    pixel = 0.036 / 16 / 0.035
    for row, column in ((0, 0), (4, 8), (8, 3)):
        x, y = (column - 7.5) * pixel, (4 - row) * pixel
        left = math.exp(-1e-3 * 800 * math.sqrt(1 + x * x + y * y))
        expected = image[row, column] * left + np.array(EVEN.side) * (1 - left)
        assert seen[row, column] == pytest.approx(expected, rel=1e-5)


def test_without_end_it_is_the_airs_own_colour_and_the_sky_stays():
    image = picture()
    depth = np.full((9, 16), 1e6, np.float32)
    depth[0] = np.inf
    seen = hazed(image, depth, air=EVEN, **LENS)
    assert np.array_equal(seen[0], image[0])
    assert seen[1:] == pytest.approx(np.broadcast_to(np.float32(EVEN.side), (8, 16, 3)), rel=1e-6)


@settings(deadline=None)
@given(st.floats(1, 5000), st.floats(1, 5000))
def test_two_stretches_of_air_are_one_as_long_as_both(first, second):
    image = picture(3, 4)
    narrow = {**LENS, "lens": 1e6}  # all rays are parallel

    def through(colour, metres):
        return hazed(colour, np.full((3, 4), metres, np.float32), air=EVEN, **narrow)

    assert through(through(image, first), second) == pytest.approx(through(image, first + second), abs=1e-5)


def test_air_is_brightest_in_front_of_the_sun():
    air = Air((4.0, 3.0, 2.0), (1.0, 1.0, 1.0), (2.0, 2.0, 2.0), 1e-3)
    image, depth = np.zeros((3, 5, 3), np.float32), np.full((3, 5), 1e7, np.float32)
    narrow = {"lens": 1.0, "sensor_width": 1e-4, "air": air}
    for sun, colour in (((0, 0, 1), air.towards), ((1, 0, 0), air.side), ((0, 0, -1), air.away)):
        seen = hazed(image, depth, sun=sun, **narrow)
        assert seen == pytest.approx(np.broadcast_to(np.float32(colour), seen.shape), rel=1e-3)
    # The sun is to the right: the right half of a wide picture is brighter.
    seen = hazed(image, depth, sun=(0.7071, 0, 0.7071), lens=0.02, sensor_width=0.036, air=air)
    assert (np.diff(seen[1, :, 0]) > 0).all()
    # Above the middle: the upper rows are.
    seen = hazed(image, depth, sun=(0, 0.7071, 0.7071), lens=0.02, sensor_width=0.036, air=air)
    assert (np.diff(seen[:, 2, 0]) < 0).all()


@pytest.mark.parametrize("density", [-1e-3, math.nan, math.inf])
def test_an_air_that_cannot_be_is_refused(density):
    air = Air(EVEN.towards, EVEN.side, EVEN.away, density)
    with pytest.raises(HazeError, match="density"):
        hazed(picture(), np.ones((9, 16), np.float32), air=air, **LENS)


def test_a_depth_of_another_size_is_refused():
    with pytest.raises(HazeError, match="shape"):
        hazed(picture(), np.ones((9, 15), np.float32), air=EVEN, **LENS)


def test_the_same_on_the_gpu(cupy):
    image, depth = picture(), np.full((9, 16), 900.0, np.float32)
    seen = hazed(cupy.asarray(image), cupy.asarray(depth), air=EVEN, **LENS)
    assert cupy.asnumpy(seen) == pytest.approx(hazed(image, depth, air=EVEN, **LENS), rel=1e-5)
