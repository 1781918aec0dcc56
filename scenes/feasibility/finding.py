"""One thing about a show that people, paper or the film will not manage as it is written."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..errors import YamlPath
    from ..section_plan import SectionPlan
    from .limits import Limit

Kind = Literal[
    "strokes",
    "letters",
    "turns",
    "books",
    "contrast",
    "spread",
    "cameras",
    "collisions",
    "standing",
    "speeds",
    "stacks",
    "mended",
]
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
    "collisions": "Gymnasts who run into each other",
    "standing": "Gymnasts who stand in one another",
    "speeds": "Ways faster than people can",
    "stacks": "Acrobats stacked too high",
    "mended": "Ways changed so that nobody collides",
}
"""What each kind of finding is called, in the order of a report."""

SECTION_KINDS: frozenset[Kind] = frozenset(
    ("turns", "spread", "letters", "strokes", "contrast", "books", "cameras")
)
"""The kinds about the card section; all others are about the field."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Finding:
    """A doubt about a show, with its place, its number and what to do.

    Attributes
    ----------
    kind : str
        One of `KINDS`.
    severity : {"high", "medium", "low"}
        It will not work; it will suffer; it is worth knowing.
    weight : float
        The greater, the earlier among findings of the same severity and kind.
    at : Fraction
        Show time in seconds.
    what : str
        What is the matter, as a clause with its number.
    measured : str
        The number that was found, with its unit.
    limit : Limit
        The number it is held against.
    advice : str
        What to do, as a clause.
    who : str
        Who is concerned, in words.
    """

    kind: Kind
    severity: Severity
    weight: float
    at: Fraction
    what: str
    measured: str
    limit: Limit
    advice: str
    who: str

    @property
    def path(self) -> YamlPath:
        """What of the show file it is about."""
        raise NotImplementedError

    @property
    def moment(self) -> str:
        """When it is, in words."""
        return clock(self.at)

    @property
    def sentence(self) -> str:
        """The finding in one line."""
        return f"at {self.moment}: {self.what}; {self.who}; {self.advice}"


@dataclass(frozen=True, eq=False, kw_only=True)
class SectionFinding(Finding):
    """A doubt about the card section, of N cells.

    Attributes
    ----------
    cue : int
        Which of ``card_section.cues``, from 0; its place in the show file is the finding's.
    page : str
        The page that is concerned; empty where it is none in particular.
    seats : ndarray of bool, shape (N,)
        Who is concerned.
    picture : ndarray of uint8, shape (rows, columns, 3)
        sRGB of what the section shows then, row 0 is the front.
    """

    cue: int
    page: str
    seats: NDArray[np.bool_]
    picture: NDArray[np.uint8]

    @property
    def path(self) -> YamlPath:
        """The cue."""
        return "card_section", "cues", self.cue

    @property
    def moment(self) -> str:
        """When it is, and on which page."""
        return f"{clock(self.at)}, page {self.page!r}" if self.page else clock(self.at)


@dataclass(frozen=True, eq=False, kw_only=True)
class FieldFinding(Finding):
    """A doubt about the gymnasts on the field.

    Attributes
    ----------
    about : tuple of str and int
        The YAML path of what it is about: mostly a set of a troupe's drill.
    bar : str
        In which bar and beat of the music it is; empty without music.
    people : dict of str to ndarray of int64, shape (K,)
        Who is concerned of each troupe.
    number : dict of str to int
        Which way of theirs is concerned, by the set that it leads to; troupes without are concerned where
        they stand.
    middle : tuple of float, or None
        Metres: where on the field it is, if it is at one place.
    """

    about: YamlPath
    bar: str
    people: dict[str, NDArray[np.int64]]
    number: dict[str, int]
    middle: tuple[float, float] | None

    @property
    def path(self) -> YamlPath:
        """What of the show file it is about."""
        return self.about

    @property
    def moment(self) -> str:
        """When it is, by the clock and the music."""
        return f"{clock(self.at)} ({self.bar})" if self.bar else clock(self.at)

    @property
    def sentence(self) -> str:
        """The finding in one line; `what` says already who it is."""
        return f"at {self.moment}: {self.what}; {self.advice}"


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
