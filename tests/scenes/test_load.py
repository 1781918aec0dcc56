from __future__ import annotations

import os
import random
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest
from cardstunt.scenes.errors import Problem, ShowError
from cardstunt.scenes.load import library_shows, load_show
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

WriteShow = Callable[..., Path]


def problems(source: str | Path) -> tuple[Problem, ...]:
    with pytest.raises(ShowError) as caught:
        load_show(source)
    return caught.value.problems


def test_a_show_is_loaded_in_si(write_show: WriteShow) -> None:
    path = write_show()
    loaded = load_show(path)
    show = loaded.show
    assert (loaded.path, loaded.folder, loaded.warnings) == (path, path.parent, ())
    assert loaded.resolve("assets/dove.png") == (path.parent / "assets" / "dove.png").resolve()
    assert loaded.locate(("card_section", "cues", 1, "page")) == (19, 26)
    assert show.music is not None
    assert show.music.tempo.bpm == 120
    bar = Fraction(2)
    start = Fraction(7, 20)
    assert [cue.at for cue in show.card_section.cues] == [
        0,
        start + 2 * bar,
        start + 8 * bar,
        start + 8 * bar + 1,
    ]
    assert show.card_section.cues[1].flip.over == 1
    assert show.card_section.people.late == 0.004
    assert show.troupes["ribbons"].drill[2].place == (4.0, -3.0)
    assert show.film.shots[1].show == (start + 2 * bar, start + 8 * bar)
    assert show.film.shots[1].lens == 0.05
    assert show.film.fps == 24


