"""How card-holders differ: reactions, and the few who are late, absent or on a wrong page."""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from .array_module import array_module
from .counter_random import Purpose, bits, quantile, uniform
from .ticks import TICKS_PER_SECOND

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Integers = NDArray[Any]

_EXPONENTIAL_SHARE = 0.8
_TABLE_STEPS = 4096
_TAIL = 1e-4
_LATE_LEAST = TICKS_PER_SECOND // 2
_LATE_MOST = 3 * TICKS_PER_SECOND // 2


@dataclass(frozen=True)
class People:
    """What the card-holders of one section are like.

    Attributes
    ----------
    reaction_ticks, spread_ticks
        Mean and standard deviation of the time from a cue to the start of the turn, in ticks.
    late
        Share of turns, 0 to 1, that start another 0.5 to 1.5 s later: the cue was missed.
    wrong_page
        Share of turns, 0 to 1, that end on another page.
    absent
        Share of card-holders, 0 to 1, whose seat is empty.
    perfect
        Everyone is there and on time to the tick, whatever the other numbers say.

    Raises
    ------
    ValueError
        For a share outside 0 to 1, or a negative spread.
    """

    reaction_ticks: int = 0
    spread_ticks: int = 0
    late: float = 0.0
    wrong_page: float = 0.0
    absent: float = 0.0
    perfect: bool = False

    def __post_init__(self) -> None:
        for name in ("late", "wrong_page", "absent"):
            share = getattr(self, name)
            if not 0.0 <= share <= 1.0:
                raise ValueError(f"{name} is a share of people, between 0 and 1, not {share}")
        if self.spread_ticks < 0:
            raise ValueError(f"spread_ticks must not be negative, but is {self.spread_ticks}")


@functools.cache
def _standard_quantiles() -> NDArray[np.float64]:
    """Quantiles of the ex-Gaussian with mean 0 and deviation 1, rounded so that every libm agrees."""
    tau = _EXPONENTIAL_SHARE
    sigma = math.sqrt(1.0 - tau * tau)

    def normal(x: float) -> float:
        return 0.5 * math.erfc(-x / math.sqrt(2.0))

    def cumulative(x: float) -> float:
        z = (x + tau) / sigma
        return normal(z) - math.exp(0.5 * (sigma / tau) ** 2 - (x + tau) / tau) * normal(z - sigma / tau)

    values = np.linspace(-4.0, 9.0, 5201)
    shares = np.maximum.accumulate([cumulative(float(value)) for value in values])
    wanted = np.clip(np.linspace(0.0, 1.0, _TABLE_STEPS + 1), _TAIL, 1.0 - _TAIL)
    return np.asarray(np.round(np.interp(wanted, shares, values), 6), dtype=np.float64)


@functools.lru_cache(maxsize=16)
def reaction_table(reaction_ticks: int, spread_ticks: int) -> NDArray[np.int64]:
    """Return the quantiles of reaction times as whole ticks.

    Reaction times are skewed to the right: a normal part plus an exponential one, the ex-Gaussian (R. D.
    Luce, Response Times, 1986; M. R. W. Dawson, Behavior Research Methods 20, 1988). The exponential part
    holds 0.8 of the deviation, for a skewness of 1.0. One in 10,000 is cut off at each end.

    Parameters
    ----------
    reaction_ticks, spread_ticks
        Mean and standard deviation, in ticks.

    Returns
    -------
    ndarray of int64, shape (4097,), read-only
        Quantiles at 0, 1/4096, … 1. Always made on the host, so that all devices draw from the same table.
    """
    table: NDArray[np.int64] = np.int64(reaction_ticks) + np.rint(
        _standard_quantiles() * spread_ticks
    ).astype(np.int64)
    table.setflags(write=False)
    return table


def reaction(people: People, seed: int, cues: Integers, performers: Integers) -> NDArray[np.int64]:
    """Return how long after each cue each person starts to turn.

    Parameters
    ----------
    people
        What the people are like.
    seed
        The show's seed.
    cues : integer array, shape (C,)
        Indices of the cues.
    performers : integer array, shape (N,)
        Indices of the people.

    Returns
    -------
    ndarray of int64, shape (C, N)
        Ticks; may be negative for a person who starts early. The same to the bit under NumPy and CuPy.
    """
    xp = array_module(cues, performers)
    cues, performers = xp.asarray(cues)[:, None], xp.asarray(performers)[None, :]
    shape = (cues.shape[0], performers.shape[1])
    if people.perfect:
        result: NDArray[np.int64] = xp.zeros(shape, dtype=np.int64)
        return result
    table = reaction_table(people.reaction_ticks, people.spread_ticks)
    delay = quantile(bits(seed, Purpose.REACTION, cues, performers), table)
    if people.late > 0.0:
        is_late = uniform(seed, Purpose.LATE, cues, performers) < people.late
        late_by = quantile(
            bits(seed, Purpose.LATE_BY, cues, performers), np.array([_LATE_LEAST, _LATE_MOST], dtype=np.int64)
        )
        delay = delay + xp.where(is_late, late_by, np.int64(0))
    return delay


def wrong_page(people: People, seed: int, cues: Integers, performers: Integers) -> NDArray[np.bool_]:
    """Tell who turns to a wrong page at which cue.

    Parameters
    ----------
    people, seed, cues, performers
        As in `reaction`.

    Returns
    -------
    ndarray of bool, shape (C, N)
    """
    xp = array_module(cues, performers)
    share = 0.0 if people.perfect else people.wrong_page
    result: NDArray[np.bool_] = (
        uniform(seed, Purpose.WRONG_PAGE, xp.asarray(cues)[:, None], xp.asarray(performers)[None, :]) < share
    )
    return result


def absent(people: People, seed: int, performers: int | Integers) -> NDArray[np.bool_]:
    """Tell whose seat is empty for the whole show.

    Parameters
    ----------
    people, seed
        As in `reaction`.
    performers : int or integer array, shape (N,)
        How many people there are, or their indices.

    Returns
    -------
    ndarray of bool, shape (N,)
    """
    indices = np.arange(performers) if isinstance(performers, int) else performers
    share = 0.0 if people.perfect else people.absent
    result: NDArray[np.bool_] = uniform(seed, Purpose.ABSENT, 0, indices) < share
    return result
