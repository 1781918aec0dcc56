"""From what an animator keys (trunk, feet, legs in the air, arms, hands) to a pose of the rig."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from .inverse_kinematics import against_parent, between, reach, reach_limit, twist_about
from .rig import (
    HEEL,
    JOINT,
    JOINTS,
    PALM,
    PARENTS,
    REST,
    SIDES,
    TIP,
    Floats,
    Pose,
    turn_x,
    turn_y,
    turn_z,
)

_SIGNS = dict(zip(SIDES, (1.0, -1.0), strict=True))
_KNEES_UP = np.array([0.0, 0.0, 0.35])  # knees point forward, and up where the leg lies along the ground
_SPRING = 0.5  # with which toes straighten as the foot leaves; 1 would be as fast as the ground lets them
_PULLS = 12  # at most, to bring planted feet and hands into reach
_SLACK = 1.5  # metres of reach that a limb has to spare while it does not bear yet
_LOW = 0.03  # metres: a foot higher than this does not hold the pelvis down
_HANGING = np.radians(8.0)  # an arm that is raised less than this hangs
_SHRUG = np.radians(30.0)  # of the collar bone when the arm points straight up
_TIP = np.array(TIP) - REST[JOINT["left_toe"]]
_TIP_LENGTH, _TIP_SLOPE = float(np.hypot(_TIP[0], _TIP[2])), float(np.arctan2(-_TIP[2], _TIP[0]))


def solve(values: Mapping[str, float]) -> Pose:
    """Return the pose that channels describe; those not given are 0, and all at 0 is the neutral stand.

    Parameters
    ----------
    values
        Angles in degrees, lengths in metres.

        ``ground`` is how high the ground is, for toes that must not go below it.

        The trunk: ``x``, ``y``, ``z`` (the pelvis, from where it rests), ``pitch`` (forward), ``roll`` and
        ``yaw`` (to the left) of the pelvis; ``bend`` (forward), ``side``, ``twist`` of the spine; ``nod``,
        ``tilt``, ``look`` of the head; ``turn``, of all about the upright through (``turn_x``, ``turn_y``).

        Of each side (``left_...``), legs that stand: ``foot_x``, ``foot_out``, ``foot_z`` (from where the
        foot rests), ``foot_pitch`` (heel up: about the ball of the foot; below 0, toes up: about the heel),
        ``foot_yaw`` (out), ``knee_out``. Legs in the air, for ``free`` from 0 to 1: ``hip`` (thigh forward),
        ``hip_out``, ``hip_turn`` (out), ``knee``, ``point`` (the foot), ``toes``.

        Arms: ``arm`` (forward and up), ``arm_out`` (before that: to the side and up), ``arm_turn``,
        ``elbow``, ``palm`` (turned back), ``wrist`` (towards the palm). Hands on the ground, for ``hand``
        from 0 to 1: the palm's place ``hand_x``, ``hand_y``, ``hand_z`` in space, ``hand_yaw`` of the
        fingers, ``elbow_out``.

    Returns
    -------
    Pose
        Of one skeleton. Where a planted foot or hand would be out of reach the pelvis gives way.
    """
    return _Solver(values).pose()


def foot_frame(values: Mapping[str, float], side: str) -> tuple[Floats, Floats]:
    """Return a standing foot's turn, shape (3, 3), and where its ankle is, metres; channels as in `solve`."""
    sign = _SIGNS[side]
    pitch, yaw = (float(np.radians(values.get(f"{side}_foot_{name}", 0.0))) for name in ("pitch", "yaw"))
    flat = turn_z(sign * yaw)
    turn = flat @ turn_y(pitch)
    flip = np.array([1.0, sign, 1.0])
    ankle, toe, heel = (
        np.array(place) * flip for place in (REST[JOINT["left_ankle"]], REST[JOINT["left_toe"]], HEEL)
    )
    x, out, z = (values.get(f"{side}_foot_{name}", 0.0) for name in ("x", "out", "z"))
    pivot = toe if pitch >= 0.0 else heel
    place: Floats = toe + (x, sign * out, z) + flat @ (pivot - toe) + turn @ (ankle - pivot)
    return turn, place


