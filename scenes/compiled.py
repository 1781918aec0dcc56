"""A show worked out: what it says, as the kernels take it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from ..kernels.books import Books
from ..kernels.motion import Drill
from .card_section import compile_section, section_seats
from .load import LoadedShow
from .section_plan import SectionPlan
from .troupes import compile_drill

#: Most of the work is done in libraries that let other threads run meanwhile.
WORKERS = 2


@dataclass(frozen=True)
class Compiled:
    """A show as the kernels take it: the card section, and each troupe's drill by name."""

    section: SectionPlan
    drills: dict[str, Drill]

    @property
    def books(self) -> Books:
        """The card section's books, as they are performed."""
        return self.section.books


def check_section(loaded: LoadedShow) -> None:
    """Check that the card section fits its stand.

    Raises
    ------
    ShowError
        When it does not.
    """
    section_seats(loaded)


def compile_show(
    loaded: LoadedShow, progress: Callable[[int, int], None] = lambda done, of: None
) -> Compiled:
    """Work a show out as far as can be without writing anything.

    Parameters
    ----------
    progress : callable (done, of)
        Called as parts are done: the card section and each troupe is one.

    Raises
    ------
    ShowError
        When the card section does not fit its stand, a book or its cues come to too much, a formation does
        not fit its troupe or the field, or a picture cannot be used.
    """
    check_section(loaded)
    names = list(loaded.show.troupes)
    progress(0, len(names) + 1)
    with ThreadPoolExecutor(WORKERS) as workers:
        try:
            # The longest first, so that none is left to run alone at the end.
            by_count = sorted(names, key=lambda name: -loaded.show.troupes[name].count)
            parts = {name: workers.submit(compile_drill, loaded, name) for name in by_count}
            section = workers.submit(compile_section, loaded)
            drills = {}
            for done, name in enumerate(names, 1):
                drills[name] = parts[name].result()
                progress(done, len(names) + 1)
            compiled = Compiled(section.result(), drills)
        finally:
            workers.shutdown(cancel_futures=True)
    progress(len(names) + 1, len(names) + 1)
    return compiled
