"""Data textures hold what the kernels say, exactly, and are baked again only where the show has changed."""

from __future__ import annotations

import re
from fractions import Fraction

import numpy as np
import pytest
from cardstunt.blender_addon.bake import bake_cards, bake_show, sample_exposures, sample_ticks
from cardstunt.kernels.books import card_states
from cardstunt.kernels.tablets import tablet_states
from cardstunt.kernels.ticks import ticks
from cardstunt.scenes.compiled import compile_show
from cardstunt.scenes.errors import ShowError
from cardstunt.scenes.tablet_section import PictureSource
from cardstunt.scenes.timeline import film_timeline
from PIL import Image

pytestmark = pytest.mark.blender  # for OpenImageIO, which ships with it


def quiet(stage, done, of):
    pass


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


def test_cards_are_the_kernels_bytes(baked, tiny, layers):
    _, bake = baked
    expected = card_states(compile_show(tiny).books, sample_ticks(film_timeline(tiny.show)))
    for sample, states in enumerate(expected, 1):
        assert np.array_equal(layers(bake.cards, sample), states.reshape(3, -1, 4))


def test_an_open_shutter_mixes_the_cards(changed_show, tmp_path, layers):
    """A picture of 2 frames at 4 times the speed is a third of a second of the show, half of it exposed."""
    loaded = changed_show(("fps: 24", "fps: 24\n  shutter: 180 deg"))
    timeline = film_timeline(loaded.show)
    exposure = sample_exposures(loaded.show, timeline)
    assert exposure.dtype == np.int64
    assert set(exposure.tolist()) == {ticks(Fraction(1, 6))}
    bake = bake_show(loaded, timeline, tmp_path, quiet)
    books, at = compile_show(loaded).books, sample_ticks(timeline)
    expected = card_states(books, at, exposure)
    assert not np.array_equal(expected, card_states(books, at))
    for sample, states in enumerate(expected, 1):
        assert np.array_equal(layers(bake.cards, sample), states.reshape(3, -1, 4))


def test_exposures_follow_the_shot_and_the_hold(changed_show):
    loaded = changed_show(
        ("fps: 24", "fps: 24\n  shutter: 172.8 deg"),
        ("show: 1 s..2 s\n      speed: 4x", "show: 1 s..2 s\n      speed: 1.5x"),
        ("hold: 2", "hold: 3"),
    )
    timeline = film_timeline(loaded.show)
    expected = [
        ticks(Fraction(1728, 3600) * 3 * loaded.show.film.shots[sample.shot].speed / 24)
        for sample in timeline.samples
    ]
    assert len(set(expected)) == 2
    assert sample_exposures(loaded.show, timeline).tolist() == expected
    instant = changed_show()
    assert not sample_exposures(instant.show, timeline).any()


PALETTE = "  palette: { colours: 24, dither: none }\n"
ON_AN_ARC = ("columns: 20", "columns: 20\n  seats: { arc: { radius: 80 m, from: 20 deg, to: 0 deg } }")
TABLETS = (PALETTE, "  mode: tablets\n  tablet: { pixels: 2 }\n")


def test_screens_are_the_kernels_bytes(changed_show, tmp_path):
    loaded = changed_show(TABLETS)
    timeline, section = film_timeline(loaded.show), compile_show(loaded).section
    bake = bake_show(loaded, timeline, tmp_path, quiet)
    assert (bake.cards.width, bake.cards.height, bake.cards.layers) == (40, 20, 1)
    source = PictureSource(loaded, section.seats)
    expected = tablet_states(section.tablets, sample_ticks(timeline), source)
    assert len(np.unique(expected.reshape(len(expected), -1), axis=0)) > 3
    for sample, states in enumerate(expected, 1):
        with Image.open(bake.cards.file(sample)) as picture:
            assert np.array_equal(np.asarray(picture)[::-1], states)


