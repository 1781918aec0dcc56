"""People sit, and their arms bring hands where they should be without being stretched."""

from __future__ import annotations

import numpy as np
import pytest
from cardstunt.blender_addon.card_holders import HOLDS
from cardstunt.blender_addon.card_people.postures import SEAT, Bearing, Held, hands_on_knees, hands_on_prop
from cardstunt.blender_addon.gymnasts.rig import JOINT, PARENTS, REST, joint_frames

BEARINGS = [Bearing(), Bearing(3.0, 17.0, 4.0, -3.0), Bearing(-1.0, -14.0, 0.0, 3.0)]
bearings = pytest.mark.parametrize("bearing", BEARINGS)


def held(lift):
    hold = HOLDS["books"]
    middle, lean = hold.at(lift)
    up, out = np.array([-np.sin(lean), 0, np.cos(lean)]), np.array([np.cos(lean), 0, np.sin(lean)])
    return Held(np.array(middle), up, out, hold.width / 2)


def at(places, name):
    return places[JOINT[name]]


@bearings
@pytest.mark.parametrize("lift", np.linspace(-1, 1, 7))
def test_wrists_are_at_the_edges(bearing, lift):
    prop = held(lift)
    places, turns = joint_frames(hands_on_prop(bearing, prop))
    for side, sign in (("left", 1), ("right", -1)):
        edge = prop.middle + sign * prop.half * prop.left
        assert np.linalg.norm(at(places, f"{side}_wrist") - edge) < 0.17
        fingers = -turns[JOINT[f"{side}_wrist"]][:, 2]
        # They go forward past the edge, or along what lies on the lap.
        assert max(fingers @ prop.out, -fingers @ prop.up) > 0.6
        thumb = turns[JOINT[f"{side}_wrist"]][:, 0]
        assert thumb[2] > 0.3
    for joint, parent in enumerate(PARENTS):
        if parent >= 0:
            length = np.linalg.norm(places[joint] - places[parent])
            assert length == pytest.approx(np.linalg.norm(REST[joint] - REST[parent]))
    assert np.einsum("jki,jkl->jil", turns, turns) == pytest.approx(np.tile(np.eye(3), (len(turns), 1, 1)))


@bearings
def test_feet_stand_below_the_knees_behind_the_next_row(bearing):
    places, turns = joint_frames(hands_on_knees(bearing))
    for side in ("left", "right"):
        knee, ankle, hip = (at(places, f"{side}_{name}") for name in ("knee", "ankle", "hip"))
        assert SEAT < hip[2] < SEAT + 0.12
        assert 0.3 < knee[0] < 0.42
        assert ankle[0] < knee[0]
        assert ankle[2] == pytest.approx(REST[JOINT["left_ankle"]][2], abs=0.01)
        assert turns[JOINT[f"{side}_ankle"]][2, 2] > 0.99
        wrist = at(places, f"{side}_wrist")
        assert np.linalg.norm(wrist[:2] - hip[:2]) < 0.35
        assert wrist[2] < SEAT + 0.25
    assert at(places, "head")[2] > SEAT + 0.6


def test_a_bearing_turns_the_head():
    _, ahead = joint_frames(hands_on_knees(Bearing()))
    _, left = joint_frames(hands_on_knees(Bearing(look=20.0)))
    head = JOINT["head"]
    assert left[head][1, 0] - ahead[head][1, 0] == pytest.approx(np.sin(np.radians(20)), abs=0.05)
