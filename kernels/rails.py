"""Lines on the field that people walk along, one behind the other: follow the leader."""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FITS = 0.01
"""Metres by which the ends of a walk along a rail may miss a person's places."""


_TURN = 0.5  # metres before a corner, and behind it, over which people turn


class RailError(ValueError):
    """Rails that nobody can walk along."""


@dataclass(frozen=True, eq=False)
class Rails:
    """Lines of straight pieces, and who walks along which stretch of them to which set.

    Attributes
    ----------
    points
        Shape (P, 2), float64 metres: the corners of all rails, laid end to end.
    along
        Shape (P,), float64 metres, rising strictly: how far along each corner is. Between the last corner of
        one rail and the first of the next, where nobody walks, it may rise by any amount.
    begin, end
        Shape (S, N), float64 metres along: where the walk to each set begins and ends. NaN in `begin` for
        walks that need no rail; of set 0 nothing is read.

    Raises
    ------
    RailError
        If shapes do not fit, `along` does not rise, or a number that is read is not finite or off the rails.
    """

    points: NDArray[np.float64]
    along: NDArray[np.float64]
    begin: NDArray[np.float64]
    end: NDArray[np.float64]

    def __post_init__(self) -> None:
        count = len(self.along)
        if self.points.shape != (count, 2) or self.along.ndim != 1 or count < 2:
            raise RailError(
                f"rails need two corners or more, (P, 2) and (P,), not {self.points.shape} "
                f"and {self.along.shape}"
            )
        if self.begin.ndim != 2 or self.begin.shape != self.end.shape:
            raise RailError(
                f"begin and end must be (sets, people) both, not {self.begin.shape} and {self.end.shape}"
            )
        if not (np.isfinite(self.points).all() and np.isfinite(self.along).all()):
            raise RailError("the corners of rails must be finite numbers of metres")
        if (np.diff(self.along) <= 0).any():
            raise RailError("`along` must rise from each corner to the next")
        walked = self.walked
        ends = np.concatenate([self.begin[walked], self.end[walked]])
        if not ((ends >= self.along[0] - 1e-9) & (ends <= self.along[-1] + 1e-9)).all():
            raise RailError(f"walks must begin and end on the rails, {self.along[0]:g} to {self.along[-1]:g}")

    @property
    def walked(self) -> NDArray[np.bool_]:
        """Shape (S, N): who walks along a rail to which set."""
        walked = ~np.isnan(self.begin)
        walked[:1] = False
        return walked

    def places(self, along: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return x and y some metres along the rails; any shape."""
        return np.interp(along, self.along, self.points[:, 0]), np.interp(
            along, self.along, self.points[:, 1]
        )

    def looks(self, along: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the heading some metres along the rails, radians, unwrapped; any shape."""
        looks: NDArray[np.float64] = np.interp(along, *self.turns)
        return looks

    @functools.cached_property
    def turns(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Metres along, and headings there, between which people turn evenly; shape (2 P - 2,) both.

        Two for each straight piece: where the turn round the corner before it ends, at most `_TURN` behind
        that, and where that round the next one begins.
        """
        pieces, length = np.diff(self.points, axis=0), np.diff(self.along)
        heading = np.unwrap(np.arctan2(pieces[:, 1], pieces[:, 0]))
        room = np.minimum(_TURN, length / 2.0)
        along = np.stack([self.along[:-1] + room, self.along[1:] - room], axis=1).ravel()
        # Half-way along a short piece both are one; rounding must not put them in the wrong order.
        return np.maximum.accumulate(along), np.repeat(heading, 2)
