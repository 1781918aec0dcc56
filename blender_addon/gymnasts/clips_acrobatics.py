"""Keys of turns on one foot and on the hands: spin, cartwheel, handstand."""

from __future__ import annotations

from .clips_on_the_spot import there_and_back
from .keys import Track, key, neutral
from .posture import solve
from .rig import Pose

# fmt: off
_SPIN = Track([
    neutral(0.0),
    key(0.14, "anticipation", z=-0.10, x=0.0, y=0.02, twist=-22, left_arm=78, left_arm_out=6,
        right_arm_out=84, free=0, turn=0, left_foot_pitch=0, right_foot_pitch=6, right_foot_z=0, pitch=4),
    key(0.21, "push", turn=0, right_free=0, z=-0.03, x=0.06, y=0.06, right_foot_pitch=38, right_foot_z=0,
        left_foot_pitch=18),
    key(0.29, "rise", right_free=1, z=0.072, x=0.123, y=0.08, left_foot_pitch=52, twist=6, pitch=0, bend=-3,
        right_foot_z=0.25, right_hip=52, right_hip_out=20, right_hip_turn=30, right_knee=98, right_point=62),
    key(0.36, "passing", right_hip=60, right_hip_out=34, right_hip_turn=40, right_knee=122, right_point=70,
        left_arm=0, right_arm=0, left_arm_out=158, right_arm_out=158, elbow=24, twist=0),
    key(0.68, "passing", right_hip=60, right_hip_out=34, right_hip_turn=40, right_knee=122, right_point=70,
        arm_out=158, elbow=24, z=0.072, x=0.123, y=0.08, left_foot_pitch=52, right_free=1, bend=-3),
    key(0.76, "closing", right_free=1, right_hip=34, right_hip_out=10, right_hip_turn=10, right_knee=64,
        right_point=40, right_foot_z=0.2, arm_out=130),
    key(0.80, "front", turn=360, z=0.03, x=0.08, y=0.05, left_foot_pitch=34, right_foot_z=0.06),
    key(0.84, "landing", turn=360, right_free=0, right_foot_pitch=20, right_foot_z=0, z=-0.02, x=0.02,
        y=0.02, left_foot_pitch=10),
    key(0.89, "absorbed", z=-0.055, x=-0.01, y=0, right_foot_pitch=0, left_foot_pitch=0, arm_out=50, pitch=5),
    neutral(1.0, "stand", turn=360),
])
# On the ball of the left foot, which stays where the upright axis of the turn is.
_PIVOT = {"turn_x": 0.125, "turn_y": 0.085}
# The head looks to the front as long as it can, then whips round.
_SPOTTING = Track([
    key(0.0, "front", look=0),
    key(0.14, "front", look=16),
    key(0.44, "left behind", look=-62),
    key(0.56, "whip", look=58),
    key(0.79, "front", look=0),
    key(1.0, "front", look=0),
])

