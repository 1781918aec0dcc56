"""How card-holders sit: with a prop in both hands, with hands on the knees, or turning a leaf.

They sit on a seat of `SEAT` height with their feet on the tread, look along +X, and have elbows and knees
within a place of 0.55 m by 0.8 m.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ..gymnasts.inverse_kinematics import against_parent, between, reach, reach_limit, twist_about
from ..gymnasts.posture import solve
from ..gymnasts.rig import JOINT, JOINTS, PARENTS, REST, SIDES, Floats, Pose, joint_frames, turn_x, turn_z
from .hands import KNUCKLES, PINCH, from_wrist, hand_turn

#: Metres: the height of the seat's surface over the tread, where rows are.
SEAT = 0.44
#: Where the pelvis is over the seat, and how far behind the middle of the place.
_PELVIS, _BEHIND = 0.102, 0.045
#: Degrees: the thigh's and the shin's slope; feet stand under the knees, behind the next row.
_THIGH, _SHIN = 78.2, 25.0
_SIGNS = dict(zip(SIDES, (1.0, -1.0), strict=True))


@dataclass(frozen=True)
class Bearing:
    """How somebody holds themselves, degrees.

    Attributes
    ----------
    lean
        Of the trunk, forward.
    look
        Of the head to the left.
    nod
        Of the head, forward.
    tilt
        Of the head to the right side.
    """

    lean: float = 0.0
    look: float = 0.0
    nod: float = 0.0
    tilt: float = 0.0


@dataclass(frozen=True)
class Manner:
    """How somebody holds and turns things.

    Attributes
    ----------
    left, right
        Metres from the middle of a prop's edges to the hands on them. Neighbours' hands pass one another:
        left ones are below the middle, right ones above.
    slant
        Degrees by which fingers at the edges point up.
    elbow
        How far out the elbow is of an arm that reaches over a book, 0..1; else it is up.
    with_right
        Whether the right hand turns leaves: it reaches across for them.
    pulls
        Where along a leaf's upper edge it is taken: 0 is the spine, 1 the corner.
    """

    left: float = -0.085
    right: float = 0.035
    slant: float = 0.0
    elbow: float = 0.0
    with_right: bool = False
    pulls: float = 0.9


@dataclass(frozen=True, eq=False)
class Held:
    """Where a prop is: its middle (3,), what is across to the left, up and out of it, and half its width."""

    middle: Floats
    up: Floats
    out: Floats
    half: float

    @property
    def left(self) -> Floats:
        """What is to the holder's left: a unit vector."""
        across: Floats = np.cross(self.up, self.out)
        return across

    def place(self, left: float, up: float, out: float) -> Floats:
        """Return a place in the holder's space from one on the prop."""
        at: Floats = self.middle + left * self.left + up * self.up + out * self.out
        return at


#: Degrees: how far forearms come from inside.
_FROM_INSIDE = 17.0
#: How far the knuckles are before the front's plane, and the finger's first bone beside the edge.
_KNUCKLES_OUT, _BESIDE = -0.010, 0.0100
#: Sines of the leans up to which a prop is held from behind, and from which on it is from above; and how far
#: below its front the hand's middle is then.
_UPRIGHT, _LYING, _UNDER = 0.30, 0.80, 0.046
#: Shares of a turn in which the hand goes to the leaf, pulls it, and lets go and comes back.
_REACHES, _LETS_GO = 0.10, 0.72
#: Where the fingers point at the first, the middle and the last moment of a pull: (out, left, up).
_POINTS = {
    "left": ((0.50, 0.18, -0.85), (0.93, -0.22, -0.28), (0.42, -0.78, -0.46)),
    "right": ((0.55, 0.55, -0.62), (0.92, 0.12, -0.36), (0.50, 0.10, -0.86)),
}


def seated(bearing: Bearing) -> dict[str, float]:
    """Return the channels of `gymnasts.posture.solve` for somebody who sits."""
    values = {
        "x": -_BEHIND,
        "z": SEAT + _PELVIS - float(REST[JOINT["pelvis"]][2]),
        "pitch": -7.0,
        "bend": 13.0 + bearing.lean,
        "look": bearing.look,
        "nod": bearing.nod - 5.0,
        "tilt": bearing.tilt,
    }
    for side in SIDES:
        values |= {
            f"{side}_free": 1.0,
            f"{side}_hip": _THIGH - 7.0,
            f"{side}_hip_out": 3.0,
            f"{side}_knee": _THIGH + _SHIN,
            f"{side}_point": -_SHIN,
        }
    return values


