from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from cardstunt.blender_addon.preview_drawing import (
    INK,
    FieldPicture,
    colours_of,
    pack,
    shortened,
    text_width,
    write,
)
from cardstunt.blender_addon.preview_performance import bar_and_beat, clock, formation_name
from cardstunt.kernels.motion import CLIPS
from cardstunt.scenes.quantities import Tempo
from cardstunt.scenes.schema_troupe import Block, Formation, Rings, Star
from hypothesis import given
from hypothesis import strategies as st


def gymnasts(*places, clip="stand", cycle=0.0):
    state = np.zeros((2, len(places), 4), np.float32)
    state[0, :, :2] = np.reshape(places, (-1, 2))
    state[1, :, 0], state[1, :, 1], state[1, :, 3] = cycle, CLIPS.index(clip), 0.5
    return state


def dots(field, *states):
    """What the states change in the empty field: where, and the mean colour there."""
    empty = colours_of(field.draw([gymnasts() for _ in states])).astype(int)
    full = colours_of(field.draw(list(states))).astype(int)
    changed = (empty != full).any(axis=-1)
    return changed, full


def test_the_card_section_is_up_and_north_is_left():
    field = FieldPicture(580, [(255, 0, 0), (0, 0, 255)], 2)
    changed, full = dots(field, gymnasts((55.0, 80.0)), gymnasts((-55.0, -80.0)))
    y, x = np.nonzero(changed)
    assert set(zip(y > field.height / 2, x > field.width / 2, strict=True)) == {(False, False), (True, True)}
    up = full[changed & (np.arange(field.height)[:, None] < 100)]
    assert up[:, 0].max() > 150 > up[:, 2].max()


@given(st.floats(-60, 60), st.floats(-85, 85))
def test_a_dot_is_where_its_gymnast_stands(east, north):
    field = FieldPicture(400, [(255, 255, 255)], 1)
    changed, _ = dots(field, gymnasts((east, north)))
    y, x = np.nonzero(changed)
    middle = field.pixels(np.array([east, north]))
    assert np.hypot(x.mean() + 0.5 - middle[0], y.mean() + 0.5 - middle[1]) < 1.0
    assert 4 <= len(x) <= 16


def test_a_gymnast_far_outside_breaks_nothing():
    field = FieldPicture(400, [(255, 255, 255)], 1)
    changed, _ = dots(field, gymnasts((1e4, -1e4)))
    assert changed.any()


def test_moves_differ_in_brightness():
    field = FieldPicture(400, [(200, 40, 40)], 1)
    bright = {}
    for clip in CLIPS:
        changed, full = dots(field, gymnasts((9.0, 9.0), clip=clip, cycle=2.5))
        bright[clip] = full[changed][:, :3].sum(axis=-1).max()
    assert bright["bow"] < bright["stand"] < bright["march"] < bright["wave"] < bright["jump"]


def test_a_way_grows_towards_its_end():
    field = FieldPicture(400, [(0, 0, 0)], 1)
    ends = np.array([[[-30.0, 40.0], [-30.0, -40.0]]])
    plain = colours_of(field.draw([gymnasts()])).astype(int).sum(axis=-1)
    with_way = colours_of(field.draw([gymnasts()], ends)).astype(int).sum(axis=-1)
    y, x = np.nonzero(with_way > plain)
    start, end = field.pixels(ends)[0]
    assert abs(y.mean() - start[1]) < 1.5
    assert (x.min(), x.max()) == (pytest.approx(start[0], abs=2), pytest.approx(end[0], abs=2))
    gain = (with_way - plain)[y.min() : y.max() + 1].sum(axis=0)[x.min() + 2 : x.max() - 2]
    assert gain[-40:].mean() > 3 * gain[:40].mean() > 0


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


@given(st.integers(1, 500), st.integers(0, 6), st.integers(1, 7), st.fractions(0, Fraction(99, 100)))
def test_bar_and_beat_are_those_of_the_show_file(bar, beat, beats_per_bar, within):
    tempo = Tempo(Fraction(97), beats_per_bar, Fraction(35, 100))
    beat = beat % beats_per_bar + 1
    moment = tempo.moment(bar, Fraction(beat)) + within * tempo.beats(1)
    assert bar_and_beat(tempo, moment) == f"bar {bar}  beat {beat}"


def test_before_the_first_bar_there_is_none():
    assert bar_and_beat(Tempo(Fraction(97), 4, Fraction(1)), Fraction(1, 2)) == ""


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
