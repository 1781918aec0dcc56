"""Drawings in SVG as pixels, rendered at the size that the section needs."""

from __future__ import annotations

import codecs
import gzip
import io
import re
import tempfile
import threading
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import resvg_py
from PIL import Image

from ..errors import quoted
from .fonts import FontError, face_of, own_font_file
from .painted_letters import has_drawn_letters
from .svg_checks import SvgError, checked_words

LARGEST_FILE = 16 << 20
"""Bytes of a drawing, unpacked."""

_PROBE = 512
_STACK = 32 << 20
_OUTLINE_FONTS = (".ttf", ".otf", ".ttc")
_ENCODINGS = ("utf-8", "us-ascii", "ascii", "iso-8859-1", "latin-1", "windows-1252", "utf-16")

Result = TypeVar("Result")


@dataclass(frozen=True)
class Drawing:
    """A drawing that has been read and may be rendered.

    Attributes
    ----------
    markup : str
    words : str
        The text that is written in it.
    fonts : tuple of Path
        What the text may be set in: the fonts beside the drawing, in the order of their names.
    """

    markup: str
    words: str
    fonts: tuple[Path, ...]

    @classmethod
    def read(cls, path: Path) -> Drawing:
        """Read an ``.svg`` or ``.svgz`` file and make sure that it is safe to render.

        Raises
        ------
        SvgError
            When it is damaged, too large, or refers to anything outside itself.
        OSError
            When it cannot be read.
        """
        markup = _decoded(_unpacked(path))
        words = checked_words(markup)
        beside = sorted(path.parent.iterdir()) if words.strip() else []
        return cls(markup, words, tuple(filter(_is_font, beside)))

    def size(self) -> tuple[float, float]:
        """Return width and height, of which only the ratio means something."""
        width, height = self.rendered(_PROBE, _PROBE).size
        return float(width), float(height)

    def rendered(self, wide: int, high: int) -> Image.Image:
        """Render as large as fits into so many pixels.

        Parameters
        ----------
        wide, high : int

        Returns
        -------
        PIL.Image.Image
            RGBA.

        Raises
        ------
        SvgError
            When it cannot be rendered.
        """
        try:
            content = _on_a_large_stack(lambda: self._render(wide, high))
        except ValueError as error:
            raise SvgError(f"cannot be rendered ({quoted(error)})") from None
        with Image.open(io.BytesIO(content), formats=("PNG",)) as image:
            return image.convert("RGBA")

    def _render(self, wide: int, high: int) -> bytes:
        if not self.words.strip():
            return resvg_py.svg_to_bytes(
                svg_string=self.markup, width=wide, height=high, skip_system_fonts=True
            )
        with tempfile.TemporaryDirectory() as folder:
            latin = Path(folder) / "latin.ttf"
            family, content = own_font_file()
            latin.write_bytes(content)
            return resvg_py.svg_to_bytes(
                svg_string=self.markup,
                width=wide,
                height=high,
                skip_system_fonts=True,
                font_files=[str(latin), *map(str, self.fonts)],
                font_family=family,
                serif_family=family,
                sans_serif_family=family,
                cursive_family=family,
                fantasy_family=family,
                monospace_family=family,
            )


def _is_font(path: Path) -> bool:
    """Tell whether a file is a font that may be drawn with; what lies there need not be the drawing's."""
    if path.suffix.lower() not in _OUTLINE_FONTS or not path.is_file():
        return False
    try:
        face_of(path)
        # Letters that are drawings themselves could name other files.
        return not has_drawn_letters(path)
    except (FontError, OSError):
        return False


def _unpacked(path: Path) -> bytes:
    with path.open("rb") as stream:
        content = stream.read(LARGEST_FILE + 1)
    if content.startswith(b"\x1f\x8b"):
        try:
            with gzip.open(path, "rb") as packed:
                content = packed.read(LARGEST_FILE + 1)
        except (gzip.BadGzipFile, EOFError, zlib.error) as error:
            raise SvgError(f"is a damaged drawing ({quoted(error)})") from None
    if len(content) > LARGEST_FILE:
        raise SvgError(f"is too large for a drawing, which has at most {LARGEST_FILE >> 20} MB, unpacked")
    return content


def _decoded(content: bytes) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    else:
        said = re.match(rb"""(?:\xef\xbb\xbf)?\s*<\?xml[^>]*?encoding\s*=\s*["']([\w.-]+)["']""", content)
        encoding = said[1].decode("ascii").lower() if said else "utf-8"
    if encoding not in _ENCODINGS:
        raise SvgError(f"is in the encoding {quoted(encoding)}; save it as UTF-8")
    try:
        return content.decode("utf-8-sig" if encoding == "utf-8" else encoding)
    except UnicodeError:
        raise SvgError(f"is not text in {encoding}; save it as UTF-8") from None


def _on_a_large_stack(work: Callable[[], Result]) -> Result:
    """Run `work` where it may call itself deeply: each level of a drawing takes 30 kB of the stack."""
    results: list[Result] = []
    failures: list[BaseException] = []

    def run() -> None:
        try:
            results.append(work())
        except BaseException as error:  # noqa: BLE001  raised again where it was called from
            failures.append(error)

    with _stack_size:
        former = threading.stack_size(_STACK)
        try:
            thread = threading.Thread(target=run)
            thread.start()
        finally:
            threading.stack_size(former)
    thread.join()
    if failures:
        raise failures[0]
    return results[0]


_stack_size = threading.Lock()
