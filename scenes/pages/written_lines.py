"""Lines of letters as pixels: measured, thickened, and drawn under each other."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw

from ...kernels.oklab import srgb8_to_linear
from .canvas import RGB, Light
from .fonts import Face, Opened, coloured, in_colours, is_emoji, opened, reading
from .letter_weight import stroke_of

if TYPE_CHECKING:
    from collections.abc import Sequence

LINE_GAP = 0.16
"""Space between the ink of two lines, over the em."""

_EM = 400
_SMALLEST_EM = 8
_MOST_INK = 6_000_000
_TALLEST = 1.6
_WIDEST = 1.15
_HALVINGS = 12


@dataclass(frozen=True)
class Run:
    """Part of a line that is in one face and runs in one direction.

    Attributes
    ----------
    words : str
    face : Face
    direction : {"ltr", "rtl", None}
        None lets the letters decide.
    stroke : float
        By how much its letters are thickened, over the em.
    widened : float
        How many times as wide as the font's its letters are drawn.
    """

    words: str
    face: Face
    direction: str | None = None
    stroke: float = 0.0
    widened: float = 1.0


def enlarged(wide: float, high: float, width: float, height: float) -> tuple[float, float]:
    """Return how many times as wide and as high letters are drawn to fill a frame, within bounds.

    Parameters
    ----------
    wide, high : float
        Of the letters.
    width, height : float
        Of the frame.
    """
    across, down = width / wide, height / high
    return min(across, down * _WIDEST), min(down, across * _TALLEST)


def rounded(lines: Sequence[Sequence[Run]], width: float, height: float) -> list[list[Run]]:
    """Return lines whose emoji are widened as much as `enlarged` will make them taller in a frame.

    The wider they are, the less the line is enlarged across, so it is tried until it fits.
    """
    found = [list(runs) for runs in lines]
    if not any(is_emoji(run.face) for runs in found for run in runs):
        return found
    em = 100
    found = _thickened(found)
    high = sum(line_height(runs, em) for runs in found) + em * LINE_GAP * (len(found) - 1)
    low, most = 1 / _WIDEST, _TALLEST
    for _ in range(_HALVINGS):
        times = (low + most) / 2
        wide = max(_ink_width(_with_emoji(runs, times), em) for runs in found)
        across, down = enlarged(max(wide, 1.0), high, width, height)
        low, most = (times, most) if down / across > times else (low, times)
    return [_with_emoji(runs, (low + most) / 2) for runs in found]


def _with_emoji(runs: Sequence[Run], times: float) -> list[Run]:
    return [replace(run, widened=times) if is_emoji(run.face) else run for run in runs]


def _ink_width(runs: Sequence[Run], em: int) -> float:
    places, boxes = pens(runs, em), [_box(run, em) for run in runs]
    ends = [(place + box[0], place + box[2]) for place, box in zip(places, boxes, strict=False)]
    return max(right for _, right in ends) - min(left for left, _ in ends)


def pens(runs: Sequence[Run], em: int) -> list[float]:
    """Return where each run of a line begins, and where the line ends, in pixels."""
    places = [0.0]
    for run in runs:
        letters = opened(run.face, em)
        with reading(run.face):
            length = letters.font.getlength(run.words, direction=run.direction)
        places.append(places[-1] + length * letters.scale * run.widened)
    return places


def line_height(runs: Sequence[Run], em: int) -> float:
    """Return how high the ink of a line is, in pixels."""
    boxes = [_box(run, em) for run in runs]
    return max(max(box[3] for box in boxes) - min(box[1] for box in boxes), em * 0.3)


def _box(run: Run, em: int) -> tuple[float, float, float, float]:
    """Return the ink's left, top, right and bottom about the start of the baseline."""
    letters = opened(run.face, em)
    stroke = run.stroke * letters.font.size
    with reading(run.face):
        if letters.painter == "renderer":
            # What it paints may reach beyond the outlines that Pillow knows.
            rise, fall = letters.font.getmetrics()
            length = letters.font.getlength(run.words, direction=run.direction)
            return 0.0, -rise, length * run.widened, fall
        box = letters.font.getbbox(run.words, direction=run.direction, stroke_width=stroke, anchor="ls")
    left, top, right, bottom = (edge * letters.scale for edge in box)
    return left * run.widened, top, right * run.widened, bottom


