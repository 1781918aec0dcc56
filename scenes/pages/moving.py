"""Pages that move: videos and patterns, and when in their run which picture is shown."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from ...kernels.patterns import pattern
from ..cue_turns import MOST_CALLS
from ..errors import quoted
from ..kept import file_state, kept
from ..schema_page import Page
from .canvas import Canvas, Drawn, Light, PageError, Picture
from .clip import Clip
from .clips import open_clip
from .draw import draw_page
from .lettering import line_letters

if TYPE_CHECKING:
    from ..load import LoadedShow
    from ..schema_page import Pattern

USUAL_STEP = Fraction(1, 2)
"""Seconds between the pages of a moving picture whose run does not say it."""

_FINER = 4
_LETTERS = 0.6
_FOLDS = 4


def run_moments(page: Page, loaded: LoadedShow) -> tuple[Fraction, ...]:
    """Return when the pages of a moving picture come up, in seconds since its run began; the first is 0.

    Raises
    ------
    PageError
        If a video cannot be used, or does not last until its run begins; if there would be more than
        `MOST_CALLS`, more than a show can have.
    """
    length, every = _length(page, loaded), _every(page)
    number = max(1, math.ceil(length / every))
    if number > MOST_CALLS:
        raise PageError(
            f"one page each {float(every):g} s for {float(length):g} s makes {number:,} pages; "
            f"at most {MOST_CALLS:,} are made"
        )
    return tuple(count * every for count in range(number))


def moment_shown(page: Page, loaded: LoadedShow, at: Fraction) -> Fraction:
    """Return when the picture that is shown at a moment began to be shown.

    Moments with the same answer show the same picture. Where the run says ``every``, pictures stay for so
    long; else a video has its own frames, and a pattern moves all the time.

    Parameters
    ----------
    page : Page
    loaded : LoadedShow
    at : Fraction
        Seconds since the page's run began; before it the first picture is shown, after it the last.

    Returns
    -------
    Fraction
        Seconds since the page's run began.

    Raises
    ------
    PageError
        As `run_moments`.
    """
    if not page.moving:
        return Fraction(0)
    at = max(at, Fraction(0))
    length = _length(page, loaded)
    if page.run is not None and "every" in page.run.model_fields_set:
        steps = math.floor(min(at, length) / page.run.every)
        return min(steps, max(math.ceil(length / page.run.every) - 1, 0)) * page.run.every
    if page.video is None:
        return min(at, length)
    clip, begin = _clip(page, loaded), _begin(page)
    if at >= length:
        at = length - clip.unit / 2
    inside, turns = _inside(page, clip, at)
    return max(clip.begins(clip.index(inside)) - begin, Fraction(0)) + turns * (clip.length - begin)


def frame(page: Page, loaded: LoadedShow, at: Fraction) -> tuple[Light, Light]:
    """Return the frame of a page's video that is shown at a moment.

    Parameters
    ----------
    page : Page
        One that is a video.
    loaded : LoadedShow
    at : Fraction
        Seconds since the page's run began; before it the first frame is shown, after the video the last.

    Returns
    -------
    light : ndarray of float32, shape (h, w, 3)
        Linear sRGB light, 0 to 1, multiplied by alpha; the first row is the top. Large videos come scaled
        down, to four to eight times the seats, or two to four times the pixels of their screens. Not to be
        written to.
    alpha : ndarray of float32, shape (h, w)

    Raises
    ------
    PageError
        If the video cannot be used: missing, damaged, cut off, without frames.
    """
    clip, section = _clip(page, loaded), loaded.show.card_section
    inside, _ = _inside(page, clip, max(at, Fraction(0)))
    finer = max(_FINER, 2 * section.tablet.pixels if section.mode == "tablets" else 1)
    wide = finer * section.columns / (1 - page.crop.left - page.crop.right)
    high = finer * section.rows / (1 - page.crop.top - page.crop.bottom)
    return clip.picture(clip.index(inside), math.ceil(wide - 1e-6), math.ceil(high - 1e-6))


def draw_pattern(page: Page, canvas: Canvas, loaded: LoadedShow, at: Fraction) -> Drawn:
    """Draw a page's pattern.

    Parameters
    ----------
    page : Page
        One that is a pattern.
    canvas : Canvas
        Its cells may be finer than seats; sizes stay in seats.
    loaded : LoadedShow
    at : Fraction
        Seconds since the page's run began.

    Returns
    -------
    Drawn

    Raises
    ------
    PageError
        If the picture of a flag, or the font of a scroll, cannot be used.
    """
    described = page.pattern
    assert described is not None
    section = loaded.show.card_section
    cells = canvas.columns / section.columns
    picture = ink = paint = None
    if described.image is not None:
        picture = _flag_picture(described, canvas, loaded)
    if described.text is not None:
        ink, paint = _line(described, loaded)
    drawn = pattern(
        described.kind,
        canvas.columns,
        canvas.rows,
        float(_begin(page) + at),
        colours=described.colours,
        size=_size(described, section.columns, section.rows) * cells,
        speed=described.speed * cells,
        angle=described.angle,
        centre=described.centre,
        seed=loaded.show.seed,
        cell_aspect=canvas.cell_aspect,
        picture=picture,
        ink=ink,
        paint=paint,
    )
    return Drawn(drawn, np.ones(drawn.shape[:2], dtype=np.float32))


def _size(described: Pattern, columns: int, rows: int) -> float:
    """Return the pattern's size in seats; letters and folds go by the section where it is not said."""
    if "size" not in described.model_fields_set:
        if described.kind == "scroll":
            return rows * _LETTERS
        if described.kind == "flag":
            return columns / _FOLDS
    return described.size


