from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from cardstunt.scenes.pages import Canvas, draw_page, run_moments
from cardstunt.scenes.schema_page import Page


def test_a_fill_is_one_colour(drawn):
    result = drawn({"fill": "#0a3d91"})
    assert result.picture.shape == (4, 8, 3)
    assert result.picture.dtype == np.uint8
    assert (result.picture == (0x0A, 0x3D, 0x91)).all()
    assert (result.ink == 1).all()


@pytest.mark.parametrize("page", [{"fill": "#ffffff"}, {"text": "A"}, {"image": "a.png"}])
def test_a_still_page_has_one_moment(page, loaded):
    assert run_moments(Page.model_validate(page), loaded) == (Fraction(0),)


@pytest.mark.parametrize(
    "page", [{"text": "GO 서울"}, {"gradient": {"from": "#000000", "to": "#ffffff"}}, {"image": "a.svg"}]
)
def test_drawing_twice_gives_the_same_bytes(page, loaded, tmp_path):
    (tmp_path / "a.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 10"><circle cx="9" cy="5" r="4"/></svg>'
    )
    described = Page.model_validate(page)
    one, other = (draw_page(described, Canvas(60, 30), loaded) for _ in range(2))
    assert one.picture.tobytes() == other.picture.tobytes()
    assert one.ink.tobytes() == other.ink.tobytes()
