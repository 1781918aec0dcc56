"""`cardstunt sheets`: what it says, its exit codes, and that nothing is left half-written."""

from __future__ import annotations

import re
import sys

import pytest
from cardstunt.blender_addon import cli
from click.testing import CliRunner


def run(*arguments):
    return CliRunner().invoke(cli.main, list(map(str, arguments)), prog_name="cardstunt")


def test_sheets_are_made_and_named(show_file, tmp_path):
    result = run("sheets", show_file, "-o", tmp_path / "out")
    assert result.exit_code == 0, result.output
    named = re.findall(r"Sheets:  (.*)", result.stdout)
    assert named
    assert all(tmp_path.joinpath(name).is_file() for name in named)
    assert re.search(r"230 people, (\d+) files, \1 of them made now", result.stdout)
    again = run("sheets", show_file, "-o", tmp_path / "out")
    assert "0 of them made now" in again.stdout


def test_with_tablets_it_says_that_there_is_no_paper(changed_show, tmp_path):
    loaded = changed_show(
        ("  columns: 20", "  mode: tablets\n  columns: 20"),
        ("  palette: { colours: 24, dither: none }\n", ""),
    )
    result = run("sheets", loaded.path, "-o", tmp_path / "out")
    assert result.exit_code == 0, result.output
    assert "Tablets: nobody carries paper" in result.stdout
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        ".lock",
        "drill",
        "sheets.json",
        "seat_colours.csv",
        "cue_sheet.pdf",
    }


@pytest.mark.parametrize("spare", ["12.5 %", "0", "100%"])
def test_the_spare_share_is_taken(show_file, tmp_path, spare):
    assert run("sheets", show_file, "-o", tmp_path, "--spare", spare).exit_code == 0
    head = (tmp_path / "purchase_list.csv").read_text(encoding="utf-8-sig").splitlines()[0]
    assert f"spare {spare.rstrip(' %')} %" in head


@pytest.mark.parametrize("spare", ["-1", "101", "much", "5 percent", "1e3", ""])
def test_a_wrong_share_is_refused(show_file, tmp_path, spare):
    result = run("sheets", show_file, "-o", tmp_path / "out", "--spare", spare)
    assert result.exit_code == 2
    assert "is not a share" in result.stderr
    assert not (tmp_path / "out").exists()


def test_a_bad_show_is_located_and_nothing_written(changed_show, tmp_path):
    path = changed_show().path
    path.write_text(path.read_text(encoding="utf-8").replace("page: sky", "page: skye"), encoding="utf-8")
    result = run("sheets", path, "-o", tmp_path / "out")
    assert result.exit_code == 2
    assert re.search(r"\d+:\d+: card_section\.cues\[1\]\.page", result.stderr)
    assert not (tmp_path / "out").exists()


def test_a_file_in_the_folders_place_is_told(show_file, tmp_path):
    (tmp_path / "out").write_bytes(b"")
    result = run("sheets", show_file, "-o", tmp_path / "out")
    assert result.exit_code == 2
    assert "Traceback" not in result.output


@pytest.mark.skipif(sys.platform == "win32", reason="limits on the size of files are Unix's")
def test_a_full_disk_is_told_and_leaves_nothing_half_written(show_file, cardstunt, tmp_path):
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (30000, resource.RLIM_INFINITY))"
    said = cardstunt("sheets", show_file, "-o", tmp_path / "out", before=limit, PYTHONDONTWRITEBYTECODE="1")
    assert said.returncode == 1, said.stderr
    assert "Traceback" not in said.stderr
    last = said.stderr.splitlines()[-1]
    assert last.startswith("cardstunt: ")
    assert "out/" in last
    assert "File too large" in last
    assert not list((tmp_path / "out").rglob("*.part*"))
    assert all(path.stat().st_size < 30000 for path in (tmp_path / "out").rglob("*") if path.is_file())
    done = cardstunt("sheets", show_file, "-o", tmp_path / "out")
    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGINT to one process")
def test_stopped_it_says_so_and_goes_on(show_file, cardstunt, tmp_path):
    # Stops itself while the second of the two sections is drawn.
    before = """
import os, signal
from cardstunt.blender_addon.sheets import make, section_pdf
section_pdf.MOST_PEOPLE = 100
drawn = make.write_booklets
def write_booklets(path, programme, layout, part, done):
    def step(people):
        if part.file.endswith("02.pdf") and people == 7:
            os.kill(os.getpid(), signal.SIGINT)
        done(people)
    drawn(path, programme, layout, part, step)
make.write_booklets = write_booklets
made = make.parts
make.parts = lambda programme: made(programme, 100)
"""
    said = cardstunt("sheets", show_file, "-o", tmp_path / "out", before=before)
    assert said.returncode == 130, said.stderr
    assert said.stderr.splitlines()[-1].startswith("Interrupted.")
    assert "Traceback" not in said.stderr
    booklets = {path.name for path in (tmp_path / "out" / "booklets").iterdir()}
    assert booklets == {"section_A_part_01.pdf"}
