"""What a well-formed show can still have wrong: names, times, regions, books and files."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np

from .check_files import FileProblem, check_image, check_music
from .errors import Finding, Problem, YamlPath, advised, dotted, listing, nearest_name, quoted
from .schema import PAGES_IN_A_BOOK, CardSection, Cue, Show
from .schema_film import Film
from .schema_troupe import Troupe
from .timeline import shot_frames
from .yaml_source import YamlSource

if TYPE_CHECKING:
    from .load import LoadedShow

MOST_FILM_FRAMES = 250_000


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
        line, column = self.source.locate(path, key=key)
        found = str(path[-1]) if key else self.source.found(path)
        text = advised(message, allowed=allowed, nearest=nearest)
        self.problems.append(
            Problem(self.source.file, line, column, dotted(path), found, allowed, nearest, text, severity)
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


def examine(show: Show, source: YamlSource, folder: Path) -> list[Problem]:
    """Return all errors and warnings of a show, in the order of the file.

    Parameters
    ----------
    show : Show
    source : YamlSource
        Where `show` was read from.
    folder : Path
        The show's folder, which its files must be in.

    Returns
    -------
    list of Problem
    """
    report = Report(source)
    _check_cues(show.card_section, report)
    _check_books(show.card_section, report)
    for name, troupe in show.troupes.items():
        _check_drill(name, troupe, report)
    _check_film(show.film, report)
    _check_files(show, folder, report)
    return sorted(report.problems, key=lambda problem: (problem.line, problem.column))


def _check_cues(section: CardSection, report: Report) -> None:
    base: YamlPath = ("card_section", "cues")
    named = set()
    for index, cue in enumerate(section.cues):
        path = (*base, index)
        named.add(cue.page)
        if cue.page not in section.pages:
            report.add(
                (*path, "page"),
                f"no page named {quoted(cue.page)}",
                allowed=listing(section.pages),
                nearest=nearest_name(cue.page, section.pages),
            )
        _check_region(section, cue, path, report)
        if index and cue.at < section.cues[index - 1].at:
            former = section.cues[index - 1].at
            report.add(
                (*path, "at"),
                f"cues are out of order: this one is at {_seconds(cue.at)}, "
                f"the one before it at {_seconds(former)}",
            )
    if section.cues[0].where is not None:
        report.add(
            (*base, 0, "where"),
            "the first cue is what everyone shows from the beginning; leave out its 'where'",
            key=True,
        )
    _check_same_time(section, report)
    for name in section.pages:
        # After a misspelt cue, its page only seems to be unused.
        if name not in named and named <= section.pages.keys():
            report.add(
                ("card_section", "pages", name),
                f"no cue turns to the page {quoted(name)}",
                severity="warning",
                key=True,
            )


def _check_region(section: CardSection, cue: Cue, path: YamlPath, report: Report) -> None:
    if cue.where is None:
        return
    for axis, chosen, count in (
        ("rows", cue.where.rows, section.rows),
        ("columns", cue.where.columns, section.columns),
    ):
        if chosen is not None and chosen[1] > count:
            report.add(
                (*path, "where", axis),
                f"{chosen[0]}-{chosen[1]} reaches outside the section, which has {axis} 1-{count}",
            )


def _check_same_time(section: CardSection, report: Report) -> None:
    at_time: dict[Fraction, list[int]] = {}
    for index, cue in enumerate(section.cues):
        at_time.setdefault(cue.at, []).append(index)
    for indices in at_time.values():
        # Only the first clash of a cue is told, and a cue is not compared with hundreds of others.
        for position, index in enumerate(indices):
            for other in indices[max(0, position - PAGES_IN_A_BOOK) : position]:
                if _overlap(section, section.cues[index], section.cues[other]):
                    line = report.source.locate(("card_section", "cues", other))[0]
                    report.add(
                        ("card_section", "cues", index, "at"),
                        f"the cue in line {line} is at the same time for the same people; "
                        "give one of them another time, or another part of the section with 'where'",
                    )
                    break


def _overlap(section: CardSection, one: Cue, other: Cue) -> bool:
    regions = [_slices(section, cue) for cue in (one, other)]
    return all(
        max(mine.start, theirs.start) < min(mine.stop, theirs.stop)
        for mine, theirs in zip(*regions, strict=True)
    )


def _slices(section: CardSection, cue: Cue) -> tuple[slice, slice]:
    if cue.where is None:
        return slice(0, section.rows), slice(0, section.columns)
    return cue.where.slices(section.rows, section.columns)


def _check_books(section: CardSection, report: Report) -> None:
    """Find the fullest book: pages are counted as the cues that reach one card-holder.

    Everyone turns forward only, so a picture that comes back is one more page; the first cue is the
    page that the book is open at.
    """
    if len(section.cues) <= PAGES_IN_A_BOOK:
        return
    # Each region adds 1 at its corner and takes it back behind its edges; the sum over rows and
    # columns then is the count for each person.
    edges = np.zeros((section.rows + 1, section.columns + 1), np.int32)
    for cue in section.cues:
        rows, columns = _slices(section, cue)
        first_row, last_row = min(rows.start, section.rows), min(rows.stop, section.rows)
        first, last = min(columns.start, section.columns), min(columns.stop, section.columns)
        edges[first_row, first] += 1
        edges[last_row, last] += 1
        edges[first_row, last] -= 1
        edges[last_row, first] -= 1
    pages = np.cumsum(np.cumsum(edges, axis=0), axis=1)[:-1, :-1]
    fullest = int(np.max(pages))
    if fullest <= PAGES_IN_A_BOOK:
        return
    row, column = np.unravel_index(int(np.argmax(pages)), pages.shape)
    reaching = (
        index
        for index, cue in enumerate(section.cues)
        if all(
            part.start <= at < part.stop
            for part, at in zip(_slices(section, cue), (row, column), strict=True)
        )
    )
    overfull = next(itertools.islice(reaching, PAGES_IN_A_BOOK, None))
    report.add(
        ("card_section", "cues", overfull),
        f"a book holds {PAGES_IN_A_BOOK} pages, but the one in row {row + 1}, column {column + 1} needs "
        f"{fullest}, one for each cue that reaches it",
    )


def _check_drill(name: str, troupe: Troupe, report: Report) -> None:
    base: YamlPath = ("troupes", name, "drill")
    if troupe.drill[0].travel is not None:
        report.add(
            (*base, 0, "travel"),
            "the first formation is where the troupe stands from the beginning; its travel is not used",
            severity="warning",
        )
    for index, (former, current) in enumerate(itertools.pairwise(troupe.drill), start=1):
        path = (*base, index, "at")
        if current.at < former.at:
            report.add(
                path,
                f"formations are out of order: this one is at {_seconds(current.at)}, "
                f"the one before it at {_seconds(former.at)}",
            )
        elif current.at == former.at:
            report.add(path, f"two formations of one troupe at the same time, {_seconds(current.at)}")
        elif index > 1 and former.travel is not None and former.at + former.travel > current.at:
            arrival = _seconds(former.at + former.travel)
            report.add(
                path,
                f"the troupe is on its way until {arrival} and cannot leave at {_seconds(current.at)}",
            )


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


def _check_files(show: Show, folder: Path, report: Report) -> None:
    pictures: dict[YamlPath, str] = {
        ("card_section", "pages", name, "image"): page.image
        for name, page in show.card_section.pages.items()
        if page.image is not None
    }
    for name, troupe in show.troupes.items():
        for index, drill_set in enumerate(troupe.drill):
            if drill_set.formation.image is not None:
                pictures["troupes", name, "drill", index, "formation", "image"] = drill_set.formation.image
    _report_files(pictures, check_image, folder, report)
    if show.music is not None:
        _report_files({("music", "file"): show.music.file}, check_music, folder, report)


def _report_files(
    files: Mapping[YamlPath, str],
    check: Callable[[Path, str], None],
    folder: Path,
    report: Report,
) -> None:
    checked: dict[str, FileProblem | None] = {}
    for path, relative in files.items():
        if relative not in checked:
            try:
                check(folder, relative)
                checked[relative] = None
            except FileProblem as problem:
                checked[relative] = problem
        found = checked[relative]
        if found is not None:
            report.add(path, found.message, allowed=found.allowed, nearest=found.nearest)


def _seconds(time: Fraction) -> str:
    return f"{float(time):g} s"
