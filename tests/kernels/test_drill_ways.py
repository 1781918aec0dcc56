from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from cardstunt.kernels.detours import Detours
from cardstunt.kernels.drill import Drill
from cardstunt.kernels.drill_ways import drill_ways
from cardstunt.kernels.legs import WayError
from cardstunt.kernels.motion import gymnast_states
from cardstunt.kernels.ticks import TICKS_PER_SECOND
from cardstunt.kernels.ways import Ways
from hypothesis import given, settings
from hypothesis import strategies as st

SECOND = TICKS_PER_SECOND
SCENES = st.integers(0, 1 << 20)
EDGES = np.array([0, 1, 3, 12, 14, 24, 26, 36, 40, 52]) * SECOND


def places_at(ways: Ways, at: np.ndarray) -> np.ndarray:
    """Places of everyone, (F, P, 2)."""
    return np.stack(ways.places(ways.leg_at(ways.first[:-1], at[:, None]), at[:, None]), axis=2)


@settings(deadline=None, max_examples=40)
@given(scene=SCENES)
def test_people_are_where_the_kernel_of_motion_has_them(busy_drill, scene):
    one = busy_drill(scene)
    ways = drill_ways(one)
    at = np.concatenate([np.random.default_rng(scene).integers(-SECOND, 60 * SECOND, 300), EDGES])
    there = gymnast_states(one, at)[:, 0, :, :2]
    off = np.hypot(*np.moveaxis(places_at(ways, at) - there, 2, 0)).max(axis=0)
    assert (off <= ways.error + 1e-5).all()
    assert (ways.error[6:] == 0.0).all()  # who walks along no rail walks the closed form
    assert ways.error.max() < 0.01


@settings(deadline=None, max_examples=20)
@given(scene=SCENES)
def test_who_is_aloft_is_off_the_ground(busy_drill, scene):
    one = busy_drill(scene)
    ways, at = drill_ways(one), np.arange(0, 55 * SECOND, SECOND // 10)[:, None]
    leg = ways.leg_at(ways.first[:-1], at)
    ever, always = ways.grounded(leg, leg, at, at)
    assert (ever == always).all()
    height = gymnast_states(one, at[:, 0])[:, 0, :, 2]
    assert (height[~ever] > 0.0).all()
    assert not ever.all()
    assert ever[:, :8].all()
    # In the lower half of a climb people are still before the figure.
    assert (ever | (height < 0.2)).mean() > 0.5
    standing = (height == np.float32(1.4)) | (height == np.float32(2.8))
    assert not ever[standing].any()


def test_detours_given_come_before_the_drill_s_own(busy_drill):
    one = busy_drill(3)
    without = dataclasses.replace(one, detours=None)
    at = np.arange(0, 55 * SECOND, SECOND)
    straight = places_at(drill_ways(one, Detours.none(5, 12)), at)
    assert (straight == places_at(drill_ways(without), at)).all()
    assert (straight != places_at(drill_ways(one), at)).any()
    assert (places_at(drill_ways(without, one.detours), at) == places_at(drill_ways(one), at)).all()


def test_who_walks_a_loop_comes_back():
    one = Drill(
        places=np.zeros((2, 1, 2)),
        leave=np.array([0, 1]) * SECOND,
        arrive=np.array([0, 11]) * SECOND,
        clip=np.zeros(2, dtype=np.int64),
        canon=np.zeros((2, 1), dtype=np.int64),
        heading=np.zeros(2),
        bend=np.array([[[0.0, 0.0], [0.0, 0.0]], [[9.0, 9.0], [-9.0, 9.0]]]),
    )
    at = np.linspace(0, 12, 50) * SECOND
    there = gymnast_states(one, at.astype(np.int64))[:, 0, :, :2]
    assert np.abs(there).max() > 5
    assert places_at(drill_ways(one), at.astype(np.int64)) == pytest.approx(there, abs=1e-5)


def test_detours_of_another_drill(busy_drill):
    with pytest.raises(WayError, match="detours are for"):
        drill_ways(busy_drill(1), Detours.none(4, 6))


def test_places_that_are_none(busy_drill):
    one = busy_drill(1, rails=None)
    with pytest.raises(WayError, match="finite"):
        drill_ways(dataclasses.replace(one, places=one.places * np.nan))
