from __future__ import annotations

import math

import numpy as np
import pytest
from cardstunt.scenes.camera_paths import camera_path, camera_places, middle_of, place_of
from cardstunt.scenes.feasibility.viewpoint import cards_of, viewpoint
from cardstunt.scenes.load import load_show
from cardstunt.scenes.pages.audience import camera_place
from cardstunt.scenes.schema_film import Shot
from cardstunt.scenes.schema_page import Page
from cardstunt.scenes.seats import seat_map
from hypothesis import given
from hypothesis import strategies as st

MIDDLE = np.array([90.0, 0.0, 20.0])
PROGRESS = np.linspace(0, 1, 41)


def shot(**camera):
    return Shot.model_validate({"name": "a", "show": (0, 1), "lens": 0.05, "camera": camera})


def orbit(look_at="field", start=0.0, end=math.pi / 2):
    move = {"height": 40.0, "radius": 150.0, "from_": start, "to": end, "look_at": look_at}
    return shot(orbit=move)


def push(look_at="card_section", start=(-150.0, 10.0, 60.0), end=(-50.0, 40.0, 20.0)):
    return shot(push={"from_": start, "to": end, "look_at": look_at})


def look_down(turn=0.0):
    return shot(look_down={"height": 200.0, "from_": (40.0, -10.0), "to": (60.0, 20.0), "turn": turn})


SHOTS = (orbit(), orbit("card_section"), push(), push((1.0, 2.0, 3.0)), look_down(0.4))


@pytest.mark.parametrize(
    ("of", "places"),
    [
        (orbit(), [[150, 0, 40], [150 * math.sqrt(0.5), 150 * math.sqrt(0.5), 40], [0, 150, 40]]),
        (push(), [[-150, 10, 60], [-100, 25, 40], [-50, 40, 20]]),
        (look_down(), [[40, -10, 200], [50, 5, 200], [60, 20, 200]]),
    ],
)
def test_a_camera_goes_the_way_that_its_shot_says(of, places):
    np.testing.assert_allclose(camera_places(of, [0, 0.5, 1]), places, atol=1e-9)
    np.testing.assert_array_equal(camera_path(of, [0, 0.5, 1], MIDDLE).places, camera_places(of, [0, 0.5, 1]))


@pytest.mark.parametrize("of", SHOTS)
def test_one_moment_is_that_of_many(of):
    many = camera_path(of, PROGRESS, MIDDLE)
    for number in (0, 13, 40):
        one = camera_path(of, float(PROGRESS[number]), MIDDLE)
        for name in ("places", "targets", "right", "up", "forward"):
            assert getattr(one, name).shape == (1, 3)
            np.testing.assert_allclose(getattr(one, name)[0], getattr(many, name)[number], atol=1e-12)
    assert many.lens == 0.05


@pytest.mark.parametrize(
    ("look_at", "target"),
    [("card_section", MIDDLE), ("field", (0, 0, 1)), ((1.0, 2.0, 3.0), (1, 2, 3))],
)
@pytest.mark.parametrize("make", [orbit, push])
def test_a_camera_looks_at_what_it_is_told_to(make, look_at, target):
    path = camera_path(make(look_at), PROGRESS, MIDDLE)
    np.testing.assert_array_equal(path.targets, np.broadcast_to(target, (41, 3)))
    away = path.targets - path.places
    np.testing.assert_allclose(path.forward, away / np.linalg.norm(away, axis=1)[:, None], atol=1e-12)


def test_looking_down_the_card_section_is_at_the_top_of_the_picture():
    path = camera_path(look_down(math.pi / 2), [0, 1], MIDDLE)
    np.testing.assert_allclose(path.forward, [[0, 0, -1]] * 2, atol=1e-12)
    # A quarter of a turn brings north to where east was.
    np.testing.assert_allclose(path.up, [[1, 0, 0], [0, 1, 0]], atol=1e-12)
    np.testing.assert_array_equal(path.targets, path.places * [1, 1, 0])


@given(
    st.floats(-math.tau, math.tau),
    st.floats(-math.tau, math.tau),
    st.tuples(st.floats(-100, 100), st.floats(-100, 100), st.floats(0, 39)),
)
def test_axes_are_square_and_the_horizon_level(start, end, look_at):
    path = camera_path(orbit(look_at, start, end), PROGRESS, MIDDLE)
    np.testing.assert_allclose(np.cross(path.right, path.forward), path.up, atol=1e-9)
    axes = np.stack([path.right, path.up, path.forward], axis=1)
    np.testing.assert_allclose(
        axes @ axes.transpose(0, 2, 1), np.broadcast_to(np.eye(3), (41, 3, 3)), atol=1e-9
    )
    assert (path.right[:, 2] == 0).all()
    assert (path.up[:, 2] > 0).all()


def test_places_have_names():
    assert place_of("card_section", MIDDLE).tolist() == MIDDLE.tolist()
    assert place_of("field", MIDDLE).tolist() == [0, 0, 1]
    assert place_of((1.0, 2.0, 3.0), MIDDLE).tolist() == [1, 2, 3]
    with pytest.raises(ValueError, match="no place is called 'moon'"):
        place_of("moon", MIDDLE)


PLACES = [[-157.783466491, -8.269081086, 152.0], [-67.0, 25.0, 64.0], [-86.5, 0.0, 112.0]]
ROTATIONS = [
    [0.946665435, 0.0, -1.529429721],
    [1.253298337, 0.0, -1.739252600],
    [0.684010033, 0.0, -1.570796327],
]


@pytest.fixture(scope="module")
def opening_night():
    return load_show("opening_night")


def test_the_middle_of_the_card_section_is_that_of_its_seats(write_show):
    gaps = "seats: { gaps: [{ rows: 1-8, columns: 1-10 }] }"
    loaded = load_show(write_show(("  rows: 8\n", f"  rows: 8\n  {gaps}\n")))
    seats = seat_map(loaded)
    # Of columns 11 to 25 the middle one is the 18th, five south of the section's own.
    assert middle_of(seats)[1] == pytest.approx(-5 * 0.55)
    heights = seats.places[seats.taken][:, 2]
    assert middle_of(seats)[2] == pytest.approx(heights.mean() + 1)


def test_opening_nights_cameras_keep_their_places(opening_night):
    """Halfway through each of its shots; whoever moves a camera there on purpose changes these."""
    middle = middle_of(seat_map(opening_night))
    found = [camera_path(shot, 0.5, middle) for shot in opening_night.show.film.shots]
    np.testing.assert_allclose([path.places[0] for path in found], PLACES, atol=1e-6)
    np.testing.assert_allclose([path.rotations[0] for path in found], ROTATIONS, atol=1e-6)


def test_the_check_and_the_pages_see_by_the_same_cameras(opening_night):
    cards = cards_of(seat_map(opening_night))
    for of in opening_night.show.film.shots:
        path = camera_path(of, 0.5, cards.middle)
        page = Page.model_validate({"text": "x", "seen_from": of.name})
        np.testing.assert_array_equal(camera_place(page, opening_night), path.places[0])
        view = viewpoint(opening_night.show, of, 0.5, cards.middle)
        for name in ("right", "up", "forward"):
            np.testing.assert_array_equal(getattr(view, name), getattr(path, name)[0])
        np.testing.assert_array_equal(view.place, path.places[0])
