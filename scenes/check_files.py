"""The files that a show names: inside its folder, there, and what they should be."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from .errors import listing, nearest_name, quoted
from .picture_files import PICTURE_FORMATS, PictureError, read_picture
from .schema_page import is_svg

if TYPE_CHECKING:
    from .schema_card_section import FileUse
    from .schema_formation import FormationFile

MOST_FRAMES = 500_000
"""Frames that a video may have: each one's moment is kept."""

SEAT_SUFFIXES = (".csv", ".svg")
# Each name has one container, so that a playlist in disguise cannot open other files.
SOUND_FORMATS = {
    ".flac": "flac",
    ".wav": "wav",
    ".mp3": "mp3",
    ".ogg": "ogg",
    ".opus": "ogg",
    ".m4a": "mp4",
    ".aac": "aac",
}


@dataclass
class FileProblem(Exception):  # noqa: N818  becomes a Problem with a place
    """Why a file of a show cannot be used."""

    message: str
    allowed: str = ""
    nearest: str | None = None


def resolve_inside(folder: Path, relative: str) -> Path:
    """Return the path of a show's file, links followed.

    Parameters
    ----------
    folder : Path
        The show's folder.
    relative : str
        As the show names it, with ``/``.

    Returns
    -------
    Path
        Absolute. Whether anything is there is not asked.

    Raises
    ------
    FileProblem
        When the path is absolute, or leads out of the folder, also through a link.
    """
    if "\\" in relative:
        raise FileProblem(f"write the path with '/', so that it works everywhere, not {quoted(relative)}")
    if Path(relative).is_absolute() or relative.startswith("/") or ":" in relative.partition("/")[0]:
        raise FileProblem(f"{quoted(relative)} does not begin in the show's folder; copy the file there")
    try:
        root = folder.resolve()
        path = (root / relative).resolve()
    except (OSError, RuntimeError, ValueError):
        raise FileProblem(f"{quoted(relative)} is not a path that can be followed") from None
    if not path.is_relative_to(root):
        raise FileProblem(f"{quoted(relative)} leads out of the show's folder; copy the file into it")
    return path


def existing_file(folder: Path, relative: str) -> Path:
    """Return the path of a file that is there.

    Raises
    ------
    FileProblem
        As `resolve_inside`; or when there is no such file, with the nearest name in its folder.
    """
    path = resolve_inside(folder, relative)
    try:
        if path.is_file():
            return path
        if path.exists():
            raise FileProblem(f"{quoted(relative)} is not a file")
        siblings = sorted(item.name for item in path.parent.iterdir() if item.is_file())
    except (OSError, ValueError):
        raise FileProblem(f"no file {quoted(relative)} in the show's folder") from None
    near = nearest_name(path.name, siblings)
    if near is not None:
        near = (Path(relative).parent / near).as_posix()
    raise FileProblem(f"no file {quoted(relative)} in the show's folder", nearest=near)


def check_file(use: FileUse | FormationFile, folder: Path, relative: str) -> None:
    """Make sure that a file of a show can be used for what it is named for.

    Parameters
    ----------
    use : {"image", "video", "font", "seats", "places", "curve"}
    folder : Path
        The show's folder.
    relative : str
        As the show names it, with ``/``.

    Raises
    ------
    FileProblem
        When it is not there, of another kind, damaged, or too large.
    """
    checks = {
        "image": check_image,
        "video": check_video,
        "font": check_font,
        "seats": check_seats,
        "places": check_places,
        "curve": check_svg,
    }
    checks[use](folder, relative)


def check_image(folder: Path, relative: str) -> None:
    """Make sure that a picture, or a drawing in SVG, can be read, by reading it.

    Raises
    ------
    FileProblem
        When it is not there, not a picture, damaged, or larger than `MOST_PIXELS`; or when a drawing
        refers to something outside itself.
    """
    if is_svg(relative):
        check_svg(folder, relative)
        return
    path = existing_file(folder, relative)
    try:
        read_picture(path)
    except PictureError as error:
        allowed = listing((*PICTURE_FORMATS, "SVG")) if str(error) == "is not a picture" else ""
        raise FileProblem(f"{quoted(relative)} {error}", allowed) from None
    except OSError as error:
        raise _unreadable(relative, error) from None


