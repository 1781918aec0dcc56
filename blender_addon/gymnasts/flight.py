"""People in the air: their centre of mass follows the parabola that gravity leaves them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .rig import CROWN, JOINT, SIDES, Floats, Pose, carried, joint_frames

GRAVITY = 9.81
"""Metres per second squared."""

_LIMB_MASSES = (
    ("hip", "knee", 0.142, 0.41),
    ("knee", "ankle", 0.043, 0.44),
    ("ankle", "toe", 0.014, 0.5),
    ("shoulder", "elbow", 0.027, 0.5),
    ("elbow", "wrist", 0.022, 0.6),
)
_PELVIS, _HEAD = 0.115, 0.069


def centre_of_mass(pose: Pose) -> Floats:
    """Return where a gymnast's centre of mass is, shape (..., 3), metres.

    Shares of the body's mass are those of de Leva (1996, "Adjustments to Zatsiorsky-Seluyanov's segment
    inertia parameters"), rounded; the hand counts with the forearm.
    """
    places, _ = joint_frames(pose)

    def at(joint: str) -> Floats:
        place: Floats = places[..., JOINT[joint], :]
        return place

    head = 0.5 * (at("head") + carried(pose, "head", CROWN))
    centre = _PELVIS * at("pelvis") + _HEAD * head
    limbs = 2.0 * sum(mass for _, _, mass, _ in _LIMB_MASSES)
    centre += (1.0 - _PELVIS - _HEAD - limbs) * (0.4 * at("spine") + 0.25 * at("chest") + 0.35 * at("neck"))
    for side in SIDES:
        for near, far, mass, share in _LIMB_MASSES:
            centre += mass * ((1.0 - share) * at(f"{side}_{near}") + share * at(f"{side}_{far}"))
    return centre


@dataclass(frozen=True)
class Flight:
    """When a gymnast is in the air.

    Attributes
    ----------
    takeoff, landing
        Phases.
    seconds
        Of the whole cycle.
    """

    takeoff: float
    landing: float
    seconds: float

    @property
    def hang(self) -> float:
        """Seconds in the air."""
        return (self.landing - self.takeoff) * self.seconds

    def pose(self, poses: Callable[[float], Pose], phase: float, body: float) -> Pose:
        """Return the pose at a phase, lifted so that the centre of mass falls freely between both contacts.

        Parameters
        ----------
        poses
            The pose by phase, right at take-off and landing, and right in between but for the place.
        phase
            0 to 1.
        body
            Scale of the body that will be drawn: a smaller one leaps higher for its size in the same time.
        """
        pose = poses(phase)
        if not self.takeoff < phase < self.landing:
            return pose
        first, last = (centre_of_mass(poses(moment)) for moment in (self.takeoff, self.landing))
        part = (phase - self.takeoff) / (self.landing - self.takeoff)
        centre = first + part * (last - first)
        centre[2] += 0.5 * GRAVITY / body * self.hang**2 * part * (1.0 - part)
        return Pose(pose.rotations, pose.root + (centre - centre_of_mass(pose)))
