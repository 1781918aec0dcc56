"""What every seat's screen shows at a moment: still and moving pictures, each seat switching in its own time.

A seat's state is a closed form of time: the last switch that has begun decides it. It shows a *showing*: a
picture since a moment, so that two screens which were called to the same moving picture at different times
play it each from its own beginning. All sums are of whole numbers, so that NumPy and CUDA give the same
bytes.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from .array_module import array_module, to_numpy
from .compile_cuda import cuda_function
from .exposure import light_tables
from .smoothstep import LONGEST, ONE, smoothstep

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from numpy.typing import NDArray

    Pictures = dict[int, NDArray[np.uint8]]
    _Shown = tuple[NDArray[np.int16], Pictures]
    PictureAt = Callable[[int, int], NDArray[np.uint8]]

EXPOSED_AT = 8
"""Instants that an exposure is the mean of."""

_THREADS = 128
_MOST_BLOCKS = 65535
_MANY = 1 << 20
_PIECE_BYTES = 64 << 20
_FAR = np.int64(np.iinfo(np.int64).max)


class TabletError(ValueError):
    """A section of tablets whose arrays do not fit together; the message says which and how."""


class _Prepared(NamedTuple):
    turning: Any  # (T, N) bool: this turn switches this seat's showing
    first: NDArray[np.int64]  # (T,) when the first seat begins; far in the future if none does
    done_by: NDArray[np.int64]  # (T,) when all seats have ended this and every earlier turn


@dataclass(frozen=True, eq=False)
class Tablets:
    """A card section whose seats have screens, as arrays. T turns, N = rows * columns seats, S showings.

    Seat i sits in row ``i // columns`` (0 is the front) and column ``i % columns`` (0 is the viewer's left).
    Turn 0 is what is shown from the beginning. A seat that a turn is not for repeats the former showing.

    Attributes
    ----------
    rows, columns
        Size of the section.
    pixels
        Pixels of a seat's screen, across and down.
    start : ndarray of int64, shape (T, N)
        Ticks of show time at which each seat begins each switch.
    turn : ndarray of int64, shape (T,)
        Ticks that one seat takes to fade from one showing to the next; 0 for a change at once.
    showing : ndarray of int16, shape (T, N)
        Which showing each seat has after each turn.
    picture : ndarray of int16, shape (S,)
        The picture of each showing.
    called : ndarray of int64, shape (S,)
        Ticks of show time at which each showing's picture began to run.
    working : ndarray of bool, shape (N,)
        False for a dead screen, and where there is no seat.

    Raises
    ------
    TabletError
        When shapes, dtypes or indices do not fit, or a seat would begin a switch before the last one has
        ended.
    """

    rows: int
    columns: int
    pixels: int
    start: NDArray[np.int64]
    turn: NDArray[np.int64]
    showing: NDArray[np.int16]
    picture: NDArray[np.int16]
    called: NDArray[np.int64]
    working: NDArray[np.bool_]

    def __post_init__(self) -> None:
        seats, turns, showings = self.rows * self.columns, self.start.shape[0], self.picture.shape[0]
        for name, shape, dtype in (
            ("start", (turns, seats), np.int64),
            ("turn", (turns,), np.int64),
            ("showing", (turns, seats), np.int16),
            ("picture", (showings,), np.int16),
            ("called", (showings,), np.int64),
            ("working", (seats,), np.bool_),
        ):
            array = getattr(self, name)
            if array.shape != shape or array.dtype != dtype:
                raise TabletError(
                    f"{name} must be {np.dtype(dtype).name} of shape {shape} for {self.rows} rows and "
                    f"{self.columns} columns, not {array.dtype} of shape {array.shape}"
                )
        if turns < 1 or seats < 1 or self.pixels < 1:
            raise TabletError("a section of tablets needs at least one seat, one pixel and one turn")
        if int(self.showing.min()) < 0 or int(self.showing.max()) >= showings:
            raise TabletError(f"showing holds indices outside the {showings} showings")
        if int(self.turn.min()) < 0 or int(self.turn.max()) > LONGEST:
            raise TabletError("a switch takes between 0 ticks and 27 hours")

    def on(self, xp: ModuleType) -> Tablets:
        """Return the same tablets with all arrays on the device of ``xp``: ``cupy`` or ``numpy``."""
        convert = to_numpy if xp is np else xp.asarray
        arrays = ("start", "turn", "showing", "picture", "called", "working")
        moved = {name: convert(getattr(self, name)) for name in arrays}
        return Tablets(self.rows, self.columns, self.pixels, **moved)

    @functools.cached_property
    def _prepared(self) -> _Prepared:
        xp = array_module(self.start)
        turns, seats = self.start.shape
        turning = xp.zeros((turns, seats), dtype=bool)
        turning[1:] = self.showing[1:] != self.showing[:-1]
        first, last = np.full(turns, _FAR), np.full(turns, -_FAR)
        free = xp.full(seats, -_FAR)
        durations = to_numpy(self.turn)
        for turn in range(1, turns):
            moving, begin = turning[turn], self.start[turn]
            if bool((moving & (begin < free)).any()):
                raise TabletError(f"at turn {turn} a seat would begin before its last switch has ended")
            free = xp.where(moving, begin + durations[turn], free)
            first[turn] = int(xp.where(moving, begin, _FAR).min())
            last[turn] = int(xp.where(moving, free, -_FAR).max())
        return _Prepared(turning, first, np.maximum.accumulate(last))

    @functools.cached_property
    def _used(self) -> list[NDArray[np.int64]]:
        """The showings that any working seat has after each turn."""
        showing, working = to_numpy(self.showing), to_numpy(self.working)
        return [np.unique(row[working]).astype(np.int64) for row in showing]


class _Moments(NamedTuple):
    at: NDArray[np.int64]  # (F, M) ticks: the instants that each frame is the mean of
    settled: NDArray[np.int32]  # (F, M) the newest turn that all seats have ended
    newest: NDArray[np.int32]  # (F, M) the newest turn that any seat may have begun


def _moments(tablets: Tablets, at: NDArray[np.int64], exposure: NDArray[np.int64]) -> _Moments:
    prepared = tablets._prepared
    part = 2 * np.arange(EXPOSED_AT if exposure.any() else 1) + 1
    # The middles of equal parts; an instant's are all the same.
    at = at[:, None] + exposure[:, None] * part // (2 * part.size)
    settled = np.maximum(np.searchsorted(prepared.done_by, at, side="right") - 1, 0)
    begins = np.minimum.accumulate(prepared.first[::-1])[::-1]
    newest = np.maximum(np.searchsorted(begins, at, side="right") - 1, settled)
    return _Moments(at, settled.astype(np.int32), newest.astype(np.int32))


class _Pictures:
    """The pictures of a frame's showings, by showing and instant; equal ones are the same array."""

    def __init__(self, tablets: Tablets, picture_at: PictureAt) -> None:
        self._picture, self._called = to_numpy(tablets.picture), to_numpy(tablets.called)
        self._shape = tablets.rows * tablets.pixels, tablets.columns * tablets.pixels, 3
        self._picture_at = picture_at

    def get(self, showing: int, at: int) -> NDArray[np.uint8]:
        picture, since = int(self._picture[showing]), at - int(self._called[showing])
        array = self._picture_at(picture, since)
        if array.shape != self._shape or array.dtype != np.uint8:
            raise TabletError(
                f"picture {picture} must be uint8 of shape {self._shape}, not {array.dtype} of {array.shape}"
            )
        return array


