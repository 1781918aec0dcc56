from __future__ import annotations

import numpy as np
import pytest
from cardstunt.kernels.assignment import AssignmentError, assign
from cardstunt.kernels.assignment_orders import (
    by_rank,
    follow_the_leader,
    room_for_straight_ways,
    symmetric,
)
from cardstunt.kernels.formations import block
from hypothesis import example, given, settings
from hypothesis import strategies as st

NUMBERS = st.sampled_from((0, 1, 2, 7))
"""Few, so that many are as near as others."""


def scattered(seed: int, count: int) -> np.ndarray:
    return np.random.default_rng(seed).uniform(-60.0, 60.0, (count, 2))


def mirrored(half: np.ndarray, between: np.ndarray, seed: int) -> np.ndarray:
    half = np.column_stack([half[:, 0], np.abs(half[:, 1]) + 0.5])
    both = np.concatenate([half, half * [1.0, -1.0], np.column_stack([between, np.zeros(len(between))])])
    return np.random.default_rng(seed).permutation(both)


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 99), count=st.integers(1, 300), ranks=st.none() | st.integers(1, 12))
def test_ranks_keep_their_order(seed, count, ranks):
    # No two in one place along the line or across it, so that there is one order.
    goal, chance = scattered(seed + 100, count), np.random.default_rng(seed)
    start = np.column_stack([chance.permutation(count), chance.permutation(count)]) / 4.0
    who = by_rank(start, goal, ranks=ranks)
    assert np.array_equal(np.sort(who), np.arange(count))
    order = np.argsort(start[:, 0])
    if ranks is None:
        assert (np.diff(goal[who[order], 0]) >= -1e-3).all()
        return
    ahead = -np.inf
    for row in np.array_split(order, ranks):
        there = goal[who[row[np.argsort(start[row, 1])]]]
        assert (np.diff(there[:, 1]) >= -1e-3).all()
        if len(row):
            assert there[:, 0].min() >= ahead
            ahead = there[:, 0].max() - 1e-3


def test_ranks_are_counted_along_the_direction_asked_for():
    start = block(60, 10)
    goal = 2.0 * start
    for direction in ((1.0, 0.0), (0.0, -3.0), (-1.0, 0.0)):
        assert np.array_equal(by_rank(start, goal, direction=direction), np.arange(60))


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 99), half=st.integers(0, 60), between=st.integers(0, 5))
def test_mirrored_people_walk_mirrored_ways(seed, half, between):
    generator = np.random.default_rng(seed)
    start, goal = (
        mirrored(generator.uniform(-40, 40, (half, 2)), generator.uniform(-40, 40, between), seed + number)
        for number in range(2)
    )
    who = symmetric(start, goal)
    assert np.array_equal(np.sort(who), np.arange(len(start)))
    ways = {tuple(np.round(np.r_[a, b], 6) + 0.0) for a, b in zip(start, goal[who], strict=True)}
    assert {tuple(np.array(way) * [1, -1, 1, -1] + 0.0) for way in ways} == ways
    assert (np.sign(start[:, 1]) == np.sign(goal[who, 1])).all()


def test_a_mirror_across_x_is_one_of_y_turned():
    start = mirrored(scattered(1, 40), np.array([1.0, 7.0]), 1)
    goal = mirrored(scattered(2, 40), np.array([3.0, 9.0]), 2)
    assert np.array_equal(symmetric(start, goal), symmetric(start[:, ::-1], goal[:, ::-1], axis=0))


@pytest.mark.parametrize(
    ("start", "goal"),
    [
        ([[0, 1], [0, 2]], [[0, 1], [0, -1]]),
        ([[0, 1], [0, -1]], [[0, 1], [5, -1]]),
        ([[0, 1], [0, -1], [1, 0]], [[0, 1], [0, -1], [1, 2]]),
        ([[0, 0], [1, 0]], [[0, 1], [0, -1]]),
        ([[0, 1], [0, np.nan]], [[0, 1], [0, -1]]),
    ],
)
def test_what_is_not_symmetric_is_refused(start, goal):
    with pytest.raises(AssignmentError):
        symmetric(np.array(start, dtype=float), np.array(goal, dtype=float))


def test_a_file_follows_its_leader_round_the_bend():
    file = np.array([[0, 0], [0, 1], [0, 2], [1, 2], [2, 2], [2, 1]], dtype=float)
    mixed = np.random.default_rng(4).permutation(6)
    order, behind = follow_the_leader(file[mixed], np.array([[0.0, -1.0], [9.0, 9.0]]))
    assert np.array_equal(mixed[order], np.arange(6))
    assert np.array_equal(behind, np.arange(6.0))


@settings(max_examples=60, deadline=None)
@given(
    people=st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=80),
    leads_from=st.tuples(NUMBERS, NUMBERS),
)
@example(people=[(k * k % 7 % 3, k * k % 5 % 3) for k in range(200)], leads_from=(1, 1))
def test_each_in_a_file_is_nearest_to_who_goes_before(people, leads_from):
    start = np.array(people, dtype=float)
    order, behind = follow_the_leader(start, np.array([leads_from], dtype=float))
    waiting, before = list(range(len(start))), np.array(leads_from, dtype=float)
    for person in order.tolist():
        far = np.hypot(*(start[waiting] - before).T)
        # Of equals the first.
        assert person == waiting[int(far.argmin())]
        waiting.remove(person)
        before = start[person]
    assert not waiting
    gaps = np.hypot(*np.diff(start[order], axis=0).T)
    assert np.allclose(behind, np.concatenate([[0.0], np.cumsum(gaps)]))


def test_straight_ways_of_the_best_match_keep_clear_where_there_is_room():
    start, goal = block(400, 20, 1.0), block(400, 10, 1.0)[::-1] @ np.array([[0.6, 0.8], [-0.8, 0.6]])
    goal = goal[assign(start, goal)]
    assert room_for_straight_ways(start, goal, 0.7)
    assert not room_for_straight_ways(start, goal, 0.72)
    assert not room_for_straight_ways(start, 0.9 * goal, 0.7)
    for share in np.linspace(0.0, 1.0, 41):
        now = (1 - share) * start + share * goal
        assert np.hypot(*(now[:, None] - now[None]).T)[~np.eye(400, dtype=bool)].min() >= 0.7


def test_one_person_has_room():
    assert room_for_straight_ways(np.zeros((1, 2)), np.ones((1, 2)), 5.0)


@pytest.mark.parametrize(
    "call",
    [
        lambda: by_rank(np.zeros((3, 2)), np.zeros((4, 2))),
        lambda: by_rank(np.zeros((3, 2)), np.full((3, 2), np.nan)),
        lambda: by_rank(np.zeros((3, 2)), np.zeros((3, 2)), ranks=0),
        lambda: by_rank(np.zeros((3, 2)), np.zeros((3, 2)), direction=(0.0, 0.0)),
        lambda: symmetric(np.zeros((3, 2)), np.zeros((3, 2)), axis=2),
        lambda: follow_the_leader(np.zeros((3, 2)), np.zeros((0, 2))),
        lambda: follow_the_leader(np.zeros(3), np.zeros((2, 2))),
        lambda: room_for_straight_ways(np.zeros((3, 3)), np.zeros((3, 3)), 1.0),
    ],
)
def test_what_cannot_be_used_is_refused(call):
    with pytest.raises(AssignmentError):
        call()
