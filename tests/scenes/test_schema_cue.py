from __future__ import annotations

import math
import re
from fractions import Fraction
from typing import Any

import pytest
from cardstunt.scenes.schema_cue import Cue, Flip, Where
from pydantic import ValidationError


def test_sides_are_directions_of_travel() -> None:
    for side, angle in {"left": 0.0, "bottom": math.pi / 2, "right": math.pi, "top": 1.5 * math.pi}.items():
        flip = Flip.model_validate({"order": "sweep", "from": side})
        assert flip.from_ == angle
    assert Flip.model_validate({"order": "sweep", "from": "30 deg"}).from_ == math.radians(30)


@pytest.mark.parametrize(
    ("flip", "words"),
    [
        ({"order": "map"}, "the order 'map' needs a 'map'"),
        ({"order": "ripple", "groups": 3}, "'groups' does not go with 'ripple', only with canon"),
        ({"order": "ripple", "from": "left"}, "'from' does not go with 'ripple'"),
        ({"order": "spiral", "windings": 0}, "goes round at least a little"),
        ({"turn": "0 s"}, "takes more than 0 s"),
        ({"order": "sweep", "from": "north"}, "'north' is not a side"),
    ],
)
def test_flips_that_cannot_be(flip: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=re.escape(words)):
        Flip.model_validate(flip)


@pytest.mark.parametrize(
    ("rows", "ranges"),
    [
        ("2-6", ((2, 6),)),
        (3, ((3, 3),)),
        ("1-2, 5, 9-10", ((1, 2), (5, 5), (9, 10))),
        (["1-2", 5], ((1, 2), (5, 5))),
        ((2, 6), ((2, 6),)),
    ],
)
def test_ranges_count_from_1(rows: object, ranges: object) -> None:
    assert Where.model_validate({"rows": rows}).rows == ranges


@pytest.mark.parametrize(
    "rows", ["6-2", "0-4", "a-b", "1-2-3", "-3", "", 0, 1.5, [], True, "1-2,", ["6-2"], [[1]]]
)
def test_a_range_that_is_none(rows: object) -> None:
    with pytest.raises(ValidationError):
        Where.model_validate({"rows": rows})


@pytest.mark.parametrize(
    "where", [{}, {"outside": True}, {"rows": None}, {"polygon": [["0 %", "0 %"], ["1 %", "1 %"]]}]
)
def test_a_part_that_says_nothing(where: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Where.model_validate(where)


def test_short_forms() -> None:
    cue = Cue.model_validate({"at": 4, "page": "blue", "flip": "ripple", "where": "crown"})
    assert cue.flip == Flip(order="ripple")
    assert cue.where == Where(block="crown")
    wave = Cue.model_validate({"at": 4, "gesture": "raise"})
    assert wave.gesture is not None
    assert (wave.gesture.kind, wave.gesture.hold, wave.gesture.amount) == ("raise", 0, 1.0)


@pytest.mark.parametrize(
    ("cue", "words"),
    [
        ({}, "a cue needs one of: page, gesture"),
        ({"page": "a", "gesture": "raise"}, "a cue is one of page, gesture"),
        ({"gesture": "raise", "hold": 1}, "'hold' does not go with 'gesture'"),
        ({"gesture": {"kind": "raise", "rate": 2}}, "'rate' does not go with 'raise', only with shake"),
        ({"gesture": "raise", "where": {"drawn": True}}, "a gesture has no page"),
        ({"page": "a", "hold": 2, "repeat": {"times": 2, "every": 1}}, "is not longer than 'hold'"),
        ({"page": "a", "repeat": {"times": 1, "every": 1}}, "greater than or equal to 2"),
    ],
)
def test_cues_that_cannot_be(cue: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=re.escape(words)):
        Cue.model_validate({"at": 0, **cue})


def test_a_repeated_cue() -> None:
    cue = Cue.model_validate({"at": 1, "page": "a", "hold": 0.5, "repeat": {"times": 3, "every": 2}})
    assert cue.repeat is not None
    assert (cue.hold, cue.repeat.times, cue.repeat.every) == (Fraction(1, 2), 3, 2)
