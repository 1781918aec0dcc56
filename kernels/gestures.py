"""What people do with the open book besides turning its pages: raise it, lower it, tilt it, shake it.

A gesture is a closed form of time: it takes `move` ticks to get there, eased by the smoothstep, stays `hold`
ticks and takes `move` ticks to come back. All in whole numbers, so that NumPy and CUDA give the same bytes.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from .array_module import array_module, to_numpy
from .smoothstep import LONGEST, ONE, smoothstep

if TYPE_CHECKING:
    from types import ModuleType

    from numpy.typing import NDArray

GESTURES = ("raise", "lower", "tilt", "shake")
"""Names of the gestures; ``kind`` holds indices into them."""
RAISE, LOWER, TILT, SHAKE = range(len(GESTURES))

NEVER = np.int64(np.iinfo(np.int64).max)
"""When somebody begins a gesture that is not for them."""

SAMPLES = 32
"""Instants within an exposure whose mean is the pose; a power of two."""

_REST = 128
_NUMBERS = ("kind", "move", "hold", "amount", "period")


class GestureError(ValueError):
    """Arrays of gestures do not fit together; the message says which and how."""


class _Prepared(NamedTuple):
    numbers: Any  # (G, 5) int64, in the order of _NUMBERS
    begin: Any  # (G, N) int64: `start`, or NEVER for those who take no part
    first: NDArray[np.int64]  # (G,) when the first of all begins
    done: NDArray[np.int64]  # (G,) when all are at rest again


@dataclass(frozen=True, eq=False)
class Gestures:
    """What a section's holders do with their books. G gestures, N holders.

    Of several gestures of one kind at a time the largest counts. Raising and lowering add up.

    Attributes
    ----------
    kind : ndarray of int8, shape (G,)
        Index into `GESTURES`. ``raise`` and ``lower`` lift the book up and down; ``tilt`` turns it over about
        its horizontal axis, so that its cover shows; ``shake`` rocks it to and fro.
    start : ndarray of int64, shape (G, N)
        Ticks of show time at which each holder begins.
    taking : ndarray of bool, shape (G, N)
        Who takes part; for others ``start`` does not matter.
    move : ndarray of int64, shape (G,)
        Ticks to get there, and to come back; at least 1.
    hold : ndarray of int64, shape (G,)
        Ticks to stay there.
    amount : ndarray of int16, shape (G,)
        Share of the full movement, 0 to 255.
    period : ndarray of int64, shape (G,)
        Ticks of one shake to and fro; at least 1, and of no account for other kinds.

    Raises
    ------
    GestureError
        When shapes, dtypes or values do not fit.
    """

    kind: NDArray[np.int8]
    start: NDArray[np.int64]
    taking: NDArray[np.bool_]
    move: NDArray[np.int64]
    hold: NDArray[np.int64]
    amount: NDArray[np.int16]
    period: NDArray[np.int64]

    def __post_init__(self) -> None:
        if self.start.ndim != 2:
            raise GestureError(f"start must have shape (gestures, holders), not {self.start.shape}")
        count = self.start.shape[0]
        for name, shape, dtype, least, most in (
            ("kind", (count,), np.int8, 0, len(GESTURES) - 1),
            ("start", self.start.shape, np.int64, 0, None),
            ("taking", self.start.shape, np.bool_, 0, None),
            ("move", (count,), np.int64, 1, LONGEST),
            ("hold", (count,), np.int64, 0, LONGEST),
            ("amount", (count,), np.int16, 0, 255),
            ("period", (count,), np.int64, 1, LONGEST),
        ):
            array = getattr(self, name)
            if array.shape != shape or array.dtype != dtype:
                raise GestureError(
                    f"{name} must be {np.dtype(dtype).name} of shape {shape}, "
                    f"not {array.dtype} of shape {array.shape}"
                )
            if most is None or not array.size:
                continue
            lowest, highest = int(array.min()), int(array.max())
            if lowest < least or highest > most:
                raise GestureError(
                    f"{name} must lie between {least} and {most}, not between {lowest} and {highest}"
                )

    @classmethod
    def none(cls, count: int) -> Gestures:
        """Return no gestures of ``count`` holders."""
        return cls(
            kind=np.zeros(0, np.int8),
            start=np.zeros((0, count), np.int64),
            taking=np.zeros((0, count), bool),
            move=np.zeros(0, np.int64),
            hold=np.zeros(0, np.int64),
            amount=np.zeros(0, np.int16),
            period=np.zeros(0, np.int64),
        )

    @functools.cached_property
    def prepared(self) -> _Prepared:
        """What the kernels take, worked out once."""
        xp: ModuleType = array_module(self.start)
        begin = xp.where(self.taking, self.start, xp.asarray(NEVER))
        count, holders = self.start.shape
        first, last = np.full(count, NEVER), np.full(count, -NEVER)
        if count and holders:
            first = to_numpy(begin.min(axis=1))
            last = to_numpy(xp.where(self.taking, self.start, -xp.asarray(NEVER)).max(axis=1))
        length = to_numpy(2 * self.move + self.hold)
        done = np.where(last == -NEVER, last, last + length)
        numbers = [getattr(self, name).astype(np.int64) for name in _NUMBERS]
        return _Prepared(xp.stack(numbers, axis=-1), begin, first, done)


def active_gestures(
    gestures: Gestures, at: NDArray[np.int64], stop: NDArray[np.int64]
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return which gestures somebody may be in, in each of the stretches from ``at`` to before ``stop``.

    Parameters
    ----------
    gestures
    at, stop : ndarray of int64, shape (F,)
        Ticks, in the host's memory.

    Returns
    -------
    tuple
        Offsets, (F + 1,) int32, and gestures, int32: those of stretch f are
        ``which[offset[f] : offset[f + 1]]``.
    """
    prepared = gestures.prepared
    active = (prepared.first < stop[:, None]) & (prepared.done > at[:, None])
    offset = np.zeros(at.size + 1, np.int32)
    np.cumsum(active.sum(axis=1), out=offset[1:])
    return offset, np.nonzero(active)[1].astype(np.int32)


