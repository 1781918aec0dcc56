"""What spectators do, as poses of the gymnasts' skeleton: sit or stand, look about, clap, wave and cheer.

An act is a loop of phases. At phase 0 everyone is in the pose that all acts share, so that one act can follow
another; in between each person moves at a time of their own, by little from one phase to the next.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import cache

import numpy as np
from numpy.typing import NDArray

from ...kernels.counter_random import Purpose, uniform
from ..gymnasts.posture import solve
from ..gymnasts.rig import pose_transforms

Floats = NDArray[np.float64]


class Act(IntEnum):
    """What a tile of people does in one loop."""

    QUIET = 0
    LIVELY = 1
    CHEER = 2


CHARACTERS = 10
"""Ways to move that differ from person to person."""
FLAG_BEARER = CHARACTERS
"""One more, who keeps the right hand with a flag up, and waves it."""
SCARF_BEARER = CHARACTERS + 1
"""One more, who holds a scarf up in both hands now and then."""

_BOTH = ("left", "right")


def _both(**values: float) -> dict[str, float]:
    return {f"{side}_{name}": value for side in _BOTH for name, value in values.items()}


_SEATED = {"x": -0.09, "z": -0.40, "pitch": -9.0, "bend": 16.0, "nod": -4.0} | _both(
    foot_x=0.26, knee_out=8.0
)
_STANDING = {"x": 0.21} | _both(foot_x=0.21, foot_out=0.02, arm=4.0, elbow=12.0)
#: Arms of those who sit: hands in the lap, on the knees, crossed, on one knee and at the chin, on the bench.
_SITTING: tuple[dict[str, float], ...] = (
    _both(arm=26.0, elbow=62.0, arm_out=4.0, arm_turn=-34.0, palm=-30.0),
    _both(arm=31.0, elbow=38.0, arm_out=4.0, palm=-40.0) | {"bend": 26.0},
    _both(arm=34.0, elbow=98.0, arm_turn=-62.0, arm_out=2.0),
    _both(arm=52.0, elbow=66.0, arm_turn=-14.0) | {"bend": 40.0, "nod": -26.0, "pitch": -2.0},
    _both(arm=-12.0, arm_out=16.0, elbow=16.0) | {"pitch": -16.0, "bend": 14.0},
)
_RESTING: tuple[dict[str, float], ...] = (
    {},
    _both(arm=30.0, elbow=100.0, arm_turn=-60.0),
    _both(arm_out=22.0, elbow=70.0, arm=-14.0, arm_turn=-30.0),
    {"right_arm": 24.0, "right_elbow": 92.0, "right_arm_turn": -20.0},
    _both(arm=-8.0, elbow=30.0, arm_turn=-40.0),
)
_CLAP = (
    _both(arm=48.0, elbow=84.0, arm_turn=-30.0, arm_out=2.0, palm=-20.0),
    _both(arm=50.0, elbow=78.0, arm_turn=-8.0, arm_out=16.0, palm=-20.0),
)
_WAVE = (
    {"right_arm": 10.0, "right_arm_out": 150.0, "right_elbow": 26.0, "right_palm": 40.0},
    {"right_arm": 14.0, "right_arm_out": 172.0, "right_elbow": 10.0, "right_palm": 40.0},
)
_ARMS_UP = (
    _both(arm=16.0, arm_out=150.0, elbow=18.0, palm=30.0) | {"nod": -12.0},
    _both(arm=30.0, arm_out=165.0, elbow=6.0, palm=30.0) | {"nod": -8.0},
)
_FLAG = (
    {"right_arm": 30.0, "right_arm_out": 120.0, "right_elbow": 40.0},
    {"right_arm": 16.0, "right_arm_out": 150.0, "right_elbow": 20.0},
)
_SCARF = (
    _both(arm=20.0, arm_out=138.0, elbow=34.0),
    _both(arm=24.0, arm_out=142.0, elbow=28.0),
)

#: Degrees by which the posture differs from person to person, and by which each one's wanders.
_POSTURE = {"look": 24.0, "bend": 7.0, "side": 4.0, "yaw": 7.0, "nod": 6.0}
_SHIFTS = {"look": 26.0, "side": 5.0, "bend": 6.0, "twist": 8.0, "nod": 5.0, "tilt": 5.0}


@dataclass(frozen=True)
class Motion:
    """How someone is: seated or standing, which of the characters, and the act."""

    standing: bool
    character: int
    act: Act


def _mixed(first: Mapping[str, float], second: Mapping[str, float], share: float) -> dict[str, float]:
    """Return channels between two poses."""
    return {
        name: (1 - share) * first.get(name, 0.0) + share * second.get(name, 0.0) for name in {*first, *second}
    }


def _chance(character: int, *numbers: int) -> float:
    key = character
    for number in numbers:
        key = key * 31 + number + 1
    return float(uniform(0, Purpose.SPECTATOR, 7, key))


def _rest(standing: bool, character: int) -> dict[str, float]:
    base, arms = (_STANDING, _RESTING) if standing else (_SEATED, _SITTING)
    values = {**base, **arms[character % len(arms)]}
    if character == FLAG_BEARER:
        values |= {"right_arm": 40.0, "right_elbow": 84.0, "right_arm_turn": 0.0}
    for number, (name, reach) in enumerate(_POSTURE.items(), 20):
        values[name] = values.get(name, 0.0) + reach * (2 * _chance(character, number) - 1)
    values["left_foot_x"] = values.get("left_foot_x", 0.0) + 0.07 * (_chance(character, 1) - 0.5)
    values["left_foot_out"] = values.get("left_foot_out", 0.0) + 0.04 * _chance(character, 2)
    values["right_foot_out"] = values.get("right_foot_out", 0.0) + 0.04 * _chance(character, 3)
    return values


def _bump(phase: float, start: float, end: float) -> float:
    """Return 0 outside of a part of the loop and 1 in its middle, with soft flanks."""
    if not start < phase < end:
        return 0.0
    return float(np.clip(2.6 * np.sin(np.pi * (phase - start) / (end - start)), 0.0, 1.0))


def channels(motion: Motion, phase: float, beat: int) -> dict[str, float]:
    """Return the channels of `gymnasts.posture.solve` of someone at a phase of their act.

    Parameters
    ----------
    motion : Motion
    phase : float
        0 to 1.
    beat : int
        Which of the two poses of what goes to and fro: hands that clap or wave.
    """
    who, act = motion.character, motion.act
    values = _rest(motion.standing, who)
    # They look about and shift in their seats: soft waves that are 0 where the loop begins.
    for number, (name, reach) in enumerate(_SHIFTS.items()):
        size, times = 2 * _chance(who, 10, number) - 1, 1 + int(2 * _chance(who, 11, number))
        values[name] = values.get(name, 0.0) + reach * size * float(np.sin(2 * np.pi * times * phase))
    if act == Act.QUIET:
        return values
    start = 0.02 + 0.22 * _chance(who, 12, act)
    end = 0.98 - 0.22 * _chance(who, 13, act)
    share = _bump(phase, start, end)
    if act == Act.CHEER:
        stood = _STANDING | {name: 0.6 * values.get(name, 0.0) for name in ("look", "side", "twist")}
        values = _mixed(values, stood, share)
    done = _done(motion)
    if done is None:
        return values
    arms = done[(beat + who) % 2]
    return values | _mixed({name: values.get(name, 0.0) for name in arms}, arms, share)


def _done(motion: Motion) -> tuple[dict[str, float], dict[str, float]] | None:
    """Return the two poses of the arms that someone's act swings between; None for one who only looks on."""
    if motion.character == FLAG_BEARER:
        return _FLAG
    if motion.character == SCARF_BEARER:
        return _SCARF
    kind = motion.character % 5
    if motion.act == Act.CHEER:
        return (_ARMS_UP, _CLAP, _ARMS_UP, _WAVE, _ARMS_UP)[kind]
    return (_CLAP, _WAVE, None, _ARMS_UP, _CLAP)[kind]


@cache
def transforms(motion: Motion, phases: int) -> Floats:
    """Return what moves the skeleton's points at all phases of an act.

    Returns
    -------
    (phases, J, 4, 4) float64
        See `gymnasts.rig.pose_transforms`; the same array for the same motion, not to be changed.
    """
    moved = np.stack(
        [pose_transforms(solve(channels(motion, phase / phases, phase))) for phase in range(phases)]
    )
    moved.flags.writeable = False
    return moved
