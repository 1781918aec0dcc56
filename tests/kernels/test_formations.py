from __future__ import annotations

import numpy as np
import pytest
from cardstunt.kernels import formations
from cardstunt.kernels.formations import FormationError, block, lines, minimum_distance, rings, spiral, wedge
from cardstunt.kernels.places import outside_field
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial import KDTree

SPACINGS = st.floats(0.4, 2.0)
COUNTS = st.integers(1, 1500)
ROUNDING = 2e-6

DRAWN = {
    "block": block,
    "wedge": lambda count, size, spacing: wedge(count, spacing),
    "rings": lambda count, size, spacing: rings(count, size, None, spacing),
    "wide rings": lambda count, size, spacing: rings(count, size, 50.0, spacing),
    "spiral": lambda count, size, spacing: spiral(count, size / 2, None, spacing),
    "wide spiral": lambda count, size, spacing: spiral(count, size / 2, 50.0, spacing),
    "lines": lambda count, size, spacing: lines(count, size, spacing=spacing),
    "waves": lambda count, size, spacing: lines(count, size, spacing=spacing, amplitude=5.0, waves=3.0),
}


@pytest.mark.parametrize("name", DRAWN)
@settings(max_examples=40, deadline=None)
@given(count=COUNTS, size=st.integers(1, 12), spacing=SPACINGS)
def test_count_is_exact_and_spacing_kept_or_what_fits_is_said(name, count, size, spacing):
    try:
        places = DRAWN[name](count, size, spacing)
    except FormationError as error:
        refusal = error
    else:
        refusal = None
    if refusal is not None:
        assert refusal.asked == count
        assert str(count) in str(refusal)
        assert refusal.fits < count
        count = refusal.fits
        if not count:
            return
        places = DRAWN[name](count, size, spacing)
    assert places.shape == (count, 2)
    assert places.dtype == np.float64
    assert minimum_distance(places) >= spacing - ROUNDING


def test_block_is_a_centred_grid_with_rows_across_the_viewer():
    places = block(6, 3, 2.0)
    assert places.tolist() == [[-1, 2], [-1, 0], [-1, -2], [1, 2], [1, 0], [1, -2]]


def test_incomplete_row_of_a_block_is_the_farthest_and_centred():
    places = block(10, 4, 1.0)
    assert places[8:].tolist() == [[1.0, 0.5], [1.0, -0.5]]


def test_rings_have_equal_radii_steps_and_equal_distances_along_them():
    places = rings(300, 4, 40.0)
    radius = np.hypot(*places.T)
    assert sorted(set(radius.round(6))) == [10.0, 20.0, 30.0, 40.0]
    gaps = []
    for ring in (10.0, 20.0, 30.0, 40.0):
        angle = np.sort(np.arctan2(*places[np.isclose(radius, ring)].T))
        steps = np.diff(angle, append=angle[0] + 2 * np.pi)
        assert np.ptp(steps) < 1e-9
        gaps.append(steps[0] * ring)
    assert max(gaps) / min(gaps) < 1.04  # whole people alone keep the rings apart


def test_files_of_a_ring_start_at_angles_of_their_own():
    places = rings(2000, 4, 40.0)
    assert (np.abs(np.arctan2(places[:, 1], places[:, 0])) < 1e-9).sum() <= 1


def test_full_rings_become_several_files_deep_and_keep_their_gaps():
    radius = np.unique(np.hypot(*rings(2000, 4, 40.0).T).round(6))
    gaps = np.diff(radius)
    assert np.isclose(gaps, 0.8).sum() == len(radius) - 4
    assert gaps.max() > 3 * 0.8


def test_rings_without_a_radius_stand_about_a_spacing_apart():
    places = rings(2000, 5, spacing=0.9)
    assert outside_field(places) == 0
    assert np.median(KDTree(places).query(places, k=2)[0][:, 1]) < 0.9 * 1.05


