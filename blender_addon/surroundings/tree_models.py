"""Models of trees and groves: trunks with clumpy crowns."""

from __future__ import annotations

import numpy as np

from ...kernels.city_trees import GROVE, GROVES, MODELS
from ...kernels.counter_random import Purpose, uniform
from .solids import Slot, Solids

#: Height, half width, where the crown begins as a share of the height, and how many lumps it has.
_KINDS = (
    (13.0, 4.9, 0.22, 3),
    (11.0, 4.4, 0.26, 3),
    (15.0, 4.2, 0.20, 3),
    (9.0, 3.9, 0.28, 2),
    (16.0, 2.0, 0.10, 2),
)
_SEED = 2


def _tree(kind: int, near: bool) -> Solids:
    solids = Solids()
    high, half, crown, lumps = _KINDS[kind]
    share = uniform(_SEED, Purpose.TREE, kind, np.arange(400))
    angles = 2 * np.pi * np.arange(5 if near else 3) / (5 if near else 3)
    low = [(0.26 * np.cos(a), 0.26 * np.sin(a), -0.1) for a in angles]
    top = [(0.15 * np.cos(a), 0.15 * np.sin(a), (crown + 0.12) * high) for a in angles]
    for k in range(len(angles)):
        j = (k + 1) % len(angles)
        solids.face([low[k], low[j], top[j], top[k]], Slot.BARK)
    middle = (1 + crown) / 2 * high
    upright = (1 - crown) / 2 * high
    solids.blob((0, 0, middle), (0.84 * half, 0.84 * half, upright), share[:42], near, 0.0)
    for lump in range(lumps if near else 1):
        turn = 2 * np.pi * (lump / lumps + 0.12 * share[50 + lump])
        away = 0.52 * half
        solids.blob(
            (away * np.cos(turn), away * np.sin(turn), middle + upright * (0.45 * share[60 + lump] - 0.4)),
            (0.62 * half, 0.62 * half, 0.5 * upright),
            share[70 + 45 * lump : 115 + 45 * lump],
            False,
            0.07 * (lump + 1),
        )
    return solids


def tree_models() -> list[Solids]:
    """Return the trees seen from near, then the simpler ones."""
    return [_tree(kind, near) for near in (True, False) for kind in range(MODELS)]


def grove_models() -> list[Solids]:
    """Return patches of wood of `GROVE` metres."""
    models = []
    for number in range(GROVES):
        solids = Solids()
        places = np.stack(np.meshgrid(np.arange(7), np.arange(5)), -1).reshape(-1, 2)
        share = uniform(_SEED, Purpose.TREE, 100 + number, np.arange(len(places) * 20).reshape(-1, 20))
        for (column, row), own in zip(places, share, strict=True):
            # Its outline is round, and frayed.
            if own[0] < 0.1 or np.hypot((column - 3) / 3.3, (row - 2) / 2.3) > 0.75 + 0.5 * own[19]:
                continue
            high, half = 8 + 8 * own[1], 3.4 + 2.2 * own[2]
            x = (column - 3) * GROVE[0] / 7 + 7 * (own[3] - 0.5)
            y = (row - 2) * GROVE[1] / 5 + 7 * (own[4] - 0.5)
            crown = (half, half, 0.46 * high)
            solids.blob((x, y, 0.5 * high), crown, np.resize(own[5:], 42), False, float(own[5]))
        models.append(solids)
    return models
