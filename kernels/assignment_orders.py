"""Assignments by order instead of by distance, and the condition under which straight ways do not collide."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .assignment import AssignmentError, assign

_MILLIMETRES = 1000.0


def by_rank(
    start: NDArray[np.floating[Any]],
    goal: NDArray[np.floating[Any]],
    *,
    direction: tuple[float, float] = (1.0, 0.0),
    ranks: int | None = None,
) -> NDArray[np.int64]:
    """Match people so that their order along a direction is kept, and with ranks, that within each rank.

    Parameters
    ----------
    start, goal
        Shape (N, 2), metres.
    direction
        The way along which people are counted: (1, 0) counts rows from -X to +X.
    ranks
        Rows that both sets are parted into along `direction`, of equal numbers as far as that goes; within a
        row people keep their order across it. None keeps the order along `direction` alone; across it
        decides between equals.

    Returns
    -------
    NDArray[np.int64]
        Shape (N,): person i walks to `goal[result[i]]`; a permutation.

    Raises
    ------
    AssignmentError
        If the shapes are not (N, 2) and equal, a number is not finite, the direction has no length, or
        `ranks` is below 1.
    """
    if ranks is not None and ranks < 1:
        raise AssignmentError(f"an assignment by rank needs at least one rank, not {ranks}")
    _check(start, goal)
    result = np.empty(len(start), dtype=np.int64)
    result[_ranked(start, direction, ranks)] = _ranked(goal, direction, ranks)
    return result


def symmetric(
    start: NDArray[np.floating[Any]],
    goal: NDArray[np.floating[Any]],
    *,
    axis: int = 1,
    tolerance: float = 0.01,
) -> NDArray[np.int64]:
    """Match people so that mirrored people walk mirrored ways, with a small sum of squared distances.

    One half is matched by `assign` to the same half of the places, and the other half walks its mirror image;
    people on the mirror line stay on it.

    Parameters
    ----------
    start, goal
        Shape (N, 2), metres, each its own mirror image about the same line.
    axis
        The coordinate that changes its sign in the mirror: 1 mirrors -Y to +Y, 0 -X to +X.
    tolerance
        Metres by which a mirrored place may miss, and within which a person counts as on the line.

    Returns
    -------
    NDArray[np.int64]
        Shape (N,): person i walks to `goal[result[i]]`; a permutation.

    Raises
    ------
    AssignmentError
        If the shapes are not (N, 2) and equal, a number is not finite, either set is not symmetric, or they
        have different numbers on the line.
    """
    _check(start, goal)
    if axis not in (0, 1):
        raise AssignmentError(f"the axis to mirror is 0 for X or 1 for Y, not {axis}")
    people, people_mirrored, people_between = _pairs(start, axis, tolerance, "people")
    places, places_mirrored, places_between = _pairs(goal, axis, tolerance, "places")
    if len(people_between) != len(places_between):
        raise AssignmentError(
            f"{len(people_between)} people stand on the mirror line, "
            f"but {len(places_between)} places are on it"
        )
    result = np.empty(len(start), dtype=np.int64)
    half = assign(start[people], goal[places])
    result[people] = places[half]
    result[people_mirrored] = places_mirrored[half]
    result[people_between] = places_between[assign(start[people_between], goal[places_between])]
    return result


def follow_the_leader(
    start: NDArray[np.floating[Any]], path: NDArray[np.floating[Any]]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Order a file behind its leader: who stands nearest the beginning of the path goes first.

    Each next one is who stands nearest the one before, so a file keeps its order round its own bends.

    Parameters
    ----------
    start
        Shape (N, 2), metres: where the file's people stand.
    path
        Shape (M, 2), metres, M >= 1: the leader's way, from its beginning.

    Returns
    -------
    order : NDArray[np.int64]
        Shape (N,): people from the leader on.
    behind : NDArray[np.float64]
        Shape (N,): metres each walks behind the leader, in that order; the first is 0.

    Raises
    ------
    AssignmentError
        If a shape is not (N, 2), the path is empty, or a number is not finite.
    """
    _check(start, start)
    _check(path, path)
    if not len(path):
        raise AssignmentError("a leader needs a path of at least one place")
    places = np.asarray(start, dtype=np.float64)
    order = np.empty(len(places), dtype=np.int64)
    nearest = _Nearest(places)
    before = np.asarray(path[0], dtype=np.float64)
    for number in range(len(places)):
        order[number] = person = nearest.taken(before)
        before = places[person]
    gaps = np.hypot(*np.diff(places[order], axis=0).T)
    return order, np.concatenate([np.zeros(min(len(places), 1)), np.cumsum(gaps)])


