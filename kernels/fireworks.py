"""Fireworks as a closed form of show time: shells that rise, burst into stars, and fade.

A star's way is that of a light body in air (`particles.along_arc`); its trail is the way that it came, cut
into a few straight sparks. A picture that is exposed for longer has longer ones.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from .array_module import array_module, to_numpy
from .counter_random import Purpose, uniform
from .particles import GRAVITY, along_arc, layers, ramp, seconds_since
from .ticks import TICKS_PER_SECOND

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

BURSTS = ("peony", "chrysanthemum", "willow", "ring", "palm")


@dataclass(frozen=True)
class _Kind:
    """What stars of a kind of shell are like: numbers and seconds; `reach` and `width` relative, metres."""

    stars: int
    sparks: int
    trail: float
    life: float
    settle: float
    reach: float
    width: float
    golden: float


#: How stars of each of `BURSTS` are: a peony has points, a chrysanthemum trails, a willow hangs to the end.
_KINDS = (
    _Kind(130, 1, 0.16, 2.1, 0.42, 1.0, 0.32, 0.0),
    _Kind(90, 3, 0.75, 2.6, 0.55, 0.95, 0.20, 0.4),
    _Kind(56, 5, 2.0, 4.6, 0.80, 0.80, 0.16, 0.9),
    _Kind(52, 1, 0.25, 1.9, 0.50, 0.70, 0.32, 0.0),
    _Kind(18, 6, 1.5, 3.0, 0.95, 0.85, 0.34, 0.7),
)
_GOLD = (1.0, 0.50, 0.16)
_WIND = (1.6, 0.9)
_RISING_SPARKS = 3
_RISING_TRAIL = 0.6
_STAR, _RISING, _GLOW = 0, 1, 2
_SMOKE_SECONDS = 3.5
_TAPER, _COOLS = 0.6, 3.0


def rise_seconds(climb: Any) -> Any:
    """Return how long shells rise by so many metres, to the highest point of their way."""
    return np.sqrt(2.0 * np.maximum(climb, 0.0) / GRAVITY)


@dataclass(frozen=True)
class Fireworks:
    """Shells of a cue.

    Attributes
    ----------
    seed : int
    cue : int
        Number of the cue, for what is random.
    burst : ndarray of int64, shape (S,)
        Ticks of show time.
    kind : ndarray of integers, shape (S,)
        Indices into `BURSTS`.
    start, centre : ndarray of float64, shape (S, 3)
        Where each is fired, and where it bursts: straight above or aside, metres.
    radius : ndarray of float64, shape (S,)
        How far a peony's stars would fly, metres.
    colour, core : ndarray of float64, shape (S, 3)
        Scene-linear, 0 to 1: of the stars as they burst, and as they fade.
    """

    seed: int
    cue: int
    burst: NDArray[np.int64]
    kind: NDArray[np.int64]
    start: Floats
    centre: Floats
    radius: Floats
    colour: Floats
    core: Floats

    @property
    def count(self) -> int:
        """Sparks of all shells together."""
        return len(self.sparks.shell)

    @functools.cached_property
    def sparks(self) -> Sparks:
        """What does not change with time."""
        return _sparks(self)

    @property
    def span(self) -> tuple[int, int]:
        """The ticks between which anything shines."""
        rise = _rise(self)
        lives = np.array([max(kind.life + kind.trail, _SMOKE_SECONDS) for kind in _KINDS])
        life, burst = lives[to_numpy(self.kind)], to_numpy(self.burst)
        first = burst - np.ceil(rise * TICKS_PER_SECOND).astype(np.int64)
        last = burst + np.ceil(life * TICKS_PER_SECOND).astype(np.int64)
        return int(first.min()), int(last.max())


@dataclass(frozen=True)
class Sparks:
    """Every spark of a cue's shells, (N,) or (N, 3): its part, shell, and what its star is."""

    part: NDArray[np.int64]
    shell: NDArray[np.int64]
    lag: Floats
    length: Floats
    velocity: Floats
    settle: Floats
    life: Floats
    width: Floats
    phase: Floats
    golden: Floats
    trail: Floats


