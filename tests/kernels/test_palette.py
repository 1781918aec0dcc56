from __future__ import annotations

import numpy as np
import pytest
from cardstunt.kernels.dithering import PaletteError, match
from cardstunt.kernels.oklab import srgb8_to_oklab
from cardstunt.kernels.palette import choose_from_stock, choose_palette
from hypothesis import given, settings
from hypothesis import strategies as st


def fill(*colour, rows=40, columns=60):
    return np.broadcast_to(np.array(colour, dtype=np.uint8), (rows, columns, 3)).copy()


def gradient(rows=40, columns=60):
    up, across = np.mgrid[0 : 1 : rows * 1j, 0 : 1 : columns * 1j]
    return np.rint(255 * np.stack([up, across, 1 - up], axis=-1)).astype(np.uint8)


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


@pytest.mark.parametrize("colours", [0, 257])
def test_impossible_palettes_are_refused(colours):
    with pytest.raises(PaletteError, match="1 to 256 colours"):
        choose_palette(gradient()[None], colours)


def test_pages_that_are_none_are_refused():
    with pytest.raises(PaletteError, match="shape"):
        choose_palette(gradient(), 8)
    with pytest.raises(PaletteError, match="shape"):
        choose_palette(np.zeros((0, 4, 4, 3), np.uint8), 8)


ACCENTS = ([255, 0, 0], [0, 200, 255], [255, 230, 0], [0, 255, 60])


def strokes_on_soft_pages():
    """A bright stroke each, a card and a half thick with blended edges, on pages of soft colours."""
    up, across = np.mgrid[0:1:80j, 0:1:250j]
    drawn = np.zeros((320, 1000))
    for line in range(3):
        drawn[40 + 90 * line : 46 + 90 * line, 100:800] = 1
    ink = drawn.reshape(80, 4, 250, 4).mean(axis=(1, 3))[..., None]
    soft = np.stack([60 + 120 * across, 50 + 90 * up, 120 - 60 * across * up], axis=-1)
    grounds = [soft, soft[::-1, ::-1, [2, 0, 1]]] * 2
    pages = [ground * (1 - ink) + ink * accent for ground, accent in zip(grounds, ACCENTS, strict=True)]
    return np.rint(pages).astype(np.uint8)


@pytest.mark.parametrize("colours", [8, 16])
def test_a_bright_accent_on_a_small_part_of_a_page_is_kept_to_the_byte(colours):
    pages = strokes_on_soft_pages()
    for page, accent in zip(pages, ACCENTS, strict=True):
        assert (page == accent).all(axis=-1).mean() < 0.03
    palette = choose_palette(pages, colours).tolist()
    assert all(accent in palette for accent in ACCENTS)


def test_an_accent_is_taken_from_most_of_its_cells():
    pages = strokes_on_soft_pages()
    for page, accent in zip(pages, ACCENTS, strict=True):
        some = np.argwhere((page == accent).all(axis=-1))[::3]
        page[tuple(some.T)] = np.where(np.array(accent) == 255, 253, accent)
    palette = choose_palette(pages, 12).tolist()
    assert all(accent in palette for accent in ACCENTS)


def test_dithered_pages_look_like_the_drawn_ones_from_far_away():
    pages = strokes_on_soft_pages()
    palette = choose_palette(pages, 16)
    painted = np.stack([palette[match(page, palette)] for page in pages])

    def from_afar(pictures):
        return srgb8_to_oklab(pictures).reshape(4, 16, 5, 50, 5, 3).mean(axis=(2, 4))

    error = np.sqrt(np.square(from_afar(painted) - from_afar(pages)).sum(axis=-1))
    assert error.mean() < 0.017


def test_very_many_colours_are_taken_together_more_roughly(monkeypatch):
    random = np.random.Generator(np.random.Philox(5))
    pages = random.integers(0, 256, (2, 60, 80, 3)).astype(np.uint8)

    def error(palette):
        painted = palette[np.stack([match(page, palette, "none") for page in pages])]
        return np.square(srgb8_to_oklab(painted) - srgb8_to_oklab(pages)).sum(-1).mean()

    fine = error(choose_palette(pages, 24))
    monkeypatch.setattr("cardstunt.kernels.palette._MANY", 10)
    rough = choose_palette(pages, 24)
    assert len(rough) == 24
    assert error(rough) < 1.1 * fine


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 6), st.integers(1, 8))
def test_papers_are_rows_of_the_stock_in_its_order(seed, colours, papers):
    random = np.random.Generator(np.random.Philox(seed))
    stock = np.unique(random.integers(0, 256, (papers, 3)), axis=0).astype(np.uint8)[::-1]
    chosen = choose_from_stock(random.integers(0, 256, (2, 6, 7, 3)).astype(np.uint8), stock, colours)
    assert len(chosen) == min(colours, len(stock))
    rows = [stock.tolist().index(row) for row in chosen.tolist()]
    assert rows == sorted(set(rows))


def test_the_papers_chosen_are_those_that_serve_the_pages():
    wanted = [[0, 0, 0], [200, 30, 40], [250, 240, 60], [255, 255, 255]]
    stock = np.array([[90, 90, 90], *wanted, [10, 60, 200], [0, 120, 70]], dtype=np.uint8)
    pages = np.stack([fill(*colour) for colour in wanted])
    pages[:, ::3, ::3] -= pages[:, ::3, ::3] // 16
    assert choose_from_stock(pages, stock, 4).tolist() == wanted
    assert choose_from_stock(pages, stock, 7).tolist() == stock.tolist()


def test_no_paper_is_bought_twice():
    stock = np.array([[0] * 3, [255] * 3, [255, 0, 0], [0, 255, 0], [0, 0, 255]], dtype=np.uint8)
    pages = np.stack([fill(0, 0, 0), fill(255, 255, 255)])
    assert len(np.unique(choose_from_stock(pages, stock, 4), axis=0)) == 4


@pytest.mark.parametrize("stock", [np.zeros((0, 3), np.uint8), np.zeros(3, np.uint8), np.zeros((2, 3))])
def test_a_stock_that_is_none_is_refused(stock):
    with pytest.raises(PaletteError, match="a stock must be uint8"):
        choose_from_stock(gradient()[None], stock, 5)
