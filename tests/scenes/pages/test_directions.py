from __future__ import annotations

import pytest
from cardstunt.scenes.pages.directions import levels, runs_left, visual_order
from hypothesis import given
from hypothesis import strategies as st

# Capital letters stand for letters that run to the left.
HEBREW = {chr(ord("A") + index): chr(0x05D0 + index) for index in range(26)}
LATIN = {letter: shown for shown, letter in HEBREW.items()}


def shown(text: str, *, leftward: bool) -> str:
    """Return a line as it is read from left to right."""
    logical = "".join(HEBREW.get(letter, letter) for letter in text)
    order = visual_order(levels(logical, leftward=leftward))
    return "".join(LATIN.get(logical[index], logical[index]) for index in order)


@pytest.mark.parametrize(
    ("text", "rightward", "leftward"),
    [
        ("abc def", "abc def", "abc def"),
        ("ABC DEF", "FED CBA", "FED CBA"),
        ("abc DEF ghi", "abc FED ghi", "ghi FED abc"),
        ("ABC def GHI", "CBA def IHG", "IHG def CBA"),
        ("ABC 12 DEF", "FED 12 CBA", "FED 12 CBA"),
        ("ABC 1,234.5 DEF", "FED 1,234.5 CBA", "FED 1,234.5 CBA"),
        ("abc 12 DEF", "abc 12 FED", "FED abc 12"),
        ("ABC -12%", "12%- CBA", "12%- CBA"),
        ("abc, DEF.", "abc, FED.", ".FED ,abc"),
        ("ABC!", "CBA!", "!CBA"),
        ("12 abc", "12 abc", "abc 12"),
        ("", "", ""),
    ],
)
def test_lines_are_ordered_as_unicode_says(text: str, rightward: str, leftward: str) -> None:
    assert shown(text, leftward=False) == rightward
    assert shown(text, leftward=True) == leftward


def test_marks_go_with_their_letters() -> None:
    pointed = "\u05e9\u05c1\u05dc"
    assert levels(pointed, leftward=False) == [1, 1, 1]
    assert levels("a\u0301b", leftward=True) == [2, 2, 2]


def test_digits_after_arabic_letters_are_arabic_numbers() -> None:
    assert levels("\u0645 1+2", leftward=False) == [1, 1, 2, 1, 2]
    assert levels("\u05d0 1+2", leftward=False) == [1, 1, 2, 2, 2]
    assert levels("\u05d0 1:2", leftward=False) == [1, 1, 2, 2, 2]


def test_a_paragraph_runs_as_its_first_letter() -> None:
    assert runs_left("12 \u05d0 a")
    assert runs_left("\u0645")
    assert not runs_left("12 a \u05d0")
    assert not runs_left("12")


@given(st.text(max_size=40), st.booleans())
def test_every_character_is_shown_once(text: str, leftward: bool) -> None:
    assert sorted(visual_order(levels(text, leftward=leftward))) == list(range(len(text)))
