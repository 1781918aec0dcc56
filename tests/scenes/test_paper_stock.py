from __future__ import annotations

import numpy as np
import pytest
from cardstunt.kernels.dithering import match
from cardstunt.kernels.oklab import srgb8_to_oklab
from cardstunt.kernels.palette import choose_from_stock
from cardstunt.scenes.paper_stock import PAPER_STOCKS

stocks = pytest.mark.parametrize("stock", PAPER_STOCKS)


def sheets(stock):
    return np.array(list(PAPER_STOCKS[stock].values()), dtype=np.uint8)


@stocks
def test_sheets_can_be_told_apart(stock):
    """Two tones of yellow green are the closest: a just noticeable difference is about 0.02."""
    lab = srgb8_to_oklab(sheets(stock))
    apart = np.sqrt(np.square(lab[:, None] - lab).sum(axis=-1)) + np.eye(len(lab))
    assert apart.min() > 0.02


@stocks
def test_sheets_have_names_and_colours(stock):
    for name, colour in PAPER_STOCKS[stock].items():
        assert name == name.strip()
        assert name[0].isupper()
        assert "_" not in name
        assert len(colour) == 3
        assert all(0 <= part <= 255 for part in colour)


def test_known_sheets():
    assert PAPER_STOCKS["astrobrights"]["Re-Entry Red"] == (219, 59, 74)
    assert PAPER_STOCKS["savage_widetone"]["Fashion Gray"] == (144, 150, 155)


@stocks
def test_every_stock_goes_from_light_to_dark_so_that_pictures_can_be_mixed_from_it(stock):
    lightness = srgb8_to_oklab(sheets(stock))[:, 0]
    assert lightness.max() > 0.88
    assert lightness.min() < 0.35


@stocks
def test_a_stock_serves_as_a_palette(stock):
    page = np.repeat(sheets(stock)[None], 4, axis=0)
    np.testing.assert_array_equal(match(page, sheets(stock))[0], np.arange(len(sheets(stock))))
    few = choose_from_stock(page[None], sheets(stock), 5)
    assert len(few) == 5
