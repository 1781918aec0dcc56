"""The tables for spreadsheets and scripts: CSV in UTF-8, one row a seat, a colour, or a colour at a seat."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np

from ...kernels.ticks import ticks
from ...scenes.colour_names import hex_code
from ..files import written_aside
from .counting import clock, tenths
from .paper import COVER, REAM, PaperNeeds, is_page, per_cent, reams
from .programme import Programme

SEAT = ("seat", "section", "row", "number")


def write_csv(path: Path, head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write a table, whole or not at all; with the mark by which spreadsheets know UTF-8.

    Raises
    ------
    OSError
        When the file cannot be written.
    """
    with written_aside(path) as aside, aside.open("w", encoding="utf-8-sig", newline="") as stream:
        table = csv.writer(stream)
        table.writerow(head)
        table.writerows(rows)


def write_purchase_table(path: Path, needs: PaperNeeds) -> None:
    """Write how many sheets of each colour are to be bought; a section's column has its spare ones in it."""
    sections = [f"section {name}" if name else "section" for name in needs.sections]
    head = ("colour", "hex", "paper", "sheets", f"spare {per_cent(needs.spare)}", "to buy")
    head = (*head, f"reams of {REAM}", *sections)
    rows = []
    for index, colour in enumerate(needs.colours):
        sheets, to_buy = int(needs.sheets[:, index].sum()), int(needs.to_buy[:, index].sum())
        own = needs.to_buy[:, index].tolist()
        counts = sheets, to_buy - sheets, to_buy, reams(to_buy)
        rows.append((colour.name, colour.code, colour.stock, *counts, *own))
    write_csv(path, head, rows)


def write_printing_order(path: Path, programme: Programme) -> None:
    """Write what is to be printed on the sheets of each colour, colour by colour and seat by seat.

    Printed in this order and laid on piles by seat, each seat's pile holds its pages; `write_seat_colours`
    says in which order they are bound.
    """
    write_csv(path, ("colour", "hex", *SEAT, "sheets", "pages"), _printing_rows(programme))


def _printing_rows(programme: Programme) -> Iterator[tuple[object, ...]]:
    plan, order = programme.plan, programme.order
    labels = _labels(programme)
    names = [programme.page_name(page) for page in range(len(plan.book))]
    book, pages = plan.book[:, order].T, is_page(programme)[:, order].T
    for index, colour in enumerate(programme.colours):
        person, page = np.nonzero((book == index) & pages)
        people, first = np.unique(person, return_index=True)
        pieces = np.split(page, first[1:]) if people.size else []
        code = hex_code(programme.palette[index])
        for who, piece in zip(people.tolist(), pieces, strict=True):
            printed = " ".join([names[number] for number in piece.tolist()])
            yield (colour, code, *labels[who], len(piece), printed)
    if plan.mode == "books":
        code = hex_code(programme.cover)
        for label in labels:
            yield (COVER, code, *label, 1, COVER)


def write_seat_colours(path: Path, programme: Programme) -> None:
    """Write each seat's place and its book: the colour of each page; with tablets, the place in the picture.

    Metres; x is east, y north, z up. Books are bound in the order of the columns, seat by seat.
    """
    plan, order = programme.plan, programme.order
    places = [[f"{value:.3f}" for value in place] for place in plan.seats.places[order].tolist()]
    labels = _labels(programme)
    rows: Iterable[Sequence[object]]
    if programme.has_books:
        head = ["pages", *(f"page {programme.page_name(page)}" for page in range(len(plan.book)))]
        counts, books = plan.page_count[order].tolist(), plan.book[:, order].T.tolist()
        blank = [""] * len(plan.book)
        rows = (
            (*label, *place, count, *[programme.colours[page] for page in book[:count]], *blank[count:])
            for label, place, count, book in zip(labels, places, counts, books, strict=True)
        )
    else:
        head = ["picture column", "picture row"]
        cells = [(cell % plan.seats.columns + 1, cell // plan.seats.columns + 1) for cell in order.tolist()]
        rows = ((*label, *place, *cell) for label, place, cell in zip(labels, places, cells, strict=True))
    write_csv(path, (*SEAT, "x", "y", "z", *head), rows)


def write_seat_cues(path: Path, programme: Programme) -> None:
    """Write what each seat shows once everybody has followed each cue: page and colour, "12 sky blue"."""
    turns = [(number, line) for number, line in enumerate(programme.lines) if line.turns]
    heads = [
        f"cue {number} {clock(int(tenths(np.array(ticks(line.at)))))} {line.label}" for number, line in turns
    ]
    order, plan = programme.order, programme.plan
    words = [
        [f"{programme.page_name(page)} {colour}" for colour in programme.colours]
        for page in range(len(plan.book))
    ]
    pages = plan.page[[line.turns[-1] for _, line in turns]][:, order].T.tolist()
    books = plan.book[:, order].T.tolist()
    rows = (
        (*label, *[words[page][book[page]] for page in shown])
        for label, shown, book in zip(_labels(programme), pages, books, strict=True)
    )
    write_csv(path, (*SEAT, *heads), rows)


def _labels(programme: Programme) -> list[tuple[str, str, str, str]]:
    seats, order = programme.plan.seats, programme.order
    columns = (seats.name, seats.section, seats.row, seats.number)
    return list(zip(*(column[order].tolist() for column in columns), strict=True))
