"""Blur a sharp picture as a lens would, from every pixel's circle of confusion.

The picture is cut into layers by signed radius, which for a thin lens is by depth (for a tilted one too,
within a circle's reach). Each layer is convolved with its disc, and they are laid over one another, the
farthest first. A pixel whose radius lies between two layers belongs to both: the nearer is laid over the
farther with the share that is due to it. What nearer layers hide of a layer is taken from around it: all
shares are those of the visible pixels in reach (a normalised convolution), and where none is in reach, a
pyramid fills in.

Sources: C. Scofield, "2 1/2-D depth-of-field simulation for computer animation", Graphics Gems III, 1992
(layers by depth, each with its own disc); H. Knutsson and C.-F. Westin, "Normalized and differential
convolution", CVPR 1993.
"""

from __future__ import annotations

import importlib
import math
import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import numpy as np

from .array_module import array_module
from .fourier import BAND_LIMITED_BELOW, blur_by_disc, disc_reach, fast_length
from .lens import LensError, circle_of_confusion, image_distance
from .pull_push import fill_holes

if TYPE_CHECKING:
    from types import ModuleType

    from numpy.typing import NDArray

__all__ = ["LensError", "blur", "circle_of_confusion", "image_distance", "layer_radii"]

# Layers at 0, 0.4, 1.1, 2.1, 3.2 … px: the same in all frames, so that no layer creeps through a film.
_FIRST_RADIUS = 0.4
_RADIUS_POWER = 1.5
# Less than this share of a disc in sight says nothing certain about what is hidden.
_SEEN = 0.02
# Above this, a band-limited disc's dark lobes would show beside a light.
_HIGHLIGHT = 1.5
# Tiles that fit the processor's cache; a GPU likes larger ones.
_TILE = 256
_GPU_TILE = 1024


def layer_radii(largest: float) -> NDArray[np.float64]:
    """Return the signed radii of the layers that a picture is cut into.

    Parameters
    ----------
    largest
        Largest radius in pixels, in either direction.

    Returns
    -------
    ndarray
        (2 n + 1,) float64, pixels, rising, symmetric about a zero in the middle; the ends are at least
        `largest`.
    """
    count = max(1, math.ceil((largest / _FIRST_RADIUS) ** (1 / _RADIUS_POWER)))
    radii = _FIRST_RADIUS * np.arange(count + 1.0) ** _RADIUS_POWER
    return np.concatenate([-radii[:0:-1], radii])


def _without_dark_lobes(blurred: Any, layer: Any, radius: float, xp: ModuleType) -> Any:
    """Keep a blurred layer beside lights from falling below all that it was made of.

    blurred, layer: (C, H, W) float32, the first three of them colours. Colours and shares are treated alike.
    """
    if radius >= BAND_LIMITED_BELOW or not bool((layer[:3] > _HIGHLIGHT).any()):
        return blurred
    library = importlib.import_module("scipy.ndimage" if xp is np else "cupyx.scipy.ndimage")
    size = 2 * disc_reach(radius) + 1
    lit = library.maximum_filter(layer[:3].max(0), size=(size, size)) > _HIGHLIGHT
    darkest = library.minimum_filter(layer, size=(1, size, size))
    return xp.where(lit, xp.maximum(blurred, darkest), blurred)


def _lay_over(planes: Any, place: Any, radii: NDArray[np.float64], xp: ModuleType) -> Any:
    """Blur one tile; the outermost pixels, as many as the largest disc reaches, are not to be used.

    planes: (3, H, W) float32. place: (H, W) float32, each pixel's radius as an index into radii.
    """
    margin = disc_reach(float(radii[-1]))
    focus = len(radii) // 2
    first, last = int(xp.floor(place.min())), int(xp.ceil(place.max()))
    picture = None
    seen: Any = None
    for index in range(first, last + 1):
        beyond = place - np.float32(index)
        share = xp.maximum(1 - abs(beyond), 0)
        radius = abs(float(radii[index]))
        unused = margin - disc_reach(radius)
        if not bool(share[unused : share.shape[0] - unused, unused : share.shape[1] - unused].any()):
            continue
        nothing_nearer = index == last
        layer = xp.empty((4 if picture is None or nothing_nearer else 5, *place.shape), np.float32)
        xp.multiply(planes, share, out=layer[:3])
        layer[3] = share
        if len(layer) == 5:
            xp.clip(1 - beyond, 0, 1, out=layer[4])  # all that this layer's pixels or farther ones show
        if radius:
            layer = _without_dark_lobes(blur_by_disc(layer, radius, xp), layer, radius, xp)
        colour, own = layer[:3], layer[3]
        if picture is None:
            seen = own > min(_SEEN, 0.5 * float(own.max()))
            picture = colour / xp.where(seen, own, 1)
            if not bool(seen.all()):
                picture = fill_holes(picture, seen, xp)
        else:
            # Discs shrink towards the focus and reveal nothing; before it they grow, and do.
            if index > focus and not bool(seen.all()):
                picture = fill_holes(picture, seen, xp)
            if not nothing_nearer:
                seen = layer[4] > _SEEN
                weight = seen / xp.maximum(layer[4], _SEEN)
                colour *= weight
                own *= weight
            picture *= 1 - xp.clip(own, 0, 1)
            colour *= (own > 0) / xp.maximum(own, 1)  # where lobes carried the share beyond 0 to 1
            picture += colour
        xp.maximum(picture, 0, out=picture)
    return picture


