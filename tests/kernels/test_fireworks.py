from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from cardstunt.kernels.array_module import to_numpy
from cardstunt.kernels.fireworks import BURSTS, Fireworks, firework_states, rise_seconds
from cardstunt.kernels.particles import GRAVITY
from cardstunt.kernels.ticks import TICKS_PER_SECOND
from hypothesis import given, settings
from hypothesis import strategies as st

BURST = 20 * TICKS_PER_SECOND


def shells(*kinds: str, seed: int = 0, radius: float = 50.0) -> Fireworks:
    count = len(kinds)
    east = np.linspace(-100.0, 100.0, count) if count > 1 else np.zeros(1)
    return Fireworks(
        seed=seed,
        cue=2,
        burst=np.full(count, BURST, np.int64),
        kind=np.array([BURSTS.index(kind) for kind in kinds]),
        start=np.stack([east, np.zeros(count), np.zeros(count)], -1),
        centre=np.stack([east, np.zeros(count), np.full(count, 180.0)], -1),
        radius=np.full(count, radius),
        colour=np.tile([1.0, 0.1, 0.2], (count, 1)),
        core=np.tile([0.1, 0.2, 1.0], (count, 1)),
    )


def states(fireworks: Fireworks, *seconds: float, exposure: float = 0.0) -> np.ndarray:
    at = BURST + np.round(np.array(seconds) * TICKS_PER_SECOND).astype(np.int64)
    open_for = np.full(len(at), round(exposure * TICKS_PER_SECOND), np.int64)
    return to_numpy(firework_states(fireworks, at, open_for))


@settings(deadline=None, max_examples=40)
@given(
    kind=st.sampled_from(BURSTS),
    seed=st.integers(0, 2**40),
    time=st.floats(-10.0, 10.0),
    exposure=st.floats(0.0, 1.0),
)
def test_sparks_are_bounded_at_any_moment(kind: str, seed: int, time: float, exposure: float) -> None:
    state = states(shells(kind, seed=seed), time, exposure=exposure)[0]
    assert np.isfinite(state).all()
    lit = state[0, :, 3] > 0
    place, colour = state[0, lit, :3], state[1, lit, :3]
    assert (np.abs(place - [0.0, 0.0, 120.0]) <= [80.0, 80.0, 150.0]).all()
    assert (colour >= 0.0).all()
    assert (colour <= 3.0).all()
    assert (state[2, lit, 3] <= 2.0).all()


@pytest.mark.parametrize("kind", BURSTS)
def test_nothing_is_seen_before_the_launch_and_after_the_last_ember(kind: str) -> None:
    fireworks = shells(kind)
    first, last = (tick / TICKS_PER_SECOND - 20.0 for tick in fireworks.span)
    assert first == pytest.approx(-rise_seconds(180.0), abs=1e-6)
    assert not states(fireworks, first - 0.01, last, last + 1.0).any()
    assert states(fireworks, first + 0.1, 0.5, 1.5).any(axis=(1, 2, 3)).all()


def test_a_shell_rises_as_a_stone_thrown_up_and_bursts_where_it_is_highest() -> None:
    fireworks = shells("peony")
    times = np.linspace(-rise_seconds(180.0) + 0.05, -0.01, 40)
    state = states(fireworks, *times)
    head = state[:, 0, -4]
    assert (head[:, 3] > 0).all()
    assert head[:, 2] == pytest.approx(180.0 - 0.5 * GRAVITY * times**2, abs=1e-3)
    assert (np.diff(head[:, 2]) > 0).all()


@pytest.mark.parametrize("kind", BURSTS)
def test_stars_fly_on_without_jumps(kind: str) -> None:
    times = np.linspace(0.02, 1.4, 300)
    fireworks = shells(kind)
    state = states(fireworks, *times)
    star = fireworks.sparks.part == 0
    both = (state[1:, 0, star, 3] > 0) & (state[:-1, 0, star, 3] > 0)
    step = np.linalg.norm(np.diff(state[:, 0, star, :3], axis=0), axis=-1)[both]
    # A star is at most as fast as it sets off.
    fastest = np.linalg.norm(fireworks.sparks.velocity, axis=-1).max() + 20.0
    assert step.max() <= fastest * (times[1] - times[0]) * 1.01
    brightness = np.abs(np.diff(state[:, 1, star, :3], axis=0)).max(-1)[both]
    assert brightness.max() < 0.5


