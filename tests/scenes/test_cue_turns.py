from __future__ import annotations

from fractions import Fraction
from types import SimpleNamespace

import numpy as np
import pytest
from cardstunt.scenes import cue_turns
from cardstunt.scenes.cue_turns import (
    Picture,
    TooManyCallsError,
    gesture_calls,
    random_key,
    turn_calls,
)
from cardstunt.scenes.schema_cue import Cue
from hypothesis import given, settings
from hypothesis import strategies as st

PEOPLE = 6
EVERYONE = np.ones(PEOPLE, dtype=bool)
LEFT = np.arange(PEOPLE) < 3
RUN = (Fraction(0), Fraction(1), Fraction(2), Fraction(3))


def section(*cues):
    """A section as far as cues need it; each cue is a mapping, `region` aside."""
    models = tuple(Cue.model_validate(cue) for cue in cues)
    return SimpleNamespace(cues=models)


def moments(name):
    return RUN if name == "sea" else (Fraction(0),)


def calls_of(*cues):
    regions = [cue.pop("region", EVERYONE) for cue in map(dict, cues)]
    plain = [{key: value for key, value in cue.items() if key != "region"} for cue in cues]
    return turn_calls(section(*plain), regions, moments)


def told(calls):
    """What everyone is called to: (at, label, who) for each call."""
    return [(float(call.at), call.label, "".join("01"[i] for i in call.included.tolist())) for call in calls]


def shown_at(calls, moment):
    """The page and moment that each person is to show at a time."""
    shown = [None] * PEOPLE
    for call in calls:
        if call.at <= moment:
            for person in np.flatnonzero(call.included):
                shown[person] = call.picture
    return shown


def test_a_cue_is_one_call_to_everyone_it_is_for():
    calls = calls_of({"at": 0, "page": "blue"}, {"at": 4, "page": "red", "region": LEFT})
    assert told(calls) == [(0, "blue", "111111"), (4, "red", "111000")]
    assert [(call.cue, call.step, call.picture) for call in calls] == [
        (0, 0, Picture("blue", Fraction(0))),
        (1, 0, Picture("red", Fraction(0))),
    ]


def test_a_held_cue_turns_back_to_what_each_person_showed_before():
    calls = calls_of(
        {"at": 0, "page": "blue"},
        {"at": 2, "page": "red", "region": LEFT},
        {"at": 4, "page": "gold", "hold": 3, "flip": {"order": "sweep", "over": 1}},
    )
    assert told(calls)[2:] == [
        (4, "gold", "111111"),
        (7, "blue", "000111"),
        (7, "red", "111000"),
    ]
    assert [call.cue for call in calls[2:]] == [2, 2, 2]
    # People who turn back together draw from the same numbers, and others for each call.
    assert [call.step for call in calls[2:]] == [0, 1, 1]


def test_what_is_laid_over_a_held_cue_stays_when_it_ends():
    calls = calls_of(
        {"at": 0, "page": "blue"},
        {"at": 1, "page": "gold", "hold": 4},
        {"at": 3, "page": "red", "region": LEFT},
    )
    assert told(calls)[2:] == [(3, "red", "111000"), (5, "blue", "000111")]


def test_held_cues_may_lie_over_each_other_in_any_order():
    inner = calls_of(
        {"at": 0, "page": "blue"},
        {"at": 1, "page": "gold", "hold": 8},
        {"at": 3, "page": "red", "hold": 2},
    )
    assert told(inner)[2:] == [(3, "red", "111111"), (5, "gold", "111111"), (9, "blue", "111111")]
    crossed = calls_of(
        {"at": 0, "page": "blue"},
        {"at": 1, "page": "gold", "hold": 4},
        {"at": 3, "page": "red", "hold": 6},
    )
    # The gold is over while the red lies on it, so people turn straight back to the blue.
    assert told(crossed)[2:] == [(3, "red", "111111"), (9, "blue", "111111")]


def test_a_moving_page_is_a_call_for_each_of_its_pictures_until_the_next_cue():
    calls = calls_of({"at": 0, "page": "sea"}, {"at": Fraction(5, 2), "page": "red", "region": LEFT})
    assert told(calls) == [
        (0, "sea 1/4", "111111"),
        (1, "sea 2/4", "111111"),
        (2, "sea 3/4", "111111"),
        (2.5, "red", "111000"),
        (3, "sea 4/4", "000111"),
    ]
    assert [call.picture.moment for call in calls if call.picture.page == "sea"] == [0, 1, 2, 3]
    assert {call.began for call in calls[:3]} == {Fraction(0)}


def test_who_turns_back_to_a_moving_page_finds_it_where_it_is_by_then():
    calls = calls_of({"at": 0, "page": "sea"}, {"at": 1, "page": "red", "hold": 1, "region": LEFT})
    assert told(calls) == [
        (0, "sea 1/4", "111111"),
        (1, "red", "111000"),
        (1, "sea 2/4", "000111"),
        (2, "sea 3/4", "000111"),
        (2, "sea 3/4", "111000"),
        (3, "sea 4/4", "111111"),
    ]
    assert {call.began for call in calls if call.label.startswith("sea")} == {Fraction(0)}


def test_a_held_moving_page_stops_when_it_is_over():
    calls = calls_of({"at": 0, "page": "blue"}, {"at": 1, "page": "sea", "hold": 2})
    assert told(calls)[1:] == [(1, "sea 1/4", "111111"), (2, "sea 2/4", "111111"), (3, "blue", "111111")]


