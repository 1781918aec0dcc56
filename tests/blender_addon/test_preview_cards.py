from __future__ import annotations

import numpy as np
import pytest
from cardstunt.blender_addon.preview_cards import CardPicture
from cardstunt.blender_addon.preview_drawing import colours_of, fit_cells
from hypothesis import given
from hypothesis import strategies as st

REST = (128, 0, 128, 255)


def section(rows, columns, *, below, above=0, progress=0, pose=REST):
    state = np.zeros((3 * rows, columns, 4), np.uint8)
    state[rows : 2 * rows, :, :3], state[rows : 2 * rows, :, 3] = below, 255
    state[:rows, :, :3], state[:rows, :, 3] = above, progress
    state[2 * rows :] = pose
    return state


def drawn(state, width, height, cover=(0, 200, 0)):
    rows, columns = len(state) // 3, state.shape[1]
    return colours_of(CardPicture(columns, rows, width, height, cover).draw(state))[..., :3]


@given(st.integers(2, 400), st.integers(2, 1000))
def test_every_seat_has_a_pixel_and_the_front_row_is_at_the_bottom(rows, columns):
    wide, high = fit_cells(columns, rows, 0.887, 1000, 452)
    assert wide <= 1000
    assert high <= 452
    if wide < columns:  # 2 columns of 400 rows and the like: nothing is left to share out
        return
    row, column = np.indices((rows, columns))
    state = section(rows, columns, below=np.stack([row % 200 + 8, column % 200 + 8, 0 * row], -1))
    picture = drawn(state, wide, high).astype(int)
    first = picture[0, 0, 0] - 8
    assert (first, picture[0, 0, 1]) == ((rows - 1) % 200, 8)
    assert np.unique(picture[high - 1, :, 0]).max() == 8  # gaps are darker
    shown = len(np.unique(picture[0, np.diff(picture[0, :, 1], append=0) != 0, 1]))
    assert shown >= min(columns, 200)


def test_a_page_turns_over_from_the_right():
    for progress, least, most in ((1, 0.0, 0.05), (128, 0.45, 0.55), (255, 0.95, 1.0)):
        state = section(4, 5, below=(0, 0, 240), above=(240, 0, 0), progress=progress)
        picture = drawn(state, 200, 160)
        new = picture[..., 2] > 0
        assert least <= new.mean() <= most
        cell = new[5, :40]
        assert (np.sort(cell) == cell).all()
        assert ((picture[..., 0] > 0) != new).all()


def test_at_rest_the_page_shown_fills_its_cells():
    picture = drawn(section(4, 5, below=(0, 0, 240), above=(240, 0, 0)), 200, 160)
    assert (picture[..., 2] >= 180).all()
    assert (picture[..., 2] == 240).mean() > 0.9
    assert (picture[..., 0] == 0).all()


def test_an_empty_seat_is_dark_and_a_black_card_is_not_an_empty_seat():
    state = section(2, 2, below=(250, 250, 250))
    state[2, 0] = 0
    state[3, 1, :3] = 0
    picture = drawn(state, 80, 80)
    assert 20 < picture[60, 20].max() < 60
    assert picture[20, 60].max() == 0


@pytest.mark.parametrize(
    ("pose", "lightness"),
    [((255, 0, 128, 255), 1.16), ((0, 0, 128, 255), 0.5), ((128, 0, 255, 255), 1.18), (REST, 1.0)],
)
def test_raised_books_are_lighter_and_lowered_ones_darker(pose, lightness):
    picture = drawn(section(4, 5, below=(100, 120, 140), pose=pose), 200, 160)
    assert picture[20, 20] == pytest.approx(np.array([100, 120, 140]) * lightness, abs=2)


def test_a_tilted_book_narrows_and_then_shows_its_cover():
    edge = drawn(section(4, 5, below=(240, 0, 0), pose=(128, 127, 128, 255)), 200, 160)[20, 20]
    over = drawn(section(4, 5, below=(240, 0, 0), pose=(128, 255, 128, 255)), 200, 160)[20, 20]
    assert tuple(over) == (0, 200, 0)
    assert edge.max() < 80


def test_a_dropped_book_shows_no_page_and_an_empty_seat_no_person():
    dropped = drawn(section(4, 5, below=(240, 0, 0), pose=(128, 0, 128, 0)), 200, 160)[20, 20]
    state = section(4, 5, below=(240, 0, 0), pose=(0, 0, 0, 0))
    state[:] = 0
    empty = drawn(state, 200, 160)[20, 20]
    assert 30 < dropped.max() < 90
    assert empty.max() < dropped.max()
