"""What matching 80,000 people to 80,000 places takes, and how far from the best it is: the worse of two.

The pairs are a block that becomes rings, and two random crowds over the same ground. With 5,000 the sum is
compared with SciPy's exact answer, with 80,000 with a lower bound proven by the prices of places.
"""

from __future__ import annotations

import argparse
import time

import figures
import numpy as np
from cardstunt.kernels.assignment_auction import match_by_auction
from cardstunt.kernels.assignment_bounds import lower_bound, whole_squares
from scipy.optimize import linear_sum_assignment

MANY, SOME, FEW = 80_000, 5_000, 1_200
_SPACING = 0.8
_RINGS = 0.467  # times the root of the people: in rings, too, they stand a spacing apart


def pairs(count: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return pairs of formations, each of two (count, 2) arrays of metres."""
    side = _SPACING * np.sqrt(count)
    columns = int(np.sqrt(count))
    person = np.arange(count)
    block = _SPACING * np.column_stack([person // columns, person % columns]) - side / 2
    # Rings of radii from a tenth to the whole, with people as their lengths are.
    radius = np.linspace(0.1, 1.0, round(_RINGS * np.sqrt(count))) * 0.62 * side
    ends = np.rint(np.cumsum(radius) / radius.sum() * count).astype(np.int64)
    ring = np.searchsorted(ends, person, side="right")
    begin = np.concatenate([[0], ends])
    turn = 2 * np.pi * (person - begin[ring]) / np.diff(begin)[ring]
    rings = radius[ring, None] * np.column_stack([np.cos(turn), np.sin(turn)])
    crowds = [np.random.default_rng(seed).uniform(-side / 2, side / 2, (count, 2)) for seed in (1, 2)]
    return [(block, rings), (crowds[0], crowds[1])]


def whole(places: np.ndarray) -> np.ndarray:
    """Return places in whole millimetres."""
    return np.rint(1000.0 * places).astype(np.int64)


def measure(chosen: argparse.Namespace) -> dict[str, float]:
    """Match both pairs at both sizes; the figures are the worse ones."""
    seconds, over = [], []
    for start, goal in pairs(FEW if chosen.few else SOME):
        people, places = whole(start), whole(goal)
        matched = match_by_auction(people, places)
        cost = whole_squares(people[:, None], places)
        # Prices change no answer of SciPy's, but with good ones it comes in seconds, not minutes.
        value = cost + matched.price
        value -= value.min(axis=1)[:, None]
        best = int(cost[linear_sum_assignment(value)].sum())
        over.append(int(whole_squares(people, places[matched.place]).sum()) / best - 1.0)
    for start, goal in pairs(2 * FEW if chosen.few else MANY):
        people, places = whole(start), whole(goal)
        begun = time.perf_counter()
        matched = match_by_auction(people, places)
        seconds.append(time.perf_counter() - begun)
        total = int(whole_squares(people, places[matched.place]).sum())
        over.append(total / lower_bound(people, places, matched.price) - 1.0)
    return {"assignment_80k_s": max(seconds), "assignment_gap_pct": 100.0 * max(over)}


if __name__ == "__main__":
    figures.main(figures.parser(__doc__), measure)
