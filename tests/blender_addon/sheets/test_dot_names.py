"""Names that have room, and the size that they are set in."""

from __future__ import annotations

import numpy as np
from cardstunt.blender_addon.sheets.dot_names import (
    LARGEST_NAME,
    NAME_SIZE,
    least_scales,
    name_block,
    name_size,
    named,
)
from hypothesis import given
from hypothesis import strategies as st


@given(st.integers(2, 80), st.floats(0.2, 8.0), st.integers(0, 2**32 - 1))
def test_names_never_overlap(people, size, seed):
    places = np.random.default_rng(seed).uniform(0, 60, (people, 2))
    labels = [f"A{number:03d}" for number in range(people)]
    block = name_block(labels, size)
    kept = places[named(places, block)]
    assert len(kept) >= 1
    apart = np.abs(kept[:, None] - kept)
    overlap = (apart[..., 0] < block[0] - 1e-3) & (apart[..., 1] < block[1] - 1e-3)
    assert not (overlap & ~np.eye(len(kept), dtype=bool)).any()


def test_from_the_least_scale_on_a_name_fits():
    places = np.array([[0.0, 0.0], [1.0, 0.0], [10.0, 10.0]])
    labels = ["A1", "A2", "A3"]
    scales = least_scales(places, labels)
    assert scales[0] == scales[1] > scales[2]
    for scale, fits in ((scales[0] * 1.01, 3), (scales[0] * 0.99, 2)):
        assert named(places * scale, name_block(labels, NAME_SIZE)).sum() == fits


def test_names_are_as_large_as_there_is_room_for():
    scales = np.full(100, 10.0)
    assert name_size(scales, 9.0) == 0
    assert name_size(scales, 10.0) == NAME_SIZE
    assert NAME_SIZE < name_size(scales, 12.0) < LARGEST_NAME
    assert name_size(scales, 100.0) == LARGEST_NAME
    # A few without room do not make all of them small.
    scales[0] = 1e6
    assert name_size(scales, 12.0) > NAME_SIZE


def test_one_alone_has_room():
    assert least_scales(np.zeros((1, 2)), ["A1"]).tolist() == [0.0]
