"""The command line: film, still, build, check, colour, schema, preview, sheets.

Exit codes: 0 done, 1 failed, 2 bad show or usage, 130 interrupted.
"""

from __future__ import annotations

import functools
import json
import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Any, get_args

import click
from pydantic import TypeAdapter, ValidationError
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from ..kernels.bowl_seats import SectionDoesNotFitError
from ..kernels.formations import FormationError
from ..scenes.compiled import compile_show
from ..scenes.errors import ShowError
from ..scenes.load import LoadedShow, load_show
from ..scenes.plain_values import Colour
from ..scenes.quantities import Reading, Seconds
from ..scenes.schema import Stadium, json_schema
from ..scenes.schema_film import Look, PixelSize
from ..scenes.timeline import film_timeline
from .blender_libraries import BlenderLibraryError
from .encode import EncodeError
from .files import sole_user
from .interruption import InterruptedFilm
from .preview import write_preview
from .quality import QUALITIES, Quality
from .rendered import RenderError, blender_log
from .system_libraries import require_system_libraries

QUALITY_NAMES = tuple(QUALITIES)
LIGHT_NAMES: tuple[str, ...] = get_args(Stadium.model_fields["light"].annotation)
VIEW_NAMES: tuple[str, ...] = get_args(Look.model_fields["view"].annotation)
REPORT_SUFFIXES = (".html", ".pdf")


def _load(source: str) -> LoadedShow:
    """Load a show and print what is odd about it."""
    loaded = load_show(source)
    for warning in loaded.warnings:
        click.echo(str(warning), err=True)
    return loaded


def _frames(context: click.Context, parameter: click.Parameter, value: str | None) -> tuple[int, int] | None:
    if value is None:
        return None
    match = re.fullmatch(r"([0-9]+)(?:-([0-9]+))?", value)
    if match is None:
        raise click.BadParameter(f"'{value}' is not a range of frames; write it like 25-48")
    return int(match[1]), int(match[2] or match[1])


def _per_cent(context: click.Context, parameter: click.Parameter, value: str) -> Fraction:
    match = re.fullmatch(r"([0-9]{1,3}(?:\.[0-9]{1,6})?) ?%?", value)
    if match is None or float(match[1]) > 100:
        raise click.BadParameter(f"'{value}' is not a share; write it like '5 %', at most 100 %")
    return Fraction(match[1]) / 100


def _quantity(kind: Any) -> Callable[[click.Context, click.Parameter, str | None], Any]:
    """Return what reads an option as a show file would."""
    adapter = TypeAdapter(kind)

    def read(context: click.Context, parameter: click.Parameter, value: str | None) -> Any:
        if value is None:
            return None
        try:
            return adapter.validate_python(value, context=Reading())
        except ValidationError as error:
            raise click.BadParameter(error.errors()[0]["msg"]) from error

    return read


@contextmanager
def _progress_bar() -> Iterator[Callable[[str, int, int], None]]:
    """Yield a function (stage, done, of) that moves one bar a stage."""
    columns = (
        TextColumn("{task.description:>8}"),
        BarColumn(None),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    tasks: dict[str, TaskID] = {}
    # A copy of the stream: Blender's own output is sent away from the original while it renders.
    with (
        os.fdopen(os.dup(2), "w", buffering=1, encoding="utf-8") as stream,
        Progress(
            *columns, console=Console(file=stream, highlight=False), refresh_per_second=4, expand=True
        ) as bars,
    ):

        def show(stage: str, done: int, of: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=of)
            bars.update(tasks[stage], completed=done, total=of)

        yield show


@contextmanager
def _failures() -> Iterator[None]:
    """Turn what can go wrong with a show into a message and an exit code."""
    try:
        yield
    except (InterruptedFilm, KeyboardInterrupt):
        click.echo("Interrupted. What is finished is kept: the same command goes on from there.", err=True)
        sys.exit(130)
    except ShowError as error:
        click.echo(str(error), err=True)
        sys.exit(2)
    except (FormationError, SectionDoesNotFitError) as error:
        click.echo(f"cardstunt: {error}", err=True)
        sys.exit(2)
    except (BlenderLibraryError, EncodeError, RenderError) as error:
        click.echo(f"cardstunt: {error}", err=True)
        sys.exit(1)
    except OSError as error:
        named = f"{error.filename}: {error.strerror}" if error.filename and error.strerror else error
        click.echo(f"cardstunt: {named}", err=True)
        sys.exit(1)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="cardstunt")
