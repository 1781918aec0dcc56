"""The booklets of one section, or of a part of a large one, as one PDF."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from .booklet import Booklet
from .file_names import file_stems
from .layout import Layout, lay_out
from .lettering import pdf_file
from .programme import ON, OPEN, SHOW, Programme

MOST_PEOPLE = 2500
"""People whose booklets one file holds; a larger section is several files, of whole rows."""


@dataclass(frozen=True, eq=False)
class Part:
    """People whose booklets are one file.

    Attributes
    ----------
    file : str
        The file's name.
    section : str
    seats : ndarray of int64, shape (S,)
        Cells of the section, in the order of the booklets.
    """

    file: str
    section: str
    seats: npt.NDArray[np.int64]


def parts(programme: Programme, most: int = MOST_PEOPLE) -> list[Part]:
    """Return the files of booklets: one a section, several for one of more than `most` people."""
    found = []
    stems = file_stems("section", programme.sections)
    for stem, (section, seats) in zip(stems, programme.sections.items(), strict=True):
        pieces = _pieces(programme.plan.seats.row[seats], most)
        for number, (first, last) in enumerate(pieces, 1):
            suffix = f"_part_{number:02d}" if len(pieces) > 1 else ""
            found.append(Part(f"{stem}{suffix}.pdf", section, seats[first:last]))
    return found


def _pieces(rows: npt.NDArray[np.str_], most: int) -> list[tuple[int, int]]:
    """Cut people, given each one's row, into pieces of at most `most`, between rows where that can be."""
    ends = [*(np.flatnonzero(rows[1:] != rows[:-1]) + 1).tolist(), len(rows)]
    pieces, first, last = [], 0, 0
    for end in ends:
        if end - first > most and last > first:
            pieces.append((first, last))
            first = last
        while end - first > most:
            pieces.append((first, first + most))
            first += most
        last = end
    pieces.append((first, len(rows)))
    return pieces


def booklet_layout(programme: Programme) -> Layout:
    """Return the layout of all booklets of a show."""
    plan = programme.plan
    most = max(1, int(plan.page_count.max()))
    names = [programme.page_name(page) for page in range(most)]
    turns = [programme.action_text(ON if plan.mode == "books" else SHOW, page) for page in (most - 1, 0)]
    gestures = [
        programme.gesture_text(line.movement)[0] for line in programme.lines if line.movement is not None
    ]
    return lay_out(
        len(programme.lines),
        most,
        counted=programme.tempo is not None,
        colours=programme.colours,
        actions=(*turns, programme.action_text(OPEN, int(plan.page[0].max())), "stay", *gestures),
        page=max(names, key=len),
    )


def write_booklets(
    path: Path,
    programme: Programme,
    layout: Layout,
    part: Part,
    done: Callable[[int], None] = lambda people: None,
) -> None:
    """Write the booklets of some people, whole or not at all.

    Parameters
    ----------
    done : callable (people)
        Called with how many are drawn, each time one more is.

    Raises
    ------
    OSError
        When the file cannot be written.
    """
    title = f"{programme.title}: booklets" + (f", section {part.section}" if part.section else "")
    with pdf_file(path, title) as canvas:
        for people in Booklet(canvas, programme, layout).draw(programme.duties(part.seats)):
            done(people)
