"""Folds are darker than what stands out, and faces have blood where faces have it."""

from __future__ import annotations

import numpy as np
import pytest
from cardstunt.blender_addon.card_people.heads import Head, add_near_head
from cardstunt.blender_addon.card_people.shades import hollows, tints
from cardstunt.blender_addon.figures import Part
from cardstunt.blender_addon.gymnasts.skinning import Sculpture


def sheet(height):
    """A sheet of 9 x 9 points, a centimetre apart, whose middle lies at a height."""
    x, y = (grid.ravel() for grid in np.meshgrid(np.arange(9.0), np.arange(9.0)))
    z = height * np.exp(-((x - 4) ** 2 + (y - 4) ** 2) / 4)
    faces = [(9 * i + j, 9 * i + j + 1, 9 * i + j + 10, 9 * i + j + 9) for i in range(8) for j in range(8)]
    return 0.01 * np.stack([x, y, z], -1), faces


def test_hollows_are_below_their_neighbours():
    for height, sign in ((-1.0, 1), (1.0, -1)):
        points, faces = sheet(height)
        assert sign * hollows(points, faces)[40] > 0.05
    assert hollows(*sheet(0.0)) == pytest.approx(np.zeros(81), abs=1e-12)


def test_hollows_do_not_depend_on_size():
    points, faces = sheet(-1.0)
    assert hollows(7.0 * points, faces) == pytest.approx(hollows(points, faces))


def test_what_lies_in_a_fold_is_darker():
    points, faces = sheet(-1.5)
    shades = tints(points, faces, [int(Part.COSTUME)] * len(faces), Head())
    assert shades[40].mean() < shades[0].mean() - 0.1
    pages = tints(points, faces, [int(Part.RIGHT_PAGE)] * len(faces), Head())
    assert np.ptp(pages) == 0


def face(head):
    sculpture = Sculpture()
    add_near_head(sculpture, head)
    points = np.concatenate(sculpture.vertices)
    return points, tints(points, sculpture.faces, sculpture.parts, head)


def test_noses_are_red_and_beards_are_dark():
    points, shaven = face(Head())
    _, bearded = face(Head(beard=1.0))
    assert 0.0 <= shaven.min() <= shaven.max() <= 1.0
    nose = np.linalg.norm(points - (0.120, 0.0, 1.553), axis=1).argmin()
    assert shaven[nose, 0] > 1.1 * shaven[nose, 1]
    jaw = np.linalg.norm(points - (0.06, 0.045, 1.505), axis=1).argmin()
    brow = np.linalg.norm(points - (0.098, 0.0, 1.63), axis=1).argmin()
    assert bearded[jaw].mean() < 0.85 * shaven[jaw].mean()
    assert bearded[brow] == pytest.approx(shaven[brow])
