"""The report of `cardstunt check`: what was found, told with pictures, in HTML or PDF."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from ..scenes.compiled import Compiled
from ..scenes.errors import dotted
from ..scenes.feasibility import (
    KINDS,
    LIMITS,
    SEVERITIES,
    Feasibility,
    FieldFinding,
    Finding,
    Kind,
    SectionFinding,
    Severity,
    clock,
)
from ..scenes.load import LoadedShow
from ..scenes.seats import SeatMap
from ..scenes.timeline import film_timeline
from .check_report_field import MARK, FieldPictures
from .files import written_aside

REPORT_SUFFIXES = (".html", ".pdf")
SEVERITY_WORDS: dict[Severity, str] = {
    "high": "Will not work",
    "medium": "Will suffer",
    "low": "Worth knowing",
}
LIMITS_SAID = (
    "A standard or a measurement is somebody else's; a rule of thumb is our own judgement, from what is said "
    "beside it."
)
_WIDTH, _LARGEST_CELL = 750, 16
_PALE, _GREY = 0.72, np.array([150.0, 150.0, 154.0])


@dataclass(frozen=True)
class Fact:
    """A line of a finding: what it is, and its value."""

    name: str
    value: str


@dataclass(frozen=True)
class Report:
    """What a report says, however it is written.

    Attributes
    ----------
    title, file : str
    facts : tuple of Fact
        About the show.
    findings : tuple of Finding
        The worst first.
    places : tuple of (int, int)
        Line and column of each finding in the show file.
    pages_of_books : tuple of int
        How many books have 0, 1, 2, … pages; empty where there are no books.
    seats : SeatMap
    field : FieldPictures
    """

    title: str
    file: str
    facts: tuple[Fact, ...]
    findings: tuple[Finding, ...]
    places: tuple[tuple[int, int], ...]
    pages_of_books: tuple[int, ...]
    seats: SeatMap
    field: FieldPictures

    def counts(self) -> dict[Kind, dict[Severity, int]]:
        """Return how many findings there are of each kind and severity."""
        counts: dict[Kind, dict[Severity, int]] = {kind: dict.fromkeys(SEVERITIES, 0) for kind in KINDS}
        for finding in self.findings:
            counts[finding.kind][finding.severity] += 1
        return counts

    def facts_of(self, number: int) -> tuple[Fact, ...]:
        """Return the facts of a finding, by its place in `findings`."""
        finding = self.findings[number]
        line, column = self.places[number]
        limit = finding.limit
        place = f"{self.file}:{line}:{column}"
        about = [Fact("Where", f"{dotted(finding.path)}, {place}"), Fact("Who", finding.who)]
        time = clock(finding.at)
        if isinstance(finding, SectionFinding):
            about = [
                Fact("Cue", f"cues[{finding.cue}], {place}"),
                Fact("Page", finding.page),
                Fact("Seats", finding.who),
            ]
        if isinstance(finding, FieldFinding):
            time = finding.moment
        facts = [
            Fact("Time", time),
            *about,
            Fact("Found", finding.measured),
            Fact("Limit", f"{limit.text} ({limit.basis}, no. {LIMITS.index(limit) + 1})"),
            Fact("What to do", _capital(finding.advice) + "."),
        ]
        return tuple(fact for fact in facts if fact.value)

    def picture(self, number: int) -> Image.Image:
        """Draw what a finding is about, by its place in `findings`; RGB, RGBA or of a palette."""
        finding = self.findings[number]
        if isinstance(finding, SectionFinding):
            return marked(finding, self.seats)
        if isinstance(finding, FieldFinding):
            return self.field.picture(finding)
        raise TypeError(f"there is no picture of a {type(finding).__name__}")

    def caption(self, number: int) -> str:
        """Return what a finding's picture shows, by its place in `findings`."""
        finding = self.findings[number]
        if isinstance(finding, SectionFinding):
            return f"{finding.page}: {finding.who}" if finding.page else finding.who
        return f"The field from above: {finding.who}"

    @property
    def verdict(self) -> str:
        """The whole in one sentence."""
        words = [
            f"{sum(finding.severity == severity for finding in self.findings)} {told}"
            for severity, told in (
                ("high", "will not work"),
                ("medium", "will suffer"),
                ("low", "are worth knowing"),
            )
            if any(finding.severity == severity for finding in self.findings)
        ]
        if not words:
            return "Nothing was found that people, paper or the film would not manage."
        count = len(self.findings)
        return f"{count} finding{'s' if count > 1 else ''}: {', '.join(words)}."


def headline(finding: Finding) -> str:
    """Return what a finding says, as a sentence."""
    return _capital(finding.what) + "."


def _capital(clause: str) -> str:
    return clause[:1].upper() + clause[1:]


