"""Drill charts: a page a call with the whole field, sectors in which names can be read, lists of places."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from reportlab.pdfgen.canvas import Canvas

from ...kernels.ticks import TICKS_PER_SECOND
from .counting import clock, count, counts, halves, tenths
from .dot_names import least_scales
from .drill_chart import LEAST_STEP, CallChart, ChartDrawer, call_chart
from .drill_plan import DrillPlan, Troupe
from .field_marks import LEGEND, LINES, across_texts, depth_texts, marks
from .field_windows import BODY, PAGE, WHOLE, Window, seen, windows
from .layout import EDGE
from .lettering import BOLD, draw, pdf_file

MOST_LISTED = 1000
"""People of a troupe whose places are listed on pages; those of a larger one are in its table alone."""
MOST_PARTS = 12
"""The field is cut into as many sectors each way at most."""
_ENOUGH = 0.98  # of the names have room
_SIDE = BODY[0] + BODY[2] + 24.0
_SIDE_ROOM = PAGE[0] - EDGE - _SIDE
_ROWS, _COLUMNS = 50, 3
_LEAST_TYPE, _LEADING = 5.0, 1.22
_NOTE_LETTERS = 36


def parts_each_way(plan: DrillPlan) -> int:
    """Return into how many sectors each way the field is cut, so that names can be read on all pages.

    1 where they can be read on the pages of the whole field.
    """
    labels = [f"{troupe.code}{number}" for troupe in plan.troupes for number in troupe.numbers]
    scales = [_scale_of_names(plan, call, labels) for call in range(len(plan.calls))]
    return next(
        (parts for parts in range(1, MOST_PARTS) if windows(parts)[0].scale >= max(scales)), MOST_PARTS
    )


def _scale_of_names(plan: DrillPlan, call: int, labels: list[str]) -> float:
    """Return the points to a metre from which on names fit; of those who stand on others none ever does."""
    heights = [
        troupe.heights(number) for troupe, number in zip(plan.troupes, plan.standing(call), strict=True)
    ]
    ground = np.concatenate(heights) == 0
    scales = least_scales(seen(np.concatenate(plan.places(call)))[ground], labels)
    return float(np.quantile(scales, _ENOUGH))


def sectors(plan: DrillPlan, call: int, parts: int) -> list[Window]:
    """Return the sectors of the field in which anybody stands at a call."""
    places = seen(np.concatenate(plan.places(call)))
    return [window for window in windows(parts) if window.holds(places).any()]


def write_charts(
    path: Path, plan: DrillPlan, parts: int, done: Callable[[int], None] = lambda calls: None
) -> None:
    """Write a chart of the whole field for each call, and where everyone in small troupes then stands.

    Parameters
    ----------
    parts : int
        As `parts_each_way`.
    done : callable (calls)
        Called with how many calls are drawn.

    Raises
    ------
    OSError
        When the file cannot be written; it is whole or absent.
    """
    with pdf_file(path, f"{plan.title}: drill charts", PAGE) as canvas:
        drawer = ChartDrawer(canvas, plan)
        for call in range(len(plan.calls)):
            _chart_page(canvas, drawer, call, call_chart(plan, call), WHOLE, parts)
            _list_pages(canvas, plan, call)
            done(call + 1)


def write_sectors(
    path: Path, plan: DrillPlan, call: int, parts: int, done: Callable[[int], None] = lambda pages: None
) -> None:
    """Write a page for each sector of the field in which anybody stands at a call.

    Parameters
    ----------
    done : callable (pages)
        Called with how many pages are drawn.

    Raises
    ------
    OSError
        When the file cannot be written; it is whole or absent.
    """
    with pdf_file(path, f"{plan.title}: drill charts, set {call + 1} by sectors", PAGE) as canvas:
        drawer, chart = ChartDrawer(canvas, plan), call_chart(plan, call)
        for page, window in enumerate(sectors(plan, call, parts), 1):
            _chart_page(canvas, drawer, call, chart, window, parts)
            done(page)


def _chart_page(
    canvas: Canvas, drawer: ChartDrawer, call: int, chart: CallChart, window: Window, parts: int
) -> None:
    plan = drawer.plan
    _head(canvas, plan, call, f"sector {window.name}" if window.name else "")
    thinned, names = drawer.draw(chart, window)
    bottom = _notes(canvas, _remarks(drawer, chart, window, parts, thinned, names))
    top = PAGE[1] - 70.0
    if window.name:
        top = _locator(canvas, window, top)
    _legend(drawer, call, chart, window, (top, bottom))
    canvas.showPage()


def when(plan: DrillPlan, moment: int) -> str:
    """Write when a tick of show time is: "count 11·1, 00:27.5"; without music by the clock alone."""
    by_clock = clock(int(tenths(np.array([moment]))[0]))
    counted = count(plan.tempo, int(halves(plan.tempo, np.array([moment]))[0]))
    return f"count {counted}, {by_clock}" if counted else by_clock


def following(plan: DrillPlan, call: int) -> str:
    """Write what is called next, and in how long."""
    if call + 1 == len(plan.calls):
        return "last set"
    wait = plan.calls[call + 1] - plan.calls[call]
    by_clock = f" ({wait / TICKS_PER_SECOND:.3g} s)" if plan.tempo is not None else ""
    at = when(plan, plan.calls[call + 1])
    return f"next: set {call + 2} in {counts(plan.tempo, wait)}{by_clock}, at {at}"


def _head(canvas: Canvas, plan: DrillPlan, call: int, part: str) -> None:
    top = PAGE[1] - 36.0
    canvas.setFillGray(0)
    x = EDGE + draw(canvas, (EDGE, top), f"Set {call + 1}", 20, BOLD) + 6
    x += draw(canvas, (x, top), f"of {len(plan.calls)}", 10) + 18
    x += draw(canvas, (x, top), when(plan, plan.calls[call]), 13, BOLD) + 18
    if part:
        x += draw(canvas, (x, top), part, 13, BOLD) + 18
    draw(canvas, (PAGE[0] - EDGE, top + 9), plan.title, 9, BOLD, right=True, room=PAGE[0] - EDGE - x)
    draw(canvas, (PAGE[0] - EDGE, top - 3), following(plan, call), 8, right=True, room=PAGE[0] - EDGE - x)
    canvas.setStrokeGray(0)
    canvas.setLineWidth(0.8)
    canvas.line(EDGE, top - 8, PAGE[0] - EDGE, top - 8)


def _locator(canvas: Canvas, window: Window, top: float) -> float:
    """Draw where on the field a sector is; returns the height below it."""
    scale = _SIDE_ROOM / (WHOLE.right - WHOLE.left)
    high = (WHOLE.back - WHOLE.front) * scale
    canvas.setStrokeGray(0.3)
    canvas.setLineWidth(0.5)
    canvas.rect(_SIDE, top - high, _SIDE_ROOM, high, stroke=1, fill=0)
    canvas.setFillGray(0.3)
    canvas.rect(
        _SIDE + (window.left - WHOLE.left) * scale,
        top - high + (window.front - WHOLE.front) * scale,
        (window.right - window.left) * scale,
        (window.back - window.front) * scale,
        stroke=0,
        fill=1,
    )
    return top - high - 12.0


def _legend(
    drawer: ChartDrawer, call: int, chart: CallChart, window: Window, room: tuple[float, float]
) -> None:
    """Tell of each troupe on the page what it is called to; the type is as large as there is room for all."""
    plan, canvas, (top, bottom) = drawer.plan, drawer.canvas, room
    here = np.unique(chart.troupe[window.holds(chart.places)]).tolist()
    told = {index: troupe_lines(plan, call, index, chart) for index in here}
    lines = sum(len(words) + 1.6 for words in told.values())
    size = min(8.0, (top - bottom) / max(lines, 1.0) / _LEADING)
    fits, size = size >= _LEAST_TYPE, max(size, _LEAST_TYPE)
    y = top
    for done, (index, words) in enumerate(told.items()):
        if not fits and y - (len(words) + 2.6) * _LEADING * size < bottom:
            canvas.setFillGray(0)
            draw(canvas, (_SIDE, y - size), f"and {len(told) - done} more troupes", size)
            return
        y -= _LEADING * size
        canvas.setFillColorRGB(*drawer.inks[index])
        canvas.circle(_SIDE + 0.4 * size, y + 0.33 * size, 0.38 * size, stroke=0, fill=1)
        canvas.setFillGray(0)
        troupe = plan.troupes[index]
        mark = f"{troupe.code}  {troupe.name}" if troupe.code else troupe.name
        draw(canvas, (_SIDE + 1.2 * size, y), mark, size, BOLD, room=_SIDE_ROOM - 1.2 * size)
        for line in words:
            y -= _LEADING * size
            draw(canvas, (_SIDE + 1.2 * size, y), line, 0.9 * size, room=_SIDE_ROOM - 1.2 * size)
        y -= 0.6 * _LEADING * size


def troupe_lines(plan: DrillPlan, call: int, index: int, chart: CallChart) -> list[str]:
    """Write what a call is to a troupe: its formation, its way there, what it does, what comes next."""
    troupe, number, called = plan.troupes[index], plan.standing(call)[index], plan.called(call)[index]
    drill = troupe.drill
    lines = [f"{troupe.people:,} people, steps of {troupe.step:.4g} m", troupe.formations[number]]
    ways = chart.ways[index]
    if ways is not None and ways.moving.any():
        span = int(drill.arrive[number] - drill.leave[number])
        lines[1] += f" in {counts(plan.tempo, span)}"
        longest, mean = float(ways.length.max()), float(ways.length.mean())
        lines.append(f"longest way {longest:.1f} m, mean {mean:.1f} m")
    elif called and number:
        lines[1] += ": all stay"
    elif not called:
        lines[1] += " (since set " + str(plan.call_of(troupe, number) + 1) + ")"
    lines.append(("then " if number and called else "") + troupe.moves[number])
    if number + 1 < drill.sets:
        lines.append(f"next: {troupe.formations[number + 1]}, set {plan.call_of(troupe, number + 1) + 1}")
    return lines


def _remarks(
    drawer: ChartDrawer, chart: CallChart, window: Window, parts: int, thinned: int, names: int
) -> list[str]:
    """Write how a page is to be read."""
    found = [f"Lines are {LINES:g} m apart, every second one darker.", *LEGEND]
    if drawer.fine_step * window.scale >= LEAST_STEP:
        found.append(f"Dotted: steps of {drawer.fine_step:.4g} m off the lines.")
    if thinned > 1:
        found.append(f"Faint: from the set before, one way of {thinned}.")
    elif thinned:
        found.append("Faint: the ways from the set before.")
    if chart.raised.any():
        found.append("Hollow: stands on others.")
    inside = int(np.count_nonzero(window.holds(chart.places)))
    if not names and window == WHOLE and parts > 1:
        found.append(f"Names: on the pages of sectors A1 to {windows(parts)[-1].name}.")
    elif names < inside:
        found.append(f"{inside - names:,} names have no room: see the tables.")
    return found


def _notes(canvas: Canvas, remarks: list[str]) -> float:
    """Write remarks at the foot of the side; returns the height above them."""
    canvas.setFillGray(0.35)
    y = BODY[1] - 8.0
    for remark in reversed(remarks):
        for line in reversed(_wrapped(remark, _NOTE_LETTERS)):
            draw(canvas, (_SIDE, y), line, 6, room=_SIDE_ROOM)
            y += 7.4
        y += 2.4
    return y + 6.0


def _wrapped(text: str, letters: int) -> list[str]:
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > letters:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def listed(plan: DrillPlan) -> list[int]:
    """Return the troupes whose places are listed on pages."""
    return [index for index, troupe in enumerate(plan.troupes) if troupe.people <= MOST_LISTED]


def _list_pages(canvas: Canvas, plan: DrillPlan, call: int) -> None:
    """List where everyone of the smaller troupes stands at a call, troupe by troupe."""
    rows: list[tuple[str, ...]] = []
    standing = plan.standing(call)
    for index in listed(plan):
        troupe, number = plan.troupes[index], standing[index]
        rows += _place_rows(troupe, number)
    each = _ROWS * _COLUMNS
    for first in range(0, len(rows), each):
        _head(canvas, plan, call, "places")
        page = rows[first : first + each]
        for column in range(0, len(page), _ROWS):
            _list_column(canvas, column // _ROWS, page[column : column + _ROWS])
        canvas.showPage()


def _place_rows(troupe: Troupe, number: int) -> list[tuple[str, ...]]:
    """Write everyone's place in one of a troupe's sets."""
    places = troupe.drill.places[number]
    found = marks(places, troupe.step)
    metres = [f"{right:.2f}, {away:.2f}" for right, away in seen(places).tolist()]
    raised = [f", {height:.2g} m up" if height else "" for height in troupe.heights(number).tolist()]
    return [
        (f"{troupe.name} {person}", across, depth, at + up)
        for person, across, depth, at, up in zip(
            troupe.numbers, across_texts(found), depth_texts(found), metres, raised, strict=True
        )
    ]


def _list_column(canvas: Canvas, column: int, rows: list[tuple[str, ...]]) -> None:
    wide = (PAGE[0] - 2 * EDGE + 12) / _COLUMNS
    left, top, leading = EDGE + column * wide, PAGE[1] - 60.0, 9.6
    offsets, rooms = (0.0, 62.0, 123.0, 194.0), (59.0, 58.0, 68.0, 54.0)
    canvas.setFillGray(0.35)
    for offset, head in zip(offsets, ("name", "across", "depth", "right, away: m"), strict=True):
        draw(canvas, (left + offset, top), head, 6)
    for row, words in enumerate(rows):
        y = top - (row + 1) * leading
        if row % 2:
            canvas.setFillGray(0.95)
            canvas.rect(left - 2, y - 2.6, wide - 8, leading, stroke=0, fill=1)
        canvas.setFillGray(0)
        for offset, room, text in zip(offsets, rooms, words, strict=True):
            draw(canvas, (left + offset, y), text, 6.5, room=room)
