"""Gymnasts whose places are too near each other: of one formation, or of troupes that overlap."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations_with_replacement
from typing import TYPE_CHECKING

import numpy as np

from ...kernels.array_module import to_numpy
from ...kernels.near_pairs import Plane
from ...kernels.ticks import seconds
from .field import Field, counted_as, metres, worst
from .finding import FieldFinding, clock
from .limits import BODY, ROOM

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Whole = NDArray[np.int64]

MOST_GROUPS = 12
_LEVEL = 0.7
"""Metres of height between two people from which one stands above the other."""
_SAME = 1e-4


@dataclass(frozen=True, eq=False)
class _Stand:
    """A set that a troupe stands in from one tick to another."""

    troupe: str
    number: int
    begin: int
    end: int
    places: NDArray[np.float64]
    height: NDArray[np.float64] | None


def find_standing(field: Field) -> list[FieldFinding]:
    """Find places nearer than people have room, which they stand on at the same time.

    Parameters
    ----------
    field : Field

    Returns
    -------
    list of FieldFinding
        One for each troupe that stands too close in itself, and each two that overlap: the worst time, and
        how many others there are.
    """
    by_troupes: dict[tuple[str, str], list[FieldFinding]] = {}
    for one, other in combinations_with_replacement(_stands(field), 2):
        begin, end = max(one.begin, other.begin), min(one.end, other.end)
        if begin >= end or (one is not other and one.troupe == other.troupe):
            continue
        pairs, near = _near(one, other, field.room)
        if len(pairs):
            found = _finding(field, one, other, begin, pairs, near)
            by_troupes.setdefault((one.troupe, other.troupe), []).append(found)
    findings = []
    for alike in by_troupes.values():
        most = max(alike, key=lambda finding: finding.weight)
        others = counted_as(len(alike) - 1, "other time", "other times")
        findings.append(replace(most, what=f"{most.what}; so at {others}") if len(alike) > 1 else most)
    chosen, more = worst(findings, MOST_GROUPS)
    if more:
        chosen.append(_rest(field, more))
    return chosen


def _stands(field: Field) -> list[_Stand]:
    stands = []
    for name, drill in field.drills.items():
        leave, arrive, places = to_numpy(drill.leave), to_numpy(drill.arrive), to_numpy(drill.places)
        for number in range(len(leave)):
            end = int(leave[number + 1]) if number + 1 < len(leave) else np.iinfo(np.int64).max
            begin = int(arrive[number]) if number else 0
            height = None if drill.height is None else to_numpy(drill.height)[number]
            stands.append(_Stand(name, number, begin, max(end, begin + 1), places[number], height))
    return stands


def _near(one: _Stand, other: _Stand, room: float) -> tuple[Whole, NDArray[np.float64]]:
    """Return the pairs (K, 2) of people who stand nearer than they have room, and how near (K,)."""
    alone = one is other
    x, y = (np.ascontiguousarray(column) for column in one.places.T)
    if not alone:
        low, high = one.places.min(axis=0) - room, one.places.max(axis=0) + room
        inside = np.flatnonzero(((other.places > low) & (other.places < high)).all(axis=1))
        if not len(inside):
            return np.zeros((0, 2), dtype=np.int64), np.zeros(0)
    plane = Plane(x, y, room)
    found = []
    for first, second in plane.within() if alone else plane.around(*other.places[inside].T):
        mine, theirs = (first, second) if alone else (second, inside[first])
        apart = np.hypot(*(one.places[mine] - other.places[theirs]).T)
        close = apart < room - _SAME
        if one.height is not None or other.height is not None:
            close &= np.abs(_height(one, mine) - _height(other, theirs)) < _LEVEL
        found.append((np.stack([mine[close], theirs[close]], axis=1), apart[close]))
    pairs = np.concatenate([pair for pair, _ in found] or [np.zeros((0, 2), dtype=np.int64)])
    return pairs.astype(np.int64), np.concatenate([near for _, near in found] or [np.zeros(0)])


def _height(stand: _Stand, people: Whole) -> NDArray[np.float64]:
    return np.zeros(len(people)) if stand.height is None else stand.height[people]


def _finding(
    field: Field, one: _Stand, other: _Stand, begin: int, pairs: Whole, near: NDArray[np.float64]
) -> FieldFinding:
    alone, nearest = one is other, int(np.argmin(near))
    (first, second), least = pairs[nearest], float(near.min())
    if alone:
        people = {one.troupe: np.unique(pairs)}
        names = f"{field.name(one.troupe, first)} and {field.numbered(other.troupe, second)}"
        told = f"{counted_as(len(pairs), 'pair', 'pairs')} of {one.troupe} stand nearer than {field.room:g} m"
        advice = "give the formation more spacing or more room"
    else:
        people = {one.troupe: np.unique(pairs[:, 0]), other.troupe: np.unique(pairs[:, 1])}
        names = f"{field.name(one.troupe, first)} and {field.name(other.troupe, second)}"
        told = (
            f"{one.troupe} in {field.called(one.troupe, one.number)} and {other.troupe} in "
            f"{field.called(other.troupe, other.number)} stand in one another: "
            f"{counted_as(len(pairs), 'pair is', 'pairs are')} nearer than {field.room:g} m"
        )
        advice = (
            f"move one of the two with 'place', or make it smaller; they meet from {clock(seconds(begin))} on"
        )
    later = max(one, other, key=lambda stand: stand.begin)
    return field.finding(
        "standing",
        "high" if least < BODY.value else "medium",
        begin,
        about=("troupes", later.troupe, "drill", later.number),
        weight=len(pairs) + max(0.0, 1 - least / field.room),
        what=f"{told}; {names if len(pairs) == 1 else f'the nearest, {names},'} are {metres(least)} apart",
        measured=metres(least),
        limit=BODY if least < BODY.value else ROOM,
        advice=advice,
        people=people,
        middle=one.places[first],
    )


def _rest(field: Field, more: int) -> FieldFinding:
    return field.finding(
        "standing",
        "medium",
        0,
        about=("troupes",),
        weight=0.0,
        what=f"{counted_as(more, 'more pair of troupes overlaps', 'more pairs of troupes overlap')}",
        measured=counted_as(more, "more pair of troupes", "more pairs of troupes"),
        limit=ROOM,
        advice="mend the worst and check again",
        people={},
        who="not listed one by one",
    )