def test_stars_fly_as_integration_says() -> None:
    fireworks = shells("peony")
    sparks = fireworks.sparks
    star = np.flatnonzero(sparks.part == 0)[:20]
    velocity, place = sparks.velocity[star].copy(), np.tile([0.0, 0.0, 180.0], (20, 1))
    settle = sparks.settle[star][:, None]
    step = 1e-4
    wind = states(fireworks, 1e6)  # nothing left
    assert not wind.any()
    drift = np.concatenate([np.tile([1.6, 0.9], (20, 1)), -GRAVITY * settle], -1)
    for _ in range(12_000):
        middle = velocity + 0.5 * step * (drift - velocity) / settle
        place += step * middle
        velocity += step * (drift - middle) / settle
    assert states(fireworks, 1.2)[0, 0, star, :3] == pytest.approx(place, abs=0.02)


def test_kinds_differ_in_shape() -> None:
    reach = {kind: states(shells(kind), 1.2)[0] for kind in BURSTS}

    def stars(kind: str) -> np.ndarray:
        sparks = shells(kind).sparks
        chosen = (sparks.part == 0) & (sparks.lag == 0)
        return reach[kind][0, chosen & (reach[kind][0, :, 3] > 0), :3] - [0.0, 0.0, 180.0]

    flat = np.linalg.svd(stars("ring") - stars("ring").mean(0), compute_uv=False)
    assert flat[2] < 0.05 * flat[1]
    round_ = np.linalg.svd(stars("peony") - stars("peony").mean(0), compute_uv=False)
    assert round_[2] > 0.8 * round_[0]
    assert stars("palm")[:, 2].mean() > 10.0
    tail = np.linalg.norm(reach["willow"][2, :, :3], axis=-1).max()
    assert tail > 2.0 * np.linalg.norm(reach["peony"][2, :, :3], axis=-1).max() > 0.0


def test_a_longer_exposure_gives_longer_streaks() -> None:
    fireworks = shells("peony")
    star = fireworks.sparks.part == 0
    short, long = (
        np.linalg.norm(states(fireworks, 0.6, exposure=seconds)[0, 2, star, :3], axis=-1).mean()
        for seconds in (0.0, 0.4)
    )
    assert long > 1.5 * short


def test_the_pieces_of_a_trail_join() -> None:
    fireworks = shells("willow")
    state = states(fireworks, 1.8)[0]
    sparks = 5
    head = state[0, : 3 * sparks, :3].reshape(3, sparks, 3)
    reach = state[2, : 3 * sparks, :3].reshape(3, sparks, 3)
    assert head[:, :-1] + reach[:, :-1] == pytest.approx(head[:, 1:], abs=1e-3)


def test_the_same_shells_fly_the_same_in_any_order_and_others_differently() -> None:
    fireworks = shells("palm", "willow")
    forward = states(fireworks, 0.3, 1.0)
    assert np.array_equal(forward[::-1], states(fireworks, 1.0, 0.3))
    assert np.array_equal(forward, states(shells("palm", "willow"), 0.3, 1.0))
    assert not np.array_equal(forward, states(dataclasses.replace(fireworks, seed=1), 0.3, 1.0))
    assert not np.array_equal(forward, states(dataclasses.replace(fireworks, cue=3), 0.3, 1.0))


def test_stars_change_from_the_first_colour_to_the_second() -> None:
    early, late = states(shells("peony"), 0.3, 1.7)[:, 1, :100]
    assert (early[:, 0] > early[:, 2]).all()
    assert (late[late.any(-1)][:, 2] > late[late.any(-1)][:, 0]).all()
