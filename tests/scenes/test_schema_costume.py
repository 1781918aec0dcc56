from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from cardstunt.scenes.schema_costume import BODIES, Costume, CostumePicture, CostumePlaces
from pydantic import ValidationError


def read(**said: Any) -> Costume:
    return Costume.model_validate({"colour": "#d81b60"} | said)


def change(**said: Any) -> Costume:
    return read(changes=[{"at": "4 s"} | said])


def test_a_costume_is_a_colour_and_what_is_usual() -> None:
    costume = read()
    assert (costume.accent, costume.prop, costume.style) == (None, "none", "tracksuit")
    assert (costume.bodies, costume.picture, costume.places, costume.changes) == (BODIES, None, None, ())


def test_a_bare_picture_is_its_file() -> None:
    assert read(picture="a.png").picture == CostumePicture(image="a.png", width=90.0, place=(0.0, 0.0))


def test_a_change_says_what_when_and_in_which_order() -> None:
    (found,) = change(colour="#000000").changes
    assert (found.at, found.turn, found.over, found.order) == (4, Fraction(1, 2), 0, "all")
    (found,) = change(places={"colours": ["#000000", "#ffffff"]}, over="2 s", order="left").changes
    assert found.places == CostumePlaces(colours=((0, 0, 0), (255, 255, 255)), along="across")
    assert (found.over, found.order) == (2, "left")


def test_pictures_are_named_with_their_keys() -> None:
    changes = [{"at": "1 s", "colour": "#000000"}, {"at": "2 s", "picture": "b.png"}]
    assert read(picture="a.png", changes=changes).files == (
        (("picture", "image"), "a.png"),
        (("changes", 1, "picture", "image"), "b.png"),
    )


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"prop": "sword"}, "'ribbon'"),
        ({"style": "tutu"}, "'tracksuit'"),
        ({"bodies": []}, "at least 1"),
        ({"bodies": ["man", "man"]}, "'man' is there twice"),
        ({"bodies": ["giant"]}, "'woman'"),
        ({"picture": "a.png", "places": {"colours": ["#000000", "#ffffff"]}}, "not from both"),
        ({"places": {"colours": ["#000000"]}}, "at least 2"),
        ({"places": {"colours": ["black", "white"]}}, "'black' is not a colour"),
        ({"places": {"colours": ["#000000", "#ffffff"], "along": "down"}}, "'across'"),
        ({"changes": [{"at": "4 s"}]}, "a change needs one of: colour, picture, places"),
        ({"changes": [{"at": "-4 s", "colour": "#000000"}]}, "negative"),
        ({"changes": [{"at": "4 s", "colour": "#000000", "picture": "a.png"}]}, "found colour and picture"),
        ({"changes": [{"at": "4 s", "colour": "#000000", "turn": "0 s"}]}, "from 50 ms to 60 s"),
        ({"changes": [{"at": "4 s", "colour": "#000000", "over": "2 s"}]}, "only with left, right"),
    ],
)
def test_what_is_no_costume_is_refused(said: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        read(**said)
