from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import av
import numpy as np
import pytest
from cardstunt.kernels.tablets import tablet_states
from cardstunt.kernels.ticks import TICKS_PER_SECOND, ticks
from cardstunt.scenes import tablet_section
from cardstunt.scenes.card_section import compile_section
from cardstunt.scenes.errors import ShowError
from cardstunt.scenes.load import load_show
from cardstunt.scenes.pages import Canvas, draw_page
from cardstunt.scenes.tablet_section import PictureSource
from PIL import Image, ImageDraw

ROWS, COLUMNS, PIXELS = 6, 10, 2
LEVELS = 30 + 11 * np.arange(20)
PAGES = {
    "red": '{ fill: "#c81020" }',
    "shade": '{ gradient: { from: "#000000", to: "#ffffff" } }',
    "sea": "{ video: sea.mp4 }",
    "waves": "{ pattern: { kind: waves, size: 5 }, run: { for: 60 s } }",
    "steps": "{ video: sea.mp4, run: { every: 0.5 s } }",
    "seen": "{ image: disc.png, seen_from: all }",
}
RED = (0xC8, 0x10, 0x20)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with a video of 20 frames, 10 a second, each its own grey."""
    folder = tmp_path_factory.mktemp("show")
    with av.open(str(folder / "sea.mp4"), "w") as container:
        stream = container.add_stream("libx264", rate=10)
        stream.width, stream.height, stream.pix_fmt = 64, 32, "yuv420p"
        for number in range(20):
            picture = av.VideoFrame.from_ndarray(np.full((32, 64, 3), LEVELS[number], np.uint8))
            picture.pts = number
            container.mux(stream.encode(picture))
        container.mux(stream.encode(None))
    image = Image.new("RGB", (64, 64))
    ImageDraw.Draw(image).ellipse((8, 8, 56, 56), "white")
    image.save(folder / "disc.png")
    return folder


@pytest.fixture
def show(folder, tmp_path):
    """Load a show on screens with these cues, and compile its section."""

    def make(
        *cues,
        people="{ perfect: true }",
        pages=PAGES,
        extra=(),
        camera="orbit: { height: 60 m, from: 150 deg, to: 160 deg }",
    ):
        lines = [
            "cardstunt: 1",
            "title: Test",
            "card_section:",
            "  mode: tablets",
            f"  tablet: {{ pixels: {PIXELS} }}",
            f"  columns: {COLUMNS}",
            f"  rows: {ROWS}",
            f"  people: {people}",
            *[f"  {line}" for line in extra],
            "  pages:",
            *[f"    {name}: {page}" for name, page in pages.items()],
            "  cues:",
            *[f"    - {cue}" for cue in cues],
            "film:",
            "  shots:",
            f"    - {{ name: all, show: 0 s..60 s, camera: {{ {camera} }} }}",
        ]
        path = folder / f"{tmp_path.name}.yaml"
        path.write_text("\n".join(lines))
        loaded = load_show(path)
        return loaded, compile_section(loaded)

    return make


def seen(loaded, plan, *moments):
    """The section's screens at moments in seconds: (F, rows, columns, 4), one pixel of each seat."""
    at = np.array([ticks(Fraction(str(moment))) for moment in moments])
    result = tablet_states(plan.tablets, at, PictureSource(loaded, plan.seats))
    assert result.shape == (len(moments), ROWS * PIXELS, COLUMNS * PIXELS, 4)
    return result[:, ::PIXELS, ::PIXELS]


def film_frame(pixels):
    """Which frame of the video is seen."""
    assert np.ptp(pixels[..., :3].astype(int)) <= 3
    return int(np.abs(LEVELS - pixels[..., 0].mean()).argmin())


def test_pages_come_up_at_their_cues(show):
    loaded, plan = show("{ at: 0 s, page: red }", "{ at: 4 s, page: shade, flip: { turn: 0.5 s } }")
    before, after = seen(loaded, plan, 3.9, 4.6)
    assert (before == (*RED, 255)).all()
    assert (np.diff(after[0, :, 0].astype(int)) > 0).all()


