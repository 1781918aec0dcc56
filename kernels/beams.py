"""Beams, lasers and follow spots as a closed form of show time: where lamps aim, and how bright they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from .array_module import array_module, to_numpy
from .particles import Lamps, layers, ramp, seconds_since
from .ticks import TICKS_PER_SECOND

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

FADE = 0.5
"""Seconds in which lamps come on and go out, inside their cue."""
_LEAST_FALL = 1e-3


@dataclass(frozen=True)
class Beams(Lamps):
    """Lamps that sweep: each aims along `forward`, turned towards `side` by an angle that swings.

    Attributes
    ----------
    start, end : int
        Ticks of show time: the lamps come on after the one and are out at the other.
    place, forward, side : ndarray of float64, shape (N, 3)
        Metres; unit vectors, the side square to forward.
    middle, swing : ndarray of float64, shape (N,)
        Radians about which the angle swings, and by which to both sides.
    phase : ndarray of float64, shape (N,)
        Radians of the swing at the start.
    period : int
        Ticks of a swing to and fro.
    reach : float
        How far a beam is seen that meets no ground, metres.
    spread : float
        Tangent of half of the beam's angle.
    lens : float
        Radius of the lamp's lens, metres.
    colour : ndarray of float64, shape (N, 3)
        Scene-linear, times its strength.
    """

    start: int
    end: int
    place: Floats
    forward: Floats
    side: Floats
    middle: Floats
    swing: Floats
    phase: Floats
    period: int
    reach: float
    spread: float
    lens: float
    colour: Floats


@dataclass(frozen=True)
class FollowSpots(Lamps):
    """Lamps that follow something.

    Attributes
    ----------
    start, end : int
        As in `Beams`.
    place : ndarray of float64, shape (N, 3)
        Metres.
    moments : ndarray of int64, shape (T,)
        Ticks, rising, at which the middle of what they follow is known; between them it is on the line.
    middle : ndarray of float64, shape (T, 3)
        Metres.
    radius : float
        Of the ring about it in which they stand, metres.
    period : int
        Ticks in which the ring turns once; 0 where it stands.
    spread, lens, colour
        As in `Beams`.
    """

    start: int
    end: int
    place: Floats
    moments: NDArray[np.int64]
    middle: Floats
    radius: float
    period: int
    spread: float
    lens: float
    colour: Floats


def lamp_level(start: int, end: int, at: NDArray[np.int64], xp: Any) -> Any:
    """Return how far on the lamps of a cue are at moments (F,) ticks: 0 outside of it, 1 in it."""
    since, left = (xp.asarray(seconds_since(*pair)) for pair in ((at, start), (end, at)))
    fade = min(FADE, (end - start) / (3 * TICKS_PER_SECOND))
    return ramp(since, 0.0, fade, xp) * ramp(left, 0.0, fade, xp)


def beam_directions(beams: Beams, at: NDArray[np.int64]) -> Any:
    """Return where the lamps aim at moments (F,) ticks: (F, N, 3) unit vectors."""
    xp = array_module(beams.place)
    # The swing's share is taken in whole ticks: it stays exact however long the show.
    share = xp.asarray(((to_numpy(at) - beams.start) % beams.period) / beams.period)[:, None]
    angle = xp.asarray(beams.middle) + xp.asarray(beams.swing) * xp.sin(
        2.0 * np.pi * share + xp.asarray(beams.phase)
    )
    forward, side = xp.asarray(beams.forward), xp.asarray(beams.side)
    return xp.cos(angle)[..., None] * forward + xp.sin(angle)[..., None] * side


def spot_targets(spots: FollowSpots, at: NDArray[np.int64]) -> Any:
    """Return the places that the lamps aim at, at moments (F,) ticks: (F, N, 3) metres."""
    xp = array_module(spots.place)
    now = seconds_since(to_numpy(at), spots.start)
    known = seconds_since(spots.moments, spots.start)
    middle = np.stack([np.interp(now, known, to_numpy(spots.middle)[:, axis]) for axis in range(3)], -1)
    turn = np.arange(spots.count) / spots.count + np.zeros((len(now), 1))
    if spots.period:
        turn = turn + ((to_numpy(at) - spots.start) % spots.period / spots.period)[:, None]
    ring = spots.radius * np.stack(
        [np.cos(2 * np.pi * turn), np.sin(2 * np.pi * turn), np.zeros(turn.shape)], -1
    )
    return xp.asarray(middle[:, None] + ring)


def beam_states(beams: Beams | FollowSpots, at: NDArray[np.int64]) -> Any:
    """Return all beams at moments (F,) ticks: (F, LAYERS, N, 4) float32.

    A beam reaches from its lamp to the ground, or as far as it is seen; its size is its radius there.
    Layer 1's own number is the radius at the lamp as a share of that, layer 2's is 1 where the beam ends in
    the air.
    """
    xp = array_module(beams.place)
    place = xp.asarray(beams.place)
    if isinstance(beams, Beams):
        aim = beam_directions(beams, at)
        down = xp.maximum(-aim[..., 2], _LEAST_FALL)
        length = xp.minimum(place[:, 2] / down, beams.reach)
        length = xp.where(aim[..., 2] < 0, length, beams.reach)
        in_the_air = xp.where(length >= beams.reach, 1.0, 0.0)
        way = aim * length[..., None]
    else:
        way = spot_targets(beams, at) - place
        length = xp.sqrt((way * way).sum(-1))
        in_the_air = 0.0
    level = lamp_level(beams.start, beams.end, at, xp)[:, None]
    width = beams.lens + beams.spread * length
    size = xp.where(level > 1e-3, width, 0.0)
    colour = xp.asarray(beams.colour) * level[..., None]
    return layers(place, size, colour, beams.lens / width, way, in_the_air, xp)
