"""A person's sheets as PDF operators: what is the same for all is drawn once, what differs joined of parts.

Twenty thousand people times hundreds of cues are millions of words, so each word is set once and its
operators are kept; a person's side is a join of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from reportlab.pdfgen.canvas import Canvas

from .counting import clock, tenths
from .layout import EDGE, HEADER, HEADING, NAME_SIZE, Layout, Spread
from .lettering import A4, BOLD, PLAIN, draw, has_letters, literal, width
from .programme import GESTURE, STAY, Duties, Programme

_INK, _FAINT, _STRIPE = "0 g", "0.5 g", 0.955
_OUTLINE = "0.55 G 0.3 w"
#: Points: the seat's name and its labels, from one part to the next, and what a part has at least and most.
_NAME, _LABEL, _APART, _LEAST_NAME, _MOST_NAME = 20.0, 9.0, 16.0, 40.0, 110.0
_CUT = f"q 0.6 G 0.3 w [3] 0 d 0 0 m {A4[0]:.1f} 0 l S Q"
_CUT_WORDS = "cut here; lay the lower pile under the upper one"
_MODE_LEGEND = {
    "books": "» one leaf on;  « one leaf back;  stay: keep the page that is open",
    "cards": "show 3: hold up card 3;  stay: go on showing the card you hold",
    "two_sided": "show 3 back: hold up card 3, its back to the field;  stay: go on showing the side you show",
}
_GESTURE_LEGEND = {
    "raise": "raise: over your head, and back",
    "lower": "lower: to your knees, and back",
    "tilt": "tilt: over, so that its back shows, and up again",
    "shake": "shake: to and fro",
}
_KIND = {"books": "Your book", "cards": "Your cards", "two_sided": "Your cards, both sides"}


class Booklet:
    """Draws people's sheets into one file.

    Parameters
    ----------
    canvas : Canvas
    programme : Programme
    layout : Layout
    """

    def __init__(self, canvas: Canvas, programme: Programme, layout: Layout) -> None:
        self.canvas, self.programme, self.layout = canvas, programme, layout
        self._fills = [
            f"{' '.join(format(part / 255, '.3g') for part in colour)} rg"
            for colour in programme.palette.tolist()
        ]
        self._cue_boxes = [self._boxes_of_cues(spread) for spread in layout.spreads]
        self._page_boxes = [self._boxes_of_pages(spread) for spread in layout.spreads]
        self._plain, _ = literal(canvas, "0")
        self._bold, _ = literal(canvas, "0", BOLD)
        self._times: tuple[dict[int, str], ...] = ({}, {})
        self._counts: tuple[dict[int, str], ...] = ({}, {})
        self._actions: dict[tuple[int, int], str] = {}
        pages = range(len(programme.plan.book))
        self._numbers = [self._line(programme.page_name(page), BOLD) for page in pages]
        self._names = [self._line(name) for name in programme.colours]
        self._holds = {
            row: self._line(programme.gesture_text(line.movement)[1])
            for row, line in enumerate(programme.lines)
            if line.movement is not None
        }
        self._gestures = {
            row: self._line(programme.gesture_text(line.movement)[0], BOLD)
            for row, line in enumerate(programme.lines)
            if line.movement is not None
        }
        canvas.beginForm("cut")
        canvas.addLiteral(_CUT)
        canvas.setFillGray(0.6)
        draw(canvas, (EDGE, 2.5), _CUT_WORDS, 5)
        canvas.endForm()
        for number, spread in enumerate(layout.spreads):
            canvas.beginForm(f"spread_{number}")
            self._draw_shared(spread)
            canvas.endForm()

    def draw(self, duties: Duties) -> Iterator[int]:
        """Draw the sheets of some people; yields how many are done, after each.

        Where two share a sheet, the first half of them are the upper ones: cut, the two piles make one that
        is in order.
        """
        rows = (
            duties.action,
            tenths(duties.due),
            self.programme.halves(duties.due),
            duties.page,
            duties.colour,
            duties.book,
        )
        of_each = [row.T.tolist() for row in rows]
        people = list(zip(duties.seats.tolist(), duties.page_count.tolist(), *of_each, strict=True))
        upper = -(-len(people) // 2) if self.layout.halves else len(people)
        drawn = 0
        for index in range(upper):
            sheet = people[index::upper]
            for number in range(len(self.layout.spreads)):
                for half, person in enumerate(sheet):
                    self._draw_side(number, person, upper=self.layout.halves and half == 0)
                self.canvas.showPage()
            for _ in sheet:
                drawn += 1
                yield drawn

    def _draw_side(self, number: int, person: tuple[Any, ...], *, upper: bool) -> None:
        seat, count, *parts = person
        spread, canvas = self.layout.spreads[number], self.canvas
        canvas.saveState()
        if upper:
            canvas.translate(0, self.layout.height)
            canvas.doForm("cut")
        canvas.doForm(f"spread_{number}")
        self._draw_header(seat, count, number)
        canvas.addLiteral(self._cue_code(number, spread, *parts[:5]))
        canvas.addLiteral(self._page_code(number, spread, count, parts[5]))
        canvas.restoreState()

    # Words, each set once.

    def _line(self, text: str, face: str = PLAIN, *, faint: bool = False) -> str:
        """Return the operators that write a text on the next line of a column."""
        if not text:
            return "T*"
        written = f"{literal(self.canvas, text, face)[1]} '"
        return f"{_FAINT} {written} {_INK}" if faint else written

    def _time(self, tenth: int, faint: bool) -> str:
        words = self._times[faint]
        if tenth not in words:
            words[tenth] = self._line(clock(tenth), faint=faint)
        return words[tenth]

    def _count(self, half: int, faint: bool) -> str:
        words = self._counts[faint]
        if half not in words:
            words[half] = self._line(self.programme.count(half), faint=faint)
        return words[half]

    def _action(self, action: int, page: int) -> str:
        if (action, page) not in self._actions:
            text = self.programme.action_text(action, page)
            self._actions[action, page] = self._line(
                text, PLAIN if action == STAY else BOLD, faint=action == STAY
            )
        return self._actions[action, page]

    # Where things stand on a side.

    def _cue_columns(self, spread: Spread) -> list[tuple[float, range]]:
        """Return each column's left end, and the cues that stand in it."""
        style = self.layout.cues
        rows = max(1, -(-spread.lines // style.columns))
        last = spread.first_line + spread.lines
        starts = range(spread.first_line, last, rows)
        return [
            (EDGE + column * style.column_width, range(start, min(start + rows, last)))
            for column, start in enumerate(starts)
        ]

    def _page_columns(self, spread: Spread) -> list[tuple[float, range]]:
        style = self.layout.pages
        rows = max(1, -(-spread.pages // style.columns))
        last = spread.first_page + spread.pages
        starts = range(spread.first_page, last, rows)
        return [
            (EDGE + column * style.column_width, range(start, min(start + rows, last)))
            for column, start in enumerate(starts)
        ]

    def _boxes_of_cues(self, spread: Spread) -> list[str]:
        style = self.layout.cues
        drop = 0.12 * style.size
        return [
            _box(x + style.swatch, _baseline(spread.cues_top, row, style.leading) - drop, style.swatch_box)
            for x, lines in self._cue_columns(spread)
            for row in range(len(lines))
        ]

    def _boxes_of_pages(self, spread: Spread) -> list[str]:
        style = self.layout.pages
        # The middle of the swatch is the middle of the figures.
        drop = (style.swatch_box[1] - 0.73 * style.size) / 2
        return [
            _box(x + style.swatch, _baseline(spread.pages_top, row, style.height) - drop, style.swatch_box)
            for x, pages in self._page_columns(spread)
            for row in range(len(pages))
        ]

    # What is one person's own.

    def _draw_header(self, seat: int, count: int, number: int) -> None:
        seats, canvas, height = self.programme.plan.seats, self.canvas, self.layout.height
        y, x = height - HEADER, EDGE
        parts = [
            (label, str(values[seat]))
            for label, values in (("Section", seats.section), ("Row", seats.row), ("Seat", seats.number))
        ]
        given = [(label, value) for label, value in parts if value] or [("Seat", str(seats.name[seat]))]
        sides = len(self.layout.spreads)
        side = f" · side {number + 1} of {sides}" if sides > 1 else ""
        carried = f"{self._carried(count)}{side}"
        right = A4[0] - EDGE - width(carried, _LABEL)
        canvas.setFillGray(0)
        # Long names are of sections: they have what the others leave.
        others = sum(_wide(value) for _, value in given[1:])
        room = right - x - others - sum(width(label, _LABEL) + _APART for label, _ in given)
        for index, (label, value) in enumerate(given):
            x += draw(canvas, (x, y), label, _LABEL) + _APART / 4
            own = max(_LEAST_NAME, room) if index == 0 else _wide(value)
            x += draw(canvas, (x, y), value, _NAME, BOLD, room=own) + 3 * _APART / 4
        draw(canvas, (right, y), carried, _LABEL)

    def _carried(self, count: int) -> str:
        if self.programme.plan.mode == "two_sided":
            count = -(-count // 2)
        one = "page" if self.programme.plan.mode == "books" else "card"
        return f"{count} {one}{'' if count == 1 else 's'}"

    def _block(
        self, font: str, size: float, leading: float, x: float, top: float, words: Sequence[str]
    ) -> str:
        """Return the operators of a column of words; the first stands one line below `top`."""
        if not any(word != "T*" for word in words):
            return ""
        start = f"BT {font} {size:g} Tf {leading:g} TL {x:.1f} {_baseline(top, -1, leading):.1f} Td"
        return "\n".join((start, *words, "ET"))

    def _filled(self, boxes: dict[int, list[str]]) -> list[str]:
        """Return the operators that fill swatches, by palette index."""
        if not boxes:
            return []
        parts = [
            f"{self._fills[colour]}\n" + "\n".join(group) + "\nB" for colour, group in sorted(boxes.items())
        ]
        return [_OUTLINE, *parts, _INK]

    def _cue_code(
        self,
        number: int,
        spread: Spread,
        action: list[int],
        tenth: list[int],
        half: list[int],
        page: list[int],
        colour: list[int],
    ) -> str:
        style, boxes = self.layout.cues, self._cue_boxes[number]
        filled: dict[int, list[str]] = {}
        code = []
        for x, lines in self._cue_columns(spread):
            times, counts, actions, names = [], [], [], []
            for line in lines:
                does = action[line]
                faint = does == STAY
                times.append(self._time(tenth[line], faint))
                counts.append(self._count(half[line], faint))
                if does == GESTURE:
                    actions.append(self._gestures[line])
                    names.append(self._holds[line])
                    continue
                actions.append(self._action(does, page[line]))
                if faint:
                    names.append("T*")
                else:
                    filled.setdefault(colour[line], []).append(boxes[line - spread.first_line])
                    names.append(self._names[colour[line]])
            top, size, leading = spread.cues_top, style.size, style.leading
            code += [
                self._block(self._plain, size, leading, x + style.time, top, times),
                self._block(self._plain, size, leading, x + style.count, top, counts),
                self._block(self._bold, size, leading, x + style.action, top, actions),
                self._block(self._plain, NAME_SIZE * size, leading, x + style.name, top, names),
            ]
        return "\n".join(part for part in [*self._filled(filled), *code] if part)

    def _page_code(self, number: int, spread: Spread, count: int, book: list[int]) -> str:
        style, boxes = self.layout.pages, self._page_boxes[number]
        filled: dict[int, list[str]] = {}
        code = []
        for x, listed in self._page_columns(spread):
            pages = range(listed.start, min(listed.stop, count))
            for page in pages:
                filled.setdefault(book[page], []).append(boxes[page - spread.first_page])
            numbers, names = (
                [self._numbers[page] for page in pages],
                [self._names[book[page]] for page in pages],
            )
            code += [
                self._block(self._bold, style.size, style.height, x, spread.pages_top, numbers),
                self._block(self._plain, style.size, style.height, x + style.name, spread.pages_top, names),
            ]
        return "\n".join(part for part in [*self._filled(filled), *code] if part)

    # What is the same for all.

    def _draw_shared(self, spread: Spread) -> None:
        canvas, height = self.canvas, self.layout.height
        canvas.setFillGray(0)
        draw(canvas, (EDGE, height - HEADER + 22), self.programme.title, 8, room=A4[0] - 2 * EDGE)
        canvas.setLineWidth(0.8)
        canvas.line(EDGE, height - HEADER - 8, A4[0] - EDGE, height - HEADER - 8)
        if spread.lines:
            self._draw_cue_lines(spread)
        if spread.pages:
            title = _KIND[self.programme.plan.mode]
            draw(canvas, (EDGE, spread.pages_top - 9), title, 9, BOLD)
        if spread.lines:
            self._draw_legend()

    def _draw_legend(self) -> None:
        programme, canvas = self.programme, self.canvas
        legend = [_MODE_LEGEND[programme.plan.mode]]
        if programme.tempo is not None:
            legend.append("count: bar·beat of the music")
        texts = [
            programme.gesture_text(line.movement) for line in programme.lines if line.movement is not None
        ]
        kinds = {kind for kind, _ in texts}
        gestures = [said for kind, said in _GESTURE_LEGEND.items() if kind in kinds]
        if any(held for _, held in texts):
            gestures.append("hold: stay there so long")
        canvas.setFillGray(0.2)
        for y, words in zip((27.0, 16.0), (legend, gestures), strict=True):
            draw(canvas, (EDGE, y), "; ".join(words), 8.5, room=A4[0] - 2 * EDGE)

    def _draw_cue_lines(self, spread: Spread) -> None:
        canvas, style = self.canvas, self.layout.cues
        for x, lines in self._cue_columns(spread):
            canvas.setFillGray(_STRIPE)
            for row in range(1, len(lines), 2):
                y = _baseline(spread.cues_top, row, style.leading) + 0.36 * style.size - style.leading / 2
                canvas.rect(x - 2, y, style.column_width - 8, style.leading, stroke=0, fill=1)
            canvas.setFillGray(0.35)
            heads = [(0.0, "cue"), (style.time, "time"), (style.action, "do")]
            if self.programme.tempo is not None:
                heads.append((style.count, "count"))
            for offset, head in heads:
                draw(canvas, (x + offset, spread.cues_top - 8), head, 7)
            for row, line in enumerate(lines):
                y = _baseline(spread.cues_top, row, style.leading)
                draw(canvas, (x, y), str(line), 0.8 * style.size)


def _wide(name: str) -> float:
    """Return about how wide a row's or a seat's name is as a heading, within what it may take."""
    wide = width(name, _NAME, BOLD) if has_letters(name) else _NAME * len(name)
    return min(max(wide, _LEAST_NAME), _MOST_NAME)


def _baseline(top: float, row: int, leading: float) -> float:
    """Return the height of a row's baseline in a block whose heading begins at `top`."""
    return top - HEADING - (row + 0.78) * leading


def _box(x: float, y: float, size: tuple[float, float]) -> str:
    """Return the operators of a swatch's outline, its lower left corner given."""
    return f"{x:.1f} {y:.1f} {size[0]:.1f} {size[1]:.1f} re"
