"""The paper to be bought, on paper: each colour with its swatch, in all and by section, and how to print."""

from __future__ import annotations

from pathlib import Path

from reportlab.pdfgen.canvas import Canvas

from ...scenes.schema_card_section import Mode
from .layout import EDGE
from .lettering import A4, BOLD, draw, pdf_file
from .paper import COVER, GRAMMAGE, REAM, Colour, PaperNeeds, per_cent, reams
from .programme import Programme

_TOP, _ROW, _TURN = A4[1] - 50.0, 17.0, 60.0
_SECTIONS = 10
_FULL = 4
_PRINT = (
    "printing_order.csv lists, colour by colour, what is printed on each sheet: the seat and the page.",
    "Print a colour from its first row to its last before the paper is changed.",
    "Lay the sheets on one pile a seat; the rows of a colour are ordered by section, row and number.",
)
_BIND = {
    "books": (
        "Fold each sheet in the middle, its colour inside: it is what an open book shows, left and right.",
        "Order each pile by page number, glue the sheets back to back, and put them into the cover.",
    ),
    "cards": ("Order each pile by card number, and stiffen each card with board.",),
    "two_sided": ("Glue each card's front and back together, and order the cards by number.",),
}
_CHECK = "seat_colours.csv lists each seat's colours in that order, to check a pile against."


def write_purchase_list(path: Path, programme: Programme, needs: PaperNeeds) -> None:
    """Write the list as PDF, whole or not at all.

    Raises
    ------
    OSError
        When the file cannot be written.
    """
    with pdf_file(path, f"{programme.title}: paper") as canvas:
        sheet = _Sheet(canvas, programme.title)
        people = sum(len(seats) for seats in programme.sections.values())
        total, to_buy = int(needs.sheets.sum()), int(needs.to_buy.sum())
        what = {"two_sided": "sides of cards, each a sheet to be glued to another", "cards": "cards"}.get(
            programme.plan.mode, "pages and covers"
        )
        sheet.text(f"{people:,} people, {total:,} sheets ({what}).")
        sheet.text(
            f"To buy with {per_cent(needs.spare)} spare, rounded up in each section and colour: "
            f"{to_buy:,} sheets."
        )
        sheet.text(_weights(needs, programme.plan.mode))
        sheet.gap(8)
        sheet.heads(("sheets", "spare", "to buy", f"reams of {REAM}"), _FULL)
        for index, colour in enumerate(needs.colours):
            count, buy = int(needs.sheets[:, index].sum()), int(needs.to_buy[:, index].sum())
            sheet.colour(colour, (count, buy - count, buy, reams(buy)), _FULL)
        packs = sum(reams(int(buy)) for buy in needs.to_buy.sum(axis=0))
        sheet.numbers("in all", (total, to_buy - total, to_buy, packs), _FULL)
        for first in range(0, len(needs.sections), _SECTIONS) if len(needs.sections) > 1 else ():
            _sections(sheet, needs, first)
        steps = (*_PRINT, *_BIND[programme.plan.mode], _CHECK)
        sheet.heading("How to print and bind", 3 + len(steps))
        for number, step in enumerate(steps, 1):
            sheet.text(f"{number}.  {step}")
        canvas.showPage()


def _weights(needs: PaperNeeds, mode: Mode) -> str:
    """Say how large a sheet is, and how heavy all of them and the thickest book are."""
    across, up = (f"{100 * side:.0f}" for side in needs.size)
    is_cover = [colour.name == COVER for colour in needs.colours]
    sheets = int(needs.to_buy.sum()) - int(needs.to_buy[:, is_cover].sum())
    whole = needs.weight(sheets)
    heavy = f"{whole / 1000:,.1f} t" if whole >= 1000 else f"{whole:,.1f} kg"
    most = "the thickest book" if mode == "books" else "the most cards of one person"
    return (
        f"As large as in the film, {across} by {up} cm, and of {GRAMMAGE} g/m² paper: {heavy} in all; "
        f"{most}, {needs.thickest} sheets, {needs.weight(needs.thickest):.1f} kg."
    )


