from __future__ import annotations

import numpy as np
import pytest
from cardstunt.kernels.collisions import CollisionError, collisions
from cardstunt.kernels.mending import MOST_BOW, MOST_DELAY, resolve
from cardstunt.kernels.motion import Drill
from cardstunt.kernels.ticks import TICKS_PER_SECOND
from hypothesis import given, settings
from hypothesis import strategies as st

SECOND = TICKS_PER_SECOND


def straight(origin, goal, leave: float = 0.0, arrive: float = 10.0, **changes: object) -> Drill:
    places = np.array([origin, goal], dtype=np.float64)
    moments = np.rint(np.array([[leave, leave], [leave, arrive]]) * SECOND).astype(np.int64)
    return Drill(
        places=places,
        leave=moments[:, 0],
        arrive=moments[:, 1],
        clip=np.zeros(2, dtype=np.int16),
        canon=np.zeros(places.shape[:2], dtype=np.int64),
        heading=np.zeros(2),
        **changes,
    )


def rows(found):
    return [row.tolist() for row in (found.one, found.other, found.tick, found.near)]


def test_two_who_walk_into_each_other_do_not_any_more():
    mended = resolve([straight([[0, 0], [10, 0]], [[10, 0], [0, 0]], stagger=0.0)])
    assert len(mended.before) == 1
    assert len(mended.remaining) == 0
    # A delay alone cannot help on one line.
    (change,) = mended.changes
    assert (change.troupe, change.person, change.number) == (0, 1, 1)
    assert abs(change.bow) >= 0.4
    assert mended.detours[0].bow[1, 1] == change.bow


def test_two_troupes_crossing_are_mended_and_what_was_done_is_said():
    row = np.arange(6) * 2.0
    east = straight([[-20, y] for y in row], [[20, y] for y in row], 1.0, 21.0, seed=1)
    north = straight([[x, -20] for x in row], [[x, 20] for x in row], 1.0, 21.0, seed=2)
    mended = resolve([east, north])
    assert len(mended.before) >= 3
    assert len(mended.remaining) == 0
    assert rows(collisions([east, north])) == rows(mended.before)
    assert rows(collisions([east, north], detours=mended.detours)) == rows(mended.remaining)
    named = {(change.troupe, change.number, change.person): change for change in mended.changes}
    assert len(named) == len(mended.changes) > 0
    for troupe, detours in enumerate(mended.detours):
        for number, person in np.ndindex(detours.delay.shape):
            change = named.get((troupe, number, person))
            assert detours.delay[number, person] == (change.delay if change else 0)
            assert detours.bow[number, person] == (change.bow if change else 0.0)


@settings(deadline=None, max_examples=10)
@given(scene=st.integers(0, 1 << 20))
def test_mending_keeps_its_bounds_and_never_makes_it_worse(scene):
    random = np.random.default_rng(scene)
    drills = [
        straight(*random.uniform(-6, 6, (2, 8, 2)), float(leave), float(leave) + 6.0, seed=scene)
        for leave in (0.0, random.uniform(0.0, 4.0))
    ]
    bow = float(random.choice([0.0, 0.5, MOST_BOW]))
    delay = int(random.choice([0, SECOND // 2, MOST_DELAY]))
    mended = resolve(drills, most_bow=bow, most_delay=delay, rounds=6)
    again = resolve(drills, most_bow=bow, most_delay=delay, rounds=6)
    assert mended.changes == again.changes
    assert rows(mended.remaining) == rows(again.remaining)
    assert len(mended.remaining) <= len(mended.before)
    assert rows(collisions(drills, detours=mended.detours)) == rows(mended.remaining)
    for one, detours in zip(drills, mended.detours, strict=True):
        assert (detours.delay[0] == 0).all()
        assert (detours.bow[0] == 0).all()
        assert detours.delay.max() <= delay
        length = np.hypot(*(one.places[1] - one.places[0]).T)
        assert (np.abs(detours.bow[1]) <= np.minimum(bow, length / 4) + 1e-9).all()
        depart, duration = one.route.depart[1], one.route.duration[1]
        lasts = np.minimum(duration, one.arrive[1] - depart - detours.delay[1])
        assert (lasts >= 0.75 * duration - 1).all()


def test_who_stand_in_each_other_s_place_remain():
    standing = straight([[0, 0], [0, 0.1]], [[0, 0], [0, 0.1]])
    mended = resolve([standing])
    assert len(mended.before) == len(mended.remaining) == 1
    assert mended.changes == ()


def test_who_stands_is_walked_round():
    mended = resolve([straight([[0, 0]], [[0, 0]]), straight([[-8, 0.1]], [[8, 0.1]])])
    assert len(mended.remaining) == 0
    assert [change.troupe for change in mended.changes] == [1]
    assert mended.changes[0].bow > 0.0  # on the nearer side


def test_nothing_to_mend():
    mended = resolve([straight([[0, 0], [5, 0]], [[0, 5], [5, 5]])])
    assert mended.changes == ()
    assert len(mended.before) == len(mended.remaining) == 0
    assert resolve([]).detours == ()


@pytest.mark.parametrize(
    "bad", [{"most_delay": -1}, {"most_bow": -0.1}, {"most_bow": np.nan}, {"rounds": -1}]
)
def test_bounds_that_are_none(bad):
    with pytest.raises(CollisionError, match="negative"):
        resolve([], **bad)
    with pytest.raises(CollisionError, match="threshold"):
        resolve([], threshold=0.0)
