"""A preview on one page: each cue's picture once all have turned, and each formation with the ways to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path

import numpy as np

from ..kernels.ticks import seconds, ticks
from .files import written_aside
from .preview_cards import SectionView
from .preview_drawing import (
    FAINT,
    PAPER,
    Words,
    fit_cells,
    pack,
    picture,
    shortened,
    write,
)
from .preview_field import FieldPicture
from .preview_performance import (
    Performance,
    Progress,
    clock,
    cue_name,
    flip_name,
    where_name,
)
from .preview_troupes import troupe_views

TILE, GAP, EDGE, HEAD = 502, 20, 24, 84
_CAPTION, _LINE, _HEADING = 26, 20, 46
_TALLEST = 460


def write_preview_sheet(performance: Performance, output: Path, progress: Progress) -> None:
    """Write the sheet as a picture, whole or not at all.

    Raises
    ------
    OSError
        When it cannot be written.
    """
    cues = performance.loaded.show.card_section.cues
    moves = sorted(
        {drill_set.at for troupe in performance.loaded.show.troupes.values() for drill_set in troupe.drill}
    )
    done, of = 0, len(cues) + len(moves)
    progress("draw", 0, of)
    tiles: list[tuple[str, list[Words]]] = [("Cards", []), ("Field", [])]
    for (_, group), pictures in zip(
        tiles, (_cue_tiles(performance), _move_tiles(performance, moves)), strict=True
    ):
        for tile in pictures:
            group.append(tile)
            done += 1
            progress("draw", done, of)
    with written_aside(output) as aside:
        picture(_lay_out(performance, tiles)).save(aside, format="PNG")


def _cue_tiles(performance: Performance) -> Iterator[Words]:
    """Draw each cue's picture once it has settled, and each gesture at its height."""
    books, section = performance.books, performance.loaded.show.card_section
    wide, high = fit_cells(books.columns, books.rows, performance.plan.seats.cell_aspect, TILE, _TALLEST)
    # A seat narrower than two pixels is drawn larger and averaged, so that none is lost.
    larger = -(-2 * books.columns // wide)
    cards = SectionView(performance, larger * wide, larger * high)
    for index, cue in enumerate(section.cues):
        (drawn,) = cards.pictures(np.array([ticks(settled(performance, index))]))
        if larger > 1:
            drawn = pack(np.asarray(picture(drawn).reduce(larger)))
        tile = _blank(high + _CAPTION)
        tile[:high, (TILE - wide) // 2 : (TILE - wide) // 2 + wide] = drawn
        note = _cue_note(performance, index) if index else "from the start"
        _caption(tile, high + 19, clock(cue.at), cue_name(cue), note)
        yield tile


def settled(performance: Performance, index: int) -> Fraction:
    """Return when a cue's picture is to be seen: all have turned, or the next turn is due before.

    Of a moving picture, and of a cue that repeats, it is the turn in the middle; of a gesture its height.
    """
    turns = performance.turns_of(index)
    if not turns:
        return _height(performance, index)
    plan = performance.plan
    turn = turns[(len(turns) - 1) // 2]
    at = plan.turns[turn].at
    alone = min((other.at for other in plan.turns if other.at > at), default=performance.end)
    together = [number for number, other in enumerate(plan.turns) if other.at == at]
    return min(alone, max(performance.turn_ended(number) for number in together))


def _height(performance: Performance, cue: int) -> Fraction:
    """Return when the middle one of those who make a gesture is at its height."""
    plan, gestures = performance.plan, performance.books.gestures
    for index, movement in enumerate(plan.movements):
        if movement.cue == cue and gestures.taking[index].any():
            begins = int(np.median(gestures.start[index][gestures.taking[index]]))
            return seconds(begins + int(gestures.move[index]) + int(gestures.hold[index]) // 2)
    return performance.loaded.show.card_section.cues[cue].at


def _cue_note(performance: Performance, index: int) -> str:
    cue = performance.loaded.show.card_section.cues[index]
    notes = [flip_name(cue)]
    pages = len(performance.turns_of(index))
    if cue.page is not None and performance.loaded.show.card_section.pages[cue.page].moving:
        notes.append(f"{pages} pages")
    if cue.where is not None:
        notes.append(where_name(cue.where))
    return ", ".join(note for note in notes if note)


def _move_tiles(performance: Performance, moves: Sequence[Fraction]) -> Iterator[Words]:
    """Draw the field each time a troupe has reached a formation, with the ways of those who came."""
    troupes = performance.loaded.show.troupes
    lines = max((len(_arrivals(performance, moment)) for moment in moves), default=0)
    field = FieldPicture(TILE, sum(troupe.count for troupe in troupes.values()))
    views = troupe_views(performance.drills, performance.costumes)
    for moment in moves:
        arrivals = _arrivals(performance, moment)
        ways = [views[name].whole_ways(index, field) for name, index in arrivals.items() if index]
        tick = max(int(performance.drills[name].arrive[index]) for name, index in arrivals.items())
        seen = [view.seen(np.array([tick]))[0] for view in views.values()]
        tile = _blank(field.height + _CAPTION + _LINE * (lines - 1))
        tile[: field.height] = field.draw(seen, ways)
        for line, (name, index) in enumerate(arrivals.items()):
            drill_set = troupes[name].drill[index]
            text = f"{name}: {performance.formation_name(name, index)}"
            note = drill_set.move.clip.replace("_", " ")
            if index:
                walked = int(performance.drills[name].arrive[index] - performance.drills[name].leave[index])
                note = f"{walked / ticks(1):.3g} s on the way, {note}"
            time = clock(moment) if line == 0 else ""
            _caption(tile, field.height + 19 + _LINE * line, time, text, note)
        yield tile


def _arrivals(performance: Performance, moment: Fraction) -> dict[str, int]:
    """Return the troupes whose drill has a set at a moment, and which set."""
    return {
        name: index
        for name, troupe in performance.loaded.show.troupes.items()
        for index, drill_set in enumerate(troupe.drill)
        if drill_set.at == moment
    }


def _blank(height: int) -> Words:
    tile = np.empty((height, TILE), np.uint32)
    tile[:] = pack(PAPER)
    return tile


def _caption(tile: Words, baseline: int, time: str, name: str, note: str) -> None:
    if time:
        write(tile, (0, baseline), time, 15, FAINT)
    x = write(tile, (64, baseline), shortened(name, 16, TILE * 11 // 20, bold=True), 16, bold=True)
    write(tile, (TILE, baseline), shortened(note, 13, TILE - x - 14), 13, FAINT, anchor="right")


def _lay_out(performance: Performance, groups: Sequence[tuple[str, Sequence[Words]]]) -> Words:
    """Put all tiles on one page, in rows, each group under its heading."""
    most = max(len(tiles) for _, tiles in groups)
    columns = max(2, min(most, 3 if most <= 24 else 5))
    rows = [
        (heading if first == 0 else "", tiles[first : first + columns])
        for heading, tiles in groups
        for first in range(0, len(tiles), columns)
    ]
    height = HEAD + sum(row[0].shape[0] + GAP + (_HEADING if heading else 0) for heading, row in rows)
    sheet = np.empty((height + EDGE - GAP, 2 * EDGE + columns * (TILE + GAP) - GAP), np.uint32)
    sheet[:] = pack(PAPER)
    show = performance.loaded.show
    section = show.card_section
    people = sum(troupe.count for troupe in show.troupes.values())
    write(sheet, (EDGE, 46), shortened(show.title, 30, sheet.shape[1] - 2 * EDGE, bold=True), 30, bold=True)
    facts = [
        f"{int(performance.plan.seats.taken.sum()):,} card-holders",
        f"{int(performance.plan.page_count.max())} pages",
        f"{len(section.cues)} cues",
        f"{people:,} gymnasts",
        f"{clock(performance.end)} long",
    ]
    write(sheet, (EDGE, 74), ", ".join(facts), 16, FAINT)
    y = HEAD
    for heading, row in rows:
        if heading:
            write(sheet, (EDGE, y + 32), heading, 20, FAINT, bold=True)
            y += _HEADING
        for column, tile in enumerate(row):
            x = EDGE + column * (TILE + GAP)
            sheet[y : y + tile.shape[0], x : x + TILE] = tile
        y += row[0].shape[0] + GAP
    return sheet
