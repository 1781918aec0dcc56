from __future__ import annotations

import numpy as np
import pytest
from cardstunt.kernels.oklab import srgb8_to_oklab
from cardstunt.scenes.feasibility import limits
from cardstunt.scenes.feasibility.strokes import (
    find_small_letters,
    find_thin_strokes,
    letters_need,
    line_heights,
    thin_cells,
)
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw


def picture(draw, size=(60, 30)):
    image = Image.new("RGB", size, "#203040")
    draw(ImageDraw.Draw(image))
    return image


def thin(draw, size=(60, 30)):
    return thin_cells(srgb8_to_oklab(np.asarray(picture(draw, size)).copy()))


@pytest.mark.parametrize(
    ("ends", "count"), [(((5, 10), (50, 10)), 46), (((30, 4), (30, 25)), 22), (((5, 5), (20, 20)), 16)]
)
def test_a_line_one_card_wide_is_thin(ends, count):
    assert thin(lambda draw: draw.line(ends, fill="white", width=1)).sum() == count


@given(st.integers(2, 6), st.sampled_from(["white", "#c00020", "#000000"]))
def test_bars_of_two_cards_and_more_are_not(width, colour):
    assert not thin(lambda draw: draw.rectangle((10, 5, 40, 4 + width), fill=colour)).any()


def test_a_gap_one_card_wide_is_as_thin():
    def draw(on):
        on.rectangle((5, 5, 50, 12), fill="white")
        on.rectangle((5, 14, 50, 20), fill="white")

    cells = thin(draw)
    assert cells[13, 6:50].all()
    assert not cells[:12].any()


def test_smoothed_edges_are_not_thin():
    large = picture(lambda draw: draw.ellipse((80, 40, 400, 200), fill="white"), (480, 240))
    small = np.asarray(large.resize((60, 30), Image.Resampling.BOX)).copy()
    assert thin_cells(srgb8_to_oklab(small)).sum() <= 4


def test_what_hardly_differs_from_its_ground_is_no_stroke():
    assert not thin(lambda draw: draw.line((5, 10, 50, 10), fill="#243444")).any()


def show_of(draw, compiled, **options):
    def files(folder):
        picture(draw).save(folder / "drawn.png")

    return compiled(
        pages='red: { fill: "#c01020" }\ndrawn: { image: drawn.png, fit: stretch }',
        cues="- { at: 0 s, page: red }\n- { at: 4 s, page: drawn }",
        files=files,
        **options,
    )


def test_a_page_of_thin_strokes_is_found_at_its_cue(compiled):
    loaded, plan = show_of(lambda draw: draw.line((5, 10, 50, 10), fill="white"), compiled)
    (finding,) = find_thin_strokes(loaded, plan)
    assert (finding.kind, finding.cue, finding.at, finding.page) == ("strokes", 1, 4, "drawn")
    assert "46 cards are in a stroke one card wide, the longest 46 cards long" in finding.what
    grid = finding.seats.reshape(30, 60)
    assert grid[19, 5:51].all()  # row 0 is the front
    assert grid.sum() == 46
    assert finding.who == "46 seats, most in sections A-B, row 20"


def test_a_thick_stroke_is_not_found(compiled):
    assert (
        find_thin_strokes(*show_of(lambda draw: draw.rectangle((5, 10, 50, 13), fill="white"), compiled))
        == []
    )


def test_a_few_thin_cards_are_not_worth_telling(compiled):
    assert find_thin_strokes(*show_of(lambda draw: draw.line((5, 10, 11, 10), fill="white"), compiled)) == []


def test_only_seats_that_show_the_page_count(compiled):
    def files(folder):
        picture(lambda draw: draw.line((5, 10, 50, 10), fill="white")).save(folder / "drawn.png")

    options = {
        "pages": 'red: { fill: "#c01020" }\ndrawn: { image: drawn.png, fit: stretch }',
        "files": files,
    }
    cue = "- {{ at: 0 s, page: red }}\n- {{ at: 4 s, page: drawn, where: {{ rows: {rows} }} }}"
    assert find_thin_strokes(*compiled(cues=cue.format(rows="1-15"), **options)) == []
    assert len(find_thin_strokes(*compiled(cues=cue.format(rows="10-25"), **options))) == 1


def test_a_stroke_that_the_colours_swallow_is_worse(compiled):
    def draw(on):
        on.line((5, 10, 50, 10), fill="#70a0c0")

    kept, lost = (
        find_thin_strokes(*show_of(draw, compiled, palette=palette))[0]
        for palette in (
            "{ colours: 24, dither: none }",
            '{ colours: ["#506880", "#c01020"], dither: none }',
        )
    )
    assert (kept.severity, lost.severity) == ("low", "medium")
    assert "100 % of that is lost" in lost.what


@pytest.mark.parametrize(
    ("words", "limit"),
    [
        ("WELCOME 2024", limits.LETTER),
        ("Welcome", limits.SMALL_LETTER),
        ("환영합니다", limits.WIDE_LETTER),
        ("你好", limits.WIDE_LETTER),
    ],
)
def test_letters_need_rows_by_their_script(words, limit):
    assert letters_need(words) is limit


def test_lines_are_told_apart_and_dots_go_with_their_line():
    ink = np.zeros((40, 20))
    ink[2:10, 3:8] = 1  # a line
    ink[11, 4] = 1  # the dot over it
    ink[20:29, 3:15] = 1  # another line
    assert line_heights(ink) == [10, 9]
    assert line_heights(np.zeros((4, 4))) == []


@pytest.mark.parametrize(("words", "found"), [("STADIUM", False), ("A GREAT MANY WORDS " * 9, True)])
def test_small_letters_are_found(compiled, words, found):
    loaded, plan = compiled(
        pages=f'red: {{ fill: "#c01020" }}\nsaid: {{ text: "{words.strip()}" }}',
        cues="- { at: 0 s, page: red }\n- { at: 4 s, page: said }",
    )
    findings = find_small_letters(loaded, plan)
    assert bool(findings) == found
    for finding in findings:
        assert finding.limit is limits.LETTER
        assert finding.cue == 1
        assert float(finding.measured.removesuffix(" rows")) < 7
        assert finding.seats.all()
