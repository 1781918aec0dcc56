"""How much paper of which colour all books need."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil

import numpy as np
import numpy.typing as npt

from ...scenes.colour_names import hex_code
from ..card_holders import PROP_HEIGHT, hold_of
from .programme import Programme

COVER = "cover"
REAM = 500
"""Sheets in a ream."""
GRAMMAGE = 120
"""Grams a square metre of the paper that the film's books are as thick as."""


@dataclass(frozen=True)
class Colour:
    """A colour of paper: the name that people read, its code, and the paper stock, if it is of one."""

    name: str
    code: str
    stock: str


@dataclass(frozen=True, eq=False)
class PaperNeeds:
    """Sheets of paper that a section's books are made of. A sheet is one page of one book.

    Attributes
    ----------
    colours : tuple of Colour, length K
        Those in use, in the order of the palette; the cover of books is the last.
    sections : tuple of str, length S
    sheets : ndarray of int64, shape (S, K)
        Without spare ones.
    to_buy : ndarray of int64, shape (S, K)
        With the spare share of each section, rounded up.
    spare : Fraction
        Sheets to be bought beyond those needed, as a share of these.
    size : (float, float)
        A sheet's width and height, metres.
    thickest : int
        Sheets in the thickest book, or with the one who has the most cards; without a cover.
    """

    colours: tuple[Colour, ...]
    sections: tuple[str, ...]
    sheets: npt.NDArray[np.int64]
    to_buy: npt.NDArray[np.int64]
    spare: Fraction
    size: tuple[float, float]
    thickest: int

    def weight(self, sheets: int) -> float:
        """Return how much so many sheets weigh, kilograms."""
        return sheets * self.size[0] * self.size[1] * GRAMMAGE / 1000


def reams(sheets: int) -> int:
    """Return how many reams hold so many sheets."""
    return -(-sheets // REAM)


def is_page(programme: Programme) -> npt.NDArray[np.bool_]:
    """Return which entries of the plan's `book`, (B, N), are truly pages of somebody's."""
    plan = programme.plan
    numbers = np.arange(len(plan.book))[:, None]
    pages: npt.NDArray[np.bool_] = (numbers < plan.page_count) & plan.seats.taken
    return pages


def paper_needs(programme: Programme, spare: Fraction) -> PaperNeeds:
    """Count the sheets of all books by section and colour."""
    plan = programme.plan
    pages, count = is_page(programme), len(programme.palette)
    sheets = np.array(
        [
            np.bincount(plan.book[:, seats][pages[:, seats]], minlength=count)
            for seats in programme.sections.values()
        ],
        np.int64,
    )
    used = np.flatnonzero(sheets.sum(axis=0))
    colours = [
        Colour(
            programme.colours[index],
            hex_code(programme.palette[index]),
            programme.paper or "",
        )
        for index in used.tolist()
    ]
    sheets = sheets[:, used]
    if plan.mode == "books":
        people = np.array([len(seats) for seats in programme.sections.values()], np.int64)
        colours.append(Colour(COVER, hex_code(programme.cover), ""))
        sheets = np.concatenate([sheets, people[:, None]], axis=1)
    spares = [[ceil(number * spare) for number in row] for row in sheets.tolist()]
    to_buy = sheets + np.array(spares, np.int64).reshape(sheets.shape)
    return PaperNeeds(
        tuple(colours),
        tuple(programme.sections),
        sheets,
        to_buy,
        spare,
        (hold_of(plan.mode, plan.seats).width, PROP_HEIGHT),
        int(plan.page_count.max(initial=0)),
    )


def per_cent(share: Fraction) -> str:
    """Write a share in per cent: "5 %"."""
    return f"{float(share * 100):g} %"
