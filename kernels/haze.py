"""Haze: far things fade to the colour of the air in front of them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from .array_module import array_module

Colour = tuple[float, float, float]


class HazeError(ValueError):
    """A haze that cannot be, or a picture that it cannot be laid over; the message says why."""


@dataclass(frozen=True)
class Air:
    """The air between the camera and things.

    Attributes
    ----------
    towards, side, away : (r, g, b)
        Scene-linear radiance of air without end: towards the sun, square to it, and away from it.
    density : float
        Share of the light that a metre of it takes, 1/m, zero or greater: ln 50 over the visibility.
    """

    towards: Colour
    side: Colour
    away: Colour
    density: float


def hazed(
    image: Any,
    depth: Any,
    *,
    lens: float,
    sensor_width: float,
    air: Air,
    sun: tuple[float, float, float],
) -> Any:
    """Lay the air between the camera and things over a picture.

    By the law of Beer and Lambert a distance s leaves the share t = exp(-density s) of a thing's light, and
    air that is lit alike all along adds 1 - t of its own colour (H. Koschmieder, "Theorie der horizontalen
    Sichtweite", 1924). With c the cosine between the ray and the sun, that colour is the side's, and nears
    the others by c^6 in front of the sun, where haze scatters most, and by c^2 on the other side. The sky
    has its air in it already and stays.

    Parameters
    ----------
    image
        (H, W, 3) float, NumPy or CuPy, scene-linear.
    depth
        (H, W) float of the same library: planar metres, infinite where the sky is.
    lens, sensor_width
        Distance from lens to sensor, and the sensor's width, in one unit.
    air
    sun
        Direction to the sun's place on the horizon, of length 1, along the camera's axes: right, up, forward.

    Returns
    -------
    ndarray
        (H, W, 3) float32; the input itself where there is no haze.

    Raises
    ------
    HazeError
        A density that is negative or not finite, or shapes that do not match.
    """
    if not (math.isfinite(air.density) and air.density >= 0):
        raise HazeError(f"the haze's density is {air.density:g}; it must be zero or greater")
    if image.ndim != 3 or image.shape[2] != 3 or image.shape[:2] != depth.shape:
        raise HazeError(
            f"the picture's shape {tuple(image.shape)} must be the depth's, {tuple(depth.shape)}, and 3"
        )
    if air.density == 0:
        return image
    xp = array_module(image)
    height, width = (int(length) for length in depth.shape)
    pixel = np.float32(sensor_width / width / lens)
    up = (0.5 * (height - 1) - xp.arange(height, dtype=np.float32))[:, None] * pixel
    right = (xp.arange(width, dtype=np.float32) - 0.5 * (width - 1))[None, :] * pixel
    # Metres of ray a metre of depth.
    slant = xp.sqrt(1 + right * right + up * up)
    cosine = (right * np.float32(sun[0]) + up * np.float32(sun[1]) + np.float32(sun[2])) / slant
    there = xp.isfinite(depth)
    distance = xp.where(there, depth, 0).astype(np.float32) * slant
    left = xp.exp(np.float32(-air.density) * distance)[..., None]
    towards, side, away = (xp.asarray(colour, np.float32) for colour in (air.towards, air.side, air.away))
    front, back = xp.maximum(cosine, 0)[..., None] ** 6, xp.maximum(-cosine, 0)[..., None] ** 2
    colour = side + front * (towards - side) + back * (away - side)
    return image.astype(np.float32) * left + (1 - left) * colour
