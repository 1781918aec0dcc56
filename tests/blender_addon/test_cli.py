"""The command line: what it says, and its exit codes: 0 done, 1 failed, 2 bad show or usage, 130 stopped."""

from __future__ import annotations

import json
import re
import signal
from itertools import product

import pytest
from cardstunt.blender_addon import cli, film, system_libraries
from cardstunt.blender_addon.blender_libraries import BlenderLibraryError
from cardstunt.blender_addon.encode import EncodeError
from cardstunt.blender_addon.rendered import RenderError
from cardstunt.kernels.places import FormationError
from cardstunt.scenes.errors import Problem, ShowError
from click.testing import CliRunner

pytestmark = pytest.mark.blender


def run(*arguments):
    return CliRunner().invoke(cli.main, list(map(str, arguments)), prog_name="cardstunt")


def told(result):
    """What was said besides warnings about the show."""
    return [line for line in result.stderr.splitlines() if ": warning: " not in line]


def commands(show, folder):
    """Each command that reads a show, and would write."""
    return {
        "film": ("film", show, "-o", folder / "out" / "film.mp4"),
        "build": ("build", show, "-o", folder / "out"),
        "check": ("check", show),
        "preview": ("preview", show, "-o", folder / "out" / "preview.png"),
        "sheets": ("sheets", show, "-o", folder / "out"),
        "still": ("still", show, "-o", folder / "out" / "still.png"),
        "colour": ("colour", "#c8102e", "--show", show),
    }


COMMANDS = ("film", "build", "check", "preview", "sheets", "still", "colour")
#: Who need no stand under the section, and what of a show does not matter to a colour.
UNHEEDED = {("preview", "section"), ("sheets", "section"), ("colour", "section"), ("colour", "formation")}


def test_the_schema_is_json():
    result = run("schema")
    assert result.exit_code == 0
    schema = json.loads(result.stdout)
    assert schema["$schema"].startswith("https://json-schema.org/")
    assert {"cardstunt", "card_section", "film"} <= set(schema["required"])


def test_a_good_show_is_told_in_numbers(show_file):
    result = run("check", show_file)
    assert result.exit_code == 0
    # A film of half a second hurries its people.
    warnings = result.stderr.splitlines()
    assert all(line.startswith(f"{show_file}:") and ": warning: " in line for line in warnings)
    assert result.stdout == (
        f"{show_file}: Tiny: 200 card-holders with 3 pages and 3 cues, 30 gymnasts, "
        f"0.50 s of film, {len(warnings)} warnings\n"
    )


def test_what_is_odd_is_a_warning(changed_show):
    loaded = changed_show(("    red: {", '    unused: { fill: "#ffffff" }\n    red: {'))
    result = run("check", loaded.path)
    assert result.exit_code == 0
    assert re.match(r".*show\.yaml:\d+:\d+: warning: .*unused", result.stderr)
    assert f" {len(result.stderr.splitlines())} warnings" in result.stdout


#: A change that makes the show bad; where that is, and what is said about it.
BAD = {
    "page": (("page: sky", "page: skye"), r"17:26: card_section\.cues\[1\]\.page: .*did you mean 'sky'"),
    "unit": (("tilt: -4 deg", "tilt: -4"), r"\d+:\d+: film\.tilt_shift\.tilt: .*deg"),
    "key": (("  rows: 10", "  rowz: 10"), r"8:3: card_section\.rowz: .*rows"),
    "file": (("image: sky.png", "image: ../sky.png"), r"13:19: card_section\.pages\.sky\.image: "),
    "section": (("rows: 10", "rows: 90"), r"\d+:\d+: card_section\.rows: .*does not fit"),
    "formation": (
        ("[10 m, 20 m]", "[60 m, 20 m]"),
        r"\d+:\d+: troupes\.flags\.drill\[0\].*outside the field",
    ),
}


