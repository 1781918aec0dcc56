from __future__ import annotations

import math

import numpy as np
import pytest
from cardstunt.kernels.flips import ORDERS, OrderError, order_fraction, turn_starts
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

MOVING = [order for order in ORDERS if order != "together"]


def picture(order, columns=9, rows=5, **options):
    return order_fraction(order, columns, rows, **options).reshape(rows, columns)


@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("order", MOVING)
@given(columns=st.integers(2, 40), rows=st.integers(2, 40))
def test_every_order_reaches_exactly_0_and_1(order, reverse, columns, rows):
    fraction = order_fraction(order, columns, rows, reverse=reverse)
    assert fraction.dtype == np.float64
    assert fraction.shape == (rows * columns,)
    assert fraction.min() == 0.0
    # four cards around the centre are equally far from it
    if not (columns == rows == 2 and order in {"ripple", "iris"}):
        assert fraction.max() == 1.0


def test_together_is_together():
    assert (picture("together") == 0).all()
    assert (picture("together", reverse=True) == 0).all()


@pytest.mark.parametrize(
    ("angle", "first", "last"),
    [
        (0, np.s_[:, 0], np.s_[:, -1]),
        (math.pi / 2, np.s_[0, :], np.s_[-1, :]),
        (math.pi, np.s_[:, -1], np.s_[:, 0]),
        (-math.pi / 2, np.s_[-1, :], np.s_[0, :]),
    ],
)
def test_a_sweep_moves_along_its_angle_as_one_front(angle, first, last):
    fraction = picture("sweep", angle=angle)
    assert (fraction[first] == 0).all()
    assert (fraction[last] == 1).all()


def test_a_ripple_grows_and_an_iris_closes():
    assert picture("ripple")[2, 4] == 0.0
    assert picture("ripple")[0, 0] == 1.0
    np.testing.assert_allclose(picture("iris"), 1.0 - picture("ripple"), atol=1e-12)


def test_the_centre_is_counted_from_the_left_and_from_the_bottom():
    fraction = picture("ripple", centre=(0.0, 1.0))
    assert fraction[-1, 0] == 0.0
    assert fraction[0, -1] == 1.0


def test_a_diagonal_front_meets_both_other_corners_at_once():
    fraction = picture("diagonal", columns=101, rows=101)
    assert fraction[0, 0] == 0
    assert fraction[-1, -1] == 1
    assert fraction[0, -1] == pytest.approx(0.5)
    assert fraction[-1, 0] == pytest.approx(0.5)


def test_rows_and_columns_go_step_by_step():
    np.testing.assert_allclose(picture("rows")[:, 3], [0, 0.25, 0.5, 0.75, 1])
    np.testing.assert_allclose(picture("columns")[2], np.arange(9) / 8)


def test_a_spiral_goes_round_while_it_goes_out():
    fraction = picture("spiral", columns=81, rows=81, windings=3)
    ray = fraction[40, 40:]
    assert (np.diff(ray) >= -1e-12).all()
    assert np.unique(ray.round(6)).size <= 5
    # before the ring of radius 13 meets the arm, which it does at 0.69 of the way round
    ring = [
        fraction[40 + round(13 * math.sin(a)), 40 + round(13 * math.cos(a))] for a in (0.3, 1.5, 3.0, 4.1)
    ]
    assert (np.diff(ring) > 0).all()


def test_dissolve_is_one_after_the_other_in_an_order_of_its_own_for_each_cue():
    fraction = order_fraction("dissolve", 40, 30, seed=5, cue=1)
    np.testing.assert_array_equal(np.sort(fraction), np.arange(1200) / 1199)
    assert (fraction != order_fraction("dissolve", 40, 30, seed=5, cue=2)).mean() > 0.9
    assert (fraction != order_fraction("dissolve", 40, 30, seed=6, cue=1)).mean() > 0.9
    assert abs(np.corrcoef(fraction, np.arange(1200))[0, 1]) < 0.1


@pytest.mark.parametrize("order", MOVING)
def test_reverse_makes_the_first_last(order):
    np.testing.assert_allclose(picture(order, reverse=True), 1 - picture(order), atol=1e-12)


@pytest.mark.parametrize("order", ORDERS)
def test_a_section_of_one_card_turns_at_once(order):
    assert order_fraction(order, 1, 1).tolist() == [0.0]


def test_unknown_orders_name_the_known():
    with pytest.raises(OrderError, match="ripple, iris"):
        order_fraction("wave", 3, 3)


def test_an_empty_section_is_refused():
    with pytest.raises(OrderError, match="at least one row"):
        order_fraction("sweep", 0, 3)


def test_starts_add_up():
    starts = turn_starts(
        np.array([0, 1000]),
        np.array([[0.0, 0.5, 1.0]] * 2),
        np.array([0, 100]),
        np.array([[0, 0, 0], [3, 5, -7]]),
        np.array([10, 10]),
    )
    assert starts.dtype == np.int64
    assert starts.tolist() == [[0, 0, 0], [1003, 1055, 1093]]


def test_whoever_is_late_turns_the_next_page_right_after():
    starts = turn_starts(
        np.array([0, 100, 200]),
        np.zeros((3, 2)),
        np.zeros(3),
        np.array([[0, 0], [0, 150], [0, 0]]),
        np.full(3, 40),
    )
    assert starts.tolist() == [[0, 0], [100, 250], [200, 290]]


def test_others_turns_delay_nobody():
    included = np.array([[True, True], [True, False], [False, True]])
    starts = turn_starts(
        np.array([0, 100, 100]),
        np.zeros((3, 2)),
        np.zeros(3),
        np.zeros((3, 2), np.int64),
        np.full(3, 40),
        included,
    )
    assert starts[1, 0] == 100
    assert starts[2, 1] == 100


sizes = st.tuples(st.integers(1, 6), st.integers(1, 8))


@given(st.data(), sizes)
def test_turns_of_one_person_never_overlap(data, shape):
    def draw(low, high, shape):
        return data.draw(hnp.arrays(np.int64, shape, elements=st.integers(low, high)))

    cues = shape[0]
    at = np.sort(draw(0, 500, cues))
    turn, over = draw(0, 60, cues), draw(0, 300, cues)
    fraction = draw(0, 8, shape) / 8
    reaction = draw(-40, 200, shape)
    included = data.draw(hnp.arrays(bool, shape))
    starts = turn_starts(at, fraction, over, reaction, turn, included)
    for person in range(shape[1]):
        end = None
        for cue in range(1, cues):
            assert starts[cue, person] >= starts[cue - 1, person]
            if included[cue, person]:
                due = at[cue] + round(float(fraction[cue, person] * over[cue])) + reaction[cue, person]
                assert starts[cue, person] >= due
                assert end is None or starts[cue, person] >= end
                end = starts[cue, person] + turn[cue]
