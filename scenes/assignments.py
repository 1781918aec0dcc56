"""Who goes where: people matched to the places of their troupe's next formation, as the show asks for it."""

from __future__ import annotations

import math
import operator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import KDTree

from ..kernels.assignment import AssignmentError, assign
from ..kernels.assignment_orders import by_rank, follow_the_leader, symmetric
from ..kernels.curve_placing import bezier
from ..kernels.places import FieldSize, Places, outside_field
from .kept import digest, kept
from .schema_formation import Block, Grid, Lines
from .stored import WORTH_STORING, stored

if TYPE_CHECKING:
    from .formed_sets import Formed
    from .schema_travel import Assign

Order = NDArray[np.int64]

_NO_WAY = 1e-9
"""Metres: corners of a rail nearer to each other than that are one."""

_REACHES = (0.4, 0.25, 0.15, 0.08)
"""Shares of a way for which its curve goes on as it began."""

_TIGHTER = 10.0
"""Metres of a longer way that are as bad as the next tighter curve."""

_CLOSE = 0.4
"""Metres from a place at which who passes there would touch who stands there."""

_AS_FAR = 50.0
"""Metres of a longer way that are as bad as a metre on which a file meets itself."""

_NEIGHBOURS = 2.0
"""Metres from both ends of the leader's way within which others are meant to be near."""


class AssignError(ValueError):
    """People who cannot be assigned to places as the show asks for it; the message says what would do."""


@dataclass(frozen=True, eq=False)
class Rail:
    """A line along which a file of people follows its leader.

    Attributes
    ----------
    points
        Shape (P, 2), metres: its corners, from where the last of the file stands.
    along
        Shape (P,), metres from there to each corner, rising strictly.
    begin, end
        Shape (N,), metres along: where each person's walk begins and ends.
    """

    points: Places
    along: NDArray[np.float64]
    begin: NDArray[np.float64]
    end: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Assigned:
    """Who goes where.

    Attributes
    ----------
    who
        Shape (N,), int64: person i goes to the place `who[i]` of the formation.
    rail
        What they follow; None for everyone's own way.
    file
        Shape (N,), int64: the people from the leader on; None where nobody leads.
    """

    who: Order
    rail: Rail | None = None
    file: Order | None = None


def assigned(start: Places, former: Formed, formed: Formed, before: Assigned) -> Assigned:
    """Assign people to the places of a set.

    Parameters
    ----------
    start
        Shape (N, 2), metres: where each person stands.
    former, formed
        The set in which they stand there, and the one that they go to.
    before
        How they were assigned to the places they stand at.

    Raises
    ------
    AssignError
        When it cannot be done; the message ends with what to write instead.
    """
    if formed.stays:
        return Assigned(before.who, file=before.file)
    how: Assign = formed.drill_set.assign
    goal = formed.places
    if how == "rank":
        return Assigned(by_rank(start, goal, ranks=_rows(former, formed)))
    if how == "symmetric":
        return _symmetric(start, former, formed)
    if how == "follow":
        return _followed(start, former, formed, before)
    return Assigned(_nearest(start, goal))


def _nearest(start: Places, goal: Places) -> NDArray[np.int64]:
    """Return who goes where on the shortest ways, worked out once; of large troupes by any command."""
    key = digest(start, goal)

    def work_out() -> NDArray[np.int64]:
        if len(start) < WORTH_STORING:
            return assign(start, goal)
        return stored("nearest", key, lambda: (assign(start, goal),))[0]

    return kept.get(("nearest", key), work_out)


def _rows(former: Formed, formed: Formed) -> int:
    """Return how many ranks a troupe has: those of the formation it goes to, or of the one it leaves."""
    count = len(formed.places)
    for formation in (formed.formation, former.formation):
        shape = formation.shape
        if isinstance(shape, Block | Grid) and shape.columns is not None:
            return max(1, math.ceil(count / shape.columns))
        if isinstance(shape, Grid) and shape.rows is not None:
            return shape.rows
        if isinstance(shape, Lines):
            return shape.lines
    return max(1, round(math.sqrt(count)))


def _symmetric(start: Places, former: Formed, formed: Formed) -> Assigned:
    here, there = start - np.array(former.middle), formed.places - np.array(formed.middle)
    try:
        return Assigned(kept.get(("symmetric", digest(here, there)), lambda: symmetric(here, there)))
    except AssignmentError as error:
        raise AssignError(
            f"{error}; both formations must be the same on the left and on the right of their place: "
            "change them, or write 'nearest'"
        ) from None


