"""Randomness without state: each number is a hash of what it is for.

The hash is a chain of the SplitMix64 finaliser (Steele, Lea and Flood, "Fast splittable pseudorandom number
generators", OOPSLA 2014; the constants are Stafford's variant 13), one link for each of seed, purpose, cue
and performer. Only 64-bit integer operations are used, so NumPy and CuPy give the same bits.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Any

import numpy as np

from .array_module import array_module

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Integers = int | NDArray[Any]

_MASK = (1 << 64) - 1
_GOLDEN = 0x9E3779B97F4A7C15
_FIRST = 0xBF58476D1CE4E5B9
_SECOND = 0x94D049BB133111EB
_FRACTION_BITS = 24


class Purpose(IntEnum):
    """What a random number is for: numbers for different purposes are independent. Never renumber."""

    REACTION = 1
    LATE = 2
    LATE_BY = 3
    WRONG_PAGE = 4
    ABSENT = 5
    DISSOLVE = 6
    BLUE_NOISE = 7
    MOVE_TIMING = 8
    HEIGHT = 9
    VARIATION = 10
    GRAIN = 11
    SPECTATOR = 12
    COSTUME = 13
    FORMATION = 14
    MOVE_RATE = 15
    SKILL = 16
    ROW_SKILL = 17
    ROW_REACTION = 18
    ROW_LATE = 19
    ROW_LATE_BY = 20
    FOLLOW = 21
    DROPPED = 22
    DROPPED_AT = 23
    DROPPED_FOR = 24
    CITY = 25
    TREE = 26
    TRAFFIC = 27
    LIGHT_SHOW = 28
    FLASH = 29


def _mix_int(value: int) -> int:
    value = ((value ^ (value >> 30)) * _FIRST) & _MASK
    value = ((value ^ (value >> 27)) * _SECOND) & _MASK
    return value ^ (value >> 31)


def _mix(value: Any) -> Any:
    value = (value ^ (value >> np.uint64(30))) * np.uint64(_FIRST)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(_SECOND)
    return value ^ (value >> np.uint64(31))


def _link(state: Any, key: Integers, xp: Any) -> Any:
    """One link of the chain; plain integers stay plain until an array joins."""
    if isinstance(key, int) and isinstance(state, int):
        return _mix_int((state + _GOLDEN * ((key & _MASK) + 1)) & _MASK)
    if isinstance(state, int):
        state = np.uint64(state)
    array = xp.asarray(np.uint64(key & _MASK)) if isinstance(key, int) else xp.asarray(key).astype(np.uint64)
    with np.errstate(over="ignore"):  # the products are meant to wrap; NumPy warns about 0-d ones
        return _mix((array + np.uint64(1)) * np.uint64(_GOLDEN) + state)


def bits(seed: int, purpose: Purpose, cue: Integers, performer: Integers) -> NDArray[np.uint64]:
    """Return 64 random bits for each pair of cue and performer.

    Parameters
    ----------
    seed
        The show's seed; any integer, taken modulo 2**64.
    purpose
        What the numbers are for.
    cue, performer
        Indices, integers or integer arrays of shapes that broadcast: ``cue[:, None]`` with ``performer``
        gives one number for each pair.

    Returns
    -------
    ndarray of uint64
        The broadcast shape, on the arrays' own device; 0-d when both are plain integers.
    """
    xp = array_module(cue, performer)
    state: Any = _mix_int((int(seed) + _GOLDEN) & _MASK)
    for key in (int(purpose), cue, performer):
        state = _link(state, int(key) if isinstance(key, np.integer) else key, xp)
    result: NDArray[np.uint64] = xp.asarray(np.uint64(state) if isinstance(state, int) else state)
    return result


def uniform(seed: int, purpose: Purpose, cue: Integers, performer: Integers) -> NDArray[np.float64]:
    """Return numbers spread evenly over [0, 1), with 53 random bits each.

    Parameters
    ----------
    seed, purpose, cue, performer
        As in `bits`.

    Returns
    -------
    ndarray of float64
        The broadcast shape; the same numbers to the bit under NumPy and CuPy.
    """
    random_bits = bits(seed, purpose, cue, performer)
    xp = array_module(random_bits)
    result: NDArray[np.float64] = xp.asarray((random_bits >> np.uint64(11)).astype(np.float64) * 2.0**-53)
    return result


def quantile(random_bits: NDArray[np.uint64], table: NDArray[np.int64]) -> NDArray[np.int64]:
    """Draw from a distribution that is given as a table of its quantiles.

    Integer arithmetic alone, so that all devices agree. The value lies on the straight line between the two
    entries of the table around the random position.

    Parameters
    ----------
    random_bits : ndarray of uint64, any shape
        From `bits`.
    table : ndarray of int64, shape (n,), n >= 2
        Quantiles at 0, 1/(n-1), … 1, rising. Neighbours may be at most 2**38 apart.

    Returns
    -------
    ndarray of int64
        The shape of ``random_bits``.

    Raises
    ------
    ValueError
        If the table is not one row of two or more entries, or of more than 2**31.
    """
    xp = array_module(random_bits, table)
    table = xp.asarray(table, dtype=np.int64)
    if table.ndim != 1 or not 2 <= table.shape[0] <= 1 << 31:
        raise ValueError(f"the table of quantiles must be one row of 2 or more entries, not {table.shape}")
    position = (xp.asarray(random_bits) >> np.uint64(32)) * np.uint64(table.shape[0] - 1)
    below = (position >> np.uint64(32)).astype(np.int64)
    fraction = ((position & np.uint64(0xFFFFFFFF)) >> np.uint64(32 - _FRACTION_BITS)).astype(np.int64)
    low = table[below]
    result: NDArray[np.int64] = low + (((table[below + 1] - low) * fraction) >> np.int64(_FRACTION_BITS))
    return result
