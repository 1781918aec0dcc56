"""How a troupe gets from one formation to the next: who goes where, how fast, along which way."""

from __future__ import annotations

import math
import re
from fractions import Fraction
from typing import Annotated, Literal, get_args

from pydantic import Field, PlainValidator, ValidationInfo, WithJsonSchema, model_validator

from .errors import kind_of, listing, nearest_name, quoted
from .model import Model, written
from .quantities import Duration, number_parser, parse_angle, problem, within
from .schema_formation import Spot

Assign = Literal["nearest", "symmetric", "rank", "follow"]
Ease = Literal["smooth", "steady"]
Facing = Literal["audience", "card_section", "centre", "out"]
FACINGS: tuple[Facing, ...] = get_args(Facing)

YARD = Fraction(9144, 10000)
"""Metres (international yard and pound agreement, 1959)."""

_PACE_UNITS = {"m/s": Fraction(1), "km/h": Fraction(10, 36)}
_parse_pace = number_parser("a speed", _PACE_UNITS, "2 m/s")
_parse_length = number_parser("a length of step", {"m": Fraction(1), "cm": Fraction(1, 100)}, "0.75 m")


def _parse_metres_a_second(value: object, info: ValidationInfo) -> float:
    return float(_parse_pace(value, info))


def _parse_step(value: object, info: ValidationInfo) -> float:
    match = re.fullmatch(r"\s*([0-9]{1,3}) to ([0-9]{1,3})\s*", value) if isinstance(value, str) else None
    if match is None:
        return float(_parse_length(value, info))
    steps, yards = int(match[1]), int(match[2])
    if not steps:
        raise problem("nobody gets anywhere in 0 steps; write it like '8 to 5'")
    return float(yards * YARD / steps)


def _parse_face(value: object, info: ValidationInfo) -> Facing | float:
    if isinstance(value, str) and not re.match(r"\s*[+-]?[0-9]", value):
        for facing in FACINGS:
            if value == facing:
                return facing
        raise problem(
            f"{quoted(value)} is nowhere to look",
            allowed=f"{listing(FACINGS)}, or degrees such as 90 deg",
            nearest=nearest_name(value, FACINGS),
        )
    if not isinstance(value, str | int | float):
        raise problem(f"somewhere to look is expected, not {kind_of(value)}", allowed=listing(FACINGS))
    return parse_angle(value, info)


Pace = Annotated[
    float,
    PlainValidator(_parse_metres_a_second),
    WithJsonSchema({"type": "string", "pattern": r"^[0-9]+(\.[0-9]+)? ?(m/s|km/h)$", "examples": ["2 m/s"]}),
]
StepLength = Annotated[
    float,
    PlainValidator(_parse_step),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": r"^([0-9]+ to [0-9]+|[0-9]+(\.[0-9]+)? ?(m|cm))$",
            "description": "A length, or so many steps to so many yards",
            "examples": ["8 to 5", "0.75 m"],
        }
    ),
    within("0.2 m", "1.2 m"),
]
Face = Annotated[
    Facing | float,
    PlainValidator(_parse_face),
    WithJsonSchema(
        {
            "anyOf": [
                {"enum": list(FACINGS)},
                {"type": "string", "pattern": r"^[+-]?[0-9]+(\.[0-9]+)? ?deg$"},
            ],
            "description": "0 deg is away from the main stand, 90 deg to the right as it is seen from there",
        }
    ),
]


class Travel(Model):
    """How long people walk to a formation, and how.

    `over` is seconds from the first one's start to the last one's arrival, None lets the longest way decide.
    `smooth` sets off and comes to rest gently, `steady` keeps one pace all the way. `via` has one or two
    control points of a curve, metres on the field, along which the middle of the formation goes. With a
    `canon` people set off one after another, seconds from one to the next. `speed` is what nobody exceeds.
    """

    over: Duration | None = None
    ease: Ease = "smooth"
    via: Annotated[tuple[Spot, ...], Field(min_length=1, max_length=2)] | None = None
    canon: Duration = written("0 s")
    speed: Annotated[Pace, within("0.2 m/s", "12 m/s")] | None = None

    @model_validator(mode="after")
    def _takes_time(self) -> Travel:
        if self.over is not None and not self.over > 0:
            raise problem("people need more than 0 s to walk to a formation", at=("over",))
        if self.over is not None and self.canon >= self.over:
            raise problem(
                f"must be less than the {float(self.over):g} s of the travel, in which all of it has to fit",
                at=("canon",),
                of_value=True,
            )
        return self


def heading_of(angle: float) -> float:
    """Return the kernels' heading (radians from +X towards +Y) of an angle as the show file counts it."""
    return math.remainder(-angle, 2.0 * math.pi)
