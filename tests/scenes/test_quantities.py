from __future__ import annotations

import math
from fractions import Fraction
from typing import Annotated

import pytest
from cardstunt.scenes import plain_values, quantities
from cardstunt.scenes.quantities import Reading, Tempo
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

TEMPO = Tempo(Fraction(96), 4, Fraction(7, 20))


def read(kind: str, value: object, tempo: Tempo | None = TEMPO) -> object:
    module = quantities if hasattr(quantities, kind) else plain_values
    return TypeAdapter(getattr(module, kind)).validate_python(value, context=Reading(tempo))


def refused(kind: str, value: object, tempo: Tempo | None = TEMPO) -> str:
    with pytest.raises(ValidationError) as caught:
        read(kind, value, tempo)
    (error,) = caught.value.errors()
    return error["msg"]


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("Seconds", "350 ms", Fraction(7, 20)),
        ("Seconds", "1.5s", Fraction(3, 2)),
        ("Moment", "0 s", Fraction(0)),
        ("Moment", "2 min", Fraction(120)),
        ("Moment", "bar 1", Fraction(7, 20)),
        ("Moment", "bar 3", Fraction(7, 20) + 5),
        ("Moment", "bar 3 beat 2.5", Fraction(7, 20) + 5 + Fraction(15, 16)),
        ("Duration", "2 beats", Fraction(5, 4)),
        ("Duration", "1 bar", Fraction(5, 2)),
        ("Duration", "16 counts", Fraction(10)),
        ("Duration", "1 count", Fraction(5, 8)),
        ("Duration", "0.5counts", Fraction(5, 16)),
        ("Duration", "0.1 s", Fraction(1, 10)),
        ("Span", "0 s..16 s", (Fraction(0), Fraction(16))),
        ("Span", "bar 1 .. bar 3", (Fraction(7, 20), Fraction(107, 20))),
        ("Length", "-90 m", -90.0),
        ("Length", "35 mm", 0.035),
        ("Angle", "180 deg", math.pi),
        ("Angle", "-4 deg", math.radians(-4)),
        ("Share", "0.4 %", 0.004),
        ("Speed", "8x", Fraction(8)),
        ("Speed", "0.25x", Fraction(1, 4)),
        ("Stops", "-0.5 stops", -0.5),
        ("Colour", "#0a3D91", (10, 61, 145)),
        ("Place", "field", "field"),
        ("Place", ["1 m", "2 m", "3 m"], (1.0, 2.0, 3.0)),
        ("Focus", "120 m", 120.0),
        ("Focus", "card_section", "card_section"),
        ("Decimal", 92.1, Fraction(921, 10)),
        ("Number", 2, 2.0),
    ],
)
def test_text_becomes_exact_si(kind: str, text: object, value: object) -> None:
    assert read(kind, text) == value


@pytest.mark.parametrize(
    ("kind", "text", "words"),
    [
        ("Moment", 4, "4 has no unit; write '4 s'"),
        ("Moment", "4", "write '4 s'"),
        ("Duration", 4, "write '4 s'"),
        ("Moment", "4 sec", "'sec' is not a unit of time; did you mean"),
        ("Duration", "2 beets", "did you mean 'beats'?"),
        ("Duration", "2 cuonts", "did you mean 'counts'?"),
        ("Moment", "-1 s", "negative"),
        ("Moment", "25000 min", "24 hours"),
        ("Moment", "bar 0", "count from 1"),
        ("Moment", "bar 2 beat 5", "beats 1 to 4"),
        ("Moment", "bar two", "'bar 3 beat 2'"),
        ("Moment", "soon", "not a time"),
        ("Moment", "1e9 s", "not a time"),
        ("Moment", "9" * 500 + " s", "not a time"),
        ("Moment", None, "nothing"),
        ("Moment", True, "is expected"),
        ("Moment", ["0 s"], "a list"),
        ("Moment", "٣ s", "not a time"),
        ("Duration", "3 bars beat", "not a duration"),
        ("Duration", "1000000 bars", "24 hours"),
        ("Seconds", "2 beats", "not a unit"),
        ("Span", "0 s-16 s", "stretch"),
        ("Span", "0 s..1 s..2 s", "stretch"),
        ("Span", "0..16 s", "no unit"),
        ("Length", "90", "'90 m'"),
        ("Length", "900 km", "100 km"),
        ("Angle", 20, "'20 deg'"),
        ("Share", "140 %", "100 %"),
        ("Share", 0.5, "no unit"),
        ("Speed", "0x", "more than 0x"),
        ("Speed", 8, "'8x'"),
        ("Colour", "#12345", "not a colour"),
        ("Colour", None, "in quotes"),
        ("Colour", "red", "not a colour"),
        ("Text", 2026, 'put it in quotes: "2026"'),
        ("Text", "  ", "empty"),
        ("Text", None, "nothing"),
        ("Place", "feild", "did you mean 'field'?"),
        ("Place", ["1 m", "2 m"], "not a place"),
        ("Focus", "card_sektion", "did you mean 'card_section'?"),
        ("Focus", "0 m", "more than 0 m"),
        ("RelativePath", "", "name of a file"),
        ("Decimal", float("inf"), "a number is expected"),
        ("Decimal", True, "a number is expected"),
    ],
)
def test_what_cannot_be_read_says_what_to_write(kind: str, text: object, words: str) -> None:
    assert words in refused(kind, text)


