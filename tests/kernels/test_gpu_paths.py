"""The code paths for CuPy arrays: on a stand-in everywhere, and on a GPU where there is one."""

from __future__ import annotations

import ctypes
import shutil
import subprocess

import numpy as np
import pytest
from cardstunt.kernels import books as books_module
from cardstunt.kernels.array_module import is_cupy, to_numpy
from cardstunt.kernels.books import Books, card_states
from cardstunt.kernels.compile_cuda import CUDA_FOLDER
from cardstunt.kernels.counter_random import Purpose, bits, quantile, uniform
from cardstunt.kernels.dithering import match
from cardstunt.kernels.flips import order_fraction, turn_starts
from cardstunt.kernels.gestures import Gestures
from cardstunt.kernels.oklab import linear_to_srgb8, srgb8_to_linear, srgb8_to_oklab
from cardstunt.kernels.palette import choose_palette
from cardstunt.kernels.people import People, absent, dropped, reaction, wrong_page

HOST_PRELUDE = """
#include <utility>
struct uint4 { unsigned int x, y, z, w; };
struct int3 { int x, y, z; };
static int3 blockIdx, blockDim, threadIdx, gridDim;
#define __global__
#define __device__
static uint4 make_uint4(unsigned x, unsigned y, unsigned z, unsigned w) { return {x, y, z, w}; }
template <class T> static void __stcs(T *to, const T value) { *to = value; }
static unsigned long long __umul64hi(unsigned long long one, unsigned long long other) {
    return (unsigned __int128)one * other >> 64;
}
"""
HOST_LAUNCH = """
template <class... P, std::size_t... I>
static void call(void (*kernel)(P...), void **arguments, std::index_sequence<I...>) {
    kernel(*(P *)arguments[I]...);
}
template <class... P>
static void run(void (*kernel)(P...), int gx, int gy, int threads, void **arguments) {
    blockDim.x = threads, gridDim.x = gx, gridDim.y = gy;
    for (blockIdx.y = 0; blockIdx.y < gy; ++blockIdx.y)
        for (blockIdx.x = 0; blockIdx.x < gx; ++blockIdx.x)
            for (threadIdx.x = 0; threadIdx.x < threads; ++threadIdx.x)
                call(kernel, arguments, std::index_sequence_for<P...>());
}
"""


def on_the_host(folder, name, functions):
    """A .cu file as a host library: CUDA's words for a thread's place become variables of three loops."""
    compiler = shutil.which("g++") or shutil.which("c++") or shutil.which("clang++")
    if compiler is None:
        pytest.skip("needs a C++ compiler")
    code = (CUDA_FOLDER / f"{name}.cu").read_text(encoding="utf-8")
    launches = [
        f'extern "C" void launch_{function}(int gx, int gy, int threads, void **arguments) '
        f"{{ run({function}, gx, gy, threads, arguments); }}"
        for function in functions
    ]
    (folder / f"{name}.cpp").write_text("\n".join([HOST_PRELUDE, code, HOST_LAUNCH, *launches]), "utf-8")
    command = [compiler, "-std=c++17", "-w", "-shared", "-fPIC", "-O1", "-o", f"{name}.so", f"{name}.cpp"]
    subprocess.run(command, check=True, cwd=folder)
    return ctypes.CDLL(folder / f"{name}.so")


@pytest.fixture(scope="module")
def books_cu_on_the_host(tmp_path_factory):
    functions = ("card_states", "card_states_exposed", "card_poses")
    return on_the_host(tmp_path_factory.mktemp("books_cu"), "books", functions)


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
    return Books(
        rows,
        columns,
        start,
        turn,
        page,
        colour,
        palette,
        ~absent(people, 7, who),
        dropped=np.zeros((2, rows * columns), np.int64),
        gestures=Gestures.none(rows * columns),
    )


def a_busy_show(rows, columns):
    """Everything at once: `a_show` with turns back, dropped books, and gestures in its first half."""
    calm, count = a_show(), rows * columns
    who = np.arange(count) % 600
    chance = [uniform(9, Purpose.VARIATION, number, np.arange(count)) for number in range(20)]
    begin = np.floor(11_000 * chance[0]).astype(np.int64)
    gestures = Gestures(
        kind=np.array([0, 1, 2, 3, 0, 3, 2], np.int8),
        start=np.stack([600 * row + np.floor(900 * chance[row]) for row in range(7)]).astype(np.int64),
        taking=np.stack([chance[7 + row] < 0.6 for row in range(7)]),
        move=np.array([300, 1, 300, 250, 500, 800, 90]),
        hold=np.array([0, 700, 300, 900, 20, 1500, 0]),
        amount=np.array([255, 200, 255, 255, 90, 255, 1], np.int16),
        period=np.array([1, 1, 1, 130, 1, 77, 1]),
    )
    return Books(
        rows,
        columns,
        calm.start[:, who],
        calm.turn,
        calm.page[:, who],
        calm.colour[:, who],
        calm.palette,
        calm.present[who],
        dropped=np.stack([begin, begin + np.where(chance[15] < 0.05, 1500, -1)]),
        gestures=gestures,
    )


