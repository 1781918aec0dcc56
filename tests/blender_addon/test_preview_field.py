from __future__ import annotations

import numpy as np
import pytest
from cardstunt.blender_addon.preview_drawing import colours_of
from cardstunt.blender_addon.preview_field import FieldPicture, Seen, Trodden
from cardstunt.kernels.clips import CLIP_NAMES
from hypothesis import given
from hypothesis import strategies as st

WHITE, RED, BLUE = (255, 255, 255), (255, 0, 0), (0, 0, 255)


def gymnasts(*places, colour=WHITE, clip="stand", cycle=0.0, height=0.0):
    state = np.zeros((2, len(places), 4), np.float32)
    state[0, :, :2] = np.reshape(places, (-1, 2))
    state[0, :, 2] = height
    state[1, :, 0], state[1, :, 1], state[1, :, 3] = cycle, CLIP_NAMES.index(clip), 0.5
    colours = np.broadcast_to(np.array(colour, np.uint8), (len(places), 3)).copy()
    return Seen(state, colours)


def pixels(field, troupes=(), ways=()):
    return colours_of(field.draw(list(troupes), list(ways)))[..., :3].astype(int)


def dots(field, *troupes):
    """What troupes change in the empty field: where, and the whole picture."""
    full = pixels(field, troupes)
    return (full != pixels(field)).any(axis=-1), full


def straight(start, end, moments=9):
    share = np.linspace(0, 1, moments)[:, None, None]
    return (1 - share) * np.array([[start]], float) + share * np.array([[end]], float)


def test_the_card_section_is_up_and_north_is_left():
    field = FieldPicture(580, 2)
    changed, full = dots(field, gymnasts((55.0, 80.0), colour=RED), gymnasts((-55.0, -80.0), colour=BLUE))
    y, x = np.nonzero(changed)
    assert set(zip(y > field.height / 2, x > field.width / 2, strict=True)) == {(False, False), (True, True)}
    up = full[changed & (np.arange(field.height)[:, None] < 100)]
    assert up[:, 0].max() > 150 > up[:, 2].max()


@given(st.floats(-60, 60), st.floats(-85, 85))
def test_a_dot_is_where_its_gymnast_stands(east, north):
    field = FieldPicture(400, 1)
    changed, _ = dots(field, gymnasts((east, north)))
    y, x = np.nonzero(changed)
    middle = field.pixels(np.array([east, north]))
    assert np.hypot(x.mean() + 0.5 - middle[0], y.mean() + 0.5 - middle[1]) < 1.0
    assert 4 <= len(x) <= 16


def test_a_gymnast_far_outside_breaks_nothing():
    changed, _ = dots(FieldPicture(400, 1), gymnasts((1e4, -1e4)))
    assert changed.any()


def test_everyone_has_a_colour_of_their_own():
    troupe = gymnasts((10.0, 20.0), (10.0, -20.0))
    troupe.colours[:] = RED, BLUE
    field = FieldPicture(400, 2)
    changed, full = dots(field, troupe)
    halves = changed & (np.arange(400) < 200), changed & (np.arange(400) >= 200)
    left, right = (full[half].max(axis=0) for half in halves)
    assert (left[0] > 180, left[2] < 90) == (True, True)
    assert (right[2] > 180, right[0] < 90) == (True, True)


def test_every_move_has_its_brightness():
    field = FieldPicture(400, 1)
    bright = {}
    for clip in CLIP_NAMES:
        changed, full = dots(field, gymnasts((9.0, 9.0), colour=(200, 40, 40), clip=clip, cycle=2.5))
        bright[clip] = full[changed].sum(axis=-1).max()
    assert bright["bow"] < bright["stand"] < bright["march"] < bright["wave"] < bright["jump"]
    assert bright["sit"] < bright["stand"] < bright["star_jump"]


def test_a_step_of_any_length_is_a_march_or_a_run():
    from cardstunt.kernels.clips import STRIPS  # noqa: PLC0415

    field, troupe = FieldPicture(400, 1), gymnasts((9.0, 9.0))
    march = pixels(field, [gymnasts((9.0, 9.0), clip="march")])
    for number, strip in enumerate(STRIPS):
        troupe.states[1, :, 1] = number
        assert (pixels(field, [troupe]) == march).all() or strip.clip != CLIP_NAMES.index("march")


