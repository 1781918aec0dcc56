from __future__ import annotations

import math

import numpy as np
import pytest
from cardstunt.kernels.flips import EASES, ORDERS, OrderError, order_fraction, turn_starts
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

MOVING = [order for order in ORDERS if order != "together"]


def a_map(columns, rows):
    """A picture of one cell after the other, in no straight way."""
    return ((np.arange(rows * columns) * 7 + 3) % 11 / 10).reshape(rows, columns)


def fractions(order, columns, rows, **options):
    if order == "map":
        options.setdefault("picture", a_map(columns, rows))
    return order_fraction(order, columns, rows, **options)


def picture(order, columns=9, rows=5, **options):
    return fractions(order, columns, rows, **options).reshape(rows, columns)


@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("order", MOVING)
@given(columns=st.integers(2, 40), rows=st.integers(2, 40))
def test_every_order_reaches_exactly_0_and_1(order, reverse, columns, rows):
    fraction = fractions(order, columns, rows, reverse=reverse)
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


def test_a_ripple_is_round_and_a_sweep_has_its_angle_where_places_are_not_square():
    """What is as far for a viewer is reached at the same time: here places are half as wide as high."""
    ripple = picture("ripple", columns=41, rows=21, aspect=0.5)
    np.testing.assert_allclose(ripple[10 + 5, 20], ripple[10, 20 + 10], atol=1e-12)
    np.testing.assert_allclose(ripple[10 - 3, 20 + 8], ripple[10 + 4, 20 - 6], atol=1e-12)
    sweep = picture("sweep", columns=41, rows=21, aspect=0.5, angle=math.pi / 4)
    np.testing.assert_allclose(sweep[10, 20], sweep[10 + 4, 20 - 8], atol=1e-12)


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
    assert fractions(order, 1, 1).tolist() == [0.0]


def test_unknown_orders_name_the_known():
    with pytest.raises(OrderError, match="ripple, iris"):
        order_fraction("wave", 3, 3)


def test_an_empty_section_is_refused():
    with pytest.raises(OrderError, match="at least one row"):
        order_fraction("sweep", 0, 3)


@pytest.mark.parametrize("aspect", [0.0, -1.0, math.nan, math.inf])
def test_a_place_without_an_aspect_is_refused(aspect):
    with pytest.raises(OrderError, match="aspect above 0"):
        order_fraction("ripple", 4, 3, aspect=aspect)


def test_negative_windings_go_the_other_way_round():
    counter_clockwise = picture("spiral", columns=41, rows=31, windings=2.5)
    clockwise = picture("spiral", columns=41, rows=31, windings=-2.5)
    # on the ray to the right both are the same, so mirror images agree beside it alone
    middle = np.arange(31) == 15
    np.testing.assert_allclose(clockwise[~middle], counter_clockwise[::-1][~middle], atol=1e-9)
    assert np.abs(clockwise - counter_clockwise).max() > 0.1


def test_a_canon_is_as_many_equal_parts_one_after_another():
    fraction = picture("canon", columns=12, rows=5, groups=4)
    assert (fraction == fraction[0]).all()
    np.testing.assert_allclose(fraction[0], np.repeat([0, 1 / 3, 2 / 3, 1], 3))
    by_rows = picture("canon", columns=12, rows=6, groups=3, along="rows")
    np.testing.assert_allclose(by_rows[:, 0], [0, 0, 0.5, 0.5, 1, 1])


@given(st.integers(1, 30), st.integers(1, 40))
def test_the_parts_of_a_canon_differ_by_one_column_at_most(columns, groups):
    entries, sizes = np.unique(picture("canon", columns=columns, rows=1, groups=groups), return_counts=True)
    np.testing.assert_allclose(entries, np.linspace(0, 1, min(groups, columns)), atol=1e-12)
    assert sizes.max() - sizes.min() <= 1


def test_a_map_turns_black_first_and_white_last():
    levels = np.array([[0.75, 0.25], [0.5, 0.25]], dtype=np.float32)
    assert picture("map", columns=2, rows=2, picture=levels).tolist() == [[1.0, 0.0], [0.5, 0.0]]
    assert not picture("map", columns=2, rows=2, picture=np.full((2, 2), 0.5)).any()


