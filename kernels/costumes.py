"""What each gymnast wears at any time of the show: a closed form of show time, like their motion.

A change is something that people do, such as turning a cape or raising a fan: it sets off and comes to rest
gently, and half-way, when it is furthest, the colour becomes the new one. Colours are never mixed.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .array_module import array_module, to_numpy
from .oklab import srgb8_to_linear


class CostumeError(ValueError):
    """Costumes that cannot be worn."""


@dataclass(frozen=True, eq=False)
class Costumes:
    """The colours of one troupe in time.

    Attributes
    ----------
    colour
        Shape (C, N, 3), uint8, sRGB: what each person wears after each change. The first is worn from the
        beginning. NumPy or CuPy; the states are computed where these are.
    start
        Shape (C, N), int64 ticks of show time: when each person begins each change. Of the first nothing is
        read. Nobody begins a change before the former one is over.
    turn
        Shape (C,), int64 ticks: how long a change takes each person.

    Raises
    ------
    CostumeError
        If shapes do not fit, a change takes no time, or begins before the former one is over.
    """

    colour: NDArray[np.uint8]
    start: NDArray[np.int64]
    turn: NDArray[np.int64]

    def __post_init__(self) -> None:
        if self.colour.ndim != 3 or self.colour.shape[2] != 3 or 0 in self.colour.shape:
            raise CostumeError(
                f"colours must be (changes, people, 3) with at least one of each: {self.colour.shape}"
            )
        if self.colour.dtype != np.uint8:
            raise CostumeError(f"colours must be bytes of sRGB, not {self.colour.dtype}")
        changes, people = self.colour.shape[:2]
        for name, shape in {"start": (changes, people), "turn": (changes,)}.items():
            value = getattr(self, name)
            if value.shape != shape or value.dtype.kind not in "iu":
                raise CostumeError(
                    f"{name} must be whole ticks of shape {shape}, not {value.dtype} of {value.shape}"
                )
        start, turn = to_numpy(self.start), to_numpy(self.turn)
        if (turn[1:] <= 0).any():
            raise CostumeError("a change takes at least one tick")
        if (start[2:] < start[1:-1] + turn[1:-1, None]).any():
            raise CostumeError("nobody begins a change before the former one is over")

    @property
    def people(self) -> int:
        """How many people there are."""
        return int(self.colour.shape[1])

    @functools.cached_property
    def spans(self) -> NDArray[np.int64]:
        """Shape (C, 2), ticks: when the first begins each change, and the last has ended it; on the host."""
        start, turn = to_numpy(self.start), to_numpy(self.turn)
        spans: NDArray[np.int64] = np.stack([start.min(axis=1), start.max(axis=1) + turn], axis=1)
        return spans


def costume_states(costumes: Costumes, at: NDArray[np.integer[Any]]) -> NDArray[np.float32]:
    """Everyone's colour at each of some times.

    Parameters
    ----------
    costumes
        The troupe's.
    at
        Shape (F,), integer ticks of show time, in any order.

    Returns
    -------
    NDArray[np.float32]
        Shape (F, N, 4): red, green and blue in linear light, 0 to 1, each exactly that of a colour of
        `costumes`; and how far a change has moved what people wear: 0 at rest, at the share s of the change's
        time 16 s² (1 - s)², so 1 half-way, when the colour is replaced. On the device of `costumes.colour`.

    Raises
    ------
    CostumeError
        If `at` is not one row of integers.
    """
    times = to_numpy(at)
    if times.ndim != 1 or not np.issubdtype(times.dtype, np.integer):
        raise CostumeError(
            f"times must be one row of integer ticks, not {times.dtype} of shape {times.shape}"
        )
    xp = array_module(costumes.colour)
    states = xp.zeros((len(times), costumes.people, 4), dtype=np.float32)
    begun = costumes.spans[1:, 0]
    over = costumes.spans[1:, 1]
    light: dict[int, Any] = {}
    for frame, now in enumerate(times.tolist()):
        # Changes in this range are under way for some; all wear the colour of the last one before it.
        first = int(np.searchsorted(np.maximum.accumulate(over), now, side="right"))
        last = int(np.searchsorted(begun, now, side="right"))
        for change in range(first, max(first, last) + 1):
            if change not in light:
                light[change] = srgb8_to_linear(costumes.colour[change]).astype(np.float32)
        states[frame, :, :3] = light[first]
        for change in range(first + 1, last + 1):
            turn = int(costumes.turn[change])
            elapsed = xp.clip(now - costumes.start[change], 0, turn)
            replaced = 2 * elapsed >= turn
            states[frame, :, :3] = xp.where(replaced[:, None], light[change], states[frame, :, :3])
            share = elapsed / float(turn)
            states[frame, :, 3] += (16.0 * (share * share) * ((1.0 - share) * (1.0 - share))).astype(
                np.float32
            )
    result: NDArray[np.float32] = states
    return result
