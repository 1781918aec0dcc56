"""Keys of march and run: on the spot, under way, off from a stand and back into one.

While the body moves steadily by two steps a cycle, planted feet must stay where they are in the world: they
are keyed there, and moved back by what the body has moved. The left foot stands under the body at phase 0,
the right one at 0.5, half a cycle and a step further on.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from .inverse_kinematics import reach_limit
from .keys import Key, Track, key, mirrored_key, neutral
from .posture import foot_frame, solve
from .rig import JOINT, REST, SIDES, Pose

Channels = dict[str, float]


@dataclass(frozen=True, eq=False)
class Gait:
    """How steps of one length go; phases are those of the left foot, which stands under the body at 0.

    Attributes
    ----------
    step
        Metres.
    contact, lift_off
        Phases between which the left foot stands: before 0, after 0.
    foot
        The left foot over a cycle from its contact on, ``foot_x`` in the world from where it stands.
    arm
        The left arm over the cycle.
    sway
        Degrees and metres by which trunk channels swing, and the phase of the left summit.
    still
        Channels that stay as they are.
    low, bounce
        Metres: where the pelvis is at its lowest, from where it rests, and how much it rises from there.
    dip
        A phase at which it is lowest; it is so twice a cycle.
    lift
        Metres by which the foot is raised in the first and the last step.
    """

    step: float
    contact: float
    lift_off: float
    foot: Track
    arm: Track
    sway: Mapping[str, tuple[float, float]]
    still: Mapping[str, float]
    low: float
    bounce: float
    dip: float
    lift: float

    def left_foot(self, phase: float) -> Channels:
        """Return the left foot's channels, its place measured from the body."""
        since = (phase - self.contact) % 1.0
        values = self.foot.at(since)
        values["left_foot_x"] -= 2.0 * self.step * (since + self.contact)
        return values

    def channels(self, phase: float) -> Channels:
        """Return all channels of the walk under way."""
        values = dict(self.still) | {"z": self.low + self.bounce * (1.0 - _wave(phase - self.dip))}
        for name, (swing, summit) in self.sway.items():
            values[name] = swing * float(np.cos(2.0 * np.pi * (phase - summit)))
        for side, ahead in zip(SIDES, (0.0, 0.5), strict=True):
            limbs = self.left_foot(phase + ahead) | self.arm.at((phase + ahead) % 1.0)
            values |= {name.replace("left", side): value for name, value in limbs.items()}
        return values


def march(phase: float, _body: float) -> Pose:
    """Mark time: thighs level, feet pointed, arms straight."""
    return solve(_MARCH.at(phase))


def run(phase: float, _body: float) -> Pose:
    """Run on the spot."""
    return solve(_RUN.at(phase))


def walk(name: str, step: float, ends: bool, phase: float) -> Pose:
    """Return the pose of ``march`` or ``run`` with steps of a length, metres, at a phase from 0 to 1.

    With `ends` the first half begins in the neutral stand, and the second half ends in it.
    """
    gait = (march_gait if name == "march" else run_gait)(step)
    values = gait.channels(phase)
    return solve(_ended(gait, phase, values) if ends else values)


def _ended(gait: Gait, phase: float, loop: Mapping[str, float]) -> Channels:
    """Return the channels of a walk that begins at phase 0 and ends at phase 1, from one under way."""
    # The trunk and the arms have joined the walk when the first step is done, and leave it as early.
    done = 0.5 + gait.contact
    share = _gently((phase if phase < 0.5 else 1.0 - phase) / done)
    values = {name: value if "foot" in name else share * value for name, value in loop.items()}
    # The pelvis must be low while one foot is about to leave and the other comes down.
    step, last = gait.step, 0.5 + gait.lift_off
    first, rising = min(gait.lift_off, done), max(last, 1.0 + gait.contact)
    low = phase / first if phase < 0.5 else (1.0 - phase) / (1.0 - rising)
    values["z"] = loop["z"] * _gently(low)
    if phase < done:
        foot = _first_step(gait).at(phase / done)
    elif phase > last:
        foot = _last_step(gait).at((phase - last) / (1.0 - last))
    else:
        return values
    foot["right_foot_x"] -= 2.0 * step * phase
    return values | foot


@functools.cache
def _first_step(gait: Gait) -> Track:
    """Return the right foot's way from the stand to its first contact."""
    step, heel = gait.step, gait.foot.at(0.0)["left_foot_pitch"]
    return Track(
        [
            key(0.0, "stand", right_foot_x=0.0, right_foot_z=0.0, right_foot_pitch=0.0),
            key(0.20, "lift-off", right_foot_x=0.02 * step, right_foot_z=0.01, right_foot_pitch=32.0),
            key(0.52, "passing", right_foot_x=0.50 * step, right_foot_z=gait.lift, right_foot_pitch=40.0),
            key(0.82, "reach", right_foot_x=0.93 * step, right_foot_z=0.5 * gait.lift, right_foot_pitch=14.0),
            key(1.0, "contact", right_foot_x=step, right_foot_z=0.0, right_foot_pitch=heel),
        ]
    )


