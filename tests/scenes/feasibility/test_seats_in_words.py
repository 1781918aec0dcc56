from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from cardstunt.scenes.feasibility.seats_in_words import seats_in_words
from cardstunt.scenes.seats import SeatMap
from hypothesis import given
from hypothesis import strategies as st

ROWS, COLUMNS = 20, 60


@pytest.fixture(scope="module")
def seats():
    row, column = np.divmod(np.arange(ROWS * COLUMNS), COLUMNS)
    section = np.array(list("ABCDEF"))[column // 10]
    taken = np.ones(ROWS * COLUMNS, bool)
    return SeatMap(
        ROWS,
        COLUMNS,
        taken,
        np.zeros((taken.size, 3)),
        np.zeros(taken.size),
        section,
        (row + 1).astype(str),
        (column % 10 + 1).astype(str),
        np.array([f"{a}-{b + 1}-{c % 10 + 1}" for a, b, c in zip(section, row, column, strict=True)]),
        0.9,
    )


def block(rows, columns):
    grid = np.zeros((ROWS, COLUMNS), bool)
    grid[rows, columns] = True
    return grid.ravel()


@pytest.mark.parametrize(
    ("chosen", "words"),
    [
        (block(slice(None), slice(None)), "all 1,200 seats"),
        (block(slice(0, 0), slice(None)), "no seat"),
        (block(3, 12), "1 seat, B-4-3"),
        (block(slice(3, 8), slice(20, 40)), "100 seats, in sections C-D, rows 4-8"),
        (block(4, slice(None)), "60 seats, in row 5"),
        (block(slice(None), slice(5, 25)), "400 seats, in sections A-C"),
        (block(slice(None, None, 2), slice(None)), "600 seats, all over the section"),
        (block(slice(3, 8), slice(20, 40)) | block(19, 59), "101 seats, most in sections C-D, rows 4-8"),
        (
            block(slice(0, 5), slice(0, 10)) | block(slice(0, 5), slice(30, 40)),
            "100 seats, in sections A, D, rows 1-5",
        ),
    ],
)
def test_the_places_are_named(seats, chosen, words):
    assert seats_in_words(chosen, seats) == words


def test_columns_are_named_where_there_are_no_sections(seats):
    plain = replace(seats, section=np.full(ROWS * COLUMNS, "A"))
    assert seats_in_words(block(slice(3, 8), slice(20, 40)), plain) == "100 seats, in rows 4-8, columns 21-40"
    strayed = block(slice(3, 8), slice(20, 40)) | block(19, 59)
    assert seats_in_words(strayed, plain) == "101 seats, most in rows 4-8, columns 21-40"


def test_rows_go_by_what_their_tickets_say(seats):
    lettered = np.repeat([chr(ord("a") + row) for row in range(ROWS)], COLUMNS)
    named = replace(seats, row=lettered)
    assert seats_in_words(block(slice(3, 8), slice(20, 40)), named) == "100 seats, in sections C-D, rows d-h"


@given(st.sets(st.integers(0, ROWS * COLUMNS - 1), min_size=2, max_size=60))
def test_no_choice_of_seats_is_beyond_words(seats, chosen):
    mask = np.zeros(ROWS * COLUMNS, bool)
    mask[list(chosen)] = True
    assert seats_in_words(mask, seats).startswith(f"{len(chosen)} seats, ")
