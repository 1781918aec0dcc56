"""One thing about a show that people, paper or the film will not manage as it is written."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..section_plan import SectionPlan
    from .limits import Limit

Kind = Literal["strokes", "letters", "turns", "books", "contrast", "spread", "cameras"]
Severity = Literal["high", "medium", "low"]

SEVERITIES: tuple[Severity, ...] = ("high", "medium", "low")
KINDS: dict[Kind, str] = {
    "turns": "Turns faster than people can",
    "spread": "Cues closer than the spread of the last",
    "letters": "Letters too small to read",
    "strokes": "Strokes too thin to read",
    "contrast": "Contrast lost in the paper's colours",
    "books": "Books nearly full",
    "cameras": "Seats that no camera sees",
}
"""What each kind of finding is called, in the order of a report."""


@dataclass(frozen=True, eq=False)
class Finding:
    """A doubt about a show, with its place, its number and what to do. N cells of the section.

    Attributes
    ----------
    kind : str
        One of `KINDS`.
    severity : {"high", "medium", "low"}
        It will not work; it will suffer; it is worth knowing.
    weight : float
        The greater, the earlier among findings of the same severity and kind.
    cue : int
        Which of ``card_section.cues``, from 0; its place in the show file is the finding's.
    at : Fraction
        Show time in seconds.
    page : str
        The page that is concerned; empty where it is none in particular.
    what : str
        What is the matter, as a clause with its number.
    measured : str
        The number that was found, with its unit.
    limit : Limit
        The number it is held against.
    advice : str
        What to do, as a clause.
    seats : ndarray of bool, shape (N,)
        Who is concerned.
    who : str
        The same in words.
    picture : ndarray of uint8, shape (rows, columns, 3)
        sRGB of what the section shows then, row 0 is the front.
    """

    kind: Kind
    severity: Severity
    weight: float
    cue: int
    at: Fraction
    page: str
    what: str
    measured: str
    limit: Limit
    advice: str
    seats: NDArray[np.bool_]
    who: str
    picture: NDArray[np.uint8]

    @property
    def sentence(self) -> str:
        """The finding in one line."""
        page = f", page {self.page!r}" if self.page else ""
        return f"at {clock(self.at)}{page}: {self.what}; {self.who}; {self.advice}"


def worst_first(finding: Finding) -> tuple[int, int, float, Fraction]:
    """Key by which findings are sorted."""
    return (
        SEVERITIES.index(finding.severity),
        list(KINDS).index(finding.kind),
        -finding.weight,
        finding.at,
    )


def clock(seconds: Fraction | float) -> str:
    """Return a time as text: ``12.5 s``, or ``2 min 5 s`` from a minute on."""
    value = round(float(seconds), 2)
    if abs(value) < 60:
        return f"{value:g} s"
    minutes, rest = divmod(value, 60)
    return f"{int(minutes)} min {round(rest, 2):g} s" if rest else f"{int(minutes)} min"


def per_cent(share: float) -> str:
    """Return a share as text: ``14 %``."""
    return f"{100 * share:.0f} %"


def shown_after(plan: SectionPlan, turn: int) -> NDArray[np.uint8]:
    """Return what the section is to show after a turn: (rows, columns, 3) uint8 sRGB, row 0 is the front."""
    holders = np.arange(plan.seats.rows * plan.seats.columns)
    wanted = plan.wanted[turn]
    if plan.mode == "tablets":
        cells = plan.pictures.reshape(len(plan.pictures), -1, 3)[wanted, holders]
    else:
        cells = plan.books.palette[plan.matched[wanted, holders]]
    picture: NDArray[np.uint8] = cells.reshape(plan.seats.rows, plan.seats.columns, 3)
    return picture