# To the left; the second half goes the same way back.
_FAR = 2.05
_CARTWHEEL = Track([
    neutral(0.0),
    key(0.10, "anticipation", arm_out=120, z=0.0, y=-0.02, roll=0, left_free=0, left_foot_z=0, hand=0),
    key(0.17, "arms high", arm_out=168, roll=-3, y=-0.03, left_free=1, left_hip_out=34, left_point=66,
        left_foot_z=0.15, right_free=0, bend=-4, left_foot_out=0.0, side=0),
    key(0.242, "left foot comes down", left_foot_out=0.48, left_free=0),
    key(0.26, "contact of the left foot", left_foot_out=0.48, left_foot_z=0, y=0.24, z=-0.055, roll=14,
        right_foot_pitch=12, left_foot_pitch=0, left_hand=0),
    key(0.32, "right foot leaves", right_free=0, right_foot_z=0, roll=42, y=0.37, z=-0.08,
        right_foot_pitch=40, side=14),
    key(0.40, "left hand down", left_hand=1, right_free=1, right_foot_z=0.5, right_hip_out=52,
        right_point=70, roll=94, y=0.60, z=-0.115, side=16, right_foot_out=0, left_foot_pitch=12),
    key(0.43, "right hand reaches", right_hand=0, right_hand_z=0.16),
    key(0.45, "left foot leaves", left_free=0, left_foot_z=0, roll=122, y=0.75, z=-0.03, left_foot_pitch=46,
        left_foot_out=0.48),
    key(0.53, "right hand down", z=0.01, right_hand=1, right_hand_z=0, left_hand=1, left_free=1,
        left_foot_z=0.5, left_hip_out=56, right_hip_out=58, left_point=72),
    key(0.58, "upside down", roll=180, y=1.14, z=0.08, side=0, hip_out=60, nod=-24, left_foot_out=0.9),
    key(0.61, "left hand leaves", left_hand=1, z=0.03),
    key(0.66, "right foot falls", roll=226, y=1.38, z=0.0, side=-8, right_free=1, right_foot_z=0.5,
        right_foot_out=-_FAR + 0.21),
    key(0.71, "right hand leaves", right_hand=1),
    key(0.74, "right foot down", left_hand=0, right_free=0, right_foot_z=0, roll=268, y=1.58, z=-0.06,
        side=-14, right_foot_pitch=24, right_foot_out=-_FAR + 0.21, left_hip_out=54),
    key(0.82, "coming up", right_hand=0, roll=314, y=1.73, z=-0.03, side=-8, right_foot_pitch=0, nod=0,
        left_hip_out=50, left_free=1, left_foot_z=0.4),
    key(0.91, "left foot down", left_free=0, left_foot_out=_FAR + 0.25, left_foot_z=0,
        right_foot_out=-_FAR + 0.21, roll=350, y=1.93, z=-0.045, side=0, arm_out=166, left_point=50),
    key(1.0, "star", left_foot_out=_FAR + 0.25, right_foot_out=-_FAR + 0.21, roll=360, y=_FAR + 0.045,
        z=-0.04, arm_out=150, bend=-4, nod=0),
])
_CARTWHEEL_HANDS = {
    "left_hand_x": 0.0, "right_hand_x": 0.0, "left_hand_y": 1.00, "right_hand_y": 1.34,
    "left_hand_yaw": 180.0, "right_hand_yaw": 180.0,
}

# Held: the way up, in full at 1.
_HANDSTAND = Track([
    neutral(0.0),
    key(0.14, "arms high", arm=174, bend=-4, z=0.0, x=0.02, left_free=0, left_foot_x=0, left_foot_z=0.03),
    key(0.28, "step", left_foot_x=0.30, left_foot_z=0.03, x=0.14, z=-0.02, pitch=8, right_foot_pitch=12),
    key(0.36, "lunge", left_foot_x=0.46, left_foot_z=0, x=0.30, z=-0.08, pitch=38, hand=0, right_free=0,
        bend=8, right_foot_pitch=38, right_foot_x=0, right_foot_z=0),
    key(0.50, "hands down", hand=1, pitch=112, x=0.44, z=-0.13, bend=14, right_free=1, right_hip=-20,
        right_foot_x=-0.5, right_foot_z=0.3, right_knee=0, right_point=72, left_foot_pitch=8, nod=-20),
    key(0.62, "kick", left_free=0, left_foot_z=0, pitch=122, x=0.55, z=-0.045, right_hip=-28, bend=16,
        left_foot_pitch=52),
    key(0.76, "passing", left_free=1, left_foot_z=0.5, left_hip=52, left_knee=6, left_point=72, pitch=164,
        x=0.80, z=0.125, right_hip=-18, bend=2),
    key(1.0, "held", pitch=180, x=0.94, z=0.14, bend=0, hip=0, knee=0, point=72, nod=-30, arm=174),
])
_HANDSTAND_HANDS = {
    "left_hand_x": 0.95, "right_hand_x": 0.95, "left_hand_y": 0.20, "right_hand_y": -0.20,
    "left_hand_yaw": 8.0, "right_hand_yaw": -8.0,
}
# fmt: on


def spin(phase: float, _body: float) -> Pose:
    """Turn once to the left on the ball of the left foot."""
    return solve(_SPIN.at(phase) | _SPOTTING.at(phase) | _PIVOT)


def cartwheel(phase: float, _body: float) -> Pose:
    """Wheel to the left over both hands, stand like a star, and wheel back."""
    return solve(_CARTWHEEL.at(there_and_back(phase)) | _CARTWHEEL_HANDS)


def handstand(phase: float, _body: float) -> Pose:
    """Step, put both hands down, kick up and stand on them."""
    return solve(_HANDSTAND.at(there_and_back(phase)) | _HANDSTAND_HANDS)