def _check(image: Any, radius: Any, xp: ModuleType) -> None:
    if image.ndim != 3 or image.shape[2] != 3:
        raise LensError(f"the picture must have the shape (height, width, 3), not {tuple(image.shape)}")
    if radius.shape != image.shape[:2] or 0 in radius.shape:
        raise LensError(
            f"there must be one radius a pixel: the picture is {tuple(image.shape[:2])},"
            f" the radii are {tuple(radius.shape)}"
        )
    if not bool(xp.isfinite(image).all()):
        raise LensError("the picture has pixels that are NaN or infinite")
    if not bool(xp.isfinite(radius).all()):
        raise LensError("some radii are NaN or infinite")


def _processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def blur(image: Any, radius: Any, *, largest: float | None = None, workers: int | None = None) -> Any:
    """Blur each pixel by its circle of confusion, with what lies before it in front.

    The frame ends where the picture ends: what lies outside it is taken to be like its outermost pixels.
    A picture rendered wider by the largest radius on each side and cropped after is truer at its edges.

    Parameters
    ----------
    image
        (H, W, 3) float, NumPy or CuPy: scene-linear colours, zero or greater.
    radius
        (H, W) float, in the same library: signed radius in pixels, positive before the plane of focus,
        as `circle_of_confusion` gives it.
    largest
        Larger radii are taken as this, pixels; a quarter of the picture's height if None.
    workers
        Threads on the processor; as many as there are processors if None. The result does not depend on
        it. Not used on a GPU.

    Returns
    -------
    ndarray
        (H, W, 3) float32, zero or greater, in the library of the input. The picture itself where no
        disc of one pixel's size or more reaches.

    Raises
    ------
    LensError
        Shapes that do not fit each other, or values that are not finite.
    """
    xp = array_module(image, radius)
    _check(image, radius, xp)
    height, width = (int(length) for length in radius.shape)
    limit = max(1.0, height / 4) if largest is None else largest
    if not limit > 0:
        raise LensError(f"the largest radius is {limit:g} px; it must be greater than zero")
    top = min(limit, float(abs(radius).max()))
    radii = layer_radii(top)
    margin = disc_reach(float(radii[-1]))
    tile = max(_TILE if xp is np else _GPU_TILE, 5 * margin)
    tall, wide = (-(-length // max(1, round(length / tile))) for length in (height, width))
    shape = fast_length(tall + 2 * margin), fast_length(wide + 2 * margin)
    corners = [(y, x) for y in range(0, height, tall) for x in range(0, width, wide)]
    pads = tuple(
        (margin, start + size - margin - length)
        for start, size, length in zip(corners[-1], shape, (height, width), strict=True)
    )
    planes = xp.pad(xp.moveaxis(image, -1, 0).astype(np.float32), ((0, 0), *pads), mode="edge")
    signed = xp.pad(xp.clip(radius.astype(np.float32), -top, top), pads, mode="edge")
    rungs, indices = xp.asarray(radii), xp.arange(float(len(radii)))
    result = xp.empty((height, width, 3), np.float32)

    def blur_tile(corner: tuple[int, int]) -> None:
        y, x = corner
        part = slice(y, y + shape[0]), slice(x, x + shape[1])
        place = xp.interp(signed[part], rungs, indices).astype(np.float32)
        blurred = _lay_over(planes[(slice(None), *part)], place, radii, xp)
        inside = blurred[:, margin : margin + tall, margin : margin + wide]
        target = result[y : y + tall, x : x + wide]
        target[...] = xp.moveaxis(inside, 0, -1)[: target.shape[0], : target.shape[1]]

    threads = (workers or _processors()) if xp is np else 1
    if threads == 1 or len(corners) == 1:
        for corner in corners:
            blur_tile(corner)
    else:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(blur_tile, corners))
    return result
