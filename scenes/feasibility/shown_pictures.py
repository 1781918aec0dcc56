"""The pictures that a card section shows, with the page each is of and when it first comes up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..load import LoadedShow
    from ..section_plan import SectionPlan

_ENOUGH = 100


@dataclass(frozen=True, eq=False)
class ShownPicture:
    """One picture of the plan.

    Attributes
    ----------
    page : str
        The page's name in the show; a moving page has many pictures.
    label : str
        What to call this one, such as ``sea 3/12``.
    picture, turn : int
        Which of the plan's pictures, and the first turn that calls for it.
    seats : ndarray of bool, shape (N,)
        Who ever shows a part of it.
    """

    page: str
    label: str
    picture: int
    turn: int
    seats: NDArray[np.bool_]


def shown_pictures(loaded: LoadedShow, plan: SectionPlan) -> Iterator[list[ShownPicture]]:
    """Yield the pictures of each page that is shown, in the order in which the pages first come up."""
    pages = loaded.show.card_section.pages
    first: dict[int, int] = {}
    seats: dict[int, NDArray[np.bool_]] = {}
    by_page: dict[str, list[int]] = {}
    for number, turn in enumerate(plan.turns):
        name = turn.label if turn.label in pages else turn.label.rpartition(" ")[0]
        if name not in pages:
            continue
        if turn.picture not in first:
            first[turn.picture] = number
            seats[turn.picture] = np.zeros(plan.seats.taken.shape, dtype=bool)
            by_page.setdefault(name, []).append(turn.picture)
        seats[turn.picture] |= plan.included[number] & plan.seats.taken
    for name, pictures in by_page.items():
        yield [
            ShownPicture(name, plan.turns[first[picture]].label, picture, first[picture], seats[picture])
            for picture in pictures
        ]


def a_few(pictures: list[ShownPicture]) -> list[ShownPicture]:
    """Return the pictures of a page, or a hundred from its beginning to its end where it has more."""
    if len(pictures) <= _ENOUGH:
        return pictures
    return [pictures[index] for index in np.linspace(0, len(pictures) - 1, _ENOUGH).astype(int)]
