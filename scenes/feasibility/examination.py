"""All findings about a show, in their order, and as lines for a terminal."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .cameras import find_unseen_seats
from .contrast import find_lost_contrast
from .field_collisions import find_collisions
from .field_mended import find_mended
from .field_speeds import find_fast_ways
from .field_stacks import find_high_stacks
from .field_standing import find_standing
from .finding import KINDS, SECTION_KINDS, Finding, worst_first
from .overtaken import find_overtaken_cues
from .pace import find_close_turns
from .spread import find_close_cues
from .strokes import find_small_letters, find_thin_strokes
from .turns import find_fast_turns, find_full_books

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..errors import Problem, YamlPath
    from ..load import LoadedShow
    from ..section_plan import SectionPlan
    from .field import Field

MOST_LINES = 3

_SECTION_CHECKS: tuple[Callable[[LoadedShow, SectionPlan], Sequence[Finding]], ...] = (
    find_fast_turns,
    find_close_turns,
    find_close_cues,
    find_overtaken_cues,
    find_small_letters,
    find_thin_strokes,
    find_lost_contrast,
    lambda loaded, plan: find_full_books(plan),
    find_unseen_seats,
)
_FIELD_CHECKS: tuple[Callable[[Field], Sequence[Finding]], ...] = (
    find_high_stacks,
    find_fast_ways,
    find_standing,
    find_mended,
)

_STEPS = 100
"""Into which the progress of the search for collisions, by far the longest check, is parted."""


@dataclass(frozen=True, eq=False)
class BookSizes:
    """How many pages the books have.

    Attributes
    ----------
    fewest, most : int
    mean : float
    counts : ndarray of int64, shape (most + 1,)
        How many books have 0, 1, 2, ... pages.
    """

    fewest: int
    most: int
    mean: float
    counts: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Feasibility:
    """What came out of an examination.

    Attributes
    ----------
    findings : tuple of Finding
        The worst first.
    books : BookSizes or None
        None where there are no books.
    """

    findings: tuple[Finding, ...]
    books: BookSizes | None

    def problems(self, loaded: LoadedShow, most: int = MOST_LINES) -> list[Problem]:
        """Return the findings as warnings with their places in the show file, the worst of each kind.

        Parameters
        ----------
        loaded : LoadedShow
            The show they are about.
        most : int
            How many of a kind; a further one says how many more there are.

        Returns
        -------
        list of Problem
        """
        problems = []
        told = dict.fromkeys(KINDS, 0)
        for finding in self.findings:
            told[finding.kind] += 1
            if told[finding.kind] <= most:
                problems.append(_warning(loaded, finding.path, finding.sentence))
        for kind, count in told.items():
            if count > most:
                text = f"{KINDS[kind].lower()}: {count - most} more; see them with --report FILE.html"
                path = ("card_section", "cues") if kind in SECTION_KINDS else ("troupes",)
                problems.append(_warning(loaded, path, text))
        return problems


def _warning(loaded: LoadedShow, path: YamlPath, message: str) -> Problem:
    return loaded.problem(path, message, severity="warning")


def examine_feasibility(
    loaded: LoadedShow,
    plan: SectionPlan,
    progress: Callable[[int, int], None] = lambda done, of: None,
    *,
    field: Field | None = None,
) -> Feasibility:
    """Look for what people, paper and the film will not manage of a show.

    Parameters
    ----------
    loaded : LoadedShow
    plan : SectionPlan
        The show's card section, worked out.
    progress : callable (done, of)
        Called as the checks are done.
    field : Field, optional
        The gymnasts. Without them the card section alone is looked at.

    Returns
    -------
    Feasibility
    """
    checks: list[Callable[[], Sequence[Finding]]] = [
        functools.partial(check, loaded, plan) for check in _SECTION_CHECKS
    ]
    if field is not None and field.drills:
        checks += [functools.partial(check, field) for check in _FIELD_CHECKS]
    findings: list[Finding] = []
    of = len(checks) + (_STEPS if field is not None and field.drills else 0)
    for done, check in enumerate(checks):
        progress(done, of)
        findings += check()
    if field is not None and field.drills:
        findings += find_collisions(
            field, progress=lambda share: progress(len(checks) + int(share * _STEPS), of)
        )
    progress(of, of)
    return Feasibility(tuple(sorted(findings, key=worst_first)), _book_sizes(plan))


def _book_sizes(plan: SectionPlan) -> BookSizes | None:
    pages = plan.page_count[plan.seats.taken]
    if plan.mode == "tablets" or not pages.size:
        return None
    counts = np.bincount(pages.astype(np.int64))
    return BookSizes(int(pages.min()), int(pages.max()), float(pages.mean()), counts)
