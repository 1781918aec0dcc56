"""The pictures that a card section shows: drawn over its seats, and brought to the colours of its cards."""

from __future__ import annotations

import functools
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from ..kernels.dithering import match_pages
from ..kernels.palette import choose_from_stock, choose_palette
from .cue_turns import Picture
from .errors import Problem, ShowError, YamlPath
from .kept import digest, file_state, kept
from .pages import Canvas, Drawn, PageError, draw_page, run_moments
from .pages.audience import ViewError, canvas_of
from .paper_stock import PAPER_STOCKS

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from numpy.typing import NDArray

    from .load import LoadedShow
    from .schema_card_section import CardSection
    from .schema_page import Page
    from .seats import SeatMap

    Bytes = NDArray[np.uint8]

TABLET_COLOURS = 255
"""Colours of the still pictures of a section of tablets, which need no paper."""
_PICTURES_OF_A_RUN = 24
_MATCHED_AT_ONCE = 16
_WORKERS = 2


@dataclass(frozen=True, eq=False)
class DrawnPicture:
    """A picture over the section.

    Attributes
    ----------
    drawn : Drawn
    key : bytes
        Hash of the picture.
    """

    drawn: Drawn
    key: bytes


def moments_of(loaded: LoadedShow, name: str) -> tuple[Fraction, ...]:
    """Return when the pictures of a page's run come up, in seconds from its beginning; (0,) for a still.

    On tablets moving pictures play by themselves and are called once.

    Raises
    ------
    ShowError
        When its video cannot be used.
    """
    section = loaded.show.card_section
    page = section.pages[name]
    if not page.moving or section.mode == "tablets":
        return (Fraction(0),)
    try:
        return kept.get(("run", *_sources(page, loaded)), lambda: run_moments(page, loaded))
    except PageError as error:
        raise ShowError([page_problem(loaded, name, error)]) from error


def draw_pictures(loaded: LoadedShow, seats: SeatMap, pictures: Sequence[Picture]) -> list[DrawnPicture]:
    """Draw pages over the seats.

    Parameters
    ----------
    loaded : LoadedShow
    seats : SeatMap
    pictures : sequence of Picture

    Returns
    -------
    list of DrawnPicture
        In the order of `pictures`.

    Raises
    ------
    ShowError
        With a problem for each page that cannot be drawn.
    """
    pages = loaded.show.card_section.pages
    canvases: dict[str, Canvas] = {}
    problems: dict[Problem, None] = {}
    for name in dict.fromkeys(picture.page for picture in pictures):
        try:
            canvases[name] = canvas_of(pages[name], seats, loaded)
        except PageError as error:
            problems[page_problem(loaded, name, error)] = None

    def draw(picture: Picture) -> DrawnPicture | Problem:
        page, canvas = pages[picture.page], canvases[picture.page]
        key = (
            *("drawn", *_sources(page, loaded), picture.moment, loaded.show.seed),
            *(canvas.columns, canvas.rows, canvas.cell_aspect),
            None if canvas.view is None else digest(canvas.view),
        )

        def work_out() -> DrawnPicture:
            drawn = draw_page(page, canvas, loaded, picture.moment)
            return DrawnPicture(drawn, digest(drawn.picture))

        try:
            return kept.get(key, work_out)
        except PageError as error:
            return page_problem(loaded, picture.page, error)

    with ThreadPoolExecutor(_WORKERS) as workers:
        try:
            results = list(workers.map(draw, (p for p in pictures if p.page in canvases)))
        finally:
            workers.shutdown(cancel_futures=True)
    problems |= {result: None for result in results if isinstance(result, Problem)}
    if problems:
        raise ShowError(list(problems))
    return [result for result in results if isinstance(result, DrawnPicture)]


def cue_ink(loaded: LoadedShow, seats: SeatMap, name: str) -> NDArray[np.float32]:
    """Return how much of each cell a page's own figure covers, at the most, in all pictures of its run.

    Raises
    ------
    ShowError
        When the page cannot be drawn.
    """
    run = [Picture(name, moment) for moment in moments_of(loaded, name)]
    inks = [picture.drawn.ink for picture in draw_pictures(loaded, seats, run)]
    most: NDArray[np.float32] = inks[0] if len(inks) == 1 else np.maximum.reduce(inks)
    return most


