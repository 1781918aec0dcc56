from __future__ import annotations

import numpy as np
import pytest
from cardstunt.blender_addon.preview_field import FieldPicture
from cardstunt.blender_addon.preview_troupes import (
    BEFORE,
    MOST_WAYS,
    SWATCH,
    TroupeView,
    evenly,
    troupe_views,
)
from cardstunt.kernels.costumes import Costumes
from cardstunt.kernels.drill import Drill
from cardstunt.kernels.motion import gymnast_states
from cardstunt.kernels.rails import Rails
from cardstunt.kernels.ticks import TICKS_PER_SECOND
from hypothesis import given
from hypothesis import strategies as st

SECOND = TICKS_PER_SECOND
RED, BLUE = (255, 0, 0), (0, 0, 255)


def drill(*sets, leave=(0, 10), arrive=(0, 20), **more):
    places = np.array(sets, float)
    count, people = places.shape[:2]
    return Drill(
        places=places,
        leave=np.array(leave, np.int64)[:count] * SECOND,
        arrive=np.array(arrive, np.int64)[:count] * SECOND,
        clip=np.zeros(count, np.int64),
        canon=np.zeros((count, people), np.int64),
        heading=np.full(count, np.pi),
        **more,
    )


def costumes(people, *colours, start=()):
    colour = np.zeros((len(colours), people, 3), np.uint8)
    colour[:] = np.array(colours)[:, None]
    when = np.zeros((len(colours), people), np.int64)
    for change, at in enumerate(start, 1):
        when[change] = at
    return Costumes(colour, when, np.full(len(colours), SECOND, np.int64))


def grid(columns, rows, east=0.0, north=0.0, spacing=1.0):
    x, y = np.meshgrid(np.arange(rows) * spacing + east, np.arange(columns) * spacing + north)
    return np.stack([x.ravel(), y.ravel()], axis=-1)


def test_people_wear_what_they_wear_at_the_moment():
    walks = drill(grid(4, 3), grid(4, 3, north=20.0))
    view = TroupeView(walks, costumes(12, (255, 128, 3), (17, 100, 250), start=[4 * SECOND]))
    at = np.array([0, 4 * SECOND, 5 * SECOND, 15 * SECOND])
    seen = view.seen(at)
    assert [moment.colours[0].tolist() for moment in seen] == [[255, 128, 3]] * 2 + [[17, 100, 250]] * 2
    assert np.array_equal(np.stack([moment.states for moment in seen]), gymnast_states(walks, at))


@given(st.integers(0, 255))
def test_every_colour_is_shown_as_it_is(level):
    colour = (level, 255 - level, level // 2)
    (seen,) = TroupeView(drill(grid(2, 2)), costumes(4, colour)).seen(np.array([0]))
    assert np.abs(seen.colours.astype(int) - colour).max() <= 1


def test_ways_come_up_before_people_leave_and_go_when_they_are_there():
    walks = drill(grid(6, 5), grid(6, 5, north=30.0), leave=(0, 10), arrive=(0, 20))
    view, field = TroupeView(walks, costumes(30, RED)), FieldPicture(400, 30)
    assert view.ways(10 * SECOND - BEFORE, field) == []
    early, late = (view.ways(10 * SECOND - wait, field)[0] for wait in (BEFORE * 3 // 4, BEFORE // 4))
    assert 0 < early.strength < late.strength < 1
    assert early.passed is late.passed is None
    (walking,) = view.ways(15 * SECOND, field)
    assert walking.strength == 1
    assert (walking.passed > 0.2).all()
    assert (walking.passed < 0.8).all()
    assert walking.tracks is late.tracks  # they are worked out once
    assert view.ways(20 * SECOND, field) == []


def test_a_way_that_is_drawn_is_the_one_that_is_walked():
    """People follow their line: nobody is off it at any time, on a bend and on a rail round a corner."""
    start, goal = grid(5, 1, -40.0, -40.0, 4.0), grid(5, 1, 30.0, -10.0, 4.0)
    bend = np.zeros((2, 2, 2))
    bend[1] = [[-20.0, 60.0], [10.0, 50.0]]
    bent = drill(start, goal, bend=bend)
    corners = np.array([[-40.0, -20.0], [-40.0, 40.0], [20.0, 40.0], [20.0, -40.0]])
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(corners, axis=0).T))])
    begin, end = np.full((2, 5), np.nan), np.full((2, 5), np.nan)
    begin[1], end[1] = np.arange(5) * 4.0, 120.0 + np.arange(5) * 4.0
    ends = [
        np.stack([np.interp(metres[1], along, axis) for axis in corners.T], axis=-1)
        for metres in (begin, end)
    ]
    railed = drill(*ends, rails=Rails(corners, along, begin, end))
    field = FieldPicture(800, 5)
    for walks in (bent, railed):
        (trodden,) = TroupeView(walks, costumes(5, RED)).ways(15 * SECOND, field)
        drawn = np.stack(np.divmod(trodden.tracks.pixel, 2 * field.width)[::-1], axis=-1)
        moments = np.linspace(10.5, 19.9, 60)
        states = gymnast_states(walks, (moments * SECOND).astype(np.int64))
        there = 2 * field.pixels(states[:, 0, :, :2].astype(float)).reshape(-1, 2)
        apart = np.hypot(*(there[:, None] - drawn[None]).transpose(2, 0, 1)).min(axis=1)
        assert apart.max() < 2.5


