"""What every card-holder shows at a moment: the page in view, the page being turned, how the book is held.

A person's state is a closed form of time: the last turn that has begun decides it. Cues that everyone has
finished, or that nobody has begun, are left out before any array is touched, so a frame costs what its few
active cues cost, however long the book is.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from .array_module import array_module, to_numpy
from .books_cuda import THREADS, DeviceArrays, cuda_launches, device_arrays
from .compile_cuda import cuda_function
from .exposure import light_tables, mean_progress
from .gestures import Gestures, active_gestures, write_poses
from .smoothstep import LONGEST, smoothstep

if TYPE_CHECKING:
    from types import ModuleType

    from numpy.typing import NDArray

MAX_PAGES = 170
"""Pages that one book can hold."""
LAYERS = 3
"""Layers of `card_states`: the page above, the page below, the pose."""

_FAR = np.int64(np.iinfo(np.int64).max)
_FARTHEST_MOMENT = 1 << 62
_AT_REST = np.array([128, 0, 128, 255], dtype=np.uint8).view(np.uint32)
_RGB = np.array([255, 255, 255, 0], dtype=np.uint8).view(np.uint32)[0]
_ARRAYS = ("start", "turn", "page", "colour", "palette", "present", "dropped")


class BookError(ValueError):
    """A card section's arrays do not fit together; the message says which and how."""


class _Prepared(NamedTuple):
    direction: Any  # (T, N) int8: 1 where this turn is one forward for this holder, -1 back, 0 none
    shown: Any  # (T, N) uint32: the bytes R, G, B, A after the turn
    rest: Any  # (N,) uint32: the pose of somebody who makes no gesture
    first: NDArray[np.int64]  # (T,) when the first holder begins; far in the future if none turns
    done_by: NDArray[np.int64]  # (T,) when all holders have ended this and every earlier turn
    droppers: NDArray[np.int64]  # who drops the book at all


