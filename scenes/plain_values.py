"""Values without a unit: numbers, text, colours and file names, each refused with a way to put it right."""

from __future__ import annotations

import math
import re
from fractions import Fraction
from typing import Annotated

from pydantic import Field, PlainValidator, WithJsonSchema

from .errors import kind_of, quoted
from .quantities import problem, text_schema


def _parse_decimal(value: object) -> Fraction:
    if isinstance(value, Fraction):
        return value
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise problem(f"a number is expected, not {quoted(value)}")
    # The shortest text that reads back is what the user wrote: 92.1 means 921/10.
    return Fraction(str(value))


def parse_colour(value: object) -> tuple[int, int, int]:
    """Return red, green and blue of ``"#0a3d91"``, or of three bytes given from Python."""
    if isinstance(value, str):
        match = re.fullmatch(r"#([0-9A-Fa-f]{2})([0-9A-Fa-f]{2})([0-9A-Fa-f]{2})", value)
        if match:
            return int(match[1], 16), int(match[2], 16), int(match[3], 16)
    if (
        isinstance(value, tuple)
        and len(value) == 3
        and all(isinstance(c, int) and 0 <= c < 256 for c in value)
    ):
        return value
    if value is None:
        raise problem('no colour here; write it in quotes, as in "#0a3d91" (a bare # starts a comment)')
    raise problem(f'{quoted(value)} is not a colour; write red, green and blue like "#0a3d91"')


def _parse_relative(value: object) -> str:
    if isinstance(value, str) and value.strip():
        return value
    raise problem("the name of a file in the show's folder is expected, such as 'assets/sunrise.png'")


def _parse_text(value: object) -> str:
    if not isinstance(value, str):
        hint = f'; put it in quotes: "{value}"' if isinstance(value, int | float) else ""
        found = (
            "nothing"
            if value is None
            else quoted(value)
            if isinstance(value, int | float)
            else kind_of(value)
        )
        raise problem(f"text is expected, not {found}{hint}")
    if not value.strip():
        raise problem("the text is empty")
    return value


Decimal = Annotated[Fraction, PlainValidator(_parse_decimal), WithJsonSchema({"type": "number"})]
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Whole = Annotated[int, Field(strict=True)]
Truth = Annotated[bool, Field(strict=True)]
Colour = Annotated[
    tuple[int, int, int],
    PlainValidator(parse_colour),
    text_schema("#[0-9A-Fa-f]{6}", "sRGB red, green and blue, in quotes", "#0a3d91"),
]
RelativePath = Annotated[
    str,
    PlainValidator(_parse_relative),
    WithJsonSchema({"type": "string", "minLength": 1, "description": "A file in the show's folder"}),
]
Text = Annotated[str, PlainValidator(_parse_text), WithJsonSchema({"type": "string", "pattern": r"\S"})]
