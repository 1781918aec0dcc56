from __future__ import annotations

import numpy as np
from cardstunt.kernels.colour_codes import CODES, from_codes, from_words, to_codes, to_words
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

colours = hnp.arrays(np.uint8, st.tuples(st.integers(1, 9), st.just(3)))


@given(colours)
def test_words_are_the_colours(shown):
    words = to_words(shown)
    assert [f"{word:06x}" for word in words] == [bytes(colour).hex() for colour in shown]
    np.testing.assert_array_equal(from_words(words), shown)


@given(colours)
def test_a_code_stands_for_colours_that_look_alike(shown):
    codes = to_codes(shown)
    assert codes.max() < CODES
    middle = from_codes(codes)
    assert np.abs(middle.astype(int) - shown).max() <= 3
    np.testing.assert_array_equal(to_codes(middle), codes)


def test_the_darkest_colours_are_told_apart_more_finely():
    grey = np.arange(256, dtype=np.uint8)[:, None].repeat(3, axis=1)
    off = np.abs(from_codes(to_codes(grey)).astype(int) - grey).max(axis=1)
    assert off[:12].max() <= 1
    assert off[[0, 255]].tolist() == [0, 0]
