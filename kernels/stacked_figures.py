"""Acrobats who stand on others: pyramids and towers, each group's people with the height they stand at."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .places import TOLERANCE, FormationError, Places, check_request, from_viewer

STACKS = ("wall", "pyramid", "tower")
"""Figures of acrobats.

wall
    One row: each stands on the shoulders of two, one fewer in each row above.
pyramid
    A square: each stands on four, one row and column fewer in each layer above.
tower
    Each on the shoulders of one, `base` high.
"""

SHOULDER_HEIGHT = 1.4
"""Metres from one standing person's feet to those of who stands on their shoulders."""

BEARER_SPACING = 0.55
"""Metres between two who bear somebody together: shoulder to shoulder."""


class Stacked(NamedTuple):
    """Where acrobats stand, and on whom.

    Attributes
    ----------
    places
        Shape (N, 2), metres on the field.
    height
        Shape (N,), metres of the feet above the ground; 0 for those who stand on it.
    level
        Shape (N,), int64: how many bear each other below this person.
    group
        Shape (N,), int64: which figure of all, from the nearest on and from the viewer's left.
    bearers
        Shape (N, 4), int64: the indices of those below on whom this person stands; -1 where there is none.
    """

    places: Places
    height: NDArray[np.float64]
    level: NDArray[np.int64]
    group: NDArray[np.int64]
    bearers: NDArray[np.int64]


def stacked(
    count: int,
    base: int = 3,
    stack: str = "wall",
    columns: int | None = None,
    spacing: float = 3.0,
    *,
    step: float = SHOULDER_HEIGHT,
    between: float = BEARER_SPACING,
) -> Stacked:
    """Build as many equal figures of acrobats as there are people for; the last has who is left.

    Parameters
    ----------
    count
        People. A last figure that is not complete is built from the ground up, nobody without bearers.
    base
        People in the lowest row of a wall, in each lowest row of a pyramid, or in a tower in all.
    stack
        One of `STACKS`.
    columns
        Figures side by side. None: as square as can be.
    spacing
        Metres that are free between the outermost people of two figures.
    step
        Metres from one level's feet to the next one's.
    between
        Metres between two who stand beside each other in a figure.

    Returns
    -------
    Stacked
        Figure by figure, in each from the ground up. The middle of all is the field's centre.

    Raises
    ------
    FormationError
        If a number is out of range.
    """
    check_request(count, spacing)
    if stack not in STACKS:
        raise FormationError(f"acrobats stand as {', '.join(STACKS)}, not {stack!r}", asked=count)
    lengths = all(0 < metres < np.inf for metres in (step, between))
    if base < 1 or (columns is not None and columns < 1) or not lengths:
        raise FormationError(
            "acrobats need a base and columns of 1 or more, a positive step and room beside each other",
            asked=count,
        )
    if spacing < between - TOLERANCE:
        raise FormationError(
            f"figures {spacing:g} m apart are nearer than their own people, {between:g} m", asked=count
        )
    place, level, bearers = _figure(base, stack, between)
    each = len(place)
    groups = -(-count // each)
    columns = min(columns or int(np.ceil(np.sqrt(groups))), groups)
    pitch = np.ptp(place, axis=0) + spacing
    group = np.arange(count) // each
    rank = np.arange(count) % each
    row, column = np.divmod(np.arange(groups), columns)
    held = np.where(row == row[-1], groups - row[-1] * columns, columns)
    right = (column - (held - 1) / 2.0) * pitch[0]
    up = (row - row[-1] / 2.0) * pitch[1]
    places = from_viewer(right[group] + place[rank, 0], up[group] + place[rank, 1])
    below = np.where(bearers[rank] < 0, -1, bearers[rank] + (group * each)[:, None])
    height: NDArray[np.float64] = np.asarray(level[rank] * step, dtype=np.float64)
    return Stacked(places, height, level[rank], group, below)


def _figure(
    base: int, stack: str, between: float
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]:
    """Return one figure's places right and up (K, 2), levels (K,) and bearers (K, 4), from the ground up."""
    if stack == "tower":
        level = np.arange(base)
        return np.zeros((base, 2)), level, np.column_stack([level - 1, *[np.full(base, -1)] * 3])
    deep = stack == "pyramid"
    places, levels, bearers = [], [], []
    first = 0
    for floor in range(base):
        side = base - floor
        row, column = np.divmod(np.arange(side * side if deep else side), side)
        middle = (side - 1) / 2.0
        places.append(np.column_stack([column - middle, row - middle if deep else row]) * between)
        levels.append(np.full(len(row), floor))
        wider = side + 1
        former = first - (wider * wider if deep else wider)
        near = former + row * wider + column
        behind = near + wider
        below = [near, near + 1, behind, behind + 1] if deep else [near, near + 1, near * 0 - 1, near * 0 - 1]
        bearers.append(np.column_stack(below) if floor else np.full((len(row), 4), -1))
        first += len(row)
    return np.concatenate(places), np.concatenate(levels), np.concatenate(bearers)
