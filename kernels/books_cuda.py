"""What the kernels of cuda/books.cu take: a section's arrays laid out for a device, and what to launch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from .array_module import array_module, to_numpy
from .exposure import light_tables

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .books import Books, Moments
    from .gestures import Gestures

THREADS = 128
"""Threads of a block, for every kernel."""

_EACH = 4  # holders that a thread of card_states looks after, as in cuda/books.cu
_MOST_BLOCKS = 65535
_MANY = 1 << 20  # threads: several times as many as any device has at work
_LONGEST_RUN = 64
_NEVER = np.int64(np.iinfo(np.int64).max)
_RGB = np.uint32(0xFFFFFF)

# The records of cuda/books.cu. CuPy has no arrays of records, so a device gets them as 64-bit words.
_DURATION = np.dtype([(name, np.uint64) for name in ("ticks", "quick", "reciprocal", "unused")])
_GESTURE = np.dtype(
    [("kind", np.int32), ("amount", np.int32), ("hold", np.int64), ("move", _DURATION), ("period", _DURATION)]
)
_MOMENT = np.dtype([("at", np.int64), ("slot", np.uint32), ("gestures", np.int32)])
_POSE_MOMENT = np.dtype(
    [("at", np.int64), ("exposure", np.int64), ("slot", np.int32), ("list", np.int32), ("unused", np.int64)]
)
_RUN = np.dtype([(name, np.int32) for name in ("settled", "newest", "drops", "unused")])


class DeviceArrays(NamedTuple):
    """A card section as the kernels read it. T turns, N holders.

    Attributes
    ----------
    start
        (T, N) int64: when each holder begins each turn; before all time where it is not for this holder, and
        never where there is nobody.
    turn
        (T, 4) int64: the words of records of how long turns take, and of reciprocals.
    leaf
        (T, N) uint32: the bytes R, G, B of the page after the turn; 1 or -1 as it goes forward or back.
    rest
        (N,) uint32: the pose of who makes no gesture; 0 where there is nobody.
    dropped
        (2, N) int64: as in `Books`.
    """

    start: Any
    turn: Any
    leaf: Any
    rest: Any
    dropped: Any


def _reciprocal(ticks: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Return what lets a device multiply where it would divide."""
    return np.uint64(2**64 - 1) // ticks.astype(np.uint64)


