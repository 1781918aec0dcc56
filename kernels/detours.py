"""How a person's way may differ from the straight one: a later start, and a bow to one side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .array_module import array_module


class DetourError(ValueError):
    """Detours that nobody can walk."""


@dataclass(frozen=True, eq=False)
class Detours:
    """What is changed on the ways of one troupe.

    Attributes
    ----------
    delay
        Shape (S, N), int64 ticks, not negative: person i sets off that much later to set s.
    bow
        Shape (S, N), float64 metres: how far to the left of the straight way (to the right where negative)
        the way to set s runs at its middle.

    Raises
    ------
    DetourError
        If the shapes differ, a delay is negative or a bow is not finite.
    """

    delay: NDArray[np.int64]
    bow: NDArray[np.float64]

    def __post_init__(self) -> None:
        if self.delay.ndim != 2 or self.delay.shape != self.bow.shape:
            raise DetourError(
                f"delay and bow must be (sets, people) both, not {self.delay.shape} and {self.bow.shape}"
            )
        if self.delay.dtype.kind not in "iu" or (self.delay < 0).any():
            raise DetourError("delays must be whole ticks and not negative")
        if not np.isfinite(self.bow).all():
            raise DetourError("bows must be finite numbers of metres")

    @property
    def any(self) -> bool:
        """Whether any way is not as it was."""
        return bool(self.delay.any() or self.bow.any())

    @classmethod
    def none(cls, sets: int, people: int) -> Detours:
        """Return detours that leave all ways as they are."""
        return cls(np.zeros((sets, people), dtype=np.int64), np.zeros((sets, people)))


def delayed(depart: Any, duration: Any, arrive: Any, delay: Any) -> tuple[Any, Any]:
    """Return when people with a delay set off, and how long they walk.

    They keep their pace as long as that brings them there in time, and hurry where it does not: nobody
    arrives after the set is due.

    Parameters
    ----------
    depart, duration
        Any shape, int64 ticks: as without the delay.
    arrive
        int64 ticks: when the last may arrive; not before `depart + duration`.
    delay
        int64 ticks, not negative. At most what leaves one tick for the walk is taken of it.

    Returns
    -------
    tuple of two arrays of int64
        Setting off and duration; unchanged where the delay is 0.
    """
    xp = array_module(depart, delay)
    later = xp.minimum(depart + delay, arrive - 1)
    later = xp.where(delay > 0, later, depart)
    return later, xp.minimum(duration, arrive - later)


def bowed(way: Any, origin_x: Any, origin_y: Any, goal_x: Any, goal_y: Any, bow: Any) -> tuple[Any, Any]:
    """Return places on straight or bowed ways.

    The straight way is left by ``bow · 16 s² (1 - s)²`` at progress s: by all of the bow half-way, and both
    ends are reached along the straight way.

    Parameters
    ----------
    way
        Progress s, 0 to 1, eased already; broadcast against the others.
    origin_x, origin_y, goal_x, goal_y
        Metres.
    bow
        Metres to the left; without effect where origin and goal are the same.

    Returns
    -------
    tuple of two arrays
        x and y in metres. Both ends come out exactly, and where the bow is 0 so does the straight way.
    """
    xp = array_module(way, origin_x)
    back = 1.0 - way
    # Mixed like this, not as a + (b - a) s, both ends come out exactly.
    x, y = back * origin_x + way * goal_x, back * origin_y + way * goal_y
    if not xp.any(bow):
        return x, y
    along_x, along_y = goal_x - origin_x, goal_y - origin_y
    length = xp.hypot(along_x, along_y)
    aside = bow / xp.where(length > 0.0, length, 1.0) * (16.0 * (way * way) * (back * back))
    return x - aside * along_y, y + aside * along_x
