"""The cues of a card section: when who turns to which page, in which order, or moves the book how."""

from __future__ import annotations

import math
import re
from typing import Annotated, Literal

from pydantic import Field, PlainValidator, ValidationInfo, WithJsonSchema, model_validator

from .errors import quoted
from .model import Model, Shorthand, only_one, refuse_strangers, written
from .plain_values import Number, RelativePath, Text, Truth, Whole
from .quantities import Duration, Moment, Share, parse_angle, problem, within

Order = Literal[
    "together",
    "sweep",
    "ripple",
    "iris",
    "spiral",
    "diagonal",
    "rows",
    "columns",
    "dissolve",
    "canon",
    "map",
]
GestureKind = Literal["raise", "lower", "tilt", "shake"]

# The angle is the direction in which the sweep travels, as the kernels take it.
_SIDES = {"left": 0.0, "bottom": math.pi / 2, "right": math.pi, "top": 3 * math.pi / 2}


def _parse_from(value: object, info: ValidationInfo) -> float:
    if isinstance(value, str) and re.match(r"\s*[^\W\d]", value):
        if value not in _SIDES:
            raise problem(f"{quoted(value)} is not a side", allowed="left, right, bottom, top, or degrees")
        return _SIDES[value]
    return parse_angle(value, info)


def _parse_range(value: object) -> tuple[int, int]:
    if isinstance(value, int) and not isinstance(value, bool):
        first = last = value
    elif isinstance(value, tuple) and len(value) == 2 and all(type(end) is int for end in value):
        first, last = value
    else:
        match = (
            re.fullmatch(r"\s*([0-9]{1,6})\s*(?:-\s*([0-9]{1,6})\s*)?", value)
            if isinstance(value, str)
            else None
        )
        if match is None:
            raise problem(f"{quoted(value)} is not a range; write the first and the last, like '20-60'")
        first, last = int(match[1]), int(match[2] or match[1])
    if first < 1:
        raise problem("rows and columns count from 1")
    if last < first:
        raise problem(f"the range ends before it begins; write '{last}-{first}'")
    return first, last


def _parse_ranges(value: object) -> tuple[tuple[int, int], ...]:
    if isinstance(value, str) and "," in value:
        return tuple(_parse_range(part) for part in value.split(","))
    if isinstance(value, list) or (isinstance(value, tuple) and not all(type(end) is int for end in value)):
        if not value:
            raise problem("the list of ranges is empty")
        return tuple(_parse_range(part) for part in value)
    return (_parse_range(value),)


SweepFrom = Annotated[
    float,
    PlainValidator(_parse_from),
    WithJsonSchema(
        {"anyOf": [{"enum": list(_SIDES)}, {"type": "string", "pattern": r"^[+-]?[0-9]+(\.[0-9]+)? ?deg$"}]}
    ),
]
_RANGE = {
    "anyOf": [
        {"type": "string", "pattern": "^[0-9]+( ?- ?[0-9]+)?( ?, ?[0-9]+( ?- ?[0-9]+)?)*$"},
        {"type": "integer", "minimum": 1},
    ]
}
Ranges = Annotated[
    tuple[tuple[int, int], ...],
    PlainValidator(_parse_ranges),
    WithJsonSchema(
        {
            "anyOf": [*_RANGE["anyOf"], {"type": "array", "items": _RANGE}],
            "description": "First and last, counted from 1 at the front and at the viewer's left",
        }
    ),
]


