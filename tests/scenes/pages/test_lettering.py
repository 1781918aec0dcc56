from __future__ import annotations

import numpy as np
import pytest
from cardstunt.scenes.pages import Canvas, PageError, draw_page, lettering
from cardstunt.scenes.pages.fonts import can_shape, face_of, fallbacks
from cardstunt.scenes.pages.lettering import borrowed_glyphs, line_ink, line_letters, missing_glyphs
from cardstunt.scenes.schema_page import Page, Pattern
from scipy import ndimage

BLACK, WHITE, RED = (0, 0, 0), (255, 255, 255), (200, 16, 32)
with_blender_fonts = pytest.mark.skipif(len(fallbacks()) < 3, reason="Blender's fonts are not there")
with_shaping = pytest.mark.skipif(not can_shape(), reason="this Pillow has no raqm")


@pytest.fixture
def written(drawn):
    """Write white on black, the front row first; returns which cells are lit."""

    def write(words, columns=250, rows=80, **options):
        page = drawn({"text": words, **options}, columns=columns, rows=rows)
        np.testing.assert_allclose(page.ink > 0.5, page.picture[..., 0] > 188, atol=1)
        return page.picture[..., 0] > 127

    return write


def opened(ink, cells):
    return ndimage.binary_opening(ink, np.ones((cells, cells)))


@pytest.mark.parametrize("words", ["WELCOME", "OPENING NIGHT", "2026", "Grüße!"])
def test_text_is_large_heavy_and_within_the_section(written, words):
    ink = written(words)
    assert 0.15 < ink.mean() < 0.6
    assert opened(ink, 3).sum() > 0.85 * ink.sum()
    wide, high = np.flatnonzero(ink.any(axis=0)), np.flatnonzero(ink.any(axis=1))
    assert not ink[:3].any()
    assert not ink[-3:].any()
    assert not ink[:, :3].any()
    assert not ink[:, -3:].any()
    assert abs(wide[0] - (249 - wide[-1])) <= 2
    assert abs(high[0] - (79 - high[-1])) <= 2
    assert wide[-1] - wide[0] > 225 or high[-1] - high[0] > 66


