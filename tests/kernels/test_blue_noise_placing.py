from __future__ import annotations

import numpy as np
import pytest
from cardstunt.kernels.blue_noise_placing import blue_noise
from cardstunt.kernels.even_placing import even
from cardstunt.kernels.figures import PictureFigure
from cardstunt.kernels.places import FormationError, minimum_distance
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial import KDTree

SQUARE = PictureFigure(np.ones((64, 64)), 40.0)


@settings(max_examples=25, deadline=None)
@given(count=st.integers(1, 900), spacing=st.floats(0.3, 2.0))
def test_count_is_exact_and_spacing_kept_or_what_fits_is_said(count, spacing):
    try:
        places = blue_noise(SQUARE, count, spacing)
    except FormationError as error:
        fits = error.fits
    else:
        fits = count
    places = blue_noise(SQUARE, fits, spacing)
    assert places.shape == (fits, 2)
    assert minimum_distance(places) >= spacing
    assert SQUARE.holds(places).all()
    assert blue_noise(SQUARE, fits, spacing).tobytes() == places.tobytes()


def spectrum(places: np.ndarray, longest: float) -> float:
    """Power of the scatter in waves longer than this, beside that of chance, which is 1."""
    numbers = np.arange(-12, 13)
    waves = np.stack(np.meshgrid(numbers, numbers), axis=-1).reshape(-1, 2) / 40.0
    length = np.hypot(*waves.T)
    waves = waves[(length > 0) & (length < 1.0 / longest)]
    power = abs(np.exp(2j * np.pi * places @ waves.T).sum(axis=0)) ** 2 / len(places)
    return float(power.mean())


def test_the_scatter_has_no_clumps_and_no_gaps():
    count = 900
    places = blue_noise(SQUARE, count, 0.3)
    pitch = np.sqrt(SQUARE.area / (count * np.sqrt(0.75)))
    assert minimum_distance(places) > 0.68 * pitch
    gaps = KDTree(places).query(np.random.default_rng(1).uniform(-19.0, 19.0, (4000, 2)))[0]
    assert gaps.max() < 1.1 * pitch
    assert spectrum(places, 4.0 * pitch) < 0.2


def test_the_scatter_has_no_rows():
    def rows(places: np.ndarray) -> float:
        away = np.diff(places[KDTree(places).query(places, k=2)[1]], axis=1)[:, 0]
        return float(abs(np.exp(6j * np.arctan2(away[:, 1], away[:, 0])).mean()))

    assert rows(blue_noise(SQUARE, 900, 0.3)) < 0.12 < rows(even(SQUARE, 900, 0.3))


def test_too_many_says_how_many_fit_and_what_helps():
    with pytest.raises(FormationError, match="place them 'even'") as caught:
        blue_noise(SQUARE, 5000, 0.8)
    assert 0.6 < caught.value.fits * 0.8**2 / SQUARE.area < 0.75
    assert caught.value.asked == 5000
