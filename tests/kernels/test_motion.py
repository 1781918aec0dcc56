from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from cardstunt.kernels.clips import CLIP_NAMES, CLIPS, STRIPS
from cardstunt.kernels.drill import Drill, MotionError
from cardstunt.kernels.motion import gymnast_states
from cardstunt.kernels.pace import speeds
from cardstunt.kernels.ticks import TICKS_PER_SECOND
from hypothesis import given, settings
from hypothesis import strategies as st

PEOPLE = 40
END = 40 * TICKS_PER_SECOND
X, Y, Z, HEADING = range(4)
CYCLE, STRIP, SCALE, VARIATION = range(4)
STAND, MARCH, JUMP, WAVE, BOW, SIT, CLIMB = (
    CLIP_NAMES.index(name) for name in ("stand", "march", "jump", "wave", "bow", "sit", "climb")
)
WALKED = np.array([strip.stride > 0 for strip in STRIPS])
ENDS = np.array([strip.ends for strip in STRIPS])


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
        assert (states[:, 1, :, STRIP] == one.clip[index]).all()
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
def test_frames_are_the_same_bytes_in_any_order_and_company(busy_drill, seed, times):
    one = busy_drill(seed)
    together = gymnast_states(one, np.array(times))
    backwards = gymnast_states(busy_drill(seed), np.array(times[::-1]))
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
def test_nothing_jumps(busy_drill, seed):
    one = busy_drill(seed, bend=None)
    times = np.arange(0, 55 * TICKS_PER_SECOND, TICKS_PER_SECOND // 60)
    states = gymnast_states(one, times).astype(np.float64)
    step = np.diff(states, axis=0)
    # A climber goes 0.9 m over in half a slot, and 2.8 m up in one; slots take 0.9 s or more.
    fastest = max(speeds(one).max(), 1.875 * 0.9 / 0.45) / 60
    assert np.linalg.norm(step[:, 0, :, :2], axis=-1).max() <= fastest * 1.02
    assert np.abs(step[:, 0, :, Z]).max() <= 1.875 * 2.8 / 0.9 / 60 * 1.02
    # Half a turn in 0.4 s, or in the turning part of the shortest walk, at smootherstep's steepest; a climber
    # turns in a quarter of a slot. Round the corner of a rail people turn as fast as they walk.
    assert np.abs(step[:, 0, 6:, HEADING]).max() <= 1.875 * np.pi / 0.225 / 60
    assert np.abs(step[:, 0, :6, HEADING]).max() <= np.pi
    assert step[:, 1, :, CYCLE].min() >= 0
    assert step[:, 1, :, CYCLE].max() < 0.5


@settings(max_examples=20, deadline=None)
@given(seed=SEEDS)
def test_one_strip_follows_another_where_their_poses_are_the_same(busy_drill, seed):
    """All are the same stand at whole cycles; a walk's first and last step join the others half-way."""
    states = gymnast_states(busy_drill(seed), np.arange(0, 55 * TICKS_PER_SECOND, TICKS_PER_SECOND // 200))
    cycle, strip = states[:, 1, :, CYCLE].astype(np.float64), states[:, 1, :, STRIP].astype(np.int64)
    assert set(np.unique(strip)) <= set(range(len(STRIPS)))
    frame, person = np.nonzero(np.diff(strip, axis=0))
    before, after = cycle[frame, person], cycle[frame + 1, person]
    strips = strip[frame, person], strip[frame + 1, person]
    half = WALKED[strips[0]] & WALKED[strips[1]]
    assert half.any()
    assert (~half).any()
    joint = np.where(half, np.floor(before) + 0.5, np.rint(before))
    # In a frame of a 200th of a second nobody takes more than a sixth of a step pair.
    assert (joint >= before - 0.05 - (after - before)).all()
    assert (joint <= after + 1e-4).all()
    assert (ENDS[strips[0]] != ENDS[strips[1]])[half].all()
    walks = WALKED[strip]
    assert not (walks & ~ENDS[strip] & (np.abs(cycle - np.rint(cycle)) < 1e-9))[[0, -1]].any()


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
    walking = (covered > 0.01) & (covered < whole - 0.01)
    strip = states[:, 1, :, STRIP].astype(np.int64)
    assert WALKED[strip][walking].all()
    first_or_last = (cycles < 0.499) | (cycles > pairs - 0.499)
    assert ENDS[strip][walking & first_or_last].all()
    assert not ENDS[strip][(cycles > 0.501) & (cycles < pairs - 0.501)].any()


def test_people_turn_before_they_set_off_and_after_they_arrive():
    """Nobody turns on the way or goes anywhere while turning, so that no foot slides."""
    one = drill(2, stagger=0.0)
    times = np.arange(int(one.leave[1]), int(one.arrive[1]) + 1, TICKS_PER_SECOND // 100)
    states = gymnast_states(one, times).astype(np.float64)
    turns = np.abs(np.diff(states[:, 0, :, HEADING], axis=0)) > 1e-6
    goes = np.linalg.norm(np.diff(states[:, 0, :, :2], axis=0), axis=-1) > 1e-6
    assert turns.any(axis=0).all()
    assert goes.any(axis=0).all()
    assert not (turns & goes).any()
    assert not turns[41:-41].any()  # 0.4 s at each end
    stands = states[:-1, 1, :, STRIP] == STAND
    assert stands[1:][turns[1:]].all()


def test_people_walk_straight_and_look_where_they_go():
    one = drill(4)
    middle = gymnast_states(one, at(6.0))[0, 0].astype(np.float64)
    way = one.places[1] - one.places[0]
    gone = middle[:, :2] - one.places[0]
    assert np.abs(way[:, 0] * gone[:, 1] - way[:, 1] * gone[:, 0]).max() < 1e-2
    looks = np.stack([np.cos(middle[:, HEADING]), np.sin(middle[:, HEADING])], axis=1)
    assert np.allclose(looks, way / np.linalg.norm(way, axis=1, keepdims=True), atol=1e-5)


@pytest.mark.parametrize("scene", range(4))
def test_people_look_along_their_curves(busy_drill, scene):
    one = busy_drill(scene, height=None)
    times = np.arange(int(one.leave[1]), int(one.arrive[4]), TICKS_PER_SECOND // 100)
    states = gymnast_states(one, times).astype(np.float64)
    step = np.diff(states[:, 0], axis=0)
    fast = np.linalg.norm(step[..., :2], axis=-1) > 0.003
    fast[:, :6] = False  # who walks along a rail turns gradually at corners
    looks = states[:-1, 0, :, HEADING] + step[..., HEADING] / 2 - np.arctan2(step[..., 1], step[..., 0])
    off = np.abs(np.mod(looks + np.pi, 2 * np.pi) - np.pi)[fast]
    assert fast.sum() > 5000
    assert np.quantile(off, 0.99) < 0.02


def test_people_turn_the_short_way_and_heading_runs_on():
    circle = np.array([[[0.0, 0.0]], [[-10.0, 0.1]], [[-10.1, -10.0]], [[0.0, -10.1]]])
    one = drill(places=circle, canon=np.zeros((4, 1), dtype=np.int64), heading=np.full(4, 3.0))
    heading = gymnast_states(one, np.arange(0, END, TICKS_PER_SECOND // 20))[:, 0, 0, HEADING]
    assert np.abs(np.diff(heading)).max() < 1.0
    walking = gymnast_states(one, at(6.0, 16.0, 26.5))[:, 0, 0, HEADING]
    assert np.allclose(walking, [np.pi, 3 * np.pi / 2, 0.0], atol=0.02)
    still = dataclasses.replace(one, places=circle * 0.0, heading=np.array([1.0, 3.0, 5.0, 7.0 - 2 * np.pi]))
    assert np.allclose(gymnast_states(still, one.arrive)[:, 0, 0, HEADING], [1.0, 3.0, 5.0, 7.0])


def test_who_stays_neither_steps_nor_turns():
    places = np.repeat(drill().places[:1], 4, axis=0)
    places[2, 0] += 1.0
    places[2, 1] += 0.02
    one = drill(places=places, heading=np.full(4, 1.0), clip=np.full(4, STAND, dtype=np.int16))
    states = gymnast_states(one, np.arange(0, END, TICKS_PER_SECOND // 20))
    assert np.allclose(states[:, 0, 1:, HEADING], 1.0)
    assert (states[:, 1, 1:, STRIP] == STAND).all()
    assert WALKED[states[:, 1, 0, STRIP].astype(np.int64)].any()
    assert np.ptp(states[:, 0, 0, HEADING]) > 0.5  # who steps turns first


def test_people_set_off_one_by_one_within_the_stagger():
    one = drill(1, stagger=0.25, clip=np.full(4, WAVE))
    first, last = gymnast_states(one, at(3.0 + 0.05, 3.0 + 6.0 * 0.25 + 0.1))[:, 1, :, STRIP] != WAVE
    assert 0 < first.sum() < PEOPLE // 4
    assert last.all()
    arrived = gymnast_states(one, at(9.0 - 0.75))[0, 1, :, STRIP] == WAVE
    assert 0.2 < arrived.mean() < 0.8


def test_canon_delays_each_persons_move():
    delays = np.arange(PEOPLE) * TICKS_PER_SECOND // 20
    one = drill(clip=np.full(4, WAVE), canon=np.tile(delays, (4, 1)), timing=0.0)
    cycle = gymnast_states(one, at(30.0, 35.0))[:, 1, :, CYCLE]
    moved = cycle[1] - cycle[0]
    assert np.allclose(moved, (5.0 - delays / TICKS_PER_SECOND) / CLIPS[WAVE].seconds, atol=1e-4)


def test_a_move_is_done_in_whole_cycles_before_people_leave():
    one = drill(clip=np.full(4, BOW), canon=np.zeros((4, PEOPLE), dtype=np.int64), timing=0.0)
    arrived, leaving = gymnast_states(one, at(9.0, 13.0))[:, 1, :, CYCLE]
    assert (leaving - arrived == 1.0).all()  # 4 s of 4 s
    quick = dataclasses.replace(one, period=at(1, 1, 0.75, 1), times=np.array([0, 3, 0, 0]))
    arrived, early, leaving, last, late = gymnast_states(quick, at(9.0, 11.0, 13.0, 19.0, 23.0))[
        :, 1, :, CYCLE
    ]
    assert (early - arrived == 2.0).all()
    assert (leaving - arrived == 3.0).all()
    assert (late - last == 5.0).all()


def test_what_is_held_is_held_until_people_leave():
    still = {"canon": np.zeros((4, PEOPLE), dtype=np.int64), "timing": 0.0}
    one = drill(clip=np.full(4, SIT), times=np.full(4, 3), **still)
    half = CLIPS[SIT].seconds / 2
    moments = (9.0, 9.0 + half / 2, 9.0 + half, 12.9 - half, 13.0 - half / 2, 13.0 - 1e-6, 13.0)
    cycle = gymnast_states(one, at(*moments))[:, 1, :, CYCLE]
    assert cycle - cycle[0] == pytest.approx(
        np.array([0, 0.25, 0.5, 0.5, 0.75, 1, 1])[:, None] + np.zeros(PEOPLE), abs=1e-5
    )
    last = gymnast_states(one, at(30, 35, 1000))[:, 1, :, CYCLE]
    assert (last[1:] - last[0] == 0.5).all()
    # Who has no time to sit down and stand up again stands.
    short = drill(clip=np.full(4, SIT), period=at(1, 5, 1, 1), **still)
    stands = gymnast_states(short, at(9, 10, 11, 12, 13))[:, 1, :, CYCLE]
    assert (stands == stands[0]).all()


def test_each_may_look_another_way():
    heading = np.random.default_rng(5).uniform(-3, 3, (4, PEOPLE))
    states = gymnast_states(drill(heading=heading), at(1, 9, 19, 30))
    off = np.mod(states[:, 0, :, HEADING] - heading + np.pi, 2 * np.pi) - np.pi
    assert np.abs(off).max() < 1e-5


def test_travel_in_canon():
    late = np.tile(np.arange(PEOPLE) * TICKS_PER_SECOND // 10, (4, 1))
    one = drill(6, late=late, stagger=0.0, clip=np.full(4, WAVE))
    for index in range(0, PEOPLE, 7):
        sets_off = 3.0 + index / 10
        before, after = gymnast_states(one, at(sets_off, sets_off + 0.01))[:, 1, index, STRIP]
        assert before == WAVE
        assert after != WAVE
    assert (gymnast_states(one, at(9.0 - 1e-6))[0, 1, :-1, STRIP] == WAVE).all()


def test_a_steady_walk_has_one_pace():
    one = drill(2, ease=np.array([0, 1, 0, 0]), stagger=0.0)
    times = at(*np.linspace(4.0, 8.0, 9))
    step = np.diff(gymnast_states(one, times)[:, 0, :, :2].astype(np.float64), axis=0)
    assert np.allclose(step, step[0], atol=1e-4)


def test_acrobats_climb_up_and_down():
    """Two bear a third, who climbs when they stand."""
    row, figure = [[0.0, 0.0], [2.0, 0.0], [4.0, 0.0]], [[10.0, -0.3], [10.0, 0.3], [10.0, 0.0]]
    one = Drill(
        places=np.array([row, figure, row]),
        leave=at(0, 0, 30),
        arrive=at(0, 20, 50),
        clip=np.full(3, WAVE),
        canon=np.zeros((3, 3), dtype=np.int64),
        heading=np.zeros(3),
        height=np.array([[0, 0, 0], [0, 0, 1.4], [0, 0, 0]]),
        stagger=0.0,
        timing=0.0,
    )
    times = np.arange(0, 51 * TICKS_PER_SECOND, TICKS_PER_SECOND // 20)
    states = gymnast_states(one, times)
    top = states[:, :, 2]
    assert (states[:, 0, :2, Z] == 0.0).all()
    climbs = top[:, 1, STRIP] == CLIMB
    assert (climbs == ((times > at(17.5)) & (times < at(20)) | (times > at(30)) & (times < at(32.5)))).all()
    assert (np.diff(top[times <= at(20), 0, Z]) >= 0).all()
    standing = (times >= at(20)) & (times <= at(30))
    assert (top[standing, 0, Z] == np.float32(1.4)).all()
    assert (top[standing][:, 0, :2] == np.float32([10.0, 0.0])).all()
    foot = top[times == at(17.5), 0][0]
    assert foot[:3] == pytest.approx([10.45, 0.0, 0.0])
    assert np.cos(foot[HEADING]) == pytest.approx(-1.0)  # looks at the figure
    assert np.cos(top[standing, 0, HEADING]) == pytest.approx(1.0)
    assert top[times == at(20), 1, CYCLE] - top[times == at(17.5), 1, CYCLE] == 2.0  # 0.7 m a cycle
    assert (top[times >= at(32.5), 0, Z] == 0.0).all()
    assert np.array_equal(top[-1, 0, :2], np.float32([4.0, 0.0]))


def test_people_differ_and_keep_what_they_are():
    states = gymnast_states(drill(9), at(0, 7, 33))[:, 1]
    for channel, low, high in ((SCALE, 0.94, 1.06), (VARIATION, 0.0, 1.0)):
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
    assert (one[:, 1, :, SCALE] != other[:, 1, :, SCALE]).any()


@pytest.mark.parametrize("times", [np.array([1.0]), np.array([[1]]), np.array(1)])
def test_times_are_whole_ticks_in_a_row(times):
    with pytest.raises(MotionError):
        gymnast_states(drill(), times)


def test_no_times_give_no_states():
    assert gymnast_states(drill(), np.array([], dtype=np.int64)).shape == (0, 2, PEOPLE, 4)
