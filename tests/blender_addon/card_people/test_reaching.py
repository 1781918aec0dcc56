"""The arm that comes with a leaf is at the leaf, and is there only while a hand is."""

from __future__ import annotations

import numpy as np
import pytest
from cardstunt.blender_addon.card_holders import PROP_HEIGHT, PROP_WIDTH
from cardstunt.blender_addon.card_people.books import pulled_place, turning_leaf
from cardstunt.blender_addon.card_people.reaching import reaching_arm
from cardstunt.blender_addon.figures import Part


@pytest.mark.parametrize("progress", [0.0, 0.04, 0.9, 1.0])
def test_no_arm_is_there_before_and_after(progress):
    assert not reaching_arm(PROP_WIDTH, progress, pulled_place(PROP_WIDTH, progress, 0.9)).faces
    assert set(turning_leaf(PROP_WIDTH, progress, 1).figure().parts) == {Part.RIGHT_PAGE}


@pytest.mark.parametrize("progress", [0.125, 0.25, 0.5, 0.75])
def test_the_hand_is_at_the_leaf_and_the_sleeve_behind_the_book(progress):
    place = pulled_place(PROP_WIDTH, progress, 0.9)
    arm = reaching_arm(PROP_WIDTH, progress, place)
    points = np.array(arm.vertices)
    assert np.linalg.norm(points - place, axis=1).min() < 0.06
    assert len(points) < 60
    assert {Part.SKIN, Part.COSTUME, Part.TRIM} == set(arm.parts)
    # The shoulder is behind the book, and what is before the book passes its upper edge.
    assert points[:, 0].min() < -0.1
    inside = (np.abs(points[:, 1]) < PROP_WIDTH / 2) & (points[:, 2] < PROP_HEIGHT / 2 - 0.06)
    inside &= np.abs(points[:, 0]) < 0.012
    assert not inside.any()


def test_the_arm_goes_with_the_leaf():
    """It is modelled where the leaf is before both are turned about the spine."""
    leaf = turning_leaf(PROP_WIDTH, 0.5, 1)
    arm = np.array(leaf.arm.vertices)
    turned = np.stack([arm[:, 1], -arm[:, 0], arm[:, 2]], -1)
    place = pulled_place(PROP_WIDTH, 0.5, 0.9)
    assert np.linalg.norm(turned - place, axis=1).min() < 0.07
    assert len(leaf.figure().vertices) == leaf.points.size // 3 + len(arm)
