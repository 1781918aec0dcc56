"""A card section of screens: who shows which page since when, and the pictures they take it from."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from ..kernels.tablets import Tablets
from ..kernels.ticks import seconds, ticks
from .errors import ShowError
from .pages import Canvas, PageError, draw_page
from .pages.audience import canvas_of
from .pages.moving import moment_shown
from .section_pictures import page_problem
from .section_timing import starts, turn_ticks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from .cue_turns import TurnCall
    from .load import LoadedShow
    from .seats import SeatMap

MOST_BYTES = 96 << 20
"""Bytes of pictures that a source keeps."""


def compile_tablets(
    loaded: LoadedShow,
    seats: SeatMap,
    calls: Sequence[TurnCall],
    fractions: Sequence[NDArray[np.float64]],
    working: NDArray[np.bool_],
) -> Tablets:
    """Work out what the screens of a section show.

    Screens are driven together, so nobody's reaction delays them. A moving picture runs from its call on;
    screens that turn back to one, when another cue's `hold` is over, find it where it would be by then.

    Parameters
    ----------
    loaded : LoadedShow
    seats : SeatMap
    calls : sequence of TurnCall, length T
        In order of time, as `turn_calls` gives them; their pictures are whole pages, at moment 0.
    fractions : sequence of ndarray of float64, shape (N,)
        When in its cue each seat is due, for each call.
    working : ndarray of bool, shape (N,)
        Which screens work; False where there is no seat.

    Returns
    -------
    Tablets
        Picture p is the page p of the show, in the order of ``card_section.pages``, as of `PictureSource`.
    """
    section = loaded.show.card_section
    number = {name: index for index, name in enumerate(section.pages)}
    picture: list[int] = []
    called: list[int] = []
    showing = np.zeros((len(calls), seats.taken.size), dtype=np.int16)
    #: A still page is one showing all along, a moving one as many as it was called.
    known: dict[tuple[int, Fraction | None], int] = {}
    for turn, call in enumerate(calls):
        if turn:
            showing[turn] = showing[turn - 1]
        page = number[call.picture.page]
        shown = page, call.began if section.pages[call.picture.page].moving else None
        if shown not in known:
            known[shown] = len(picture)
            picture.append(page)
            called.append(ticks(call.began))
        showing[turn, call.included] = known[shown]
    turning = np.zeros(showing.shape, dtype=bool)
    turning[1:] = showing[1:] != showing[:-1]
    return Tablets(
        rows=seats.rows,
        columns=seats.columns,
        pixels=section.tablet.pixels,
        start=starts(loaded, calls, fractions, None, turning),
        turn=np.array([turn_ticks(section.cues[call.cue]) for call in calls], dtype=np.int64),
        showing=showing,
        picture=np.array(picture, dtype=np.int16),
        called=np.array(called, dtype=np.int64),
        working=working & seats.taken,
    )


class PictureSource:
    """The pictures of a show's pages on screens, for `kernels.tablets.tablet_states`.

    Still pages are drawn once, moving ones once for each of their own frames, as long as there is room.
    May be called from several threads.

    Parameters
    ----------
    loaded : LoadedShow
    seats : SeatMap
    most_bytes : int
        How much the pictures that are kept may come to; the last one is always kept.
    """

    def __init__(self, loaded: LoadedShow, seats: SeatMap, most_bytes: int = MOST_BYTES) -> None:
        self._loaded, self._seats, self._most = loaded, seats, most_bytes
        self._names = list(loaded.show.card_section.pages)
        self._canvases: dict[int, Canvas] = {}
        self._kept: OrderedDict[tuple[int, Fraction], NDArray[np.uint8]] = OrderedDict()
        self._lock = threading.Lock()

    def __call__(self, picture: int, since: int) -> NDArray[np.uint8]:
        """Return a page's picture some time after it was called.

        Parameters
        ----------
        picture : int
            Which of ``card_section.pages``.
        since : int
            Ticks; before the call, below 0, the first frame is shown.

        Returns
        -------
        ndarray of uint8, shape (rows * pixels, columns * pixels, 3)
            sRGB, row 0 in front. Read-only; the same array while the picture stays the same.

        Raises
        ------
        ShowError
            If the page cannot be drawn, with its place in the show.
        """
        name = self._names[picture]
        page = self._loaded.show.card_section.pages[name]
        try:
            key = picture, moment_shown(page, self._loaded, seconds(since))
            with self._lock:
                if key in self._kept:
                    self._kept.move_to_end(key)
                    return self._kept[key]
                canvas = self._canvas(picture)
                drawn = draw_page(page, canvas, self._loaded, key[1]).picture
                drawn.flags.writeable = False
                self._kept[key] = drawn
                while len(self._kept) > 1 and len(self._kept) * drawn.nbytes > self._most:
                    self._kept.popitem(last=False)
                return drawn
        except PageError as error:
            raise ShowError([page_problem(self._loaded, name, error)]) from error

    def digest(self) -> str:
        """Return a hash of what the pictures depend on besides the pages and their files.

        Raises
        ------
        ShowError
            If a page names a place from which the section cannot be seen.
        """
        total = hashlib.sha256(f"{self._loaded.show.seed}".encode())
        for picture, name in enumerate(self._names):
            try:
                canvas = self._canvas(picture)
            except PageError as error:
                raise ShowError([page_problem(self._loaded, name, error)]) from error
            total.update(f"{canvas.columns} {canvas.rows} {canvas.cell_aspect}".encode())
            if canvas.view is not None:
                total.update(np.ascontiguousarray(canvas.view).data)
        return total.hexdigest()

    def _canvas(self, picture: int) -> Canvas:
        if picture not in self._canvases:
            page = self._loaded.show.card_section.pages[self._names[picture]]
            pixels = self._loaded.show.card_section.tablet.pixels
            self._canvases[picture] = canvas_of(page, self._seats, self._loaded, pixels)
        return self._canvases[picture]