@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("ease", EASES)
@pytest.mark.parametrize("order", ORDERS)
def test_an_ease_keeps_the_order_and_its_ends(order, ease, reverse):
    steady, eased = (picture(order, columns=20, rows=9, reverse=reverse, ease=e) for e in ("linear", ease))
    ranks = np.argsort(steady, axis=None)
    assert (np.diff(eased.ravel()[ranks]) >= 0).all()
    assert eased.min() == 0.0
    assert eased.max() == steady.max()


@given(st.integers(2, 300))
def test_a_front_sets_off_and_comes_to_rest_as_it_is_eased(columns):
    def place(ease, time):
        """How far the front has come, as a share of the section."""
        return (order_fraction("columns", columns, 1, ease=ease) <= time).sum() / columns

    for time in (0.1, 0.25, 0.5, 0.75, 0.9):
        near = pytest.approx
        error = 1.01 / columns
        assert place("linear", time) == near(time, abs=error)
        assert place("in", time) == near(time**2, abs=error)
        assert place("out", time) == near(1 - (1 - time) ** 2, abs=error)
        both = 2 * time**2 if time < 0.5 else 1 - 2 * (1 - time) ** 2
        assert place("in_out", time) == near(both, abs=error)


@given(
    st.sampled_from(ORDERS),
    st.sampled_from(EASES),
    st.booleans(),
    hnp.arrays(bool, st.tuples(st.integers(1, 9), st.integers(1, 9))),
)
def test_an_order_runs_over_its_members_alone(order, ease, reverse, members):
    rows, columns = members.shape
    fraction = picture(order, columns, rows, ease=ease, reverse=reverse, members=members)
    assert not fraction[~members].any()
    if members.any():
        inside = fraction[members]
        assert inside.min() == 0.0
        assert inside.max() in {0.0, 1.0}
        assert (inside.max() == 1.0) == (np.ptp(inside) > 0)


@pytest.mark.parametrize("order", ORDERS)
def test_a_rectangle_of_members_is_a_section_of_its_own(order):
    members = np.zeros((9, 14), dtype=bool)
    members[2:7, 3:12] = True
    options = {"seed": 3, "cue": 4, "angle": 1.0, "centre": (0.2, 0.7)}
    whole = a_map(14, 9)
    part = picture(order, 14, 9, members=members, picture=whole, **options)
    alone = picture(order, 9, 5, picture=whole[2:7, 3:12], **options)
    np.testing.assert_allclose(part[2:7, 3:12], alone, atol=1e-12)


def test_whoever_joins_does_not_change_the_lots_of_the_others():
    members = np.ones((6, 8), dtype=bool)
    members[2, 3] = False
    with_all = picture("dissolve", 8, 6, seed=3)
    without = picture("dissolve", 8, 6, seed=3, members=members)
    np.testing.assert_array_equal(np.argsort(with_all[members]), np.argsort(without[members]))
    np.testing.assert_array_equal(np.sort(without[members]), np.arange(47) / 46)


@pytest.mark.parametrize(
    ("order", "options", "message"),
    [
        ("spiral", {"windings": 0}, "windings is 0"),
        ("canon", {"groups": 0}, "at least 1 group"),
        ("canon", {"along": "seats"}, "not 'seats'"),
        ("map", {}, r"needs a picture of shape \(3, 4\), not none"),
        ("map", {"picture": np.zeros((4, 3))}, r"not one of \(4, 3\)"),
        ("map", {"picture": np.full((3, 4), np.nan)}, "no numbers"),
        ("sweep", {"ease": "slowly"}, "linear, in, out, in_out"),
        ("sweep", {"members": np.ones((4, 3), bool)}, r"members must be of shape \(3, 4\)"),
    ],
)
def test_what_an_order_cannot_follow_is_refused(order, options, message):
    with pytest.raises(OrderError, match=message):
        order_fraction(order, 4, 3, **options)


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