def test_seats_switch_in_the_order_of_the_cue_without_reaction(show):
    cue = "{ at: 4 s, page: shade, flip: { order: sweep, over: 9 s, turn: 0.1 s } }"
    loaded, plan = show("{ at: 0 s, page: red }", cue, people="{ reaction: 5 s, late: 50 % , absent: 0 % }")
    start = plan.tablets.start[1].reshape(ROWS, COLUMNS)
    np.testing.assert_array_equal(
        start, np.broadcast_to(ticks(4) + np.arange(COLUMNS) * ticks(1), start.shape)
    )
    switched = (seen(loaded, plan, 8.5)[0, :, :, :3] != RED).any(axis=-1)
    assert switched[:, :5].all()
    assert not switched[:, 5:].any()


def test_a_video_plays_from_its_call_at_its_own_rate_and_stays_at_its_end(show):
    loaded, plan = show("{ at: 0 s, page: red }", "{ at: 4 s, page: sea, flip: { turn: 0.1 s } }")
    frames = [film_frame(picture) for picture in seen(loaded, plan, 4.15, 4.5, 5.23, 5.95, 6.5, 60)]
    assert frames == [1, 5, 12, 19, 19, 19]


def test_a_run_that_says_how_often_is_played_in_steps(show):
    loaded, plan = show("{ at: 0 s, page: red }", "{ at: 4 s, page: steps, flip: { turn: 0.1 s } }")
    assert [film_frame(picture) for picture in seen(loaded, plan, 4.2, 4.6, 5.4, 7)] == [0, 5, 10, 15]


def test_a_video_called_again_begins_again_for_those_who_are_called(show):
    loaded, plan = show(
        "{ at: 0 s, page: red }",
        "{ at: 4 s, page: sea, flip: { turn: 0.1 s } }",
        "{ at: 5 s, page: sea, where: { columns: 1-5 }, flip: { turn: 0.1 s } }",
    )
    picture = seen(loaded, plan, 5.35)[0]
    assert film_frame(picture[:, :5]) == 3
    assert film_frame(picture[:, 5:]) == 13


def test_after_a_hold_a_video_goes_on_where_it_would_be(show):
    loaded, plan = show(
        "{ at: 0 s, page: red }",
        "{ at: 4 s, page: sea, flip: { turn: 0.1 s } }",
        "{ at: 4.5 s, page: red, where: { rows: 1-3 }, hold: 0.5 s, flip: { turn: 0.1 s } }",
    )
    held, after = seen(loaded, plan, 4.85, 5.35)
    assert (held[:3, :, :3] == RED).all()
    assert film_frame(held[3:]) == 8
    assert film_frame(after) == 13


def test_a_hold_of_the_video_itself_begins_it_each_time(show):
    loaded, plan = show(
        "{ at: 0 s, page: red }",
        "{ at: 4 s, page: sea, hold: 1 s, repeat: { times: 2, every: 2 s }, flip: { turn: 0.1 s } }",
    )
    pictures = seen(loaded, plan, 4.35, 5.5, 6.35, 7.5)
    assert [film_frame(pictures[index]) for index in (0, 2)] == [3, 3]
    assert (pictures[[1, 3], :, :, :3] == RED).all()


def test_still_pages_called_again_switch_nobody(show):
    loaded, plan = show("{ at: 0 s, page: red }", "{ at: 4 s, page: red }", "{ at: 5 s, page: red }")
    assert (plan.tablets.showing == 0).all()
    assert (seen(loaded, plan, 4.2)[0] == (*RED, 255)).all()


def test_patterns_move_all_the_time(show):
    loaded, plan = show("{ at: 0 s, page: waves }")
    pictures = seen(loaded, plan, 1, 1.05, 1.1)
    assert all((one != other).any() for one, other in pairwise(pictures))


def test_screens_without_a_seat_or_that_are_dead_are_black(show):
    people = "{ absent: 30 % }"
    loaded, plan = show("{ at: 0 s, page: red }", people=people, extra=["seats: { aisles: 4 }"])
    lit = seen(loaded, plan, 1)[0, ..., 3] > 0
    assert not lit[:, 3].any()
    assert 0.4 < lit[:, [0, 1, 2, 4, 5, 6, 7, 8, 9]].mean() < 0.95
    np.testing.assert_array_equal(lit.reshape(-1), plan.books.present)