def test_a_path_may_be_text_and_relative(write_show: WriteShow, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_show()
    monkeypatch.chdir(path.parent)
    loaded = load_show("show.yaml")
    assert loaded.path == path
    assert loaded.source.file == "show.yaml"


@pytest.mark.parametrize("name", library_shows())
def test_every_library_show_loads_by_its_name(name: str) -> None:
    loaded = load_show(name)
    assert loaded.path.parent.name == name
    assert loaded.warnings == ()


def test_a_name_that_is_not_in_the_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cardstunt.scenes.load.LIBRARY", tmp_path)
    (tmp_path / "opening_night").mkdir()
    (tmp_path / "opening_night" / "show.yaml").write_text("")
    assert library_shows() == ("opening_night",)
    (problem,) = problems("opening_nite")
    assert "did you mean 'opening_night'?" in str(problem)
    (problem,) = problems("opening_night")
    assert "empty" in problem.message


@pytest.mark.parametrize(
    ("old", "new", "at", "path", "words"),
    [
        (
            "cardstunt: 1\n",
            "cardstunt: 2\n",
            "2",
            "cardstunt",
            "format version 2; this Cardstunt reads version 1",
        ),
        ("cardstunt: 1\n", "cardstunt: one\n", "one", "cardstunt", "not a format version"),
        ("cardstunt: 1\n", "cardstunt: true\n", "true", "cardstunt", "not a format version"),
        ("cardstunt: 1\n", "", "title", "", "format version is missing"),
        ("light: dusk", "light: dusc", "dusc", "stadium.light", "did you mean 'dusk'? Allowed: noon, "),
        ("light: dusk", "lite: dusk", "lite", "stadium.lite", "did you mean 'light'?"),
        ("title: A small show", "title:", None, "title", "text is expected, not nothing"),
        ("seed: 7", "seed: 7.5", "7.5", "seed", "a whole number is expected, not '7.5'"),
        ("seed: 7", "seed: 99999999999999999999", None, "seed", "must be less than"),
        ("stand: east", "stand: [east]", "[", "card_section.stand", "a list"),
        ("rows: 8", "rows: 4000", "4000", "card_section.rows", "'4000' must be at most 400"),
        ("count: 400", "count: 0", "0", "troupes.ribbons.count", "'0' must be at least 1"),
        (
            "count: 400",
            "count: many",
            "many",
            "troupes.ribbons.count",
            "a whole number is expected, not 'many'",
        ),
        ("    count: 400\n", "", "costume", "troupes.ribbons.count", "the key 'count' is missing"),
        ("at: bar 3, page", "at: -1 s, page", "-1 s", "card_section.cues[1].at", "'-1 s' is negative"),
        ("at: bar 3, page", "at: 4, page", "4", "card_section.cues[1].at", "write '4 s'"),
        ("from: left", "form: left", "form", "card_section.cues[1].flip.form", "did you mean 'from'?"),
        ("from: left", "from_: left", "from_", "card_section.cues[1].flip.from_", "did you mean 'from'?"),
        ("turn: 0.4 s", "turn: 0 s", "0 s", "card_section.cues[1].flip.turn", "more than 0 s"),
        ("flip: ripple", "flip: riple", "riple", "card_section.cues[3].flip", "did you mean 'ripple'?"),
        (
            "flip: ripple",
            "flip: { order: ripple, from: top }",
            "top",
            "card_section.cues[3].flip.from",
            "only with sweep",
        ),
        ("travel: 6 s", "travel: 0 s", "0 s", "troupes.ribbons.drill[1].travel", "more than 0 s"),
        ("rings: 5", "rngs: 5", "rngs", "troupes.ribbons.drill[1].formation.rngs", "did you mean 'rings'?"),
        ("rings: 5", "rings: 0", "0", "troupes.ribbons.drill[1].formation.rings", "must be at least 1"),
        ("clip: jump", "clip: jumpp", "jumpp", "troupes.ribbons.drill[1].move.clip", "did you mean 'jump'?"),
        ('"WELCOME"', '" "', '" "', "card_section.pages.welcome.text", "empty"),
        ('"#0a3d91"', "~", "~", "card_section.pages.blue.fill", "needs quotes"),
        ("    blue: ", '    "": ', '""', "card_section.pages.", "cannot be a name"),
        ("    blue: ", "    <<: ", "<<", "card_section.pages.<<", "merge keys"),
        ("show: 0 s..16 s", "show: 16 s..16 s", "16 s", "film.shots[0].show", "ends before"),
        ("bpm: 120", "bpm: 0", "0", "music.bpm", "'0' must be from 1 to 1000"),
        ("scale: 150", "scale: .inf", ".inf", "film.tilt_shift.scale", "a number is expected, not '.inf'"),
        ("tilt: -4 deg", "tilt: -40 deg", "-40 deg", "film.tilt_shift.tilt", "from -30 deg to 30 deg"),
        ("size: 1920x1080", "size: 1920x1081", "1920x1081", "film.size", "odd side"),
        (
            "look_at: card_section",
            "look_at: card_sektion",
            "card_s",
            "film.shots[1].camera.push.look_at",
            "did you mean",
        ),
        ("-150 m, 0 m, 60 m", "-150 m, 0 m", "[", "film.shots[1].camera.push.from[2]", "missing"),
    ],
)
def test_each_mistake_has_its_place(
    write_show: WriteShow, old: str, new: str, at: str | None, path: str, words: str
) -> None:
    file = write_show((old, new))
    (problem,) = problems(file)
    assert problem.path == path
    assert words in problem.message
    if at is not None:
        line = file.read_text("utf-8").splitlines()[problem.line - 1]
        assert line[problem.column - 1 :].startswith(at), str(problem)


def test_all_mistakes_are_told(write_show: WriteShow) -> None:
    file = write_show(("light: dusk", "light: dusc"), ("count: 400", "count: 0"), ("speed: 8x", "speed: 8"))
    assert [problem.path for problem in problems(file)] == [
        "stadium.light",
        "troupes.ribbons.count",
        "film.shots[0].speed",
    ]


def test_a_list_of_wrong_items_is_not_called_empty(write_show: WriteShow) -> None:
    found = problems(write_show(("  cues:\n", "  cues: [{ at: 4, page: blue }]\n  others:\n")))
    assert [problem.path for problem in found] == ["card_section.cues[0].at", "card_section.others"]


def test_wrong_music_is_told_once(write_show: WriteShow) -> None:
    (problem,) = problems(write_show(("bpm: 120", "bpm: fast")))
    assert problem.path == "music.bpm"


def test_without_music_each_bar_says_to_add_it(write_show: WriteShow) -> None:
    file = write_show(("music: { file: assets/theme.wav, bpm: 120, offset: 0.35 s }\n", ""))
    found = problems(file)
    assert len(found) == 7
    assert all("add music" in problem.message for problem in found)


@pytest.mark.parametrize(
    ("old", "new"), [("  cues:\n", "  cues: []\n  x:\n"), ("  shots:\n", "  shots: []\n  x:\n")]
)
def test_nothing_to_show(write_show: WriteShow, old: str, new: str) -> None:
    assert any("needs at least 1; found 0" in problem.message for problem in problems(write_show((old, new))))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"- a\n- b\n", "must be a mapping"),
        (b"just text", "must be a mapping"),
        (b"title: caf\xe9\n", "not UTF-8"),
        ("cardstunt: 1".encode("utf-16"), "not UTF-8"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "not UTF-8"),
        (bytes(1000), "cannot stand in YAML"),
        (b"a: \x1b[31m", "cannot stand in YAML"),
        (b"x" * 5_000_000, "too large"),
        (b"x" * 2_000_000, "at most 1,000,000"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_files_that_are_no_show(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "show.yaml"
    path.write_bytes(content)
    (problem,) = problems(path)
    assert words in problem.message
    assert str(problem).isprintable()


def test_the_place_of_a_wrong_byte(tmp_path: Path) -> None:
    path = tmp_path / "show.yaml"
    path.write_bytes(b"cardstunt: 1\ntitle: caf\xe9\n")
    (problem,) = problems(path)
    assert (problem.line, problem.column) == (2, 11)


def test_paths_that_are_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    (tmp_path / "loop.yaml").symlink_to("loop.yaml")
    for source, words in {
        tmp_path: "a folder; name the show file",
        tmp_path / "gone.yaml": "no such file",
        tmp_path / "pipe.yaml": "not a regular file",
        tmp_path / "loop.yaml": "",
        tmp_path / ("x" * 5000): "",
        "": "",
        "a\0b": "",
        "\ud800.yaml": "no such file",
        "/dev/zero": "not a regular file",
    }.items():
        (problem,) = problems(source)
        assert words in problem.message
        str(problem).encode()


def problems_if_any(path: Path) -> tuple[Problem, ...]:
    try:
        load_show(path)
    except ShowError as error:
        assert error.problems  # noqa: PT017
        return error.problems
    return ()


def loads_or_explains(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    for problem in problems_if_any(path):
        assert problem.message
        assert problem.line >= 1
        assert problem.column >= 1
        str(problem).encode()


fuzzing = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
SCRAPS = [
    "{",
    "}",
    "[",
    "]",
    ":",
    "- ",
    "*a",
    "&a ",
    "!!",
    "|",
    ">",
    "'",
    '"',
    "\n",
    "\n  ",
    "#",
    "?",
    "<<: ",
    "%",
    "\\",
]
SCRAPS += [
    "~",
    "null",
    "-1",
    "0",
    "1e9",
    "1e999",
    "-0 s",
    "99999999999 s",
    "bar 0",
    "bar 99999999",
    "é",
    "\u2028",
    "💃",
]
SCRAPS += [
    "true",
    "[[",
    "{}",
    "[]",
    "''",
    "..",
    "x",
    "on",
    "image",
    "page",
    "20-60",
    "0x",
    "0 %",
    "\ufeff",
    "\x00",
]


@fuzzing
@given(data=st.data())
def test_a_show_with_its_text_changed_loads_or_explains(
    data: st.DataObject, show_text: str, shared_folder: Path
) -> None:
    text = show_text
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        stop = data.draw(st.integers(start, min(len(text), start + 12)))
        text = text[:start] + data.draw(st.sampled_from(SCRAPS) | st.text(max_size=4)) + text[stop:]
    loads_or_explains(shared_folder / "text.yaml", text.encode("utf-8", "surrogatepass"))


@fuzzing
@given(seed=st.integers(0, 2**32), swaps=st.integers(1, 6))
def test_a_show_with_its_words_changed_loads_or_explains(
    seed: int, swaps: int, show_text: str, shared_folder: Path
) -> None:
    chance = random.Random(seed)
    lines = show_text.splitlines(keepends=True)
    words = show_text.replace(",", " ").replace("}", " ").replace("{", " ").split() + SCRAPS
    for _ in range(swaps):
        number = chance.randrange(len(lines))
        found = lines[number].replace(",", " ").split()
        if chance.random() < 0.3:
            lines[number] = chance.choice(lines)
        elif found:
            lines[number] = lines[number].replace(chance.choice(found), chance.choice(words), 1)
    loads_or_explains(shared_folder / "words.yaml", "".join(lines).encode())


@fuzzing
@given(content=st.binary(max_size=200), head=st.sampled_from([b"", b"cardstunt: 1\n"]))
def test_any_bytes_load_or_explain(content: bytes, head: bytes, shared_folder: Path) -> None:
    loads_or_explains(shared_folder / "bytes.yaml", head + content)
