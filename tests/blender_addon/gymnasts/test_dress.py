"""Costumes and hair: what covers which part of the body, and how cloth goes with it."""

from __future__ import annotations

import numpy as np
import pytest
from cardstunt.blender_addon.figures import Part
from cardstunt.blender_addon.gymnasts.body import figure
from cardstunt.blender_addon.gymnasts.dress import DRESSES, STYLES
from cardstunt.blender_addon.gymnasts.proportions import BODIES, BUILDS
from cardstunt.blender_addon.gymnasts.rig import JOINT, Pose, pose_transforms, rest_pose, turn_y
from cardstunt.blender_addon.gymnasts.skinning import posed

SKIRTS = [style for style in STYLES if DRESSES[style].skirt is not None]


def middles(person):
    return np.array([person.vertices[list(face)].mean(0) for face in person.faces])


def areas(person):
    """Of each face, as a vector square to it, square metres."""
    corners = [person.vertices[list(face)] for face in person.faces]
    return np.array(
        [
            sum(np.cross(points[k] - points[0], points[k + 1] - points[0]) for k in range(1, len(points) - 1))
            / 2
            for points in corners
        ]
    )


def parts_where(person, *, above=0.0, below=2.0, outside=0.0):
    """Parts of the faces in a band of height, and further out than `outside`."""
    places = middles(person)
    some = (places[:, 2] > above) & (places[:, 2] < below) & (np.abs(places[:, 1]) > outside)
    return {Part(part) for part, here in zip(person.parts, some, strict=True) if here}


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("detail", range(3))
def test_most_of_what_is_seen_from_above_and_of_the_clothes_is_costume(style, detail):
    person = figure("woman", style, "none", detail)
    size, parts = areas(person), np.array(person.parts)
    total = np.linalg.norm(size, axis=1)
    worn = np.isin(parts, [Part.COSTUME, Part.ACCENT, Part.PAPER, Part.COVER])
    assert total[parts == Part.COSTUME].sum() > 0.43 * total[worn].sum()
    up = np.maximum(size[:, 2], 0.0)
    assert up[parts == Part.COSTUME].sum() > 0.4 * up.sum()


def test_legs_are_bare_where_they_should_be():
    shins = {"above": 0.12, "below": 0.40}
    for style in ("leotard", "dress"):
        assert parts_where(figure("tall", style), **shins) == {Part.SKIN}
    assert parts_where(figure("tall", "tracksuit"), **shins) == {Part.COSTUME, Part.ACCENT}
    assert parts_where(figure("tall", "tunic"), **shins) == {Part.COVER}


def test_arms_are_covered_but_in_a_dress():
    forearms = {"above": 0.90, "below": 1.05, "outside": 0.19}
    assert parts_where(figure("girl", "dress"), **forearms) == {Part.SKIN}
    for style in ("tracksuit", "leotard", "robe"):
        assert Part.SKIN not in parts_where(figure("girl", style), **forearms)


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("body", BODIES)
def test_faces_and_hands_are_skin(style, body):
    person = figure(body, style)
    assert Part.SKIN in parts_where(person, above=1.50, below=1.58)
    assert parts_where(person, above=0.68, below=0.76, outside=0.205) & {Part.SKIN}


@pytest.mark.parametrize("style", SKIRTS)
@pytest.mark.parametrize("detail", range(3))
def test_skirts_hang_to_their_hem_and_hide_the_legs(style, detail):
    skirt = DRESSES[style].skirt
    person = figure("woman", style, "none", detail)
    hem = person.vertices[np.abs(person.vertices[:, 2] - skirt.hem) < 1e-9]
    assert len(hem) >= (10, 6, 4)[detail]
    assert np.abs(hem[:, 1]).max() == pytest.approx(skirt.flare, rel=0.30)


@pytest.mark.parametrize("style", SKIRTS)
def test_a_skirt_goes_with_a_raised_thigh_but_less_behind(style):
    skirt = DRESSES[style].skirt
    person = figure("woman", style)
    hem = np.flatnonzero(np.abs(person.vertices[:, 2] - skirt.hem) < 1e-9)[-10:]
    raised = rest_pose()
    raised.rotations[JOINT["left_hip"]] = turn_y(-1.2)
    air = np.array([0.0, 0.0, 1.0])
    moved = posed(person, Pose(raised.rotations, air))[hem] - person.vertices[hem] - air
    rest = person.vertices[hem]
    way = np.linalg.norm(moved, axis=1)
    front, back = rest[:, 0] > 0.1, rest[:, 0] < -0.1
    left, right = rest[:, 1] > 0.05, rest[:, 1] < -0.05
    assert way[front & left].min() > 0.15
    assert way[back & right].max() < 0.1
    assert way[front & left].mean() > way[back & left].mean()


def test_a_cape_hangs_behind_and_its_lining_lies_inside():
    person = figure("man", "cape")
    bare = figure("man", "tracksuit")
    cape = person.vertices[len(person.vertices) - 5 * 4 - 3 * 2 :]
    assert len(person.vertices) > len(bare.vertices)
    low = cape[cape[:, 2] < 1.2]
    assert low[:, 0].max() < -0.04
    outer, lining = cape[:20].reshape(4, 5, 3)[1:-1, 1:-1], cape[20:].reshape(2, 3, 3)
    assert (lining[..., 0] > outer[..., 0]).all()
    assert cape[:, 2].min() > 0.2


def test_a_cape_goes_with_a_shrug_but_not_with_an_arm():
    person = figure("man", "cape")
    cape = slice(len(person.vertices) - 26, None)
    pose = rest_pose()
    pose.rotations[JOINT["left_shoulder"]] = turn_y(-2.0)
    np.testing.assert_allclose(posed(person, pose)[cape], person.vertices[cape], atol=1e-12)


def test_the_belt_of_a_cape_is_not_the_colour_of_the_cape():
    assert Part.ACCENT in parts_where(figure("woman", "cape"), above=0.98, below=1.06)


def hair(person):
    own = {
        c for face, part in zip(person.faces, person.parts, strict=True) if part == Part.HAIR for c in face
    }
    return person.vertices[sorted(own)]


def test_hair_is_worn_as_the_body_says():
    woman, girl, tall, man, boy = (
        hair(figure(body, "leotard")) for body in ("woman", "girl", "tall", "man", "boy")
    )
    assert woman[:, 0].min() < man[:, 0].min() - 0.015  # the bun
    assert np.ptp(girl[:, 1]) > np.ptp(man[:, 1]) + 0.05  # the bunches
    assert tall[:, 2].min() < man[:, 2].min() - 0.04  # the ponytail

    def brow(points):
        middle = (points[:, 0] > 0.06) & (np.abs(points[:, 1]) < 0.005) & (points[:, 2] > 1.55)
        return points[middle, 2].min()

    assert brow(boy) < brow(man) - 0.01  # the fringe
    assert sum(build.beard for build in BUILDS.values()) == 1
    stocky = hair(figure("stocky", "leotard"))
    assert ((stocky[:, 0] > 0.05) & (stocky[:, 2] < 1.5)).any()


def test_hair_turns_with_the_head():
    person = figure("tall", "leotard")
    pose = rest_pose()
    pose.rotations[JOINT["head"]] = turn_y(0.6)
    moved = posed(person, pose_transforms(pose))
    crown = person.vertices[:, 2].argmax()
    assert moved[crown, 0] > person.vertices[crown, 0] + 0.08
