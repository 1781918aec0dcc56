"""Section plans made from dice, which sheets are drawn from without a show; and a reader of their PDFs."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from cardstunt.blender_addon.sheets.drill_plan import DrillPlan, Troupe, codes
from cardstunt.blender_addon.sheets.layout import EDGE, Layout
from cardstunt.blender_addon.sheets.programme import Programme
from cardstunt.kernels.books import Books
from cardstunt.kernels.drill import Drill
from cardstunt.kernels.gestures import Gestures
from cardstunt.kernels.ticks import ticks
from cardstunt.scenes.quantities import Tempo
from cardstunt.scenes.schema_cue import Cue
from cardstunt.scenes.seats import SeatMap
from cardstunt.scenes.section_plan import Movement, SectionPlan, Turn

Make = Callable[..., Programme]


def seat_map(rows: int, columns: int, dice: np.random.Generator, sections: list[str], gaps: float) -> SeatMap:
    cells = np.arange(rows * columns)
    taken = dice.random(rows * columns) >= gaps
    taken[0] = True
    row, column = np.divmod(cells, columns)
    section = np.array(sections)[column * len(sections) // columns]
    labels = [
        np.where(taken, text, "") for text in (section, (row + 1).astype(str), (column + 1).astype(str))
    ]
    name = np.char.add(np.char.add(np.char.add(np.char.add(labels[0], "-"), labels[1]), "-"), labels[2])
    places = np.stack([0.5 * column, 0.8 * row, 0.4 * row], -1) * taken[:, None]
    return SeatMap(
        rows, columns, taken, places, np.zeros(len(cells)), *labels, np.where(taken, name, ""), 0.9
    )


def books_of(colour: np.ndarray, mode: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Bind books, not the fewest pages: page (T, N), book (B, N), count (N,)."""
    turns, holders = colour.shape
    page = np.zeros((turns, holders), np.int16)
    bound = [[int(first)] for first in colour[0]]
    for turn in range(1, turns):
        for holder in range(holders):
            at, wanted, own = int(page[turn - 1, holder]), int(colour[turn, holder]), bound[holder]
            if own[at] == wanted:
                page[turn, holder] = at
            elif mode != "books":
                if wanted not in own:
                    own.append(wanted)
                page[turn, holder] = own.index(wanted)
            elif at and own[at - 1] == wanted:
                page[turn, holder] = at - 1
            elif at + 1 < len(own) and own[at + 1] == wanted:
                page[turn, holder] = at + 1
            else:
                own.append(wanted)
                page[turn, holder] = len(own) - 1
    count = np.array([len(own) for own in bound], np.int16)
    book = np.array([own + own[-1:] * (int(count.max()) - len(own)) for own in bound], np.uint8).T
    return page, np.ascontiguousarray(book), count


