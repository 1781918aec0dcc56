from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from cardstunt.kernels.books import MAX_PAGES, BookError, Books, card_states
from hypothesis import given, settings
from hypothesis import strategies as st

RED, GREEN, BLUE = (200, 0, 10), (0, 180, 20), (30, 40, 250)


def make(start, turn, page, **changes):
    """Books of one row, unless `changes` says otherwise; what `changes` names is taken as it is."""
    start = np.array(start, dtype=np.int64)
    holders = start.shape[1]
    values = {
        "rows": 1,
        "columns": holders,
        "start": start,
        "turn": np.array(turn, dtype=np.int64),
        "page": np.array(page, dtype=np.int16),
        "colour": np.repeat(np.arange(3, dtype=np.uint8)[:, None], holders, axis=1),
        "palette": np.array([RED, GREEN, BLUE], dtype=np.uint8),
        "present": np.ones(holders, dtype=bool),
    }
    return Books(**(values | changes))


def states(books, *at):
    """Above and below, of the first holder, at each moment."""
    result = card_states(books, np.array(at, dtype=np.int64))
    return [(tuple(frame[0, 0].tolist()), tuple(frame[books.rows, 0].tolist())) for frame in result]


def at_rest(colour):
    return (*colour, 0), (*colour, 255)


def one_turn(**changes):
    books = make([[0], [100]], [0, 40], [[0], [1]])
    return dataclasses.replace(books, **changes)


def test_before_and_after_a_turn_the_page_is_at_rest():
    assert states(one_turn(), -(2**62), 0, 99) == [at_rest(RED)] * 3
    assert states(one_turn(), 140, 2**62) == [at_rest(GREEN)] * 2


def test_a_turning_page_shows_the_old_one_above_and_the_new_one_below():
    assert states(one_turn(), 120) == [((*RED, 128), (*GREEN, 255))]


def test_a_turn_never_looks_at_rest_and_never_goes_back():
    progress = [above[3] for above, _ in states(one_turn(), *range(100, 140))]
    assert progress[0] == 1
    assert progress[-1] > 250
    assert (np.diff(progress) >= 0).all()


def test_progress_is_the_smoothstep():
    books = make([[0], [0]], [0, 100_000], [[0], [1]])
    moments = np.arange(0, 100_000, 997)
    x = moments / 100_000
    progress = card_states(books, moments)[:, 0, 0, 3].astype(float)
    np.testing.assert_allclose(progress, np.maximum(255 * (3 * x**2 - 2 * x**3), 1), atol=0.51)


def test_a_turn_of_no_time_changes_at_once():
    books = make([[0], [100]], [0, 0], [[0], [1]])
    assert states(books, 99, 100) == [at_rest(RED), at_rest(GREEN)]


def test_the_same_colour_on_another_page_still_turns():
    books = one_turn(colour=np.zeros((3, 1), dtype=np.uint8))
    assert states(books, 120) == [((*RED, 128), (*RED, 255))]


def test_the_same_page_does_not_turn():
    books = make([[0], [100]], [0, 40], [[1], [1]])
    assert states(books, 120) == [at_rest(GREEN)]


def test_a_cue_elsewhere_does_not_disturb_a_turn():
    """The second cue repeats the page of the first: it is not for this holder, and comes amid the turn."""
    books = make([[0], [100], [110], [200]], [0, 40, 40, 40], [[0], [1], [1], [2]])
    assert states(books, 120, 150, 220) == [
        ((*RED, 128), (*GREEN, 255)),
        at_rest(GREEN),
        ((*GREEN, 128), (*BLUE, 255)),
    ]


def test_a_slow_region_is_still_turning_when_a_later_cue_is_done():
    books = make([[0, 0], [100, 100], [120, 100]], [0, 1000, 10], [[0, 0], [0, 1], [2, 1]])
    result = card_states(books, np.array([600]))
    assert tuple(result[0, 1, 0]) == (*BLUE, 255)
    assert tuple(result[0, 0, 1]) == (*RED, 128)


def test_an_empty_seat_is_all_zero_even_in_a_turn():
    books = one_turn(present=np.zeros(1, dtype=bool))
    assert states(books, 0, 120, 200) == [((0,) * 4, (0,) * 4)] * 3


def test_black_cards_turn_like_any():
    books = one_turn(palette=np.zeros((3, 3), dtype=np.uint8))
    assert states(books, 120) == [((0, 0, 0, 128), (0, 0, 0, 255))]


