"""People inside a polygon, whose corners are places on the field."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .figure_placing import fill
from .figures import PolygonFigure
from .places import STANDING_SPACING, FormationError, Places, check_request

_LEAST_AREA = 1e-6


def polygon(
    count: int,
    corners: NDArray[np.float64],
    *,
    spacing: float = STANDING_SPACING,
    placing: str = "even",
) -> Places:
    """Fill a polygon with people.

    Parameters
    ----------
    count
        People to place.
    corners
        Shape (K, 2), K at least 3, metres on the field (+X east, +Y north); the last is joined to the first.
        Where the outline crosses itself, what it encloses twice is outside.
    spacing
        Least metres between two people.
    placing
        One of `figure_placing.PLACINGS`.

    Returns
    -------
    Places
        Shape (count, 2), metres, all inside; the same for the same arguments.

    Raises
    ------
    FormationError
        If the polygon has no inside, or fewer than `count` fit; `fits` says how many.
    """
    check_request(count, spacing)
    outline = np.asarray(corners, dtype=np.float64)
    if outline.ndim != 2 or outline.shape[1] != 2 or len(outline) < 3 or not np.isfinite(outline).all():
        raise FormationError("a polygon needs 3 corners or more, each two numbers of metres", asked=count)
    size = np.ptp(outline, axis=0)
    figure = PolygonFigure(outline[:, [1, 0]] * [-1.0, 1.0]) if size.min() > 0 else None
    if figure is None or figure.area < _LEAST_AREA or _enclosed(outline) < _LEAST_AREA:
        raise FormationError(
            f"the polygon of {len(outline)} corners has no inside: they lie on one line", asked=count, fits=0
        )
    right, up = (fill(figure, count, spacing, placing) + figure.middle).T
    return np.stack([up, -right], axis=1)


def _enclosed(corners: NDArray[np.float64]) -> float:
    """Return the largest triangle that the first two different corners make with another."""
    far = np.hypot(*(corners - corners[0]).T)
    along = corners[int(far.argmax())] - corners[0]
    across = (corners[:, 0] - corners[0, 0]) * along[1] - (corners[:, 1] - corners[0, 1]) * along[0]
    return float(np.abs(across).max()) / 2.0
