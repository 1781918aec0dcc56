"""People: whole meshes of a person's proportions, which stay whole however they bend."""

from __future__ import annotations

from collections import Counter
from itertools import product

import numpy as np
import pytest
from cardstunt.blender_addon.figures import Part
from cardstunt.blender_addon.gymnasts.body import DETAILS, figure
from cardstunt.blender_addon.gymnasts.clips import clip_pose
from cardstunt.blender_addon.gymnasts.dress import STYLES
from cardstunt.blender_addon.gymnasts.proportions import BODIES, BUILDS
from cardstunt.blender_addon.gymnasts.rig import (
    JOINT,
    REST,
    Pose,
    pose_transforms,
    rest_pose,
    stacked,
    turn_x,
    turn_y,
)
from cardstunt.blender_addon.gymnasts.skinning import BONE, ground, posed
from cardstunt.kernels.clips import STRIPS

#: Triangles of a person without a prop, by detail.
TRIANGLES = ((300, 800), (150, 260), (50, 90))
PEOPLE = list(product(BODIES, STYLES, range(DETAILS)))

people = pytest.mark.parametrize(("body", "style", "detail"), PEOPLE)


def edges(faces):
    """How often each directed edge occurs."""
    return Counter((face[k], face[(k + 1) % len(face)]) for face in faces for k in range(len(face)))


def volume(vertices, faces):
    return sum(
        np.dot(vertices[face[0]], np.cross(vertices[face[k]], vertices[face[k + 1]])) / 6
        for face in faces
        for k in range(1, len(face) - 1)
    )


def test_there_are_six_bodies_and_six_costumes():
    assert set(BODIES) == {"woman", "girl", "man", "boy", "stocky", "tall"}
    assert set(STYLES) == {"tracksuit", "leotard", "dress", "tunic", "cape", "robe"}


@people
def test_meshes_are_consistent(body, style, detail):
    person = figure(body, style, "none", detail)
    assert len(person.faces) == len(person.parts)
    assert np.isfinite(person.vertices).all()
    assert {corner for face in person.faces for corner in face} == set(range(len(person.vertices)))
    assert all(len(set(face)) == len(face) >= 3 for face in person.faces)
    assert person.body_vertices == len(person.vertices)
    low, high = TRIANGLES[detail]
    assert low <= person.triangles <= high
    trim = {Part.ACCENT} if detail < 2 else set()
    assert {Part.SKIN, Part.COSTUME, Part.HAIR} | trim <= set(person.parts)


@people
def test_bodies_are_closed_and_only_cloth_and_faces_have_edges(body, style, detail):
    person = figure(body, style, "none", detail)
    directed = edges(person.faces)
    # No edge is run through twice the same way: neighbours agree about which side is out.
    assert max(directed.values()) == 1
    open_edges = [edge for edge in directed if edge[::-1] not in directed]
    hems = 2 * (10, 6, 4)[detail] if style in {"dress", "tunic", "robe"} else 0
    features = 3 * 4 if detail == 0 else 0  # eyes and mouth
    single = {"cape": {1: 6, 2: 4}}.get(style, {}).get(detail, 0)  # a cape that is far away has no lining
    assert len(open_edges) == hems + features + single
    if style in {"tracksuit", "leotard"}:
        assert 0.028 < volume(person.vertices, person.faces) < 0.110


@people
def test_weights_are_shares_of_bones_that_exist(body, style, detail):
    person = figure(body, style, "none", detail)
    np.testing.assert_allclose(person.weights.sum(1), 1.0, atol=1e-12)
    assert person.weights.min() >= 0
    assert person.joints.min() >= 0
    assert person.joints.max() < len(BONE)


@people
def test_people_stand_on_the_ground_and_are_a_persons_height(body, style, detail):
    vertices = posed(figure(body, style, "none", detail), rest_pose())
    assert vertices[:, 2].min() == pytest.approx(0.0, abs=1e-12)
    assert vertices[:, 2].max() == pytest.approx(1.70, abs=0.012)
    assert np.abs(vertices[:, 1]).max() < 0.42
    # Both feet are flat: soles at heel and toe.
    soles = vertices[vertices[:, 2] < 1e-9]
    assert soles[:, 0].min() < -0.04
    assert soles[:, 0].max() > 0.17
    assert (soles[:, 1] > 0).sum() == (soles[:, 1] < 0).sum()


