"""The files that a show names: inside its folder, there, and what they should be."""

from __future__ import annotations

import struct
import warnings
import zlib
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from .errors import listing, nearest_name, quoted

MOST_PIXELS = 100_000_000
# Only formats that Pillow decodes itself; some others start programs.
PICTURE_FORMATS = ("PNG", "JPEG", "WEBP", "TIFF", "BMP", "GIF")
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


def check_image(folder: Path, relative: str) -> None:
    """Make sure that a picture can be read, by reading it.

    Raises
    ------
    FileProblem
        When it is not there, not a picture, damaged, or larger than `MOST_PIXELS`.
    """
    path = existing_file(folder, relative)
    allowed = listing(PICTURE_FORMATS)
    try:
        with warnings.catch_warnings():
            # Its own bound is below ours; anything over ours is refused before a pixel is decoded.
            warnings.simplefilter("ignore")
            with Image.open(path, formats=PICTURE_FORMATS) as picture:
                width, height = picture.size
                if width * height > MOST_PIXELS:
                    raise _too_large(relative, f"{width} by {height} pixels")
                picture.load()
    except Image.DecompressionBombError:
        raise _too_large(relative, "far too many pixels") from None
    except UnidentifiedImageError:
        raise FileProblem(f"{quoted(relative)} is not a picture", allowed) from None
    except PermissionError:
        raise FileProblem(f"{quoted(relative)} may not be read by this user") from None
    except (
        ArithmeticError,
        AttributeError,
        EOFError,
        LookupError,
        MemoryError,
        OSError,
        SyntaxError,
        TypeError,
        ValueError,
        struct.error,
        zlib.error,
    ) as error:
        raise FileProblem(f"{quoted(relative)} is a damaged picture ({quoted(error)})") from None


def _too_large(relative: str, size: str) -> FileProblem:
    return FileProblem(
        f"{quoted(relative)} has {size}; at most {MOST_PIXELS // 1_000_000} megapixels are read"
    )


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
