"""Who is seen from near is detailed, and neighbours do not look alike."""

from __future__ import annotations

import numpy as np
import pytest
from cardstunt.blender_addon.card_people.bodies import FAR, LOOKS, MIDDLE, NEAR
from cardstunt.blender_addon.card_people.levels import MOST_NEAR, SHARES, levels, looks, picture_shares
from cardstunt.kernels.film_views import FilmViews

ROWS, COLUMNS = 80, 250
ROW, COLUMN = np.divmod(np.arange(ROWS * COLUMNS), COLUMNS)
PLACES = np.stack([0.8 * ROW, 0.55 * (COLUMN - 124.5), 0.4 * ROW], -1)


def views(*cameras):
    """Cameras that look along +X: (x, y, z, half the picture's width a metre ahead)."""
    count = len(cameras)
    places, tangents = np.array([camera[:3] for camera in cameras], float), [camera[3] for camera in cameras]
    ways = (np.tile(axis, (count, 1)).astype(float) for axis in ((1, 0, 0), (0, -1, 0), (0, 0, 1)))
    return FilmViews(places, *ways, np.array([(tangent, tangent * 9 / 16) for tangent in tangents]))


def test_without_views_all_are_of_the_middle_detail():
    assert (levels(PLACES, None) == MIDDLE).all()


def test_no_camera_sees_anybody():
    assert (levels(PLACES, views((500, 0, 0, 0.3))) == FAR).all()


def test_whoever_is_near_is_detailed():
    # 12 m before the front row, a picture of 4 m across there.
    level = levels(PLACES, views((-12, 0, 0.5, 1 / 6)))
    near = PLACES[level == NEAR]
    assert 5 < len(near) < 250
    assert np.abs(near[:, 1]).max() < 6
    assert (level == FAR).sum() > 0.9 * len(level)


def test_a_long_lens_brings_people_near():
    for distance, tangent, wanted in (
        (10, 0.2, NEAR),
        (100, 0.02, NEAR),
        (100, 0.2, MIDDLE),
        (300, 0.3, FAR),
    ):
        assert levels(PLACES[[124]], views((-distance, 0, 1.0, tangent)))[0] == wanted


def test_the_nearest_of_several_cameras_counts():
    both = views((-150, 0, 1, 0.5), (-100, 0, 1, 0.02))
    assert picture_shares(PLACES[[124]], both)[0] == pytest.approx(1 / (2 * 0.02 * 100), rel=0.01)
    assert picture_shares(PLACES[[0]], both)[0] < 0.02


def test_only_so_many_are_detailed_and_these_are_seen_largest():
    all_near = views(
        (-3, 0, 14, 0.9), (-3, 40, 14, 0.9), (-3, -40, 14, 0.9), (-20, 0, 10, 0.12), (-20, 0, 10, 0.1)
    )
    level, shares = levels(PLACES, all_near), picture_shares(PLACES, all_near)
    assert (shares >= SHARES[0]).sum() > MOST_NEAR == (level == NEAR).sum()
    assert shares[level == NEAR].min() >= shares[level != NEAR].max()


def test_neighbours_do_not_look_alike():
    number = np.arange(ROWS * COLUMNS)
    for detail in (NEAR, MIDDLE, FAR):
        look = looks(7, np.full(number.size, detail), number, COLUMNS)
        known = len(LOOKS[detail])
        assert look.min() == 0
        assert look.max() == known - 1
        same = (np.diff(look.reshape(ROWS, COLUMNS), axis=1) == 0).mean()
        assert same < 0.3 or known == 1
        assert same < 0.05 or known < 5
        share = np.bincount(look, minlength=known) / number.size
        assert np.abs(share - 1 / known).max() < 0.02
    assert (
        looks(8, np.full(number.size, NEAR), number, COLUMNS)
        != looks(7, np.full(number.size, NEAR), number, COLUMNS)
    ).any()


def test_looks_are_known_at_each_level():
    number = np.flatnonzero(COLUMN % 7 != 3)
    level = np.random.default_rng(1).integers(0, 3, number.size)
    look = looks(7, level, number, COLUMNS)
    assert all(look[level == detail].max() < len(LOOKS[detail]) for detail in range(3))