@people
def test_left_and_right_are_mirror_images(body, style, detail):
    person = figure(body, style, "none", detail)
    here = np.round(person.vertices, 6) + 0.0
    there = np.round(person.vertices * (1, -1, 1), 6) + 0.0
    assert {tuple(place) for place in here} == {tuple(place) for place in there}


@pytest.mark.parametrize("body", BODIES)
def test_heads_are_about_an_eighth_to_a_seventh_of_the_height(body):
    person = figure(body, "leotard")
    # The neck ends inside the head; nothing but the face is moved by the head alone and skin.
    face = {
        corner
        for corners, part in zip(person.faces, person.parts, strict=True)
        for corner in corners
        if part == Part.SKIN and person.joints[corner, 0] == BONE["head"] and person.weights[corner, 0] == 1.0
    }
    chin = min(person.vertices[corner, 2] for corner in face)
    assert 7.0 < 1.70 / (1.70 - chin) < 8.3
    assert 7.4 < 1.70 / (1.70 - chin) * BUILDS[body].head < 8.0


def girth(person, height, limb=None):
    """Width along Y and depth along X of the trunk near a height."""
    trunk = [BONE[name] for name in ("pelvis", "spine", "chest", "neck")]
    moves = (np.isin(person.joints, trunk) & (person.weights > 0.05)).any(1)
    near = moves & (np.abs(person.vertices[:, 2] - height) < 0.012)
    depth, width, _ = np.ptp(person.vertices[near], axis=0)
    return np.array([width, depth])


@pytest.mark.parametrize("body", BODIES)
def test_trunks_have_shoulders_a_waist_and_hips(body):
    person = figure(body, "leotard")
    hips, waist, chest = (girth(person, height) for height in (0.900, 1.070, 1.320))
    assert waist[0] < 0.95 * min(hips[0], chest[0])
    assert 0.27 < hips[0] < 0.40
    assert chest[0] > chest[1]
    shoulders = np.ptp(person.vertices[np.abs(person.vertices[:, 2] - 1.36) < 0.04, 1])
    assert 1.2 * hips[0] < shoulders < 0.54


def test_bodies_differ_as_people_do():
    woman, girl, man, stocky = (figure(body, "leotard") for body in ("woman", "girl", "man", "stocky"))
    ratio = [girth(person, 1.070)[0] / girth(person, 0.900)[0] for person in (woman, man)]
    assert ratio[0] < ratio[1] - 0.08
    assert girth(girl, 0.900)[0] < girth(woman, 0.900)[0]
    assert girth(stocky, 1.070).prod() > 1.3 * girth(man, 1.070).prod()
    assert len({figure(body, "leotard").vertices.tobytes() for body in BODIES}) == len(BODIES)


def test_coarser_figures_fill_about_the_same_space():
    for body in BODIES:
        fine, *coarse = (figure(body, "leotard", "none", detail) for detail in range(DETAILS))
        for other in coarse:
            for axis in (1, 2):
                assert np.ptp(other.vertices[:, axis]) == pytest.approx(
                    np.ptp(fine.vertices[:, axis]), rel=0.12
                )
            assert volume(other.vertices, other.faces) > 0.5 * volume(fine.vertices, fine.faces)


def folded(**joints):
    pose = rest_pose()
    for joint, turn in joints.items():
        for side, sign in (("left", 1.0), ("right", -1.0)):
            angle_about = turn(sign)
            pose.rotations[JOINT[f"{side}_{joint}"]] = angle_about
    return pose


EXTREMES = {
    "overhead": folded(collar=lambda s: turn_x(s * 0.5), shoulder=lambda s: turn_x(s * 2.5)),
    "sit": folded(hip=lambda s: turn_y(-1.6)),
    "tuck": folded(hip=lambda s: turn_y(-2.2), knee=lambda s: turn_y(2.6), elbow=lambda s: turn_y(-2.4)),
    "split": folded(hip=lambda s: turn_y(-1.5 * s), ankle=lambda s: turn_y(0.8)),
    "straddle": folded(hip=lambda s: turn_x(s * 1.4)),
}


