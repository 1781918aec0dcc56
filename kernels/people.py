"""How card-holders differ: skill and reactions, and the few who are late, absent, or on a wrong page."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from .array_module import array_module, to_numpy
from .counter_random import Purpose, bits, quantile, uniform
from .skewed_quantiles import ex_gaussian_quantiles, exponential_quantiles
from .ticks import TICKS_PER_SECOND

if TYPE_CHECKING:
    from types import ModuleType

    from numpy.typing import NDArray

    Integers = NDArray[Any]
    Ticks = NDArray[np.int64]
    Truths = NDArray[np.bool_]

_LATE_BY = (TICKS_PER_SECOND // 2, 3 * TICKS_PER_SECOND // 2)
_DROPPED_FOR = (3 * TICKS_PER_SECOND, 8 * TICKS_PER_SECOND)
_LEVEL_BITS = 16
_LEVEL_STEP_BITS = 8
_CERTAIN = 1 << 32


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
    skill
        Share of the variance of reactions, 0 to 1, that is between people: some are slow, unsteady, often
        late and often wrong at every cue. What the numbers above say holds for all people together.
    row
        Correlation, 0 to 1, of neighbours in a row, who follow one leader.
    dropped
        Share of people, 0 to 1, who drop the book once in the show.

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
    skill: float = 0.0
    row: float = 0.0
    dropped: float = 0.0

    def __post_init__(self) -> None:
        for name in ("late", "wrong_page", "absent", "skill", "row", "dropped"):
            share = getattr(self, name)
            if not 0.0 <= share <= 1.0:
                raise ValueError(f"{name} is a share of people, between 0 and 1, not {share}")
        if self.spread_ticks < 0:
            raise ValueError(f"spread_ticks must not be negative, but is {self.spread_ticks}")


@functools.lru_cache(maxsize=32)
def _level_table(skill: float, share: float) -> Ticks:
    """Quantiles of one part of the levels above their mean, in 1/65536."""
    table: Ticks = np.rint(skill**0.5 * exponential_quantiles(share) * (1 << _LEVEL_BITS)).astype(np.int64)
    table.setflags(write=False)
    return table


@functools.lru_cache(maxsize=32)
def _steadiness_table(spread_ticks: int, skill: float, share: float) -> Ticks:
    """Quantiles of one part of what differs from cue to cue for a person of level 1, in ticks.

    Levels have the variance `skill`, so their mean square is 1 + skill: divided by it, the spread of all
    people together is as asked.
    """
    width = spread_ticks * ((1.0 - skill) / (1.0 + skill)) ** 0.5
    table: Ticks = np.rint(width * ex_gaussian_quantiles(share)).astype(np.int64)
    table.setflags(write=False)
    return table


@functools.lru_cache(maxsize=32)
def _chance_table(share: float, skill: float) -> NDArray[np.uint64]:
    """Return how many of 2**32 turns go wrong at each level, in steps of 1/256.

    The rate grows with the level: a chance is ``1 - q**level``, with the ``q`` for which all people together
    fail as often as asked.
    """
    levels = 1.0 + skill**0.5 * exponential_quantiles(1.0)
    middles = 0.5 * (levels[1:] + levels[:-1])
    low, high = 0.0, 1.0
    for _ in range(60):
        q = 0.5 * (low + high)
        low, high = (q, high) if float(np.mean(1.0 - q**middles)) > share else (low, q)
    steps = (np.arange(((int(levels[-1]) + 4) << _LEVEL_STEP_BITS) + 1) + 0.5) / (1 << _LEVEL_STEP_BITS)
    # rounded, so that every mathematics library gives the same table
    chances = np.round(1.0 - high**steps, 9) if 0.0 < share < 1.0 else np.full(steps.size, share)
    table: NDArray[np.uint64] = np.rint(chances * _CERTAIN).astype(np.uint64)
    table.setflags(write=False)
    return table


class Crowd:
    """Certain people, with what is true of them at every cue worked out once.

    Each has a level, by which reactions are long and unsteady and failures frequent: 1 on average, skewed to
    the right, at least ``1 - sqrt(skill)``. All that varies is a sum of two draws, the row leader's and one's
    own, from distributions that are infinitely divisible. So the sum is distributed in the same way whatever
    share the leader has, and that share is the correlation of neighbours.

    Parameters
    ----------
    people
        What they are like.
    seed
        The show's seed.
    performers : integer array, shape (N,)
        Their indices.
    rows : integer array, shape (N,), optional
        Which row each belongs to, from 0. Nobody follows anyone when left out.

    Attributes
    ----------
    level : ndarray of int64, shape (N,)
        Levels in units of 1/65536.

    Raises
    ------
    ValueError
        If ``rows`` does not give one row from 0 for each performer.
    """

    def __init__(self, people: People, seed: int, performers: Integers, rows: Integers | None = None) -> None:
        self._xp: ModuleType = array_module(performers, rows)
        self._people, self._seed = people, seed
        self._performers = self._xp.asarray(performers)
        self._rows: Any = None
        self._leaders: Any = None
        self._row = 0.0
        if rows is not None:
            self._rows = self._xp.asarray(rows)
            if self._rows.shape != self._performers.shape or self._rows.dtype.kind not in "iu":
                raise ValueError("rows must give one whole number for each performer")
            if self._rows.size and int(self._rows.min()) < 0:
                raise ValueError(f"rows are numbered from 0, but there is a row {int(self._rows.min())}")
            count = int(self._rows.max()) + 1 if self._rows.size else 0
            self._leaders = self._xp.arange(count)
            self._row = people.row
        one = np.int64(1 << _LEVEL_BITS)
        drawn = self._shared(Purpose.SKILL, Purpose.ROW_SKILL, 0, self._level_part)
        self.level: Ticks = self._xp.maximum(drawn + one, np.int64(0))

    def _shared(self, own: Purpose, leaders: Purpose, cue: int, table_of: Any) -> Any:
        """Add the row leader's draw to one's own."""
        total = quantile(bits(self._seed, own, cue, self._performers), table_of(1.0 - self._row))
        if self._row > 0.0:
            total += quantile(bits(self._seed, leaders, cue, self._leaders), table_of(self._row))[self._rows]
        return total

    def _level_part(self, share: float) -> Ticks:
        return _level_table(self._people.skill, share)

    def _steadiness_part(self, share: float) -> Ticks:
        return _steadiness_table(self._people.spread_ticks, self._people.skill, share)

    @functools.cached_property
    def _always(self) -> Any:
        """How much later than the cue each person starts on average, in ticks."""
        above = self.level - np.int64(1 << _LEVEL_BITS)
        return np.int64(self._people.reaction_ticks) + (
            (above * np.int64(self._people.spread_ticks)) >> np.int64(_LEVEL_BITS)
        )

    def _chances(self, share: float) -> Any:
        table = self._xp.asarray(_chance_table(share, self._people.skill))
        steps = self.level >> np.int64(_LEVEL_BITS - _LEVEL_STEP_BITS)
        return table[self._xp.minimum(steps, np.int64(table.shape[0] - 1))]

    @functools.cached_property
    def _late_chances(self) -> Any:
        return self._chances(self._people.late)

    @functools.cached_property
    def _wrong_chances(self) -> Any:
        return self._chances(self._people.wrong_page)

    def reaction(self, cue: int) -> Ticks:
        """Return how long after a cue each person starts to turn.

        Parameters
        ----------
        cue
            Index of the cue.

        Returns
        -------
        ndarray of int64, shape (N,)
            Ticks; may be negative for a person who starts early.
        """
        people = self._people
        if people.perfect:
            nothing: Ticks = self._xp.zeros(self._performers.shape, dtype=np.int64)
            return nothing
        delay: Ticks = self._always
        if people.spread_ticks > 0 and people.skill < 1.0:
            swing = self._shared(Purpose.REACTION, Purpose.ROW_REACTION, cue, self._steadiness_part)
            delay = delay + ((swing * self.level) >> np.int64(_LEVEL_BITS))
        return delay if people.late == 0.0 else delay + self._late_by(cue)

    def _late_by(self, cue: int) -> Any:
        """Return by how much those are late who miss a cue; 0 for the others."""
        xp, seed, table = self._xp, self._seed, np.array(_LATE_BY, dtype=np.int64)

        def lateness(when: Purpose, by: Purpose, who: Any, chance: Any) -> Any:
            missed = (bits(seed, when, cue, who) >> np.uint64(32)) < chance
            return xp.where(missed, quantile(bits(seed, by, cue, who), table), np.int64(0))

        own = lateness(Purpose.LATE, Purpose.LATE_BY, self._performers, self._late_chances)
        if self._row == 0.0:
            return own
        chance = _of_certain(self._people.late)
        leaders = lateness(Purpose.ROW_LATE, Purpose.ROW_LATE_BY, self._leaders, chance)
        # of two neighbours both follow with the probability `row`
        follows = bits(seed, Purpose.FOLLOW, cue, self._performers) >> np.uint64(32)
        return xp.where(follows < _of_certain(self._row**0.5), leaders[self._rows], own)

    def wrong_page(self, cue: int) -> Truths:
        """Tell who turns to a wrong page at a cue.

        Parameters
        ----------
        cue
            Index of the cue.

        Returns
        -------
        ndarray of bool, shape (N,)
        """
        if self._people.perfect or self._people.wrong_page == 0.0:
            nobody: Truths = self._xp.zeros(self._performers.shape, dtype=bool)
            return nobody
        drawn = bits(self._seed, Purpose.WRONG_PAGE, cue, self._performers) >> np.uint64(32)
        result: Truths = drawn < self._wrong_chances
        return result


def _of_certain(share: float) -> np.uint64:
    return np.uint64(round(share * _CERTAIN))


def reaction(
    people: People, seed: int, cues: Integers, performers: Integers, rows: Integers | None = None
) -> Ticks:
    """Return how long after each cue each person starts to turn.

    Over many people the mean and the deviation are those of `people`, and the share of the late as well,
    whatever `People.skill` and `People.row` are.

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
    rows : integer array, shape (N,), optional
        Which row each belongs to, from 0; a row follows one leader. Nobody follows anyone when left out.

    Returns
    -------
    ndarray of int64, shape (C, N)
        Ticks; may be negative for a person who starts early. The same to the bit under NumPy and CuPy.

    Raises
    ------
    ValueError
        If ``rows`` does not give one row from 0 for each performer.
    """
    xp = array_module(cues, performers, rows)
    crowd = Crowd(people, seed, xp.asarray(performers), rows)
    result: Ticks = xp.empty((len(cues), len(performers)), dtype=np.int64)
    for index, cue in enumerate(to_numpy(cues).tolist()):
        result[index] = crowd.reaction(cue)
    return result


def wrong_page(
    people: People, seed: int, cues: Integers, performers: Integers, rows: Integers | None = None
) -> Truths:
    """Tell who turns to a wrong page at which cue.

    Parameters
    ----------
    people, seed, cues, performers, rows
        As in `reaction`.

    Returns
    -------
    ndarray of bool, shape (C, N)

    Raises
    ------
    ValueError
        As `reaction`.
    """
    xp = array_module(cues, performers, rows)
    crowd = Crowd(people, seed, xp.asarray(performers), rows)
    result: Truths = xp.empty((len(cues), len(performers)), dtype=bool)
    for index, cue in enumerate(to_numpy(cues).tolist()):
        result[index] = crowd.wrong_page(cue)
    return result


def absent(people: People, seed: int, performers: int | Integers) -> Truths:
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
    result: Truths = uniform(seed, Purpose.ABSENT, 0, indices) < share
    return result


def dropped(people: People, seed: int, performers: int | Integers, begin_tick: int, end_tick: int) -> Ticks:
    """Return when each person's book lies on the ground.

    Parameters
    ----------
    people, seed, performers
        As in `absent`.
    begin_tick, end_tick
        The show's first moment and the one after its last, in ticks.

    Returns
    -------
    ndarray of int64, shape (2, N)
        Ticks of show time from which, and until just before which, the book is down: 3 to 8 s, within the
        show where it is long enough. Both are 0 for those who drop nothing.

    Raises
    ------
    ValueError
        If the show ends before it begins.
    """
    if end_tick < begin_tick:
        raise ValueError(f"the show ends at tick {end_tick}, before it begins at {begin_tick}")
    indices = np.arange(performers) if isinstance(performers, int) else performers
    xp = array_module(indices)
    share = 0.0 if people.perfect else people.dropped
    who = uniform(seed, Purpose.DROPPED, 0, indices) < share
    gone = quantile(bits(seed, Purpose.DROPPED_FOR, 0, indices), np.array(_DROPPED_FOR, dtype=np.int64))
    room = xp.maximum(np.int64(end_tick - begin_tick) - gone, np.int64(0))
    part = (bits(seed, Purpose.DROPPED_AT, 0, indices) >> np.uint64(44)).astype(np.int64)
    start = (room >> np.int64(20)) * part + np.int64(begin_tick)
    result: Ticks = xp.where(who, xp.stack([start, start + gone]), np.int64(0))
    return result
