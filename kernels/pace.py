"""How fast people must go on the ways of a drill."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from .easing import FASTEST, eased, pace
from .ticks import TICKS_PER_SECOND

if TYPE_CHECKING:
    from .drill import Drill

_MOMENTS = 129  # of a walk that is not straight
_AT_ONCE = 1 << 10  # people in one block: what fits in a core's cache


def speeds(drill: Drill) -> NDArray[np.float64]:
    """Return how fast each person goes at the fastest on the way to each set.

    Parameters
    ----------
    drill
        The troupe's drill, with its detours.

    Returns
    -------
    NDArray[np.float64]
        Shape (S, N), metres a second over the ground; 0 for set 0. On ways that are not straight the largest
        of 129 moments, which is the largest of all but for less than 1 %.
    """
    route = drill.route
    fastest = np.zeros((drill.sets, drill.people))
    moments = np.linspace(0.0, 1.0, _MOMENTS)[:, None]
    for index in range(1, drill.sets):
        kind = int(route.ease[index])
        seconds = (route.duration[index] - 2 * route.turn[index]) / TICKS_PER_SECOND
        way = route.goal[index] - route.origin[index]
        metres = np.hypot(way[:, 0], way[:, 1]) * FASTEST[kind]
        share, quick = eased(kind, moments), pace(kind, moments)
        for curve in route.curves[index]:
            for begin in range(0, len(curve.people), _AT_ONCE):
                some = curve.some(slice(begin, begin + _AT_ONCE))
                metres[some.people] = (some.stretch(share) * quick).max(axis=0)
        fastest[index] = metres / seconds
    return fastest
