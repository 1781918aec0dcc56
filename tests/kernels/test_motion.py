from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from cardstunt.kernels.array_module import gpu_available, to_numpy
from cardstunt.kernels.motion import CLIPS, MARCH, STAND, Drill, MotionError, gymnast_states
from cardstunt.kernels.ticks import TICKS_PER_SECOND
from hypothesis import given, settings
from hypothesis import strategies as st

PEOPLE = 40
END = 40 * TICKS_PER_SECOND
X, Y, Z, HEADING = range(4)
CYCLE, CLIP, HEIGHT, VARIATION = range(4)


def drill(scene: int = 0, **changes: object) -> Drill:
    """Four sets between 1 s and 30 s."""
    random = np.random.default_rng(scene)
    seconds = np.array([1.0, 3.0, 13.0, 23.0])
    leave = (seconds * TICKS_PER_SECOND).astype(np.int64)
    arrive = ((seconds + np.array([0.0, 6.0, 6.0, 7.0])) * TICKS_PER_SECOND).astype(np.int64)
    numbers = {
        "places": random.uniform(-50.0, 50.0, (4, PEOPLE, 2)),
        "leave": leave,
        "arrive": arrive,
        "clip": random.integers(0, len(CLIPS), 4).astype(np.int16),
        "canon": random.integers(0, TICKS_PER_SECOND, (4, PEOPLE)),
        "heading": random.uniform(-np.pi, np.pi, 4),
        "seed": scene,
    }
    return Drill(**(numbers | changes))


def at(*seconds: float) -> np.ndarray:
    return np.array([round(second * TICKS_PER_SECOND) for second in seconds], dtype=np.int64)


SEEDS = st.integers(0, 30)
TIMES = st.lists(st.integers(-TICKS_PER_SECOND, END), min_size=1, max_size=30)


@settings(deadline=None)
@given(seed=SEEDS)
def test_people_stand_in_the_formation_exactly_from_arrival_to_leaving(seed):
    one = drill(seed)
    for index in range(4):
        leaves = int(one.leave[index + 1]) if index < 3 else END
        states = gymnast_states(one, np.array([one.arrive[index], leaves]))
        assert (states[:, 0, :, :2] == one.places[index].astype(np.float32)).all()
        assert (states[:, 1, :, CLIP] == one.clip[index]).all()
        if index:  # the last walk ends with no step at all
            last = gymnast_states(one, one.arrive[index : index + 1] - 1)[0, 0]
            assert np.array_equal(last[:, :2], states[0, 0, :, :2])
        target = np.mod(states[:, 0, :, HEADING] - one.heading[index] + np.pi, 2 * np.pi) - np.pi
        assert np.abs(target).max() < 1e-5


def test_before_the_beginning_everyone_waits_in_the_first_set():
    one = drill()
    early = gymnast_states(one, at(-100, 0, 1))
    assert (early[:, 0] == early[2, 0]).all()
    assert (early[:, 1, :, CYCLE] == 0).all()


@settings(deadline=None)
@given(seed=SEEDS, times=TIMES)
def test_frames_are_the_same_bytes_in_any_order_and_company(seed, times):
    one = drill(seed)
    together = gymnast_states(one, np.array(times))
    backwards = gymnast_states(drill(seed), np.array(times[::-1]))
    assert together.tobytes() == backwards[::-1].tobytes()
    for index, moment in enumerate(times):
        assert gymnast_states(one, np.array([moment]))[0].tobytes() == together[index].tobytes()


def test_large_requests_are_the_same_as_small_ones():
    random = np.random.default_rng(3)
    places = random.uniform(-50.0, 50.0, (4, 9000, 2))
    one = drill(places=places, canon=np.zeros((4, 9000), dtype=np.int64))
    times = at(*np.linspace(0, 35, 9))
    alone = [gymnast_states(one, times[k : k + 1])[0] for k in range(9)]
    assert gymnast_states(one, times).tobytes() == np.stack(alone).tobytes()


