from __future__ import annotations

import numpy as np
import pytest
from cardstunt.kernels.drill import Drill
from cardstunt.kernels.easing import FASTEST
from cardstunt.kernels.motion import gymnast_states
from cardstunt.kernels.pace import speeds
from cardstunt.kernels.ticks import TICKS_PER_SECOND


@pytest.mark.parametrize("scene", range(6))
def test_speeds_are_the_fastest_there_are(busy_drill, scene):
    one = busy_drill(scene, height=None)
    at = np.arange(0, 55 * TICKS_PER_SECOND, TICKS_PER_SECOND // 50)
    places = gymnast_states(one, at)[:, 0, :, :2].astype(np.float64)
    pace = np.hypot(*np.moveaxis(np.diff(places, axis=0), 2, 0)) * 50
    fastest = speeds(one)
    assert (fastest[0] == 0.0).all()
    for index in range(1, one.sets):
        walks = (at[:-1] >= one.leave[index]) & (at[1:] <= one.arrive[index])
        assert pace[walks].max(axis=0) == pytest.approx(fastest[index], rel=0.02, abs=0.02)


def test_a_straight_walk_at_its_fastest():
    one = Drill(
        places=np.array([[[0.0, 0.0]], [[30.0, 40.0]], [[0.0, 0.0]]]),
        leave=np.array([0, 0, 20]) * TICKS_PER_SECOND,
        arrive=np.array([0, 10, 40]) * TICKS_PER_SECOND,
        clip=np.zeros(3, dtype=np.int64),
        canon=np.zeros((3, 1), dtype=np.int64),
        heading=np.zeros(3),
        stagger=0.0,
        ease=np.array([0, 0, 1]),
    )
    # Without 0.4 s of turning at each end.
    assert speeds(one)[:, 0] == pytest.approx([0.0, FASTEST[0] * 50 / 9.2, FASTEST[1] * 50 / 19.2])