class _Solver:
    def __init__(self, values: Mapping[str, float]) -> None:
        self._values = values
        self._turns = np.tile(np.eye(3), (len(JOINTS), 1, 1))
        self._places = REST.copy()

    def _length(self, name: str) -> float:
        return self._values.get(name, 0.0)

    def _angle(self, name: str) -> float:
        return float(np.radians(self._values.get(name, 0.0)))

    def pose(self) -> Pose:
        self._trunk()
        self._give_way()
        for side in SIDES:
            self._leg(side)
            self._arm(side)
        local = np.stack(
            [
                against_parent(self._turns, name) if PARENTS[JOINT[name]] >= 0 else self._turns[0]
                for name in JOINTS
            ]
        )
        pelvis = self._places[0]
        about = np.array([self._length("turn_x"), self._length("turn_y"), 0.0])
        whole = turn_z(self._angle("turn"))
        local[0] = whole @ local[0]
        return Pose(local, about + whole @ (pelvis - about) - REST[0])

    def _place(self, joint: str, turn: Floats) -> None:
        number = JOINT[joint]
        self._turns[number] = turn
        parent = PARENTS[number]
        self._places[number] = self._places[parent] + self._turns[parent] @ (REST[number] - REST[parent])

    def _bend(self, joint: str, local: Floats) -> None:
        self._place(joint, self._turns[PARENTS[JOINT[joint]]] @ local)

    def _trunk(self) -> None:
        length, angle = self._length, self._angle
        self._places[0] = REST[0] + (length("x"), length("y"), length("z"))
        self._turns[0] = turn_z(angle("yaw")) @ turn_y(angle("pitch")) @ turn_x(-angle("roll"))
        spine = [share * angle(name) for share in (0.5,) for name in ("twist", "bend", "side")]
        head = [share * angle(name) for share in (0.5,) for name in ("look", "nod", "tilt")]
        for joint, (about, forward, sideways) in zip(
            ("spine", "chest", "neck", "head"), (spine, spine, head, head), strict=True
        ):
            self._bend(joint, turn_z(about) @ turn_y(forward) @ turn_x(-sideways))

    def _give_way(self) -> None:
        """Move the trunk until planted feet and hands are in reach, by what they lack on average."""
        for _ in range(_PULLS):
            lacks = [lack for side in SIDES for lack in (self._leg_lacks(side), self._arm_lacks(side))]
            pulling = [lack for lack in lacks if lack.any()]
            if not pulling:
                return
            self._places += np.mean(pulling, axis=0)

    def _leg_lacks(self, side: str) -> Floats:
        standing = 1.0 - self._length(f"{side}_free")
        standing *= float(np.clip(1.0 - self._length(f"{side}_foot_z") / _LOW, 0.0, 1.0))
        if standing <= 0.0:
            return np.zeros(3)
        self._bend(f"{side}_hip", np.eye(3))
        hip = self._places[JOINT[f"{side}_hip"]]
        limit = reach_limit(_leg(side)) + _SLACK * (1.0 - standing)
        return _excess(hip, foot_frame(self._values, side)[1], limit)

    def _arm_lacks(self, side: str) -> Floats:
        planted = self._length(f"{side}_hand")
        if planted <= 0.0:
            return np.zeros(3)
        wrist = self._hand(side)[1]
        self._bend(f"{side}_collar", np.eye(3))
        self._shrug(side, wrist - self._places[JOINT[f"{side}_collar"]])
        shoulder = self._places[JOINT[f"{side}_shoulder"]]
        return _excess(shoulder, wrist, reach_limit(_arm(side)) + _SLACK * (1.0 - planted))

    def _leg(self, side: str) -> None:
        sign, angle, free = _SIGNS[side], self._angle, self._length(f"{side}_free")
        hip, knee, ankle, toe = (f"{side}_{name}" for name in ("hip", "knee", "ankle", "toe"))
        self._bend(hip, np.eye(3))
        local: dict[str, Floats] = {}
        if free < 1.0:
            turn, target = foot_frame(self._values, side)
            pole = turn_z(sign * (angle(f"{side}_foot_yaw") + angle(f"{side}_knee_out")))[:, 0] + _KNEES_UP
            self._turns[JOINT[hip]], self._turns[JOINT[knee]] = reach(
                _leg(side), self._turns[0], self._places[JOINT[hip]], target, pole
            )
            self._turns[JOINT[ankle]] = turn
            local = {joint: against_parent(self._turns, joint) for joint in (hip, knee, ankle)}
        if free > 0.0:
            in_air = {
                hip: turn_y(-angle(hip))
                @ turn_x(sign * angle(f"{hip}_out"))
                @ turn_z(sign * angle(f"{hip}_turn")),
                knee: turn_y(angle(knee)),
                ankle: turn_y(angle(f"{side}_point")),
            }
            local = {joint: between(local.get(joint, turn), turn, free) for joint, turn in in_air.items()}
        for joint in (hip, knee, ankle):
            self._bend(joint, local[joint])
        self._bend(toe, turn_y(angle(f"{side}_toes")))
        # Toes bend up as far as the ground asks: the tip goes no lower than the sole of the ball, and
        # straightens gently as the foot leaves.
        resting = float(REST[JOINT[toe]][2])
        height, down = float(self._places[JOINT[toe]][2]), -float(self._turns[JOINT[toe]][2, 0])
        height -= self._length("ground")
        low = np.clip(min(height, resting) / _TIP_LENGTH, -1.0, 1.0)
        allowed = float(np.arcsin(low)) - _TIP_SLOPE + _SPRING * max(height - resting, 0.0) / _TIP_LENGTH
        below = float(np.arcsin(np.clip(down, -1.0, 1.0))) - allowed
        if below > 0.0:
            self._turns[JOINT[toe]] = self._turns[JOINT[toe]] @ turn_y(-below)

    def _shrug(self, side: str, towards: Floats) -> None:
        """Turn the collar bone: it goes up with the arm."""
        chest = self._turns[JOINT["chest"]]
        up = float(chest[:, 2] @ towards) / max(float(np.linalg.norm(towards)), 1e-9)
        raised = max(float(np.arccos(np.clip(-up, -1.0, 1.0))) - _HANGING, 0.0) / np.pi
        self._bend(f"{side}_collar", turn_x(_SIGNS[side] * _SHRUG * raised**2))
        self._bend(f"{side}_shoulder", np.eye(3))

    def _hand(self, side: str) -> tuple[Floats, Floats]:
        """Return a planted hand's turn, and where its wrist is."""
        sign = _SIGNS[side]
        fingers = turn_z(self._angle(f"{side}_hand_yaw"))[:, 0]
        up = np.array([0.0, 0.0, 1.0])
        turn = np.stack([np.cross(sign * up, -fingers), sign * up, -fingers], axis=-1)
        flip = np.array([1.0, sign, 1.0])
        palm = np.array([self._length(f"{side}_hand_{axis}") for axis in "xyz"])
        return turn, palm + turn @ ((REST[JOINT["left_wrist"]] - np.array(PALM)) * flip)

    def _arm(self, side: str) -> None:
        sign, angle, planted = _SIGNS[side], self._angle, self._length(f"{side}_hand")
        shoulder, elbow, wrist = _arm(side)
        chest = self._turns[JOINT["chest"]]
        arm = turn_y(-angle(f"{side}_arm")) @ turn_x(sign * angle(f"{side}_arm_out"))
        arm = arm @ turn_z(sign * angle(f"{side}_arm_turn"))
        hang = (REST[JOINT["left_elbow"]] - REST[JOINT["left_shoulder"]]) * (1.0, sign, 1.0)
        towards = chest @ arm @ hang
        towards /= np.linalg.norm(towards)
        if planted > 0.0:
            turn, target = self._hand(side)
            self._bend(f"{side}_collar", np.eye(3))
            line = target - self._places[JOINT[f"{side}_collar"]]
            towards = (1.0 - planted) * towards + planted * line / np.linalg.norm(line)
        self._shrug(side, towards)
        collar = self._turns[JOINT[f"{side}_collar"]]
        roll = turn_z(-sign * 0.5 * angle(f"{side}_palm"))
        local = {
            shoulder: collar.T @ chest @ arm,
            elbow: turn_y(-angle(elbow)) @ roll,
            wrist: roll @ turn_x(-sign * angle(wrist)),
        }
        if planted > 0.0:
            out = np.array([0.0, sign * np.sin(angle(f"{side}_elbow_out")), 0.0])
            pole = turn[:, 2] * np.cos(angle(f"{side}_elbow_out")) + out
            self._turns[JOINT[shoulder]], self._turns[JOINT[elbow]] = reach(
                _arm(side), chest, self._places[JOINT[shoulder]], target, pole
            )
            self._turns[JOINT[wrist]] = turn
            on_ground = {joint: against_parent(self._turns, joint) for joint in _arm(side)}
            # The forearm takes half of the hand's turn about it, as its two bones do.
            bone = REST[JOINT[wrist]] - REST[JOINT[elbow]]
            twist = twist_about(on_ground[wrist], bone / np.linalg.norm(bone))
            half = between(np.eye(3), twist, 0.5)
            on_ground[elbow], on_ground[wrist] = on_ground[elbow] @ half, half.T @ on_ground[wrist]
            local = {joint: between(turn, on_ground[joint], planted) for joint, turn in local.items()}
        for joint in _arm(side):
            self._bend(joint, local[joint])


def _leg(side: str) -> tuple[str, str, str]:
    return f"{side}_hip", f"{side}_knee", f"{side}_ankle"


def _arm(side: str) -> tuple[str, str, str]:
    return f"{side}_shoulder", f"{side}_elbow", f"{side}_wrist"


def _excess(root: Floats, target: Floats, limit: float) -> Floats:
    """Return how a limb's root must move so that the limb reaches its target."""
    line = target - root
    distance = float(np.linalg.norm(line))
    moved: Floats = line * (max(distance - limit, 0.0) / max(distance, 1e-9))
    return moved
