"""The card section of a show as arrays: who turns to which page, when, and in which colours."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..kernels.books import MAX_PAGES, Books
from ..kernels.counter_random import Purpose, bits
from ..kernels.flips import order_fraction, turn_starts
from ..kernels.palette import choose_palette, match
from ..kernels.people import People, absent, reaction, wrong_page
from ..kernels.ticks import ticks
from .errors import Problem, ShowError, dotted
from .pages import PageError, rasterise

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .load import LoadedShow
    from .schema import CardSection, Cue


def compile_books(loaded: LoadedShow) -> Books:
    """Work out the books of all card-holders.

    Parameters
    ----------
    loaded : LoadedShow

    Returns
    -------
    Books
        Pages are numbered in the order in which the cues first name them; where that makes more than one
        book holds, each holder's own pages are numbered in the order in which they come up.

    Raises
    ------
    ShowError
        If a page's image cannot be used.
    """
    show, section = loaded.show, loaded.show.card_section
    names = list(dict.fromkeys(cue.page for cue in section.cues))
    pictures = _pictures(loaded, names)
    palette = choose_palette(pictures, section.palette.colours)
    colour = np.stack([match(picture, palette, section.palette.dither).reshape(-1) for picture in pictures])

    people, holders = _people(section), np.arange(section.rows * section.columns)
    cues = np.arange(len(section.cues))
    included = np.stack([_region(section, cue).reshape(-1) for cue in section.cues])
    wanted = np.array([names.index(cue.page) for cue in section.cues], dtype=np.int16)
    expected = _expected(wanted, included)
    wrong = wrong_page(people, show.seed, cues, holders) & included
    wrong[0] = False
    page = _mistaken(expected, included, wrong, show.seed)

    turn = np.array([ticks(cue.flip.turn) for cue in section.cues], dtype=np.int64)
    start = turn_starts(
        np.array([ticks(cue.at) for cue in section.cues], dtype=np.int64),
        np.stack([_fraction(section, cue, show.seed, index) for index, cue in enumerate(section.cues)]),
        np.array([ticks(cue.flip.over) for cue in section.cues], dtype=np.int64),
        reaction(people, show.seed, cues, holders),
        turn,
        included,
    )
    if len(names) > MAX_PAGES:
        page, colour = _own_numbers(page, colour)
    return Books(
        rows=section.rows,
        columns=section.columns,
        start=start,
        turn=turn,
        page=page,
        colour=colour,
        palette=palette,
        present=~absent(people, show.seed, holders),
    )


def _pictures(loaded: LoadedShow, names: list[str]) -> NDArray[np.uint8]:
    section = loaded.show.card_section
    pictures, problems = [], []
    for name in names:
        try:
            pictures.append(rasterise(section.pages[name], section.columns, section.rows, loaded))
        except PageError as error:
            path = ("card_section", "pages", name, "image")
            line, column = loaded.locate(path)
            place = str(loaded.path), line, column, dotted(path)
            problems.append(Problem(*place, str(section.pages[name].image), "", None, str(error)))
    if problems:
        raise ShowError(problems)
    return np.stack(pictures)


def _people(section: CardSection) -> People:
    model = section.people
    return People(
        reaction_ticks=ticks(model.reaction),
        spread_ticks=ticks(model.spread),
        late=model.late,
        wrong_page=model.wrong_page,
        absent=model.absent,
        perfect=model.perfect,
    )


def _slices(section: CardSection, cue: Cue) -> tuple[slice, slice]:
    if cue.where is None:
        return slice(0, section.rows), slice(0, section.columns)
    return cue.where.slices(section.rows, section.columns)


def _region(section: CardSection, cue: Cue) -> NDArray[np.bool_]:
    region = np.zeros((section.rows, section.columns), dtype=bool)
    region[_slices(section, cue)] = True
    return region


def _fraction(section: CardSection, cue: Cue, seed: int, index: int) -> NDArray[np.float64]:
    """Return when in a cue each holder turns; the order runs over the cue's own part of the section."""
    rows, columns = _slices(section, cue)
    flip = cue.flip
    part = order_fraction(
        flip.order,
        columns.stop - columns.start,
        rows.stop - rows.start,
        angle=flip.from_,
        centre=flip.centre,
        seed=seed,
        cue=index,
        reverse=flip.reverse,
    )
    fraction = np.zeros((section.rows, section.columns))
    fraction[rows, columns] = part.reshape(rows.stop - rows.start, columns.stop - columns.start)
    return fraction.reshape(-1)


def _expected(wanted: NDArray[np.int16], included: NDArray[np.bool_]) -> NDArray[np.int16]:
    """Return the page that each holder should show after each cue, (C, N)."""
    expected = np.empty(included.shape, dtype=np.int16)
    expected[0] = wanted[0]
    for cue in range(1, len(wanted)):
        expected[cue] = np.where(included[cue], wanted[cue], expected[cue - 1])
    return expected


def _mistaken(
    expected: NDArray[np.int16], included: NDArray[np.bool_], wrong: NDArray[np.bool_], seed: int
) -> NDArray[np.int16]:
    """Let some forget to turn and others turn two pages at once; the next cue puts them right."""
    ahead = expected.copy()
    for cue in range(len(expected) - 2, -1, -1):
        changes = expected[cue + 1] != expected[cue]
        ahead[cue] = np.where(changes, expected[cue + 1], ahead[cue + 1])
    page = expected.copy()
    for cue in range(1, len(expected)):
        forgets = bits(seed, Purpose.WRONG_PAGE, cue, np.arange(expected.shape[1])) & np.uint64(1) == 1
        forgets |= ahead[cue] == expected[cue]
        mistake = np.where(forgets, expected[cue - 1], ahead[cue])
        page[cue] = np.where(wrong[cue], mistake, np.where(included[cue], expected[cue], page[cue - 1]))
    return page


def _own_numbers(
    page: NDArray[np.int16], colour: NDArray[np.uint8]
) -> tuple[NDArray[np.int16], NDArray[np.uint8]]:
    """Give each holder's pages numbers of their own, for a show of more pages than one book holds."""
    holders = np.arange(page.shape[1])
    own = np.empty_like(page)
    number = np.full(colour.shape, -1, dtype=np.int16)
    count = np.zeros(page.shape[1], dtype=np.int16)
    for cue, shown in enumerate(page):
        new = number[shown, holders] < 0
        number[shown[new], holders[new]] = count[new]
        count[new] += 1
        own[cue] = number[shown, holders]
    book = np.zeros((int(np.max(own)) + 1, page.shape[1]), dtype=np.uint8)
    for index in range(len(colour)):
        has = number[index] >= 0
        book[number[index][has], holders[has]] = colour[index][has]
    return own, book