def test_where_people_have_been_is_what_has_passed():
    walks = drill(grid(1, 1, -40.0), grid(1, 1, 40.0))
    view, field = TroupeView(walks, costumes(1, RED)), FieldPicture(800, 1)
    for second in (12, 15, 18):
        (trodden,) = view.ways(second * SECOND, field)
        tracks = trodden.tracks
        ahead = tracks.share >= trodden.passed[tracks.way]
        east = gymnast_states(walks, np.array([second * SECOND]))[0, 0, 0, 0]
        y = np.divmod(tracks.pixel, 2 * field.width)[0]
        border = 2 * field.pixels(np.array([east, 0.0]))[1]
        assert y[ahead].max() == pytest.approx(border, abs=4)
        assert y[~ahead].min() == pytest.approx(border, abs=4)


def test_who_stays_has_no_way():
    places = grid(6, 5)
    goal = places.copy()
    goal[:7] += 20.0
    view, field = TroupeView(drill(places, goal), costumes(30, RED)), FieldPicture(400, 30)
    assert set(view.whole_ways(1, field).tracks.way.tolist()) == set(range(7))
    only = view.whole_ways(1, field, np.array([2, 3, 25]))
    assert set(only.tracks.way.tolist()) == {0, 1}
    nobody = TroupeView(drill(places, places), costumes(30, RED))
    assert nobody.whole_ways(1, field).tracks.pixel.size == 0


def test_few_ways_are_drawn_of_many_and_every_troupe_has_some():
    drills = {
        "many": drill(grid(200, 100, spacing=0.5), grid(200, 100, north=5.0, spacing=0.5)),
        "few": drill(grid(3, 3), grid(3, 3, north=30.0)),
        "some": drill(grid(30, 30), grid(30, 30, north=30.0)),
    }
    field = FieldPicture(400, 20_909)
    views = troupe_views(drills, {name: costumes(d.places.shape[1], RED) for name, d in drills.items()})
    drawn = {}
    for name, view in views.items():
        (trodden,) = view.ways(15 * SECOND, field)
        drawn[name] = len(trodden.passed)
    assert drawn["few"] == 9
    assert drawn["few"] < drawn["some"] < drawn["many"] < MOST_WAYS
    assert sum(drawn.values()) < 1.1 * MOST_WAYS


@given(st.integers(1, 400), st.integers(1, 60), st.integers(0, 10))
def test_chosen_people_are_there_once_each(people, most, seed):
    places = np.random.default_rng(seed).uniform(-50, 50, (people, 2))
    chosen = evenly(places, most)
    assert len(chosen) == min(people, most)
    assert (np.diff(chosen) > 0).all()
    assert chosen[-1] < people


def test_people_are_chosen_as_densely_as_they_stand():
    dense, sparse = grid(60, 60, 0.0, 0.0, 0.5), grid(30, 30, 40.0, 40.0, 1.0)
    chosen = evenly(np.concatenate([dense, sparse]), 180)
    assert (chosen < 3600).sum() == pytest.approx(180 * 0.8, abs=3)
    # And evenly: a sixteenth of the block has about as many as any other.
    cells = (dense[chosen[chosen < 3600]] // 7.5).astype(int) @ [1, 4]
    counts = np.bincount(cells, minlength=16)
    assert counts.min() >= 4
    assert counts.max() <= 14


def test_the_swatch_is_a_small_picture_of_the_troupe():
    places = grid(40, 30)
    worn = np.zeros((1, 1200, 3), np.uint8)
    worn[0] = np.where(places[:, :1] > 14.5, RED, BLUE)
    worn[0][places[:, 1] > 30] = (0, 255, 0)
    outfit = Costumes(worn, np.zeros((1, 1200), np.int64), np.zeros(1, np.int64))
    view = TroupeView(drill(places), outfit)
    small = view.swatch(view.seen(np.array([0]))[0])
    assert small.shape == (SWATCH, SWATCH, 3)
    # East is up, north is left.
    for part, colour in ((small[:6, 5:], RED), (small[8:, 5:], BLUE), (small[:, :2], (0, 255, 0))):
        assert (part == colour).all(axis=-1).mean() > 0.9
    alone = TroupeView(drill(grid(1, 1)), costumes(1, RED))
    assert (alone.swatch(alone.seen(np.array([0]))[0]) == RED).all()
