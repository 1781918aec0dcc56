"""Everyone's own places, set by set: what a gymnast takes to the rehearsal.

Eighty thousand people times a dozen sets are a million lines, so each text is set once and its operators
are kept; a person's lines are a join of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from reportlab.pdfgen.canvas import Canvas

from ...kernels.ticks import TICKS_PER_SECOND
from .counting import clock, count, counts, halves, tenths
from .drill_plan import DrillPlan, Troupe
from .field_marks import LEGEND, across_texts, depth_texts, marks
from .field_windows import seen
from .layout import EDGE
from .lettering import A4, BOLD, PLAIN, draw, literal, pdf_file, width

MOST_PEOPLE = 5000
"""People whose dot sheets one file holds."""
MOST_IN_LARGE_TYPE = 1000
"""People of a troupe that has one column of large type a page; larger ones have two of small type."""
_TOP, _FOOT = A4[1] - 58.0, 46.0
_GAP = 12.0
#: The widest text of each column.
_WIDEST = {
    "set": "99",
    "when": "99·4½",
    "walk": "99½",
    "later": "+9.99 s",
    "across": "4¾ right of centre",
    "depth": "4¾ in front of middle",
    "metres": "-99.99, -99.99",
}
_BOLD = frozenset({"across", "depth"})
_BETWEEN = 0.7  # ems from one column's widest text to the next column
_RAISED = 4.2  # ems more, where some stand on others
_LARGEST = 11.0


@dataclass(frozen=True)
class _Style:
    """How dot sheets are set: points, columns of a page, and where each column of words begins."""

    size: float
    columns: int
    offsets: dict[str, float]

    @property
    def leading(self) -> float:
        return 1.28 * self.size

    @property
    def rows(self) -> int:
        """Lines in a column of a page."""
        return int((_TOP - 1.6 * self.size - _FOOT) / self.leading)

    @property
    def column_width(self) -> float:
        return (A4[0] - 2 * EDGE + _GAP) / self.columns


def _style(troupe: Troupe) -> _Style:
    drill = troupe.drill
    left = {
        name: width(text, 1.0, _face(name)) + _BETWEEN
        for name, text in _WIDEST.items()
        if name != "later" or _sets_off_late(troupe)
    }
    raised = drill.height is not None and bool(drill.height.any())
    total = sum(left.values()) + (_RAISED if raised else 0.0) - _BETWEEN
    columns = 1 if troupe.people <= MOST_IN_LARGE_TYPE else 2
    size = min(_LARGEST, ((A4[0] - 2 * EDGE + _GAP) / columns - _GAP) / total)
    starts = np.cumsum([0.0, *list(left.values())[:-1]]) * size
    return _Style(size, columns, dict(zip(left, starts.tolist(), strict=True)))


def _face(column: str) -> str:
    return BOLD if column in _BOLD else PLAIN


def _sets_off_late(troupe: Troupe) -> bool:
    return troupe.drill.late is not None and bool(troupe.drill.late.any())


def write_dot_sheets(
    path: Path,
    plan: DrillPlan,
    troupe: Troupe,
    people: range,
    done: Callable[[int], None] = lambda people: None,
) -> None:
    """Write the dot sheets of some of a troupe's people.

    Parameters
    ----------
    people : range
        From 0.
    done : callable (people)
        Called with how many are written, now and then.

    Raises
    ------
    OSError
        When the file cannot be written; it is whole or absent.
    """
    with pdf_file(path, f"{plan.title}: dot sheets, {troupe.name}") as canvas:
        sheets = _DotSheets(canvas, plan, troupe)
        _set_list(canvas, plan, troupe)
        for number in sheets.draw(people):
            done(number)


class _DotSheets:
    """Draws people's blocks into columns of pages."""

    def __init__(self, canvas: Canvas, plan: DrillPlan, troupe: Troupe) -> None:
        self.canvas, self.plan, self.troupe = canvas, plan, troupe
        self.style = _style(troupe)
        self._fonts = {face: literal(canvas, "0", face)[0] for face in (PLAIN, BOLD)}
        self._texts: dict[str, str] = {}
        self._signs: dict[str, str] = {}
        self._shared = {
            "set": [str(plan.call_of(troupe, number) + 1) for number in range(troupe.drill.sets)],
            "when": [_when(plan, int(moment)) for moment in troupe.drill.leave],
            "walk": [walk(plan, troupe, number) for number in range(troupe.drill.sets)],
        }

    def draw(self, people: range) -> Iterator[int]:
        """Draw everyone; yields how many are done, after each column."""
        style, sets = self.style, self.troupe.drill.sets
        pieces = _pieces(sets, style.rows - 1)
        # A name, the lines, and half a line free.
        longest = max(len(piece) for piece in pieces) + 1.5
        each = max(1, int((style.rows + 0.5) / longest))
        blocks = [(person, piece) for person in people for piece in pieces]
        told = self._told(people)
        columns = [blocks[first : first + each] for first in range(0, len(blocks), each)]
        for index, column in enumerate(columns):
            place = index % style.columns
            if place == 0:
                self._begin_page()
            x, y = EDGE + place * style.column_width, _TOP - 1.6 * style.size
            for person, piece in column:
                self._block((x, y), person, piece, told[person - people.start])
                y -= longest * style.leading
            if place == style.columns - 1 or index == len(columns) - 1:
                self.canvas.showPage()
            yield column[-1][0] - people.start + 1

    def _told(self, people: range) -> list[dict[str, list[str]]]:
        """Return each person's own words, set by set."""
        troupe, part = self.troupe, slice(people.start, people.stop)
        own: dict[str, list[list[str]]] = {"across": [], "depth": [], "metres": []}
        if "later" in self.style.offsets:
            own["later"] = []
        for number in range(troupe.drill.sets):
            places = troupe.drill.places[number, part]
            found = marks(places, troupe.step)
            own["across"].append(across_texts(found))
            own["depth"].append(depth_texts(found))
            heights = troupe.heights(number)[part].tolist()
            own["metres"].append(
                [
                    f"{right:.2f}, {away:.2f}{f', {height:.2g} up' if height else ''}"
                    for (right, away), height in zip(seen(places).tolist(), heights, strict=True)
                ]
            )
            if "later" in own and troupe.drill.late is not None:
                late = troupe.drill.late[number, part] / TICKS_PER_SECOND
                own["later"].append([f"+{wait:.3g} s" if wait else "" for wait in late.tolist()])
        words = {name: list(zip(*rows, strict=True)) for name, rows in own.items()}
        return [{name: list(rows[index]) for name, rows in words.items()} for index in range(len(people))]

    def _block(
        self, place: tuple[float, float], person: int, piece: range, told: dict[str, list[str]]
    ) -> None:
        style, (x, y) = self.style, place
        name = f"{self.troupe.name} {self.troupe.numbers[person]}"
        if piece.start:
            name += " (continued)"
        self.canvas.setFillGray(0)
        draw(self.canvas, (x, y - style.size), name, style.size, BOLD, room=style.column_width - _GAP)
        code = []
        for column, offset in style.offsets.items():
            texts = told[column] if column in told else self._shared[column]
            face = _face(column)
            start = f"BT {self._fonts[face]} {style.size:.2f} Tf {style.leading:.2f} TL"
            words = [self._line(texts[number], face) for number in piece]
            code.append(f"{start} {x + offset:.1f} {y - style.size:.1f} Td\n" + "\n".join(words) + "\nET")
        self.canvas.addLiteral("\n".join(code))

    def _line(self, text: str, face: str) -> str:
        """Return the operators that write a text on the next line; its signs are set once."""
        if not text:
            return "T*"
        known = f"{face} {text}"
        if known not in self._texts:
            signs = self._signs
            for sign in set(text):
                if face + sign not in signs:
                    signs[face + sign] = literal(self.canvas, sign, face)[1][1:-1]
            self._texts[known] = f"({''.join([signs[face + sign] for sign in text])}) '"
        return self._texts[known]

    def _begin_page(self) -> None:
        canvas, style = self.canvas, self.style
        _page_head(canvas, self.plan, self.troupe)
        canvas.setFillGray(0.35)
        heads = {"when": "time" if self.plan.tempo is None else "count", "metres": "right, away: m"}
        for column in range(style.columns):
            for name, offset in style.offsets.items():
                x = EDGE + column * style.column_width + offset
                draw(canvas, (x, _TOP - 0.9 * style.size), heads.get(name, name), 0.85 * style.size)
        _foot(canvas, self.plan, self.troupe)


