"""Lengths and places of a show file: metres from the centre of the field, or what stands there."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import PlainValidator, ValidationInfo, WithJsonSchema

from .errors import kind_of, nearest_name, quoted
from .measures import LENGTH_UNITS, SIGNED, number_parser, problem

FARTHEST = 100_000
"""Metres that a length is at most."""
NAMED = ("card_section", "field")
METRES = {"type": "string", "pattern": rf"^{SIGNED} ?(mm|cm|m|km)$"}
"""JSON Schema of a length."""
POINT = {"type": "array", "items": METRES, "minItems": 3, "maxItems": 3}
FLAT_POINT = POINT | {"minItems": 2}
"""JSON Schema of a place, and of one whose height may be left out."""

_parse_length = number_parser("a length", LENGTH_UNITS, "90 m")


def _parse_metres(value: object, info: ValidationInfo) -> float:
    metres = _parse_length(value, info)
    if abs(metres) > FARTHEST:
        raise problem("is too far; a length is at most 100 km", of_value=True)
    return float(metres)


def point(
    value: list[Any] | tuple[Any, ...], info: ValidationInfo, *, farthest: float
) -> tuple[float, float, float]:
    """Read [x, y] or [x, y, z], with the height 0 where it is left out; at most `farthest` metres each."""
    if len(value) not in (2, 3):
        raise problem(f"a place is [x m, y m] or [x m, y m, z m], not {len(value)} numbers")
    metres = [_parse_metres(item, info) for item in value]
    if any(abs(metre) > farthest for metre in metres):
        raise problem(f"the place is too far; at most {farthest:g} m from the centre of the field")
    x, y, z = (*metres, 0.0)[:3]
    return x, y, z


def _parse_place(value: object, info: ValidationInfo) -> Any:
    if value in NAMED:
        return value
    if isinstance(value, list | tuple) and len(value) == 3:
        return tuple(_parse_metres(item, info) for item in value)
    found = quoted(value) if isinstance(value, str) else kind_of(value)
    raise problem(
        f"{found} is not a place to look at",
        allowed="card_section, field, [x m, y m, z m]",
        nearest=nearest_name(value, NAMED),
    )


def _parse_view(value: object, info: ValidationInfo) -> Any:
    if isinstance(value, str) and value.strip() and not re.match(r"\s*[+-]?[0-9]", value):
        return value
    if isinstance(value, list | tuple) and len(value) == 3:
        return tuple(_parse_metres(item, info) for item in value)
    found = quoted(value) if isinstance(value, str | int | float) else kind_of(value)
    raise problem(f"{found} is not a place to look from", allowed="the name of a shot, [x m, y m, z m]")


def _parse_focus(value: object, info: ValidationInfo) -> Any:
    if isinstance(value, str) and not re.match(r"\s*[+-]?[0-9]", value):
        if value in NAMED:
            return value
        raise problem(
            f"{quoted(value)} is nothing to focus on",
            allowed="card_section, field, a distance such as 120 m",
            nearest=nearest_name(value, NAMED),
        )
    metres = _parse_metres(value, info)
    if metres <= 0:
        raise problem("must be more than 0 m", of_value=True)
    return metres


_NAMED_PLACE = {"enum": list(NAMED)}

Length = Annotated[
    float, PlainValidator(_parse_metres), WithJsonSchema(METRES | {"examples": ["90 m", "35 mm"]})
]
Place = Annotated[
    Literal["card_section", "field"] | tuple[float, float, float],
    PlainValidator(_parse_place),
    WithJsonSchema({"anyOf": [_NAMED_PLACE, POINT]}),
]
View = Annotated[
    str | tuple[float, float, float],
    PlainValidator(_parse_view),
    WithJsonSchema({"anyOf": [{"type": "string"}, POINT]}),
]
Focus = Annotated[
    Literal["card_section", "field"] | float,
    PlainValidator(_parse_focus),
    WithJsonSchema({"anyOf": [_NAMED_PLACE, METRES]}),
]
