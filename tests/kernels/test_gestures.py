from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from cardstunt.kernels.gestures import (
    GESTURES,
    LOWER,
    RAISE,
    SHAKE,
    TILT,
    GestureError,
    Gestures,
    active_gestures,
    write_poses,
)
from hypothesis import given
from hypothesis import strategies as st

REST = (128, 0, 128)


def make(*rows):
    """Gestures of one holder: rows of kind, start, move, hold, amount, period; who gives none is left out."""
    kind, start, move, hold, amount, period = np.array(rows, dtype=np.int64).reshape(-1, 6).T
    return Gestures(
        kind.astype(np.int8),
        start[:, None],
        np.ones((len(rows), 1), bool),
        move,
        hold,
        amount.astype(np.int16),
        period,
    )


def poses(gestures, at, exposure=0):
    """Lift, tilt and roll of all holders at each moment, (moments, holders, 3)."""
    at = np.array(at, np.int64).reshape(-1)
    stop = at + max(exposure, 1)
    offset, which = active_gestures(gestures, at, stop)
    result = []
    for frame, now in enumerate(at):
        pose = np.full((gestures.start.shape[1], 4), (*REST, 255), np.uint8)
        write_poses(gestures, which[offset[frame] : offset[frame + 1]], int(now), exposure, pose)
        assert (pose[:, 3] == 255).all()
        result.append(pose[:, :3])
    return np.array(result)


def pose(gestures, at, exposure=0):
    return tuple(poses(gestures, at, exposure)[0, 0].tolist())


def smoothstep(x):
    x = np.clip(x, 0, 1)
    return 3 * x**2 - 2 * x**3


def test_the_kinds_have_names():
    assert (GESTURES[RAISE], GESTURES[LOWER], GESTURES[TILT], GESTURES[SHAKE]) == GESTURES


@pytest.mark.parametrize(
    ("kind", "reached"), [(RAISE, (255, 0, 128)), (LOWER, (0, 0, 128)), (TILT, (128, 255, 128))]
)
def test_a_gesture_goes_there_stays_and_comes_back(kind, reached):
    gesture = make((kind, 1000, 100, 50, 255, 1))
    assert [pose(gesture, at) for at in (0, 999, 1000, 1100, 1120, 1150)] == [REST] * 3 + [reached] * 3
    assert [pose(gesture, at) for at in (1250, 1251, 9999)] == [REST] * 3


@pytest.mark.parametrize("kind", [RAISE, LOWER, TILT])
def test_the_way_is_the_smoothstep_and_the_way_back_mirrors_it(kind):
    gesture = make((kind, 0, 1000, 0, 255, 1))
    byte = 1 if kind == TILT else 0
    at = np.arange(0, 2001, 13)
    seen = poses(gesture, at)[:, 0, byte].astype(float)
    way = smoothstep(np.minimum(at, 2000 - at) / 1000)
    wanted = {RAISE: 128 + 127 * way, LOWER: 128 - 128 * way, TILT: 255 * way}[kind]
    np.testing.assert_allclose(seen, wanted, atol=1.01)
    np.testing.assert_array_equal(seen, poses(gesture, 2000 - at)[:, 0, byte])


def test_the_amount_is_a_share_of_the_way():
    assert pose(make((RAISE, 0, 10, 90, 128, 1)), 50) == (192, 0, 128)
    assert pose(make((TILT, 0, 10, 90, 51, 1)), 50) == (128, 51, 128)
    assert pose(make((RAISE, 0, 10, 90, 0, 1)), 50) == REST


def test_a_shake_goes_to_and_fro_about_rest():
    gesture = make((SHAKE, 0, 100, 1000, 255, 40))
    quarters = [pose(gesture, 400 + 10 * quarter)[2] for quarter in range(5)]
    assert quarters == [128, 255, 128, 1, 128]
    roll = poses(gesture, np.arange(200, 600))[:, 0, 2].astype(float)
    np.testing.assert_allclose(roll, 128 + 127 * np.sin(2 * np.pi * np.arange(200, 600) / 40), atol=8)


def test_a_shake_swells_and_dies_away():
    roll = poses(make((SHAKE, 0, 400, 0, 255, 40)), np.arange(800))[:, 0, 2].astype(int) - 128
    swing = np.abs(roll).reshape(20, 40).max(1)
    assert (np.diff(swing[:10]) > 0).all()
    assert (np.diff(swing[10:]) < 0).all()


