"""Strobes as a closed form of show time: which lamps flash in a picture."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from .array_module import array_module, to_numpy
from .counter_random import Purpose, uniform
from .particles import Lamps, layers
from .ticks import TICKS_PER_SECOND

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

FLASH = 0.3
"""Share of its period in which a flash is seen, in an instant's picture."""
FIRED = 0.6
"""Share of their periods in which lamps flash: without gaps, a picture that is exposed for long shows all."""
SIZE = 0.7


@dataclass(frozen=True)
class Strobes(Lamps):
    """The lamps of a cue.

    Attributes
    ----------
    seed, cue : int
    start, end : int
        Ticks of show time between which they flash.
    rate : Fraction
        Flashes a second.
    together : bool
        Whether all flash at once; else each in its own time.
    place : ndarray of float64, shape (N, 3)
        Metres.
    colour : ndarray of float64, shape (N, 3)
        Scene-linear, times its strength.
    """

    seed: int
    cue: int
    start: int
    end: int
    rate: Fraction
    together: bool
    place: Floats
    colour: Floats


def flashes(strobes: Strobes, at: NDArray[np.int64], exposure: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return which lamps are seen to flash in pictures at moments (F,), exposed for (F,), ticks: (F, N)."""
    now = to_numpy(at).astype(np.int64)[:, None] - strobes.start
    period = max(1, round(TICKS_PER_SECOND / strobes.rate))
    who = np.zeros(1, np.int64) if strobes.together else np.arange(strobes.count)
    shift = (uniform(strobes.seed, Purpose.LIGHT_SHOW, strobes.cue, 2 * who) * period).astype(np.int64)
    number, phase = np.divmod(now + (0 if strobes.together else shift), period)
    # The flash of a period begins it: it is seen in its first part, and in a picture that is open till then.
    over = phase >= FLASH * period
    seen = ~over | (phase + to_numpy(exposure)[:, None] >= period)
    chance = uniform(strobes.seed, Purpose.LIGHT_SHOW, strobes.cue, (2 * who + 1) + 4096 * (number + over))
    inside = (now >= 0) & (now < strobes.end - strobes.start)
    lit: NDArray[np.bool_] = np.broadcast_to(
        inside & seen & (chance < FIRED), (len(now), strobes.count)
    ).copy()
    return lit


def strobe_states(strobes: Strobes, at: NDArray[np.int64], exposure: NDArray[np.int64]) -> Any:
    """Return all lamps at moments (F,), exposed for (F,), ticks: (F, LAYERS, N, 4) float32.

    Layer 1's own number says that the light is soft: 0.5, half of a glow.
    """
    xp = array_module(strobes.place)
    lit = xp.asarray(flashes(strobes, at, exposure))
    return layers(
        xp.asarray(strobes.place),
        xp.where(lit, SIZE, 0.0),
        xp.asarray(strobes.colour),
        0.5,
        0.0,
        1.0,
        xp,
    )
