from __future__ import annotations

import numpy as np
import pytest
from cardstunt.blender_addon.gymnasts.posture import solve
from cardstunt.blender_addon.gymnasts.rig import (
    BALL,
    HEEL,
    JOINT,
    PALM,
    REST,
    TIP,
    carried,
    joint_frames,
    mirrored,
    rest_pose,
)


def test_all_channels_at_0_are_the_neutral_stand():
    pose = solve({})
    assert np.abs(pose.root).max() < 1e-12
    assert np.abs(pose.rotations - rest_pose().rotations).max() < 1e-6


@pytest.mark.parametrize("pitch", [-20.0, 0.0, 35.0, 60.0])
def test_a_standing_foot_rolls_over_heel_and_ball(pitch):
    pose = solve({"left_foot_pitch": pitch, "z": -0.15, "x": 0.05})
    heel, ball, tip = (
        carried(pose, joint, place)
        for joint, place in (("left_ankle", HEEL), ("left_toe", BALL), ("left_toe", TIP))
    )
    if pitch >= 0.0:
        assert np.allclose(ball, BALL, atol=1e-9)
        assert abs(tip[2]) < 1e-9
        assert heel[2] == pytest.approx(0.18 * np.sin(np.radians(pitch)), abs=0.03)
    else:
        assert np.allclose(heel, HEEL, atol=1e-9)
        assert ball[2] > 0.05


def test_bent_knees_point_forward_and_follow_the_feet():
    places, _ = joint_frames(solve({"z": -0.3}))
    assert places[JOINT["left_knee"]][0] > 0.3
    out, _ = joint_frames(solve({"z": -0.3, "left_foot_yaw": 60.0, "right_foot_yaw": 60.0}))
    assert out[JOINT["left_knee"]][1] > 0.25
    assert out[JOINT["right_knee"]][1] < -0.25


def test_the_pelvis_gives_way_to_planted_feet():
    pose = solve({"z": 0.4})
    assert np.allclose(carried(pose, "left_toe", BALL), BALL, atol=1e-6)
    assert pose.root[2] < 0.01


def test_planted_hands_lie_flat_where_they_are_put():
    hands = {"hand": 1.0, "hand_x": 0.7, "hand_z": 0.0, "hand_yaw": 0.0}
    values = {f"{side}_{name}": value for side in ("left", "right") for name, value in hands.items()}
    values |= {"left_hand_y": 0.2, "right_hand_y": -0.2, "pitch": 80.0, "bend": 40.0, "z": -0.3}
    pose = solve(values)
    assert np.allclose(carried(pose, "left_wrist", PALM), [0.7, 0.2, 0.0], atol=1e-6)
    assert np.allclose(carried(pose, "right_wrist", PALM), [0.7, -0.2, 0.0], atol=1e-6)
    turns = joint_frames(pose)[1]
    assert np.allclose(turns[JOINT["left_wrist"]] @ [0, 0, -1], [1, 0, 0], atol=1e-6)
    assert np.allclose(turns[JOINT["left_wrist"]] @ [0, -1, 0], [0, 0, -1], atol=1e-6)


@pytest.mark.parametrize(
    ("channel", "joint", "axis", "sign"),
    [
        ("pitch", "head", 0, 1),
        ("roll", "head", 1, 1),
        ("bend", "head", 0, 1),
        ("side", "head", 1, 1),
        ("left_arm", "left_wrist", 0, 1),
        ("left_arm_out", "left_wrist", 1, 1),
        ("right_arm_out", "right_wrist", 1, -1),
        ("left_elbow", "left_wrist", 0, 1),
    ],
)
def test_channels_go_the_way_they_are_called(channel, joint, axis, sign):
    moved = joint_frames(solve({channel: 40.0}))[0][JOINT[joint]] - REST[JOINT[joint]]
    assert sign * moved[axis] > 0.05


@pytest.mark.parametrize(
    ("channel", "axis", "sign"),
    [("hip", 0, 1), ("knee", 0, -1), ("hip_out", 1, 1)],
)
def test_legs_in_the_air_go_the_way_they_are_called(channel, axis, sign):
    places, _ = joint_frames(solve({"left_free": 1.0, f"left_{channel}": 40.0}))
    assert sign * (places[JOINT["left_ankle"]] - REST[JOINT["left_ankle"]])[axis] > 0.1


def test_both_sides_alike_are_symmetric():
    both = {"foot_x": 0.1, "arm_out": 70.0, "arm": 20.0, "palm": 30.0, "knee_out": 10.0, "elbow": 40.0}
    values = {f"{side}_{name}": value for side in ("left", "right") for name, value in both.items()}
    pose = solve(values | {"z": -0.2, "bend": 10.0})
    assert np.allclose(mirrored(pose).rotations, pose.rotations, atol=1e-9)


def test_a_turn_goes_about_its_own_upright():
    pose = solve({"turn": 90.0, "turn_x": BALL[0], "turn_y": BALL[1]})
    assert np.allclose(carried(pose, "left_toe", BALL), BALL, atol=1e-9)
    assert np.allclose(carried(pose, "left_toe", TIP)[:2], [BALL[0], BALL[1] + 0.07], atol=1e-6)
