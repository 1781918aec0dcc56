from __future__ import annotations

import dataclasses
import itertools

import numpy as np
import pytest
from cardstunt.kernels import closest_approach, collision_sweep, meetings
from cardstunt.kernels.closest_approach import EXACT
from cardstunt.kernels.collisions import CollisionError, Collisions, collisions, stretches
from cardstunt.kernels.detours import Detours
from cardstunt.kernels.drill import Drill
from cardstunt.kernels.drill_ways import drill_ways
from cardstunt.kernels.legs import WayError, sampled_ways, together
from cardstunt.kernels.motion import gymnast_states
from cardstunt.kernels.rails import Rails
from cardstunt.kernels.ticks import TICKS_PER_SECOND
from hypothesis import given, settings
from hypothesis import strategies as st

SECOND = TICKS_PER_SECOND
THRESHOLD = 0.4


def drill(places: np.ndarray, moments: np.ndarray, **changes: object) -> Drill:
    """A drill whose set s is left for at `moments[s, 0]` seconds and reached at `moments[s, 1]`."""
    places = np.asarray(places, dtype=np.float64)
    ticks = np.rint(np.asarray(moments) * SECOND).astype(np.int64)
    sets, people = places.shape[:2]
    return Drill(
        places=places,
        leave=ticks[:, 0],
        arrive=ticks[:, 1],
        clip=np.zeros(sets, dtype=np.int16),
        canon=np.zeros((sets, people), dtype=np.int64),
        heading=np.zeros(sets),
        **changes,
    )


def straight(origin: list, goal: list, leave: float = 0.0, arrive: float = 10.0, **changes: object) -> Drill:
    return drill(np.array([origin, goal]), np.array([[leave, leave], [leave, arrive]]), **changes)


def random_drill(random: np.random.Generator) -> Drill:
    sets, people = int(random.integers(1, 4)), int(random.integers(1, 7))
    pauses = random.uniform(0.0, 2.0, sets)
    travel = random.uniform(0.5, 8.0, sets)
    arrive = np.cumsum(pauses + travel)
    leave = arrive - travel
    leave[0] = arrive[0]
    size = random.choice([1.0, 3.0, 12.0])
    return drill(
        random.uniform(-size, size, (sets, people, 2)),
        np.stack([leave, arrive], axis=1),
        seed=int(random.integers(100)),
        stagger=float(random.choice([0.0, 0.12, 0.5])),
        ease=random.integers(0, 2, sets),
        bend=random.uniform(-size, size, (sets, 2, 2)) * (random.random((sets, 1, 1)) < 0.3),
    )


def named(found: Collisions) -> dict[tuple[int, ...], tuple[int, float]]:
    rows = zip(
        found.one.tolist(), found.other.tolist(), found.tick.tolist(), found.near.tolist(), strict=True
    )
    return {(*one, *other): (tick, near) for one, other, tick, near in rows}


def brute_force(places_at, sizes: list[int], begin: int, end: int) -> dict[tuple[int, ...], float]:
    """Nearest approach of all pairs by dense sampling, then denser about each pair's nearest."""
    at = np.linspace(begin, end, 4001).astype(np.int64)
    places = places_at(at)
    people = [(troupe, person) for troupe, size in enumerate(sizes) for person in range(size)]
    nearest = {}
    for (first, one), (second, other) in itertools.combinations(enumerate(people), 2):
        apart = np.hypot(*(places[:, second] - places[:, first]).T)
        closest = int(apart.argmin())
        fine = np.linspace(at[max(closest - 1, 0)], at[min(closest + 1, len(at) - 1)], 201).astype(np.int64)
        close = places_at(fine)
        nearest[*one, *other] = float(np.hypot(*(close[:, second] - close[:, first]).T).min())
    return nearest


