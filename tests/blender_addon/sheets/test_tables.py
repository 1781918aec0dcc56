"""Paper to buy and to print, and the seats' tables: each page of each book once, and sums that add up."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from math import ceil

import numpy as np
import pytest
from cardstunt.blender_addon.sheets import tables
from cardstunt.blender_addon.sheets.paper import paper_needs
from cardstunt.blender_addon.sheets.purchase_list import write_purchase_list
from cardstunt.scenes.colour_names import hex_code

SPARE = Fraction(7, 100)


def read(path):
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def books(told):
    """Everyone's book as it should be: seat's name to the names of its pages' colours."""
    plan = told.plan
    return {
        str(plan.seats.name[seat]): [
            told.colours[colour] for colour in plan.book[: plan.page_count[seat], seat].tolist()
        ]
        for seat in told.order.tolist()
    }


@pytest.mark.parametrize("mode", ["books", "cards", "two_sided"])
def test_sheets_to_buy_are_those_of_all_books_and_spare_ones(programme, tmp_path, mode):
    told = programme(mode=mode, turns=9, rows=7, columns=12, sections=("A", "B", "C"))
    needs = paper_needs(told, SPARE)
    tables.write_purchase_table(tmp_path / "list.csv", needs)
    rows = {row["colour"]: row for row in read(tmp_path / "list.csv")}
    counted = Counter((seat.split("-")[0], colour) for seat, book in books(told).items() for colour in book)
    if mode == "books":
        counted.update((seat.split("-")[0], "cover") for seat in books(told))
    assert set(rows) == {colour for _, colour in counted}
    for colour, row in rows.items():
        by_section = [counted[section, colour] for section in "ABC"]
        to_buy = [number + ceil(number * SPARE) for number in by_section]
        assert int(row["sheets"]) == sum(by_section)
        assert int(row["to buy"]) == sum(to_buy)
        assert int(row["spare 7 %"]) == sum(to_buy) - sum(by_section)
        assert [int(row[f"section {section}"]) for section in "ABC"] == to_buy
    codes = dict(zip(told.colours, map(hex_code, told.palette), strict=True)) | {
        "cover": hex_code(told.cover)
    }
    assert {colour: row["hex"] for colour, row in rows.items()} == {name: codes[name] for name in rows}


def test_paper_of_a_stock_is_told(programme, tmp_path):
    told = replace(programme(), paper="astrobrights")
    tables.write_purchase_table(tmp_path / "list.csv", paper_needs(told, SPARE))
    rows = read(tmp_path / "list.csv")
    assert {row["paper"] for row in rows if row["colour"] != "cover"} == {"astrobrights"}


@pytest.mark.parametrize("mode", ["books", "two_sided"])
def test_each_sheet_is_printed_once_colour_by_colour(programme, tmp_path, mode):
    told = programme(mode=mode, turns=9, rows=7, columns=12, sections=("B", "A"))
    tables.write_printing_order(tmp_path / "order.csv", told)
    rows = read(tmp_path / "order.csv")
    colours = [row["colour"] for row in rows]
    assert len(list(dict.fromkeys(colours))) == 1 + sum(one != other for one, other in pairwise(colours))
    place = {str(name): number for number, name in enumerate(told.plan.seats.name[told.order].tolist())}
    numbers = {told.page_name(page): page for page in range(len(told.plan.book))}
    bound = {name: {} for name in place}
    before = ("", -1)
    for row in rows:
        now = row["colour"], place[row["seat"]]
        assert now[0] != before[0] or now[1] > before[1]
        before = now
        if row["colour"] == "cover":
            assert (row["sheets"], row["pages"]) == ("1", "cover")
            continue
        pages = row["pages"].replace(" front", "-front").replace(" back", "-back").split()
        assert len(pages) == int(row["sheets"])
        for page in pages:
            assert (
                bound[row["seat"]].setdefault(numbers[page.replace("-", " ")], row["colour"]) == row["colour"]
            )
    assert {name: [pages[number] for number in range(len(pages))] for name, pages in bound.items()} == books(
        told
    )
    assert colours.count("cover") == (len(place) if mode == "books" else 0)