@pytest.mark.parametrize(
    ("low", "high", "inside", "outside"),
    [
        ("0.3 m", "50 m", ["0.3 m", "300 mm", "30 cm", "50 m"], ["0.299999999 m", "299 mm", "50.000001 m"]),
        ("0.2 m", "0.7 m", ["0.2 m", "0.7 m"], ["0.199999999 m", "0.700000001 m"]),
    ],
)
def test_a_range_holds_both_its_ends(low: str, high: str, inside: list[str], outside: list[str]) -> None:
    """0.3 as a float is less than three tenths, and 0.7 less than seven; 0.2 is more than a fifth."""
    length = TypeAdapter(Annotated[quantities.Length, quantities.within(low, high)])
    for text in inside:
        assert length.validate_python(text, context=Reading(None)) > 0
    for text in outside:
        with pytest.raises(ValidationError, match=f"must be from {low} to {high}"):
            length.validate_python(text, context=Reading(None))


def test_a_range_of_exact_numbers_is_exact() -> None:
    time = TypeAdapter(Annotated[quantities.Seconds, quantities.within("0.1 s", "0.3 s")])
    assert time.validate_python("300 ms", context=Reading(None)) == Fraction(3, 10)
    with pytest.raises(ValidationError, match="must be from"):
        time.validate_python("0.300000001 s", context=Reading(None))


@pytest.mark.parametrize("text", ["bar 3", "bar 3 beat 1"])
def test_bars_need_music(text: str) -> None:
    assert "add music" in refused("Moment", text, None)
    assert "add music" in refused("Duration", "2 beats", None)
    assert "add music" in refused("Duration", "2 counts", None)
    assert "add music" in refused("Span", f"{text}..9 s", None)


def test_bars_pass_while_the_music_itself_is_wrong() -> None:
    moment = TypeAdapter(quantities.Moment)
    assert moment.validate_python("bar 3", context=Reading(None, unreadable=True)) > 0


def test_si_numbers_pass_from_python() -> None:
    assert TypeAdapter(quantities.Moment).validate_python(4) == 4
    assert TypeAdapter(quantities.Moment).validate_python(Fraction(1, 3)) == Fraction(1, 3)
    assert TypeAdapter(quantities.Angle).validate_python(math.pi) == math.pi
    assert TypeAdapter(quantities.Length).validate_python(0.035) == 0.035
    assert TypeAdapter(quantities.Share).validate_python(0.5) == 0.5


@given(st.integers(0, 86_400_000))
def test_milliseconds_are_exact(count: int) -> None:
    assert read("Moment", f"{count} ms") == Fraction(count, 1000)
    assert read("Moment", f"{count // 1000}.{count % 1000:03} s") == Fraction(count, 1000)


@given(
    st.integers(1, 400), st.fractions(20, 300, max_denominator=100), st.integers(1, 12), st.integers(0, 5000)
)
def test_bars_and_beats_agree(bar: int, bpm: Fraction, beats: int, offset: int) -> None:
    tempo = Tempo(bpm, beats, Fraction(offset, 1000))
    start = tempo.moment(bar)
    assert tempo.moment(bar + 1) == start + tempo.beats(beats)
    assert read("Moment", f"bar {bar} beat {beats}", tempo) == start + tempo.beats(beats - 1)
    assert read("Duration", "1 bar", tempo) == read("Duration", f"{beats} beats", tempo)


@given(
    st.sampled_from(["Moment", "Duration", "Span", "Length", "Angle", "Share", "Speed", "Colour", "Focus"]),
    st.text(),
)
def test_any_text_is_read_or_refused(kind: str, text: str) -> None:
    try:
        read(kind, text)
    except ValidationError as error:
        assert error.errors()[0]["type"] == "show"  # noqa: PT017
