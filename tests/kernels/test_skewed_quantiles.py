from __future__ import annotations

import numpy as np
import pytest
from cardstunt.kernels.skewed_quantiles import ex_gaussian_quantiles, exponential_quantiles

TABLES = (ex_gaussian_quantiles, exponential_quantiles)
SKEWNESS = {ex_gaussian_quantiles: 2 * 0.8**3, exponential_quantiles: 2.0}


def drawn(table, steps=20_001):
    """Read a table at even steps, on the straight lines between its entries."""
    return np.interp((np.arange(steps) + 0.5) / steps, np.linspace(0, 1, table.size), table)


@pytest.mark.parametrize("quantiles", TABLES)
@pytest.mark.parametrize("share", [0.05, 0.2, 0.5, 0.9, 1.0])
def test_a_part_has_its_share_of_the_variance_and_leans_to_the_right(quantiles, share):
    table = quantiles(share)
    assert table.shape == (4097,)
    assert not table.flags.writeable
    assert (np.diff(table) >= 0).all()
    values = drawn(table)
    assert values.mean() == pytest.approx(0, abs=2e-3)
    assert values.var() == pytest.approx(share, rel=0.01)
    # the tails beyond one in 10,000 are cut off, which the third moment feels
    assert (values**3).mean() / share == pytest.approx(SKEWNESS[quantiles], rel=0.12)


@pytest.mark.parametrize("quantiles", TABLES)
def test_two_parts_add_up_to_the_whole(quantiles):
    first, second = drawn(quantiles(0.3), 701), drawn(quantiles(0.7), 701)
    both = np.sort((first[:, None] + second).ravel())
    whole = drawn(quantiles(1.0), both.size)
    middle = slice(both.size // 100, -both.size // 100)
    assert np.abs(both - whole)[middle].max() < 0.05


def test_the_whole_is_the_exponential_distribution():
    table, at = exponential_quantiles(1.0), np.array([0.1, 0.5, 0.9, 0.99])
    np.testing.assert_allclose(np.interp(at, np.linspace(0, 1, 4097), table), -np.log1p(-at) - 1, atol=0.02)


@pytest.mark.parametrize("quantiles", TABLES)
@pytest.mark.parametrize("share", [0.0, 5e-324, 9e-4])
def test_no_part_is_nothing_and_so_is_next_to_none(quantiles, share):
    assert not quantiles(share).any()


@pytest.mark.parametrize("quantiles", TABLES)
@pytest.mark.parametrize("share", [-0.1, 1.1, float("nan")])
def test_parts_that_are_none_are_refused(quantiles, share):
    with pytest.raises(ValueError, match="between 0 and 1"):
        quantiles(share)
