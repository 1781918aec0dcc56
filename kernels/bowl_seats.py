"""The seats of a stadium: its blocks between aisles, and the card section in its east stand."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .bowl import VOMITORY_ROWS, VOMITORY_WIDTH, Bowl, Tier
from .bowl_plan import along_row, edge, row_length
from .bowl_tiers import row_depths, row_heights

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

WIDEST_TURN = math.radians(36)
"""How far the front row of a card section may turn from the field's length; beyond, its picture is lost."""
HALF_AISLE = 0.6


class SectionDoesNotFitError(ValueError):
    """A card section that is larger than the stand it should fill; the message says what fits.

    Attributes
    ----------
    columns, rows : int
        The most that fit.
    """

    def __init__(self, message: str, columns: int, rows: int) -> None:
        self.columns = columns
        self.rows = rows
        super().__init__(message)


@dataclass(frozen=True, eq=False)
class Blocks:
    """How aisles and openings divide a tier.

    Attributes
    ----------
    count : int
        Blocks of seats.
    bounds : ndarray of float64, shape (count + 1,)
        Shares around between which they lie; even steps.
    aisles : ndarray of float64, shape (A,)
        Shares around of the aisles' middles: all bounds, of a tier all the way around the last but once.
    vomitories : ndarray of float64, shape (V,)
        Shares around of the openings' middles.
    vomitory_blocks : ndarray of int64, shape (V,)
        The blocks that they are in the middle of.
    """

    count: int
    bounds: Floats
    aisles: Floats
    vomitories: Floats
    vomitory_blocks: Integers


def blocks(bowl: Bowl, tier: Tier) -> Blocks:
    """Return how aisles and openings divide a tier: blocks of the same share around, `tier.block` long.

    Opening k of V takes block ``floor((k + 1/2) count / V)``.
    """
    whole = all_around(tier)
    front = row_length(bowl.plan, tier.depth) * (tier.last - tier.first)
    # Of a whole ring an even number, so that north mirrors south and east mirrors west.
    count = 2 * max(round(front / tier.block / 2), 1) if whole else max(round(front / tier.block), 1)
    bounds: Floats = tier.first + (tier.last - tier.first) * np.arange(count + 1) / count
    openings = min(tier.vomitories, count)
    block: Integers = ((2 * np.arange(openings, dtype=np.int64) + 1) * count) // max(2 * openings, 1)
    return Blocks(
        count=count,
        bounds=bounds,
        aisles=bounds[:-1] if whole else bounds,
        vomitories=(bounds[block] + bounds[block + 1]) / 2,
        vomitory_blocks=block,
    )


def all_around(tier: Tier) -> bool:
    """Tell whether a tier goes all the way around."""
    return tier.last - tier.first >= 1 - 1e-9


def vomitory_rows(tier: Tier) -> range:
    """Return the rows that a tier's openings cut through."""
    return range(min(tier.vomitory_row, tier.rows), min(tier.vomitory_row + VOMITORY_ROWS, tier.rows))


def row_spans(bowl: Bowl, tier: Tier, row: int) -> Floats:
    """Return the stretches of a row on which there are seats.

    Parameters
    ----------
    row : int
        From 0, the front.

    Returns
    -------
    ndarray of float64, shape (S, 2)
        From and to, metres along the row as `bowl_plan.along_row` counts them; between aisles and openings.
    """
    divided = blocks(bowl, tier)
    depth = float(row_depths(tier)[row])
    bounds = along_row(bowl.plan, divided.bounds, depth)
    spans = np.stack([bounds[:-1] + tier.aisle / 2, bounds[1:] - tier.aisle / 2], -1)
    if row in vomitory_rows(tier) and len(divided.vomitories):
        middle = along_row(bowl.plan, divided.vomitories, depth)
        cut = divided.vomitory_blocks
        left = np.stack([spans[cut, 0], middle - VOMITORY_WIDTH / 2], -1)
        right = np.stack([middle + VOMITORY_WIDTH / 2, spans[cut, 1]], -1)
        spans = np.concatenate([np.delete(spans, cut, axis=0), left, right])
        spans = spans[np.argsort(spans[:, 0], kind="stable")]
    kept: Floats = spans[spans[:, 1] > spans[:, 0]]
    return kept


def seats(bowl: Bowl) -> int:
    """Return how many seats a stadium has: those that go on its rows between aisles and openings."""
    return sum(tier_seats(bowl, tier) for tier in bowl.tiers)


def tier_seats(bowl: Bowl, tier: Tier) -> int:
    """Return how many seats a tier has."""
    count = 0
    for row in range(tier.rows):
        spans = row_spans(bowl, tier, row)
        count += int(np.floor((spans[:, 1] - spans[:, 0]) / bowl.seat_width + 1e-9).sum())
    return count


def east_tiers(bowl: Bowl) -> tuple[Tier, ...]:
    """Return the tiers of the east stand, from the lowest."""
    return tuple(tier for tier in bowl.tiers if tier.first < 0 < tier.last or all_around(tier))


def stand_rows(bowl: Bowl) -> tuple[Floats, Floats]:
    """Return the rows of the east stand, through all its tiers, from the front.

    Returns
    -------
    depths : ndarray of float64, shape (R,)
        Of the rows' middles behind the arena's edge, metres.
    heights : ndarray of float64, shape (R,)
        Of their treads above the field, metres.
    """
    tiers = east_tiers(bowl)
    if not tiers:
        return np.zeros(0), np.zeros(0)
    return (
        np.concatenate([row_depths(tier) for tier in tiers]),
        np.concatenate([row_heights(tier, bowl.focus) for tier in tiers]),
    )


