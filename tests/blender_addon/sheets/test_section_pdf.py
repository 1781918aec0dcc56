"""Booklets as files: who is in which, what is printed in them, the same bytes for the same people."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from cardstunt.blender_addon.sheets.counting import clock, tenths
from cardstunt.blender_addon.sheets.lettering import BOLD, width
from cardstunt.blender_addon.sheets.programme import GESTURE, STAY
from cardstunt.blender_addon.sheets.section_pdf import booklet_layout, parts, write_booklets
from hypothesis import given
from hypothesis import strategies as st


def written(folder, told, name="a.pdf"):
    layout, part = booklet_layout(told), parts(told)[0]
    write_booklets(folder / name, told, layout, part)
    return folder / name, layout, part


@pytest.mark.parametrize("most", [1, 7, 30, 1000])
def test_everyone_is_in_one_file(programme, most):
    told = programme(rows=6, columns=20, sections=("Ab", "aB", "ab", "B"), turns=2)
    files = parts(told, most)
    assert np.array_equal(np.concatenate([part.seats for part in files]), told.order)
    assert len({part.file.casefold() for part in files}) == len(files)
    rows = told.plan.seats.row
    for part in files:
        assert 0 < len(part.seats) <= most
        assert set(told.plan.seats.section[part.seats].tolist()) == {part.section}
    # Cut between rows, where a row is not larger than a file.
    for part in files if most >= 7 else ():
        for row in set(rows[part.seats].tolist()):
            whole = np.flatnonzero((rows == row) & (told.plan.seats.section == part.section))
            assert set(whole.tolist()) <= set(part.seats.tolist())


def test_one_section_is_one_file_by_its_name(programme):
    assert [part.file for part in parts(programme(sections=("A", "B2")))] == [
        "section_A.pdf",
        "section_B2.pdf",
    ]
    assert [part.file for part in parts(programme(sections=("",)))] == ["section.pdf"]
    assert [part.file for part in parts(programme(rows=9, sections=("A",)), 30)] == [
        "section_A_part_01.pdf",
        "section_A_part_02.pdf",
    ]


names = st.text(st.characters(exclude_categories=("Cs",)), max_size=60)


@given(st.lists(names, min_size=1, max_size=5, unique=True))
def test_files_have_names_that_every_system_takes(programme, sections):
    told = programme(rows=2, columns=2 * len(sections), turns=2, sections=tuple(sections), gaps=0)
    files = [part.file for part in parts(told)]
    assert len({name.casefold() for name in files}) == len(files)
    for name in files:
        assert re.fullmatch(r"section[\w-]*\.pdf", name)
        assert len(name.encode()) < 255


@pytest.mark.parametrize("mode", ["books", "cards", "two_sided"])
@pytest.mark.parametrize("turns", [4, 40, 150])
def test_a_booklet_says_what_is_to_be_done(programme, read_booklets, tmp_path, mode, turns):
    told = programme(mode=mode, turns=turns, colours=12, gestures=3, rows=3)
    path, layout, part = written(tmp_path, told)
    duties = told.duties(part.seats)
    booklets = read_booklets(path, layout)
    assert len(booklets) == len(part.seats)
    for person, booklet in enumerate(booklets):
        seats, seat = told.plan.seats, part.seats[person]
        assert booklet.seat[:6] == [
            "Section",
            seats.section[seat],
            "Row",
            seats.row[seat],
            "Seat",
            seats.number[seat],
        ]
        assert list(booklet.pages) == [told.page_name(page) for page in range(duties.page_count[person])]
        for page, (name, swatch) in enumerate(booklet.pages.values()):
            colour = duties.book[page, person]
            assert (name, swatch) == (told.colours[colour], tuple(told.palette[colour].tolist()))
        assert list(booklet.cues) == list(range(len(told.lines)))
        for number, (words, swatch) in booklet.cues.items():
            due = duties.due[number, person : person + 1]
            expected = [clock(int(tenths(due)[0])), told.count(int(told.halves(due)[0]))]
            action, page = int(duties.action[number, person]), int(duties.page[number, person])
            colour = duties.colour[number, person]
            if action == GESTURE:
                kind, held = told.gesture_text(told.lines[number].movement)
                expected += [kind, held]
            else:
                expected.append(told.action_text(action, page))
            if action not in (STAY, GESTURE):
                expected.append(told.colours[colour])
            assert words == expected
            shows = action not in (STAY, GESTURE)
            assert swatch == (tuple(told.palette[colour].tolist()) if shows else None)


def test_two_share_a_sheet_and_more_sides_begin_on_a_sheet_of_their_own(programme, read_pdf, tmp_path):
    small, large = programme(turns=4, rows=3), programme(turns=400, rows=2, columns=4)
    path, layout, part = written(tmp_path, small)
    assert layout.halves
    assert len(read_pdf(path)) == -(-len(part.seats) // 2)
    path, layout, part = written(tmp_path, large, "b.pdf")
    pages = read_pdf(path)
    assert len(layout.spreads) % 2 == 0
    assert len(layout.spreads) > 2
    assert len(pages) == len(part.seats) * len(layout.spreads)
    for number, page in enumerate(pages):
        assert f"side {number % len(layout.spreads) + 1} of {len(layout.spreads)}" in " ".join(page.words)


def test_the_piles_of_cut_sheets_are_in_order(programme, read_pdf, tmp_path):
    path, layout, part = written(tmp_path, programme(turns=4, rows=3, columns=7, gaps=0, sections=("A",)))
    pages = read_pdf(path)
    assert (len(part.seats), len(pages)) == (21, 11)
    piles = [
        [
            tuple(page.beside(x, y, 200)[1:4:2])
            for page in pages
            for x, y, text in page.texts
            if text == "Row" and low <= y < low + layout.height
        ]
        for low in (layout.height, 0.0)
    ]
    assert [piles[0][0], piles[0][-1], piles[1][0], piles[1][-1]] == [
        ("1", "1"),
        ("2", "4"),
        ("2", "5"),
        ("3", "7"),
    ]
    assert all("cut here; lay the lower pile under the upper one" in page.words for page in pages)


def test_long_names_of_sections_are_told_whole(programme, read_pdf, tmp_path):
    names = ("North-East Lower Tier, by the gate", "North-East Lower Tier, by the clock")
    path, _, part = written(tmp_path, programme(sections=names, turns=40, gaps=0))
    page = read_pdf(path)[0]
    top = [(x, text) for x, y, text in page.texts if y > page.size[1] - 46 and text in {*names, "Row", "1"}]
    assert [text for _, text in sorted(top)][:2] == [part.section, "Row"]


def test_whatever_a_seat_is_called_its_heading_stays_on_the_paper(programme, read_pdf, tmp_path):
    told = programme(turns=40, sections=("North " * 40,), gaps=0)
    labels = {name: np.full(24, name[0] * 90) for name in ("row", "number")}
    told = replace(told, plan=replace(told.plan, seats=replace(told.plan.seats, **labels)))
    path, *_ = written(tmp_path, told)
    page = read_pdf(path)[0]
    heading = sorted((x, text) for x, y, text in page.texts if page.size[1] - 46 < y < page.size[1] - 40)
    assert len(heading) == 7
    for (x, text), (following, _) in pairwise([*heading, (page.size[0] - 30 + 0.1, "")]):
        # What is too long is set in half of its size and cut.
        assert x + (width(text, 10, BOLD) if "…" in text else width(text, 9)) <= following


def test_what_is_asked_is_explained(programme, read_pdf, tmp_path):
    told = programme(turns=4, rows=2, columns=3, gestures=9, seed=3)
    kinds = {told.gesture_text(index)[0] for index in range(9)}
    path, *_ = written(tmp_path, told)
    said = " ".join(read_pdf(path)[0].words)
    for kind in ("raise", "lower", "tilt", "shake"):
        assert (f"{kind}: " in said) == (kind in kinds)
    assert "hold: stay there so long" in said
    assert "» one leaf on; « one leaf back; stay: keep the page that is open; count: " in said
    path, *_ = written(tmp_path, programme(turns=4, rows=2, columns=3, gestures=0, music=False), "b.pdf")
    said = " ".join(read_pdf(path)[0].words)
    assert "hold" not in said
    assert "count" not in said


def test_nothing_is_printed_off_the_paper(programme, read_pdf, tmp_path):
    for number, told in enumerate((programme(turns=6), programme(turns=120, colours=30, rows=2))):
        path, *_ = written(tmp_path, told, f"{number}.pdf")
        for page in read_pdf(path):
            assert all(0 < x < page.size[0] - 5 and 0 < y < page.size[1] for x, y, _ in page.texts)
            assert all(
                0 < x < x + wide < page.size[0] and 0 < y < page.size[1] for x, y, wide, *_ in page.boxes
            )


def test_the_same_people_get_the_same_bytes(programme, tmp_path):
    first, *_ = written(tmp_path, programme(seed=5), "first.pdf")
    written(tmp_path, programme(seed=6, title="Añother ½"), "between.pdf")
    second, *_ = written(tmp_path, programme(seed=5), "second.pdf")
    assert first.read_bytes() == second.read_bytes()


def test_names_in_any_letters_are_printed(programme, read_pdf, tmp_path):
    told = programme(sections=("나", "مرحبا"), title="봄 축제", gaps=0)
    path, *_ = written(tmp_path, told)
    page = read_pdf(path)[0]
    # The title and the section, for both who share the sheet.
    assert len(page.pictures) == 4
    assert "나" not in page.words
    latin = programme(sections=("Ålesund – Ω",), gaps=0)
    path, *_ = written(tmp_path, latin, "latin.pdf")
    page = read_pdf(path)[0]
    assert page.pictures == []
    assert "Ålesund – Ω" in page.words
