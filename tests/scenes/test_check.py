from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from cardstunt.scenes.check import check_show
from cardstunt.scenes.errors import Problem, ShowError
from cardstunt.scenes.load import load_show

WriteShow = Callable[..., Path]

SUNRISE = "- { at: bar 3, page: sunrise, flip: { order: sweep, from: left, over: 2 beats, turn: 0.4 s } }"
WELCOME = "- { at: bar 9, page: welcome, where: { rows: 2-6 } }"


def problems(path: Path) -> tuple[Problem, ...]:
    with pytest.raises(ShowError) as caught:
        load_show(path)
    return caught.value.problems


def test_a_good_show_has_nothing_to_say(write_show: WriteShow) -> None:
    assert check_show(load_show(write_show())) == []


@pytest.mark.parametrize(
    ("old", "new", "at", "path", "words"),
    [
        (
            "page: sunrise",
            "page: sunrize",
            "sunrize",
            "card_section.cues[1].page",
            "no page named 'sunrize'; did you mean 'sunrise'?",
        ),
        ("at: bar 3, page", "at: 0 s, page", "0 s", "card_section.cues[1].at", "line 18 is at the same time"),
        ("at: bar 9 beat 3", "at: bar 2", "bar 2", "card_section.cues[3].at", "out of order"),
        ("rows: 2-6", "rows: 2-9", "2-9", "card_section.cues[2].where.rows", "rows 1-8"),
        ("rows: 2-6", "columns: 26", "26", "card_section.cues[2].where.columns", "columns 1-25"),
        (
            "{ at: 0 s, page: blue }",
            "{ at: 0 s, page: blue, where: { rows: 1 } }",
            "where",
            "card_section.cues[0].where",
            "first cue",
        ),
        ("at: bar 5", "at: bar 14", None, "troupes.ribbons.drill[2].at", "formations are out of order"),
        ("at: bar 5", "at: bar 13", None, "troupes.ribbons.drill[2].at", "at the same time"),
        ("travel: 6 s", "travel: 60 s", None, "troupes.ribbons.drill[2].at", "on its way until 68.35 s"),
        ("name: push", "name: wide", "wide", "film.shots[1].name", "two shots"),
        ("0 s..16 s", "0 s..86400 s", "0 s..86400 s", "film.shots[0].show", "250,000 frames"),
        (
            "assets/sunrise.png",
            "assets/sunrize.png",
            "assets/sunrize.png",
            "card_section.pages.sunrise.image",
            "no file",
        ),
        (
            "assets/dove.png",
            "../dove.png",
            "../dove.png",
            "troupes.ribbons.drill[2].formation.image",
            "leads out",
        ),
        (
            "assets/dove.png",
            "assets/theme.wav",
            None,
            "troupes.ribbons.drill[2].formation.image",
            "not a picture",
        ),
        ("assets/theme.wav", "assets/theme.mp3", "assets/theme.mp3", "music.file", "no file"),
        ("assets/theme.wav", "assets/dove.png", "assets/dove.png", "music.file", "not a sound file"),
    ],
)
def test_each_mistake_has_its_place(
    write_show: WriteShow, old: str, new: str, at: str | None, path: str, words: str
) -> None:
    if new == "0 s..86400 s":
        file = write_show((old, new), ("speed: 8x", "speed: 1x"))
    else:
        file = write_show((old, new))
    (problem,) = problems(file)
    assert problem.path == path
    assert words in str(problem)
    line = file.read_text("utf-8").splitlines()[problem.line - 1]
    if at is not None:
        assert line[problem.column - 1 :].startswith(at)
        assert problem.found == at


def test_all_mistakes_are_told(write_show: WriteShow) -> None:
    file = write_show(
        ("page: sunrise", "page: moon"), ("rows: 2-6", "rows: 2-9"), ("name: push", "name: wide")
    )
    assert len(problems(file)) == 3


def test_cues_at_one_time_for_different_people(write_show: WriteShow) -> None:
    other = "- { at: bar 9, page: blue, where: { rows: 7-8 } }"
    load_show(write_show((WELCOME, f"{WELCOME}\n    {other}")))
    (problem,) = problems(write_show((WELCOME, f"{WELCOME}\n    {other.replace('7-8', '6-8')}")))
    assert "same time" in problem.message


def test_odd_things_are_warnings(write_show: WriteShow) -> None:
    file = write_show(
        ("page: sunrise", "page: blue"),
        ("- { at: 0 s, formation", "- { at: 0 s, travel: 2 s, formation"),
    )
    page, travel = check_show(load_show(file))
    assert {page.severity, travel.severity} == {"warning"}
    assert (page.path, page.line, page.column) == ("card_section.pages.sunrise", 14, 5)
    assert "no cue turns to the page 'sunrise'" in str(page)
    assert travel.path == "troupes.ribbons.drill[0].travel"


def test_warnings_come_with_the_errors(write_show: WriteShow) -> None:
    found = problems(write_show(("page: sunrise", "page: blue"), ("name: push", "name: wide")))
    assert [problem.severity for problem in found] == ["warning", "error"]


def test_a_book_has_170_pages(write_show: WriteShow) -> None:
    def cues(count: int, where: str) -> str:
        lines = [f"- {{ at: {n + 100} s, page: blue, where: {{ {where} }} }}" for n in range(count)]
        return "\n".join(f"    {line}" for line in lines)

    # Three cues reach rows 1 and 7, four reach rows 2 to 6.
    last = "- { at: bar 9 beat 3, page: evening, flip: ripple }"
    load_show(write_show((last, f"{last}\n{cues(167, 'rows: 7-8')}")))
    load_show(write_show((last, f"{last}\n{cues(166, 'rows: 2-6')}")))
    file = write_show((last, f"{last}\n{cues(168, 'rows: 4, columns: 25')}"))
    (problem,) = problems(file)
    assert "row 4, column 25 needs 172" in problem.message
    assert problem.path == "card_section.cues[170]"
    file = write_show((last, f"{last}\n{cues(168, 'rows: 1, columns: 1-20')}"))
    (problem,) = problems(file)
    assert "row 1, column 1 needs 171" in problem.message
    assert problem.path == "card_section.cues[171]"
