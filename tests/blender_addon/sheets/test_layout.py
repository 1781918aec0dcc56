"""Where things go: everything once, on the paper, in columns that hold it, on as little paper as can be."""

from __future__ import annotations

import pytest
from cardstunt.blender_addon.sheets.layout import EDGE, NAME_SIZE, lay_out
from cardstunt.blender_addon.sheets.lettering import A4, BOLD, width
from hypothesis import given
from hypothesis import strategies as st

COLOURS = ("red", "light sky blue 12", "black")


def laid(lines, pages, counted=True, colours=COLOURS, page="170"):
    return lay_out(
        lines,
        pages,
        counted=counted,
        colours=colours,
        actions=("» 170", "open 170", "shake", "stay"),
        page=page,
    )


@given(st.integers(1, 2000), st.integers(1, 300), st.booleans())
def test_every_cue_and_page_has_its_place(lines, pages, counted):
    layout = laid(lines, pages, counted)
    cues = [
        n for spread in layout.spreads for n in range(spread.first_line, spread.first_line + spread.lines)
    ]
    listed = [
        n for spread in layout.spreads for n in range(spread.first_page, spread.first_page + spread.pages)
    ]
    assert cues == list(range(lines))
    assert listed == list(range(pages))
    assert len(layout.spreads) == 1 or len(layout.spreads) % 2 == 0
    assert layout.halves == (layout.height < A4[1])
    assert not layout.halves or len(layout.spreads) == 1
    for spread in layout.spreads:
        rows = -(-spread.lines // layout.cues.columns)
        page_rows = -(-spread.pages // layout.pages.columns)
        if spread.lines:
            bottom = spread.cues_top - 17 - rows * layout.cues.leading
            assert bottom >= (spread.pages_top if spread.pages else 30)
            assert spread.cues_top < layout.height - 50
        if spread.pages:
            assert spread.pages_top - 17 - page_rows * layout.pages.height >= 30


@given(st.integers(1, 400), st.integers(1, 170))
def test_words_fit_their_columns(lines, pages):
    layout = laid(lines, pages)
    cues, listed = layout.cues, layout.pages
    assert width("00:00.0", cues.size) + cues.time < cues.count
    assert width("888·8½", cues.size) + cues.count < cues.action
    assert width("open 170", cues.size, BOLD) + cues.action < cues.swatch
    assert cues.swatch + cues.swatch_box[0] < cues.name
    longest = max(width(name, NAME_SIZE * cues.size) for name in COLOURS)
    assert cues.name + longest < cues.column_width
    assert EDGE + cues.columns * cues.column_width < A4[0]
    assert width("170", listed.size, BOLD) < listed.swatch
    assert listed.name + max(width(name, listed.size) for name in COLOURS) < listed.column_width
    assert cues.size >= 9
    assert listed.size >= 7


@pytest.mark.parametrize(
    ("lines", "pages", "sides", "halves"),
    [(10, 5, 1, True), (45, 30, 1, False), (90, 80, 2, False), (224, 170, 4, False), (800, 170, 8, False)],
)
def test_the_paper_that_shows_take(lines, pages, sides, halves):
    layout = laid(lines, pages, colours=("red", "midnight blue", "black"))
    assert (len(layout.spreads), layout.halves) == (sides, halves)
    # Two sheets are enough for a great show in type that can be read in a dim stand.
    assert layout.cues.size >= (10 if sides <= 4 else 9)


@given(st.integers(1, 2000), st.integers(1, 300))
def test_sides_are_filled_alike(lines, pages):
    layout = laid(lines, pages)
    cues = [spread.lines for spread in layout.spreads if spread.lines]
    listed = [spread.pages for spread in layout.spreads if spread.pages]
    assert max(cues) - min(cues) <= 1
    assert max(listed) - min(listed) <= 1
    assert all(spread.lines or spread.pages for spread in layout.spreads)


def test_a_name_that_is_too_long_for_two_columns_has_one():
    layout = laid(224, 100, colours=("as bright a shade of orange as there is",))
    assert layout.cues.columns == 1


def test_fewer_cues_are_set_larger():
    sizes = [laid(lines, 12).cues.size for lines in (6, 60, 200)]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] > sizes[-1]
