"""The code paths for CuPy arrays: on a stand-in everywhere, and on a GPU where there is one."""

from __future__ import annotations

import ctypes
import dataclasses
import shutil
import subprocess
import sys
import types

import numpy as np
import pytest
from cardstunt.kernels import books as books_module
from cardstunt.kernels.array_module import gpu_available, is_cupy, to_numpy
from cardstunt.kernels.books import Books, card_states
from cardstunt.kernels.compile_cuda import CUDA_FOLDER
from cardstunt.kernels.counter_random import Purpose, bits, quantile, uniform
from cardstunt.kernels.flips import order_fraction, turn_starts
from cardstunt.kernels.palette import choose_palette, linear_to_srgb8, match, srgb8_to_linear, srgb8_to_oklab
from cardstunt.kernels.people import People, absent, reaction, wrong_page


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


@pytest.fixture
def cupy():
    if not gpu_available():
        pytest.skip("needs CuPy and a device")
    return pytest.importorskip("cupy")


HOST_PRELUDE = """
struct uchar4 { unsigned char x, y, z, w; };
struct int3 { int x, y, z; };
static int3 blockIdx, blockDim, threadIdx;
#define __global__
"""
HOST_LAUNCH = """
extern "C" void launch(int gx, int gy, int threads, const long long *start, const long long *turn,
    const bool *turning, const uchar4 *shown, const long long *at, const int *settled, const int *newest,
    int holders, int frames, uchar4 *out) {
    blockDim.x = threads;
    for (blockIdx.x = 0; blockIdx.x < gx; ++blockIdx.x)
        for (blockIdx.y = 0; blockIdx.y < gy; ++blockIdx.y)
            for (threadIdx.x = 0; threadIdx.x < threads; ++threadIdx.x)
                card_states(start, turn, turning, shown, at, settled, newest, holders, frames, out);
}
"""


@pytest.fixture(scope="module")
def books_cu_on_the_host(tmp_path_factory):
    """books.cu as a host library: CUDA's words for a thread's place become variables of two loops."""
    compiler = shutil.which("g++") or shutil.which("c++") or shutil.which("clang++")
    if compiler is None:
        pytest.skip("needs a C++ compiler")
    folder = tmp_path_factory.mktemp("books_cu")
    code = (CUDA_FOLDER / "books.cu").read_text(encoding="utf-8")
    (folder / "books.cpp").write_text(HOST_PRELUDE + code + HOST_LAUNCH, encoding="utf-8")
    command = [compiler, "-shared", "-fPIC", "-O1", "-o", folder / "books.so", folder / "books.cpp"]
    subprocess.run(command, check=True)
    return ctypes.CDLL(folder / "books.so")


def a_show():
    rows, columns, cues = 20, 30, 9
    who, numbers = np.arange(rows * columns), np.arange(cues)
    people = People(reaction_ticks=120, spread_ticks=40, late=0.02, wrong_page=0.1, absent=0.05)
    orders = ("together", "sweep", "ripple", "spiral", "dissolve", "rows", "iris", "diagonal", "columns")
    fraction = np.stack([order_fraction(order, columns, rows, cue=cue) for cue, order in enumerate(orders)])
    included = uniform(4, Purpose.VARIATION, numbers[:, None], who) < 0.7
    turn = np.array([0, 400, 250, 0, 400, 400, 100, 300, 400])
    over, at = np.full(cues, 900), numbers * 1000
    start = turn_starts(at, fraction, over, reaction(people, 7, numbers, who), turn, included)
    page = np.zeros((cues, rows * columns), dtype=np.int16)
    for cue in range(1, cues):
        turned = np.where(wrong_page(people, 7, numbers, who)[cue], 7, cue % 6)
        page[cue] = np.where(included[cue], turned, page[cue - 1])
    colour = (bits(7, Purpose.COSTUME, np.arange(8)[:, None], who) % 24).astype(np.uint8)
    palette = (bits(7, Purpose.COSTUME, np.arange(24)[:, None], np.arange(3)) % 256).astype(np.uint8)
    return Books(rows, columns, start, turn, page, colour, palette, ~absent(people, 7, who))


def on_device(books, xp):
    fields = ("start", "turn", "page", "colour", "palette", "present")
    return dataclasses.replace(books, **{name: xp.asarray(getattr(books, name)) for name in fields})


