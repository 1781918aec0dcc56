from __future__ import annotations

import numpy as np
import pytest
from cardstunt.kernels.clips import CLIP_NAMES, CLIPS
from cardstunt.kernels.detours import Detours
from cardstunt.kernels.drill import Drill, MotionError
from cardstunt.kernels.rails import Rails
from cardstunt.kernels.ticks import TICKS_PER_SECOND

PEOPLE = 7


def at(*seconds: float) -> np.ndarray:
    return np.array([round(second * TICKS_PER_SECOND) for second in seconds], dtype=np.int64)


def drill(**changes: object) -> Drill:
    numbers = {
        "places": np.random.default_rng(1).uniform(-9, 9, (4, PEOPLE, 2)),
        "leave": at(1, 3, 13, 23),
        "arrive": at(1, 9, 19, 30),
        "clip": np.array([0, 1, 2, 3]),
        "canon": np.zeros((4, PEOPLE), dtype=np.int64),
        "heading": np.zeros(4),
    }
    return Drill(**(numbers | changes))


def test_a_cycle_lasts_as_long_as_the_clip_unless_said_otherwise():
    own = drill(clip=np.array([CLIP_NAMES.index(name) for name in ("bow", "jump", "sit", "spin")]))
    assert own.periods.tolist() == [round(CLIPS[number].seconds * TICKS_PER_SECOND) for number in own.clip]
    assert drill(period=at(1, 2, 3, 4)).periods.tolist() == at(1, 2, 3, 4).tolist()


def rails(end: float) -> Rails:
    begins, ends = (np.full((4, PEOPLE), np.nan) for _ in range(2))
    begins[1, 0], ends[1, 0] = 0.0, end
    ends_of_it = drill().places[:2, 0]
    length = float(np.hypot(*(ends_of_it[1] - ends_of_it[0])))
    return Rails(ends_of_it, np.array([0.0, length]), begins, np.minimum(ends, length))


def test_rails_that_begin_and_end_at_places():
    assert drill(rails=rails(1e9)).rails is not None
    with pytest.raises(MotionError, match="end at people's places: person 0's to set 1"):
        drill(rails=rails(1.0))


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"places": np.zeros((4, PEOPLE, 3))}, "places"),
        ({"places": np.zeros((4, 0, 2)), "canon": np.zeros((4, 0), dtype=np.int64)}, "at least one"),
        ({"leave": at(1, 3, 13)}, "leave must have the shape"),
        ({"leave": at(0, 3, 13, 23)}, "set 0 has no way"),
        ({"leave": at(1, 3, 8, 23)}, "must reach each set"),
        ({"arrive": at(1, 3, 19, 30)}, "must reach each set"),
        ({"clip": np.array([0, 1, len(CLIPS), 0])}, "clips are 0"),
        ({"clip": np.array([0, -1, 0, 0])}, "clips are 0"),
        ({"canon": np.full((4, PEOPLE), -1)}, "not negative"),
        ({"canon": np.zeros((4, 3), dtype=np.int64)}, "canon must have the shape"),
        ({"heading": np.zeros(3)}, r"\(4,\) or \(4, 7\)"),
        ({"step_length": 0.0}, "step length"),
        ({"stagger": 0.6}, "stagger"),
        ({"timing": -1.0}, "timing"),
        ({"period": np.zeros(4, dtype=np.int64)}, "one tick"),
        ({"period": at(1, 2)}, "period must have the shape"),
        ({"times": np.array([0, -1, 0, 0])}, "0 times"),
        ({"height": np.full((4, PEOPLE), -0.1)}, "heights"),
        ({"height": np.full((4, PEOPLE), np.nan)}, "heights"),
        ({"late": np.full((4, PEOPLE), -1)}, "sets off before"),
        ({"late": np.full((4, PEOPLE), 6 * TICKS_PER_SECOND)}, "no time to walk"),
        ({"ease": np.array([0, 2, 0, 0])}, "eases are 0 to 1"),
        ({"bend": np.full((4, 2, 2), np.inf)}, "bends"),
        ({"bend": np.zeros((4, 2))}, "bend must have the shape"),
        ({"detours": Detours.none(4, PEOPLE + 1)}, "detours must be for"),
        (
            {"rails": Rails(np.eye(2), np.arange(2.0), np.zeros((1, 1)), np.zeros((1, 1)))},
            "rails must be for",
        ),
    ],
)
def test_what_cannot_be_walked_is_refused(wrong, message):
    with pytest.raises(MotionError, match=message):
        drill(**wrong)
