from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from cardstunt.scenes.check import check_show
from cardstunt.scenes.errors import Problem, ShowError
from cardstunt.scenes.load import load_show
from PIL import Image

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


def test_what_the_first_cue_cannot_be(write_show: WriteShow) -> None:
    first = "{ at: 0 s, page: blue }"
    for new, key, words in (
        ("{ at: 0 s, gesture: raise }", "gesture", "turn to a page first"),
        ("{ at: 0 s, page: blue, where: { rows: 1 } }", "where", "leave out its 'where'"),
        ("{ at: 0 s, page: blue, hold: 2 s }", "hold", "nothing to turn back to"),
    ):
        found = [p for p in problems(write_show((first, new))) if p.severity == "error"]
        assert [(p.path, p.found) for p in found] == [(f"card_section.cues[0].{key}", key)]
        assert words in found[0].message


BLOCKS = "  pages:\n    blue: "


@pytest.mark.parametrize(
    ("blocks", "where", "path", "words"),
    [
        (
            "crown: { rows: 7-8 }",
            "crwn",
            "card_section.cues[2].where.block",
            "did you mean 'crown'? Allowed: c",
        ),
        ("crown: { rows: 7-9 }", "crown", "card_section.blocks.crown.rows", "which has rows 1-8"),
        (
            "crown: { seats: [A-1-1] }",
            "{ block: crown, rows: 2 }",
            "card_section.cues[2].where",
            "nobody sits",
        ),
        ("crown: { rows: 1 }", "{ seats: [A-1-26] }", "card_section.cues[2].where.seats[0]", "no seat named"),
        ("crown: { rows: 1 }", "{ rows: '1, 9' }", "card_section.cues[2].where.rows", "9 reaches outside"),
        (
            "crown: { rows: 1 }",
            "{ drawn: true, rows: 9 }",
            "card_section.cues[2].where.rows",
            "9 reaches outside",
        ),
        ("crown: { rows: 1 }", "{ mask: assets/gone.png }", "card_section.cues[2].where.mask", "no file"),
        ("crown: { mask: assets/theme.wav }", "crown", "card_section.blocks.crown.mask", "not a picture"),
        ("crown: { mask: assets/black.png }", "crown", "card_section.blocks.crown", "nobody sits"),
    ],
)
def test_parts_of_the_section_that_are_not_there(
    write_show: WriteShow, blocks: str, where: str, path: str, words: str
) -> None:
    file = write_show((BLOCKS, f"  blocks: {{ {blocks} }}\n{BLOCKS}"), ("{ rows: 2-6 }", where))
    Image.new("L", (25, 8)).save(file.parent / "assets" / "black.png")
    (problem,) = [p for p in problems(file) if p.severity == "error"]
    assert problem.path == path
    assert words in problem.message
    assert problem.line > 1


def test_a_name_that_stands_for_a_mapping_is_what_was_found(write_show: WriteShow) -> None:
    file = write_show(
        (BLOCKS, f"  blocks: {{ crown: {{ rows: 7-8 }} }}\n{BLOCKS}"), ("{ rows: 2-6 }", "crwn")
    )
    (problem,) = [p for p in problems(file) if p.severity == "error"]
    assert (problem.found, problem.nearest) == ("crwn", "crown")
    assert file.read_text("utf-8").splitlines()[problem.line - 1][problem.column - 1 :].startswith("crwn")


def test_a_figure_outside_of_itself_is_not_empty(write_show: WriteShow) -> None:
    load_show(write_show(("{ rows: 2-6 }", "{ drawn: true, outside: true }")))


def test_a_block_that_no_cue_is_for_is_a_warning(write_show: WriteShow) -> None:
    blocks = "{ crown: { rows: 7-8 }, foot: { rows: 1 } }"
    file = write_show((BLOCKS, f"  blocks: {blocks}\n{BLOCKS}"), ("{ rows: 2-6 }", "crown"))
    (warning,) = check_show(load_show(file))
    assert (warning.path, warning.severity) == ("card_section.blocks.foot", "warning")
    assert "no cue is for the block 'foot'" in str(warning)


def test_a_gesture_with_screens_is_a_warning(write_show: WriteShow) -> None:
    gesture = (SUNRISE, "- { at: bar 3, page: sunrise }\n    - { at: bar 4, gesture: raise }")
    screens = ("  palette: { colours: 24, dither: blue_noise }\n", "  mode: tablets\n")
    assert check_show(load_show(write_show(gesture))) == []
    (finding,) = check_show(load_show(write_show(gesture, screens)))
    assert (finding.path, finding.severity) == ("card_section.cues[2].gesture", "warning")
    assert "does nothing" in finding.message


def test_a_page_is_seen_from_a_shot_that_there_is(write_show: WriteShow) -> None:
    page = 'welcome: { text: "WELCOME"'
    load_show(write_show((page, f"{page}, seen_from: push")))
    load_show(write_show((page, f"{page}, seen_from: [-90 m, 0 m, 40 m]")))
    (problem,) = problems(write_show((page, f"{page}, seen_from: pusch")))
    assert problem.path == "card_section.pages.welcome.seen_from"
    assert "no shot named 'pusch'; did you mean 'push'? Allowed: wide, push, down, or a place" in str(problem)


def test_a_run_is_not_endless(write_show: WriteShow) -> None:
    page = 'welcome: { text: "WELCOME", colour: "#ffffff", on: "#b00020" }'
    run = "welcome: { pattern: waves, run: { every: 10 ms, for: 60 s } }"
    (problem,) = problems(write_show((page, run)))
    assert problem.path == "card_section.pages.welcome.run"
    assert "comes to 6,000 pages; a run has at most 5,000" in problem.message


def test_letters_that_no_font_has_are_a_warning(write_show: WriteShow) -> None:
    (warning,) = check_show(load_show(write_show(('"WELCOME"', '"WEL\u0378COME\u0379"'))))
    assert (warning.path, warning.severity) == ("card_section.pages.welcome.text", "warning")
    assert "'\\u0378\\u0379'" in warning.message


def test_all_files_of_the_section_are_checked(write_show: WriteShow) -> None:
    file = write_show(
        ("flip: ripple", "flip: { order: map, map: assets/theme.wav }"),
        ('welcome: { text: "WELCOME"', 'welcome: { text: "WELCOME", font: assets/dove.png'),
        (
            "welcome, where",
            "welcome, where: { mask: assets/gone.png } }\n    - { at: bar 9 beat 2, page: blue, where",
        ),
        ("  pages:\n", "  pages:\n    sea: { video: assets/theme.wav }\n"),
    )
    found = {problem.path for problem in problems(file) if problem.severity == "error"}
    assert found == {
        "card_section.pages.sea.video",
        "card_section.pages.welcome.font",
        "card_section.cues[2].where.mask",
        "card_section.cues[4].flip.map",
    }


def test_a_file_is_checked_again_when_it_was_written_anew(write_show: WriteShow) -> None:
    file = write_show()
    picture = file.parent / "assets" / "sunrise.png"
    good = picture.read_bytes()
    load_show(file)
    picture.write_bytes(good[: len(good) // 2])
    (problem,) = problems(file)
    assert problem.path == "card_section.pages.sunrise.image"
    picture.write_bytes(good)
    load_show(file)
