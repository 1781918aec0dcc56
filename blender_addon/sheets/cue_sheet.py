"""The conductor's sheet: each cue, when it is called, how it goes through the section, what is then seen."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from ...kernels.ticks import ticks
from ...scenes.feasibility.seats_in_words import EVERYWHERE, seats_in_words
from ...scenes.schema_cue import Flip
from .counting import clock, counts, tenths
from .layout import EDGE
from .lettering import A4, BOLD, draw, pdf_file
from .programme import GESTURE, STAY, Duties, Line, Programme

_WIDE, _TALL = 200.0, 140.0
_TOP, _FOOT = A4[1] - 62.0, 30.0
#: Points a cue takes at least: its number and name, and four lines of remarks.
_LOWEST, _REMARK, _LEADING = 82.0, 9.0, 11.0
_SIDES = {0: "the left", 90: "the bottom", 180: "the right", 270: "the top"}


def write_cue_sheet(
    path: Path, programme: Programme, done: Callable[[int, int], None] = lambda done, of: None
) -> None:
    """Write the sheet as PDF, whole or not at all.

    Parameters
    ----------
    done : callable (cues, of)
        Called as cues are drawn.

    Raises
    ------
    OSError
        When the file cannot be written.
    """
    duties = programme.duties(programme.order)
    size = _thumbnail_size(programme)
    # As many cues as a page can have, and all of the page for them.
    rows = int((_TOP - _FOOT) // max(size[1] + 10, _LOWEST))
    height = (_TOP - _FOOT) / rows
    lines = programme.lines
    with pdf_file(path, f"{programme.title}: cue sheet") as canvas:
        for number in range(len(lines)):
            page, row = divmod(number, rows)
            if row == 0:
                if page:
                    canvas.showPage()
                _head(canvas, programme, f"page {page + 1} of {-(-len(lines) // rows)}")
            _draw_line(canvas, programme, duties, number, (_TOP - row * height, height), size)
            done(number + 1, len(lines))
        canvas.showPage()


def _head(canvas: Canvas, programme: Programme, page: str) -> None:
    canvas.setFillGray(0)
    draw(canvas, (EDGE, _TOP + 26), programme.title, 16, BOLD, room=A4[0] - 2 * EDGE - 190)
    draw(canvas, (A4[0] - EDGE, _TOP + 26), f"conductor's cue sheet, {page}", 9, right=True)
    canvas.setFillGray(0.35)
    counted = " and in bar·beat" if programme.tempo is not None else ""
    legend = f"Each cue when it is called, by the clock{counted}, and what the section shows after it."
    draw(canvas, (EDGE, _TOP + 13), legend, 7.5, room=A4[0] - 2 * EDGE)
    canvas.setFillGray(0)
    canvas.setLineWidth(0.8)
    canvas.line(EDGE, _TOP + 8, A4[0] - EDGE, _TOP + 8)


def _draw_line(
    canvas: Canvas,
    programme: Programme,
    duties: Duties,
    number: int,
    place: tuple[float, float],
    size: tuple[float, float],
) -> None:
    line, (top, height) = programme.lines[number], place
    picture = Image.fromarray(thumbnail(programme, duties, number))
    left = A4[0] - EDGE - size[0]
    canvas.drawImage(ImageReader(picture), left, top - size[1], *size)
    canvas.setStrokeGray(0.7)
    canvas.setLineWidth(0.3)
    canvas.rect(left, top - size[1], *size, stroke=1, fill=0)
    canvas.line(EDGE, top - height + 5, A4[0] - EDGE, top - height + 5)
    canvas.setFillGray(0)
    draw(canvas, (EDGE, top - 13), str(number), 15, BOLD)
    moment = np.array([ticks(line.at)])
    x = EDGE + 46
    draw(canvas, (x, top - 13), clock(int(tenths(moment)[0])), 13, BOLD)
    draw(canvas, (x + 78, top - 13), programme.count(int(programme.halves(moment)[0])), 13)
    room = left - 12 - x
    draw(canvas, (x, top - 27), line.label, 11, BOLD, room=room)
    y = top - 39
    said = remarks(programme, duties, number)
    # Who is called and what comes next must be there; of several orders those that have room.
    lines = int((y - (top - height + 9)) / _LEADING) + 1
    for remark in [*orders(programme, line)[: max(1, lines - len(said))], *said]:
        draw(canvas, (x, y), remark, _REMARK, room=room)
        y -= _LEADING


def _thumbnail_size(programme: Programme) -> tuple[float, float]:
    seats = programme.plan.seats
    shape = seats.columns * seats.cell_aspect / seats.rows
    return min(_WIDE, _TALL * shape), min(_TALL, _WIDE / shape)


def thumbnail(programme: Programme, duties: Duties, number: int) -> npt.NDArray[np.uint8]:
    """Draw the section as it is once everybody has followed a cue.

    Parameters
    ----------
    duties : Duties
        Of all seats.
    number : int
        Which of the programme's lines; at a gesture those who do not take part are pale.

    Returns
    -------
    (rows, columns, 3) uint8
        sRGB, the back row first; white where there is no seat.
    """
    plan, line = programme.plan, programme.lines[number]
    rows, columns = plan.seats.rows, plan.seats.columns
    whole = np.full((rows * columns, 3), 255, np.uint8)
    if programme.has_books:
        whole[duties.seats] = programme.palette[duties.colour[number]]
    else:
        turn = max(
            programme.lines[index].turns[-1] for index in range(number + 1) if programme.lines[index].turns
        )
        shown = plan.wanted[turn, duties.seats]
        row, column = np.divmod(duties.seats, columns)
        whole[duties.seats] = plan.pictures[shown, row, column]
    if line.movement is not None:
        others = duties.seats[duties.action[number] != GESTURE]
        whole[others] = 255 - (255 - whole[others]) // 5
    return np.ascontiguousarray(whole.reshape(rows, columns, 3)[::-1])


def order_text(flip: Flip) -> str:
    """Write how a cue goes through the section: "sweep from the left over 2 s, each turns in 0.4 s"."""
    words: list[str] = [flip.order]
    if flip.order == "sweep":
        degrees = np.degrees(flip.from_) % 360
        side = _SIDES.get(round(degrees)) if abs(degrees - round(degrees)) < 1e-6 else None
        words.append(f"from {side}" if side else f"at {degrees:.3g} degrees")
    elif flip.order == "canon":
        words.append(f"in {flip.groups} groups of {flip.along}")
    elif flip.order in {"ripple", "iris", "spiral"}:
        across, up = (f"{100 * share:.3g} %" for share in flip.centre)
        words.append(f"about {across} across, {up} up")
    if flip.reverse:
        words.append("reversed")
    if flip.over:
        words.append(f"over {float(flip.over):.3g} s")
    return f"{' '.join(words)}, each takes {float(flip.turn):.3g} s"


def orders(programme: Programme, line: Line) -> list[str]:
    """Return how a call goes through the section, a line of text for each of the show's cues in it."""
    plan = programme.plan
    if line.movement is not None:
        flip = programme.cues[plan.movements[line.movement].cue].flip
        kind, held = programme.gesture_text(line.movement)
        return [f"{kind}{', ' + held if held else ''}: {order_text(flip)}"]
    if line.turns[0] == 0:
        return ["open from the beginning"]
    flips = dict.fromkeys(order_text(programme.cues[plan.turns[turn].cue].flip) for turn in line.turns)
    return list(flips)