def _page_head(canvas: Canvas, plan: DrillPlan, troupe: Troupe) -> None:
    top = _TOP + 24
    canvas.setFillGray(0)
    end = draw(canvas, (A4[0] - EDGE, top), f"{plan.title}: dot sheets", 8, right=True, room=260)
    draw(canvas, (EDGE, top), troupe.name, 16, BOLD, room=A4[0] - 2 * EDGE - end - 12)
    canvas.setStrokeGray(0)
    canvas.setLineWidth(0.8)
    canvas.line(EDGE, top - 8, A4[0] - EDGE, top - 8)


def _foot(canvas: Canvas, plan: DrillPlan, troupe: Troupe) -> None:
    canvas.setFillGray(0.35)
    for line, text in enumerate((legend(plan, troupe), "; ".join(LEGEND))):
        draw(canvas, (EDGE, 32 - 9 * line), text, 7, room=A4[0] - 2 * EDGE)


def legend(plan: DrillPlan, troupe: Troupe) -> str:
    """Write in what the numbers are."""
    words = [f"Steps of {troupe.step:.4g} m off the lines, to a quarter", "metres from the field's middle"]
    words.append("walk: " + ("how long" if plan.tempo is None else "counts"))
    if _sets_off_late(troupe):
        words.append("later: how long after the call you go")
    return "; ".join(words)