def test_spiral_grows_evenly_with_angle_and_has_equal_distances_along_it():
    places = spiral(400, 4.0, 50.0)
    radius, angle = np.hypot(*places.T), np.unwrap(np.arctan2(-places[:, 1], places[:, 0]))
    assert np.allclose(radius - radius[0], (angle - angle[0]) * 10.0 / (2 * np.pi), atol=1e-4)
    assert np.isclose(radius[-1], 50.0)
    assert np.isclose(angle[-1] - angle[0], 8 * np.pi)
    # Between two people an arm of slope 10 / 2π is integrated finely.
    fine = np.linspace(angle[:-1], angle[1:], 200) - angle[0]
    curve = (10.0 + fine * 10.0 / (2 * np.pi))[..., None] * np.stack([np.cos(fine), np.sin(fine)], axis=-1)
    arcs = np.linalg.norm(np.diff(curve, axis=0), axis=-1).sum(axis=0)
    assert np.ptp(arcs) / arcs.mean() < 1e-3


def test_lines_are_straight_parallel_and_evenly_filled():
    places = lines(60, 3, gap=5.0, spacing=1.0)
    assert np.unique(places[:, 0]).tolist() == [-5.0, 0.0, 5.0]
    for x in (-5.0, 0.0, 5.0):
        assert np.allclose(np.diff(np.sort(places[places[:, 0] == x, 1])), 1.0)


def test_long_lines_become_several_files_deep_and_stay_on_the_field():
    places = lines(1200, 3, gap=5.0, spacing=1.0)
    assert outside_field(places) == 0
    assert len(np.unique(places[:, 0].round(6))) == 9


def test_waved_lines_swing_by_the_amplitude():
    places = lines(150, 1, spacing=1.0, amplitude=6.0, waves=2.0)
    assert np.isclose(np.abs(places[:, 0]).max(), 6.0, atol=0.01)
    along = np.linalg.norm(np.diff(places, axis=0), axis=1)
    assert along.max() / along.min() < 1.01


def test_lines_too_close_for_their_depth_are_refused():
    with pytest.raises(FormationError, match="wider gap") as caught:
        lines(2000, 3, gap=2.0, spacing=1.0)
    assert len(lines(caught.value.fits, 3, gap=2.0, spacing=1.0)) == caught.value.fits
    with pytest.raises(FormationError):
        lines(caught.value.fits + 1, 3, gap=2.0, spacing=1.0)


@settings(deadline=None)
@given(count=st.integers(1, 400))
def test_wedge_is_a_triangular_grid_with_its_point_in_the_east(count):
    places = wedge(count, 1.0)
    assert np.argmax(places[:, 0]) == 0
    if count >= 3:
        nearest = KDTree(places).query(places, k=3)[0]
        assert np.allclose(nearest[:, 1], 1.0)
        assert np.isclose(nearest[0, 2], 1.0)


@pytest.mark.parametrize(
    "draw",
    [
        lambda: block(0, 3),
        lambda: block(5, 0),
        lambda: block(5, 3, 0.0),
        lambda: wedge(5, float("nan")),
        lambda: rings(5, 0),
        lambda: rings(5, 2, -1.0),
        lambda: spiral(5, 0.0),
        lambda: spiral(5, 2.0, 0.0),
        lambda: lines(5, 0),
        lambda: lines(5, 2, 0.0),
        lambda: lines(5, 2, amplitude=-1.0),
    ],
)
def test_numbers_that_draw_nothing_are_refused(draw):
    with pytest.raises(FormationError):
        draw()


def test_too_many_for_rings_says_how_many_fit():
    with pytest.raises(FormationError, match="larger radius") as caught:
        rings(50_000, 5, 30.0)
    assert len(rings(caught.value.fits, 5, 30.0)) == caught.value.fits


def test_minimum_distance_of_few_people():
    assert minimum_distance(np.zeros((1, 2))) == float("inf")
    assert minimum_distance(np.array([[0.0, 0.0], [3.0, 4.0], [30.0, 0.0]])) == 5.0


def test_outside_field_counts_people_beyond_each_side():
    places = np.array([[60.0, 85.0], [60.1, 0.0], [-60.1, 0.0], [0.0, 85.1], [0.0, -85.1], [0.0, 0.0]])
    assert outside_field(places) == 4


def test_one_module_offers_all_formations():
    assert {"block", "rings", "spiral", "lines", "wedge", "star", "mask"} <= set(formations.__all__)
