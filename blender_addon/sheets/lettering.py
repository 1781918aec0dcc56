"""PDF files and the type in them: the same content gives the same bytes, and names may have any letters."""

from __future__ import annotations

import functools
import math
import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw
from reportlab import rl_config
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from ...scenes.pages import fonts
from ..files import written_aside

A4 = 595.28, 841.89
PLAIN, BOLD = "CardstuntPlain", "CardstuntBold"
_FILES = {PLAIN: "Vera.ttf", BOLD: "VeraBd.ttf"}
#: Pixels to a point in type that is set as a picture: 288 to an inch.
_PIXELS = 4
_LITERAL = re.compile(r"(/\S+) 1 Tf \S+ TL (\(.*\)) Tj ET$", re.DOTALL)


@functools.cache
def _face(name: str) -> TTFont:
    """Return one of the fonts that come with ReportLab, which are embedded in what is written."""
    font = TTFont(name, _FILES[name])
    pdfmetrics.registerFont(font)
    return font


@contextmanager
def pdf_file(path: Path, title: str, size: tuple[float, float] = A4) -> Iterator[Canvas]:
    """Yield a canvas, to be written to `path` when the block ends: whole or not at all.

    Without the time of writing, so that the same content gives the same bytes.

    Raises
    ------
    OSError
        When the file cannot be written.
    """
    for name in _FILES:
        _face(name)
    with written_aside(path) as aside:
        canvas = Canvas(str(aside), pagesize=size, invariant=1, pageCompression=1, initialFontName=PLAIN)
        canvas.setTitle(title)
        canvas.setCreator("Cardstunt")
        # Bytes as they are, not as ASCII, which is slow to write and a quarter larger.
        encoded, rl_config.useA85 = rl_config.useA85, 0
        try:
            yield canvas
            aside.write_bytes(canvas.getpdfdata())
        finally:
            rl_config.useA85 = encoded


@functools.lru_cache(maxsize=8192)
def width(text: str, size: float, face: str = PLAIN) -> float:
    """Return how many points wide a text is that the font has letters for."""
    return float(_face(face).stringWidth(text, size))


@functools.lru_cache(maxsize=8192)
def has_letters(text: str) -> bool:
    """Tell whether the embedded font has all letters of a text and sets them one after another."""
    known = _face(PLAIN).face.charToGlyph
    return all(ord(letter) in known and not unicodedata.combining(letter) for letter in text)


def literal(canvas: Canvas, text: str, face: str = PLAIN) -> tuple[str, str]:
    """Return a text as PDF operators take it: the font's name in this file, and the string.

    For text that is written thousands of times, by `Canvas.addLiteral`.

    Raises
    ------
    ValueError
        When the font has not all of its letters, or the file already has 200 others.
    """
    words = canvas.beginText()
    words.setFont(face, 1)
    words.textOut(text)
    found = _LITERAL.search(words.getCode())
    if found is None or " Tf " in found[2] or not has_letters(text):
        raise ValueError(f"{text!r} cannot be set in one font")
    return found[1], found[2]


def draw(
    canvas: Canvas,
    place: tuple[float, float],
    text: str,
    size: float,
    face: str = PLAIN,
    *,
    room: float | None = None,
    right: bool = False,
) -> float:
    """Draw a line of text, each run of white space a space; letters not in the font are set as a picture.

    Parameters
    ----------
    place : (float, float)
        Points: the left end of its baseline, or the right end with `right`.
    room : float, optional
        Points it may take; what is wider is set smaller, down to half, and then cut off.

    Returns
    -------
    float
        How wide it has become.
    """
    text = " ".join(text.split())
    if has_letters(text):
        size = _fitting(width(text, size, face), size, room)
        text = _shortened(text, size, face, room)
        wide = width(text, size, face)
        canvas.setFont(face, size)
        canvas.drawString(place[0] - wide * right, place[1], text)
        return wide
    picture = _picture(text, size)
    wide = picture.width
    shrunk = _fitting(wide, size, room) / size
    # Names of forms are written into the file as they are.
    name = f"text_{size:g}_{text.encode().hex()}"
    if not canvas.hasForm(name):
        _define_picture(canvas, name, picture)
    canvas.saveState()
    canvas.translate(place[0] - wide * shrunk * right, place[1])
    canvas.scale(shrunk, shrunk)
    canvas.doForm(name)
    canvas.restoreState()
    return wide * shrunk


