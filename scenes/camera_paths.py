"""Where a shot's camera is, what it looks at and how it is turned, at any progress of the shot.

The one place where a show's camera moves become places in the stadium; `kernels.camera_moves` has their
mathematics. X points east, Y north, Z up; metres and radians.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ..kernels import camera_moves
from .schema_film import LookDown, Orbit

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from .schema_film import Shot
    from .seats import SeatMap

    Floats = NDArray[np.float64]

SENSOR_WIDTH = 0.036
"""Width of the film in the camera, metres; it lies along the longer side of the picture."""

_ABOVE_FEET = 1.0
_DOWN = (0.0, 0.0, -1.0)
#: A camera that looks down has east up, so that the card section lies at the top of its picture.
_EAST_UP = -np.pi / 2


@dataclass(frozen=True, eq=False)
class CameraPath:
    """A shot's camera at F moments.

    Attributes
    ----------
    places : ndarray of float64, shape (F, 3)
        Metres.
    targets : ndarray of float64, shape (F, 3)
        What is in the middle of the picture, metres; for a camera that looks straight down, the field below.
    rotations : ndarray of float64, shape (F, 3)
        Radians, as from `kernels.camera_moves.look_rotation`; continuous along F.
    lens : float
        Focal length, metres, before a film of `SENSOR_WIDTH`.
    """

    places: Floats
    targets: Floats
    rotations: Floats
    lens: float

    @property
    def right(self) -> Floats:
        """What is to the right in the picture: (F, 3), of length 1."""
        yaw = self.rotations[:, 2]
        return np.stack([np.cos(yaw), np.sin(yaw), np.zeros_like(yaw)], -1)

    @property
    def up(self) -> Floats:
        """What is up in the picture: (F, 3), of length 1."""
        pitch, yaw = self.rotations[:, 0], self.rotations[:, 2]
        return np.stack([-np.sin(yaw) * np.cos(pitch), np.cos(yaw) * np.cos(pitch), np.sin(pitch)], -1)

    @property
    def forward(self) -> Floats:
        """Where the camera looks: (F, 3), of length 1."""
        pitch, yaw = self.rotations[:, 0], self.rotations[:, 2]
        return np.stack([-np.sin(yaw) * np.sin(pitch), np.cos(yaw) * np.sin(pitch), -np.cos(pitch)], -1)


def middle_of(seats: SeatMap) -> Floats:
    """Return the middle of a card section's seats, a metre above the feet: (3,), metres."""
    middle: Floats = seats.places[seats.taken].mean(axis=0) + np.array([0.0, 0.0, _ABOVE_FEET])
    return middle


def place_of(where: str | tuple[float, float, float], middle: ArrayLike) -> Floats:
    """Return the place that a camera's ``look_at``, or a lens's ``focus``, names.

    Parameters
    ----------
    where : "card_section", "field" or (x, y, z) in metres
    middle : (3,) array, metres
        The place of the card section, see `middle_of`.

    Returns
    -------
    ndarray of float64, shape (3,)
        Metres.

    Raises
    ------
    ValueError
        If there is no place of that name.
    """
    if not isinstance(where, str):
        return np.array(where, np.float64)
    if where == "card_section":
        return np.array(middle, np.float64)
    if where == "field":
        return np.array([0.0, 0.0, _ABOVE_FEET])
    raise ValueError(f"no place is called {where!r}; there are 'card_section' and 'field'")


def camera_places(shot: Shot, progress: ArrayLike) -> Floats:
    """Return where a shot's camera stands; for this nobody needs to know what it looks at.

    Parameters
    ----------
    shot : Shot
    progress : float or (F,) array, 0 to 1
        As `scenes.timeline` has it for each frame.

    Returns
    -------
    ndarray of float64, shape (F, 3)
        Metres; F is 1 for a number.
    """
    move, part = shot.camera.move, np.atleast_1d(np.asarray(progress, np.float64))
    if isinstance(move, Orbit):
        return camera_moves.orbit(
            part,
            centre=(0.0, 0.0, 0.0),
            height=move.height,
            radius=move.radius,
            start=move.from_,
            end=move.to,
        )
    if isinstance(move, LookDown):
        return camera_moves.push(part, start=(*move.from_, move.height), end=(*move.to, move.height))
    return camera_moves.push(part, start=move.from_, end=move.to)


def camera_path(shot: Shot, progress: ArrayLike, middle: ArrayLike) -> CameraPath:
    """Return a shot's camera at some progress of the shot.

    Parameters
    ----------
    shot : Shot
    progress : float or (F,) array, 0 to 1
        As `scenes.timeline` has it for each frame.
    middle : (3,) array, metres
        The place of the card section, see `middle_of`.

    Returns
    -------
    CameraPath
        Of F moments; of one for a number.
    """
    move, places = shot.camera.move, camera_places(shot, progress)
    if isinstance(move, LookDown):
        turn = _EAST_UP + move.turn * camera_moves.ease(np.atleast_1d(progress))
        rotations = camera_moves.look_rotation(np.broadcast_to(_DOWN, places.shape), turn)
        return CameraPath(places, places * [1.0, 1.0, 0.0], rotations, float(shot.lens))
    target = place_of(move.look_at, middle)
    rotations = camera_moves.look_rotation(target - places)
    return CameraPath(places, np.broadcast_to(target, places.shape), rotations, float(shot.lens))