@dataclass(frozen=True, eq=False)
class Books:
    """A card section and its books, as arrays. T turns, N = rows * columns holders, B pages, K colours.

    Holder i sits in row ``i // columns`` (0 is the front) and column ``i % columns`` (0 is the viewer's
    left). Turn 0 is what is shown from the beginning. Someone whom a turn is not for repeats the page of the
    former one in ``page``; so no turn is shown, and the start of such a turn does not matter.

    Attributes
    ----------
    rows, columns
        Size of the section.
    start : ndarray of int64, shape (T, N)
        Ticks of show time at which each holder begins each turn.
    turn : ndarray of int64, shape (T,)
        Ticks that one turn takes; 0 for a change at once.
    page : ndarray of int16, shape (T, N)
        Page that each holder shows after each turn, by the numbers of the holder's own book. A lower number
        than before is a turn back.
    colour : ndarray of uint8, shape (B, N)
        Palette index of each page of each holder's book.
    palette : ndarray of uint8, shape (K, 3)
        sRGB colours.
    present : ndarray of bool, shape (N,)
        False for an empty cell.
    dropped : ndarray of int64, shape (2, N)
        Ticks from which, and until before which, each holder has dropped the book; never, where the second
        is not later.
    gestures : Gestures
        What else the holders do.

    Raises
    ------
    BookError
        When shapes, dtypes or indices do not fit, or someone would begin a turn before the last one has
        ended.
    """

    rows: int
    columns: int
    start: NDArray[np.int64]
    turn: NDArray[np.int64]
    page: NDArray[np.int16]
    colour: NDArray[np.uint8]
    palette: NDArray[np.uint8]
    present: NDArray[np.bool_]
    dropped: NDArray[np.int64]
    gestures: Gestures

    def __post_init__(self) -> None:
        holders = self.rows * self.columns
        turns = self.start.shape[0]
        pages, colours = self.colour.shape[0], self.palette.shape[0]
        for name, shape, dtype in (
            ("start", (turns, holders), np.int64),
            ("turn", (turns,), np.int64),
            ("page", (turns, holders), np.int16),
            ("colour", (pages, holders), np.uint8),
            ("palette", (colours, 3), np.uint8),
            ("present", (holders,), np.bool_),
            ("dropped", (2, holders), np.int64),
        ):
            array = getattr(self, name)
            if array.shape != shape or array.dtype != dtype:
                raise BookError(
                    f"{name} must be {np.dtype(dtype).name} of shape {shape} for {self.rows} rows and "
                    f"{self.columns} columns, not {array.dtype} of shape {array.shape}"
                )
        if turns < 1 or holders < 1 or pages < 1:
            raise BookError("a card section needs at least one holder, one page and one turn")
        if self.gestures.start.shape[1] != holders:
            raise BookError(f"gestures are of {self.gestures.start.shape[1]} holders, not of {holders}")
        if int(self.page.min()) < 0 or int(self.page.max()) >= pages:
            raise BookError(f"page holds indices outside the book's {pages} pages")
        if int(self.colour.max()) >= colours:
            raise BookError(
                f"colour holds index {int(self.colour.max())}, but the palette has {colours} colours"
            )
        if int(self.turn.min()) < 0 or int(self.turn.max()) > LONGEST:
            raise BookError("a turn takes between 0 ticks and 27 hours")

    def on(self, xp: ModuleType) -> Books:
        """Return the same books with all arrays on the device of ``xp``: ``cupy`` or ``numpy``."""
        convert = to_numpy if xp is np else xp.asarray
        moved = {name: convert(getattr(self, name)) for name in _ARRAYS}
        gestures = Gestures(
            **{field.name: convert(getattr(self.gestures, field.name)) for field in fields(Gestures)}
        )
        return Books(self.rows, self.columns, **moved, gestures=gestures)

    @functools.cached_property
    def _prepared(self) -> _Prepared:
        xp = array_module(self.start)
        turns, holders = self.start.shape
        cards = xp.zeros((self.palette.shape[0], 4), dtype=np.uint8)
        cards[:, :3] = self.palette
        cards[:, 3] = 255
        # one word a card; an empty cell shows nothing at all, so that no alpha handling can bring colour back
        by_page = cards.view(np.uint32)[:, 0][self.colour] * self.present.astype(np.uint32)
        rest = xp.asarray(_AT_REST) * self.present.astype(np.uint32)
        shown = xp.empty((turns, holders), np.uint32)
        direction = xp.zeros((turns, holders), np.int8)
        everyone = xp.arange(holders)
        shown[0] = by_page[self.page[0], everyone]

        first, last = np.full(turns, _FAR), np.full(turns, -_FAR)
        free = xp.full(holders, -_FAR)
        durations = to_numpy(self.turn)
        for turn in range(1, turns):
            step = self.page[turn] - self.page[turn - 1]
            moving, begin = step != 0, self.start[turn]
            direction[turn] = xp.sign(step)
            shown[turn] = by_page[self.page[turn], everyone]
            if bool((moving & (begin < free)).any()):
                raise BookError(f"at turn {turn} someone would begin before the last turn has ended")
            free = xp.where(moving, begin + durations[turn], free)
            first[turn] = int(xp.where(moving, begin, _FAR).min())
            last[turn] = int(xp.where(moving, free, -_FAR).max())
        drops = to_numpy(self.present & (self.dropped[0] < self.dropped[1]))
        done_by = np.maximum.accumulate(last)
        return _Prepared(direction, shown, rest, first, done_by, np.flatnonzero(drops))

    @functools.cached_property
    def _device_arrays(self) -> DeviceArrays:
        return device_arrays(self)


class Moments(NamedTuple):
    """Moments in order of time, and what may be under way at each. F of them, in the host's memory.

    Attributes
    ----------
    slot
        (F,) int32: place in the output.
    at, exposure
        (F,) int64: ticks; an exposure of 0 is an instant.
    settled
        (F,) int32: the newest turn that all have ended.
    newest
        (F,) int32: the newest turn that anyone begins before the exposure is over.
    offset, which
        (F + 1,) and any number of int32: gestures that may be under way, as from `active_gestures`.
    """

    slot: NDArray[np.int32]
    at: NDArray[np.int64]
    exposure: NDArray[np.int64]
    settled: NDArray[np.int32]
    newest: NDArray[np.int32]
    offset: NDArray[np.int32]
    which: NDArray[np.int32]


