from __future__ import annotations

import numpy as np
from cardstunt.kernels import near_pairs
from cardstunt.kernels.near_pairs import Plane
from hypothesis import given
from hypothesis import strategies as st

POINTS = st.lists(
    st.tuples(st.floats(-20, 20).map(lambda x: round(x, 2)), st.floats(-20, 20).map(lambda y: round(y, 2))),
    max_size=25,
)
REACH = st.floats(0.01, 30.0)


def columns(points):
    both = np.array(points, dtype=np.float64).reshape(-1, 2)
    return both[:, 0].copy(), both[:, 1].copy()


def apart(points, others):
    x, y = columns(points)
    other_x, other_y = columns(others)
    return np.hypot(x[:, None] - other_x, y[:, None] - other_y)


def listed(blocks):
    return [pair for one, other in blocks for pair in zip(one.tolist(), other.tolist(), strict=True)]


@given(points=POINTS, reach=REACH)
def test_all_near_pairs_once_and_no_point_with_itself(points, reach):
    found = [tuple(sorted(pair)) for pair in listed(Plane(*columns(points), reach).within())]
    assert len(found) == len(set(found))
    near = {(i, j) for i, j in np.argwhere(apart(points, points) < reach).tolist() if i < j}
    assert near <= set(found)
    assert all(i != j for i, j in found)


@given(points=POINTS, asked=POINTS, reach=REACH)
def test_all_points_near_those_asked_for_once(points, asked, reach):
    found = listed(Plane(*columns(points), reach).around(*columns(asked)))
    assert len(found) == len(set(found))
    assert set(map(tuple, np.argwhere(apart(asked, points) < reach).tolist())) <= set(found)


def test_a_grid_gives_few_more_than_are_near():
    side = np.arange(100) * 1.0
    x, y = (row.ravel() for row in np.meshgrid(side, side))
    assert len(listed(Plane(x, y, 0.9).within())) < len(x)  # one in the next row
    assert len(listed(Plane(x, y, 1.1).within())) < 5 * len(x)  # a row may hold two lines


def test_blocks_stay_small(monkeypatch):
    monkeypatch.setattr(near_pairs, "_AT_ONCE", 100)
    x = np.zeros(80)
    blocks = list(Plane(x, x, 0.5).within())
    assert sum(len(one) for one, _ in blocks) == 80 * 79 // 2
    assert max(len(one) for one, _ in blocks) <= 100
