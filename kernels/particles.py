"""What shines or flies by the thousand, as arrays: the layout that all light shows share, and how things fly.

A light show's state at a moment is three rows of numbers for each of its pieces. Layer 0: x, y, z and size,
metres; a size of 0 is a piece that is not there, and all its other numbers are 0 too. Layer 1: scene-linear
colour times strength, and a number of the show's own. Layer 2: where the piece reaches to from its place,
metres (of a spark the tail, of a beam the end, of paper its Euler angles), and another number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from .array_module import to_numpy
from .ticks import TICKS_PER_SECOND

if TYPE_CHECKING:
    from numpy.typing import NDArray

LAYERS = 3
GRAVITY = 9.81

Floats = Any
"""Float64 arrays of NumPy or CuPy."""


class Lamps:
    """What cues of lamps have in common: each stands at its place, and shines from a tick to another."""

    start: int
    end: int
    place: Floats

    @property
    def count(self) -> int:
        """How many."""
        return len(self.place)

    @property
    def span(self) -> tuple[int, int]:
        """The ticks between which anything shines."""
        return self.start, self.end


def seconds_since(at: Any, tick: Any) -> NDArray[np.float64]:
    """Return how many seconds moments lie after others, both in ticks: what the two shapes broadcast to.

    The difference is taken in whole ticks, so that nothing is lost late in a show.
    """
    since: NDArray[np.float64] = (
        np.asarray(to_numpy(at), np.int64) - np.asarray(to_numpy(tick), np.int64)
    ) / float(TICKS_PER_SECOND)
    return since


def along_arc(velocity: Floats, drift: Floats, settle: Floats, time: Floats, xp: Any) -> Floats:
    """Return the way of something light through the air: it settles from its own velocity into a drift.

    The solution of dv/dt = (drift - v) / settle, which is motion under gravity with a drag in proportion to
    the speed (Stokes): the drift is the wind, and downwards the terminal velocity.

    Parameters
    ----------
    velocity, drift
        Metres a second, at the start and at last.
    settle
        Seconds in which the difference shrinks to 1/e.
    time
        Seconds since the start, 0 or more.

    Returns
    -------
    array
        Metres from the start: the shape that all broadcast to.
    """
    return drift * time + (velocity - drift) * settle * -xp.expm1(-time / settle)


def ramp(time: Floats, first: float, last: float, xp: Any) -> Floats:
    """Return 0 up to a time, 1 from another on, smooth between (smoothstep)."""
    share = xp.clip((time - first) / (last - first), 0.0, 1.0)
    return share * share * (3.0 - 2.0 * share)


def layers(
    place: Floats, size: Floats, colour: Floats, own: Floats, reach: Floats, other: Floats, xp: Any
) -> Any:
    """Put the numbers of pieces into layers; pieces of no size become all 0.

    Parameters
    ----------
    place, colour, reach
        (F, N, 3), or what broadcasts to it.
    size, own, other
        (F, N), or what broadcasts to it; `size` has the whole shape.

    Returns
    -------
    array of float32, shape (F, LAYERS, N, 4)
    """
    frames, count = size.shape
    states = xp.empty((frames, LAYERS, count, 4), dtype=np.float32)
    for layer, (three, one) in enumerate(((place, size), (colour, own), (reach, other))):
        states[:, layer, :, :3] = three
        states[:, layer, :, 3] = one
    states *= (size > 0)[:, None, :, None]
    return states
