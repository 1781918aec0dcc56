"""Jackets lie in folds, and a neckerchief is about the neck and on the chest, not in it."""

from __future__ import annotations

import numpy as np
import pytest
from cardstunt.blender_addon.card_people.clothes import add_neckerchief, creased
from cardstunt.blender_addon.figures import Part
from cardstunt.blender_addon.gymnasts.proportions import BUILDS, ring, turns
from cardstunt.blender_addon.gymnasts.skinning import Sculpture, weigh


def jacket(part):
    """A tube about the spine from the seat to the shoulders."""
    sculpture = Sculpture()
    rings = np.array(
        [ring((0, 0, z), 0.16, 0.10, 0.10, turns(24)) for z in np.linspace(0.92, 1.42, 40).tolist()]
    )
    sculpture.tube(rings, np.tile(weigh(chest=1.0), (40, 1)), [int(part)] * 39)
    return sculpture


def test_only_jackets_lie_in_folds_and_only_a_little():
    for part in (Part.COSTUME, Part.ACCENT):
        before = jacket(part)
        after = creased(before)
        moved = np.linalg.norm(np.concatenate(after.vertices) - before.vertices[0], axis=1)
        assert (moved.max() > 0.003) == (part == Part.COSTUME)
        assert moved.max() < 0.015
        assert after.faces == before.faces
        assert after.parts == before.parts


def test_folds_go_in_and_out():
    before = jacket(Part.COSTUME)
    after = np.concatenate(creased(before).vertices)
    out = np.hypot(after[:, 0] + 0.01, after[:, 1]) - np.hypot(
        before.vertices[0][:, 0] + 0.01, before.vertices[0][:, 1]
    )
    assert out.min() < -0.002
    assert out.max() > 0.002


@pytest.mark.parametrize("build", BUILDS)
def test_a_neckerchief_is_about_the_neck_and_hangs_in_front(build):
    sculpture = Sculpture()
    add_neckerchief(sculpture, BUILDS[build])
    points = np.concatenate(sculpture.vertices)
    assert set(sculpture.parts) == {Part.TRIM}
    assert {corner for face in sculpture.faces for corner in face} == set(range(len(points)))
    assert 1.27 < points[:, 2].min() < 1.33
    assert 1.40 < points[:, 2].max() < 1.44
    around = points[points[:, 2] > 1.40]
    assert around[:, 0].min() < -0.05
    low = points[points[:, 2] < 1.35]
    assert low[:, 0].min() > 0.05
    # The ends part below the knot.
    assert low[:, 1].min() < -0.01 < 0.01 < low[:, 1].max()
