from __future__ import annotations

import dataclasses
import math
from types import SimpleNamespace

import numpy as np
import pytest
from cardstunt.kernels.bowl_presets import MAY_DAY
from cardstunt.kernels.bowl_seats import card_section_seats
from cardstunt.scenes.pages import Canvas, PageError, draw_page, lay
from cardstunt.scenes.pages.audience import CARD_HEIGHT, ViewError, camera_place, canvas_of, view_of
from cardstunt.scenes.schema_film import Shot
from cardstunt.scenes.schema_page import Page
from cardstunt.scenes.seats import SeatMap
from hypothesis import given, settings
from hypothesis import strategies as st

ROWS, COLUMNS = 40, 100


def seat_map(rows=ROWS, columns=COLUMNS, taken=None):
    places, facing = card_section_seats(MAY_DAY, columns, rows)
    taken = np.ones(rows * columns, bool) if taken is None else taken.reshape(-1)
    names = np.full(rows * columns, "")
    places = np.where(taken[:, None], places, 0.0)
    return SeatMap(rows, columns, taken, places, facing, *[names] * 4, cell_aspect=0.55 / 0.62)


def shot(name, **camera):
    return Shot.model_validate({"name": name, "show": (0, 1), "camera": camera})


SHOTS = (
    shot("round", orbit={"height": 40.0, "from_": 0.9 * math.pi, "to": 1.3 * math.pi, "radius": 150.0}),
    shot("near", push={"from_": (-150.0, 10.0, 60.0), "to": (-50.0, 40.0, 20.0)}),
    shot("above", look_down={"height": 200.0, "from_": (40.0, -10.0), "to": (60.0, 20.0)}),
)
LOADED = SimpleNamespace(show=SimpleNamespace(film=SimpleNamespace(shots=SHOTS)))


def seen_from(*place):
    return Page.model_validate({"text": "x", "seen_from": place if len(place) == 3 else place[0]})


def projected(seats, eye):
    """Where a pinhole camera at `eye` that looks at the middle of the section sees the seats' cards."""
    cards = seats.places.reshape(seats.rows, seats.columns, 3) + np.array([0, 0, CARD_HEIGHT])
    taken = seats.taken.reshape(seats.rows, seats.columns)
    back = np.array(eye) - cards[taken].mean(axis=0)
    back = back / np.sqrt((back**2).sum())
    right = np.array([-back[1], back[0], 0.0]) / math.hypot(back[0], back[1])
    up = np.array(
        [back[1] * right[2] - back[2] * right[1], back[2] * right[0], back[0] * right[1] - back[1] * right[0]]
    )
    ray = cards - np.array(eye)
    depth = -(ray @ back)
    return np.stack([ray @ right, ray @ up], axis=-1) / depth[..., None]


def disc(canvas, side=600, radius=240):
    """Which cells of a canvas show a disc in the middle of a square picture, over all that is seen."""
    canvas = dataclasses.replace(canvas, outline=None)
    y, x = np.indices((side, side)) - (side - 1) / 2
    alpha = (np.hypot(x, y) < radius).astype(np.float32)
    return lay(np.repeat(alpha[..., None], 3, -1), alpha, canvas, fit="contain").ink


def unlike_a_circle(seats, eye, ink, share=240 / 600):
    """How many seats are on the wrong side of a circle in the camera's picture by more than half a seat."""
    at = projected(seats, eye)
    low, high = at.min(axis=(0, 1)), at.max(axis=(0, 1))
    span = (high - low) * [COLUMNS / (COLUMNS - 1), ROWS / (ROWS - 1)]
    radius = share * min(span)
    away = np.hypot(*np.moveaxis(at - (low + high) / 2, -1, 0))
    steps = [np.linalg.norm(np.gradient(at, axis=axis), axis=-1) for axis in (0, 1)]
    half = np.maximum(*steps) / 2 * math.sqrt(2)
    return int(((ink > 0.5) & (away > radius + half)).sum() + ((ink < 0.5) & (away < radius - half)).sum())


