from __future__ import annotations

import numpy as np
import pytest
from cardstunt.kernels.drill import Drill
from cardstunt.kernels.drill_ways import drill_ways
from cardstunt.kernels.legs import WayError, between, chosen, sampled_ways, together
from cardstunt.kernels.ticks import TICKS_PER_SECOND
from cardstunt.kernels.ways import Ways

SECOND = TICKS_PER_SECOND


def places_at(ways: Ways, at: np.ndarray) -> np.ndarray:
    """Places of everyone, (F, P, 2)."""
    return np.stack(ways.places(ways.leg_at(ways.first[:-1], at[:, None]), at[:, None]), axis=2)


def bent_drill(scene: int, people: int = 5) -> Drill:
    random = np.random.default_rng(scene)
    return Drill(
        places=random.uniform(-30.0, 30.0, (3, people, 2)),
        leave=np.array([0, 1, 8]) * SECOND,
        arrive=np.array([0, 6, 14]) * SECOND,
        clip=np.zeros(3, dtype=np.int64),
        canon=np.zeros((3, people), dtype=np.int64),
        heading=np.zeros(3),
        ease=np.array([0, 0, 1]),
        bend=random.uniform(-6, 6, (3, 2, 2)),
    )


def ways_of(scene: int) -> Ways:
    random = np.random.default_rng(scene)
    ticks = np.cumsum(random.integers(1, 3 * SECOND, (4, 5)), axis=1)
    sampled = sampled_ways(ticks, random.uniform(-5, 5, (4, 5, 2)).round())
    return together([drill_ways(bent_drill(scene)), sampled, drill_ways(bent_drill(scene + 1))])


def test_together_everyone_goes_as_alone():
    at = np.random.default_rng(3).integers(0, 15 * SECOND, 40)
    whole = places_at(ways_of(7), at)
    assert (whole[:, :5] == places_at(drill_ways(bent_drill(7)), at)).all()
    assert (whole[:, 9:] == places_at(drill_ways(bent_drill(8)), at)).all()


def test_some_people_s_ways_are_theirs():
    ways, who = ways_of(8), np.array([3, 0, 3, 13, 7])
    at = np.random.default_rng(8).integers(0, 15 * SECOND, 40)
    assert (places_at(chosen(ways, who), at) == places_at(ways, at)[:, who]).all()


@pytest.mark.parametrize(("begin", "end"), [(0, 1), (1, 6), (2, 3), (6, 8), (7, 20), (14, 15)])
def test_the_ways_between_two_times_are_the_same_then(begin, end):
    ways = ways_of(4)
    part = between(ways, begin * SECOND, end * SECOND)
    at = np.linspace(begin * SECOND, end * SECOND, 41).astype(np.int64)
    assert (places_at(part, at) == places_at(ways, at)).all()
    assert len(part.begin) < len(ways.begin)


def test_nobody_has_no_ways():
    assert len(together([])) == 0
    assert len(sampled_ways(np.zeros(2, dtype=np.int64) + [0, 1], np.zeros((0, 2, 2)))) == 0  # noqa: RUF005


@pytest.mark.parametrize(
    ("at", "places", "error", "message"),
    [
        ([0, 1], np.zeros((3, 2)), 0.0, "places must be"),
        ([0, 1], np.zeros((3, 0, 2)), 0.0, "places must be"),
        ([0, 1, 2], np.zeros((3, 2, 2)), 0.0, "times must be"),
        ([0.0, 1.0], np.zeros((3, 2, 2)), 0.0, "times must be"),
        ([1, 1], np.zeros((3, 2, 2)), 0.0, "must rise"),
        ([0, 1], np.full((3, 2, 2), np.nan), 0.0, "finite"),
        ([0, 1], np.zeros((3, 2, 2)), -1.0, "error"),
        ([0, 1], np.zeros((3, 2, 2)), np.nan, "error"),
    ],
)
def test_samples_that_are_no_ways(at, places, error, message):
    with pytest.raises(WayError, match=message):
        sampled_ways(np.array(at), places, error)
