"""How fast and how true the tilt-shift kernel is.

    python benchmarks/tilt_shift.py [--json FILE] [--folder FOLDER]

Writes a list of {name, value, unit, asked, machine}; asked is None where nothing is asked.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from cardstunt.kernels.tilt_shift import blur

ASKED_SECONDS = 2.0
ASKED_DECIBELS = 38.0


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


def seconds(height: int, width: int, largest: float) -> float:
    """Return the median time of five runs after one to warm up."""
    image, radius = crowd(height, width, largest)
    blur(image, radius)
    times = []
    for _ in range(5):
        start = time.perf_counter()
        blur(image, radius)
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def measure(folder: Path) -> list[dict[str, Any]]:
    """Run all measurements.

    Parameters
    ----------
    folder
        Where the path-traced pictures are kept; those that are there are used.

    Returns
    -------
    list
        Of {name, value, unit, asked, machine}.
    """
    machine = f"{platform.machine()}, {os.cpu_count()} CPU cores, NumPy {np.__version__}"
    rows: list[tuple[str, float, str, float | None]] = [
        ("tilt_shift_1080p_s", seconds(1080, 1920, 24), "s", ASKED_SECONDS),
        ("tilt_shift_480p_s", seconds(480, 854, 12), "s", None),
    ]
    import ground_truth  # noqa: PLC0415  Blender takes long to load and would disturb the times

    for name, degrees, asked in (
        ("tilt_shift_psnr_db", 0.0, ASKED_DECIBELS),
        ("tilt_shift_psnr_tilted_db", -4.0, None),
    ):
        tilt = math.radians(degrees)
        got = ground_truth.pictures(folder, tilt=tilt)
        blurred = blur(got.sharp, ground_truth.radius_of(got.depth, tilt))
        rows.append((name, ground_truth.decibels(blurred, got.truth), "dB", asked))
    return [
        {"name": name, "value": round(value, 3), "unit": unit, "asked": asked, "machine": machine}
        for name, value, unit, asked in rows
    ]


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", type=Path)
    parser.add_argument("--folder", type=Path)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = chosen.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        rows = measure(folder)
    for row in rows:
        asked = "" if row["asked"] is None else f"(asked {row['asked']:g})"
        print(f"{row['name']:28} {row['value']:8.3f} {row['unit']:3} {asked}")
    if chosen.json:
        chosen.json.parent.mkdir(parents=True, exist_ok=True)
        chosen.json.write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
