"""Limbs of two bones that reach for a point, and the arithmetic of turns that goes with it."""

from __future__ import annotations

import numpy as np

from .rig import JOINT, PARENTS, REST, Floats

_STRAIGHTEST = 0.9998  # of a limb's length: all but straight, so that it never snaps


def reach(
    limb: tuple[str, str, str], turns: Floats, root: Floats, end: Floats, pole: Floats
) -> tuple[Floats, Floats]:
    """Return the turns in space of a limb's two bones that bring its end to a point.

    Parameters
    ----------
    limb
        Names of the joints at its root, its middle and its end.
    turns
        Shape (3, 3): the turn in space of what the limb hangs on; not used but where the pole gives no side.
    root, end
        Shape (3,), metres: where the limb's root is, and what its end reaches for. If that is too far, the
        limb stretches towards it.
    pole
        Shape (3,): the direction in which its middle points; it need not be at right angles to the limb.

    Returns
    -------
    tuple[Floats, Floats]
        Shape (3, 3) each: the turns in space of the upper and the lower bone, by the law of cosines.
    """
    first, middle, last = (REST[JOINT[name]] for name in limb)
    upper, lower = float(np.linalg.norm(middle - first)), float(np.linalg.norm(last - middle))
    line = end - root
    distance = float(np.linalg.norm(line))
    along = line / max(distance, 1e-9)
    distance = float(np.clip(distance, abs(upper - lower) * 1.05, _STRAIGHTEST * (upper + lower)))
    # If the pole lies along the limb, what the limb hangs on says where its front is.
    ways = (pole, turns[:, 0], turns[:, 2])
    side = next(way for way in (_across(way, along) for way in ways) if np.linalg.norm(way) > 1e-6)
    side /= np.linalg.norm(side)
    cosine = (distance**2 + upper**2 - lower**2) / (2.0 * distance * upper)
    bent = root + upper * (cosine * along + np.sqrt(max(1.0 - cosine**2, 0.0)) * side)
    axis = np.cross(side, along)
    # In the rest pose knees point to +X and elbows to -X, so both bend about Y, one way or the other.
    rest_axis = np.array([0.0, 1.0, 0.0]) if limb[1].endswith("knee") else np.array([0.0, -1.0, 0.0])
    return (
        _carry(middle - first, rest_axis, bent - root, axis),
        _carry(last - middle, rest_axis, root + distance * along - bent, axis),
    )


def reach_limit(limb: tuple[str, str, str]) -> float:
    """Return how far a limb reaches from its root, metres."""
    first, middle, last = (REST[JOINT[name]] for name in limb)
    return _STRAIGHTEST * float(np.linalg.norm(middle - first) + np.linalg.norm(last - middle))


def against_parent(turns: Floats, joint: str) -> Floats:
    """Return a joint's turn against its parent, from all joints' turns in space, shape (J, 3, 3)."""
    number = JOINT[joint]
    local: Floats = turns[PARENTS[number]].T @ turns[number]
    return local


def twist_about(turn: Floats, axis: Floats) -> Floats:
    """Return the part of a turn that is about an axis (unit length): swing and twist, swing left out."""
    real = np.sqrt(max(1.0 + float(np.trace(turn)), 0.0)) / 2.0
    lines = np.array([turn[2, 1] - turn[1, 2], turn[0, 2] - turn[2, 0], turn[1, 0] - turn[0, 1]])
    if real < 1e-6:
        return np.eye(3)
    about = float(lines @ axis) / (4.0 * real)
    return turned_about(axis, 2.0 * float(np.arctan2(about, real)))


def turned_about(axis: Floats, angle: float) -> Floats:
    """Return the turn about an axis (unit length) by an angle, shape (3, 3) (Rodrigues)."""
    x, y, z = axis.tolist()
    cross = np.array([[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]])
    turn: Floats = np.eye(3) + np.sin(angle) * cross + (1.0 - np.cos(angle)) * (cross @ cross)
    return turn


def between(first: Floats, second: Floats, share: float) -> Floats:
    """Return the turn a share of the way from one turn to another, the shorter way about one axis."""
    if share <= 0.0:
        return first
    if share >= 1.0:
        return second
    turn = first.T @ second
    angle = float(np.arccos(np.clip((np.trace(turn) - 1.0) / 2.0, -1.0, 1.0)))
    lines = np.array([turn[2, 1] - turn[1, 2], turn[0, 2] - turn[2, 0], turn[1, 0] - turn[0, 1]])
    length = float(np.linalg.norm(lines))
    if length < 1e-9:
        return first
    mixed: Floats = first @ turned_about(lines / length, share * angle)
    return mixed


def _across(way: Floats, along: Floats) -> Floats:
    square: Floats = way - (way @ along) * along
    return square


def _carry(bone: Floats, axis: Floats, to_bone: Floats, to_axis: Floats) -> Floats:
    """Return the turn that carries a bone, and about it an axis near square to it, to another two."""
    turn: Floats = _frame(to_bone, to_axis) @ _frame(bone, axis).T
    return turn


def _frame(bone: Floats, axis: Floats) -> Floats:
    first = bone / np.linalg.norm(bone)
    second = axis - (axis @ first) * first
    second /= np.linalg.norm(second)
    return np.stack([first, second, np.cross(first, second)], axis=-1)