def hands_on_prop(bearing: Bearing, held: Held, rod: bool = False, manner: Manner | None = None) -> Pose:
    """Return somebody who holds a prop's upright edges, or its rods."""
    manner = manner or Manner()
    return _with_hands(bearing, {side: _grip(held, side, rod, manner) for side in SIDES})


def hands_on_knees(bearing: Bearing) -> Pose:
    """Return somebody with the hands on the thighs."""
    return _with_hands(bearing, {side: _on_knee(side) for side in SIDES})


def turning(
    bearing: Bearing, held: Held, progress: float, place: Floats, manner: Manner | None = None
) -> Pose:
    """Return somebody who pulls a leaf over by its upper edge.

    Parameters
    ----------
    bearing : Bearing
    held : Held
        The book.
    progress : float
        Of the turn, 0 to 1.
    place : (3,) array
        Where the leaf is pulled, metres from the book's middle along (out, left, up).
    manner : Manner, optional
    """
    manner = manner or Manner()
    side = "right" if manner.with_right else "left"
    sign = _SIGNS[side]
    share = float(np.clip((progress - 0.5 * _REACHES) / _REACHES + 0.5, 0.0, 1.0))
    share = min(share, float(np.clip((1.0 - progress) / (1.0 - _LETS_GO), 0.0, 1.0)))
    hands = {each: _grip(held, each, False, manner) for each in SIDES}
    out, left, up = place.tolist()
    pinch = _pinch(held, progress, held.place(left, up, out), side)
    turn, wrist = hands[side]
    # On its way to the leaf and back the hand goes over the book's upper edge.
    over = held.place(0.75 * sign * held.half, 0.36, -0.10)
    if share < 1.0:
        eased = share * share * (3.0 - 2.0 * share)
        path = (1 - eased) ** 2 * wrist + 2 * eased * (1 - eased) * over + eased**2 * pinch[1]
        hands[side] = between(turn, pinch[0], eased), path
    else:
        hands[side] = pinch
    pulling = Bearing(
        bearing.lean + 3.0 * share, bearing.look * (1 - 0.6 * share), bearing.nod + 4.0 * share, bearing.tilt
    )
    # Shoulders go along with the hand: a left one moves to the right, a right one comes from the left.
    far = float(np.sin(np.pi * progress)) if side == "left" else 1.0 - progress
    raised = {side: share}
    return _with_hands(pulling, hands, -sign * 11.0 * share * far, raised, manner.elbow)


def _grip(held: Held, side: str, rod: bool, manner: Manner) -> tuple[Floats, Floats]:
    """Return the turn and the wrist's place of a hand at an upright edge."""
    sign = _SIGNS[side]
    across = sign * held.left
    inside = np.radians(_FROM_INSIDE)
    fingers = np.cos(inside) * held.out + np.sin(inside) * across
    # The forearm comes from below, and the hand's inner side leans back a little.
    fingers = fingers + (0.12 + np.sin(np.radians(manner.slant))) * held.up
    turn = hand_turn(fingers, -across)
    beside = _BESIDE - (0.004 if rod else 0.0)
    height = manner.left if side == "left" else manner.right
    edge = held.middle + (held.half + beside) * across + height * held.up
    way = fingers / np.linalg.norm(fingers)
    upright = _of_side(turn, side), edge + _KNUCKLES_OUT * held.out - way * KNUCKLES
    flat = float(np.clip((held.out[2] - _UPRIGHT) / (_LYING - _UPRIGHT), 0.0, 1.0))
    if flat == 0.0:
        return upright
    # What lies on the lap is held from above: the hand is along its edge, fingers below, the thumb on it.
    way = 0.20 * across - held.up
    way /= np.linalg.norm(way)
    wrist = edge - _UNDER * held.out - 0.7 * KNUCKLES * way
    turn = _of_side(hand_turn(way, -across), side)
    return between(upright[0], turn, flat), (1.0 - flat) * upright[1] + flat * wrist


def _of_side(turn: Floats, side: str) -> Floats:
    """Return the turn of a right hand from what a left one of the same directions has: the mirror's image."""
    if side == "left":
        return turn
    # Columns are where the rest pose's axes go; a right palm faces +Y and its thumb +X still.
    mirrored: Floats = np.stack([-turn[:, 0], -turn[:, 1], turn[:, 2]], axis=-1)
    return mirrored