def _sections(sheet: _Sheet, needs: PaperNeeds, first: int) -> None:
    names = needs.sections[first : first + _SECTIONS]
    sheet.heading("To buy by section, with spare sheets", 4)
    sheet.heads(names, len(names))
    for index, colour in enumerate(needs.colours):
        sheet.colour(colour, tuple(needs.to_buy[first : first + _SECTIONS, index].tolist()), len(names))
    sheet.numbers("in all", tuple(needs.to_buy[first : first + _SECTIONS].sum(axis=1).tolist()), len(names))


class _Sheet:
    """Writes rows down a page, and goes on to the next when it is full."""

    def __init__(self, canvas: Canvas, title: str) -> None:
        self.canvas, self.title, self.page = canvas, title, 0
        self._heads: tuple[tuple[str, ...], int] | None = None
        self._begin()

    def _begin(self) -> None:
        self.page += 1
        canvas = self.canvas
        canvas.setFillGray(0)
        draw(canvas, (EDGE, _TOP), f"{self.title}: paper", 16, BOLD, room=A4[0] - 2 * EDGE - 60)
        draw(canvas, (A4[0] - EDGE, _TOP), f"page {self.page}", 9, right=True)
        self.y = _TOP - 30

    def _room_for(self, rows: int) -> None:
        if self.y - rows * _ROW < _TURN:
            self.canvas.showPage()
            self._begin()
            if self._heads is not None:
                self.heads(*self._heads)

    def gap(self, points: float) -> None:
        """Leave room."""
        self.y -= points

    def text(self, text: str) -> None:
        """Write a line."""
        self._room_for(1)
        draw(self.canvas, (EDGE, self.y), text, 9, room=A4[0] - 2 * EDGE)
        self.y -= _ROW - 2

    def heading(self, text: str, rows: int) -> None:
        """Write a heading that has room below it for some rows."""
        self._heads = None
        self.y -= _ROW
        self._room_for(rows)
        draw(self.canvas, (EDGE, self.y), text, 11, BOLD)
        self.y -= _ROW

    def heads(self, names: tuple[str, ...], columns: int) -> None:
        """Write the heads of a table's columns of numbers, again on each page."""
        self._heads = names, columns
        for index, name in enumerate(names):
            draw(
                self.canvas,
                (self._right(index, columns), self.y),
                name,
                8,
                right=True,
                room=_wide(columns) - 6,
            )
        self.y -= 5
        self.canvas.setLineWidth(0.5)
        self.canvas.line(EDGE, self.y, A4[0] - EDGE, self.y)
        self.y -= _ROW - 4

    def colour(self, colour: Colour, numbers: tuple[int, ...], columns: int) -> None:
        """Write a row of a colour's table."""
        self._room_for(1)
        parts = [int(colour.code[start : start + 2], 16) / 255 for start in (1, 3, 5)]
        self.canvas.setFillColorRGB(*parts)
        self.canvas.setStrokeGray(0.55)
        self.canvas.setLineWidth(0.3)
        self.canvas.rect(EDGE, self.y - 3, 26, 12, stroke=1, fill=1)
        self.canvas.setFillGray(0)
        left = EDGE + 32
        note = f"{colour.code}  {colour.stock}".strip() if columns <= _FULL else ""
        wide = self._right(0, columns) - _wide(columns) - left
        draw(self.canvas, (left, self.y), colour.name, 9, room=wide * (0.5 if note else 1.0))
        if note:
            draw(self.canvas, (left + wide * 0.55, self.y), note, 8, room=wide * 0.45)
        self._numbers(numbers, columns)

    def numbers(self, name: str, numbers: tuple[int, ...], columns: int) -> None:
        """Write a row of sums."""
        self._room_for(1)
        draw(self.canvas, (EDGE + 32, self.y), name, 9, BOLD)
        self._numbers(numbers, columns)

    def _numbers(self, numbers: tuple[int, ...], columns: int) -> None:
        for index, number in enumerate(numbers):
            draw(self.canvas, (self._right(index, columns), self.y), f"{number:,}", 9, right=True)
        self.y -= _ROW

    @staticmethod
    def _right(index: int, columns: int) -> float:
        return A4[0] - EDGE - (columns - 1 - index) * _wide(columns)


def _wide(columns: int) -> float:
    return min(70.0, 410.0 / columns)
