"""The CUDA twin of gymnast_states: on a stand-in everywhere, and on a GPU where there is one."""

from __future__ import annotations

import ctypes
import dataclasses
import shutil
import subprocess

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

HOST = """
#include <cmath>
#include <utility>
struct int3 { int x, y, z; };
static int3 blockIdx, blockDim, threadIdx, gridDim;
#define __global__
#define __device__
#define __restrict__
namespace cuda_source {
using std::hypot; using std::atan2; using std::fmod;
#include "motion.cu"
}
template <class... P, std::size_t... I>
static void call(void (*kernel)(P...), void **arguments, std::index_sequence<I...>) {
    kernel(*(P *)arguments[I]...);
}
template <class... P>
static void run(void (*kernel)(P...), void **arguments) {
    for (blockIdx.y = 0; blockIdx.y < gridDim.y; ++blockIdx.y)
        for (blockIdx.x = 0; blockIdx.x < gridDim.x; ++blockIdx.x)
            for (threadIdx.x = 0; threadIdx.x < blockDim.x; ++threadIdx.x)
                call(kernel, arguments, std::index_sequence_for<P...>());
}
extern "C" void launch(int gx, int gy, int threads, void **arguments) {
    gridDim.x = gx, gridDim.y = gy, blockDim.x = threads;
    run(cuda_source::gymnast_states, arguments);
}
"""


@pytest.fixture(scope="module")
def motion_cu_on_the_host(tmp_path_factory):
    """motion.cu as a host library: CUDA's words for a thread's place become variables of three loops."""
    compiler = shutil.which("g++") or shutil.which("c++") or shutil.which("clang++")
    if compiler is None:
        pytest.skip("needs a C++ compiler")
    folder = tmp_path_factory.mktemp("motion_cu")
    (folder / "motion.cpp").write_text(HOST, "utf-8")
    flags = ["-std=c++17", "-w", "-shared", "-fPIC", "-O1", "-ffp-contract=off", f"-I{CUDA_FOLDER}"]
    subprocess.run([compiler, *flags, "-o", "motion.so", "motion.cpp"], check=True, cwd=folder)
    return ctypes.CDLL(folder / "motion.so")


@pytest.fixture
def on_the_host(stand_in, motion_cu_on_the_host, monkeypatch):
    """Let the CUDA path run its kernel on the host; returns how often it ran."""
    ran = []

    def host_function(source, function):
        assert (source, function) == ("motion", "gymnast_states")

        def launch(grid, block, arguments):
            ran.append(grid)
            held = []
            for value in arguments:
                if isinstance(value, np.ndarray):
                    assert is_cupy(value)
                    assert value.flags.c_contiguous
                    held.append(ctypes.c_void_p(value.ctypes.data))
                else:
                    assert isinstance(value, np.int32)
                    held.append(ctypes.c_int(int(value)))
            pointers = (ctypes.c_void_p * len(held))(*[ctypes.addressof(value) for value in held])
            motion_cu_on_the_host.launch(*grid, *block, pointers)

        return launch

    monkeypatch.setattr(motion_module, "cuda_function", host_function)
    return ran


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
    assert on_the_host == [(1, len(SHUFFLED))]


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
    assert on_the_host == [(1, 7)]


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