def make_report(loaded: LoadedShow, compiled: Compiled, feasibility: Feasibility) -> Report:
    """Gather what a report says."""
    show, section, plan = loaded.show, loaded.show.card_section, compiled.section
    people, books = section.people, feasibility.books
    facts = [
        Fact(
            "Seats", f"{int(plan.seats.taken.sum()):,} ({plan.seats.columns} columns, {plan.seats.rows} rows)"
        ),
        Fact("Programme", f"{len(section.pages)} pages, {len(section.cues)} cues, {len(plan.turns)} calls"),
    ]
    if books is not None:
        facts.append(
            Fact("Books", f"{books.fewest} to {books.most} pages of 170, {books.mean:.1f} in the mean")
        )
    if people.perfect:
        facts.append(Fact("People", "perfect"))
    else:
        facts.append(
            Fact(
                "People",
                f"react after {_milliseconds(people.reaction)} ± {_milliseconds(people.spread)}; "
                f"{_per_cent(people.late)} late, {_per_cent(people.absent)} absent, "
                f"{_per_cent(people.wrong_page)} on a wrong page",
            )
        )
    if show.troupes:
        gymnasts = sum(troupe.count for troupe in show.troupes.values())
        sets = sum(len(troupe.drill) for troupe in show.troupes.values())
        troupes = f"{len(show.troupes)} troupe{'' if len(show.troupes) == 1 else 's'}"
        facts.append(Fact("Field", f"{gymnasts:,} gymnasts in {troupes}, {sets} sets"))
    duration = film_timeline(show).duration
    facts.append(Fact("Film", f"{len(show.film.shots)} shots, {clock(duration)}, {_size(loaded)}"))
    return Report(
        title=show.title,
        file=loaded.path.name,
        facts=tuple(facts),
        findings=feasibility.findings,
        places=tuple(loaded.locate(finding.path) for finding in feasibility.findings),
        pages_of_books=tuple(books.counts.tolist()) if books is not None else (),
        seats=plan.seats,
        field=FieldPictures(compiled.drills, compiled.costumes),
    )


def _milliseconds(seconds: Fraction) -> str:
    return f"{float(seconds) * 1000:.0f} ms"


def _per_cent(share: float) -> str:
    return f"{100 * share:.2g} %"


def _size(loaded: LoadedShow) -> str:
    width, height = loaded.show.film.size
    return f"{width} × {height}"


def write_report(loaded: LoadedShow, compiled: Compiled, feasibility: Feasibility, path: Path) -> None:
    """Write the report, whole or not at all; the same findings give the same bytes.

    Parameters
    ----------
    loaded : LoadedShow
    compiled : Compiled
        The show, worked out.
    feasibility : Feasibility
        What came out of examining it.
    path : Path
        Ends in one of `REPORT_SUFFIXES`.

    Raises
    ------
    ValueError
        When it ends otherwise.
    OSError
        When it cannot be written.
    """
    report = make_report(loaded, compiled, feasibility)
    suffix = path.suffix.lower()
    if suffix not in REPORT_SUFFIXES:
        raise ValueError(f"a report is .html or .pdf, not '{path.suffix}'")
    if suffix == ".pdf":
        from .check_report_pdf import write_pdf  # noqa: PLC0415  loads ReportLab

        write_pdf(report, path)
        return
    from .check_report_html import html_of  # noqa: PLC0415

    with written_aside(path) as aside:
        aside.write_text(html_of(report), encoding="utf-8", newline="\n")


def marked(finding: SectionFinding, seats: SeatMap) -> Image.Image:
    """Draw what the section shows, with the seats that a finding is about as they are and the others pale.

    Parameters
    ----------
    finding : SectionFinding
    seats : SeatMap

    Returns
    -------
    PIL.Image.Image
        RGBA, or of a palette where the colours are few; the top row of the stand first. Where no seat is, it
        is transparent.
    """
    wide = int(np.clip(_WIDTH // seats.columns, 1, _LARGEST_CELL))
    high = max(1, round(wide / seats.cell_aspect))

    def enlarged(cells: npt.NDArray[np.generic]) -> npt.NDArray[np.generic]:
        grid = cells.reshape(seats.rows, seats.columns, *cells.shape[1:])[::-1]
        return np.repeat(np.repeat(grid, high, axis=0), wide, axis=1)

    taken, concerned = seats.taken, finding.seats & seats.taken
    colour = finding.picture.reshape(-1, 3).astype(np.float64)
    if concerned.any() and not concerned[taken].all():
        colour[~concerned] = _PALE * _GREY + (1 - _PALE) * colour[~concerned]
    cells = np.zeros((taken.size, 4), np.uint8)
    cells[:, :3] = np.rint(colour)
    cells[taken, 3] = 255
    cells[~taken] = 0
    pixels = enlarged(cells)
    if not concerned[taken].all():
        pixels[_outline(enlarged(concerned))] = (*MARK, 255)
    return _compact(pixels)


def _outline(inside: npt.NDArray[np.generic]) -> npt.NDArray[np.bool_]:
    """Return the pixels just outside of an area."""
    near = np.pad(inside.astype(bool), 1)
    around = near.copy()
    for axis in (0, 1):
        for step in (-1, 1):
            around |= np.roll(near, step, axis=axis)
    outline: npt.NDArray[np.bool_] = (around & ~near)[1:-1, 1:-1]
    return outline


def _compact(pixels: npt.NDArray[np.generic]) -> Image.Image:
    """Return RGBA pixels as a picture, with a palette where 256 colours do."""
    words = np.ascontiguousarray(pixels).view(np.uint32)[..., 0]
    colours, index = np.unique(words, return_inverse=True)
    if len(colours) > 256:
        return Image.fromarray(pixels, "RGBA") if pixels.shape[-1] != 4 else Image.fromarray(pixels)
    picture = Image.fromarray(index.reshape(words.shape).astype(np.uint8))
    picture.putpalette(colours.view(np.uint8).tobytes(), "RGBA")
    return picture
