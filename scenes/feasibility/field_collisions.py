"""Gymnasts who come too near each other on their ways."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ...kernels.array_module import to_numpy
from ...kernels.collisions import Collisions, collisions
from ...kernels.meetings import MOST_PAIRS
from ...kernels.ticks import seconds
from .field import Field, counted, counted_as, listed, metres, worst
from .finding import FieldFinding, Severity, clock
from .limits import BODY, ROOM

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Whole = NDArray[np.int64]

MOST_GROUPS = 12


@dataclass(frozen=True, eq=False)
class _Group:
    """Pairs of one troupe, or of two, on the way to or in the same sets: rows of the collisions."""

    troupes: tuple[str, str]
    numbers: tuple[int, int]
    rows: Whole


def field_collisions(
    field: Field, most: int = MOST_PAIRS, progress: Callable[[float], None] = lambda share: None
) -> Collisions:
    """Return all pairs that come nearer than the field's room; those that `resolve` left, if it is on."""
    mended = field.mended
    if mended is not None and mended.remaining.threshold == field.room:
        return mended.remaining
    return collisions(list(field.drills.values()), threshold=field.room, most=most, progress=progress)


def find_collisions(
    field: Field, most: int = MOST_PAIRS, progress: Callable[[float], None] = lambda share: None
) -> list[FieldFinding]:
    """Find people who come nearer than their room while one of them is on the way.

    Two who are too near where both stand are `find_standing`'s, and acrobats on others touch nobody else.

    Parameters
    ----------
    field : Field
    most : int
        Pairs with which the search ends; a finding then says at which times nothing was looked for.
    progress : callable (share)
        Called with the share of the show that was searched.

    Returns
    -------
    list of FieldFinding
        One for each pair of sets that people are on their way to, at most `MOST_GROUPS` and one for the rest.
    """
    found = field_collisions(field, most, progress)
    groups = list(_groups(field, found))
    findings, more = worst([_finding(field, found, group) for group in groups], MOST_GROUPS)
    if more:
        findings.append(_rest(field, more))
    if found.unseen:
        findings.append(_ended(field, found))
    return findings


def _groups(field: Field, found: Collisions) -> Iterator[_Group]:
    """Yield the pairs that count, by troupes and sets, in the order of those."""
    both = [_sides(field, side, found.tick) for side in (found.one, found.other)]
    keys = np.stack([found.one[:, 0], both[0][0], found.other[:, 0], both[1][0]], axis=1)
    rows = np.flatnonzero(~(both[0][1] & both[1][1]))
    if not len(rows):
        return
    kinds, of = np.unique(keys[rows], axis=0, return_inverse=True)
    of = of.reshape(-1)
    order = np.argsort(of, kind="stable")
    parts = np.split(rows[order], np.flatnonzero(np.diff(of[order])) + 1)
    for (one, number, other, other_number), part in zip(kinds.tolist(), parts, strict=True):
        yield _Group((field.names[one], field.names[other]), (number, other_number), part)


def _sides(field: Field, who: Whole, tick: Whole) -> tuple[Whole, NDArray[np.bool_]]:
    """Return for (C, 2) troupes and people the set of each, and who stands."""
    number, stands = np.zeros(len(who), dtype=np.int64), np.zeros(len(who), dtype=bool)
    for index, name in enumerate(field.names):
        some = np.flatnonzero(who[:, 0] == index)
        if len(some):
            number[some] = field.number_at(name, tick[some])
            stands[some] = field.stand_at(name, who[some, 1], tick[some])
    return number, stands


def _finding(field: Field, found: Collisions, group: _Group) -> FieldFinding:
    rows, (first, second) = group.rows, group.troupes
    nearest = rows[np.argmin(found.near[rows])]
    tick, near = int(found.tick[nearest]), float(found.near[nearest])
    people: dict[str, Whole] = {}
    for name, side in zip(group.troupes, (found.one, found.other), strict=True):
        people[name] = np.union1d(people.get(name, np.zeros(0, dtype=np.int64)), side[rows, 1])
    walking = {
        name: number
        for name, number in zip(group.troupes, group.numbers, strict=True)
        if tick < int(to_numpy(field.drills[name].arrive)[number])
    }
    one, other = int(found.one[nearest, 1]), int(found.other[nearest, 1])
    names = f"{field.name(first, one)} and "
    names += field.numbered(second, other) if first == second else field.name(second, other)
    which = f"{names}, come" if len(rows) == 1 else f"the nearest, {names}, come"
    spread = _spread(found.tick[rows])
    place = field.places_at(first, np.array([one]), np.array([tick]))[0]
    about = next(iter(walking), first)
    number = group.numbers[group.troupes.index(about)]
    return field.finding(
        "collisions",
        _severity(near),
        tick,
        about=("troupes", about, "drill", number),
        weight=len(rows) + max(0.0, 1 - near / found.threshold),
        what=f"{counted_as(len(rows), 'pair', 'pairs')} ({counted(people)}) "
        f"{'comes' if len(rows) == 1 else 'come'} nearer than {found.threshold:g} m{spread}, "
        f"{_ways(field, group, walking)}; {which} within {metres(near)}",
        measured=metres(near),
        limit=BODY if near < BODY.value else ROOM,
        advice=_advice(field),
        people=people,
        number=walking,
        middle=place,
    )


def _ways(field: Field, group: _Group, walking: dict[str, int]) -> str:
    """Return where people of a group are on the way to, and who stands."""
    goals = [
        f"on the way to {field.called(name, number)}" if name in walking else "standing"
        for name, number in zip(group.troupes, group.numbers, strict=True)
    ]
    if goals[0] == goals[1]:
        return goals[0]
    return listed([f"{name} {goal}" for name, goal in zip(group.troupes, goals, strict=True)])


def _severity(near: float) -> Severity:
    if near < BODY.value:
        return "high"
    return "medium" if near < ROOM.value else "low"


def _spread(tick: Whole) -> str:
    first, last = (clock(round(seconds(moment), 1)) for moment in (int(tick.min()), int(tick.max())))
    return "" if first == last else f" from {first} to {last}"


def _advice(field: Field) -> str:
    if field.mended is not None and field.mended.ended:
        return (
            "there are too many for 'resolve', which stopped before it had tried everything: give one of the "
            "two another time or place"
        )
    if field.resolves:
        return "'resolve' found no way round it: give one of the two another time or place"
    return "write 'field: { resolve: true }', or give one of the two another time or place"


def _rest(field: Field, more: int) -> FieldFinding:
    sets = counted_as(more, "more pair of sets", "more pairs of sets")
    return field.finding(
        "collisions",
        "medium",
        0,
        about=("troupes",),
        weight=0.0,
        what=f"{sets} {'has' if more == 1 else 'have'} people who come too near",
        measured=sets,
        limit=ROOM,
        advice="mend the worst and check again",
        people={},
        who="not listed one by one",
    )


def _ended(field: Field, found: Collisions) -> FieldFinding:
    """Say that the search was not brought to its end."""
    first, *others = found.unseen
    begin, end = (clock(round(seconds(tick), 2)) for tick in first)
    more = f", nor at {counted_as(len(others), 'other stretch', 'other stretches')} of time" if others else ""
    return field.finding(
        "collisions",
        "high",
        first[0],
        about=("troupes",),
        weight=np.inf,
        what=f"at least {len(found):,} pairs come too near each other, and there the search ended: "
        f"from {begin} to {end} was not looked at{more}",
        measured=counted_as(len(found), "pair", "pairs"),
        limit=ROOM,
        advice="put people farther apart, then check again",
        people={},
        who="too many to name",
    )
