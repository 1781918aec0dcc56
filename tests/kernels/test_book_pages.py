from __future__ import annotations

import itertools

import numpy as np
import pytest
from cardstunt.kernels.book_pages import BookPagesError, card_stack, fewest_pages, first_overflow
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp


def every_word(letters, length):
    return np.array(list(itertools.product(range(letters), repeat=length)), dtype=np.uint8).T


def word(letters):
    return np.array([[ord(letter)] for letter in letters], dtype=np.uint8)


def shortest_line(colours):
    """Find by trying every walk the fewest pages on which the colours come up one step apart."""
    colours = [
        colour for colour, before in zip(colours, [None, *colours[:-1]], strict=True) if colour != before
    ]
    best = len(colours)

    def walk(step, place, line):
        nonlocal best
        if len(line) >= best:
            return
        if step == len(colours):
            best = len(line)
            return
        for beside in (place - 1, place + 1):
            if line.get(beside, colours[step]) == colours[step]:
                walk(step + 1, beside, {**line, beside: colours[step]})

    walk(1, 0, {0: colours[0]})
    return best


def assert_they_show(pages, colour):
    """Everyone shows the right colour, turning one leaf where it changes and none where it stays."""
    holders = colour.shape[1]
    assert (pages.page.dtype, pages.book.dtype, pages.count.dtype) == (np.int16, np.uint8, np.int16)
    assert pages.page.shape == colour.shape
    assert pages.book.shape == (pages.count.max(), holders)
    np.testing.assert_array_equal(pages.book[pages.page, np.arange(holders)], colour)
    steps, changes = np.diff(pages.page, axis=0), colour[1:] != colour[:-1]
    np.testing.assert_array_equal(np.abs(steps), changes)
    assert (pages.page.min(axis=0) == 0).all()
    np.testing.assert_array_equal(pages.page.max(axis=0) + 1, pages.count)
    last = pages.book[pages.count - 1, np.arange(holders)]
    beyond = np.arange(len(pages.book))[:, None] >= pages.count
    assert (pages.book == last)[beyond].all()


@pytest.mark.parametrize(("letters", "length"), [(2, 1), (3, 2), (3, 5), (3, 8), (4, 6)])
def test_books_of_all_short_shows_are_as_thin_as_can_be(letters, length):
    colour = every_word(letters, length)
    pages = fewest_pages(colour)
    assert_they_show(pages, colour)
    np.testing.assert_array_equal(pages.count, [shortest_line(list(shown)) for shown in colour.T])


@settings(max_examples=40, deadline=None)
@given(st.integers(2, 5), st.integers(1, 13), st.integers(0, 2**32))
def test_books_of_longer_shows_are_as_thin_as_can_be(letters, length, seed):
    random = np.random.Generator(np.random.Philox(seed))
    colour = random.integers(0, letters, (length, 12)).astype(np.uint8)
    pages = fewest_pages(colour)
    assert_they_show(pages, colour)
    np.testing.assert_array_equal(pages.count, [shortest_line(list(shown)) for shown in colour.T])


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 9), st.integers(2, 4), st.integers(2, 120), st.integers(0, 2**32))
def test_what_was_read_from_a_book_needs_no_thicker_one(length, letters, turns, seed):
    random = np.random.Generator(np.random.Philox(seed))
    book = random.integers(0, letters, (length, 30))
    place, colour = random.integers(0, length, 30), []
    for _ in range(turns):
        colour.append(book[place, np.arange(30)])
        place = np.clip(place + random.integers(-1, 2, 30), 0, length - 1)
    pages = fewest_pages(np.array(colour, dtype=np.uint8))
    assert_they_show(pages, np.array(colour, dtype=np.uint8))
    assert (pages.count <= length).all()


@pytest.mark.parametrize(
    ("shown", "book", "page"),
    [
        ("aaaa", "a", [0, 0, 0, 0]),
        ("abcd", "abcd", [0, 1, 2, 3]),
        ("abcbcd", "abcd", [0, 1, 2, 1, 2, 3]),
        ("abcba", "abc", [0, 1, 2, 1, 0]),
        ("abba", "ab", [0, 1, 1, 0]),
        ("cbabcd", "abcd", [2, 1, 0, 1, 2, 3]),
        ("abca", "abca", [0, 1, 2, 3]),
        ("bacab", "cab", [2, 1, 0, 1, 2]),
    ],
)
def test_leaves_are_turned_back_where_that_saves_pages(shown, book, page):
    pages = fewest_pages(word(shown))
    assert "".join(map(chr, pages.book[:, 0])) in {book, book[::-1]}
    if "".join(map(chr, pages.book[:, 0])) == book:
        assert pages.page[:, 0].tolist() == page


