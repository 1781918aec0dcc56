"""How near the kernels that bake cards come to what the GPU's memory can do.

The bytes that they must write, over the time they take on the device, as a share of what a copy within device
memory moves in the same run, bytes read and bytes written together. CUDA events take the time: neither what
the host prepares once a call nor fetching the pixels is in it, and what the kernels read counts for nothing.
Needs NumPy and CuPy alone; also

    python -m benchmarks.bake_gpu

from the root of the repository, where Cardstunt need not be installed.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import statistics
import sys
from pathlib import Path
from typing import Any

import numpy as np

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
from cardstunt.kernels import books as books_module  # noqa: E402
from cardstunt.kernels.array_module import gpu_available, to_numpy  # noqa: E402
from cardstunt.kernels.books import LAYERS, Books, card_states  # noqa: E402
from cardstunt.kernels.counter_random import Purpose, bits, uniform  # noqa: E402
from cardstunt.kernels.flips import order_fraction, turn_starts  # noqa: E402
from cardstunt.kernels.gestures import Gestures  # noqa: E402
from cardstunt.kernels.ticks import TICKS_PER_SECOND  # noqa: E402

ROWS, COLUMNS, TURNS, COLOURS = 80, 250, 170, 40
SECONDS, FRAMES_A_SECOND = 240, 24
SEED = 170
RUNS = 20
COPIED = 2 << 30
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


def milliseconds(cupy: Any, work: Any, runs: int) -> float:
    """Return the median time of a piece of work on the device, after two to warm up."""
    times = []
    for _ in range(runs + 2):
        begin, end = cupy.cuda.Event(), cupy.cuda.Event()
        begin.record()
        work()
        end.record()
        end.synchronize()
        times.append(cupy.cuda.get_elapsed_time(begin, end))
    return statistics.median(times[2:])


def measure(chosen: argparse.Namespace) -> figures.Values:
    """Time a copy and the kernels in turn."""
    names = [figure.name for figure in figures.FIGURES if figure.benchmark == "bake_gpu"]
    if not gpu_available():
        return dict.fromkeys(names, figures.Skipped("no GPU"))
    cupy: Any = importlib.import_module("cupy")
    runs = 2 if chosen.few else RUNS
    on_host = long_show()
    books = on_host.on(cupy)
    frames = SECONDS * FRAMES_A_SECOND
    at = np.arange(frames, dtype=np.int64) * (TICKS_PER_SECOND // FRAMES_A_SECOND)
    some = np.arange(0, frames, frames // 60)
    same = to_numpy(card_states(books, at[some])) == card_states(on_host, at[some])
    assert same.all(), "the device does not give the bytes of NumPy"

    moments = books_module._moments(books, at, np.zeros_like(at), np.arange(frames))
    out = cupy.empty((frames, LAYERS, ROWS * COLUMNS), np.uint32)
    launches = [
        (books_module.cuda_function("books", name), grid, (books_module._THREADS,), tuple(arguments))
        for name, grid, arguments in books_module._cuda_launches(books, moments, out)
    ]
    source, target = cupy.zeros((2, COPIED), np.uint8)

    def bake() -> None:
        for kernel, grid, block, arguments in launches:
            kernel(grid, block, arguments)

    copied = milliseconds(cupy, lambda: target.data.copy_from_device_async(source.data, COPIED), runs)
    baked = milliseconds(cupy, bake, runs)
    copy_rate, bake_rate = 2 * COPIED / copied / 1e6, out.nbytes / baked / 1e6
    device = cupy.cuda.runtime.getDeviceProperties(0)["name"].decode()
    print(f"{device}: {out.nbytes / 1e9:.2f} GB in {baked:.3f} ms, {bake_rate:.0f} of {copy_rate:.0f} GB/s")
    return {
        "bake_gpu_bandwidth_pct": 100 * bake_rate / copy_rate,
        "bake_gpu_copy_gb_s": copy_rate,
        "bake_gpu_fps": frames / baked * 1000,
    }


if __name__ == "__main__":
    figures.main(figures.parser(__doc__), measure)
