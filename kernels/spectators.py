"""Where spectators sit: tiles of a few people side by side, between the aisles of a tier."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .bowl import Bowl
from .bowl_plan import around_at, place
from .bowl_seats import row_spans
from .bowl_tiers import row_depths, row_heights
from .counter_random import Purpose, uniform

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Share = float | Mapping[str, float] | Callable[[Floats], Floats]

STANDS = ("east", "north", "west", "south")
"""Counter-clockwise, as `around` counts."""
_MOST_IN_ROW = 1 << 16
_MOST_ROWS = 1024


@dataclass(frozen=True, eq=False)
class SpectatorTiles:
    """Tiles of spectators.

    Attributes
    ----------
    tier : int
        The tier they are in, from 0.
    row : ndarray of int64, shape (T,)
    around : ndarray of float64, shape (T,)
        Share around of each tile's middle.
    places : ndarray of float64, shape (T, 3)
        The middle of each tile on its row's tread, metres.
    heading : ndarray of float64, shape (T,)
        Radians, towards the field.
    index : ndarray of int64, shape (T,)
        A number that is the tile's own in the whole stadium, for variation.
    seats : ndarray of int64, shape (T,)
        Seats in each tile.
    """

    tier: int
    row: Integers
    around: Floats
    places: Floats
    heading: Floats
    index: Integers
    seats: Integers


def stands_of(bowl: Bowl, around: Floats) -> Integers:
    """Return which of `STANDS` places are in: where the arena's edge faces, (N,) int64."""
    _, _, heading = place(bowl.plan, around, 0.0)
    stand: Integers = np.mod(np.rint((heading + math.pi) / (math.pi / 2)), 4).astype(np.int64)
    return stand


def spectator_tiles(
    bowl: Bowl, tier_number: int, free_half_width: float, seats_in_tile: int, share: Share, seed: int
) -> SpectatorTiles:
    """Place tiles of spectators in a tier: everywhere but in aisles, openings and the card section.

    The seats between two aisles are dealt out evenly to as few tiles as they go into, so tiles have
    `seats_in_tile` seats or a few less; `SpectatorTiles.seats` says how many.

    Parameters
    ----------
    bowl : Bowl
    tier_number : int
        From 0, the lowest.
    free_half_width : float
        In the east, nobody sits where abs(y) is less, metres; 0 where there is no card section.
    seats_in_tile : int
        Seats side by side in one tile at most.
    share : float, mapping or callable
        Share of the tiles that are filled, 0 to 1: of all; by the names in `STANDS` (0 for those left out);
        or from shares around (N,) to shares (N,).
    seed : int
        Which tiles those are.

    Returns
    -------
    SpectatorTiles
        In the order of rows and, in them, counter-clockwise. With a greater share the same tiles and more.
    """
    tier = bowl.tiers[tier_number]
    heights, depths = row_heights(tier, bowl.focus), row_depths(tier)
    rows, arounds, counts, slots = [], [], [], []
    for row in range(tier.rows):
        middles, seats = _tiles_of_row(row_spans(bowl, tier, row), seats_in_tile, bowl.seat_width)
        rows.append(np.full(middles.size, row, np.int64))
        arounds.append(around_at(bowl.plan, middles, float(depths[row])))
        counts.append(seats)
        slots.append(np.arange(middles.size, dtype=np.int64))
    row_of, around, seats = np.concatenate(rows), np.concatenate(arounds), np.concatenate(counts)
    index = (tier_number * _MOST_ROWS + row_of) * _MOST_IN_ROW + np.concatenate(slots)
    x, y, heading = place(bowl.plan, around, depths[row_of])
    filled = uniform(seed, Purpose.SPECTATOR, 0, index) < _shares(bowl, around, share)
    reach = free_half_width + seats * bowl.seat_width / 2
    kept = filled & ~((x > 0) & (np.abs(y) < reach)) if free_half_width > 0 else filled
    places = np.stack([x, y, heights[row_of]], -1)
    return SpectatorTiles(
        tier=tier_number,
        row=row_of[kept],
        around=around[kept],
        places=places[kept],
        heading=heading[kept],
        index=index[kept],
        seats=seats[kept],
    )


def _tiles_of_row(spans: Floats, seats_in_tile: int, seat_width: float) -> tuple[Floats, Integers]:
    """Return the middles of the tiles of a row, metres along it, and how many seats each has."""
    seats = np.floor((spans[:, 1] - spans[:, 0]) / seat_width + 1e-9).astype(np.int64)
    tiles = -(-seats // seats_in_tile)
    span = np.repeat(np.arange(len(spans)), tiles)
    which = np.arange(span.size) - np.repeat(np.cumsum(tiles) - tiles, tiles)
    # Tile k of n has the seats from floor(k S / n) on: their numbers differ by one at most.
    first = which * seats[span] // np.maximum(tiles[span], 1)
    count: Integers = (which + 1) * seats[span] // np.maximum(tiles[span], 1) - first
    slack = spans[:, 1] - spans[:, 0] - seats * seat_width
    middles: Floats = spans[span, 0] + slack[span] / 2 + (first + count / 2) * seat_width
    return middles, count


def _shares(bowl: Bowl, around: Floats, share: Share) -> Floats | float:
    if isinstance(share, Mapping):
        by_stand: Floats = np.array([share.get(name, 0.0) for name in STANDS])
        shares: Floats = by_stand[stands_of(bowl, around)]
        return shares
    return share(around) if callable(share) else share