def moments_of(
    books: Books, at: NDArray[np.int64], exposure: NDArray[np.int64], slot: NDArray[np.integer[Any]]
) -> Moments:
    """Work out, for each moment, what may be under way.

    Parameters
    ----------
    books
    at, exposure : ndarray of int64, shape (F,)
        Ticks, in the host's memory.
    slot : ndarray of int, shape (F,)
        Place of each moment in the output.

    Returns
    -------
    Moments
        In the order given.
    """
    prepared = books._prepared
    stop = at + np.maximum(exposure, 1)
    settled = np.maximum(np.searchsorted(prepared.done_by, at, side="right") - 1, 0)
    # of all later turns the first beginning, so that a sorted search finds the last that has begun
    begins = np.minimum.accumulate(prepared.first[::-1])[::-1]
    newest = np.maximum(np.searchsorted(begins, stop, side="left") - 1, settled)
    offset, which = active_gestures(books.gestures, at, stop)
    slots, oldest, latest = (array.astype(np.int32) for array in (slot, settled, newest))
    return Moments(slots, at, exposure, oldest, latest, offset, which)


def _instant(books: Books, moments: Moments, frame: int, above: Any, below: Any) -> None:
    prepared, start, turn = books._prepared, books.start, books.turn.tolist()
    now, settled = int(moments.at[frame]), int(moments.settled[frame])
    below[:] = prepared.shown[settled]
    turns = []
    for number in range(settled + 1, moments.newest[frame] + 1):
        begun = (prepared.direction[number] != 0) & (start[number] <= now)
        np.copyto(below, prepared.shown[number], where=begun)
        turns.append((number, np.flatnonzero(begun & (start[number] > now - turn[number]))))
    np.bitwise_and(below, _RGB, out=above)
    for number, moving in turns:
        holders = moving[prepared.rest[moving] != 0]
        eased = smoothstep(now - start[number][holders], turn[number])
        progress = np.maximum((eased * 255 + 32768) >> 16, 1)
        old, new = prepared.shown[number - 1][holders], prepared.shown[number][holders]
        back = prepared.direction[number][holders] < 0
        away = np.where(back, new, old)
        # A turn back looks like a turn forward from the new page to the old one, played backwards.
        away.view(np.uint8)[3::4] = np.where(back, 256 - progress, progress)
        above[holders] = away
        below[holders] = np.where(back, old, new)


def _exposed(books: Books, moments: Moments, frame: int, above: Any, below: Any) -> None:
    prepared, start, turn = books._prepared, books.start, books.turn.tolist()
    decode, encode = light_tables()
    at, exposure, settled = (int(row[frame]) for row in (moments.at, moments.exposure, moments.settled))
    below[:] = prepared.shown[settled]
    parts, mixed = [], np.zeros(below.size, bool)
    for number in range(settled + 1, moments.newest[frame] + 1):
        begun = (prepared.direction[number] != 0) & (start[number] < at + exposure)
        ended = begun & (start[number] <= at - turn[number])
        np.copyto(below, prepared.shown[number], where=ended)
        parts.append((number, np.flatnonzero(begun & ~ended)))
        mixed[parts[-1][1]] = True
    holders = np.flatnonzero(mixed)
    if holders.size:
        pixels = below.view(np.uint8).reshape(-1, 4)
        light = np.empty((below.size, 3), np.int64)
        light[holders] = decode[pixels[holders, :3]].astype(np.int64) << 16
        for number, some in parts:
            share = mean_progress(start[number][some], turn[number], at, exposure)
            old, new = (
                decode[prepared.shown[row][some].view(np.uint8).reshape(-1, 4)[:, :3]]
                for row in (number - 1, number)
            )
            light[some] += share[:, None] * (new - old)
        pixels[holders, :3] = encode[(light[holders] + 32768) >> 16]
    np.bitwise_and(below, _RGB, out=above)


