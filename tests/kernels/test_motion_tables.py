"""The CUDA twin of gymnast_states: on a stand-in everywhere, and on a GPU where there is one."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from cardstunt.kernels import motion as motion_module
from cardstunt.kernels.array_module import is_cupy, to_numpy
from cardstunt.kernels.clips import CLIP_NAMES
from cardstunt.kernels.compile_cuda import CUDA_FOLDER
from cardstunt.kernels.curves import KNOTS
from cardstunt.kernels.easing import RAMP
from cardstunt.kernels.motion import gymnast_states
from cardstunt.kernels.motion_tables import motion_tables
from cardstunt.kernels.ticks import TICKS_PER_SECOND

#: Every tenth of a second and some more, in no order; and the very ticks at which things begin and end.
SHUFFLED = np.random.default_rng(4).permutation(
    np.concatenate(
        [
            np.arange(-5, 560) * (TICKS_PER_SECOND // 10),
            np.random.default_rng(5).integers(0, 55 * TICKS_PER_SECOND, 200),
            np.array([1, 3, 12, 14, 24, 26, 36, 40, 52]) * TICKS_PER_SECOND,
        ]
    )
)


@pytest.fixture
def on_the_host(cuda_on_the_host):
    """What the CUDA path launches, run on the host."""
    return cuda_on_the_host(motion_module)


def assert_same(result, expected):
    assert result.dtype == expected.dtype == np.float32
    assert result.shape == expected.shape
    np.testing.assert_array_equal(result[:, 1, :, 1], expected[:, 1, :, 1])
    np.testing.assert_array_equal(result[:, 1, :, 2:], expected[:, 1, :, 2:])
    np.testing.assert_allclose(result[:, 0], expected[:, 0], rtol=0, atol=1e-5)
    # Float32 in the layer, so some cycles after thousands of steps differ by its own last bit.
    np.testing.assert_allclose(result[:, 1, :, 0], expected[:, 1, :, 0], rtol=2e-7, atol=1e-5)


@pytest.mark.parametrize("scene", range(6))
def test_motion_cu_gives_the_states_of_numpy(busy_drill, stand_in, on_the_host, scene):
    one = busy_drill(scene)
    result = gymnast_states(dataclasses.replace(one, places=stand_in.asarray(one.places)), SHUFFLED)
    assert is_cupy(result)
    assert_same(to_numpy(result), gymnast_states(one, SHUFFLED))
    assert on_the_host == [("gymnast_states", (1, len(SHUFFLED)))]


def test_motion_cu_gives_the_states_of_a_plain_drill(busy_drill, stand_in, on_the_host):
    plain = {"rails": None, "bend": None, "height": None, "detours": None, "late": None, "ease": None}
    one = busy_drill(9, **plain)
    result = gymnast_states(dataclasses.replace(one, places=stand_in.asarray(one.places)), SHUFFLED)
    assert_same(to_numpy(result), gymnast_states(one, SHUFFLED))


def test_motion_cu_takes_many_moments_with_few_blocks(busy_drill, stand_in, on_the_host, monkeypatch):
    monkeypatch.setattr(motion_module, "_MOST_BLOCKS", 7)
    one = busy_drill(2)
    result = gymnast_states(dataclasses.replace(one, places=stand_in.asarray(one.places)), SHUFFLED)
    assert_same(to_numpy(result), gymnast_states(one, SHUFFLED))
    assert on_the_host == [("gymnast_states", (1, 7))]


def test_no_moments_need_no_device(busy_drill, stand_in):
    one = busy_drill(2)
    moved = dataclasses.replace(one, places=stand_in.asarray(one.places))
    assert gymnast_states(moved, np.zeros(0, dtype=np.int64)).shape == (0, 2, 12, 4)


def test_the_source_knows_the_numbers_of_the_kernels():
    code = (CUDA_FOLDER / "motion.cu").read_text(encoding="utf-8")
    stand, climb = (CLIP_NAMES.index(name) for name in ("stand", "climb"))
    assert f"STAND = {stand}, CLIMB = {climb};" in code
    assert f"KNOTS = {KNOTS};" in code
    assert f"RAMP = {RAMP}," in code


def test_tables_have_a_column_for_each_who_does_not_walk_straight(busy_drill):
    one = busy_drill(3)
    tables, route = motion_tables(one), one.route
    curves = [curve for curves in route.curves for curve in curves]
    assert tables.sizes[1] == one.rails.walked.sum() == 12
    assert tables.sizes[0] + tables.sizes[1] == sum(len(curve.people) for curve in curves)
    which = tables.which[0]
    assert sorted(which[which >= 0]) == list(range(tables.sizes[0]))
    assert sorted(-2 - which[which < -1]) == list(range(tables.sizes[1]))
    assert ((which < -1) == one.rails.walked).all()


@pytest.mark.gpu
@pytest.mark.parametrize("scene", range(6))
def test_a_gpu_gives_the_states_of_numpy(busy_drill, cupy, scene):
    one = busy_drill(scene)
    result = gymnast_states(dataclasses.replace(one, places=cupy.asarray(one.places)), SHUFFLED)
    assert is_cupy(result)
    assert_same(to_numpy(result), gymnast_states(one, SHUFFLED))
