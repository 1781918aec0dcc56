"""Text with a unit, read as an exact number in SI, and what to say where it cannot be."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from pydantic import ValidationInfo, WithJsonSchema
from pydantic_core import PydanticCustomError

from .bars import Tempo
from .errors import advised, kind_of, listing, nearest_name, quoted

NUMBER = r"[0-9]{1,12}(?:\.[0-9]{1,12})?"
SIGNED = rf"[+-]?{NUMBER}"

TIME_UNITS = {"ms": Fraction(1, 1000), "s": Fraction(1), "min": Fraction(60)}
LENGTH_UNITS = {"mm": Fraction(1, 1000), "cm": Fraction(1, 100), "m": Fraction(1), "km": Fraction(1000)}
_SPELLED = {
    "ms": ("msec", "millisecond", "milliseconds"),
    "s": ("sec", "secs", "second", "seconds"),
    "min": ("m", "mins", "minute", "minutes"),
    "m": ("metre", "metres", "meter", "meters"),
    "deg": ("°", "degree", "degrees"),
    "%": ("percent", "pct"),
}


@dataclass(frozen=True)
class Reading:
    """What a quantity needs to know while a show file is read (the pydantic validation context).

    Attributes
    ----------
    tempo : Tempo or None
        None when the show has no music.
    fps : Fraction or None
        Frames a second of the film, in which ``frame 240`` counts; None when they cannot be read.
    markers : mapping of str to Fraction
        Named moments of the show, in seconds; None for one that cannot be read, reported elsewhere.
    unreadable : bool
        The music itself has a problem, reported elsewhere: bars and beats are then read with a tempo
        that refuses none, so that one mistake is not reported at every cue.
    """

    tempo: Tempo | None = None
    unreadable: bool = False
    fps: Fraction | None = None
    markers: Mapping[str, Fraction | None] = field(default_factory=dict)


def problem(
    message: str,
    *,
    allowed: str = "",
    nearest: str | None = None,
    at: tuple[str | int, ...] = (),
    of_value: bool = False,
) -> PydanticCustomError:
    """Return the error a validator raises; `at` leads from the validated value to the culprit.

    With `of_value` the message is a predicate, and whoever knows what was written puts it before.
    """
    context = {
        "text": advised(message, allowed=allowed, nearest=nearest),
        "allowed": allowed,
        "nearest": nearest,
        "at": at,
        "of_value": of_value,
    }
    return PydanticCustomError("show", "{text}", context)


def in_file(info: ValidationInfo) -> bool:
    """Tell whether what is read stands in a show file, where a number needs a unit."""
    return isinstance(info.context, Reading)


def refuse(kind: str, value: object, example: str) -> PydanticCustomError:
    """Return the error for what is no `kind` of quantity, such as ``a length``; `example` is one."""
    if isinstance(value, bool) or value is None or not isinstance(value, int | float | str):
        found = "nothing" if value is None else quoted(value) if isinstance(value, bool) else kind_of(value)
        return problem(f"{kind} is expected, such as {example!r}, not {found}")
    if isinstance(value, str):
        return problem(f"{quoted(value)} is not {kind}; write it like {example!r}")
    unit = example.lstrip("+-0123456789.")
    return problem(f"{value} has no unit; write {f'{value}{unit}'!r}")


def measure(text: str, units: Mapping[str, Fraction], kind: str, example: str) -> Fraction:
    """Read a number and one of the units; `kind` and `example` are as `refuse` takes them.

    Raises
    ------
    PydanticCustomError
    """
    match = re.fullmatch(rf"\s*({SIGNED})\s*([^\W\d]+(?:/[^\W\d]+)?|[%°])?\s*", text)
    if match is None:
        raise refuse(kind, text, example)
    number, unit = match.groups()
    if unit is None:
        usual = example.lstrip("+-0123456789.")
        raise problem(f"{quoted(text)} has no unit; write {text.strip() + usual!r}")
    if unit not in units:
        raise problem(
            f"{quoted(unit)} is not a unit of {kind.removeprefix('a ').removeprefix('an ')}",
            allowed=listing(units),
            nearest=next((short for short in units if unit in _SPELLED.get(short, ())), None)
            or nearest_name(unit, units),
        )
    return Fraction(number) * units[unit]


def exact(value: object, info: ValidationInfo) -> Fraction | None:
    """Return SI numbers given from Python; None for what must be parsed."""
    if isinstance(value, Fraction):
        return value
    if isinstance(value, bool) or in_file(info) or not isinstance(value, int | float):
        return None
    return Fraction(str(value)) if math.isfinite(value) else None


def number_parser(kind: str, units: Mapping[str, Fraction], example: str) -> Callable[..., Fraction]:
    """Return a parser of a quantity: text with one of the units, or in Python a number as it is.

    Parameters
    ----------
    kind : str
        What it is called, with its article: ``a length``.
    units : mapping of str to Fraction
        What one of each unit is in SI.
    example : str
        How it is written.
    """

    def parse(value: object, info: ValidationInfo) -> Fraction:
        found = exact(value, info)
        if found is not None:
            return found
        if not isinstance(value, str):
            raise refuse(kind, value, example)
        return measure(value, units, kind, example)

    return parse


def text_schema(pattern: str, description: str, *examples: str) -> WithJsonSchema:
    """Return the JSON Schema of text that matches `pattern` from end to end."""
    return WithJsonSchema(
        {"type": "string", "pattern": f"^{pattern}$", "description": description, "examples": list(examples)}
    )