def test_seats_have_their_places_and_books(programme, tmp_path):
    told = programme(turns=7, rows=5, columns=9)
    tables.write_seat_colours(tmp_path / "seats.csv", told)
    rows = read(tmp_path / "seats.csv")
    seats = told.plan.seats
    assert len(rows) == np.count_nonzero(seats.taken)
    for row, seat in zip(rows, told.order.tolist(), strict=True):
        assert [row[key] for key in ("seat", "section", "row", "number")] == [
            labels[seat] for labels in (seats.name, seats.section, seats.row, seats.number)
        ]
        assert [float(row[axis]) for axis in "xyz"] == pytest.approx(seats.places[seat].tolist(), abs=5e-4)
        own = [row[f"page {page + 1}"] for page in range(len(told.plan.book))]
        count = int(row["pages"])
        assert own[:count] == books(told)[row["seat"]]
        assert not any(own[count:])
        assert None not in row


def test_with_tablets_seats_have_their_place_in_the_picture(programme, tmp_path):
    told = programme(rows=3, columns=5, turns=2)
    told = replace(told, plan=replace(told.plan, mode="tablets"))
    tables.write_seat_colours(tmp_path / "seats.csv", told)
    for row, seat in zip(read(tmp_path / "seats.csv"), told.order.tolist(), strict=True):
        assert (int(row["picture row"]), int(row["picture column"])) == (seat // 5 + 1, seat % 5 + 1)
        assert "pages" not in row


def test_names_with_commas_quotes_and_lines_are_read_back(programme, tmp_path):
    told = programme(sections=('A, "best"', "line\nbreak", "=1+1"), turns=2, gaps=0)
    tables.write_seat_cues(tmp_path / "cues.csv", told)
    rows = read(tmp_path / "cues.csv")
    assert {row["section"] for row in rows} == set(told.sections)
    assert len(rows) == len(told.order)
    # Spreadsheets take a table without this mark for one of their own country's letters.
    assert (tmp_path / "cues.csv").read_bytes().startswith("\ufeffseat,".encode())


def test_the_list_on_paper_says_the_same(programme, tmp_path, read_pdf):
    told = programme(turns=60, colours=60, rows=4, columns=30, sections=tuple("ABCDEFGHIJ"))
    needs = paper_needs(told, SPARE)
    write_purchase_list(tmp_path / "list.pdf", told, needs)
    pages = read_pdf(tmp_path / "list.pdf")
    assert len(pages) > 2
    rows = {}
    for page in pages:
        for x, y, text in page.texts:
            if text in {colour.name for colour in needs.colours}:
                row = page.beside(x, y, 600)
                rows.setdefault(text, []).append([part for part in row[1:] if not part.startswith("#")])
    total, to_buy = needs.sheets.sum(axis=0), needs.to_buy.sum(axis=0)
    for index, colour in enumerate(needs.colours):
        whole, *by_section = rows[colour.name]
        assert whole == [
            f"{n:,}"
            for n in (total[index], to_buy[index] - total[index], to_buy[index], -(-to_buy[index] // 500))
        ]
        assert [int(n) for part in by_section for n in part] == needs.to_buy[:, index].tolist()
    sums = [page.beside(x, y, 600)[1:] for page in pages for x, y, text in page.texts if text == "in all"]
    reams = (-(-to_buy // 500)).sum()
    assert sums[0] == [f"{n:,}" for n in (total.sum(), to_buy.sum() - total.sum(), to_buy.sum(), reams)]
    assert [int(n) for n in sums[1]] == needs.to_buy.sum(axis=1).tolist()
    words = " ".join(text for page in pages for text in page.words)
    assert f"{needs.sheets.sum():,} sheets" in words
    across, up = needs.size
    covers = needs.to_buy[:, -1].sum()
    kilograms = (needs.to_buy.sum() - covers) * across * up * 0.12
    assert f"{100 * across:.0f} by {100 * up:.0f} cm, and of 120 g/m² paper: {kilograms:.1f} kg" in words
    thickest = max(map(len, books(told).values()))
    assert f"the thickest book, {thickest} sheets, {thickest * across * up * 0.12:.1f} kg" in words
    assert f"7 % spare, rounded up in each section and colour: {needs.to_buy.sum():,} sheets" in words