def test_screens_have_their_own_pixels_of_a_page(show):
    loaded, plan = show("{ at: 0 s, page: shade }")
    picture = tablet_states(plan.tablets, np.zeros(1, np.int64), PictureSource(loaded, plan.seats))[0]
    page = loaded.show.card_section.pages["shade"]
    canvas = Canvas(COLUMNS * PIXELS, ROWS * PIXELS, plan.seats.cell_aspect)
    np.testing.assert_array_equal(picture[..., :3], draw_page(page, canvas, loaded).picture)


def test_a_page_may_be_made_to_be_seen_from_a_place(show):
    loaded, plan = show("{ at: 0 s, page: seen }")
    picture = PictureSource(loaded, plan.seats)(list(PAGES).index("seen"), 0)
    flat = draw_page(loaded.show.card_section.pages["seen"], Canvas(COLUMNS * PIXELS, ROWS * PIXELS), loaded)
    assert (picture != flat.picture).any(axis=-1).mean() > 0.05


@pytest.fixture
def source(show):
    loaded, plan = show("{ at: 0 s, page: red }")
    return PictureSource(loaded, plan.seats)


def number(page):
    return list(PAGES).index(page)


def test_a_picture_that_stays_the_same_is_drawn_once(source, monkeypatch):
    drawn = []
    monkeypatch.setattr(
        tablet_section, "draw_page", lambda *arguments: drawn.append(arguments[3]) or draw_page(*arguments)
    )
    second = TICKS_PER_SECOND
    for since in range(0, 2 * second, second // 50):
        assert source(number("red"), since) is source(number("red"), -since)
        source(number("sea"), since)
    assert drawn.count(Fraction(0)) == 2
    assert len(drawn) == 21
    assert not source(number("sea"), 0).flags.writeable


def test_few_pictures_are_kept(show):
    loaded, plan = show("{ at: 0 s, page: red }")
    size = ROWS * COLUMNS * PIXELS**2 * 3
    source = PictureSource(loaded, plan.seats, most_bytes=3 * size)
    for since in range(0, TICKS_PER_SECOND, TICKS_PER_SECOND // 10):
        source(number("sea"), since)
    assert len(source._kept) == 3
    tiny = PictureSource(loaded, plan.seats, most_bytes=1)
    assert tiny(number("red"), 0).shape == (ROWS * PIXELS, COLUMNS * PIXELS, 3)
    assert len(tiny._kept) == 1


def test_a_video_that_spoils_later_is_an_error_with_its_place(show, folder):
    (folder / "later.mp4").write_bytes((folder / "sea.mp4").read_bytes())
    pages = PAGES | {"later": "{ video: later.mp4 }"}
    loaded, plan = show("{ at: 0 s, page: red }", pages=pages)
    (folder / "later.mp4").write_bytes(b"nothing")
    with pytest.raises(
        ShowError, match=r"\.yaml:\d+:\d+: card_section\.pages\.later\.video: 'later\.mp4' cannot be"
    ):
        PictureSource(loaded, plan.seats)(len(PAGES), 0)


def test_a_place_from_which_nothing_is_seen_is_an_error_with_its_place(show):
    with pytest.raises(ShowError, match=r"card_section\.pages\.seen\.seen_from: .* behind the section"):
        show("{ at: 0 s, page: seen }", camera="push: { from: [300 m, 0 m, 9 m], to: [290 m, 0 m, 9 m] }")


def test_what_pictures_depend_on_is_told_by_a_hash(show):
    loaded, plan = show("{ at: 0 s, page: red }")
    same = PictureSource(loaded, plan.seats).digest()
    assert PictureSource(*(show("{ at: 0 s, page: shade }")[0], plan.seats)).digest() == same
    moved, plan = show("{ at: 0 s, page: red }", camera="look_down: { height: 200 m }")
    assert PictureSource(moved, plan.seats).digest() != same
