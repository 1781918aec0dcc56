"""The card section's textures hold what the kernel says, and no more pixels than that takes."""

from __future__ import annotations

import numpy as np
import pytest
from cardstunt.blender_addon.card_textures import ACTIVE, read_cards, write_cards
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

ROWS, COLUMNS = 4, 5


def states(absent=(), turning=(), posed=()):
    """One moment as the kernel gives it; people by their number."""
    random = np.random.default_rng(4)
    above, shown, pose = random.integers(0, 256, (3, ROWS * COLUMNS, 4), np.uint8)
    shown[:, 3], pose[:] = 255, (128, 0, 128, 255)
    still = np.setdiff1d(np.arange(ROWS * COLUMNS), turning)
    above[:, 3] = np.maximum(above[:, 3], 1)
    above[still] = shown[still] * np.array([1, 1, 1, 0], np.uint8)
    pose[list(posed)] = (200, 3, 9, 0)
    for layer in (above, shown, pose):
        layer[list(absent)] = 0
    return np.stack([above, shown, pose]).reshape(3 * ROWS, COLUMNS, 4)


def written(path, moment):
    write_cards(path, moment)
    with Image.open(path) as picture:
        return np.asarray(picture)[::-1]


people = st.sets(st.integers(0, ROWS * COLUMNS - 1))


@given(people, people, people)
@settings(max_examples=60)
def test_nothing_is_lost(tmp_path_factory, absent, turning, posed):
    path = tmp_path_factory.mktemp("cards") / "one.png"
    moment = states(absent, sorted(turning), posed)
    assert np.array_equal(read_cards(written(path, moment), ROWS), moment)


@pytest.mark.parametrize(
    ("turning", "posed", "deep"),
    [((), (), 0), ((3,), (), 1), ((), (3,), 1), (range(5), (4,), 1), (range(5), (7,), 2), (range(20), (), 4)],
)
def test_only_who_does_something_takes_more_pixels(tmp_path, turning, posed, deep):
    pixels = written(tmp_path / "one.png", states((), list(turning), posed))
    assert pixels.shape == (ROWS + 2 * deep, COLUMNS, 4)


def test_the_nodes_find_who_does_something_and_who_is_there(tmp_path):
    moment = states(absent=(0, 6), turning=[2, 6], posed=(19,))
    alpha = written(tmp_path / "one.png", moment)[:ROWS, :, 3].ravel()
    assert np.flatnonzero(alpha == ACTIVE).tolist() == [2, 19]
    assert np.flatnonzero(alpha == 0).tolist() == [0, 6]
    assert (np.delete(alpha, [0, 2, 6, 19]) == 255).all()


def test_lists_are_in_the_order_of_the_seats(tmp_path):
    moment = states(turning=[4, 11, 17])
    above, _, pose = moment.reshape(3, -1, 4)
    listed = written(tmp_path / "one.png", moment)[ROWS:].reshape(2, -1, 4)
    assert np.array_equal(listed[0, :3], above[[4, 11, 17]])
    assert np.array_equal(listed[1, :3], pose[[4, 11, 17]])
    assert not listed[:, 3:].any()