def test_a_repeated_cue_comes_again_and_may_run_back_and_forth():
    repeat = {"times": 3, "every": 4, "back_and_forth": True}
    calls = calls_of({"at": 0, "page": "blue"}, {"at": 1, "page": "red", "hold": 2, "repeat": repeat})
    assert told(calls)[1:] == [
        (1, "red", "111111"),
        (3, "blue", "111111"),
        (5, "red", "111111"),
        (7, "blue", "111111"),
        (9, "red", "111111"),
        (11, "blue", "111111"),
    ]
    assert [call.reverse for call in calls[1:]] == [False, False, True, True, False, False]
    assert [call.step for call in calls[1:]] == [0, 1, 2, 3, 4, 5]
    backwards = calls_of(
        {"at": 0, "page": "blue"},
        {"at": 1, "page": "red", "flip": {"reverse": True}, "repeat": repeat},
    )
    assert [call.reverse for call in backwards[1:]] == [True, False, True]


def test_of_two_cues_at_one_time_for_the_same_people_the_later_has_them():
    calls = calls_of(
        {"at": 0, "page": "blue"}, {"at": 2, "page": "red"}, {"at": 2, "page": "gold", "region": LEFT}
    )
    assert told(calls)[1:] == [(2, "red", "000111"), (2, "gold", "111000")]


def test_a_call_that_nobody_hears_is_left_out():
    calls = calls_of({"at": 0, "page": "blue"}, {"at": 2, "page": "red"}, {"at": 2, "page": "gold"})
    assert told(calls) == [(0, "blue", "111111"), (2, "gold", "111111")]


def test_a_place_without_a_seat_is_never_called():
    seats = np.array([1, 1, 0, 1, 1, 1], dtype=bool)
    calls = calls_of(
        {"at": 0, "page": "sea", "region": seats},
        {"at": 1, "page": "red", "region": seats & LEFT, "hold": 1},
    )
    assert not any(call.included[2] for call in calls)


def test_calls_of_many_cues_come_in_order_of_time():
    calls = calls_of(
        {"at": 0, "page": "blue"},
        {"at": 1, "page": "red", "hold": 6},
        {"at": 2, "page": "gold", "region": LEFT, "repeat": {"times": 3, "every": 3}},
        {"at": 4, "page": "sea", "region": ~LEFT},
    )
    times = [call.at for call in calls]
    assert times == sorted(times)


def test_gestures_are_called_as_often_as_they_repeat():
    shown = section(
        {"at": 0, "page": "blue"},
        {"at": 3, "gesture": "raise", "repeat": {"times": 3, "every": 2, "back_and_forth": True}},
        {"at": 4, "gesture": {"kind": "shake"}},
    )
    calls = gesture_calls(shown)
    assert [(float(call.at), call.cue, call.step, call.reverse) for call in calls] == [
        (3, 1, 0, False),
        (4, 2, 0, False),
        (5, 1, 1, True),
        (7, 1, 2, False),
    ]


def test_too_many_calls_are_refused_at_their_cue(monkeypatch):
    monkeypatch.setattr(cue_turns, "MOST_CALLS", 8)
    repeat = {"times": 5, "every": 1}
    cues = (
        {"at": 0, "page": "blue"},
        {"at": 1, "page": "red", "hold": Fraction(1, 2), "repeat": repeat},
    )
    with pytest.raises(TooManyCallsError) as caught:
        calls_of(*cues)
    assert caught.value.cue == 1
    with pytest.raises(TooManyCallsError) as caught:
        gesture_calls(section({"at": 0, "page": "blue"}, *[{"at": 1, "gesture": "raise"}] * 9))
    assert caught.value.cue == 9


def test_the_first_call_of_a_cue_draws_from_the_cues_own_number():
    assert random_key(7, 0) == 7
    assert len({random_key(cue, step) for cue in range(50) for step in range(50)}) == 2500


regions = st.lists(st.booleans(), min_size=PEOPLE, max_size=PEOPLE).map(np.array)
cue_lists = st.lists(
    st.tuples(
        st.integers(0, 20),
        st.sampled_from(["blue", "red", "gold", "sea"]),
        st.none() | st.integers(1, 6),
        regions,
    ),
    max_size=8,
)


@settings(deadline=None)
@given(cue_lists)
def test_everyone_always_shows_the_newest_cue_that_is_not_over(cues):
    """Compare with the rule itself, looked up for each person and moment."""
    cues = sorted(cues, key=lambda cue: cue[0])
    described = [{"at": 0, "page": "blue"}] + [
        {"at": at, "page": page, "region": region, **({"hold": hold} if hold else {})}
        for at, page, hold, region in cues
    ]
    calls = calls_of(*described)
    times = [call.at for call in calls]
    assert times == sorted(times)
    assert all(call.included.any() for call in calls)
    for moment in range(28):
        shown = shown_at(calls, moment)
        for person in range(PEOPLE):
            newest = Picture("blue", Fraction(0))
            covered: list[tuple[int, str, int | None]] = []
            for at, page, hold, region in cues:
                if region[person] and at <= moment:
                    if hold is None:
                        covered = []
                    covered.append((at, page, hold))
            for at, page, hold in reversed(covered):
                if hold is None or moment < at + hold:
                    passed = [m for m in moments(page) if m <= moment - at]
                    newest = Picture(page, passed[-1])
                    break
            assert shown[person] == newest, (moment, person)


@settings(deadline=None)
@given(cue_lists)
def test_nobody_is_called_twice_at_a_time(cues):
    cues = sorted(cues, key=lambda cue: cue[0])
    described = [{"at": 0, "page": "blue"}] + [
        {"at": at, "page": page, "region": region, **({"hold": hold} if hold else {})}
        for at, page, hold, region in cues
    ]
    called: dict[Fraction, np.ndarray] = {}
    for call in calls_of(*described):
        others = called.setdefault(call.at, np.zeros(PEOPLE, dtype=bool))
        assert not (others & call.included).any()
        others |= call.included
