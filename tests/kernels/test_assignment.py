from __future__ import annotations

import numpy as np
import pytest
from cardstunt.kernels.assignment import AssignmentError, assign
from cardstunt.kernels.formations import block, rings, spiral, star
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment


def squares(start: np.ndarray, goal: np.ndarray) -> np.ndarray:
    return ((start[:, None] - goal[None]) ** 2).sum(axis=2)


def scattered(seed: int, count: int) -> np.ndarray:
    return np.random.default_rng(seed).uniform(-60.0, 60.0, (count, 2))


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 99), count=st.integers(1, 700), exact=st.sampled_from([0, 100, 1000]))
def test_everyone_gets_a_place_of_their_own(seed, count, exact):
    who = assign(scattered(seed, count), scattered(seed + 100, count), exact_up_to=exact)
    assert who.dtype == np.int64
    assert np.array_equal(np.sort(who), np.arange(count))


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 99), count=st.integers(1, 200))
def test_small_groups_are_matched_as_well_as_can_be(seed, count):
    start, goal = scattered(seed, count), scattered(seed + 100, count)
    cost = squares(start, goal)
    best = cost[linear_sum_assignment(cost)].sum()
    assert cost[np.arange(count), assign(start, goal)].sum() <= best * (1 + 1e-4) + 1e-4


@pytest.mark.parametrize(
    ("start", "goal"),
    [
        (block(1000, 40), rings(1000, 5, 55.0)),
        (rings(1000, 3, 55.0), star(1000, 5, 55.0)),
        (spiral(1000, 4.0, 55.0), block(1000, 10)),
        (scattered(1, 1000), star(1000, 5, 55.0)),
    ],
    ids=["block to rings", "rings to star", "spiral to block", "scattered to star"],
)
def test_large_groups_are_within_a_hundredth_of_the_best(start, goal):
    cost = squares(start, goal)
    best = cost[linear_sum_assignment(cost)].sum()
    assert cost[np.arange(1000), assign(start, goal, exact_up_to=0)].sum() <= 1.01 * best


def test_crowds_over_the_same_ground_are_matched_nearby():
    start, goal = scattered(1, 1000), scattered(2, 1000)
    cost = squares(start, goal)
    best = cost[linear_sum_assignment(cost)].sum()
    assert cost[np.arange(1000), assign(start, goal, exact_up_to=0)].sum() <= 1.01 * best


@pytest.mark.parametrize("exact", [0, 1000])
def test_who_need_not_move_does_not(exact):
    start = block(2000, 50) if exact == 0 else block(500, 25)
    shuffled = np.random.default_rng(5).permutation(len(start))
    assert np.array_equal(assign(start, start[shuffled], exact_up_to=exact), np.argsort(shuffled))


def test_straight_walks_at_one_pace_stay_apart():
    start, goal = block(600, 30), star(600, 5, 30.0)
    goal = goal[assign(start, goal)]
    for share in np.linspace(0.0, 1.0, 21):
        now = (1 - share) * start + share * goal
        apart = squares(now, now)[~np.eye(600, dtype=bool)].min()
        assert apart >= (0.8 * 0.7) ** 2


def test_the_same_places_give_the_same_match():
    start, goal = scattered(3, 1500), scattered(4, 1500)
    assert assign(start, goal).tobytes() == assign(start.copy(order="F"), goal.copy()).tobytes()


@pytest.mark.parametrize(
    ("start", "goal"),
    [
        (np.zeros((3, 2)), np.zeros((4, 2))),
        (np.zeros((3, 3)), np.zeros((3, 3))),
        (np.zeros(3), np.zeros(3)),
        (np.full((3, 2), np.nan), np.zeros((3, 2))),
        (np.zeros((3, 2)), np.full((3, 2), np.inf)),
        (np.array([[0.0, 0.0], [3e4, 0.0]]), np.ones((2, 2))),
    ],
)
def test_places_that_cannot_be_matched_are_refused(start, goal):
    with pytest.raises(AssignmentError):
        assign(start, goal)


@pytest.mark.parametrize(
    ("start", "goal"),
    [
        (np.zeros((2000, 2)), scattered(1, 2000)),
        (block(2000, 1), block(2000, 2000) / 10.0),
        (np.repeat(scattered(1, 20), 100, axis=0), scattered(2, 2000)),
    ],
    ids=["one spot", "line to line", "few spots"],
)
def test_crowds_on_few_spots_are_matched_too(start, goal):
    who = assign(start, goal)
    assert np.array_equal(np.sort(who), np.arange(2000))


def test_no_one_at_all():
    assert assign(np.zeros((0, 2)), np.zeros((0, 2))).shape == (0,)
