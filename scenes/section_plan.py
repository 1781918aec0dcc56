"""What a card section is to do, worked out: every turn and gesture, every picture, everyone's book."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fractions import Fraction

    import numpy as np
    from numpy.typing import NDArray

    from ..kernels.books import Books
    from ..kernels.tablets import Tablets
    from .schema_card_section import Mode
    from .seats import SeatMap


@dataclass(frozen=True)
class Turn:
    """One call to turn a page. A cue is several when it repeats, holds, or plays a moving picture.

    Attributes
    ----------
    cue : int
        Which of ``card_section.cues``.
    at : Fraction
        Show time in seconds of its place among all turns; turns of one place are for different people.
    picture : int
        Which of the plan's pictures.
    label : str
        What to call it: the page's name, with a number for one of a run, such as ``sea 3/12``.
    called : Fraction or None
        Show time in seconds at which it is called, from which its order runs. None where that is `at`: for
        all but those whom it reaches after later calls.
    """

    cue: int
    at: Fraction
    picture: int
    label: str
    called: Fraction | None = None


@dataclass(frozen=True)
class Movement:
    """One call to a gesture; row g of ``books.gestures``."""

    cue: int
    at: Fraction
    label: str


@dataclass(frozen=True, eq=False)
class SectionPlan:
    """A card section worked out. T turns, N cells, P pictures, B pages in the thickest book, K colours.

    Attributes
    ----------
    mode : {"books", "cards", "two_sided", "tablets"}
    seats : SeatMap
    turns : tuple of Turn, length T
        In order of time, and each person's in the order in which that person comes to them; turn 0 is what is
        shown from the beginning.
    movements : tuple of Movement
    pictures : ndarray of uint8, shape (P, rows, columns, 3)
        sRGB, as drawn, before the palette.
    matched : ndarray of uint8, shape (P, N)
        The pictures in palette colours: indices into ``books.palette``.
    included : ndarray of bool, shape (T, N)
        Whom each turn is for.
    wanted : ndarray of int16, shape (T, N)
        The picture each seat is part of after each turn.
    due : ndarray of int64, shape (T, N)
        Ticks of show time at which somebody perfect begins each turn.
    page : ndarray of int16, shape (T, N)
        Page that somebody perfect has open after each turn, by the numbers of that seat's own book, from 0.
    book : ndarray of uint8, shape (B, N)
        Palette index of each page of each seat's book; pages after its last repeat it.
    page_count : ndarray of int16, shape (N,)
        How many pages each seat's book truly has; 0 where there is no seat.
    books : Books
        The section as it is performed, with late, wrong and missing people; same page numbers.
    tablets : Tablets or None
        What the seats' screens show, in the mode ``tablets``.
    """

    mode: Mode
    seats: SeatMap
    turns: tuple[Turn, ...]
    movements: tuple[Movement, ...]
    pictures: NDArray[np.uint8]
    matched: NDArray[np.uint8]
    included: NDArray[np.bool_]
    wanted: NDArray[np.int16]
    due: NDArray[np.int64]
    page: NDArray[np.int16]
    book: NDArray[np.uint8]
    page_count: NDArray[np.int16]
    books: Books
    tablets: Tablets | None
