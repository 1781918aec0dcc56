from __future__ import annotations

import math
import re
from typing import Any

import pytest
from cardstunt.scenes.schema_card_section import CardSection, Palette, section_files
from pydantic import ValidationError

BARE: dict[str, Any] = {
    "columns": 20,
    "rows": 8,
    "pages": {"blue": {"fill": "#0000ff"}},
    "cues": [{"at": 0, "page": "blue"}],
}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"columns": 1}, "greater than or equal to 2"),
        ({"mode": "tablets", "palette": {"colours": 4}}, "'palette' does not go with 'tablets'"),
        ({"tablet": {"pixels": 2}}, "'tablet' does not go with 'books', only with tablets"),
        ({"seats": {"file": "a.csv"}}, "the seat map says how many columns there are"),
        ({"seats": {"row_seats": [3, 4]}}, "has 2 numbers, but there are 8 rows"),
        ({"seats": {"file": "a.csv", "aisles": 4}}, "'aisles' does not go with 'file'"),
        ({"seats": {"arc": {"radius": 60.0, "from": 0.1, "to": 0.5}}}, "is not to the right of 'from'"),
        ({"blocks": {"a": {"block": "b"}}}, "'block' cannot be part of a block"),
        ({"blocks": {"a": {"drawn": True}}}, "'drawn' cannot be part of a block"),
        ({"palette": {"paper": "recycled"}}, "'recycled' is not a known paper stock"),
        ({"palette": {"colours": 1}}, "from 2 to 255"),
        ({"palette": {"colours": ["#ff0000", "#ff0000"]}}, "stands in the palette twice"),
        ({"palette": {"colours": "many"}}, "'many' is neither a number of colours"),
    ],
)
def test_sections_that_cannot_be(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=re.escape(words)):
        CardSection.model_validate(BARE | changes)


def test_rows_and_columns_come_from_the_show_or_from_the_seat_map() -> None:
    without = {key: value for key, value in BARE.items() if key not in {"rows", "columns"}}
    assert CardSection.model_validate(without | {"seats": {"file": "a.csv"}}).columns == 0
    with pytest.raises(ValidationError, match="the key 'columns' is missing"):
        CardSection.model_validate(without)


def test_palettes() -> None:
    assert Palette.model_validate({"colours": ["#ff0000", "#00ff00"]}).colours == ((255, 0, 0), (0, 255, 0))
    assert Palette().colours == 24


def test_an_arc_is_in_radians_and_metres() -> None:
    section = CardSection.model_validate(
        BARE | {"seats": {"arc": {"radius": "60 m", "from": "30 deg", "to": "-30 deg"}}}
    )
    assert section.seats.arc is not None
    assert (section.seats.arc.radius, section.seats.arc.from_) == (60.0, math.radians(30))


def test_a_section_names_its_files() -> None:
    section = CardSection.model_validate(
        {
            "seats": {"file": "seats.csv"},
            "blocks": {"sun": {"mask": "sun.png"}},
            "pages": {"blue": {"text": "A", "font": "a.ttf"}, "sea": {"video": "sea.mp4"}},
            "cues": [
                {"at": 0, "page": "sea", "flip": {"order": "map", "map": "m.png"}, "where": {"mask": "w.png"}}
            ],
        }
    )
    base = "card_section"
    assert list(section_files(section)) == [
        ((base, "pages", "blue", "font"), "font", "a.ttf"),
        ((base, "pages", "sea", "video"), "video", "sea.mp4"),
        ((base, "seats", "file"), "seats", "seats.csv"),
        ((base, "blocks", "sun", "mask"), "image", "sun.png"),
        ((base, "cues", 0, "flip", "map"), "image", "m.png"),
        ((base, "cues", 0, "where", "mask"), "image", "w.png"),
    ]
