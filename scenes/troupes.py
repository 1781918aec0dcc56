"""A troupe of the show as arrays: who stands where in each formation, when and how they get there."""

from __future__ import annotations

import dataclasses
import itertools
import zlib
from collections.abc import Hashable, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ..kernels.clips import CLIP_NAMES, CLIPS
from ..kernels.counter_random import Purpose, bits
from ..kernels.drill import Drill
from ..kernels.easing import EASES
from ..kernels.rails import Rails
from ..kernels.ticks import TICKS_PER_SECOND, ticks
from .assignments import Assigned, AssignError, Rail, assigned
from .errors import ShowError, YamlPath
from .formed_sets import Formed, formed_sets
from .kept import file_state
from .travels import (
    STAGGER,
    Crowd,
    Headings,
    TravelError,
    Walk,
    arrival,
    bend_of,
    headings,
    keeps_order,
    late_by,
    own_times,
)

if TYPE_CHECKING:
    from .load import LoadedShow
    from .schema_troupe import Move

_BETWEEN_RAILS = 1.0


def compile_drill(loaded: LoadedShow, troupe_name: str) -> Drill:
    """Work out a troupe's drill.

    A set is left for at its `at` and reached `travel` later. Where neither a time nor a speed is given for
    it, the longest way is walked at `WALKING_PACE`, or faster when the next set is due before.

    Parameters
    ----------
    loaded : LoadedShow
    troupe_name : str
        One of the show's `troupes`.

    Returns
    -------
    Drill
        Times in ticks of show time.

    Raises
    ------
    ShowError
        With the place in the show file, if a formation does not hold the troupe or does not fit the field, a
        picture cannot be used, people cannot be assigned as is asked for, or there is no time for a travel.
    KeyError
        If the show has no such troupe.
    """
    show, name = loaded.show, troupe_name
    troupe = show.troupes[name]
    formed = formed_sets(loaded, name)
    crowd = Crowd(
        # By name, so that a troupe keeps its people when another is added or grows.
        seed=int(bits(show.seed, Purpose.FORMATION, 0, zlib.crc32(name.encode()))),
        step_length=troupe.step,
    )
    walks, arrive = _walks(loaded, name, formed, crowd)
    canon = [
        each.ranks(walk.goal) * ticks(each.drill_set.move.canon)
        for each, walk in zip(formed, walks, strict=True)
    ]
    moves = [each.drill_set.move for each in formed]
    bend = np.stack([walk.bend for walk in walks])
    late = np.stack([walk.late for walk in walks])
    eases = [EASES.index(each.drill_set.travel.ease) for each in formed]
    return Drill(
        places=np.stack([walk.goal for walk in walks]),
        leave=np.array([ticks(walk.leave) for walk in walks], dtype=np.int64),
        arrive=np.array([ticks(moment) for moment in arrive], dtype=np.int64),
        clip=np.array([CLIP_NAMES.index(move.clip) for move in moves], dtype=np.int16),
        canon=np.stack(canon),
        heading=_one_where_equal([walk.after for walk in walks]),
        seed=crowd.seed,
        step_length=crowd.step_length,
        stagger=0.0 if _in_order(formed) else STAGGER,
        period=_periods(loaded, moves),
        times=_times(moves),
        height=_heights(walks),
        late=late if late.any() else None,
        ease=np.array(eases, dtype=np.int8) if any(eases) else None,
        bend=bend if bend.any() else None,
        rails=_rails([walk.rail for walk in walks], troupe.count),
    )


def _in_order(formed: Sequence[Formed]) -> bool:
    """Whether people set off in a given order to some set.

    A whole drill has one stagger: of such a drill the times of the other sets are given too.
    """
    return any(keeps_order(each) for each in formed[1:])


