"""Which card-holders a film sees from how near, and who of them looks like whom."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ...kernels.counter_random import Purpose, uniform
from ...kernels.film_views import FilmViews, nearest
from .bodies import FAR, LOOKS, MIDDLE, NEAR

Ints = npt.NDArray[np.int64]

#: The share of the picture's width that a metre fills where somebody sits, from which on the first two
#: details are shown: in a picture of 1,600 pixels a place is then 66 and 18 pixels wide.
SHARES = (0.075, 0.020)
#: How many people have the first detail, at most: those seen largest.
MOST_NEAR = 500
#: Metres about a person's place in which a camera sees something of them.
_MARGIN = 1.5


def picture_shares(places: npt.NDArray[np.float64], views: FilmViews) -> npt.NDArray[np.float64]:
    """Return which share of the picture's width a metre fills at places (N, 3), at most; 0 if not seen."""
    shares = np.zeros(len(places))
    for lens in np.unique(views.half_tangent, axis=0):
        same = (views.half_tangent == lens).all(1)
        some = FilmViews(
            views.places[same],
            views.forward[same],
            views.right[same],
            views.up[same],
            views.half_tangent[same],
        )
        distance = nearest(some, places, _MARGIN)
        np.maximum(shares, 1.0 / (2.0 * lens[0] * np.maximum(distance, 0.1)), out=shares)
    return shares


def levels(places: npt.NDArray[np.float64], views: FilmViews | None) -> Ints:
    """Return the level of detail of people at places (N, 3): `NEAR`, `MIDDLE` or `FAR`.

    Without views everybody is of the middle one.
    """
    if views is None:
        return np.full(len(places), MIDDLE)
    shares = picture_shares(places, views)
    level: Ints = np.where(shares >= SHARES[1], MIDDLE, FAR)
    largest = np.argsort(-shares, kind="stable")[:MOST_NEAR]
    level[largest[shares[largest] >= SHARES[0]]] = NEAR
    return level


def looks(seed: int, level: Ints, number: Ints, columns: int) -> Ints:
    """Return the number in `LOOKS` of each person's look: neighbours in a row seldom look alike.

    Parameters
    ----------
    seed : int
    level : (N,) array
    number : (N,) array
        The cell of each person in a section of so many columns.
    """
    look = np.zeros(len(number), np.int64)
    chance = uniform(seed, Purpose.VARIATION, 2, number)
    row, column = np.divmod(number, columns)
    for detail, known in enumerate(LOOKS):
        some = np.flatnonzero(level == detail)
        if not some.size:
            continue
        # As many neighbours as there are looks share them out among themselves.
        block = row[some] * columns + column[some] // len(known)
        order = np.lexsort((chance[some], block))
        inside = block[order]
        first = np.flatnonzero(np.r_[True, inside[1:] != inside[:-1]])
        rank = np.arange(some.size) - np.repeat(first, np.diff(np.r_[first, some.size]))
        look[some[order]] = rank % len(known)
    return look
