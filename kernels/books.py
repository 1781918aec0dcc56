"""What every card-holder shows at a moment: the page in view, and the page being turned away.

A person's state is a closed form of time: the last turn that has begun decides it. Cues that everyone has
finished, or that nobody has begun, are left out before any array is touched, so a frame costs what its few
active cues cost, however long the book is.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from .array_module import array_module, to_numpy
from .compile_cuda import cuda_function

if TYPE_CHECKING:
    from numpy.typing import NDArray

MAX_PAGES = 170
"""Pages that one book can hold."""

_MAX_TURN = 1 << 46
_THREADS = 256


class BookError(ValueError):
    """A card section's arrays do not fit together; the message says which and how."""


class _Prepared(NamedTuple):
    turning: Any  # (C, N) bool: this cue turns this holder's page
    shown: Any  # (C, N) uint32: the bytes R, G, B, A after the cue
    first: NDArray[np.int64]  # (C,) when the first holder begins; far in the future if none turns
    done_by: NDArray[np.int64]  # (C,) when all holders have ended this and every earlier cue


@dataclass(frozen=True, eq=False)
class Books:
    """A card section and its book, as arrays. C cues, N = rows * columns holders, P pages, K colours.

    Holder i sits in row ``i // columns`` (0 is the front) and column ``i % columns`` (0 is the viewer's
    left). Cue 0 is what is shown from the beginning. Someone outside a cue's region repeats the page of the
    former cue in ``page``; so no turn is shown, and the start of such a cue does not matter.

    Attributes
    ----------
    rows, columns
        Size of the section.
    start : ndarray of int64, shape (C, N)
        Ticks of show time at which each holder begins each turn.
    turn : ndarray of int64, shape (C,)
        Ticks that one turn takes; 0 for a change at once.
    page : ndarray of int16, shape (C, N)
        Page that each holder shows after each cue.
    colour : ndarray of uint8, shape (P, N)
        Palette index of each holder's card on each page.
    palette : ndarray of uint8, shape (K, 3)
        sRGB colours.
    present : ndarray of bool, shape (N,)
        False for an empty seat.

    Raises
    ------
    BookError
        When shapes, dtypes or indices do not fit, there are more than 170 pages, or someone would begin a
        turn before the last one has ended.
    """

    rows: int
    columns: int
    start: NDArray[np.int64]
    turn: NDArray[np.int64]
    page: NDArray[np.int16]
    colour: NDArray[np.uint8]
    palette: NDArray[np.uint8]
    present: NDArray[np.bool_]

    def __post_init__(self) -> None:
        holders = self.rows * self.columns
        cues = self.start.shape[0]
        pages, colours = self.colour.shape[0], self.palette.shape[0]
        for name, shape, dtype in (
            ("start", (cues, holders), np.int64),
            ("turn", (cues,), np.int64),
            ("page", (cues, holders), np.int16),
            ("colour", (pages, holders), np.uint8),
            ("palette", (colours, 3), np.uint8),
            ("present", (holders,), np.bool_),
        ):
            array = getattr(self, name)
            if array.shape != shape or array.dtype != dtype:
                raise BookError(
                    f"{name} must be {np.dtype(dtype).name} of shape {shape} for {self.rows} rows and "
                    f"{self.columns} columns, not {array.dtype} of shape {array.shape}"
                )
        if cues < 1 or holders < 1:
            raise BookError("a card section needs at least one holder and one cue")
        if not 1 <= pages <= MAX_PAGES:
            raise BookError(f"a book has 1 to {MAX_PAGES} pages, not {pages}")
        if int(self.page.min()) < 0 or int(self.page.max()) >= pages:
            raise BookError(f"page holds indices outside the book's {pages} pages")
        if int(self.colour.max()) >= colours:
            raise BookError(
                f"colour holds index {int(self.colour.max())}, but the palette has {colours} colours"
            )
        if int(self.turn.min()) < 0 or int(self.turn.max()) > _MAX_TURN:
            raise BookError("a turn takes between 0 ticks and 27 hours")

    @functools.cached_property
    def _prepared(self) -> _Prepared:
        xp = array_module(self.start)
        cues, holders = self.start.shape
        cards = xp.zeros((self.palette.shape[0], 4), dtype=np.uint8)
        cards[:, :3] = self.palette
        cards[:, 3] = 255
        # one word a card; an empty seat shows nothing at all, so that no alpha handling can bring colour back
        by_page = cards.view(np.uint32)[:, 0][self.colour] * self.present.astype(np.uint32)
        shown = by_page[self.page, xp.arange(holders)]
        turning = xp.zeros((cues, holders), dtype=bool)
        turning[1:] = self.page[1:] != self.page[:-1]

        far = np.int64(np.iinfo(np.int64).max)
        first, last = np.full(cues, far), np.full(cues, -far)
        free = xp.full(holders, -far)
        durations = to_numpy(self.turn)
        for cue in range(1, cues):
            moving, begin = turning[cue], self.start[cue]
            if bool((moving & (begin < free)).any()):
                raise BookError(f"at cue {cue} someone would begin a turn before the last one has ended")
            free = xp.where(moving, begin + durations[cue], free)
            first[cue] = int(xp.where(moving, begin, far).min())
            last[cue] = int(xp.where(moving, free, -far).max())
        return _Prepared(turning, shown, first, np.maximum.accumulate(last))


