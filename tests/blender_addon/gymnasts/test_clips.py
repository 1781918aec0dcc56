from __future__ import annotations

import functools

import numpy as np
import pytest
from cardstunt.blender_addon.gymnasts.clips import clip_pose
from cardstunt.blender_addon.gymnasts.rig import (
    BALL,
    HEEL,
    JOINT,
    JOINTS,
    PALM,
    SIDES,
    TIP,
    carried,
    joint_frames,
    mirrored,
    rest_pose,
    stacked,
)
from cardstunt.kernels.clips import CLIP_NAMES, CLIPS, STRIPS, Strip
from cardstunt.kernels.route import CLIMB_CYCLE

PHASES = np.linspace(0.0, 1.0, 241)
NAMES = [strip.name for strip in STRIPS]
LOOPS = [strip.name for strip in STRIPS if strip.stride and not strip.ends]
ON_THE_SPOT = [strip.name for strip in STRIPS if not strip.stride]
ENDS = [strip.name for strip in STRIPS if strip.ends]
HELD = [strip.name for strip in STRIPS if CLIPS[strip.clip].kind == "held"]
SOLE = (("ankle", HEEL), ("toe", BALL), ("toe", TIP))


def strip_of(name):
    return STRIPS[NAMES.index(name)]


@functools.cache
def poses_of(name):
    return stacked([clip_pose(strip_of(name), float(phase)) for phase in PHASES])


def in_the_world(name, joint, place):
    """Where a point is while the body is moved along, or up, as the strip wants it."""
    strip = strip_of(name)
    points = carried(poses_of(name), joint, place)
    points[:, 0] += 2.0 * strip.stride * PHASES
    if name == "climb":
        points[:, 2] += CLIMB_CYCLE * PHASES
    return points


def same(pose, other, tolerance=1e-6):
    return (
        np.abs(pose.rotations - other.rotations).max() < tolerance
        and np.abs(pose.root - other.root).max() < tolerance
    )


def steps(poses):
    """Angles between neighbouring poses, degrees, (F - 1, J)."""
    between = np.swapaxes(poses.rotations[:-1], -1, -2) @ poses.rotations[1:]
    return np.degrees(np.arccos(np.clip((np.trace(between, axis1=-2, axis2=-1) - 1.0) / 2.0, -1.0, 1.0)))


@pytest.mark.parametrize("name", NAMES)
def test_nothing_goes_below_the_ground(name):
    for side in SIDES:
        for joint, place in (*SOLE, ("wrist", PALM), ("wrist", (0.004, 0.245, 0.682))):
            assert in_the_world(name, f"{side}_{joint}", place)[:, 2].min() > -0.01
        assert in_the_world(name, f"{side}_knee", (0.0, 0.085, 0.475))[:, 2].min() > 0.05
    assert in_the_world(name, "pelvis", (0.0, 0.0, 0.93))[:, 2].min() > 0.1
    assert in_the_world(name, "head", (0.0, 0.0, 1.70))[:, 2].min() > 0.1


