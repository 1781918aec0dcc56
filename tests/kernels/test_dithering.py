from __future__ import annotations

import numpy as np
import pytest
from cardstunt.kernels.colour_codes import to_codes
from cardstunt.kernels.dithering import DITHERS, PaletteError, exact_cells, match, match_pages
from cardstunt.kernels.oklab import linear_to_oklab, srgb8_to_linear, srgb8_to_oklab
from hypothesis import given, settings
from hypothesis import strategies as st


def fill(*colour, rows=40, columns=60):
    return np.broadcast_to(np.array(colour, dtype=np.uint8), (rows, columns, 3)).copy()


def gradient(rows=40, columns=60):
    up, across = np.mgrid[0 : 1 : rows * 1j, 0 : 1 : columns * 1j]
    return np.rint(255 * np.stack([up, across, 1 - up], axis=-1)).astype(np.uint8)


GREY_CARDS = np.array([[0, 0, 0], [255, 255, 255]], dtype=np.uint8)


@pytest.mark.parametrize("dither", DITHERS)
def test_colours_of_the_palette_stay_where_they_are(dither):
    palette = np.array([[0, 0, 0], [176, 0, 32], [178, 2, 30], [255, 255, 255]], dtype=np.uint8)
    picture = gradient()
    index = np.arange(40 * 60).reshape(40, 60) % 4
    kept = np.zeros((40, 60), dtype=bool)
    kept[10:30, 5:50] = True
    picture[kept] = palette[index][kept]
    result = match(picture, palette, dither)
    assert result.dtype == np.uint8
    np.testing.assert_array_equal(result[kept], index[kept])
    assert np.unique(result[~kept]).size > 2


def test_no_dither_takes_the_nearest():
    palette = np.array([[250, 0, 0], [0, 250, 0], [0, 0, 250]], dtype=np.uint8)
    picture = np.array([[[200, 30, 10], [10, 200, 10], [20, 20, 200]]], dtype=np.uint8)
    assert match(picture, palette, "none").tolist() == [[0, 1, 2]]


@pytest.mark.parametrize("dither", ["blue_noise", "floyd_steinberg"])
@pytest.mark.parametrize("grey", [60, 128, 188, 225])
def test_a_dither_keeps_the_light_of_an_area(dither, grey):
    shown = match(fill(grey, grey, grey, rows=64, columns=64), GREY_CARDS, dither)
    wanted = srgb8_to_linear(np.array([grey], dtype=np.uint8))[0]
    assert shown.mean() == pytest.approx(wanted, abs=0.02)


@pytest.mark.parametrize("dither", ["blue_noise", "floyd_steinberg"])
def test_a_dither_follows_a_gradient(dither):
    picture = np.repeat(np.linspace(0, 255, 128).astype(np.uint8)[None, :, None], 48, axis=0).repeat(
        3, axis=2
    )
    palette = np.repeat(np.array([[0], [90], [170], [255]], dtype=np.uint8), 3, axis=1)
    painted = srgb8_to_linear(palette[match(picture, palette, dither)])
    strips = (painted - srgb8_to_linear(picture)).reshape(48, 16, 8, 3).mean(axis=(0, 2))
    assert np.abs(strips).max() < 0.04


def test_floyd_and_steinberg_is_the_cell_by_cell_diffusion():
    random = np.random.Generator(np.random.Philox(3))
    picture = random.integers(0, 256, (9, 7, 3)).astype(np.uint8)
    palette = random.integers(0, 256, (5, 3)).astype(np.uint8)
    picture[2:7, 1:4] = palette[3]
    value = srgb8_to_linear(picture)
    cards, card_lab = srgb8_to_linear(palette), srgb8_to_oklab(palette)
    expected = np.zeros((9, 7), dtype=int)
    for row in range(9):
        for column in range(7):
            wanted = np.clip(value[row, column], -0.25, 1.25)
            found = np.square(linear_to_oklab(np.clip(wanted, 0, 1)) - card_lab).sum(-1).argmin()
            expected[row, column] = found
            if (palette == picture[row, column]).all(axis=1).any():
                expected[row, column] = 3
                continue
            for down, right, weight in ((0, 1, 7), (1, -1, 3), (1, 0, 5), (1, 1, 1)):
                if row + down < 9 and 0 <= column + right < 7:
                    value[row + down, column + right] += (wanted - cards[found]) * weight / 16
    np.testing.assert_array_equal(match(picture, palette, "floyd_steinberg"), expected)


@settings(max_examples=25, deadline=None)
@given(
    st.integers(0, 2**32), st.integers(1, 9), st.integers(1, 9), st.integers(1, 20), st.sampled_from(DITHERS)
)
def test_any_picture_and_palette_give_indices_of_the_palette(seed, rows, columns, colours, dither):
    random = np.random.Generator(np.random.Philox(seed))
    picture = random.integers(0, 256, (rows, columns, 3)).astype(np.uint8)
    result = match(picture, random.integers(0, 256, (colours, 3)).astype(np.uint8), dither)
    assert result.shape == (rows, columns)
    assert result.max() < colours


def test_bad_pictures_palettes_and_dithers_are_refused():
    with pytest.raises(PaletteError, match="picture must be uint8"):
        match(gradient().astype(float), GREY_CARDS)
    with pytest.raises(PaletteError, match="palette must be of shape"):
        match(gradient(), np.zeros((0, 3), np.uint8))
    with pytest.raises(PaletteError, match="none, blue_noise, floyd_steinberg"):
        match(gradient(), GREY_CARDS, "halftone")


def many_pages():
    random = np.random.Generator(np.random.Philox(8))
    noise = random.integers(0, 256, (3, 40, 60, 3)).astype(np.uint8)
    return np.concatenate([noise, gradient()[None], fill(9, 9, 9)[None]])


@pytest.mark.parametrize("dither", DITHERS)
@pytest.mark.parametrize("limits", [{}, {"_FEW_CELLS": 10, "_BLOCK": 64, "_DIFFUSED_AT_ONCE": 10_000}])
def test_each_of_many_pages_comes_out_as_it_does_alone(dither, limits, monkeypatch):
    pages = many_pages()
    palette = pages[0, 0, :14]
    expected = np.stack([match(page, palette, dither) for page in pages])
    for name, limit in limits.items():
        monkeypatch.setattr(f"cardstunt.kernels.dithering.{name}", limit)
    result = match_pages(pages, palette, dither)
    assert result.dtype == np.uint8
    np.testing.assert_array_equal(result, expected)


@pytest.mark.parametrize("dither", DITHERS)
def test_no_pages_give_no_pages(dither):
    assert match_pages(np.zeros((0, 4, 5, 3), np.uint8), GREY_CARDS, dither).shape == (0, 4, 5)


def test_exact_cells_have_the_first_card_of_their_colour_to_the_byte():
    cards = np.array([[9, 9, 9], [200, 0, 0], [9, 9, 9], [10, 9, 9]], dtype=np.uint8)
    pages = np.array([[[9, 9, 9], [9, 9, 8]], [[10, 9, 9], [201, 0, 0]]], dtype=np.uint8)
    cells, card = exact_cells(pages, to_codes(pages).reshape(-1), cards)
    assert cells.tolist() == [0, 2]
    assert card.tolist() == [0, 3]


def test_pages_of_another_shape_are_refused():
    with pytest.raises(PaletteError, match="pages must be uint8"):
        match_pages(gradient(), GREY_CARDS)
