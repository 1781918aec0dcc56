"""The field on a page: which part of it, where points of it lie, as it is seen from the main stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ...kernels.places import FIELD_HALF_X, FIELD_HALF_Y
from .lettering import A4

PAGE = A4[1], A4[0]
BODY = 44.0, 40.0, 630.0, 486.0
"""Left, bottom, width and height on the page of the part that a chart of the field may take, in points."""
_EDGE_ROOM = 0.5  # metres around the part of the field that a page shows
_BEYOND = 1e9

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Window:
    """A part of the field on a page, metres to the right and away as seen from the main stand.

    Attributes
    ----------
    name : str
        "B3"; empty for the whole field.
    left, right, front, back : float
    """

    name: str
    left: float
    right: float
    front: float
    back: float

    @property
    def scale(self) -> float:
        """Points to a metre."""
        wide, deep = self.right - self.left, self.back - self.front
        return min(BODY[2] / (wide + 2 * _EDGE_ROOM), BODY[3] / (deep + 2 * _EDGE_ROOM))

    def on_page(self, places: npt.NDArray[np.floating[Any]]) -> Array:
        """Return points on the page of (…, 2) metres right and away."""
        middle = np.array([self.left + self.right, self.front + self.back]) / 2.0
        centre = np.array([BODY[0] + BODY[2] / 2.0, BODY[1] + BODY[3] / 2.0])
        points: Array = (np.asarray(places, np.float64) - middle) * self.scale + centre
        return points

    def holds(self, places: Array) -> npt.NDArray[np.bool_]:
        """Tell which of (N, 2) places are in it; the last window of a row has its right edge, too."""
        right, back = (
            bound if bound < most else _BEYOND
            for bound, most in ((self.right, FIELD_HALF_Y - 1e-6), (self.back, FIELD_HALF_X - 1e-6))
        )
        left, front = (
            bound if bound > -most else -_BEYOND
            for bound, most in ((self.left, FIELD_HALF_Y - 1e-6), (self.front, FIELD_HALF_X - 1e-6))
        )
        inside: npt.NDArray[np.bool_] = (places >= [left, front]).all(axis=1) & (places < [right, back]).all(
            axis=1
        )
        return inside


WHOLE = Window("", -FIELD_HALF_Y, FIELD_HALF_Y, -FIELD_HALF_X, FIELD_HALF_X)


def windows(parts: int) -> list[Window]:
    """Cut the field into sectors: A1 is front left, letters go away from the main stand."""
    across, deep = (
        np.linspace(-FIELD_HALF_Y, FIELD_HALF_Y, parts + 1),
        np.linspace(-FIELD_HALF_X, FIELD_HALF_X, parts + 1),
    )
    return [
        Window(
            f"{chr(ord('A') + row)}{column + 1}",
            *(float(bound) for bound in (*across[column : column + 2], *deep[row : row + 2])),
        )
        for row in range(parts)
        for column in range(parts)
    ]


def seen(places: npt.NDArray[np.floating[Any]]) -> Array:
    """Turn metres east and north into metres to the right and away, as seen from the main stand."""
    return np.stack([-places[..., 1], places[..., 0]], axis=-1).astype(np.float64)
