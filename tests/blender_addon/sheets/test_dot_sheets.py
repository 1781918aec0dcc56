"""Everyone's own lines: each set once, at the place where the kernels put that person."""

from __future__ import annotations

import re

import numpy as np
import pytest
from cardstunt.blender_addon.sheets import dot_sheets
from cardstunt.blender_addon.sheets.counting import count, halves
from cardstunt.blender_addon.sheets.dot_sheets import walk, write_dot_sheets
from cardstunt.blender_addon.sheets.drill_plan import drill_plan
from cardstunt.blender_addon.sheets.lettering import A4
from cardstunt.kernels.motion import gymnast_states
from cardstunt.kernels.ticks import TICKS_PER_SECOND
from cardstunt.scenes.compiled import compile_show


@pytest.fixture
def read(tmp_path, read_pdf):
    """A function that writes a troupe's dot sheets and reads each person's lines off them, by name."""

    def told(plan, troupe, people=None):
        path = tmp_path / "dots.pdf"
        write_dot_sheets(path, plan, troupe, people or range(troupe.people))
        found = {}
        for page in read_pdf(path):
            names = [place for place in page.texts if re.match(rf"{troupe.name} \d+", place[2])]
            columns = len({x for x, *_ in names})
            for left, low, name in names:
                right = left + A4[0] / (2 if columns > 1 else 1) - 40
                below = [at for x, at, _ in names if x == left and at < low]
                rows = {}
                for x, y, text in page.texts:
                    if left - 0.1 <= x < right and max(below, default=40) + 1 < y < low - 1:
                        rows.setdefault(round(y, 1), []).append((x, text))
                lines = [[text for _, text in sorted(rows[y])] for y in sorted(rows, reverse=True)]
                found.setdefault(name.removesuffix(" (continued)"), []).extend(lines)
        return found

    return told


def agrees(understood, lines, plan, troupe, person):
    """Check a person's lines against the kernels' states at the moments when each set is reached."""
    drill = troupe.drill
    states = gymnast_states(drill, np.asarray(drill.arrive))[:, 0, person]
    assert len(lines) == drill.sets
    for number, (words, (x, y, z, _)) in enumerate(zip(lines, states.tolist(), strict=True)):
        assert words[0] == str(plan.call_of(troupe, number) + 1)
        across, depth = (next(word for word in words if re.search(sign, word)) for sign in _SIGNS)
        right, away, *up = words[-1].split(", ")
        assert abs(understood(across, troupe.step) + y) <= troupe.step / 8 + 1e-4
        assert abs(understood(depth, troupe.step) - x) <= troupe.step / 8 + 1e-4
        assert (float(right), float(away)) == pytest.approx((-y, x), abs=0.0052)
        assert bool(up) == (z > 0.01)


_SIGNS = (r"[LR]\d|centre", r"[FB]\d|middle")


@pytest.mark.parametrize("people", [7, 30])
@pytest.mark.parametrize("music", [True, False])
def test_everyones_lines_are_where_the_kernels_put_them(drill, read, understood, people, music, monkeypatch):
    monkeypatch.setattr(dot_sheets, "MOST_IN_LARGE_TYPE", 10)
    plan = drill((people, 5), sets=6, music=music)
    for troupe in plan.troupes:
        found = read(plan, troupe)
        assert list(found) == [f"{troupe.name} {number}" for number in troupe.numbers]
        for person, lines in enumerate(found.values()):
            agrees(understood, lines, plan, troupe, person)


def test_a_shows_people_are_told_what_the_film_shows(changed_show, read, understood):
    loaded = changed_show(
        ("    count: 20\n", "    count: 20\n    step: 8 to 5\n"),
        (
            "travel: 1 s, move: { clip: jump, canon: 0.1 s } }",
            "travel: 1 s, move: jump }\n"
            "      - { at: 2 s, formation: { star: 5 }, place: [-14 m, 31 m], travel: 2 s }\n"
            "      - { at: 5 s, move: wave }",
        ),
    )
    plan, drills = drill_plan(loaded), compile_show(loaded).drills
    assert plan.troupes[0].step == 0.5715
    for troupe in plan.troupes:
        for person, lines in enumerate(read(plan, troupe).values()):
            agrees(understood, lines, plan, troupe, person)
            for number in range(troupe.drill.sets):
                assert np.array_equal(
                    troupe.drill.places[number, person], drills[troupe.name].places[number, person]
                )


