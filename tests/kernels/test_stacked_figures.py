from __future__ import annotations

import numpy as np
import pytest
from cardstunt.kernels.places import FormationError, minimum_distance
from cardstunt.kernels.stacked_figures import STACKS, stacked
from hypothesis import given, settings
from hypothesis import strategies as st

BEARERS = {"wall": 2, "pyramid": 4, "tower": 1}


@settings(max_examples=80, deadline=None)
@given(
    count=st.integers(1, 300),
    base=st.integers(1, 6),
    stack=st.sampled_from(STACKS),
    columns=st.none() | st.integers(1, 9),
)
def test_everyone_stands_on_the_ground_or_on_bearers(count, base, stack, columns):
    found = stacked(count, base, stack, columns, step=1.4, between=0.5)
    assert found.places.shape == (count, 2)
    assert np.array_equal(found.height, found.level * 1.4)
    up = found.level > 0
    below = found.bearers[up]
    assert ((below >= 0).sum(axis=1) == BEARERS[stack]).all()
    assert (found.bearers[~up] == -1).all()
    bearing = below[:, : BEARERS[stack]]
    assert (bearing < np.flatnonzero(up)[:, None]).all()
    assert (found.level[bearing] == found.level[up][:, None] - 1).all()
    assert (found.group[bearing] == found.group[up][:, None]).all()
    # Each is over the middle of those who bear them.
    assert np.allclose(found.places[bearing].mean(axis=1), found.places[up])
    for level in range(base):
        assert minimum_distance(found.places[found.level == level]) >= 0.5 - 1e-9
    whole = np.column_stack([found.places, found.height])
    assert len(np.unique(whole.round(6), axis=0)) == count


def test_a_wall_and_a_pyramid_have_their_numbers():
    assert np.bincount(stacked(10, 4).level).tolist() == [4, 3, 2, 1]
    assert np.bincount(stacked(30, 4, "pyramid").level).tolist() == [16, 9, 4, 1]
    assert np.bincount(stacked(3, 3, "tower").level).tolist() == [1, 1, 1]


def test_the_last_figure_is_built_from_the_ground_up():
    found = stacked(16, 4)
    assert found.group.tolist() == [0] * 10 + [1] * 6
    assert found.level[10:].tolist() == [0, 0, 0, 0, 1, 1]


def test_figures_leave_room_between_each_other_and_the_whole_is_centred():
    found = stacked(40, 4, columns=2, spacing=3.0, between=0.5)
    right = -found.places[:, 1]
    one, other = right[found.group == 0], right[found.group == 1]
    assert other.min() - one.max() == pytest.approx(3.0)
    ground = found.places[found.height == 0]
    assert np.abs(ground.min(axis=0) + ground.max(axis=0)).max() < 1e-9


@pytest.mark.parametrize(
    "wrong",
    [
        {"count": 0},
        {"base": 0},
        {"stack": "heap"},
        {"columns": 0},
        {"spacing": 0.2},
        {"step": 0.0},
        {"between": float("nan")},
    ],
)
def test_what_cannot_stand_is_refused(wrong):
    with pytest.raises(FormationError):
        stacked(**{"count": 10, **wrong})