def _pinch(held: Held, progress: float, place: Floats, side: str) -> tuple[Floats, Floats]:
    """Return the turn and the wrist's place of the hand that pulls at the leaf."""
    first, middle, last = (np.array(way) for way in _POINTS[side])
    early, late = np.clip(1 - 2 * progress, 0, 1), np.clip(2 * progress - 1, 0, 1)
    way = early * first + (1 - early - late) * middle + late * last
    # A left hand pushes with its fingers, which lie on the leaf's back; a right one draws, and has the thumb
    # there.
    angle = np.pi * progress
    leads = np.cos(angle) * held.out - np.sin(angle) * held.left
    palm = leads - 0.35 * held.left if side == "left" else 0.45 * held.left - leads
    turn = _of_side(hand_turn(way, palm), side)
    across, inward, along = PINCH
    return turn, place - from_wrist(turn, (across, inward if side == "left" else -inward, along))


def _on_knee(side: str) -> tuple[Floats, Floats]:
    sign = _SIGNS[side]
    fingers = np.array([0.93, -0.22 * sign, -0.20])
    turn = _of_side(hand_turn(fingers, np.array([0.0, 0.0, -1.0])), side)
    return turn, np.array([0.19, 0.115 * sign, SEAT + 0.186])


def _with_hands(
    bearing: Bearing,
    hands: Mapping[str, tuple[Floats, Floats]],
    twist: float = 0.0,
    over: Mapping[str, float] | None = None,
    elbow: float = 0.0,
) -> Pose:
    """Return somebody who sits with hands turned and with wrists placed so, or as near as the arms reach.

    `over` is how far, 0..1, the arm of a side is raised to reach over the upper edge of what the other holds,
    and `elbow` how far out its elbow then is.
    """
    over = over or {}
    sitting = solve(seated(bearing) | {"twist": twist, "look": bearing.look - 0.6 * twist})
    places, turns = joint_frames(sitting)
    for side in SIDES:
        turn, wrist = hands[side]
        _reach(places, turns, side, turn, wrist, over.get(side, 0.0), elbow)
    local = np.stack(
        [against_parent(turns, name) if PARENTS[JOINT[name]] >= 0 else turns[0] for name in JOINTS]
    )
    return Pose(local, sitting.root)


def _reach(
    places: Floats, turns: Floats, side: str, hand: Floats, wrist: Floats, over: float, out: float
) -> None:
    """Turn one arm's joints, given in space, so that the wrist is where it should be."""
    sign = _SIGNS[side]
    collar, shoulder, elbow, end = (f"{side}_{name}" for name in ("collar", "shoulder", "elbow", "wrist"))
    chest = turns[JOINT["chest"]]
    towards = wrist - places[JOINT[collar]]
    # The collar bone goes up with the hand, and forward where that is far.
    high = float(np.clip((towards[2] + 0.05) / 0.5, 0.0, 1.0))
    arm = (shoulder, elbow, end)
    far = float(np.linalg.norm(wrist - places[JOINT[shoulder]])) / reach_limit(arm)
    forward = float(np.clip((far - 0.8) / 0.3, 0.0, 1.0))
    turns[JOINT[collar]] = (
        chest @ turn_z(-sign * np.radians(24.0) * forward) @ turn_x(sign * np.radians(22.0) * high)
    )
    for joint in (shoulder, elbow, end):
        parent = PARENTS[JOINT[joint]]
        places[JOINT[joint]] = places[parent] + turns[parent] @ (REST[JOINT[joint]] - REST[parent])
    # Elbows hang, close to the body; they come forward under what is raised, since neighbours are near.
    pole = np.array([-0.25 + 0.75 * high, sign * (0.10 - 0.08 * high), -1.0])
    # On its way up and down it passes between the neighbours.
    out *= over**3
    raised = np.array([-0.1 - 0.3 * out, sign * (0.12 + 0.45 * out), 1.0 - 0.75 * out])
    pole = (1.0 - over) * pole + over * raised
    upper, lower = reach(arm, chest, places[JOINT[shoulder]], wrist, pole)
    turns[JOINT[shoulder]], turns[JOINT[elbow]], turns[JOINT[end]] = upper, lower, hand
    bone = REST[JOINT[end]] - REST[JOINT[elbow]]
    about = twist_about(lower.T @ hand, bone / np.linalg.norm(bone))
    # The forearm takes half of the hand's turn about it, as its two bones do.
    turns[JOINT[elbow]] = lower @ between(np.eye(3), about, 0.5)
