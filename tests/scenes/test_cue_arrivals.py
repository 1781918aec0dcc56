from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from cardstunt.kernels.ticks import ticks
from cardstunt.scenes import cue_arrivals
from cardstunt.scenes.cue_arrivals import arrivals
from hypothesis import given, settings
from hypothesis import strategies as st

PEOPLE = 5
EVERYONE = np.ones(PEOPLE, dtype=bool)
ACROSS = np.arange(PEOPLE)


def listed(calls):
    """All arrivals of calls, each (at, how many seconds it takes to everyone, whom it is for)."""
    delays = [takes * ticks(1) for _, takes, _ in calls]
    found = list(arrivals([Fraction(at) for at, _, _ in calls], lambda n: calls[n][2], lambda n: delays[n]))
    return [(one.call, one.late, one.who, one.when // ticks(1)) for one in found]


def rows(calls):
    return [(call, late, "".join("01"[i] for i in who.tolist())) for call, late, who, _ in listed(calls)]


def test_calls_that_overtake_none_are_one_row_each():
    calls = [(0, 0 * ACROSS, EVERYONE), (1, ACROSS, EVERYONE), (2, 2 * ACROSS, EVERYONE)]
    assert rows(calls) == [(0, False, "11111"), (1, False, "11111"), (2, False, "11111")]


def test_whom_a_call_reaches_late_hears_it_behind_the_one_that_overtook_it():
    calls = [(0, 2 * ACROSS, EVERYONE), (3, 0 * ACROSS, EVERYONE)]
    assert rows(calls) == [(0, False, "11000"), (1, False, "11111"), (0, True, "00111")]


def test_who_is_not_called_does_not_hear_it():
    calls = [(0, 2 * ACROSS, EVERYONE), (3, 0 * ACROSS, ACROSS < 3)]
    assert rows(calls) == [(0, False, "11011"), (1, False, "11100"), (0, True, "00100")]


def test_calls_that_arrive_at_once_come_as_they_were_made():
    calls = [(0, 3 + 0 * ACROSS, EVERYONE), (3, 0 * ACROSS, EVERYONE)]
    assert rows(calls) == [(0, False, "11111"), (1, False, "11111")]


def test_several_overtaken_calls_keep_each_persons_order():
    calls = [(0, 9 - 0 * ACROSS, EVERYONE), (1, 6 + ACROSS % 2 * 3, EVERYONE), (2, 0 * ACROSS, EVERYONE)]
    # Behind the third, some hear the second and then the first, and others the other way round.
    assert rows(calls) == [
        (2, False, "11111"),
        (0, True, "01010"),
        (1, True, "11111"),
        (0, True, "10101"),
    ]


call_lists = st.lists(
    st.tuples(
        st.integers(0, 6),
        st.just(0 * ACROSS) | st.lists(st.integers(0, 9), min_size=PEOPLE, max_size=PEOPLE).map(np.array),
        st.just(EVERYONE) | st.lists(st.booleans(), min_size=PEOPLE, max_size=PEOPLE).map(np.array),
    ),
    min_size=1,
    max_size=7,
).map(lambda calls: sorted(calls, key=lambda call: call[0]))


@pytest.mark.parametrize("at_once", [1, 1 << 22])
@settings(deadline=None)
@given(calls=call_lists)
def test_everyone_hears_each_call_once_and_in_the_order_of_arrival(at_once, calls):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cue_arrivals, "_CELLS_AT_ONCE", at_once)
        found = listed(calls)
    for person in range(PEOPLE):
        heard = [(int(when[person]), call) for call, _, who, when in found if who[person]]
        expected = [(at + int(takes[person]), n) for n, (at, takes, who) in enumerate(calls) if who[person]]
        assert heard == sorted(expected)
        # Late is what comes behind a later call.
        lates = [late for _, late, who, _ in found if who[person]]
        order = [call for _, call in heard]
        assert lates == [call < max(order[: place + 1]) for place, call in enumerate(order)]