def test_of_one_kind_the_largest_counts():
    small, large = (RAISE, 0, 10, 500, 60, 1), (RAISE, 100, 10, 100, 255, 1)
    for gestures in (make(small, large), make(large, small)):
        alone = make(small)
        assert pose(gestures, 50) == pose(alone, 50)
        assert pose(gestures, 150) == (255, 0, 128)
        assert pose(gestures, 300) == pose(alone, 300)


def test_a_larger_shake_takes_over():
    small, large = (SHAKE, 0, 10, 990, 100, 40), (SHAKE, 0, 10, 990, 200, 28)
    for gestures in (make(small, large), make(large, small)):
        assert [pose(gestures, at) for at in range(100, 140)] == [
            pose(make(large), at) for at in range(100, 140)
        ]


def test_kinds_go_together_and_raising_and_lowering_add_up():
    everything = make(
        (RAISE, 0, 10, 90, 255, 1),
        (LOWER, 0, 10, 90, 255, 1),
        (TILT, 0, 10, 90, 100, 1),
        (SHAKE, 0, 10, 90, 255, 40),
    )
    assert pose(everything, 50) == (127, 100, 255)


def test_who_takes_no_part_stays_at_rest():
    gesture = make((RAISE, 0, 10, 90, 255, 1))
    two = dataclasses.replace(gesture, start=np.zeros((1, 2), np.int64), taking=np.array([[True, False]]))
    assert poses(two, 50)[0].tolist() == [[255, 0, 128], [*REST]]


def test_an_empty_cell_is_left_as_it_is():
    nobody = np.zeros((1, 4), np.uint8)
    write_poses(make((RAISE, 0, 10, 90, 255, 1)), np.array([0], np.int32), 50, 0, nobody)
    assert not nobody.any()


def test_an_exposure_is_the_mean_of_its_instants():
    gestures = make(
        (RAISE, 100, 300, 200, 255, 1), (TILT, 50, 90, 10, 200, 1), (SHAKE, 0, 200, 500, 255, 300)
    )
    for at, exposure in ((0, 1000), (150, 60), (350, 700), (40, 5)):
        instants = poses(gestures, np.linspace(at, at + exposure, 500, endpoint=False))[:, 0].mean(0)
        np.testing.assert_allclose(pose(gestures, at, exposure), instants, atol=2)


def test_many_shakes_within_an_exposure_come_to_nothing():
    """Also where the instants that are looked at all fall upon the same phase."""
    gesture = make((SHAKE, 0, 10, 10**6, 255, 100))
    for exposure in (3200, 6400, 12_800, 1601):
        assert pose(gesture, 125, exposure)[2] == pytest.approx(128, abs=1)


@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.integers(0, 999), st.integers(1, 200), st.integers(0, 300)),
        max_size=6,
    )
)
def test_only_active_gestures_are_named_and_none_is_missed(rows):
    gestures = make(*[(*row, 255, 50) for row in rows])
    at = np.arange(-50, 2000, 61)
    offset, which = active_gestures(gestures, at, at + 1)
    for frame, now in enumerate(at):
        active = [
            index
            for index, (_, start, move, hold) in enumerate(rows)
            if start <= now < start + 2 * move + hold
        ]
        assert which[offset[frame] : offset[frame + 1]].tolist() == active


def test_no_gestures_are_never_active():
    offset, which = active_gestures(Gestures.none(7), np.arange(5), np.arange(5) + 1)
    assert offset.tolist() == [0] * 6
    assert which.size == 0


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"kind": np.array([4], np.int8)}, "kind must lie between 0 and 3"),
        ({"kind": np.array([-1], np.int8)}, "kind must lie between 0 and 3"),
        ({"kind": np.array([0], np.int64)}, "kind must be int8"),
        ({"start": np.zeros(1, np.int64)}, "start must have shape"),
        ({"taking": np.ones((1, 2), bool)}, r"taking must be bool of shape \(1, 1\)"),
        ({"move": np.array([0])}, "move must lie between 1"),
        ({"hold": np.array([-1])}, "hold must lie between 0"),
        ({"amount": np.array([256], np.int16)}, "amount must lie between 0 and 255"),
        ({"period": np.array([0])}, "period must lie between 1"),
        ({"move": np.array([1 << 47])}, "move must lie between"),
    ],
)
def test_arrays_that_do_not_fit_are_refused(changes, message):
    with pytest.raises(GestureError, match=message):
        dataclasses.replace(make((RAISE, 0, 10, 90, 255, 1)), **changes)