def _directions(kind: int, number: NDArray[np.int64], chance: Floats) -> Floats:
    """Return where stars of a shell fly: (n, 3) unit vectors times a speed of about 1."""
    count = _KINDS[kind].stars
    name = BURSTS[kind]
    even = (number + 0.5) / count
    turn = 2.0 * np.pi * number * (np.sqrt(5.0) - 1.0) / 2.0
    if name == "ring":
        # One plane for the whole shell.
        tilt, about = 0.25 + 0.9 * chance[0, 0], 2.0 * np.pi * chance[0, 1]
        first = np.array([np.cos(about), np.sin(about), 0.0])
        second = np.array([-first[1] * np.cos(tilt), first[0] * np.cos(tilt), np.sin(tilt)])
        around = 2.0 * np.pi * even[:, None]
        ring: Floats = np.cos(around) * first + np.sin(around) * second
        return ring
    low = 0.15 if name == "palm" else -1.0
    height = low + (0.95 - low) * even if name == "palm" else 1.0 - 2.0 * even
    height = np.clip(height + 0.12 * (chance[:, 0] - 0.5), -1.0, 1.0)
    flat_reach = np.sqrt(1.0 - height**2)
    turn = turn + 0.25 * (chance[:, 1] - 0.5)
    speed = (0.62 + 0.38 * chance[:, 2]) if name == "willow" else 0.93 + 0.12 * chance[:, 2]
    vectors = np.stack([flat_reach * np.cos(turn), flat_reach * np.sin(turn), height], -1)
    result: Floats = vectors * speed[:, None]
    return result


def _sparks(shells: Fireworks) -> Sparks:
    rows: list[list[Floats]] = []
    radius = to_numpy(shells.radius)
    for shell, number in enumerate(to_numpy(shells.kind).tolist()):
        kind = _KINDS[number]
        star = np.repeat(np.arange(kind.stars), kind.sparks)
        piece = np.tile(np.arange(kind.sparks), kind.stars)
        chance = np.stack(
            [
                uniform(shells.seed, Purpose.LIGHT_SHOW, shells.cue * 1000 + shell, star * 8 + item)
                for item in range(4)
            ],
            -1,
        )
        velocity = _directions(number, star, chance) * (radius[shell] * kind.reach / kind.settle)
        spark_count, rising = len(star), np.arange(_RISING_SPARKS)
        more = _RISING_SPARKS + 1
        life = kind.life * (0.85 + 0.15 * chance[:, 3])

        def whole(stars: Any, rest: float, n: int = spark_count, m: int = more) -> Floats:
            return np.concatenate([np.broadcast_to(stars, (n,)).astype(np.float64), np.full(m, rest)])

        part = whole(float(_STAR), float(_RISING))
        part[-1] = _GLOW
        lag = whole(piece / kind.sparks, 0.0)
        lag[spark_count:-1] = rising / _RISING_SPARKS
        length = whole(1.0 / kind.sparks, 1.0 / _RISING_SPARKS)
        rows.append(
            [
                part,
                np.full(spark_count + more, float(shell)),
                lag,
                length,
                np.concatenate([velocity, np.zeros((more, 3))]),
                whole(kind.settle, kind.settle),
                whole(life, kind.life),
                whole(kind.width, 0.18),
                whole(2.0 * np.pi * chance[:, 3], 0.0),
                whole(kind.golden * np.minimum(piece + 0.5, 2.0) / 2.0, 0.0),
                whole(kind.trail, _RISING_TRAIL),
            ]
        )
    part, shell_of, *rest = (np.concatenate(parts) for parts in zip(*rows, strict=True))
    return Sparks(part.astype(np.int64), shell_of.astype(np.int64), *rest)


def firework_states(shells: Fireworks, at: NDArray[np.int64], exposure: NDArray[np.int64]) -> Any:
    """Return all sparks at moments (F,), exposed for (F,), both in ticks: (F, LAYERS, N, 4) float32.

    Layer 1's own number is how soft a spark is: 0 a spark, 1 the glow of smoke. Layer 2's is how bright its
    tail is beside its head.
    """
    xp = array_module(shells.centre)
    sparks = shells.sparks
    shell = sparks.shell
    time = xp.asarray(seconds_since(to_numpy(at)[:, None], to_numpy(shells.burst)[None, shell]))
    open_for = xp.asarray(seconds_since(exposure, 0))[:, None]
    values = {
        name: xp.asarray(getattr(sparks, name))
        for name in ("lag", "length", "settle", "life", "width", "phase", "golden", "trail")
    }
    trail = values["trail"] + open_for
    head = time - values["lag"] * trail
    tail = head - values["length"] * trail
    star, rising, glow = (xp.asarray(sparks.part == part) for part in (_STAR, _RISING, _GLOW))

    rise = xp.asarray(_rise(shells)[shell])
    strength = xp.where(star, _star_light(head, values, trail, time, xp), 0.0)
    strength = xp.where(rising, _rising_light(head, time, rise, values["lag"], xp), strength)
    strength = xp.where(glow, _glow_light(time, xp), strength)
    cooler = xp.where(rising, xp.exp(-_COOLS * values["length"]), 1.0)
    after = xp.where(star, _star_light(tail, values, trail, time, xp), strength * cooler)

    place = _where(shells, values, head, rise, star, rising, xp)
    end = _where(shells, values, xp.maximum(tail, xp.where(rising, -rise, 0.0)), rise, star, rising, xp)
    radius = _of_sparks(shells.radius, shell, xp)
    # A trail is narrower where it is older.
    thin = values["width"] * (1.0 - _TAPER * values["lag"])
    size = xp.where(glow, radius * (1.05 + 0.12 * xp.clip(time, 0.0, 4.0)), thin)
    size = xp.where(strength > 0, size, 0.0)
    colour = _colour(shells, values, head, star, rising, xp) * strength[..., None]
    reach = xp.where(glow[:, None], 0.0, end - place)
    beside = xp.clip(after / xp.maximum(strength, 1e-6), 0.0, 2.0)
    own = xp.where(glow, 1.0, 0.0)
    return layers(place, size, colour, own, reach, xp.where(glow, 1.0, beside), xp)