@pytest.mark.parametrize("name", NAMES)
def test_what_stands_on_the_ground_stays_where_it_is(name):
    worst = 0.0
    for side in SIDES:
        for joint, place in SOLE[:2]:
            points = in_the_world(name, f"{side}_{joint}", place)
            down = np.append(points[:, 2] < 0.0005, False)
            edges = np.flatnonzero(np.diff(np.concatenate([[False], down]).astype(int)))
            for first, last in edges.reshape(-1, 2):
                stance = points[first:last, :2]
                worst = max(worst, float(np.linalg.norm(stance - stance[len(stance) // 2], axis=1).max()))
    assert worst < 0.003


@pytest.mark.parametrize("name", LOOPS)
def test_under_way_the_left_foot_is_under_the_body_at_0_and_the_right_one_at_a_half(name):
    poses = poses_of(name)
    for side, frame in (("left", 0), ("right", 120)):
        ball = carried(poses, f"{side}_toe", BALL)[frame]
        assert ball[0] == pytest.approx(BALL[0], abs=1e-6)
        assert ball[2] == pytest.approx(0.0, abs=1e-6)


@pytest.mark.parametrize("name", LOOPS)
def test_marching_keeps_a_foot_on_the_ground_and_running_does_not(name):
    heights = [
        np.min([in_the_world(name, f"{side}_{joint}", place)[:, 2] for joint, place in SOLE], axis=0)
        for side in SIDES
    ]
    lower, both = np.minimum(*heights), np.maximum(*heights)
    if name.startswith("march"):
        assert lower.max() < 0.001
        assert (both < 0.001).any()  # and both while the weight changes over
    else:
        assert lower.max() > 0.02
        assert (both > 0.02).all()


@pytest.mark.parametrize("name", NAMES)
def test_neighbouring_phases_are_neighbouring_poses(name):
    strip = strip_of(name)
    turned = steps(poses_of(name))
    seconds = CLIPS[strip.clip].seconds
    # Degrees a second; a hand that leaves the ground in a cartwheel is the fastest of all.
    assert (turned * 240 / seconds).max() < (5500.0 if name == "cartwheel" else 3500.0)
    frame = int(turned.max(axis=1).argmax())
    finer = stacked([clip_pose(strip, float(phase)) for phase in np.linspace(*PHASES[frame : frame + 2], 9)])
    assert steps(finer).max() < max(
        0.6 * turned.max(), 0.1
    )  # a pop would be as large in an eighth of the time
    if not strip.stride:
        places = carried(poses_of(name), "pelvis", (0.0, 0.0, 0.93))
        assert np.linalg.norm(np.diff(places, axis=0), axis=1).max() * 240 / seconds < 5.5  # metres a second


def flexion(poses, joint, bone=(0.0, 0.0, -1.0)):
    """How far a bone is swung forward of what it hangs on, and how far out of that plane, degrees."""
    along = poses.rotations[:, JOINT[joint]] @ np.array(bone)
    forward = np.degrees(np.arctan2(along[:, 0], -along[:, 2]))
    return forward, np.degrees(np.arcsin(np.clip(along[:, 1], -1.0, 1.0)))


@pytest.mark.parametrize("name", NAMES)
def test_joints_keep_to_what_people_can_do(name):
    poses = poses_of(name)
    for side in SIDES:
        knee, aside = flexion(poses, f"{side}_knee")
        assert knee.min() > -165.0
        assert knee.max() < 6.0
        assert np.abs(aside).max() < 8.0
        elbow, _ = flexion(poses, f"{side}_elbow")
        assert elbow.min() > -8.0
        assert elbow.max() < 155.0
        foot = poses.rotations[:, JOINT[f"{side}_ankle"]] @ np.array([1.0, 0.0, 0.0])
        point = np.degrees(np.arctan2(-foot[:, 2], foot[:, 0]))
        assert point.min() > -45.0
        assert point.max() < 85.0
        thigh = poses.rotations[:, JOINT[f"{side}_hip"]] @ np.array([0.0, 0.0, -1.0])
        assert thigh[:, 0].min() > -np.sin(np.radians(50.0))
        assert np.degrees(np.arccos(-thigh[:, 2])).max() < 150.0  # a standing split, kicking to a handstand
        wrist = steps_from_rest(poses, f"{side}_wrist")
        assert wrist.max() < 125.0
    for joint in ("spine", "chest", "neck", "head"):
        assert steps_from_rest(poses, joint).max() < 40.0


def steps_from_rest(poses, joint):
    traces = np.trace(poses.rotations[:, JOINT[joint]], axis1=-2, axis2=-1)
    return np.degrees(np.arccos(np.clip((traces - 1.0) / 2.0, -1.0, 1.0)))


@pytest.mark.parametrize("name", NAMES)
def test_cycles_close(name):
    poses = poses_of(name)
    assert np.abs(poses.rotations[0] - poses.rotations[-1]).max() < 1e-6
    assert np.abs(poses.root[0] - poses.root[-1]).max() < 1e-6


@pytest.mark.parametrize("name", ON_THE_SPOT + ENDS)
def test_all_but_walks_under_way_begin_and_end_in_the_neutral_stand(name):
    for phase in (0.0, 1.0):
        assert same(clip_pose(strip_of(name), phase), rest_pose(), 1e-5)


@pytest.mark.parametrize("name", ENDS)
def test_the_strips_of_ends_meet_those_of_the_walk(name):
    loop = strip_of(name.removesuffix(" ends"))
    for phase in (0.4999, 0.5, 0.5001):
        assert same(clip_pose(strip_of(name), phase), clip_pose(loop, phase))


@pytest.mark.parametrize("name", [*LOOPS, "march", "run"])
def test_walks_are_the_same_on_both_sides_half_a_cycle_apart(name):
    strip = strip_of(name)
    for phase in (0.0, 0.07, 0.2, 0.33, 0.46):
        assert same(mirrored(clip_pose(strip, phase)), clip_pose(strip, phase + 0.5))


@pytest.mark.parametrize(
    "name", ["stand", "jump", "star_jump", "bow", "torso_wave", "somersault", "lift", "sit", "hold"]
)
def test_symmetric_moves_are_symmetric(name):
    poses = poses_of(name)
    assert same(mirrored(poses), poses)


@pytest.mark.parametrize("name", HELD)
def test_what_is_held_is_reached_in_the_middle_and_left_the_same_way(name):
    strip = strip_of(name)
    assert same(clip_pose(strip, 0.2), clip_pose(strip, 0.8), 1e-9)
    rate = steps(stacked([clip_pose(strip, phase) for phase in (0.499, 0.4995, 0.5)])).max()
    assert rate < 0.05  # degrees in a two-thousandth of the cycle: all but still


def test_the_held_poses_are_what_they_are_called():
    middle = {name: joint_frames(clip_pose(strip_of(name), 0.5))[0] for name in HELD}
    at = {name: dict(zip(JOINTS, places, strict=True)) for name, places in middle.items()}
    upside_down = at["handstand"]
    assert upside_down["left_toe"][2] > upside_down["pelvis"][2] + 0.9
    assert upside_down["left_wrist"][2] < 0.1
    assert abs(upside_down["left_toe"][0] - upside_down["left_shoulder"][0]) < 0.08
    assert at["kneel"]["right_knee"][2] < 0.12
    assert at["kneel"]["left_knee"][2] > 0.4
    sitting = at["sit"]
    assert sitting["pelvis"][2] < 0.16
    assert sitting["left_ankle"][0] - sitting["left_hip"][0] > 0.78
    assert sitting["left_knee"][2] < 0.2
    arms = at["hold"]
    assert arms["left_wrist"][1] - arms["left_shoulder"][1] > 0.5
    assert abs(arms["left_wrist"][2] - arms["left_shoulder"][2]) < 0.1


def test_a_spin_is_one_turn_to_the_left_on_the_ball_of_the_left_foot():
    places, turns = joint_frames(poses_of("spin"))
    ahead = turns[:, JOINT["pelvis"], :, 0]
    heading = np.unwrap(np.arctan2(ahead[:, 1], ahead[:, 0]))
    assert heading[-1] - heading[0] == pytest.approx(2.0 * np.pi, abs=1e-6)
    ball = carried(poses_of("spin"), "left_toe", BALL)
    assert np.abs(ball - BALL).max() < 0.001
    assert places[:, JOINT["right_toe"], 2].max() > 0.3
    look = turns[:, JOINT["head"], :, 0]
    facing = np.unwrap(np.arctan2(look[:, 1], look[:, 0]))
    assert facing[-1] - facing[0] == pytest.approx(2.0 * np.pi, abs=1e-6)
    assert (heading - facing)[60:110].max() > np.radians(30.0)  # the head stays with the audience at first


def test_a_somersault_goes_over_once_backward():
    up = joint_frames(poses_of("somersault"))[1][:, JOINT["pelvis"], :, 2]
    leaning = np.unwrap(np.arctan2(up[:, 0], up[:, 2]))
    assert leaning[-1] - leaning[0] == pytest.approx(-2.0 * np.pi, abs=1e-6)


def test_a_cartwheel_goes_over_both_hands_and_comes_back():
    poses = poses_of("cartwheel")
    palms = [carried(poses, f"{side}_wrist", PALM) for side in SIDES]
    for palm in palms:
        down = np.abs(palm[:121, 2]) < 0.0005
        assert down.sum() >= 4
        assert np.ptp(palm[:121][down], axis=0).max() < 0.005
    assert joint_frames(poses)[0][:, JOINT["pelvis"], 1].max() == pytest.approx(2.095, abs=0.01)
    assert carried(poses, "head", (0.0, 0.0, 1.70))[60, 2] < 0.7


def test_hands_stay_where_they_are_put_in_a_handstand():
    for side in SIDES:
        palm = carried(poses_of("handstand"), f"{side}_wrist", PALM)[62:179]
        assert np.abs(palm[:, 2]).max() < 0.002
        assert np.ptp(palm, axis=0).max() < 0.002


@pytest.mark.parametrize("body", [0.85, 1.1])
def test_steps_keep_their_length_on_bodies_of_another_size(body):
    strip = strip_of("march 0.65")
    for phase in (0.05, 0.1, 0.15, 0.2):
        ball = body * carried(clip_pose(strip, phase, body), "left_toe", BALL)
        assert ball[0] + 2.0 * strip.stride * phase == pytest.approx(body * BALL[0], abs=1e-3)


def test_a_step_of_any_length_can_be_taken():
    march = CLIP_NAMES.index("march")
    for stride in (0.1, 0.43, 1.1):
        poses = stacked([clip_pose(Strip(march, stride), float(phase)) for phase in np.linspace(0, 1, 25)])
        assert carried(poses, "left_toe", TIP)[:, 2].min() > -0.001


@pytest.mark.parametrize("name", ["march 0.5 ends", "cartwheel", "somersault"])
def test_the_same_phase_is_the_same_pose_to_the_bit(name):
    first, second = clip_pose(strip_of(name), 0.37), clip_pose(strip_of(name), 0.37)
    assert np.array_equal(first.rotations, second.rotations)
    assert np.array_equal(first.root, second.root)


def test_a_clip_exists_for_every_name():
    for number, name in enumerate(CLIP_NAMES):
        assert clip_pose(Strip(number), 0.25).rotations.shape == (len(JOINTS), 3, 3), name
