"""How fast the kernels bake a show's data textures to files, in moments spread over the whole show."""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import figures
import numpy as np
from cardstunt.blender_addon.bake import bake_cards
from cardstunt.blender_addon.bake_troupes import bake_troupe
from cardstunt.kernels.ticks import TICKS_PER_SECOND
from cardstunt.scenes.compiled import Compiled, compile_show
from cardstunt.scenes.load import load_show

MOMENTS = 360
RUNS = 5
#: After the last turn or arrival, so that rest is in it too.
END = 2 * TICKS_PER_SECOND


def moments(compiled: Compiled, count: int) -> np.ndarray:
    """Return evenly spread moments from the start of a show to just after its end: (count,) int64 ticks."""
    ends = [int(compiled.books.start.max() + compiled.books.turn.max())]
    ends += [int(drill.arrive.max()) for drill in compiled.drills.values()]
    return np.linspace(0, max(ends) + END, count).astype(np.int64)


def frames_a_second(bake: Callable[[Path], object], count: int, runs: int) -> float:
    """Return the median rate of runs into fresh folders."""
    rates = []
    for _ in range(runs):
        with tempfile.TemporaryDirectory() as folder:
            begun = time.perf_counter()
            bake(Path(folder))
            rates.append(count / (time.perf_counter() - begun))
    return statistics.median(rates)


def measure(chosen: argparse.Namespace) -> dict[str, float]:
    """Bake cards and troupes."""
    count, runs = (4, 1) if chosen.few else (MOMENTS, RUNS)
    loaded = load_show(chosen.show)
    begun = time.perf_counter()
    compiled = compile_show(loaded)
    values = {"compile_s": time.perf_counter() - begun}
    at = moments(compiled, count)

    def cards(folder: Path) -> None:
        textures = bake_cards(compiled.books, at, folder / "cards", lambda stage, done, of: None)
        assert textures.baked
        assert textures.file(count).is_file()

    def troupes(folder: Path) -> None:
        for name, drill in compiled.drills.items():
            worn = compiled.costumes[name]
            assert bake_troupe(name, drill, worn, at, folder / name, lambda stage, done, of: None).baked

    values["bake_cards_fps"] = frames_a_second(cards, count, runs)
    if compiled.drills:
        values["bake_gymnasts_fps"] = frames_a_second(troupes, count, runs)
    return values


if __name__ == "__main__":
    figures.main(figures.parser(__doc__), measure)
