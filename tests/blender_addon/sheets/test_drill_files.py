"""The field's files: kept while right, made again where an edit touches them, gone with their troupe."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from cardstunt.blender_addon.sheets import drill_files
from cardstunt.blender_addon.sheets.drill_files import drill_jobs
from cardstunt.blender_addon.sheets.make import make_sheets, write_sheets
from cardstunt.scenes.load import load_show

SHARED = ("drill/charts.pdf", "drill/sets.csv")
OWN = tuple(
    f"drill/{kind}/troupe_{name}.{ending}"
    for kind, ending in (("coordinates", "csv"), ("dot_sheets", "pdf"))
    for name in ("ribbons", "flags")
)


@pytest.fixture
def told(programme):
    return programme(rows=2, columns=2, turns=2)


def contents(folder):
    return {
        str(path.relative_to(folder).as_posix()): path.read_bytes()
        for path in (folder / "drill").rglob("*")
        if path.is_file()
    }


def moved(plan, number, person=0, by=0.9):
    """The plan with one of the first troupe standing elsewhere in one set."""
    troupe = plan.troupes[0]
    places = troupe.drill.places.copy()
    places[number, person] += by
    other = replace(troupe, drill=replace(troupe.drill, places=places))
    return replace(plan, troupes=(other, *plan.troupes[1:]))


def test_all_of_the_field_is_there(told, drill, tmp_path):
    plan = drill()
    made = write_sheets(told, tmp_path, drill=plan)
    assert {*SHARED, *OWN} <= set(made.files)
    assert set(contents(tmp_path)) == {name for name in made.files if name.startswith("drill/")}
    assert made.people == len(told.order) + plan.people
    assert write_sheets(told, tmp_path, drill=plan).made == 0


def test_a_crowd_gets_sectors_and_several_files(told, drill, tmp_path, monkeypatch):
    monkeypatch.setattr(drill_files, "MOST_PEOPLE", 400)
    made = write_sheets(told, tmp_path, drill=drill((900, 30)))
    assert [name for name in made.files if name.startswith("drill/sectors/")] == [
        f"drill/sectors/set_{call:03d}.pdf" for call in range(1, 6)
    ]
    assert [name for name in made.files if "dot_sheets/troupe_ribbons" in name] == [
        f"drill/dot_sheets/troupe_ribbons_part_{part:02d}.pdf" for part in (1, 2, 3)
    ]


def test_a_show_without_troupes_has_no_charts(told, drill, changed_show, tmp_path):
    plan = replace(drill(), troupes=())
    assert list(drill_jobs(plan)) == []
    loaded = changed_show()
    text = loaded.path.read_text(encoding="utf-8")
    start, end = text.index("troupes:"), text.index("film:")
    loaded.path.write_text(text[:start] + text[end:], encoding="utf-8")
    made = make_sheets(load_show(loaded.path), tmp_path / "out")
    assert not [name for name in made.files if name.startswith("drill")]
    assert not (tmp_path / "out" / "drill").exists()
    assert made.people == 200


def test_an_edit_makes_again_what_it_touches(told, drill, tmp_path, monkeypatch):
    monkeypatch.setattr(drill_files, "MOST_PEOPLE", 300)
    plan = drill((900, 30))
    write_sheets(told, tmp_path, drill=plan)
    before = contents(tmp_path)
    made = write_sheets(told, tmp_path, drill=moved(plan, 0, person=650))
    after = contents(tmp_path)
    changed = {name for name in before if before[name] != after[name]}
    # The first set is a chart of its own, and where the ways to the second begin.
    assert changed - {"drill/sets.csv"} == {
        "drill/charts.pdf",
        "drill/coordinates/troupe_ribbons.csv",
        "drill/sectors/set_001.pdf",
        "drill/sectors/set_002.pdf",
        "drill/dot_sheets/troupe_ribbons_part_03.pdf",
    }
    assert made.made == 6


def test_what_is_made_again_is_what_would_be_made_afresh(told, drill, tmp_path):
    plan = drill((300, 30))
    write_sheets(told, tmp_path / "edited", drill=plan)
    edited = moved(plan, 1)
    write_sheets(told, tmp_path / "edited", drill=edited)
    write_sheets(told, tmp_path / "afresh", drill=edited)
    assert contents(tmp_path / "edited") == contents(tmp_path / "afresh")


def timed(plan):
    troupe = plan.troupes[0]
    arrive = troupe.drill.arrive.copy()
    arrive[1] += 705_600_000
    return replace(
        plan, troupes=(replace(troupe, drill=replace(troupe.drill, arrive=arrive)), *plan.troupes[1:])
    )


def stepping(plan):
    troupe = plan.troupes[0]
    drill = replace(troupe.drill, step_length=0.6)
    return replace(plan, troupes=(replace(troupe, drill=drill), *plan.troupes[1:]))


@pytest.mark.parametrize(
    "change",
    [
        lambda plan: replace(plan, title="Another"),
        lambda plan: replace(plan, tempo=None),
        lambda plan: moved(plan, 2),
        lambda plan: replace(plan, troupes=(replace(plan.troupes[0], name="doves"), *plan.troupes[1:])),
        lambda plan: replace(plan, troupes=(replace(plan.troupes[0], moves=("bow",) * 3), *plan.troupes[1:])),
        timed,
        stepping,
    ],
    ids=["title", "tempo", "place", "name", "move", "times", "step"],
)
def test_every_edit_is_followed_by_the_charts(told, drill, tmp_path, change):
    plan = drill()
    edited = change(plan)
    write_sheets(told, tmp_path / "edited", drill=plan)
    write_sheets(told, tmp_path / "edited", drill=edited)
    write_sheets(told, tmp_path / "afresh", drill=edited)
    assert contents(tmp_path / "edited") == contents(tmp_path / "afresh")


def test_files_of_a_troupe_that_is_no_more_are_removed(told, drill, tmp_path):
    plan = drill((900, 7))
    write_sheets(told, tmp_path, drill=plan)
    (tmp_path / "drill" / "notes.pdf").write_bytes(b"somebody's own")
    made = write_sheets(told, tmp_path, drill=drill((5,)))
    left = set(contents(tmp_path))
    assert left == {name for name in made.files if name.startswith("drill/")} | {"drill/notes.pdf"}
    assert not [name for name in left if "flags" in name or "sectors" in name]


def test_troupes_of_odd_names_have_files_of_their_own(told, drill, tmp_path):
    plan = drill((5, 6, 7, 8))
    names = ("a/b", "a b", "../up", "Ünïted 7")
    odd = replace(
        plan,
        troupes=tuple(replace(troupe, name=name) for troupe, name in zip(plan.troupes, names, strict=True)),
    )
    made = write_sheets(told, tmp_path / "out", drill=odd)
    tables = [name for name in made.files if name.startswith("drill/coordinates/")]
    assert len(set(tables)) == 4
    assert all(name.count("/") == 2 and ".." not in name for name in tables)
    assert write_sheets(told, tmp_path / "out", drill=odd).made == 0


def test_progress_of_the_field_ends_at_its_end(told, drill, tmp_path):
    seen = {}

    def progress(stage, done, of):
        assert seen.get(stage, (0, of))[0] <= done <= of
        seen[stage] = done, of

    plan = drill((900, 30))
    write_sheets(told, tmp_path, progress, drill=plan)
    assert seen["drill"] == (8, 8)
    assert seen["dot sheets"] == (930, 930)
    assert seen["sectors"][0] == seen["sectors"][1] > 5


def test_stopped_it_goes_on(told, drill, tmp_path, monkeypatch):
    plan = drill((900, 30))

    def fails(*arguments):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(drill_files, "write_dot_sheets", fails)
        with pytest.raises(OSError, match="No space"):
            write_sheets(told, tmp_path, drill=plan)
    stands = set(contents(tmp_path))
    assert stands
    assert not [name for name in stands if "dot_sheets" in name]
    assert write_sheets(told, tmp_path, drill=plan).made == 2


def test_curved_ways_make_the_chart_again(told, drill, tmp_path):
    bend = np.zeros((3, 2, 2))
    bend[1] = [[0.0, 5.0], [0.0, 5.0]]
    write_sheets(told, tmp_path, drill=drill())
    before = contents(tmp_path)
    write_sheets(told, tmp_path, drill=drill(bend=bend))
    after = contents(tmp_path)
    assert {name for name in before if before[name] != after[name]} == {"drill/charts.pdf"}
