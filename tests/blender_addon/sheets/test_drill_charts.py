"""The pages of drill charts: a chart a call, sectors where names need them, lists of small troupes."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
from cardstunt.blender_addon.sheets import drill_charts
from cardstunt.blender_addon.sheets.drill_chart import call_chart
from cardstunt.blender_addon.sheets.drill_charts import (
    following,
    listed,
    parts_each_way,
    sectors,
    troupe_lines,
    when,
    write_charts,
    write_sectors,
)
from cardstunt.blender_addon.sheets.field_windows import PAGE


def test_a_page_for_each_call_and_lists_behind_it(drill, tmp_path, read_pdf):
    plan = drill((200, 7))
    done = []
    write_charts(tmp_path / "charts.pdf", plan, 3, done.append)
    pages = read_pdf(tmp_path / "charts.pdf")
    assert done == [1, 2, 3, 4, 5]
    # 207 people are listed on two pages.
    assert len(pages) == 5 * 3
    for call in range(5):
        chart, *lists = pages[3 * call : 3 * call + 3]
        assert all(page.size == pytest.approx(PAGE, abs=0.1) for page in (chart, *lists))
        assert len(chart.dots) == plan.people
        for page in (chart, *lists):
            assert {f"Set {call + 1}", "of 5", when(plan, plan.calls[call])} <= set(page.words)
        assert "places" in lists[0].words
        names = [text for page in lists for text in page.words if text.startswith(("ribbons ", "flags "))]
        assert sorted(names) == sorted(
            f"{troupe.name} {number}" for troupe in plan.troupes for number in troupe.numbers
        )


def test_lists_say_where_people_stand(drill, tmp_path, read_pdf, understood):
    height = np.zeros((3, 12))
    height[1, 3] = 1.5
    plan = drill((12, 5), height=height)
    write_charts(tmp_path / "charts.pdf", plan, 1)
    page = read_pdf(tmp_path / "charts.pdf")[3]
    places = plan.places(1)[0]
    for number, (x, y) in zip(plan.troupes[0].numbers, places.tolist(), strict=True):
        left, low = next((left, low) for left, low, text in page.texts if text == f"ribbons {number}")
        _, across, depth, metres = page.beside(left, low, 250)[:4]
        assert abs(understood(across, 0.75) + y) <= 0.75 / 8 + 1e-9
        assert abs(understood(depth, 0.75) - x) <= 0.75 / 8 + 1e-9
        assert [float(part.removesuffix(" m up")) for part in metres.split(", ")] == pytest.approx(
            [-y, x, 1.5] if number == "04" else [-y, x], abs=0.0051
        )


def test_large_troupes_are_not_listed(drill, tmp_path, read_pdf, monkeypatch):
    monkeypatch.setattr(drill_charts, "MOST_LISTED", 10)
    plan = drill((40, 7))
    assert listed(plan) == [1]
    write_charts(tmp_path / "charts.pdf", plan, 2)
    words = [text for page in read_pdf(tmp_path / "charts.pdf") for text in page.words]
    assert not [text for text in words if text.startswith("ribbons 0")]
    assert len([text for text in words if re.fullmatch(r"flags \d", text)]) == 5 * 7


def test_sectors_show_everyone_with_a_name(drill, tmp_path, read_pdf):
    plan = drill((900, 300))
    parts = parts_each_way(plan)
    assert parts > 1
    done = []
    write_sectors(tmp_path / "sectors.pdf", plan, 2, parts, done.append)
    pages = read_pdf(tmp_path / "sectors.pdf")
    windows = sectors(plan, 2, parts)
    assert done == list(range(1, len(windows) + 1))
    assert len(pages) == len(windows)
    labels = set(call_chart(plan, 2).labels)
    named = [text for page in pages for text in page.words if text in labels]
    assert len(named) == len(set(named)) >= 0.97 * plan.people
    assert sum(len(page.dots) for page in pages) == plan.people
    for page, window in zip(pages, windows, strict=True):
        assert f"sector {window.name}" in page.words


def test_sectors_without_anybody_have_no_page(drill):
    plan = drill((3,), sets=1)
    assert 1 <= len(sectors(plan, 0, 6)) <= 3


def test_few_people_need_no_sectors(drill):
    assert parts_each_way(drill((6,), sets=2)) == 1


def test_the_smallest_parts_are_chosen_in_which_names_fit(drill):
    sparse, dense = drill((60,), sets=1), drill((2000,), sets=1)
    assert 1 <= parts_each_way(sparse) < parts_each_way(dense) <= drill_charts.MOST_PARTS


def test_pyramids_ask_for_no_smaller_sectors(drill):
    plan = drill((60, 5), sets=1)
    places = plan.troupes[0].drill.places.copy()
    height = np.zeros((1, 60))
    places[0, 30:], height[0, 30:] = places[0, :30], 1.5
    stacked = drill((60, 5), sets=1, places=places, height=height)
    assert parts_each_way(stacked) <= parts_each_way(plan)


def test_what_comes_next(drill):
    plan = drill(sets=3)
    assert when(plan, plan.calls[2]) == "count 12·3, 00:23.0"
    assert following(plan, 0) == "next: set 2 in 40 counts (20 s), at count 11·1, 00:20.0"
    assert following(plan, 4) == "last set"
    silent = drill(sets=3, music=False)
    assert following(silent, 0) == "next: set 2 in 20 s, at 00:20.0"


def test_what_a_call_is_to_each_troupe(drill):
    plan = drill((12, 7), sets=3)
    chart = call_chart(plan, 1)
    called, waiting = (troupe_lines(plan, 1, index, chart) for index in range(2))
    assert called[0] == "12 people, steps of 0.75 m"
    assert called[1] == "ribbons in 1 in 20 counts"
    longest = float(plan.troupes[0].ways(1).length.max())
    assert called[2].startswith(f"longest way {longest:.1f} m")
    assert called[3:] == ["then wave, 4 counts", "next: ribbons in 2, set 4"]
    assert waiting[1:] == ["flags in 0 (since set 1)", "jump", "next: flags in 1, set 3"]


def test_a_call_at_which_all_stay(drill):
    plan = drill()
    places = plan.troupes[0].drill.places.copy()
    places[1] = places[0]
    stays = drill(places=places)
    assert troupe_lines(stays, 1, 0, call_chart(stays, 1))[1:3] == [
        "ribbons in 1: all stay",
        "then wave, 4 counts",
    ]


def test_many_troupes_fit_the_side(drill, tmp_path, read_pdf):
    one = drill((5,)).troupes[0]
    plan = replace(drill((5,)), troupes=tuple(replace(one, name=f"troupe {number}") for number in range(40)))
    write_charts(tmp_path / "charts.pdf", plan, 1)
    page = read_pdf(tmp_path / "charts.pdf")[0]
    side = [(y, text) for x, y, text in page.texts if x > PAGE[0] - 160 and text.startswith("troupe ")]
    (more,) = [(y, text) for _, y, text in page.texts if text.endswith("more troupes")]
    assert len(side) + int(more[1].split()[1]) == 40
    notes = max(y for _, y, text in page.texts if text.startswith("Lines are"))
    assert more[0] > notes


def test_the_same_plan_gives_the_same_bytes(drill, tmp_path):
    for name in ("one.pdf", "two.pdf"):
        write_charts(tmp_path / name, drill(), 1)
    assert (tmp_path / "one.pdf").read_bytes() == (tmp_path / "two.pdf").read_bytes()
