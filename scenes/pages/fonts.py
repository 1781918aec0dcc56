"""Fonts for lettering: a page's own font file, those that come with Blender, and Pillow's own.

Pillow's font is Latin only. Blender ships fonts for most scripts, which are found without importing it.
"""

from __future__ import annotations

import hashlib
import importlib.util
import io
import math
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont, features

from ..errors import quoted
from .canvas import RGB, PageError
from .painted_letters import has_drawn_letters, has_painted_letters, painted_letters

FONT_SUFFIXES = (".ttf", ".otf", ".ttc", ".otc", ".woff", ".woff2")
"""Names of the font files that FreeType reads, by their ends."""

# What looks like the letters of most pages first, what is large to open last.
_FIRST = ("Inter", "NotoEmoji", "NotoSansSymbols", "NotoSansMath")
_LAST = ("Noto Sans CJK", "DejaVu")
_WEIGHT = 800
_THICKENED = 0.032
_TEST_EM = 48
# A code point that no font may have a letter for.
_NOBODYS = "\U0010ffff"
_A_FACE = "\U0001f600"
_WHITE = (255, 255, 255)
_STRIKES = (109, 136, 128, 160, 96, 72, 64, 48, 32, 20)


class FontError(PageError):
    """A font that cannot be used; the message says why."""


@dataclass(frozen=True)
class Face:
    """A font file as it is now, or Pillow's own font where there is no path.

    Attributes
    ----------
    path : Path or None
    changed, size : int
        When the file was last changed (nanoseconds), and its bytes: an edited font is another face.
    """

    path: Path | None = None
    changed: int = 0
    size: int = 0

    @property
    def name(self) -> str:
        """What a message calls it."""
        return self.path.name if self.path else "Pillow's font"


@dataclass(frozen=True, eq=False)
class Opened:
    """A face at one size.

    Attributes
    ----------
    font : FreeTypeFont
    scale : float
        Pixels wanted over pixels drawn; not 1 where a font has pictures of one size only.
    stroke : float
        By how much letters are thickened at the most, over the em.
    painter : {"pillow", "renderer", None}
        Who draws its letters in their own colours; None where nobody can.
    """

    font: ImageFont.FreeTypeFont
    scale: float
    stroke: float
    painter: Literal["pillow", "renderer"] | None = "pillow"


def face_of(path: Path) -> Face:
    """Return the face of a font file.

    Raises
    ------
    FontError
        When it cannot be read or is not a font.
    """
    try:
        state = path.stat()
    except OSError as error:
        raise FontError(error.strerror or str(error)) from None
    face = Face(path, state.st_mtime_ns, state.st_size)
    opened(face, _TEST_EM)
    return face


@contextmanager
def reading(face: Face) -> Iterator[None]:
    """Turn what Pillow raises for a damaged font, or for text it cannot lay out, into `FontError`."""
    try:
        yield
    except PageError:
        raise
    except (OSError, ValueError, MemoryError) as error:
        raise FontError(f"{quoted(face.name)} cannot be drawn with ({quoted(error)})") from None


@lru_cache(maxsize=64)
def opened(face: Face, em: int) -> Opened:
    """Open a face with its letters heavy: a variable font at a great weight, another one thickened.

    Raises
    ------
    FontError
        When it is not a font that FreeType reads.
    """
    if face.path is None:
        return Opened(_own_font(em), 1.0, _THICKENED)
    scale = 1.0
    try:
        font = ImageFont.truetype(face.path, em)
    except OSError as error:
        if "pixel size" not in str(error):
            raise FontError(str(error)) from None
        font = _strike(face.path)
        scale = em / font.size
    except (ValueError, MemoryError) as error:
        raise FontError(str(error)) from None
    if has_painted_letters(face.path):
        # The renderer draws a variable font at its usual weight.
        return Opened(font, scale, _THICKENED, "renderer")
    # Of drawings in SVG, which may name other files, only the plain letters below them are read.
    painter: Literal["pillow"] | None = None if has_drawn_letters(face.path) else "pillow"
    return Opened(font, scale, 0.0 if _made_heavy(font) else _THICKENED, painter)


def fallbacks() -> tuple[Face, ...]:
    """Return the faces in which letters are looked for that a page's own font does not have."""
    folder = _blender_fonts()
    if folder is None:
        return (Face(),)
    return (*_faces_in(folder), Face())


def covers(face: Face, character: str) -> bool:
    """Tell whether a face has a glyph for a character; what is never drawn, each has."""
    return invisible(character) or _has_glyph(face, character)


def invisible(character: str) -> bool:
    """Tell whether a character needs no glyph of its own: spaces, joiners, variation selectors."""
    return (
        unicodedata.category(character) in {"Zs", "Zl", "Zp", "Cc", "Cf"}
        or "\ufe00" <= character <= "\ufe0f"
        or "\U000e0100" <= character <= "\U000e01ef"
    )


def coloured(face: Face, words: str) -> bool:
    """Tell whether a face has letters of several colours, such as emoji, among those of `words`."""
    return any(_stamp(face, character)[1] for character in set(words) if not invisible(character))


def is_emoji(face: Face) -> bool:
    """Tell whether a face is one of emoji: it has a smiling face, in colours or by the font's name."""
    return _has_glyph(face, _A_FACE) and ("emoji" in face.name.lower() or coloured(face, _A_FACE))