def _of_sparks(of_shells: Any, shell: NDArray[np.int64], xp: Any) -> Any:
    return xp.asarray(to_numpy(of_shells)[shell])


def _rise(shells: Fireworks) -> Floats:
    """Return how long each shell rises, seconds."""
    seconds: Floats = rise_seconds(to_numpy(shells.centre)[:, 2] - to_numpy(shells.start)[:, 2])
    return seconds


def _where(
    shells: Fireworks, values: dict[str, Any], moment: Any, rise: Any, star: Any, rising: Any, xp: Any
) -> Any:
    """Return places (F, N, 3) at seconds after the burst; before it, of the rising shell."""
    sparks = shells.sparks
    centre, start = (_of_sparks(array, sparks.shell, xp) for array in (shells.centre, shells.start))
    age = xp.clip(moment, 0.0, None)
    settle = values["settle"]
    drift = xp.stack(
        [xp.full(settle.shape, _WIND[0]), xp.full(settle.shape, _WIND[1]), -GRAVITY * settle], -1
    )
    flown = along_arc(
        xp.asarray(sparks.velocity), drift, settle[:, None], xp.where(star, age, 0.0)[..., None], xp
    )
    before = xp.clip(-moment, 0.0, rise)
    aside = (before / xp.maximum(rise, 1e-6))[..., None] * (start - centre)
    aside[..., 2] = -0.5 * GRAVITY * before * before
    smoke = xp.where(star | rising, 0.0, age)[..., None] * xp.asarray([*_WIND, 0.0])
    return centre + xp.where(rising[:, None], aside, flown + smoke)


def _star_light(age: Any, values: dict[str, Any], trail: Any, time: Any, xp: Any) -> Any:
    """Return how bright what a star left at an age is now: it burns, twinkles, goes out; its trail cools."""
    life = values["life"]
    share = age / life
    burning = ramp(age, 0.0, 0.03, xp) * (1.0 - ramp(share, 0.55, 1.0, xp))
    flash = 1.0 + 1.6 * xp.exp(-xp.maximum(age, 0.0) / 0.15)
    twinkle = 1.0 - 0.45 * ramp(share, 0.4, 0.8, xp) * (0.5 + 0.5 * xp.sin(23.0 * age + values["phase"]))
    cooled = (time - age) / trail
    lit = burning * flash * twinkle * xp.exp(-2.2 * cooled)
    return xp.where(lit > 2e-3, lit, 0.0)


def _rising_light(head: Any, time: Any, rise: Any, lag: Any, xp: Any) -> Any:
    inside = (head >= -rise) & (time <= 0.0)
    left = xp.clip(-time / xp.maximum(rise, 1e-6), 0.0, 1.0)
    return xp.where(inside, 0.3 * (0.35 + 0.65 * left) * xp.exp(-_COOLS * lag), 0.0)


def _glow_light(time: Any, xp: Any) -> Any:
    """Return how bright the smoke about a burst is: it takes the flash, then the stars' light."""
    age = xp.maximum(time, 0.0)
    lit = 0.022 * xp.exp(-age / 0.25) + 0.007 * (1.0 - ramp(age, 0.5, _SMOKE_SECONDS, xp))
    return xp.where((time >= 0.0) & (time < _SMOKE_SECONDS), lit, 0.0)


def _colour(shells: Fireworks, values: dict[str, Any], head: Any, star: Any, rising: Any, xp: Any) -> Any:
    shell = shells.sparks.shell
    first, last = (_of_sparks(array, shell, xp) for array in (shells.colour, shells.core))
    change = ramp(head / values["life"], 0.35, 0.6, xp)[..., None]
    mixed = first + change * (last - first)
    gold = xp.asarray(_GOLD)
    golden = xp.where(star, values["golden"], xp.where(rising, 1.0, 0.0))[:, None]
    return mixed + golden * (gold - mixed)
