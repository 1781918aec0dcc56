from __future__ import annotations

import os
import struct

import numpy as np
import pytest
from cardstunt.scenes.pages.painted_letters import has_drawn_letters, has_painted_letters, painted_letters
from hypothesis import given, settings
from hypothesis import strategies as st

RED, BLUE, GREEN = (255, 0, 0), (0, 0, 255), (0, 255, 0)


def test_which_fonts_have_painted_letters(write_font):
    assert has_painted_letters(write_font("painted.ttf", "AB", [RED, BLUE], painted=True))
    assert not has_painted_letters(write_font("layers.ttf", "AB", [RED, BLUE]))
    assert not has_painted_letters(write_font("plain.ttf", "AB"))


def test_which_fonts_have_drawn_letters(write_font):
    assert has_drawn_letters(write_font("drawn.ttf", "A", more={"SVG ": bytes(10)}))
    assert not has_drawn_letters(write_font("plain.ttf", "A"))


def test_of_a_collection_the_first_font_counts(write_font, tmp_path):
    font = bytearray(write_font("a.ttf", "A", [RED], painted=True).read_bytes())
    # Places of tables are counted from the beginning of the file.
    for at in range(12, 12 + 16 * struct.unpack(">H", font[4:6])[0], 16):
        font[at + 8 : at + 12] = struct.pack(">L", struct.unpack(">L", font[at + 8 : at + 12])[0] + 16)
    (tmp_path / "a.ttc").write_bytes(b"ttcf" + struct.pack(">LLL", 0x10000, 1, 16) + font)
    assert has_painted_letters(tmp_path / "a.ttc")


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=80), st.sampled_from([b"", b"ttcf", b"OTTO", b"\0\1\0\0"]))
def test_other_files_have_neither(tmp_path_factory, content, start):
    path = tmp_path_factory.mktemp("fonts") / "a.ttf"
    path.write_bytes(start + content)
    assert has_painted_letters(path) in {True, False}
    assert has_drawn_letters(path) in {True, False}


def test_an_edited_font_is_read_again(write_font):
    path = write_font("a.ttf", "A", [RED], painted=True)
    assert has_painted_letters(path)
    write_font("a.ttf", "A")
    os.utime(path, ns=(1, 1))
    assert not has_painted_letters(path)


def test_letters_keep_their_colours_and_stand_on_the_line(write_font):
    path = write_font("a.ttf", "AB", [RED, BLUE], painted=True)
    pixels = np.asarray(painted_letters(path, "Blocks", "A<B\0", 100, (10, 90), (320, 100), GREEN))
    assert pixels.shape == (100, 320, 4)
    solid = pixels[pixels[..., 3] == 255][:, :3]
    assert {RED, BLUE} <= {tuple(colour) for colour in solid.tolist()}
    red = (pixels == (*RED, 255)).all(axis=-1)
    rows, columns = np.flatnonzero(red.any(axis=1)), np.flatnonzero(red.any(axis=0))
    assert (rows[0], rows[-1]) == (pytest.approx(20, abs=1), pytest.approx(89, abs=1))
    assert (columns[0], columns[-1]) == (pytest.approx(15, abs=1), pytest.approx(104, abs=1))
