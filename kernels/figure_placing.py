"""The ways in which people fill a figure: a picture's, a polygon's."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .blue_noise_placing import blue_noise
from .centroidal import centroidal
from .even_placing import even
from .figures import Figure
from .places import FormationError

PLACINGS = ("even", "blue_noise", "centroidal")
"""How people fill a figure.

even
    On a hexagonal grid, in rows, evened out along the border.
blue_noise
    Scattered without rows and without clumps; it holds about two thirds of what the others do.
centroidal
    Each in the middle of their own part of the figure, without one direction of rows in all of it.
"""


def fill(figure: Figure, count: int, spacing: float, placing: str = "even") -> NDArray[np.float64]:
    """Fill a figure with an exact number of people.

    Parameters
    ----------
    figure
    count
        People, 1 or more.
    spacing
        Least metres between two people.
    placing
        One of `PLACINGS`.

    Returns
    -------
    ndarray of float64
        Shape (count, 2), metres right and up from the figure's middle; the same for the same arguments.

    Raises
    ------
    FormationError
        If fewer than `count` fit, and then `fits` says how many do; or for an unknown placing.
    """
    ways = {"even": even, "blue_noise": blue_noise, "centroidal": centroidal}
    if placing not in ways:
        raise FormationError(f"people are placed {', '.join(PLACINGS)}, not {placing!r}", asked=count)
    return ways[placing](figure, count, spacing)