class _Nearest:
    """People who are taken one by one, each time the one nearest to a place; of equals the first."""

    def __init__(self, places: NDArray[np.float64]) -> None:
        self._places = places
        self._waiting = np.ones(len(places), dtype=np.bool_)
        self._left = len(places)
        self._grow()

    def _grow(self) -> None:
        from scipy.spatial import cKDTree  # noqa: PLC0415

        self._people = np.flatnonzero(self._waiting)
        self._tree = cKDTree(self._places[self._people])

    def taken(self, place: NDArray[np.float64]) -> int:
        if 2 * self._left < len(self._people):
            self._grow()
        asked = 8
        while True:
            asked = min(asked, len(self._people))
            far, found = self._tree.query(place, np.arange(1, asked + 1))
            some, farthest = self._people[found], far[-1]
            some, far = some[self._waiting[some]], far[self._waiting[some]]
            # Who is as near as the first may also be just beyond those that were asked for.
            if asked == len(self._people) or (len(far) and far[0] < farthest):
                break
            asked *= 2
        person = int(some[far <= far[0]].min())
        self._waiting[person] = False
        self._left -= 1
        return person


def room_for_straight_ways(
    start: NDArray[np.floating[Any]], goal: NDArray[np.floating[Any]], size: float
) -> bool:
    """Say whether places are far enough apart for straight walks at one pace, if the match is the best.

    The condition of Turpin, Michael and Kumar ("CAPT", IJRR 2014): with the least sum of squared distances,
    all leaving and all arriving at one time, people of diameter `size` never touch if both at the start
    and at the goal they are more than √2 · `size` apart. It is sufficient, not necessary, and says nothing of
    delayed or curved ways, or of a match that is only nearly the best: those want the check over continuous
    time.

    Parameters
    ----------
    start, goal
        Shape (N, 2), metres.
    size
        Metres from middle to middle at which two people touch.

    Returns
    -------
    bool
        True for fewer than two people.

    Raises
    ------
    AssignmentError
        If the shapes are not (N, 2) and equal, or a number is not finite.
    """
    from scipy.spatial import cKDTree  # noqa: PLC0415

    _check(start, goal)
    if len(start) < 2:
        return True
    nearest = min(float(cKDTree(places).query(places, 2)[0][:, 1].min()) for places in (start, goal))
    return nearest > math.sqrt(2.0) * size


def _check(start: NDArray[np.floating[Any]], goal: NDArray[np.floating[Any]]) -> None:
    if start.shape != goal.shape or start.ndim != 2 or start.shape[1] != 2:
        raise AssignmentError(
            f"places must be two (N, 2) arrays of one length, not {start.shape} and {goal.shape}"
        )
    if not (np.isfinite(start).all() and np.isfinite(goal).all()):
        raise AssignmentError("places to match must be finite numbers of metres")


def _ranked(
    places: NDArray[np.floating[Any]], direction: tuple[float, float], ranks: int | None
) -> NDArray[np.int64]:
    """Return who comes first, second ... along a direction, and in each rank across it."""
    length = float(np.hypot(*direction))
    if not (np.isfinite(length) and length > 0.0):
        raise AssignmentError("the direction of ranks must have a length")
    ahead, aside = direction[0] / length, direction[1] / length
    along = np.rint((places[:, 0] * ahead + places[:, 1] * aside) * _MILLIMETRES)
    across = np.rint((places[:, 1] * ahead - places[:, 0] * aside) * _MILLIMETRES)
    order: NDArray[np.int64] = np.lexsort((across, along)).astype(np.int64)
    if ranks is not None:
        rows = np.array_split(order, ranks)
        order = np.concatenate([row[np.lexsort((along[row], across[row]))] for row in rows])
    return order


def _pairs(
    places: NDArray[np.floating[Any]], axis: int, tolerance: float, what: str
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return who is on the one side, their mirror images on the other, and who is on the line."""
    from scipy.spatial import cKDTree  # noqa: PLC0415

    one = np.flatnonzero(places[:, axis] > tolerance)
    other = np.flatnonzero(places[:, axis] < -tolerance)
    between = np.flatnonzero(np.abs(places[:, axis]) <= tolerance)
    lacking = AssignmentError(
        f"the {what} are not their own mirror image: {len(one)} stand on one side, {len(other)} on the other"
    )
    if len(one) != len(other):
        raise lacking
    if not len(one):
        return one, other, between
    mirrored = np.array(places[one], dtype=np.float64)
    mirrored[:, axis] *= -1.0
    far, found = cKDTree(places[other]).query(mirrored)
    if far.max() > tolerance or len(np.unique(found)) != len(one):
        raise lacking
    return one, other[found], between
