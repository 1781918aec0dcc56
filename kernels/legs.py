"""Ways put together from legs: of people's samples, of several groups, of some of the people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .ways import AFTER, BEFORE, DURING, PACED, Places, Ways

FARTHEST = 1e6
"""Metres from the centre: no place may be farther off."""


class WayError(ValueError):
    """Ways that cannot be walked."""


def sampled_ways(at: NDArray[np.integer[Any]], places: NDArray[np.floating[Any]], error: float = 0.0) -> Ways:
    """Return ways through samples, walked steadily from each to the next.

    Parameters
    ----------
    at
        Shape (K,) or (P, K), integer ticks that rise along K.
    places
        Shape (P, K, 2), metres.
    error
        Metres: how far the true ways may be from the sampled ones at any time.

    Raises
    ------
    WayError
        If shapes do not fit, ticks do not rise, or a number is not finite or a place too far.
    """
    if places.ndim != 3 or places.shape[2] != 2 or places.shape[1] == 0:
        raise WayError(f"places must be (people, samples, 2) with at least one sample, not {places.shape}")
    people, samples = places.shape[:2]
    if at.dtype.kind not in "iu" or at.shape not in {(samples,), (people, samples)}:
        raise WayError(
            f"times must be ({samples},) or ({people}, {samples}) integer ticks, not {at.shape} {at.dtype}"
        )
    if not (np.isfinite(error) and error >= 0):
        raise WayError(f"the error must be a finite number of metres, not negative: {error}")
    check_places(places, "sampled places")
    when = np.broadcast_to(at.astype(np.int64), (people, samples))
    if (np.diff(when, axis=1) <= 0).any():
        raise WayError("the times of a person's samples must rise")
    whole = places.astype(np.float64)
    legs = Legs(whole[:, 0], int(when.min()) if people else 0)
    owner, step = np.nonzero((whole[:, :-1] != whole[:, 1:]).any(axis=2))
    legs.add(
        owner,
        when[owner, step],
        when[owner, step + 1],
        whole[owner, step],
        whole[owner, step + 1],
        step + 1,
        ease=PACED,
    )
    return legs.ways(error=np.full(people, error))


def check_places(places: NDArray[np.floating[Any]], what: str) -> None:
    """Raise WayError unless all places are finite and within `FARTHEST`."""
    if not np.isfinite(places).all():
        raise WayError(f"{what} must be finite numbers of metres")
    if np.abs(places).max(initial=0.0) > FARTHEST:
        raise WayError(f"{what} must be within {FARTHEST:g} m of the centre")


class Legs:
    """Legs gathered in any order, until they are the ways of people.

    Parameters
    ----------
    home
        Shape (P, 2), metres: where people are who have no leg.
    start
        Tick at which their time begins.
    aloft
        Shape (P,), bool: who of those is off the ground.
    """

    def __init__(self, home: Places, start: int, aloft: NDArray[np.bool_] | None = None) -> None:
        self._home, self._start, self._aloft = home, start, aloft
        self._bends = [np.zeros((2, 2))]
        self._columns: list[tuple[NDArray[Any], ...]] = []

    def add(
        self,
        owner: NDArray[np.int64],
        begin: NDArray[np.int64],
        end: NDArray[np.int64],
        origin: Places,
        goal: Places,
        number: NDArray[np.int64] | int,
        *,
        ease: int,
        bow: NDArray[np.float64] | float = 0.0,
        bend: NDArray[np.float64] | None = None,
        aloft: NDArray[np.uint8] | int = 0,
    ) -> None:
        """Add one leg of each owner; all have the same ease, and the same bend if any."""
        which = 0
        if bend is not None and bend.any():
            self._bends.append(bend)
            which = len(self._bends) - 1

        def full(value: Any, dtype: type) -> NDArray[Any]:
            return np.broadcast_to(np.asarray(value, dtype=dtype), owner.shape)

        self._columns.append(
            (
                owner,
                begin,
                end,
                origin,
                goal,
                full(bow, np.float64),
                full(ease, np.int8),
                full(number, np.int64),
                full(which, np.int16),
                full(aloft, np.uint8),
            )
        )

    def ways(self, error: NDArray[np.float64]) -> Ways:
        """Return everybody's ways; who has no leg stands at home."""
        people = len(self._home)
        moves = np.zeros(people, dtype=bool)
        for columns in self._columns:
            moves[columns[0]] = True
        still = np.flatnonzero(~moves)
        start = np.full(len(still), self._start)
        up = np.zeros(people, dtype=bool) if self._aloft is None else self._aloft
        above = np.where(up[still], BEFORE | DURING | AFTER, 0)
        # As others have it, so that there is one kind less to look at.
        ease = int(self._columns[0][6][0]) if self._columns and len(self._columns[0][6]) else PACED
        self.add(still, start, start + 1, self._home[still], self._home[still], 0, ease=ease, aloft=above)
        owner, begin, *others = (np.concatenate(rows) for rows in zip(*self._columns, strict=True))
        order = np.lexsort((begin, owner))
        begin, (end, origin, goal, bow, eases, number, bend, aloft) = (
            begin[order],
            (row[order] for row in others),
        )
        return Ways(
            first=np.searchsorted(owner[order], np.arange(people + 1)).astype(np.int64),
            begin=begin,
            end=end,
            origin=origin,
            goal=goal,
            bow=bow,
            ease=eases,
            number=number,
            error=error,
            bend=bend,
            bends=np.stack(self._bends),
            aloft=aloft,
        )


