"""When each card-holder begins each turn and gesture, and who makes which mistake."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import numpy as np

from ..kernels.counter_random import Purpose, bits
from ..kernels.flips import order_fraction, turn_starts
from ..kernels.gestures import GESTURES, Gestures
from ..kernels.grade import LUMINANCE
from ..kernels.people import Crowd, People
from ..kernels.ticks import TICKS_PER_SECOND, ticks
from .cue_turns import GestureCall, TurnCall, random_key
from .kept import digest, file_state, kept
from .regions import mask_light

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from .load import LoadedShow
    from .schema_card_section import PeopleModel
    from .schema_cue import Cue
    from .seats import SeatMap

    Members = NDArray[np.bool_]

RIGHT, FORGETS, TOO_FAR = range(3)
"""What somebody does at a call: the right thing, nothing, or turn a leaf too far."""
_PEOPLE_AT_ONCE = 1 << 16


class Holders:
    """The people of a section: what chance makes of each of them at each call.

    What was drawn for one call is kept, and not drawn again when other cues are edited.

    Parameters
    ----------
    model : PeopleModel
    seed : int
        The show's seed.
    seats : SeatMap
        People of one row of one section follow the same leader.

    Attributes
    ----------
    people : People
    seed : int
    indices : ndarray of int64, shape (N,)
    """

    def __init__(self, model: PeopleModel, seed: int, seats: SeatMap) -> None:
        self.people = People(
            reaction_ticks=ticks(model.reaction),
            spread_ticks=ticks(model.spread),
            skill=model.skill,
            row=model.row,
            late=model.late,
            wrong_page=model.wrong_page,
            absent=model.absent,
            dropped=model.dropped,
            perfect=model.perfect,
        )
        self.seed = seed
        self.indices = np.arange(seats.taken.size)
        block = np.unique(seats.section, return_inverse=True)[1].reshape(-1)
        self._rows = block.astype(np.int64) * seats.rows + self.indices // seats.columns
        self._key = (self.people, seed, digest(self._rows))

    def reaction(self, call: int) -> NDArray[np.int64]:
        """Return how long after a call each sets off, (N,) ticks."""
        return kept.get(("reaction", *self._key, call), lambda: self._crowd.reaction(call))

    def wrong(self, call: int) -> NDArray[np.int64]:
        """Return who turns wrongly at a call, as indices."""
        return kept.get(("wrong", *self._key, call), lambda: np.flatnonzero(self._crowd.wrong_page(call)))

    @functools.cached_property
    def _crowd(self) -> Crowd:
        return Crowd(self.people, self.seed, self.indices, self._rows)


def cue_fraction(
    loaded: LoadedShow, seats: SeatMap, cue: int, reverse: bool, members: Members
) -> NDArray[np.float64]:
    """Return when in the course of a cue each of its people is due, (N,), 0 to 1.

    The order runs over the people whom the cue is for.

    Raises
    ------
    PageError
        When the picture of the order ``map`` cannot be used.
    """
    model: Cue = loaded.show.card_section.cues[cue]
    flip = model.flip
    picture, state = None, None
    if flip.map is not None:
        picture, state = _levels(flip.map, seats, loaded), file_state(loaded.resolve(flip.map))
    everyone = bool(members.all())
    drawn_lots = (loaded.show.seed, cue) if flip.order == "dissolve" else None
    key = (
        *("fraction", flip.order, flip.from_, flip.centre, flip.windings, flip.groups, flip.along, flip.ease),
        *(reverse, state, drawn_lots, seats.columns, seats.rows, seats.cell_aspect),
        None if everyone else digest(members),
    )
    return kept.get(
        key,
        lambda: order_fraction(
            flip.order,
            seats.columns,
            seats.rows,
            angle=flip.from_,
            centre=flip.centre,
            seed=loaded.show.seed,
            cue=cue,
            windings=flip.windings,
            reverse=reverse,
            groups=flip.groups,
            along=flip.along,
            aspect=seats.cell_aspect,
            picture=picture,
            ease=flip.ease,
            members=None if everyone else members.reshape(seats.rows, seats.columns),
        ),
    )


def _levels(relative: str, seats: SeatMap, loaded: LoadedShow) -> NDArray[np.float64]:
    """Return how light a picture looks at each seat, (rows, columns), 0 to 1."""
    light = mask_light(relative, seats, loaded).astype(np.float64)
    levels: NDArray[np.float64] = (
        light[..., 0] * LUMINANCE[0] + light[..., 1] * LUMINANCE[1] + light[..., 2] * LUMINANCE[2]
    ) / 255
    return levels


def reactions(holders: Holders, calls: Sequence[TurnCall | GestureCall]) -> list[NDArray[np.int64]]:
    """Return for each call how long after it everyone sets off, (N,) ticks; may be negative."""
    return [holders.reaction(random_key(call.cue, call.step)) for call in calls]


def mistakes(holders: Holders, calls: Sequence[TurnCall]) -> NDArray[np.int8]:
    """Return what everyone does at each call, (T, N): `RIGHT`, `FORGETS` or `TOO_FAR`."""
    made = np.full((len(calls), holders.indices.size), RIGHT, dtype=np.int8)
    if holders.people.perfect or holders.people.wrong_page == 0:
        return made
    for turn, call in enumerate(calls[1:], 1):
        key = random_key(call.cue, call.step)
        who = holders.wrong(key)
        drawn = bits(holders.seed, Purpose.WRONG_PAGE, key, who)
        made[turn, who] = np.where(drawn & np.uint64(1) == 1, FORGETS, TOO_FAR)
    return made


def starts(
    loaded: LoadedShow,
    calls: Sequence[TurnCall],
    fractions: Sequence[NDArray[np.float64]],
    delays: Sequence[NDArray[np.int64]] | None,
    turning: Members,
) -> NDArray[np.int64]:
    """Return when everyone begins each turn, (T, N) ticks; nobody before the last one has ended.

    Parameters
    ----------
    loaded : LoadedShow
    calls : sequence of TurnCall, length T
    fractions : sequence of ndarray of float64, shape (N,)
        From `cue_fraction`, for each call.
    delays : sequence of ndarray of int64, shape (N,), or None
        From `reactions`; None for somebody perfect.
    turning : ndarray of bool, shape (T, N)
        Who turns a page at each call.
    """
    cues = [loaded.show.card_section.cues[call.cue] for call in calls]
    at = np.array([ticks(call.at) for call in calls], dtype=np.int64)
    over = np.array([ticks(cue.flip.over) for cue in cues], dtype=np.int64)
    turn = np.array([turn_ticks(cue) for cue in cues], dtype=np.int64)
    begin = np.empty(turning.shape, dtype=np.int64)
    for first in range(0, turning.shape[1], _PEOPLE_AT_ONCE):
        block = slice(first, first + _PEOPLE_AT_ONCE)
        fraction = np.stack([one[block] for one in fractions])
        delay = (
            np.zeros(fraction.shape, dtype=np.int64)
            if delays is None
            else np.stack([one[block] for one in delays])
        )
        begin[:, block] = turn_starts(at, fraction, over, delay, turn, turning[:, block])
    return begin


def call_times(cue: Cue, call: TurnCall | GestureCall, fraction: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return when everyone is due at one call, (N,) ticks: before anybody has reacted."""
    return spread_over(fraction, ticks(cue.flip.over)) + ticks(call.at)


