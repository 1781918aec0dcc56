"""Skinning: weights, half bones that keep a bent limb's width, mirrors, and many poses at once."""

from __future__ import annotations

import numpy as np
import pytest
from cardstunt.blender_addon.figures import Part
from cardstunt.blender_addon.gymnasts.body import figure
from cardstunt.blender_addon.gymnasts.proportions import ring, turns
from cardstunt.blender_addon.gymnasts.rig import (
    JOINT,
    JOINTS,
    REST,
    Pose,
    pose_transforms,
    rest_pose,
    turn_x,
    turn_y,
    turn_z,
)
from cardstunt.blender_addon.gymnasts.skinning import (
    BONE,
    HALF_BONES,
    INFLUENCES,
    Sculpture,
    bone_transforms,
    ground,
    posed,
    weigh,
)
from hypothesis import given
from hypothesis import strategies as st


def bent(**turns_by_joint):
    pose = rest_pose()
    for joint, turn in turns_by_joint.items():
        pose.rotations[JOINT[joint]] = turn
    return pose


def tube(weights, closed=True):
    """A tube of radius 0.05 along a leg, with a ring at the hip, at the knee and at the ankle."""
    sculpture = Sculpture()
    places = [REST[JOINT[f"left_{name}"]] for name in ("ankle", "knee", "hip")]
    rings = np.array([ring(place, 0.05, 0.05, 0.05, turns(8)) for place in places])
    part = int(Part.SKIN) if closed else None
    sculpture.tube(rings, np.array(weights), [int(Part.SKIN)] * 2, start=part, end=part)
    return sculpture.skinned("none", sculpture.count, 0)


def test_bones_are_the_joints_and_a_half_bone_for_each_hinge():
    assert list(BONE)[: len(JOINTS)] == list(JOINTS)
    assert set(list(BONE)[len(JOINTS) :]) == {f"half_{name}" for name in HALF_BONES}


def test_weights_are_shares():
    row = weigh(pelvis=3.0, spine=1.0)
    assert row[BONE["pelvis"]] == 0.75
    assert row.sum() == 1.0


def test_the_rest_pose_changes_nothing():
    person = figure("woman", "tracksuit")
    np.testing.assert_allclose(posed(person, rest_pose()), person.vertices, atol=1e-12)


@given(st.floats(-2.9, 2.9), st.sampled_from([turn_x, turn_y, turn_z]))
def test_a_half_bone_turns_half_as_far_about_its_joint(angle, turn):
    bones = bone_transforms(pose_transforms(bent(left_hip=turn_x(0.4), left_knee=turn(angle))))
    half = bones[BONE["half_left_knee"]]
    np.testing.assert_allclose(half[:3, :3], turn_x(0.4) @ turn(angle / 2), atol=1e-7)
    knee = REST[JOINT["left_knee"]]
    joint = bones[BONE["left_knee"]]
    np.testing.assert_allclose(half[:3, :3] @ knee + half[:3, 3], joint[:3, :3] @ knee + joint[:3, 3])


def test_a_bent_knee_keeps_its_width_with_a_half_bone_and_would_not_without():
    rows = [weigh(left_knee=1.0), weigh(half_left_knee=1.0), weigh(left_hip=1.0)]
    mixed = [rows[0], weigh(left_knee=1.0, left_hip=1.0), rows[2]]
    pose = bent(left_hip=turn_y(-1.9), left_knee=turn_y(2.5))

    def depth(person):
        knee = posed(person, pose)[8:16]
        return np.linalg.norm(knee[0] - knee[4])

    assert depth(tube(rows)) == pytest.approx(0.10)
    assert depth(tube(mixed)) < 0.05