def test_holders_lie_in_rows_from_the_front_and_columns_from_the_left():
    colour = np.arange(6, dtype=np.uint8)[None]
    palette = np.arange(18, dtype=np.uint8).reshape(6, 3)
    books = make(np.zeros((1, 6)), [0], np.zeros((1, 6)), rows=2, columns=3, colour=colour, palette=palette)
    result = card_states(books, np.array([5]))
    assert result.shape == (1, 4, 3, 4)
    assert result.dtype == np.uint8
    np.testing.assert_array_equal(result[0, 2:, :, :3], palette.reshape(2, 3, 3))
    assert (result[0, :2, :, 3] == 0).all()


def test_no_moments_give_no_frames():
    assert card_states(one_turn(), np.zeros(0, dtype=np.int64)).shape == (0, 2, 1, 4)


def holder_by_holder(books, now):
    """The definition, one holder at a time."""
    above = np.zeros((books.rows * books.columns, 4), dtype=np.uint8)
    below = np.zeros_like(above)
    for holder in np.flatnonzero(books.present):
        card = [books.palette[books.colour[page, holder]] for page in books.page[:, holder]]
        newest = 0
        for cue in range(1, len(card)):
            changes = books.page[cue, holder] != books.page[cue - 1, holder]
            if changes and books.start[cue, holder] <= now:
                newest = cue
        below[holder] = above[holder] = (*card[newest], 255)
        above[holder, 3] = 0
        elapsed = int(now - books.start[newest, holder])
        if newest and elapsed < books.turn[newest]:
            part = (elapsed << 16) // int(books.turn[newest])
            eased = (part * part * (3 * 65536 - 2 * part)) >> 32
            above[holder] = (*card[newest - 1], max((eased * 255 + 32768) >> 16, 1))
    return np.concatenate([above, below]).reshape(2 * books.rows, books.columns, 4)


@settings(max_examples=60)
@given(st.integers(0, 2**32), st.integers(1, 9), st.integers(1, 4), st.integers(1, 5))
def test_many_at_once_are_what_each_is_alone(seed, cues, rows, columns):
    random = np.random.Generator(np.random.Philox(seed))
    holders = rows * columns
    turn = random.integers(0, 50, cues)
    gap = random.integers(0, 80, (cues, holders))
    books = make(
        np.cumsum(gap + turn.max(), axis=0),
        turn,
        random.integers(0, 3, (cues, holders)),
        rows=rows,
        columns=columns,
        colour=random.integers(0, 3, (3, holders)).astype(np.uint8),
        present=random.random(holders) < 0.8,
    )
    moments = random.integers(-10, int(books.start.max()) + 80, 12)
    result = card_states(books, moments)
    for frame, now in zip(result, moments, strict=True):
        np.testing.assert_array_equal(frame, holder_by_holder(books, now))


def test_overlapping_turns_of_one_person_are_refused():
    with pytest.raises(BookError, match=r"cue 2 .* before the last one has ended"):
        card_states(make([[0], [100], [120]], [0, 40, 40], [[0], [1], [2]]), np.array([0]))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"turn": np.zeros(3, np.int64)}, r"turn must be int64 of shape \(2,\)"),
        ({"start": np.zeros((2, 1), np.float64)}, "start must be int64"),
        ({"columns": 7}, "for 1 rows and 7 columns"),
        ({"page": np.full((2, 1), 3, np.int16)}, "outside the book's 3 pages"),
        ({"page": np.full((2, 1), -1, np.int16)}, "outside the book's 3 pages"),
        ({"colour": np.full((3, 1), 3, np.uint8)}, "index 3, but the palette has 3"),
        ({"colour": np.zeros((MAX_PAGES + 1, 1), np.uint8)}, "1 to 170 pages, not 171"),
        ({"turn": np.array([0, -1])}, "a turn takes"),
        ({"turn": np.array([0, 2**50])}, "a turn takes"),
        ({"present": np.ones(2, bool)}, "present must be bool"),
    ],
)
def test_arrays_that_do_not_fit_are_refused(changes, message):
    with pytest.raises(BookError, match=message):
        one_turn(**changes)


def test_a_full_book_is_allowed():
    assert states(one_turn(colour=np.zeros((MAX_PAGES, 1), np.uint8)), 0) == [at_rest(RED)]