def main() -> None:
    """Film a stadium card stunt as if it were a miniature.

    SHOW is a show file, or the name of a show that comes with Cardstunt, such as opening_night.
    """


@main.command()
@click.argument("show")
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The MP4."
)
@click.option("--quality", type=click.Choice(QUALITY_NAMES), default="draft", show_default=True)
@click.option(
    "--frames", callback=_frames, metavar="A-B", help="Only these frames of the film, counted from 1."
)
def film(show: str, output: Path, quality: Quality, frames: tuple[int, int] | None) -> None:
    """Make the finished film; goes on from where an earlier run stopped."""
    if output.suffix.lower() != ".mp4":
        raise click.UsageError(f"the film is an MP4; write -o {output.with_suffix('.mp4')}")
    with _failures():
        loaded = _load(show)
        require_system_libraries()
        from .film import FilmMaker  # noqa: PLC0415  Blender loads only for the commands that need it

        with _progress_bar() as bar:
            try:
                maker = FilmMaker(loaded, output, quality, frames, bar)
            except ValueError as error:
                raise click.UsageError(str(error)) from error
            result = maker.make()
    click.echo(
        f"Film:    {result.film} ({float(result.seconds):.2f} s long, made in {_minutes(result.took)})"
    )
    click.echo(f"Sheet:   {result.sheet}")
    click.echo(f"Report:  {result.report}")


@main.command()
@click.argument("show")
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), required=True, help=".png or .jpg"
)
@click.option("--shot", help="Whose camera sees it; the first shot's when left out.")
@click.option(
    "--at",
    callback=_quantity(Seconds),
    metavar="TIME",
    help="Show time, such as '12.5 s'; the shot's middle.",
)
@click.option("--light", type=click.Choice(LIGHT_NAMES), help="Another light than the show's.")
@click.option("--size", callback=_quantity(PixelSize), metavar="WxH", help="Other pixels than the film's.")
@click.option("--quality", type=click.Choice(QUALITY_NAMES), default="standard", show_default=True)
def still(
    show: str,
    output: Path,
    shot: str | None,
    at: Fraction | None,
    light: str | None,
    size: tuple[int, int] | None,
    quality: Quality,
) -> None:
    """Make one finished picture: a moment of the show through one of its cameras."""
    if output.suffix.lower() not in {".png", ".jpg", ".jpeg"}:
        raise click.UsageError(f"a still is .png or .jpg, not '{output.suffix}'")
    with _failures():
        loaded = _load(show)
        require_system_libraries()
        from .still import Still, StillError, make_still  # noqa: PLC0415

        with _progress_bar() as bar:
            try:
                make_still(loaded, Still(shot, at, light, size), output, quality, bar)
            except StillError as error:
                raise click.UsageError(str(error)) from error
    click.echo(f"Still:   {output}")


@main.command()
@click.argument("show")
@click.option(
    "-o", "--output", type=click.Path(file_okay=False, path_type=Path), required=True, help="A folder."
)
@click.option("--quality", type=click.Choice(QUALITY_NAMES), default="standard", show_default=True)
def build(show: str, output: Path, quality: Quality) -> None:
    """Make a .blend with its data textures beside it; it needs no Cardstunt to render."""
    with _failures():
        loaded = _load(show)
        require_system_libraries()
        from .bake import bake_show  # noqa: PLC0415
        from .build import build_file  # noqa: PLC0415

        timeline = film_timeline(loaded.show)
        compiled = compile_show(loaded)
        blend = output / "show.blend"
        with sole_user(output), _progress_bar() as bar:
            bake = bake_show(loaded, timeline, output / "textures", bar, compiled)
            with blender_log(output / "blender.log"):
                build_file(loaded, timeline, bake, quality, blend)
    click.echo(f"Blend:   {blend} (frames 1-{len(timeline.frames)})")