def _fitting(wide: float, size: float, room: float | None) -> float:
    return size if room is None or wide <= room else max(size * room / wide, size / 2)


def _shortened(text: str, size: float, face: str, room: float | None) -> str:
    if room is None or width(text, size, face) <= room + 0.01:
        return text
    kept = len(text)
    while kept and width(text[:kept].rstrip() + "…", size, face) > room:
        kept -= 1
    return text[:kept].rstrip() + "…"


@dataclass(frozen=True)
class _Picture:
    """Text as a picture, dark on white, and its left, bottom, width and height about its baseline's start."""

    image: Image.Image
    left: float
    bottom: float
    width: float
    height: float


def _define_picture(canvas: Canvas, name: str, picture: _Picture) -> None:
    left, bottom, wide, high = picture.left, picture.bottom, picture.width, picture.height
    canvas.beginForm(name, left, bottom, left + wide, bottom + high)
    canvas.drawImage(ImageReader(picture.image), left, bottom, wide, high)
    canvas.endForm()


@functools.lru_cache(maxsize=256)
def _picture(text: str, size: float) -> _Picture:
    """Set a text with the fonts that pages are lettered with, each part in the first that has its letters."""
    em = max(8, round(size * _PIXELS))
    pieces = [_set_run(words, face, em) for face, words in _runs(text)]
    ascent = max(math.ceil(-top) for _, top, _ in pieces)
    descent = max(math.ceil(top + image.height) for image, top, _ in pieces)
    wide = max(1, math.ceil(sum(advance for *_, advance in pieces)) + 2)
    whole = Image.new("RGB", (wide, max(1, ascent + descent)), "white")
    x = 0.0
    for image, top, advance in pieces:
        whole.paste(image, (round(x), round(ascent + top)))
        x += advance
    scale = size / em
    return _Picture(whole, 0.0, -descent * scale, wide * scale, whole.height * scale)


def _runs(text: str) -> list[tuple[fonts.Face, str]]:
    faces = fonts.fallbacks()
    runs: list[tuple[fonts.Face, str]] = []
    for letter in text:
        if runs and fonts.covers(runs[-1][0], letter):
            runs[-1] = (runs[-1][0], runs[-1][1] + letter)
        else:
            # None has it: the first draws its box, so that it is seen that something is missing.
            face = next((face for face in faces if fonts.covers(face, letter)), faces[0])
            runs.append((face, letter))
    return [part for face, words in runs for part in _unpadded(face, words)]


def _unpadded(face: fonts.Face, words: str) -> Iterator[tuple[fonts.Face, str]]:
    """Part a run from the spaces at its end, which would stand at its left in letters from right to left."""
    inner = words.rstrip()
    for part in (inner, words[len(inner) :]):
        if part:
            yield face, part


def _set_run(words: str, face: fonts.Face, em: int) -> tuple[Image.Image, float, float]:
    """Draw words in one face; returns the picture, its top from the baseline, and the words' advance."""
    letters = fonts.opened(face, em)
    left, top, right, bottom = letters.font.getbbox(words, anchor="ls")
    advance = max(letters.font.getlength(words), right)
    start = max(0.0, -left)
    size = max(1, math.ceil(advance + start) + 1), max(1, math.ceil(bottom - top) + 2)
    image = Image.new("RGB", size, "white")
    ImageDraw.Draw(image).text((start, 1 - top), words, "black", letters.font, "ls", embedded_color=True)
    if letters.scale != 1:
        small = max(1, round(size[0] * letters.scale)), max(1, round(size[1] * letters.scale))
        image = image.resize(small, Image.Resampling.LANCZOS)
    return image, (top - 1) * letters.scale, (advance + start) * letters.scale
