"""What the cameras of a film see, and from how near.

A film's cameras are known beforehand, so each thing of the place can be built as finely as the nearest camera
that ever has it in its picture asks for, and what no shot shows can be left out. That things hide others is
left aside: who is behind a wall in one picture is before it in the next.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class FilmViews:
    """The cameras of a film at V moments.

    Attributes
    ----------
    places : (V, 3) float64, metres
    forward, right, up : (V, 3) float64, of length 1
        Where a camera looks, and what is to the right and up in its picture.
    half_tangent : (V, 2) float64
        How far the picture reaches to the side and up, a metre before the camera: half its width and half its
        height there, metres.
    """

    places: Floats
    forward: Floats
    right: Floats
    up: Floats
    half_tangent: Floats

    def __len__(self) -> int:
        """Return how many moments there are."""
        return len(self.places)


def joined(views: Sequence[FilmViews]) -> FilmViews:
    """Return the moments of some views one after another; of none, views that see nothing."""
    return FilmViews(
        *(
            np.concatenate([np.zeros((0, width)), *(getattr(each, name) for each in views)])
            for name, width in (("places", 3), ("forward", 3), ("right", 3), ("up", 3), ("half_tangent", 2))
        )
    )


def nearest(
    views: FilmViews, places: npt.ArrayLike, margin: float = 0.0, as_if: float | None = None
) -> Floats:
    """Return how far each place is from the nearest camera that has it in its picture.

    Parameters
    ----------
    views : FilmViews
    places : (N, 3) array, metres
    margin : float
        Metres: the radius of a ball about each place, which is seen where any of it is. It also covers what
        lies between two moments of a moving camera.
    as_if : float, optional
        Distances are those at which a lens that reaches so far to the side, over the distance, would show
        things as large: half of that from a lens twice as long. The true ones, unless given.

    Returns
    -------
    (N,) float64
        Metres from the camera to the place; infinite where no camera sees it.

    Raises
    ------
    ValueError
        If `margin` is below 0, or `places` are not rows of three.
    """
    points = np.asarray(places, np.float64)
    if margin < 0:
        raise ValueError(f"the margin is {margin:g} m; it must be 0 m or more")
    if points.ndim != 2 or points.shape[1] != 3:
        raise ValueError(f"places must be rows of x, y and z, not an array of shape {points.shape}")
    found = np.full(len(points), np.inf)
    # The picture's sides are slanted planes: a ball touches one when its middle is this far outside, measured
    # along the picture.
    slant = margin * np.sqrt(1.0 + views.half_tangent**2)
    for view in range(len(views)):
        away = points - views.places[view]
        ahead = away @ views.forward[view]
        seen = ahead > -margin
        for side, axis in enumerate((views.right[view], views.up[view])):
            reach = ahead * views.half_tangent[view, side] + slant[view, side]
            seen &= np.abs(away @ axis) <= reach
        distance = np.sqrt(np.einsum("nk,nk->n", away, away))
        if as_if is not None:
            distance *= views.half_tangent[view].max() / as_if
        np.minimum(found, distance, out=found, where=seen)
    return found
