"""Words over the section: lines broken where the letters come out largest, thick enough to be read."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw

from ...kernels.oklab import srgb8_to_linear
from ..errors import quoted
from ..picture_files import PictureError
from ..schema_page import is_svg
from .canvas import RGB, Canvas, Drawn, Light, PageError, Placement, lay_source, whole_source
from .directions import levels, runs_left, visual_order
from .fonts import (
    Face,
    FontError,
    Opened,
    can_shape,
    coloured,
    covers,
    face_of,
    fallbacks,
    invisible,
    opened,
    reading,
)
from .words import broken, clusters, needs_shaping

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..load import LoadedShow
    from ..schema_page import Page

_EM = 400
_SMALLEST_EM = 8
_MOST_INK = 6_000_000
_LINE_GAP = 0.16
_MARGIN = 0.07
_TALLEST = 1.6
_WIDEST = 1.15


@dataclass(frozen=True)
class Run:
    """Part of a line that is in one face and runs in one direction; None lets the letters decide."""

    words: str
    face: Face
    direction: str | None = None


def draw_text(page: Page, canvas: Canvas, loaded: LoadedShow) -> Drawn:
    """Write a page's words over the section, as large as they go.

    Lines are broken where the letters come out largest; a line break in the text is kept. Letters are
    thickened, and drawn up to 60 % taller or 15 % wider than the font's to fill the section. What a font
    does not have is taken from the others that are there; emoji of a font in colours keep these.

    Raises
    ------
    PageError
        If the font cannot be used, or the letters need joining and Pillow cannot do it.
    """
    width, height = canvas.width, canvas.height
    border = _MARGIN * min(width, height)
    shape = (width - 2 * border) / (height - 2 * border)
    words = str(page.text)
    pixels = _lines(_laid(words, _faces(page.font, loaded), shape), page.colour)
    high, wide = pixels.shape[:2]
    across, down = (width - 2 * border) / wide, (height - 2 * border) / high
    across, down = min(across, down * _WIDEST), min(down, across * _TALLEST)
    left, top = (width - wide * across) / 2, (height - high * down) / 2
    placement = Placement(left, top, across, down, (0, 0, wide, high), "ground")
    return lay_source(whole_source(pixels), placement, canvas, page.on)


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
    line = " ".join(words.split())
    runs = _runs(line, _faces(font, loaded), leftward=runs_left(line))
    return np.ascontiguousarray(_lines([runs], (255, 255, 255))[..., 3])


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
    if former is not None and not former.is_emoji:
        if all(map(invisible, piece)):
            return former
        # Punctuation that several scripts share stays in the face of the letters before it.
        order.insert(1, former)
    if "\ufe0f" in piece:
        order = [first] * covers(first, piece[0]) + [face for face in rest if face.is_emoji] + order
    return next((face for face in order if all(covers(face, letter) for letter in piece)), first)


def _laid(words: str, faces: Sequence[Face], shape: float) -> list[list[Run]]:
    """Break words into the lines that fill a frame of the given width/height best."""
    em = 100

    def runs(line: str) -> list[Run]:
        # A line that was broken off runs as the text does; one that was written so, as itself.
        return _runs(line, faces, leftward=runs_left(line if "\n" in words.strip() else words))

    def width(line: str) -> float:
        return _pens(runs(line), em)[-1]

    probe = _line_height(runs(" ".join(words.split())), em)
    best: tuple[float, list[str]] = 0.0, ["?"]
    for widest, lines in broken(words, width):
        wide = max(widest, 1.0)
        high = probe * len(lines) + em * _LINE_GAP * (len(lines) - 1)
        across, down = shape / wide, 1 / high
        size = min(across, down * _WIDEST) * min(down, across * _TALLEST)
        best = max(best, (size, lines), key=lambda way: way[0])
        if size < best[0] / 2:
            # More lines only make the letters smaller now.
            break
    return [runs(line) for line in best[1]]


def _pens(runs: Sequence[Run], em: int) -> list[float]:
    """Return where each run of a line begins, and where the line ends, in pixels."""
    pens = [0.0]
    for run in runs:
        letters = opened(run.face, em)
        with reading(run.face):
            length = letters.font.getlength(run.words, direction=run.direction)
        pens.append(pens[-1] + length * letters.scale)
    return pens


def _line_height(runs: Sequence[Run], em: int) -> float:
    boxes = [_box(run, em) for run in runs]
    return max(max(box[3] for box in boxes) - min(box[1] for box in boxes), em * 0.3)


def _box(run: Run, em: int) -> tuple[float, float, float, float]:
    """Return the ink's left, top, right and bottom about the start of the baseline."""
    letters = opened(run.face, em)
    stroke = letters.stroke * letters.font.size
    with reading(run.face):
        box = letters.font.getbbox(run.words, direction=run.direction, stroke_width=stroke, anchor="ls")
    left, top, right, bottom = (edge * letters.scale for edge in box)
    return left, top, right, bottom


