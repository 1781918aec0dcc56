from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from cardstunt.kernels.beams import Beams, FollowSpots, beam_directions, beam_states, spot_targets
from cardstunt.kernels.ticks import TICKS_PER_SECOND
from hypothesis import given
from hypothesis import strategies as st

START, END = 4 * TICKS_PER_SECOND, 20 * TICKS_PER_SECOND
COUNT = 12


def unit(vectors: np.ndarray) -> np.ndarray:
    return vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)


def beams(**changes: object) -> Beams:
    turn = 2 * np.pi * np.arange(COUNT) / COUNT
    place = np.stack([90 * np.cos(turn), 120 * np.sin(turn), np.full(COUNT, 55.0)], -1)
    forward = unit(-place)
    side = unit(np.cross(forward, [0.0, 0.0, 1.0]))
    made = Beams(
        START,
        END,
        place,
        forward,
        side,
        middle=np.zeros(COUNT),
        swing=np.full(COUNT, 0.4),
        phase=turn,
        period=3 * TICKS_PER_SECOND,
        reach=300.0,
        spread=0.03,
        lens=0.35,
        colour=np.tile([0.4, 0.5, 0.6], (COUNT, 1)),
    )
    return dataclasses.replace(made, **changes)


def spots(**changes: object) -> FollowSpots:
    made = FollowSpots(
        START,
        END,
        beams().place,
        moments=np.array([START, END]),
        middle=np.array([[0.0, 0.0, 0.0], [16.0, 0.0, 8.0]]),
        radius=10.0,
        period=0,
        spread=0.05,
        lens=0.35,
        colour=np.ones((COUNT, 3)),
    )
    return dataclasses.replace(made, **changes)


def at(*seconds: float) -> np.ndarray:
    return np.round(np.array(seconds) * TICKS_PER_SECOND).astype(np.int64)


@given(st.floats(0.0, 30.0))
def test_beams_end_on_the_ground_or_where_they_are_seen_no_more(time: float) -> None:
    state = beam_states(beams(), at(time))[0]
    lit = state[0, :, 3] > 0
    end = state[0, lit, :3] + state[2, lit, :3]
    length = np.linalg.norm(state[2, lit, :3], axis=-1)
    air = state[2, lit, 3] == 1.0
    assert np.abs(end[~air, 2]).max(initial=0.0) < 1e-3
    assert length[air] == pytest.approx(300.0, rel=1e-4)
    assert (length <= 300.01).all()
    assert state[0, lit, 3] == pytest.approx(0.35 + 0.03 * length, rel=1e-4)
    assert state[1, lit, 3] * state[0, lit, 3] == pytest.approx(np.full(lit.sum(), 0.35), rel=1e-4)


def test_a_beam_upwards_ends_in_the_air() -> None:
    up = np.tile([0.0, 0.0, 1.0], (COUNT, 1))
    state = beam_states(beams(forward=up, side=np.tile([1.0, 0.0, 0.0], (COUNT, 1))), at(10.0))[0]
    assert (state[2, :, 3] == 1.0).all()
    assert (state[2, :, 2] > 0.9 * 300.0).all()


def test_beams_swing_by_their_angle_and_come_back_after_their_period() -> None:
    swinging = beams()
    aim = beam_directions(swinging, at(*np.arange(4.0, 10.0, 0.01)))
    assert np.linalg.norm(aim, axis=-1) == pytest.approx(np.ones(aim.shape[:2]), abs=1e-12)
    off = np.arccos((aim * swinging.forward).sum(-1).clip(-1, 1))
    assert off.max(axis=0) == pytest.approx(np.full(COUNT, 0.4), abs=1e-3)
    assert aim[:100] == pytest.approx(aim[300:400], abs=1e-9)
    assert np.linalg.norm(np.diff(aim, axis=0), axis=-1).max() < 0.01 * 0.4 * 2 * np.pi / 3 * 1.01


def test_lamps_are_dark_outside_their_cue_and_fade_within_it() -> None:
    state = beam_states(beams(), at(3.9, 4.0, 4.25, 10.0, 19.9, 20.0, 25.0))
    assert not state[[0, 1, 5, 6]].any()
    level = state[:, 1, :, 0].max(-1) / 0.4
    assert 0.0 < level[2] < 1.0 == pytest.approx(level[3])
    assert 0.0 < level[4] < 1.0


def test_a_short_cue_is_lit_all_the_same() -> None:
    state = beam_states(beams(end=START + TICKS_PER_SECOND // 10), at(4.05))
    assert state[0, 1, :, 0] == pytest.approx(np.full(COUNT, 0.4))


def test_spots_follow_the_middle_in_a_ring() -> None:
    targets = spot_targets(spots(), at(4.0, 12.0, 20.0))
    middle = targets.mean(1)
    assert middle == pytest.approx(np.array([[0.0, 0.0, 0.0], [8.0, 0.0, 4.0], [16.0, 0.0, 8.0]]), abs=1e-9)
    assert np.linalg.norm(targets - middle[:, None], axis=-1) == pytest.approx(np.full((3, COUNT), 10.0))
    state = beam_states(spots(), at(12.0))[0]
    assert state[0, :, :3] + state[2, :, :3] == pytest.approx(targets[1], abs=1e-3)


def test_a_ring_of_spots_turns_once_in_its_period() -> None:
    turning = spots(middle=np.zeros((2, 3)), period=6 * TICKS_PER_SECOND)
    first, half, whole = spot_targets(turning, at(5.0, 8.0, 11.0))
    assert half == pytest.approx(-first, abs=1e-9)
    assert whole == pytest.approx(first, abs=1e-9)
