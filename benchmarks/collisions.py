"""The collision check of 80,000 gymnasts who walk from one formation to another in ten seconds.

From a block that fills the field, half a metre apart, they walk to the same block stretched askew, up to
50 m, and set off one after another as crowds do. That is harder than a good drill: some 300,000 pairs come
nearer than the threshold, and all of them are found and measured.
"""

from __future__ import annotations

import argparse
import time

import figures
import numpy as np
from cardstunt.kernels.collisions import collisions
from cardstunt.kernels.drill import Drill
from cardstunt.kernels.ticks import TICKS_PER_SECOND

PEOPLE = 80_000
FEW_PEOPLE = 2_000
TRAVEL = 10
_SPACING = 0.5
_RUNS = 3


def drill(people: int) -> Drill:
    """Return a drill of two sets: a block as the field is shaped, and the same stretched and shifted."""
    columns = round((people * 12 / 17) ** 0.5)
    number = np.arange(people)
    place = np.stack([number % columns, number // columns], axis=1) * _SPACING
    place -= place.mean(axis=0)
    # A symmetric, positive stretch is the walk with the smallest sum of squared distances (Brenier 1991).
    stretch = np.array([[1.25, 0.35], [0.35, 0.95]])
    places = np.stack([place, place @ stretch + np.array([6.0, -9.0])])
    moments = np.array([[0, 0], [1, 1 + TRAVEL]], dtype=np.int64) * TICKS_PER_SECOND
    return Drill(
        places=places,
        leave=moments[:, 0],
        arrive=moments[:, 1],
        clip=np.zeros(2, dtype=np.int64),
        canon=np.zeros((2, people), dtype=np.int64),
        heading=np.zeros(2),
    )


def measure(chosen: argparse.Namespace) -> figures.Values:
    """Check the same travel some times and take the median."""
    one = drill(FEW_PEOPLE if chosen.few else PEOPLE)
    took = []
    for _ in range(1 if chosen.few else _RUNS):
        begun = time.perf_counter()
        found = collisions([one])
        took.append(time.perf_counter() - begun)
    print(f"{len(found)} pairs nearer than {found.threshold:g} m")
    return {"collision_80k_s": float(np.median(took))}


if __name__ == "__main__":
    figures.main(figures.parser(__doc__), measure)
