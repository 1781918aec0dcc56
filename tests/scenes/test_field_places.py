from __future__ import annotations

from typing import Any

import pytest
from cardstunt.scenes import field_places
from cardstunt.scenes.measures import Reading
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticCustomError


def read(kind: str, value: object) -> object:
    return TypeAdapter(getattr(field_places, kind)).validate_python(value, context=Reading())


def refused(kind: str, value: object) -> str:
    with pytest.raises(ValidationError) as caught:
        read(kind, value)
    (error,) = caught.value.errors()
    return error["msg"]


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("Length", "-90 m", -90.0),
        ("Length", "35 mm", 0.035),
        ("Place", "field", "field"),
        ("Place", ["1 m", "2 m", "3 m"], (1.0, 2.0, 3.0)),
        ("Focus", "120 m", 120.0),
        ("Focus", "card_section", "card_section"),
        ("View", "wide", "wide"),
        ("View", ["1 m", "2 m", "3 m"], (1.0, 2.0, 3.0)),
    ],
)
def test_text_becomes_exact_si(kind: str, text: object, value: object) -> None:
    assert read(kind, text) == value


@pytest.mark.parametrize(
    ("kind", "text", "words"),
    [
        ("Length", "90", "'90 m'"),
        ("Length", "900 km", "100 km"),
        ("Place", "feild", "did you mean 'field'?"),
        ("Place", ["1 m", "2 m"], "not a place"),
        ("Focus", "card_sektion", "did you mean 'card_section'?"),
        ("Focus", "0 m", "more than 0 m"),
        ("View", "20 m", "not a place to look from"),
    ],
)
def test_what_cannot_be_read_says_what_to_write(kind: str, text: object, words: str) -> None:
    assert words in refused(kind, text)


def test_a_length_passes_from_python() -> None:
    assert TypeAdapter(field_places.Length).validate_python(0.035) == 0.035


@given(st.sampled_from(["Length", "Place", "View", "Focus"]), st.text())
def test_any_text_is_read_or_refused(kind: str, text: str) -> None:
    try:
        read(kind, text)
    except ValidationError as error:
        assert error.errors()[0]["type"] == "show"  # noqa: PT017


def test_a_point_lies_on_the_field_where_no_height_is_given() -> None:
    info: Any = type("Info", (), {"context": Reading()})()
    assert field_places.point(["1 m", "-200 cm"], info, farthest=5) == (1.0, -2.0, 0.0)
    assert field_places.point(["1 m", "2 m", "3 m"], info, farthest=5) == (1.0, 2.0, 3.0)
    for value, words in (([], "not 0 numbers"), (["1 m", "6 m"], "at most 5 m")):
        with pytest.raises(PydanticCustomError, match=words):
            field_places.point(value, info, farthest=5)