def remarks(programme: Programme, duties: Duties, number: int) -> list[str]:
    """Return who does what at a call, when all have done it, and how long it is to the next."""
    plan, line, action = programme.plan, programme.lines[number], duties.action[number]
    people = action.size
    said = []
    if line.turns and line.turns[0] == 0:
        said.append(f"{people:,} people")
    else:
        busy = action != STAY
        count = int(np.count_nonzero(busy))
        verb = "take part" if line.movement is not None else "turn" if plan.mode == "books" else "change"
        said.append(f"{count:,} of {people:,} {verb}")
        if count:
            end = done_at(programme, duties, number)
            said[-1] += f", done by {clock(int(tenths(np.array([end]))[0]))}"
        if 0 < count < people:
            chosen = np.zeros(plan.seats.taken.size, bool)
            chosen[duties.seats[busy]] = True
            where = seats_in_words(chosen, plan.seats).partition(", ")[2]
            if where != EVERYWHERE:
                said.append(where)
    if number + 1 < len(programme.lines):
        wait = programme.lines[number + 1].at - line.at
        said.append(f"next in {_seconds(wait)}")
        if programme.tempo is not None:
            said[-1] += f", {counts(programme.tempo, ticks(wait))}"
    return said


def done_at(programme: Programme, duties: Duties, number: int) -> int:
    """Return when, in ticks, everybody has followed a call who follows it on time."""
    plan, line = programme.plan, programme.lines[number]
    busy = duties.action[number] != STAY
    if (line.turns and line.turns[0] == 0) or not busy.any():
        return ticks(line.at)
    last = int(duties.due[number][busy].max())
    if line.movement is not None:
        gestures = plan.books.gestures
        return last + 2 * int(gestures.move[line.movement]) + int(gestures.hold[line.movement])
    return last + max(int(plan.books.turn[turn]) for turn in line.turns)


def _seconds(wait: Fraction) -> str:
    return f"{float(wait):.4g} s"
