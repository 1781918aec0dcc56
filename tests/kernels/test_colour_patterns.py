from __future__ import annotations

import math

import numpy as np
import pytest
from cardstunt.kernels.oklab import linear_to_srgb8
from cardstunt.kernels.patterns import pattern

BLACK, WHITE, RED, BLUE = (0, 0, 0), (255, 255, 255), (200, 16, 32), (20, 60, 200)


def draw(kind, columns=50, rows=20, at=0.0, **options):
    return pattern(kind, columns, rows, at, **options)


def away(one, other):
    return np.abs(one.astype(int) - other.astype(int))


def test_stripes_have_their_width_and_their_colours_exactly():
    result = draw("stripes", 24, 3, colours=[RED, WHITE, BLUE], size=4.0)
    expected = np.repeat(np.array([RED, WHITE, BLUE] * 2, np.uint8), 4, axis=0)
    np.testing.assert_array_equal(result, np.broadcast_to(expected, (3, 24, 3)))


@pytest.mark.parametrize(("angle", "axis", "step"), [(0.0, 1, 1), (math.pi / 2, 0, 1), (math.pi, 1, -1)])
def test_stripes_move_along_their_angle_by_their_speed(angle, axis, step):
    options = {"colours": [RED, WHITE, BLUE], "size": 4.0, "speed": 6.0, "angle": angle}
    before, after = (draw("stripes", 24, 24, at, **options) for at in (0.0, 0.5))
    np.testing.assert_array_equal(after, np.roll(before, 3 * step, axis=axis))


def test_an_edge_within_a_cell_mixes_light_by_area():
    result = draw("stripes", 3, 1, colours=[BLACK, WHITE], size=1.5)
    half = linear_to_srgb8(np.array(0.5))
    assert result[0, :, 0].tolist() == [0, half, 255]


def test_upwards_too_it_is_widths_of_a_seat_that_count():
    """Here a row is as high as two seats are wide."""
    options = {"colours": [BLACK, WHITE], "size": 3.0, "angle": math.pi / 2, "cell_aspect": 0.5}
    half = linear_to_srgb8(np.array(0.5))
    assert draw("stripes", 5, 6, **options)[:, 2, 0].tolist() == [0, half, 255, 0, half, 255]


def test_stripes_too_thin_to_see_are_their_mean():
    result = draw("stripes", 9, 9, colours=[BLACK, WHITE], size=1 / 128)
    assert away(result, linear_to_srgb8(np.array(0.5))).max() <= 1
    result = draw("checker", 9, 9, colours=[BLACK, WHITE], size=0.1)
    assert away(result, linear_to_srgb8(np.array(0.5))).max() <= 1


def test_squares_alternate_both_ways():
    result = draw("checker", 8, 6, colours=[BLACK, WHITE], size=2.0)[..., 0]
    rows, columns = np.indices((6, 8)) // 2
    np.testing.assert_array_equal(result, (rows + columns) % 2 * 255)


def test_squares_of_one_cell_and_three_colours():
    result = draw("checker", 7, 5, colours=[RED, WHITE, BLUE], size=1.0)
    rows, columns = np.indices((5, 7))
    np.testing.assert_array_equal(result, np.array([RED, WHITE, BLUE], np.uint8)[(rows + columns) % 3])


def test_rings_are_round_about_their_centre_and_grow():
    options = {"size": 10.0, "speed": 5.0, "colours": [BLACK, WHITE], "cell_aspect": 0.5}
    result = draw("ripple", 81, 41, centre=(0.5, 0.5), **options)[..., 0].astype(int)
    assert away(result, result[::-1]).max() <= 1
    assert away(result, result[:, ::-1]).max() <= 1
    # 20 cells to the right are as far as 10 rows up where cells are half as wide as high.
    assert abs(result[20, 40 + 20] - result[20 + 10, 40]) <= 3
    later = draw("ripple", 81, 41, 0.2, centre=(0.5, 0.5), **options)[..., 0].astype(int)
    assert away(later[20, 46:], result[20, 45:-1]).max() <= 3


def test_rings_stand_about_the_centre_given():
    result = draw("ripple", 40, 30, centre=(0.25, 0.8), size=8.0)
    np.testing.assert_array_equal(result[:, :10], result[:, 10:20][:, ::-1])
    assert away(result[20:24], result[24:28][::-1]).max() <= 1
