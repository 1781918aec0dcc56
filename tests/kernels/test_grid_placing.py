from __future__ import annotations

import numpy as np
import pytest
from cardstunt.kernels.grid_placing import FILLS, grid
from cardstunt.kernels.places import FormationError, minimum_distance
from hypothesis import given, settings
from hypothesis import strategies as st

NUMBER = st.none() | st.integers(1, 40)


@settings(max_examples=150, deadline=None)
@given(
    count=st.integers(1, 600),
    columns=NUMBER,
    rows=NUMBER,
    size=st.none() | st.tuples(st.floats(1.0, 90.0), st.floats(1.0, 90.0)),
    fill=st.sampled_from(FILLS),
    spacing=st.floats(0.4, 2.0),
)
def test_count_is_exact_and_spacing_kept_or_what_fits_is_said(count, columns, rows, size, fill, spacing):
    try:
        places = grid(count, columns, rows, size, fill, spacing)
    except FormationError as error:
        refusal = error
    else:
        refusal = None
    if refusal is not None:
        assert refusal.asked == count
        assert refusal.fits is not None
        assert str(refusal.fits) in str(refusal) or refusal.fits == count
        return
    assert places.shape == (count, 2)
    assert minimum_distance(places) >= spacing - 2e-6
    if size is not None:
        assert (np.ptp(places, axis=0) <= np.array(size)[::-1] + 1e-6).all()
    assert grid(count, columns, rows, size, fill, spacing).tobytes() == places.tobytes()


def test_rows_run_across_the_viewer_and_are_filled_from_the_nearest():
    assert grid(4, columns=3, spacing=2.0).tolist() == [[-1, 2], [-1, 0], [-1, -2], [1, 0]]


def test_columns_are_filled_from_the_viewers_left():
    places = grid(4, rows=3, columns=2, fill="columns", spacing=2.0)
    assert sorted(places[places[:, 1] > 0, 0].tolist()) == [-2, 0, 2]
    assert places[places[:, 1] < 0].tolist() == [[0, -1]]


def test_what_is_not_given_follows():
    assert np.ptp(grid(100, spacing=1.0), axis=0).tolist() == [9.0, 9.0]
    assert np.ptp(grid(100, rows=4, spacing=1.0), axis=0).tolist() == [3.0, 24.0]
    assert np.ptp(grid(100, columns=4, spacing=1.0), axis=0).tolist() == [24.0, 3.0]


def test_a_size_is_divided_by_pitch_or_by_number():
    by_pitch = grid(66, size=(10.4, 5.2), spacing=1.0)
    assert np.ptp(by_pitch, axis=0) == pytest.approx([5.2, 10.4])
    assert len(np.unique(by_pitch[:, 1].round(6))) == 11
    by_number = grid(18, columns=6, rows=3, size=(25.0, 8.0))
    assert sorted(set(by_number[:, 1])) == [-12.5, -7.5, -2.5, 2.5, 7.5, 12.5]
    assert sorted(set(by_number[:, 0])) == [-4, 0, 4]


def test_the_middle_and_the_edge_are_filled_with_symmetry():
    for fill, count in (("centre", 9), ("edge", 24 + 16)):
        places = grid(count, 7, 7, fill=fill, spacing=1.0)
        assert {tuple(place) for place in places} == {tuple(-place) for place in places}
    assert np.abs(grid(9, 7, 7, fill="centre", spacing=1.0)).max() == 1
    assert np.abs(grid(24, 7, 7, fill="edge", spacing=1.0)).max(axis=1).min() == 3


def test_spread_leaves_places_free_all_over():
    places = grid(200, 20, 20, fill="spread", spacing=1.0)
    for quarter in range(4):
        up, right = np.array([[1, 1], [1, -1], [-1, 1], [-1, -1]])[quarter]
        assert 45 <= ((places[:, 0] * up > 0) & (places[:, 1] * right > 0)).sum() <= 55
    assert len(np.unique(places, axis=0)) == 200
    for axis in range(2):
        held = np.unique(places[:, axis], return_counts=True)[1]
        assert len(held) == 20
        assert held.max() <= 13


def test_more_people_than_places_says_how_many_there_are():
    with pytest.raises(FormationError, match="4 rows and 5 columns has 20 places, not 21") as caught:
        grid(21, 5, 4)
    assert (caught.value.asked, caught.value.fits) == (21, 20)


def test_a_size_too_small_for_its_numbers_says_what_fits():
    with pytest.raises(FormationError, match=r"stand 0\.50 m apart, not 1 m: at most 3 rows and 6") as caught:
        grid(33, columns=11, rows=3, size=(5.0, 2.0), spacing=1.0)
    assert caught.value.fits == 18
    assert len(grid(18, 6, 3, (5.0, 2.0), spacing=1.0)) == 18


@pytest.mark.parametrize(
    "wrong",
    [
        {"count": 0},
        {"columns": 0},
        {"rows": -1},
        {"size": (0.0, 5.0)},
        {"fill": "diagonal"},
        {"spacing": -1.0},
    ],
)
def test_what_is_no_grid_is_refused(wrong):
    with pytest.raises(FormationError):
        grid(**{"count": 5, **wrong})
