from __future__ import annotations

import numpy as np
import pytest
from cardstunt.kernels.curves import Bent, bent, bent_ways, railed_ways, shortest
from cardstunt.kernels.rails import Rails
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.polynomial.legendre import leggauss

SHARES = np.linspace(0.0, 1.0, 401)[:, None]


def ways(scene: int) -> Bent:
    random = np.random.default_rng(scene)
    origin, goal = random.uniform(-20, 20, (2, 9, 2))
    bow = random.uniform(-3, 3, 9) * (random.random(9) < 0.5)
    return bent_ways(np.arange(9), origin, goal, bow, random.uniform(-4, 4, (2, 2)))


@settings(deadline=None, max_examples=40)
@given(scene=st.integers(0, 1 << 20))
def test_a_bent_way_has_its_ends_and_the_length_and_direction_of_its_places(scene):
    one = ways(scene)
    x, y = one.places(SHARES)
    assert (x[[0, -1]] == np.stack([one.origin[:, 0], one.goal[:, 0]])).all()
    assert (y[[0, -1]] == np.stack([one.origin[:, 1], one.goal[:, 1]])).all()
    pieces = np.hypot(np.diff(x, axis=0), np.diff(y, axis=0))
    assert one.length == pytest.approx(pieces.sum(axis=0), rel=2e-3)
    behind = one.behind(SHARES)
    assert (behind[0] == 0.0).all()
    assert (behind[-1] == 1.0).all()
    walked = np.cumsum(pieces, axis=0) / pieces.sum(axis=0)
    assert np.abs(behind[1:] - walked).max() < 5e-3
    middle = (SHARES[1:] + SHARES[:-1]) / 2
    towards = np.arctan2(np.diff(y, axis=0), np.diff(x, axis=0))
    sure = pieces > 0.05 * one.length / len(pieces)  # where the way does not nearly stand still
    assert np.abs(shortest(one.heading(middle) - towards))[sure].max() < 0.05
    assert one.stretch(middle)[sure] / 400 == pytest.approx(pieces[sure], rel=0.02)


def test_heading_runs_on_where_the_way_leads_round():
    loop = bent_ways(
        np.arange(1),
        np.array([[0.0, 0.0]]),
        np.array([[1.0, 0.0]]),
        np.zeros(1),
        np.array([[20.0, 9.0], [-20.0, 9.0]]),
    )
    heading = loop.heading(SHARES)[:, 0]
    assert np.abs(np.diff(heading)).max() < 0.3
    assert heading[-1] - heading[0] > np.pi


def test_a_bend_is_the_bezier_curve_with_its_control_points_moved():
    points = np.array([[1.0, 2.0], [4.0, 3.0], [7.0, 4.0], [10.0, 5.0]])
    bend = np.array([[2.0, -3.0], [-1.0, 5.0]])
    one = bent_ways(np.arange(1), points[:1], points[3:], np.zeros(1), bend)
    moved = points + np.concatenate([[[0.0, 0.0]], bend, [[0.0, 0.0]]])
    weights = np.concatenate(
        [(1 - SHARES) ** 3, 3 * SHARES * (1 - SHARES) ** 2, 3 * SHARES**2 * (1 - SHARES), SHARES**3], axis=1
    )
    assert np.stack(one.places(SHARES), axis=2)[:, 0] == pytest.approx(weights @ moved)
    assert (np.stack(bent(np.array([0.0, 1.0]), bend)) == 0.0).all()


def test_the_length_against_gauss_s_rule():
    one = ways(5)
    at, weight = leggauss(60)
    stretch = one.stretch((at[:, None] + 1) / 2)
    assert one.length == pytest.approx(weight @ stretch / 2, rel=1e-4)


def test_some_of_the_people_walk_as_they_do_among_all():
    one = ways(6)
    part = one.some(slice(2, 5))
    assert (part.heading(SHARES) == one.heading(SHARES)[:, 2:5]).all()
    assert (part.behind(SHARES) == one.behind(SHARES)[:, 2:5]).all()
    turned = one.turned(np.full(9, 2 * np.pi))
    assert turned.heading(SHARES) - one.heading(SHARES) == pytest.approx(2 * np.pi)


def test_along_a_rail_and_back():
    corners = np.array([[0.0, 0.0], [4.0, 0.0], [4.0, 4.0]])
    begin, end = np.array([[np.nan, np.nan], [0.0, 8.0]]), np.array([[0.0, 0.0], [8.0, 2.0]])
    rails = Rails(corners, np.array([0.0, 4.0, 8.0]), begin, end)
    origin, goal = np.array([[0.005, 0.0], [4.0, 4.0]]), np.array([[4.0, 4.0], [2.0, 0.0]])
    way = railed_ways(np.arange(2), origin, goal, rails, 1)
    x, y = way.places(np.array([[0.0], [0.5], [1.0]]))
    assert x.tolist() == [[0.005, 4.0], [pytest.approx(4.0025), 4.0], [4.0, 2.0]]
    assert y.tolist() == [[0.0, 4.0], [0.0, 1.0], [4.0, 0.0]]
    assert way.length.tolist() == [8.0, 6.0]
    forth, back = way.heading(np.array([[0.0], [1.0]])).T
    assert forth == pytest.approx([0.0, np.pi / 2])
    assert back == pytest.approx([3 * np.pi / 2, np.pi])
    assert (way.behind(SHARES) == SHARES).all()
