from __future__ import annotations

import numpy as np
import pytest
from cardstunt.kernels.clips import CLIP_NAMES, STRIPS
from cardstunt.kernels.detours import Detours
from cardstunt.kernels.drill import Drill
from cardstunt.kernels.motion import gymnast_states
from cardstunt.kernels.steps import MARCH, RUN, step_pairs
from cardstunt.kernels.ticks import TICKS_PER_SECOND
from hypothesis import given, settings
from hypothesis import strategies as st

STRIDES = np.array([strip.stride for strip in STRIPS])
MOVES = np.array([strip.clip for strip in STRIPS])
BESIDE = 0.1  # metres from the middle of the body to each foot


def worst_slides(one: Drill) -> np.ndarray:
    """How far each person's planted foot slides on the way to set 1, in the worst of all steps, metres.

    In each half cycle one foot is on the ground and goes back under the body by the strip's stride; where it
    is on the field follows from the states alone.
    """
    moments = np.linspace(int(one.leave[1]), int(one.arrive[1]), 6001).astype(np.int64)
    states = gymnast_states(one, moments).astype(np.float64)
    (x, y, _, heading), (cycle, strip, scale, _) = states.transpose(1, 3, 0, 2)
    steps = 2.0 * (cycle - cycle[0])
    slides = np.zeros(one.people)
    for person in np.flatnonzero(one.route.pairs[1]):
        move = strip[:, person].astype(np.int64)
        walks = np.isin(MOVES[move], (MARCH, RUN)) & (steps[:, person] > 0)
        for number in range(round(steps[-1, person])):
            here = walks & (steps[:, person] >= number) & (steps[:, person] <= number + 1)
            stride = STRIDES[move[here]] * scale[here, person]
            ahead = stride * (number + 0.5 - steps[here, person])
            aside = BESIDE * (1 - 2 * (number % 2))
            along, across = np.cos(heading[here, person]), np.sin(heading[here, person])
            foot_x = x[here, person] + along * ahead - across * aside
            foot_y = y[here, person] + across * ahead + along * aside
            slide = np.hypot(foot_x[:, None] - foot_x[::20], foot_y[:, None] - foot_y[::20]).max(initial=0.0)
            slides[person] = max(slides[person], slide)
    return slides


def walks(low: float, high: float, seconds: float, people: int = 60, **changes: object) -> Drill:
    """People who walk a way of some length each, straight, in any direction."""
    random = np.random.default_rng(3)
    distance, direction = random.uniform(low, high, people), random.uniform(0, 2 * np.pi, people)
    origin = random.uniform(-20, 20, (people, 2))
    way = distance[:, None] * np.stack([np.cos(direction), np.sin(direction)], axis=1)
    return Drill(
        places=np.stack([origin, origin + way]),
        leave=np.array([0, 1]) * TICKS_PER_SECOND,
        arrive=np.array([0, round((1 + seconds) * TICKS_PER_SECOND)]),
        clip=np.zeros(2, dtype=np.int64),
        canon=np.zeros((2, people), dtype=np.int64),
        heading=np.zeros(2),
        **changes,
    )


@pytest.mark.parametrize(
    ("low", "high", "seconds", "most"),
    [
        (20, 60, 55, 0.015),
        (8, 20, 20, 0.03),
        (3, 8, 10, 0.045),
        (1, 3, 5, 0.05),
        (0.05, 1, 3, 0.105),
        (20, 60, 8, 0.09),  # running, steps of up to 1.9 m
    ],
)
def test_a_planted_foot_slides_less_than(low, high, seconds, most):
    slides = worst_slides(walks(low, high, seconds))
    assert 0.0 < slides.max() < most


def test_a_planted_foot_slides_little_on_a_bowed_way():
    bow = Detours(np.zeros((2, 60), dtype=np.int64), np.full((2, 60), 1.6))
    assert worst_slides(walks(8, 20, 20, detours=bow)).max() < 0.07


def test_steps_of_another_length_slide():
    """Else the measure above proves nothing."""
    one = walks(20, 60, 55)
    one.route.pairs[1] *= 1.25
    assert worst_slides(one).max() > 0.1


@settings(deadline=None, max_examples=300)
@given(
    distance=st.floats(0.06, 150),
    pace=st.floats(0.05, 8),
    scale=st.floats(0.94, 1.06),
    step=st.floats(0.4, 1),
)
def test_steps_are_whole_pairs_near_a_stride_there_are_poses_for(distance, pace, scale, step):
    rows = (np.array([value]) for value in (distance, pace, scale))
    pairs, loop, ends = (row[0] for row in step_pairs(*rows, step))
    assert pairs >= 1
    assert pairs == np.rint(pairs)
    taken = distance / (2 * pairs)
    strip, stride = STRIPS[loop], STRIPS[loop].stride * scale
    assert abs(taken - stride) <= (0.16 if strip.clip == RUN else 0.11)
    if stride:
        assert not strip.ends
        assert (STRIPS[ends].clip, STRIPS[ends].stride, STRIPS[ends].ends) == (strip.clip, strip.stride, True)
    else:
        assert loop == ends == CLIP_NAMES.index("march")
        assert distance < 0.5
    assert strip.clip == (RUN if pace > 2.2 and distance >= 2.05 * scale else MARCH)


def test_the_step_wanted_is_taken_where_there_is_room():
    distance, pace, scale = np.full(3, 50.0), np.array([1.2, 0.3, 2.1]), np.ones(3)
    pairs, loop, _ = step_pairs(distance, pace, scale, 0.6)
    assert STRIDES[loop][0] == 0.65
    assert STRIDES[loop][1] < 0.4  # as slow as that, people take short steps
    assert STRIDES[loop][2] >= 0.8  # and here long ones
    assert distance / (2 * pairs) == pytest.approx(STRIDES[loop], abs=0.01)


def test_taller_people_take_longer_steps():
    people = 2000
    scale = np.linspace(0.94, 1.06, people)
    pairs, loop, _ = step_pairs(np.full(people, 80.0), np.full(people, 1.2), scale, 0.65)
    steps = 40.0 / pairs
    assert (STRIDES[loop] == 0.65).mean() > 0.8
    assert np.corrcoef(steps, scale)[0, 1] > 0.8


def test_nobody_steps_on_no_way():
    pairs, _, _ = step_pairs(np.zeros(2), np.zeros(2), np.ones(2), 0.75)
    assert (pairs == 0).all()
