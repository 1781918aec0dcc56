"""Keys of leaps: jump, star jump, somersault."""

from __future__ import annotations

from ...kernels.clips import CLIPS
from .flight import Flight
from .keys import Key, Track, fast, key, neutral
from .posture import solve
from .rig import Pose

_SECONDS = {clip.name: clip.seconds for clip in CLIPS}

JUMP = Flight(0.37, 0.755, _SECONDS["jump"])
"""Of ``jump`` and ``star_jump``: half a second in the air."""
SOMERSAULT = Flight(0.40, 0.785, _SECONDS["somersault"])
"""Of ``somersault``."""


def _together(*rows: list[Key]) -> Track:
    """Return the track of keys that are written apart: legs and trunk, then arms."""
    return Track(sorted((moment for row in rows for moment in row), key=lambda moment: moment.phase))


# fmt: off
_LEAP = [
    neutral(0.0),
    key(0.21, "anticipation", z=-0.25, x=-0.10, pitch=30, bend=16, nod=-14, foot_pitch=0, free=0),
    fast(key(JUMP.takeoff, "take-off", z=0.052, x=0.03, pitch=0, bend=-4, foot_pitch=46, foot_z=0, free=0),
        z=3.1),
    key(JUMP.takeoff + 0.013, "off the ground", foot_z=0.035),
    key(0.43, "rising", free=1, hip=-6, knee=0, point=70, toes=12, nod=-6, foot_z=0.20),
    key(0.56, "apex", hip=-8, knee=0, point=74, toes=14, bend=-10, nod=-10),
    key(0.69, "reach for the ground", free=1, hip=6, knee=6, point=48, toes=0, bend=-2, nod=0, foot_z=0.20),
    key(JUMP.landing - 0.013, "almost down", foot_z=0.035),
    fast(key(JUMP.landing, "landing", z=0.03, x=0.02, pitch=3, bend=2, foot_pitch=36, foot_z=0, free=0),
        z=-3.1),
    key(0.86, "absorbed", z=-0.20, x=-0.085, pitch=24, bend=12, nod=-8, foot_pitch=0, foot_z=0),
    neutral(1.0),
]

_JUMP = _together(_LEAP, [
    key(0.19, "arms back", arm=-48, elbow=0),
    key(JUMP.takeoff, "arms up", arm=140),
    key(0.47, "arms high", arm=176),
    key(0.62, "arms high", arm=176),
    key(JUMP.landing, "arms come down", arm=124),
    key(0.88, "arms forward", arm=38),
])

_STAR_JUMP = _together(_LEAP, [
    key(0.20, "arms low", arm=-20, arm_out=4),
    key(0.30, "arms low", arm=0, arm_out=16),
    key(JUMP.takeoff, "arms open", arm_out=70, hip_out=0),
    key(0.52, "star", arm_out=138, hip_out=42),
    key(0.59, "star", arm_out=138, hip_out=42),
    key(JUMP.landing, "arms come down", arm_out=78, hip_out=0),
    key(0.88, "arms low", arm_out=16),
])

_SOMERSAULT = Track([
    neutral(0.0),
    key(0.10, "arms high", arm=120, z=0.0, x=0.0, pitch=0, bend=-4, foot_pitch=0),
    key(0.20, "arms swing back", arm=-20),
    key(0.26, "anticipation", z=-0.30, x=-0.12, pitch=34, bend=18, nod=-18, arm=-48, foot_pitch=0, free=0),
    fast(key(SOMERSAULT.takeoff, "take-off", z=0.045, x=0.02, pitch=-10, bend=-8, nod=-8, arm=165,
        foot_pitch=48, foot_z=0, free=0, hip=2, knee=8, point=60), z=4.9, pitch=-330),
    key(SOMERSAULT.takeoff + 0.013, "off the ground", foot_z=0.04),
    key(0.45, "rising", free=1, hip=12, knee=14, arm=168, pitch=-27, foot_z=0.24),
    key(0.52, "tuck", pitch=-76, hip=104, knee=118, bend=36, nod=12, arm=84, elbow=30, point=66),
    key(0.59, "upside down", pitch=-182, hip=122, knee=136, bend=44, nod=22, arm=72, elbow=52, free=1),
    key(0.675, "tuck", pitch=-294, hip=112, knee=124, bend=38, nod=14, arm=72, elbow=48),
    key(0.745, "open", hip=36, knee=34, bend=8, nod=-4, arm=92, elbow=4, point=40, free=1, foot_z=0.16),
    key(SOMERSAULT.landing - 0.012, "almost down", foot_z=0.04),
    fast(key(SOMERSAULT.landing, "landing", pitch=-342, bend=8, z=-0.04, x=-0.06, foot_pitch=22, foot_z=0,
        free=0, hip=26, knee=28), z=-4.6),
    key(0.88, "absorbed", pitch=-322, bend=16, z=-0.29, x=-0.13, foot_pitch=0, foot_z=0, arm=72, nod=-16),
    neutral(1.0, "stand", pitch=-360),
])
# fmt: on


def jump(phase: float, body: float) -> Pose:
    """Leap straight up, arms high."""
    return JUMP.pose(lambda moment: solve(_JUMP.at(moment)), phase, body)


def star_jump(phase: float, body: float) -> Pose:
    """Leap with arms and legs spread like a star."""
    return JUMP.pose(lambda moment: solve(_STAR_JUMP.at(moment)), phase, body)


def somersault(phase: float, body: float) -> Pose:
    """Turn over backward in the air, tucked, and land on the spot."""
    return SOMERSAULT.pose(lambda moment: solve(_SOMERSAULT.at(moment)), phase, body)
