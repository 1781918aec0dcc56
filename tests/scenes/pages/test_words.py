from __future__ import annotations

import pytest
from cardstunt.scenes.pages.words import broken, clusters, needs_shaping
from hypothesis import given
from hypothesis import strategies as st


def test_clusters_keep_together_what_is_one_picture() -> None:
    assert clusters("ab") == ["a", "b"]
    assert clusters("e\u0301x") == ["e\u0301", "x"]
    family = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
    assert clusters(f"{family}!") == [family, "!"]
    assert clusters("\U0001f44d\U0001f3fd\u2764\ufe0f") == ["\U0001f44d\U0001f3fd", "\u2764\ufe0f"]
    flags = "\U0001f1f0\U0001f1f7\U0001f1ef\U0001f1f5"
    assert clusters(flags) == [flags[:2], flags[2:]]


@pytest.mark.parametrize("text", ["مرحبا", "שלום", "नमस्ते", "สวัสดี", "ខ្មែរ", "a ב"])
def test_scripts_that_need_shaping(text: str) -> None:
    assert needs_shaping(text)


@pytest.mark.parametrize("text", ["WELCOME", "Grüße", "Привет", "안녕", "欢迎", "2026!"])
def test_scripts_that_do_not(text: str) -> None:
    assert not needs_shaping(text)


def ways(words: str) -> list[list[str]]:
    found = list(broken(words, lambda line: float(len(line))))
    for widest, lines in found:
        assert widest == max(map(len, lines))
    return [lines for _, lines in found]


def test_each_number_of_lines_comes_once_and_is_the_least_wide() -> None:
    assert ways("OPENING NIGHT") == [["OPENING NIGHT"], ["OPENING", "NIGHT"]]
    found = ways("a bb ccc dddd eeeee")
    assert [max(map(len, lines)) for lines in found] == [19, 10, 8, 5]
    assert ["a bb ccc", "dddd eeeee"] in found


def test_line_breaks_are_kept() -> None:
    assert ways("  A\n\nB  C ") == [["A", "B C"]]


def test_scripts_without_spaces_break_between_letters_but_not_before_a_full_stop() -> None:
    assert ["欢迎来", "到。"] in ways("欢迎来到。")
    assert all(not line.startswith("。") for lines in ways("欢迎来到。") for line in lines)
    assert ways("안녕하세요") == [["안녕하세요"]]


def test_blank_text_is_still_something() -> None:
    assert ways(" \n ") == [["?"]]


@given(st.text("abc 欢迎", min_size=1, max_size=60).filter(str.strip))
def test_nothing_is_lost(words: str) -> None:
    for lines in ways(words):
        assert "".join("".join(lines).split()) == "".join(words.split())
        assert all(line == line.strip() for line in lines)
    counts = [len(lines) for lines in ways(words)]
    assert counts == sorted(set(counts))
