"""Names of colours: everyday ones, none twice in a palette, the same each time."""

from __future__ import annotations

import numpy as np
import pytest
from cardstunt.scenes.colour_names import colour_names, hex_code
from cardstunt.scenes.paper_stock import PAPER_STOCKS
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

palettes = st.integers(1, 60).flatmap(lambda count: arrays(np.uint8, (count, 3)))


def named(*codes):
    return colour_names(np.array([list(bytes.fromhex(code)) for code in codes], np.uint8))


def test_plain_colours_have_their_plain_names():
    assert named("ff0000", "00ff00", "0000ff", "ffff00", "ff00ff", "00ffff") == (
        "bright red",
        "bright green",
        "bright blue",
        "bright yellow",
        "bright magenta",
        "cyan",
    )
    assert named("000000", "808080", "ffffff", "0a3d91", "b00020", "8b4513", "ff8c00", "000080") == (
        "black",
        "grey",
        "white",
        "royal blue",
        "dark red",
        "brown",
        "orange",
        "navy",
    )


@given(palettes)
def test_no_two_share_a_name_and_the_same_palette_has_the_same_names(palette):
    names = colour_names(palette)
    assert len({name.casefold() for name in names}) == len(palette)
    assert all(name and name.isascii() and name.isprintable() for name in names)
    assert colour_names(palette.copy()) == names


@given(palettes)
def test_numbers_count_from_the_lightest(palette):
    grey = np.repeat(palette[:, :1], 3, axis=1)
    of_name = {}
    for name, value in zip(colour_names(grey), grey[:, 0].tolist(), strict=True):
        word, _, number = name.rpartition(" ")
        if number.isdecimal():
            of_name.setdefault(word, []).append((int(number), value))
    for shades in of_name.values():
        numbers, values = zip(*sorted(shades), strict=True)
        assert numbers == tuple(range(1, len(numbers) + 1))
        assert list(values) == sorted(values, reverse=True)


def test_paper_has_its_makers_names(monkeypatch):
    stock = {
        "Tangerine": (245, 120, 20),
        "Mandarin": (245, 120, 20),
        "Night": (5, 5, 20),
        "black 1": (9, 9, 9),
    }
    monkeypatch.setitem(PAPER_STOCKS, "made up", stock)
    sheets = np.array([*stock.values(), (0, 0, 0), (1, 1, 1)], np.uint8)
    names = colour_names(sheets, "made up")
    assert names[:4] == tuple(stock)
    # The two that are no sheets are both black, and one must not take the sheet's name.
    assert sorted(names[4:]) == ["black 2", "black 3"]


@pytest.mark.parametrize("paper", PAPER_STOCKS)
def test_all_real_papers_can_be_named(paper):
    sheets = PAPER_STOCKS[paper]
    names = colour_names(np.array(list(sheets.values()), np.uint8), paper)
    assert len({name.casefold() for name in names}) == len(sheets)
    assert set(names) == set(sheets)


def test_codes_are_those_of_show_files():
    assert hex_code((10, 61, 145)) == "#0a3d91"
    assert hex_code(np.array([0, 255, 7], np.uint8)) == "#00ff07"