@pytest.mark.parametrize("pose", EXTREMES)
@pytest.mark.parametrize("body", ["woman", "stocky"])
def test_limbs_neither_cave_in_nor_tear_in_extreme_poses(body, pose):
    person = figure(body, "leotard")
    airborne = Pose(EXTREMES[pose].rotations, np.array([0.0, 0.0, 2.0]))
    resting = volume(person.vertices, person.faces)
    moved = posed(person, airborne)
    # Pieces overlap about the joints, and what is inside counts twice: so the sum hardly changes.
    assert volume(moved, person.faces) == pytest.approx(resting, rel=0.07)
    ends = np.array(list(edges(person.faces)))
    before = np.linalg.norm(np.diff(person.vertices[ends], axis=1)[:, 0], axis=-1)
    after = np.linalg.norm(np.diff(moved[ends], axis=1)[:, 0], axis=-1)
    assert (after < 2.4 * before + 0.03).all()


@pytest.mark.parametrize("pose", EXTREMES)
def test_limbs_reach_into_the_trunk_however_they_swing(pose):
    # The ball about each hip and shoulder stays where the trunk is: no gap opens.
    person = figure("woman", "leotard")
    moved = posed(person, Pose(EXTREMES[pose].rotations, np.array([0.0, 0.0, 2.0])))
    trunk = np.isin(person.joints[:, 0], [BONE[name] for name in ("pelvis", "chest", "left_collar")])
    for joint in ("left_hip", "left_shoulder"):
        ball = (person.joints[:, 0] == BONE[joint]) & (
            np.linalg.norm(person.vertices - REST[JOINT[joint]], axis=1) < 0.1
        )
        assert ball.sum() >= 8
        apart = np.linalg.norm(moved[ball][:, None] - moved[trunk][None], axis=-1)
        assert apart.min() < 0.06


def test_a_raised_arm_draws_its_shoulder_and_flank_up_and_leaves_the_other_side():
    person = figure("woman", "leotard")
    pose = rest_pose()
    pose.rotations[JOINT["left_collar"]] = turn_x(0.5)
    pose.rotations[JOINT["left_shoulder"]] = turn_x(2.5)
    up = posed(person, pose)[:, 2] - person.vertices[:, 2]
    trunk = (np.isin(person.joints, [BONE["chest"]]) & (person.weights > 0.05)).any(1)
    shoulder, armpit = (np.abs(person.vertices[:, 2] - height) < 0.005 for height in (1.390, 1.320))
    left, right = person.vertices[:, 1] > 0.13, person.vertices[:, 1] < 0.0
    assert up[trunk & shoulder & left].min() > 0.04
    assert up[trunk & armpit & left].min() > 0.04
    assert np.abs(up[trunk & right]).max() < 1e-12


def test_the_same_words_give_the_same_figure():
    assert figure("man", "cape", "none", 1) is figure("man", "cape", "none", 1)
    with pytest.raises(ValueError, match="read-only"):
        figure("man", "cape").vertices[0] = 0.0


@pytest.mark.parametrize(
    "words", [("giant", "cape", "none"), ("man", "armour", "none"), ("man", "cape", "axe")]
)
def test_unknown_words_are_an_error(words):
    with pytest.raises(KeyError):
        figure(*words)


@pytest.mark.parametrize("strip", [strip for strip in STRIPS if strip.stride in {0.0, 0.65, 1.6}], ids=str)
def test_no_clip_tears_a_person_or_sinks_them(strip):
    person = figure("woman", "leotard")
    poses = stacked([clip_pose(strip, k / 8) for k in range(8)])
    transforms = pose_transforms(poses)
    moved = posed(person, transforms)
    assert (moved[..., 2].min(1) >= ground(transforms) - 1e-12).all()
    ends = np.array(list(edges(person.faces)))
    before, after = (
        np.linalg.norm(points[..., ends[:, 0], :] - points[..., ends[:, 1], :], axis=-1)
        for points in (person.vertices, moved)
    )
    assert (after < 2.0 * before + 0.02).all()
    # But for hands and feet that press on the ground, nothing has to be lifted out of it.
    raised = posed(person, transforms + np.eye(4)[2][:, None] * np.eye(4)[3] * 5.0)[..., 2] - 5.0
    assert raised.min() > ground(transforms).min() - 0.02
