from __future__ import annotations

import numpy as np
import pytest
from cardstunt.kernels.array_module import gpu_available, to_numpy
from cardstunt.kernels.detours import DetourError, Detours, bowed, delayed
from hypothesis import given
from hypothesis import strategies as st

METRES = st.floats(-100, 100)


@given(origin=st.tuples(METRES, METRES), goal=st.tuples(METRES, METRES), bow=st.floats(-5, 5))
def test_a_bow_keeps_both_ends_and_leaves_the_straight_way_at_its_middle(origin, goal, bow):
    x, y = bowed(np.array([0.0, 0.5, 1.0]), *origin, *goal, bow)
    assert (x[0], y[0], x[2], y[2]) == (*origin, *goal)
    way = np.array(goal) - np.array(origin)
    aside = np.array([x[1], y[1]]) - (np.array(origin) + np.array(goal)) / 2
    length = np.hypot(*way)
    if length > 1e-3:
        assert np.hypot(*aside) == pytest.approx(abs(bow), abs=1e-9)
        assert aside @ way == pytest.approx(0.0, abs=1e-8)
        assert (way[0] * aside[1] - way[1] * aside[0]) * bow >= 0.0  # to the left where positive


def test_without_a_bow_the_way_is_the_straight_one_to_the_bit():
    way = np.linspace(0, 1, 50)
    x, y = bowed(way, 1.7, 2.9, -3.3, 9.1, 0.0)
    assert (x == (1.0 - way) * 1.7 + way * -3.3).all()
    assert (y == (1.0 - way) * 2.9 + way * 9.1).all()
    some = bowed(way[:, None], 1.7, 2.9, -3.3, 9.1, np.array([0.0, 1.0]))
    assert (some[0][:, 0] == x).all()
    assert (some[1][:, 0] == y).all()


def test_who_stays_has_no_way_to_leave():
    x, y = bowed(np.linspace(0, 1, 5), 3.0, 4.0, 3.0, 4.0, 2.0)
    assert (x == 3.0).all()
    assert (y == 4.0).all()


@given(
    depart=st.integers(0, 100),
    duration=st.integers(1, 100),
    slack=st.integers(0, 50),
    delay=st.integers(0, 300),
)
def test_the_delayed_keep_their_pace_or_hurry_and_are_never_late(depart, duration, slack, delay):
    arrive = depart + duration + slack
    late, lasts = (int(row) for row in delayed(depart, duration, arrive, delay))
    assert late + lasts <= arrive
    assert 1 <= lasts <= duration
    assert depart <= late <= depart + delay
    if delay <= slack:
        assert (late, lasts) == (depart + delay, duration)


@pytest.mark.parametrize(
    ("delay", "bow", "message"),
    [
        (np.zeros((2, 3), dtype=np.int64), np.zeros((2, 4)), "both"),
        (np.full((2, 3), -1), np.zeros((2, 3)), "negative"),
        (np.zeros((2, 3)), np.zeros((2, 3)), "whole"),
        (np.zeros((2, 3), dtype=np.int64), np.full((2, 3), np.nan), "finite"),
    ],
)
def test_detours_nobody_can_walk(delay, bow, message):
    with pytest.raises(DetourError, match=message):
        Detours(delay, bow)


@pytest.mark.gpu
@pytest.mark.skipif(not gpu_available(), reason="no GPU")
def test_bows_and_delays_on_the_gpu():
    import cupy as cp  # noqa: PLC0415

    way, bow = np.linspace(0, 1, 9)[:, None], np.array([0.0, 1.5, -0.5])
    for ours, theirs in zip(
        bowed(way, 1.0, 2.0, 5.0, -3.0, bow),
        bowed(cp.asarray(way), 1.0, 2.0, 5.0, -3.0, cp.asarray(bow)),
        strict=True,
    ):
        np.testing.assert_allclose(to_numpy(theirs), ours, atol=1e-12)
    depart, delay = np.array([5, 6, 7]), np.array([0, 3, 90])
    for ours, theirs in zip(
        delayed(depart, 10, 30, delay), delayed(cp.asarray(depart), 10, 30, cp.asarray(delay)), strict=True
    ):
        assert (to_numpy(theirs) == ours).all()
