from __future__ import annotations

import ctypes
import functools
import re
import shutil
import subprocess
import sys
import types

import numpy as np
import pytest
from cardstunt.kernels.array_module import gpu_available, is_cupy
from cardstunt.kernels.clips import CLIPS
from cardstunt.kernels.compile_cuda import CUDA_FOLDER
from cardstunt.kernels.detours import Detours
from cardstunt.kernels.drill import Drill
from cardstunt.kernels.rails import Rails
from cardstunt.kernels.ticks import TICKS_PER_SECOND


class StandIn(np.ndarray):
    """An array that, like CuPy's, refuses to be mixed with NumPy's; its data are in the host's memory."""

    def __array_ufunc__(self, ufunc, method, *inputs, out=None, **options):
        if any(type(value) is np.ndarray for value in inputs):
            raise TypeError(f"Unsupported type numpy.ndarray in {ufunc.__name__}")
        host = [value.view(np.ndarray) if isinstance(value, StandIn) else value for value in inputs]
        if out is not None:
            options["out"] = tuple(value.view(np.ndarray) for value in out)
        result = getattr(ufunc, method)(*host, **options)
        return out[0] if out is not None else np.asarray(result).view(StandIn)

    def get(self):
        return self.view(np.ndarray).copy()


StandIn.__module__ = "cupy"


@pytest.fixture
def stand_in(monkeypatch):
    """A module `cupy` that makes such arrays."""
    module = types.ModuleType("cupy")

    def wrapped(function):
        def call(*arguments, **options):
            result = function(*arguments, **options)
            return result.view(StandIn) if isinstance(result, np.ndarray) else result

        return call

    module.__getattr__ = lambda name: wrapped(getattr(np, name))
    monkeypatch.setitem(sys.modules, "cupy", module)
    return module


#: CUDA's words in C++: a thread's place are variables, which loops set for one thread after another.
HOST = """
#include <cmath>
#include <utility>
struct uint3 {{ unsigned int x, y, z; }};
static uint3 blockIdx, blockDim, threadIdx, gridDim;
#define __global__
#define __device__
#define __launch_bounds__(...)
struct longlong2 {{ long long x, y; }};
template <class T> static T __ldg(const T *from) {{ return *from; }}
template <class T> static void __stcs(T *to, const T value) {{ *to = value; }}
static unsigned int __umulhi(unsigned int one, unsigned int other) {{
    return (unsigned long long)one * other >> 32;
}}
static unsigned long long __umul64hi(unsigned long long one, unsigned long long other) {{
    return (unsigned __int128)one * other >> 64;
}}
namespace cuda_source {{
using std::hypot; using std::atan2; using std::fmod;
#include "{source}.cu"
}}
template <class... P, std::size_t... I>
static void call(void (*kernel)(P...), void **arguments, std::index_sequence<I...>) {{
    kernel(*(P *)arguments[I]...);
}}
template <class... P>
static void run(void (*kernel)(P...), int gx, int gy, int threads, void **arguments) {{
    gridDim.x = gx, gridDim.y = gy, blockDim.x = threads;
    for (blockIdx.y = 0; blockIdx.y < gridDim.y; ++blockIdx.y)
        for (blockIdx.x = 0; blockIdx.x < gridDim.x; ++blockIdx.x)
            for (threadIdx.x = 0; threadIdx.x < blockDim.x; ++threadIdx.x)
                call(kernel, arguments, std::index_sequence_for<P...>());
}}
"""
LAUNCH = """
extern "C" void launch_{kernel}(int gx, int gy, int threads, void **arguments) {{
    run(cuda_source::{kernel}, gx, gy, threads, arguments);
}}
"""
KERNEL = re.compile(r"__global__ void(?: __launch_bounds__\([^)]*\))? (\w+)\(")


