"""What each is to do: lines in order of time, own times, words and counts."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from cardstunt.blender_addon.sheets.counting import clock, tenths
from cardstunt.blender_addon.sheets.programme import (
    BACK,
    GESTURE,
    ON,
    OPEN,
    SHOW,
    STAY,
)
from cardstunt.kernels.ticks import ticks
from cardstunt.scenes.quantities import Tempo


@pytest.mark.parametrize("seed", range(5))
def test_lines_are_all_calls_in_order_of_time(programme, seed):
    told = programme(seed=seed, turns=12, gestures=4)
    lines = told.lines
    assert lines[0].turns == (0,)
    assert [line.at for line in lines[1:]] == sorted(line.at for line in lines[1:])
    turns = [turn for line in lines for turn in line.turns]
    assert turns == list(range(12))
    assert sorted(line.movement for line in lines if line.movement is not None) == list(range(4))
    for line in lines:
        assert {told.plan.turns[turn].at for turn in line.turns} <= {line.at}
    moments = [line.at for line in lines[1:] if line.turns]
    assert len(set(moments)) == len(moments)


@pytest.mark.parametrize("mode", ["books", "cards"])
@pytest.mark.parametrize("seed", range(5))
def test_duties_follow_the_plan(programme, mode, seed):
    told = programme(seed=seed, mode=mode, turns=12, gestures=3)
    plan, duties = told.plan, told.duties(told.order)
    shown = plan.page[0, told.order]
    assert (duties.action[0] == OPEN).all()
    for row, line in enumerate(told.lines):
        before = shown
        if line.turns:
            shown = plan.page[line.turns[-1], told.order]
        assert np.array_equal(duties.page[row], shown)
        assert np.array_equal(duties.colour[row], plan.book[shown, told.order])
        if line.movement is not None:
            taking = plan.books.gestures.taking[line.movement, told.order]
            assert np.array_equal(duties.action[row] == GESTURE, taking)
            start = plan.books.gestures.start[line.movement, told.order]
            assert np.array_equal(duties.due[row], np.where(taking, start, ticks(line.at)))
        elif row:
            on, back = (ON, BACK) if mode == "books" else (SHOW, SHOW)
            step = np.select([shown > before, shown < before], [on, back], STAY)
            assert np.array_equal(duties.action[row], step)
            for person, seat in enumerate(told.order.tolist()):
                own = {int(plan.due[turn, seat]) for turn in line.turns}
                assert duties.due[row, person] in (own if step[person] != STAY else {ticks(line.at)})


def test_seats_are_in_the_order_in_which_a_person_would_look_for_them(programme):
    told = programme(rows=12, columns=11, sections=("B", "A10", "A9"), gaps=0.3, turns=2)
    seats = told.plan.seats
    assert sorted(told.order.tolist()) == np.flatnonzero(seats.taken).tolist()
    labels = [
        (section, int(row), int(number))
        for section, row, number in zip(
            *(column[told.order].tolist() for column in (seats.section, seats.row, seats.number)), strict=True
        )
    ]
    assert [section for section, *_ in labels] == sorted(
        (section for section, *_ in labels), key=["A9", "A10", "B"].index
    )
    assert labels == sorted(labels, key=lambda label: (["A9", "A10", "B"].index(label[0]), *label[1:]))
    assert list(told.sections) == ["A9", "A10", "B"]


def test_words_of_orders(programme):
    told, cards, pairs = (programme(mode=mode) for mode in ("books", "cards", "two_sided"))
    assert told.action_text(ON, 11) == "» 12"
    assert told.action_text(BACK, 10) == "« 11"
    assert told.action_text(STAY, 3) == "stay"
    assert told.action_text(OPEN, 0) == "open 1"
    assert cards.action_text(SHOW, 2) == "show 3"
    assert cards.action_text(OPEN, 0) == "show 1"
    assert pairs.action_text(SHOW, 5) == "show 3 back"
    assert [pairs.page_name(page) for page in range(4)] == ["1 front", "1 back", "2 front", "2 back"]


def test_gestures_have_a_name_and_how_long_they_are_held(programme):
    told = programme(gestures=6, seed=4)
    kinds = {told.gesture_text(index)[0] for index in range(6)}
    assert kinds <= {"raise", "lower", "tilt", "shake"}
    assert told.gesture_text(0)[1] == "hold 2.5 s"
    made = told.plan.books.gestures
    at_once = replace(made, hold=np.zeros_like(made.hold))
    plan = replace(told.plan, books=replace(told.plan.books, gestures=at_once))
    assert replace(told, plan=plan).gesture_text(0)[1] == ""


def test_counts_are_bars_and_beats_to_half_a_beat(programme):
    told = replace(programme(), tempo=Tempo(Fraction(120), 3, Fraction(1, 4)))
    moments = [Fraction(0), Fraction(1, 4), Fraction(1, 2), Fraction(3, 4), Fraction(7, 4), Fraction(49, 100)]
    halves = told.halves(np.array([ticks(moment) for moment in moments]))
    assert [told.count(half) for half in halves.tolist()] == ["", "1·1", "1·1½", "1·2", "2·1", "1·1½"]
    silent = programme(music=False)
    assert silent.count(int(silent.halves(np.array([ticks(3)]))[0])) == ""


def test_times_are_to_the_nearest_tenth():
    moments = np.array([ticks(Fraction(text)) for text in ("0", "0.05", "59.94", "59.95", "67.3", "6000")])
    assert [clock(tenth) for tenth in tenths(moments).tolist()] == [
        "00:00.0",
        "00:00.1",
        "00:59.9",
        "01:00.0",
        "01:07.3",
        "100:00.0",
    ]
