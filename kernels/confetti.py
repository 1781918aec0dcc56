"""Confetti as a closed form of show time: blown up, slowed by the air, fluttering down, lying."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from .array_module import array_module, to_numpy
from .counter_random import Purpose, uniform
from .particles import along_arc, layers, ramp, seconds_since
from .ticks import TICKS_PER_SECOND

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

SETTLE = 0.8
"""Seconds in which paper takes on the speed of its fall: long, since the air of the blast goes with it."""
SINK = 1.25
"""Metres a second: the usual speed of the fall."""
_WIND = (0.5, 0.28)
_FLUTTER = 0.32
_FADE = 1.5
_CONE = 0.55
_STEPS = 256.0
"""Steps in a metre, and four times those in a radian, to which places and angles are rounded."""


@dataclass(frozen=True)
class Confetti:
    """The pieces of a cue.

    Attributes
    ----------
    seed, cue : int
    blown : ndarray of int64, shape (N,)
        Ticks of show time at which each sets off.
    place : ndarray of float64, shape (N, 3)
        Where from, metres.
    apex : ndarray of float64, shape (N,)
        How high above that each is blown, metres; 0 where it is only let go.
    colour : ndarray of float64, shape (N, 3)
        Scene-linear.
    size : float
        Length of a piece, metres.
    gone : int
        Ticks of show time at which the last is swept away.
    """

    seed: int
    cue: int
    blown: NDArray[np.int64]
    place: Floats
    apex: Floats
    colour: Floats
    size: float
    gone: int

    @property
    def count(self) -> int:
        """How many pieces."""
        return len(self.blown)

    @property
    def span(self) -> tuple[int, int]:
        """The ticks between which anything is seen."""
        return int(to_numpy(self.blown).min()), self.gone

    @functools.cached_property
    def flights(self) -> Flights:
        """What does not change with time."""
        return _flights(self)


@dataclass(frozen=True)
class Flights:
    """How each piece flies: velocity (N, 3), drift (N, 3), seconds in the air (N,), and chance (N, 6)."""

    velocity: Floats
    drift: Floats
    aloft: Floats
    chance: Floats


def blast_speed(apex: Any, sink: Any) -> Floats:
    """Return the upward speed, metres a second, by which paper reaches a height above where it sets off.

    Speed is lost after ``settle ln(1 + v / sink)`` seconds; v of the height there, by iteration.
    """
    height, sink = np.broadcast_arrays(np.asarray(apex, np.float64), np.asarray(sink, np.float64))
    speed = height / SETTLE
    for _ in range(60):  # each shrinks the error by sink / (v + sink), less than half above a metre
        speed = height / SETTLE + sink * np.log1p(speed / sink)
    return np.where(height > 0, speed, 0.0)


def _flights(pieces: Confetti) -> Flights:
    who = np.arange(pieces.count)
    chance = np.stack(
        [uniform(pieces.seed, Purpose.LIGHT_SHOW, pieces.cue, who * 8 + item) for item in range(6)], -1
    )
    sink = SINK * (0.75 + 0.5 * chance[:, 0])
    drift = np.stack([np.full(len(who), _WIND[0]), np.full(len(who), _WIND[1]), -sink], -1)
    drift[:, :2] += 1.2 * (chance[:, 1:3] - 0.5)
    up = blast_speed(to_numpy(pieces.apex) * (0.35 + 0.65 * np.sqrt(chance[:, 3])), sink)
    turn = 2.0 * np.pi * chance[:, 4]
    aside = _CONE * up * np.sqrt(chance[:, 5])
    velocity = np.stack([aside * np.cos(turn), aside * np.sin(turn), up], -1)
    aloft = _seconds_aloft(to_numpy(pieces.place)[:, 2], up, sink)
    return Flights(velocity, drift, aloft, chance)


def _seconds_aloft(height: Floats, up: Floats, sink: Floats) -> Floats:
    """Return when each piece is down: Newton's method, from a time late enough to come from one side."""
    time = (height + (up + sink) * SETTLE) / sink
    for _ in range(40):
        here = height + along_arc(up, -sink, SETTLE, time, np)
        speed = -sink + (up + sink) * np.exp(-time / SETTLE)
        time = np.maximum(time - here / np.minimum(speed, -1e-3), 0.0)
    return time


def confetti_states(pieces: Confetti, at: NDArray[np.int64]) -> Any:
    """Return all pieces at moments (F,) ticks: (F, LAYERS, N, 4) float32.

    Layer 2 is Euler angles, and 1 where the piece lies.
    """
    xp = array_module(pieces.place)
    fly = pieces.flights
    since = xp.asarray(seconds_since(to_numpy(at)[:, None], pieces.blown))
    left = xp.asarray(seconds_since(np.int64(pieces.gone), at))[:, None]
    aloft, chance = xp.asarray(fly.aloft), xp.asarray(fly.chance)
    time = xp.clip(since, 0.0, aloft)
    lying = since >= aloft
    place = xp.asarray(pieces.place) + along_arc(
        xp.asarray(fly.velocity), xp.asarray(fly.drift), SETTLE, time[..., None], xp
    )
    # As a piece tilts it glides to and fro; it begins to once it falls.
    swing = (
        _FLUTTER * ramp(time, 0.2, 2.5, xp) * xp.sin(time * (2.5 + 3.0 * chance[:, 1]) + 6.0 * chance[:, 0])
    )
    turn = 2.0 * np.pi * chance[:, 2]
    place[..., 0] += swing * xp.cos(turn)
    place[..., 1] += swing * xp.sin(turn)
    place[..., 2] = xp.maximum(place[..., 2], 0.0) + 0.01 + 0.02 * chance[:, 3]
    # Each is swept away at a time of its own.
    shown = ramp(left - _FADE * chance[:, 4], 0.0, _FADE, xp)
    size = xp.where(since >= 0.0, pieces.size * shown, 0.0)
    air = xp.where(lying, 0.0, 1.0)
    angles = xp.stack(
        [
            air * time * (5.0 + 7.0 * chance[:, 3]) + 0.15 * (1.0 - air),
            air * time * (1.0 + 4.0 * chance[:, 5]) + 0.1 * (1.0 - air),
            turn + air * 0.8 * xp.sin(time * 2.0),
        ],
        -1,
    )
    # Nobody sees more, and textures of numbers with few digits are a third smaller.
    place, angles = xp.rint(place * _STEPS) / _STEPS, xp.rint(angles * _STEPS / 4.0) * (4.0 / _STEPS)
    return layers(place, size, xp.asarray(pieces.colour), 0.0, angles, 1.0 - air, xp)


def latest_fall(height: float) -> int:
    """Return ticks in which about every piece is down that was let go so high, metres."""
    return int(np.ceil((height / (0.75 * SINK) + 2.0 * SETTLE) * TICKS_PER_SECOND))