class Flip(Model):
    """How a change goes through the section.

    `from_` is the direction of travel in radians (0 = from the left, pi/2 = from the bottom); `centre`
    is a share of the width from the left and of the height from the bottom; `over` and `turn` are
    seconds: from the first person's start to the last one's, and how long one person takes. `ease` is
    how the change sets off and comes to rest on its way. In a `canon` the columns (or rows) go in
    `groups`, one after another. A `map` is a picture: black turns first, white last.
    """

    order: Order = "together"
    from_: SweepFrom = Field(default="left", validate_default=True, alias="from")
    centre: tuple[Share, Share] = written(("50 %", "50 %"))
    windings: Annotated[Number, Field(ge=-50, le=50)] = 3.0
    groups: Annotated[Whole, Field(ge=2, le=1000)] = 4
    along: Literal["columns", "rows"] = "columns"
    map: RelativePath | None = None
    over: Duration = written("0 s")
    turn: Duration = written("0.4 s")
    ease: Literal["linear", "in", "out", "in_out"] = "linear"
    reverse: Truth = False

    @model_validator(mode="after")
    def _options_fit(self) -> Flip:
        refuse_strangers(
            self,
            self.order,
            {
                "from_": ("sweep",),
                "centre": ("ripple", "iris", "spiral"),
                "windings": ("spiral",),
                "groups": ("canon",),
                "along": ("canon",),
                "map": ("map",),
            },
        )
        if self.order == "map" and self.map is None:
            raise problem("the order 'map' needs a 'map': a picture, black where people turn first")
        if self.windings == 0:
            raise problem("a spiral goes round at least a little", at=("windings",))
        if not self.turn > 0:
            raise problem("turning a page takes more than 0 s", at=("turn",))
        return self


class Where(Model):
    """A part of the section; what is given is met all together, and `outside` turns it inside out.

    Rows and columns count from 1, first and last. The corners of a `polygon` are shares of the width
    from the left and of the height from the bottom. A `mask` is a picture: white is in. A `block` is
    named in the card section. `seats` are seats, rows or sections by name, or ranges of seats or rows.
    `drawn` is where the cue's own page has ink: where its picture is not transparent, or its letters are.
    """

    rows: Ranges | None = None
    columns: Ranges | None = None
    polygon: Annotated[tuple[tuple[Share, Share], ...], Field(min_length=3, max_length=1000)] | None = None
    mask: RelativePath | None = None
    block: Text | None = None
    seats: Annotated[tuple[Text, ...], Field(min_length=1, max_length=100_000)] | None = None
    drawn: Truth = False
    outside: Truth = False

    @model_validator(mode="after")
    def _says_something(self) -> Where:
        parts = ("rows", "columns", "polygon", "mask", "block", "seats")
        if not self.drawn and all(getattr(self, name) is None for name in parts):
            raise problem(f"a part of the section is at least one of: {', '.join(parts)}, drawn")
        return self


class Repeat(Model):
    """Do a cue `times` times, one each `every` seconds; with `back_and_forth` every second one reversed."""

    times: Annotated[Whole, Field(ge=2, le=1000)]
    every: Annotated[Duration, within("10 ms", "3600 s")]
    back_and_forth: Truth = False


class Gesture(Model):
    """What people do with the open book: raise it, lower it, tilt it to flash its cover, shake it.

    It takes the cue's `turn` to get there and as long to come back, with `hold` seconds between.
    `amount` is the share of the full movement; `rate` is how many times a second a book is shaken.
    """

    kind: GestureKind
    hold: Duration = written("0 s")
    amount: Share = written("100 %")
    rate: Annotated[Number, Field(ge=0.5, le=8)] = 3.0

    @model_validator(mode="after")
    def _options_fit(self) -> Gesture:
        refuse_strangers(self, self.kind, {"rate": ("shake",)})
        return self


class Cue(Model):
    """At a time, turn to a page or make a gesture.

    With `hold` people turn back after so many seconds to what they showed before.
    """

    at: Moment
    page: Text | None = None
    gesture: Annotated[Gesture, Shorthand("kind", str, (("type", "string"),))] | None = None
    flip: Annotated[Flip, Shorthand("order", str, (("type", "string"),))] = Field(default_factory=Flip)
    where: Annotated[Where, Shorthand("block", str, (("type", "string"),))] | None = None
    hold: Annotated[Duration, within("10 ms", "3600 s")] | None = None
    repeat: Repeat | None = None

    @model_validator(mode="after")
    def _one_thing(self) -> Cue:
        kind = only_one(self, ("page", "gesture"), "a cue")
        refuse_strangers(self, kind, {"hold": ("page",)})
        if kind == "gesture" and self.where is not None and self.where.drawn:
            raise problem("'drawn' is where the cue's page has ink, but a gesture has no page", at=("where",))
        if self.hold is not None and self.repeat is not None and self.repeat.every <= self.hold:
            raise problem(
                "is not longer than 'hold', so it would begin again before it is over",
                at=("repeat", "every"),
                of_value=True,
            )
        return self
