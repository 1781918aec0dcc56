"""All sheets of a show into one folder; what stands there already and is still right is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np

from ...scenes.load import LoadedShow
from ..files import read_json, remove_asides, sole_user, write_json
from ..interruption import stop_on_interrupt
from .cue_sheet import write_cue_sheet
from .drill_files import CHARTS, COORDINATES, DOT_SHEETS, SECTORS, SETS, drill_jobs
from .drill_plan import DrillPlan, drill_plan
from .job import Job, content_key
from .layout import Layout
from .paper import paper_needs, per_cent
from .programme import Programme, programme
from .purchase_list import write_purchase_list
from .section_pdf import Part, booklet_layout, parts, write_booklets
from .tables import write_printing_order, write_purchase_table, write_seat_colours, write_seat_cues

BOOKLETS = "booklets"
CUE_SHEET = "cue_sheet.pdf"
PURCHASE_PDF, PURCHASE_CSV = "purchase_list.pdf", "purchase_list.csv"
PRINTING_ORDER = "printing_order.csv"
SEAT_COLOURS, SEAT_CUES = "seat_colours.csv", "seat_cues.csv"
MANIFEST = "sheets.json"
SPARE = Fraction(5, 100)
"""Sheets of paper to be bought beyond those needed, as a share of these."""
_OFTEN = 100

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Sheets:
    """What was made.

    Attributes
    ----------
    folder : Path
    mode : str
        What people carry.
    people : int
        Card-holders and gymnasts.
    files : tuple of str
        Names of all files in `folder` that belong to the show.
    made : int
        How many of them were written now; the others stood already.
    """

    folder: Path
    mode: str
    people: int
    files: tuple[str, ...]
    made: int


def make_sheets(
    loaded: LoadedShow,
    folder: Path,
    progress: Progress = lambda stage, done, of: None,
    spare: Fraction = SPARE,
) -> Sheets:
    """Write all that a show's people take home, its conductor's sheet and its drill charts.

    Parameters
    ----------
    loaded : LoadedShow
    folder : Path
        Made if need be. Files of an earlier run that are still right are kept; those that are not any more
        are removed before anything is written, and nothing else is.
    progress : callable (stage, done, of)
    spare : Fraction
        Sheets of paper to be bought beyond those needed, as a share of these.

    Returns
    -------
    Sheets

    Raises
    ------
    InterruptedFilm
        After Ctrl+C; calling again goes on.
    ShowError
        When the card section or a troupe cannot be worked out; nothing is written then.
    InUseError
        When another process writes to the folder.
    OSError
        When a file cannot be written; it is whole or absent.
    """
    told = programme(loaded, progress)
    return write_sheets(told, folder, progress, spare, drill_plan(loaded, progress))


def write_sheets(
    told: Programme,
    folder: Path,
    progress: Progress = lambda stage, done, of: None,
    spare: Fraction = SPARE,
    drill: DrillPlan | None = None,
) -> Sheets:
    """Write the sheets of a programme and of a drill, if there is any; see `make_sheets`."""
    jobs = [*_tables(told, spare), *_booklets(told), *(drill_jobs(drill) if drill is not None else ())]
    with sole_user(folder), stop_on_interrupt() as check:
        manifest = folder / MANIFEST
        stands = _standing(manifest, folder)
        wanted = {job.name: job.key for job in jobs}
        kept = {name: key for name, key in stands.items() if wanted.get(name) == key}
        # First: sheets of two versions of a show must never lie side by side.
        write_json(manifest, {"files": kept})
        for name in stands.keys() - kept.keys():
            (folder / name).unlink(missing_ok=True)
        totals: dict[str, int] = {}
        for job in jobs:
            totals[job.stage] = totals.get(job.stage, 0) + job.steps
        done = dict.fromkeys(totals, 0)
        told_steps = dict.fromkeys(wanted, 0)
        made = 0
        for stage, steps in totals.items():
            progress(stage, 0, steps)
        for job in jobs:

            def step(steps: int, job: Job = job) -> None:
                check()
                if steps // _often(job) > told_steps[job.name] // _often(job) or steps == job.steps:
                    progress(job.stage, done[job.stage] + steps, totals[job.stage])
                told_steps[job.name] = steps

            if job.name not in kept:
                check()
                job.write(folder / job.name, step)
                remove_asides(folder / job.name)
                kept[job.name] = job.key
                write_json(manifest, {"files": kept})
                made += 1
            done[job.stage] += job.steps
            progress(job.stage, done[job.stage], totals[job.stage])
    people = len(told.order) + (drill.people if drill is not None else 0)
    return Sheets(folder, told.plan.mode, people, tuple(wanted), made)


def _often(job: Job) -> int:
    """Return after how many steps of a job it is told again how far it is."""
    return min(_OFTEN, max(1, job.steps // 20))


def _standing(manifest: Path, folder: Path) -> dict[str, str]:
    """Return the files that an earlier run has finished, and what they depend on."""
    found: Any = read_json(manifest)
    files = found.get("files") if isinstance(found, dict) else None
    if not isinstance(files, dict):
        return {}
    return {
        name: key
        for name, key in files.items()
        if isinstance(key, str) and _ours(name) and (folder / name).is_file()
    }


def _ours(name: str) -> bool:
    """Tell whether a name can be one that we gave, so that no manifest makes us remove another file."""
    fixed = {CUE_SHEET, PURCHASE_PDF, PURCHASE_CSV, PRINTING_ORDER, SEAT_COLOURS, SEAT_CUES, CHARTS, SETS}
    folders = {(BOOKLETS, ".pdf"), (SECTORS, ".pdf"), (DOT_SHEETS, ".pdf"), (COORDINATES, ".csv")}
    path = PurePosixPath(name)
    return name in fixed or (str(path.parent), path.suffix) in folders


def _tables(told: Programme, spare: Fraction) -> Iterator[Job]:
    whole = _key(told, None, told.order)

    def job(name: str, write: Callable[[Path], None], *more: str) -> Job:
        return Job(name, "tables", 1, _hash(whole, name, *more), lambda path, step: write(path))

    yield job(SEAT_COLOURS, lambda path: write_seat_colours(path, told))
    if told.has_books:
        needs = paper_needs(told, spare)
        yield job(SEAT_CUES, lambda path: write_seat_cues(path, told))
        yield job(PRINTING_ORDER, lambda path: write_printing_order(path, told))
        yield job(PURCHASE_CSV, lambda path: write_purchase_table(path, needs), per_cent(spare))
        yield job(PURCHASE_PDF, lambda path: write_purchase_list(path, told, needs), per_cent(spare))
    lines = len(told.lines)

    def cue_sheet(path: Path, step: Callable[[int], None]) -> None:
        write_cue_sheet(path, told, lambda done, of: step(done))

    key = _hash(whole, CUE_SHEET, repr(told.cues), repr(told.plan.turns), repr(told.plan.movements))
    yield Job(CUE_SHEET, "cues", lines, key, cue_sheet)


def _booklets(told: Programme) -> Iterator[Job]:
    if not told.has_books:
        return
    layout = booklet_layout(told)
    for part in parts(told):
        yield _booklet(told, layout, part)


def _booklet(told: Programme, layout: Layout, part: Part) -> Job:
    def write(path: Path, step: Callable[[int], None]) -> None:
        write_booklets(path, told, layout, part, step)

    key = _key(told, layout, part.seats)
    return Job(f"{BOOKLETS}/{part.file}", BOOKLETS, len(part.seats), key, write)


def _key(told: Programme, layout: Layout | None, seats: np.ndarray[Any, Any]) -> str:
    """Hash of what the sheets of some seats are drawn from."""
    plan, duties = told.plan, told.duties(seats)
    labels = (plan.seats.name, plan.seats.section, plan.seats.row, plan.seats.number)
    arrays = [*vars(duties).values(), plan.seats.places[seats], told.palette]
    words = [told.title, plan.mode, told.tempo, told.paper, told.colours, told.cover, told.lines, layout]
    words += [label[seats].tolist() for label in labels]
    words += [told.gesture_text(index) for index in range(len(plan.movements))]
    return content_key(words, arrays)


def _hash(*parts: str) -> str:
    return content_key(parts)
