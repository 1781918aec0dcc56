from __future__ import annotations

import math
from fractions import Fraction
from typing import Annotated

import pytest
from cardstunt.scenes import plain_values, quantities
from cardstunt.scenes.quantities import Reading
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError


def read(kind: str, value: object) -> object:
    module = quantities if hasattr(quantities, kind) else plain_values
    return TypeAdapter(getattr(module, kind)).validate_python(value, context=Reading())


def refused(kind: str, value: object) -> str:
    with pytest.raises(ValidationError) as caught:
        read(kind, value)
    (error,) = caught.value.errors()
    return error["msg"]


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("Angle", "180 deg", math.pi),
        ("Angle", "-4 deg", math.radians(-4)),
        ("Share", "0.4 %", 0.004),
        ("Speed", "8x", Fraction(8)),
        ("Speed", "0.25x", Fraction(1, 4)),
        ("Stops", "-0.5 stops", -0.5),
        ("Colour", "#0a3D91", (10, 61, 145)),
        ("Decimal", 92.1, Fraction(921, 10)),
        ("Number", 2, 2.0),
    ],
)
def test_text_becomes_exact_si(kind: str, text: object, value: object) -> None:
    assert read(kind, text) == value


@pytest.mark.parametrize(
    ("kind", "text", "words"),
    [
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


def test_si_numbers_pass_from_python() -> None:
    assert TypeAdapter(quantities.Angle).validate_python(math.pi) == math.pi
    assert TypeAdapter(quantities.Share).validate_python(0.5) == 0.5


@given(st.sampled_from(["Angle", "Share", "Speed", "Stops", "Colour"]), st.text())
def test_any_text_is_read_or_refused(kind: str, text: str) -> None:
    try:
        read(kind, text)
    except ValidationError as error:
        assert error.errors()[0]["type"] == "show"  # noqa: PT017
