"""Places on the field: what all formations share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import KDTree

Places = NDArray[np.float64]
"""Shape (N, 2), metres from the centre of the field: +X east, towards the card section, +Y north."""

STANDING_SPACING = 0.8
"""Metres between two people who stand beside each other and move their arms."""

FIELD_HALF_X = 60.0
FIELD_HALF_Y = 85.0
"""The largest part of an arena that gymnasts use: |x| and |y| up to these, metres."""

LARGEST_RADIUS = FIELD_HALF_X - 2.0
"""Metres: round figures whose radius is not given grow no further."""

TOLERANCE = 1e-6
"""Metres by which rounding may bring two people closer than the spacing asked for."""


_MANY_QUERIES = 50_000

ROUNDING = 1e-9
"""By which a number of people that ought to be whole may miss it."""


@dataclass(frozen=True)
class FieldSize:
    """The part of an arena that gymnasts use.

    Attributes
    ----------
    half_x, half_y
        |x| and |y| up to these, metres.
    """

    half_x: float = FIELD_HALF_X
    half_y: float = FIELD_HALF_Y

    def __str__(self) -> str:
        """Return how far it reaches, as messages say it."""
        return f"{self.half_x:g} m to the east and west and {self.half_y:g} m to the north and south"

    def beyond(self, places: Places) -> float:
        """Return how far the farthest of places (N, 2) lies outside, metres; negative: inside."""
        return float((np.abs(places) - [self.half_x, self.half_y]).max())


LARGEST_FIELD = FieldSize()


class FormationError(ValueError):
    """A formation cannot hold the people asked for.

    Attributes
    ----------
    asked
        People to be placed.
    fits
        People that the formation can hold as described; None where that is not what is wrong.
    """

    def __init__(self, message: str, *, asked: int, fits: int | None = None) -> None:
        super().__init__(message)
        self.asked = asked
        self.fits = fits


def minimum_distance(places: Places) -> float:
    """Distance between the two people who stand closest.

    Parameters
    ----------
    places
        Shape (N, 2), metres.

    Returns
    -------
    float
        Metres; infinite for fewer than two people.
    """
    if len(places) < 2:
        return float("inf")
    return float(KDTree(places).query(places, k=2)[0][:, 1].min())


def threads(queries: int) -> int:
    """Return how many threads a tree of places should ask: all for many queries, for few they cost more."""
    return -1 if queries > _MANY_QUERIES else 1


def outside_field(places: Places, field: FieldSize = LARGEST_FIELD) -> int:
    """Count the people who would stand outside the gymnasts' part of the arena.

    Parameters
    ----------
    places
        Shape (N, 2), metres.
    field
        How far it reaches.

    Returns
    -------
    int
        People with |x| above its `half_x` or |y| above its `half_y`.
    """
    limits = np.array([field.half_x, field.half_y]) + TOLERANCE
    return int((np.abs(places) > limits).any(axis=1).sum())


def from_viewer(right: NDArray[np.floating[Any]], up: NDArray[np.floating[Any]]) -> Places:
    """Lay a figure on the field so that it is upright to a camera in the west that looks east.

    Parameters
    ----------
    right, up
        Shape (N,), metres in the figure: to the viewer's right, and away from the viewer.

    Returns
    -------
    Places
        Shape (N, 2): the viewer's right is south (-Y), away is east (+X).
    """
    return np.stack([np.asarray(up, dtype=np.float64), -np.asarray(right, dtype=np.float64)], axis=1)


def check_request(count: int, spacing: float) -> None:
    """Refuse a request for no people, or with no room between them.

    Raises
    ------
    FormationError
        If `count` is below 1 or `spacing` is not a positive number.
    """
    if count < 1:
        raise FormationError(f"a formation needs at least one person, not {count}", asked=count)
    if not 0 < spacing < float("inf"):
        raise FormationError(f"spacing must be a positive number of metres, not {spacing}", asked=count)


def in_proportion(count: int, room: NDArray[np.float64]) -> NDArray[np.int64]:
    """Share people out by room (largest remainders), none above its whole room.

    Parameters
    ----------
    count
        People to share out; all must fit.
    room
        Shape (L,): how many each line holds; whole people alone stand there.

    Returns
    -------
    ndarray of int64
        Shape (L,), with the sum `count`.
    """
    share = count * room / room.sum()
    number: NDArray[np.int64] = np.floor(share).astype(np.int64)
    while (missing := count - int(number.sum())) > 0:
        free = np.flatnonzero(number + 1 <= room + ROUNDING)
        most = free[np.argsort((number - share)[free], kind="stable")][:missing]
        number[most] += 1
    return number