def _lines(lines: Sequence[Sequence[Run]], colour: RGB) -> Light:
    """Draw lines under each other, each centred; premultiplied linear light and alpha, (H, W, 4)."""
    length = sum(len(run.words) for runs in lines for run in runs)
    em = max(_SMALLEST_EM, min(_EM, math.isqrt(_MOST_INK // max(length, 1))))
    top = min(math.floor(_box(run, em)[1]) for runs in lines for run in runs)
    drawn = [_line(runs, em, top, colour) for runs in lines]
    gap = round(em * _LINE_GAP)
    wide = max(line.shape[1] for line in drawn)
    high = sum(line.shape[0] for line in drawn) + gap * (len(drawn) - 1)
    page = np.zeros((high, wide, 4), dtype=np.float32)
    start = 0
    for line in drawn:
        left = (wide - line.shape[1]) // 2
        page[start : start + line.shape[0], left : left + line.shape[1]] = line
        start += line.shape[0] + gap
    used = np.flatnonzero(page[..., 3].any(axis=1))
    return page[used[0] : used[-1] + 1] if used.size else page


def _line(runs: Sequence[Run], em: int, top: int, colour: RGB) -> Light:
    """Draw the runs of a line side by side, cut to their ink on both sides; row 0 is at `top`."""
    pens = _pens(runs, em)
    boxes = [_box(run, em) for run in runs]
    left = min(pen + box[0] for pen, box in zip(pens, boxes, strict=False))
    right = max(pen + box[2] for pen, box in zip(pens, boxes, strict=False))
    bottom = max(math.ceil(box[3]) for box in boxes)
    high, wide = max(bottom - top, 0) + 2, max(math.ceil(right - left), 0) + 2
    line = np.zeros((high, wide, 4), dtype=np.float32)
    light = srgb8_to_linear(np.array(colour, dtype=np.uint8)).astype(np.float32)
    for run, pen in zip(runs, pens, strict=False):
        letters = opened(run.face, em)
        place = pen - left + 1, 1.0 - top
        if coloured(run.face, run.words):
            over = _painted(run, letters, place, (wide, high), colour)
        else:
            ink = np.asarray(_drawn(run, letters, place, (wide, high)))[..., None] / np.float32(255)
            over = np.concatenate([ink * light, ink], axis=-1)
        line = over if len(runs) == 1 else over + line * (1 - over[..., 3:])
    used = np.flatnonzero(line[..., 3].any(axis=0))
    return line[:, used[0] : used[-1] + 1] if used.size else line[:, :1]


def _painted(
    run: Run, letters: Opened, place: tuple[float, float], size: tuple[int, int], colour: RGB
) -> Light:
    """Draw letters that have colours of their own; those that have none are in `colour`."""
    pixels = np.asarray(_drawn(run, letters, place, size, colour))
    alpha = pixels[..., 3:] / np.float32(255)
    # Pillow draws on transparent black, which leaves colours multiplied by alpha.
    straight = np.rint(np.minimum(pixels[..., :3] / np.maximum(alpha, 1 / 255), 255)).astype(np.uint8)
    light = srgb8_to_linear(straight).astype(np.float32) * alpha
    return np.concatenate([light, alpha], axis=-1)


def _drawn(
    run: Run,
    letters: Opened,
    place: tuple[float, float],
    size: tuple[int, int],
    colour: RGB | None = None,
) -> Image.Image:
    """Draw a run with the start of its baseline at `place`: its ink, or with a colour all of it."""
    scale = letters.scale
    small = (math.ceil(size[0] / scale), math.ceil(size[1] / scale)) if scale != 1 else size
    image = Image.new("L" if colour is None else "RGBA", small)
    with reading(run.face):
        ImageDraw.Draw(image).text(
            (place[0] / scale, place[1] / scale),
            run.words,
            255 if colour is None else colour,
            letters.font,
            "ls",
            direction=run.direction,
            stroke_width=letters.stroke * letters.font.size if colour is None else 0,
            embedded_color=colour is not None,
        )
    return image if scale == 1 else image.resize(size, Image.Resampling.BICUBIC)
