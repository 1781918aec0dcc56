from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from cardstunt.kernels.confetti import SETTLE, Confetti, blast_speed, confetti_states, latest_fall
from cardstunt.kernels.ticks import TICKS_PER_SECOND
from hypothesis import given, settings
from hypothesis import strategies as st

COUNT = 300
START, END = 10 * TICKS_PER_SECOND, 14 * TICKS_PER_SECOND


def confetti(height: float = 0.6, apex: float = 20.0, **changes: object) -> Confetti:
    pieces = Confetti(
        seed=5,
        cue=1,
        blown=np.linspace(START, END, COUNT).astype(np.int64),
        place=np.tile([3.0, -4.0, height], (COUNT, 1)),
        apex=np.full(COUNT, apex),
        colour=np.tile([0.8, 0.1, 0.2], (COUNT, 1)),
        size=0.08,
        gone=END + latest_fall(height + apex) + 30 * TICKS_PER_SECOND,
    )
    return dataclasses.replace(pieces, **changes)


def states(pieces: Confetti, *seconds: float) -> np.ndarray:
    return confetti_states(pieces, np.round(np.array(seconds) * TICKS_PER_SECOND).astype(np.int64))


@settings(deadline=None)
@given(time=st.floats(0.0, 200.0), height=st.floats(0.5, 60.0), apex=st.sampled_from([0.0, 3.0, 22.0, 60.0]))
def test_pieces_stay_above_the_ground_and_below_where_they_are_blown(
    time: float, height: float, apex: float
) -> None:
    state = states(confetti(height, apex), time)[0]
    assert np.isfinite(state).all()
    seen = state[0, :, 3] > 0
    assert (state[0, seen, 2] >= 0.0).all()
    assert (state[0, seen, 2] <= height + apex + 0.1).all()
    assert np.abs(state[0, seen, :2] - [3.0, -4.0]).max(initial=0.0) < 250.0


@given(apex=st.floats(1.0, 60.0), sink=st.floats(0.8, 1.8))
def test_a_blast_reaches_its_height(apex: float, sink: float) -> None:
    speed = float(blast_speed(apex, sink))
    step, height, highest = 1e-3, 0.0, 0.0
    for _ in range(12_000):
        middle = speed + 0.5 * step * (-sink - speed) / SETTLE
        height += step * middle
        speed += step * (-sink - middle) / SETTLE
        highest = max(highest, height)
        if speed < 0:
            break
    assert highest == pytest.approx(apex, rel=2e-3)


def test_pieces_are_blown_as_high_as_is_said_and_no_higher() -> None:
    pieces = confetti(apex=20.0, blown=np.full(COUNT, START))
    height = states(pieces, *np.arange(10.0, 16.0, 0.02))[:, 0, :, 2].max(0) - 0.6
    assert 19.5 < height.max() < 20.1
    assert 6.0 < height.min() < 9.0


def test_nothing_is_seen_before_the_first_and_after_the_last() -> None:
    pieces = confetti()
    last = pieces.gone / TICKS_PER_SECOND
    assert pieces.span == (START, pieces.gone)
    assert not states(pieces, 0.0, 9.99, last, last + 5.0).any()
    assert (states(pieces, 10.5, 30.0)[:, 0, :, 3] > 0).any(axis=1).all()


def test_pieces_move_without_jumps_and_end_on_the_ground() -> None:
    pieces = confetti(apex=12.0)
    times = np.arange(10.0, 45.0, 0.02)
    state = states(pieces, *times)
    place, seen = state[:, 0, :, :3], state[:, 0, :, 3] > 0
    both = seen[1:] & seen[:-1]
    assert np.linalg.norm(np.diff(place, axis=0), axis=-1)[both].max() < 0.02 * 40.0
    assert (state[-1, 2, :, 3] == 1.0).all()
    assert place[-1, :, 2].max() < 0.05
    # Who lies stays where they are.
    lying = (state[:-1, 2, :, 3] == 1.0) & both
    assert np.abs(np.diff(place, axis=0))[lying].max() == 0.0


def test_paper_falls_slowly() -> None:
    times = np.arange(16.0, 20.0, 0.1)
    pieces = confetti(height=60.0, apex=0.0, blown=np.full(COUNT, START))
    fall = -np.diff(states(pieces, *times)[:, 0, :, 2], axis=0) / 0.1
    assert 0.9 < fall.min() <= fall.max() < 1.6


def test_it_is_the_same_again_and_another_for_another_cue() -> None:
    pieces = confetti()
    assert np.array_equal(states(pieces, 12.0, 20.0)[::-1], states(confetti(), 20.0, 12.0))
    assert not np.array_equal(states(pieces, 20.0), states(confetti(cue=2), 20.0))