def drawn_lines(lines: Sequence[Sequence[Run]], colour: RGB) -> Light:
    """Draw lines under each other, each centred.

    Returns
    -------
    ndarray of float32, shape (H, W, 5)
        Premultiplied linear light and alpha, and what of it is ink of letters without their own colours.
    """
    lines = _thickened(lines)
    length = sum(len(run.words) for runs in lines for run in runs)
    em = max(_SMALLEST_EM, min(_EM, math.isqrt(_MOST_INK // max(length, 1))))
    top = min(math.floor(_box(run, em)[1]) for runs in lines for run in runs)
    drawn = [_line(runs, em, top, colour) for runs in lines]
    gap = round(em * LINE_GAP)
    wide = max(line.shape[1] for line in drawn)
    high = sum(line.shape[0] for line in drawn) + gap * (len(drawn) - 1)
    page = np.zeros((high, wide, 5), dtype=np.float32)
    start = 0
    for line in drawn:
        left = (wide - line.shape[1]) // 2
        page[start : start + line.shape[0], left : left + line.shape[1]] = line
        start += line.shape[0] + gap
    used = np.flatnonzero(page[..., 3].any(axis=1))
    return page[used[0] : used[-1] + 1] if used.size else page


def _thickened(lines: Sequence[Sequence[Run]]) -> list[list[Run]]:
    """Return lines with their strokes: all letters of a face are thickened alike."""
    words: dict[Face, str] = {}
    for run in (run for runs in lines for run in runs if not coloured(run.face, run.words)):
        words[run.face] = words.get(run.face, "") + run.words
    strokes = {face: stroke_of(face, letters) for face, letters in words.items()}
    return [[replace(run, stroke=strokes.get(run.face, 0.0)) for run in runs] for runs in lines]


def _line(runs: Sequence[Run], em: int, top: int, colour: RGB) -> Light:
    """Draw the runs of a line side by side, cut to their ink on both sides; row 0 is at `top`."""
    places = pens(runs, em)
    boxes = [_box(run, em) for run in runs]
    left = min(pen + box[0] for pen, box in zip(places, boxes, strict=False))
    right = max(pen + box[2] for pen, box in zip(places, boxes, strict=False))
    bottom = max(math.ceil(box[3]) for box in boxes)
    high, wide = max(bottom - top, 0) + 2, max(math.ceil(right - left), 0) + 2
    line = np.zeros((high, wide, 5), dtype=np.float32)
    light = srgb8_to_linear(np.array(colour, dtype=np.uint8)).astype(np.float32)
    for run, pen in zip(runs, places, strict=False):
        letters = opened(run.face, em)
        size = math.ceil(wide / run.widened), high
        place = (pen - left + 1) / run.widened, 1.0 - top
        if coloured(run.face, run.words):
            over = _painted(run, letters, place, size, colour)
        else:
            ink = np.asarray(_drawn(run, letters, place, size))[..., None] / np.float32(255)
            over = np.concatenate([ink * light, ink, ink], axis=-1)
        if run.widened != 1:
            over = _widened(over, run.widened, wide)
        line = over if len(runs) == 1 else over + line * (1 - over[..., 3:4])
    used = np.flatnonzero(line[..., 3].any(axis=0))
    return line[:, used[0] : used[-1] + 1] if used.size else line[:, :1]


def _widened(pixels: Light, times: float, wide: int) -> Light:
    """Return a picture drawn so many times as wide, of which `wide` pixels are wanted."""
    place = np.clip((np.arange(wide) + 0.5) / times - 0.5, 0, pixels.shape[1] - 1)
    left = place.astype(np.int64)
    part = (place - left).astype(np.float32)[:, None]
    right = np.minimum(left + 1, pixels.shape[1] - 1)
    one, other = np.multiply(pixels[:, left], 1 - part), np.multiply(pixels[:, right], part)
    widened: Light = one + other
    return widened


def _painted(
    run: Run, letters: Opened, place: tuple[float, float], size: tuple[int, int], colour: RGB
) -> Light:
    """Draw letters that have colours of their own; those that have none are in `colour`."""
    with reading(run.face):
        pixels = in_colours(letters, run.words, place, size, colour, run.direction)
    alpha = pixels[..., 3:] / np.float32(255)
    light = srgb8_to_linear(pixels[..., :3]).astype(np.float32) * alpha
    return np.concatenate([light, alpha, np.zeros_like(alpha)], axis=-1)


def _drawn(run: Run, letters: Opened, place: tuple[float, float], size: tuple[int, int]) -> Image.Image:
    """Draw the ink of a run with the start of its baseline at `place`."""
    scale = letters.scale
    small = (math.ceil(size[0] / scale), math.ceil(size[1] / scale)) if scale != 1 else size
    image = Image.new("L", small)
    with reading(run.face):
        ImageDraw.Draw(image).text(
            (place[0] / scale, place[1] / scale),
            run.words,
            255,
            letters.font,
            "ls",
            direction=run.direction,
            stroke_width=run.stroke * letters.font.size,
        )
    return image if scale == 1 else image.resize(size, Image.Resampling.BICUBIC)