def section_half_width(bowl: Bowl, columns: int) -> float:
    """Half the width of a card section along y, metres, with half an aisle on each side."""
    return columns * bowl.holder_width / 2 + HALF_AISLE


def section_fits(bowl: Bowl, rows: int | None = None) -> tuple[int, int]:
    """Return the most columns and rows that a card section in the east stand can have.

    Parameters
    ----------
    rows : int, optional
        The rows that it shall have: a stand may be narrower further up. All, unless given.
    """
    depths, _ = stand_rows(bowl)
    ends = [
        (-0.5, 0.5) if all_around(tier) else (tier.first, tier.last)
        for tier in east_tiers(bowl)
        for _ in range(tier.rows)
    ]
    reach = math.inf
    for depth, (first, last) in list(zip(depths.tolist(), ends, strict=True))[:rows]:
        _, y, angle = _row_of_section(bowl, depth)
        share = np.arange(len(y)) / len(y) - 0.5
        flat = y[(np.abs(angle) <= WIDEST_TURN) & (first <= share) & (share <= last)]
        reach = min(reach, -float(flat.min()), float(flat.max())) if len(flat) else 0.0
    widest = int(2 * (reach - HALF_AISLE) / bowl.holder_width) if len(depths) else 0
    return max(widest, 0), len(depths)


def _row_of_section(bowl: Bowl, depth: float) -> tuple[Floats, Floats, Floats]:
    """Return the row at `depth` from west to west through the east: x, y and the normals' angles."""
    curve = edge(bowl.plan)
    half = len(curve.points) // 2
    points = np.roll(curve.points, half, axis=0)
    angle = np.concatenate([curve.turn[half:-1] - 2 * math.pi, curve.turn[:half]])
    return points[:, 0] + depth * np.cos(angle), points[:, 1] + depth * np.sin(angle), angle


def on_stand(bowl: Bowl, y: npt.ArrayLike, depth: float) -> tuple[Floats, Floats]:
    """Return where a line straight back from the arena meets the row at `depth` of the east stand.

    Parameters
    ----------
    y : array
        Metres, of lines that run along x.
    depth : float
        Metres behind the arena's edge.

    Returns
    -------
    x : float64 array, metres
    turn : float64 array, radians
        By how much the row is turned there from the field's length, positive in the north.
    """
    xs, ys, angles = _row_of_section(bowl, depth)
    east = np.abs(angles) < math.pi / 2
    lines = np.asarray(y, np.float64)
    x: Floats = np.interp(lines, ys[east], xs[east])
    turn: Floats = np.interp(lines, ys[east], angles[east])
    return x, turn


def card_section_seats(bowl: Bowl, columns: int, rows: int) -> tuple[Floats, Floats]:
    """Places and facings of the card section in the east stand.

    Columns run straight back from the arena, one holder width apart, so that the picture stays a rectangle;
    rows follow the bowl's curve, through all tiers. Seat i is row * columns + column; row 0 is the front,
    column 0 the left as the audience opposite sees it (north).

    Returns
    -------
    places : (rows * columns, 3) float64, metres, on the tread below each person.
    facing : (rows * columns,) float64, radians, the heading each person looks along (pi is west).

    Raises
    ------
    SectionDoesNotFitError
        When the stand has too few rows or is too short.
    """
    widest, most = section_fits(bowl, rows)
    if rows > most or columns > widest:
        what = f"a card section of {columns} columns by {rows} rows does not fit the east stand: "
        fits = f"at most {widest} columns by {most} rows do"
        if widest < 2 or most < 2:
            what, fits = "", "the stadium has no stand in the east for a card section"
        raise SectionDoesNotFitError(what + fits, widest, most)
    depths, heights = stand_rows(bowl)
    y = ((columns - 1) / 2 - np.arange(columns)) * bowl.holder_width
    places = np.empty((rows, columns, 3))
    facing = np.empty((rows, columns))
    for row in range(rows):
        x, turn = on_stand(bowl, y, float(depths[row]))
        places[row] = np.stack([x, y, np.full(columns, heights[row])], -1)
        # Half of the curve's own turn: people face the opposite stand, not the centre of the curve.
        facing[row] = np.pi + 0.5 * turn
    return places.reshape(-1, 3), facing.reshape(-1)


def clear_of(
    bowl: Bowl, places: Floats, heading: Floats, seats_in_tile: npt.ArrayLike, taken: Floats
) -> npt.NDArray[np.bool_]:
    """Tell which tiles of spectators lie clear of seats that are taken, seen from above.

    Parameters
    ----------
    places : (T, 3) float64, metres
    heading : (T,) float64, radians
    seats_in_tile : int or (T,) int64
        As from `spectators.spectator_tiles`.
    taken : (S, 3) float64, metres
        Where other people sit, at any height: below these nobody sits either.

    Returns
    -------
    (T,) bool
    """
    from scipy.spatial import KDTree  # noqa: PLC0415  not needed unless seats are elsewhere

    count = np.broadcast_to(np.asarray(seats_in_tile, np.int64), heading.shape)[:, None]
    seat = np.arange(int(count.max(initial=1)))
    across = (np.minimum(seat, count - 1) - (count - 1) / 2) * bowl.seat_width
    x = places[:, :1] - np.sin(heading)[:, None] * across
    y = places[:, 1:2] + np.cos(heading)[:, None] * across
    reach = 0.9 * max(*(tier.row_pitch for tier in bowl.tiers), bowl.holder_width)
    distance, _ = KDTree(taken[:, :2]).query(np.stack([x, y], -1), distance_upper_bound=reach)
    clear: npt.NDArray[np.bool_] = np.isinf(distance).all(-1)
    return clear
