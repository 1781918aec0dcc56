"""Data textures hold what the kernels say, exactly, and are baked again only where the show has changed."""

from __future__ import annotations

import re
from fractions import Fraction

import numpy as np
import pytest
from cardstunt.blender_addon.bake import (
    TextureSet,
    bake_show,
    bake_troupe,
    file_name,
    sample_ticks,
)
from cardstunt.blender_addon.blender_libraries import open_image_io
from cardstunt.kernels.books import card_states
from cardstunt.kernels.motion import gymnast_states
from cardstunt.kernels.ticks import ticks
from cardstunt.scenes.compiled import compile_show
from cardstunt.scenes.errors import ShowError
from cardstunt.scenes.timeline import film_timeline
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

pytestmark = pytest.mark.blender  # for OpenImageIO, which ships with it


def quiet(stage, done, of):
    pass


def read_exr(path):
    library = open_image_io()
    source = library.ImageInput.open(str(path))
    pixels = source.read_image(0, 0, 0, 4, "float")
    assert source.spec().format == "float"
    source.close()
    return np.asarray(pixels)[::-1]


def layers(textures, sample):
    """The two layers of a file, (2, N, 4), as the nodes address them: from the bottom up."""
    if textures.suffix == ".png":
        with Image.open(textures.file(sample)) as picture:
            pixels = np.asarray(picture)[::-1]
    else:
        pixels = read_exr(textures.file(sample))
    u, v, _ = textures.addresses().T
    height, width = pixels.shape[:2]
    column = (u * width).astype(int)
    return np.stack([pixels[((v + shift) * height).astype(int), column] for shift in (0, 0.5)])


def times(folder):
    return {path.relative_to(folder): path.stat().st_mtime_ns for path in folder.rglob("*.*")}


@pytest.fixture(scope="module")
def baked(tiny, tmp_path_factory):
    folder = tmp_path_factory.mktemp("bake")
    return folder, bake_show(tiny, film_timeline(tiny.show), folder, quiet)


def test_samples_are_whole_ticks(tiny):
    timeline = film_timeline(tiny.show)
    at = sample_ticks(timeline)
    assert at.dtype == np.int64
    assert [int(moment) for moment in at] == [ticks(sample.show_time) for sample in timeline.samples]
    assert at[1] == ticks(Fraction(1, 3))


def test_cards_are_the_kernels_bytes(baked, tiny):
    _, bake = baked
    expected = card_states(compile_show(tiny).books, sample_ticks(film_timeline(tiny.show)))
    for sample, states in enumerate(expected, 1):
        assert np.array_equal(layers(bake.cards, sample), states.reshape(2, -1, 4))


@pytest.mark.parametrize("name", ["ribbons", "flags"])
def test_gymnasts_are_the_kernels_floats(baked, tiny, name):
    _, bake = baked
    at = sample_ticks(film_timeline(tiny.show))
    expected = gymnast_states(compile_show(tiny).drills[name], at)
    for sample, states in enumerate(expected, 1):
        assert np.array_equal(layers(bake.troupes[name], sample), states)
    # Nodes read the sample after the last as well.
    assert np.array_equal(layers(bake.troupes[name], len(at) + 1), expected[-1])


def test_a_troupe_may_fill_its_texture_badly(tiny, tmp_path, changed_show):
    """513 people are one row of 512 and one person."""
    loaded = changed_show(
        ("count: 20", "count: 513"),
        (
            "formation: { block: { columns: 5 } }, move: march",
            "formation: { block: { columns: 40 } }, move: march",
        ),
        ("{ rings: 2 }", "{ block: { columns: 57 } }"),
    )
    drill = compile_show(loaded).drills["ribbons"]
    at = np.array([0, ticks(1)], np.int64)
    textures = bake_troupe("ribbons", drill, at, tmp_path / "ribbons", quiet)
    assert (textures.width, textures.height) == (512, 2)
    for sample, states in enumerate(gymnast_states(drill, at), 1):
        assert np.array_equal(layers(textures, sample), states)


