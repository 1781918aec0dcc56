from __future__ import annotations

import math
import re
from fractions import Fraction
from typing import Any

import pytest
from cardstunt.scenes.schema_page import PAGE_KINDS, Page, is_svg
from pydantic import ValidationError


@pytest.mark.parametrize(
    ("page", "kind"),
    [
        ({"fill": "#000000"}, "fill"),
        ({"image": "a.png", "fit": "contain", "on": "#ffffff", "anchor": "top left"}, "image"),
        ({"video": "a.mp4", "run": {"every": "1 s"}}, "video"),
        ({"text": "A", "colour": "#ffffff", "font": "a.ttf"}, "text"),
        ({"gradient": {"from": "#000000", "to": "#ffffff"}}, "gradient"),
        ({"pattern": "plasma"}, "pattern"),
    ],
)
def test_a_page_is_of_one_kind(page: dict[str, Any], kind: str) -> None:
    assert Page.model_validate(page).kind == kind
    assert kind in PAGE_KINDS


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ({}, "a page needs one of"),
        ({"fill": "#000000", "text": "A"}, "found fill and text"),
        ({"fill": "#000000", "fit": "cover"}, "'fit' does not go with 'fill'"),
        ({"gradient": {"from": "#000000", "to": "#ffffff"}, "on": "#000000"}, "'on' does not go"),
        ({"text": "A", "run": {}}, "'run' does not go with 'text', only with video, pattern"),
        ({"pattern": "plasma", "seen_from": "push"}, "'seen_from' does not go with 'pattern'"),
        ({"pattern": "scroll"}, "a 'scroll' needs the 'text' that goes by"),
        ({"pattern": {"kind": "plasma", "text": "A"}}, "'text' does not go with 'plasma', only with scroll"),
        ({"pattern": "plasma", "run": {}}, "a pattern has no end; say with 'for' how long it runs"),
        ({"video": "a.mp4", "run": {"every": "2 s", "for": "1 s"}}, "is shorter than one page"),
        ({"video": "a.mp4", "run": {"loop": True}}, "to loop it needs 'for'"),
        ({"image": "a.png", "crop": {"left": "60 %", "right": "40 %"}}, "cut the whole picture away"),
        ({"image": "a.png", "seen_from": 3}, "'3' is not a place to look from"),
        ({"image": "a.png", "seen_from": ["1 m", "2 m"]}, "is not a place to look from"),
    ],
)
def test_a_page_is_of_no_other_kind(page: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=re.escape(words)):
        Page.model_validate(page)


def test_what_moves() -> None:
    assert Page(video="a.mp4").moving
    assert not Page.model_validate({"pattern": "plasma"}).moving
    assert Page.model_validate({"pattern": "plasma", "run": {"for": "2 s"}}).moving
    assert not Page(fill=(0, 0, 0)).moving


def test_a_page_names_its_files() -> None:
    assert Page(text="A", font="a.ttf").files == (("font",),)
    flag = Page.model_validate({"pattern": {"kind": "flag", "image": "a.png"}})
    assert flag.files == (("pattern", "image"),)
    assert Page(fill=(0, 0, 0)).files == ()


def test_quantities_of_a_page_are_si() -> None:
    page = Page.model_validate(
        {
            "image": "a.png",
            "crop": {"top": "25 %"},
            "seen_from": ["1 km", "-2 m", "50 cm"],
            "size": "10 %",
        }
    )
    assert (page.crop.top, page.seen_from, page.size) == (0.25, (1000.0, -2.0, 0.5), 0.1)
    pattern = Page.model_validate({"pattern": {"kind": "waves", "angle": "90 deg"}, "run": {"for": "3 s"}})
    assert pattern.pattern is not None
    assert pattern.pattern.angle == math.pi / 2
    assert pattern.run is not None
    assert (pattern.run.every, pattern.run.length) == (Fraction(1, 2), 3)


def test_drawings_are_known_by_their_name() -> None:
    assert is_svg("assets/A.SVG")
    assert is_svg("a.svgz")
    assert not is_svg("a.svg.png")
