from __future__ import annotations

import numpy as np
import pytest
from cardstunt.kernels.palette import (
    DITHERS,
    PaletteError,
    choose_palette,
    linear_to_oklab,
    linear_to_srgb8,
    match,
    oklab_to_linear,
    srgb8_to_linear,
    srgb8_to_oklab,
)
from hypothesis import given, settings
from hypothesis import strategies as st


def fill(*colour, rows=40, columns=60):
    return np.broadcast_to(np.array(colour, dtype=np.uint8), (rows, columns, 3)).copy()


def gradient(rows=40, columns=60):
    up, across = np.mgrid[0 : 1 : rows * 1j, 0 : 1 : columns * 1j]
    return np.rint(255 * np.stack([up, across, 1 - up], axis=-1)).astype(np.uint8)


GREY_CARDS = np.array([[0, 0, 0], [255, 255, 255]], dtype=np.uint8)


def test_every_srgb_byte_survives_linear_light_and_oklab():
    cube = np.stack(np.meshgrid(*[np.arange(0, 256, 5)] * 3), axis=-1).astype(np.uint8)
    np.testing.assert_array_equal(linear_to_srgb8(srgb8_to_linear(cube)), cube)
    np.testing.assert_array_equal(linear_to_srgb8(oklab_to_linear(srgb8_to_oklab(cube))), cube)


def test_oklab_of_known_colours():
    """From Ottosson's page: XYZ of D65 white is (1, 0, 0); red, green and blue are widely published."""
    np.testing.assert_allclose(linear_to_oklab(np.ones(3)), [1, 0, 0], atol=1e-4)
    known = [[0.62796, 0.22486, 0.12585], [0.86644, -0.23389, 0.17950], [0.45201, -0.03246, -0.31153]]
    np.testing.assert_allclose(linear_to_oklab(np.eye(3)), known, atol=2e-4)


def test_mid_grey_in_linear_light():
    assert srgb8_to_linear(np.array([188], dtype=np.uint8))[0] == pytest.approx(0.5029, abs=1e-4)
    assert linear_to_srgb8(np.array([-1.0, 0.0, 0.5, 1.0, 9.0])).tolist() == [0, 0, 188, 255, 255]


def test_few_colours_are_all_kept_from_dark_to_light():
    pages = np.stack([fill(255, 255, 255), fill(10, 61, 145), fill(0, 0, 0)])
    assert choose_palette(pages, 24).tolist() == [[0, 0, 0], [10, 61, 145], [255, 255, 255]]


def test_fills_and_lettering_are_kept_to_the_byte():
    lettering = fill(176, 0, 32)
    lettering[15:25, 20:40] = (255, 254, 253)
    palette = choose_palette(np.stack([gradient(), fill(10, 61, 145), lettering]), 12)
    assert 8 <= len(palette) <= 12
    for colour in ([10, 61, 145], [176, 0, 32], [255, 254, 253]):
        assert colour in palette.tolist()


@pytest.mark.parametrize("colours", [1, 2, 5, 255])
def test_a_palette_is_never_larger_than_asked_and_holds_no_colour_twice(colours):
    palette = choose_palette(np.stack([gradient(), fill(9, 9, 9)]), colours)
    assert 1 <= len(palette) <= colours
    assert len(np.unique(palette, axis=0)) == len(palette)
    assert palette.dtype == np.uint8


def test_more_colours_serve_a_picture_better():
    page = gradient()

    def error(colours):
        palette = choose_palette(page[None], colours)
        painted = palette[match(page, palette, "none")]
        return np.square(srgb8_to_oklab(painted) - srgb8_to_oklab(page)).sum(-1).mean()

    assert error(32) < 0.6 * error(12) < 0.6 * 0.6 * error(4)


def test_the_choice_is_the_same_twice():
    pages = np.stack([gradient(), gradient()[::-1], fill(1, 2, 3)])
    np.testing.assert_array_equal(choose_palette(pages, 16), choose_palette(pages.copy(), 16))


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


@pytest.mark.parametrize("colours", [0, 257])
def test_impossible_palettes_are_refused(colours):
    with pytest.raises(PaletteError, match="1 to 256 colours"):
        choose_palette(gradient()[None], colours)


def test_pages_that_are_none_are_refused():
    with pytest.raises(PaletteError, match="shape"):
        choose_palette(gradient(), 8)
    with pytest.raises(PaletteError, match="shape"):
        choose_palette(np.zeros((0, 4, 4, 3), np.uint8), 8)


def test_bad_pictures_palettes_and_dithers_are_refused():
    with pytest.raises(PaletteError, match="picture must be uint8"):
        match(gradient().astype(float), GREY_CARDS)
    with pytest.raises(PaletteError, match="palette must be of shape"):
        match(gradient(), np.zeros((0, 3), np.uint8))
    with pytest.raises(PaletteError, match="none, blue_noise, floyd_steinberg"):
        match(gradient(), GREY_CARDS, "halftone")