def test_the_same_show_bakes_the_same_bytes(baked, tiny, tmp_path):
    folder, _ = baked
    bake_show(tiny, film_timeline(tiny.show), tmp_path, quiet)
    for path in folder.rglob("*.*"):
        again = tmp_path / path.relative_to(folder)
        assert again.read_bytes() == path.read_bytes(), path.name
        # The time of writing would differ in another second.
        assert not re.search(rb"20\d\d[:-]\d\d[:-]\d\d", path.read_bytes())


def test_an_edit_bakes_only_what_it_touches(changed_show, tmp_path):
    loaded = changed_show()
    timeline = film_timeline(loaded.show)
    first = bake_show(loaded, timeline, tmp_path / "t", quiet)
    assert first.cards.baked
    before = times(tmp_path / "t")
    again = bake_show(loaded, timeline, tmp_path / "t", quiet)
    assert not again.cards.baked
    assert times(tmp_path / "t") == before
    bake_show(changed_show(("place: [10 m, 20 m]", "place: [11 m, 20 m]")), timeline, tmp_path / "t", quiet)
    after = times(tmp_path / "t")
    assert {path.parts[0] for path in before if after[path] != before[path]} == {"flags"}


def test_a_set_that_is_not_whole_is_baked_again(tiny, tmp_path):
    timeline = film_timeline(tiny.show)
    bake = bake_show(tiny, timeline, tmp_path, quiet)
    bake.cards.file(2).unlink()
    bake.troupes["flags"].folder.joinpath("flags.json").unlink()
    again = bake_show(tiny, timeline, tmp_path, quiet)
    assert again.cards.baked
    assert again.troupes["flags"].baked
    assert not again.troupes["ribbons"].baked
    assert again.cards.file(2).is_file()


def test_fewer_samples_leave_no_files_of_the_longer_film(changed_show, tmp_path):
    loaded = changed_show()
    bake_show(loaded, film_timeline(loaded.show), tmp_path / "t", quiet)
    shorter = changed_show(("hold: 2", "hold: 6"))
    bake_show(shorter, film_timeline(shorter.show), tmp_path / "t", quiet)
    assert sorted(path.name for path in (tmp_path / "t" / "cards").iterdir()) == [
        "cards.json",
        "cards_0001.png",
        "cards_0002.png",
    ]


def test_an_interrupted_bake_is_not_trusted(tiny, tmp_path):
    timeline = film_timeline(tiny.show)

    def stop(stage, done, of):
        if stage == "ribbons" and done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bake_show(tiny, timeline, tmp_path, stop)
    assert not (tmp_path / "ribbons" / "ribbons.json").exists()
    again = bake_show(tiny, timeline, tmp_path, quiet)
    assert (again.cards.baked, again.troupes["ribbons"].baked) == (False, True)


def test_what_cannot_be_written_is_an_error_that_names_it(tiny, tmp_path):
    (tmp_path / "cards").write_text("in the way")
    with pytest.raises(OSError, match="cards"):
        bake_show(tiny, film_timeline(tiny.show), tmp_path, quiet)
    (tmp_path / "cards").unlink()
    (tmp_path / "ribbons").write_text("in the way")
    with pytest.raises(OSError, match="ribbons"):
        bake_show(tiny, film_timeline(tiny.show), tmp_path, quiet)


def test_a_section_that_does_not_fit_is_an_error_in_the_show(changed_show):
    for old, new in (("columns: 20", "columns: 900"), ("rows: 10", "rows: 81")):
        with pytest.raises(ShowError, match=r"show\.yaml:7:3: card_section: .* does not fit the east stand"):
            compile_show(changed_show((old, new)))


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


def test_addresses_hit_the_middles_of_pixels():
    textures = TextureSet(None, "x", ".exr", 7, 3, 3, False)
    u, v, zero = textures.addresses().T
    assert list(np.round(u * 3 - 0.5, 9)) == [0, 1, 2, 0, 1, 2, 0]
    assert list(np.round(v * 6 - 0.5, 9)) == [0, 0, 0, 1, 1, 1, 2]
    assert not zero.any()
