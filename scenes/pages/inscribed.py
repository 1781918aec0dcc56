"""The upright rectangles that lie wholly within an outline: where a picture can be seen uncut."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

_CELLS, _FINER = 128, 8


def largest_rectangles(outline: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    """Return the rectangles within an outline that cannot grow to any side.

    Parameters
    ----------
    outline : ndarray of float, shape (n, 2)
        A polygon in the unit square.

    Returns
    -------
    ndarray of float64, shape (m, 4)
        Each one's left, bottom, right and top, to 1/128; the whole square where there are none.
    """
    side = _CELLS * _FINER
    image = Image.new("1", (side, side))
    ImageDraw.Draw(image).polygon([(x, y) for x, y in (outline * side - 0.5).tolist()], fill=1)
    inside = np.asarray(image).reshape(_CELLS, _FINER, _CELLS, _FINER).all(axis=(1, 3))
    found: dict[tuple[int, int, int, int], None] = {}
    # As many cells below each one of a line are inside: rectangles are found under that skyline.
    height = np.zeros(_CELLS, dtype=np.int64)
    for line, row in enumerate(inside):
        height = np.where(row, height + 1, 0)
        open_at: list[tuple[int, int]] = []
        for column, high in enumerate([*height.tolist(), 0]):
            start = column
            while open_at and open_at[-1][1] >= high:
                start, taller = open_at.pop()
                can_grow = line + 1 < _CELLS and inside[line + 1, start:column].all()
                if taller > high and not can_grow:
                    found[start, line + 1 - taller, column, line + 1] = None
            if high:
                open_at.append((start, high))
    if not found:
        return np.array([[0.0, 0.0, 1.0, 1.0]])
    return np.array(list(found)) / _CELLS
