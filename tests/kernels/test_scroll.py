from __future__ import annotations

import numpy as np
import pytest
from cardstunt.kernels.oklab import srgb8_to_linear
from cardstunt.kernels.patterns import pattern

BLACK, WHITE, RED, BLUE = (0, 0, 0), (255, 255, 255), (200, 16, 32), (20, 60, 200)


def letters(high=40, wide=160):
    """The ink of an L and of two bars."""
    ink = np.zeros((high, wide), np.float32)
    ink[:, :8] = ink[-8:, :30] = 1
    ink[:, 60:70] = ink[: high // 2, 120:] = 1
    return ink


def draw(columns, rows, at=0.0, **options):
    return pattern("scroll", columns, rows, at, **{"ink": letters(), **options})


def away(one, other):
    return np.abs(one.astype(int) - other.astype(int))


def test_letters_stand_upright_at_the_left_at_first():
    ink = draw(80, 40, colours=[BLACK, WHITE], size=20.0)[::-1, :, 0] > 127
    assert not ink[:10].any()
    assert not ink[30:].any()
    first = np.flatnonzero(ink.any(axis=0))[0]
    assert ink[11:29, first].all()
    assert ink[28, first + 8]
    assert not ink[15, first + 8]


def test_letters_go_to_the_left_by_their_speed_and_come_again():
    def at(moment):
        return draw(80, 40, moment, colours=[BLACK, WHITE], size=20.0, speed=10.0)

    np.testing.assert_array_equal(at(0.5)[:, :-5], at(0.0)[:, 5:])
    # A line of 80 columns, 20 columns apart from the next.
    np.testing.assert_array_equal(at(10.0), at(0.0))


def test_no_ink_is_lost_at_the_edges_of_cells():
    ink = letters(33, 155)
    result = draw(400, 25, 0.123, colours=[BLACK, WHITE], size=25.0, ink=ink, speed=1.0)
    light = srgb8_to_linear(result[..., 0]).mean(axis=0)
    length = 155 / 33 * 25
    for begin in (20, 31, 77.0):
        covered = light[int(begin) : int(begin) + round(length + 25)].sum() / (length + 25)
        assert covered == pytest.approx(ink.mean() * length / (length + 25), rel=0.02)


def test_letters_may_run_from_one_colour_to_another():
    solid = np.ones((10, 40), np.float32)
    result = draw(20, 20, 1.0, colours=[BLACK, RED, BLUE], size=20.0, ink=solid, speed=20.0)
    middle = result[:, 10]
    assert away(middle[-1], np.array(RED)).max() < 12
    assert away(middle[0], np.array(BLUE)).max() < 12
    assert (np.diff(middle[:, 0].astype(int)) >= 0).all()


def test_letters_with_colours_of_their_own_keep_them():
    ink = np.zeros((10, 40), np.float32)
    ink[:, :10] = 1
    paint = np.zeros((10, 40, 4), np.float32)
    paint[:, 20:30] = (*srgb8_to_linear(np.array(RED, np.uint8)), 1)
    paint[:, 30:] = (0, 0, 0.25, 0.5)
    shown = draw(60, 10, colours=[WHITE, BLACK], size=10.0, ink=ink, paint=paint, speed=0.0)
    row = shown[5]
    left = int(np.flatnonzero((row == BLACK).all(axis=1))[0])
    np.testing.assert_array_equal(row[left : left + 10], [BLACK] * 10)
    np.testing.assert_array_equal(row[left + 10 : left + 20], [WHITE] * 10)
    np.testing.assert_array_equal(row[left + 20 : left + 30], [RED] * 10)
    np.testing.assert_array_equal(row[left + 30 : left + 40], [[188, 188, 225]] * 10)