class _Fade(NamedTuple):
    seats: NDArray[np.int64]  # (K,)
    old: NDArray[np.int64]  # (K,) showings
    new: NDArray[np.int64]  # (K,)
    progress: NDArray[np.int64]  # (K,) 0 to ONE


def _state(
    tablets: Tablets, moments: _Moments, place: tuple[int, int]
) -> tuple[NDArray[np.int16], list[_Fade]]:
    """Return which showing each seat has at an instant, and who is fading to it from which other."""
    now, settled = moments.at[place], moments.settled[place]
    shown = tablets.showing[settled].copy()
    fades = []
    for number in range(settled + 1, moments.newest[place] + 1):
        start, turn = tablets.start[number], tablets.turn[number]
        begun = tablets._prepared.turning[number] & (start <= now)
        np.copyto(shown, tablets.showing[number], where=begun)
        seats = np.flatnonzero(begun & (start > now - turn) & tablets.working)
        if seats.size:
            progress = smoothstep(now - start[seats], turn)
            old, new = (tablets.showing[row][seats].astype(np.int64) for row in (number - 1, number))
            fades.append(_Fade(seats, old, new, progress))
    return shown, fades


def _fill_numpy(tablets: Tablets, moments: _Moments, pictures: _Pictures, out: NDArray[np.uint8]) -> None:
    """Fill ``out`` (F, height, width, 4): the twin of ``tablet_states`` in cuda/tablets.cu."""
    decode, encode = light_tables()
    frames, instants = moments.at.shape
    n, blocks = tablets.pixels, (tablets.rows, tablets.pixels, tablets.columns, tablets.pixels)
    working = tablets.working.reshape(tablets.rows, 1, tablets.columns, 1)
    picture = np.empty((*blocks, 3), np.uint8)
    for frame in range(frames):
        total: NDArray[np.int32] | None = None
        drawn, times = None, 0
        for instant in range(instants):
            place = frame, instant
            shown, fades = _state(tablets, moments, place)
            at = int(moments.at[place])
            used = {number: pictures.get(number, at) for number in _in_use(tablets, moments, place)}
            if drawn is None or not _same(drawn, (shown, used)):
                if times:
                    total = _added(total, decode[picture] * np.int32(times))
                drawn, times = (shown, used), 0
                _lay(tablets, shown, used, picture)
            if not fades:
                times += 1
                continue
            light = decode[picture]
            for fade in fades:
                row, column = np.divmod(fade.seats, tablets.columns)
                old, new = (np.empty((fade.seats.size, n, n, 3), np.int64) for _ in range(2))
                for side, showings in ((old, fade.old), (new, fade.new)):
                    for number in np.unique(showings).tolist():
                        some = showings == number
                        side[some] = decode[used[number].reshape(*blocks, 3)[row[some], :, column[some]]]
                share = fade.progress[:, None, None, None]
                light[row, :, column] = (old * (ONE - share) + new * share + 32768) >> 16
            total = _added(total, light)
        pixels = out[frame].reshape(*blocks, 4)
        if times == instants:
            pixels[..., :3] = picture
        else:
            if times:
                total = _added(total, decode[picture] * np.int32(times))
            assert total is not None
            pixels[..., :3] = encode[(total + instants // 2) // instants]
        pixels[..., 3] = 255
        if not working.all():
            np.multiply(pixels, working[..., None], out=pixels)


def _added(total: NDArray[np.int32] | None, light: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return the sum; at most `EXPOSED_AT` times the most light, which fits."""
    if total is None:
        return light
    total += light
    return total


def _same(one: _Shown, other: _Shown) -> bool:
    (shown, used), (shown_too, used_too) = one, other
    if used.keys() != used_too.keys() or any(used[number] is not used_too[number] for number in used):
        return False
    return len(used) == 1 or np.array_equal(shown, shown_too)


def _in_use(tablets: Tablets, moments: _Moments, place: tuple[int, int]) -> list[int]:
    """Return the showings that seats may have at an instant, or fade from."""
    first, last = moments.settled[place], moments.newest[place]
    used = tablets._used[first : last + 1]
    numbers: list[int] = np.unique(np.concatenate(used)).tolist()
    return numbers


def _lay(tablets: Tablets, shown: NDArray[np.int16], used: Pictures, out: NDArray[np.uint8]) -> None:
    """Put together one picture from each seat's own."""
    for order, (number, array) in enumerate(used.items()):
        picture = array.reshape(out.shape)
        if order == 0:
            out[:] = picture
        else:
            here = (shown == number).reshape(tablets.rows, 1, tablets.columns, 1, 1)
            np.copyto(out, picture, where=here)


def _fill_cuda(tablets: Tablets, moments: _Moments, pictures: _Pictures, out: Any) -> None:
    xp = array_module(out)
    decode, encode = (xp.asarray(table) for table in light_tables())
    kernel = cuda_function("tablets", "tablet_states")
    frames, instants = moments.at.shape
    showings, pixels = tablets.picture.shape[0], out.shape[1] * out.shape[2]
    first = 0
    while first < frames:
        slot = np.zeros((0, instants, showings), np.int32)
        stack: list[NDArray[np.uint8]] = []
        known: dict[int, int] = {}
        after = first
        # As many frames as have room for their pictures, and at least one.
        while after < frames and (after == first or len(stack) * pixels * 3 < _PIECE_BYTES):
            slots = np.full((1, instants, showings), -1, np.int32)
            for instant in range(instants):
                for number in _in_use(tablets, moments, (after, instant)):
                    array = pictures.get(number, int(moments.at[after, instant]))
                    if id(array) not in known:
                        known[id(array)] = len(stack)
                        stack.append(array)
                    slots[0, instant, number] = known[id(array)]
            slot = np.concatenate([slot, slots])
            after += 1
        piece = slice(first, after)
        arguments = (
            xp.ascontiguousarray(tablets.start),
            xp.asarray(tablets.turn),
            tablets._prepared.turning,
            xp.ascontiguousarray(tablets.showing),
            tablets.working,
            *(xp.asarray(np.ascontiguousarray(array[piece])) for array in moments),
            xp.asarray(slot),
            xp.asarray(np.stack(stack)) if stack else xp.zeros((1, 3), np.uint8),
            decode,
            encode,
            *map(
                np.int32, (tablets.rows, tablets.columns, tablets.pixels, showings, instants, after - first)
            ),
            out[piece],
        )
        # as few threads as fill any device: where a pixel belongs is worked out once for all frames of one
        along = min(after - first, max(_MANY // pixels, 1), _MOST_BLOCKS)
        kernel((-(-pixels // _THREADS), along), (_THREADS,), arguments)
        first = after


def tablet_states(
    tablets: Tablets,
    at: NDArray[np.int64],
    picture_at: PictureAt,
    exposure: NDArray[np.int64] | None = None,
) -> NDArray[np.uint8]:
    """Return what the section's screens show at the wanted moments.

    While a seat switches, its two pictures fade into each other in linear light, by the smoothstep
    3x² - 2x³. An exposure is the mean light of `EXPOSED_AT` instants in it, at the middles of equal parts:
    moving pictures go on meanwhile. All is done in whole numbers, with 16 bits of light, so that NumPy and
    CUDA give the same bytes.

    Parameters
    ----------
    tablets
        The section. The device of its arrays is where the work is done.
    at : ndarray of int64, shape (F,)
        Moments, in ticks of show time, in any order; rising ones let moving pictures be read on and on.
    picture_at : callable (picture, since) -> ndarray of uint8, shape (rows * pixels, columns * pixels, 3)
        Gives a picture in sRGB, row 0 in front, ``since`` ticks after it began to run (below 0 while people
        already switch to it before their call). May give the same array again where the picture is the same,
        which saves work; nothing is written into it. In the host's memory.
    exposure : ndarray of int64, shape (F,), optional
        Ticks that the shutter is open from each moment on; 0, or None for all, is an instant.

    Returns
    -------
    ndarray of uint8, shape (F, rows * pixels, columns * pixels, 4)
        sRGB and 255; all 0 where a screen is dead or there is no seat. Row 0 is the front.

    Raises
    ------
    TabletError
        If a seat would begin a switch before its last one has ended, or a picture is of the wrong size.
    """
    xp = array_module(tablets.start)
    moments = to_numpy(at).astype(np.int64, copy=False)
    open_for = np.zeros_like(moments) if exposure is None else to_numpy(exposure).astype(np.int64, copy=False)
    if open_for.shape != moments.shape or (open_for < 0).any():
        raise TabletError("exposures must be one for each moment, of 0 ticks or more")
    height, width = tablets.rows * tablets.pixels, tablets.columns * tablets.pixels
    out = xp.empty((moments.size, height, width, 4), np.uint8)
    fill = _fill_numpy if xp is np else _fill_cuda
    pictures = _Pictures(tablets, picture_at)
    for instants in (open_for == 0, open_for > 0):
        where = np.flatnonzero(instants)
        if where.size:
            part = out if where.size == moments.size else xp.empty((where.size, height, width, 4), np.uint8)
            fill(tablets, _moments(tablets, moments[where], open_for[where]), pictures, part)
            if part is not out:
                out[xp.asarray(where)] = part
    result: NDArray[np.uint8] = out
    return result
