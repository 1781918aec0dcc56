from __future__ import annotations

import re
from fractions import Fraction
from typing import Annotated

import pytest
from cardstunt.scenes import times
from cardstunt.scenes.bars import Tempo
from cardstunt.scenes.measures import Reading
from cardstunt.scenes.quantities import within
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

TEMPO = Tempo(Fraction(96), 4, Fraction(7, 20))
MARKERS = {"chorus": Fraction(20), "wrong": None}


def read(kind: str, value: object, tempo: Tempo | None = TEMPO) -> object:
    context = Reading(tempo, fps=Fraction(24000, 1001), markers=MARKERS)
    return TypeAdapter(getattr(times, kind)).validate_python(value, context=context)


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
        ("Moment", "1:30", Fraction(90)),
        ("Moment", "0:04.5", Fraction(9, 2)),
        ("Moment", "1:00:02.25", Fraction(14409, 4)),
        ("Moment", "125:00", Fraction(7500)),
        ("Moment", "frame 24000", Fraction(1001)),
        ("Moment", "marker chorus", Fraction(20)),
        ("Moment", "marker chorus - 2 beats", Fraction(75, 4)),
        ("Moment", "marker wrong - 2 beats", Fraction(0)),
        ("Moment", "bar 3 - 1 bar", Fraction(57, 20)),
        ("Moment", "bar 3 beat 2 + 100 ms", Fraction(243, 40)),
        ("Moment", "12 s + 2 beats", Fraction(53, 4)),
        ("Moment", "frame 0 + 1 s", Fraction(1)),
        ("Moment", "1:00 - 1 count", Fraction(475, 8)),
        ("Span", "bar 3 - 1 bar..bar 3", (Fraction(57, 20), Fraction(107, 20))),
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
        ("Moment", "1:75", "like '1:30'"),
        ("Moment", "1:75:00", "like '1:30'"),
        ("Moment", "1:2:3:4", "not a time"),
        ("Moment", "bar 1 - 1 bar", "negative"),
        ("Moment", "bar 3 + 2", "no unit"),
        ("Moment", "bar 3 +2 beats", "'bar 3 beat 2'"),
        ("Moment", "marker chours + 2 s", "did you mean 'chorus'?"),
        ("Moment", "marker", "'marker chorus'"),
        ("Moment", "frame 2.5", "'frame 240'"),
        ("Moment", "20 h", "not a unit"),
    ],
)
def test_what_cannot_be_read_says_what_to_write(kind: str, text: object, words: str) -> None:
    assert words in refused(kind, text)


@pytest.mark.parametrize("text", ["bar 3", "bar 3 beat 1"])
def test_bars_need_music(text: str) -> None:
    assert "add music" in refused("Moment", text, None)
    assert "add music" in refused("Duration", "2 beats", None)
    assert "add music" in refused("Duration", "2 counts", None)
    assert "add music" in refused("Span", f"{text}..9 s", None)


def test_bars_pass_while_the_music_itself_is_wrong() -> None:
    moment = TypeAdapter(times.Moment)
    assert moment.validate_python("bar 3", context=Reading(None, unreadable=True)) > 0


def test_a_range_of_exact_numbers_is_exact() -> None:
    time = TypeAdapter(Annotated[times.Seconds, within("0.1 s", "0.3 s")])
    assert time.validate_python("300 ms", context=Reading(None)) == Fraction(3, 10)
    with pytest.raises(ValidationError, match="must be from"):
        time.validate_python("0.300000001 s", context=Reading(None))


def test_si_numbers_pass_from_python() -> None:
    assert TypeAdapter(times.Moment).validate_python(4) == 4
    assert TypeAdapter(times.Moment).validate_python(Fraction(1, 3)) == Fraction(1, 3)


@given(st.integers(0, 86_400_000))
def test_milliseconds_are_exact(count: int) -> None:
    assert read("Moment", f"{count} ms") == Fraction(count, 1000)
    assert read("Moment", f"{count // 1000}.{count % 1000:03} s") == Fraction(count, 1000)


@settings(deadline=None)
@given(
    st.integers(1, 400), st.fractions(20, 300, max_denominator=100), st.integers(1, 12), st.integers(0, 5000)
)
def test_bars_and_beats_agree(bar: int, bpm: Fraction, beats: int, offset: int) -> None:
    tempo = Tempo(bpm, beats, Fraction(offset, 1000))
    start = tempo.moment(bar)
    assert tempo.moment(bar + 1) == start + tempo.beats(beats)
    assert read("Moment", f"bar {bar} beat {beats}", tempo) == start + tempo.beats(beats - 1)
    assert read("Duration", "1 bar", tempo) == read("Duration", f"{beats} beats", tempo)


@pytest.mark.parametrize("kind", ["Seconds", "Moment", "Duration", "Span"])
@given(
    text=st.text() | st.from_regex(r"(bar|frame|marker)? ?[0-9:.]+( [+-] [0-9]+ (s|beats))?", fullmatch=True)
)
def test_any_text_is_read_or_refused(kind: str, text: str) -> None:
    """What an editor lets pass by the pattern of the schema is what can be read, but for its size."""
    adapter = TypeAdapter(getattr(times, kind))
    fits = re.search(adapter.json_schema()["pattern"], text) is not None
    try:
        read(kind, text)
    except ValidationError as error:
        assert error.errors()[0]["type"] == "show"  # noqa: PT017
    else:
        assert fits or text != re.sub(r"\s+", " ", text.strip())
