"""The report of `cardstunt check` as PDF, A4."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from ..scenes.feasibility import KINDS, LIMITS, SEVERITIES, Severity
from .check_report import LIMITS_SAID, SEVERITY_WORDS, Report, headline
from .sheets.lettering import A4, BOLD, PLAIN, draw, has_letters, pdf_file, width

RGB = tuple[float, float, float]

_LEFT, _RIGHT, _TOP, _BOTTOM = 48.0, A4[0] - 48.0, A4[1] - 48.0, 54.0
_INK: RGB = (0.11, 0.12, 0.13)
_FAINT: RGB = (0.40, 0.40, 0.43)
_LINE: RGB = (0.85, 0.84, 0.81)
_BAR: RGB = (0.55, 0.55, 0.60)
_TONES: dict[Severity, RGB] = {
    "high": (0.70, 0.07, 0.18),
    "medium": (0.65, 0.35, 0.0),
    "low": (0.18, 0.37, 0.62),
}
_TEXT, _SMALL, _LEADING = 8.6, 7.6, 1.38
_PICTURE = 236.0
_GAP = 14.0
_NAMES = 56.0


def write_pdf(report: Report, path: Path) -> None:
    """Write the report as PDF, whole or not at all; the same report gives the same bytes."""
    with pdf_file(path, f"{report.title}: can it be done?") as canvas:
        writer = _Writer(canvas, report)
        writer.front()
        for number in range(len(report.findings)):
            writer.finding(number)
        writer.limits()
        writer.end_page()


class _Writer:
    """Fills pages from the top; `y` is how far down it has come, in points."""

    def __init__(self, canvas: Canvas, report: Report) -> None:
        self.canvas, self.report = canvas, report
        self.y, self.page = _TOP, 1

    def end_page(self) -> None:
        self._colour(_FAINT)
        draw(self.canvas, (_LEFT, 30), f"{self.report.title}: feasibility", _SMALL, room=380)
        draw(self.canvas, (_RIGHT, 30), str(self.page), _SMALL, right=True)
        self.canvas.showPage()

    def room(self, height: float) -> None:
        """Go on to a new page when there is not so much left of this one."""
        if self.y - height < _BOTTOM and self.y < _TOP:
            self.end_page()
            self.y, self.page = _TOP, self.page + 1

    def front(self) -> None:
        report = self.report
        self._text(f"Feasibility report, {report.file}", _TEXT, _FAINT)
        self.y -= 6
        self._text(report.title, 21, _INK, face=BOLD)
        self.y -= 6
        self._text(report.verdict, 10.5, _INK)
        self.y -= 10
        for fact in report.facts:
            self._pair(fact.name, fact.value, _LEFT, _RIGHT - _LEFT, _NAMES + 20)
        self._heading("What was looked for")
        columns = [_RIGHT - 180.0, _RIGHT - 90.0, _RIGHT]
        self._colour(_FAINT)
        for place, severity in zip(columns, SEVERITIES, strict=True):
            draw(self.canvas, (place, self.y - _TEXT), SEVERITY_WORDS[severity], _TEXT, right=True)
        self._rule(_TEXT * 1.7)
        for kind, counts in report.counts().items():
            self._colour(_INK if any(counts.values()) else _FAINT)
            draw(self.canvas, (_LEFT, self.y - _TEXT), KINDS[kind], _TEXT)
            for place, severity in zip(columns, SEVERITIES, strict=True):
                self._colour(_TONES[severity] if counts[severity] else _FAINT)
                draw(self.canvas, (place, self.y - _TEXT), str(counts[severity]), _TEXT, right=True)
            self._rule(_TEXT * 1.7)
        self._books()

    def finding(self, number: int) -> None:
        """Draw a finding: its picture on the left, its facts on the right, never over two pages."""
        finding, facts = self.report.findings[number], self.report.facts_of(number)
        left, tone = _LEFT + 12, _TONES[finding.severity]
        title = _wrapped(headline(finding), 9.8, _RIGHT - left, BOLD)
        beside = left + _PICTURE + _GAP
        values = [_wrapped(fact.value, _TEXT, _RIGHT - beside - _NAMES) for fact in facts]
        picture = self.report.picture(number)
        high = _PICTURE * picture.height / picture.width
        shrink = min(1.0, 260.0 / high)
        lines = sum(len(value) for value in values)
        title_height = _TEXT * _LEADING + len(title) * 9.8 * _LEADING + 5
        height = title_height + max(high * shrink, lines * _TEXT * _LEADING)
        if number == 0:
            self._heading("Findings", height + 60)
        self.room(height + 18)
        top = self.y
        self._colour(tone)
        draw(self.canvas, (_RIGHT, self.y - _TEXT), SEVERITY_WORDS[finding.severity], _TEXT, right=True)
        self._line(f"{number + 1}. {KINDS[finding.kind]}", _TEXT, tone, left)
        for line in title:
            self._line(line, 9.8, _INK, left, BOLD)
        self.y = top - title_height
        flat = Image.new("RGB", picture.size, "white")
        flat.paste(picture.convert("RGBA"), mask=picture.convert("RGBA").getchannel("A"))
        size = _PICTURE * shrink, high * shrink
        self.canvas.drawImage(ImageReader(flat), left, self.y - size[1], *size)
        for fact, value in zip(facts, values, strict=True):
            self._colour(_FAINT)
            draw(self.canvas, (beside, self.y - _TEXT), fact.name, _TEXT)
            for line in value:
                self._line(line, _TEXT, _INK, beside + _NAMES)
        self.y = top - height
        self.canvas.setFillColorRGB(*tone)
        self.canvas.rect(_LEFT, self.y, 2.5, height, stroke=0, fill=1)
        self.y -= 18

    def limits(self) -> None:
        self._heading("Limits, and what they rest on", 120)
        self._text(
            LIMITS_SAID,
            _TEXT,
            _INK,
        )
        self.y -= 6
        places = (_LEFT, _LEFT + 18, _LEFT + 138, _LEFT + 222, _LEFT + 284)
        rooms = (18.0, 114.0, 78.0, 58.0, _RIGHT - places[-1])
        for number, limit in enumerate(LIMITS, 1):
            cells = (str(number), limit.name, limit.text, limit.basis, limit.source)
            wrapped = [_wrapped(cell, _SMALL, room) for cell, room in zip(cells, rooms, strict=True)]
            height = max(map(len, wrapped)) * _SMALL * _LEADING + 5
            self.room(height)
            top = self.y
            for place, lines in zip(places, wrapped, strict=True):
                self.y = top
                for line in lines:
                    self._line(line, _SMALL, _INK, place)
            self.y = top
            self._rule(height)

    def _books(self) -> None:
        counts = self.report.pages_of_books
        if not counts:
            return
        self._heading("How many pages the books have", 110)
        first = next(number for number, count in enumerate(counts) if count)
        shown, most = counts[first:], max(counts)
        step, high = (_RIGHT - _LEFT) / len(shown), 62.0
        self.canvas.setFillColorRGB(*_BAR)
        for number, count in enumerate(shown):
            if count:
                size = 0.92 * step, high * count / most
                place = _LEFT + (number + 0.04) * step, self.y - high
                self.canvas.rect(*place, *size, stroke=0, fill=1)
        self.y -= high + 3
        self._colour(_FAINT)
        draw(self.canvas, (_LEFT, self.y - _SMALL), f"{first} pages", _SMALL)
        middle = f"at most {most:,} books of one size"
        draw(self.canvas, ((_LEFT + _RIGHT - width(middle, _SMALL)) / 2, self.y - _SMALL), middle, _SMALL)
        draw(self.canvas, (_RIGHT, self.y - _SMALL), f"{len(counts) - 1} pages", _SMALL, right=True)
        self.y -= 2 * _SMALL

    def _heading(self, words: str, below: float = 60.0) -> None:
        self.room(below)
        self.y -= 14 if self.y < _TOP else 0
        self._text(words, 12.5, _INK, face=BOLD)
        self.y -= 6

    def _text(self, words: str, size: float, colour: RGB, left: float = _LEFT, face: str = PLAIN) -> None:
        for line in _wrapped(words, size, _RIGHT - left, face):
            self._line(line, size, colour, left, face)

    def _line(self, words: str, size: float, colour: RGB, left: float, face: str = PLAIN) -> None:
        self._colour(colour)
        draw(self.canvas, (left, self.y - size), words, size, face, room=_RIGHT - left)
        self.y -= size * _LEADING

    def _pair(self, name: str, value: str, left: float, room: float, names: float) -> None:
        self._colour(_FAINT)
        draw(self.canvas, (left, self.y - _TEXT), name, _TEXT)
        for line in _wrapped(value, _TEXT, room - names):
            self._line(line, _TEXT, _INK, left + names)

    def _rule(self, height: float) -> None:
        self.y -= height
        self.canvas.setStrokeColorRGB(*_LINE)
        self.canvas.setLineWidth(0.5)
        self.canvas.line(_LEFT, self.y + 2, _RIGHT, self.y + 2)

    def _colour(self, colour: RGB) -> None:
        self.canvas.setFillColorRGB(*colour)


def _wrapped(words: str, size: float, room: float, face: str = PLAIN) -> list[str]:
    """Break a text into lines that are at most so many points wide, where it has spaces."""

    def wide(text: str) -> float:
        # Letters that the font has not are set as a picture; they are seldom wider than high.
        return width(text, size, face) if has_letters(text) else size * len(text)

    lines: list[str] = []
    for word in words.split():
        if lines and wide(f"{lines[-1]} {word}") <= room:
            lines[-1] = f"{lines[-1]} {word}"
        else:
            lines += _pieces(word, room, wide)
    return lines or [""]


def _pieces(word: str, room: float, wide: Callable[[str], float]) -> list[str]:
    """Cut a word that is too long for a line."""
    pieces = [""]
    for letter in word:
        if pieces[-1] and wide(pieces[-1] + letter) > room:
            pieces.append("")
        pieces[-1] += letter
    return pieces
