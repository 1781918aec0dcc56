from __future__ import annotations

import numpy as np
import pytest
from cardstunt.kernels.places import FormationError, minimum_distance
from cardstunt.kernels.round_figures import arcs
from hypothesis import given, settings
from hypothesis import strategies as st


def angle_of(places: np.ndarray) -> np.ndarray:
    return np.arctan2(-places[:, 1], places[:, 0])


@settings(max_examples=60, deadline=None)
@given(
    count=st.integers(1, 900),
    number=st.integers(1, 8),
    radius=st.none() | st.floats(5.0, 55.0),
    first=st.floats(-3.0, 3.0),
    swept=st.floats(0.2, 2.0 * np.pi),
    gap=st.none() | st.floats(0.5, 5.0),
    spacing=st.floats(0.4, 2.0),
)
def test_count_is_exact_and_spacing_kept_or_what_fits_is_said(
    count, number, radius, first, swept, gap, spacing
):
    options = {"radius": radius, "first": first, "last": first + swept, "gap": gap, "spacing": spacing}
    try:
        places = arcs(count, number, **options)
    except FormationError as error:
        refusal = error
    else:
        refusal = None
    if refusal is not None:
        assert refusal.asked == count
        if not refusal.fits:
            return
        assert refusal.fits < count
        count = refusal.fits
        places = arcs(count, number, **options)
    assert places.shape == (count, 2)
    assert minimum_distance(places) >= spacing - 2e-6
    from_first = np.mod(angle_of(places) - first + 1e-6, 2.0 * np.pi)
    assert from_first.max() <= swept + 2e-6
    assert arcs(count, number, **options).tobytes() == places.tobytes()


def test_arcs_reach_from_angle_to_angle_and_are_even():
    places = arcs(120, 3, 30.0, np.radians(-45.0), np.radians(90.0), gap=4.0)
    radius = np.hypot(*places.T)
    assert sorted(set(radius.round(6))) == [22.0, 26.0, 30.0]
    for one in (22.0, 26.0, 30.0):
        angle = np.sort(angle_of(places[np.isclose(radius, one)]))
        assert angle[[0, -1]] == pytest.approx([np.radians(-45.0), np.radians(90.0)])
        assert np.ptp(np.diff(angle)) < 1e-9


def test_without_a_gap_arcs_step_evenly_from_the_centre():
    radius = np.hypot(*arcs(60, 3, 30.0).T)
    assert sorted(set(radius.round(6))) == [10.0, 20.0, 30.0]


def test_arcs_about_the_viewers_axis_are_mirror_images():
    places = arcs(90, 3, 30.0, -1.0, 1.0, gap=4.0)
    mirrored = {tuple(place) for place in (places * [1, -1]).round(6) + 0.0}
    assert mirrored == {tuple(place) for place in places.round(6) + 0.0}


def test_a_whole_turn_has_nobody_twice():
    places = arcs(60, 1, 20.0, 0.0, 2.0 * np.pi)
    angle = np.sort(angle_of(places))
    assert np.ptp(np.diff(angle, append=angle[0] + 2.0 * np.pi)) < 1e-9


def test_full_arcs_become_several_files_deep():
    radius = np.unique(np.hypot(*arcs(400, 2, 30.0, -1.0, 1.0, gap=6.0).T).round(6))
    assert len(radius) > 4
    assert np.isclose(np.diff(radius), 0.8).sum() == len(radius) - 2


def test_too_many_for_arcs_says_how_many_fit():
    with pytest.raises(FormationError, match=r"3 arcs of 30\.0 m radius hold \d+ people") as caught:
        arcs(9000, 3, 30.0)
    assert len(arcs(caught.value.fits, 3, 30.0)) == caught.value.fits


@pytest.mark.parametrize(
    "wrong",
    [
        {"count": 0},
        {"arcs": 0},
        {"radius": 0.0},
        {"gap": 0.0},
        {"first": 1.0, "last": 1.0},
        {"first": 0.0, "last": 7.0},
        {"radius": 8.0, "gap": 4.0},
    ],
)
def test_what_is_no_arc_is_refused(wrong):
    with pytest.raises(FormationError):
        arcs(**{"count": 10, "arcs": 3, **wrong})