def _poses_at(
    numbers: list[list[int]], begin: NDArray[np.int64], now: int, exposure: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return lift, tilt and roll, 0 to 255, of holders at an instant; ``begin`` is (gestures, holders)."""
    level = np.zeros((len(GESTURES), begin.shape[1]), np.int64)
    roll = np.full(begin.shape[1], _REST)
    for (kind, move, hold, amount, period), starts in zip(numbers, begin, strict=True):
        if kind == SHAKE and 2 * exposure > SAMPLES * period:
            continue  # so many shakes that the samples could miss them: they come to nothing
        length = 2 * move + hold
        moving = np.flatnonzero((starts <= now) & (starts > now - length))
        elapsed = now - starts[moving]
        way = np.minimum(np.minimum(elapsed, length - elapsed), move)
        reached = (smoothstep(way, move) * amount + ONE // 2) >> 16
        larger = reached > level[kind, moving]
        moving, reached, elapsed = moving[larger], reached[larger], elapsed[larger]
        level[kind, moving] = reached
        if kind == SHAKE:
            # A parabola each way looks like a sine, and needs no table.
            phase = ((elapsed % period) << 16) // period
            half = phase & (ONE // 2 - 1)
            arc = (half * (ONE // 2 - half)) >> 13
            size = (reached * arc * 127 + 255 * (ONE // 4)) // (255 * (ONE // 2))
            roll[moving] = np.where(phase < ONE // 2, _REST + size, _REST - size)
    up, down = (level[RAISE] * 127 + 127) // 255, (level[LOWER] * 128 + 127) // 255
    return _REST + up - down, level[TILT], roll


def write_poses(
    gestures: Gestures, which: NDArray[np.int32], at: int, exposure: int, pose: NDArray[np.uint8]
) -> None:
    """Write the poses of those who move at an instant or within an exposure; the twin is in cuda/books.cu.

    Over an exposure the pose is the mean of its values at `SAMPLES` instants, evenly spread.

    Parameters
    ----------
    gestures
        In the host's memory.
    which
        Which of them may be under way, as from `active_gestures`.
    at, exposure
        Ticks; 0 for an instant.
    pose : ndarray of uint8, shape (N, 4)
        At rest before; its first three bytes are written, only where the fourth is not 0.
    """
    prepared = gestures.prepared
    begin = prepared.begin[which]
    numbers = prepared.numbers[which]
    length = 2 * numbers[:, 1] + numbers[:, 2]
    moving = (begin < at + max(exposure, 1)) & (begin > at - length[:, None])
    holders = np.flatnonzero(moving.any(axis=0) & (pose[:, 3] != 0))
    if not holders.size:
        return
    begin, rows = begin[:, holders], numbers.tolist()
    if not exposure:
        found = np.stack(_poses_at(rows, begin, at, 0))
    else:
        instants = [at + ((2 * sample + 1) * exposure) // (2 * SAMPLES) for sample in range(SAMPLES)]
        total = np.zeros((3, holders.size), np.int64)
        for now in instants:
            total += np.stack(_poses_at(rows, begin, now, exposure))
        found = (total + SAMPLES // 2) // SAMPLES
    for byte, values in enumerate(found):
        pose[holders, byte] = values
