"""The bowl: its plan, its rows and the places of its seats.

The plan is a superellipse |x / a|^n + |y / b|^n = 1 (Lamé); a row at depth d behind the arena's edge is the
same curve with semi-axes a + d and b + d. X points east, Y north, Z up, the origin lies at the centre of the
field; everything is in metres.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .counter_random import Purpose, uniform

Floats = npt.NDArray[np.float64]


class SectionDoesNotFitError(ValueError):
    """A card section that is larger than the stand it should fill; the message says what fits."""


@dataclass(frozen=True)
class Bowl:
    """The measures of a stadium bowl.

    Attributes
    ----------
    half_width, half_length : float
        Semi-axes of the arena's edge along x (east) and y (north), metres.
    exponent : float
        Exponent n of the superellipse; 2 is an ellipse, more is squarer.
    rows : int
        Rows of seats, counted from the arena.
    row_depth, seat_width, holder_width : float
        Depth of a row, width of a seat, and of a card-holder's place, which an open book fills; metres.
    front_height : float
        Height of the first row above the field, metres.
    first_rise, last_rise : float
        Rise from the first row to the second and from the last but one to the last, metres; it grows
        evenly between them, which keeps sight lines over the row in front.
    roof_inward, roof_outward, roof_height : float
        Reach of the roof to both sides of the rim and height of its inner edge, metres.
    petals : int
        Arches of the roof.
    """

    half_width: float
    half_length: float
    exponent: float
    rows: int
    row_depth: float
    seat_width: float
    holder_width: float
    front_height: float
    first_rise: float
    last_rise: float
    roof_inward: float
    roof_outward: float
    roof_height: float
    petals: int

    @property
    def depth(self) -> float:
        """Horizontal depth of all rows, metres."""
        return self.rows * self.row_depth

    @property
    def rim(self) -> float:
        """Depth at which the outer wall stands, behind a concourse of 6 m, metres."""
        return self.depth + 6.0


#: After the largest stadium known by capacity (114,000 seats, an arena of 22,500 square metres): axes of
#: about 450 by 350 m over the roof, 16 arches over 60 m up that reach 60 m inward and 40 m outward. Its arena
#: has 25,000 square metres, since a whole running track lies in it.
MAY_DAY = Bowl(
    half_width=66.0,
    half_length=112.0,
    exponent=2.6,
    rows=80,
    row_depth=0.8,
    seat_width=0.49,
    holder_width=0.55,
    front_height=3.0,
    first_rise=0.34,
    last_rise=0.56,
    roof_inward=60.0,
    roof_outward=40.0,
    roof_height=62.0,
    petals=16,
)

PRESETS = {"may_day": MAY_DAY}

EVEN_ARCH = 0.73
"""Arch of a roof whose petals are evened out; near the mean of `petal_arch`, which is 0.718."""


def row_heights(bowl: Bowl) -> Floats:
    """Heights of the treads of all rows: (rows,) float64, metres above the field."""
    rises = np.linspace(bowl.first_rise, bowl.last_rise, bowl.rows - 1)
    heights: Floats = bowl.front_height + np.concatenate([[0.0], np.cumsum(rises)])
    return heights


def plan(bowl: Bowl, depth: float | Floats, angle: Floats) -> tuple[Floats, Floats]:
    """Points of the plan at a depth behind the arena's edge.

    Parameters
    ----------
    depth : float or array, metres; broadcasts with `angle`.
    angle : (N,) float64, radians
        Parameter of the curve, 0 at east and counter-clockwise; not the polar angle.

    Returns
    -------
    x, y : float64 arrays, metres.
    """
    cosine, sine = np.cos(angle), np.sin(angle)
    power = 2.0 / bowl.exponent
    x = (bowl.half_width + depth) * np.sign(cosine) * np.abs(cosine) ** power
    y = (bowl.half_length + depth) * np.sign(sine) * np.abs(sine) ** power
    return x, y


def at_length(bowl: Bowl, depth: float, along: Floats) -> tuple[Floats, Floats, Floats]:
    """Points at given lengths of arc along the plan at `depth`, counted from east counter-clockwise.

    Parameters
    ----------
    along : (N,) float64, metres.

    Returns
    -------
    x, y : (N,) float64, metres.
    facing : (N,) float64, radians, the heading square to the curve, towards the field.
    """
    # Dense samples: the superellipse's own parameter crowds its flat sides.
    angle = np.linspace(0.0, 2 * np.pi, 8193)
    xs, ys = plan(bowl, depth, angle)
    length = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(xs), np.diff(ys)))])
    x, y = np.interp(along, length, xs), np.interp(along, length, ys)
    n = bowl.exponent
    slope_x = np.sign(x) * (np.abs(x) / (bowl.half_width + depth)) ** (n - 1) / (bowl.half_width + depth)
    slope_y = np.sign(y) * (np.abs(y) / (bowl.half_length + depth)) ** (n - 1) / (bowl.half_length + depth)
    return x, y, np.arctan2(-slope_y, -slope_x)


def perimeter(bowl: Bowl, depth: float) -> float:
    """Length of the plan's curve at `depth`, metres."""
    x, y = plan(bowl, depth, np.linspace(0.0, 2 * np.pi, 8193))
    return float(np.hypot(np.diff(x), np.diff(y)).sum())