MOMENTS = np.arange(-100, 11_000, 37)


def test_books_cu_gives_the_bytes_of_numpy(stand_in, books_cu_on_the_host, monkeypatch):
    def host_function(source, function):
        assert (source, function) == ("books", "card_states")

        def launch(grid, block, arguments):
            pointers = [
                ctypes.c_void_p(value.ctypes.data)
                if isinstance(value, np.ndarray)
                else ctypes.c_int(int(value))
                for value in arguments
            ]
            assert all(is_cupy(value) for value in arguments if isinstance(value, np.ndarray))
            books_cu_on_the_host.launch(*grid, *block, *pointers)

        return launch

    monkeypatch.setattr(books_module, "cuda_function", host_function)
    expected = card_states(a_show(), MOMENTS)
    result = card_states(on_device(a_show(), stand_in), MOMENTS)
    assert is_cupy(result)
    assert 0.05 < (expected[:, :20, :, 3] > 0).mean() < 0.95
    np.testing.assert_array_equal(to_numpy(result), expected)


def same_everywhere(xp):
    """Work out everything that must agree to the bit, on arrays of `xp`."""
    cues, who = xp.arange(5), xp.arange(1000)
    people = People(reaction_ticks=84_672_000, spread_ticks=28_224_000, late=0.1, wrong_page=0.1, absent=0.1)
    delays = reaction(people, 7, cues, who)
    fraction = np.stack([order_fraction("ripple", 50, 20)] * 5)
    included = uniform(1, Purpose.LATE, cues[:, None], who) < 0.5
    return [
        bits(7, Purpose.REACTION, cues[:, None], who),
        bits(-7, Purpose.REACTION, 2, who),
        uniform(7, Purpose.HEIGHT, 0, who),
        quantile(bits(7, Purpose.MOVE_TIMING, 0, who), np.array([-5000, 20, 10**9])),
        delays,
        wrong_page(people, 7, cues, who),
        absent(people, 7, who),
        turn_starts(np.arange(5) * 10**9, fraction, np.full(5, 10**9), delays, np.full(5, 10**8), included),
        turn_starts(np.arange(5) * 10**9, xp.asarray(fraction), np.full(5, 10**9), delays, np.full(5, 10**8)),
    ]


def test_random_numbers_people_and_starts_stay_on_the_device(stand_in):
    for result, expected in zip(same_everywhere(stand_in), same_everywhere(np), strict=True):
        assert is_cupy(result)
        assert result.dtype == expected.dtype
        np.testing.assert_array_equal(to_numpy(result), expected)


def colours_everywhere(xp):
    cube = np.stack(np.meshgrid(*[np.arange(0, 256, 15)] * 3), axis=-1).astype(np.uint8).reshape(18, 324, 3)
    picture = xp.asarray(cube)
    return [
        srgb8_to_linear(picture),
        srgb8_to_oklab(picture),
        linear_to_srgb8(srgb8_to_linear(picture)),
        choose_palette(picture[None], 12),
        match(picture, picture[0, :9], "blue_noise"),
    ]


def test_colours_stay_on_the_device(stand_in):
    for result, expected in zip(colours_everywhere(stand_in), colours_everywhere(np), strict=True):
        assert is_cupy(result)
        np.testing.assert_array_equal(to_numpy(result), expected)


@pytest.mark.gpu
def test_gpu_agrees_to_the_bit(cupy):
    for result, expected in zip(same_everywhere(cupy), same_everywhere(np), strict=True):
        assert is_cupy(result)
        assert result.dtype == expected.dtype
        np.testing.assert_array_equal(to_numpy(result), expected)


@pytest.mark.gpu
def test_gpu_gives_the_same_cards(cupy):
    expected = card_states(a_show(), MOMENTS)
    result = card_states(on_device(a_show(), cupy), cupy.asarray(MOMENTS))
    assert is_cupy(result)
    np.testing.assert_array_equal(to_numpy(result), expected)


@pytest.mark.gpu
def test_gpu_gives_the_same_colours(cupy):
    for result, expected in zip(colours_everywhere(cupy), colours_everywhere(np), strict=True):
        assert is_cupy(result)
        np.testing.assert_allclose(to_numpy(result), expected, rtol=1e-12, atol=1e-12)
