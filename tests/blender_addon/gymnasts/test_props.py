"""Props: whole meshes at the wrists that follow the hands, move with the phase and never sink."""

from __future__ import annotations

import numpy as np
import pytest
from cardstunt.blender_addon.figures import Part
from cardstunt.blender_addon.gymnasts.body import DETAILS, figure
from cardstunt.blender_addon.gymnasts.clips import clip_pose
from cardstunt.blender_addon.gymnasts.props import PROPS, performed, prop_vertices
from cardstunt.blender_addon.gymnasts.rig import (
    JOINT,
    Pose,
    joint_frames,
    pose_transforms,
    rest_pose,
    stacked,
    turn_x,
)
from cardstunt.blender_addon.gymnasts.skinning import posed
from cardstunt.kernels.clips import STRIPS, Strip

HELD = [prop for prop in PROPS if prop != "none"]
#: Props that both hands hold.
BOTH = {"fan", "pom_pom"}
#: How far from a hand a prop reaches at most, metres.
REACH = {
    "ribbon": 2.3,
    "hoop": 0.80,
    "ball": 0.25,
    "flag": 1.9,
    "torch": 0.85,
    "fan": 0.42,
    "umbrella": 1.65,
    "pom_pom": 0.30,
    "balloon": 1.6,
}
STAND = STRIPS[0]
WALK = next(strip for strip in STRIPS if strip.stride == 0.65 and not strip.ends)
WALK_ENDS = next(strip for strip in STRIPS if strip.stride == 0.65 and strip.ends)
HANDSTAND = next(strip for strip in STRIPS if strip.name == "handstand")

held = pytest.mark.parametrize("prop", HELD)


def arms_up():
    pose = rest_pose()
    for side, sign in (("left", 1.0), ("right", -1.0)):
        pose.rotations[JOINT[f"{side}_shoulder"]] = turn_x(sign * 2.9)
    return pose


def grips(pose):
    places, turns = joint_frames(pose)
    return {
        side: places[..., JOINT[f"{side}_wrist"], :]
        + turns[..., JOINT[f"{side}_wrist"], :, :] @ (0.003, 0.0, -0.085)
        for side in ("left", "right")
    }


def faces_of(prop, detail):
    person = figure("girl", "leotard", prop, detail)
    own = person.faces[len(figure("girl", "leotard", "none", detail).faces) :]
    return [[corner - person.body_vertices for corner in face] for face in own]


def test_there_are_nine_props():
    assert set(HELD) == {
        "ribbon", "hoop", "ball", "flag", "torch", "fan", "umbrella", "pom_pom", "balloon",
    }  # fmt: skip


@held
@pytest.mark.parametrize("detail", range(DETAILS))
def test_props_are_the_last_vertices_of_whole_figures(prop, detail):
    bare, person = figure("girl", "leotard", "none", detail), figure("girl", "leotard", prop, detail)
    assert person.body_vertices == len(bare.vertices)
    assert person.faces[: len(bare.faces)] == bare.faces
    np.testing.assert_array_equal(person.vertices[: person.body_vertices], bare.vertices)
    own = person.faces[len(bare.faces) :]
    assert {corner for face in own for corner in face} == set(
        range(person.body_vertices, len(person.vertices))
    )
    assert all(len(set(face)) == len(face) >= 3 for face in own)
    assert Part.PROP in person.parts[len(bare.faces) :]
    np.testing.assert_allclose(person.weights.sum(1), 1.0)
    assert person.triangles - bare.triangles <= (130, 60, 24)[detail]


@held
@pytest.mark.parametrize("detail", range(DETAILS))
def test_details_grow_coarser(prop, detail):
    if detail:
        assert (
            figure("man", "tunic", prop, detail).triangles
            < figure("man", "tunic", prop, detail - 1).triangles
        )


@held
@pytest.mark.parametrize("pose", [rest_pose(), arms_up()], ids=["down", "up"])
@pytest.mark.parametrize("detail", range(DETAILS))
def test_props_are_at_the_hands(prop, pose, detail):
    vertices = prop_vertices(prop, pose, STAND, 0.3, detail)
    distances = {side: np.linalg.norm(vertices - grip, axis=1) for side, grip in grips(pose).items()}
    nearest = np.minimum(distances["left"], distances["right"]) if prop in BOTH else distances["right"]
    assert nearest.max() < REACH[prop]
    # Something of it is in the hand; a ball's middle is not a vertex.
    for side in ("left", "right") if prop in BOTH else ("right",):
        grip = grips(pose)[side]
        ends = np.array([[face[0], face[2]] for face in faces_of(prop, detail)])
        start, along = vertices[ends[:, 0]], vertices[ends[:, 1]] - vertices[ends[:, 0]]
        share = np.sum((grip - start) * along, axis=1) / np.sum(along**2, axis=1)
        nearest = start + np.clip(share, 0.0, 1.0)[:, None] * along
        assert np.linalg.norm(grip - nearest, axis=1).min() < (0.16 if prop in {"ball", "pom_pom"} else 0.06)


