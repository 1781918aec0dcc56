"""Times of a show file: in seconds, frames, bars and beats, or from a marker."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Annotated

from pydantic import PlainValidator, ValidationInfo

from .bars import Tempo
from .errors import listing, nearest_name, quoted
from .measures import (
    NUMBER,
    SIGNED,
    TIME_UNITS,
    Reading,
    exact,
    in_file,
    measure,
    problem,
    refuse,
    text_schema,
)

LONGEST = Fraction(24 * 3600)
"""Seconds that a time or a duration is at most."""
_MUSICAL = ("beat", "beats", "count", "counts", "bar", "bars")
_ANY_TEMPO = Tempo(Fraction(1000), 64)
_CLOCK = rf"(?:([0-9]{{1,2}}):)?([0-9]{{1,3}}):({NUMBER})"


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
    found = exact(value, info)
    if found is None:
        if not isinstance(value, str):
            raise refuse("a time", value, "0.5 s")
        found = measure(value, TIME_UNITS, "a time", "0.5 s")
    return _bounded_time(found, "a time")


def _parse_duration(value: object, info: ValidationInfo) -> Fraction:
    if isinstance(value, str):
        match = re.fullmatch(rf"\s*({SIGNED})\s*(beats?|counts?|bars?)\s*", value)
        if match:
            tempo = _tempo(value, info)
            beats = Fraction(match[1]) * (tempo.beats_per_bar if match[2].startswith("bar") else 1)
            return _bounded_time(tempo.beats(beats), "a duration")
        units = TIME_UNITS | dict.fromkeys(_MUSICAL, Fraction(0))
        return _bounded_time(measure(value, units, "a duration", "0.5 s"), "a duration")
    found = exact(value, info)
    if found is None:
        raise refuse("a duration", value, "2 s")
    return _bounded_time(found, "a duration")


def _parse_moment(value: object, info: ValidationInfo) -> Fraction:
    if isinstance(value, str):
        return _moment(value, info)
    found = exact(value, info)
    if found is None:
        raise refuse("a time", value, "4 s")
    return _bounded_time(found, "a time")


def _moment(text: str, info: ValidationInfo) -> Fraction:
    """Read a moment, or one with a duration before or after it: ``bar 9 - 2 beats``."""
    shifted = re.fullmatch(r"(.*\S)\s+([+-])\s+(\S.*)", text, re.DOTALL)
    if shifted is None:
        moment = _named_moment(text.strip(), info)
        return Fraction(0) if moment is None else _bounded_time(moment, "a time")
    moment, shift = _named_moment(shifted[1].strip(), info), _parse_duration(shifted[3], info)
    if moment is None:
        return Fraction(0)
    return _bounded_time(moment - shift if shifted[2] == "-" else moment + shift, "a time")


def _named_moment(text: str, info: ValidationInfo) -> Fraction | None:
    """Read a moment; None for a marker that is wrong itself, which is reported there."""
    for word, read in (("frame", _frame), ("marker", _marked), ("bar", _bar)):
        if text.startswith(word):
            return read(text, info)
    clock = re.fullmatch(_CLOCK, text)
    if clock is None:
        return measure(text, TIME_UNITS, "a time", "4 s")
    hours, minutes, seconds = clock[1], int(clock[2]), Fraction(clock[3])
    if seconds >= 60 or (hours is not None and minutes >= 60):
        raise problem(f"{quoted(text)} is not a time; write minutes and seconds like '1:30' or '1:30.5'")
    return Fraction(3600 * int(hours or 0) + 60 * minutes) + seconds


def _bar(text: str, info: ValidationInfo) -> Fraction:
    match = re.fullmatch(rf"bar\s+([0-9]{{1,9}})(?:\s+beat\s+({NUMBER}))?", text)
    if match is None:
        raise problem(f"{quoted(text)} is not a time; write it like 'bar 3' or 'bar 3 beat 2'")
    tempo = _tempo(text, info)
    bar, beat = int(match[1]), Fraction(match[2] or 1)
    if bar < 1:
        raise problem("bars count from 1: the first is 'bar 1'")
    if not 1 <= beat < tempo.beats_per_bar + 1:
        raise problem(f"a bar has beats 1 to {tempo.beats_per_bar}, not {match[2]}")
    return tempo.moment(bar, beat)


def _frame(text: str, info: ValidationInfo) -> Fraction:
    match = re.fullmatch(r"frame\s+([0-9]{1,9})", text)
    if match is None:
        raise problem(f"{quoted(text)} is not a time; write it like 'frame 240'")
    fps = info.context.fps if isinstance(info.context, Reading) else None
    # What is wrong with the frame rate is reported there.
    return Fraction(match[1]) / (fps or Fraction(24))


def _marked(text: str, info: ValidationInfo) -> Fraction | None:
    match = re.fullmatch(r"marker\s+(\S.*)", text, re.DOTALL)
    markers = info.context.markers if isinstance(info.context, Reading) else {}
    if match is None:
        raise problem(f"{quoted(text)} is not a time; write it like 'marker chorus' or 'marker chorus + 2 s'")
    if match[1] not in markers:
        raise problem(
            f"no marker named {quoted(match[1])}",
            allowed=listing(markers),
            nearest=nearest_name(match[1], markers),
        )
    return markers[match[1]]


def _parse_span(value: object, info: ValidationInfo) -> tuple[Fraction, Fraction]:
    example = "0 s..16 s"
    if isinstance(value, str):
        ends = value.split("..")
        if len(ends) != 2:
            raise problem(f"{quoted(value)} is not a stretch of show time; write it like {example!r}")
        return _moment(ends[0], info), _moment(ends[1], info)
    if not in_file(info) and isinstance(value, tuple | list) and len(value) == 2:
        return _parse_moment(value[0], info), _parse_moment(value[1], info)
    raise refuse("a stretch of show time", value, example)


_SECONDS = rf"{NUMBER} ?(ms|s|min)"
_DURATION = rf"{NUMBER} ?(ms|s|min|beats?|counts?|bars?)"
_PLAIN_MOMENT = rf"({_SECONDS}|([0-9]+:)?[0-9]+:{NUMBER}|bar [0-9]+( beat {NUMBER})?|frame [0-9]+)"
_MOMENT = rf"({_PLAIN_MOMENT}( [+-] {_DURATION})?|marker \S.*)"

Seconds = Annotated[
    Fraction, PlainValidator(_parse_seconds), text_schema(_SECONDS, "A time in seconds", "120 ms", "1.5 s")
]
Duration = Annotated[
    Fraction,
    PlainValidator(_parse_duration),
    text_schema(_DURATION, "How long, in time or in music", "0.4 s", "2 beats"),
]
Moment = Annotated[
    Fraction,
    PlainValidator(_parse_moment),
    text_schema(
        _MOMENT,
        "A moment of the show; bars and beats count from 1, frames from 0",
        "4 s",
        "1:30",
        "bar 3 beat 2",
        "bar 9 - 2 beats",
        "frame 96",
        "marker chorus + 2 beats",
    ),
]
Span = Annotated[
    tuple[Fraction, Fraction],
    PlainValidator(_parse_span),
    text_schema(rf"{_MOMENT}\.\.{_MOMENT}", "From and to, in show time", "0 s..16 s", "bar 1..bar 9"),
]
