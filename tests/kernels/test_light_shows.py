"""What holds for all kinds of light shows."""

from __future__ import annotations

import dataclasses
from fractions import Fraction

import numpy as np
import pytest
from cardstunt.kernels.array_module import is_cupy, to_numpy
from cardstunt.kernels.beams import Beams, FollowSpots
from cardstunt.kernels.confetti import Confetti
from cardstunt.kernels.drones import Drones
from cardstunt.kernels.fireworks import Fireworks
from cardstunt.kernels.light_shows import Effect, light_states, shining
from cardstunt.kernels.particles import LAYERS
from cardstunt.kernels.strobes import Strobes
from cardstunt.kernels.ticks import TICKS_PER_SECOND

START, END = 4 * TICKS_PER_SECOND, 12 * TICKS_PER_SECOND
PLACES = np.array([[90.0, 0.0, 50.0], [0.0, 110.0, 50.0], [-90.0, 0.0, 50.0]])
ONES = np.ones((3, 3))
UNIT = -PLACES / np.linalg.norm(PLACES, axis=1)[:, None]
SIDE = np.cross(UNIT, [0.0, 0.0, 1.0])

EFFECTS: tuple[Effect, ...] = (
    Beams(
        START, END, PLACES, UNIT, SIDE, np.zeros(3), np.full(3, 0.2), np.zeros(3), END, 300.0, 0.03, 0.3, ONES
    ),
    FollowSpots(START, END, PLACES, np.array([START]), np.zeros((1, 3)), 5.0, END, 0.05, 0.3, ONES),
    Confetti(1, 0, np.full(3, START), PLACES, np.full(3, 10.0), ONES, 0.08, END * 9),
    Drones(1, 0, START, END - TICKS_PER_SECOND, END, PLACES * [1, 1, 0], PLACES * 2, ONES),
    Fireworks(
        1,
        0,
        np.full(3, START),
        np.array([0, 2, 3]),
        PLACES * [1, 1, 0],
        PLACES * 3,
        np.full(3, 40.0),
        ONES,
        ONES,
    ),
    Strobes(1, 0, START, END, Fraction(4), False, PLACES, ONES),
)
NAMES = [type(effect).__name__ for effect in EFFECTS]


@pytest.mark.parametrize("effect", EFFECTS, ids=NAMES)
def test_states_have_a_shape_and_are_seen_only_within_their_span(effect: Effect) -> None:
    first, last = effect.span
    inside = np.linspace(first, last, 60, endpoint=False).astype(np.int64)
    outside = np.array([first - END, first - 1, last, last + 1, last + END], np.int64)
    state = light_states(effect, inside)
    assert (state.shape, state.dtype) == ((60, LAYERS, effect.count, 4), np.float32)
    assert state.any()
    assert not light_states(effect, outside).any()
    assert shining(effect, inside).all()
    assert not shining(effect, outside).any()


@pytest.mark.parametrize("effect", EFFECTS, ids=NAMES)
def test_a_moment_does_not_depend_on_the_others(effect: Effect) -> None:
    at = np.linspace(*effect.span, 9).astype(np.int64)
    whole = light_states(effect, at, np.full(9, 7_000_000))
    for number in (0, 4, 8):
        alone = light_states(effect, at[number : number + 1], np.full(1, 7_000_000))
        assert np.array_equal(alone[0], whole[number])


@pytest.mark.parametrize("effect", EFFECTS, ids=NAMES)
def test_arrays_on_a_device_stay_there_and_give_the_same(effect: Effect, stand_in) -> None:
    def moved(value: object) -> object:
        return stand_in.asarray(value) if isinstance(value, np.ndarray) and value.dtype.kind == "f" else value

    there = dataclasses.replace(
        effect, **{field.name: moved(getattr(effect, field.name)) for field in dataclasses.fields(effect)}
    )
    at = np.linspace(*effect.span, 7).astype(np.int64)
    state = light_states(there, at)
    assert is_cupy(state)
    assert np.array_equal(to_numpy(state), light_states(effect, at))
