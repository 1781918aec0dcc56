"""What a show's film sees: its cameras at moments that stand for all of each shot."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..kernels.film_views import FilmViews, joined
from .camera_paths import SENSOR_WIDTH, camera_path, camera_places, middle_of
from .seats import seat_map

if TYPE_CHECKING:
    from .load import LoadedShow
    from .schema_film import Shot

STATIONS = 24
"""Moments of a shot at which its camera is looked through, at least."""
_STRIDE = 6.0
_MOST = 120


def stations(shot: Shot) -> int:
    """Return at how many moments to look through a shot's camera: `STATIONS`, more on a long way."""
    way = camera_places(shot, np.linspace(0.0, 1.0, STATIONS))
    length = float(np.linalg.norm(np.diff(way, axis=0), axis=1).sum())
    return int(np.clip(np.ceil(length / _STRIDE), STATIONS, _MOST))


def half_tangent(size: tuple[int, int], lens: float) -> tuple[float, float]:
    """Return how far a picture reaches to the side and up from its middle, over the distance.

    Parameters
    ----------
    size : (width, height) in pixels
    lens : float
        Focal length, metres, before a film of `SENSOR_WIDTH` along the picture's longer side.
    """
    width, height = size
    unit = SENSOR_WIDTH / 2 / lens / max(width, height)
    return width * unit, height * unit


def film_views(loaded: LoadedShow) -> FilmViews:
    """Return the cameras of all shots of a show's film, each at `stations` moments of its move.

    Raises
    ------
    scenes.seats.SeatsError
        If the card section, which cameras may look at, has no seats that can be used.
    """
    film = loaded.show.film
    middle = middle_of(seat_map(loaded))
    views = []
    for shot in film.shots:
        progress = np.linspace(0.0, 1.0, stations(shot))
        path = camera_path(shot, progress, middle)
        reach = np.tile(half_tangent(film.size, float(shot.lens)), (len(progress), 1))
        views.append(FilmViews(path.places, path.forward, path.right, path.up, reach))
    return joined(views)