EYES = st.tuples(st.floats(-160, 20), st.floats(-140, 140), st.floats(4, 120))


@settings(max_examples=25, deadline=None)
@given(EYES)
def test_a_circle_is_seen_as_a_circle_from_where_it_is_made_for(eye):
    seats, page = seat_map(), seen_from(*eye)
    ink = disc(canvas_of(page, seats, LOADED))
    assert (ink > 0.5).sum() > 100
    assert unlike_a_circle(seats, eye, ink) == 0


@settings(max_examples=25, deadline=None)
@given(EYES, st.sampled_from([None, 0.5, 1.0, 4.0]))
def test_a_picture_that_is_to_be_seen_whole_lies_within_the_seats(eye, aspect):
    canvas = canvas_of(seen_from(*eye), seat_map(), LOADED)
    left, top, width, height = canvas.frame(aspect)
    assert width > 0
    assert height > 0
    along = np.linspace(0, 1, 9)
    sides = [(along, 0 * along), (along, 0 * along + 1), (0 * along, along), (0 * along + 1, along)]
    across, down = (np.concatenate(parts) for parts in zip(*sides, strict=True))
    spots = np.stack([(left + across * width) / canvas.width, 1 - (top + down * height) / canvas.height], -1)
    distance = np.abs(canvas.view - spots[:, None, None]).max(axis=-1).reshape(len(spots), -1)
    nearest = np.stack([np.unravel_index(k, (ROWS, COLUMNS)) for k in distance.argmin(axis=1)])
    steps = [np.abs(np.gradient(canvas.view, axis=axis)).max(axis=-1) for axis in (0, 1)]
    reach = np.maximum(*steps)[nearest[:, 0], nearest[:, 1]]
    assert (distance.min(axis=1) <= reach + 1 / 128).all()


def test_words_seen_from_in_front_are_not_cut_by_the_slanting_sides_of_the_stand():
    page = Page.model_validate({"text": "WELCOME HOME", "seen_from": (-150.0, 0.0, 60.0)})
    canvas = canvas_of(page, seat_map(), LOADED)
    ink = draw_page(page, canvas, SimpleNamespace(resolve=None)).ink
    assert ink.max() > 0.9
    assert not ink[:, [0, -1]].any()


def test_from_far_off_in_front_of_a_flat_stand_all_of_it_is_the_frame():
    row, column = np.divmod(np.arange(ROWS * COLUMNS), COLUMNS)
    places = np.stack([80 + 0.6 * row, 27 - 0.55 * column, 3 + 0.6 * row], -1)
    seats = dataclasses.replace(seat_map(), places=places)
    canvas = canvas_of(seen_from(-7e4, 0.0, 7e4), seats, LOADED)
    np.testing.assert_allclose(canvas.frame(), (0, 0, canvas.width, canvas.height), atol=canvas.width / 64)
    flat = Canvas(COLUMNS, ROWS)
    assert flat.frame() == flat.frame(3.0) == (0.0, 0.0, flat.width, flat.height)


def test_gaps_and_aisles_within_the_section_do_not_make_the_frame_smaller():
    taken = np.ones((ROWS, COLUMNS), bool)
    taken[:, 50] = taken[10:15, 20:40] = False
    page = seen_from(-100.0, 30.0, 40.0)
    whole = canvas_of(page, seat_map(), LOADED).frame()
    np.testing.assert_allclose(canvas_of(page, seat_map(taken=taken), LOADED).frame(), whole, rtol=0.03)


def test_flat_on_the_seats_it_is_not():
    seats, eye = seat_map(), (-20.0, 120.0, 25.0)
    flat = disc(Canvas(COLUMNS, ROWS, seats.cell_aspect))
    assert unlike_a_circle(seats, eye, flat) > 200
    assert (np.abs(disc(canvas_of(seen_from(*eye), seats, LOADED)) - flat) > 0.5).mean() > 0.05


