"""Drones as a closed form of show time: from a grid on the ground to their places in a picture in the air."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from .array_module import array_module
from .counter_random import Purpose, uniform
from .easing import SMOOTH, eased
from .particles import layers, ramp, seconds_since
from .ticks import TICKS_PER_SECOND

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

STAGGER = 0.3
"""Share of the time of a flight by which some set off after others."""
SIZE = 0.3
"""Metres: radius of a drone's light as a lens shows it."""
_FADE = 1.2
_SWAY = 0.12


@dataclass(frozen=True)
class Drones:
    """The drones of a cue.

    Attributes
    ----------
    seed, cue : int
    leave, arrive, end : int
        Ticks of show time: the first take off, all are there, the lights go out.
    ground, goal : ndarray of float64, shape (N, 3)
        Metres.
    colour : ndarray of float64, shape (N, 3)
        Scene-linear.
    """

    seed: int
    cue: int
    leave: int
    arrive: int
    end: int
    ground: Floats
    goal: Floats
    colour: Floats

    @property
    def count(self) -> int:
        """How many."""
        return len(self.goal)

    @property
    def span(self) -> tuple[int, int]:
        """The ticks between which anything shines."""
        return self.leave, self.end + int(_FADE * TICKS_PER_SECOND)


def drone_states(drones: Drones, at: NDArray[np.int64]) -> Any:
    """Return all drones at moments (F,) ticks: (F, LAYERS, N, 4) float32; nothing reaches anywhere."""
    xp = array_module(drones.goal)
    who = np.arange(drones.count)
    chance = xp.asarray(
        np.stack(
            [uniform(drones.seed, Purpose.LIGHT_SHOW, drones.cue, who * 4 + item) for item in range(4)], -1
        )
    )
    since = xp.asarray(seconds_since(at, drones.leave))[:, None]
    left = xp.asarray(seconds_since(drones.end, at))[:, None]
    flight = (drones.arrive - drones.leave) / TICKS_PER_SECOND
    late = STAGGER * chance[:, 0]
    share = xp.clip((since / flight - late) / (1.0 - STAGGER), 0.0, 1.0)
    # Up first, then across: nobody flies low through the crowd.
    rise = eased(SMOOTH, xp.minimum(share / 0.75, 1.0))
    across = eased(SMOOTH, xp.clip((share - 0.2) / 0.8, 0.0, 1.0))
    ground, goal = xp.asarray(drones.ground), xp.asarray(drones.goal)
    flat = ground[:, :2] + across[..., None] * (goal - ground)[:, :2]
    up = ground[:, 2] + rise * (goal - ground)[:, 2]
    place = xp.concatenate([flat, up[..., None]], -1)
    sway = _SWAY * xp.minimum(rise, 1.0)
    for axis in range(3):
        place[..., axis] += sway * xp.sin((0.5 + 0.3 * axis) * since + 6.3 * chance[:, axis])
    on = ramp(since - flight * late, 0.0, 0.6, xp)
    off = 1.0 - ramp(-left - 0.4 * chance[:, 3], 0.0, _FADE - 0.4, xp)
    # On their way they only show where they are.
    there = 0.3 + 0.7 * ramp(share, 0.8, 1.0, xp)
    strength = on * off * there
    size = xp.where((strength > 1e-3) & (since >= 0.0), SIZE, 0.0)
    colour = xp.asarray(drones.colour) * strength[..., None]
    return layers(place, size, colour, 0.0, 0.0, 1.0, xp)
