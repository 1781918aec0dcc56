"""Keys of an animation: named moments at which channels have values, and what lies between them.

A channel is one number that changes over the phase of a clip: an angle in degrees, as animators write them,
or a length in metres. Between its keys it follows a cubic that keeps to the range of its neighbours, so a
channel that is held stands still and none swings beyond what was keyed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from .rig import SIDES, Floats

_TRUNK_CHANNELS = frozenset(
    {"x", "y", "z", "pitch", "roll", "yaw", "bend", "side", "twist", "nod", "look", "tilt"}
    | {"turn", "turn_x", "turn_y"}
)
_ACROSS = frozenset({"y", "roll", "yaw", "side", "twist", "look", "tilt", "turn", "turn_y"})
_LIMB_CHANNELS = frozenset(
    {"foot_x", "foot_out", "foot_z", "foot_pitch", "foot_yaw", "knee_out"}
    | {"free", "hip", "hip_out", "hip_turn", "knee", "point", "toes"}
    | {"arm", "arm_out", "arm_turn", "elbow", "palm", "wrist"}
    | {"hand", "hand_x", "hand_y", "hand_z", "hand_yaw", "elbow_out"}
)


@dataclass(frozen=True)
class Key:
    """One moment.

    Attributes
    ----------
    phase
        0 to 1.
    name
        What happens there: ``anticipation``, ``contact``, ``landing`` ...
    values
        The channels keyed there, by name; `posture.solve` says what each does.
    slopes
        Change of a channel per unit of phase there, where it is not left to the neighbours.
    neutral
        Whether all channels of the track that are not given are 0 there, and all at rest.
    """

    phase: float
    name: str
    values: Mapping[str, float]
    slopes: Mapping[str, float] = field(default_factory=dict)
    neutral: bool = False


def key(phase: float, name: str, /, **values: float) -> Key:
    """Return a key of some channels; a limb's channel without a side stands for both sides."""
    return Key(phase, name, _both_sides(values))


def neutral(phase: float, name: str = "stand", /, **values: float) -> Key:
    """Return a key at which all channels but those given are 0: the neutral stand."""
    return Key(phase, name, _both_sides(values), neutral=True)


def fast(moment: Key, /, **slopes: float) -> Key:
    """Return a key through which channels go at given speeds per unit of phase, as at a take-off."""
    return Key(moment.phase, moment.name, moment.values, _both_sides(slopes), moment.neutral)


def mirrored_key(moment: Key, later: float) -> Key:
    """Return a key as seen in a mirror, later by a phase: sides change places, lefts are rights."""

    def swapped(values: Mapping[str, float]) -> dict[str, float]:
        other = {f"{side}_": f"{SIDES[number - 1]}_" for number, side in enumerate(SIDES)}
        turned: dict[str, float] = {}
        for name, value in values.items():
            side, rest = name[: name.find("_") + 1], name[name.find("_") + 1 :]
            across = name in _ACROSS or rest in {"hand_y", "hand_yaw"}
            turned[other.get(side, side) + rest] = -value if across else value
        return turned

    return Key(
        moment.phase + later, moment.name, swapped(moment.values), swapped(moment.slopes), moment.neutral
    )


class Track:
    """What channels do over a cycle.

    Parameters
    ----------
    keys
        In the order of their phases, from 0 to 1.
    closed
        Whether the cycle runs on into itself; else it begins and ends at rest.
    """

    def __init__(self, keys: Sequence[Key], closed: bool = False) -> None:
        channels = sorted({name for moment in keys for name in moment.values})
        self._closed = closed
        self._curves = {name: _curve(name, keys, closed) for name in channels}

    def at(self, phase: float) -> dict[str, float]:
        """Return every channel's value at a phase from 0 to 1."""
        return {
            name: curve.at(phase + 1.0 if self._closed and phase < curve.knots[0] else phase)
            for name, curve in self._curves.items()
        }


@dataclass(frozen=True, eq=False)
class Curve:
    """A cubic from knot to knot (Hermite): where, how high, how steep."""

    knots: Floats
    values: Floats
    slopes: Floats

    def at(self, place: float) -> float:
        """Return the value at a place; before the first knot and after the last it is theirs."""
        if place <= self.knots[0]:
            return float(self.values[0])
        if place >= self.knots[-1]:
            return float(self.values[-1])
        after = int(np.searchsorted(self.knots, place, side="right"))
        before = after - 1
        width = self.knots[after] - self.knots[before]
        part = (place - self.knots[before]) / width
        square, cube = part * part, part * part * part
        return float(
            (2.0 * cube - 3.0 * square + 1.0) * self.values[before]
            + (cube - 2.0 * square + part) * width * self.slopes[before]
            + (3.0 * square - 2.0 * cube) * self.values[after]
            + (cube - square) * width * self.slopes[after]
        )


def smooth_curve(knots: Sequence[float], values: Sequence[float], closed: bool = False) -> Curve:
    """Return a curve through points that never leaves the range of two neighbours.

    Slopes are those of Fritsch and Butland (1984, "A method for constructing local monotone piecewise cubic
    interpolants"): the weighted harmonic mean of both sides' slopes, 0 at a summit. It begins and ends level;
    a closed one, whose last value is its first, goes on into itself instead.
    """
    places, heights = np.asarray(knots, dtype=np.float64), np.asarray(values, dtype=np.float64)
    widths = np.diff(places)
    steep = np.diff(heights) / widths
    if closed:
        widths, steep = (np.concatenate([row[-1:], row, row[:1]]) for row in (widths, steep))
    slopes = np.zeros(len(steep) - 1)
    rising = steep[:-1] * steep[1:] > 0.0
    left, right = 2.0 * widths[1:] + widths[:-1], widths[1:] + 2.0 * widths[:-1]
    slopes[rising] = (left + right)[rising] / (
        left[rising] / steep[:-1][rising] + right[rising] / steep[1:][rising]
    )
    if not closed:
        slopes = np.concatenate([[0.0], slopes, [0.0]])
    return Curve(places, heights, slopes)


def _curve(name: str, keys: Sequence[Key], closed: bool) -> Curve:
    keyed = [moment for moment in keys if name in moment.values or moment.neutral]
    places = [moment.phase for moment in keyed]
    values = [moment.values.get(name, 0.0) for moment in keyed]
    given = [moment.slopes.get(name, 0.0 if moment.neutral else None) for moment in keyed]
    if closed and places[-1] < 1.0:
        places, values, given = [*places, places[0] + 1.0], [*values, values[0]], [*given, given[0]]
    if len(places) == 1:
        places, values, given = [0.0, 1.0], values * 2, [None, None]
    curve = smooth_curve(places, values, closed)
    slopes = [slope if fixed is None else fixed for slope, fixed in zip(curve.slopes, given, strict=True)]
    return Curve(curve.knots, curve.values, np.array(slopes))


def _both_sides(values: Mapping[str, float]) -> dict[str, float]:
    spread: dict[str, float] = {}
    for name, value in values.items():
        side, _, rest = name.partition("_")
        if name in _LIMB_CHANNELS:
            spread |= {f"{each}_{name}": value for each in SIDES if f"{each}_{name}" not in values}
        elif name in _TRUNK_CHANNELS or (side in SIDES and rest in _LIMB_CHANNELS):
            spread[name] = value
        else:
            raise ValueError(f"{name} is no channel")
    return spread
