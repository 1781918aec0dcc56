"""Light shows: what shines or flies at moments of the show, whichever kind it is (see `particles`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from .beams import Beams, FollowSpots, beam_states
from .confetti import Confetti, confetti_states
from .drones import Drones, drone_states
from .fireworks import Fireworks, firework_states
from .strobes import Strobes, strobe_states

if TYPE_CHECKING:
    from numpy.typing import NDArray

Effect: TypeAlias = Beams | FollowSpots | Confetti | Drones | Fireworks | Strobes


def light_states(effect: Effect, at: NDArray[np.int64], exposure: NDArray[np.int64] | None = None) -> Any:
    """Return the state of all pieces of a light show.

    Parameters
    ----------
    effect
    at
        Shape (F,), ticks of show time, in any order.
    exposure
        Shape (F,), ticks for which each picture is exposed; None for instants.

    Returns
    -------
    array of float32
        Shape (F, `particles.LAYERS`, effect.count, 4), on the device of the effect's places.
    """
    open_for = np.zeros(len(at), np.int64) if exposure is None else exposure
    if isinstance(effect, Fireworks):
        return firework_states(effect, at, open_for)
    if isinstance(effect, Strobes):
        return strobe_states(effect, at, open_for)
    if isinstance(effect, Confetti):
        return confetti_states(effect, at)
    if isinstance(effect, Drones):
        return drone_states(effect, at)
    return beam_states(effect, at)


def shining(effect: Effect, at: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return at which moments (F,) ticks anything of a light show may be seen: (F,)."""
    first, last = effect.span
    seen: NDArray[np.bool_] = (at >= first) & (at < last)
    return seen
