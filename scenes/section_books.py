"""Everyone's own book: the fewest pages that the turns need, and who opens it at a wrong one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..kernels.book_pages import BookPages, card_stack, fewest_pages, first_overflow
from ..kernels.books import MAX_PAGES
from .errors import ShowError
from .kept import digest, kept
from .section_timing import FORGETS, RIGHT, TOO_FAR

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from .cue_turns import TurnCall
    from .load import LoadedShow
    from .schema_card_section import Mode
    from .seats import SeatMap

    Members = NDArray[np.bool_]
    Pages = NDArray[np.int16]


def shown_colours(
    calls: Sequence[TurnCall], pictures: NDArray[np.int16], matched: NDArray[np.uint8]
) -> tuple[NDArray[np.int16], NDArray[np.uint8]]:
    """Return the picture that each seat is part of after each call, and its colour there.

    Parameters
    ----------
    calls : sequence of TurnCall, length T
    pictures : ndarray of int16, shape (T,)
        Which picture each call is to.
    matched : ndarray of uint8, shape (P, N)

    Returns
    -------
    wanted : ndarray of int16, shape (T, N)
    colour : ndarray of uint8, shape (T, N)
    """
    wanted = np.empty((len(calls), matched.shape[1]), dtype=np.int16)
    colour = np.empty(wanted.shape, dtype=np.uint8)
    wanted[0], colour[0] = pictures[0], matched[pictures[0]]
    for turn in range(1, len(calls)):
        included = calls[turn].included
        wanted[turn] = np.where(included, pictures[turn], wanted[turn - 1])
        colour[turn] = np.where(included, matched[pictures[turn]], colour[turn - 1])
    return wanted, colour


def make_books(colour: NDArray[np.uint8], mode: Mode, seats: SeatMap) -> BookPages:
    """Return the book that each seat needs to show its colours, (T, N), in that mode."""
    colour, make = _needed(colour, seats), _maker(mode)
    # The same pictures in the same order need the same books, whenever they are called.
    return kept.get((make.__name__, digest(colour)), lambda: make(colour))


def _needed(colour: NDArray[np.uint8], seats: SeatMap) -> NDArray[np.uint8]:
    """Return the colours with one all along where there is no seat, which costs no page."""
    return np.where(seats.taken, colour, np.uint8(0))


def _maker(mode: Mode) -> Callable[[NDArray[np.uint8]], BookPages]:
    return fewest_pages if mode == "books" else card_stack


def check_page_counts(
    loaded: LoadedShow,
    seats: SeatMap,
    calls: Sequence[TurnCall],
    colour: NDArray[np.uint8],
    books: BookPages,
) -> None:
    """Make sure that every book can be bound.

    Raises
    ------
    ShowError
        When one has more than 170 pages: at the cue that comes to the first page too many, with the fullest
        book's seat and count.
    """
    count = np.where(seats.taken, books.count, 0)
    fullest = int(count.argmax())
    if count[fullest] <= MAX_PAGES:
        return
    turn, _ = first_overflow(colour[:, [fullest]], MAX_PAGES, _maker(loaded.show.card_section.mode))
    overflowing = calls[int(turn[0])].cue
    over = int((count > MAX_PAGES).sum())
    others = f"; {over - 1:,} others need more than {MAX_PAGES} too" if over > 1 else ""
    cue = loaded.show.card_section.cues[overflowing]
    raise ShowError(
        [
            loaded.problem(
                ("card_section", "cues", overflowing),
                f"with the page {cue.page!r}, the book at seat {seats.name[fullest]} comes to more than "
                f"{MAX_PAGES} pages; it needs {int(count[fullest])} for the whole show{others}",
            )
        ]
    )


def performed_pages(
    page: Pages, count: Pages, calls: Sequence[TurnCall], mistakes: NDArray[np.int8]
) -> Pages:
    """Return the page that each person has open after each call, with all mistakes.

    Who makes one stays on the page, or turns a leaf too far; at the end of the book, where there is none,
    they stay. The next call that is for them puts them right, since it names the page.

    Parameters
    ----------
    page : ndarray of int16, shape (T, N)
        What each should have open.
    count : ndarray of int16, shape (N,)
    calls : sequence of TurnCall, length T
    mistakes : ndarray of int8, shape (T, N)

    Returns
    -------
    ndarray of int16, shape (T, N)
    """
    erring = np.flatnonzero((mistakes != RIGHT).any(axis=0))
    if erring.size == 0:
        return page
    performed = page.copy()
    right, had = page[:, erring], page[0, erring]
    last = np.maximum(count[erring] - 1, 0)
    for turn, call in enumerate(calls[1:], 1):
        made = mistakes[turn, erring]
        step = np.sign(right[turn] - right[turn - 1])
        too_far = np.clip(right[turn] + step, 0, last)
        too_far = np.where(too_far == right[turn], had, too_far)
        opened = np.where(made == TOO_FAR, too_far, np.where(made == FORGETS, had, right[turn]))
        # Who has nothing to turn makes no mistake.
        opened = np.where(step == 0, right[turn], opened)
        had = np.where(call.included[erring], opened, had).astype(page.dtype)
        performed[turn, erring] = had
    return performed
