from __future__ import annotations

from fractions import Fraction

import av
import numpy as np
import pytest
from cardstunt.kernels.patterns import PATTERNS, pattern
from cardstunt.scenes.load import load_show
from cardstunt.scenes.pages import Canvas, PageError, draw_page, moving, run_moments
from cardstunt.scenes.pages.moving import frame, moment_shown
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

SHOW = """\
cardstunt: 1
title: Test
seed: 5
card_section:
  mode: {mode}
  columns: 24
  rows: 12
  pages:
    page: {page}
  cues:
    - {{ at: 0 s, page: page }}
film:
  shots:
    - {{ name: all, show: 0 s..1 s, camera: {{ orbit: {{ height: 90 m, from: 0 deg, to: 1 deg }} }} }}
"""
FRAMES = 20
LEVELS = 20 + 11 * np.arange(FRAMES)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with a video of 20 frames, 10 a second, each its own grey."""
    folder = tmp_path_factory.mktemp("show")
    with av.open(str(folder / "sea.mp4"), "w") as container:
        stream = container.add_stream("libx264", rate=10)
        stream.width, stream.height, stream.pix_fmt, stream.options = 320, 160, "yuv420p", {"g": "5"}
        for number in range(FRAMES):
            picture = av.VideoFrame.from_ndarray(np.full((160, 320, 3), LEVELS[number], np.uint8))
            picture.pts = number
            container.mux(stream.encode(picture))
        container.mux(stream.encode(None))
    image = Image.new("RGB", (60, 30), (200, 0, 0))
    image.paste((0, 0, 200), (0, 0, 60, 15))
    image.save(folder / "flag.png")
    return folder


@pytest.fixture
def page_of(folder, tmp_path):
    def read(text, mode="books"):
        path = folder / f"{tmp_path.name}.yaml"
        path.write_text(SHOW.format(page=text, mode=mode))
        loaded = load_show(path)
        return loaded.show.card_section.pages["page"], loaded

    return read


def grey(page, loaded, at):
    """Which frame is shown."""
    light, alpha = frame(page, loaded, Fraction(at))
    assert (alpha == 1).all()
    value = 255 * (1.055 * float(light.mean()) ** (1 / 2.4) - 0.055)
    return int(np.abs(LEVELS - value).argmin())


@pytest.mark.parametrize(
    ("run", "moments"),
    [
        ("", [0, Fraction(1, 2), 1, Fraction(3, 2)]),
        (", run: { every: 0.6 s }", [0, Fraction(3, 5), Fraction(6, 5), Fraction(9, 5)]),
        (", run: { every: 1 s, from: 0.5 s }", [0, 1]),
        (", run: { every: 0.5 s, for: 1 s }", [0, Fraction(1, 2)]),
        (", run: { every: 1 s, for: 90 s }", [0, 1]),
        (", run: { every: 1 s, for: 5 s, loop: true }", [0, 1, 2, 3, 4]),
        (", run: { every: 7 s }", [0]),
    ],
)
def test_a_videos_pages_come_up_until_its_run_or_the_video_ends(page_of, run, moments):
    assert list(run_moments(*page_of(f"{{ video: sea.mp4{run} }}"))) == moments


def test_a_patterns_pages_come_up_for_as_long_as_its_run(page_of):
    page = page_of("{ pattern: waves, run: { every: 0.4 s, for: 1 s } }")
    assert run_moments(*page) == (0, Fraction(2, 5), Fraction(4, 5))
    assert run_moments(*page_of("{ pattern: waves }")) == (0,)


def test_the_frame_of_a_moment_counts_from_where_the_run_begins(page_of):
    page = page_of("{ video: sea.mp4, run: { from: 0.7 s, for: 1 s } }")
    assert [grey(*page, at) for at in ("0", "1/20", "1/10", "1/2")] == [7, 7, 8, 12]


def test_before_the_run_is_its_first_frame_and_after_the_video_its_last(page_of):
    page = page_of("{ video: sea.mp4 }")
    assert [grey(*page, at) for at in (-5, 0, "19/10", 2, 100)] == [0, 0, 19, 19, 19]


def test_a_loop_begins_again_where_its_run_does(page_of):
    page = page_of("{ video: sea.mp4, run: { from: 1.5 s, for: 9 s, loop: true } }")
    assert [grey(*page, at) for at in ("0", "2/5", "1/2", "9/10", "1", "61/10")] == [15, 19, 15, 19, 15, 16]


@pytest.mark.parametrize(
    ("run", "shown"),
    [
        ("", {0: 0, "1/20": 0, "1/10": "1/10", "23/40": "1/2", "3": "19/10", -1: 0}),
        (", run: { from: 0.25 s, for: 1 s }", {0: 0, "1/10": "1/20", "1/4": "1/4", "8": "19/20"}),
        (", run: { every: 0.4 s, for: 1 s }", {0: 0, "2/5": "2/5", "7/10": "2/5", "1": "4/5", "9": "4/5"}),
        (
            ", run: { from: 1.5 s, for: 9 s, loop: true }",
            {"2/5": "2/5", "11/20": "1/2", "101/20": 5, "99": "89/10"},
        ),
        (", run: { every: 0.5 s, for: 9 s, loop: true }", {"3": 3, "13/4": 3, "99": "17/2"}),
    ],
)
def test_moments_of_one_picture_have_one_beginning(page_of, run, shown):
    page, loaded = page_of(f"{{ video: sea.mp4{run} }}", "tablets")
    found = {at: moment_shown(page, loaded, Fraction(at)) for at in shown}
    assert found == {at: Fraction(begin) for at, begin in shown.items()}
    for at in shown:
        if Fraction(at) < 2:
            assert grey(page, loaded, found[at]) == grey(page, loaded, at) or "every" in run


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.fractions(0, 30, max_denominator=120),
    st.sampled_from(["", "from: 1.3 s", "from: 0.35 s, for: 8 s, loop: true", "every: 0.3 s", "for: 0.7 s"]),
)
def test_a_picture_that_is_shown_began_then_and_shows_itself(page_of, at, run):
    page, loaded = page_of(f"{{ video: sea.mp4, run: {{ {run} }} }}" if run else "{ video: sea.mp4 }")
    begin = moment_shown(page, loaded, at)
    assert 0 <= begin <= at
    assert moment_shown(page, loaded, begin) == begin


def test_a_pattern_on_screens_moves_all_the_time_until_its_run_ends(page_of):
    page, loaded = page_of("{ pattern: plasma, run: { for: 2 s } }", "tablets")
    assert [moment_shown(page, loaded, Fraction(at)) for at in ("-1", "1/7", "3")] == [0, Fraction(1, 7), 2]
    still, loaded = page_of("{ pattern: plasma }", "tablets")
    assert moment_shown(still, loaded, Fraction(5)) == 0


def test_frames_come_four_to_eight_times_as_fine_as_the_seats(page_of):
    assert frame(*page_of("{ video: sea.mp4 }"), Fraction(0))[0].shape == (48, 96, 3)
    cropped = page_of("{ video: sea.mp4, crop: { left: 30 %, right: 20 % } }")
    assert frame(*cropped, Fraction(0))[0].shape == (160, 320, 3), "as it is, for half would be too coarse"
    screens = page_of("{ video: sea.mp4 }", "tablets")
    assert frame(*screens, Fraction(0))[0].shape == (72, 144, 3)


def test_a_video_page_is_drawn_over_the_section(page_of):
    page, loaded = page_of('{ video: sea.mp4, fit: contain, on: "#102030" }')
    drawn = draw_page(page, Canvas(40, 10, 1.0), loaded, Fraction(1))
    assert (drawn.picture[:, :8] == (0x10, 0x20, 0x30)).all()
    np.testing.assert_allclose(drawn.picture[:, 12:28], LEVELS[10], atol=4)
    assert drawn.ink[:, 12:28].min() == pytest.approx(1)
    assert not drawn.ink[:, :8].any()


def test_too_many_pages_are_refused(page_of, monkeypatch):
    page = page_of("{ video: sea.mp4, run: { every: 0.1 s } }")
    assert len(run_moments(*page)) == 20
    monkeypatch.setattr(moving, "MOST_CALLS", 19)
    with pytest.raises(PageError, match=r"each 0\.1 s for 2 s makes 20 pages; at most 19"):
        run_moments(*page)


def test_a_run_that_begins_after_the_video_is_an_error_that_says_so(page_of):
    page = page_of("{ video: sea.mp4, run: { from: 3 s } }")
    with pytest.raises(PageError, match=r"'sea.mp4' lasts 2\.0 s, so a run from 3 s has nothing to show"):
        run_moments(*page)
    with pytest.raises(PageError, match="nothing to show"):
        moment_shown(*page, Fraction(1))


def test_a_video_that_is_spoiled_after_loading_is_an_error_with_its_name(page_of, folder):
    content = (folder / "sea.mp4").read_bytes()
    (folder / "spoiled.mp4").write_bytes(content)
    page, loaded = page_of("{ video: spoiled.mp4 }")
    (folder / "spoiled.mp4").write_bytes(content[: len(content) // 2])
    with pytest.raises(PageError, match=r"'spoiled\.mp4' cannot be used as a video"):
        draw_page(page, Canvas(24, 12), loaded)


def described(kind):
    extra = ', text: "GO ON"' if kind == "scroll" else ""
    return f"{{ pattern: {{ kind: {kind}{extra} }}, run: {{ from: 1 s, for: 9 s }} }}"


@pytest.mark.parametrize("kind", PATTERNS)
def test_every_pattern_can_be_a_page_that_moves(page_of, kind):
    page, loaded = page_of(described(kind))
    first, later = (draw_page(page, Canvas(24, 12), loaded, Fraction(at)) for at in (0, "1/3"))
    assert first.picture.shape == (12, 24, 3)
    assert first.ink.min() == 1
    assert (first.picture != later.picture).any()


def test_a_pattern_is_drawn_as_it_is_described(page_of):
    page, loaded = page_of(
        '{ pattern: { kind: stripes, colours: ["#c81020", "#ffffff"], size: 4, speed: 2, angle: 30 deg },'
        " run: { from: 0.5 s, for: 9 s } }"
    )
    expected = pattern(
        "stripes", 24, 12, 1.5, colours=[(200, 16, 32), (255, 255, 255)], size=4, speed=2,
        angle=np.radians(30), cell_aspect=0.8,
    )  # fmt: skip
    np.testing.assert_array_equal(draw_page(page, Canvas(24, 12, 0.8), loaded, Fraction(1)).picture, expected)


def test_stars_are_those_of_the_shows_seed(page_of):
    page, loaded = page_of("{ pattern: { kind: starfield, size: 6 } }")
    expected = pattern("starfield", 24, 12, 0, size=6, seed=5, cell_aspect=1.0)
    np.testing.assert_array_equal(draw_page(page, Canvas(24, 12, 1.0), loaded).picture, expected)


def test_sizes_and_speeds_are_in_seats_on_finer_screens_too(page_of):
    page, loaded = page_of("{ pattern: { kind: checker, size: 3, speed: 6 }, run: { for: 9 s } }", "tablets")
    coarse = draw_page(page, Canvas(24, 12, 1.0), loaded, Fraction(1, 2)).picture
    fine = draw_page(page, Canvas(96, 48, 1.0), loaded, Fraction(1, 2)).picture
    np.testing.assert_array_equal(fine, coarse.repeat(4, axis=0).repeat(4, axis=1))


def test_letters_that_go_by_fill_a_good_part_of_the_section(page_of):
    page, loaded = page_of('{ pattern: { kind: scroll, text: "II", colours: ["#000000", "#ffffff"] } }')
    lit = draw_page(page, Canvas(24, 12), loaded).picture[..., 0] > 127
    assert lit.any(axis=1).sum() in (6, 7, 8)
    page, loaded = page_of(
        '{ pattern: { kind: scroll, text: "II", colours: ["#000000", "#ffffff"], size: 4 } }'
    )
    lit = draw_page(page, Canvas(24, 12), loaded).picture[..., 0] > 127
    assert lit.any(axis=1).sum() == 4


def test_a_flag_takes_its_picture_upright(page_of):
    page, loaded = page_of("{ pattern: { kind: flag, image: flag.png, size: 24 } }")
    picture = draw_page(page, Canvas(24, 12), loaded).picture
    assert picture[0, :, 0].min() > 60
    assert picture[0, :, 2].max() < 60
    assert picture[-1, :, 2].min() > 60
    assert picture[-1, :, 0].max() < 60


def test_a_flags_folds_go_by_the_section_where_their_size_is_not_said(page_of):
    page, loaded = page_of("{ pattern: flag }")
    expected = pattern("flag", 24, 12, 0, size=24 / moving._FOLDS, cell_aspect=1.0)
    np.testing.assert_array_equal(draw_page(page, Canvas(24, 12, 1.0), loaded).picture, expected)


def test_a_flag_whose_picture_is_gone_is_an_error(page_of, folder):
    Image.new("RGB", (4, 4)).save(folder / "going.png")
    page, loaded = page_of("{ pattern: { kind: flag, image: going.png } }")
    (folder / "going.png").unlink()
    with pytest.raises(PageError, match=r"going\.png"):
        draw_page(page, Canvas(24, 12), loaded)