def in_colours(
    letters: Opened,
    words: str,
    place: tuple[float, float],
    size: tuple[int, int],
    colour: RGB,
    direction: str | None = None,
) -> NDArray[np.uint8]:
    """Draw words in the colours that their letters have.

    Parameters
    ----------
    letters : Opened
    words : str
    place : (float, float)
        Where the baseline begins, in pixels from the left and top.
    size : (int, int)
        Pixels of the picture.
    colour : (int, int, int)
        sRGB of letters that have no colours.
    direction : {"ltr", "rtl", None}

    Returns
    -------
    ndarray of uint8, shape (size[1], size[0], 4)
        sRGB, not multiplied by alpha, and alpha.

    Raises
    ------
    OSError, ValueError, MemoryError
        As Pillow; see `reading`.
    """
    if letters.painter == "renderer":
        path, family = Path(str(letters.font.path)), letters.font.getname()[0] or ""
        return np.asarray(painted_letters(path, family, words, letters.font.size, place, size, colour))
    scale = letters.scale
    small = (math.ceil(size[0] / scale), math.ceil(size[1] / scale)) if scale != 1 else size
    image = Image.new("RGBA", small)
    ImageDraw.Draw(image).text(
        (place[0] / scale, place[1] / scale),
        words,
        colour,
        letters.font,
        "ls",
        direction=direction,
        embedded_color=letters.painter is not None,
    )
    if scale != 1:
        image = image.resize(size, Image.Resampling.BICUBIC)
    pixels = np.array(image)
    # Pillow draws on transparent black, which leaves colours multiplied by alpha.
    alpha = np.maximum(pixels[..., 3:], 1) / np.float32(255)
    pixels[..., :3] = np.rint(np.minimum(pixels[..., :3] / alpha, 255))
    return pixels


def can_shape() -> bool:
    """Tell whether this Pillow can join and reorder letters (with raqm), as many scripts need."""
    return bool(features.check("raqm"))


@lru_cache(maxsize=16384)
def _has_glyph(face: Face, character: str) -> bool:
    # FreeType draws the same box for each character that a font lacks.
    return _stamp(face, character)[0] != _stamp(face, _NOBODYS)[0]


@lru_cache(maxsize=16384)
def _stamp(face: Face, character: str) -> tuple[bytes, bool]:
    """Draw a character; returns what stands for its picture, and whether that has colours of its own."""
    letters = opened(face, _TEST_EM)
    em = letters.font.size * letters.scale
    size = math.ceil(3 * em), math.ceil(2 * em)
    # In colour, or else pictures of emoji are not drawn at all.
    with reading(face):
        pixels = in_colours(letters, character, (em, 1.4 * em), size, _WHITE)
    own = bool((pixels[..., :3][pixels[..., 3] > 0] < 255).any())
    return hashlib.blake2b(pixels.tobytes(), digest_size=16).digest(), own


def own_font_file() -> tuple[str, bytes]:
    """Return the name and the file of Pillow's own font, for those who cannot take it from Pillow."""
    font = _own_font(_TEST_EM)
    if not isinstance(font.path, io.BytesIO):
        raise FontError("this Pillow has no font of its own")
    return font.getname()[0] or "", font.path.getvalue()


def _own_font(em: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(em)
    if not isinstance(font, ImageFont.FreeTypeFont):
        raise FontError("this Pillow has no FreeType, so no text can be drawn")
    return font


def _strike(path: Path) -> ImageFont.FreeTypeFont:
    """Open a font that has pictures of letters at one size only."""
    for size in _STRIKES:
        try:
            return ImageFont.truetype(path, size)
        except OSError:
            continue
    raise FontError("its letters are pictures of an unusual size")


def _made_heavy(font: ImageFont.FreeTypeFont) -> bool:
    try:
        axes = font.get_variation_axes()
    except (OSError, NotImplementedError):
        return False
    values = [axis["default"] for axis in axes]
    for index, axis in enumerate(axes):
        if (axis["name"] or b"").strip().lower() in {b"weight", b"wght"}:
            values[index] = min(max(_WEIGHT, axis["minimum"] or 0), axis["maximum"] or 0)
            font.set_variation_by_axes([value or 0 for value in values])
            return (values[index] or 0) >= 600
    return False


@lru_cache(maxsize=1)
def _blender_fonts() -> Path | None:
    """Find the fonts that come with Blender: in its wheel, or beside the scripts of the program."""
    try:
        spec = importlib.util.find_spec("bpy")
    except (ImportError, ValueError):
        return None
    if spec is None or not spec.origin:
        return None
    package = Path(spec.origin).parent
    # The wheel has bpy/<version>/datafiles; the program has <version>/scripts/modules/bpy.
    beside = package.parents[2] / "datafiles" / "fonts" if len(package.parents) > 2 else None
    folders = [*sorted(package.glob("*/datafiles/fonts")), *([beside] if beside else [])]
    return next((folder for folder in folders if folder.is_dir()), None)


@lru_cache(maxsize=4)
def _faces_in(folder: Path) -> tuple[Face, ...]:
    return tuple(_usable(sorted(folder.iterdir(), key=_place)))


def _place(path: Path) -> tuple[int, str]:
    for index, start in enumerate(_FIRST):
        if path.name.startswith(start):
            return index, path.name
    return len(_FIRST) + path.name.startswith(_LAST), path.name


def _usable(paths: list[Path]) -> Iterator[Face]:
    for path in paths:
        if path.suffix.lower() in FONT_SUFFIXES and path.is_file():
            try:
                yield face_of(path)
            except FontError:
                # A system may put links to fonts there that are not installed, or of another kind.
                continue
