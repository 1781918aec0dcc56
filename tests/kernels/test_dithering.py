from __future__ import annotations

import numpy as np
import pytest
from cardstunt.kernels.blue_noise import blue_noise
from cardstunt.kernels.colour_codes import from_codes, to_codes
from cardstunt.kernels.dithering import DITHERS, PaletteError, _mixes, exact_cells, match, match_pages
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
    shown = match(fill(grey, grey, grey, rows=128, columns=128), GREY_CARDS, dither)
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
    picture = from_codes(to_codes(random.integers(0, 256, (9, 7, 3)).astype(np.uint8)))
    palette = random.integers(0, 256, (5, 3)).astype(np.uint8)
    picture[2:7, 1:4] = palette[3]
    light, owed = srgb8_to_linear(picture), np.zeros((10, 9, 3))
    cards, card_lab = srgb8_to_linear(palette), srgb8_to_oklab(palette)
    shift = 2 * blue_noise()[:9, :7] - 1
    other = np.roll(shift, (31, 17), axis=(0, 1))
    expected = np.zeros((9, 7), dtype=int)
    for row in range(9):
        for column in range(7):
            if (palette == picture[row, column]).all(axis=1).any():
                expected[row, column] = 3
                continue
            most = 1.25 * np.sort(np.linalg.norm(cards - light[row, column], axis=1))[2]
            carried = owed[row, column + 1]
            carried *= min(1, most / max(np.linalg.norm(carried), 1e-12))
            wanted = light[row, column] + carried
            found = np.square(linear_to_oklab(np.clip(wanted, 0, 1)) - card_lab).sum(-1).argmin()
            expected[row, column] = found
            a, b = shift[row, column], 3 * other[row, column]
            for down, right, share in ((0, 1, 7 + a), (1, 1, 1 - a), (1, -1, 3 + b), (1, 0, 5 - b)):
                owed[row + down, column + 1 + right] += (wanted - cards[found]) * share / 16
    np.testing.assert_array_equal(match(picture, palette, "floyd_steinberg"), expected)


def test_what_no_cards_can_mix_does_not_smear_over_what_follows():
    # No mix of these comes near the yellow; the grey after it is as it would be alone.
    palette = np.array([[0, 0, 0], [60, 60, 60], [120, 60, 60], [200, 40, 40]], dtype=np.uint8)
    picture = fill(62, 60, 60)
    picture[:20] = (255, 240, 0)
    shown = srgb8_to_linear(palette[match(picture, palette, "floyd_steinberg")[23:]]).mean(axis=(0, 1))
    np.testing.assert_allclose(shown, srgb8_to_linear(picture)[-1, 0], atol=0.01)


def test_floyd_and_steinberg_draws_no_rows_of_dots():
    shown = match(fill(60, 60, 60, rows=64, columns=64), GREY_CARDS, "floyd_steinberg")[8:, 8:56]
    assert (shown.sum(axis=1) > 0).mean() > 0.6


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


def test_blue_noise_mixes_three_colours_where_no_two_come_near():
    palette = np.array([[230, 60, 50], [60, 190, 70], [50, 70, 220], [255, 255, 255]], dtype=np.uint8)
    picture = fill(138, 138, 138, rows=64, columns=64)
    shown = match(picture, palette, "blue_noise")
    assert set(np.unique(shown)) == {0, 1, 2}
    mean = linear_to_oklab(srgb8_to_linear(palette[shown]).mean(axis=(0, 1)))
    wanted = srgb8_to_oklab(picture[0, 0])
    assert np.sqrt(np.square(mean - wanted).sum()) < 0.03
    two = [np.mean(srgb8_to_linear(palette[list(pair)]), axis=0) for pair in ((0, 1), (0, 2), (1, 2))]
    assert min(np.sqrt(np.square(linear_to_oklab(mix) - wanted).sum()) for mix in two) > 0.06


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 20))
def test_a_mix_is_of_up_to_three_cards_from_dark_to_light(seed, colours):
    random = np.random.Generator(np.random.Philox(seed))
    cards = random.integers(0, 256, (colours, 3)).astype(np.uint8)
    mixed, share = _mixes(random.integers(0, 256, (30, 3)).astype(np.uint8), cards)
    np.testing.assert_allclose(share.sum(axis=1), 1)
    assert (share >= 0).all()
    lightness = np.where(share > 0, srgb8_to_oklab(cards)[mixed, 0], -1)
    assert (np.diff(lightness, axis=1) >= 0).all()
