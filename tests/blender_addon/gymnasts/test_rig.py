from __future__ import annotations

import numpy as np
import pytest
from cardstunt.blender_addon.gymnasts.rig import (
    BALL,
    CROWN,
    HEEL,
    JOINT,
    JOINTS,
    PARENTS,
    REST,
    TIP,
    Pose,
    carried,
    joint_frames,
    mirrored,
    pose_transforms,
    rest_pose,
    stacked,
    turn_x,
    turn_y,
    turn_z,
)
from hypothesis import given, settings
from hypothesis import strategies as st


def random_pose(seed):
    rng = np.random.Generator(np.random.Philox(seed))
    angles = rng.uniform(-1.0, 1.0, (3, len(JOINTS)))
    return Pose(turn_z(angles[0]) @ turn_y(angles[1]) @ turn_x(angles[2]), rng.uniform(-1.0, 1.0, 3))


def test_parents_come_first_and_sides_mirror_each_other():
    assert PARENTS[0] == -1
    assert all(parent < number for number, parent in enumerate(PARENTS))
    for name, number in JOINT.items():
        if name.startswith("left"):
            right = JOINT[name.replace("left", "right")]
            assert np.array_equal(REST[right], REST[number] * [1, -1, 1])
            assert REST[number][1] > 0
    with pytest.raises(ValueError, match="read-only"):
        REST[0] = 0


def test_the_rest_pose_stands_on_the_ground():
    assert np.abs(pose_transforms(rest_pose()) - np.eye(4)).max() < 1e-15
    assert CROWN[2] == 1.70
    assert {HEEL[2], BALL[2], TIP[2]} == {0.0}
    assert np.allclose(carried(rest_pose(), "right_toe", TIP), np.array(TIP) * [1, -1, 1])


def test_turns_are_right_handed():
    assert np.allclose(turn_x(np.pi / 2) @ [0, 1, 0], [0, 0, 1])
    assert np.allclose(turn_y(np.pi / 2) @ [0, 0, 1], [1, 0, 0])
    assert np.allclose(turn_z(np.pi / 2) @ [1, 0, 0], [0, 1, 0])


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_transforms_carry_joints_to_where_they_are_and_keep_bones_rigid(seed):
    pose = random_pose(seed)
    places, _ = joint_frames(pose)
    moved = pose_transforms(pose) @ np.append(REST, np.ones((len(JOINTS), 1)), axis=1)[..., None]
    assert np.allclose(moved[:, :3, 0], places)
    for number, parent in enumerate(PARENTS[1:], start=1):
        bone = np.linalg.norm(REST[number] - REST[parent])
        assert np.linalg.norm(places[number] - places[parent]) == pytest.approx(bone)


def test_many_poses_at_once_are_the_same_as_one_by_one():
    poses = [random_pose(seed) for seed in range(4)]
    together = pose_transforms(stacked(poses))
    assert together.shape == (4, len(JOINTS), 4, 4)
    assert all(np.array_equal(pose_transforms(pose), row) for pose, row in zip(poses, together, strict=True))


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_a_mirror_swaps_sides_and_undoes_itself(seed):
    pose = random_pose(seed)
    image = mirrored(pose)
    places, seen = joint_frames(pose)[0], joint_frames(image)[0]
    assert np.allclose(seen[JOINT["left_wrist"]], places[JOINT["right_wrist"]] * [1, -1, 1])
    assert np.allclose(seen[JOINT["head"]], places[JOINT["head"]] * [1, -1, 1])
    assert np.allclose(mirrored(image).rotations, pose.rotations)