def seats(bowl: Bowl) -> int:
    """Seats of the whole bowl, with one place in eight given to aisles and gangways."""
    lengths = sum(perimeter(bowl, (row + 0.5) * bowl.row_depth) for row in range(bowl.rows))
    return int(lengths / bowl.seat_width * 7 / 8)


def petal_arch(bowl: Bowl, around: npt.ArrayLike) -> Floats:
    """How high the roof arches around the bowl: 1 at the crown of a petal, 0 in the groove between two.

    Parameters
    ----------
    around : array of any shape
        Share of the way around, 0 to 1 from east counter-clockwise.

    Returns
    -------
    float64 array of the shape of `around`
        ``|sin|^0.65``, which is fuller than a sine.
    """
    arch: Floats = np.abs(np.sin(np.pi * bowl.petals * np.asarray(around, np.float64))) ** 0.65
    return arch


def roof_line(bowl: Bowl, inward: npt.ArrayLike, arch: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Places of the roof on its way from the inner edge to the outer.

    The roof climbs as a quarter of a sine to its ridge, a little beyond the middle, and falls from there
    down the outside of the bowl; petals stand out over both edges where they arch.

    Parameters
    ----------
    inward : array
        0 at the inner edge, 1 at the outer; broadcasts with `arch`.
    arch : array
        0 to 1, as from `petal_arch`; `EVEN_ARCH` evens the petals out.

    Returns
    -------
    depth : float64 array
        Behind the arena's edge, metres.
    height : float64 array
        Above the field, metres.
    """
    i, a = np.asarray(inward, np.float64), np.asarray(arch, np.float64)
    depth = bowl.rim - bowl.roof_inward + (bowl.roof_inward + bowl.roof_outward) * i
    scalloped: Floats = depth + (1 - a) * (9.0 * (1 - i) ** 2 - 14.0 * i**2)
    rise, fall = np.minimum(i / 0.55, 1.0), np.maximum((i - 0.55) / 0.45, 0.0)
    base = bowl.roof_height - 12.0 + 5.0 * np.sin(rise * np.pi / 2) - 40.0 * fall**2.2
    height: Floats = base + a * 12.0 * (1 - 0.55 * fall)
    return scalloped, height


def section_half_width(bowl: Bowl, columns: int) -> float:
    """Half the width of a card section along y, metres, with half an aisle on each side."""
    return columns * bowl.holder_width / 2 + 0.6


def card_section_seats(bowl: Bowl, columns: int, rows: int) -> tuple[Floats, Floats]:
    """Places and facings of the card section in the east stand.

    Columns run straight back from the arena, one holder width apart, so that the picture stays a rectangle;
    rows follow the bowl's curve. Seat i is row * columns + column; row 0 is the front, column 0 the left as
    the audience opposite sees it (north).

    Returns
    -------
    places : (rows * columns, 3) float64, metres, on the tread below each person.
    facing : (rows * columns,) float64, radians, the heading each person looks along (pi is west).

    Raises
    ------
    SectionDoesNotFitError
        When the stand has too few rows or is too short.
    """
    widest = int(2 * 0.8 * bowl.half_length / bowl.holder_width)
    if rows > bowl.rows or columns > widest:
        raise SectionDoesNotFitError(
            f"a card section of {columns} columns by {rows} rows does not fit the east stand: "
            f"at most {widest} columns by {bowl.rows} rows do"
        )
    row, column = np.divmod(np.arange(rows * columns), columns)
    depth = (row + 0.5) * bowl.row_depth
    y = ((columns - 1) / 2 - column) * bowl.holder_width
    n = bowl.exponent
    along = np.abs(y) / (bowl.half_length + depth)
    x = (bowl.half_width + depth) * (1 - along**n) ** (1 / n)
    z = row_heights(bowl)[row]
    # Half of the curve's own turn: people face the opposite stand, not the centre of the curve.
    shape = (bowl.half_width + depth) / (bowl.half_length + depth)
    slope = np.sign(y) * shape * (along * (bowl.half_width + depth) / x) ** (n - 1)
    return np.stack([x, y, z], -1), np.pi + 0.5 * np.arctan(slope)


def spectator_tiles(
    bowl: Bowl, section_columns: int, seats_in_tile: int, share: float, seed: int
) -> tuple[Floats, Floats, npt.NDArray[np.int64]]:
    """Places for tiles of spectators who sit side by side, everywhere but in the card section and the aisles.

    Parameters
    ----------
    section_columns : int
        Columns of the card section in the east stand, left free from front to back; 0 where it is elsewhere.
    seats_in_tile : int
        Seats side by side in one tile.
    share : float
        Share of the tiles to be filled, 0 to 1.
    seed : int
        Which tiles those are.

    Returns
    -------
    places : (T, 3) float64, metres; the middle of each tile on its row's tread.
    facing : (T,) float64, radians.
    index : (T,) int64, a number that is the tile's own, for variation.
    """
    heights = row_heights(bowl)
    aisle, tile_width = 1.2, seats_in_tile * bowl.seat_width
    blocks = 4 * round(perimeter(bowl, 0.0) / (2 * tile_width + aisle) / 4)
    free = section_half_width(bowl, section_columns) + tile_width / 2 if section_columns else 0.0
    places, facings, indices = [], [], []
    for row in range(bowl.rows):
        depth = (row + 0.5) * bowl.row_depth
        block_width = perimeter(bowl, depth) / blocks
        tiles = int((block_width - aisle) / tile_width)
        spread = (np.arange(tiles) + 0.5) * tile_width + (block_width - tiles * tile_width) / 2
        along = (np.arange(blocks)[:, None] * block_width + spread).ravel()
        x, y, facing = at_length(bowl, depth, along)
        index = row * 4096 + np.arange(along.size)
        filled = uniform(seed, Purpose.SPECTATOR, 0, index) < share
        kept = filled & ~((x > 0) & (np.abs(y) < free))
        places.append(np.stack([x, y, np.full_like(x, heights[row])], -1)[kept])
        facings.append(facing[kept])
        indices.append(index[kept])
    return np.concatenate(places), np.concatenate(facings), np.concatenate(indices)


def clear_of(
    bowl: Bowl, places: Floats, facing: Floats, seats_in_tile: int, taken: Floats
) -> npt.NDArray[np.bool_]:
    """Tell which tiles of spectators lie clear of seats that are taken, seen from above.

    Parameters
    ----------
    places : (T, 3) float64, metres
    facing : (T,) float64, radians
        As from `spectator_tiles`.
    seats_in_tile : int
    taken : (S, 3) float64, metres
        Where other people sit, at any height: below these nobody sits either.

    Returns
    -------
    (T,) bool
    """
    from scipy.spatial import KDTree  # noqa: PLC0415  not needed unless seats are elsewhere

    across = (np.arange(seats_in_tile) - (seats_in_tile - 1) / 2) * bowl.seat_width
    x = places[:, :1] - np.sin(facing)[:, None] * across
    y = places[:, 1:2] + np.cos(facing)[:, None] * across
    reach = 0.9 * max(bowl.row_depth, bowl.holder_width)
    distance, _ = KDTree(taken[:, :2]).query(np.stack([x, y], -1), distance_upper_bound=reach)
    clear: npt.NDArray[np.bool_] = np.isinf(distance).all(-1)
    return clear
