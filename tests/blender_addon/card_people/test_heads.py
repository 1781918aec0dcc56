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
    peak = centres(capped, Part.ACCENT)
    assert peak[:, 0].max() > 0.15
    assert peak[:, 2].min() > 1.59
