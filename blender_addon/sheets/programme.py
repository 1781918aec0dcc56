"""What each card-holder is to do, line by line: from a section's plan to the words of its sheets."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from ...kernels.gestures import GESTURES
from ...kernels.ticks import seconds, ticks
from ...scenes import card_section
from ...scenes.colour_names import colour_names
from ...scenes.load import LoadedShow
from ...scenes.quantities import Tempo
from ...scenes.schema_cue import Cue
from ...scenes.section_plan import SectionPlan
from . import counting

STAY, ON, BACK, OPEN, SHOW, GESTURE = range(6)
"""What a line asks of one person: keep the page; turn one leaf on, or back; have a page open (or a card
shown) from the beginning; show another card; make a gesture."""

RGB = tuple[int, int, int]


@dataclass(frozen=True)
class Line:
    """One call of the conductor: turns to be begun at one moment, or a gesture.

    Attributes
    ----------
    at : Fraction
        Show time in seconds at which it is called.
    label : str
    turns : tuple of int
        Which of the plan's turns; several are for different people. Empty for a gesture.
    movement : int or None
        Which of the plan's movements; None for turns.
    """

    at: Fraction
    label: str
    turns: tuple[int, ...] = ()
    movement: int | None = None


@dataclass(frozen=True, eq=False)
class Duties:
    """What some people are to do. L lines, S people, B pages in the thickest book.

    Attributes
    ----------
    seats : ndarray of int64, shape (S,)
        Cells of the section.
    action : ndarray of uint8, shape (L, S)
        `STAY`, `ON`, `BACK`, `OPEN`, `SHOW` or `GESTURE`.
    due : ndarray of int64, shape (L, S)
        Ticks of show time at which each person begins; where nothing is to be done, when it is called.
    page : ndarray of int16, shape (L, S)
        Page, from 0, that is open after each line.
    colour : ndarray of uint8, shape (L, S)
        Palette index of that page.
    book : ndarray of uint8, shape (B, S)
        Palette index of each page of each book.
    page_count : ndarray of int16, shape (S,)
        How many pages each book has.
    """

    seats: npt.NDArray[np.int64]
    action: npt.NDArray[np.uint8]
    due: npt.NDArray[np.int64]
    page: npt.NDArray[np.int16]
    colour: npt.NDArray[np.uint8]
    book: npt.NDArray[np.uint8]
    page_count: npt.NDArray[np.int16]


@dataclass(frozen=True, eq=False)
class Programme:
    """A card section's show as its people are told of it.

    Attributes
    ----------
    title : str
    plan : SectionPlan
        As somebody perfect performs it.
    cues : tuple of Cue
    tempo : Tempo or None
        How bars and beats are counted; None for a show without music.
    cover : (red, green, blue)
    paper : str or None
        The paper stock that the palette is of.
    """

    title: str
    plan: SectionPlan
    cues: tuple[Cue, ...]
    tempo: Tempo | None = None
    cover: RGB = (244, 241, 232)
    paper: str | None = None

    @functools.cached_property
    def colours(self) -> tuple[str, ...]:
        """Names of the palette's colours."""
        return colour_names(self.palette, self.paper)

    @property
    def palette(self) -> npt.NDArray[np.uint8]:
        """The palette's sRGB colours, (K, 3)."""
        return self.plan.books.palette

    @property
    def has_books(self) -> bool:
        """Whether people carry paper: not with tablets."""
        return self.plan.mode != "tablets"

    @functools.cached_property
    def lines(self) -> tuple[Line, ...]:
        """All calls, in order of time; of those at one moment, turns come first."""
        together: list[list[int]] = []
        for index, turn in enumerate(self.plan.turns):
            # Turn 0 is what is shown from the beginning, whatever else is called then.
            if index > 1 and turn.at == self.plan.turns[index - 1].at:
                together[-1].append(index)
            else:
                together.append([index])
        turns = [
            Line(
                self.plan.turns[group[0]].at,
                " + ".join(dict.fromkeys(self.plan.turns[index].label for index in group)),
                tuple(group),
            )
            for group in together
        ]
        gestures = [
            Line(movement.at, movement.label, movement=index)
            for index, movement in enumerate(self.plan.movements)
        ]
        return (*turns[:1], *sorted(turns[1:] + gestures, key=lambda line: line.at))

    @functools.cached_property
    def order(self) -> npt.NDArray[np.int64]:
        """All seats, ordered by section, row and number as a person would."""
        seats = self.plan.seats
        taken = np.flatnonzero(seats.taken).tolist()
        parts = [
            {text: _natural(text) for text in np.unique(labels[seats.taken]).tolist()}
            for labels in (seats.section, seats.row, seats.number)
        ]
        labels = list(zip(seats.section.tolist(), seats.row.tolist(), seats.number.tolist(), strict=True))

        def key(seat: int) -> tuple[object, ...]:
            return (*(part[label] for part, label in zip(parts, labels[seat], strict=True)), seat)

        return np.array(sorted(taken, key=key), np.int64)

    @functools.cached_property
    def sections(self) -> dict[str, npt.NDArray[np.int64]]:
        """The seats of each section, in order."""
        labels = self.plan.seats.section[self.order]
        return {name: self.order[labels == name] for name in dict.fromkeys(labels.tolist())}

    def duties(self, seats: npt.NDArray[np.int64]) -> Duties:
        """Return what the people in some seats are to do."""
        plan, lines = self.plan, self.lines
        shape = len(lines), len(seats)
        action, due = np.zeros(shape, np.uint8), np.empty(shape, np.int64)
        page = np.empty(shape, np.int16)
        open_page = plan.page[0, seats]
        for row, line in enumerate(lines):
            due[row] = ticks(line.at)
            before = open_page
            for turn in line.turns:
                former, open_page = open_page, plan.page[turn, seats]
                due[row] = np.where(open_page != former, plan.due[turn, seats], due[row])
            if line.movement is not None:
                gestures = plan.books.gestures
                taking = gestures.taking[line.movement, seats]
                action[row] = np.where(taking, GESTURE, STAY)
                due[row] = np.where(taking, gestures.start[line.movement, seats], due[row])
            else:
                action[row] = self._turn_action(before, open_page) if row else OPEN
                due[row] = np.where(action[row] == STAY, ticks(line.at), due[row])
            page[row] = open_page
        colour = plan.book[page, seats]
        return Duties(seats, action, due, page, colour, plan.book[:, seats], plan.page_count[seats])

    def _turn_action(
        self, before: npt.NDArray[np.int16], after: npt.NDArray[np.int16]
    ) -> npt.NDArray[np.uint8]:
        on, back = (ON, BACK) if self.plan.mode == "books" else (SHOW, SHOW)
        return np.where(after > before, on, np.where(after < before, back, STAY)).astype(np.uint8)

    def gesture_text(self, movement: int) -> tuple[str, str]:
        """Return what to call a gesture, and for how long it is held: ("raise", "2.5 s")."""
        gestures = self.plan.books.gestures
        held = float(seconds(gestures.hold[movement]))
        return GESTURES[int(gestures.kind[movement])], f"hold {held:.3g} s" if held else ""

    def page_name(self, page: int) -> str:
        """Return what a page is called to the one who holds it: "7", or "4 front" of a two-sided card."""
        if self.plan.mode != "two_sided":
            return str(page + 1)
        return f"{page // 2 + 1} {'back' if page % 2 else 'front'}"

    def action_text(self, action: int, page: int) -> str:
        """Return a line's order to one person in a word or two: "» 12", "« 11", "stay"."""
        if action == STAY:
            return "stay"
        opened = "open" if self.plan.mode == "books" else "show"
        mark = {ON: "»", BACK: "«", OPEN: opened, SHOW: "show"}[action]
        return f"{mark} {self.page_name(page)}"

    def halves(self, moments: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Return which half beat of the music, from 0, moments in ticks are nearest to; 0 without music."""
        return counting.halves(self.tempo, moments)

    def count(self, half: int) -> str:
        """Return the bar and beat of a half beat: "12·3½"; nothing before bar 1 and without music."""
        return counting.count(self.tempo, half)


def programme(
    loaded: LoadedShow, progress: Callable[[str, int, int], None] = lambda stage, done, of: None
) -> Programme:
    """Work out what the people of a show's card section are to be told.

    Nobody is told to be late: the plan is made as if all were perfect and there.

    Raises
    ------
    ShowError
        When the card section cannot be worked out.
    """
    progress("prepare", 0, 1)
    section = loaded.show.card_section
    people = section.people.model_copy(update={"perfect": True})
    show = loaded.show.model_copy(update={"card_section": section.model_copy(update={"people": people})})
    plan = card_section.compile_section(replace(loaded, show=show))
    progress("prepare", 1, 1)
    return Programme(
        title=show.title,
        plan=plan,
        cues=section.cues,
        tempo=show.music.tempo if show.music is not None else None,
        cover=section.cover,
        paper=section.palette.paper,
    )


def _natural(text: str) -> tuple[tuple[int, int, str], ...]:
    """Return what orders labels as a person would: row 9 before row 10."""
    return tuple(
        (0, int(part), "") if part.isdecimal() else (1, 0, part)
        for part in re.split(r"([0-9]+)", text)
        if part
    )
