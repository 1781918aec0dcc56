from __future__ import annotations

import pytest
from cardstunt.scenes.schema_film import LEAST_KEY_ERROR, Film
from pydantic import ValidationError

SHOT = {"name": "a", "show": (0, 1), "camera": {"look_down": {"height": "9 m"}}}


@pytest.mark.parametrize(
    ("error", "metres"), [("0 mm", 0.0), ("5 mm", 0.005), ("25 cm", 0.25), ("0.5 mm", LEAST_KEY_ERROR)]
)
def test_how_far_mixed_pictures_may_be_off(error: str, metres: float) -> None:
    assert Film.model_validate({"shots": [SHOT], "key_error": error}).key_error == metres


def test_all_pictures_are_baked_unless_the_show_says_otherwise() -> None:
    assert Film.model_validate({"shots": [SHOT]}).key_error == 0.0


@pytest.mark.parametrize(
    ("error", "words"),
    [
        ("0.4 mm", r"must be 0 mm or at least 0\.5 mm"),
        ("-1 mm", "must be from 0 mm to 250 mm"),
        ("26 cm", "must be from 0 mm to 250 mm"),
        ("5", "no unit"),
        ("5 ms", "'ms' is not a unit of length"),
    ],
)
def test_errors_that_cannot_be_kept(error: str, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        Film.model_validate({"shots": [SHOT], "key_error": error})


@pytest.mark.parametrize(
    ("rate", "instead"),
    [
        (23.976, "24000/1001"),
        ("29.97", "30000/1001"),
        (59.94, "60000/1001"),
        (12.5, "25/2"),
        ("fast", "30000/1001"),
    ],
)
def test_a_frame_rate_with_a_point_is_answered_with_its_ratio(rate: object, instead: str) -> None:
    with pytest.raises(ValidationError, match=f"write a whole number or a ratio, '{instead}'"):
        Film.model_validate({"shots": [SHOT], "fps": rate})
