from __future__ import annotations

import dataclasses

import numpy as np
from cardstunt.kernels.detours import Detours
from cardstunt.kernels.drill import Drill
from cardstunt.kernels.drill_ways import drill_ways
from cardstunt.kernels.legs import sampled_ways, together
from cardstunt.kernels.ticks import TICKS_PER_SECOND
from cardstunt.kernels.ways import Ways
from hypothesis import given, settings
from hypothesis import strategies as st

SECOND = TICKS_PER_SECOND
SCENES = st.integers(0, 1 << 20)
STEPS = st.integers(1, SECOND // 5) | st.integers(1, 4 * SECOND)


def drill(random: np.random.Generator, people: int = 5, sets: int = 4) -> Drill:
    times = np.cumsum(random.uniform(0.2, 4.0, 2 * sets)) * SECOND
    leave, arrive = times[::2].astype(np.int64), times[1::2].astype(np.int64)
    leave[0] = arrive[0]
    places = random.uniform(-30.0, 30.0, (sets, people, 2))
    places[1, 0] = places[0, 0]  # someone stays
    places[:, 1] = places[0, 1]  # someone never moves
    return Drill(
        places=places,
        leave=leave,
        arrive=arrive,
        clip=np.zeros(sets, dtype=np.int16),
        canon=np.zeros((sets, people), dtype=np.int64),
        heading=np.zeros(sets),
        seed=int(random.integers(99)),
        stagger=float(random.uniform(0, 0.5)),
        ease=random.integers(0, 2, sets),
        bend=random.uniform(-6, 6, (sets, 2, 2)) * (random.random((sets, 1, 1)) < 0.4),
    )


def places_at(ways: Ways, at: np.ndarray) -> np.ndarray:
    """Places of everyone, (F, P, 2)."""
    return np.stack(ways.places(ways.leg_at(ways.first[:-1], at[:, None]), at[:, None]), axis=2)


def ways_of(random: np.random.Generator) -> Ways:
    one = drill(random)
    bows = Detours(random.integers(0, SECOND, (4, 5)), random.uniform(-3, 3, (4, 5)))
    samples = random.integers(1, 6)
    ticks = np.cumsum(random.integers(1, 3 * SECOND, (4, samples)), axis=1)
    sampled = sampled_ways(ticks, random.uniform(-5, 5, (4, samples, 2)).round())
    return together([drill_ways(one), drill_ways(one, bows), sampled])


@settings(deadline=None, max_examples=200)
@given(scene=SCENES, now=st.integers(-SECOND, 18 * SECOND), step=STEPS)
def test_nobody_is_farther_from_a_steady_walk_than_the_bound(scene, now, step):
    ways = ways_of(np.random.default_rng(scene))
    until = now + step
    at = np.unique(np.linspace(now, until, 100).astype(np.int64))
    places = places_at(ways, at)
    share = ((at - now) / step)[:, None, None]
    steady = (1 - share) * places[0] + share * places[-1]
    off = np.hypot(*np.moveaxis(places - steady, 2, 0)).max(axis=0)
    legs = (ways.leg_at(ways.first[:-1], moment) for moment in (now, until))
    bound = ways.deviation(*legs, now, until)
    assert (off <= bound + 1e-9).all()


def test_the_bound_is_not_much_more_than_there_is():
    """For short times: then the way bends as at their middle."""
    random = np.random.default_rng(4)
    ways = drill_ways(dataclasses.replace(drill(random), ease=None, bend=None))
    step = SECOND // 50
    ratios = []
    for now in random.integers(9 * SECOND, 19 * SECOND, 200).tolist():
        at = np.array([now, now + step // 2, now + step])
        places = places_at(ways, at)
        off = np.hypot(*(places[1] - (places[0] + places[2]) / 2).T)
        legs = ways.leg_at(ways.first[:-1], now)
        bound = ways.deviation(legs, ways.leg_at(legs, now + step), now, now + step)
        ratios += (bound[off > 1e-6] / off[off > 1e-6]).tolist()
    assert len(ratios) > 50
    assert 0.999 < np.min(ratios) <= np.median(ratios) < 1.1


def test_since_when_people_stand():
    at = np.array([10, 20, 30, 40])
    line = np.array([[[0.0, 0.0], [1.0, 0.0], [1.0, 0.0], [2.0, 0.0]]])
    ways = sampled_ways(at, line)
    asked = np.array([5, 10, 15, 20, 25, 30, 35, 40, 99])
    since = ways.stands_since(np.zeros(9, dtype=np.int64), asked)
    assert since.tolist() == [5, 10, 15, 20, 20, 20, 35, 40, 40]