@functools.cache
def _last_step(gait: Gait) -> Track:
    """Return the right foot's way from its last lift-off to the stand."""
    step, toes = gait.step, gait.foot.at(gait.lift_off - gait.contact)["left_foot_pitch"]
    return Track(
        [
            key(0.0, "lift-off", right_foot_x=step, right_foot_z=0.0, right_foot_pitch=toes),
            key(0.18, "rise", right_foot_x=1.12 * step, right_foot_z=0.5 * gait.lift, right_foot_pitch=toes),
            key(0.48, "passing", right_foot_x=1.62 * step, right_foot_z=gait.lift, right_foot_pitch=40.0),
            key(0.82, "close", right_foot_x=1.97 * step, right_foot_z=0.4 * gait.lift, right_foot_pitch=20.0),
            key(1.0, "stand", right_foot_x=2.0 * step, right_foot_z=0.0, right_foot_pitch=0.0),
        ]
    )


def _foot(step: float, contact: float, lift_off: float, keys: Mapping[str, tuple[float, ...]]) -> Track:
    """Return a foot's cycle from contact to contact, from its swing.

    Of each key of the swing: its phase from lift-off to contact, how much of two steps the foot has done, its
    height and its pitch. The first is lift-off, the last contact.
    """
    stance = lift_off - contact
    swing = [
        key(stance + part * (1.0 - stance), name, left_foot_x=2.0 * step * way, left_foot_z=height,
            left_foot_pitch=pitch)
        for name, (part, way, height, pitch) in keys.items()
    ]  # fmt: skip
    heel = swing[-1].values["left_foot_pitch"]
    stand = [
        key(0.0, "contact", left_foot_x=0.0, left_foot_z=0.0, left_foot_pitch=heel),
        key(0.16 * stance, "flat", left_foot_pitch=0.0),
        key(min(-contact / stance + 0.08, 0.6) * stance, "heel lifts", left_foot_pitch=0.0),
    ]
    return Track([*stand, *swing])


@functools.cache
def march_gait(step: float) -> Gait:
    """Return how people march with steps of a length, metres: feet pointed, arms straight."""
    length = step / 0.95
    contact, lift_off = -0.22, 0.33
    toes, heel = 16.0 + 42.0 * length, -14.0 * length**2
    foot = _foot(
        step,
        contact,
        lift_off,
        {
            "lift-off": (0.0, 0.0, 0.0, toes),
            "rise": (0.22, 0.13, 0.075, toes + 10.0),
            "passing": (0.50, 0.53, 0.16, 44.0),
            "reach": (0.80, 0.90, 0.085, 16.0),
            "contact": (1.0, 1.0, 0.0, heel),
        },
    )
    front, back = 30.0 + 28.0 * length, -16.0 - 16.0 * length
    arm = Track(
        [
            key(0.25, "front", left_arm=front, left_elbow=12.0),
            key(0.31, "front", left_arm=front, left_elbow=12.0),
            key(0.53, "passing", left_arm=5.0, left_elbow=3.0),
            key(0.75, "back", left_arm=back, left_elbow=3.0),
            key(0.81, "back", left_arm=back, left_elbow=3.0),
        ],
        closed=True,
    )
    sway = {
        "yaw": (-8.0 * length, -0.22),
        "twist": (11.0 * length, -0.22),
        "roll": (-2.0, 0.06),
        "side": (2.0, 0.06),
        "y": (0.012, 0.06),
    }
    dip, bounce = 0.5 * (0.5 + contact + lift_off), 0.075 * length**1.6
    low = _lowest(foot, step, (contact, lift_off), bounce, dip, 0.006)
    still = {"bend": -3.0, "pitch": 1.5, "nod": -2.0}
    return Gait(step, contact, lift_off, foot, arm, sway, still, low, bounce, dip, 0.13)