def test_many_poses_are_the_same_as_one_after_another():
    person = figure("boy", "robe", "none", 1)
    turn = np.linspace(-1.0, 2.0, 6)
    poses = [bent(left_shoulder=turn_x(a), right_hip=turn_y(-a), left_elbow=turn_y(-abs(a))) for a in turn]
    transforms = np.stack([pose_transforms(pose) for pose in poses]).reshape(2, 3, len(JOINTS), 4, 4)
    together = posed(person, transforms)
    assert together.shape == (2, 3, len(person.vertices), 3)
    for k, pose in enumerate(poses):
        np.testing.assert_allclose(together.reshape(6, -1, 3)[k], posed(person, pose), atol=1e-12)


def test_nothing_sinks_into_the_ground_but_one_who_climbs_leaves_it():
    person = figure("woman", "tracksuit")
    lowered = Pose(bent(left_hip=turn_y(-1.6), right_hip=turn_y(-1.6)).rotations, np.array([0.0, 0.0, -0.84]))
    assert posed(person, lowered)[:, 2].min() == 0.0
    climbing = Pose(rest_pose().rotations, np.array([0.0, 0.0, -0.4]))
    assert ground(pose_transforms(climbing)) == pytest.approx(-0.4)
    assert posed(person, climbing)[:, 2].min() == pytest.approx(-0.4)


def test_a_mirrored_sculpture_moves_with_the_other_side():
    half = Sculpture()
    half.tube(
        np.array([ring((0.0, 0.2, z), 0.1, 0.1, 0.1, turns(5)) for z in (0.5, 1.0)]),
        np.array([weigh(left_knee=1.0), weigh(half_left_elbow=1.0)]),
        [int(Part.SKIN)],
        start=int(Part.SKIN),
        end=int(Part.SKIN),
    )
    whole = Sculpture()
    whole.add(half)
    whole.add(half.mirrored())
    done = whole.skinned("none", whole.count, 0)
    np.testing.assert_allclose(done.vertices[10:], done.vertices[:10] * (1, -1, 1))
    assert set(done.joints[:10, 0]) == {BONE["left_knee"], BONE["half_left_elbow"]}
    assert set(done.joints[10:, 0]) == {BONE["right_knee"], BONE["half_right_elbow"]}
    assert volume(done.vertices, done.faces[:7]) == pytest.approx(volume(done.vertices, done.faces[7:]))
    assert volume(done.vertices, done.faces) > 0


def volume(vertices, faces):
    """Of a closed mesh; below 0 when its faces look inwards."""
    return sum(
        np.dot(vertices[face[0]], np.cross(vertices[face[k]], vertices[face[k + 1]])) / 6
        for face in faces
        for k in range(1, len(face) - 1)
    )


def test_a_tube_with_tips_is_closed_and_looks_outwards():
    sculpture = Sculpture()
    rings = np.array([ring((0, 0, z), 0.1, 0.1, 0.1, turns(6)) for z in (0.0, 0.3)])
    bones = weigh(pelvis=1.0)
    tips = [(np.array([0.0, 0.0, z]), bones) for z in (-0.1, 0.4)]
    sculpture.tube(
        rings, np.array([bones, bones]), [[0, 1, 2, 3, 1, 1]], *tips, int(Part.HAIR), int(Part.SKIN)
    )
    done = sculpture.skinned("none", sculpture.count, 0)
    assert done.parts == (0, 1, 2, 3, 1, 1, *[Part.HAIR] * 6, *[Part.SKIN] * 6)
    assert done.triangles == 24
    hexagon = 1.5 * np.sqrt(3) * 0.1**2
    assert volume(done.vertices, done.faces) == pytest.approx(hexagon * (0.3 + 2 * 0.1 / 3))


def test_no_vertex_has_more_influences_than_are_kept():
    sculpture = Sculpture()
    row = weigh(pelvis=5.0, spine=4.0, chest=3.0, neck=2.0, head=1.0)
    sculpture.points(np.zeros((1, 3)), row)
    done = sculpture.skinned("none", 1, 0)
    assert done.joints.shape == (1, INFLUENCES)
    assert BONE["head"] not in done.joints
    assert done.weights.sum() == pytest.approx(1.0)