def make_programme(
    *,
    rows: int = 4,
    columns: int = 6,
    turns: int = 5,
    colours: int = 6,
    mode: str = "books",
    sections: tuple[str, ...] = ("A", "B"),
    gaps: float = 0.1,
    gestures: int = 1,
    music: bool = True,
    title: str = "Made of dice",
    seed: int = 1,
) -> Programme:
    """Return a programme of random pictures, regions, times and gestures; nobody makes a mistake."""
    dice = np.random.default_rng(seed)
    holders = rows * columns
    seats = seat_map(rows, columns, dice, list(sections), gaps)
    palette = dice.permutation(256)[: 3 * colours].reshape(colours, 3).astype(np.uint8)
    matched = dice.integers(0, colours, (turns, holders)).astype(np.uint8)
    # A second and more between two calls; now and then two at once, for different people.
    at = np.cumsum(dice.integers(3, 9, turns)) * Fraction(1, 2)
    at -= at[0]
    included = dice.random((turns, holders)) < 0.8
    included[0] = True
    for turn in range(2, turns):
        if dice.random() < 0.2:
            at[turn:] -= at[turn] - at[turn - 1]
            included[turn] &= ~included[turn - 1]
    wanted, colour = np.zeros((turns, holders), np.int16), matched.copy()
    for turn in range(1, turns):
        wanted[turn] = np.where(included[turn], turn, wanted[turn - 1])
        colour[turn] = np.where(included[turn], matched[turn], colour[turn - 1])
    page, book, count = books_of(np.where(seats.taken, colour, 0), mode)
    called = np.array([ticks(Fraction(moment)) for moment in at], np.int64)
    due = called[:, None] + dice.integers(0, ticks(Fraction(1, 2)), (turns, holders))
    due[0] = 0
    when = [Fraction(int(dice.integers(0, 40)), 4) for _ in range(gestures)]
    made = Gestures(
        kind=dice.integers(0, 4, gestures).astype(np.int8),
        start=np.array([ticks(moment) for moment in when], np.int64)[:, None]
        + dice.integers(0, ticks(Fraction(1)), (gestures, holders)),
        taking=dice.random((gestures, holders)) < 0.5,
        move=np.full(gestures, ticks(Fraction(1, 5))),
        hold=np.full(gestures, ticks(Fraction(5, 2))),
        amount=np.full(gestures, 255, np.int16),
        period=np.full(gestures, ticks(Fraction(1, 3))),
    )
    turn_ticks = np.full(turns, ticks(Fraction(2, 5)))
    never = np.zeros((2, holders), np.int64)
    books = Books(rows, columns, due, turn_ticks, page, book, palette, seats.taken, never, made)
    plan = SectionPlan(
        mode=mode,
        seats=seats,
        turns=tuple(Turn(turn, Fraction(at[turn]), turn, f"page {turn}") for turn in range(turns)),
        movements=tuple(Movement(turns + index, moment, "gesture") for index, moment in enumerate(when)),
        pictures=palette[matched].reshape(turns, rows, columns, 3),
        matched=matched,
        included=included,
        wanted=wanted,
        due=due,
        page=page,
        book=book,
        page_count=np.where(seats.taken, count, 0).astype(np.int16),
        books=books,
        tablets=None,
    )
    cues = [Cue.model_validate({"at": Fraction(moment), "page": "sky"}) for moment in at]
    cues += [Cue.model_validate({"at": moment, "gesture": "raise"}) for moment in when]
    return Programme(title, plan, tuple(cues), Tempo(Fraction(120)) if music else None)


@pytest.fixture(scope="session")
def programme() -> Make:
    """Return a function that makes a programme; see `make_programme`."""
    return make_programme