@functools.cache
def run_gait(step: float) -> Gait:
    """Return how people run with steps of a length, metres; both feet are in the air between two steps."""
    speed = (step - 1.1) / 0.8
    contact, lift_off = -0.27 / (2.0 * step), 0.52 / (2.0 * step)
    kick = 0.32 + 0.16 * speed

    def ahead(part: float, metres: float) -> float:
        """Return how much of two steps a foot has done that is so far ahead of the body in the swing."""
        return lift_off + part * (1.0 + contact - lift_off) + metres / (2.0 * step)

    foot = _foot(
        step,
        contact,
        lift_off,
        {
            "lift-off": (0.0, 0.0, 0.0, 62.0),
            "kick": (0.27, ahead(0.27, -0.40 - 0.06 * speed), kick, 104.0),
            "passing": (0.52, ahead(0.52, 0.02), kick - 0.03, 72.0),
            "knee up": (0.75, ahead(0.75, 0.36), 0.24, 18.0),
            "reach": (0.90, ahead(0.90, 0.37), 0.075, 2.0),
            "contact": (1.0, 1.0, 0.0, 4.0),
        },
    )
    middle = 0.5 * (contact + lift_off)
    summit = 0.5 + contact
    arm = Track(
        [
            key(
                (summit + 0.0) % 1.0,
                "front",
                left_arm=32.0 + 10.0 * speed,
                left_elbow=104.0,
                left_arm_turn=24.0,
            ),
            key(
                (summit + 0.5) % 1.0,
                "back",
                left_arm=-48.0 - 10.0 * speed,
                left_elbow=82.0,
                left_arm_turn=4.0,
            ),
        ],
        closed=True,
    )
    sway = {"yaw": (-9.0, contact), "twist": (16.0, contact), "roll": (-2.0, middle), "y": (0.008, middle)}
    bounce = 0.055 + 0.015 * speed
    low = _lowest(foot, step, (contact, lift_off), bounce, middle, 0.02)
    still = {"bend": 3.0, "pitch": 7.0 + 4.0 * speed, "nod": -7.0, "arm_out": 6.0}
    return Gait(step, contact, lift_off, foot, arm, sway, still, low, bounce, middle, 0.24)


def _lowest(
    foot: Track, step: float, stance: tuple[float, float], bounce: float, dip: float, spare: float
) -> float:
    """Return where the pelvis is at its lowest, if it bounces so much, for standing feet to be in reach."""
    limb = ("left_hip", "left_knee", "left_ankle")
    low = -spare - bounce
    for phase in np.linspace(*stance, 16).tolist():
        values = foot.at(phase - stance[0])
        values["left_foot_x"] -= 2.0 * step * phase
        away = foot_frame(values, "left")[1] - REST[JOINT["left_hip"]]
        across = float(np.hypot(away[0], away[1]))
        room = float(np.sqrt((reach_limit(limb) - spare) ** 2 - across**2)) + float(away[2])
        low = min(low, room - bounce * (1.0 - _wave(phase - dip)))
    return low


def _gently(part: float) -> float:
    """Return 0 up to 0, 1 from 1 on, and between them 3t² - 2t³."""
    kept = min(max(part, 0.0), 1.0)
    return kept * kept * (3.0 - 2.0 * kept)


def _wave(phase: float) -> float:
    """Return 1 at phases 0 and 0.5, and 0 between."""
    return 0.5 + 0.5 * float(np.cos(4.0 * np.pi * phase))


def _marked(name: str, keys: Sequence[Key]) -> Track:
    """Return a cycle on the spot from its first half, in which the left leg works, and that in a mirror."""
    second = [mirrored_key(moment, 0.5) for moment in keys]
    return Track([neutral(0.0), *keys, neutral(0.5, f"{name}: both feet down"), *second, neutral(1.0)])


_MARCH = _marked(
    "march",
    [
        key(0.10, "left foot rises", left_foot_x=0.03, left_foot_z=0.15, left_foot_pitch=40, y=-0.02,
            roll=-2),
        key(0.21, "left knee high", left_foot_x=0.32, left_foot_z=0.345, left_foot_pitch=60, right_arm=58,
            left_arm=-34, bend=-4),
        key(0.29, "left knee high", left_foot_x=0.32, left_foot_z=0.345, left_foot_pitch=60, right_arm=58,
            left_arm=-34, bend=-4),
        key(0.40, "left foot falls", left_foot_x=0.06, left_foot_z=0.14, left_foot_pitch=26, y=-0.02,
            roll=-2),
    ],
)  # fmt: skip

_RUN = _marked(
    "run",
    [
        key(0.10, "left foot rises", left_foot_x=-0.03, left_foot_z=0.09, left_foot_pitch=44, right_elbow=50),
        key(0.25, "left knee up", left_foot_x=0.03, left_foot_z=0.26, left_foot_pitch=68, right_arm=34,
            left_arm=-36, right_elbow=92, left_elbow=64, bend=2, pitch=4, z=-0.02, y=-0.014),
        key(0.40, "left foot falls", left_foot_x=0.02, left_foot_z=0.08, left_foot_pitch=24, right_elbow=50),
    ],
)  # fmt: skip
