"""Light cues on disk: only what is seen, exact, kept while nothing changes."""

from __future__ import annotations

import dataclasses
from fractions import Fraction

import numpy as np
import pytest
from cardstunt.blender_addon.bake_light_shows import bake_light_shows, files_shown
from cardstunt.kernels.light_shows import light_states
from cardstunt.kernels.strobes import Strobes
from cardstunt.kernels.ticks import TICKS_PER_SECOND

pytestmark = pytest.mark.blender

COUNT = 300


def strobes(start: float = 2.0, end: float = 3.0) -> Strobes:
    place = np.stack([np.arange(COUNT, dtype=float), np.ones(COUNT), np.full(COUNT, 50.0)], -1)
    first, last = (round(seconds * TICKS_PER_SECOND) for seconds in (start, end))
    return Strobes(7, 3, first, last, Fraction(8), False, place, np.full((COUNT, 3), 0.8))


def moments(*seconds: float) -> np.ndarray:
    return np.round(np.array(seconds) * TICKS_PER_SECOND).astype(np.int64)


AT = moments(1.0, 2.0, 2.05, 4.0, 2.5, 2.95, 3.0)
EXPOSURE = np.full(len(AT), TICKS_PER_SECOND // 50, np.int64)


def bake(folder, effects, at=AT):
    return bake_light_shows(effects, at, EXPOSURE[: len(at)], folder, lambda *_: None)


def test_only_samples_in_which_something_shines_have_files(tmp_path) -> None:
    assert files_shown(strobes(), AT).tolist() == [0, 1, 2, 0, 3, 4, 0]
    (light,) = bake(tmp_path, [strobes()])
    assert light.shown.tolist() == [0, 1, 2, 0, 3, 4, 0]
    assert len(list(light.textures.folder.glob("*.exr"))) == 4


def test_files_hold_what_the_kernel_says(tmp_path, layers) -> None:
    (light,) = bake(tmp_path, [strobes()])
    expected = light_states(strobes(), AT, EXPOSURE)
    for sample, number in enumerate(light.shown):
        if number:
            assert np.array_equal(layers(light.textures, number), expected[sample])


def test_cues_that_the_film_does_not_show_are_left_out(tmp_path) -> None:
    (light,) = bake(tmp_path, [strobes(50.0, 60.0), strobes()])
    assert light.cue == 1
    assert [path.name for path in tmp_path.iterdir()] == ["light_002"]
    assert bake(tmp_path, []) == ()


def test_what_stands_is_kept_until_the_cue_changes(tmp_path) -> None:
    assert bake(tmp_path, [strobes()])[0].textures.baked
    assert not bake(tmp_path, [strobes()])[0].textures.baked
    assert bake(tmp_path, [dataclasses.replace(strobes(), rate=Fraction(9))])[0].textures.baked