@held
@pytest.mark.parametrize("strip", [STAND, WALK, WALK_ENDS, HANDSTAND], ids=lambda strip: strip.name)
def test_props_stay_above_the_ground_and_come_back_to_where_they_began(prop, strip):
    phases = np.linspace(0.0, 1.0, 13)
    poses = stacked([clip_pose(strip, float(phase) % 1.0) for phase in phases])
    vertices = prop_vertices(prop, poses, strip, phases, 0)
    assert np.isfinite(vertices).all()
    assert vertices[..., 2].min() >= -1e-9
    # An umbrella's panels may have changed places with others of their colour.
    apart = np.linalg.norm(vertices[0][:, None] - vertices[-1][None], axis=-1)
    assert max(apart.min(0).max(), apart.min(1).max()) < 1e-9
    if prop != "umbrella":
        np.testing.assert_allclose(vertices[0], vertices[-1], atol=1e-9)


@held
def test_props_move_by_themselves_while_people_stand_but_for_what_is_stiff(prop):
    still = stacked([rest_pose()] * 9)
    vertices = prop_vertices(prop, still, STAND, np.arange(9) / 9, 0)
    moved = np.ptp(vertices, axis=0).max()
    assert (moved < 1e-9) == (prop in {"hoop", "ball"})
    assert moved < 1.5


@pytest.mark.parametrize("prop", ["ribbon", "flag", "balloon"])
def test_cloth_streams_behind_who_walks(prop):
    pose = rest_pose()
    standing = prop_vertices(prop, pose, STAND, 0.5)[:, 0].mean()
    walking = prop_vertices(prop, pose, WALK, 0.5)[:, 0].mean()
    assert walking < standing - 0.05
    # Strips that begin and end a walk are a stand at their ends and the walk in their middle.
    for phase, strip in ((0.0, STAND), (0.5, WALK)):
        ends = prop_vertices(prop, pose, WALK_ENDS, phase)
        like = prop_vertices(prop, pose, Strip(WALK_ENDS.clip, strip.stride), phase)
        np.testing.assert_allclose(ends, like, atol=1e-9)


@pytest.mark.parametrize("prop", ["ball", "ribbon"])
def test_what_a_hanging_hand_holds_is_before_it_and_not_in_the_leg(prop):
    vertices = prop_vertices(prop, rest_pose(), STAND, 0.0)
    grip = grips(rest_pose())["right"]
    near = vertices[np.linalg.norm(vertices - grip, axis=1) < 0.5]
    assert near[:, 0].max() > grip[0] + 0.1
    assert near[:, 1].max() < -0.12


def test_fans_show_their_face_to_the_front():
    fans = prop_vertices("fan", arms_up(), STAND, 0.0)
    for side in (-1.0, 1.0):
        fan = fans[fans[:, 1] * side > 0]
        deep, wide, high = np.ptp(fan, axis=0)
        assert deep < 0.5 * min(wide, high)


@pytest.mark.parametrize("prop", ["flag", "torch", "umbrella", "balloon"])
@pytest.mark.parametrize("pose", [rest_pose(), arms_up()], ids=["down", "up"])
def test_upright_things_stay_upright_whatever_the_arm_does(prop, pose):
    vertices = prop_vertices(prop, pose, STAND, 0.2)
    assert vertices[:, 2].max() > grips(pose)["right"][2] + 0.3


@pytest.mark.parametrize("detail", range(DETAILS))
def test_umbrellas_pass_over_the_head(detail):
    canopy = prop_vertices("umbrella", rest_pose(), STAND, 0.0, detail)
    above = canopy[np.linalg.norm(canopy[:, :2], axis=1) < 0.35]
    assert len(above) > 0
    assert above[above[:, 2] > 1.2, 2].min() > 1.70


def test_hoops_are_round_and_as_wide_as_hoops():
    hoop = prop_vertices("hoop", arms_up(), STAND, 0.0)
    centre = hoop.mean(0)
    np.testing.assert_allclose(np.linalg.norm(hoop - centre, axis=1), 0.37, atol=0.017)


def test_many_poses_are_the_same_as_one_after_another():
    phases = np.array([[0.1, 0.4, 0.9], [0.0, 0.5, 0.25]])
    poses = [clip_pose(WALK, float(phase)) for phase in phases.ravel()]
    transforms = np.stack([pose_transforms(pose) for pose in poses]).reshape(2, 3, -1, 4, 4)
    for prop in PROPS:
        person = figure("tall", "dress", prop, 1)
        together = performed(person, transforms, WALK, phases)
        assert together.shape == (2, 3, len(person.vertices), 3)
        for k, pose in enumerate(poses):
            one = performed(person, pose, WALK, float(phases.ravel()[k]))
            np.testing.assert_allclose(together.reshape(6, -1, 3)[k], one, atol=1e-12)


def test_performed_moves_the_person_by_skinning_alone():
    person = figure("boy", "tracksuit", "flag")
    pose = Pose(arms_up().rotations, np.array([0.0, 0.0, 0.5]))
    done = performed(person, pose, STAND, 0.0)
    own = person.body_vertices
    np.testing.assert_array_equal(done[:own], posed(person, pose)[:own])
    np.testing.assert_array_equal(done[own:], prop_vertices("flag", pose, STAND, 0.0))


def test_an_unknown_prop_is_an_error():
    with pytest.raises(KeyError):
        prop_vertices("axe", rest_pose(), STAND, 0.0)
    assert prop_vertices("none", rest_pose(), STAND, 0.0).shape == (0, 3)