def make_drill(
    people: tuple[int, ...] = (12, 7),
    *,
    sets: int = 3,
    music: bool = True,
    title: str = "Made of dice",
    step: float = 0.75,
    seed: int = 1,
    **changes: object,
) -> DrillPlan:
    """Return a plan of troupes that walk between places all over the field, each called at its own times.

    `changes` are fields of the first troupe's drill.
    """
    dice = np.random.default_rng(seed)
    names = ("ribbons", "flags", "doves", "hoops")[: len(people)]
    troupes = []
    for index, (name, code, count) in enumerate(zip(names, codes(list(names)), people, strict=True)):
        # No two on one spot: every place is a cell's of its own.
        cells = np.stack([dice.permutation(60 * 42)[:count] for _ in range(sets)])
        places = np.stack([cells // 42 * 2.0 - 59.0, cells % 42 * 4.0 - 82.0], -1)
        places += dice.uniform(-0.7, 0.7, places.shape)
        leave = np.array(
            [ticks(Fraction(20 * number + (3 * index if number else 0))) for number in range(sets)]
        )
        arrive = leave + ticks(Fraction(10)) * (np.arange(sets) > 0)
        drill = Drill(
            places,
            leave,
            arrive,
            np.zeros(sets, int),
            np.zeros((sets, count), np.int64),
            np.full(sets, np.pi),
            step_length=step,
        )
        troupes.append(
            Troupe(
                name,
                code,
                tuple(dice.integers(0, 200, 3).tolist()),
                replace(drill, **changes) if index == 0 else drill,
                tuple(f"{name} in {number}" for number in range(sets)),
                tuple(("jump", "wave, 4 counts", "stand")[number % 3] for number in range(sets)),
            )
        )
    return DrillPlan(title, Tempo(Fraction(120)) if music else None, tuple(troupes))


@pytest.fixture(scope="session")
def drill() -> Callable[..., DrillPlan]:
    """Return a function that makes a plan of the field; see `make_drill`."""
    return make_drill


@dataclass
class Printed:
    """What is printed on a page: texts with the place of their beginning, and filled boxes.

    Attributes
    ----------
    size : (width, height)
    texts : list of (x, y, text)
    boxes : list of (x, y, width, height, (red, green, blue))
        Bytes.
    pictures : list of str
    dots : list of (x, y, (red, green, blue))
        Strokes with round ends and no length.
    lines : list of ((x, y), (x, y), …)
        All other strokes.
    """

    size: tuple[float, float]
    texts: list[tuple[float, float, str]] = field(default_factory=list)
    boxes: list[tuple[float, float, float, float, tuple[int, ...]]] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)
    dots: list[tuple[float, float, tuple[int, ...]]] = field(default_factory=list)
    lines: list[tuple[tuple[float, float], ...]] = field(default_factory=list)

    @property
    def words(self) -> list[str]:
        return [text for *_, text in self.texts]

    def beside(self, x: float, y: float, within: float) -> list[str]:
        """Texts that begin at a height, to the right of x and not farther than `within`."""
        return [text for left, low, text in self.texts if abs(low - y) < 0.6 and 0 <= left - x < within]


_TOKEN = re.compile(rb"\((?:\\.|[^\\()])*\)|/[^\s/\[\]<>()]+|[\[\]]|[^\s/\[\]()]+", re.DOTALL)
_ESCAPE = re.compile(rb"\\([0-7]{3}|.)", re.DOTALL)


class PdfReader:
    """Reads the few operators that the sheets use; fails on all others."""

    def __init__(self, path: Path) -> None:
        data = path.read_bytes()
        self.objects = {
            int(match[1]): match[2] for match in re.finditer(rb"(\d+) 0 obj(.*?)endobj", data, re.DOTALL)
        }
        self.forms = {
            name: int(number) for name, number in re.findall(rb"/(FormXob\.[^\s/]+) (\d+) 0 R", data)
        }
        self.fonts = {
            name: self._letters(int(number)) for name, number in re.findall(rb"/(F\d\+\d) (\d+) 0 R", data)
        }
        kids = next(body for body in self.objects.values() if b"/Kids" in body)
        order = re.findall(rb"(\d+) 0 R", re.search(rb"/Kids \[(.*?)\]", kids, re.DOTALL)[1])
        self.pages = [self._page(int(number)) for number in order]

    def _stream(self, number: int) -> bytes:
        raw = re.search(rb"stream\r?\n(.*)endstream", self.objects[number], re.DOTALL)[1]
        return zlib.decompressobj().decompress(raw)

    def _letters(self, number: int) -> dict[int, str]:
        table = self._stream(int(re.search(rb"/ToUnicode (\d+)", self.objects[number])[1]))
        return {
            int(code, 16): chr(int(letter, 16)) for code, letter in re.findall(rb"<(..)> <(....)>", table)
        }

    def _page(self, number: int) -> Printed:
        body = self.objects[number]
        box = re.search(rb"/MediaBox \[\s*(.*?)\s*\]", body)[1].split()
        page = Printed((float(box[2]), float(box[3])))
        self._read(self._stream(int(re.search(rb"/Contents (\d+)", body)[1])), page, (0.0, 0.0))
        return page

    def _read(self, code: bytes, page: Printed, origin: tuple[float, float]) -> None:
        _Reading(self, page, origin).run(code)


class _Reading:
    """Follows the operators of one stream."""

    _NOTHING_TO_SEE = (b"w", b"d", b"j", b"c", b"h", b"W", b"W*")

    def __init__(self, file: PdfReader, page: Printed, origin: tuple[float, float]) -> None:
        self.file, self.page, self.origin = file, page, origin
        self.colour: tuple[int, ...] = (0, 0, 0)
        self.saved, self.boxes = [], []
        self.strokes: list[list[tuple[float, float]]] = []
        self.pen: tuple[int, ...] = (0, 0, 0)
        self.round = False
        self.font, self.leading, self.at = b"", 0.0, (0.0, 0.0)
        self.does = {
            **dict.fromkeys((b"rg", b"g"), self._fill),
            **dict.fromkeys((b"B", b"B*", b"f", b"f*"), self._paint),
            **dict.fromkeys((b"RG", b"G"), self._dip),
            b"n": lambda stack: (self.boxes.clear(), self.strokes.clear()),
            b"S": self._stroke,
            b"m": lambda stack: self.strokes.append([self._point(stack)]),
            b"l": lambda stack: self.strokes[-1].append(self._point(stack)),
            b"J": lambda stack: setattr(self, "round", stack[-1] == b"1"),
            **dict.fromkeys((b"BT", b"ET"), lambda stack: self._place(0.0, 0.0)),
            **dict.fromkeys(self._NOTHING_TO_SEE, lambda stack: None),
            b"q": lambda stack: self.saved.append((self.origin, self.colour)),
            b"Q": self._restore,
            b"cm": self._move,
            b"re": self._box,
            b"Tf": lambda stack: setattr(self, "font", stack[-2][1:]),
            b"TL": lambda stack: setattr(self, "leading", float(stack[-1])),
            b"Tm": lambda stack: self._place(float(stack[4]), float(stack[5])),
            b"Td": lambda stack: self._place(self.at[0] + float(stack[0]), self.at[1] + float(stack[1])),
            b"T*": lambda stack: self._place(self.at[0], self.at[1] - self.leading),
            b"Tj": self._write,
            b"'": lambda stack: (self.does[b"T*"](stack), self._write(stack)),
            b"Do": self._insert,
        }

    def run(self, code: bytes) -> None:
        stack: list[bytes] = []
        for token in _TOKEN.findall(code):
            if token[:1] in b"(/[]" or re.fullmatch(rb"[+-]?[0-9.]+", token):
                stack.append(token)
            else:
                self.does[token](stack)
                stack = []

    def _fill(self, stack: list[bytes]) -> None:
        self.colour = self._ink(stack)

    def _dip(self, stack: list[bytes]) -> None:
        self.pen = self._ink(stack)

    @staticmethod
    def _ink(stack: list[bytes]) -> tuple[int, ...]:
        parts = [round(255 * float(part)) for part in stack]
        return tuple(parts * 3 if len(parts) == 1 else parts)

    def _point(self, stack: list[bytes]) -> tuple[float, float]:
        return self.origin[0] + float(stack[-2]), self.origin[1] + float(stack[-1])

    def _stroke(self, stack: list[bytes]) -> None:
        for points in self.strokes:
            if self.round and len(points) == 2 and abs(points[0][0] - points[1][0]) < 0.05:
                self.page.dots.append((*points[0], self.pen))
            else:
                self.page.lines.append(tuple(points))
        self.boxes.clear()
        self.strokes.clear()

    def _paint(self, stack: list[bytes]) -> None:
        self.page.boxes += [(*box, self.colour) for box in self.boxes]
        self.boxes.clear()
        self.strokes.clear()

    def _box(self, stack: list[bytes]) -> None:
        x, y, wide, high = map(float, stack)
        self.boxes.append((self.origin[0] + x, self.origin[1] + y, wide, high))

    def _restore(self, stack: list[bytes]) -> None:
        self.origin, self.colour = self.saved.pop()

    def _move(self, stack: list[bytes]) -> None:
        # Nothing is scaled but pictures and the text in them, whose size is not looked at.
        self.origin = (self.origin[0] + float(stack[4]), self.origin[1] + float(stack[5]))

    def _place(self, x: float, y: float) -> None:
        self.at = (x, y)

    def _write(self, stack: list[bytes]) -> None:
        plain = _ESCAPE.sub(
            lambda match: bytes([int(match[1], 8)]) if len(match[1]) == 3 else match[1], stack[-1][1:-1]
        )
        text = "".join(self.file.fonts[self.font][code] for code in plain)
        self.page.texts.append((self.origin[0] + self.at[0], self.origin[1] + self.at[1], text))

    def _insert(self, stack: list[bytes]) -> None:
        name = stack[-1][1:]
        if b"/Subtype /Form" in self.file.objects[self.file.forms[name]]:
            self.file._read(self.file._stream(self.file.forms[name]), self.page, self.origin)
        else:
            self.page.pictures.append(name.decode())


@pytest.fixture
def read_pdf() -> Callable[[Path], list[Printed]]:
    """Return a function that reads what is printed on the pages of a PDF."""
    return lambda path: PdfReader(path).pages


@dataclass
class Told:
    """What one person's sheets say: of each cue its words and the colour of its swatch; the book's pages."""

    seat: list[str] = field(default_factory=list)
    cues: dict[int, tuple[list[str], tuple[int, ...] | None]] = field(default_factory=dict)
    pages: dict[str, tuple[str, tuple[int, ...]]] = field(default_factory=dict)

    def read(self, side: Printed, layout: Layout) -> None:
        """Add what one side says, as a person reads it: a row of a column belongs together."""
        heading = next((y for _, y, text in side.texts if text.startswith("Your ")), -1.0)
        rule = max(y for _, y, text in side.texts if text.startswith(("cue", "Your ")))
        self.seat = self.seat or [text for _, y, text in side.texts if y > rule + 1][1:-1]
        for x, y, text in side.texts:
            in_cues = heading < y < rule - 1
            style = layout.cues if in_cues else layout.pages
            column = (x - EDGE) / style.column_width
            if abs(column - round(column)) > 0.01 or not 30 < y < rule - 1 or y == heading:
                continue
            words = (
                side.beside(x, y, style.column_width - 1)[1:]
                if in_cues
                else side.beside(x, y, style.column_width - 1)
            )
            swatches = [
                colour
                for left, low, wide, high, colour in side.boxes
                if wide < 80 and low < y + 2 < low + high and 0 < left - x < style.column_width - 1
            ]
            assert len(swatches) <= 1
            if in_cues:
                self.cues[int(text)] = words, swatches[0] if swatches else None
            else:
                number, name = words
                self.pages[number] = name, swatches[0]


_LINE = re.compile(r"([LRFB])(\d+)|centre|middle")
_STEPS = re.compile(r"(\d*\.?\d*)([¼½¾]?) ")


def metres_told(words: str, step: float) -> float:
    """What a reader of "2¾ outside R35" understands: metres to the right, or away from the main stand."""
    line = _LINE.search(words)
    at = float(line[2] or 0) * {"L": -1, "F": -1, None: 1}.get(line[1], 1) if line[1] else 0.0
    if words.startswith("on "):
        return at
    found = _STEPS.match(words)
    steps = float(found[1] or 0) + {"": 0, "¼": 0.25, "½": 0.5, "¾": 0.75}[found[2]]
    assert steps > 0
    towards = {"right of": 1, "left of": -1, "behind": 1, "in front of": -1}
    towards |= {"outside": np.sign(at), "inside": -np.sign(at)}
    return at + steps * step * next(sign for word, sign in towards.items() if f" {word} " in words)


@pytest.fixture(scope="session")
def understood() -> Callable[[str, float], float]:
    """Return the function that reads steps off a line as a person does; see `metres_told`."""
    return metres_told


@pytest.fixture
def read_booklets(read_pdf: Callable[[Path], list[Printed]]) -> Callable[[Path, Layout], list[Told]]:
    """Return a function that reads what the booklets in a file tell each person."""

    def read(path: Path, layout: Layout) -> list[Told]:
        parts = [(layout.height, 2 * layout.height), (0.0, layout.height)] if layout.halves else [(0.0, 9e9)]
        pages, sides = read_pdf(path), []
        # As they are cut: the lower pile comes under the upper one.
        for low, high in parts:
            for page in pages:
                side = Printed(
                    page.size,
                    [(x, y - low, text) for x, y, text in page.texts if low <= y < high],
                    [(x, y - low, *rest) for x, y, *rest in page.boxes if low <= y < high],
                )
                if side.texts:
                    sides.append(side)
        people = []
        for first in range(0, len(sides), len(layout.spreads)):
            people.append(Told())
            for side, spread in zip(sides[first:], layout.spreads, strict=False):
                if spread.lines or spread.pages:
                    people[-1].read(side, layout)
        return people

    return read
