from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from cardstunt.blender_addon.preview_drawing import (
    INK,
    colours_of,
    pack,
    shortened,
    text_width,
    write,
)
from cardstunt.blender_addon.preview_performance import clock, formation_name
from cardstunt.scenes.schema_formation import Block, Formation, Rings, Star
from hypothesis import given
from hypothesis import strategies as st


def test_text_is_cut_at_the_edges():
    for place in ((-20, 10), (95, 10), (10, 3), (10, 58), (-500, 20), (500, 20), (10, 500)):
        words = np.zeros((50, 100), np.uint32)
        write(words, place, "Agfj", 20)
    words = np.zeros((50, 100), np.uint32)
    write(words, (10, 30), "Agfj", 20)
    ink = np.nonzero(words)
    assert ink[0].min() > 10
    assert ink[0].max() > 30
    assert colours_of(words)[..., :3].max(axis=(0, 1)).tolist() == pytest.approx(INK, abs=1)


def test_text_stands_left_right_and_in_the_middle_of_its_place():
    where = {}
    for anchor in ("left", "middle", "right"):
        words = np.zeros((40, 200), np.uint32)
        write(words, (100, 30), "text", 16, anchor=anchor)
        where[anchor] = np.nonzero(words)[1]
    assert where["left"].min() >= 99
    assert where["right"].max() <= 101
    assert where["middle"].mean() == pytest.approx(100, abs=4)


@given(st.text(max_size=60), st.integers(20, 300))
def test_shortened_text_fits(text, width):
    line = " ".join(text.split())
    short = shortened(line, 15, width)
    assert text_width(short, 15) <= width
    if text_width(line, 15) <= width:
        assert short == line


def test_pack_keeps_colours():
    colours = np.random.default_rng(1).integers(0, 256, (7, 5, 3), dtype=np.uint8)
    assert (colours_of(pack(colours))[..., :3] == colours).all()


@pytest.mark.parametrize(
    ("moment", "text"), [("0", "00:00.0"), ("67.39", "01:07.3"), ("59.999", "00:59.9"), ("6000", "100:00.0")]
)
def test_clock(moment, text):
    assert clock(Fraction(moment)) == text


def test_formations_have_names():
    names = {
        "sun rays": Formation(image="assets/sun_rays.png"),
        "“GO ON”": Formation(text="GO\nON"),
        "5 rings": Formation(rings=Rings(rings=5)),
        "star of 7": Formation(star=Star(points=7)),
        "block": Formation(block=Block(columns=3)),
    }
    assert {name: formation_name(formation) for name, formation in names.items()} == {
        name: name for name in names
    }
