"""Quantities of a show file: text with a unit in YAML, exact SI values in the models.

A model that is built in Python may be given SI numbers as they are; in a show file a number without a
unit is refused, because nobody can tell seconds from beats in ``at: 4``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, PlainValidator, ValidationInfo, WithJsonSchema
from pydantic_core import PydanticCustomError

from .errors import advised, kind_of, listing, nearest_name, quoted

LONGEST = Fraction(24 * 3600)
NUMBER = r"[0-9]{1,12}(?:\.[0-9]{1,12})?"
_SIGNED = rf"[+-]?{NUMBER}"

_TIME_UNITS = {"ms": Fraction(1, 1000), "s": Fraction(1), "min": Fraction(60)}
_LENGTH_UNITS = {"mm": Fraction(1, 1000), "cm": Fraction(1, 100), "m": Fraction(1), "km": Fraction(1000)}
_SPELLED = {
    "ms": ("msec", "millisecond", "milliseconds"),
    "s": ("sec", "secs", "second", "seconds"),
    "min": ("m", "mins", "minute", "minutes"),
    "m": ("metre", "metres", "meter", "meters"),
    "deg": ("°", "degree", "degrees"),
    "%": ("percent", "pct"),
}
_MUSICAL = ("beat", "beats", "count", "counts", "bar", "bars")


@dataclass(frozen=True)
class Tempo:
    """How bars and beats of the music lie in show time.

    Attributes
    ----------
    bpm : Fraction
        Beats per minute.
    beats_per_bar : int
    offset : Fraction
        Seconds from the start of the music (show time 0) to the first beat of bar 1.
    """

    bpm: Fraction
    beats_per_bar: int = 4
    offset: Fraction = Fraction(0)

    def moment(self, bar: int, beat: Fraction = Fraction(1)) -> Fraction:
        """Return the show time, in seconds, of a beat; bars and beats count from 1."""
        return self.offset + self.beats((bar - 1) * self.beats_per_bar + beat - 1)

    def beats(self, count: Fraction | int) -> Fraction:
        """Return how many seconds `count` beats last."""
        return Fraction(60) * count / self.bpm


_ANY_TEMPO = Tempo(Fraction(1000), 64)


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


def _in_file(info: ValidationInfo) -> bool:
    return isinstance(info.context, Reading)


def _refuse(kind: str, value: object, example: str) -> PydanticCustomError:
    if isinstance(value, bool) or value is None or not isinstance(value, int | float | str):
        found = "nothing" if value is None else quoted(value) if isinstance(value, bool) else kind_of(value)
        return problem(f"{kind} is expected, such as {example!r}, not {found}")
    if isinstance(value, str):
        return problem(f"{quoted(value)} is not {kind}; write it like {example!r}")
    unit = example.lstrip("+-0123456789.")
    return problem(f"{value} has no unit; write {f'{value}{unit}'!r}")


def _measure(text: str, units: Mapping[str, Fraction], kind: str, example: str) -> Fraction:
    match = re.fullmatch(rf"\s*({_SIGNED})\s*([^\W\d]+(?:/[^\W\d]+)?|[%°])?\s*", text)
    if match is None:
        raise _refuse(kind, text, example)
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


def _exact(value: object, info: ValidationInfo) -> Fraction | None:
    """Return SI numbers given from Python; None for what must be parsed."""
    if isinstance(value, Fraction):
        return value
    if isinstance(value, bool) or _in_file(info) or not isinstance(value, int | float):
        return None
    return Fraction(str(value)) if math.isfinite(value) else None


def _bounded_time(value: Fraction, kind: str) -> Fraction:
    if value < 0:
        raise problem(f"is negative; {kind} cannot be", of_value=True)
    if value > LONGEST:
        raise problem(f"is too long; {kind} is at most 24 hours", of_value=True)
    return value


def _tempo(text: str, info: ValidationInfo) -> Tempo:
    reading = info.context if isinstance(info.context, Reading) else Reading()
    if reading.unreadable:
        return _ANY_TEMPO
    if reading.tempo is None:
        raise problem(
            f"{quoted(text)} counts bars or beats, but the show has no music to count them in; "
            "add music: { file: …, bpm: … }, or write seconds"
        )
    return reading.tempo


def _parse_seconds(value: object, info: ValidationInfo) -> Fraction:
    found = _exact(value, info)
    if found is None:
        if not isinstance(value, str):
            raise _refuse("a time", value, "0.5 s")
        found = _measure(value, _TIME_UNITS, "a time", "0.5 s")
    return _bounded_time(found, "a time")


def _parse_duration(value: object, info: ValidationInfo) -> Fraction:
    if isinstance(value, str):
        match = re.fullmatch(rf"\s*({_SIGNED})\s*(beats?|counts?|bars?)\s*", value)
        if match:
            tempo = _tempo(value, info)
            beats = Fraction(match[1]) * (tempo.beats_per_bar if match[2].startswith("bar") else 1)
            return _bounded_time(tempo.beats(beats), "a duration")
        units = _TIME_UNITS | dict.fromkeys(_MUSICAL, Fraction(0))
        return _bounded_time(_measure(value, units, "a duration", "0.5 s"), "a duration")
    found = _exact(value, info)
    if found is None:
        raise _refuse("a duration", value, "2 s")
    return _bounded_time(found, "a duration")


def _parse_moment(value: object, info: ValidationInfo) -> Fraction:
    if isinstance(value, str):
        return _moment(value, info)
    found = _exact(value, info)
    if found is None:
        raise _refuse("a time", value, "4 s")
    return _bounded_time(found, "a time")


def _moment(text: str, info: ValidationInfo) -> Fraction:
    if text.strip().startswith("frame"):
        return _frame(text, info)
    if text.strip().startswith("marker"):
        return _marked(text, info)
    if not text.strip().startswith("bar"):
        return _bounded_time(_measure(text, _TIME_UNITS, "a time", "4 s"), "a time")
    match = re.fullmatch(rf"\s*bar\s+([0-9]{{1,9}})(?:\s+beat\s+({NUMBER}))?\s*", text)
    if match is None:
        raise problem(f"{quoted(text)} is not a time; write it like 'bar 3' or 'bar 3 beat 2'")
    tempo = _tempo(text, info)
    bar, beat = int(match[1]), Fraction(match[2] or 1)
    if bar < 1:
        raise problem("bars count from 1: the first is 'bar 1'")
    if not 1 <= beat < tempo.beats_per_bar + 1:
        raise problem(f"a bar has beats 1 to {tempo.beats_per_bar}, not {match[2]}")
    return _bounded_time(tempo.moment(bar, beat), "a time")


def _frame(text: str, info: ValidationInfo) -> Fraction:
    match = re.fullmatch(r"\s*frame\s+([0-9]{1,9})\s*", text)
    if match is None:
        raise problem(f"{quoted(text)} is not a time; write it like 'frame 240'")
    fps = info.context.fps if isinstance(info.context, Reading) else None
    # What is wrong with the frame rate is reported there.
    return _bounded_time(Fraction(match[1]) / (fps or Fraction(24)), "a time")


def _marked(text: str, info: ValidationInfo) -> Fraction:
    match = re.fullmatch(r"\s*marker\s+(.+?)(?:\s+([+-])\s+(\S.*?))?\s*", text)
    markers = info.context.markers if isinstance(info.context, Reading) else {}
    if match is None:
        raise problem(f"{quoted(text)} is not a time; write it like 'marker chorus' or 'marker chorus + 2 s'")
    name, sign, rest = match.groups()
    if name not in markers:
        raise problem(
            f"no marker named {quoted(name)}", allowed=listing(markers), nearest=nearest_name(name, markers)
        )
    moment = markers[name]
    shift = _parse_duration(rest, info) if rest else Fraction(0)
    if moment is None:
        return Fraction(0)
    return _bounded_time(moment - shift if sign == "-" else moment + shift, "a time")


def _parse_span(value: object, info: ValidationInfo) -> tuple[Fraction, Fraction]:
    example = "0 s..16 s"
    if isinstance(value, str):
        ends = value.split("..")
        if len(ends) != 2:
            raise problem(f"{quoted(value)} is not a stretch of show time; write it like {example!r}")
        return _moment(ends[0], info), _moment(ends[1], info)
    if not _in_file(info) and isinstance(value, tuple | list) and len(value) == 2:
        return _parse_moment(value[0], info), _parse_moment(value[1], info)
    raise _refuse("a stretch of show time", value, example)


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
        found = _exact(value, info)
        if found is not None:
            return found
        if not isinstance(value, str):
            raise _refuse(kind, value, example)
        return _measure(value, units, kind, example)

    return parse


_parse_length = number_parser("a length", _LENGTH_UNITS, "90 m")
_parse_degrees = number_parser("an angle", {"deg": Fraction(1)}, "20 deg")
_parse_share = number_parser("a share", {"%": Fraction(1, 100)}, "70 %")
_parse_speed = number_parser("a speed", {"x": Fraction(1)}, "8x")
_parse_stops = number_parser("an exposure", {"stops": Fraction(1), "stop": Fraction(1)}, "0.5 stops")


def _parse_metres(value: object, info: ValidationInfo) -> float:
    metres = _parse_length(value, info)
    if abs(metres) > 100_000:
        raise problem("is too far; a length is at most 100 km", of_value=True)
    return float(metres)


def parse_angle(value: object, info: ValidationInfo) -> float:
    """Return radians from text in degrees (or, in Python, radians as they are)."""
    if isinstance(value, int | float | Fraction) and not isinstance(value, bool) and not _in_file(info):
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


def _parse_place(value: object, info: ValidationInfo) -> Any:
    if value in ("card_section", "field"):
        return value
    if isinstance(value, list | tuple) and len(value) == 3:
        return tuple(_parse_metres(item, info) for item in value)
    found = quoted(value) if isinstance(value, str) else kind_of(value)
    raise problem(
        f"{found} is not a place to look at",
        allowed="card_section, field, [x m, y m, z m]",
        nearest=nearest_name(value, ("card_section", "field")),
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
        if value in ("card_section", "field"):
            return value
        raise problem(
            f"{quoted(value)} is nothing to focus on",
            allowed="card_section, field, a distance such as 120 m",
            nearest=nearest_name(value, ("card_section", "field")),
        )
    metres = _parse_metres(value, info)
    if metres <= 0:
        raise problem("must be more than 0 m", of_value=True)
    return metres


def within(lowest: str, highest: str) -> AfterValidator:
    """Return a validator for a range of SI values, written in units: ``within("1 m", "5 km")``."""
    units = _TIME_UNITS | _LENGTH_UNITS | dict.fromkeys(("deg", "x", "m/s", ""), Fraction(1))

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


def text_schema(pattern: str, description: str, *examples: str) -> WithJsonSchema:
    """Return the JSON Schema of text that matches `pattern` from end to end."""
    return WithJsonSchema(
        {"type": "string", "pattern": f"^{pattern}$", "description": description, "examples": list(examples)}
    )


_SECONDS = rf"{NUMBER} ?(ms|s|min)"
_MOMENT = rf"({_SECONDS}|bar [0-9]+( beat {NUMBER})?|frame [0-9]+|marker \S.*)"
_METRES = {"type": "string", "pattern": rf"^{_SIGNED} ?(mm|cm|m|km)$"}
_PLACES = {"enum": ["card_section", "field"]}

Seconds = Annotated[
    Fraction, PlainValidator(_parse_seconds), text_schema(_SECONDS, "A time in seconds", "120 ms", "1.5 s")
]
Duration = Annotated[
    Fraction,
    PlainValidator(_parse_duration),
    text_schema(
        rf"{NUMBER} ?(ms|s|min|beats?|counts?|bars?)", "How long, in time or in music", "0.4 s", "2 beats"
    ),
]
Moment = Annotated[
    Fraction,
    PlainValidator(_parse_moment),
    text_schema(
        _MOMENT,
        "A moment of the show; bars and beats count from 1, frames from 0",
        "4 s",
        "bar 3 beat 2",
        "frame 96",
        "marker chorus + 2 beats",
    ),
]
Span = Annotated[
    tuple[Fraction, Fraction],
    PlainValidator(_parse_span),
    text_schema(rf"{_MOMENT}\.\.{_MOMENT}", "From and to, in show time", "0 s..16 s", "bar 1..bar 9"),
]
Length = Annotated[
    float, PlainValidator(_parse_metres), WithJsonSchema(_METRES | {"examples": ["90 m", "35 mm"]})
]
Angle = Annotated[
    float, PlainValidator(parse_angle), text_schema(rf"{_SIGNED} ?deg", "An angle in degrees", "20 deg")
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
    float, PlainValidator(_parse_exposure), text_schema(rf"{_SIGNED} ?stops?", "Exposure", "0.5 stops")
]
Place = Annotated[
    Literal["card_section", "field"] | tuple[float, float, float],
    PlainValidator(_parse_place),
    WithJsonSchema({"anyOf": [_PLACES, {"type": "array", "items": _METRES, "minItems": 3, "maxItems": 3}]}),
]
View = Annotated[
    str | tuple[float, float, float],
    PlainValidator(_parse_view),
    WithJsonSchema(
        {"anyOf": [{"type": "string"}, {"type": "array", "items": _METRES, "minItems": 3, "maxItems": 3}]}
    ),
]
Focus = Annotated[
    Literal["card_section", "field"] | float,
    PlainValidator(_parse_focus),
    WithJsonSchema({"anyOf": [_PLACES, _METRES]}),
]
