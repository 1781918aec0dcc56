"""What card-holders hold, and where: a book, a card, a board that swivels, or a screen before their seat.

Props are modelled in their own space: the origin is their middle, the front looks along +X, up is +Z. All
measures are in metres; holders sit on the origin and look along +X.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from .figures import Figure, Floats, Part, Point

if TYPE_CHECKING:
    from ..scenes.schema_card_section import Mode
    from ..scenes.seats import SeatMap

#: An open book, and as large a card: as wide as a holder's place leaves, so that the picture is closed.
PROP_WIDTH, PROP_HEIGHT = 0.53, 0.59
#: What lies between two neighbours' props, and how narrow these are where people sit closer than that.
BETWEEN, NARROWEST = 0.02, 0.3
#: Half an open book of 170 leaves of 120 g paper (0.15 mm), and a cover of 3 mm board.
BOOK_THICKNESS, COVER_THICKNESS = 0.013, 0.003
CARD_THICKNESS = 0.004
#: Half a rod's thickness, and what a board that turns between rods leaves free on each side.
ROD, PLAY = 0.009, 0.022
SCREEN_SIZE, BEZEL = 0.50, 0.012
#: How far in front of the book, or of the former card, what is turned or raised goes.
CLEARANCE = 0.012
#: The most that a shaken prop is turned to either side, radians.
SHAKE = 0.18
#: Poses of the arms, from the lowest to the highest.
LIFTS = 25
REST = LIFTS // 2
#: Shapes of a turning leaf, from the first to the last moment of its turn, and of the arm that pulls it.
LEAVES = 13


@dataclass(frozen=True)
class Hold:
    """Where a prop's middle is, and how far it leans back (radians): at rest, fully raised and lowered.

    At rest it faces the cameras above the opposite stand; raised, its upper edge is about 0.45 m over the
    head; lowered, it lies on the lap. `width` is the prop's.
    """

    width: float = PROP_WIDTH
    rest: Point = (0.38, 0.0, 0.895)
    rest_lean: float = 0.26
    highest: Point = (0.24, 0.0, 1.42)
    highest_lean: float = 0.16
    lowest: Point = (0.41, 0.0, 0.64)
    lowest_lean: float = 1.1

    def at(self, lift: float) -> tuple[Point, float]:
        """Return the middle and the lean at a lift from -1 (lowest) by 0 (rest) to 1 (highest)."""
        to, lean = (self.highest, self.highest_lean) if lift > 0 else (self.lowest, self.lowest_lean)
        share = abs(lift)
        middle = np.array(self.rest) + share * (np.array(to) - self.rest)
        x, y, z = middle.tolist()
        return (x, y, z), self.rest_lean + share * (lean - self.rest_lean)


#: A board needs room to turn between its holder's face and the row in front.
HOLDS: dict[Mode, Hold] = {
    "books": Hold(),
    "cards": Hold(),
    "two_sided": Hold(rest=(0.42, 0.0, 0.895), rest_lean=0.12, highest=(0.28, 0.0, 1.40), highest_lean=0.08),
    "tablets": Hold(rest=(0.46, 0.0, 0.92)),
}


def hold_of(mode: Mode, seats: SeatMap) -> Hold:
    """Return how a mode's prop is held, as wide as the section's places leave it."""
    taken, places = (array.reshape(seats.rows, seats.columns, -1) for array in (seats.taken, seats.places))
    apart = np.linalg.norm(np.diff(places, axis=1), axis=-1)[(taken[:, 1:] & taken[:, :-1])[..., 0]]
    free = np.quantile(apart, 0.01) - BETWEEN if apart.size else PROP_WIDTH
    return replace(HOLDS[mode], width=float(np.clip(free, NARROWEST, PROP_WIDTH)))


def on_prop(hold: Hold, across: float, up: float, out: float = 0.0) -> Point:
    """Map a place on a prop at rest, in metres from its middle, to its holder's space."""
    cosine, sine = np.cos(hold.rest_lean), np.sin(hold.rest_lean)
    x, y, z = hold.rest
    return (float(x - up * sine + out * cosine), y + across, float(z + up * cosine + out * sine))


def dropped(mode: Mode, width: float) -> Figure:
    """Return a prop that lies on the ground at its owner's feet; nothing where nobody holds one."""
    figure = Figure()
    closed = 2 * (BOOK_THICKNESS + COVER_THICKNESS)
    # Lengthwise under the seat: books are as wide as places are, and the tread ends at the toes.
    middle, length, half = 0.08, PROP_HEIGHT / 2, width / (4 if mode == "books" else 2)
    if mode != "tablets":
        thickness = closed if mode == "books" else CARD_THICKNESS
        figure.box((middle - length, -half, 0.0), (middle + length, half, thickness), Part.COVER)
    return figure


def card(width: float) -> Figure:
    """Return a card; its front lies in the plane of a book's pages."""
    figure = Figure()
    w, h = width / 2, PROP_HEIGHT / 2
    figure.box((-CARD_THICKNESS, -w, -h), (0.0, w, h), Part.COVER, Part.RIGHT_PAGE)
    return figure


def board(width: float) -> Figure:
    """Return the board that swivels: its front is the right, its back the left page."""
    figure = Figure()
    t, w, h = CARD_THICKNESS / 2, width / 2 - PLAY, PROP_HEIGHT / 2 - 2 * ROD
    figure.box((-t, -w, -h), (t, w, h), Part.PAPER, Part.RIGHT_PAGE)
    figure.parts[1] = Part.LEFT_PAGE
    return figure


def frame(width: float) -> Figure:
    """Return the rods that hold a board."""
    figure = Figure()
    w, h = width / 2 - ROD, PROP_HEIGHT / 2 - ROD
    for side in (-1, 1):
        figure.limb((0.0, side * w, -h), (0.0, side * w, h), (ROD, ROD), Part.PROP, 4)
        figure.limb((0.0, -w, side * h), (0.0, w, side * h), (ROD, ROD), Part.PROP, 4)
    return figure


def _screen(hold: Hold) -> tuple[float, float]:
    """Return half a screen's width and height."""
    return min(SCREEN_SIZE, hold.width - 2 * BEZEL) / 2, SCREEN_SIZE / 2


def screen_stand(hold: Hold) -> Figure:
    """Return what carries a seat's screen: a housing, and a post on the tread's edge, between the feet."""
    figure = Figure()
    w, h = (half + BEZEL for half in _screen(hold))
    housing = Figure()
    housing.box((-0.025, -w, -h), (-0.001, w, h), Part.PROP)
    figure.add(housing, hold.rest, hold.rest_lean)
    foot = on_prop(hold, 0.0, -0.2, -0.03)
    figure.limb(foot, (0.46, 0.0, 0.04), (0.016, 0.016), Part.PROP, 4)
    figure.limb((0.47, 0.0, 0.03), (0.30, 0.0, 0.02), (0.02, 0.02), Part.PROP, 4)
    return figure


def screen_corners(hold: Hold) -> Floats:
    """Return a screen's corners in its holder's space: (4, 3), around from the viewer's lower left."""
    w, h = _screen(hold)
    return np.array([on_prop(hold, x * w, y * h) for x, y in ((-1, -1), (1, -1), (1, 1), (-1, 1))])