def _walks(
    loaded: LoadedShow, name: str, formed: Sequence[Formed], crowd: Crowd
) -> tuple[list[Walk], list[Fraction]]:
    """Return the way to each set, and when all are there."""
    count, in_order = len(formed[0].places), _in_order(formed)
    leave = [each.drill_set.at for each in formed]
    match = Assigned(np.arange(count))
    walks, arrive = [_first(formed[0], count)], [leave[0]]
    for index, (former, current) in enumerate(itertools.pairwise(formed), start=1):
        following = leave[index + 1] if index + 1 < len(leave) else None
        path: YamlPath = ("troupes", name, "drill", index)
        try:
            match = assigned(walks[-1].goal, former, current, match)
            walk = _walk(walks[-1], former, current, match, (leave[index], following))
            arrive.append(arrival(current, walk, crowd))
        except AssignError as error:
            raise ShowError([loaded.problem((*path, "assign"), str(error))]) from None
        except TravelError as error:
            raise ShowError([loaded.problem((*path, "travel", error.key), str(error))]) from None
        if in_order and not (keeps_order(current) or current.stays):
            late = own_times(crowd, index, arrive[-1] - leave[index], count)
            walk = dataclasses.replace(walk, late=late)
        walks.append(walk)
    return walks, arrive


def drill_key(loaded: LoadedShow, troupe_name: str) -> Hashable:
    """Return what a troupe's drill depends on."""
    show, troupe = loaded.show, loaded.show.troupes[troupe_name]
    files = tuple(
        file_state(loaded.resolve(name)) for keys, _, name in troupe.files if keys[:1] == ("drill",)
    )
    music = show.music.bpm if show.music is not None else None
    return "drill", troupe_name, show.seed, troupe.count, troupe.step, troupe.drill, music, files


def _first(formed: Formed, count: int) -> Walk:
    """Return the way to where people stand from the beginning: none."""
    return Walk(
        start=formed.places,
        goal=formed.places,
        before=headings(formed, formed.places),
        after=headings(formed, formed.places),
        low=formed.height,
        high=formed.height,
        leave=formed.drill_set.at,
        following=None,
        late=np.zeros(count, dtype=np.int64),
        bend=np.zeros((2, 2)),
        rail=None,
    )


def _walk(
    before: Walk, former: Formed, formed: Formed, match: Assigned, times: tuple[Fraction, Fraction | None]
) -> Walk:
    start = before.goal
    goal = start if formed.stays else formed.places[match.who]
    high = None if formed.height is None else formed.height[match.who]
    return Walk(
        start=start,
        goal=goal,
        before=before.after,
        after=headings(formed, goal),
        low=before.high,
        high=before.high if formed.stays else high,
        leave=times[0],
        following=times[1],
        late=late_by(former, formed, start, match),
        bend=np.zeros((2, 2)) if match.rail is not None else bend_of(formed, start),
        rail=match.rail,
    )


def _one_where_equal(looks: list[Headings]) -> NDArray[np.float64]:
    """Return headings (S, N), or (S,) where all look the same way in each set."""
    rows = np.stack(looks)
    return rows if np.ptp(rows, axis=1).any() else rows[:, 0].copy()


def _periods(loaded: LoadedShow, moves: Sequence[Move]) -> NDArray[np.int64] | None:
    """Return the ticks of a cycle of each set's move; None where all are the clips' own."""
    music = loaded.show.music
    if music is None or all(move.counts is None for move in moves):
        return None
    own = [round(CLIPS[CLIP_NAMES.index(move.clip)].seconds * TICKS_PER_SECOND) for move in moves]
    return np.array(
        [
            usual if move.counts is None else ticks(music.tempo.beats(move.counts))
            for move, usual in zip(moves, own, strict=True)
        ],
        dtype=np.int64,
    )


def _times(moves: Sequence[Move]) -> NDArray[np.int64] | None:
    if all(move.times is None for move in moves):
        return None
    return np.array([move.times or 0 for move in moves], dtype=np.int64)


def _heights(walks: Sequence[Walk]) -> NDArray[np.float64] | None:
    if all(walk.high is None for walk in walks):
        return None
    ground = np.zeros(len(walks[0].goal))
    return np.stack([ground if walk.high is None else walk.high for walk in walks])


def _rails(rails: Sequence[Rail | None], count: int) -> Rails | None:
    """Lay the rails to all sets end to end."""
    points, along, far = [], [], 0.0
    begin, end = np.full((len(rails), count), np.nan), np.full((len(rails), count), np.nan)
    for index, rail in enumerate(rails):
        if rail is None:
            continue
        points.append(rail.points)
        along.append(rail.along + far)
        begin[index], end[index] = rail.begin + far, rail.end + far
        far += float(rail.along[-1]) + _BETWEEN_RAILS
    return Rails(np.concatenate(points), np.concatenate(along), begin, end) if points else None
