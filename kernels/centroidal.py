"""The centroidal placing: everyone in the middle of the part of a figure that is nearest to them.

S. P. Lloyd, "Least squares quantization in PCM", IEEE Transactions on Information Theory 28, 1982; each step
goes further than to the middle, so that fewer are needed (Q. Du, V. Faber and M. Gunzburger, "Centroidal
Voronoi tessellations: applications and algorithms", SIAM Review 41, 1999).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .even_placing import even, push_apart
from .figures import Figure, raster
from .nearest import nearest_place
from .places import TOLERANCE, minimum_distance

_FURTHER = 1.6
_TOO_DENSE = 0.95  # of the distance in a hexagonal grid: from here on only a grid has room
_FEWEST_STEPS = 12
_MOST_STEPS = 60
_STEPS_TIMES_PEOPLE = 600_000
_CELLS_A_PERSON = 16
_MOST_CELLS = 700_000
_FEWEST_CELLS_A_PERSON = 8
_FINE = 1 << 20  # steps that half a figure is long, for who is nearest


def centroidal(figure: Figure, count: int, spacing: float) -> NDArray[np.float64]:
    """Place people in a centroidal Voronoi tessellation of a figure.

    Where there is too little room to keep the spacing so, they stand as `even` places them.

    Parameters
    ----------
    figure
    count
        People, 1 or more.
    spacing
        Least metres between two people.

    Returns
    -------
    ndarray of float64
        Shape (count, 2), metres right and up from the figure's middle; the same for the same arguments.

    Raises
    ------
    FormationError
        If fewer than `count` fit; `fits` says how many.
    """
    # The middles of equal hexagons; nobody's own part of a figure is wider than that everywhere.
    pitch = float(np.sqrt(figure.area / (count * np.sqrt(0.75))))
    if spacing > _TOO_DENSE * pitch:
        return even(figure, count, spacing)
    share = max(min(_CELLS_A_PERSON, _MOST_CELLS / count), _FEWEST_CELLS_A_PERSON)
    middles, inside = raster(figure, float(np.sqrt(figure.area / (count * share))))
    cells = middles[inside]
    # Parts of so few cells have no middles worth moving to.
    if len(cells) < 2 * count:
        return even(figure, count, spacing)
    places = _scattered(figure, cells, count)
    finely = _FINE / float(figure.half.max())
    fine_cells = np.rint(cells * finely).astype(np.int64)
    steps = int(np.clip(_STEPS_TIMES_PEOPLE // count, _FEWEST_STEPS, _MOST_STEPS))
    for step in range(steps):
        owner = nearest_place(fine_cells, np.rint(places * finely).astype(np.int64))
        size = np.bincount(owner, minlength=count)
        total = np.stack([np.bincount(owner, cells[:, axis], count) for axis in range(2)], axis=1)
        middle = np.where(size[:, None] > 0, total / np.maximum(size, 1)[:, None], places)
        # The last steps go to the middle itself, so that nothing swings.
        moved = places + (middle - places) * (_FURTHER if step < steps - 3 else 1.0)
        held = figure.holds(moved)
        nearer = np.where(held[:, None], moved, middle)
        places = np.where((held | figure.holds(middle))[:, None], nearer, places)
    if minimum_distance(places) < spacing - TOLERANCE:
        places = push_apart(figure, places, spacing)
    return places if minimum_distance(places) >= spacing - TOLERANCE else even(figure, count, spacing)


def _scattered(figure: Figure, cells: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    """Scatter people over a figure without clumps, by the first points in it of Roberts' sequence R2."""
    box = 4.0 * float(figure.half[0] * figure.half[1])
    number = int(count * box / figure.area * 1.02) + 32
    found = np.empty((0, 2))
    for _ in range(4):
        index = np.arange(1, number + 1)[:, None]
        points = (
            np.mod(0.5 + index * [0.7548776662466927, 0.5698402909980532], 1.0) * 2.0 - 1.0
        ) * figure.half
        found = points[figure.holds(points)][:count]
        if len(found) == count:
            return found
        number *= 2
    # A figure of hair-thin parts: its cells are known to be in it.
    chosen: NDArray[np.float64] = cells[np.arange(count) * len(cells) // count]
    return chosen
