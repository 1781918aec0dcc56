"""Who is called when, by which name, and the ways that people truly take."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from cardstunt.blender_addon.sheets.drill_plan import codes, drill_plan, person_numbers
from cardstunt.kernels.motion import gymnast_states
from cardstunt.kernels.rails import Rails
from cardstunt.kernels.ticks import ticks


def test_people_are_numbered_from_one():
    assert person_numbers(3) == ["1", "2", "3"]
    assert person_numbers(1000)[411] == "0412"
    assert len(set(person_numbers(1000))) == 1000


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["ribbons"], [""]),
        (["doves", "hoops"], ["D", "H"]),
        (["ribbons", "flags"], ["A", "C"]),
        (["tide", "torches"], ["A", "C"]),
        (["花", "doves"], ["A", "C"]),
    ],
)
def test_marks_are_no_names_of_lines(names, expected):
    assert codes(names) == expected


def test_marks_differ_however_many():
    marks = codes(["same"] * 500)
    assert len(set(marks)) == 500
    assert not set("".join(marks)) & set("LRFB0123456789IO")


def test_calls_are_the_moments_at_which_anybody_leaves(drill):
    plan = drill(sets=3)
    assert plan.calls == tuple(ticks(at) for at in (0, 20, 23, 40, 43))
    assert [plan.standing(call) for call in range(5)] == [(0, 0), (1, 0), (1, 1), (2, 1), (2, 2)]
    assert [plan.called(call) for call in range(5)] == [
        (True, True),
        (True, False),
        (False, True),
        (True, False),
        (False, True),
    ]
    assert [plan.call_of(plan.troupes[1], number) for number in range(3)] == [0, 2, 4]
    for call in range(5):
        for troupe, number, places in zip(plan.troupes, plan.standing(call), plan.places(call), strict=True):
            assert np.array_equal(places, troupe.drill.places[number])


def test_straight_ways_need_their_ends_only(drill):
    troupe = drill().troupes[0]
    ways = troupe.ways(1)
    assert np.array_equal(ways.start, troupe.drill.places[0])
    assert np.array_equal(ways.goal, troupe.drill.places[1])
    assert not len(ways.bent)
    assert ways.moving.all()


def test_curved_ways_are_as_people_go(drill):
    bend = np.zeros((3, 2, 2))
    bend[1] = [[0.0, 6.0], [0.0, 6.0]]
    troupe = drill(bend=bend).troupes[0]
    ways = troupe.ways(1)
    # But for whoever goes along the bend.
    assert len(ways.bent) >= troupe.people - 1
    assert np.allclose(ways.points[:, 0], ways.start[ways.bent], atol=0.02)
    assert np.allclose(ways.points[:, -1], ways.goal[ways.bent], atol=0.02)
    middle = (int(troupe.drill.leave[1]) + int(troupe.drill.arrive[1])) // 2
    states = gymnast_states(troupe.drill, np.array([middle]))[0, 0, :, :2]
    near = np.abs(ways.points - states[ways.bent, None, :]).max(axis=2).min(axis=1)
    assert near.max() < 1e-3
    assert not len(troupe.ways(2).bent)


def test_who_follows_a_leader_leaves_a_trail(drill):
    line = np.stack([np.linspace(-40, 40, 9), np.full(9, 10.0)], -1)
    line[4:, 1] = 30.0
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))])
    places = drill((3, 2)).troupes[0].drill.places.copy()
    begin = np.full((3, 3), np.nan)
    end = begin.copy()
    begin[1, :2], end[1, :2] = [0.0, 5.0], [70.0, along[-1]]
    for person in range(2):
        for number, at in ((0, begin), (1, end)):
            places[number, person] = [np.interp(at[1, person], along, axis) for axis in line.T]
    rails = Rails(points=line, along=along, begin=begin, end=end)
    ways = drill((3, 2), places=places, rails=rails).troupes[0].ways(1)
    assert ways.following.tolist() == [0, 1]
    assert not len(ways.bent)
    assert ways.length[:2] == pytest.approx([70.0, along[-1] - 5.0])
    # They go the same way one behind the other: it is one line.
    (trail,) = ways.trails
    assert np.allclose(trail, line)
    assert not drill((3, 2), places=places, rails=rails).troupes[0].ways(2).trails


def test_trails_of_two_files_are_two_lines(drill):
    line = np.array([[-40.0, 0], [40, 0], [40, 30], [-40, 30]])
    along = np.array([0.0, 80, 110, 190])
    places = drill((2, 2)).troupes[0].drill.places.copy()
    begin = np.full((3, 2), np.nan)
    end = begin.copy()
    begin[1], end[1] = [0.0, 190.0], [60.0, 120.0]
    places[:2] = [[[-40, 0], [-40, 30]], [[20, 0], [30, 30]]]
    rails = Rails(points=line, along=along, begin=begin, end=end)
    ways = drill((2, 2), places=places, rails=rails).troupes[0].ways(1)
    assert [trail.tolist() for trail in ways.trails] == [[[-40, 0], [20, 0]], [[30, 30], [-40, 30]]]


def test_who_stays_goes_nowhere(drill):
    plan = drill()
    places = plan.troupes[0].drill.places.copy()
    places[1] = places[0]
    troupe = drill(places=places).troupes[0]
    assert not troupe.ways(1).moving.any()
    assert not troupe.ways(1).length.any()


def test_a_show_is_told_as_it_is_performed(tiny):
    seen = []
    plan = drill_plan(tiny, lambda *step: seen.append(step))
    assert seen[-1] == ("drill", 2, 2)
    assert plan.title == "Tiny"
    assert [(troupe.name, troupe.people, troupe.code) for troupe in plan.troupes] == [
        ("ribbons", 20, "A"),
        ("flags", 10, "C"),
    ]
    assert plan.people == 30
    ribbons = plan.troupes[0]
    assert ribbons.formations == ("block", "2 rings")
    assert ribbons.moves == ("march", "jump")
    assert ribbons.colour == (0xD8, 0x1B, 0x60)
    assert ribbons.step == 0.75
    assert plan.calls == (0, ticks(Fraction(1, 5)))


def test_moves_are_told_with_their_counts(changed_show):
    plan = drill_plan(
        changed_show(("move: { clip: jump, canon: 0.1 s }", "move: { clip: star_jump, counts: 4, times: 3 }"))
    )
    assert plan.troupes[0].moves[1] == "star jump, 4 counts, 3 times"
