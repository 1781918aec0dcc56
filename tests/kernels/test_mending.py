from __future__ import annotations

import numpy as np
import pytest
from cardstunt.kernels import detour_tries
from cardstunt.kernels.collisions import CollisionError, collisions
from cardstunt.kernels.detour_tries import MOST_BOW, MOST_DELAY
from cardstunt.kernels.detours import Detours
from cardstunt.kernels.drill import Drill
from cardstunt.kernels.mending import resolve
from cardstunt.kernels.motion import gymnast_states
from cardstunt.kernels.rails import Rails
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
    assert mended.drills[0].detours.bow[1, 1] == change.bow


def test_two_troupes_crossing_are_mended_and_what_was_done_is_said():
    row = np.arange(6) * 2.0
    east = straight([[-20, y] for y in row], [[20, y] for y in row], 1.0, 21.0, seed=1)
    north = straight([[x, -20] for x in row], [[x, 20] for x in row], 1.0, 21.0, seed=2)
    mended = resolve([east, north])
    assert len(mended.before) >= 3
    assert len(mended.remaining) == 0
    assert rows(collisions([east, north])) == rows(mended.before)
    assert rows(collisions(mended.drills)) == rows(mended.remaining)
    named = {(change.troupe, change.number, change.person): change for change in mended.changes}
    assert len(named) == len(mended.changes) > 0
    for troupe, detours in enumerate(one.detours for one in mended.drills):
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
    assert rows(collisions(mended.drills)) == rows(mended.remaining)
    for one, after in zip(drills, mended.drills, strict=True):
        detours = after.detours or Detours.none(2, 8)
        assert (detours.delay[0] == 0).all()
        assert (detours.bow[0] == 0).all()
        assert detours.delay.max() <= delay
        length = np.hypot(*(one.places[1] - one.places[0]).T)
        assert (np.abs(detours.bow[1]) <= np.minimum(bow, length / 4) + 1e-9).all()
        depart, duration = one.timetable.depart[1], one.timetable.duration[1]
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


