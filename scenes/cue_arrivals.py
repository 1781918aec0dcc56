"""In which order the calls of cues reach people, where waves cross and one cue overtakes another.

A cue with `over` reaches people one after another, so that a later cue may be with somebody before an earlier
one. To each person the calls come in the order in which they arrive there. All of them are written as one
list, in which everyone finds their own in the right order: whom a call reaches late, after calls that were
made later, hears it in a row of its own behind those.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ..kernels.ticks import ticks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from fractions import Fraction

    from numpy.typing import NDArray

    Members = NDArray[np.bool_]
    Ticks = NDArray[np.int64]

_NEVER = np.int64(np.iinfo(np.int64).max)
_CELLS_AT_ONCE = 1 << 22


@dataclass(frozen=True, eq=False)
class Arrival:
    """A call that reaches some people at their places in the order.

    Attributes
    ----------
    call : int
        Which of the calls.
    late : bool
        Whether they have heard calls that were made later.
    who : ndarray of bool, shape (N,)
    when : ndarray of int64, shape (N,)
        Ticks of show time at which it reaches each.
    """

    call: int
    late: bool
    who: Members
    when: Ticks


def arrivals(
    at: Sequence[Fraction], who: Callable[[int], Members], delay: Callable[[int], Ticks]
) -> Iterator[Arrival]:
    """Yield calls so that each person's come in the order in which they reach that person.

    Calls that reach a person at once come in the order in which they were made.

    Parameters
    ----------
    at : sequence of Fraction, length C
        When each call is made, in seconds, in order of time.
    who : callable
        Gives for a call whom it is for, (N,).
    delay : callable
        Gives for a call how long after it each is reached, (N,) ticks from 0; the same array for calls that
        go through the section in the same way.
    """
    begin = 0
    while begin < len(at):
        # Calls can come in another order only while one is still on its way as the next is made.
        ways = {id(delay(begin))}
        until, end = ticks(at[begin]) + int(delay(begin).max(initial=0)), begin + 1
        while end < len(at) and ticks(at[end]) < until:
            ways.add(id(delay(end)))
            until = max(until, ticks(at[end]) + int(delay(end).max(initial=0)))
            end += 1
        numbers = range(begin, end)
        # Of those that all go the same way, none catches up.
        overtaken = _overtaken(at, numbers, who, delay) if len(ways) > 1 else None
        if overtaken is None or not overtaken.any():
            for call in numbers:
                yield Arrival(call, False, who(call), delay(call) + ticks(at[call]))
        else:
            rows: dict[tuple[int, ...], Members] = {(call,): who(call) & ~overtaken for call in numbers}
            for path, members in _paths(at, numbers, overtaken, who, delay).items():
                rows.setdefault(path, np.zeros(overtaken.size, dtype=bool))[members] = True
            for path in sorted(path for path, members in rows.items() if members.any()):
                when = delay(path[-1]) + ticks(at[path[-1]])
                yield Arrival(path[-1], len(path) > 1, rows[path], when)
        begin = end


def _overtaken(
    at: Sequence[Fraction], numbers: range, who: Callable[[int], Members], delay: Callable[[int], Ticks]
) -> Members:
    """Tell whom some call reaches before an earlier one."""
    latest = np.full(who(numbers.start).size, -_NEVER)
    found = np.zeros(latest.size, dtype=bool)
    for call in numbers:
        when = np.where(who(call), delay(call) + ticks(at[call]), latest)
        found |= when < latest
        np.maximum(latest, when, out=latest)
    return found


def _paths(
    at: Sequence[Fraction],
    numbers: range,
    overtaken: Members,
    who: Callable[[int], Members],
    delay: Callable[[int], Ticks],
) -> dict[tuple[int, ...], NDArray[np.int64]]:
    """Return the rows for those who are overtaken: a call's number, after those that it comes behind.

    Rows in the order of these numbers, the shorter of two first, are in order for everyone: somebody's next
    call either lengthens the last row's by a lesser number, or puts a greater one in place of some.
    """
    everyone = np.flatnonzero(overtaken)
    rows: dict[tuple[int, ...], list[NDArray[np.int64]]] = {}
    at_once = max(1, _CELLS_AT_ONCE // len(numbers))
    for people in np.split(everyone, range(at_once, everyone.size, at_once)):
        when = np.stack(
            [np.where(who(call)[people], delay(call)[people] + ticks(at[call]), _NEVER) for call in numbers]
        )
        order = np.argsort(when, axis=0, kind="stable").astype(np.int32)
        order[np.take_along_axis(when, order, axis=0) == _NEVER] = -1
        # Those to whom all comes in the same order are sorted out together.
        columns = np.ascontiguousarray(order.T)
        whole = columns.view(np.dtype((np.void, columns.itemsize * columns.shape[1])))[:, 0]
        _, first, member = np.unique(whole, return_index=True, return_inverse=True)
        member = member.reshape(-1)
        alike = np.split(people[np.argsort(member, kind="stable")], np.cumsum(np.bincount(member))[:-1])
        for pattern, members in zip(columns[first].tolist(), alike, strict=True):
            path: list[int] = []
            for place in pattern:
                if place < 0:
                    break
                call = numbers[place]
                while path and path[-1] < call:
                    path.pop()
                path.append(call)
                rows.setdefault(tuple(path), []).append(members)
    return {path: np.concatenate(members) for path, members in rows.items()}