@pytest.mark.parametrize(
    ("command", "what"),
    [pair for pair in product(COMMANDS, BAD) if pair not in UNHEEDED],
)
def test_a_bad_show_is_told_with_its_place_and_nothing_is_written(
    show_file, changed_show, tmp_path, command, what
):
    change, said = BAD[what]
    show = changed_show().path
    assert show.read_text().count(change[0]) == 1
    show.write_text(show.read_text().replace(*change))
    result = run(*commands(show, tmp_path)[command])
    assert result.exit_code == 2, result.output
    assert re.search(rf"^{re.escape(str(show))}:{said}", result.stderr, re.MULTILINE), result.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("command", COMMANDS)
def test_an_unknown_show_offers_the_nearest(tmp_path, monkeypatch, command):
    monkeypatch.chdir(tmp_path)
    result = run(*commands("opening_nigth", tmp_path)[command])
    assert result.exit_code == 2
    assert "did you mean 'opening_night'?" in result.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("film", "{show}"), "Missing option '-o'"),
        (("film", "{show}", "-o", "{folder}/film.mov"), r"write -o \S*film\.mp4"),
        (("film", "{show}", "-o", "{folder}/film.mp4", "--quality", "best"), "'draft', 'standard', 'final'"),
        (("film", "{show}", "-o", "{folder}/film.mp4", "--frames", "3:4"), "write it like 25-48"),
        (("film", "{show}", "-o", "{folder}/film.mp4", "--frames", "0-3"), "frames 0-3 are not in the film"),
        (("film", "{show}", "-o", "{folder}/film.mp4", "--frames", "9-3"), "which has 1-12"),
        (("film", "{show}", "-o", "{folder}/film.mp4", "--frames", "12-13"), "which has 1-12"),
        (("film", "{show}", "-o", "{folder}"), "the film is an MP4|is a directory"),
        (("preview", "{show}", "-o", "{folder}/p.gif"), r"\.mp4 or \.png, not '\.gif'"),
        (("preview", "{show}"), "Missing option '-o'"),
        (("build", "{show}", "-o", "{show}"), "is a file"),
        (("projekt",), "No such command"),
    ],
)
def test_wrong_usage_is_told_and_writes_nothing(show_file, tmp_path, arguments, said):
    result = run(*(argument.format(show=show_file, folder=tmp_path) for argument in arguments))
    assert result.exit_code == 2, result.output
    assert re.search(said, " ".join(result.stderr.split())), result.stderr
    assert "Usage: cardstunt" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_frames_are_a_range_or_one(show_file, tmp_path, monkeypatch):
    asked = []

    class Maker:
        def __init__(self, loaded, output, quality, frames, progress):
            asked.append((quality, frames))
            raise ValueError("no more is needed")

    monkeypatch.setattr(film, "FilmMaker", Maker)
    for frames in ("3-9", "7"):
        run("film", show_file, "-o", tmp_path / "film.mp4", "--frames", frames, "--quality", "final")
    run("film", show_file, "-o", tmp_path / "film.mp4")
    assert asked == [("final", (3, 9)), ("final", (7, 7)), ("draft", None)]


PROBLEM = Problem("show.yaml", 3, 4, "film", "", "", None, "this cannot be filmed")
INTERRUPTED = "Interrupted. What is finished is kept: the same command goes on from there."


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (KeyboardInterrupt(), 130, INTERRUPTED),
        (cli.InterruptedFilm(), 130, INTERRUPTED),
        (ShowError([PROBLEM]), 2, "show.yaml:3:4: film: this cannot be filmed"),
        (FormationError("too many", asked=3), 2, "cardstunt: too many"),
        (EncodeError("no sound"), 1, "cardstunt: no sound"),
        (RenderError("no picture"), 1, "cardstunt: no picture"),
        (BlenderLibraryError("no Blender"), 1, "cardstunt: no Blender"),
        (OSError("what a disk"), 1, "cardstunt: what a disk"),
        (OSError(28, "No space left on device", "a.png"), 1, "cardstunt: a.png: No space left on device"),
    ],
)
def test_each_failure_has_its_code_and_one_line(show_file, tmp_path, monkeypatch, error, code, said):
    def fail(*arguments):
        raise error

    monkeypatch.setattr(cli, "write_preview", fail)
    result = run("preview", show_file, "-o", tmp_path / "p.png")
    assert result.exit_code == code
    assert told(result) == [said]


