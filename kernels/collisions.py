"""Who comes too near to whom, and when, over continuous time.

Time is swept in slabs, short enough that nobody goes far in one. In a slab everyone walks from one place to
another, straight and steadily but for a bound that is known (`Ways.deviation`); pairs that could meet are
found by cells, and for those the nearest approach of two points in steady motion is the minimum of a
quadratic. Where that, less the bounds, is nearer than the threshold, the slab is cut into eighths, until the
bounds are below a millimetre. What is handed over is the distance on the closed form itself at
the tick found.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from .drill_ways import drill_ways
from .legs import together
from .meetings import MOST_PAIRS, Meetings, Stretch, meetings
from .ways import Ways

if TYPE_CHECKING:
    from .drill import Drill

THRESHOLD = 0.4
"""Metres between two people's middles: bodies are about 0.45 m wide, and shoulders turn."""

_MOST_STRETCHES = 64


class CollisionError(ValueError):
    """A question about collisions that has no answer."""


@dataclass(frozen=True, eq=False)
class Collisions:
    """Pairs of people who come too near, each once, at its nearest moment; sorted by time, then by person.

    People who stand on others, or climb to their place there, collide with nobody.

    Attributes
    ----------
    one, other
        Shape (C, 2), int64: troupe and person. `one` comes before `other`.
    tick
        Shape (C,), int64: when they are nearest; for who always stood so, the beginning.
    near
        Shape (C,), float64 metres: how near they are then; at most `EXACT` more than the least there is.
    threshold
        Metres: pairs nearer than that are here; those less than `EXACT` nearer may be missing.
    error
        Metres by which true distances may differ because ways are given by samples; 0 for drills.
    unseen
        Stretches of time, ticks, that were not looked at, since there were more pairs than were asked for;
        earliest first. Pairs that are too near only then are missing.
    """

    one: NDArray[np.int64]
    other: NDArray[np.int64]
    tick: NDArray[np.int64]
    near: NDArray[np.float64]
    threshold: float
    error: float = 0.0
    unseen: tuple[Stretch, ...] = ()

    def __len__(self) -> int:
        """Pairs."""
        return len(self.tick)


def collisions(
    troupes: Sequence[Drill | Ways],
    *,
    threshold: float = THRESHOLD,
    most: int = MOST_PAIRS,
    progress: Callable[[float], None] = lambda share: None,
) -> Collisions:
    """Find all pairs of people who come nearer than a threshold at any time.

    Parameters
    ----------
    troupes
        Drills, or ways as `ways` makes them. All are on the field all the time.
    threshold
        Metres, positive.
    most
        Pairs, 1 or more; some more may be found. Each travel, from when people leave for a set to when any
        next do, has a share of them, to which is added what the others leave. Of a travel with more pairs the
        rest is not looked at, see `Collisions.unseen`.
    progress
        Called again and again with the share of the time that was looked at, from 0 to 1, which never falls.
        To stop the search it may raise.

    Raises
    ------
    CollisionError
        If the threshold is not a positive number, `most` is less than 1.
    WayError
        If a place is not finite.
    """
    check_threshold(threshold)
    if most < 1:
        raise CollisionError(f"at least one pair must be asked for, not {most}")
    groups = [troupe if isinstance(troupe, Ways) else drill_ways(troupe) for troupe in troupes]
    sizes = np.array([len(group) for group in groups], dtype=np.int64)
    ways = together(groups)
    found = meetings(ways, threshold, most=most, stretches=stretches(groups), progress=progress)
    return by_troupe(found, sizes)


def check_threshold(threshold: float) -> None:
    """Raise CollisionError unless the threshold is a positive number of metres."""
    if not (np.isfinite(threshold) and threshold > 0):
        raise CollisionError(f"the threshold must be a positive number of metres, not {threshold}")


def stretches(groups: Sequence[Ways]) -> NDArray[np.int64]:
    """Return the edges of the stretches of time to look at: (K + 1,) ticks, when people leave for each set.

    Of samples, and of very many sets, only so many.
    """
    start = min((group.start for group in groups if len(group)), default=0)
    finish = max((group.finish for group in groups if len(group)), default=0)
    edges = [np.array([start, max(finish, start + 1)])]
    for group in groups:
        number, begin = group.number[group.moves], group.begin[group.moves]
        leave = np.full(int(number.max(initial=0)) + 1, finish)
        np.minimum.at(leave, number, begin)
        edges.append(leave)
    ticks: NDArray[np.int64] = np.unique(np.concatenate(edges))
    chosen = np.unique(np.linspace(0, len(ticks) - 1, _MOST_STRETCHES + 1).astype(np.int64))
    return ticks if len(ticks) <= _MOST_STRETCHES else ticks[chosen]


def by_troupe(found: Meetings, sizes: NDArray[np.int64]) -> Collisions:
    """Return the pairs with troupe and person, where troupes have these sizes."""
    firsts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)

    def split(person: NDArray[np.int64]) -> NDArray[np.int64]:
        troupe = np.searchsorted(firsts, person, side="right") - 1
        both: NDArray[np.int64] = np.stack([troupe, person - firsts[troupe]], axis=1).astype(np.int64)
        return both

    one, other = split(found.one), split(found.other)
    return Collisions(one, other, found.tick, found.near, found.threshold, found.error, found.unseen)