@given(hnp.arrays(np.uint8, st.tuples(st.integers(1, 20), st.integers(1, 6)), elements=st.integers(0, 3)))
def test_books_are_read_forward_and_opened_near_the_front(colour):
    pages = fewest_pages(colour)
    first, last = pages.page[0], pages.page[-1]
    assert (last >= first).all()
    there_and_back = last == first
    assert (2 * first <= pages.count - 1)[there_and_back].all()


def test_many_people_make_no_difference_to_one(monkeypatch):
    colour = every_word(3, 7)
    expected = fewest_pages(colour)
    monkeypatch.setattr("cardstunt.kernels.book_pages._CELLS_AT_ONCE", 700)
    few = fewest_pages(colour)
    for name in ("page", "book", "count"):
        np.testing.assert_array_equal(getattr(few, name), getattr(expected, name))
    one = fewest_pages(colour[:, 1234:1235])
    np.testing.assert_array_equal(one.page[:, 0], expected.page[:, 1234])


def test_nobody_needs_no_book():
    pages = fewest_pages(np.zeros((3, 0), dtype=np.uint8))
    assert pages.page.shape == (3, 0)
    assert pages.count.size == 0


def test_a_stack_has_each_colour_once_in_the_order_of_first_use():
    stack = card_stack(np.array([[7, 2], [3, 2], [7, 2], [9, 255], [3, 2]], dtype=np.uint8))
    assert stack.page.T.tolist() == [[0, 1, 0, 2, 1], [0, 0, 0, 1, 0]]
    assert stack.book.T.tolist() == [[7, 3, 9], [2, 255, 255]]
    assert stack.count.tolist() == [3, 2]


@given(hnp.arrays(np.uint8, st.tuples(st.integers(1, 20), st.integers(1, 6))))
def test_a_stack_shows_every_colour(colour):
    stack = card_stack(colour)
    np.testing.assert_array_equal(stack.book[stack.page, np.arange(colour.shape[1])], colour)
    assert stack.count.tolist() == [np.unique(shown).size for shown in colour.T]


@settings(deadline=None)
@given(
    hnp.arrays(np.uint8, st.tuples(st.integers(1, 14), st.integers(1, 9)), elements=st.integers(0, 4)),
    st.integers(1, 5),
    st.sampled_from([fewest_pages, card_stack]),
)
def test_an_overflow_is_the_first_turn_whose_colour_finds_no_room(colour, limit, compile_pages):
    turn, holder = first_overflow(colour, limit, compile_pages)
    counts = np.array([compile_pages(colour[: end + 1]).count for end in range(len(colour))])
    over = (counts > limit).any(axis=0)
    np.testing.assert_array_equal(np.sort(holder), np.flatnonzero(over))
    np.testing.assert_array_equal(turn, (counts > limit).argmax(axis=0)[holder])
    assert sorted(zip(turn, holder, strict=True)) == list(zip(turn, holder, strict=True))


@pytest.mark.parametrize(
    "colour", [np.zeros(3, np.uint8), np.zeros((0, 3), np.uint8), np.zeros((3, 3), np.int64)]
)
@pytest.mark.parametrize("make", [fewest_pages, card_stack, lambda colour: first_overflow(colour, 5)])
def test_colours_that_are_none_are_refused(make, colour):
    with pytest.raises(BookPagesError, match=r"uint8 of shape \(T, N\)"):
        make(colour)


def test_shows_without_end_and_books_without_pages_are_refused():
    with pytest.raises(BookPagesError, match="at most 32767 turns"):
        fewest_pages(np.zeros((32768, 1), np.uint8))
    with pytest.raises(BookPagesError, match="at least 1 page"):
        first_overflow(np.zeros((2, 1), np.uint8), 0)