@main.command()
@click.argument("show")
@click.option(
    "--report",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Also write what was found with pictures: .html or .pdf",
)
def check(show: str, report: Path | None) -> None:
    """Check a show: what is wrong or odd, and what people, paper or the film will not manage."""
    if report is not None and report.suffix.lower() not in REPORT_SUFFIXES:
        raise click.UsageError(f"a report is .html or .pdf, not '{report.suffix}'")
    with _failures():
        loaded = _load(show)
        from ..scenes.feasibility import Field, examine_feasibility  # noqa: PLC0415  loads SciPy

        with _progress_bar() as bar:
            compiled = compile_show(loaded, functools.partial(bar, "prepare"))
            field = Field.of(loaded, compiled)
            checking = functools.partial(bar, "check")
            feasibility = examine_feasibility(loaded, compiled.section, checking, field=field)
        for problem in feasibility.problems(loaded):
            click.echo(str(problem), err=True)
        if report is not None:
            from .check_report import write_report  # noqa: PLC0415

            write_report(loaded, compiled, feasibility, report)
            click.echo(f"Report:  {report}")
    section, troupes = loaded.show.card_section, loaded.show.troupes
    people = sum(troupe.count for troupe in troupes.values())
    seconds = float(film_timeline(loaded.show).duration)
    warnings = len(loaded.warnings) + len(feasibility.findings)
    click.echo(
        f"{loaded.path}: {loaded.show.title}: {section.columns * section.rows} card-holders with "
        f"{len(section.pages)} pages and {len(section.cues)} cues, {people} gymnasts, "
        f"{seconds:.2f} s of film, {warnings} warnings"
    )


@main.command()
@click.argument("wanted", metavar="COLOUR", callback=_quantity(Colour))
@click.option("--show", help="Whose light and look it is seen in: a show file, or a library show.")
@click.option("--light", type=click.Choice(LIGHT_NAMES), help="Another light than the show's, or noon.")
@click.option("--view", type=click.Choice(VIEW_NAMES), help="Another view than the show's, or agx.")
def colour(wanted: tuple[int, int, int], show: str | None, light: str | None, view: str | None) -> None:
    """Find the page's colour that the film shows as COLOUR, such as "#c8102e"; for a brand's."""
    with _failures():
        loaded = _load(show) if show is not None else None
        from .brand_colour import page_for  # noqa: PLC0415  Blender loads only for the commands that need it
        from .finish import VIEWS  # noqa: PLC0415
        from .light import LIGHTS  # noqa: PLC0415

        look = loaded.show.film.look if loaded is not None else Look()
        light = light or (loaded.show.stadium.light if loaded is not None else "noon")
        found = page_for(
            wanted,
            LIGHTS[light],
            exposure=float(look.exposure),
            saturation=float(look.saturation),
            contrast=float(look.contrast),
            view=VIEWS[view or look.view],
        )
    page, shown = ("#" + bytes(part).hex() for part in (found.page, found.shown))
    click.echo(f"Page:    {page}")
    click.echo(f"Shown:   {shown} (CIEDE2000 {found.difference:.1f})")
    if not found.reached:
        click.echo("That is the nearest that can be reached; another --view or --light may come nearer.")


@main.command()
def schema() -> None:
    """Print the JSON Schema of the show file, for editors."""
    click.echo(json.dumps(json_schema(), indent=2, ensure_ascii=False))


@main.command()
@click.argument("show")
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), required=True, help=".mp4 or .png"
)
def preview(show: str, output: Path) -> None:
    """Show the card pictures and the drill from above, straight from the kernels, without Blender."""
    if output.suffix.lower() not in {".mp4", ".png"}:
        raise click.UsageError(f"a preview is .mp4 or .png, not '{output.suffix}'")
    with _failures():
        loaded = _load(show)
        with _progress_bar() as bar:
            write_preview(loaded, output, bar)
    click.echo(f"Preview: {output}")


@main.command()
@click.argument("show")
@click.option(
    "-o", "--output", type=click.Path(file_okay=False, path_type=Path), required=True, help="A folder."
)
@click.option(
    "--spare",
    callback=_per_cent,
    default="5 %",
    show_default=True,
    metavar="PER CENT",
    help="Paper to be bought beyond what is needed.",
)
def sheets(show: str, output: Path, spare: Fraction) -> None:
    """Write what people take home: booklets, paper to buy and print, seat tables, the conductor's cue sheet.

    With gymnasts in the show also drill charts and dot sheets. Goes on from where an earlier run stopped, and
    makes again only what has changed.
    """
    with _failures():
        loaded = _load(show)
        from .sheets.make import make_sheets  # noqa: PLC0415  loads ReportLab

        with _progress_bar() as bar:
            made = make_sheets(loaded, output, bar, spare)
    if made.mode == "tablets":
        click.echo("Tablets: nobody carries paper, so there are no booklets and nothing to buy or print.")
    for name in made.files:
        click.echo(f"Sheets:  {output / name}")
    click.echo(f"{made.people:,} people, {len(made.files)} files, {made.made} of them made now")


def _minutes(seconds: float) -> str:
    return f"{int(seconds) // 60} min {seconds % 60:.0f} s" if seconds >= 60 else f"{seconds:.1f} s"
