"""Which seats are taken, and by which tiles of people: pure arrays, before anything is built.

Real stands do not empty seat by seat: people come in groups, the best rows fill first, whole corners stay
bare. So the share of a stand is spread by a smooth noise, and rows at the top have less of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...kernels.bowl import Bowl
from ...kernels.bowl_plan import place, row_length
from ...kernels.bowl_seats import blocks, clear_of
from ...kernels.bowl_tiers import row_depths
from ...kernels.counter_random import Purpose, uniform
from ...kernels.film_views import FilmViews, nearest
from ...kernels.spectators import STANDS, spectator_tiles, stands_of
from .tiles import FILLS, SEATS, SINGLES, STANDING_FILLS, STANDING_SINGLES, Level, TileModel

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

REACH = (14.0, 45.0, 120.0)
"""Metres from the nearest camera of the film within which people are made at each level but the last."""
USUAL_REACH = 0.51
"""How far a picture of the usual lens, 35 mm, reaches to the side over the distance; a longer one sees as if
it were nearer."""
_MARGIN = 6.0
_WAVES = 24


@dataclass(frozen=True)
class Wish:
    """How many people there shall be.

    Attributes
    ----------
    shares : mapping of str to float
        By the names in `kernels.spectators.STANDS`: the share of the seats that are taken, 0 to 1.
    standing : float
        Share of the people who stand.
    """

    shares: Mapping[str, float]
    standing: float = 0.0


@dataclass(frozen=True, eq=False)
class Tiles:
    """The people of one tier: T tiles, each on a stretch of one row.

    Attributes
    ----------
    around, row : (T,) float64 and (T,) int64
        Where the middle of a tile is, as in `kernels.spectators`.
    places : (T, 3) float64, metres
    seats, taken, level : (T,) int64
    standing : (T,) bool
    variant : (T,) int64
        Which of the people, of a single one.
    number : (T,) int64
        The tile's own in the whole stadium, for what differs from tile to tile.
    block : (T,) int64
        The block of seats it is in, for what neighbours have in common.
    """

    around: Floats
    row: Integers
    places: Floats
    seats: Integers
    taken: Integers
    level: Integers
    standing: NDArray[np.bool_]
    variant: Integers
    number: Integers
    block: Integers

    def models(self) -> list[TileModel]:
        """Return the model of each tile."""
        return [
            TileModel(Level(level), seats, taken, standing, variant)
            for level, seats, taken, standing, variant in zip(
                *(
                    each.tolist()
                    for each in (self.level, self.seats, self.taken, self.standing, self.variant)
                ),
                strict=True,
            )
        ]

    def of(self, chosen: NDArray[np.bool_]) -> Tiles:
        """Return some of the tiles."""
        return Tiles(**{name: values[chosen] for name, values in vars(self).items()})


@dataclass(frozen=True, eq=False)
class _Seats:
    """All free seats of a tier, in the order of rows and counter-clockwise in them."""

    around: Floats
    row: Integers
    places: Floats
    number: Integers
    tile: Integers


def _seats(bowl: Bowl, tier: int, free_half_width: float, taken: Floats | None) -> _Seats:
    """Return the seats of a tier on which spectators may sit, and the number of the tile that each is in."""
    every = spectator_tiles(bowl, tier, 0.0, 1, 1.0, 0)
    tiles = spectator_tiles(bowl, tier, 0.0, max(SEATS), 1.0, 0)
    # Tiles are dealt out in the order of the seats.
    tile = np.repeat(tiles.index, tiles.seats)
    free = np.isin(every.index, spectator_tiles(bowl, tier, free_half_width, 1, 1.0, 0).index)
    if taken is not None:
        free &= clear_of(bowl, every.places, every.heading, 1, taken)
    return _Seats(every.around[free], every.row[free], every.places[free], every.index[free], tile[free])


def _noise(seed: int, kind: int, along: Floats, across: Floats, lengths: tuple[float, float]) -> Floats:
    """Return a smooth noise of unit variance: a sum of waves of lengths between two, in metres."""
    total = np.zeros(along.shape)
    for wave in range(_WAVES):
        length, turn, phase = (float(uniform(seed, Purpose.SPECTATOR, kind, wave * 3 + k)) for k in range(3))
        length = lengths[0] * (lengths[1] / lengths[0]) ** length
        turn *= np.pi
        total += np.cos(2 * np.pi * ((np.cos(turn) * along + np.sin(turn) * across) / length + phase))
    noise: Floats = total * np.sqrt(2.0 / _WAVES)
    return noise


def _spread(share: float, lean: Floats) -> Floats:
    """Return shares whose mean is `share`, more where `lean` is: a logistic curve, moved until it fits."""
    if share <= 0.0 or share >= 1.0 or not lean.size:
        return np.full(lean.shape, np.clip(share, 0.0, 1.0))
    low, high = -30.0 - float(lean.max()), 30.0 - float(lean.min())
    for _ in range(60):
        middle = (low + high) / 2
        if float(np.mean(1.0 / (1.0 + np.exp(-(lean + middle))))) < share:
            low = middle
        else:
            high = middle
    shares: Floats = 1.0 / (1.0 + np.exp(-(lean + low)))
    return shares


def _taken_shares(bowl: Bowl, tier: int, seats: _Seats, wish: Wish, seed: int) -> Floats:
    """Return how likely each seat is to be taken, (N,)."""
    measures = bowl.tiers[tier]
    along = seats.around * row_length(bowl.plan, measures.depth)
    across = seats.row.astype(np.float64) * measures.row_pitch
    height = (seats.row + 0.5) / measures.rows
    lean = 1.6 * _noise(seed, 1 + tier, along, across, (25.0, 90.0))
    lean += 1.9 * _noise(seed, 101 + tier, along, across, (4.0, 14.0))
    lean -= 2.6 * height**3 + 0.7 * tier / max(len(bowl.tiers) - 1, 1)
    stand = stands_of(bowl, seats.around)
    shares = np.zeros(len(lean))
    for number, name in enumerate(STANDS):
        here = stand == number
        shares[here] = _spread(wish.shares.get(name, 0.0), lean[here])
    return shares


def spectators_of(
    bowl: Bowl,
    tier: int,
    wish: Wish,
    views: FilmViews,
    seed: int,
    free_half_width: float = 0.0,
    taken: Floats | None = None,
    finer: float = 1.0,
) -> Tiles:
    """Seat the spectators of a tier, as finely as the film's cameras ask for; what no shot sees is left out.

    Parameters
    ----------
    bowl : Bowl
    tier : int
        From 0, the lowest.
    wish : Wish
    views : FilmViews
    seed : int
    free_half_width : float
        In the east nobody sits nearer to the x axis than this, metres.
    taken : (S, 3) array, optional
        Seats of card-holders elsewhere; nobody sits on, below or above them.
    finer : float
        Factor of `REACH`.
    """
    seats = _seats(bowl, tier, free_half_width, taken)
    shares = _taken_shares(bowl, tier, seats, wish, seed)
    tiles = _gathered(bowl, tier, seats, shares, wish.standing, seed)
    distance = nearest(views, tiles.places + np.array([0.0, 0.0, 0.8]), _MARGIN, as_if=USUAL_REACH)
    level = np.searchsorted(np.array(REACH) * finer, distance, side="right")
    level[np.isinf(distance)] = -1
    fine = (level >= 0) & (level < Level.MIDDLE)
    tiles.level[:] = np.maximum(level, Level.MIDDLE)
    coarse = tiles.of((level >= Level.MIDDLE) & (tiles.taken > 0))
    if not fine.any():
        return coarse
    order = np.argsort(tiles.number)
    of_seat = order[np.searchsorted(tiles.number[order], seats.tile)]
    singles = _singles(tiles, seats, shares, of_seat, seed)
    singles.level[:] = level[of_seat]
    singles = singles.of(fine[of_seat] & (singles.taken > 0))
    return Tiles(
        **{name: np.concatenate([values, getattr(singles, name)]) for name, values in vars(coarse).items()}
    )


def _gathered(bowl: Bowl, tier: int, seats: _Seats, shares: Floats, standing: float, seed: int) -> Tiles:
    """Return the tiles that all seats go into, with as many people as they should have on average."""
    number, first, of_seat, count = np.unique(
        seats.tile, return_index=True, return_inverse=True, return_counts=True
    )
    share = np.bincount(of_seat, shares) / count
    # Between the two seats in the middle: only near to each other do shares around count like metres.
    around = (seats.around[first + (count - 1) // 2] + seats.around[first + count // 2]) / 2
    row = seats.row[first]
    measures = bowl.tiers[tier]
    x, y, _ = place(bowl.plan, around, row_depths(measures)[row])
    places = np.stack([x, y, seats.places[first, 2]], -1)
    part = (around - measures.first) / (measures.last - measures.first)
    block = np.floor(part * blocks(bowl, measures).count).astype(np.int64)
    along = around * row_length(bowl.plan, measures.depth)
    across = row.astype(np.float64) * measures.row_pitch
    # Who stands stands together: where another smooth noise is highest.
    stands = _noise(seed, 201 + tier, along, across, (10.0, 40.0))
    stands += 0.8 * uniform(seed, Purpose.SPECTATOR, 2, number)
    is_standing = stands > np.quantile(stands, 1.0 - standing) if standing < 1.0 else np.full(len(row), True)
    taken = _dithered(share, count, is_standing, uniform(seed, Purpose.SPECTATOR, 3, number))
    nothing = np.zeros(len(row), np.int64)
    return Tiles(around, row, places, count, taken, nothing.copy(), is_standing, nothing, number, block)


def _fills(seats: int, standing: bool) -> tuple[int, ...]:
    """Return how many people the models of a width can have: none, and some more up to all."""
    fills = STANDING_FILLS if standing else FILLS
    return tuple(sorted({0, *(max(1, round(fill * seats)) for fill in fills)}))


def _dithered(share: Floats, seats: Integers, standing: NDArray[np.bool_], draw: Floats) -> Integers:
    """Return people a tile, (T,): one of the two models nearest to the wish, by chance so that it is met."""
    taken = np.zeros(len(share), np.int64)
    for width in np.unique(seats).tolist():
        for stands in (False, True):
            here = (seats == width) & (standing == stands)
            fills = np.array(_fills(width, stands))
            wish = share[here] * width
            above = np.clip(np.searchsorted(fills, wish), 1, len(fills) - 1)
            low, high = fills[above - 1], fills[above]
            taken[here] = np.where(draw[here] < (wish - low) / (high - low), high, low)
    return taken


def _singles(tiles: Tiles, seats: _Seats, shares: Floats, of_seat: Integers, seed: int) -> Tiles:
    """Return each seat as a tile of its own."""
    draw = uniform(seed, Purpose.SPECTATOR, 4, seats.number)
    standing = tiles.standing[of_seat]
    variants = np.where(standing, STANDING_SINGLES, SINGLES)
    variant = np.floor(uniform(seed, Purpose.SPECTATOR, 5, seats.number) * variants).astype(np.int64)
    ones = np.ones(len(draw), np.int64)
    return Tiles(
        seats.around,
        seats.row,
        seats.places,
        ones,
        (draw < shares).astype(np.int64),
        ones.copy(),
        standing,
        variant,
        # The numbers of tiles of ten begin again at 0 in each row; those of seats go on after them.
        seats.number + (1 << 40),
        tiles.block[of_seat],
    )