def test_a_wrong_place_would_be_found(drill, read, understood):
    plan = drill()
    lines = read(plan, plan.troupes[0])["ribbons 04"]
    agrees(understood, lines, plan, plan.troupes[0], 3)
    with pytest.raises(AssertionError):
        agrees(understood, lines, plan, plan.troupes[0], 4)


def test_those_who_stand_on_others_are_told_how_high(drill, read, understood):
    height = np.zeros((3, 12))
    height[1, 2] = 1.45
    plan = drill(height=height)
    found = read(plan, plan.troupes[0])
    assert found["ribbons 03"][1][-1].endswith(", 1.4 up")
    assert not [words for words in found["ribbons 02"] if "up" in words[-1]]


def test_who_goes_later_is_told_so(drill, read):
    late = np.zeros((3, 12), np.int64)
    late[2] = np.arange(12) * TICKS_PER_SECOND // 4
    plan = drill(late=late)
    found = read(plan, plan.troupes[0])
    assert "+0.25 s" in found["ribbons 02"][2]
    assert "+2.75 s" in found["ribbons 12"][2]
    assert not [word for word in found["ribbons 01"][2] if word.startswith("+")]
    assert not [word for word in found["ribbons 02"][1] if word.startswith("+")]


def test_times_are_told_in_counts_or_by_the_clock(drill, read):
    plan = drill()
    troupe = plan.troupes[1]
    for number, words in enumerate(read(plan, troupe)["flags 1"]):
        half = halves(plan.tempo, np.array([troupe.drill.leave[number]]))[0]
        assert words[1] == count(plan.tempo, int(half))
    assert [walk(plan, troupe, number) for number in range(3)] == ["", "20", "20"]
    silent = drill(music=False)
    assert read(silent, silent.troupes[1])["flags 1"][1][1:3] == ["00:23.0", "10 s"]


def test_many_sets_go_on_in_the_next_column(drill, read, understood, monkeypatch):
    monkeypatch.setattr(dot_sheets, "MOST_IN_LARGE_TYPE", 3)
    plan = drill((5,), sets=150)
    troupe = plan.troupes[0]
    for person, lines in enumerate(read(plan, troupe).values()):
        agrees(understood, lines, plan, troupe, person)


def test_a_part_holds_its_people_alone(drill, read):
    plan = drill((40,))
    found = read(plan, plan.troupes[0], range(10, 25))
    assert list(found) == [f"ribbons {number}" for number in range(11, 26)]


def test_all_is_on_the_paper_and_nothing_overlaps(drill, tmp_path, read_pdf, monkeypatch):
    monkeypatch.setattr(dot_sheets, "MOST_IN_LARGE_TYPE", 10)
    done = []
    plan = drill((300,), sets=4)
    write_dot_sheets(tmp_path / "dots.pdf", plan, plan.troupes[0], range(300), done.append)
    assert done == sorted(done)
    assert done[-1] == 300
    for page in read_pdf(tmp_path / "dots.pdf"):
        assert all(15 < y < A4[1] - 10 and 20 < x < A4[0] - 5 for x, y, _ in page.texts)
        assert len({(round(x), round(y)) for x, y, _ in page.texts}) == len(page.texts)


def test_the_first_page_lists_the_sets(drill, tmp_path, read_pdf):
    plan = drill(sets=3)
    write_dot_sheets(tmp_path / "dots.pdf", plan, plan.troupes[0], range(12))
    first = read_pdf(tmp_path / "dots.pdf")[0]
    for number in range(3):
        assert f"ribbons in {number}" in first.words
    assert {"jump", "wave, 4 counts", "00:20.0", "11·1", "20"} <= set(first.words)
