from __future__ import annotations

import numpy as np
import pytest
from cardstunt.kernels import nearest
from cardstunt.kernels.assignment_auction import match_by_auction
from cardstunt.kernels.assignment_bounds import Choices, lower_bound
from cardstunt.kernels.formations import block, rings, star
from cardstunt.kernels.nearest import NEVER, least_values, whole_squares
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

COUNT = 5000


def whole(places: np.ndarray) -> np.ndarray:
    return np.rint(1000.0 * places).astype(np.int64)


def scattered(seed: int, count: int = COUNT) -> np.ndarray:
    return np.random.default_rng(seed).uniform(-30.0, 30.0, (count, 2))


def turned(places: np.ndarray) -> np.ndarray:
    return places @ np.array([[0.8, 0.6], [-0.6, 0.8]])


def best_of(people: np.ndarray, places: np.ndarray, price: np.ndarray) -> int:
    # Prices change no answer, but good ones make it quick to find.
    value = whole_squares(people[:, None], places) + price
    value -= value.min(axis=1)[:, None]
    rows, columns = linear_sum_assignment(value)
    return int(whole_squares(people[rows], places[columns]).sum())


@pytest.mark.parametrize(
    ("start", "goal"),
    [
        (block(COUNT, 70), rings(COUNT, 30, 45.0)),
        (scattered(1), scattered(2)),
        (block(COUNT, 70), turned(block(COUNT, 140)) + 300.0),
        (block(COUNT, 70), block(COUNT, 70)[::-1] + 0.002 * scattered(3)),
    ],
    ids=["block to rings", "crowds", "far apart", "hardly moved"],
)
def test_five_thousand_are_within_two_hundredths_of_the_best_and_prices_prove_it(start, goal):
    people, places = whole(start), whole(goal)
    matched = match_by_auction(people, places)
    assert np.array_equal(np.sort(matched.place), np.arange(COUNT))
    total = int(whole_squares(people, places[matched.place]).sum())
    best = best_of(people, places, matched.price)
    bound = lower_bound(people, places, matched.price)
    assert bound <= best <= total <= 1.005 * best
    assert total <= 1.02 * bound


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 999), count=st.integers(1, 60), dear=st.sampled_from([1, 10**6, 10**9, 10**11]))
def test_whatever_the_prices_no_assignment_costs_less_than_the_bound(seed, count, dear):
    generator = np.random.default_rng(seed)
    people, places = whole(scattered(seed, count)), whole(scattered(seed + 1, count))
    price = generator.integers(-dear, dear, count)
    assert np.array_equal(
        least_values(people, places, price), (whole_squares(people[:, None], places) + price).min(axis=1)
    )
    assert lower_bound(people, places, price) <= best_of(people, places, np.zeros_like(price))


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 999), count=st.integers(2, 300), most=st.integers(2, 20), step=st.integers(1, 4))
def test_lists_hold_all_that_lies_below_their_bound(seed, count, most, step):
    # A coarse grid makes equals plentiful.
    generator = np.random.default_rng(seed)
    people, places = (generator.integers(-6, 6, (count, 2)) * step for _ in range(2))
    price = generator.integers(0, 9, count)
    value = whole_squares(people[:, None], places) + price
    choices = Choices(people, places, price, most)
    for person in range(count):
        listed = choices.place[person, choices.cost[person] < NEVER]
        assert len(np.unique(listed)) == len(listed) >= 1
        others = np.delete(value[person], listed)
        assert len(others) == 0 or others.min() >= choices.bound[person]
    assert np.array_equal(choices.values(price), value.min(axis=1))


def test_few_and_many_are_given_the_same_lists():
    people, places = whole(block(900, 30)), whole(star(900, 5, 40.0))
    price = np.arange(900) * 1000
    many = Choices(people, places, price, 12)
    for person in (0, 17, 899):
        place, cost, bound = many.place[person].copy(), many.cost[person].copy(), many.bound[person]
        many.renew(np.array([person]), price)
        assert np.array_equal(place, many.place[person])
        assert np.array_equal(cost, many.cost[person])
        assert bound == many.bound[person]


def test_the_order_in_which_equals_are_found_changes_nothing(monkeypatch):
    people, places = whole(block(1600, 40)), whole(block(1600, 80))
    once = match_by_auction(people, places)
    found = nearest._by_tree

    def other_order(people, places, height, most):
        return len(places) - 1 - found(people, places[::-1], height[::-1], most)

    monkeypatch.setattr(nearest, "_by_tree", other_order)
    again = match_by_auction(people, places)
    assert once.place.tobytes() == again.place.tobytes()
    assert once.price.tobytes() == again.price.tobytes()
