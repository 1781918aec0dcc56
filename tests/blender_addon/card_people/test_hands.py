"""Hands point where they should, and their fingers close towards the palm."""

from __future__ import annotations

import numpy as np
import pytest
from cardstunt.blender_addon.card_people.hands import KNUCKLES, PINCH, SHAPES, add_hand, from_wrist, hand_turn
from cardstunt.blender_addon.gymnasts.rig import JOINT, REST
from cardstunt.blender_addon.gymnasts.skinning import Sculpture
from hypothesis import given
from hypothesis import strategies as st

WRIST = REST[JOINT["left_wrist"]]
direction = st.tuples(*[st.floats(-1, 1)] * 3).map(np.array).filter(lambda way: np.linalg.norm(way) > 0.1)


def hand(shape):
    """The hand's points along (thumb's side, palm's side, fingers) from the wrist."""
    sculpture = Sculpture()
    add_hand(sculpture, SHAPES[shape])
    offset = np.concatenate(sculpture.vertices) - WRIST
    return np.stack([offset[:, 0], -offset[:, 1], -offset[:, 2]], -1), sculpture


@given(direction, direction)
def test_a_hand_is_turned_to_its_fingers_and_its_palm(fingers, palm):
    fingers = fingers / np.linalg.norm(fingers)
    if np.linalg.norm(np.cross(fingers, palm)) < 0.05:
        return
    turn = hand_turn(fingers, palm)
    assert turn.T @ turn == pytest.approx(np.eye(3), abs=1e-9)
    assert np.linalg.det(turn) == pytest.approx(1)
    assert from_wrist(turn, (0, 0, 1)) == pytest.approx(fingers)
    assert from_wrist(turn, (0, 1, 0)) @ palm > 0


@pytest.mark.parametrize("shape", SHAPES)
def test_a_hand_is_as_large_as_a_hand(shape):
    points, sculpture = hand(shape)
    assert len(sculpture.faces) == len(sculpture.parts) < 400
    assert 0.1 < points[:, 2].max() < 0.2
    assert 0.06 < np.ptp(points[:, 0]) < 0.13
    # Fingers close to the palm's side, never to the back of the hand.
    assert points[:, 1].min() > -0.022


def test_fingers_close_as_their_shape_says():
    reach = {shape: hand(shape)[0][:, 2].max() for shape in SHAPES}
    assert reach["fist"] < reach["grip"] < reach["pinch"] < reach["rest"]
    grip, _ = hand("grip")
    assert grip[:, 1].max() > 0.05


def test_a_pinched_sheet_is_between_thumb_and_fingers():
    points, _ = hand("pinch")
    away = points - PINCH
    near = away[np.linalg.norm(away, axis=1) < 0.03]
    assert (near[:, 1] < 0).any()
    assert (near[:, 1] > 0).any() or (near[:, 2] < 0).any()
    assert PINCH[2] > KNUCKLES
