from __future__ import annotations

import numpy as np
import pytest
from cardstunt.kernels.drones import SIZE, Drones, drone_states
from cardstunt.kernels.ticks import TICKS_PER_SECOND
from hypothesis import given, settings
from hypothesis import strategies as st

COUNT = 60
LEAVE, ARRIVE, END = (seconds * TICKS_PER_SECOND for seconds in (5, 13, 30))


def drones(seed: int = 0) -> Drones:
    random = np.random.default_rng(4)
    ground = np.stack(
        [np.repeat(np.arange(10.0), 6) - 200.0, np.tile(np.arange(6.0), 10), np.zeros(COUNT)], -1
    )
    goal = random.uniform([-5.0, -80.0, 100.0], [5.0, 80.0, 160.0], (COUNT, 3))
    colour = random.uniform(0.2, 1.0, (COUNT, 3))
    return Drones(seed, 1, LEAVE, ARRIVE, END, ground, goal, colour)


def states(flown: Drones, *seconds: float) -> np.ndarray:
    return drone_states(flown, np.round(np.array(seconds) * TICKS_PER_SECOND).astype(np.int64))


@settings(deadline=None)
@given(time=st.floats(0.0, 40.0), seed=st.integers(0, 2**60))
def test_drones_are_between_the_ground_and_their_places(time: float, seed: int) -> None:
    state = states(drones(seed), time)[0]
    lit = state[0, :, 3] > 0
    assert np.isfinite(state).all()
    assert set(state[0, lit, 3].tolist()) <= {np.float32(SIZE)}
    assert (state[0, lit, :3] >= [-201.0, -81.0, -0.2]).all()
    assert (state[0, lit, :3] <= [6.0, 81.0, 161.0]).all()
    assert (state[1, :, :3] <= 1.0).all()
    assert not state[2, :, :3].any()


def test_they_start_on_the_ground_and_are_in_their_places_in_time() -> None:
    flown = drones()
    early, there = states(flown, 5.9, 13.0)
    lit = early[0, :, 3] > 0
    assert lit.any()
    assert early[0, lit, 2].max() < 20.0
    assert there[0, :, :3] == pytest.approx(flown.goal, abs=0.25)
    assert there[1, :, :3] == pytest.approx(flown.colour, rel=1e-3)


def test_they_take_off_one_after_another() -> None:
    lit = (states(drones(), 5.3, 6.0, 7.0, 8.5)[:, 0, :, 3] > 0).sum(axis=1)
    assert 0 < lit[0] < lit[1] < lit[2] < lit[3] == COUNT


def test_nothing_shines_before_take_off_and_after_the_lights_are_out() -> None:
    flown = drones()
    last = flown.span[1] / TICKS_PER_SECOND
    assert not states(flown, 0.0, 4.99, last, last + 1.0).any()
    assert states(flown, 20.0)[0, 0, :, 3].all()


def test_they_fly_without_jumps_and_rise_before_they_cross() -> None:
    flown = drones()
    times = np.arange(5.0, 30.0, 0.02)
    state = states(flown, *times)
    both = (state[1:, 0, :, 3] > 0) & (state[:-1, 0, :, 3] > 0)
    step = np.linalg.norm(np.diff(state[:, 0, :, :3], axis=0), axis=-1)[both]
    assert step.max() < 0.02 * 120.0
    way = (state[:, 0, :, :3] - flown.ground) / (flown.goal - flown.ground + 1e-9)
    moving = (state[:, 0, :, 3] > 0) & (way[..., 2] > 0.05) & (way[..., 2] < 0.9)
    assert (way[..., 0] < way[..., 2] + 0.02)[moving].all()


def test_they_fly_the_same_again() -> None:
    assert np.array_equal(states(drones(), 8.0, 20.0)[::-1], states(drones(), 20.0, 8.0))
    assert not np.array_equal(states(drones(), 8.0), states(drones(1), 8.0))
