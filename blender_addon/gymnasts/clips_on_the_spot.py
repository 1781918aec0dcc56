"""Keys of moves on the spot: stand, bow, wave, torso wave, lift, kneel, sit, climb, hold."""

from __future__ import annotations

from ...kernels.route import CLIMB_CYCLE
from .keys import Track, key, neutral
from .posture import solve
from .rig import Pose

# fmt: off
_STAND = Track([
    neutral(0.0),
    key(0.3, "breathed in", bend=-2.5, nod=1.5, arm_out=1.5, elbow=3.0),
    key(0.62, "breathed out", bend=0.6, nod=-0.5, arm_out=-0.5, elbow=1.0),
    neutral(1.0),
])

_BOW = Track([
    neutral(0.0),
    key(0.14, "arms open", arm=8, arm_out=95, bend=-7, nod=-9, pitch=0, x=0, palm=0),
    key(0.40, "down", arm=-38, arm_out=42, bend=38, nod=22, pitch=52, x=-0.13, palm=30),
    key(0.56, "held", arm=-38, arm_out=42, bend=38, nod=22, pitch=52, x=-0.13, palm=30),
    key(0.82, "up", arm=4, arm_out=80, bend=-6, nod=-8, pitch=0, x=0, palm=0),
    neutral(1.0),
])

_WAVE = Track([
    neutral(0.0),
    key(0.10, "anticipation", z=-0.025, x=-0.01, arm_out=14, bend=5, nod=6),
    key(0.27, "arms high", z=0, x=0, arm_out=164, bend=-5, nod=-8, side=0, roll=0, y=0, tilt=0),
    key(0.42, "to the left", side=27, roll=6, y=-0.035, tilt=9, left_arm_out=150, right_arm_out=176),
    key(0.66, "to the right", side=-27, roll=-6, y=0.035, tilt=-9, left_arm_out=176, right_arm_out=150),
    key(0.80, "middle", side=0, roll=0, y=0, tilt=0, arm_out=160, bend=-5, nod=-8),
    neutral(1.0),
])

_TORSO_WAVE = Track([
    neutral(0.0),
    key(0.17, "reach", arm=172, bend=-6, nod=-8, foot_pitch=22, z=0.030, x=0.045, pitch=0, elbow=0),
    key(0.34, "fold", arm=62, bend=52, nod=34, foot_pitch=0, z=-0.16, x=-0.06, pitch=24, elbow=12),
    key(0.47, "hips forward", arm=10, bend=40, nod=26, foot_pitch=0, z=-0.13, x=0.09, pitch=-22, elbow=8),
    key(0.60, "chest forward", arm=-28, bend=-22, nod=4, foot_pitch=12, z=-0.05, x=0.11, pitch=-6),
    key(0.74, "head back", arm=150, bend=-26, nod=-30, foot_pitch=28, z=0.040, x=0.08, pitch=3, elbow=0),
    key(0.86, "tall", arm=150, arm_out=18, bend=-4, nod=-3, foot_pitch=8, z=0.010, x=0.02, pitch=0),
    neutral(1.0),
])

_LIFT = Track([
    neutral(0.0),
    key(0.15, "stoop", z=-0.42, x=-0.14, pitch=42, bend=14, nod=-26, arm=64, elbow=8, palm=0),
    key(0.21, "grip", z=-0.43, x=-0.14, pitch=42, bend=14, nod=-20, arm=62, elbow=10),
    key(0.36, "to the chest", z=-0.02, x=0, pitch=-2, bend=-6, nod=-6, arm=42, elbow=132, palm=40),
    key(0.43, "dip", z=-0.10, x=-0.01, pitch=2, bend=-5, nod=-10, arm=48, elbow=130),
    key(0.53, "overhead", z=-0.004, x=0, pitch=0, bend=-6, nod=-18, arm=174, elbow=2, palm=0),
    key(0.68, "held", z=-0.004, x=0, pitch=0, bend=-6, nod=-18, arm=174, elbow=2, palm=0),
    key(0.78, "to the chest", z=-0.06, x=0, pitch=0, bend=-4, nod=-4, arm=46, elbow=130, palm=40),
    key(0.89, "set down", z=-0.38, x=-0.13, pitch=38, bend=12, nod=-10, arm=60, elbow=12, palm=0),
    neutral(1.0),
])

# Held clips: what is keyed here is the way there, in full at 1.
_KNEEL = Track([
    neutral(0.0),
    key(0.12, "weight on the left", y=0.05, z=-0.03, right_foot_pitch=25, bend=3, nod=6),
    key(0.30, "step back", right_foot_x=-0.45, right_foot_z=0.07, right_foot_pitch=45, y=0.03),
    key(0.46, "contact", right_foot_x=-0.75, right_foot_z=0, right_foot_pitch=58, z=-0.17, x=-0.14),
    key(0.62, "arms rise", arm_out=24, nod=2),
    key(0.80, "knee down", right_foot_x=-0.75, right_foot_pitch=72, z=-0.395, x=-0.24, y=0, bend=4),
    key(0.82, "arms rise", arm_out=96, pitch=3),
    key(1.0, "held", right_foot_x=-0.75, right_foot_pitch=72, z=-0.397, x=-0.24, y=0, pitch=0, bend=-5,
        nod=-10, arm_out=150),
])

