from __future__ import annotations

import dataclasses
import re

import numpy as np
import pytest
from cardstunt.kernels.collisions import collisions
from cardstunt.kernels.ticks import ticks
from cardstunt.scenes.feasibility import LIMITS, field_collisions
from cardstunt.scenes.feasibility.field_collisions import find_collisions
from cardstunt.scenes.feasibility.limits import BODY, ROOM

# Two rows of ten, 2 m apart, that walk through each other.
EAST = """10
at: 0 s, formation: { block: { columns: 10, spacing: 2 m } }, place: [-20 m, 0 m]
at: 2 s, formation: { block: { columns: 10, spacing: 2 m } }, place: [20 m, 0 m], travel: 16 s"""
WEST = EAST.replace("[-20", "[x").replace("[20", "[-20").replace("[x", "[20")
CLEAR = WEST.replace("0 m], travel", "30 m], travel").replace("[20 m, 0 m]", "[20 m, 30 m]")
STAYS = """1
at: 0 s, formation: { block: { columns: 1 } }, place: [0 m, 1 m]"""


def test_people_who_keep_apart_are_no_finding(field):
    assert find_collisions(field(east=EAST, west=CLEAR)) == []


def test_two_who_run_into_each_other_are_told_with_time_and_names(field):
    (found,) = find_collisions(field(top="music: { file: beep.wav, bpm: 120 }", east=EAST, west=WEST))
    assert (found.kind, found.severity, found.limit) == ("collisions", "high", BODY)
    assert found.limit in LIMITS
    assert found.path == ("troupes", "east", "drill", 1)
    assert 8 < found.at < 12
    beat = int(found.at * 2)
    assert found.bar == f"bar {beat // 4 + 1} beat {beat % 4 + 1}"
    assert f"({found.bar}): " in found.sentence
    assert "10 pairs (10 of east and 10 of west) come nearer than 0.4 m from " in found.what
    assert "on the way to their set of 2 s" in found.what
    assert re.search(r"the nearest, east (\d\d) and west \1, come within 0\.00 m", found.what)
    assert "field: { resolve: true }" in found.advice
    assert {name: people.tolist() for name, people in found.people.items()} == {
        "east": list(range(10)),
        "west": list(range(10)),
    }
    assert found.number == {"east": 1, "west": 1}
    assert abs(found.middle[0]) < 6
    assert abs(found.middle[1]) < 12


def test_who_walks_into_somebody_who_stands(field):
    (found,) = find_collisions(field(stays=STAYS, east=EAST))
    assert found.path == ("troupes", "east", "drill", 1)
    assert "stays standing and east on the way to their set of 2 s" in found.what
    assert found.number == {"east": 1}
    assert found.people["stays"].tolist() == [0]


def test_people_of_one_troupe_are_told_apart_by_their_numbers(field):
    shown = field(east=EAST)
    drill = shown.drills["east"]
    crossed = drill.places.copy()
    crossed[1] = crossed[1, ::-1]
    crossed[1, :, 0] = crossed[0, :, 0]  # all in one line: half of them meet the other half
    shown = dataclasses.replace(shown, drills={"east": dataclasses.replace(drill, places=crossed)})
    (found,) = find_collisions(shown)
    assert "east 01 and 10" in found.what or "east 0" in found.what
    assert list(found.people) == ["east"]
    assert "of east)" in found.what


def test_as_many_as_the_kernel_finds(field):
    shown = field(east=EAST, west=WEST, stays=STAYS)
    found = find_collisions(shown)
    pairs = sum(int(finding.what.split(" ", 1)[0].replace(",", "")) for finding in found)
    assert pairs == len(collisions(list(shown.drills.values()), threshold=0.4)) == 12


def test_the_room_is_the_show_s(field):
    beside = WEST.replace("[20 m, 0 m]", "[20 m, 0.6 m]").replace("[-20 m, 0 m]", "[-20 m, 0.6 m]")
    assert find_collisions(field(east=EAST, west=beside)) == []
    wide = find_collisions(field(top="field: { room: 1 m }", east=EAST, west=beside))
    assert [(found.severity, found.limit) for found in wide] == [("low", ROOM)] * len(wide)
    assert wide
    assert "nearer than 1 m" in wide[0].what


@pytest.mark.parametrize("until", [7, 10])
def test_a_search_that_ended_early_is_never_a_clean_one(field, monkeypatch, until):
    """Neither where pairs were found before, nor where all that were found count for nothing."""
    shown = field(east=EAST, west=WEST)
    whole = collisions(list(shown.drills.values()))
    some = whole.tick < ticks(until)
    names = ("one", "other", "tick", "near")
    ended = dataclasses.replace(
        whole,
        unseen=((ticks(until), ticks(until + 3)), (ticks(20), ticks(30))),
        **{name: getattr(whole, name)[some] for name in names},
    )
    monkeypatch.setattr(field_collisions, "collisions", lambda *_, **__: ended)
    found = find_collisions(shown)
    (last,) = [finding for finding in found if "was not looked at" in finding.what]
    assert (last.severity, last.at) == ("high", until)
    assert f"at least {some.sum()} pairs" in last.what
    assert "nor at 1 other stretch of time" in last.what
    assert len(found) == 1 + some.any()


def test_the_kernel_is_asked_for_no_more_than_it_can_hold(field, monkeypatch):
    asked = []
    monkeypatch.setattr(field_collisions, "collisions", lambda *_, most, **__: asked.append(most) or whole)
    shown = field(east=EAST, west=WEST)
    whole = collisions(list(shown.drills.values()))
    find_collisions(shown, most=99)
    assert asked == [99]


def test_what_resolve_left_is_not_looked_for_again(field, monkeypatch):
    shown = field(top="field: { resolve: true }", east=EAST, west=WEST)
    monkeypatch.setattr(field_collisions, "collisions", lambda *_, **__: pytest.fail("looked again"))
    found = find_collisions(shown)
    assert all("'resolve' found no way" in finding.advice for finding in found)
    assert sum(int(finding.what.split(" ", 1)[0]) for finding in found) <= 1


def test_acrobats_of_a_figure_touch_and_that_is_as_it_should_be(field):
    acrobats = """60
    at: 0 s, formation: { block: { columns: 12, spacing: 1.5 m } }
    at: 1 s, formation: { stack: { kind: pyramid, base: 3, columns: 3, spacing: 5 m } }, travel: 14 s"""
    shown = field(acrobats=acrobats)
    height = shown.drills["acrobats"].height
    assert height is not None
    assert height[1].max() > 2
    aloft = {int(person) for person in np.flatnonzero(height[1] > 0)}
    for finding in find_collisions(shown):
        assert not set(finding.people["acrobats"].tolist()) & aloft or finding.at < 12


def test_the_worst_are_told_one_by_one_and_the_rest_counted(field, monkeypatch):
    monkeypatch.setattr(field_collisions, "MOST_GROUPS", 2)
    found = find_collisions(field(east=EAST, west=WEST, stays=STAYS))
    assert len(found) == 3
    assert found[-1].what == "1 more pair of sets has people who come too near"
    assert max(found[0].weight, found[1].weight) >= 10
