from __future__ import annotations

import numpy as np
import pytest
from cardstunt.kernels.figure_placing import PLACINGS
from cardstunt.kernels.figures import PolygonFigure
from cardstunt.kernels.places import FormationError, minimum_distance
from cardstunt.kernels.polygon_placing import polygon
from hypothesis import given, settings
from hypothesis import strategies as st

CORNER = st.tuples(st.floats(-50.0, 50.0), st.floats(-50.0, 50.0))
SQUARE = np.array([[-20.0, -20.0], [20.0, -20.0], [20.0, 20.0], [-20.0, 20.0]])
STAR = np.array([[30.0, 0.0], [-24.0, 18.0], [9.0, -29.0], [9.0, 29.0], [-24.0, -18.0]])  # it crosses itself


def winding(corners: np.ndarray, place: np.ndarray) -> int:
    """How often the outline turns around a place."""
    away = corners - place
    angle = np.arctan2(away[:, 1], away[:, 0])
    turns = np.mod(np.diff(angle, append=angle[0]) + np.pi, 2.0 * np.pi) - np.pi
    return round(float(turns.sum() / (2.0 * np.pi)))


def depth(corners: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Distance to the outline."""
    start, end = corners[None], np.roll(corners, -1, axis=0)[None]
    along = end - start
    share = ((places[:, None] - start) * along).sum(axis=2) / np.maximum((along**2).sum(axis=2), 1e-12)
    nearest = start + np.clip(share, 0.0, 1.0)[..., None] * along
    return np.hypot(*np.moveaxis(places[:, None] - nearest, 2, 0)).min(axis=1)


@pytest.mark.parametrize("placing", PLACINGS)
@settings(max_examples=12, deadline=None)
@given(
    count=st.integers(1, 300),
    corners=st.lists(CORNER, min_size=3, max_size=8),
    spacing=st.floats(0.4, 2.0),
)
def test_count_is_exact_spacing_kept_and_everyone_inside(placing, count, corners, spacing):
    outline = np.array(corners)
    try:
        places = polygon(count, outline, spacing=spacing, placing=placing)
    except FormationError as error:
        refusal = error
    else:
        refusal = None
    if refusal is not None:
        assert refusal.asked == count
        assert 0 <= refusal.fits < count
        count = refusal.fits
        if not count:
            return
        assert str(count) in str(refusal)
        places = polygon(count, outline, spacing=spacing, placing=placing)
    assert places.shape == (count, 2)
    assert places.dtype == np.float64
    assert minimum_distance(places) >= spacing - 2e-6
    clear = places[depth(outline, places) > 1e-6]
    assert all(winding(outline, place) % 2 for place in clear)
    assert polygon(count, outline, spacing=spacing, placing=placing).tobytes() == places.tobytes()


@pytest.mark.parametrize("placing", PLACINGS)
def test_a_polygon_stands_where_its_corners_are(placing):
    corners = np.array([[10.0, -40.0], [30.0, -40.0], [30.0, 5.0]])
    places = polygon(300, corners, placing=placing)
    assert places[:, 0].min() > 10.0
    assert places[:, 0].max() < 30.0
    assert places.mean(axis=0) == pytest.approx(corners.mean(axis=0), abs=0.4)


@pytest.mark.parametrize("placing", PLACINGS)
def test_what_is_enclosed_twice_is_outside(placing):
    places = polygon(200, STAR, placing=placing)
    assert np.hypot(*places.T).min() > 8.0


def test_the_figure_agrees_with_the_winding_number():
    figure = PolygonFigure(STAR)
    grid = np.stack(np.meshgrid(np.linspace(-29, 29, 41), np.linspace(-29, 29, 43)), axis=-1).reshape(-1, 2)
    expected = np.array([winding(STAR - figure.middle, place) % 2 == 1 for place in grid])
    clear = depth(STAR - figure.middle, grid) > 1e-9
    assert np.array_equal(figure.holds(grid)[clear], expected[clear])
    assert figure.area == pytest.approx(grid_area(STAR), rel=0.02)


def grid_area(corners: np.ndarray) -> float:
    across = np.linspace(-30.0, 30.0, 101)[:-1] + 0.3
    return 0.36 * sum(winding(corners, np.array([x, y])) % 2 for x in across for y in across)


def test_a_hair_thin_part_of_a_polygon_is_part_of_it():
    corners = np.array([[0.0, 0.0], [100.0, 0.0], [100.0, 0.02], [0.0, 0.02]])
    assert len(polygon(40, corners, spacing=1.0)) == 40


@pytest.mark.parametrize(
    "corners",
    [
        [[0.0, 0.0], [10.0, 0.0], [20.0, 0.0]],
        [[0.0, 0.0], [10.0, 10.0], [20.0, 20.0]],
        [[5.0, 5.0]] * 4,
    ],
)
@pytest.mark.parametrize("placing", PLACINGS)
def test_a_polygon_without_an_inside_is_refused(corners, placing):
    with pytest.raises(FormationError, match="has no inside") as caught:
        polygon(5, np.array(corners), placing=placing)
    assert caught.value.fits == 0


@pytest.mark.parametrize("corners", [SQUARE[:2], SQUARE[:, :1], np.full((3, 2), np.nan), np.zeros(3)])
def test_what_is_no_polygon_is_refused(corners):
    with pytest.raises(FormationError, match="3 corners or more"):
        polygon(5, corners)


def test_nobody_no_room_and_unknown_placings_are_refused():
    for wrong in ({"count": 0}, {"spacing": 0.0}, {"placing": "random"}):
        with pytest.raises(FormationError):
            polygon(**{"count": 5, "corners": SQUARE, **wrong})


@pytest.mark.parametrize("placing", PLACINGS)
def test_too_many_says_how_many_fit_and_what_helps(placing):
    with pytest.raises(FormationError, match="make it") as caught:
        polygon(5000, SQUARE, spacing=1.0, placing=placing)
    assert (caught.value.asked, len(polygon(caught.value.fits, SQUARE, spacing=1.0, placing=placing))) == (
        5000,
        caught.value.fits,
    )