_SIT = Track([
    neutral(0.0),
    key(0.30, "bend", z=-0.30, x=-0.12, pitch=28, bend=22, arm=70, nod=-6),
    key(0.52, "squat", z=-0.60, x=-0.25, pitch=16, bend=42, arm=80, foot_x=0, foot_pitch=4, nod=0),
    key(0.70, "seated", z=-0.795, x=-0.42, pitch=-14, bend=30, arm=72, arm_out=12, foot_x=0, foot_z=0),
    key(0.84, "legs slide out", foot_x=0.30, foot_z=0.035, foot_pitch=-8, pitch=-4, bend=12, arm=46,
        arm_out=64),
    key(1.0, "held", z=-0.80, x=-0.42, foot_x=0.432, foot_z=0, foot_pitch=-24, pitch=-2, bend=0, nod=-8,
        arm=0, arm_out=140),
])

_HOLD = Track([
    neutral(0.0),
    key(0.35, "breath", bend=2, nod=4, arm_out=6, z=-0.01),
    key(1.0, "held", bend=-6, nod=-8, arm_out=88, z=-0.004),
])

# Feet are keyed in space, while the figure that is drawn rises steadily.
_RUNG = CLIMB_CYCLE / 2.0
_CLIMB = Track([
    neutral(0.0),
    key(0.07, "weight on the right", y=-0.03, z=-0.03, left_foot_z=0.03, left_foot_pitch=20),
    key(0.13, "right hand reaches", right_arm=150, right_elbow=10, left_arm=24, left_elbow=30, nod=-22,
        bend=4),
    key(0.16, "left foot lifts", left_foot_z=0.36, left_foot_x=0.02, left_foot_pitch=28, z=-0.07, x=-0.02),
    key(0.24, "left foot on", left_foot_z=_RUNG, left_foot_x=0.06, left_foot_pitch=14, z=-0.115, x=0.0,
        y=0.0),
    key(0.35, "push off", right_foot_z=0, right_foot_x=0, right_foot_pitch=44, z=-0.20, x=0.03, y=0.03),
    key(0.38, "pull", right_arm=118, right_elbow=62, left_arm=110, left_elbow=20, nod=-20, bend=9),
    key(0.46, "right foot lifts", right_foot_z=0.56, right_foot_x=-0.02, right_foot_pitch=38, z=-0.14,
        x=0.04),
    key(0.50, "left hand reaches", left_arm=154, left_elbow=10, right_arm=70, right_elbow=80, nod=-22,
        bend=4),
    key(0.57, "right foot on", right_foot_z=CLIMB_CYCLE, right_foot_x=0.06, right_foot_pitch=14, z=-0.10,
        y=0.0),
    key(0.69, "push off", left_foot_z=_RUNG, left_foot_x=0.06, left_foot_pitch=40, z=-0.09, x=0.03, y=-0.03),
    key(0.74, "pull", left_arm=104, left_elbow=70, right_arm=76, right_elbow=40, nod=-14, bend=8),
    key(0.80, "left foot lifts", left_foot_z=0.76, left_foot_x=0.03, left_foot_pitch=32, z=-0.05, x=0.03),
    key(0.90, "left foot on", left_foot_z=CLIMB_CYCLE, left_foot_x=0.05, left_foot_pitch=0, z=-0.03, y=0.0),
    key(0.92, "arms down", arm=24, elbow=22, nod=-4, bend=1),
    neutral(1.0, "stand", foot_z=CLIMB_CYCLE),
])
# fmt: on


def stand(phase: float, _body: float) -> Pose:
    """Breathe."""
    return solve(_STAND.at(phase))


def bow(phase: float, _body: float) -> Pose:
    """Open the arms, bow deep from the hips with the arms swept back, come up."""
    return solve(_BOW.at(phase))


def wave(phase: float, _body: float) -> Pose:
    """Raise both arms by the sides and sway them to the left and to the right."""
    return solve(_WAVE.at(phase))


def torso_wave(phase: float, _body: float) -> Pose:
    """Run a wave through knees, hips, chest and head."""
    return solve(_TORSO_WAVE.at(phase))


def lift(phase: float, _body: float) -> Pose:
    """Take something up from the ground, raise it overhead, set it down."""
    return solve(_LIFT.at(phase))


def kneel(phase: float, _body: float) -> Pose:
    """Go down on the right knee, arms high."""
    return solve(_KNEEL.at(there_and_back(phase)))


def sit(phase: float, _body: float) -> Pose:
    """Sit down on the ground, legs forward, arms high."""
    return solve(_SIT.at(there_and_back(phase)))


def hold(phase: float, _body: float) -> Pose:
    """Hold the arms out."""
    return solve(_HOLD.at(there_and_back(phase)))


def climb(phase: float, body: float) -> Pose:
    """Climb as on a ladder, by three steps; the figure that is drawn rises by `CLIMB_CYCLE`."""
    values = _CLIMB.at(phase) | {"ground": -CLIMB_CYCLE * phase}
    for side in ("left", "right"):
        values[f"{side}_foot_z"] -= CLIMB_CYCLE * phase
    return solve(values)


def there_and_back(phase: float) -> float:
    """Return how far into what is held a phase is: 1 in the middle, the same way back."""
    return 1.0 - abs(1.0 - 2.0 * phase)