MOMENTS = np.arange(-100, 11_000, 37)
#: Instants, exposures shorter than a turn, and some over several turns, in no order.
EXPOSURES = np.array([0, 40, 0, 1, 700, 0, 6000])[np.arange(MOMENTS.size) % 7]
SHUFFLED = np.argsort(bits(3, Purpose.VARIATION, 0, np.arange(MOMENTS.size)), kind="stable")


@pytest.fixture
def books_on_the_host(stand_in, books_cu_on_the_host, monkeypatch):
    """Let the CUDA path run its kernels on the host; returns the names of those that ran."""
    ran = []

    def host_function(source, function):
        assert source == "books"
        ran.append(function)

        def launch(grid, block, arguments):
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
            getattr(books_cu_on_the_host, f"launch_{function}")(*grid, *block, pointers)

        return launch

    monkeypatch.setattr(books_module, "cuda_function", host_function)
    return ran


def test_books_cu_gives_the_bytes_of_numpy(stand_in, books_on_the_host):
    expected = card_states(a_show(), MOMENTS)
    result = card_states(a_show().on(stand_in), MOMENTS)
    assert is_cupy(result)
    assert 0.05 < (expected[:, :20, :, 3] > 0).mean() < 0.95
    np.testing.assert_array_equal(to_numpy(result), expected)
    assert books_on_the_host == ["card_states"]


@pytest.mark.parametrize(("rows", "columns"), [(20, 30), (7, 19), (1, 1)])
def test_books_cu_gives_the_bytes_of_numpy_whatever_happens(stand_in, books_on_the_host, rows, columns):
    books = a_busy_show(rows, columns)
    at, exposure = MOMENTS[SHUFFLED], EXPOSURES[SHUFFLED]
    result = card_states(books.on(stand_in), stand_in.asarray(at), stand_in.asarray(exposure))
    np.testing.assert_array_equal(to_numpy(result), card_states(books, at, exposure))
    assert set(books_on_the_host) == {"card_states", "card_states_exposed", "card_poses"}


def test_books_cu_takes_runs_of_moments_as_it_takes_single_ones(stand_in, books_on_the_host, monkeypatch):
    """Few moments of few people would give each thread but one."""
    monkeypatch.setattr(books_module, "_MOST_BLOCKS", 7)
    books = a_busy_show(20, 30)
    result = card_states(books.on(stand_in), MOMENTS, EXPOSURES)
    np.testing.assert_array_equal(to_numpy(result), card_states(books, MOMENTS, EXPOSURES))


def test_the_busy_show_is_busy():
    """Else the comparisons above prove little."""
    above, below, pose = card_states(a_busy_show(20, 30), MOMENTS).reshape(-1, 3, 600, 4).swapaxes(0, 1)
    assert ((above[..., 3] > 0) & (above[..., :3] != below[..., :3]).any(-1)).mean() > 0.05
    assert (a_busy_show(20, 30).page[1:] < a_busy_show(20, 30).page[:-1]).mean() > 0.05
    present = below[..., 3] > 0
    assert 0.005 < (pose[present][:, 3] == 0).mean() < 0.1
    for byte, rest in ((0, 128), (1, 0), (2, 128)):
        assert 0.02 < (pose[present][:, byte] != rest).mean() < 0.9


def same_everywhere(xp):
    """Work out everything that must agree to the bit, on arrays of `xp`."""
    cues, who = xp.arange(5), xp.arange(1000)
    people = People(
        reaction_ticks=84_672_000,
        spread_ticks=28_224_000,
        skill=0.2,
        row=0.3,
        late=0.1,
        wrong_page=0.1,
        absent=0.1,
        dropped=0.1,
    )
    delays = reaction(people, 7, cues, who, who // 20)
    fraction = np.stack([order_fraction("ripple", 50, 20)] * 5)
    included = uniform(1, Purpose.LATE, cues[:, None], who) < 0.5
    return [
        bits(7, Purpose.REACTION, cues[:, None], who),
        bits(-7, Purpose.REACTION, 2, who),
        uniform(7, Purpose.HEIGHT, 0, who),
        quantile(bits(7, Purpose.MOVE_TIMING, 0, who), np.array([-5000, 20, 10**9])),
        delays,
        wrong_page(people, 7, cues, who, who // 20),
        dropped(people, 7, who, 0, 10**11),
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
    result = card_states(a_show().on(cupy), cupy.asarray(MOMENTS))
    assert is_cupy(result)
    np.testing.assert_array_equal(to_numpy(result), expected)


@pytest.mark.gpu
@pytest.mark.parametrize(("rows", "columns"), [(20, 30), (7, 19), (80, 250)])
def test_gpu_gives_the_same_cards_whatever_happens(cupy, rows, columns):
    books = a_busy_show(rows, columns)
    at, exposure = MOMENTS[SHUFFLED], EXPOSURES[SHUFFLED]
    result = card_states(books.on(cupy), cupy.asarray(at), cupy.asarray(exposure))
    np.testing.assert_array_equal(to_numpy(result), card_states(books, at, exposure))


@pytest.mark.gpu
def test_gpu_gives_the_same_colours(cupy):
    for result, expected in zip(colours_everywhere(cupy), colours_everywhere(np), strict=True):
        assert is_cupy(result)
        np.testing.assert_allclose(to_numpy(result), expected, rtol=1e-12, atol=1e-12)
