from __future__ import annotations

import numpy as np
import pytest
from cardstunt.kernels.even_placing import _trim, even, hexagonal, push_apart
from cardstunt.kernels.figures import PictureFigure
from cardstunt.kernels.places import FormationError, minimum_distance


def disc(width: float) -> PictureFigure:
    across = np.linspace(-1.0, 1.0, 400)
    return PictureFigure((np.hypot(across[:, None], across[None, :]) < 1.0).astype(float), width)


def test_those_too_many_are_taken_off_all_around():
    figure = disc(30.0)
    full = hexagonal(figure, 1.0, 0)
    left = _trim(figure, 1.0, full, round(0.8 * len(full)))
    assert len(left) == round(0.8 * len(full))
    kept = np.hypot(*left.T)
    gone = np.sort(np.hypot(*full.T))[len(left) :]
    assert kept.max() < gone.min() + 0.3


def test_a_disc_is_filled_evenly_to_its_border():
    places = even(disc(30.0), 400, 0.8)
    radius = np.hypot(*places.T)
    assert 14.0 < radius.max() < 15.05
    # As many in each ring of equal area.
    shares = np.histogram(radius**2, bins=5, range=(0.0, 15.0**2))[0]
    assert shares.min() > 60
    assert minimum_distance(places) > 0.8


def test_pushed_pairs_keep_their_distance_and_stay_inside():
    start = hexagonal(disc(30.0), 1.5, 0)
    crowded = np.concatenate([start, start[::15] + np.array([0.05, 0.0])])
    apart = push_apart(disc(30.0), crowded, 0.8)
    assert minimum_distance(crowded) < 0.1
    assert minimum_distance(apart) >= 0.8
    assert disc(30.0).holds(apart).all()


def test_too_many_says_how_many_fit():
    with pytest.raises(FormationError) as caught:
        even(disc(10.0), 1000, 0.8)
    assert len(even(disc(10.0), caught.value.fits, 0.8)) == caught.value.fits