def walk(plan: DrillPlan, troupe: Troupe, number: int) -> str:
    """Write how long a troupe walks to a set: "16" counts, or seconds where there is no music."""
    if number == 0:
        return ""
    span = counts(plan.tempo, int(troupe.drill.arrive[number] - troupe.drill.leave[number]))
    if plan.tempo is None:
        return span
    return span.removesuffix("s").removesuffix(" count").replace("about ", "~")


def _when(plan: DrillPlan, moment: int) -> str:
    counted = count(plan.tempo, int(halves(plan.tempo, np.array([moment]))[0]))
    return counted or clock(int(tenths(np.array([moment]))[0]))


def _pieces(sets: int, rows: int) -> list[range]:
    return [range(first, min(first + rows, sets)) for first in range(0, sets, rows)]


def _set_list(canvas: Canvas, plan: DrillPlan, troupe: Troupe) -> None:
    """Write the troupe's sets: what all of them have to know."""
    drill, leading = troupe.drill, 14.0
    offsets, rooms = (0.0, 34.0, 84.0, 140.0, 186.0, 360.0), (30.0, 46.0, 52.0, 42.0, 168.0, 175.0)
    rows = int((_TOP - 24 - _FOOT) / leading)
    for first in range(0, drill.sets, rows):
        _page_head(canvas, plan, troupe)
        _foot(canvas, plan, troupe)
        canvas.setFillGray(0.35)
        for offset, head in zip(offsets, ("set", "count", "time", "walk", "formation", "then"), strict=True):
            draw(canvas, (EDGE + offset, _TOP - 8), head, 8)
        canvas.setFillGray(0)
        for row, number in enumerate(range(first, min(first + rows, drill.sets))):
            moment = np.array([int(drill.leave[number])])
            words = (
                str(plan.call_of(troupe, number) + 1),
                count(plan.tempo, int(halves(plan.tempo, moment)[0])),
                clock(int(tenths(moment)[0])),
                walk(plan, troupe, number),
                troupe.formations[number],
                troupe.moves[number],
            )
            for offset, room, text in zip(offsets, rooms, words, strict=True):
                draw(canvas, (EDGE + offset, _TOP - 8 - (row + 1) * leading), text, 10, room=room)
        canvas.showPage()
