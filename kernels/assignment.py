"""Who walks where: people matched to the places of the next formation.

The matching keeps the sum of squared walking distances small. Where it is smallest, straight walks at a
common pace do not collide: no two people could shorten it by swapping places, so the line from one to the
other never turns by more than a right angle, and on the way they stay at least 0.7 of the smaller of their
distances at the two ends apart (Turpin, Michael and Kumar, "CAPT", IJRR 2014).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .assignment_auction import match_by_auction

EXACT_UP_TO = 1000
"""People matched exactly; above, nearly exactly, by auction."""

_LARGEST = 10_000_000  # millimetres; squares of such ways are whole numbers in float64


class AssignmentError(ValueError):
    """The two sets of places cannot be matched one to one."""


def assign(
    start: NDArray[np.floating[Any]], goal: NDArray[np.floating[Any]], *, exact_up_to: int = EXACT_UP_TO
) -> NDArray[np.int64]:
    """Match each person to a place of the next formation, with a small sum of squared distances.

    Up to `exact_up_to` people the match is the best there is (Crouse 2016, through SciPy). For more, people
    bid for places at rising prices (`assignment_auction`), and the sum is within 2 % of the best, mostly
    within 0.2 %. Where very many stand on one spot or in one line, so that there is little to choose from,
    it may be more. Places are rounded to millimetres first: all sums are whole numbers, and the result does
    not depend on the machine. Where there is a GPU, it looks for the places of large troupes (`nearest`).

    Parameters
    ----------
    start, goal
        Shape (N, 2), metres: where people stand, and the places to be taken.
    exact_up_to
        The largest N that is matched exactly; time and memory grow as its cube and square.

    Returns
    -------
    NDArray[np.int64]
        Shape (N,): person i walks to `goal[result[i]]`; a permutation of 0 .. N-1.

    Raises
    ------
    AssignmentError
        If the shapes are not (N, 2) and equal, a coordinate is not finite, or places lie more
        than 10 km from their middle.
    """
    if start.shape != goal.shape or start.ndim != 2 or start.shape[1] != 2:
        raise AssignmentError(
            f"places to match must be two (N, 2) arrays of one length, not {start.shape} and {goal.shape}"
        )
    people, places = _millimetres(start), _millimetres(goal)
    count = len(people)
    by_people, by_places = (np.lexsort(whole.T) for whole in (people, places))
    if (people[by_people] == places[by_places]).all():  # nobody needs to move, and no sum can be less
        result = np.empty(count, dtype=np.int64)
        result[by_people] = by_places
        return result
    if count <= exact_up_to:
        return _match(people, places)
    return match_by_auction(people, places).place


def _millimetres(places: NDArray[np.floating[Any]]) -> NDArray[np.int64]:
    """Return whole millimetres about the middle, so that the products in `_match` stay exact in float64."""
    if not np.isfinite(places).all():
        raise AssignmentError("places to match must be finite numbers of metres")
    if len(places) and np.ptp(places, axis=0).max() > 2 * _LARGEST / 1000.0:
        raise AssignmentError("places to match must lie within 10 km of their middle")
    whole: NDArray[np.int64] = np.rint(np.asarray(places, dtype=np.float64) * 1000.0).astype(np.int64)
    if len(whole):
        whole -= (whole.min(axis=0) + whole.max(axis=0)) // 2
    return whole


def _match(people: NDArray[np.int64], places: NDArray[np.int64]) -> NDArray[np.int64]:
    """Match a small group exactly; of |a - b|² only -2 a·b depends on who goes where."""
    from scipy.optimize import linear_sum_assignment  # noqa: PLC0415

    cost = -(people.astype(np.float64) @ places.astype(np.float64).T)
    return np.asarray(linear_sum_assignment(cost)[1], dtype=np.int64)
