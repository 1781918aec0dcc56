from __future__ import annotations

import math
from fractions import Fraction
from typing import Any, get_args

import pytest
from cardstunt.kernels.easing import EASES
from cardstunt.scenes import schema_travel
from cardstunt.scenes.quantities import Reading, Tempo
from cardstunt.scenes.schema_travel import heading_of
from cardstunt.scenes.schema_troupe import DrillSet
from pydantic import ValidationError

READING = Reading(tempo=Tempo(Fraction(120)))


def read(**said: Any) -> DrillSet:
    data = {"at": "0 s", "formation": {"rings": 3}} | said
    return DrillSet.model_validate(data, context=READING, by_alias=True, by_name=False)


def test_the_names_are_those_of_the_kernels() -> None:
    assert get_args(schema_travel.Ease) == EASES


@pytest.mark.parametrize(
    ("written", "over"), [("6 s", 6), ("16 counts", 8), ("1 count", Fraction(1, 2)), ({"over": "2 bars"}, 4)]
)
def test_a_travel_is_its_time(written: Any, over: Fraction) -> None:
    assert read(travel=written).travel.over == over


def test_all_that_a_travel_can_say() -> None:
    travel = read(
        travel={
            "over": "6 s",
            "ease": "steady",
            "via": [["1 m", "2 m"], ["-3 m", "4 m"]],
            "canon": "50 ms",
            "speed": "7.2 km/h",
        }
    ).travel
    assert (travel.ease, travel.canon) == ("steady", Fraction(1, 20))
    assert travel.via == ((1.0, 2.0), (-3.0, 4.0))
    assert travel.speed == pytest.approx(2.0, abs=1e-12)


@pytest.mark.parametrize(
    ("travel", "words"),
    [
        ("0 s", "more than 0 s"),
        (6, "6 has no unit; write '6 s'"),
        ("-1 s", "negative"),
        ("soon", "is not a duration"),
        ({"speed": "3"}, "write '3 m/s'"),
        ({"speed": "3 mph"}, "not a unit of speed"),
        ({"speed": "20 m/s"}, "from 0.2 m/s to 12 m/s"),
        ({"speed": "0 m/s"}, "from 0.2 m/s to 12 m/s"),
        ({"via": []}, "at least 1"),
        ({"via": [["0 m", "0 m"]] * 3}, "at most 2"),
        ({"over": "1 s", "canon": "2 s"}, "must be less than the 1 s of the travel"),
        ({"ease": "linear"}, "'smooth' or 'steady'"),
    ],
)
def test_what_is_no_travel_is_refused(travel: Any, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        read(travel=travel)


def test_people_look_at_somebody_or_along_an_angle() -> None:
    for facing in schema_travel.FACINGS:
        assert read(face=facing).face == facing
    assert read(face="-90 deg").face == pytest.approx(-math.pi / 2)


@pytest.mark.parametrize(
    ("face", "words"),
    [
        ("audiense", "did you mean 'audience'"),
        (90, "write '90 deg'"),
        ("90", "write '90 deg'"),
        ([], "not a list"),
        (None, "not nothing"),
    ],
)
def test_nowhere_to_look_is_refused(face: Any, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        read(face=face)


def test_angles_turn_as_those_of_arcs_do() -> None:
    # Away from the main stand is east, to the right as it is seen from there is south.
    degrees = [0, 90, 180, 270]
    east_north = [(1, 0), (0, -1), (-1, 0), (0, 1)]
    for angle, (east, north) in zip(degrees, east_north, strict=True):
        heading = heading_of(math.radians(angle))
        assert (math.cos(heading), math.sin(heading)) == pytest.approx((east, north), abs=1e-12)
