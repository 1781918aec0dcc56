"""One frame of a preview: title and clock, cards, the field from above, and where in the show it is."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from ..kernels.ticks import ticks
from ..scenes.bars import bar_and_beat
from .preview_cards import SectionView
from .preview_drawing import (
    FAINT,
    INK,
    LIGHT,
    LINE,
    PAPER,
    RGB,
    Words,
    colours_of,
    fit_cells,
    pack,
    shortened,
    text_width,
    write,
)
from .preview_field import FieldPicture, Seen
from .preview_performance import Performance, clock, cue_name, flip_name, set_at
from .preview_troupes import SWATCH, troupe_views

WIDTH, EDGE = 1024, 12
_INNER = WIDTH - 2 * EDGE
_CARDS_HIGH = 452
_FIELD_WIDE = 580
_HEAD, _CAPTION, _FOOT = 58, 46, 62
_TROUPE = 58
_AT_ONCE = 15
_SHOT_COLOURS: tuple[RGB, ...] = ((52, 66, 92), (70, 58, 88))


class Board:
    """The preview's picture of any moment of a show.

    Parameters
    ----------
    performance : Performance
    """

    def __init__(self, performance: Performance) -> None:
        self.performance = performance
        show, books = performance.loaded.show, performance.books
        wide, high = fit_cells(
            books.columns, books.rows, performance.plan.seats.cell_aspect, _INNER, _CARDS_HIGH
        )
        self._cards = SectionView(performance, wide, high)
        self._views = troupe_views(performance.drills, performance.costumes)
        self._cards_at = EDGE + (_INNER - wide) // 2, _HEAD
        self._caption = _HEAD + high + 30
        self._field: FieldPicture | None = None
        self._field_at = EDGE, _HEAD + high + _CAPTION
        height = self._field_at[1]
        if show.troupes:
            people = sum(troupe.count for troupe in show.troupes.values())
            self._field = FieldPicture(_FIELD_WIDE, people)
            height += self._field.height + 16
        self._foot = height
        self.height = (height + _FOOT + 1) // 2 * 2
        self._background = self._draw_background()

    def pictures(self, moments: list[Fraction]) -> Iterator[npt.NDArray[np.uint8]]:
        """Draw moments of show time in seconds: (height, WIDTH, 4) uint8 each, a new array every time."""
        at = np.array([ticks(moment) for moment in moments], np.int64)
        for start in range(0, len(at), _AT_ONCE):
            some = at[start : start + _AT_ONCE]
            cards = list(self._cards.pictures(some))
            troupes = [view.seen(some) for view in self._views.values()]
            for index in range(len(some)):
                seen = [moments_seen[index] for moments_seen in troupes]
                yield colours_of(self._draw(moments[start + index], int(some[index]), cards[index], seen))

    def _draw(
        self,
        moment: Fraction,
        tick: int,
        cards: Words,
        troupes: list[Seen],
    ) -> Words:
        board = self._background.copy()
        _paste(board, self._cards_at, cards)
        if self._field is not None:
            ways = [way for view in self._views.values() for way in view.ways(tick, self._field)]
            _paste(board, self._field_at, self._field.draw(troupes, ways))
            self._write_troupes(board, tick, troupes)
        self._write_head(board, moment)
        self._write_page(board, moment)
        self._draw_playhead(board, moment)
        return board

    def _write_head(self, board: Words, moment: Fraction) -> None:
        right = WIDTH - EDGE
        write(board, (right, 38), clock(moment), 28, anchor="right")
        music = self.performance.loaded.show.music
        if music is not None:
            place = right - text_width("00:00.0", 28) - 24, 38
            write(board, place, bar_and_beat(music.tempo, moment), 18, FAINT, anchor="right")

    def _write_page(self, board: Words, moment: Fraction) -> None:
        cues = self.performance.loaded.show.card_section.cues
        index = self.performance.cue_at(moment)
        page = shortened(self._page_name(index, moment), 20, _INNER // 2, bold=True)
        x = write(board, (EDGE, self._caption), page, 20, bold=True)
        about = f"cue {index + 1} of {len(cues)}, {flip_name(cues[index])}"
        write(board, (x + 14, self._caption), about, 15, FAINT)
        following = next((cue for cue in cues if cue.at > moment), None)
        if following is not None:
            text = shortened(f"next  {cue_name(following)}  at {clock(following.at)}", 15, _INNER // 3)
            write(board, (WIDTH - EDGE, self._caption), text, 15, FAINT, anchor="right")

    def _page_name(self, cue: int, moment: Fraction) -> str:
        """Return what the cue calls for, with the number of the page in a moving picture's run."""
        called = [turn for turn in self.performance.plan.turns if turn.cue == cue and turn.at <= moment]
        return called[-1].label if called else cue_name(self.performance.loaded.show.card_section.cues[cue])

    def _write_troupes(self, board: Words, tick: int, troupes: list[Seen]) -> None:
        for (place, name), seen in zip(self._troupe_lines(), troupes, strict=False):
            x, y = place[0], place[1] - 12
            board[y : y + SWATCH, x : x + SWATCH] = pack(self._views[name].swatch(seen))
            index, left = set_at(self.performance.drills[name], tick)
            formation = self.performance.formation_name(name, index)
            move = self.performance.loaded.show.troupes[name].drill[index].move.clip
            text = f"{formation}, {move.replace('_', ' ')}"
            if left:
                text = f"to {formation}, there in {float(left):.1f} s"
            write(
                board, (place[0] + 24, place[1] + 23), shortened(text, 15, self._side_width - 24), 15, FAINT
            )

    @property
    def _side_width(self) -> int:
        return _INNER - _FIELD_WIDE - 26

    def _troupe_lines(self) -> Iterator[tuple[tuple[int, int], str]]:
        """Yield where to write about each troupe, as far as there is room."""
        x, y = EDGE + _FIELD_WIDE + 26, self._field_at[1] + 44
        for name in list(self.performance.drills)[: self._room]:
            yield (x, y), name
            y += _TROUPE

    @property
    def _room(self) -> int:
        return 0 if self._field is None else (self._field.height - 60) // _TROUPE

    def _draw_background(self) -> Words:
        show = self.performance.loaded.show
        board = np.empty((self.height, WIDTH), np.uint32)
        board[:] = pack(PAPER)
        write(board, (EDGE, 38), shortened(show.title, 26, _INNER - 360, bold=True), 26, bold=True)
        if self._field is not None:
            x, y = EDGE + _FIELD_WIDE + 26, self._field_at[1]
            write(board, (x, y + 13), "The field from above; cards beyond its upper edge", 13, FAINT)
            for place, name in self._troupe_lines():
                troupe = show.troupes[name]
                people = f"{troupe.count:,}"
                label = shortened(name, 18, self._side_width - 40 - text_width(people, 15), bold=True)
                write(board, (place[0] + 24, place[1]), label, 18, bold=True)
                write(board, (WIDTH - EDGE, place[1]), people, 15, FAINT, anchor="right")
            more = len(show.troupes) - self._room
            if more > 0:
                place = x, y + 44 + self._room * _TROUPE
                write(board, place, f"and {more} more", 15, FAINT)
        self._draw_timeline(board)
        return board

    def _x(self, moment: Fraction) -> int:
        return EDGE + int(min(moment / self.performance.end, Fraction(1)) * (_INNER - 1))

    def _draw_timeline(self, board: Words) -> None:
        """Draw the stretches that the film's shots show, and a mark for each cue and each formation."""
        show, top = self.performance.loaded.show, self._foot
        board[top + 26 : top + 30, EDGE : WIDTH - EDGE] = pack(LINE)
        for number, shot in enumerate(show.film.shots):
            left, right = self._x(shot.start), self._x(shot.end)
            board[top : top + 20, left : max(right, left + 1)] = pack(_SHOT_COLOURS[number % 2])
            name = shortened(shot.name, 13, max(0, right - left - 10))
            write(board, (left + 6, top + 15), name, 13, INK)
        for cue in show.card_section.cues:
            board[top + 22 : top + 34, self._x(cue.at)] = pack(FAINT)

    def _draw_playhead(self, board: Words, moment: Fraction) -> None:
        top, x = self._foot, self._x(moment)
        board[top + 26 : top + 30, EDGE : x + 1] = pack(LIGHT)
        board[top : top + 34, x : x + 2] = pack(LIGHT)


def _paste(board: Words, place: tuple[int, int], part: Words) -> None:
    board[place[1] : place[1] + part.shape[0], place[0] : place[0] + part.shape[1]] = part
