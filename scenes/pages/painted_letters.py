"""Letters that are painted with gradients (version 1 of OpenType's COLR table), drawn by the renderer of SVG.

FreeType, and so Pillow, reads only the older kinds of coloured letters: plain layers and pictures.
"""

from __future__ import annotations

import io
import struct
import unicodedata
from functools import lru_cache
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from PIL import Image

_MOST_TABLES = 256
_COLLECTION = b"ttcf"
_OUTLINES = (b"\x00\x01\x00\x00", b"OTTO", b"true")


def has_painted_letters(path: Path) -> bool:
    """Tell whether a font file has letters painted with gradients.

    Raises
    ------
    OSError
        When it cannot be read.
    """
    place = _tables(path).get("COLR")
    if place is None:
        return False
    with path.open("rb") as stream:
        stream.seek(place)
        version = stream.read(2)
    return version not in {b"", b"\x00\x00"}


def has_drawn_letters(path: Path) -> bool:
    """Tell whether a font file has letters that are drawings in SVG, which may name other files.

    Raises
    ------
    OSError
        When it cannot be read.
    """
    return "SVG " in _tables(path)


def painted_letters(
    path: Path,
    family: str,
    words: str,
    em: float,
    place: tuple[float, float],
    size: tuple[int, int],
    colour: tuple[int, int, int],
) -> Image.Image:
    """Draw words in a font that has painted letters.

    Parameters
    ----------
    path : Path
        The font: TrueType or OpenType.
    family : str
        The font's name for itself.
    words : str
        One line.
    em : float
        Pixels.
    place : (float, float)
        Where the baseline begins, in pixels from the left and top.
    size : (int, int)
        Pixels of the picture.
    colour : (int, int, int)
        sRGB of letters without colours of their own.

    Returns
    -------
    PIL.Image.Image
        RGBA, not multiplied by alpha.

    Raises
    ------
    ValueError
        When it cannot be drawn.
    """
    import resvg_py  # noqa: PLC0415  a renderer, needed only for such fonts

    # Characters that XML does not allow are never drawn.
    shown = "".join(letter for letter in words if unicodedata.category(letter) != "Cc")
    written = f'font-family={quoteattr(repr(family))} font-size="{em:g}" fill="rgb{colour}"'
    markup = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size[0]}" height="{size[1]}">'
        f'<text x="{place[0]:.3f}" y="{place[1]:.3f}" {written} xml:space="preserve">{escape(shown)}</text>'
        "</svg>"
    )
    content = resvg_py.svg_to_bytes(svg_string=markup, skip_system_fonts=True, font_files=[str(path)])
    with Image.open(io.BytesIO(content), formats=("PNG",)) as image:
        return image.convert("RGBA")


@lru_cache(maxsize=256)
def _tables_at(path: Path, _changed: int) -> dict[str, int]:
    with path.open("rb") as stream:
        head = stream.read(16)
        if head[:4] == _COLLECTION:
            # The first font of a collection is the one that is drawn with.
            stream.seek(struct.unpack(">L", head[12:16].rjust(4, b"\0"))[0])
            head = stream.read(12)
        else:
            stream.seek(12)
        if head[:4] not in _OUTLINES or len(head) < 12:
            return {}
        count = min(struct.unpack(">H", head[4:6])[0], _MOST_TABLES)
        directory = stream.read(16 * count)
    records = struct.iter_unpack(">4sLLL", directory[: len(directory) // 16 * 16])
    return {tag.decode("latin-1"): place for tag, _, place, _ in records}


def _tables(path: Path) -> dict[str, int]:
    """Return where in a font file each of its tables begins; none for other kinds of files."""
    return _tables_at(path, path.stat().st_mtime_ns)
