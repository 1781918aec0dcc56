"""People in the shape of a picture: the figure in it is filled with an exact count."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .figure_placing import fill
from .figures import PictureFigure
from .places import (
    LARGEST_RADIUS,
    STANDING_SPACING,
    FormationError,
    Places,
    check_request,
    from_viewer,
)


def mask(
    count: int,
    picture: NDArray[np.generic],
    width: float,
    *,
    spacing: float = STANDING_SPACING,
    placing: str = "even",
) -> Places:
    """Fill the figure in a picture with people.

    Parameters
    ----------
    count
        People to place.
    picture
        Shape (H, W), row 0 at the top; bool, or a coverage of 0 to 1: the figure is where it is 0.5 or more.
        It lies on the field upright to a camera in the west: its top is east, its right south.
    width
        Width of the whole picture on the field, metres.
    spacing
        Least distance between two people, metres.
    placing
        One of `figure_placing.PLACINGS`.

    Returns
    -------
    Places
        Shape (count, 2), metres; the same for the same arguments.

    Raises
    ------
    FormationError
        If the picture has no figure or `width` is not positive, or if fewer than `count` people fit; then
        `fits` says how many do.
    """
    check_request(count, spacing)
    coverage = np.asarray(picture, dtype=np.float64)
    if coverage.ndim != 2 or not coverage.size:
        raise FormationError(f"a mask must be an (H, W) picture, not {coverage.shape}", asked=count)
    if not 0 < width < float("inf"):
        raise FormationError(f"the width must be a positive number of metres, not {width}", asked=count)
    if not (coverage >= 0.5).any():
        raise FormationError("the picture is empty: nothing in it to stand on", asked=count, fits=0)
    return from_viewer(*fill(PictureFigure(coverage, width), count, spacing, placing).T)


def star(
    count: int,
    points: int = 5,
    radius: float | None = None,
    *,
    inner: float = 0.45,
    spacing: float = STANDING_SPACING,
) -> Places:
    """Fill a star polygon with people; one point is away from the viewer in the west.

    Parameters
    ----------
    count
        People to place.
    points
        Points of the star, 3 or more.
    radius
        From the centre to a point, metres. None: the smallest that holds everyone, up to `LARGEST_RADIUS`.
    inner
        Radius of the notches between the points, as a share of `radius`.
    spacing
        Least distance between two people, metres.

    Returns
    -------
    Places
        Shape (count, 2), metres.

    Raises
    ------
    FormationError
        If the numbers make no star, or fewer than `count` people fit.
    """
    check_request(count, spacing)
    if points < 3 or not 0 < inner < 1 or not (radius is None or radius > 0):
        raise FormationError(
            f"a star needs 3 points or more, an inner share between 0 and 1 and a positive radius,"
            f" not {points}, {inner} and {radius}",
            asked=count,
        )
    picture = _star_picture(points, inner)
    if radius is not None:
        return mask(count, picture, 2.0 * radius, spacing=spacing)
    # A hexagonal grid gives each person √3/2 of a square; what the border wastes is found by growing.
    radius = spacing * float(np.sqrt(count * np.sqrt(0.75) / (points * inner * np.sin(np.pi / points))))
    while radius < LARGEST_RADIUS:
        try:
            return mask(count, picture, 2.0 * radius, spacing=spacing)
        except FormationError:
            radius = 1.03 * radius + 0.1 * spacing
    return mask(count, picture, 2.0 * LARGEST_RADIUS, spacing=spacing)


def _star_picture(points: int, inner: float) -> NDArray[np.float64]:
    """Draw a star whose points touch the picture's inscribed circle; a cell's share says how far it is in."""
    side = 1024
    across = (np.arange(side) + 0.5) / side * 2.0 - 1.0
    right, up = across[None, :], -across[:, None]
    # From a point to the next notch the border is one straight line: fold all directions onto that wedge.
    wedge = np.pi / points
    angle = np.abs(np.mod(np.arctan2(right, up) + wedge, 2.0 * wedge) - wedge)
    distance = np.hypot(right, up)
    notch = inner * np.array([np.cos(wedge), np.sin(wedge)])
    normal = np.array([notch[1], 1.0 - notch[0]])
    beyond = distance * (np.cos(angle) * normal[0] + np.sin(angle) * normal[1]) - normal[0]
    # The signed distance from the border in cells gives a border that is finer than the cells.
    coverage = 0.5 - beyond / np.hypot(*normal) * side / 2.0
    shares: NDArray[np.float64] = np.clip(coverage, 0.0, 1.0)
    return shares
