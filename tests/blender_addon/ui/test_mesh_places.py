"""Places on meshes: an exact count on faces or at vertices, the spacing kept, or how many fit."""

from __future__ import annotations

import numpy as np
import pytest
from cardstunt.blender_addon.ui.mesh_places import FacesFigure, on_faces, on_vertices
from cardstunt.kernels.places import FormationError, minimum_distance
from hypothesis import given, settings
from hypothesis import strategies as st

SQUARE = np.array([[-10, -10, 0], [10, -10, 0], [10, 10, 0], [-10, 10, 0]], float)
HALVES = np.array([[0, 1, 2], [0, 2, 3]])


def inside(corners, place):
    """Whether a place is in a triangle, by the areas of the three that it makes with its sides."""
    (a, b, c), p = corners, place
    cross = [
        (v[0] - u[0]) * (p[1] - u[1]) - (v[1] - u[1]) * (p[0] - u[0]) for u, v in ((a, b), (b, c), (c, a))
    ]
    return min(cross) >= -1e-9 or max(cross) <= 1e-9


@given(st.integers(1, 40), st.integers(0, 2**32 - 1))
@settings(max_examples=25, deadline=None)
def test_a_place_is_covered_when_it_is_in_any_triangle(faces, seed):
    dice = np.random.default_rng(seed)
    corners = dice.uniform(-20, 20, (faces, 1, 2)) + dice.normal(0, dice.uniform(0.2, 8), (faces, 3, 2))
    figure = FacesFigure(corners)
    places = dice.uniform(-30, 30, (200, 2))
    expected = [any(inside(triangle, place) for triangle in corners) for place in places]
    assert figure.holds(places - figure.middle).tolist() == expected


def test_thin_faces_have_an_area():
    arm = np.array([[[-50, -0.01], [50, -0.01], [50, 0.01]]], float)
    figure = FacesFigure(np.concatenate([arm, arm[..., ::-1]]))
    assert 0.5 < figure.area < 3


def test_overlapping_faces_cover_once():
    one = np.array([[[0, 0], [10, 0], [0, 10]]], float)
    assert FacesFigure(one).area == pytest.approx(50, rel=0.01)
    assert FacesFigure(np.concatenate([one, one, one[:, ::-1]])).area == pytest.approx(50, rel=0.01)
    beside = np.concatenate([one, one + np.array([20, 0])])
    assert FacesFigure(beside).area == pytest.approx(100, rel=0.01)


@pytest.mark.parametrize("placing", ["even", "blue_noise", "centroidal"])
@pytest.mark.parametrize("count", [1, 7, 250])
def test_faces_are_filled_with_an_exact_count(placing, count):
    places = on_faces(SQUARE, HALVES, count, 0.8, placing)
    assert places.shape == (count, 2)
    assert np.abs(places).max() <= 10 + 1e-9
    assert minimum_distance(places) >= 0.8 - 1e-6
    assert np.array_equal(places, on_faces(SQUARE, HALVES, count, 0.8, placing))
    if count == 250:
        # Spread over all of it: each quarter has its share.
        quarters = np.bincount((places > 0) @ [1, 2], minlength=4)
        assert quarters.min() > 45


def test_places_lie_in_the_world_as_the_mesh_does():
    moved = SQUARE * [1, 0.5, 1] + [30, -50, 4]
    places = on_faces(moved, HALVES, 60, 0.8)
    assert (places >= [20, -55]).all()
    assert (places <= [40, -45]).all()
    assert np.ptp(places, axis=0) == pytest.approx([19, 9], abs=1.5)


def test_holes_stay_free():
    ring = np.concatenate([SQUARE, SQUARE * 0.5])
    sides = [(at, (at + 1) % 4, 4 + at) for at in range(4)]
    sides += [((at + 1) % 4, 4 + (at + 1) % 4, 4 + at) for at in range(4)]
    places = on_faces(ring, np.array(sides), 180, 0.8)
    assert (np.abs(places).max(axis=1) >= 5 - 1e-9).all()