@settings(max_examples=20, deadline=None)
@given(seed=SEEDS)
def test_nothing_jumps(seed):
    one = drill(seed)
    times = np.arange(0, END, TICKS_PER_SECOND // 60)
    states = gymnast_states(one, times).astype(np.float64)
    step = np.diff(states, axis=0)
    reach = np.linalg.norm(np.diff(one.places, axis=0), axis=-1).max()
    fastest = 1.875 * reach / (6.0 * (1 - one.stagger)) / 60
    assert np.linalg.norm(step[:, 0, :, :2], axis=-1).max() <= fastest * 1.01
    # Half a turn in the turning part of the shortest walk, at smootherstep's steepest.
    turning = 1.875 * np.pi / (0.15 * 6.0 * (1 - one.stagger)) / 60
    assert np.abs(step[:, 0, :, HEADING]).max() <= turning * 1.01
    assert (states[:, 0, :, Z] == 0).all()
    cycle = step[:, 1, :, CYCLE]
    assert cycle.min() >= 0
    stride = 1.875 * (reach / 1.5 + 1) / (6.0 * (1 - one.stagger)) / 60
    assert cycle.max() <= max(stride, max(one.rates) / 60) * 1.05


@settings(max_examples=20, deadline=None)
@given(seed=SEEDS)
def test_one_move_follows_another_at_whole_cycles(seed):
    states = gymnast_states(drill(seed), np.arange(0, END, TICKS_PER_SECOND // 50))
    cycle, clip = states[:, 1, :, CYCLE], states[:, 1, :, CLIP]
    frame, person = np.nonzero(np.diff(clip, axis=0))
    assert len(frame)
    before, after = cycle[frame, person], cycle[frame + 1, person]
    # In one frame the phase can have moved on by little: at both ends of a walk people hardly move.
    assert np.minimum(np.abs(before - np.rint(before)), np.abs(after - np.rint(after))).max() < 0.02


def test_marching_follows_the_ground_that_is_covered():
    one = drill(2)
    times = np.arange(int(one.leave[1]), int(one.arrive[1]) + 1, TICKS_PER_SECOND // 30)
    states = gymnast_states(one, times).astype(np.float64)
    covered = np.linalg.norm(states[:, 0, :, :2] - one.places[0], axis=-1)
    cycles = states[:, 1, :, CYCLE] - states[0, 1, :, CYCLE]
    whole = np.linalg.norm(one.places[1] - one.places[0], axis=-1)
    pairs = cycles[-1]
    assert (pairs == np.rint(pairs)).all()
    assert np.allclose(cycles / pairs, covered / whole, atol=1e-4)
    assert (np.abs(whole / (2 * pairs) - one.step_length) <= one.step_length / (2 * pairs - 1)).all()
    walking = (covered > 0.01) & (covered < whole - 0.01)
    assert (states[:, 1, :, CLIP][walking] == MARCH).all()


def test_people_walk_straight_and_look_where_they_go():
    one = drill(4)
    middle = gymnast_states(one, at(6.0))[0, 0].astype(np.float64)
    way = one.places[1] - one.places[0]
    gone = middle[:, :2] - one.places[0]
    assert np.abs(way[:, 0] * gone[:, 1] - way[:, 1] * gone[:, 0]).max() < 1e-2
    looks = np.stack([np.cos(middle[:, HEADING]), np.sin(middle[:, HEADING])], axis=1)
    assert np.allclose(looks, way / np.linalg.norm(way, axis=1, keepdims=True), atol=1e-5)


def test_people_turn_the_short_way_and_heading_runs_on():
    circle = np.array([[[0.0, 0.0]], [[-10.0, 0.1]], [[-10.1, -10.0]], [[0.0, -10.1]]])
    one = drill(places=circle, canon=np.zeros((4, 1), dtype=np.int64), heading=np.full(4, 3.0))
    heading = gymnast_states(one, np.arange(0, END, TICKS_PER_SECOND // 10))[:, 0, 0, HEADING]
    assert np.abs(np.diff(heading)).max() < 1.0
    walking = gymnast_states(one, at(6.0, 16.0, 26.5))[:, 0, 0, HEADING]
    assert np.allclose(walking, [np.pi, 3 * np.pi / 2, 0.0], atol=0.02)
    still = dataclasses.replace(one, places=circle * 0.0, heading=np.array([1.0, 3.0, 5.0, 7.0 - 2 * np.pi]))
    assert np.allclose(gymnast_states(still, one.arrive)[:, 0, 0, HEADING], [1.0, 3.0, 5.0, 7.0])


def test_who_stays_neither_steps_nor_turns():
    places = np.repeat(drill().places[:1], 4, axis=0)
    places[2, 0] += 1.0
    one = drill(places=places, heading=np.full(4, 1.0), clip=np.full(4, STAND, dtype=np.int16))
    states = gymnast_states(one, np.arange(0, END, TICKS_PER_SECOND // 20))
    assert np.allclose(states[:, 0, :, HEADING], 1.0)
    assert (states[:, 1, 1:, CLIP] == STAND).all()
    assert (states[:, 1, 0, CLIP] == MARCH).any()  # a small step aside, without turning


def test_people_set_off_one_by_one_within_the_stagger():
    one = drill(1, stagger=0.25, clip=np.full(4, CLIPS.index("wave")))
    first, last = gymnast_states(one, at(3.0 + 0.05, 3.0 + 6.0 * 0.25 + 0.1))[:, 1, :, CLIP] == MARCH
    assert 0 < first.sum() < PEOPLE // 4
    assert last.all()
    arrived = gymnast_states(one, at(9.0 - 0.75))[0, 1, :, CLIP] != MARCH
    assert 0.2 < arrived.mean() < 0.8


def test_canon_delays_each_persons_move():
    delays = np.arange(PEOPLE) * TICKS_PER_SECOND // 20
    one = drill(clip=np.array([2, 2, 2, 2], dtype=np.int16), canon=np.tile(delays, (4, 1)), timing=0.0)
    cycle = gymnast_states(one, at(30.0, 35.0))[:, 1, :, CYCLE]
    moved = cycle[1] - cycle[0]
    assert np.allclose(moved, one.rates[2] * (5.0 - delays / TICKS_PER_SECOND), atol=1e-4)


def test_a_move_is_done_in_whole_cycles_before_people_leave():
    one = drill(
        clip=np.array([4, 4, 4, 4], dtype=np.int16), canon=np.zeros((4, PEOPLE), dtype=np.int64), timing=0.0
    )
    arrived, leaving = gymnast_states(one, at(9.0, 13.0))[:, 1, :, CYCLE]
    assert (leaving - arrived == 1.0).all()  # 4 s at 0.25 cycles a second


def test_people_differ_and_keep_what_they_are():
    states = gymnast_states(drill(9), at(0, 7, 33))[:, 1]
    for channel, low, high in ((HEIGHT, 0.94, 1.06), (VARIATION, 0.0, 1.0)):
        values = states[..., channel]
        assert (values == values[0]).all()
        assert len(np.unique(values[0])) == PEOPLE
        assert values.min() >= np.float32(low)
        assert values.max() <= np.float32(high)
        assert np.ptp(values) > 0.4 * (high - low)


def test_the_seed_makes_another_crowd_in_the_same_places():
    one, other = gymnast_states(drill(1), at(6.0, 9.0)), gymnast_states(drill(1, seed=2), at(6.0, 9.0))
    assert (one[0, 0, :, :2] != other[0, 0, :, :2]).any()
    assert (one[1, 0, :, :2] == other[1, 0, :, :2]).all()
    assert (one[:, 1, :, HEIGHT] != other[:, 1, :, HEIGHT]).any()


@pytest.mark.parametrize(
    "wrong",
    [
        {"places": np.zeros((4, PEOPLE, 3))},
        {"places": np.zeros((4, 0, 2)), "canon": np.zeros((4, 0), dtype=np.int64)},
        {"leave": at(1, 3, 13)},
        {"leave": at(0, 3, 13, 23)},
        {"leave": at(1, 3, 8, 23)},
        {"arrive": at(1, 3, 19, 30)},
        {"clip": np.array([0, 1, 5, 0])},
        {"clip": np.array([0, -1, 0, 0])},
        {"canon": np.full((4, PEOPLE), -1)},
        {"canon": np.zeros((4, 3), dtype=np.int64)},
        {"heading": np.zeros(3)},
        {"step_length": 0.0},
        {"stagger": 0.6},
        {"timing": -1.0},
        {"rates": (1.0, 1.0)},
        {"rates": (0.0,) * len(CLIPS)},
    ],
)
def test_what_cannot_be_walked_is_refused(wrong):
    with pytest.raises(MotionError):
        drill(**wrong)


@pytest.mark.parametrize("times", [np.array([1.0]), np.array([[1]]), np.array(1)])
def test_times_are_whole_ticks_in_a_row(times):
    with pytest.raises(MotionError):
        gymnast_states(drill(), times)


def test_no_times_give_no_states():
    assert gymnast_states(drill(), np.array([], dtype=np.int64)).shape == (0, 2, PEOPLE, 4)


@pytest.mark.gpu
def test_a_device_gives_the_same_states():
    cupy = pytest.importorskip("cupy")
    if not gpu_available():
        pytest.skip("no device")
    one = drill(6)
    times = np.arange(0, END, TICKS_PER_SECOND // 7)
    states = gymnast_states(dataclasses.replace(one, places=cupy.asarray(one.places)), times)
    assert isinstance(states, cupy.ndarray)
    assert np.allclose(to_numpy(states), gymnast_states(one, times), rtol=0, atol=1e-5)