def together(groups: Sequence[Ways]) -> Ways:
    """Return the ways of several groups as those of one, people in the groups' order."""
    if not groups:
        return sampled_ways(np.zeros((0, 1), dtype=np.int64), np.zeros((0, 1, 2)))
    legs = np.cumsum([0, *(len(group.begin) for group in groups)])
    firsts = [group.first[:-1] + before for group, before in zip(groups, legs[:-1], strict=True)]
    bends = np.cumsum([0, *(len(group.bends) - 1 for group in groups)])
    names = ("begin", "end", "origin", "goal", "bow", "ease", "number", "error", "aloft")
    joined = {name: np.concatenate([getattr(group, name) for group in groups]) for name in names}
    return Ways(
        first=np.concatenate([*firsts, legs[-1:]]),
        bend=np.concatenate(
            [
                np.where(group.bend > 0, group.bend + before, 0).astype(np.int16)
                for group, before in zip(groups, bends[:-1], strict=True)
            ]
        ),
        bends=np.concatenate([np.zeros((1, 2, 2)), *(group.bends[1:] for group in groups)]),
        **joined,
    )


def chosen(ways: Ways, who: NDArray[np.int64]) -> Ways:
    """Return the ways of some people, in the order asked for; someone may come more than once."""
    counts = np.diff(ways.first)[who]
    first = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    legs: NDArray[np.int64] = np.repeat(ways.first[who] - first[:-1], counts) + np.arange(int(first[-1]))
    return _with_legs(ways, first, legs, ways.error[who])


def between(ways: Ways, begin: int, end: int) -> Ways:
    """Return the same ways for the time from one tick to another, with no more legs than that takes."""
    first, last = (ways.leg_at(ways.first[:-1], at) for at in (begin, end))
    counts = last - first + 1
    firsts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    legs: NDArray[np.int64] = np.repeat(first - firsts[:-1], counts) + np.arange(int(firsts[-1]))
    return _with_legs(ways, firsts, legs, ways.error)


def _with_legs(
    ways: Ways, first: NDArray[np.int64], legs: NDArray[np.int64], error: NDArray[np.float64]
) -> Ways:
    """Return ways of some of the legs."""
    names = ("begin", "end", "origin", "goal", "bow", "ease", "number", "bend", "aloft")
    return Ways(
        first=first, error=error, bends=ways.bends, **{name: getattr(ways, name)[legs] for name in names}
    )
