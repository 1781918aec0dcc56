"""Troupes' textures hold what the kernels say, exactly or, between keys, as nearly as the show asks."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest
from cardstunt.blender_addon.bake import bake_show, sample_ticks
from cardstunt.blender_addon.bake_troupes import bake_troupe, file_name, troupe_states
from cardstunt.kernels.costumes import Costumes, costume_states
from cardstunt.kernels.drill import Drill
from cardstunt.kernels.keying import choose_keys, gymnast_bounds
from cardstunt.kernels.motion import gymnast_states
from cardstunt.kernels.ticks import TICKS_PER_SECOND
from cardstunt.scenes.compiled import compile_show
from cardstunt.scenes.timeline import film_timeline
from hypothesis import given, settings
from hypothesis import strategies as st

pytestmark = pytest.mark.blender  # for OpenImageIO, which ships with it

ERROR = 0.02
AT = np.arange(200, dtype=np.int64) * TICKS_PER_SECOND // 12


def quiet(stage, done, of):
    pass


def a_drill(people=30, shift=0.0):
    """They march, walk six metres and march again, for sixteen seconds in all."""
    across = np.arange(people)
    places = np.stack([across % 6, across // 6], axis=1).astype(float)
    moments = np.array([[0, 0], [5, 11]], np.int64) * TICKS_PER_SECOND
    return Drill(
        places=np.stack([places, places + np.array([6.0 + shift, 0.0])]),
        leave=moments[:, 0],
        arrive=moments[:, 1],
        clip=np.array([1, 1]),
        canon=np.zeros((2, people), np.int64),
        heading=np.zeros(2),
    )


def costumes_of(people=30):
    colour = np.zeros((2, people, 3), np.uint8)
    colour[0] = [216, 27, 96]
    colour[1, :, 2] = np.arange(people)
    start = np.full((2, people), 13 * TICKS_PER_SECOND, np.int64)
    start[1, ::2] += TICKS_PER_SECOND // 4
    return Costumes(colour, start, np.array([1, TICKS_PER_SECOND], np.int64))


def bake(folder, progress=quiet, key_error=ERROR, drill=None):
    return bake_troupe("ribbons", drill or a_drill(), costumes_of(), AT, folder, progress, key_error)


@pytest.fixture(scope="module")
def exact():
    return troupe_states(a_drill(), costumes_of(), AT)


@pytest.fixture(scope="module")
def keyed(tmp_path_factory):
    return bake(tmp_path_factory.mktemp("keyed"))


@pytest.mark.parametrize("name", ["ribbons", "flags"])
def test_gymnasts_are_the_kernels_floats(tiny, tmp_path, name, layers):
    timeline, compiled = film_timeline(tiny.show), compile_show(tiny)
    at = sample_ticks(timeline)
    textures = bake_show(tiny, timeline, tmp_path, quiet, compiled).troupes[name]
    assert (textures.layers, textures.keys) == (3, None)
    moved = gymnast_states(compiled.drills[name], at)
    worn = costume_states(compiled.costumes[name], at)
    for sample in range(len(at)):
        found = layers(textures, sample + 1)
        assert np.array_equal(found[:2], moved[sample])
        assert np.array_equal(found[2], worn[sample])
    # Nodes read the sample after the last as well.
    assert np.array_equal(layers(textures, len(at) + 1)[:2], moved[-1])


def test_a_troupe_may_fill_its_texture_badly(tmp_path, layers):
    """513 people are one row of 512 and one person."""
    drill, costumes, at = a_drill(513), costumes_of(513), AT[[0, 90, 170]]
    textures = bake_troupe("ribbons", drill, costumes, at, tmp_path, quiet)
    assert (textures.width, textures.height) == (512, 2)
    for sample, states in enumerate(troupe_states(drill, costumes, at), 1):
        assert np.array_equal(layers(textures, sample), states)


def test_keys_are_exact_and_few(keyed, exact, layers):
    assert keyed.keys[0] == 0
    assert keyed.keys[-1] == len(AT) - 1
    assert len(keyed.keys) < len(AT) / 2
    files = [path.name for path in keyed.folder.glob("*.exr")]
    # The last is a copy, as nodes read the key after the last too.
    assert sorted(files) == [f"ribbons_{number:04d}.exr" for number in range(1, len(keyed.keys) + 2)]
    for number, sample in enumerate([*keyed.keys, keyed.keys[-1]], 1):
        assert np.array_equal(layers(keyed, number), exact[sample])


def test_between_keys_gymnasts_are_within_the_error(keyed, exact, layers):
    worst = np.zeros((3, 4))
    for sample, number in enumerate(keyed.numbers(len(AT))):
        before, between = int(number), np.float32(number % 1)
        one, other = layers(keyed, before), layers(keyed, before + 1)
        shown = (np.float32(1) - between) * one + between * other
        off = np.abs(shown.astype(float) - exact[sample])
        assert np.linalg.norm(off[0, :, :3], axis=-1).max() <= ERROR
        assert np.array_equal(shown[1, :, 1], exact[sample, 1, :, 1])
        worst = np.maximum(worst, off.max(axis=1))
    # Even two that are alike come out of the mix a bit off.
    assert (worst <= gymnast_bounds(ERROR) + 1e-7).all()
    # The error is made use of.
    assert worst[0, 0] > ERROR / 3


def test_without_an_error_each_sample_is_a_key(tmp_path, exact, layers):
    textures = bake(tmp_path, key_error=0.0)
    assert textures.keys is None
    assert textures.numbers(len(AT)).tolist() == list(range(1, len(AT) + 1))
    assert len(list(tmp_path.glob("*.exr"))) == len(AT) + 1
    assert np.array_equal(layers(textures, 100), exact[99])


def test_keys_are_chosen_once(keyed, tmp_path):
    seen = []
    baked = bake(tmp_path, lambda *progress: seen.append(progress))
    assert baked.baked
    assert {stage for stage, *_ in seen} == {"ribbons keys", "ribbons"}
    assert max(done for stage, done, _ in seen if stage == "ribbons keys") == len(AT)
    again = bake(tmp_path, lambda *progress: pytest.fail(str(progress)))
    assert (again.baked, again.keys) == (False, baked.keys)
    assert again.keys == keyed.keys


def test_keys_are_chosen_again_when_what_they_are_of_changes(tmp_path):
    first = bake(tmp_path)
    for change in ({"key_error": 0.01}, {"drill": a_drill(shift=9.0)}, {"key_error": 0.0}):
        later = bake(tmp_path, **change)
        assert later.baked
        assert later.keys != first.keys
    assert not bake(tmp_path, key_error=0.0).baked


def test_a_bake_that_was_broken_off_goes_on_with_its_keys(keyed, tmp_path):
    def stop(stage, done, of):
        if stage == "ribbons" and done == 20:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bake(tmp_path, stop)
    seen = []
    assert bake(tmp_path, lambda *progress: seen.append(progress)).keys == keyed.keys
    assert {stage for stage, *_ in seen} == {"ribbons"}
    assert seen[0][1] > 1
    for path in keyed.folder.iterdir():
        assert (tmp_path / path.name).read_bytes() == path.read_bytes()


def test_the_show_says_how_exact_keys_are(changed_show, tmp_path):
    still = (
        "{ at: 0.2 s, formation: { rings: 2 }, travel: 1 s",
        "{ at: 1.9 s, formation: { rings: 2 }, travel: 1 s",
    )
    loaded = changed_show(("fps: 24", "fps: 24\n  key_error: 50 mm"), still)
    timeline = film_timeline(loaded.show)
    sets = bake_show(loaded, timeline, tmp_path, quiet).troupes
    at, compiled = sample_ticks(timeline), compile_show(loaded)
    for name, textures in sets.items():
        states = troupe_states(compiled.drills[name], compiled.costumes[name], at)
        assert textures.keys == tuple(choose_keys([states], gymnast_bounds(0.05)).tolist())
        stood = json.loads((tmp_path / name / f"{name}.json").read_text())
        assert stood["keys"] == list(textures.keys)
        assert stood["samples"] == len(textures.keys) + 1
    assert any(len(textures.keys) < len(at) for textures in sets.values())


def test_an_edit_of_one_troupe_leaves_the_others_keys(changed_show, tmp_path):
    error = ("fps: 24", "fps: 24\n  key_error: 50 mm")
    loaded = changed_show(error)
    timeline = film_timeline(loaded.show)
    first = bake_show(loaded, timeline, tmp_path / "t", quiet)
    edited = changed_show(error, ("place: [10 m, 20 m]", "place: [11 m, 20 m]"))
    second = bake_show(edited, timeline, tmp_path / "t", quiet)
    assert {name for name, textures in second.troupes.items() if textures.baked} == {"flags"}
    assert second.troupes["ribbons"].keys == first.troupes["ribbons"].keys


@settings(deadline=None)
@given(st.lists(st.text(min_size=1, max_size=64), min_size=2, max_size=4, unique=True))
def test_file_names_are_safe_and_not_shared(names):
    made = [file_name(name).lower() for name in [*names, "..", "cards", "a/b", "Flags"]]
    assert len(set(made)) == len(set(names) | {"..", "cards", "a/b", "Flags"})
    for name in made:
        assert re.fullmatch(r"[a-z0-9_]+(-[0-9a-f]{8})?", name)
        assert len(name) <= 80
        assert name != "cards"


def test_plain_names_stay_as_they_are():
    assert [file_name(name) for name in ("ribbons", "red_team_2")] == ["ribbons", "red_team_2"]
    assert file_name("Red team").startswith("red_team-")
