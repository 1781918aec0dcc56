from __future__ import annotations

import numpy as np
import pytest
from cardstunt.kernels.particles import LAYERS, along_arc, layers, ramp, seconds_since
from cardstunt.kernels.ticks import TICKS_PER_SECOND
from hypothesis import given
from hypothesis import strategies as st

speeds = st.floats(-120.0, 120.0)


def integrated(velocity: float, drift: float, settle: float, time: float, steps: int = 4000) -> float:
    """The way, by the midpoint rule on dv/dt = (drift - v) / settle."""
    step, way, speed = time / steps, 0.0, velocity
    for _ in range(steps):
        middle = speed + 0.5 * step * (drift - speed) / settle
        way += step * middle
        speed += step * (drift - middle) / settle
    return way


@given(velocity=speeds, drift=speeds, settle=st.floats(0.3, 3.0), time=st.floats(0.0, 8.0))
def test_a_way_through_the_air_is_what_integration_gives(
    velocity: float, drift: float, settle: float, time: float
) -> None:
    way = along_arc(velocity, drift, settle, time, np)
    assert way == pytest.approx(integrated(velocity, drift, settle, time), rel=1e-4, abs=1e-3)


def test_late_moments_are_as_exact_as_early_ones() -> None:
    day = 24 * 3600 * TICKS_PER_SECOND
    assert seconds_since(np.array([day + 1]), day) == pytest.approx(1.0 / TICKS_PER_SECOND, rel=1e-12)


@given(st.floats(-10.0, 10.0))
def test_a_ramp_stays_between_its_ends(time: float) -> None:
    assert 0.0 <= ramp(np.array(time), -1.0, 2.0, np) <= 1.0
    assert ramp(np.array([-1.0, 0.5, 2.0]), -1.0, 2.0, np) == pytest.approx([0.0, 0.5, 1.0])


def test_layers_hold_what_they_are_given_and_nothing_of_what_is_not_there() -> None:
    size = np.array([[0.5, 0.0, 2.0]])
    state = layers(np.ones((1, 3, 3)), size, np.full(3, 4.0), 5.0, np.full((3, 3), 6.0), 7.0, np)
    assert (state.shape, state.dtype) == ((1, LAYERS, 3, 4), np.float32)
    assert state[0, :, 0].tolist() == [[1.0, 1.0, 1.0, 0.5], [4.0, 4.0, 4.0, 5.0], [6.0, 6.0, 6.0, 7.0]]
    assert not state[0, :, 1].any()