def test_screens_are_baked_again_when_a_page_or_its_file_changes(changed_show, tmp_path):
    loaded = changed_show(TABLETS)
    timeline = film_timeline(loaded.show)
    first = bake_show(loaded, timeline, tmp_path / "t", quiet)
    assert first.cards.baked
    assert not bake_show(loaded, timeline, tmp_path / "t", quiet).cards.baked
    repainted = changed_show(TABLETS, ("#c01020", "#c01021"))
    assert bake_show(repainted, timeline, tmp_path / "t", quiet).cards.baked
    Image.new("RGB", (20, 10), "#123456").save(repainted.resolve("sky.png"))
    assert bake_show(repainted, timeline, tmp_path / "t", quiet).cards.baked


@pytest.mark.parametrize(
    ("page", "change"),
    [
        ("{ pattern: starfield, run: { for: 9 s } }", ("seed: 3", "seed: 4")),
        ("{ image: sky.png, seen_from: [-60 m, 30 m, 40 m] }", ON_AN_ARC),
    ],
    ids=["stars of another seed", "seats seen from a place"],
)
def test_screens_are_baked_again_when_what_they_are_drawn_from_changes(changed_show, tmp_path, page, change):
    """Nobody is absent, so nothing but the pictures can differ."""
    perfect = ("people: { reaction: 100 ms, spread: 80 ms, absent: 5 % }", "people: { perfect: true }")
    drawn = ('{ fill: "#c01020" }', page)
    former, later = (changed_show(TABLETS, perfect, drawn, *changes) for changes in ((), (change,)))
    timeline = film_timeline(former.show)
    assert bake_show(former, timeline, tmp_path / "t", quiet).cards.baked
    assert not bake_show(former, timeline, tmp_path / "t", quiet).cards.baked
    assert bake_show(later, timeline, tmp_path / "t", quiet).cards.baked


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


CUE = "    - { at: 1.1 s, page: dusk, flip: { order: ripple, over: 0.6 s, turn: 0.4 s } }\n"


@pytest.mark.parametrize(
    "change",
    [
        ("absent: 5 %", "absent: 6 %"),
        ("absent: 5 %", "absent: 5 %, dropped: 30 %"),
        ("fps: 24", "fps: 24\n  shutter: 90 deg"),
        (CUE, CUE + "    - { at: 1.9 s, gesture: raise }\n"),
        (CUE, CUE.replace("1.1 s", "1.2 s")),
        ("#c01020", "#c01021"),
    ],
    ids=lambda change: change[1].strip()[:40],
)
def test_whatever_changes_the_cards_bakes_them_again(changed_show, tmp_path, change):
    loaded = changed_show()
    timeline = film_timeline(loaded.show)
    bake_show(loaded, timeline, tmp_path / "t", quiet)
    bake = bake_show(changed_show(change), timeline, tmp_path / "t", quiet)
    assert bake.cards.baked
    assert not any(troupe.baked for troupe in bake.troupes.values())


def test_a_gesture_that_begins_later_bakes_again(tiny, tmp_path):
    """Its arrays lie a level deeper than the books' own."""
    books, at = compile_show(tiny).books, np.array([0, ticks(1)], np.int64)
    count = books.present.size

    def raised(start):
        gestures = type(books.gestures)(
            kind=np.zeros(1, np.int8),
            start=np.full((1, count), start, np.int64),
            taking=np.ones((1, count), bool),
            move=np.full(1, 1000, np.int64),
            hold=np.zeros(1, np.int64),
            amount=np.full(1, 255, np.int16),
            period=np.ones(1, np.int64),
        )
        return type(books)(
            **{**{k: getattr(books, k) for k in books.__dataclass_fields__}, "gestures": gestures}
        )

    assert bake_cards(raised(0), at, tmp_path, quiet).baked
    assert not bake_cards(raised(0), at, tmp_path, quiet).baked
    assert bake_cards(raised(1), at, tmp_path, quiet).baked


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
        with pytest.raises(ShowError, match=r"card_section\.(rows|columns): .* does not fit the east stand"):
            compile_show(changed_show((old, new)))
