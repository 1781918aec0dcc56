"""What an edit can have changed: never too little, whatever was edited, and not much too much."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from cardstunt.blender_addon.changes import changed_cards, changed_screens
from cardstunt.kernels.books import BookError, Books, card_states
from cardstunt.kernels.gestures import GESTURES, Gestures
from cardstunt.kernels.tablets import Tablets, tablet_states
from hypothesis import given, reject, settings
from hypothesis import strategies as st

ROWS, COLUMNS, HOLDERS = 2, 3, 6
END = 4000


def gestures(random, count):
    return Gestures(
        kind=random.integers(0, len(GESTURES), count).astype(np.int8),
        start=random.integers(0, END, (count, HOLDERS)),
        taking=random.random((count, HOLDERS)) < 0.5,
        move=random.integers(1, 300, count),
        hold=random.integers(0, 300, count),
        amount=random.integers(0, 256, count).astype(np.int16),
        period=random.integers(1, 200, count),
    )


def times(random, turns):
    """Turns that begin after the last ones have ended: starts (T, N) and how long they take."""
    length = random.integers(0, 200, turns)
    start = np.sort(random.integers(0, END // 250, turns))[:, None] * 250 + np.arange(turns)[:, None] * 400
    return start + random.integers(0, 200, (turns, HOLDERS)), length


def books(random, turns=4):
    start, length = times(random, turns)
    dropped = np.sort(random.integers(0, END, (2, HOLDERS)), axis=0)
    dropped[1] = np.where(random.random(HOLDERS) < 0.6, dropped[0], dropped[1])
    return Books(
        rows=ROWS,
        columns=COLUMNS,
        start=start,
        turn=length,
        page=random.integers(0, 4, (turns, HOLDERS)).astype(np.int16),
        colour=random.integers(0, 3, (4, HOLDERS)).astype(np.uint8),
        palette=random.integers(0, 256, (3, 3)).astype(np.uint8),
        present=random.random(HOLDERS) < 0.8,
        dropped=dropped,
        gestures=gestures(random, 2),
    )


def _page(former, other, k, random):
    page = former.page.copy()
    page[k] = other.page[k]
    return {"page": page}


def _page_of_one_from_then_on(former, other, k, random):
    page = former.page.copy()
    page[k:, 2] = other.page[k:, 2]
    return {"page": page}


def _start(former, other, k, random):
    start = former.start.copy()
    start[k] += random.integers(-100, 100)
    return {"start": start}


def _turn(former, other, k, random):
    return {"turn": np.where(np.arange(len(former.turn)) == k, other.turn, former.turn)}


def _remove(former, other, k, random):
    return {name: np.delete(getattr(former, name), k, axis=0) for name in ("start", "turn", "page")}


def _add(former, other, k, random):
    last = former.start[-1] + former.turn[-1] + 10
    return {
        "start": np.concatenate([former.start, last[None]]),
        "turn": np.append(former.turn, 50),
        "page": np.concatenate([former.page, other.page[:1]]),
    }


def _renumbered(former, other, k, random):
    """The same colours on other pages, so that turns forward become turns back."""
    return {"page": (3 - former.page).astype(np.int16), "colour": former.colour[::-1].copy()}


def _gestures(former, other, k, random):
    some = {name: array.copy() for name, array in vars(former.gestures).items() if name != "prepared"}
    some["start"][0] += 50
    return {"gestures": Gestures(**some)}


def _whole(name):
    return lambda former, other, k, random: {name: getattr(other, name)}


EDITS = {
    "page": _page,
    "page of one from then on": _page_of_one_from_then_on,
    "start": _start,
    "turn": _turn,
    "remove": _remove,
    "add": _add,
    "renumbered": _renumbered,
    "gestures": _gestures,
} | {name: _whole(name) for name in ("dropped", "palette", "colour", "present")}
AT = np.arange(-20, 2 * END, 149)


@settings(deadline=None)
@given(st.integers(0, 2**32), st.sampled_from(sorted(EDITS)), st.sampled_from([0, 30, 400]))
def test_whatever_looks_different_is_told(seed, edit, exposed):
    random = np.random.default_rng(seed)
    before = books(random)
    turns = len(before.turn)
    changed = EDITS[edit](before, books(random, turns), int(random.integers(1, turns)), random)
    try:
        after = replace(before, **changed)
    except BookError:
        reject()  # an edit after which nobody could turn in time
    exposure = np.full_like(AT, exposed)
    differ = (card_states(before, AT, exposure) != card_states(after, AT, exposure)).any((1, 2, 3))
    told = changed_cards(before, after, AT, exposure)
    assert not (differ & ~told).any()


@given(st.integers(0, 2**32))
def test_equal_books_do_not_differ(seed):
    one, other = (books(np.random.default_rng(seed)) for _ in range(2))
    assert not changed_cards(one, other, AT, np.zeros_like(AT)).any()


def by_cue(*starts, page=(0, 1, 2, 3), turn=100):
    """Books in which all turn together."""
    random = np.random.default_rng(1)
    count = len(starts)
    return replace(
        books(random, count),
        start=np.repeat(np.array(starts)[:, None], HOLDERS, 1),
        turn=np.full(count, turn),
        page=np.repeat(np.array(page[:count], np.int16)[:, None], HOLDERS, 1),
        colour=np.repeat(np.arange(4, dtype=np.uint8)[:, None], HOLDERS, 1),
        palette=np.arange(12, dtype=np.uint8).reshape(4, 3),
        present=np.ones(HOLDERS, bool),
        dropped=np.zeros((2, HOLDERS), np.int64),
        gestures=Gestures.none(HOLDERS),
    )


def window(before, after, exposure=0):
    at = np.arange(0, END)
    told = np.flatnonzero(changed_cards(before, after, at, np.full_like(at, exposure)))
    return (told.min(), told.max() + 1) if told.size else None


@pytest.mark.parametrize(
    ("after", "exposure", "expected"),
    [
        # One that is moved: from the earlier beginning until the later one is over.
        (by_cue(0, 1000, 2300, 3000), 0, (2000, 2400)),
        (by_cue(0, 1000, 2300, 3000), 50, (1951, 2400)),
        # One with another page: until the next is over, which turns from it.
        (by_cue(0, 1000, 2000, 3000, page=(0, 1, 0, 3)), 0, (2000, 3100)),
        # One that is taken away, after which the next one turns from another page.
        (by_cue(0, 1000, 3000, page=(0, 1, 3)), 0, (2000, 3100)),
        # The last one, moved, and with another page.
        (by_cue(0, 1000, 2000, 3500), 0, (3000, 3600)),
        (by_cue(0, 1000, 2000, 3000, page=(0, 1, 2, 0)), 0, (3000, END)),
        (by_cue(0, 1000, 2000), 0, (3000, END)),
        # What is shown from the beginning.
        (by_cue(0, 1000, 2000, 3000, page=(3, 1, 2, 3)), 0, (0, END)),
    ],
)
def test_only_the_time_that_an_edit_touches_is_told(after, exposure, expected):
    assert window(by_cue(0, 1000, 2000, 3000), after, exposure) == expected


def test_pages_of_other_numbers_and_the_same_colours_are_no_change():
    before = by_cue(0, 1000, 2000, 3000)
    again = replace(
        before,
        page=np.repeat(np.array([0, 1, 3, 4], np.int16)[:, None], HOLDERS, 1),
        colour=before.colour[[0, 1, 1, 2, 3]],
    )
    assert window(before, again) is None
    # But a turn back is not a turn forward.
    assert window(before, replace(again, page=again.page[:, ::-1] * 0 + 4 - again.page)) is not None


def test_the_start_of_who_does_not_turn_is_of_no_account():
    before = by_cue(0, 1000, 2000, 3000)
    page, start = before.page.copy(), before.start.copy()
    page[2, 3] = page[1, 3]
    page[3, 3] = page[1, 3]
    start[2, 3] = start[3, 3] = 77
    assert window(replace(before, page=page), replace(before, page=page, start=start)) is None


def test_gestures_and_dropped_books_are_told_for_as_long_as_they_last():
    before = by_cue(0, 1000, 2000, 3000)
    one = Gestures(
        kind=np.zeros(1, np.int8),
        start=np.arange(500, 500 + HOLDERS)[None],
        taking=np.ones((1, HOLDERS), bool),
        move=np.array([100]),
        hold=np.array([50]),
        amount=np.array([255], np.int16),
        period=np.array([1]),
    )
    assert window(before, replace(before, gestures=one)) == (500, 500 + HOLDERS - 1 + 250)
    dropped = before.dropped.copy()
    dropped[:, 4] = 700, 900
    assert window(before, replace(before, dropped=dropped)) == (700, 900)


def test_sections_of_another_size_differ_altogether():
    small = by_cue(0, 1000)
    large = replace(
        small,
        rows=3,
        columns=4,
        **{name: np.tile(getattr(small, name), (1, 2)) for name in ("start", "page", "colour", "dropped")},
        present=np.ones(12, bool),
        gestures=Gestures.none(12),
    )
    assert window(small, large) == (0, END)


def tablets(random, turns=3):
    start, length = times(random, turns)
    showings = 4
    return Tablets(
        rows=ROWS,
        columns=COLUMNS,
        pixels=1,
        start=start,
        turn=length,
        showing=random.integers(0, showings, (turns, HOLDERS)).astype(np.int16),
        picture=random.integers(0, 3, showings).astype(np.int16),
        called=random.integers(0, END, showings),
        working=random.random(HOLDERS) < 0.8,
    )


def picture_at(picture, since):
    """Each picture has a colour of its own, which changes as it runs."""
    return np.full((ROWS, COLUMNS, 3), (80 * picture, (since // 100) % 251, 7), np.uint8)


@settings(deadline=None)
@given(
    st.integers(0, 2**32),
    st.sampled_from(["start", "turn", "showing", "picture", "called", "working"]),
    st.sampled_from([0, 300]),
)
def test_whatever_looks_different_on_screens_is_told(seed, edit, exposed):
    random = np.random.default_rng(seed)
    before, other = tablets(random), tablets(random)
    after = replace(before, **{edit: getattr(other, edit)})
    exposure = np.full_like(AT, exposed)
    one, two = (tablet_states(of, AT, picture_at, exposure) for of in (before, after))
    differ = (one != two).any((1, 2, 3))
    told = changed_screens(before, after, AT, exposure)
    assert not (differ & ~told).any()


@given(st.integers(0, 2**32))
def test_equal_screens_do_not_differ(seed):
    one, other = (tablets(np.random.default_rng(seed)) for _ in range(2))
    assert not changed_screens(one, other, AT, np.zeros_like(AT)).any()
