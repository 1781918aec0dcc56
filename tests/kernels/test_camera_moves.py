from __future__ import annotations

import math

import numpy as np
import pytest
from cardstunt.kernels.camera_moves import ease, look_rotation, orbit, push
from hypothesis import given
from hypothesis import strategies as st

PROGRESS = np.linspace(0, 1, 241)
length = st.floats(-500, 500)
angle = st.floats(-10, 10)


def axes(rotation):
    """The camera's own right, up and backward axes in the world, for Euler angles in XYZ order."""
    x, y, z = rotation
    about_x = np.array([[1, 0, 0], [0, np.cos(x), -np.sin(x)], [0, np.sin(x), np.cos(x)]])
    about_y = np.array([[np.cos(y), 0, np.sin(y)], [0, 1, 0], [-np.sin(y), 0, np.cos(y)]])
    about_z = np.array([[np.cos(z), -np.sin(z), 0], [np.sin(z), np.cos(z), 0], [0, 0, 1]])
    return (about_z @ about_y @ about_x).T


def test_ease_keeps_the_ends_and_never_turns_back():
    eased = ease(PROGRESS)
    assert (eased[0], eased[-1], ease(0.5)) == (0.0, 1.0, 0.5)
    assert (np.diff(eased) > 0).all()
    assert eased + eased[::-1] == pytest.approx(1)


def test_ease_is_softer_at_its_ends_than_in_its_middle():
    speed = np.diff(ease(PROGRESS))
    assert speed[0] < 0.6 * speed[120]
    assert speed[-1] == pytest.approx(speed[0])
    assert np.abs(np.diff(speed)).max() < 0.05 * speed.max()


@given(angle, angle, st.floats(0.1, 5000), st.floats(1, 5000), st.tuples(length, length))
def test_an_orbit_stays_at_its_radius_and_height(start, end, height, radius, centre):
    places = orbit(PROGRESS, centre=(*centre, 7.0), height=height, radius=radius, start=start, end=end)
    assert places.shape == (241, 3)
    assert places[:, 2] == pytest.approx(height)
    assert np.hypot(*(places[:, :2] - centre).T) == pytest.approx(radius)
    for place, turn in ((places[0], start), (places[-1], end)):
        assert place[:2] - centre == pytest.approx(
            [radius * math.cos(turn), radius * math.sin(turn)], abs=1e-6
        )
    # No step is longer than the whole way at one and a half times the mean speed.
    step = np.linalg.norm(np.diff(places, axis=0), axis=1)
    assert step.max() <= 1.5 * radius * abs(end - start) / 240 + 1e-9


def test_an_orbit_starts_in_the_east_and_turns_to_the_north():
    east, north = orbit([0, 1], centre=(0, 0, 0), height=2, radius=10, start=0, end=math.pi / 2)
    assert east == pytest.approx([10, 0, 2])
    assert north == pytest.approx([0, 10, 2])


@given(st.tuples(length, length, length), st.tuples(length, length, length))
def test_a_push_is_straight_from_end_to_end(start, end):
    places = push(PROGRESS, start=start, end=end)
    assert places[0] == pytest.approx(start)
    assert places[-1] == pytest.approx(end)
    way = np.subtract(end, start)
    share = ease(PROGRESS)[:, None]
    assert places == pytest.approx(np.array(start) + share * way, abs=1e-9)


@given(length, length, length)
def test_a_camera_looks_at_its_target_with_its_top_up(x, y, z):
    direction = np.array([[x, y, z]])
    if np.hypot(x, y) < 1e-3:
        direction[0, 0] += 1.0
    right, up, backward = axes(look_rotation(direction)[0])
    assert -backward == pytest.approx(direction[0] / np.linalg.norm(direction), abs=1e-9)
    assert right[2] == pytest.approx(0, abs=1e-9)
    assert up[2] >= -1e-9


@given(angle)
def test_straight_down_the_turn_says_what_is_up(turn):
    right, up, backward = axes(look_rotation([[0.0, 0.0, -3.0]], turn)[0])
    assert backward == pytest.approx([0, 0, 1], abs=1e-9)
    assert up == pytest.approx([-math.sin(turn), math.cos(turn), 0], abs=1e-9)
    assert right == pytest.approx([math.cos(turn), math.sin(turn), 0], abs=1e-9)


@pytest.mark.parametrize(("start", "end"), [(2.0, 5.0), (-3.3, 3.3), (0.1, 12.9), (math.pi, -math.pi)])
def test_angles_do_not_jump_on_the_way_round(start, end):
    places = orbit(PROGRESS, centre=(0, 0, 0), height=90, radius=210, start=start, end=end)
    rotations = look_rotation(-places)
    assert np.abs(np.diff(rotations, axis=0)).max() < 0.1
    assert rotations[-1, 2] - rotations[0, 2] == pytest.approx(end - start)


def test_flying_over_the_target_does_not_bend_the_pitch():
    places = push(PROGRESS, start=(-50, 0, 80), end=(-1, 0, 80))
    rotations = look_rotation(np.array([0, 0, 0]) - places)
    assert np.abs(np.diff(rotations, axis=0)).max() < 0.05
    assert (rotations[:, 1] == 0).all()