class Everyone:
    """Places of all people of some drills, by the kernel that moves them."""

    def __init__(self, drills: list[Drill]) -> None:
        self.drills = drills
        self.sizes = [one.places.shape[1] for one in drills]

    def __call__(self, at: np.ndarray) -> np.ndarray:
        states = [gymnast_states(one, at)[:, 0, :, :2].astype(np.float64) for one in self.drills]
        return np.concatenate(states, axis=1)


@settings(deadline=None, max_examples=60)
@given(scene=st.integers(0, 1 << 20))
def test_drills_as_brute_force_has_them(scene):
    random = np.random.default_rng(scene)
    drills = [random_drill(random) for _ in range(int(random.integers(1, 4)))]
    everyone = Everyone(drills)
    end = max(int(one.arrive[-1]) for one in drills)
    nearest = brute_force(everyone, everyone.sizes, -SECOND, end + SECOND)
    found = collisions(drills, threshold=THRESHOLD)
    pairs = named(found)
    assert found.unseen == ()
    for pair, least in nearest.items():
        assert (pair in pairs) == (least < THRESHOLD) or abs(least - THRESHOLD) < EXACT + 1e-3, (pair, least)
        if pair in pairs:
            tick, near = pairs[pair]
            assert near == pytest.approx(least, abs=EXACT + 1e-3)
            who = [sum(everyone.sizes[:troupe]) + person for troupe, person in (pair[:2], pair[2:])]
            one, other = everyone(np.array([tick]))[0, who]
            assert np.hypot(*(other - one)) == pytest.approx(near, abs=1e-4)
    assert set(pairs) <= set(nearest)
    assert len(pairs) == len(found)
    order = list(zip(found.tick.tolist(), found.one.tolist(), found.other.tolist(), strict=True))
    assert order == sorted(order)


def sampled_at(ticks: np.ndarray, places: np.ndarray):
    def at(when: np.ndarray) -> np.ndarray:
        rows = [
            [np.interp(when, ticks[person], places[person, :, axis]) for axis in range(2)]
            for person in range(len(places))
        ]
        return np.array(rows).transpose(2, 0, 1)

    return at


