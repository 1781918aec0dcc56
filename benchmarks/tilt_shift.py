"""How fast and how true the tilt-shift kernel is.

python benchmarks/tilt_shift.py [--json FILE] [--folder FOLDER]
"""

from __future__ import annotations

import argparse
import math
import statistics
import tempfile
import time
from pathlib import Path

import figures
import numpy as np
from cardstunt.kernels.tilt_shift import blur

RUNS = 5


def crowd(height: int, width: int, largest: float) -> tuple[np.ndarray, np.ndarray]:
    """Return a picture and its radii: a ground that recedes, with 6,000 upright cards on it.

    Parameters
    ----------
    height, width
        Pixels.
    largest
        Radius at the lower edge, pixels; the upper edge has five sixths of it, behind the focus.

    Returns
    -------
    tuple
        (H, W, 3) and (H, W) float32.
    """
    random = np.random.default_rng(5)
    down = np.linspace(-5 / 6, 1, height, dtype=np.float32)
    radius = np.repeat(largest * down[:, None], width, 1)
    image = np.full((height, width, 3), (0.2, 0.35, 0.15), np.float32)
    feet = np.sort(random.uniform(0.02, 1, 6000))
    for foot in feet:  # the farthest first
        row = int(foot * (height - 1))
        size = max(2, int((0.006 + 0.04 * foot) * height))
        left = int(random.uniform(-0.02, 1) * width)
        part = slice(max(0, row - 2 * size), row + 1), slice(max(0, left), max(0, left + size))
        image[part] = random.uniform(0.02, 0.95, 3)
        radius[part] = largest * down[row]
    return image, radius


def seconds(height: int, width: int, largest: float, runs: int) -> float:
    """Return the median time of the runs after one to warm up."""
    image, radius = crowd(height, width, largest)
    blur(image, radius)
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        blur(image, radius)
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def measure(chosen: argparse.Namespace) -> dict[str, float]:
    """Time the kernel, then compare it with path-traced pictures; those that are in the folder are used."""
    runs = 1 if chosen.few else RUNS
    values = {
        "tilt_shift_1080p_s": seconds(1080, 1920, 24, runs),
        "tilt_shift_480p_s": seconds(480, 854, 12, runs),
    }
    import ground_truth  # noqa: PLC0415  Blender takes long to load and would disturb the times

    small = {"samples": 4, "width": 96} if chosen.few else {}
    with tempfile.TemporaryDirectory() as temporary:
        folder = chosen.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        for name, degrees in (("tilt_shift_psnr_db", 0.0), ("tilt_shift_psnr_tilted_db", -4.0)):
            tilt = math.radians(degrees)
            got = ground_truth.pictures(folder, tilt=tilt, **small)
            blurred = blur(got.sharp, ground_truth.radius_of(got.depth, tilt))
            values[name] = ground_truth.decibels(blurred, got.truth)
    return values


if __name__ == "__main__":
    parser = figures.parser(__doc__)
    parser.add_argument("--folder", type=Path, help="where the path-traced pictures are kept")
    figures.main(parser, measure)
