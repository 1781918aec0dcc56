"""Sectors of the field hold everyone once, and are named from the front left."""

from __future__ import annotations

import numpy as np
from cardstunt.blender_addon.sheets.field_windows import WHOLE, seen, windows
from cardstunt.kernels.places import FIELD_HALF_X, FIELD_HALF_Y
from hypothesis import given
from hypothesis import strategies as st


@given(st.integers(1, 12), st.integers(0, 2**32 - 1))
def test_sectors_hold_everyone_once(parts, seed):
    dice = np.random.default_rng(seed)
    places = dice.uniform([-FIELD_HALF_Y, -FIELD_HALF_X], [FIELD_HALF_Y, FIELD_HALF_X], (50, 2))
    # On borders and corners, too.
    places[:20] = (
        np.round(places[:20] / [FIELD_HALF_Y, FIELD_HALF_X] * parts) / parts * [FIELD_HALF_Y, FIELD_HALF_X]
    )
    held = np.stack([window.holds(places) for window in windows(parts)])
    assert (held.sum(axis=0) == 1).all()
    assert len({window.name for window in windows(parts)}) == parts**2


def test_sectors_are_named_from_the_front_left():
    names = [window.name for window in windows(3)]
    assert names == ["A1", "A2", "A3", "B1", "B2", "B3", "C1", "C2", "C3"]
    assert (windows(3)[0].left, windows(3)[0].front) == (-FIELD_HALF_Y, -FIELD_HALF_X)
    assert WHOLE.scale < windows(2)[0].scale < windows(5)[0].scale


def test_the_field_is_seen_from_the_main_stand():
    # East is away, north is left.
    assert seen(np.array([[10.0, 0.0], [0.0, 10.0]])).tolist() == [[0.0, 10.0], [-10.0, 0.0]]
    points = WHOLE.on_page(np.array([[-85.0, -60.0], [85.0, 60.0]]))
    assert (points[0] < points[1]).all()