def _active_cues(prepared: _Prepared, at: NDArray[np.int64]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return for each moment the newest cue that all have ended, and the newest that anyone has begun."""
    settled = np.searchsorted(prepared.done_by, at, side="right") - 1
    begun = prepared.first[None, :] <= at[:, None]
    newest = prepared.first.size - 1 - np.argmax(begun[:, ::-1], axis=1)
    newest = np.where(begun.any(axis=1), newest, 0)
    settled = np.maximum(settled, 0)
    return settled.astype(np.int32), np.maximum(newest, settled).astype(np.int32)


def _card_states_numpy(
    start: NDArray[np.int64],
    turn: NDArray[np.int64],
    turning: NDArray[np.bool_],
    shown: NDArray[np.uint32],
    at: NDArray[np.int64],
    settled: NDArray[np.int32],
    newest: NDArray[np.int32],
    out: NDArray[np.uint32],
) -> None:
    """Fill ``out`` (F, 2, N): the twin of ``card_states`` in cuda/books.cu."""
    rgb = np.array([255, 255, 255, 0], dtype=np.uint8).view(np.uint32)[0]
    for frame, now in enumerate(at):
        above, below = out[frame]
        below[:] = shown[settled[frame]]
        turns = []
        for cue in range(settled[frame] + 1, newest[frame] + 1):
            begun = turning[cue] & (start[cue] <= now)
            np.copyto(below, shown[cue], where=begun)
            turns.append((cue, begun & (start[cue] > now - turn[cue])))
        np.bitwise_and(below, rgb, out=above)
        for cue, moving in turns:
            holders = np.flatnonzero(moving)
            holders = holders[shown[cue][holders] != 0]
            part = ((now - start[cue][holders]) << 16) // turn[cue]
            eased = (part * part * (3 * 65536 - 2 * part)) >> 32
            progress = np.maximum((eased * 255 + 32768) >> 16, 1)
            page = shown[cue - 1][holders]
            page.view(np.uint8)[3::4] = progress
            above[holders] = page


def _card_states_cuda(
    start: Any, turn: Any, turning: Any, shown: Any, at: Any, settled: Any, newest: Any, out: Any
) -> None:
    frames, _, holders = out.shape
    grid = (frames, -(-holders // _THREADS))
    kernel = cuda_function("books", "card_states")
    arguments = (start, turn, turning, shown, at, settled, newest, np.int32(holders), np.int32(frames), out)
    kernel(grid, (_THREADS,), arguments)


def card_states(books: Books, at: NDArray[np.int64]) -> NDArray[np.uint8]:
    """Return the card section's data textures at the wanted moments.

    While a page turns, its progress is eased by the smoothstep 3x² - 2x³ in whole numbers, so that NumPy and
    CUDA give the same bytes. A turn lasts from its start until just before its end.

    Parameters
    ----------
    books
        The card section. The device of its arrays is where the work is done.
    at : ndarray of int64, shape (F,)
        Moments, in ticks of show time, in any order.

    Returns
    -------
    ndarray of uint8, shape (F, 2 * rows, columns, 4)
        Rows 0 to ``rows - 1``: sRGB of the page being turned away, and in alpha how far it is turned, 1 to
        255; 0 at rest, when the colour is that of the page shown. The other rows: sRGB of the page shown or
        being turned to, and 255 for a person, 0 for an empty seat, all of whose bytes are 0.

    Raises
    ------
    BookError
        If someone would begin a turn before the last one has ended.
    """
    xp = array_module(books.start)
    prepared = books._prepared
    moments = to_numpy(at).astype(np.int64, copy=False)
    settled, newest = _active_cues(prepared, moments)
    frames = moments.size
    out = xp.empty((frames, 2, books.rows * books.columns), dtype=np.uint32)
    if frames:
        twin = _card_states_numpy if xp is np else _card_states_cuda
        twin(
            xp.ascontiguousarray(books.start),
            xp.asarray(books.turn),
            prepared.turning,
            prepared.shown,
            xp.asarray(moments),
            xp.asarray(settled),
            xp.asarray(newest),
            out,
        )
    result: NDArray[np.uint8] = out.view(np.uint8).reshape(frames, 2 * books.rows, books.columns, 4)
    return result
