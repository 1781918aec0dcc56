"""No strip is shown that is not said to be used, and few are said that are not shown."""

from __future__ import annotations

import numpy as np
import pytest
from cardstunt.kernels.clips import CLIP_NAMES, STRIPS
from cardstunt.kernels.drill import Drill
from cardstunt.kernels.motion import gymnast_states
from cardstunt.kernels.ticks import TICKS_PER_SECOND
from cardstunt.kernels.used_strips import used_strips

STAND, JUMP, KNEEL, CLIMB, HOLD = (
    CLIP_NAMES.index(name) for name in ("stand", "jump", "kneel", "climb", "hold")
)


def drill(distance, seconds=8, clip=(JUMP, KNEEL), **more):
    """Nine people who go some way in two sets."""
    people = np.stack([np.zeros(9), np.arange(9.0)], -1)
    places = np.stack([people, people + np.array(distance)])
    leave, arrive = np.array([0, 10]) * TICKS_PER_SECOND, np.array([0, 10 + seconds]) * TICKS_PER_SECOND
    canon = np.zeros((2, 9), np.int64)
    return Drill(places, leave, arrive, np.array(clip), canon, np.zeros(2), **more)


def shown(some):
    at = np.linspace(0, 30 * TICKS_PER_SECOND, 901).astype(np.int64)
    return set(np.unique(gymnast_states(some, at)[:, 1, :, 1]).astype(int).tolist())


@pytest.mark.parametrize(
    "some",
    [
        drill((6.0, 0.0)),
        drill((40.0, 5.0), seconds=12),
        drill((0.0, 0.0)),
        drill((0.3, 0.0)),
        drill((9.0, 0.0), clip=(STAND, HOLD), height=np.stack([np.zeros(9), np.arange(9) % 2 * 1.4])),
    ],
    ids=["march", "run", "stay", "shuffle", "climb"],
)
def test_the_strips_said_are_the_strips_shown(some):
    used = used_strips(some)
    assert list(used) == sorted(set(used))
    assert set(used) == shown(some) | {STAND}


def test_each_way_of_moving_is_among_them():
    walks = {STRIPS[number].clip for number in used_strips(drill((6.0, 0.0))) if STRIPS[number].stride}
    runs = {STRIPS[number].clip for number in used_strips(drill((40.0, 5.0), 12)) if STRIPS[number].stride}
    assert (walks, runs) == ({CLIP_NAMES.index("march")}, {CLIP_NAMES.index("run")})
    assert used_strips(drill((0.0, 0.0))) == (STAND, JUMP, KNEEL)
    climbing = drill((9.0, 0.0), clip=(STAND, HOLD), height=np.stack([np.zeros(9), np.ones(9)]))
    assert CLIMB in used_strips(climbing)
    assert CLIMB not in used_strips(drill((9.0, 0.0)))
