from __future__ import annotations

import numpy as np
import pytest
from cardstunt.blender_addon.gymnasts.keys import Track, fast, key, mirrored_key, neutral, smooth_curve
from hypothesis import given, settings
from hypothesis import strategies as st

values = st.lists(st.floats(-90.0, 90.0), min_size=3, max_size=7)


@settings(max_examples=60, deadline=None)
@given(values=values)
def test_a_curve_goes_through_its_points_and_stays_between_neighbours(values):
    knots = np.linspace(0.0, 1.0, len(values))
    curve = smooth_curve(knots, values)
    for knot, value in zip(knots, values, strict=True):
        assert curve.at(knot) == pytest.approx(value)
    for low, high, first, last in zip(knots, knots[1:], values, values[1:], strict=False):
        inside = [curve.at(place) for place in np.linspace(low, high, 9)]
        assert min(first, last) - 1e-9 <= min(inside) <= max(inside) <= max(first, last) + 1e-9


def test_a_track_begins_and_ends_at_rest_and_holds_what_is_keyed_twice():
    track = Track([neutral(0.0), key(0.3, "up", z=1.0), key(0.5, "held", z=1.0), neutral(1.0)])
    assert track.at(0.4) == {"z": 1.0}
    assert track.at(0.0) == track.at(1.0) == {"z": 0.0}
    assert track.at(1e-4)["z"] < 1e-6
    assert track.at(1.0 - 1e-4)["z"] < 1e-6


def test_a_closed_track_goes_on_into_itself():
    track = Track([key(0.2, "front", arm=40.0), key(0.7, "back", arm=-20.0)], closed=True)
    assert track.at(0.0) == track.at(1.0)
    assert track.at(0.45)["left_arm"] == pytest.approx(10.0)
    assert track.at(0.95)["left_arm"] == pytest.approx(10.0)
    around = [track.at(phase % 1.0)["right_arm"] for phase in np.linspace(0.9, 1.1, 41)]
    assert np.abs(np.diff(around, 2)).max() < 0.1


def test_a_limb_without_a_side_is_both_and_its_side_goes_first():
    moment = key(0.5, "reach", arm=10.0, left_arm=30.0)
    assert moment.values == {"left_arm": 30.0, "right_arm": 10.0}


def test_a_name_that_is_no_channel_is_refused():
    with pytest.raises(ValueError, match="left_pitch is no channel"):
        key(0.0, "wrong", left_pitch=1.0)


def test_a_fast_key_is_passed_at_its_speed():
    track = Track([neutral(0.0), fast(key(0.5, "take-off", z=0.1), z=3.0), neutral(1.0)])
    assert (track.at(0.501)["z"] - track.at(0.499)["z"]) / 0.002 == pytest.approx(3.0, rel=0.01)


def test_a_mirrored_key_swaps_sides_and_turns_what_leans():
    moment = mirrored_key(key(0.2, "rise", left_foot_z=0.3, y=-0.02, z=0.1, right_hand_yaw=10.0), 0.5)
    assert moment.phase == pytest.approx(0.7)
    assert moment.values == {"right_foot_z": 0.3, "y": 0.02, "z": 0.1, "left_hand_yaw": -10.0}
