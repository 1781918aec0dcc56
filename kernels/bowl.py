"""The measures of a stadium: its plan, tiers, roof, floor and fittings, as the other kernels read them.

X points east, Y north, Z up, the origin lies at the centre of the field; metres and radians. Places around
the bowl are told by `around`, the share of the length of the arena's edge, 0 to 1, from east
counter-clockwise; places across it by `depth`, metres behind the arena's edge, square to it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

PlanShape = Literal["ellipse", "superellipse", "rounded_rectangle", "athletics", "polygon"]
RoofKind = Literal["none", "ring", "petals", "cable_net"]
FloorKind = Literal["athletics", "football", "cricket", "court", "parade"]


@dataclass(frozen=True)
class Plan:
    """The arena's edge, seen from above.

    Attributes
    ----------
    shape : PlanShape
        An ellipse; a superellipse |x / a|^n + |y / b|^n = 1 (Lamé); a rectangle with round corners; an
        athletics bowl, straight along its sides and half circles at its ends; or a convex polygon with round
        corners.
    half_width, half_length : float
        Half of the edge's reach along x (east) and y (north), metres.
    exponent : float
        n of a superellipse, at least 2.
    corner : float
        Radius of the corners of a rectangle or polygon, metres.
    points : tuple of (x, y)
        Corners of a polygon, counter-clockwise, metres.
    """

    shape: PlanShape
    half_width: float
    half_length: float
    exponent: float = 2.0
    corner: float = 0.0
    points: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True)
class Tier:
    """A tier of seats.

    Attributes
    ----------
    rows : int
    row_pitch : float
        Depth of a row, metres.
    depth : float
        How far its front lies behind the arena's edge, metres.
    front_height : float
        The tread of its first row above the field, metres.
    c_value : float
        How far each row's line of sight to the focus clears the eyes of the row in front, metres; this is
        what makes rows rise steeper and steeper.
    first, last : float
        Shares of the way around between which it lies; the whole way is 0 to 1. `first` may be negative.
    block : float
        Length of the front row from aisle to aisle, about, metres.
    aisle : float
        Width of the aisles, metres.
    vomitories : int
        Openings in the tier, spread evenly; each takes the middle of a block.
    vomitory_row : int
        The row above an opening's floor, from 0; it is `VOMITORY_ROWS` rows deep.
    balustrade : float
        Height of the railing before the first row, metres; 0 for none.
    gangway : float
        Depth of the walk behind the last row, metres.
    """

    rows: int
    row_pitch: float
    depth: float
    front_height: float
    c_value: float
    first: float = 0.0
    last: float = 1.0
    block: float = 14.0
    aisle: float = 1.2
    vomitories: int = 0
    vomitory_row: int = 8
    balustrade: float = 1.0
    gangway: float = 2.0


VOMITORY_ROWS = 4
"""Rows that an opening in a tier is deep."""
VOMITORY_WIDTH = 3.0
"""Width of an opening in a tier, with its walls, metres."""


@dataclass(frozen=True)
class Roof:
    """What covers the stands.

    Attributes
    ----------
    kind : RoofKind
        None; a flat ring; arched petals; or a membrane between a compression ring and cables.
    inward, outward : float
        Reach to both sides of the rim, metres.
    height : float
        Height of the inner edge (of petals: the ridge) above the field, metres.
    bays : int
        Petals, or spans between the cables.
    first, last : float
        Shares of the way around between which it lies.
    """

    kind: RoofKind = "none"
    inward: float = 0.0
    outward: float = 0.0
    height: float = 0.0
    bays: int = 32
    first: float = 0.0
    last: float = 1.0


@dataclass(frozen=True)
class Floor:
    """The arena's floor.

    Attributes
    ----------
    kind : FloorKind
        What is marked on it: a track about a pitch, a pitch, an oval with its wicket, a court, or nothing.
    half_width, half_length : float
        Half of the field that a show may use, along x and y, metres.
    lanes : int
        Of the track.
    """

    kind: FloorKind
    half_width: float
    half_length: float
    lanes: int = 0


@dataclass(frozen=True)
class Fittings:
    """What a stadium has besides its stands.

    Attributes
    ----------
    floodlights : int
        Masts, or batteries on the roof's inner edge where there is a roof.
    floodlight_height : float
        Of masts, metres.
    scoreboards : int
        One is in the south, a second in the north.
    tunnel, torch : bool
        A tunnel for the teams or the parade in the west (south-west corner of an athletics bowl); a bowl of
        fire on the northern rim.
    """

    floodlights: int = 4
    floodlight_height: float = 50.0
    scoreboards: int = 2
    tunnel: bool = True
    torch: bool = False


@dataclass(frozen=True)
class Bowl:
    """A stadium.

    Attributes
    ----------
    plan, tiers, roof, floor, fittings
        Tiers from the lowest up.
    seat_width, holder_width : float
        Width of a seat, and of a card-holder's place, which an open book fills, metres.
    focus : float
        How far inside the arena's edge the nearest thing lies that everyone must see, metres.
    concourse : float
        Depth from the last row of the last tier to the outer wall, metres.
    """

    plan: Plan
    tiers: tuple[Tier, ...]
    roof: Roof
    floor: Floor
    fittings: Fittings = field(default_factory=Fittings)
    seat_width: float = 0.49
    holder_width: float = 0.55
    focus: float = 17.0
    concourse: float = 6.0

    @property
    def depth(self) -> float:
        """How far the rows reach behind the arena's edge, metres."""
        return max((tier.depth + tier.rows * tier.row_pitch for tier in self.tiers), default=0.0)

    @property
    def rim(self) -> float:
        """Depth at which the outer wall stands, metres."""
        return self.depth + self.concourse
