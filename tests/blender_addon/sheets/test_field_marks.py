"""Steps off the field's lines: read by a person they lead to the place, to an eighth of a step."""

from __future__ import annotations

import numpy as np
import pytest
from cardstunt.blender_addon.sheets.field_marks import LINES, across_texts, depth_texts, marks
from cardstunt.kernels.places import FIELD_HALF_X, FIELD_HALF_Y
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("place", "across", "depth"),
    [
        ((0, 0), "on centre", "on middle"),
        ((-20, -35), "on R35", "on F20"),
        ((20, 35), "on L35", "on B20"),
        ((-21.5, -36.5), "2 outside R35", "2 in front of F20"),
        ((-18.5, -34.25), "1 inside R35", "2 behind F20"),
        ((21.5, 36.5), "2 outside L35", "2 behind B20"),
        ((18.5, 33.5), "2 inside L35", "2 in front of B20"),
        ((0.3, -0.4), "½ right of centre", "½ behind middle"),
        ((-2.4, 1.8), "2½ left of centre", "3¼ in front of middle"),
        ((0.05, 0.05), "on centre", "on middle"),
    ],
)
def test_places_in_words(place, across, depth):
    found = marks(np.array([place], float), 0.75)
    assert across_texts(found) == [across]
    assert depth_texts(found) == [depth]


def test_tables_have_decimals():
    found = marks(np.array([[-21.4, -36.3]]), 0.75)
    assert across_texts(found, plain=True) == ["1.75 outside R35"]
    assert depth_texts(found, plain=True) == ["1.75 in front of F20"]


def test_nobody_has_no_words():
    found = marks(np.empty((0, 2)), 0.75)
    assert across_texts(found) == depth_texts(found) == []


@given(
    st.lists(
        st.tuples(st.floats(-FIELD_HALF_X, FIELD_HALF_X), st.floats(-FIELD_HALF_Y, FIELD_HALF_Y)),
        min_size=1,
        max_size=20,
    ),
    st.sampled_from([0.5715, 0.75, 0.4, 1.1]),
    st.booleans(),
)
def test_whoever_follows_the_words_stands_there(understood, places, step, plain):
    at = np.array(places)
    found = marks(at, step)
    told = [
        [understood(words, step) for words in texts(found, plain=plain)]
        for texts in (across_texts, depth_texts)
    ]
    off = np.abs(np.stack([-np.array(told[0]), told[1]], -1)[:, ::-1] - at)
    assert off.max() <= step / 8 + 1e-9
    # Nobody counts further than to half-way between two lines.
    assert np.abs(found.right).max() * step / 4 <= LINES / 2 + step / 8 + 1e-9
