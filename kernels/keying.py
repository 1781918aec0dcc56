"""Keys: the few samples of a film from which all others come out by mixing, within a stated bound.

One pass in time. From the last key on, each value of each person leaves a range of slopes by which the
samples since could have been drawn as a straight line, and every sample narrows that range (the cones of
Sklansky and Gonzalez, "Fast polygonal approximation of digitized curves", Pattern Recognition 12, 1980). A
sample can be the next key while the slope towards it lies in the range of everyone; at the first that cannot,
the one before it is. So what is held in memory is a few numbers a person, however long the film.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .array_module import array_module

ROUNDING = 0.1
"""Share of a bound that is left to what is rounded where the keys are mixed."""

CYCLE_BOUND = 1.0 / 96.0
"""Of a cycle: a fraction of what lies between two poses."""

_PLACE_SHARES = (0.66, 0.66, 0.35)  # of the bound, by x, y and z: a box inside the ball
_REACH = 0.5  # metres from a person's axis to what they hold: how far a turn moves it


class KeyingError(ValueError):
    """Keys that cannot be chosen."""


def gymnast_bounds(error: float) -> NDArray[np.float64]:
    """Return the bounds for states of gymnasts whose places may be off by some metres.

    Parameters
    ----------
    error
        Metres by which anybody's place, and what they hold as they turn, may be off.

    Returns
    -------
    NDArray[np.float64]
        Shape (3, 4), for `choose_keys`: by layer and channel as in `motion.gymnast_states` and, the third
        layer, `costumes.costume_states`.
    """
    place = [share * error for share in _PLACE_SHARES]
    return np.array(
        [
            [*place, error / _REACH],
            [CYCLE_BOUND, 0.0, 0.0, 0.0],
            [0.0, 0.0, 0.0, 1.0 / 255.0],  # colours are replaced, not mixed
        ]
    )


def choose_keys(blocks: Iterable[Any], bounds: NDArray[np.floating[Any]]) -> NDArray[np.int64]:
    """Choose which samples become keys.

    Parameters
    ----------
    blocks
        The states of all samples in order, some at a time: each of shape (F, L, N, 4), NumPy or CuPy.
    bounds
        Shape (L, 4): by how much a value may be off at a sample that is no key, where the values of its two
        keys are mixed as `key_numbers` says. Where it is 0, the value is the same at both keys and at all
        samples between.

    Returns
    -------
    NDArray[np.int64]
        Shape (K,): the samples that are keys, from 0, rising, with the first and the last.

    Raises
    ------
    KeyingError
        If there are no samples, or a bound is negative.
    """
    if not (bounds >= 0).all():
        raise KeyingError(f"bounds are not negative: {bounds.min()}")
    keys: list[int] = []
    sample, stretch, before = -1, None, None
    for block in blocks:
        for state in block:
            sample += 1
            values = _by_channel(state)
            if stretch is None:
                keys.append(0)
                stretch = _Stretch(values, bounds.ravel())
            elif not stretch.reaches(values, sample - keys[-1], len(keys)):
                keys.append(sample - 1)
                stretch = _Stretch(before, bounds.ravel())
                stretch.reaches(values, 1, len(keys))
            before = values
    if not keys:
        raise KeyingError("there are no samples to choose keys from")
    return np.array(keys if keys[-1] == sample else [*keys, sample], dtype=np.int64)


def _by_channel(state: Any) -> Any:
    """Return a state (L, N, 4) as (4 L, N), each channel in one piece."""
    return array_module(state).ascontiguousarray(state.transpose(0, 2, 1)).reshape(-1, state.shape[1])


class _Stretch:
    """What a key allows for the samples after it; they are asked about in turn, until one cannot be a key."""

    def __init__(self, start: Any, bounds: NDArray[np.floating[Any]]) -> None:
        self._start = start
        self._bounds = {channel: float(bound) for channel, bound in enumerate(bounds) if bound}
        self._alike = [channel for channel, bound in enumerate(bounds) if not bound]
        self._slopes: dict[int, tuple[Any, Any]] = {}  # lowest and highest, of what has moved
        self._open = True

    def reaches(self, values: Any, distance: int, number: int) -> bool:
        """Whether the next key can lie here, so many samples after the key of this number, from 1.

        If so, this sample is from now on one of those between.
        """
        if not self._open:
            return False
        if any(bool((values[channel] != self._start[channel]).any()) for channel in self._alike):
            # The next sample can be a key whatever it holds; but none after it.
            self._open = False
            return distance == 1
        xp = array_module(values)
        # A key's number and its fraction together are a single float.
        rounding = float(np.spacing(np.float32(number + 1)))
        narrowed = {}
        for channel, bound in self._bounds.items():
            way = values[channel] - self._start[channel]
            if channel in self._slopes:
                low, high = self._slopes[channel]
            elif not way.any():
                continue  # nobody has moved yet
            else:
                high = (1.0 - ROUNDING) * bound / (distance - 1) if distance > 1 else np.inf
                low = -high
            slope = way / distance
            if distance > 1 and (
                bool((slope < low).any())
                or bool((slope > high).any())
                or rounding * float(xp.abs(way).max()) > ROUNDING * bound
            ):
                self._open = False
                return False
            margin = (1.0 - ROUNDING) * bound / distance
            narrowed[channel] = xp.maximum(slope - margin, low), xp.minimum(slope + margin, high)
        self._slopes = narrowed
        return True


def key_numbers(keys: NDArray[np.integer[Any]], samples: int) -> NDArray[np.float32]:
    """Return which key each sample shows.

    Parameters
    ----------
    keys
        Shape (K,): samples that are keys, as `choose_keys` returns them.
    samples
        How many samples there are.

    Returns
    -------
    NDArray[np.float32]
        Shape (samples,): the number, from 1, of the key at the sample or before it; its fraction is how far
        the sample lies on the way to the next. A value there is
        ``(1 - fraction) * key + fraction * next key``.
    """
    numbers: NDArray[np.float32] = np.interp(
        np.arange(samples), keys, np.arange(1.0, len(keys) + 1.0)
    ).astype(np.float32)
    return numbers