def _durations(ticks: NDArray[np.int64]) -> NDArray[np.void]:
    durations = np.zeros(ticks.size, _DURATION)
    durations["ticks"] = ticks
    durations["reciprocal"] = _reciprocal(np.maximum(ticks, 1))
    # such that 32-bit numbers do for what is less than such a duration
    durations["quick"] = [-(-(1 << 80) // each) if 1 << 16 < each < 1 << 32 else 0 for each in ticks.tolist()]
    return durations


def _gestures(gestures: Gestures) -> NDArray[np.void]:
    records = np.zeros(gestures.start.shape[0], _GESTURE)
    for name in ("kind", "amount", "hold"):
        records[name] = to_numpy(getattr(gestures, name))
    for name in ("move", "period"):
        records[name] = _durations(to_numpy(getattr(gestures, name)))
    return records


def _words(records: NDArray[np.void]) -> NDArray[np.int64]:
    return records.view(np.int64).reshape(records.size, records.itemsize // 8)


def device_arrays(books: Books) -> DeviceArrays:
    """Lay a section's arrays out for the kernels.

    Parameters
    ----------
    books
        Its arrays are CuPy's.

    Returns
    -------
    DeviceArrays
        On the same device.
    """
    xp, prepared = array_module(books.start), books._prepared
    start = xp.where(prepared.direction != 0, books.start, -_NEVER)
    start = xp.ascontiguousarray(xp.where(prepared.rest != 0, start, _NEVER))
    way = xp.where(prepared.direction < 0, np.uint32(0xFF000000), np.uint32(0x01000000)).astype(np.uint32)
    leaf = (prepared.shown & _RGB) | way
    turn = xp.asarray(_words(_durations(to_numpy(books.turn))))
    return DeviceArrays(start, turn, leaf, prepared.rest, xp.ascontiguousarray(books.dropped))


def _run_length(count: int, threads: int) -> int:
    """Return how many of ``count`` moments a thread takes its holders through: what leaves enough threads."""
    return max(min(count * threads // _MANY, _LONGEST_RUN), -(-count // _MOST_BLOCKS), 1)


def _runs(books: Books, moments: Moments, chosen: NDArray[np.bool_], length: int) -> NDArray[np.void]:
    """Return what each run of ``length`` of the chosen moments has in common."""
    at, settled, newest = (array[chosen] for array in (moments.at, moments.settled, moments.newest))
    first = np.arange(0, at.size, length)
    last = np.minimum(first + length, at.size) - 1
    dropped = to_numpy(books.dropped)[:, books._prepared.droppers, None]
    runs = np.zeros(first.size, _RUN)
    runs["settled"], runs["newest"] = settled[first], newest[last]
    runs["drops"] = ((dropped[0] <= at[last]) & (dropped[1] > at[first])).any(axis=0)
    return runs


def cuda_launches(
    books: Books, moments: Moments, out: Any, length: int | None = None
) -> list[tuple[str, tuple[int, int], list[Any]]]:
    """Return what to launch to fill the data textures of some moments.

    Parameters
    ----------
    books
        Its arrays are CuPy's.
    moments
        In order of time, in the host's memory.
    out : cupy.ndarray of uint32, shape (F, LAYERS, N)
    length
        Through how many moments a thread of card_states takes its holders; when left out, what suits their
        number.

    Returns
    -------
    list of tuple
        Name, grid and arguments of each kernel of cuda/books.cu, for blocks of `THREADS`; in any order.
    """
    xp = array_module(out)
    section, holders = books._device_arrays, books.rows * books.columns
    poses, instants = np.diff(moments.offset) > 0, moments.exposure == 0
    # each moment's list of gestures gets an end
    lists = xp.asarray(np.insert(moments.which, moments.offset[1:], np.int32(-1)))
    begins_at = moments.offset[:-1] + np.arange(poses.size, dtype=np.int32)
    moves = [
        xp.asarray(_words(_gestures(books.gestures))),
        xp.ascontiguousarray(books.gestures.prepared.begin),
        lists,
    ]
    launches: list[tuple[str, tuple[int, int], list[Any]]] = []

    def launch(name: str, each: int, arguments: list[Any], count: int, length: int) -> None:
        """Let each thread take so many holders through so many of the moments."""
        grid = -(-holders // (each * THREADS)), -(-count // length)
        launches.append((name, grid, [*arguments, holders, count, length]))

    def some(chosen: NDArray[np.bool_], *names: str) -> list[Any]:
        return [xp.asarray(getattr(moments, name)[chosen]) for name in names]

    if count := int(instants.sum()):
        run = length or _run_length(count, -(-holders // _EACH))
        when = np.zeros(count, _MOMENT)
        when["at"], when["slot"] = moments.at[instants], moments.slot[instants]
        when["gestures"] = np.where(poses, begins_at + 1, 0)[instants]
        records = [xp.asarray(_words(array)) for array in (when, _runs(books, moments, instants, run))]
        launch("card_states", _EACH, [*section, *moves, *records], count, run)
    if count := int((~instants).sum()):
        tables = [xp.asarray(table) for table in light_tables()]
        exposure = [*some(~instants, "exposure"), xp.asarray(_reciprocal(moments.exposure[~instants]))]
        times = [*some(~instants, "slot", "at"), *exposure, *some(~instants, "settled", "newest")]
        arguments = [*section, *tables, *times, xp.asarray(poses[~instants])]
        launch("card_states_exposed", 1, arguments, count, _run_length(count, holders))
    exposed_poses = poses & ~instants
    if count := int(exposed_poses.sum()):
        those = np.zeros(count, _POSE_MOMENT)
        for name in ("at", "exposure", "slot"):
            those[name] = getattr(moments, name)[exposed_poses]
        those["list"] = begins_at[exposed_poses]
        arguments = [*moves, section.rest, section.dropped, xp.asarray(_words(those))]
        launch("card_poses_exposed", 1, arguments, count, _run_length(count, holders))
    return [
        (name, grid, [*(np.int32(value) if type(value) is int else value for value in arguments), out])
        for name, grid, arguments in launches
    ]