def test_letters_are_thick(written):
    ink = written("I", columns=90, rows=90)
    middle = ink[ink.any(axis=1)]
    assert middle[len(middle) // 2].sum() > 0.16 * len(middle)


def test_text_has_its_colours_and_soft_edges(drawn):
    page = drawn({"text": "HI", "on": "#c81020"}, columns=100, rows=40)
    result = page.picture.reshape(-1, 3)
    assert (result == WHITE).all(axis=1).mean() > 0.1
    assert (result == RED).all(axis=1).mean() > 0.2
    edge = ~((result == WHITE).all(axis=1) | (result == RED).all(axis=1))
    assert 0 < edge.mean() < 0.2
    np.testing.assert_array_equal(page.ink.reshape(-1) > 0.9999, (result == WHITE).all(axis=1))


def test_text_is_upright_and_not_mirrored(written):
    ink = written("L", columns=60, rows=60)
    right = ink[:, np.flatnonzero(ink.any(axis=0))[-8:]]
    assert right[:30].any()
    assert not right[30:].any()


def lines_of(ink):
    return ndimage.label(ink.any(axis=1))[1]


def test_text_breaks_into_the_lines_that_make_it_largest(written):
    assert lines_of(written("OPENING NIGHT", columns=600, rows=40)) == 1
    assert lines_of(written("OPENING NIGHT", columns=150, rows=80)) == 2


def test_a_line_break_in_the_text_is_kept(written):
    assert lines_of(written("A\nB", columns=600, rows=60)) == 2


@pytest.mark.parametrize("count", [40, 1000])
def test_a_long_text_is_still_drawn(written, count):
    assert written(" ".join(["many"] * count)).any()


@pytest.mark.parametrize("words", ["\u200b", "\u00ad\u200d", "."])
def test_text_that_shows_little_or_nothing(drawn, words):
    assert drawn({"text": words}).picture.shape == (4, 8, 3)


@with_blender_fonts
@with_shaping
@pytest.mark.parametrize(
    "words", ["안녕하세요", "مرحبا بكم", "שלום עולם", "नमस्ते", "สวัสดี", "欢迎来到北京", "🐯", "GO 🐯 서울!"]
)
def test_scripts_are_large_and_legible(written, loaded, words):
    assert missing_glyphs(Page(text=words), loaded) == ""
    ink = written(words)
    assert 0.07 < ink.mean() < 0.6
    assert opened(ink, 2).sum() > 0.8 * ink.sum()


@with_blender_fonts
@with_shaping
def test_arabic_letters_are_joined(loaded):
    def pieces(words):
        return ndimage.label(line_ink(words, None, loaded) > 0.5)[1]

    assert pieces("\u0645\u0645\u0645") == 1
    assert pieces("\u0645\u200c\u0645\u200c\u0645") == 3


@with_blender_fonts
@with_shaping
def test_what_runs_to_the_left_is_turned_round(loaded):
    def ink(words):
        return line_ink(words, None, loaded)

    # Lamed reaches above the other letters; it is the first letter read, so the last drawn.
    lamed, mem = "\u05dc", "\u05dd"
    line = ink(lamed + mem + mem)
    top = line[: line.shape[0] // 8].any(axis=0)
    assert np.flatnonzero(top).min() > 0.6 * line.shape[1]
    # In a line of two fonts the Latin word goes to the left of the Hebrew one.
    both = ink(f"{lamed}{mem}{mem} xx")
    top = both[: both.shape[0] // 8].any(axis=0)
    assert np.flatnonzero(top).min() > 0.7 * both.shape[1]


@with_blender_fonts
@with_shaping
def test_a_broken_line_runs_as_the_whole_text(loaded):
    faces = fallbacks()
    lines = lettering._laid("\u05e9\u05dc\u05d5\u05dd 123 ok", faces, 0.3)
    assert lines[-1][0].words.strip() == "ok"
    alone = lettering._runs("12 ok", faces, leftward=True)
    assert [(run.words, run.direction) for run in alone] == [("12 ok", "rtl")]
    lines = lettering._laid("12\n\u05e9\u05dc\u05d5\u05dd", faces, 1.0)
    assert [run.direction for run in lines[0]] == [None]
    assert [run.direction for run in lines[1]] == ["rtl"]


@with_blender_fonts
@with_shaping
def test_punctuation_that_scripts_share_stays_in_the_font_of_its_letters():
    for words in ("\u0928\u092e\u0938\u094d\u0924\u0947\u0964 \u0928", "\u0645\u060c \u0645"):
        assert len(lettering._runs(words, fallbacks(), leftward=False)) == 1


def test_a_script_that_needs_shaping_is_refused_where_pillow_cannot(drawn, monkeypatch):
    monkeypatch.setattr(lettering, "can_shape", lambda: False)
    assert drawn({"text": "PLAIN"}).ink.any()
    for words in ("مرحبا", "שלום", "नमस्ते"):
        with pytest.raises(PageError, match="raqm"):
            drawn({"text": words})


def test_a_line_of_several_fonts_without_shaping(drawn, monkeypatch, write_font):
    monkeypatch.setattr(lettering, "can_shape", lambda: False)
    write_font("own.ttf", "A")
    assert drawn({"text": "AB", "font": "own.ttf"}).ink.any()


def test_a_pages_own_font(drawn, write_font):
    write_font("own.ttf", "A")
    ink = drawn({"text": "A", "font": "own.ttf"}, columns=60, rows=60).ink > 0.5
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    block = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    assert block.mean() > 0.97, "the font's A is a block, but for the corners that thickening rounds"


def test_letters_that_a_pages_font_lacks_come_from_another(drawn, write_font, loaded):
    write_font("own.ttf", "A")
    page = Page(text="AB B", font="own.ttf")
    assert borrowed_glyphs(page, loaded) == "B"
    assert missing_glyphs(page, loaded) == ""
    assert borrowed_glyphs(Page(text="AB"), loaded) == ""
    both = drawn({"text": "AB", "font": "own.ttf"}, columns=60, rows=30).ink > 0.5
    assert ndimage.label(both)[1] == 2
    assert ndimage.label(~both)[1] >= 3, "the other font's B has counters"


def test_letters_that_no_font_has_are_named(loaded, write_font, drawn):
    page = Page(text="A\ue123B\ue124\ue123")
    write_font("own.ttf", "AB")
    named = Page(text=page.text, font="own.ttf")
    assert missing_glyphs(named, loaded)[:1] == "\ue123"
    assert missing_glyphs(named, loaded) == missing_glyphs(page, loaded)
    assert drawn({"text": page.text}).ink.any(), "a box is drawn for them"


def test_the_words_of_a_scroll_are_asked_too(loaded, write_font):
    write_font("own.ttf", "A")
    page = Page(pattern=Pattern(kind="scroll", text="AB\ue123", font="own.ttf"))
    assert borrowed_glyphs(page, loaded) == "B"
    assert missing_glyphs(page, loaded) == "\ue123"


@pytest.mark.parametrize("page", [Page(fill="#ffffff"), Page(image="a.png"), Page(pattern="waves")])
def test_pages_without_words_lack_nothing(loaded, page):
    assert missing_glyphs(page, loaded) == ""
    assert borrowed_glyphs(page, loaded) == ""


@pytest.mark.parametrize("content", [b"no font", None])
def test_a_font_that_cannot_be_used_is_a_page_error(drawn, loaded, tmp_path, content):
    if content:
        (tmp_path / "own.ttf").write_bytes(content)
    for use in (lambda: drawn({"text": "A", "font": "own.ttf"}), lambda: line_ink("A", "own.ttf", loaded)):
        with pytest.raises(PageError, match=r"'own\.ttf' cannot be used as a font"):
            use()


def test_emoji_keep_their_own_colours_and_other_letters_take_the_pages(drawn, write_font):
    write_font("emoji.ttf", "AB", [(255, 0, 0), (0, 0, 255)])
    page = drawn({"text": "AB", "font": "emoji.ttf", "colour": "#00ff00"}, columns=90, rows=30)
    shown = page.picture[page.ink == 1]
    assert {tuple(colour) for colour in shown} == {(255, 0, 0), (0, 0, 255)}
    middle = page.picture[15]
    assert tuple(middle[np.flatnonzero(page.ink[15] == 1)[0]]) == (255, 0, 0)
    assert tuple(middle[np.flatnonzero(page.ink[15] == 1)[-1]]) == (0, 0, 255)
    mixed = drawn({"text": "A C", "font": "emoji.ttf", "colour": "#00ff00"}, columns=90, rows=30)
    assert {(255, 0, 0), (0, 255, 0)} <= {tuple(colour) for colour in mixed.picture[mixed.ink == 1]}


def test_colours_at_the_edge_of_emoji_are_not_darkened(drawn, write_font):
    write_font("emoji.ttf", "A", [(255, 200, 0)])
    page = drawn({"text": "A", "font": "emoji.ttf", "on": "#ffc800"}, columns=41, rows=23)
    assert np.abs(page.picture.astype(int) - (255, 200, 0)).max() <= 1


def test_a_line_for_a_scroll_is_cut_to_its_letters(loaded):
    ink = line_ink("GO\n GO", None, loaded)
    assert ink.dtype == np.float32
    assert ink.flags.c_contiguous
    assert 0 <= ink.min() < 0.01
    assert 0.99 < ink.max() <= 1
    assert ink[:, 0].any()
    assert ink[:, -1].any()
    assert ink[0].any()
    assert ink[-1].any()
    np.testing.assert_array_equal(ink, line_ink("GO GO", None, loaded))


def test_text_seen_from_a_place_is_where_it_is_seen(loaded):
    across, up = (np.arange(60) + 0.5) / 60, (np.arange(30) + 0.5) / 30
    view = np.stack(np.meshgrid(across, up), axis=-1)
    page = Page(text="GO")
    flat = draw_page(page, Canvas(60, 30), loaded)
    seen = draw_page(page, Canvas(60, 30, view=view), loaded)
    assert np.abs(flat.ink - seen.ink).mean() < 0.02
    view[:, :20] = np.nan
    part = draw_page(page, Canvas(60, 30, view=view), loaded)
    assert not part.ink[:, :20].any()
    assert np.abs(flat.ink[:, 21:] - part.ink[:, 21:]).mean() < 0.02


def test_painted_letters_keep_their_colours_beside_others(drawn, write_font, loaded):
    write_font("painted.ttf", "\U0001f600", [(255, 0, 0)], painted=True)
    page = drawn({"text": "I\U0001f600", "font": "painted.ttf", "colour": "#00ff00"}, columns=90, rows=30)
    assert {(255, 0, 0), (0, 255, 0)} == {tuple(colour) for colour in page.picture[page.ink == 1]}
    assert missing_glyphs(Page(text="\U0001f600\U0001f601", font="painted.ttf"), loaded) in {"", "\U0001f601"}


def test_of_letters_that_are_drawings_the_plain_ones_below_are_drawn(drawn, write_font):
    write_font("own.ttf", "A", more={"SVG ": bytes(10)})
    page = drawn({"text": "A", "font": "own.ttf", "colour": "#00ff00"}, columns=40, rows=20)
    assert {(0, 255, 0)} == {tuple(colour) for colour in page.picture[page.ink == 1]}


@pytest.mark.parametrize("words", ["\U0001f600", "\U0001f600\U0001f600\U0001f600\U0001f600", "I \U0001f600"])
def test_emoji_are_as_round_as_they_were_drawn(drawn, write_font, words):
    write_font("own.ttf", "\U0001f600", [(255, 0, 0)])
    page = drawn({"text": words, "font": "own.ttf"}, columns=120, rows=90, cell_aspect=0.8)
    red = (page.picture == (255, 0, 0)).all(axis=-1)
    assert ndimage.label(red)[1] == words.count("\U0001f600")
    rows, columns = ndimage.find_objects(ndimage.label(red)[0])[0]
    wide, high = 0.8 * (columns.stop - columns.start), rows.stop - rows.start
    assert wide / high == pytest.approx(900 / 701, rel=0.12)


def test_digits_and_spaces_are_not_those_of_emoji(write_font):
    emoji = face_of(write_font("own.ttf", " 1\u20e3\U0001f600", [(255, 0, 0)]))
    faces = (emoji, *fallbacks())
    chosen = {run.words: run.face for run in lettering._runs("1 \U0001f600 2", faces, leftward=False)}
    assert chosen["\U0001f600"] == emoji
    assert all(face != emoji for words, face in chosen.items() if words != "\U0001f600")
    key = lettering._runs("1\ufe0f\u20e3", faces, leftward=False)
    assert [run.face for run in key] == [emoji]


def test_letters_in_colours_are_kept_apart_from_ink(write_font, loaded):
    write_font("own.ttf", "\U0001f600", [(255, 0, 0)])
    ink, paint = line_letters("I\U0001f600", "own.ttf", loaded)
    assert paint.shape == (*ink.shape, 4)
    assert not (ink * paint[..., 3]).any()
    np.testing.assert_allclose(
        paint[paint[..., 3] > 0.99], [(1, 0, 0, 1)] * int((paint[..., 3] > 0.99).sum())
    )
    np.testing.assert_array_equal(line_ink("I\U0001f600", "own.ttf", loaded), ink + paint[..., 3])
    assert line_letters("I", "own.ttf", loaded)[1] is None
