from __future__ import annotations

import numpy as np
import pytest
from cardstunt.blender_addon.gymnasts.inverse_kinematics import (
    between,
    reach,
    reach_limit,
    turned_about,
    twist_about,
)
from cardstunt.blender_addon.gymnasts.rig import JOINT, REST, turn_x, turn_z
from hypothesis import given, settings
from hypothesis import strategies as st

LEG = ("left_hip", "left_knee", "left_ankle")
ARM = ("right_shoulder", "right_elbow", "right_wrist")
part = st.floats(-1.0, 1.0)


def bones(limb):
    first, middle, last = (REST[JOINT[name]] for name in limb)
    return middle - first, last - middle


@settings(max_examples=150, deadline=None)
@given(limb=st.sampled_from([LEG, ARM]), share=st.floats(0.15, 0.999), x=part, y=part, z=part, about=part)
def test_the_end_gets_there_with_the_middle_on_the_side_of_the_pole(limb, share, x, y, z, about):
    line = np.array([x, y, z - 1.2])
    line /= np.linalg.norm(line)
    root, end = np.array([0.1, -0.2, 0.9]), np.array([0.1, -0.2, 0.9]) + share * reach_limit(limb) * line
    pole = turn_z(3.0 * about) @ [1.0, 0.0, 0.1]
    upper, lower = bones(limb)
    above, below = reach(limb, np.eye(3), root, end, pole)
    assert np.allclose(root + above @ upper + below @ lower, end, atol=1e-9)
    assert (above @ upper) @ (pole - (pole @ line) * line) > -1e-9
    for turn in (above, below):
        assert np.allclose(turn @ turn.T, np.eye(3))
        assert np.linalg.det(turn) == pytest.approx(1.0)


def test_out_of_reach_the_limb_stretches_towards_its_target():
    upper, lower = bones(LEG)
    above, below = reach(LEG, np.eye(3), np.zeros(3), np.array([0.0, 0.0, -3.0]), np.array([1.0, 0.0, 0.0]))
    tip = above @ upper + below @ lower
    assert np.linalg.norm(tip) == pytest.approx(reach_limit(LEG))
    assert np.allclose(tip / np.linalg.norm(tip), [0, 0, -1])


def test_a_limb_that_lies_along_its_pole_still_has_an_answer():
    above, below = reach(LEG, np.eye(3), np.zeros(3), np.array([0.6, 0.0, 0.0]), np.array([1.0, 0.0, 0.0]))
    assert np.isfinite(above).all()
    assert np.isfinite(below).all()


@settings(max_examples=60, deadline=None)
@given(angle=st.floats(-2.8, 2.8), swing=st.floats(-1.2, 1.2))
def test_twist_is_what_is_left_of_a_turn_without_its_swing(angle, swing):
    turn = turn_x(swing) @ turn_z(angle)
    assert np.allclose(twist_about(turn, np.array([0.0, 0.0, 1.0])), turn_z(angle), atol=1e-6)


@settings(max_examples=60, deadline=None)
@given(share=st.floats(0.0, 1.0), angle=st.floats(0.01, 3.0))
def test_between_two_turns_goes_about_one_axis(share, angle):
    axis = np.array([0.6, 0.0, 0.8])
    first = turn_x(0.4)
    mixed = between(first, first @ turned_about(axis, angle), share)
    assert np.allclose(mixed, first @ turned_about(axis, share * angle), atol=1e-6)
