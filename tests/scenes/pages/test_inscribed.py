from __future__ import annotations

import numpy as np
from cardstunt.scenes.pages.inscribed import largest_rectangles
from hypothesis import given, settings
from hypothesis import strategies as st


def test_a_rectangle_is_its_own():
    found = largest_rectangles(np.array([[0, 0], [1, 0], [1, 1], [0, 1.0]]))
    np.testing.assert_array_equal(found, [[0, 0, 1, 1]])
    found = largest_rectangles(np.array([[0.25, 0.5], [0.75, 0.5], [0.75, 1], [0.25, 1.0]]))
    np.testing.assert_array_equal(found, [[0.25, 0.5, 0.75, 1]])


def test_a_triangle_has_many():
    found = largest_rectangles(np.array([[0, 0], [1, 0], [0, 1.0]]))
    left, bottom, right, top = found.T
    assert len(found) > 100
    np.testing.assert_array_equal(left, 0)
    np.testing.assert_array_equal(bottom, 0)
    np.testing.assert_allclose(right + top, 1, atol=2 / 128)
    assert np.max(right * top) > 0.24


def test_where_there_is_no_room_it_is_all():
    found = largest_rectangles(np.array([[0.5, 0.5], [0.5, 0.5], [0.5, 0.5]]))
    np.testing.assert_array_equal(found, [[0, 0, 1, 1]])


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=3, max_size=9))
def test_none_lies_within_another(corners):
    found = largest_rectangles(np.array(corners))
    left, bottom, right, top = found.T
    assert (left < right).all()
    assert (bottom < top).all()
    within = (left[:, None] >= left) & (bottom[:, None] >= bottom) & (right[:, None] <= right)
    assert not (within & (top[:, None] <= top) & ~np.eye(len(left), dtype=bool)).any()
