"""Distributions that lean to the right and can be cut into independent parts, as tables of quantiles.

A gamma variable of shape 1 is the sum of two of the shapes s and 1 - s, and a normal one of variance 1 of two
of the variances s and 1 - s. So is what is added up from them: each part has the share s of the mean, of the
variance and of all further cumulants, and the sum is distributed in the same way whatever s is.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

STEPS = 4096
"""A table has one entry more: quantiles at 0, 1/4096, … 1."""
_EXPONENTIAL_SHARE = 0.8
_TAIL = 1e-4
_NODES = 4096
_PLACES = 1024
_LEAST_PART = 1e-3


def _gamma(shape: float, below: Floats) -> Floats:
    from scipy.special import gammaincinv  # noqa: PLC0415  which few need

    result: Floats = gammaincinv(shape, below)
    return result


def _fitted(quantiles: Floats, variance: float) -> Floats:
    """Mend what the cut tails and the straight lines between entries take from the mean and the variance."""
    low, high = quantiles[:-1], quantiles[1:]
    mean = float(np.mean(low + high)) / 2.0
    square = float(np.mean(low * low + low * high + high * high)) / 3.0
    scale = (variance / (square - mean * mean)) ** 0.5
    table: Floats = np.round((quantiles - mean) * scale, 6)  # so that every mathematics library agrees
    table.setflags(write=False)
    return table


def _wanted() -> Floats:
    return np.asarray(np.clip(np.linspace(0.0, 1.0, STEPS + 1), _TAIL, 1.0 - _TAIL), dtype=np.float64)


def _nothing() -> Floats:
    table = np.zeros(STEPS + 1)
    table.setflags(write=False)
    return table


@functools.lru_cache(maxsize=32)
def exponential_quantiles(share: float) -> Floats:
    """Return the quantiles of a part of the standard exponential distribution, less its mean.

    Parameters
    ----------
    share
        Which part, 0 to 1: the gamma distribution of that shape. Less than a thousandth is nothing.

    Returns
    -------
    ndarray of float64, shape (4097,), read-only
        Quantiles at 0, 1/4096, … 1, of mean 0 and variance ``share`` when drawn on the straight lines between
        them. One in 10,000 is cut off at each end.

    Raises
    ------
    ValueError
        For a share outside 0 to 1.
    """
    if not 0.0 <= share <= 1.0:
        raise ValueError(f"a part is a share between 0 and 1, not {share}")
    return _fitted(_gamma(share, _wanted()), share) if share >= _LEAST_PART else _nothing()


@functools.lru_cache(maxsize=32)
def ex_gaussian_quantiles(share: float) -> Floats:
    """Return the quantiles of a part of the ex-Gaussian distribution of mean 0 and deviation 1.

    The whole is a normal variable plus an exponential one, by which reaction times are commonly described
    (R. D. Luce, Response Times, 1986; M. R. W. Dawson, Behavior Research Methods 20, 1988). The exponential
    one holds 0.8 of the deviation, for a skewness of 1.0.

    Parameters
    ----------
    share
        Which part, 0 to 1. Less than a thousandth is nothing.

    Returns
    -------
    ndarray of float64, shape (4097,), read-only
        As `exponential_quantiles`.

    Raises
    ------
    ValueError
        For a share outside 0 to 1.
    """
    if not 0.0 <= share <= 1.0:
        raise ValueError(f"a part is a share between 0 and 1, not {share}")
    if share < _LEAST_PART:
        return _nothing()
    from scipy.special import ndtr  # noqa: PLC0415  which few need

    tau = _EXPONENTIAL_SHARE
    sigma = (share * (1.0 - tau * tau)) ** 0.5
    nodes = tau * (_gamma(share, (np.arange(_NODES) + 0.5) / _NODES) - share)
    values = np.linspace(nodes[0] - 4.0 * sigma, nodes[-1] + 4.0 * sigma, _PLACES)
    below = np.array([ndtr((value - nodes) / sigma).mean() for value in values])
    return _fitted(np.interp(_wanted(), below, values), share)
