"""What an edit of a show changes in its card section: which moments can look different, and from when on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ..kernels.array_module import to_numpy

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..kernels.books import Books
    from ..kernels.tablets import Tablets

_NEVER = np.int64(np.iinfo(np.int64).max)


@dataclass(frozen=True)
class Row:
    """One turn of everybody.

    Attributes
    ----------
    start : ndarray of int64, shape (N,)
        Ticks at which each begins, if they turn at all.
    turn : int
        Ticks that it takes.
    moves : ndarray of int8, shape (N,)
        1 forward, -1 back, 0 where nothing turns.
    shows : ndarray, shape (N,)
        What each shows afterwards, in numbers that mean the same in any two shows.
    """

    start: NDArray[np.int64]
    turn: int
    moves: NDArray[np.int8]
    shows: NDArray[np.int64] | NDArray[np.uint32]

    def equals(self, other: Row) -> bool:
        """Whether both look the same; when somebody who does not turn would begin is of no account."""
        return (
            self.turn == other.turn
            and np.array_equal(self.moves, other.moves)
            and np.array_equal(self.shows, other.shows)
            and not ((self.start != other.start) & (self.moves != 0)).any()
        )

    def span(self) -> tuple[np.int64, np.int64]:
        """Return when the first begins and the last has ended; never and before all time if nobody turns."""
        turning = self.start[self.moves != 0]
        return (turning.min(), turning.max() + self.turn) if turning.size else (_NEVER, -_NEVER)


class _BookRows:
    def __init__(self, books: Books) -> None:
        self.start, self.turn, self.page, colour, palette = (
            to_numpy(array) for array in (books.start, books.turn, books.page, books.colour, books.palette)
        )
        words = palette.astype(np.uint32) @ np.array([1, 1 << 8, 1 << 16], np.uint32)
        self.colour = words[colour]
        self.everyone = np.arange(self.page.shape[1])

    def __len__(self) -> int:
        return len(self.page)

    def __getitem__(self, number: int) -> Row:
        page = self.page[number]
        moves = np.sign(page - self.page[number - 1] if number else page * 0).astype(np.int8)
        return Row(self.start[number], int(self.turn[number]), moves, self.colour[page, self.everyone])


class _TabletRows:
    def __init__(self, tablets: Tablets) -> None:
        self.start, self.turn, self.showing, picture, called = (
            to_numpy(array)
            for array in (tablets.start, tablets.turn, tablets.showing, tablets.picture, tablets.called)
        )
        self.numbers = called * np.int64(1 << 15) + picture

    def __len__(self) -> int:
        return len(self.showing)

    def __getitem__(self, number: int) -> Row:
        showing = self.showing[number]
        moves = (showing != self.showing[number - 1] if number else showing * 0).astype(np.int8)
        return Row(self.start[number], int(self.turn[number]), moves, self.numbers[showing])


def _turn_window(
    before: _BookRows | _TabletRows, after: _BookRows | _TabletRows
) -> tuple[np.int64, np.int64]:
    """Return from when to before when two lists of turns can look different; (never, ...) if they cannot."""
    shorter = min(len(before), len(after))
    first = 0
    while first < shorter and before[first].equals(after[first]):
        first += 1
    if first == len(before) == len(after):
        return _NEVER, -_NEVER
    if first == 0:  # what is shown from the beginning
        return -_NEVER, _NEVER
    last = 0
    while last < shorter - first and before[len(before) - 1 - last].equals(after[len(after) - 1 - last]):
        last += 1
    # What settles the difference is the first turn after which both show the same.
    ends = [len(rows) - last for rows in (before, after)]
    same = np.array_equal(before[ends[0] - 1].shows, after[ends[1] - 1].shows)
    settled = same or last > 0
    ends = [end + (not same and last > 0) for end in ends]
    spans = [
        rows[number].span()
        for rows, end in zip((before, after), ends, strict=True)
        for number in range(first, end)
    ]
    return min(span[0] for span in spans), max(span[1] for span in spans) if settled else _NEVER


def _same(before: NDArray[np.generic], after: NDArray[np.generic]) -> bool:
    return np.array_equal(to_numpy(before), to_numpy(after))


def _gesture_windows(before: Books, after: Books) -> list[tuple[np.int64, np.int64]]:
    """Return the stretches of time of gestures that only one of two shows has."""
    spans: dict[bytes, tuple[np.int64, np.int64]] = {}
    found: list[set[bytes]] = []
    for books in (before, after):
        gestures = books.gestures
        numbers, begin = (to_numpy(array) for array in gestures.prepared[:2])
        identities = [row.tobytes() + starts.tobytes() for row, starts in zip(numbers, begin, strict=True)]
        spans.update(
            zip(identities, zip(gestures.prepared.first, gestures.prepared.done, strict=True), strict=True)
        )
        found.append(set(identities))
    return [spans[identity] for identity in found[0] ^ found[1]]


def _drop_windows(before: Books, after: Books) -> list[tuple[np.int64, np.int64]]:
    one, other = to_numpy(before.dropped), to_numpy(after.dropped)
    differ = (one != other).any(0)
    both = np.concatenate([one[:, differ], other[:, differ]], axis=1).T
    return [(low, high) for low, high in both if low < high]


def _within(
    windows: list[tuple[np.int64, np.int64]], at: NDArray[np.int64], exposure: NDArray[np.int64]
) -> NDArray[np.bool_]:
    stop = at + np.maximum(exposure, 1)
    seen = np.zeros(at.size, bool)
    for begin, end in windows:
        seen |= (begin < stop) & (at < end)
    return seen


def changed_cards(
    before: Books, after: Books, at: NDArray[np.int64], exposure: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Tell at which moments two card sections can look different: at no others do they.

    Parameters
    ----------
    at, exposure : (F,) int64 ticks

    Returns
    -------
    (F,) bool
    """
    if (before.rows, before.columns) != (after.rows, after.columns) or not _same(
        before.present, after.present
    ):
        return np.ones(at.size, bool)
    windows = [_turn_window(_BookRows(before), _BookRows(after))]
    windows += _gesture_windows(before, after) + _drop_windows(before, after)
    return _within(windows, at, exposure)


def changed_screens(
    before: Tablets, after: Tablets, at: NDArray[np.int64], exposure: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Tell at which moments two sections of screens can look different, if their pages are the same.

    Parameters and result are those of `changed_cards`.
    """
    shape = [(tablets.rows, tablets.columns, tablets.pixels) for tablets in (before, after)]
    if shape[0] != shape[1] or not _same(before.working, after.working):
        return np.ones(at.size, bool)
    return _within([_turn_window(_TabletRows(before), _TabletRows(after))], at, exposure)