@pytest.fixture(scope="session")
def host_library(tmp_path_factory):
    """Give a .cu file, by name, as a library for the host, with a launch_ function for each kernel."""
    compiler = shutil.which("g++") or shutil.which("c++") or shutil.which("clang++")

    @functools.cache
    def compiled(source):
        if compiler is None:
            pytest.skip("needs a C++ compiler")
        folder = tmp_path_factory.mktemp(source)
        kernels = KERNEL.findall((CUDA_FOLDER / f"{source}.cu").read_text(encoding="utf-8"))
        code = HOST.format(source=source) + "".join(LAUNCH.format(kernel=kernel) for kernel in kernels)
        (folder / "host.cpp").write_text(code, encoding="utf-8")
        flags = ["-std=c++17", "-w", "-shared", "-fPIC", "-O1", "-ffp-contract=off", f"-I{CUDA_FOLDER}"]
        subprocess.run([compiler, *flags, "-o", "host.so", "host.cpp"], check=True, cwd=folder)
        return ctypes.CDLL(str(folder / "host.so"))

    return compiled


@pytest.fixture
def cuda_on_the_host(stand_in, host_library, monkeypatch):
    """Let a kernel module's CUDA path run on the host; gives a list of what it launches: name and grid."""

    def divert(module):
        launched = []
        name = module.__name__.rpartition(".")[2]

        def host_function(source, function):
            assert source == name
            kernel = getattr(host_library(source), f"launch_{function}")

            def launch(grid, block, arguments):
                launched.append((function, grid))
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
                across, along = (*grid, 1)[:2]
                kernel(across, along, *block, pointers)

            return launch

        monkeypatch.setattr(module, "cuda_function", host_function)
        return launched

    return divert


@pytest.fixture
def cupy():
    if not gpu_available():
        pytest.skip("needs CuPy and a device")
    return pytest.importorskip("cupy")


@pytest.fixture(scope="session")
def busy_drill():
    """A maker of drills in which everything that a drill may have happens; another for each number.

    Twelve people, five sets. On the way to set 2 and 3 the first six walk along a rail, the way to set 4 is
    bent; people from 8 on climb: one stays up from set 1 to 2. Some are delayed or bowed.
    """

    def make(number: int, **changes: object) -> Drill:
        random = np.random.default_rng(number)
        people, sets = 12, 5
        corners = np.cumsum(random.uniform(-1, 2, (30, 2)), axis=0)
        along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(corners, axis=0).T))])
        begin, end = (np.full((sets, people), np.nan) for _ in range(2))
        on = random.uniform(0, along[-1], (3, 6))
        begin[2:4, :6], end[2:4, :6] = on[:2], on[1:]
        rails = Rails(corners, along, begin, end)
        places = random.uniform(-20, 20, (sets, people, 2))
        for index in range(3):
            places[1 + index, :6] = np.stack(rails.places(on[index]), axis=1)
        places[2, 7:9] = places[1, 7:9]
        height = np.zeros((sets, people))
        height[1, 8:], height[2, 8:], height[4, 8:] = [1.4, 2.8, 1.4, 0.0], [1.4, 1.4, 0.0, 2.8], 1.4
        bend = np.zeros((sets, 2, 2))
        bend[4] = random.uniform(-15, 15, (2, 2))
        few = random.random((2, sets, people)) < 0.3
        delay = random.integers(0, TICKS_PER_SECOND, (sets, people)) * few[0]
        numbers = {
            "places": places,
            "leave": np.array([1, 3, 14, 26, 40]) * TICKS_PER_SECOND,
            "arrive": np.array([1, 12, 24, 36, 52]) * TICKS_PER_SECOND,
            "clip": random.integers(0, len(CLIPS), sets),
            "canon": random.integers(0, TICKS_PER_SECOND, (sets, people)),
            "heading": random.uniform(-3, 3, (sets, people)),
            "seed": number,
            "ease": np.array([0, 1, 0, 1, number % 2]),
            "bend": bend,
            "rails": rails,
            "height": height,
            "detours": Detours(delay, random.uniform(-2, 2, (sets, people)) * few[1]),
            "late": random.integers(0, 3 * TICKS_PER_SECOND, (sets, people)),
            "times": random.integers(0, 3, sets),
        }
        return Drill(**(numbers | changes))

    return make
