"""How near the kernels that bake cards come to what the GPU's memory can do.

The bytes that they must write, over the time they take on the device, as a share of what a copy within device
memory moves in the same run, bytes read and bytes written together, before or after the kernels, whichever
is more. CUDA events take the time, behind work that keeps the device busy while the host sends off what is
timed: neither what the host prepares, nor its launching, nor fetching the pixels is in it, and what the
kernels read counts for nothing.

Also printed is what explains a figure that is missed: each kernel alone with its registers, plain writing of
as many bytes, which is the best that can be, and runs of other lengths than `books_cuda` chooses. Needs NumPy
and CuPy alone; also

    python -m benchmarks.bake_gpu

from the root of the repository, where Cardstunt need not be installed.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import statistics
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

HERE = Path(__file__).resolve().parent
if str(HERE) not in sys.path:
    sys.path.insert(0, str(HERE))
if importlib.util.find_spec("cardstunt") is None:
    spec = importlib.util.spec_from_file_location("cardstunt", HERE.parent / "__init__.py")
    assert spec is not None
    assert spec.loader is not None
    sys.modules["cardstunt"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(sys.modules["cardstunt"])

import figures  # noqa: E402
from cardstunt.kernels.array_module import gpu_available, to_numpy  # noqa: E402
from cardstunt.kernels.books import LAYERS, Books, card_states, moments_of  # noqa: E402
from cardstunt.kernels.books_cuda import THREADS, cuda_launches  # noqa: E402
from cardstunt.kernels.compile_cuda import cuda_function  # noqa: E402
from cardstunt.kernels.counter_random import Purpose, bits, uniform  # noqa: E402
from cardstunt.kernels.flips import order_fraction, turn_starts  # noqa: E402
from cardstunt.kernels.gestures import Gestures  # noqa: E402
from cardstunt.kernels.ticks import TICKS_PER_SECOND  # noqa: E402

ROWS, COLUMNS, TURNS, COLOURS = 80, 250, 170, 40
SECONDS, FRAMES_A_SECOND = 240, 24
SEED = 170
RUNS = 50
COPIED = 2 << 30
LENGTHS = (8, 16, 24, 32, 48, 64, 128)
EVERY = 95  # of so many frames one is compared: at all places in runs
Launch = tuple[str, Callable[[], object]]
ORDERS = ("sweep", "ripple", "dissolve", "iris", "spiral", "diagonal", "rows", "columns", "together")


def long_show() -> Books:
    """Return four minutes of a show in which everybody turns a page each 1.4 s, always in another order."""
    holders, numbers = np.arange(ROWS * COLUMNS), np.arange(TURNS)
    tick = TICKS_PER_SECOND // 1000
    at = numbers * (SECONDS * TICKS_PER_SECOND // TURNS)
    fraction = np.stack(
        [order_fraction(ORDERS[number % len(ORDERS)], COLUMNS, ROWS, cue=number) for number in range(TURNS)]
    )
    chance = uniform(SEED, Purpose.REACTION, numbers[:, None], holders)
    reaction = (np.floor(180 * chance) * tick).astype(np.int64) + 60 * tick
    turn = np.full(TURNS, 400 * tick)
    start = turn_starts(at, fraction, np.full(TURNS, 800 * tick), reaction, turn)
    begin = np.floor(uniform(SEED, Purpose.LATE, 0, holders) * SECONDS * TICKS_PER_SECOND).astype(np.int64)
    drops = uniform(SEED, Purpose.LATE, 1, holders) < 0.001
    calls = np.arange(8) * 30 * TICKS_PER_SECOND
    gestures = Gestures(
        kind=(np.arange(8) % 4).astype(np.int8),
        start=calls[:, None] + reaction[:8],
        taking=np.ones((8, holders.size), bool),
        move=np.full(8, 400 * tick),
        hold=np.full(8, 600 * tick),
        amount=np.full(8, 255, np.int16),
        period=np.full(8, 333 * tick),
    )
    palette = bits(SEED, Purpose.COSTUME, np.arange(COLOURS)[:, None], np.arange(3)) % 256
    return Books(
        rows=ROWS,
        columns=COLUMNS,
        start=start,
        turn=turn,
        page=numbers.astype(np.int16)[:, None].repeat(holders.size, 1),
        colour=(bits(SEED, Purpose.COSTUME, numbers[:, None], holders) % COLOURS).astype(np.uint8),
        palette=palette.astype(np.uint8),
        present=uniform(SEED, Purpose.ABSENT, 0, holders) >= 0.005,
        dropped=np.stack([begin, begin + np.where(drops, 5 * TICKS_PER_SECOND, 0)]),
        gestures=gestures,
    )


class Timer:
    """Takes the time of work on the device.

    Before each piece of work the device is given as much to copy as takes it a millisecond: so it never waits
    for the host, whose launching would else be timed, and finds its caches full of other things.
    """

    def __init__(self, cupy: Any, runs: int) -> None:
        self._cupy, self._runs = cupy, runs
        self._source, self._target = cupy.zeros((2, COPIED), np.uint8)
        for _ in range(10 * runs):  # until the device's clocks are up
            self.copy()

    def copy(self) -> None:
        """Copy `COPIED` bytes."""
        self._target.data.copy_from_device_async(self._source.data, COPIED)

    def milliseconds(self, work: Callable[[], object]) -> float:
        """Return the median time of a piece of work, after some to warm up."""
        times = []
        for _ in range(self._runs + 5):
            self.copy()
            begin, end = self._cupy.cuda.Event(), self._cupy.cuda.Event()
            begin.record()
            work()
            end.record()
            end.synchronize()
            times.append(self._cupy.cuda.get_elapsed_time(begin, end))
        return statistics.median(times[5:])


def prepared(books: Books, at: NDArray[np.int64], out: Any, length: int | None = None) -> list[Launch]:
    """Return the kernels that fill ``out``, by name, ready to be launched as often as one likes."""
    moments = moments_of(books, at, np.zeros_like(at), np.arange(at.size))

    def launch(name: str, grid: tuple[int, int], arguments: list[Any]) -> Launch:
        kernel, given = cuda_function("books", name), tuple(arguments)
        return name, lambda: kernel(grid, (THREADS,), given)

    return [launch(*each) for each in cuda_launches(books, moments, out, length)]


def measure(chosen: argparse.Namespace) -> figures.Values:
    """Time a copy and the kernels in turn."""
    names = [figure.name for figure in figures.FIGURES if figure.benchmark == "bake_gpu"]
    if not gpu_available():
        return dict.fromkeys(names, figures.Skipped("no GPU"))
    cupy: Any = importlib.import_module("cupy")
    on_host = long_show()
    books = on_host.on(cupy)
    frames = SECONDS * FRAMES_A_SECOND
    at = np.arange(frames, dtype=np.int64) * (TICKS_PER_SECOND // FRAMES_A_SECOND)
    out = cupy.empty((frames, LAYERS, ROWS * COLUMNS), np.uint32)
    launches = prepared(books, at, out)

    def bake() -> None:
        for _, launch in launches:
            launch()

    bake()
    baked_now = to_numpy(out[::EVERY]).view(np.uint8).reshape(-1)
    same = baked_now == card_states(on_host, at[::EVERY]).reshape(-1)
    assert same.all(), "the device does not give the bytes of NumPy"

    timer = Timer(cupy, 2 if chosen.few else RUNS)

    def told(what: str, work: Callable[[], object], moved: int = 0) -> float:
        """Print the time of some work, in ms, and at which rate it moves its bytes; return the time."""
        taken = timer.milliseconds(work)
        print(f"{what:50} {taken:8.3f} ms" + (f" {moved / taken / 1e6:8.0f} GB/s" if moved else ""))
        return taken

    device = cupy.cuda.runtime.getDeviceProperties(cupy.cuda.Device().id)["name"].decode()
    print(f"{device}, CuPy {cupy.__version__}: {out.nbytes / 1e9:.2f} GB")
    copied = told("copy, read and written", timer.copy, 2 * COPIED)
    baked = told("all kernels", bake, out.nbytes)
    for name, launch in launches:
        kernel = cuda_function("books", name)
        told(f"{name}, {kernel.num_regs} registers, {kernel.local_size_bytes} bytes spilt", launch)
    told("plain writing", lambda: out.data.memset_async(1, out.nbytes), out.nbytes)
    for length in LENGTHS:
        ((name, launch), *_) = prepared(books, at, out, length)
        told(f"{name}, runs of {length}", launch)
    copied = min(copied, told("copy again", timer.copy, 2 * COPIED))
    copy_rate, bake_rate = 2 * COPIED / copied / 1e6, out.nbytes / baked / 1e6
    return {
        "bake_gpu_bandwidth_pct": 100 * bake_rate / copy_rate,
        "bake_gpu_copy_gb_s": copy_rate,
        "bake_gpu_fps": frames / baked * 1000,
    }


if __name__ == "__main__":
    figures.main(figures.parser(__doc__), measure)
