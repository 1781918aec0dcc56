"""A thin lens that may be tilted and may see a place as a miniature: where it focuses, how it blurs.

The lens lies in the origin and looks along depth z. It is tilted by an angle a about the sensor's
horizontal axis (the Scheimpflug principle: plane of focus, lens plane and sensor plane then meet in one
line). The miniature scale S says as what model the place is filmed: with S = 200 the picture is that of a
model 1 : 200 of the place, seen by the real lens from 1 / 200 of the distance. Lengths of the place are
true metres, lengths of the lens and the sensor are those of the real lens.

Sources: J. Scheimpflug, British patent 1196 (1904); M. Potmesil and I. Chakravarty, "A lens and aperture
camera model for synthetic image generation", SIGGRAPH 1981 (the circle of confusion without tilt).
"""

from __future__ import annotations

import math
from typing import Any

from .array_module import array_module


class LensError(ValueError):
    """A lens that cannot be built, or a picture it cannot be put before."""


def _require_positive(**quantities: float) -> None:
    for name, value in quantities.items():
        if not (math.isfinite(value) and value > 0):
            raise LensError(f"{name.replace('_', ' ')} is {value:g}; it must be greater than zero")


def aperture_diameter(focal: float, f_number: float) -> float:
    """Return the diameter of the lens's opening, D = f / N.

    Parameters
    ----------
    focal
        Focal length f in metres.
    f_number
        f-number N, 1.4 for f/1.4.

    Returns
    -------
    float
        Metres.

    Raises
    ------
    LensError
        One of them is not greater than zero.
    """
    _require_positive(focal_length=focal, f_number=f_number)
    return focal / f_number


def equivalent_f_number(f_number: float, scale: float) -> float:
    """Return the f-number that would blur the place at true size as its miniature is blurred.

    Seen from S times as far, the same picture needs an opening S times as wide: N / S. A miniature 1 : 200
    at f/1.4 looks like the true place at f/0.007, which no lens has; that is why it looks small.

    Parameters
    ----------
    f_number
        f-number of the lens before the miniature.
    scale
        Miniature scale S, 1 for none.

    Returns
    -------
    float
        f-number before the true place.

    Raises
    ------
    LensError
        One of them is not greater than zero.
    """
    _require_positive(f_number=f_number, scale=scale)
    return f_number / scale


def hinge_height(focal: float, scale: float, tilt: float) -> float:
    """Return where the plane of focus meets the plane through the lens parallel to the sensor.

    All planes of focus of one tilt hinge on this line whatever the focus (Merklinger's hinge rule), at
    h = S f / sin a along the camera's up axis.

    Parameters
    ----------
    focal
        Focal length f in metres.
    scale
        Miniature scale S.
    tilt
        Tilt a in radians.

    Returns
    -------
    float
        Metres of the true place above the lens, negative below it, infinite without tilt.

    Raises
    ------
    LensError
        Focal length or scale is not greater than zero.
    """
    _require_positive(focal_length=focal, scale=scale)
    return scale * focal / math.sin(tilt) if tilt else math.inf


def image_distance(focal: float, scale: float, tilt: float, focus_distance: float) -> float:
    """Return the distance from lens to sensor that focuses the middle of the picture.

    1 / v = cos a / f - S / z: the thin lens equation for the point at depth z on the camera's axis.

    Parameters
    ----------
    focal
        Focal length f in metres.
    scale
        Miniature scale S, 1 for none.
    tilt
        Tilt a in radians.
    focus_distance
        Depth z in metres of the true place; infinity is allowed.

    Returns
    -------
    float
        Image distance v in metres.

    Raises
    ------
    LensError
        A quantity is out of range, or the focus is nearer than the lens can focus (S f / cos a).
    """
    _require_positive(focal_length=focal, scale=scale)
    if not abs(tilt) < math.pi / 2:
        raise LensError(f"tilt is {math.degrees(tilt):g} deg; it must lie between -90 and 90 deg")
    nearest = scale * focal / math.cos(tilt)
    if not focus_distance > nearest:
        raise LensError(
            f"focus at {focus_distance:g} m is too near: a lens of {focal * 1000:g} mm at miniature scale"
            f" {scale:g} focuses only beyond {nearest:.3g} m; focus farther away or lower the scale"
        )
    return 1 / (math.cos(tilt) / focal - scale / focus_distance)


