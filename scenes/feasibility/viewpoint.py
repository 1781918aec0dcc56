"""Where the film's cameras stand, and what of the card section comes into their pictures."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ..camera_paths import SENSOR_WIDTH, camera_path, middle_of
from .limits import OBLIQUE, PIXEL

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..schema import Show
    from ..schema_film import Shot
    from ..seats import SeatMap

    Floats = NDArray[np.float64]

NEAREST = 0.5

#: The open book before its holder, as the film's figures have it: ahead of and above the feet, metres, how
#: far it leans back, radians, and its size, metres.
BOOK_AHEAD, BOOK_ABOVE, BOOK_LEAN = 0.38, 0.895, 0.26
BOOK_SIZE = (0.53, 0.59)


@dataclass(frozen=True, eq=False)
class Cards:
    """The open books of a section.

    Attributes
    ----------
    places, normals : ndarray of float64, shape (N, 3)
        Their middles, metres, and where they look.
    middle : ndarray of float64, shape (3,)
        Of the section, metres.
    gap, rise : ndarray of float64, shape (N,)
        How far behind and above the book of the row in front each one is, metres; `gap` is infinite where
        nobody sits there.
    """

    places: Floats
    normals: Floats
    middle: Floats
    gap: Floats
    rise: Floats


@dataclass(frozen=True, eq=False)
class Viewpoint:
    """A camera at one moment: its place, the directions of its picture (3,), and the picture in pixels.

    `focal` is the distance of the picture plane in pixels.
    """

    place: Floats
    right: Floats
    up: Floats
    forward: Floats
    focal: float
    size: tuple[int, int]


def cards_of(seats: SeatMap) -> Cards:
    """Return where the books are that people hold up."""
    ahead = np.stack([np.cos(seats.facing), np.sin(seats.facing), np.zeros_like(seats.facing)], -1)
    places = seats.places + BOOK_AHEAD * ahead
    places[:, 2] += BOOK_ABOVE
    normals = math.cos(BOOK_LEAN) * ahead
    normals[:, 2] += math.sin(BOOK_LEAN)
    gap, rise = _over_the_row_in_front(seats, places, ahead)
    return Cards(places, normals, middle_of(seats), gap, rise)


def _over_the_row_in_front(seats: SeatMap, places: Floats, ahead: Floats) -> tuple[Floats, Floats]:
    step = places[seats.columns :] - places[: -seats.columns]
    gap, rise = np.full(len(places), np.inf), np.zeros(len(places))
    both = seats.taken[seats.columns :] & seats.taken[: -seats.columns]
    behind = -np.einsum("nk,nk->n", step, ahead[seats.columns :])
    gap[seats.columns :] = np.where(both & (behind > 0.0), behind, np.inf)
    rise[seats.columns :] = np.where(both, step[:, 2], 0.0)
    return gap, rise


def viewpoint(show: Show, shot: Shot, progress: float, middle: Floats) -> Viewpoint:
    """Return a shot's camera at some progress of the shot.

    Parameters
    ----------
    show : Show
    shot : Shot
        One of ``show.film.shots``.
    progress : float
        0 to 1.
    middle : ndarray of float64, shape (3,)
        What a camera looks at that looks at the card section, metres.

    Returns
    -------
    Viewpoint
    """
    path = camera_path(shot, progress, middle)
    width, height = show.film.size
    focal = path.lens / SENSOR_WIDTH * max(width, height)
    return Viewpoint(
        path.places[0], path.right[0], path.up[0], path.forward[0], focal, (int(width), int(height))
    )


def in_frame(view: Viewpoint, cards: Cards) -> NDArray[np.bool_]:
    """Tell which cards' middles are inside the picture: (N,)."""
    away = cards.places - view.place
    depth = away @ view.forward
    across, up = np.abs(away @ view.right), np.abs(away @ view.up)
    width, height = view.size
    inside: NDArray[np.bool_] = (
        (depth > NEAREST)
        & (2 * view.focal * across <= width * depth)
        & (2 * view.focal * up <= height * depth)
    )
    return inside


def facing(view: Viewpoint, cards: Cards) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Tell which cards are turned away from the camera, and which are smaller than a pixel: (N,) each."""
    towards = view.place - cards.places
    distance = np.sqrt(np.einsum("nk,nk->n", towards, towards))
    cosine = np.einsum("nk,nk->n", towards, cards.normals) / distance
    area = BOOK_SIZE[0] * BOOK_SIZE[1] * (view.focal / distance) ** 2 * np.maximum(cosine, 0.0)
    return cosine < math.cos(OBLIQUE.value), area < PIXEL.value


def over_the_row_in_front(view: Viewpoint, cards: Cards) -> Floats:
    """Return how much of each card a camera sees over the row in front, as a share of its height: (N,).

    People sit in line, one behind the other, and all hold their books alike; a neighbour of the one in front,
    whom a camera from the side looks past, is as high. Cards that are turned away from the camera count as
    seen.
    """
    towards = view.place - cards.places
    ahead = cards.normals[:, :2] / math.cos(BOOK_LEAN)
    distance = np.einsum("nk,nk->n", towards[:, :2], ahead)
    before = distance > 0.0
    slope = towards[:, 2] / np.where(before, distance, 1.0)
    # A card leans back, so its upper edge is behind its middle: from there the line of sight goes down (or
    # up) by `slope` to the upper edge of the card in front.
    up, back = 0.5 * BOOK_SIZE[1] * math.cos(BOOK_LEAN), 0.5 * BOOK_SIZE[1] * math.sin(BOOK_LEAN)
    tall = up + slope * back
    before &= np.isfinite(cards.gap) & (tall > 0.0)
    gap = np.where(before, cards.gap, 0.0)
    edge = (up - cards.rise - slope * (gap - back)) / np.where(before, tall, 1.0)
    share: Floats = np.where(before, np.clip((1.0 - edge) / 2, 0.0, 1.0), 1.0)
    return share