def test_the_window_goes_around_all_seats_by_half_a_seat():
    view = view_of(seen_from(-100.0, 60.0, 30.0), seat_map(), LOADED)
    assert view.shape == (ROWS, COLUMNS, 2)
    np.testing.assert_allclose(view.min(axis=(0, 1)), [0.5 / COLUMNS, 0.5 / ROWS])
    np.testing.assert_allclose(view.max(axis=(0, 1)), [1 - 0.5 / COLUMNS, 1 - 0.5 / ROWS])


def test_the_left_is_the_viewers_left_and_up_is_further_back():
    view = view_of(seen_from(-100.0, 0.0, 30.0), seat_map(), LOADED)
    assert (np.diff(view[..., 0], axis=1) > 0).all()
    assert (np.diff(view[..., 1], axis=0) > 0).all()


def test_a_view_from_far_off_in_front_of_a_flat_stand_is_the_flat_raster():
    row, column = np.divmod(np.arange(ROWS * COLUMNS), COLUMNS)
    places = np.stack([80 + 0.6 * row, 27 - 0.55 * column, 3 + 0.6 * row], -1)
    seats = dataclasses.replace(seat_map(), places=places)
    view = view_of(seen_from(-7e4, 0.0, 7e4), seats, LOADED)
    np.testing.assert_allclose(
        view[..., 0], np.broadcast_to((np.arange(COLUMNS) + 0.5) / COLUMNS, (ROWS, COLUMNS)), atol=1e-3
    )
    np.testing.assert_allclose(
        view[..., 1].T, np.broadcast_to((np.arange(ROWS) + 0.5) / ROWS, (COLUMNS, ROWS)), atol=1e-3
    )


def test_what_is_no_seat_sees_nothing():
    taken = np.ones((ROWS, COLUMNS), bool)
    taken[:, 40:43] = taken[:7, 90:] = False
    view = view_of(seen_from(-100.0, 60.0, 30.0), seat_map(taken=taken), LOADED)
    np.testing.assert_array_equal(np.isnan(view).all(axis=-1), ~taken)
    assert np.nanmin(view) > 0
    assert np.nanmax(view) < 1


def test_a_page_without_a_place_is_flat():
    seats = seat_map()
    canvas = canvas_of(Page.model_validate({"text": "x"}), seats, LOADED, 3)
    assert (canvas.columns, canvas.rows, canvas.cell_aspect) == (300, 120, seats.cell_aspect)
    assert canvas.view is None


def test_the_canvas_has_the_shape_of_what_is_seen():
    eye = (-20.0, 120.0, 25.0)
    at = projected(seat_map(), eye)
    wide, high = at.max(axis=(0, 1)) - at.min(axis=(0, 1))
    for pixels in (1, 4):
        canvas = canvas_of(seen_from(*eye), seat_map(), LOADED, pixels)
        assert canvas.width / canvas.height == pytest.approx(wide / high, rel=0.02)
        assert (canvas.columns, canvas.rows) == (COLUMNS * pixels, ROWS * pixels)


@pytest.mark.parametrize("pixels", [2, 3])
def test_the_pixels_of_a_seat_lie_about_it_and_fill_the_room_to_the_next(pixels):
    taken = np.ones((ROWS, COLUMNS), bool)
    taken[:, 50] = taken[9] = False
    page, seats = seen_from(-100.0, 60.0, 30.0), seat_map(taken=taken)
    seats_at = view_of(page, seats, LOADED)
    finer = canvas_of(page, seats, LOADED, pixels).view
    blocks = finer.reshape(ROWS, pixels, COLUMNS, pixels, 2)
    np.testing.assert_allclose(blocks.mean(axis=(1, 3)), seats_at, atol=1e-12)
    within, between = np.diff(blocks, axis=3)[..., 0], blocks[:, :, 1:, 0, 0] - blocks[:, :, :-1, -1, 0]
    np.testing.assert_allclose(np.nanmedian(between), np.nanmedian(within), rtol=0.05)
    assert np.nanmin(between) > 0


