from __future__ import annotations

import numpy as np
from cardstunt.kernels import centroidal as room
from cardstunt.kernels.centroidal import centroidal
from cardstunt.kernels.even_placing import even
from cardstunt.kernels.figures import PictureFigure, raster
from cardstunt.kernels.places import minimum_distance
from scipy.spatial import KDTree


def disc(width: float) -> PictureFigure:
    across = np.linspace(-1.0, 1.0, 400)
    return PictureFigure((np.hypot(across[:, None], across[None, :]) < 1.0).astype(float), width)


def spread(figure: PictureFigure, places: np.ndarray) -> float:
    """Mean squared distance of the figure's places from whoever is nearest, in people's own parts of it."""
    middles, inside = raster(figure, 0.1)
    squares = KDTree(places).query(middles[inside])[0] ** 2
    return float(squares.mean() * len(places) / figure.area)


def test_everyone_is_in_the_middle_of_their_own_part():
    figure = disc(30.0)
    places = centroidal(figure, 300, 0.8)
    middles, inside = raster(figure, 0.1)
    cells = middles[inside]
    owner = KDTree(places).query(cells)[1]
    size = np.bincount(owner, minlength=300)
    middle = np.stack([np.bincount(owner, cells[:, axis]) for axis in range(2)], axis=1) / size[:, None]
    away = np.hypot(*(middle - places).T)
    assert np.median(away) < 0.05
    assert size.std() / size.mean() < 0.12


def test_it_spreads_people_nearly_as_well_as_hexagons_can():
    places = centroidal(disc(30.0), 300, 0.8)
    # 5 / (18 sqrt 3) is the mean square for hexagons, the least there is (L. Fejes Toth).
    assert 0.155 < spread(disc(30.0), places) < 0.173


def test_rows_have_no_one_direction_in_all_of_the_figure():
    def order(places: np.ndarray) -> float:
        inner = places[np.hypot(*places.T) < 11.0]
        near = KDTree(places).query(inner, k=7)[1][:, 1:]
        away = places[near] - inner[:, None]
        return float(abs(np.exp(6j * np.arctan2(away[..., 1], away[..., 0])).mean()))

    assert order(centroidal(disc(30.0), 600, 0.2)) < 0.6 * order(even(disc(30.0), 600, 0.2))


def test_where_there_is_no_room_people_stand_in_a_grid(monkeypatch):
    figure = disc(20.0)
    assert centroidal(figure, 520, 0.8).tobytes() == even(figure, 520, 0.8).tobytes()
    monkeypatch.setattr(room, "_TOO_DENSE", 10.0)
    places = centroidal(figure, 520, 0.8)  # the tessellation itself is tried and cannot keep the spacing
    assert minimum_distance(places) >= 0.8 - 1e-6


def test_a_figure_of_a_few_cells_holds_one():
    picture = np.zeros((50, 50))
    picture[20, 30] = 1.0
    assert PictureFigure(picture, 50.0).holds(centroidal(PictureFigure(picture, 50.0), 1, 0.8)).all()
