"""From a show file, or the name of a library show, to a `Show` that can be filmed."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal

from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticCustomError

from .check import examine
from .check_files import resolve_inside
from .errors import Finding, Problem, ShowError, YamlPath, listing, nearest_name, quoted
from .explain import explain
from .quantities import Moment, Reading
from .schema import FORMAT_VERSION, Music, Show
from .schema_card_section import section_files
from .schema_film import parse_fps
from .seats import SeatsError, seat_map
from .yaml_source import LARGEST_FILE, YamlSource, read_yaml

LIBRARY = Path(__file__).parent / "library"
SHOW_FILE = "show.yaml"
_MOMENT: TypeAdapter[Fraction] = TypeAdapter(Moment)


@dataclass(frozen=True)
class LoadedShow:
    """A show that has been read and checked.

    Attributes
    ----------
    show : Show
    path : Path
        The show file, absolute.
    folder : Path
        The folder that the show's files are in, absolute.
    warnings : tuple of Finding
        What is odd about it, in the order of the file.
    """

    show: Show
    path: Path
    folder: Path
    warnings: tuple[Finding, ...]
    source: YamlSource = field(repr=False)

    def locate(self, path: YamlPath) -> tuple[int, int]:
        """Return line and column, from 1, of what stands at a YAML path such as ("film", "fps").

        Where nothing stands there, the place of the nearest part around it.
        """
        return self.source.locate(path)

    def problem(
        self,
        path: YamlPath,
        message: str,
        *,
        allowed: str = "",
        nearest: str | None = None,
        severity: Literal["error", "warning"] = "error",
        key: bool = False,
    ) -> Problem:
        """Return a problem with the place of the value (or the key) that stands at a YAML path."""
        return self.source.problem(
            path, message, allowed=allowed, nearest=nearest, severity=severity, key=key
        )

    def resolve(self, relative: str) -> Path:
        """Return the absolute path of a file that the show names.

        Raises
        ------
        FileProblem
            When the path leads out of the show's folder.
        """
        return resolve_inside(self.folder, relative)

    def files(self) -> dict[str, Path]:
        """Return the files that the show names, by the names it gives them: what else it depends on."""
        show = self.show
        section = show.card_section
        names = [named for *_, named in section_files(section)]
        names += [named for troupe in show.troupes.values() for *_, named in troupe.files]
        names += [named for cue in show.lights for *_, named in cue.files]
        if show.music is not None:
            names.append(show.music.file)
        return {name: self.resolve(name) for name in names}


def library_shows() -> tuple[str, ...]:
    """Return the names of the shows that come with Cardstunt."""
    return tuple(sorted(folder.parent.name for folder in LIBRARY.glob(f"*/{SHOW_FILE}")))


def load_show(source: str | Path) -> LoadedShow:
    """Read and check a show; nothing is written.

    Parameters
    ----------
    source : str or Path
        A show file, or the name of a library show. A file of that name comes first.

    Returns
    -------
    LoadedShow

    Raises
    ------
    ShowError
        With all problems found, each with its place in the file.
    """
    path, name = _find(source)
    yaml_source = read_yaml(_text(path, name), name)
    show = _validate(yaml_source)
    folder = path.absolute().parent
    loaded = LoadedShow(show, path.absolute(), folder, (), yaml_source)
    problems: list[Problem] = []
    seats = None
    try:
        seats = seat_map(loaded)
    except SeatsError as error:
        problems.append(loaded.problem(("card_section", *error.at), str(error), nearest=error.nearest))
    else:
        # A file says how large the section is.
        size = {"columns": seats.columns, "rows": seats.rows}
        section = show.card_section.model_copy(update=size)
        loaded = replace(loaded, show=show.model_copy(update={"card_section": section}))
    problems += examine(loaded, seats)
    problems.sort(key=lambda problem: (problem.line, problem.column))
    if any(problem.severity == "error" for problem in problems):
        raise ShowError(problems)
    return replace(loaded, warnings=tuple(problems))


def _find(source: str | Path) -> tuple[Path, str]:
    path = Path(source)
    name = ascii(str(source))[1:-1] if not str(source).isprintable() else str(source)
    try:
        if path.is_file():
            return path, name
        is_directory, exists = path.is_dir(), path.exists()
    except (OSError, ValueError):
        raise _file_error(name, "this path cannot be followed") from None
    shows = library_shows()
    if str(source) in shows:
        return LIBRARY / str(source) / SHOW_FILE, name
    if is_directory:
        raise _file_error(name, f"this is a folder; name the show file in it, such as {name}/{SHOW_FILE}")
    if exists:
        raise _file_error(name, "this is not a regular file")
    if isinstance(source, str) and path.name == source and not path.suffix:
        nearest = nearest_name(source, shows)
        advice = f"; did you mean {nearest!r}?" if nearest else ""
        raise _file_error(name, f"no file and no library show of this name{advice} Library: {listing(shows)}")
    raise _file_error(name, "no such file")


def _text(path: Path, name: str) -> str:
    try:
        with path.open("rb") as stream:
            content = stream.read(4 * LARGEST_FILE + 1)
    except OSError as error:
        raise _file_error(name, f"the file cannot be read ({error.strerror or error})") from None
    if len(content) > 4 * LARGEST_FILE:
        raise _file_error(
            name, f"this is too large for a show file, which has at most {LARGEST_FILE:,} characters"
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start]
        line = before.count(b"\n") + 1
        column = error.start - before.rfind(b"\n")
        message = f"this is not UTF-8 text (byte 0x{content[error.start]:02x}); save the file as UTF-8"
        raise ShowError([Problem(name, line, column, "", "", "UTF-8", None, message)]) from None


def _file_error(name: str, message: str) -> ShowError:
    return ShowError([Problem(name, 0, 0, "", "", "", None, message)])


def _validate(source: YamlSource) -> Show:
    _check_version(source)
    try:
        return Show.model_validate(source.data, context=_reading(source.data), by_alias=True, by_name=False)
    except ValidationError as error:
        raise ShowError(explain(error, Show, source)) from None


def _check_version(source: YamlSource) -> None:
    data = source.data
    version = data.get("cardstunt") if isinstance(data, dict) else None
    if type(version) is int and version == FORMAT_VERSION:
        return
    path: YamlPath = ("cardstunt",)
    if not isinstance(data, dict):
        message = "this is not a show: it must be a mapping that begins with 'cardstunt: 1'"
        path = ()
    elif "cardstunt" not in data:
        message = f"the format version is missing; begin the file with 'cardstunt: {FORMAT_VERSION}'"
        path = ()
    elif type(version) is int:
        message = (
            f"this show is of format version {version}; this Cardstunt reads version {FORMAT_VERSION} only"
        )
    else:
        message = f"{quoted(source.found(path))} is not a format version; write 'cardstunt: {FORMAT_VERSION}'"
    line, column = source.locate(path)
    found = source.found(path)
    where = "cardstunt" if path else ""
    raise ShowError([Problem(source.file, line, column, where, found, str(FORMAT_VERSION), None, message)])


def _reading(data: dict[str, Any]) -> Reading:
    """Return what moments and durations are counted in; what is wrong there is reported there."""
    film = data.get("film")
    try:
        fps = parse_fps(film.get("fps", 24)) if isinstance(film, dict) else None
    except PydanticCustomError:
        fps = None
    reading = Reading(fps=fps)
    if data.get("music") is not None:
        try:
            music = Music.model_validate(data["music"], context=Reading(), by_alias=True, by_name=False)
        except ValidationError:
            reading = replace(reading, unreadable=True)
        else:
            reading = replace(reading, tempo=music.tempo)
    return replace(reading, markers=_markers(data.get("markers"), reading))


def _markers(named: object, reading: Reading) -> dict[str, Fraction | None]:
    """Read the show's markers; each may count from those before it."""
    markers: dict[str, Fraction | None] = {}
    for name, written in named.items() if isinstance(named, dict) else ():
        try:
            markers[str(name)] = _MOMENT.validate_python(written, context=replace(reading, markers=markers))
        except ValidationError:
            markers[str(name)] = None
    return markers
