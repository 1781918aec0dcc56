from __future__ import annotations

from fractions import Fraction
from types import SimpleNamespace

import numpy as np
import pytest
from cardstunt.kernels.ticks import ticks
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
ACROSS = np.arange(PEOPLE)
"""How many seconds a cue that sweeps takes to each."""


def section(*cues):
    """A section as far as cues need it; each cue is a mapping, `region` aside."""
    models = tuple(Cue.model_validate(cue) for cue in cues)
    return SimpleNamespace(cues=models)


def moments(name):
    return RUN if name == "sea" else (Fraction(0),)


def calls_of(*cues):
    """Calls of cues, each with the `region` that it is for, and the seconds that it `takes` to each."""
    regions = [cue.get("region", EVERYONE) for cue in cues]
    delays = [np.asarray(cue.get("takes", np.zeros(PEOPLE, int)), np.int64) * ticks(1) for cue in cues]
    plain = [{key: value for key, value in cue.items() if key not in ("region", "takes")} for cue in cues]
    backwards = [delay.max() - delay for delay in delays]
    return turn_calls(
        section(*plain), regions, moments, lambda cue, reverse: (backwards if reverse else delays)[cue]
    )


def told(calls):
    """What everyone is called to: (at, label, who) for each call."""
    return [(float(call.at), call.label, "".join("01"[i] for i in call.included.tolist())) for call in calls]


def heard_by(calls, cues, person):
    """When each call reaches somebody, in seconds, and which page it is to, in the order of the calls."""
    takes = [cue.get("takes", np.zeros(PEOPLE, int)) for cue in cues]
    return [(call.at + int(takes[call.cue][person]), call.picture) for call in calls if call.included[person]]


def shown_at(calls, moment, cues=()):
    """The page and moment that each person is to show at a time."""
    cues = cues or [{}] * (1 + max(call.cue for call in calls))
    heard = [heard_by(calls, cues, person) for person in range(PEOPLE)]
    return [([picture for at, picture in one if at <= moment] or [None])[-1] for one in heard]


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


def test_a_cue_that_overtakes_another_leaves_nothing_of_it():
    cues = (
        {"at": 0, "page": "blue"},
        {"at": 1, "page": "red", "takes": ACROSS},
        {"at": 3, "page": "gold"},
    )
    # The red is with the first two by then, and would come to the third with the gold.
    assert told(calls_of(*cues)) == [(0, "blue", "111111"), (1, "red", "110000"), (3, "gold", "111111")]


def test_waves_that_cross_pass_through_each_other():
    cues = (
        {"at": 0, "page": "blue"},
        {"at": 1, "page": "red", "hold": 1, "takes": 2 * ACROSS},
        {"at": 2, "page": "gold", "hold": 1, "takes": 2 * ACROSS[::-1]},
    )
    calls = calls_of(*cues)
    for person in range(PEOPLE):
        red, gold = 1 + 2 * person, 2 + 2 * (PEOPLE - 1 - person)
        expected = [(red, "red"), (red + 1, "blue"), (gold, "gold"), (gold + 1, "blue")]
        if gold == red + 1:
            del expected[1]
        if red == gold + 1:
            del expected[3]
        heard = [(at, picture.page) for at, picture in heard_by(calls, cues, person)]
        assert heard == [(0, "blue"), *sorted(expected)]
    # Whom the gold comes to first, hears the red after it, in calls of the same numbers.
    red = [(call.step, float(call.at), call.placed > call.at) for call in calls if call.label == "red"]
    assert red[0] == (0, 1.0, False)
    assert red[-1] == (0, 1.0, True)


def test_a_hold_ends_before_a_later_cue_is_there():
    cues = (
        {"at": 0, "page": "blue"},
        {"at": 1, "page": "red", "hold": 2},
        {"at": 2, "page": "gold", "takes": ACROSS},
    )
    assert told(calls_of(*cues)) == [
        (0, "blue", "111111"),
        (1, "red", "111111"),
        (2, "gold", "110000"),
        (3, "blue", "001111"),
        (2, "gold", "001111"),
    ]


def test_a_wave_may_come_back_before_it_is_over():
    cues = (
        {"at": 0, "page": "blue"},
        {
            "at": 1,
            "page": "red",
            "hold": 1,
            "takes": 2 * ACROSS,
            "repeat": {"times": 2, "every": 3, "back_and_forth": True},
        },
    )
    calls = calls_of(*cues)
    takes = [[ACROSS * 0, 2 * ACROSS], [ACROSS * 0, 2 * ACROSS[::-1]]]
    last = [call.at + int(takes[call.reverse][call.cue][5]) for call in calls if call.included[5]]
    # It comes back to the last person before it has come there.
    assert last == [0, 4, 5, 11, 12]


regions = st.lists(st.booleans(), min_size=PEOPLE, max_size=PEOPLE).map(np.array)
ways = st.just(np.zeros(PEOPLE, int)) | st.lists(st.integers(0, 9), min_size=PEOPLE, max_size=PEOPLE).map(
    np.array
)
cue_lists = st.lists(
    st.fixed_dictionaries(
        {
            "at": st.integers(0, 20),
            "page": st.sampled_from(["blue", "red", "gold", "sea"]),
            "region": regions,
            "takes": ways,
        },
        optional={"hold": st.integers(1, 6)},
    ),
    max_size=8,
).map(lambda cues: [{"at": 0, "page": "blue"}, *sorted(cues, key=lambda cue: cue["at"])])


@settings(deadline=None)
@given(cue_lists)
def test_everyone_always_shows_the_newest_cue_that_is_there_and_not_over(cues):
    """Compare with the rule itself, looked up for each person and moment."""
    calls = calls_of(*cues)
    placed = [call.placed for call in calls]
    assert placed == sorted(placed)
    assert all(call.included.any() for call in calls)
    for moment in range(38):
        shown = shown_at(calls, moment, cues)
        for person in range(PEOPLE):
            newest = None
            for cue in cues:
                begins = cue["at"] + int(cue.get("takes", ACROSS * 0)[person])
                over = "hold" in cue and moment >= begins + cue["hold"]
                if cue.get("region", EVERYONE)[person] and begins <= moment and not over:
                    passed = [m for m in moments(cue["page"]) if m <= moment - begins]
                    newest = Picture(cue["page"], passed[-1])
            assert shown[person] == newest, (moment, person)


@settings(deadline=None)
@given(cue_lists)
def test_everyone_hears_one_call_after_another(cues):
    calls = calls_of(*cues)
    for person in range(PEOPLE):
        times = [at for at, _ in heard_by(calls, cues, person)]
        assert times == sorted(set(times))


@settings(deadline=None)
@given(cue_lists)
def test_calls_of_one_moment_are_for_different_people(cues):
    called: dict[Fraction, np.ndarray] = {}
    for call in calls_of(*cues):
        others = called.setdefault(call.placed, np.zeros(PEOPLE, dtype=bool))
        assert not (others & call.included).any()
        others |= call.included
