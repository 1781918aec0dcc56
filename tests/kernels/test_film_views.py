"""What a film's cameras see, and from how near."""

from __future__ import annotations

import numpy as np
import pytest
from cardstunt.kernels.camera_moves import look_rotation
from cardstunt.kernels.film_views import FilmViews, joined, nearest
from hypothesis import given
from hypothesis import strategies as st

REACH = (0.5, 0.3)


def views(*cameras, reach=REACH):
    """Cameras, each at a place and looking along a direction."""
    places, forward = (np.array(each, float) for each in zip(*cameras, strict=True))
    forward /= np.linalg.norm(forward, axis=1, keepdims=True)
    pitch, _, yaw = look_rotation(forward).T
    right = np.stack([np.cos(yaw), np.sin(yaw), 0 * yaw], -1)
    up = np.stack([-np.sin(yaw) * np.cos(pitch), np.cos(yaw) * np.cos(pitch), np.sin(pitch)], -1)
    return FilmViews(places, forward, right, up, np.tile(reach, (len(places), 1)))


def ahead(of, camera, distance, side, up):
    """The place that a camera shows `side` and `up` from the picture's middle, in half pictures."""
    reach = of.half_tangent[camera] * (side, up)
    ray = of.forward[camera] + reach[0] * of.right[camera] + reach[1] * of.up[camera]
    return of.places[camera] + distance * ray


number = st.floats(-50, 50)
direction = st.tuples(number, number, number).filter(lambda each: np.hypot(each[0], each[1]) > 0.1)
inside = st.floats(-0.999, 0.999)
outside = st.one_of(st.floats(1.001, 3), st.floats(-3, -1.001))


@given(st.tuples(number, number, number), direction, st.floats(0.1, 500), inside, inside)
def test_what_is_in_the_picture_is_seen_at_its_distance(place, towards, distance, side, up):
    of = views((place, towards))
    there = ahead(of, 0, distance, side, up)
    assert nearest(of, [there])[0] == pytest.approx(np.linalg.norm(there - np.array(place)))


@given(st.tuples(number, number, number), direction, st.floats(0.1, 500), outside, inside)
def test_what_is_beside_or_above_the_picture_or_behind_the_camera_is_not(
    place, towards, distance, out, within
):
    of = views((place, towards))
    there = [ahead(of, 0, distance, out, within), ahead(of, 0, distance, within, out)]
    there.append(ahead(of, 0, -distance, within, within))
    assert np.isinf(nearest(of, there)).all()


@given(direction, st.floats(1, 500), st.floats(0.5, 20), st.floats(0.01, 0.99), inside)
def test_a_ball_is_seen_as_soon_as_its_rim_is(towards, distance, radius, share, up):
    of = views(((0, 0, 0), towards))
    edge = ahead(of, 0, distance, 1.0, up)
    # Square to the picture's right side, outwards.
    outwards = of.right[0] - REACH[0] * of.forward[0]
    outwards /= np.linalg.norm(outwards)
    assert np.isfinite(nearest(of, [edge + share * radius * outwards], radius)).all()
    assert np.isinf(nearest(of, [edge + 1.01 * radius * outwards + 1e-6 * outwards], radius)).all()


def test_the_nearest_of_all_cameras_counts():
    of = joined([views(((0, 0, 0), (1, 0, 0))), views(((40, 0, 0), (1, 0, 0)), ((90, 0, 0), (-1, 0, 0)))])
    assert len(of) == 3
    np.testing.assert_allclose(nearest(of, [[50, 0, 0], [30, 0, 0], [-5, 0, 0]]), [10, 30, 95])


def test_a_longer_lens_brings_things_nearer():
    of = joined([views(((0, 0, 0), (1, 0, 0))), views(((0, 0, 0), (0, 1, 0)), reach=(0.125, 0.1))])
    places = [[100, 0, 0], [0, 100, 0]]
    np.testing.assert_allclose(nearest(of, places, as_if=0.5), [100, 25])
    np.testing.assert_allclose(nearest(of, places), [100, 100])


def test_without_cameras_nothing_is_seen():
    assert np.isinf(nearest(joined([]), np.zeros((3, 3)))).all()
    assert nearest(joined([]), np.zeros((0, 3))).shape == (0,)


def test_what_cannot_be_looked_for_is_refused():
    of = views(((0, 0, 0), (1, 0, 0)))
    with pytest.raises(ValueError, match=r"the margin is -1 m; it must be 0 m or more"):
        nearest(of, [[1, 0, 0]], -1.0)
    with pytest.raises(ValueError, match="rows of x, y and z"):
        nearest(of, [1, 0, 0])
