"""Quantities of a show file: text with a unit in YAML, exact SI values in the models.

A model that is built in Python may be given SI numbers as they are; in a show file a number without a
unit is refused, because nobody can tell seconds from beats in ``at: 4``. Text is read in `measures`, times in
`times`, lengths and places in `field_places`.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Annotated, Any

from pydantic import AfterValidator, PlainValidator, ValidationInfo

from .bars import Tempo
from .field_places import Focus, Length, Place, View
from .measures import (
    LENGTH_UNITS,
    NUMBER,
    SIGNED,
    TIME_UNITS,
    Reading,
    in_file,
    number_parser,
    problem,
    text_schema,
)
from .times import Duration, Moment, Seconds, Span

__all__ = [
    "Angle",
    "Duration",
    "Focus",
    "Length",
    "Moment",
    "Place",
    "Reading",
    "Seconds",
    "Share",
    "Span",
    "Speed",
    "Stops",
    "Tempo",
    "View",
    "number_parser",
    "parse_angle",
    "problem",
    "text_schema",
    "within",
]

_parse_degrees = number_parser("an angle", {"deg": Fraction(1)}, "20 deg")
_parse_share = number_parser("a share", {"%": Fraction(1, 100)}, "70 %")
_parse_speed = number_parser("a speed", {"x": Fraction(1)}, "8x")
_parse_stops = number_parser("an exposure", {"stops": Fraction(1), "stop": Fraction(1)}, "0.5 stops")


def parse_angle(value: object, info: ValidationInfo) -> float:
    """Return radians from text in degrees (or, in Python, radians as they are)."""
    if isinstance(value, int | float | Fraction) and not isinstance(value, bool) and not in_file(info):
        return float(value)
    return math.radians(_parse_degrees(value, info))


def _parse_share_float(value: object, info: ValidationInfo) -> float:
    share = _parse_share(value, info)
    if not 0 <= share <= 1:
        raise problem("must be from 0 % to 100 %", of_value=True)
    return float(share)


def _parse_factor(value: object, info: ValidationInfo) -> Fraction:
    factor = _parse_speed(value, info)
    if not 0 < factor <= 100_000:
        raise problem("must be more than 0x and at most 100000x", of_value=True)
    return factor


def _parse_exposure(value: object, info: ValidationInfo) -> float:
    stops = _parse_stops(value, info)
    if abs(stops) > 20:
        raise problem("must be from -20 to 20 stops", of_value=True)
    return float(stops)


def within(lowest: str, highest: str) -> AfterValidator:
    """Return a validator for a range of SI values, written in units: ``within("1 m", "5 km")``."""
    units = TIME_UNITS | LENGTH_UNITS | dict.fromkeys(("deg", "x", "m/s", ""), Fraction(1))

    def bound(text: str) -> Fraction | float:
        number, _, unit = text.partition(" ")
        return math.radians(float(number)) if unit == "deg" else Fraction(number) * units[unit]

    exact = bound(lowest), bound(highest)
    rounded = float(exact[0]), float(exact[1])

    def check(value: Any) -> Any:
        # A float was rounded from the number that was written; so must be what it is compared with.
        low, high = rounded if isinstance(value, float) else exact
        if not low <= value <= high:
            raise problem(f"must be from {lowest} to {highest}", of_value=True)
        return value

    return AfterValidator(check)


Angle = Annotated[
    float, PlainValidator(parse_angle), text_schema(rf"{SIGNED} ?deg", "An angle in degrees", "20 deg")
]
Share = Annotated[
    float, PlainValidator(_parse_share_float), text_schema(rf"{NUMBER} ?%", "A share in per cent", "70 %")
]
Speed = Annotated[
    Fraction,
    PlainValidator(_parse_factor),
    text_schema(rf"{NUMBER} ?x", "Seconds of show in a second of film", "8x"),
]
Stops = Annotated[
    float, PlainValidator(_parse_exposure), text_schema(rf"{SIGNED} ?stops?", "Exposure", "0.5 stops")
]