def _flag_picture(described: Pattern, canvas: Canvas, loaded: LoadedShow) -> Picture:
    """Return a flag's image over the whole section, twice as fine as the canvas."""
    image = Page(image=described.image)
    finer = Canvas(2 * canvas.columns, 2 * canvas.rows, canvas.cell_aspect)
    key = (
        "flag",
        file_state(loaded.resolve(str(described.image))),
        finer.columns,
        finer.rows,
        finer.cell_aspect,
    )
    return kept.get(key, lambda: draw_page(image, finer, loaded).picture)


def _line(described: Pattern, loaded: LoadedShow) -> tuple[Light, Light | None]:
    """Return the ink of the line that a scroll has, and its letters in colours."""
    font = None if described.font is None else file_state(loaded.resolve(described.font))
    words = str(described.text)
    return kept.get(("line", words, font), lambda: line_letters(words, described.font, loaded))


def _clip(page: Page, loaded: LoadedShow) -> Clip:
    name = str(page.video)
    return open_clip(loaded.resolve(name), name)


def _begin(page: Page) -> Fraction:
    return page.run.start if page.run is not None else Fraction(0)


def _every(page: Page) -> Fraction:
    return page.run.every if page.run is not None else USUAL_STEP


def _length(page: Page, loaded: LoadedShow) -> Fraction:
    """Return how long a page's run is, in seconds."""
    if page.run is not None and page.run.length is not None and (page.run.loop or page.video is None):
        return page.run.length
    clip, begin = _clip(page, loaded), _begin(page)
    if begin >= clip.length:
        raise PageError(
            f"{quoted(clip.name)} lasts {float(clip.length):.1f} s, "
            f"so a run from {float(begin):g} s has nothing to show"
        )
    left = clip.length - begin
    return left if page.run is None or page.run.length is None else min(left, page.run.length)


def _inside(page: Page, clip: Clip, at: Fraction) -> tuple[Fraction, int]:
    """Return the clip's own time at a moment of the run, and how many times it began again before."""
    begin = _begin(page)
    if page.run is not None and page.run.loop and begin < clip.length:
        turns, rest = divmod(at, clip.length - begin)
        return begin + rest, int(turns)
    return begin + at, 0
