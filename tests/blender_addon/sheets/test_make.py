"""All sheets in a folder: kept while they are right, else made again, gone when they are no more."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from cardstunt.blender_addon.files import InUseError, sole_user
from cardstunt.blender_addon.interruption import InterruptedFilm
from cardstunt.blender_addon.sheets import make

TABLES = ("seat_colours.csv", "seat_cues.csv", "printing_order.csv", "purchase_list.csv", "purchase_list.pdf")
BOOKLETS = ("booklets/section_A.pdf", "booklets/section_B.pdf")


def contents(folder):
    return {
        str(path.relative_to(folder).as_posix()): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != ".lock"
    }


@pytest.mark.parametrize("mode", ["books", "cards", "two_sided"])
def test_all_that_people_take_home_is_there(programme, tmp_path, mode):
    made = make.write_sheets(programme(mode=mode), tmp_path / "out")
    assert made.files == (*TABLES, "cue_sheet.pdf", *BOOKLETS)
    assert made.made == len(made.files)
    assert set(contents(tmp_path / "out")) == {*made.files, "sheets.json"}


def test_with_tablets_nobody_takes_paper_home(programme, tmp_path):
    told = programme()
    told = replace(told, plan=replace(told.plan, mode="tablets"))
    made = make.write_sheets(told, tmp_path)
    assert made.files == ("seat_colours.csv", "cue_sheet.pdf")
    assert set(contents(tmp_path)) == {*made.files, "sheets.json"}


def test_the_same_show_gives_the_same_bytes(programme, tmp_path):
    for name in ("one", "two"):
        make.write_sheets(programme(), tmp_path / name)
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def test_what_stands_is_kept(programme, tmp_path):
    make.write_sheets(programme(), tmp_path)
    times = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.*") if path.name != "sheets.json"}
    assert make.write_sheets(programme(), tmp_path).made == 0
    times.pop(tmp_path / ".lock", None)
    assert all(path.stat().st_mtime_ns == time for path, time in times.items())
    (tmp_path / BOOKLETS[1]).unlink()
    assert make.write_sheets(programme(), tmp_path).made == 1
    assert (tmp_path / BOOKLETS[1]).is_file()


def test_an_edit_makes_again_what_it_touches(programme, tmp_path):
    told = programme(turns=6)
    make.write_sheets(told, tmp_path)
    before = contents(tmp_path)
    due = told.plan.due.copy()
    in_b = np.flatnonzero((told.plan.seats.section == "B") & (told.plan.page[5] != told.plan.page[4]))
    due[5, in_b[0]] += make_ticks(3)
    make.write_sheets(replace(told, plan=replace(told.plan, due=due)), tmp_path)
    after = contents(tmp_path)
    changed = {name for name in before if before[name] != after[name]}
    assert BOOKLETS[1] in changed
    assert BOOKLETS[0] not in changed


def make_ticks(seconds):
    return seconds * 705_600_000


def test_the_spare_share_makes_the_lists_again_and_nothing_else(programme, tmp_path):
    make.write_sheets(programme(), tmp_path)
    made = make.write_sheets(programme(), tmp_path, spare=Fraction(1, 10))
    assert made.made == 2
    assert b"spare 10 %" in (tmp_path / "purchase_list.csv").read_bytes()


def test_sheets_of_two_versions_never_lie_side_by_side(programme, tmp_path, monkeypatch):
    make.write_sheets(programme(sections=("A", "B", "C")), tmp_path)
    (tmp_path / "booklets" / "notes.pdf").write_bytes(b"somebody's own")

    def fails(*arguments):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(make, "write_booklets", fails)
        with pytest.raises(OSError, match="No space"):
            make.write_sheets(programme(sections=("A", "B"), title="Another"), tmp_path)
    left = set(contents(tmp_path))
    assert not left & {*BOOKLETS, "booklets/section_C.pdf"}
    assert "booklets/notes.pdf" in left
    make.write_sheets(programme(sections=("A", "B"), title="Another"), tmp_path)
    assert set(contents(tmp_path)) == {
        *TABLES,
        "cue_sheet.pdf",
        *BOOKLETS,
        "booklets/notes.pdf",
        "sheets.json",
    }


def test_a_manifest_cannot_name_files_that_are_not_ours(programme, tmp_path):
    other = tmp_path / "precious.pdf"
    other.write_bytes(b"precious")
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "show.yaml").write_text("mine", encoding="utf-8")
    named = {"../precious.pdf": "k", "show.yaml": "k", "booklets/../../precious.pdf": "k", "cue_sheet.pdf": 3}
    (folder / "sheets.json").write_text(json.dumps({"files": named}), encoding="utf-8")
    make.write_sheets(programme(), folder)
    assert other.read_bytes() == b"precious"
    assert (folder / "show.yaml").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("text", ["", "[]", '{"files": 3}', "{", '{"files": {"cue_sheet.pdf": null}}'])
def test_a_spoilt_manifest_means_starting_afresh(programme, tmp_path, text):
    make.write_sheets(programme(), tmp_path)
    (tmp_path / "sheets.json").write_text(text, encoding="utf-8")
    made = make.write_sheets(programme(), tmp_path)
    assert made.made == len(made.files)


def test_stopped_within_a_section_it_goes_on_with_that_section(programme, tmp_path, monkeypatch):
    class Stop:
        asked = False

        def __enter__(self):
            return self.check

        def __exit__(self, *error):
            return None

        def check(self):
            if self.asked:
                raise InterruptedFilm

    stop = Stop()
    monkeypatch.setattr(make, "stop_on_interrupt", lambda: stop)
    told = programme(rows=30, columns=10)

    def progress(stage, done, of):
        stop.asked = stage == "booklets" and done > len(told.sections["A"])

    with pytest.raises(InterruptedFilm):
        make.write_sheets(told, tmp_path, progress)
    assert set(contents(tmp_path)) == {*TABLES, "cue_sheet.pdf", BOOKLETS[0], "sheets.json"}
    stop.asked = False
    seen = []
    made = make.write_sheets(told, tmp_path, lambda *step: seen.append(step))
    assert made.made == 1
    assert seen[-1] == ("booklets", len(told.order), len(told.order))


def test_progress_ends_at_its_end_and_never_goes_back(programme, tmp_path):
    seen = {}

    def progress(stage, done, of):
        assert seen.get(stage, (0, of))[0] <= done <= of
        assert seen.get(stage, (0, of))[1] == of
        seen[stage] = done, of

    told = programme(rows=20, columns=20)
    make.write_sheets(told, tmp_path, progress)
    assert {stage: done for stage, (done, of) in seen.items() if done == of} == {
        "tables": 5,
        "cues": len(told.lines),
        "booklets": len(told.order),
    }


def test_a_folder_has_one_user(programme, tmp_path):
    with sole_user(tmp_path), pytest.raises(InUseError):
        make.write_sheets(programme(), tmp_path)
