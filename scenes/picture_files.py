"""Picture files: which kinds are read, and how one is opened so that no file can exhaust the memory."""

from __future__ import annotations

import struct
import threading
import warnings
import zlib
from pathlib import Path
from typing import IO

from PIL import Image, ImageFile, ImageOps, Jpeg2KImagePlugin, JpegImagePlugin

from .errors import quoted

MOST_PIXELS = 100_000_000
"""As many are decoded at most; Pillow takes up to 4 bytes for each."""

# Formats that Pillow decodes itself: some others start programs, or open files of any format inside.
# Those that are known by little come last.
PICTURE_FORMATS = (
    "PNG", "JPEG", "JPEG2000", "WEBP", "AVIF", "TIFF", "BMP", "GIF", "PSD", "QOI", "DDS", "ICO", "ICNS",
    "PPM", "SGI", "SUN", "DIB", "CUR", "FLI", "DCX", "PCX", "MSP", "XBM", "XPM", "TGA",
)  # fmt: skip

# Files that begin as these do are theirs, or nobody's.
_SURE = ("PNG", "JPEG", "JPEG2000", "WEBP", "GIF", "PSD", "QOI", "TIFF")

DAMAGE = (
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
)
"""What Pillow raises for a file that is not as it should be."""

_SMALLER = (2, 4, 8)
# What people take for pictures: how such files begin, at which byte, and what to do about it.
_UNREAD = (
    (4, b"ftyphei", "is a HEIC file, not a picture that is read; save it as JPEG or PNG"),
    (4, b"ftypmif1", "is a HEIF file, not a picture that is read; save it as JPEG or PNG"),
    (4, b"ftyp", "is a video, not a picture"),
    (0, b"\x1a\x45\xdf\xa3", "is a video, not a picture"),
    (0, b"\xff\x0a", "is a JPEG XL file, not a picture that is read; save it as JPEG or PNG"),
    (4, b"JXL ", "is a JPEG XL file, not a picture that is read; save it as JPEG or PNG"),
    (0, b"\x76\x2f\x31\x01", "is an OpenEXR file, not a picture that is read; save it as PNG"),
    (0, b"%PDF", "is a PDF file, not a picture that is read; save it as SVG or PNG"),
    (0, b"%!PS", "is a PostScript file, not a picture that is read; save it as SVG or PNG"),
    (0, b"<svg", "is a drawing in SVG; its name must end in .svg"),
)


class PictureError(ValueError):
    """A file that cannot be read as a picture; the message is a predicate, such as ``is not a picture``."""


def read_picture(path: Path) -> Image.Image:
    """Decode a picture: the first frame of a moving one.

    A JPEG or JPEG 2000 picture of more than `MOST_PIXELS` is decoded at half, a quarter or an eighth of its
    size. Others of that many are refused before a pixel is decoded.

    Parameters
    ----------
    path : Path

    Returns
    -------
    PIL.Image.Image
        Upright. As the file has it otherwise: any mode, its colour profile not yet applied.

    Raises
    ------
    PictureError
        When it is not a picture, damaged, or too large.
    OSError
        When the file cannot be opened.
    """
    with path.open("rb") as stream, _alone, warnings.catch_warnings():
        # What Pillow finds odd about a file is of no use to a user.
        warnings.simplefilter("ignore")
        try:
            image = identify(stream)
            if image is None:
                raise PictureError(_what_it_is(stream))
            if image.mode == "F":
                raise PictureError(
                    "holds floating-point numbers, which have no fixed white; "
                    "save it with 8 or 16 bits a channel"
                )
            _bound(image, stream)
            image.load()
            # In place, since two of a large picture need not fit into memory.
            ImageOps.exif_transpose(image, in_place=True)
        except PictureError:
            raise
        except DAMAGE as error:
            raise PictureError(f"is a damaged picture ({quoted(error)})") from None
    return image


# Warnings are turned off for the whole process, so only one picture at a time may do it.
_alone = threading.Lock()


def identify(stream: IO[bytes], formats: tuple[str, ...] = PICTURE_FORMATS) -> ImageFile.ImageFile | None:
    """Read a picture's head as `PIL.Image.open` does, save for its bound on pixels, which is not ours.

    Parameters
    ----------
    stream : binary file
    formats : tuple of str
        Pillow's names of the formats that are tried.

    Returns
    -------
    PIL.ImageFile.ImageFile or None
        Not yet decoded; None when it is none of these formats. Raises one of `DAMAGE` for a broken head.
    """
    Image.init()
    start = stream.read(16)
    broken: Exception | None = None
    for kind in formats:
        if kind not in Image.OPEN:
            continue
        factory, accept = Image.OPEN[kind]
        try:
            accepted = accept is None or accept(start)
            if isinstance(accepted, str):
                # Why a format that it may be cannot be read by this Pillow.
                broken = broken or OSError(accepted)
            elif accepted:
                stream.seek(0)
                return factory(stream, "")
        except (SyntaxError, IndexError, TypeError, struct.error) as error:
            # How plugins say that it is not theirs after all, or that it is and is damaged.
            if kind in _SURE:
                broken = error
    if broken is not None:
        raise broken
    return None


def _what_it_is(stream: IO[bytes]) -> str:
    """Say what a file is that is not a picture of a kind that is read."""
    stream.seek(0)
    start = stream.read(64)
    if not start:
        return "is empty, not a picture"
    return next((said for at, mark, said in _UNREAD if start.startswith(mark, at)), "is not a picture")


def _bound(image: ImageFile.ImageFile, stream: IO[bytes]) -> None:
    """Let a large picture be decoded smaller, or refuse it."""
    width, height = image.size
    if width * height <= MOST_PIXELS:
        return
    for times in _SMALLER:
        if width * height <= MOST_PIXELS * times**2:
            if isinstance(image, JpegImagePlugin.JpegImageFile) and _in_one_scan(stream):
                image.draft(None, (width // times, height // times))
                return
            if isinstance(image, Jpeg2KImagePlugin.Jpeg2KImageFile):
                image.reduce = times.bit_length() - 1
                return
    raise PictureError(
        f"has {width} by {height} pixels; at most {MOST_PIXELS // 1_000_000} megapixels are read"
    )


def _in_one_scan(stream: IO[bytes]) -> bool:
    """Tell whether a JPEG file is decoded line by line; one of several scans is first gathered whole."""
    place = stream.tell()
    stream.seek(2)
    components = 0
    try:
        while True:
            marker, length = struct.unpack(">HH", stream.read(4))
            content = stream.read(length - 2)
            if marker in {0xFFC0, 0xFFC1}:
                components = content[5]
            elif marker == 0xFFDA:
                return content[0] == components
    except (struct.error, IndexError, ValueError):
        return False
    finally:
        stream.seek(place)
