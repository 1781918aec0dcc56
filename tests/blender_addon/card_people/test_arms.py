"""Sleeves lie in folds from near, are plain from further away, and end in a cuff at the wrist."""

from __future__ import annotations

import numpy as np
import pytest
from cardstunt.blender_addon.card_people.arms import add_mitten, add_sleeve
from cardstunt.blender_addon.card_people.hands import SHAPES
from cardstunt.blender_addon.card_people.shades import hollows
from cardstunt.blender_addon.figures import Part
from cardstunt.blender_addon.gymnasts.proportions import BUILDS
from cardstunt.blender_addon.gymnasts.rig import JOINT, REST
from cardstunt.blender_addon.gymnasts.skinning import Sculpture

SHOULDER, ELBOW, WRIST = (REST[JOINT[f"left_{name}"]] for name in ("shoulder", "elbow", "wrist"))


def sleeve(detail, build="man"):
    sculpture = Sculpture()
    add_sleeve(sculpture, BUILDS[build], detail)
    return np.concatenate(sculpture.vertices), sculpture


def cloth(sculpture):
    faces = zip(sculpture.faces, sculpture.parts, strict=True)
    return sorted({corner for face, part in faces if part == Part.COSTUME for corner in face})


@pytest.mark.parametrize("build", BUILDS)
@pytest.mark.parametrize("detail", [0, 1])
def test_a_sleeve_goes_from_the_shoulder_to_its_cuff(detail, build):
    points, sculpture = sleeve(detail, build)
    assert np.isfinite(points).all()
    assert {corner for face in sculpture.faces for corner in face} == set(range(len(points)))
    assert points[:, 2].max() > SHOULDER[2]
    cuff = {
        c
        for face, part in zip(sculpture.faces, sculpture.parts, strict=True)
        if part == Part.TRIM
        for c in face
    }
    assert np.linalg.norm(points[sorted(cuff)] - WRIST, axis=1).max() < 0.12
    assert len(points) < (700, 60)[detail]


def test_cloth_has_folds_from_near_most_about_the_elbow():
    points, sculpture = sleeve(0)
    deep = hollows(points, sculpture.faces)[cloth(sculpture)]
    high = points[cloth(sculpture), 2]
    about_the_elbow = np.abs(high - ELBOW[2]) < 0.05
    upper = high > (SHOULDER[2] + ELBOW[2]) / 2 + 0.04
    assert deep[about_the_elbow].std() > 0.05
    assert deep[about_the_elbow].std() > deep[upper].std()


def test_people_further_away_have_all_fingers_in_one():
    for shape in SHAPES.values():
        sculpture = Sculpture()
        add_mitten(sculpture, shape)
        assert len(sculpture.faces) < 20
        assert set(sculpture.parts) == {Part.SKIN}
