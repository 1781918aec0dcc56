"""Heads for pictures from nearby have faces in front, hair on top and behind, and the size of heads."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pytest
from cardstunt.blender_addon.card_people.heads import Cut, Head, add_near_head
from cardstunt.blender_addon.figures import Part
from cardstunt.blender_addon.gymnasts.skinning import Sculpture

CUTS = get_args(Cut)


def built(head):
    sculpture = Sculpture()
    add_near_head(sculpture, head)
    return np.concatenate(sculpture.vertices), sculpture


def centres(head, *parts):
    points, sculpture = built(head)
    faces = zip(sculpture.faces, sculpture.parts, strict=True)
    return np.array([points[list(face)].mean(0) for face, part in faces if part in parts])


@pytest.mark.parametrize("cap", [False, True])
@pytest.mark.parametrize("cut", CUTS)
def test_heads_are_whole(cut, cap):
    points, sculpture = built(Head(cut, cap))
    assert np.isfinite(points).all()
    assert {corner for face in sculpture.faces for corner in face} == set(range(len(points)))
    assert all(len(set(face)) == len(face) >= 3 for face in sculpture.faces)
    assert len(sculpture.faces) < 2500
    assert 0.13 < np.ptp(points[:, 1]) < 0.23
    assert 1.69 < points[:, 2].max() < 1.73


@pytest.mark.parametrize("cut", CUTS)
def test_the_face_is_free_of_hair(cut):
    head = Head(cut)
    hair = centres(head, Part.HAIR)
    # But for brows, lashes and pupils.
    eyes = (np.abs(hair[:, 2] - 1.59) < 0.025) & (np.abs(hair[:, 1]) < 0.055)
    face = (hair[:, 0] > 0.07) & (hair[:, 2] < 1.61) & (np.abs(hair[:, 1]) < 0.045) & ~eyes
    assert not face.any()
    assert hair[:, 2].max() > 1.70
    assert hair[:, 0].min() < -0.08


def test_eyes_lips_and_nose_are_in_front_and_at_their_heights():
    head = Head()
    eyes, lips = centres(head, Part.EYE), centres(head, Part.LIPS)
    assert eyes[:, 0].min() > 0.05
    assert np.abs(eyes[:, 2] - 1.585).max() < 0.02
    assert sorted(set(np.sign(eyes[:, 1]))) == [-1, 1]
    assert np.abs(lips[:, 1]).max() < 0.03
    assert lips[:, 2].max() < eyes[:, 2].min() - 0.03
    skin = centres(head, Part.SKIN)
    tip = skin[skin[:, 0].argmax()]
    assert abs(tip[1]) < 0.01
    assert lips[:, 2].max() < tip[2] < eyes[:, 2].min()


def test_a_cap_covers_the_crown_and_has_a_peak():
    bare, capped = Head("short"), Head("short", cap=True)
    assert len(centres(capped, Part.COSTUME)) > len(centres(bare, Part.COSTUME)) == 0
    peak = centres(capped, Part.TRIM)
    peak = peak[peak[:, 2] < 1.70]
    assert peak[:, 0].max() > 0.15
    assert peak[:, 2].min() > 1.59


def test_faces_differ_in_what_they_do():
    calm, smiling, counting = Head(), Head(smile=1.0), Head(opened=1.0, raised=1.0)

    def corners(head):
        lips = centres(head, Part.LIPS)
        return lips[np.abs(lips[:, 1]) > 0.018, 2].mean() - lips[np.abs(lips[:, 1]) < 0.008, 2].mean()

    assert corners(smiling) > corners(calm) + 0.002

    def gap(head):
        """How far the line between the lips lies behind them."""
        lips = centres(head, Part.LIPS)
        middle = lips[np.abs(lips[:, 1]) < 0.008]
        return middle[:, 0].max() - middle[:, 0].min()

    assert gap(counting) > gap(calm) + 0.002

    def brows(head):
        hair = centres(head, Part.HAIR)
        brow = hair[(hair[:, 0] > 0.07) & (np.abs(hair[:, 1]) < 0.05) & (hair[:, 2] > 1.600)]
        return brow[brow[:, 2] < 1.62, 2].mean()

    assert brows(counting) > brows(calm) + 0.002


def test_brows_are_calm():
    """They do not fall to the nose, as those of somebody angry do."""
    hair = centres(Head(), Part.HAIR)
    brow = hair[(hair[:, 0] > 0.08) & (hair[:, 2] > 1.600) & (hair[:, 2] < 1.615) & (hair[:, 1] > 0)]
    inner, outer = brow[brow[:, 1] < 0.020], brow[brow[:, 1] > 0.040]
    assert inner[:, 2].mean() > outer[:, 2].mean()


def test_eyes_look_where_they_should():
    def gaze(head):
        points, sculpture = built(head)
        eyes = {
            c
            for face, part in zip(sculpture.faces, sculpture.parts, strict=True)
            if part == Part.EYE
            for c in face
        }
        return points[sorted(eyes)].mean(0)

    ahead, left, up = gaze(Head(gaze=(0, 0))), gaze(Head(gaze=(15, 0))), gaze(Head(gaze=(0, 15)))
    assert left[1] > ahead[1]
    assert up[2] > ahead[2]
