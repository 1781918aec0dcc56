"""A show worked out: what it says, as the kernels take it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from ..kernels.books import Books
from ..kernels.costumes import Costumes
from ..kernels.drill import Drill
from ..kernels.light_shows import Effect
from ..kernels.mending import Mended, resolve
from .card_section import compile_section, section_seats
from .costumes import compile_costumes
from .kept import kept
from .light_shows import compile_light_shows
from .load import LoadedShow
from .section_plan import SectionPlan
from .stadium import bowl_of
from .troupes import compile_drill, drill_key

#: Most of the work is done in libraries that let other threads run meanwhile.
WORKERS = 2


@dataclass(frozen=True)
class Compiled:
    """A show as the kernels take it.

    Attributes
    ----------
    section
        The card section.
    drills, costumes
        Each troupe's by name.
    mended
        What `field.resolve` did to the drills; None where it is not asked for.
    lights
        One effect for each light cue.
    """

    section: SectionPlan
    drills: dict[str, Drill]
    costumes: dict[str, Costumes] = field(default_factory=dict)
    mended: Mended | None = None
    lights: tuple[Effect, ...] = ()

    @property
    def books(self) -> Books:
        """The card section's books, as they are performed."""
        return self.section.books


@dataclass(frozen=True)
class Troupes:
    """All troupes of a show as the kernels take them; the fields as those of `Compiled`."""

    drills: dict[str, Drill]
    costumes: dict[str, Costumes]
    mended: Mended | None


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
        not fit its troupe or the field, a travel cannot be walked, drones do not fit their picture, or a
        picture cannot be used.
    """
    check_section(loaded)
    of = len(loaded.show.troupes) + 1
    progress(0, of)
    with ThreadPoolExecutor(WORKERS) as workers:
        try:
            section = workers.submit(compile_section, loaded)
            troupes = compile_troupes(loaded, lambda done: progress(done, of))
            plan = section.result()
            lights = compile_light_shows(loaded, bowl_of(loaded.show.stadium), troupes.drills, plan.seats)
            compiled = Compiled(plan, troupes.drills, troupes.costumes, troupes.mended, lights)
        finally:
            workers.shutdown(cancel_futures=True)
    progress(of, of)
    return compiled


def compile_troupes(loaded: LoadedShow, progress: Callable[[int], None] = lambda done: None) -> Troupes:
    """Work out all troupes: their drills, mended where the show asks for it, and what they wear.

    Parameters
    ----------
    progress : callable (done)
        Called as troupes are done.

    Raises
    ------
    ShowError
        As `compile_show`.
    """
    names = list(loaded.show.troupes)
    drills: dict[str, Drill] = {}
    with ThreadPoolExecutor(WORKERS) as workers:
        try:
            # The longest first, so that none is left to run alone at the end.
            by_count = sorted(names, key=lambda name: -loaded.show.troupes[name].count)
            parts = {name: workers.submit(compile_drill, loaded, name) for name in by_count}
            for done, name in enumerate(names, 1):
                drills[name] = parts[name].result()
                progress(done)
        finally:
            workers.shutdown(cancel_futures=True)
    mended = _mended(loaded, drills)
    if mended is not None:
        drills = dict(zip(names, mended.drills, strict=True))
    costumes = {name: compile_costumes(loaded, name, drill) for name, drill in drills.items()}
    return Troupes(drills, costumes, mended)


def _mended(loaded: LoadedShow, drills: dict[str, Drill]) -> Mended | None:
    """Return what became of the ways on which people would collide; None where nobody asks for it."""
    rules = loaded.show.field
    if not rules.resolve or not drills:
        return None
    key = ("mended", rules.room, tuple(drill_key(loaded, name) for name in drills))
    return kept.get(key, lambda: resolve(list(drills.values()), threshold=rules.room))