def check_svg(folder: Path, relative: str) -> None:
    """Make sure that a drawing in SVG can be rendered, and refers to nothing outside itself.

    Raises
    ------
    FileProblem
    """
    path = existing_file(folder, relative)

    from .pages.svg import Drawing  # noqa: PLC0415  a renderer of its own, needed only for drawings

    try:
        Drawing.read(path).size()
    except PictureError as error:
        raise FileProblem(f"{quoted(relative)} {error}") from None
    except OSError as error:
        raise _unreadable(relative, error) from None


def check_video(folder: Path, relative: str) -> None:
    """Make sure that a video or an animated picture can be read, by decoding its first and last frame.

    Raises
    ------
    FileProblem
        When it is not there, not a video, has no frames, is damaged or cut off, or too large.
    """
    path = existing_file(folder, relative)

    from .pages.canvas import PageError  # noqa: PLC0415  pages are read after files
    from .pages.clips import open_clip  # noqa: PLC0415  a heavy import, needed only with videos

    try:
        clip = open_clip(path, relative)
        for index in {0, len(clip.times) - 1}:
            clip.picture(index, 64, 64)
    except PageError as error:
        raise FileProblem(str(error)) from None
    if len(clip.times) > MOST_FRAMES:
        raise FileProblem(
            f"{quoted(relative)} has {len(clip.times):,} frames; at most {MOST_FRAMES:,} are read"
        )


def check_font(folder: Path, relative: str) -> None:
    """Make sure that a font can be read; which letters it has is asked when they are known.

    Raises
    ------
    FileProblem
    """
    path = existing_file(folder, relative)

    from .pages.fonts import FONT_SUFFIXES, FontError, covers, face_of  # noqa: PLC0415  as above

    if path.suffix.lower() not in FONT_SUFFIXES:
        raise FileProblem(f"{quoted(relative)} is not a font that is read", listing(FONT_SUFFIXES))
    try:
        # Some damage shows only when a letter is drawn.
        covers(face_of(path), "A")
    except FontError as error:
        raise FileProblem(f"{quoted(relative)} is a damaged font ({quoted(error)})") from None


def check_seats(folder: Path, relative: str) -> None:
    """Make sure that a seat map is there and of a kind that is read; what it says is read elsewhere.

    Raises
    ------
    FileProblem
    """
    _check_listing(folder, relative, "a seat map", SEAT_SUFFIXES)


def check_places(folder: Path, relative: str) -> None:
    """Make sure that a list of places is there and of a kind that is read; what it says is read elsewhere.

    Raises
    ------
    FileProblem
    """
    _check_listing(folder, relative, "a list of places", (".csv",))


def _check_listing(folder: Path, relative: str, what: str, suffixes: tuple[str, ...]) -> None:
    path = existing_file(folder, relative)
    if path.suffix.lower() not in suffixes:
        raise FileProblem(f"{quoted(relative)} is not {what} that is read", listing(suffixes))
    try:
        with path.open("rb") as stream:
            empty = not stream.read(1)
    except OSError as error:
        raise _unreadable(relative, error) from None
    if empty:
        raise FileProblem(f"{quoted(relative)} is empty")


def _unreadable(relative: str, error: OSError) -> FileProblem:
    if isinstance(error, PermissionError):
        return FileProblem(f"{quoted(relative)} may not be read by this user")
    return FileProblem(f"{quoted(relative)} cannot be read ({quoted(error.strerror or error)})")


def check_music(folder: Path, relative: str) -> None:
    """Make sure that a sound file can be read, by decoding its beginning.

    Raises
    ------
    FileProblem
        When it is not there, of another kind, or holds no sound.
    """
    path = existing_file(folder, relative)
    container_format = SOUND_FORMATS.get(path.suffix.lower())
    if container_format is None:
        raise FileProblem(f"{quoted(relative)} is not a sound file that is read", listing(SOUND_FORMATS))

    import av  # noqa: PLC0415  a heavy import, needed only with music

    try:
        with path.open("rb") as stream, av.open(stream, "r", format=container_format) as container:
            if next(container.decode(audio=0), None) is None:
                raise FileProblem(f"{quoted(relative)} holds no sound")
    except (av.FFmpegError, OSError, ValueError, LookupError) as error:
        raise FileProblem(f"{quoted(relative)} cannot be read as sound ({quoted(error)})") from None