@settings(deadline=None, max_examples=40)
@given(scene=st.integers(0, 1 << 20))
def test_sampled_ways_as_brute_force_has_them(scene):
    random = np.random.default_rng(scene)
    people, samples = int(random.integers(2, 9)), int(random.integers(1, 7))
    ticks = np.cumsum(random.integers(SECOND // 5, 2 * SECOND, (people, samples)), axis=1)
    places = np.round(random.uniform(-4.0, 4.0, (people, samples, 2)), 1)
    if samples > 2:
        places[:, 2] = places[:, 1]  # a pause
    places_at = sampled_at(ticks, places)
    nearest = brute_force(places_at, [people], int(ticks.min()) - 1, int(ticks.max()) + 1)
    pairs = named(collisions([sampled_ways(ticks, places)], threshold=THRESHOLD))
    for pair, least in nearest.items():
        assert (pair in pairs) == (least < THRESHOLD) or abs(least - THRESHOLD) < EXACT + 1e-3, (pair, least)
        if pair in pairs:
            assert pairs[pair][1] == pytest.approx(least, abs=EXACT + 1e-3)


@settings(deadline=None, max_examples=30)
@given(scene=st.integers(0, 1 << 20))
def test_detours_as_brute_force_has_them(scene):
    """Against the formulas of delay and bow, written out."""
    random = np.random.default_rng(scene)
    one = straight(*random.uniform(-3.0, 3.0, (2, 5, 2)).tolist(), 1.0, 6.0, seed=scene)
    detours = Detours(random.integers(0, SECOND, (2, 5)), random.uniform(-2.0, 2.0, (2, 5)))
    depart, duration = one.timetable.depart[1], one.timetable.duration[1]
    late = depart + detours.delay[1]
    lasts = np.minimum(duration, one.arrive[1] - late)
    turn = np.minimum(2 * SECOND // 5, (0.15 * lasts).astype(np.int64))

    def places_at(at: np.ndarray) -> np.ndarray:
        t = np.clip((at[:, None] - late - turn) / (lasts - 2 * turn), 0.0, 1.0)
        s = (t**3 * (6 * t**2 - 15 * t + 10))[..., None]
        way = one.places[1] - one.places[0]
        left = np.stack([-way[:, 1], way[:, 0]], axis=1) / np.hypot(*way.T)[:, None]
        return one.places[0] + s * way + detours.bow[1][:, None] * 16 * s**2 * (1 - s) ** 2 * left

    nearest = brute_force(places_at, [5], 0, 7 * SECOND)
    pairs = named(collisions([dataclasses.replace(one, detours=detours)], threshold=THRESHOLD))
    for pair, least in nearest.items():
        assert (pair in pairs) == (least < THRESHOLD) or abs(least - THRESHOLD) < EXACT + 1e-3, (pair, least)
        if pair in pairs:
            assert pairs[pair][1] == pytest.approx(least, abs=EXACT + 1e-3)


@settings(deadline=None, max_examples=20)
@given(scene=st.integers(0, 1 << 20))
def test_who_comes_near_somebody_is_nearby(scene):
    random = np.random.default_rng(scene)
    origin = random.uniform(-40.0, 40.0, (300, 2))
    goal = origin + random.uniform(-12.0, 12.0, (300, 2)) * random.integers(0, 2, (300, 1))
    one = straight(origin.tolist(), goal.tolist(), 0.0, 8.0, seed=scene)
    ways, asked = drill_ways(one), np.arange(300) < 20
    near = collision_sweep.nearby(ways, asked, 1.0, ways.start, ways.finish)
    places = Everyone([one])(np.arange(0, 9 * SECOND, SECOND // 20))
    apart = np.hypot(*np.moveaxis(places[:, :, None] - places[:, None, asked], 3, 0)).min(axis=(0, 2))
    assert near[apart < 1.0].all()
    assert near.mean() < 0.9


@settings(deadline=None, max_examples=12)
@given(scene=st.integers(0, 1 << 20))
def test_who_asks_for_a_few_hears_of_all_their_collisions(scene):
    random = np.random.default_rng(scene)
    ways = together([drill_ways(random_drill(random)) for _ in range(3)])
    asked = random.random(len(ways)) < 0.3
    other_than = np.where(asked, random.integers(-1, len(ways), len(ways)), -1)

    def pairs(few: float, **options: object) -> dict[tuple[int, int], float]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(meetings, "_FEW", few)
            found = meetings.meetings(ways, 1.0, **options)
        rows = zip(found.one.tolist(), found.other.tolist(), found.near.tolist(), strict=True)
        return {(one, other): near for one, other, near in rows}

    theirs = {pair: near for pair, near in pairs(2.0).items() if asked[list(pair)].any()}
    for few in (0.0, 2.0):
        some = pairs(few, asked=asked)
        assert some.keys() == theirs.keys()
        assert all(some[pair] == pytest.approx(near, abs=EXACT) for pair, near in theirs.items())
    spared = {
        (one, other)
        for one, other in theirs
        if asked[one] != asked[other] and other_than[one] != other and other_than[other] != one
    }
    assert pairs(2.0, asked=asked, other_than=other_than).keys() == spared


def test_two_who_walk_into_each_other_meet_half_way_and_half_time():
    found = collisions([straight([[0, 0], [10, 0]], [[10, 0], [0, 0]], 2.0, 12.0, stagger=0.0)])
    assert found.one.tolist() == [[0, 0]]
    assert found.other.tolist() == [[0, 1]]
    assert found.tick[0] == pytest.approx(7 * SECOND, abs=SECOND / 100)
    assert found.near[0] < EXACT
    assert (found.error, found.unseen) == (0.0, ())


def test_two_troupes_that_cross_meet_where_their_ways_do():
    row = np.arange(5) * 2.0
    east = straight([[-20, y] for y in row], [[20, y] for y in row], stagger=0.0)
    north = straight([[x, -20] for x in row], [[x, 20] for x in row], stagger=0.0)
    found = collisions([east, north])
    # With the same ease, those meet who have come equally far: on the diagonal.
    assert found.one.tolist() == [[0, person] for person in range(5)]
    assert found.other.tolist() == [[1, person] for person in range(5)]
    assert (found.near < EXACT).all()
    assert (np.diff(found.tick) > 0).all()
    later = straight([[x, -20] for x in row], [[x, 20] for x in row], 11.0, 21.0, stagger=0.0)
    assert len(collisions([east, later])) == 0


def test_who_stands_is_met_by_those_who_pass():
    standing = drill(np.array([[[0.0, 0.3], [0.0, 0.5]]]), np.array([[40.0, 40.0]]))
    found = collisions([standing, straight([[-5, 0]], [[5, 0]])])
    assert found.one.tolist() == [[0, 0], [0, 0]]
    assert found.other.tolist() == [[0, 1], [1, 0]]
    assert found.near == pytest.approx([0.2, 0.3], abs=EXACT)


def tower(**changes: object) -> Drill:
    """Three who walk from a row to a tower of two and one beside it, and back."""
    row, figure = [[20, 0], [22, 0], [24, 0]], [[10, 0], [10, 0], [10, 0.5]]
    moments = np.array([[0, 0], [0, 20], [30, 50]])
    height = np.array([[0, 0, 0], [0, 1.4, 1.4], [0, 0, 0]])
    return drill(np.array([row, figure, row]), moments, height=height, stagger=0.0, **changes)


def test_who_stands_on_others_collides_with_nobody():
    assert len(collisions([tower()])) == 0
    below = dataclasses.replace(tower(), height=None)
    assert len(collisions([below])) == 1
    # Someone who stands where they climb past is no obstacle to those up there.
    beside = drill(np.array([[[9.8, 0.75]]]), np.array([[0.0, 0.0]]))
    assert named(collisions([tower(), beside])).keys() == set()
    assert named(collisions([below, beside])).keys() == {(0, 0, 0, 1), (0, 2, 1, 0)}


def test_climbers_collide_before_they_climb():
    """They wait in front of the figure, which looks along +X: 0.45 m for the lowest who climb."""
    before = drill(np.array([[[10.45, 0.1]]]), np.array([[0.0, 0.0]]))
    found = named(collisions([tower(), before]))
    assert (0, 1, 1, 0) in found
    assert found[0, 1, 1, 0][1] == pytest.approx(0.1, abs=EXACT)
    always = dataclasses.replace(tower(), height=np.array([[0, 1.4, 0]] * 3), places=tower().places[[0] * 3])
    inside = drill(np.array([[[22.0, 0.1]]]), np.array([[0.0, 0.0]]))
    assert len(collisions([always, inside])) == 0


def test_people_on_a_rail_meet_those_who_cross_it():
    along = np.array([[np.nan], [0.0]]), np.array([[np.nan], [20.0]])
    rails = Rails(np.array([[0.0, 0.0], [10.0, 0.0], [10.0, 10.0]]), np.array([0.0, 10.0, 20.0]), *along)
    file = straight([[0, 0]], [[10, 10]], stagger=0.0, rails=rails)
    corner = drill(np.array([[[10.0, 0.0]]]), np.array([[0.0, 0.0]]))
    found = collisions([file, corner])
    assert found.near == pytest.approx([0.0], abs=0.01)
    assert 0.0 < found.error < 0.01
    across = drill(np.array([[[5.0, 5.0]]]), np.array([[0.0, 0.0]]))
    assert len(collisions([file, across])) == 0  # but the straight way would lead there
    assert len(collisions([straight([[0, 0]], [[10, 10]], stagger=0.0), across])) == 1


def test_identical_places_are_found_when_the_second_arrives():
    meet = straight([[0, 0], [3, 0], [9, 9]], [[0, 0], [0, 0], [9, 9]], 1.0, 4.0, stagger=0.0)
    found = collisions([meet])
    assert len(found) == 1
    assert found.near[0] < EXACT
    assert 3.5 * SECOND < found.tick[0] <= 4 * SECOND  # not a moment after they came to stand
    always = drill(np.zeros((1, 3, 2)), np.array([[5.0, 5.0]]))
    found = collisions([always])
    assert len(found) == 3
    assert (found.near == 0.0).all()
    assert (found.tick == 5 * SECOND).all()


def test_people_a_threshold_apart_do_not_collide():
    row = np.stack([np.arange(50) * 0.4, np.zeros(50)], axis=1)
    assert len(collisions([drill(row[None], np.array([[0.0, 0.0]]))])) == 0
    assert len(collisions([straight(row.tolist(), (row + 3.0).tolist(), stagger=0.0)])) == 0


def test_nobody_and_nearly_nobody():
    assert len(collisions([])) == 0
    nobody = sampled_ways(np.zeros(1, dtype=np.int64), np.zeros((0, 1, 2)))
    alone = drill(np.zeros((1, 1, 2)), np.array([[0.0, 0.0]]))
    found = collisions([nobody, alone])
    assert len(found) == 0
    assert found.one.shape == found.other.shape == (0, 2)
    assert len(collisions([nobody, alone, alone])) == 1


def test_many_who_stand_are_looked_at_once(monkeypatch):
    looked = []
    around = collision_sweep.Plane.around
    within = collision_sweep.Plane.within

    def counted(pairs):
        for one, other in pairs:
            looked.append(len(one))
            yield one, other

    monkeypatch.setattr(collision_sweep.Plane, "around", lambda *asked: counted(around(*asked)))
    monkeypatch.setattr(collision_sweep.Plane, "within", lambda plane: counted(within(plane)))
    side = np.arange(200) * 1.0
    crowd = np.stack(np.meshgrid(side, side), axis=-1).reshape(1, -1, 2)
    standing = drill(crowd, np.array([[0.0, 0.0]]))
    assert len(collisions([standing])) == 0
    at_first = sum(looked)
    assert at_first < crowd.shape[1]
    looked.clear()
    found = collisions([standing, straight([[-3.0, 50.5]], [[203.0, 50.5]], 0.0, 60.0)])
    assert len(found) == 0
    assert sum(looked) - at_first < 5000  # one walks past 200 people, and 40,000 stand


def test_the_same_answer_whatever_the_blocks(monkeypatch):
    random = np.random.default_rng(5)
    drills = [random_drill(random) for _ in range(4)]
    before = named(collisions(drills, threshold=1.0))
    assert len(before) > 3
    monkeypatch.setattr(meetings, "_CUT_AT_ONCE", 3)
    monkeypatch.setattr(closest_approach, "_ROWS_WAITING", 0)
    monkeypatch.setattr("cardstunt.kernels.near_pairs._AT_ONCE", 5)
    after = named(collisions(drills, threshold=1.0))
    assert set(after) == set(before)
    for pair, (_, near) in before.items():
        assert after[pair][1] == pytest.approx(near, abs=EXACT)


def test_too_many_pairs_end_the_search_and_say_so(monkeypatch):
    monkeypatch.setattr(closest_approach, "_ROWS_WAITING", 0)
    row = np.stack([np.arange(20) * 1.0, np.zeros(20)], axis=1)
    meet = straight(row.tolist(), np.zeros((20, 2)).tolist(), 3.0, 9.0, stagger=0.0)
    assert len(collisions([meet])) == 190
    found = collisions([meet], most=50)
    ((begin, end),) = found.unseen
    assert 3 * SECOND < begin < end <= 9 * SECOND
    assert len(found) > 50
    whole = named(collisions([meet]))
    early = {pair for pair, (tick, _) in whole.items() if tick < begin}
    assert early <= set(named(found))


def jam_and_meeting() -> Drill:
    """Twenty who go to one place, all 190 pairs; and from 20 s on two others who meet, later."""
    jam = np.zeros((4, 22, 2))
    jam[0, :20, 0] = jam[2:, :20, 0] = np.arange(20)
    jam[:, 20], jam[:, 21] = [0.0, 50.0], [10.0, 50.0]
    jam[3, 20], jam[3, 21] = [10.0, 50.0], [0.0, 50.0]
    return drill(jam, np.array([[0, 0], [1, 7], [10, 16], [20, 26]]), stagger=0.0)


def test_a_jam_does_not_hide_a_later_travel():
    """Each travel has its own share of the most pairs."""
    two = (0, 20, 0, 21)
    assert len(collisions([jam_and_meeting()])) == 191
    found = collisions([jam_and_meeting()], most=60)
    assert two in named(found)
    # The jam comes together by 7 s.
    begin, end = found.unseen[0]
    assert SECOND < begin < 7 * SECOND < end < 20 * SECOND
    assert list(found.unseen) == sorted(found.unseen)


def test_what_a_travel_leaves_of_its_share_others_use():
    """Of three travels one has 190 pairs, which is far more than a third of the most."""
    found = collisions([jam_and_meeting()], most=250)
    assert found.unseen == ()
    assert set(named(found)) == set(named(collisions([jam_and_meeting()])))


@pytest.mark.parametrize("most", [1_000_000, 60])
def test_progress_rises_from_none_to_all(most):
    told = []
    collisions([jam_and_meeting()], most=most, progress=told.append)
    assert told == sorted(told)
    assert 0.0 < told[0] < 0.2
    assert told[-1] == 1.0
    assert len(told) > 20


def test_who_hears_of_the_progress_may_stop_the_search():
    told = []

    def stop(share: float) -> None:
        told.append(share)
        if share > 0.3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        collisions([jam_and_meeting()], progress=stop)
    assert told[-1] < 0.6


def test_very_many_samples_are_not_a_stretch_each():
    at = np.arange(1000, dtype=np.int64)
    places = np.random.default_rng(1).uniform(-9, 9, (3, 1000, 2))
    edges = stretches([sampled_ways(at, places)])
    assert 10 < len(edges) < 100
    assert (edges[0], edges[-1]) == (0, 999)


def test_far_apart_times_and_a_way_of_one_tick():
    jump = np.array([[[0.0, 0.0], [1000.0, 0.0]], [[500.0, 0.1], [500.0, 0.1]]])
    ticks = np.array([[10**15, 10**15 + 1], [0, 10**16]], dtype=np.int64)
    found = collisions([sampled_ways(ticks, jump)])
    assert len(found) == 0  # at no whole tick is anybody near
    jump[0, 1] = 500.0, 0.0
    found = collisions([sampled_ways(ticks, jump, error=0.05)])
    assert found.tick.tolist() == [10**15 + 1]
    assert found.near == pytest.approx([0.1])
    assert found.error == pytest.approx(0.1)


@pytest.mark.parametrize("threshold", [0.0, -1.0, np.nan, np.inf])
def test_thresholds_that_are_none(threshold):
    with pytest.raises(CollisionError, match="threshold"):
        collisions([], threshold=threshold)


def test_bad_questions():
    one = straight([[0, 0]], [[1, 1]])
    with pytest.raises(CollisionError, match="at least one pair"):
        collisions([one], most=0)
    with pytest.raises(WayError, match="finite"):
        collisions([straight([[0, 0]], [[np.nan, 1]])])
    with pytest.raises(WayError, match="1e\\+06"):
        collisions([straight([[0, 0]], [[2e6, 1]])])