def _card_states_numpy(
    books: Books, at: NDArray[np.int64], exposure: NDArray[np.int64], out: NDArray[np.uint32]
) -> None:
    """Fill ``out`` (F, 3, N): the twin of cuda/books.cu."""
    prepared = books._prepared
    moments = moments_of(books, at, exposure, np.arange(at.size))
    dropped = books.dropped[:, prepared.droppers]
    for frame, (now, opened) in enumerate(zip(at.tolist(), exposure.tolist(), strict=True)):
        above, below, pose = out[frame]
        (_exposed if opened else _instant)(books, moments, frame, above, below)
        pose[:] = prepared.rest
        pixels = pose.view(np.uint8).reshape(-1, 4)
        which = moments.which[moments.offset[frame] : moments.offset[frame + 1]]
        if which.size:
            write_poses(books.gestures, which, now, opened, pixels)
        if prepared.droppers.size:
            length = max(opened, 1)
            down = np.minimum(dropped[1], now + length) - np.maximum(dropped[0], now)
            held = (255 * (length - np.maximum(down, 0)) + (length >> 1)) // length
            pixels[prepared.droppers, 3] = held


def _card_states_cuda(books: Books, at: NDArray[np.int64], exposure: NDArray[np.int64], out: Any) -> None:
    slot = np.argsort(at, kind="stable")
    moments = moments_of(books, at[slot], exposure[slot], slot)
    for name, grid, arguments in cuda_launches(books, moments, out):
        cuda_function("books", name)(grid, (THREADS,), tuple(arguments))


def card_states(
    books: Books, at: NDArray[np.int64], exposure: NDArray[np.int64] | None = None
) -> NDArray[np.uint8]:
    """Return the card section's data textures at the wanted moments.

    While a page turns, its progress is eased by the smoothstep 3x² - 2x³ in whole numbers, so that NumPy and
    CUDA give the same bytes. A turn lasts from its start until just before its end.

    Over an exposure, what is seen is mixed as on film: the mean in linear light over the time that the
    shutter is open, where a card that is p turned counts as the old page with 1 - p and the new one with p,
    however many turns the time spans. The pose is the mean of poses.

    Parameters
    ----------
    books
        The card section. The device of its arrays is where the work is done.
    at : ndarray of int64, shape (F,)
        Moments, in ticks of show time, in any order.
    exposure : ndarray of int64, shape (F,), optional
        For how many ticks from each moment the shutter is open; 0, the default, for the instant itself.

    Returns
    -------
    ndarray of uint8, shape (F, 3 * rows, columns, 4)
        Three layers of ``rows`` rows each; all bytes of an empty cell are 0.

        Above: sRGB of the page being turned away, and in alpha how far it is turned, 1 to 255; 0 at rest,
        when the colour is that of the page shown, and over an exposure. A turn back is the same as a turn
        forward from the page turned to, played backwards.

        Below: sRGB of the page shown or being turned to, and 255.

        Pose: lift (128 at rest, 255 the highest, 0 the lowest), tilt (0 to 255 for 0 to pi), roll from
        shaking (128 at rest, 1 to 255 for -1 to 1), and 255 where the book is held, 0 where it is dropped.

    Raises
    ------
    BookError
        If someone would begin a turn before the last one has ended, or a moment or an exposure is out of
        range.
    """
    xp = array_module(books.start)
    begin = to_numpy(at).astype(np.int64, copy=False)
    length = np.zeros_like(begin) if exposure is None else to_numpy(exposure).astype(np.int64, copy=False)
    if begin.ndim != 1 or length.shape != begin.shape:
        raise BookError(f"at and exposure must be rows of one length, not {begin.shape} and {length.shape}")
    frames = begin.size
    out = xp.empty((frames, LAYERS, books.rows * books.columns), dtype=np.uint32)
    if frames:
        if max(-int(begin.min()), int(begin.max())) > _FARTHEST_MOMENT:
            raise BookError("a moment is more than 200 years away")
        if int(length.min()) < 0 or int(length.max()) > LONGEST:
            raise BookError("an exposure takes between 0 ticks and 27 hours")
        twin = _card_states_numpy if xp is np else _card_states_cuda
        twin(books, begin, length, out)
    result: NDArray[np.uint8] = out.view(np.uint8).reshape(frames, LAYERS * books.rows, books.columns, 4)
    return result