def spread_over(fraction: NDArray[np.float64], over: int) -> NDArray[np.int64]:
    """Return how long after a call everyone is due, (N,) ticks, in an order that takes `over` ticks."""
    later: NDArray[np.int64] = np.rint(fraction * np.float64(over)).astype(np.int64)
    return later


def section_gestures(
    loaded: LoadedShow,
    calls: Sequence[GestureCall],
    fractions: Sequence[NDArray[np.float64]],
    delays: Sequence[NDArray[np.int64]],
    regions: Sequence[Members],
) -> Gestures:
    """Return all gestures of a section as the kernels take them.

    Parameters
    ----------
    loaded : LoadedShow
    calls : sequence of GestureCall, length G
    fractions, delays : sequences of ndarray, shape (N,)
        For each call, as `starts` takes them.
    regions : sequence of ndarray of bool, shape (N,)
        Whom each *cue* is for.
    """
    cues = loaded.show.card_section.cues
    models = [gesture for call in calls if (gesture := cues[call.cue].gesture) is not None]
    if not models:
        return Gestures.none(regions[0].size)
    begin = [
        call_times(cues[call.cue], call, fraction) + delay
        for call, fraction, delay in zip(calls, fractions, delays, strict=True)
    ]
    return Gestures(
        kind=np.array([GESTURES.index(model.kind) for model in models], dtype=np.int8),
        start=np.stack(begin),
        taking=np.stack([regions[call.cue] for call in calls]),
        move=np.array([turn_ticks(cues[call.cue]) for call in calls], dtype=np.int64),
        hold=np.array([ticks(model.hold) for model in models], dtype=np.int64),
        amount=np.array([round(model.amount * 255) for model in models], dtype=np.int16),
        period=np.array([round(TICKS_PER_SECOND / model.rate) for model in models], dtype=np.int64),
    )


def turn_ticks(cue: Cue) -> int:
    """Return how long one person's turn takes, in ticks; at least one."""
    return max(1, ticks(cue.flip.turn))
