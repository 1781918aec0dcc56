from __future__ import annotations

import numpy as np
import pytest
from cardstunt.kernels.collisions import collisions
from cardstunt.kernels.drill import Drill
from cardstunt.kernels.drill_ways import drill_ways
from cardstunt.kernels.rails import Rails
from cardstunt.kernels.ticks import TICKS_PER_SECOND
from cardstunt.kernels.timetable import TURNING, headings, turning

SECOND = TICKS_PER_SECOND


def drill(height: list[list[float]] | None = None, travel: float = 40.0, **changes: object) -> Drill:
    """Three sets of four people; 10 s to stand, and a travel of some time."""
    random = np.random.default_rng(2)
    leave = np.array([0.0, 10.0, 20.0 + travel])
    numbers = {
        "places": random.uniform(-20, 20, (3, 4, 2)),
        "leave": (leave * SECOND).astype(np.int64),
        "arrive": ((leave + np.array([0.0, travel, travel])) * SECOND).astype(np.int64),
        "clip": np.zeros(3, dtype=np.int64),
        "canon": np.zeros((3, 4), dtype=np.int64),
        "heading": np.array([0.0, np.pi / 2, 1.0]),
        "height": None if height is None else np.array(height),
    }
    return Drill(**(numbers | changes))


def test_people_turn_for_a_while_but_not_long():
    assert turning(np.array([100 * SECOND, SECOND, 20, 1])).tolist() == [TURNING, 105_840_000, 3, 0]


def test_all_walk_equally_long_between_leaving_and_arriving():
    one = drill(stagger=0.25)
    table = one.timetable
    assert (table.duration[1:] == 30 * SECOND).all()
    assert (table.depart[1:] >= one.leave[1:, None]).all()
    assert (table.depart[1:] + table.duration[1:] <= one.arrive[1:, None]).all()
    assert len(np.unique(table.depart[1])) == 4
    assert (table.due == one.arrive).all()
    assert all((table.origin[index] == one.places[index - 1]).all() for index in (1, 2))
    assert all((table.goal[index] == one.places[index]).all() for index in range(3))


def test_a_file_on_a_rail_sets_off_as_one():
    """People who set off in their own time would run into each other, at distances that a file has."""
    places = np.zeros((3, 4, 2))
    places[:, :, 0] = np.array([[0.0, 0.5, 1.0, 0.0], [20.0, 20.6, 21.2, 9.0], [30.0, 31.0, 32.0, 4.0]])
    places[:, 3, 1] = 5.0
    begin, end = np.full((3, 4), np.nan), np.full((3, 4), np.nan)
    begin[1:, :3], end[1:, :3] = places[:2, :3, 0], places[1:, :3, 0]
    rails = Rails(np.array([[0.0, 0.0], [40.0, 0.0]]), np.array([0.0, 40.0]), begin, end)
    one = drill(places=places, rails=rails, stagger=0.4)
    table = one.timetable
    assert (table.depart[1:, :3] == one.leave[1:, None]).all()
    assert (table.depart[1:, 3] > one.leave[1:]).all()
    ways = drill_ways(one)
    at = np.linspace(int(one.leave[1]), int(one.arrive[2]), 2001).astype(np.int64)[:, None]
    x, _ = ways.places(ways.leg_at(ways.first[:-1], at), at)
    gaps = np.diff(x[:, :3], axis=1)
    reached = at[:, 0] <= one.arrive[1]
    assert gaps[reached].min() > 0.5 - 1e-3
    assert gaps[~reached].min() > 0.6 - 1e-3
    assert len(collisions([one])) == 0


def test_a_canon_of_travel_ends_when_the_set_is_due():
    late = np.array([[0, 0, 0, 0], [0, 4, 8, 12], [0, 0, 0, 0]]) * SECOND
    one = drill(late=late, stagger=0.0)
    assert (one.timetable.depart[1] == one.leave[1] + late[1]).all()
    assert (one.timetable.duration[1] == 28 * SECOND).all()
    assert one.timetable.depart[1, 3] + one.timetable.duration[1, 3] == one.arrive[1]
    assert (one.timetable.duration[2] == 40 * SECOND).all()


def test_the_lowest_climb_up_first_and_the_highest_down():
    one = drill([[0, 0, 0, 0], [0, 1.4, 2.8, 1.4], [0, 0, 0, 0]], stagger=0.0)
    table, level = one.timetable, 5 * SECOND // 2
    climbing = table.climbing
    assert climbing.climbs[1, 1].tolist() == [False, True, True, True]
    assert climbing.climbs[0, 2].tolist() == [False, True, True, True]
    assert not climbing.climbs[0, 1].any()
    assert not climbing.climbs[1, 2].any()
    assert (climbing.begin[1, 1, 1:] == one.arrive[1] - np.array([2, 1, 2]) * level).all()
    assert (climbing.begin[0, 2, 1:] == one.leave[2] + np.array([1, 0, 1]) * level).all()
    assert table.due.tolist() == [0, one.arrive[1] - 2 * level, one.arrive[2]]
    assert (table.duration[1] == 35 * SECOND).all()
    assert (table.depart[2] == one.leave[2] + 2 * level).all()
    # In front of the figure, which looks along +Y: 0.45 m for each level.
    off = table.goal[1] - one.places[1]
    assert off == pytest.approx(np.array([[0, 0], [0, 0.45], [0, 0.9], [0, 0.45]]), abs=1e-12)
    assert (table.origin[2] == table.goal[1]).all()


def test_climbing_takes_no_more_than_its_share_of_a_short_travel():
    one = drill([[0, 0, 0, 2.8], [0, 1.4, 2.8, 1.4], [0, 0, 0, 0]], travel=3.0, stagger=0.0)
    table = one.timetable
    assert (table.duration[1] >= 1.2 * SECOND - 4).all()
    assert table.climbing.slot[1, 1] * 2 <= 0.9 * SECOND
    assert (table.climbing.slot % 2 == 0).all()


def test_who_stays_in_place_at_the_same_height_does_not_climb():
    places = drill().places.copy()
    places[1, :2] = places[0, :2]
    one = drill([[1.4, 1.4, 1.4, 0], [1.4, 2.8, 1.4, 0], [0, 0, 0, 0]], places=places)
    climbs = one.timetable.climbing.climbs
    assert climbs[:, 1].tolist() == [[False, True, True, False], [False, True, True, False]]
    assert (one.timetable.origin[1][0] == places[0, 0]).all()


def test_one_heading_for_all_or_one_for_each():
    assert headings(drill()).tolist() == [[0.0] * 4, [np.pi / 2] * 4, [1.0] * 4]
    each = np.arange(12.0).reshape(3, 4)
    assert (headings(drill(heading=each)) == each).all()