def test_a_body_is_seen_from_above():
    top = SQUARE + np.array([0, 0, 3])
    body = np.concatenate([SQUARE, top])
    walls = [(0, 1, 4), (1, 5, 4), (2, 3, 6), (3, 7, 6)]
    faces = np.concatenate([HALVES, HALVES + 4, walls])
    assert np.array_equal(on_faces(body, faces, 100, 0.8), on_faces(SQUARE, HALVES, 100, 0.8))


@pytest.mark.parametrize("placing", ["even", "blue_noise", "centroidal"])
def test_too_few_places_say_how_many_fit(placing):
    with pytest.raises(FormationError, match="not 2000") as caught:
        on_faces(SQUARE, HALVES, 2000, 0.8, placing)
    assert 0 < caught.value.fits < 2000
    assert str(caught.value.fits) in str(caught.value)
    # That many do fit.
    assert len(on_faces(SQUARE, HALVES, caught.value.fits, 0.8, placing)) == caught.value.fits


@pytest.mark.parametrize(
    ("vertices", "triangles"),
    [
        (SQUARE, np.empty((0, 3), int)),
        (SQUARE[:, [0, 2, 1]], HALVES),
        (SQUARE * 1e-5, HALVES),
        (np.zeros((0, 3)), np.empty((0, 3), int)),
    ],
    ids=["no faces", "on edge", "a speck", "empty"],
)
def test_nothing_to_stand_on(vertices, triangles):
    with pytest.raises(FormationError, match="nothing to stand on") as caught:
        on_faces(vertices, triangles, 5, 0.8)
    assert caught.value.fits == 0


def test_vertices_are_places_in_their_order():
    vertices = np.array([[3, 4, 1], [-3, 4, 2], [0, 0, 0], [3, 4, 9]], float)
    places = on_vertices(vertices, 3, 0.8)
    assert places.tolist() == [[3, 4], [-3, 4], [0, 0]]


@pytest.mark.parametrize(("count", "said"), [(5, "1 too few for 5"), (3, "1 too many for 3")])
def test_vertices_must_be_as_many_as_people(count, said):
    with pytest.raises(FormationError, match=said) as caught:
        on_vertices(SQUARE, count, 0.8)
    assert caught.value.fits == 4


def test_vertices_keep_the_spacing():
    row = np.stack([np.arange(6) * 0.5, np.zeros(6), np.zeros(6)], -1)
    with pytest.raises(FormationError, match=r"0\.5 m apart.*3 of 6 people") as caught:
        on_vertices(row, 6, 0.8)
    assert caught.value.fits == 3
    assert len(on_vertices(row, 6, 0.5)) == 6


@pytest.mark.parametrize("shift", [(70, 0, 0), (0, -80, 0)])
def test_nobody_stands_off_the_field(shift):
    for call in (
        lambda: on_vertices(SQUARE + shift, 4, 0.8),
        lambda: on_faces(SQUARE + shift, HALVES, 40, 0.8),
    ):
        with pytest.raises(FormationError, match="outside the field"):
            call()


def test_nobody_and_nowhere():
    with pytest.raises(FormationError, match="at least one person"):
        on_vertices(SQUARE, 0, 0.8)
    with pytest.raises(FormationError, match="at least one person"):
        on_faces(SQUARE, HALVES, 0, 0.8)
    bad = SQUARE.copy()
    bad[0, 0] = np.nan
    for call in (lambda: on_vertices(bad, 4, 0.8), lambda: on_faces(bad, HALVES, 4, 0.8)):
        with pytest.raises(FormationError, match="not a number"):
            call()


def test_many_faces():
    side = np.linspace(-50, 50, 60)
    vertices = np.stack([*np.meshgrid(side, side), np.zeros((60, 60))], -1).reshape(-1, 3)
    first = (np.arange(59)[:, None] * 60 + np.arange(59)).ravel()
    faces = np.concatenate(
        [np.stack([first, first + 1, first + 60], -1), np.stack([first + 1, first + 61, first + 60], -1)]
    )
    places = on_faces(vertices, faces, 2000, 0.8)
    assert len(places) == 2000
    assert minimum_distance(places) >= 0.8 - 1e-6