def test_a_fault_of_our_own_is_not_hidden(show_file, tmp_path, monkeypatch):
    def fail(*arguments):
        raise ZeroDivisionError

    monkeypatch.setattr(cli, "write_preview", fail)
    assert isinstance(run("preview", show_file, "-o", tmp_path / "p.png").exception, ZeroDivisionError)


@pytest.mark.parametrize("command", COMMANDS)
def test_ctrl_c_while_loading_is_an_interruption(tmp_path, monkeypatch, command):
    def load(source):
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(cli, "load_show", load)
    # Started in a shell's background, Python ignores Ctrl+C.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        result = run(*commands("opening_night", tmp_path)[command])
    finally:
        signal.signal(signal.SIGINT, before)
    assert (result.exit_code, result.stderr) == (130, f"{INTERRUPTED}\n")


@pytest.mark.parametrize("command", ["film", "build", "still"])
def test_a_missing_system_library_is_one_line(show_file, tmp_path, monkeypatch, command):
    monkeypatch.setattr(system_libraries, "SYSTEM_LIBRARIES", {"libnowhere.so.1": "libnowhere1"})
    monkeypatch.setattr(system_libraries.sys, "platform", "linux")
    result = run(*commands(show_file, tmp_path)[command])
    assert result.exit_code == 1
    assert told(result) == [
        "cardstunt: Blender needs system libraries; install them: apt-get install libnowhere1"
    ]
    assert list(tmp_path.iterdir()) == []


def test_two_builds_do_not_share_a_folder(show_file, tmp_path):
    with cli.sole_user(tmp_path / "out"):
        result = run(*commands(show_file, tmp_path)["build"])
    assert result.exit_code == 1
    assert "is in use by another" in result.stderr
    assert [path.name for path in (tmp_path / "out").iterdir()] == [".lock"]


def test_the_version_and_the_help_are_told():
    assert re.fullmatch(r"cardstunt, version [0-9.]+\n", run("--version").stdout)
    told = run("-h").stdout
    assert all(name in told for name in (*COMMANDS, "schema"))


@pytest.mark.parametrize(
    ("seconds", "said"), [(9.96, "10.0 s"), (59.94, "59.9 s"), (61, "1 min 1 s"), (125.5, "2 min 6 s")]
)
def test_times_read_well(seconds, said):
    assert cli._minutes(seconds) == said


def test_a_brands_colour_is_found(show_file):
    done = run("colour", "#0a3d91")
    assert done.exit_code == 0, done.output
    said = re.search(r"Page:    (#\w{6})\nShown:   (#\w{6}) \(CIEDE2000 \d+\.\d\)", done.stdout)
    assert said is not None
    page, shown = said.groups()
    assert page != "#0a3d91"
    near = [abs(int(shown[k : k + 2], 16) - int("0a3d91"[k - 1 : k + 1], 16)) for k in (1, 3, 5)]
    assert max(near) < 12
    # In the light of a show, in the one that is asked for, and by another view.
    others = [("--show", show_file), ("--light", "night"), ("--view", "standard")]
    pages = {run("colour", "#0a3d91", *other).stdout.splitlines()[0] for other in others}
    assert len(pages | {f"Page:    {page}"}) == 4


def test_a_colour_out_of_reach_says_so():
    done = run("colour", "#ffff00")
    assert "nearest that can be reached" in done.stdout
    assert "nearest" not in run("colour", "#ffee00", "--view", "standard", "--light", "golden_hour").stdout
    refused = run("colour", "red")
    assert refused.exit_code == 2
    assert "'red' is not a colour" in refused.output