def test_a_single_seat_has_pixels_too():
    taken = np.zeros((2, 2), bool)
    taken[0, 0] = True
    view = canvas_of(seen_from(-100.0, 0.0, 30.0), seat_map(2, 2, taken), LOADED, 3).view
    assert np.isfinite(view[:3, :3]).all()
    assert np.isnan(view[3:]).all()


def test_a_shot_is_seen_from_half_way_through_it():
    middle = camera_place(seen_from("round"), LOADED)
    np.testing.assert_allclose(middle, [150 * math.cos(1.1 * math.pi), 150 * math.sin(1.1 * math.pi), 40])
    np.testing.assert_allclose(camera_place(seen_from("near"), LOADED), [-100, 25, 40])
    np.testing.assert_allclose(camera_place(seen_from("above"), LOADED), [50, 5, 200])
    np.testing.assert_array_equal(camera_place(seen_from(1.0, 2.0, 3.0), LOADED), [1, 2, 3])


def test_straight_from_above_the_back_of_the_stand_is_up():
    seats = seat_map()
    x, y, _ = seats.places.mean(axis=0)
    view = view_of(seen_from(float(x), float(y), 500.0), seats, LOADED)
    assert (np.diff(view[..., 0], axis=1) > 0).all()
    assert (np.diff(view[..., 1], axis=0) > 0).all()


@pytest.mark.parametrize(
    ("place", "message"),
    [
        (
            (160.0, 0.0, 5.0),
            r"the place \[160 m, 0 m, 5 m\] is behind the section.*side that the people look to",
        ),
        ((140.0, 0.0, 25.0), "is behind the section|in the plane"),
        (("nowhere",), "there is no shot 'nowhere' to see the page from; the shots are round, near, above"),
        (("abov",), "no shot 'abov' to see the page from; did you mean 'above'?"),
    ],
)
def test_places_from_which_nothing_can_be_seen_are_refused(place, message):
    with pytest.raises(ViewError, match=message):
        view_of(seen_from(*place), seat_map(), LOADED)


def test_places_among_the_seats_are_refused():
    seats = seat_map()
    for offset in ((0.0, 0.0, 1.0), (0.0, 0.0, 3.0), (-1.5, 5.0, 2.0)):
        place = seats.places.mean(axis=0) + offset
        with pytest.raises(ViewError, match=r"among the seats|in the middle of the section"):
            view_of(seen_from(*place.tolist()), seats, LOADED)


def test_the_plane_of_the_section_is_refused():
    seats = seat_map()
    front, back = seats.places[COLUMNS // 2], seats.places[-COLUMNS // 2]
    beyond = back + 2 * (back - front)
    with pytest.raises(ViewError, match=r"in the plane of the section|behind"):
        view_of(seen_from(*beyond.tolist()), seats, LOADED)


def test_a_shot_behind_the_section_is_named():
    behind = shot("behind", push={"from_": (200.0, 0.0, 10.0), "to": (220.0, 0.0, 10.0)})
    loaded = SimpleNamespace(show=SimpleNamespace(film=SimpleNamespace(shots=(*SHOTS, behind))))
    with pytest.raises(ViewError, match="the camera of the shot 'behind', half-way through it, is behind"):
        view_of(seen_from("behind"), seat_map(), loaded)


def test_such_an_error_is_a_pages():
    assert issubclass(ViewError, PageError)


def test_two_seats_in_a_line_can_be_seen_from_in_front():
    taken = np.zeros((2, 2), bool)
    taken[0] = True
    view = view_of(seen_from(-100.0, 0.0, 30.0), seat_map(2, 2, taken), LOADED)
    np.testing.assert_allclose(view[0, :, 0], [0.25, 0.75])
    with pytest.raises(ViewError, match="behind"):
        view_of(seen_from(200.0, 0.0, 30.0), seat_map(2, 2, taken), LOADED)
