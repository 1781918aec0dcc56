"""Camera moves as closed forms of a shot's progress: where the camera stands, what it looks at.

X points east, Y north, Z up; metres and radians. A move eases in and out a little, as a motion-control rig
does; `ease` is the one curve for all of them.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def ease(progress: npt.ArrayLike) -> Floats:
    """Map progress 0..1 to itself with a softened start and end: half linear, half smoothstep."""
    p = np.asarray(progress, np.float64)
    return 0.5 * p + 0.5 * p * p * (3 - 2 * p)


def orbit(
    progress: npt.ArrayLike, *, centre: npt.ArrayLike, height: float, radius: float, start: float, end: float
) -> Floats:
    """Circle about a place at a height above the field, from one angle to another.

    Parameters
    ----------
    progress : (F,) array, 0 to 1
    centre : (3,) metres; its height is not used
    height, radius : float, metres
    start, end : float, radians, 0 is east and angles grow towards north

    Returns
    -------
    (F, 3) float64, metres
    """
    angle = start + (end - start) * ease(progress)
    middle = np.asarray(centre, np.float64)
    x, y = middle[0] + radius * np.cos(angle), middle[1] + radius * np.sin(angle)
    return np.stack([x, y, np.full_like(x, height)], -1)


def push(progress: npt.ArrayLike, *, start: npt.ArrayLike, end: npt.ArrayLike) -> Floats:
    """Move in a straight line from one place to another: (F, 3) float64, metres."""
    first, last = np.asarray(start, np.float64), np.asarray(end, np.float64)
    return first + (last - first) * ease(progress)[:, None]


def look_rotation(direction: npt.ArrayLike, turn: npt.ArrayLike = 0.0) -> Floats:
    """Return Euler angles of a camera that looks along a direction with its top up.

    Parameters
    ----------
    direction : (F, 3) array, of any length but 0
    turn : (F,) array or float, radians
        Compass turn used where the direction is straight down, 0 has north up.

    Returns
    -------
    (F, 3) float64, radians, for a camera that looks along its -Z with +Y up, in XYZ order (x = pitch from
    straight down, z = yaw); continuous along F.
    """
    d = np.asarray(direction, np.float64)
    flat = np.hypot(d[:, 0], d[:, 1])
    pitch = np.arctan2(flat, -d[:, 2])
    yaw = np.where(flat > 1e-9, np.arctan2(-d[:, 0], d[:, 1]), 0.0) + np.asarray(turn, np.float64)
    return np.stack([pitch, np.zeros_like(pitch), np.unwrap(yaw)], -1)
