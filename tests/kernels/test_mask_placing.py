from __future__ import annotations

import numpy as np
import pytest
from cardstunt.kernels.figure_placing import PLACINGS
from cardstunt.kernels.mask_placing import mask, star
from cardstunt.kernels.places import FormationError, minimum_distance
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial import KDTree

ROUNDING = 2e-6


def ring_picture(size: int = 120) -> np.ndarray:
    across = (np.arange(size) + 0.5) / size * 2 - 1
    distance = np.hypot(across[:, None], across[None, :])
    return (distance > 0.5) & (distance < 0.9)


def held(picture: np.ndarray, width: float, places: np.ndarray) -> np.ndarray:
    """Which places are in cells of the figure, by the rule that the docstring states."""
    cell = width / picture.shape[1]
    column = np.floor(-places[:, 1] / cell + picture.shape[1] / 2).astype(int)
    row = np.floor(picture.shape[0] / 2 - places[:, 0] / cell).astype(int)
    inside = (row >= 0) & (row < picture.shape[0]) & (column >= 0) & (column < picture.shape[1])
    shown = np.zeros(len(places), dtype=bool)
    shown[inside] = np.asarray(picture, dtype=float)[row[inside], column[inside]] >= 0.5
    return shown


@pytest.mark.parametrize("placing", PLACINGS)
@settings(max_examples=20, deadline=None)
@given(count=st.integers(1, 800), width=st.floats(10.0, 80.0), spacing=st.floats(0.5, 1.5))
def test_count_is_exact_spacing_kept_and_everyone_in_the_figure(placing, count, width, spacing):
    picture = ring_picture()
    try:
        places = mask(count, picture, width, spacing=spacing, placing=placing)
    except FormationError as error:
        refusal = error
    else:
        refusal = None
    if refusal is not None:
        assert 0 <= refusal.fits < count
        assert str(refusal.fits) in str(refusal)
        count = refusal.fits
        if not count:
            return
        places = mask(count, picture, width, spacing=spacing, placing=placing)
    assert places.shape == (count, 2)
    assert minimum_distance(places) >= spacing - ROUNDING
    radius = np.hypot(*places.T) / (width / 2)
    assert radius.min() > 0.5 - 0.03
    assert radius.max() < 0.9 + 0.03


def test_people_are_spread_evenly():
    places = mask(600, ring_picture(), 60.0)
    nearest = KDTree(places).query(places, k=2)[0][:, 1]
    assert nearest.std() / nearest.mean() < 0.12
    for side in (places[:, 0] > 0, places[:, 1] > 0):
        assert abs(side.sum() - 300) < 12


def test_the_border_is_lined_evenly():
    places = mask(600, ring_picture(400), 60.0)
    radius = np.hypot(*places.T)
    pitch = np.median(KDTree(places).query(places, k=2)[0][:, 1])
    outer = radius > radius.max() - 0.7 * pitch
    angle = np.sort(np.arctan2(*places[outer].T))
    gaps = np.diff(angle, append=angle[0] + 2 * np.pi) * radius.max()
    assert gaps.max() < 1.7 * pitch
    assert radius[outer].std() < 0.2 * pitch


def test_picture_lies_upright_for_a_viewer_in_the_west():
    picture = np.zeros((40, 80))
    picture[:10, 60:] = 1.0  # the upper right corner
    places = mask(50, picture, 80.0)
    assert held(picture, 80.0, places).all()
    assert places[:, 0].min() > 9.5
    assert places[:, 1].max() < -19.5


def test_shares_below_a_half_hold_nobody():
    picture = np.full((20, 40), 0.4)
    picture[:, 20:] = 0.9
    assert mask(30, picture, 40.0)[:, 1].max() < 0.5


@pytest.mark.parametrize("placing", PLACINGS)
def test_the_same_picture_gives_the_same_places(placing):
    picture = ring_picture()
    one = mask(333, picture, 60.0, placing=placing)
    assert one.tobytes() == mask(333, picture.astype(float), 60.0, placing=placing).tobytes()


def test_a_picture_that_is_too_small_says_how_wide_it_must_be():
    picture = np.ones((10, 10))
    with pytest.raises(FormationError, match="make it") as caught:
        mask(1000, picture, 10.0)
    wide = float(str(caught.value).partition("make it ")[2].split()[0])
    assert len(mask(1000, picture, wide)) == 1000


@pytest.mark.parametrize(
    ("count", "picture", "width"),
    [
        (0, np.ones((3, 3)), 10.0),
        (5, np.zeros((3, 3)), 10.0),
        (5, np.full((3, 3), np.nan), 10.0),
        (5, np.ones(3), 10.0),
        (5, np.ones((0, 3)), 10.0),
        (5, np.ones((3, 3)), 0.0),
        (5, np.ones((3, 3)), float("inf")),
    ],
)
def test_what_is_no_figure_is_refused(count, picture, width):
    with pytest.raises(FormationError):
        mask(count, picture, width)


@pytest.mark.parametrize("points", [3, 5, 8])
def test_star_has_its_points_at_the_radius_and_notches_between(points):
    places = star(900, points, 40.0)
    assert len(places) == 900
    assert minimum_distance(places) >= 0.8 - ROUNDING
    radius, angle = np.hypot(*places.T), np.arctan2(-places[:, 1], places[:, 0])
    from_point = np.abs(np.mod(angle + np.pi / points, 2 * np.pi / points) - np.pi / points)
    assert 37.0 < radius.max() < 40.1
    assert from_point[np.argmax(radius)] < 0.06
    assert radius[from_point > 0.9 * np.pi / points].max() < 0.45 * 40.0 * 1.25
    assert places[:, 0].max() > 36.0  # one point is away from the viewer


def test_star_without_a_radius_is_as_small_as_its_spacing_lets_it_be():
    places = star(500, spacing=1.0)
    nearest = KDTree(places).query(places, k=2)[0][:, 1]
    assert nearest.min() >= 1.0 - ROUNDING
    assert np.median(nearest) < 1.12


@pytest.mark.parametrize("wrong", [{"points": 2}, {"inner": 1.0}, {"inner": 0.0}, {"radius": 0.0}])
def test_what_is_no_star_is_refused(wrong):
    with pytest.raises(FormationError):
        star(10, **wrong)


def test_too_many_for_the_largest_star_says_how_many_fit():
    with pytest.raises(FormationError) as caught:
        star(60_000)
    assert caught.value.fits > 1000