def _followed(start: Places, former: Formed, formed: Formed, before: Assigned) -> Assigned:
    if former.height is not None or formed.height is not None:
        raise AssignError("nobody follows a leader onto others' shoulders; write 'nearest'")
    goal = formed.places
    files = [before.file] if before.file is not None else _files(start, np.argsort(before.who))
    lanes = _files(goal, np.arange(len(goal)))
    via = np.array(formed.drill_set.travel.via or ()).reshape(-1, 2)
    rails = [
        (_cost(tight, *lines), file, lane, lines)
        for file in files
        for lane in lanes
        for tight, between in enumerate(_between(start[file[::-1]], via, goal[lane], formed.field))
        for lines in [(start[file[::-1]], between, goal[lane])]
    ]
    _, file, lane, lines = min(rails, key=operator.itemgetter(0))
    points = np.vstack(lines)
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    count = len(file)
    who = np.empty(count, dtype=np.int64)
    begin, end = np.empty(count), np.empty(count)
    # The last of the file is the first on the rail, and goes to the first place on it.
    who[file[::-1]] = lane
    begin[file[::-1]] = along[:count]
    end[file[::-1]] = along[-count:]
    corner = np.concatenate([[True], np.diff(along) > _NO_WAY])
    return Assigned(who, Rail(points[corner], along[corner], begin, end), file)


def _files(places: Places, drawn: Order) -> list[Order]:
    """Return orders in which people at some places may go one behind the other: each way from either end."""
    there, _ = follow_the_leader(places, places[drawn[:1]])
    back, _ = follow_the_leader(places, places[there[-1:]])
    ways = [way for order in (drawn, there, back) for way in (order, order[::-1])]
    return list({way.tobytes(): way for way in ways}.values())


def _between(before: Places, via: Places, after: Places, field: FieldSize) -> list[Places]:
    """Return ways of the leader from the end of one line to the beginning of the next, without both.

    There is one through the control points of `via`. Else they go on as the file went and come in as the next
    line goes on, so that nobody has to turn on the spot: those that stay on the field, wide ones first. The
    last is straight.
    """
    first, last = before[-1], after[0]
    if len(via):
        return [bezier(np.vstack([first, via, last]))[1:-1]]
    straight = np.empty((0, 2))
    far = float(np.hypot(*(last - first)))
    if len(before) < 2 or far <= _NO_WAY:
        return [straight]
    ahead, along = (far * _unit(line[1] - line[0]) for line in (before[-2:], after[:2]))
    curves = [
        bezier(np.stack([first, first + reach * ahead, last - reach * along, last]))[1:-1]
        for reach in _REACHES
    ]
    return [curve for curve in curves if not outside_field(curve, field)] + [straight]


def _unit(way: NDArray[np.float64]) -> NDArray[np.float64]:
    length = float(np.hypot(*way))
    return way / length if length > _NO_WAY else np.zeros(2)


def _cost(tight: int, before: Places, between: Places, after: Places) -> float:
    """Return how long a file's way is, and more where it turns tightly or the file meets itself."""
    length = _length(np.vstack([before, between, after]))
    return length + _TIGHTER * tight + _AS_FAR * _met(before, between, after)


def _met(before: Places, between: Places, after: Places) -> float:
    """Return how many metres of a file's line before and after lie closely along the way between."""
    leader, entry = before[-1], after[0]
    way = KDTree(_stepped(np.vstack([leader, between, entry])))
    line = np.concatenate([_stepped(before), _stepped(after)])
    near = way.query(line)[0] < _CLOSE
    far = (np.hypot(*(line - leader).T) > _NEIGHBOURS) & (np.hypot(*(line - entry).T) > _NEIGHBOURS)
    return float(np.count_nonzero(near & far)) * _CLOSE


def _stepped(line: Places) -> Places:
    """Return places along a line, no farther than `_CLOSE` from each other."""
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))])
    at = np.linspace(0.0, along[-1], 1 + math.ceil(along[-1] / _CLOSE))
    return np.stack([np.interp(at, along, line[:, 0]), np.interp(at, along, line[:, 1])], axis=1)


def _length(points: Places) -> float:
    return float(np.hypot(*np.diff(points, axis=0).T).sum())