def section_palette(loaded: LoadedShow, seats: SeatMap) -> Bytes:
    """Return the colours that the cards have: given, those of a paper, or chosen from all pages together.

    They are chosen from all pages of the file, whichever cues turn to them, so that no edit of a cue changes
    the paper in everybody's book. Of a long run, some pictures stand for all.

    Returns
    -------
    ndarray of uint8, shape (K, 3)
        sRGB.

    Raises
    ------
    ShowError
        When a page cannot be drawn.
    """
    section = loaded.show.card_section
    model = section.palette
    if isinstance(model.colours, tuple):
        return np.array(model.colours, dtype=np.uint8)
    most = TABLET_COLOURS if section.mode == "tablets" else model.colours
    stock: Bytes | None = None
    if model.paper is not None:
        stock = np.array(list(dict.fromkeys(PAPER_STOCKS[model.paper].values())), dtype=np.uint8)
        if "colours" not in model.model_fields_set or most >= len(stock):
            return stock
    shown = []
    for name in section.pages:
        run = moments_of(loaded, name)
        chosen = np.linspace(0, len(run) - 1, min(len(run), _PICTURES_OF_A_RUN)).round().astype(int)
        shown += [Picture(name, run[index]) for index in chosen.tolist()]
    pictures = {picture.key: picture.drawn.picture for picture in draw_pictures(loaded, seats, shown)}

    def choose() -> Bytes:
        pages = np.stack(list(pictures.values()))
        return choose_palette(pages, most) if stock is None else choose_from_stock(pages, stock, most)

    return kept.get(("palette", tuple(pictures), most, model.paper), choose)


def match_pictures(section: CardSection, pictures: Sequence[DrawnPicture], palette: Bytes) -> Bytes:
    """Return the pictures in palette colours: (P, N) indices."""
    dither = "none" if section.mode == "tablets" else section.palette.dither
    cards = digest(palette)
    keys = [("matched", picture.key, cards, dither) for picture in pictures]
    # Several together take less time than one by one, and come out the same.
    missing = kept.missing(keys)
    fresh: dict[int, Bytes] = {}

    def paint(indices: list[int]) -> None:
        pages = np.stack([pictures[index].drawn.picture for index in indices])
        for index, page in zip(indices, match_pages(pages, palette, dither), strict=True):
            fresh[index] = page.reshape(-1).copy()

    with ThreadPoolExecutor(_WORKERS) as workers:
        batches = range(0, len(missing), _MATCHED_AT_ONCE)
        list(workers.map(paint, [missing[first : first + _MATCHED_AT_ONCE] for first in batches]))

    def matched(index: int) -> Bytes:
        return kept.get(keys[index], lambda: fresh[index] if index in fresh else painted(index))

    def painted(index: int) -> Bytes:
        return match_pages(pictures[index].drawn.picture[None], palette, dither).reshape(-1)

    return np.stack([matched(index) for index in range(len(pictures))])


def page_problem(loaded: LoadedShow, name: str, error: PageError) -> Problem:
    """Return the problem of a page that cannot be drawn, at what it is made or seen from."""
    page = loaded.show.card_section.pages[name]
    path: YamlPath = ("card_section", "pages", name)
    if isinstance(error, ViewError):
        path = (*path, "seen_from")
    elif page.files:
        path = (*path, *page.files[0])
    return loaded.problem(path, str(error))


def page_files(page: Page) -> tuple[str, ...]:
    """Return the names of the files that a page is made from."""
    return tuple(str(functools.reduce(getattr, keys, page)) for keys in page.files)


def _sources(page: Page, loaded: LoadedShow) -> tuple[Hashable, ...]:
    """Return what a page's picture depends on besides the seats."""
    return page, *(file_state(loaded.resolve(name)) for name in page_files(page))
