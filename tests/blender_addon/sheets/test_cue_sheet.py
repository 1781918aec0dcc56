"""The conductor's sheet: each cue once, with its time, what is called, and what is then to be seen."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from cardstunt.blender_addon.sheets.counting import clock, tenths
from cardstunt.blender_addon.sheets.cue_sheet import done_at, order_text, remarks, thumbnail, write_cue_sheet
from cardstunt.blender_addon.sheets.programme import GESTURE
from cardstunt.kernels.ticks import ticks
from cardstunt.scenes.schema_cue import Flip


@pytest.mark.parametrize("mode", ["books", "tablets"])
def test_each_cue_is_told_once_in_order(programme, tmp_path, read_pdf, mode):
    told = programme(turns=30, gestures=5, rows=8, columns=30, seed=2)
    told = replace(told, plan=replace(told.plan, mode=mode))
    seen = []
    write_cue_sheet(tmp_path / "cues.pdf", told, lambda done, of: seen.append((done, of)))
    pages = read_pdf(tmp_path / "cues.pdf")
    assert seen == [(number + 1, len(told.lines)) for number in range(len(told.lines))]
    assert sum(len(page.pictures) for page in pages) == len(told.lines)
    found = [row for page in pages for row in _rows(page)]
    assert len(found) == len(told.lines)
    for number, (line, words) in enumerate(zip(told.lines, found, strict=True)):
        moment = np.array([ticks(line.at)])
        assert words[:3] == [
            str(number),
            clock(int(tenths(moment)[0])),
            told.count(int(told.halves(moment)[0])),
        ]
        assert line.label in words
    for page in pages:
        assert all(20 < y < page.size[1] and 0 < x < page.size[0] for x, y, _ in page.texts)


def test_a_call_says_who_is_meant_and_how_long_it_is_to_the_next(programme, tmp_path, read_pdf):
    told = programme(turns=3, rows=20, columns=30, gestures=0, gaps=0, sections=("A", "B"))
    seats = told.plan.seats
    # The second call is for the five front rows, the third for everyone.
    page = np.zeros_like(told.plan.page)
    page[1:] = np.where(np.arange(600) < 150, 1, 0)
    page[2] += 1
    told = replace(told, plan=replace(told.plan, page=page))
    duties = told.duties(told.order)
    wait = told.lines[2].at - told.lines[1].at
    assert remarks(told, duties, 1)[1:] == [
        "in rows 1-5",
        f"next in {float(wait):.4g} s, {float(2 * wait):g} counts",
    ]
    assert remarks(told, duties, 2) == [remarks(told, duties, 2)[0]]
    assert remarks(told, duties, 2)[0].startswith(f"{seats.taken.sum()} of 600 turn, done by ")
    write_cue_sheet(tmp_path / "cues.pdf", told)
    words = read_pdf(tmp_path / "cues.pdf")[0].words
    assert "conductor's cue sheet, page 1 of 1" in words
    assert "in rows 1-5" in words


def _rows(page):
    """The words of each cue: from its number at the left edge on down to the next one."""
    starts = sorted((y for x, y, text in page.texts if x == 30 and text.isdecimal()), reverse=True)
    for top, bottom in zip(starts, [*starts[1:], 0], strict=True):
        yield [text for _, y, text in page.texts if bottom < y <= top]


def test_pictures_are_what_is_shown_then(programme):
    told = programme(turns=9, gestures=3, rows=6, columns=7, gaps=0.2)
    duties, plan = told.duties(told.order), told.plan
    turn = 0
    for number, line in enumerate(told.lines):
        picture = thumbnail(told, duties, number)[::-1].reshape(-1, 3)
        turn = line.turns[-1] if line.turns else turn
        whole = plan.books.palette[plan.matched[plan.wanted[turn], np.arange(42)]]
        assert (picture[~plan.seats.taken] == 255).all()
        if line.movement is None:
            assert np.array_equal(picture[told.order], whole[told.order])
        else:
            taking = duties.action[number] == GESTURE
            assert np.array_equal(picture[told.order][taking], whole[told.order][taking])
            assert (picture[told.order][~taking] >= 204).all()
        tablets = replace(told, plan=replace(plan, mode="tablets"))
        assert np.array_equal(thumbnail(tablets, duties, number), thumbnail(told, duties, number))


def test_done_is_when_the_last_has_ended(programme):
    told = programme(turns=9, gestures=2)
    duties = told.duties(told.order)
    assert done_at(told, duties, 0) == 0
    for number, line in enumerate(told.lines[1:], 1):
        if line.turns:
            ends = [
                int(told.plan.due[turn, seat]) + int(told.plan.books.turn[turn])
                for turn in line.turns
                for seat in told.order
                if told.plan.page[turn, seat] != told.plan.page[turn - 1, seat]
            ]
        else:
            made = told.plan.books.gestures
            index = line.movement
            whole = 2 * int(made.move[index]) + int(made.hold[index])
            ends = [int(made.start[index, seat]) + whole for seat in told.order if made.taking[index, seat]]
        assert done_at(told, duties, number) == max(ends, default=ticks(line.at))
        said = " ".join(remarks(told, duties, number))
        assert clock(int(tenths(np.array([max(ends)]))[0])) in said


def flip(**options):
    return Flip.model_validate(options)


def test_orders_in_words():
    assert order_text(flip()) == "together, each takes 0.4 s"
    assert order_text(flip(**{"order": "sweep", "from": "right", "over": Fraction(2)})) == (
        "sweep from the right over 2 s, each takes 0.4 s"
    )
    assert order_text(flip(**{"order": "sweep", "from": "30 deg"})) == "sweep at 30 degrees, each takes 0.4 s"
    assert order_text(flip(order="canon", groups=3, along="rows", over=1, reverse=True)) == (
        "canon in 3 groups of rows reversed over 1 s, each takes 0.4 s"
    )
    assert order_text(flip(order="ripple", centre=("25 %", "50 %"))) == (
        "ripple about 25 % across, 50 % up, each takes 0.4 s"
    )