def test_acrobats_are_lighter_the_higher_they_stand_and_lie_above_those_below():
    field = FieldPicture(400, 3)
    low, high = (gymnasts((9.0, 9.0), colour=(150, 20, 20), height=height) for height in (1.4, 4.2))
    ground = gymnasts((9.0, 9.0), colour=(150, 20, 20))
    middle = tuple(np.floor(field.pixels(np.array([9.0, 9.0]))).astype(int)[::-1])
    tones = [pixels(field, [troupe])[middle].sum() for troupe in (ground, low, high)]
    assert tones[0] + 15 < tones[1] < tones[2] - 15
    both = Seen(
        np.concatenate([high.states, ground.states], axis=1), np.concatenate([high.colours, ground.colours])
    )
    assert pixels(field, [both])[middle].sum() == tones[2]
    # A shadow falls beside them that people on the ground have not.
    plain = pixels(field).sum(axis=-1)
    dark = [int((pixels(field, [troupe]).sum(axis=-1) < plain - 15).sum()) for troupe in (ground, high)]
    assert dark[0] == 0 < dark[1]


def test_a_way_grows_towards_its_end():
    field = FieldPicture(400, 1)
    tracks = field.tracks(straight([-30.0, 40.0], [-30.0, -40.0]), np.array([WHITE], np.uint8))
    plain, with_way = (pixels(field, ways=ways).sum(axis=-1) for ways in ([], [Trodden(tracks)]))
    y, x = np.nonzero(with_way > plain)
    start, end = field.pixels(np.array([[-30.0, 40.0], [-30.0, -40.0]]))
    assert abs(y.mean() - start[1]) < 1.5
    assert (x.min(), x.max()) == (pytest.approx(start[0], abs=2), pytest.approx(end[0], abs=2))
    gain = (with_way - plain)[y.min() : y.max() + 1].sum(axis=0)[x.min() + 2 : x.max() - 2]
    assert gain[-40:].mean() > 3 * gain[:40].mean() > 0
    assert gain.min() > 0


def test_a_bent_way_is_drawn_where_it_goes_without_gaps():
    field = FieldPicture(400, 1)
    turn = np.linspace(0, np.pi, 33)
    points = np.stack([30 * np.sin(turn), 40 * np.cos(turn)], axis=-1)[:, None]
    tracks = field.tracks(points, np.array([WHITE], np.uint8))
    gain = pixels(field, ways=[Trodden(tracks)]).sum(axis=-1) - pixels(field).sum(axis=-1)
    fine = np.linspace(0.02 * np.pi, 0.98 * np.pi, 300)
    on = np.floor(field.pixels(np.stack([30 * np.sin(fine), 40 * np.cos(fine)], axis=-1))).astype(int)
    near = np.max([gain[on[:, 1] + y, on[:, 0] + x] for y in (-1, 0, 1) for x in (-1, 0, 1)], axis=0)
    assert near.min() > 0
    chord = np.floor(field.pixels(np.array([0.0, 0.0]))).astype(int)
    assert gain[chord[1] - 3 : chord[1] + 4, chord[0] - 3 : chord[0] + 4].max() == 0


def test_what_has_been_walked_is_fainter():
    field = FieldPicture(400, 1)
    tracks = field.tracks(straight([0.0, 60.0], [0.0, -60.0]), np.array([WHITE], np.uint8))
    plain = pixels(field).sum(axis=-1)
    whole, half = (
        (pixels(field, ways=[Trodden(tracks, passed)]).sum(axis=-1) - plain).sum(axis=0)
        for passed in (None, np.array([0.5]))
    )
    middle = field.width // 2
    assert half[100 : middle - 3].sum() < 0.5 * whole[100 : middle - 3].sum()
    assert (half[middle + 3 :] == whole[middle + 3 :]).all()


def test_a_thicket_of_ways_leaves_people_to_be_seen():
    field = FieldPicture(400, 1)
    few, many = (
        np.concatenate(
            [straight([east, 30.0], [east, -30.0]) for east in np.linspace(-20, 20, count)], axis=1
        )
        for count in (4, 400)
    )
    inks = np.full((400, 3), 255, np.uint8)
    strength = [field.tracks(points, inks[: points.shape[1]]).cover.max() for points in (few, many)]
    assert strength[1] < 0.6 * strength[0]


def test_each_pixel_has_one_way_that_is_nearest_its_end():
    field = FieldPicture(400, 1)
    points = np.concatenate(
        [straight([0.0, 30.0], [0.0, -30.0]), straight([0.0, -30.0], [0.0, 30.0])], axis=1
    )
    tracks = field.tracks(points, np.array([RED, BLUE], np.uint8))
    assert len(np.unique(tracks.pixel)) == len(tracks.pixel)
    assert tracks.share.min() >= 0.49
    assert set(tracks.way.tolist()) == {0, 1}


def test_people_who_stay_have_no_length_to_draw():
    field = FieldPicture(400, 1)
    tracks = field.tracks(np.zeros((9, 0, 2)), np.zeros((0, 3), np.uint8))
    assert (pixels(field, ways=[Trodden(tracks)]) == pixels(field)).all()