def test_mended_people_walk_as_the_check_says():
    row = np.arange(5) * 1.5
    east = straight([[-9, y] for y in row], [[9, y] for y in row], 1.0, 15.0, seed=1, ease=np.array([0, 1]))
    north = straight([[x, -9] for x in row], [[x, 9] for x in row], 1.0, 15.0, seed=2)
    mended = resolve([east, north])
    assert len(mended.before) > len(mended.remaining) == 0
    at = np.arange(0, 16 * SECOND, SECOND // 50)
    near = [
        np.hypot(*np.moveaxis(one[:, :, None, :2] - other[:, None, :, :2], 3, 0)).min()
        for one, other in [
            [gymnast_states(drill, at)[:, 0] for drill in drills] for drills in ((east, north), mended.drills)
        ]
    ]
    assert near[0] < 0.3
    assert near[1] > 0.4 - 1e-3


def test_a_drill_that_was_mended_is_mended_no_more():
    mended = resolve([straight([[0, 0], [10, 0]], [[10, 0], [0, 0]], stagger=0.0)])
    again = resolve(mended.drills)
    assert len(again.before) == 0
    assert again.changes == mended.changes
    assert (again.drills[0].detours.bow == mended.drills[0].detours.bow).all()


def test_who_follows_a_rail_or_climbs_is_left_alone():
    along = np.array([[np.nan], [0.0]]), np.array([[np.nan], [20.0]])
    rails = Rails(np.array([[-10.0, 0.0], [10.0, 0.0]]), np.array([0.0, 20.0]), *along)
    file = straight([[-10, 0]], [[10, 0]], stagger=0.0, rails=rails)
    mended = resolve([file, straight([[10, 0.1]], [[-10, 0.1]], stagger=0.0)])
    assert [change.troupe for change in mended.changes] == [1]
    assert len(mended.remaining) == 0
    climbs = straight([[0, 0]], [[10, 0]], height=np.array([[0.0], [1.4]]))
    in_the_way = straight([[10.45, 0.1]], [[10.45, 0.1]])
    mended = resolve([climbs, in_the_way])
    assert len(mended.before) == len(mended.remaining) == 1  # both stand there, in the end


def crowd(people: int = 60, sets: int = 2) -> list[Drill]:
    """Two troupes that walk into and out of each other, with everyone's places mixed."""
    random = np.random.default_rng(7)
    block = np.stack([np.arange(people) % 10, np.arange(people) // 10], axis=1) * 0.8 - 4.0
    moments = np.array([[0, 0], *([2 + 14 * number, 12 + 14 * number] for number in range(sets - 1))])
    return [
        Drill(
            places=np.stack(
                [
                    block[random.permutation(people)] + [side * 9.0 * (-1) ** number, 0.0]
                    for number in range(sets)
                ]
            ),
            leave=moments[:, 0] * SECOND,
            arrive=moments[:, 1] * SECOND,
            clip=np.zeros(sets, dtype=np.int16),
            canon=np.zeros((sets, people), dtype=np.int64),
            heading=np.zeros(sets),
            seed=seed,
        )
        for seed, side in enumerate((-1.0, 1.0))
    ]


def looked_at(monkeypatch) -> list[int]:
    """The work done for tries, round by round."""
    work = []
    scores = detour_tries.Tries.scores

    def counted(*given: object) -> object:
        score, looked = scores(*given)
        work.append(looked)
        return score, looked

    monkeypatch.setattr(detour_tries.Tries, "scores", counted)
    return work


def test_a_bound_on_the_work_ends_it_and_is_told(monkeypatch):
    drills = crowd()
    work = looked_at(monkeypatch)
    free = resolve(drills)
    rounds, whole = len(work), sum(work)
    assert not free.ended
    assert rounds > 6
    work.clear()
    bound = resolve(drills, most_looked=whole // 3)
    assert bound.ended
    assert 1 <= len(work) < rounds
    assert sum(work[:-1]) < whole // 3  # none begins when it is reached
    assert rows(bound.remaining) == rows(collisions(bound.drills))
    assert len(free.remaining) <= len(bound.remaining) <= len(bound.before)
    assert bound.changes == resolve(drills, most_looked=whole // 3).changes
    none = resolve(drills, most_looked=0)
    assert (none.changes, none.ended) == ((), True)
    assert none.drills == tuple(drills)


def test_each_travel_is_mended_alone_and_has_its_part_of_the_work(monkeypatch):
    drills = crowd(sets=4)
    work = looked_at(monkeypatch)
    mended = resolve(drills, most_looked=600_000)
    assert mended.ended
    assert {change.number for change in mended.changes} == {1, 2, 3}
    assert sum(work) < 2 * 600_000
    # A try is looked at while its travel lasts, and no longer.
    work.clear()
    resolve(crowd(sets=2), rounds=1)
    resolve(drills, rounds=1)
    assert sum(work[1:]) < 5 * work[0]


def test_of_a_pair_one_moves_aside_and_the_other_stays():
    """Whoever moves finds the others where they were when it was tried: a round cannot make things worse."""
    first = resolve(crowd(), rounds=1)
    assert len(first.remaining) < 0.8 * len(first.before)


def test_progress_of_mending_rises_from_none_to_all():
    told = []
    resolve(crowd(sets=3), most_looked=600_000, progress=told.append)
    assert told == sorted(told)
    assert told[0] < 0.1
    assert told[-1] == 1.0
    assert len({round(share, 1) for share in told}) > 5

    def stop(share: float) -> None:
        if share > 0.5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        resolve(crowd(sets=3), progress=stop)


def test_nothing_to_mend():
    mended = resolve([straight([[0, 0], [5, 0]], [[0, 5], [5, 5]])])
    assert mended.changes == ()
    assert len(mended.before) == len(mended.remaining) == 0
    assert resolve([]).drills == ()


@pytest.mark.parametrize(
    "bad",
    [{"most_delay": -1}, {"most_bow": -0.1}, {"most_bow": np.nan}, {"rounds": -1}, {"most_looked": -1}],
)
def test_bounds_that_are_none(bad):
    with pytest.raises(CollisionError, match="negative"):
        resolve([], **bad)
    with pytest.raises(CollisionError, match="threshold"):
        resolve([], threshold=0.0)