def focal_length(image_distance: float, scale: float, tilt: float, focus_distance: float) -> float:
    """Return the focal length that focuses a place through a given image distance.

    The inverse of `image_distance`, f = cos a / (1 / v + S / z): a camera whose framing is fixed focuses by
    its focal length.

    Parameters
    ----------
    image_distance
        Lens to sensor v in metres, which frames the picture.
    scale
        Miniature scale S, 1 for none.
    tilt
        Tilt a in radians.
    focus_distance
        Depth z in metres of the true place; infinity is allowed.

    Returns
    -------
    float
        Focal length f in metres.

    Raises
    ------
    LensError
        A quantity is out of range.
    """
    _require_positive(image_distance=image_distance, scale=scale)
    if not focus_distance > 0:
        raise LensError(f"focus distance is {focus_distance:g}; it must be greater than zero")
    if not abs(tilt) < math.pi / 2:
        raise LensError(f"tilt is {math.degrees(tilt):g} deg; it must lie between -90 and 90 deg")
    return math.cos(tilt) / (1 / image_distance + scale / focus_distance)


def circle_of_confusion(
    depth: Any,
    *,
    focal: float,
    image_distance: float,
    aperture: float,
    scale: float,
    tilt: float,
    sensor_width: float,
) -> Any:
    """Return the signed radius in pixels of every pixel's circle of confusion.

    The circle's diameter on the sensor is c = D [1 + S v / z - (v cos a + y sin a) / f] with y the pixel's
    height on the sensor; c = 0 is the plane of focus, c > 0 lies before it. Without tilt this is Potmesil
    and Chakravarty's formula. It follows from where the rays of one pixel, bent by a thin lens of normal
    (0, sin a, cos a), meet; the ellipse that a tilted circle makes is taken as a circle (cos a near 1).

    Parameters
    ----------
    depth
        (H, W) float, NumPy or CuPy: planar depth z in metres of the true place, greater than zero;
        infinity is the sky.
    focal
        Focal length f in metres.
    image_distance
        Lens to sensor v in metres, see `image_distance`. The camera that renders the picture has this as
        its focal length.
    aperture
        Diameter D of the lens's opening in metres, see `aperture_diameter`.
    scale
        Miniature scale S, 1 for none.
    tilt
        Tilt a in radians.
    sensor_width
        Width in metres of the sensor, that the picture's width W covers.

    Returns
    -------
    ndarray
        (H, W) float32, pixels, positive before the plane of focus, negative behind it.

    Raises
    ------
    LensError
        A quantity is out of range, or a depth is NaN, zero or negative.
    """
    xp = array_module(depth)
    if depth.ndim != 2 or 0 in depth.shape:
        raise LensError(f"depth must be a picture of one channel (height, width), not {tuple(depth.shape)}")
    _require_positive(
        focal_length=focal,
        image_distance=image_distance,
        aperture=aperture,
        scale=scale,
        sensor_width=sensor_width,
    )
    if not bool((depth > 0).all()):  # NaN fails the comparison too
        raise LensError("depth has pixels that are NaN, zero or negative; give the sky infinite depth")
    height, width = depth.shape
    pixels_per_metre = width / sensor_width
    up = (0.5 * height - 0.5 - xp.arange(height)) / pixels_per_metre
    row = 1 - (image_distance * math.cos(tilt) + up * math.sin(tilt)) / focal
    factor = 0.5 * aperture * pixels_per_metre
    near = xp.divide(xp.float32(factor * scale * image_distance), depth, dtype=xp.float32)
    return near + (factor * row).astype(xp.float32)[:, None]
