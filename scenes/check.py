"""What a well-formed show can still have wrong: names, times, regions and files."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from .check_files import FileProblem, check_file, check_music, resolve_inside
from .check_troupes import check_troupes
from .cue_turns import MOST_CALLS
from .errors import Finding, Problem, YamlPath, listing, nearest_name, quoted
from .kept import file_state, kept
from .light_shows import check_lights
from .pages import PageError
from .pages.lettering import borrowed_glyphs, missing_glyphs
from .regions import RegionError, region
from .schema import Show
from .schema_card_section import CardSection, FileUse, section_files
from .schema_cue import Where
from .schema_film import Film
from .schema_formation import FormationFile
from .schema_page import Page
from .section_pictures import page_files
from .timeline import shot_frames
from .yaml_source import YamlSource

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .load import LoadedShow
    from .seats import SeatMap

MOST_FILM_FRAMES = 250_000
AnyUse: TypeAlias = FileUse | FormationFile | Literal["music"]


@dataclass
class Report:
    """Collects problems and gives each its place in the show file."""

    source: YamlSource
    problems: list[Problem] = field(default_factory=list)

    def add(
        self,
        path: YamlPath,
        message: str,
        *,
        allowed: str = "",
        nearest: str | None = None,
        severity: Literal["error", "warning"] = "error",
        key: bool = False,
    ) -> None:
        """Add a problem at the value (or the key) that stands at `path`."""
        self.problems.append(
            self.source.problem(path, message, allowed=allowed, nearest=nearest, severity=severity, key=key)
        )


def check_show(loaded: LoadedShow) -> list[Finding]:
    """Return the warnings of a show that has loaded: what is odd but can be filmed.

    Parameters
    ----------
    loaded : LoadedShow

    Returns
    -------
    list of Finding
        With ``severity == "warning"``, in the order of the file.
    """
    return list(loaded.warnings)


def examine(loaded: LoadedShow, seats: SeatMap | None) -> list[Problem]:
    """Return all errors and warnings of a show, in the order of the file.

    Parameters
    ----------
    loaded : LoadedShow
        A show whose parts are well formed, each by itself.
    seats : SeatMap or None
        None when there is something wrong with the seats, reported elsewhere.

    Returns
    -------
    list of Problem
    """
    show, report = loaded.show, Report(loaded.source)
    bad_files = _check_files(loaded, seats, report)
    _check_cues(show.card_section, report)
    _check_pages(show, report)
    _check_letters(loaded, bad_files, report)
    if seats is not None:
        _check_regions(loaded, seats, bad_files, report)
    check_troupes(show, report)
    check_lights(show, report)
    _check_film(show.film, report)
    return sorted(report.problems, key=lambda problem: (problem.line, problem.column))


def _check_cues(section: CardSection, report: Report) -> None:
    base: YamlPath = ("card_section", "cues")
    for index, cue in enumerate(section.cues):
        if cue.page is not None and cue.page not in section.pages:
            report.add(
                (*base, index, "page"),
                f"no page named {quoted(cue.page)}",
                allowed=listing(section.pages),
                nearest=nearest_name(cue.page, section.pages),
            )
        if index and cue.at < section.cues[index - 1].at:
            former = section.cues[index - 1].at
            report.add(
                (*base, index, "at"),
                f"cues are out of order: this one is at {_seconds(cue.at)}, "
                f"the one before it at {_seconds(former)}",
            )
        if cue.gesture is not None and section.mode == "tablets":
            report.add(
                (*base, index, "gesture"),
                "screens stand fast at the seats; this gesture does nothing",
                severity="warning",
                key=True,
            )
    for name, why in (
        ("gesture", "turn to a page first"),
        ("where", "leave out its 'where'"),
        ("hold", "there is nothing to turn back to; leave out its 'hold'"),
    ):
        if getattr(section.cues[0], name) is not None:
            report.add(
                (*base, 0, name),
                f"the first cue is what everyone shows from the beginning; {why}",
                key=True,
            )


def _check_pages(show: Show, report: Report) -> None:
    """Find pages and blocks that nobody uses, runs without end, and views from nowhere."""
    section = show.card_section
    base: YamlPath = ("card_section",)
    turned_to = {cue.page for cue in section.cues if cue.page is not None}
    named = {cue.where.block for cue in section.cues if cue.where is not None and cue.where.block is not None}
    for kind, names, used, what in (
        ("pages", section.pages, turned_to, "no cue turns to the page"),
        ("blocks", section.blocks, named, "no cue is for the block"),
    ):
        for name in names:
            # After a misspelt cue, what it means only seems to be unused.
            if name not in used and used <= names.keys():
                report.add((*base, kind, name), f"{what} {quoted(name)}", severity="warning", key=True)
    shots = [shot.name for shot in show.film.shots]
    for name, page in section.pages.items():
        path: YamlPath = (*base, "pages", name)
        if isinstance(page.seen_from, str) and page.seen_from not in shots:
            report.add(
                (*path, "seen_from"),
                f"no shot named {quoted(page.seen_from)}",
                allowed=f"{listing(shots)}, or a place [x m, y m, z m]",
                nearest=nearest_name(page.seen_from, shots),
            )
        run = page.run
        if run is not None and run.length is not None and run.length / run.every > MOST_CALLS:
            report.add(
                (*path, "run"),
                f"comes to {int(run.length / run.every):,} pages; a run has at most {MOST_CALLS:,}",
            )


def _check_letters(loaded: LoadedShow, bad_files: set[str], report: Report) -> None:
    """Warn of letters that no font has, or not the one that was asked for."""
    for name, page in loaded.show.card_section.pages.items():
        files = page_files(page)
        if bad_files.intersection(files):
            continue
        key = ("letters", page, *(file_state(loaded.resolve(file)) for file in files))
        path: YamlPath = ("card_section", "pages", name)
        if page.pattern is not None:
            path = (*path, "pattern")
        if page.image is not None:
            path = (*path, "image")
        try:
            missing, borrowed = kept.get(key, functools.partial(_glyphs, page, loaded))
        except PageError as error:
            report.add(path, str(error))
            continue
        if missing:
            remedy = "; put a font that has them beside the drawing" if page.image is not None else ""
            message = f"no font at hand has {quoted(missing)}; boxes are drawn instead{remedy}"
            report.add(path if page.image is not None else (*path, "text"), message, severity="warning")
        if borrowed:
            message = f"the font does not have {quoted(borrowed)}; taken from another one"
            report.add((*path, "font"), message, severity="warning")


def _glyphs(page: Page, loaded: LoadedShow) -> tuple[str, str]:
    return missing_glyphs(page, loaded), borrowed_glyphs(page, loaded)


def _check_regions(loaded: LoadedShow, seats: SeatMap, bad_files: set[str], report: Report) -> None:
    """Find parts of the section that are not there or empty, and cues that come together."""
    section = loaded.show.card_section
    bad_blocks = set()
    for name, block in section.blocks.items():
        if _members(block, loaded, seats, bad_files, ("card_section", "blocks", name), report) is None:
            bad_blocks.add(name)
    # Who is called by which cue at the moment that is looked at.
    called, moment = np.full(seats.taken.size, -1), Fraction(-1)
    for index, cue in enumerate(section.cues):
        path: YamlPath = ("card_section", "cues", index)
        if cue.where is not None and cue.where.block in bad_blocks:
            continue
        members = _members(cue.where, loaded, seats, bad_files, (*path, "where"), report)
        # What a figure covers is only known when it is drawn; of two figures, the later one then counts.
        if members is None or cue.page is None or (cue.where is not None and cue.where.drawn):
            continue
        if cue.at != moment:
            called[:], moment = -1, cue.at
        others = called[members]
        if others.max() >= 0:
            line = report.source.locate(("card_section", "cues", int(others.max())))[0]
            report.add(
                (*path, "at"),
                f"the cue in line {line} is at the same time for the same people; "
                "give one of them another time, or another part of the section with 'where'",
            )
        called[members] = index


def _members(
    where: Where | None,
    loaded: LoadedShow,
    seats: SeatMap,
    bad_files: set[str],
    path: YamlPath,
    report: Report,
) -> NDArray[np.bool_] | None:
    """Return whom a cue or a block is for; None, and a problem, when that cannot be said."""
    if where is not None and where.mask in bad_files:
        return None
    if where is not None and where.drawn:
        # Its limits must be there; the figure within them is drawn later.
        where = where.model_copy(update={"outside": False})
    try:
        return region(where, loaded.show.card_section, seats, loaded)
    except RegionError as error:
        report.add((*path, *error.at), str(error), allowed=error.allowed, nearest=error.nearest)
    except PageError as error:
        report.add((*path, "mask"), str(error))
    return None


def _check_film(film: Film, report: Report) -> None:
    names: set[str] = set()
    frames = 0
    for index, shot in enumerate(film.shots):
        path = ("film", "shots", index)
        if shot.name in names:
            report.add((*path, "name"), f"two shots have the name {quoted(shot.name)}")
        names.add(shot.name)
        frames += shot_frames(shot, film.fps)
        if frames > MOST_FILM_FRAMES:
            report.add(
                (*path, "show"),
                f"the film comes to more than {MOST_FILM_FRAMES:,} frames here; "
                "shorten the shots, or raise their speed",
            )
            break


def _check_files(loaded: LoadedShow, seats: SeatMap | None, report: Report) -> set[str]:
    """Check all files that a show names; returns the names of those that cannot be used."""
    show = loaded.show
    files: list[tuple[YamlPath, AnyUse, str]] = [
        # What is wrong with a seat map has been told when it was read.
        found
        for found in section_files(show.card_section)
        if found[1] != "seats" or seats is not None
    ]
    for name, troupe in show.troupes.items():
        files += [(("troupes", name, *keys), use, named) for keys, use, named in troupe.files]
    for index, cue in enumerate(show.lights):
        files += [(("lights", index, *keys), use, named) for keys, use, named in cue.files]
    if show.music is not None:
        files.append((("music", "file"), "music", show.music.file))
    checked: dict[tuple[str, str], FileProblem | None] = {}
    for path, use, relative in files:
        if (use, relative) not in checked:
            checked[use, relative] = _file_problem(use, loaded.folder, relative)
        found = checked[use, relative]
        if found is not None:
            report.add(path, found.message, allowed=found.allowed, nearest=found.nearest)
    return {relative for (_, relative), problem in checked.items() if problem is not None}


def _file_problem(use: AnyUse, folder: Path, relative: str) -> FileProblem | None:
    """Return what is wrong with a file; one that was good stays good until it is written anew."""

    def check() -> bool:
        if use == "music":
            check_music(folder, relative)
        else:
            check_file(use, folder, relative)
        return True

    try:
        state = file_state(resolve_inside(folder, relative))
        kept.get(("checked", use, state), check)
    except FileProblem as problem:
        return problem
    return None


def _seconds(time: Fraction) -> str:
    return f"{float(time):g} s"
