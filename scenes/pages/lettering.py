"""Words over the section: lines broken where the letters come out largest, in fonts that have the letters."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np

from ..errors import quoted
from ..picture_files import PictureError
from ..schema_page import is_svg
from .canvas import Canvas, Drawn, Light, PageError, Placement, lay_source, whole_source
from .directions import levels, runs_left, visual_order
from .fonts import (
    Face,
    FontError,
    can_shape,
    coloured,
    covers,
    face_of,
    fallbacks,
    invisible,
    is_emoji,
)
from .words import broken, clusters, needs_shaping
from .written_lines import LINE_GAP, Run, drawn_lines, enlarged, line_height, pens, rounded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..load import LoadedShow
    from ..schema_page import Page

_MARGIN = 0.07
_BLACK = (0, 0, 0)
_KEYCAP = "\u20e3"
_AFTER_LATIN_1 = "\u0100"


def draw_text(page: Page, canvas: Canvas, loaded: LoadedShow) -> Drawn:
    """Write a page's words over the section, as large as they go.

    Lines are broken where the letters come out largest; a line break in the text is kept. Letters are
    thickened, and drawn up to 60 % taller or 15 % wider than the font's to fill the section; emoji among
    them keep their shape. What a font does not have is taken from the others that are there; emoji of a font
    in colours keep these.

    Raises
    ------
    PageError
        If the font cannot be used, or the letters need joining and Pillow cannot do it.
    """
    beside, above, width, height = canvas.frame()
    border = _MARGIN * min(width, height)
    frame = width - 2 * border, height - 2 * border
    lines = _laid(str(page.text), _faces(page.font, loaded), frame[0] / frame[1])
    pixels = drawn_lines(rounded(lines, *frame), page.colour)
    high, wide = pixels.shape[:2]
    across, down = enlarged(wide, high, *frame)
    left, top = beside + (width - wide * across) / 2, above + (height - high * down) / 2
    placement = Placement(left, top, across, down, (0, 0, wide, high), "ground")
    return lay_source(whole_source(pixels[..., :4]), placement, canvas, page.on)


def line_ink(words: str, font: str | None, loaded: LoadedShow) -> Light:
    """Write words in one line.

    Parameters
    ----------
    words : str
        Line breaks become spaces.
    font : str or None
        A font file of the show.
    loaded : LoadedShow

    Returns
    -------
    ndarray of float32, shape (h, w)
        How much of each pixel the letters cover, 0 to 1; cut to the letters, the first row is the top.

    Raises
    ------
    PageError
        As `draw_text`.
    """
    ink, paint = line_letters(words, font, loaded)
    return ink if paint is None else ink + paint[..., 3]


def line_letters(words: str, font: str | None, loaded: LoadedShow) -> tuple[Light, Light | None]:
    """Write words in one line, and keep letters with colours of their own apart; parameters as `line_ink`.

    Returns
    -------
    ink : ndarray of float32, shape (h, w)
        How much of each pixel the other letters cover, 0 to 1.
    paint : ndarray of float32, shape (h, w, 4), or None
        Letters with colours of their own, such as emoji: linear light multiplied by alpha, and alpha; None
        where there are none.

    Raises
    ------
    PageError
        As `draw_text`.
    """
    line = " ".join(words.split())
    runs = _runs(line, _faces(font, loaded), leftward=runs_left(line))
    shown = drawn_lines([runs], _BLACK)
    ink, paint = np.ascontiguousarray(shown[..., 4]), shown[..., :4].copy()
    paint[..., 3] -= ink
    return ink, paint if any(coloured(run.face, run.words) for run in runs) else None


def missing_glyphs(page: Page, loaded: LoadedShow) -> str:
    """Return the characters of a page's words that no font at hand has, each once.

    A page's words are its text, or the text of a scroll or of a drawing in SVG.

    Raises
    ------
    PageError
        If the page's font or drawing cannot be used.
    """
    words, faces = _words(page), _faces(_font(page), loaded)
    if page.image is not None and is_svg(page.image):
        from .svg import Drawing  # noqa: PLC0415  a renderer of its own, needed only for drawings

        try:
            drawing = Drawing.read(loaded.resolve(page.image))
        except (PictureError, OSError) as error:
            raise PageError(f"{quoted(page.image)} {error}") from None
        # Its renderer reads fewer kinds of fonts.
        words, faces = drawing.words, (Face(), *map(face_of, drawing.fonts))
    return "".join(
        letter for letter in dict.fromkeys(words) if not any(covers(face, letter) for face in faces)
    )


def borrowed_glyphs(page: Page, loaded: LoadedShow) -> str:
    """Return the characters that a page's own `font` lacks and that another font has, each once.

    Raises
    ------
    PageError
        If the page's font cannot be used.
    """
    if _font(page) is None:
        return ""
    own, *others = _faces(_font(page), loaded)
    return "".join(
        letter
        for letter in dict.fromkeys(_words(page))
        if not covers(own, letter) and any(covers(face, letter) for face in others)
    )


def _words(page: Page) -> str:
    return page.text or (page.pattern.text if page.pattern else None) or ""


def _font(page: Page) -> str | None:
    return page.pattern.font if page.pattern else page.font


def _faces(font: str | None, loaded: LoadedShow) -> tuple[Face, ...]:
    if font is None:
        return fallbacks()
    try:
        return (face_of(loaded.resolve(font)), *fallbacks())
    except FontError as error:
        raise PageError(f"{quoted(font)} cannot be used as a font: {error}") from None


def _runs(line: str, faces: Sequence[Face], *, leftward: bool) -> list[Run]:
    """Cut a line where its face or direction changes; in order from left to right."""
    shaped = leftward or needs_shaping(line)
    if shaped and not can_shape():
        raise PageError(
            f"{quoted(line)} needs letters to be joined and ordered, which this Pillow cannot do: "
            "it lacks raqm; install a Pillow that has it, or make the page from an image"
        )
    pieces = clusters(line)
    chosen: list[Face] = []
    for piece in pieces:
        chosen.append(_face_for(piece, faces, chosen[-1] if chosen else None))
    if len(set(chosen)) == 1:
        return [Run(line, chosen[0], ("rtl" if leftward else "ltr") if shaped else None)]
    of_letter = [face for piece, face in zip(pieces, chosen, strict=True) for _ in piece]
    of_line = levels(line, leftward=leftward)
    runs = []
    start = 0
    for (face, level), group in groupby(zip(of_letter, of_line, strict=True)):
        stop = start + len(list(group))
        direction = ("rtl" if level % 2 else "ltr") if shaped else None
        runs.append((Run(line[start:stop], face, direction), level))
        start = stop
    return [runs[index][0] for index in visual_order([level for _, level in runs])]


def _face_for(piece: str, faces: Sequence[Face], former: Face | None) -> Face:
    """Choose the face of a cluster; the first where none has all of it, so that a box is seen."""
    first, *rest = faces
    order = [first, *rest]
    if former is not None and not is_emoji(former):
        if all(map(invisible, piece)):
            return former
        # Punctuation that several scripts share stays in the face of the letters before it.
        order.insert(1, former)
    if "\ufe0f" in piece or _KEYCAP in piece:
        order = [first] * covers(first, piece[0]) + [face for face in rest if is_emoji(face)] + order
    elif piece < _AFTER_LATIN_1:
        # Fonts of emoji have digits for their keys and a space as wide as an emoji.
        order.sort(key=is_emoji)
    return next((face for face in order if all(covers(face, letter) for letter in piece)), first)


def _laid(words: str, faces: Sequence[Face], shape: float) -> list[list[Run]]:
    """Break words into the lines that fill a frame of the given width/height best."""
    em = 100

    def runs(line: str) -> list[Run]:
        # A line that was broken off runs as the text does; one that was written so, as itself.
        return _runs(line, faces, leftward=runs_left(line if "\n" in words.strip() else words))

    def width(line: str) -> float:
        return pens(runs(line), em)[-1]

    probe = line_height(runs(" ".join(words.split())), em)
    best: tuple[float, list[str]] = 0.0, ["?"]
    for widest, lines in broken(words, width):
        wide = max(widest, 1.0)
        high = probe * len(lines) + em * LINE_GAP * (len(lines) - 1)
        across, down = enlarged(wide, high, shape, 1.0)
        size = across * down
        best = max(best, (size, lines), key=lambda way: way[0])
        if size < best[0] / 2:
            # More lines only make the letters smaller now.
            break
    return [runs(line) for line in best[1]]
