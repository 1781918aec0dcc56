"""The ways of a drill's people: where they go on the ground from set to set, as legs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from .array_module import to_numpy
from .curves import Railed, railed_ways
from .detours import Detours, delayed
from .easing import RAMP, SMOOTH, STEADY, eased, sharpness
from .legs import Legs, WayError, check_places
from .timetable import Timetable, walking
from .ways import AFTER, BEFORE, DURING, PACED, Ways

if TYPE_CHECKING:
    from .drill import Drill

# Shares of the time at which a walk along rails is sampled, besides corners: close where the pace changes.
_SAMPLES = {
    SMOOTH: np.arange(65) / 64.0,
    STEADY: np.concatenate(
        [np.arange(25) / 24.0 * RAMP, np.arange(1, 16) / 16.0, 1.0 - np.arange(25) / 24.0 * RAMP]
    ),
}
_ROUNDING = 1e-6  # metres by which a corner may be missed
_FINE = 1 << 14  # shares of the time at which a walk's easing is tabulated


def drill_ways(drill: Drill, detours: Detours | None = None) -> Ways:
    """Return the ways of a drill's people.

    Straight, bowed and bent ways are the closed form itself. Ways along rails are steady between samples, one
    at each corner and some more: between two of them the rail is straight, so that the error is that of
    the easing alone, |acceleration| h²/8. While people climb to their place in a figure of others or from it,
    and stay there, they are aloft.

    Parameters
    ----------
    drill
        The troupe's drill.
    detours
        Instead of the drill's own.

    Raises
    ------
    WayError
        If a place is not finite or farther than `FARTHEST`, or the detours have another shape.
    """
    places = to_numpy(drill.places).astype(np.float64)
    detours = detours or drill.detours or Detours.none(drill.sets, drill.people)
    if detours.delay.shape != places.shape[:2]:
        raise WayError(
            f"detours are for {detours.delay.shape} (sets, people), the drill has {places.shape[:2]}"
        )
    check_places(places, "drill places")
    table = drill.timetable
    height = np.zeros(places.shape[:2]) if drill.height is None else to_numpy(drill.height)
    depart, duration = delayed(table.depart, table.duration, table.due[:, None], detours.delay)
    begins, ends = walking(depart, duration)
    legs = Legs(places[0], int(to_numpy(drill.leave)[0]), height[0] > 0.0)
    error = np.zeros(drill.people)
    for index in range(1, drill.sets):
        origin, goal = table.origin[index], table.goal[index]
        ease = SMOOTH if drill.ease is None else int(drill.ease[index])
        bend = np.zeros((2, 2)) if drill.bend is None else to_numpy(drill.bend[index]).astype(np.float64)
        begin, end = begins[index], ends[index]
        moves = (origin != goal).any(axis=1)
        bow = np.where(moves, detours.bow[index], 0.0)
        moves |= bool(bend.any())
        # Who neither climbs down nor up on the way stays up, if they are.
        climbs = _add_climbs(legs, drill, table, index)
        above = np.where((height[index] > 0.0) & ~climbs, BEFORE | DURING | AFTER, 0).astype(np.uint8)
        if drill.rails is not None and (railed := drill.rails.walked[index]).any():
            moves &= ~railed
            who = np.flatnonzero(railed)
            way = railed_ways(who, origin[who], goal[who], drill.rails, index)
            error[who] = np.maximum(error[who], _add_rails(legs, way, begin[who], end[who], index, ease))
        who = np.flatnonzero(moves)
        legs.add(
            who,
            begin[who],
            end[who],
            origin[who],
            goal[who],
            index,
            ease=ease,
            bow=bow[who],
            bend=bend,
            aloft=above[who],
        )
    return legs.ways(error)


def _add_climbs(legs: Legs, drill: Drill, table: Timetable, index: int) -> NDArray[np.bool_]:
    """Add the legs between the ground and places in figures; returns who climbs."""
    climbing = table.climbing
    if climbing is None:
        return np.zeros(drill.people, dtype=bool)
    places = to_numpy(drill.places).astype(np.float64)
    # The way over is in that half of the climb that is nearer to the top.
    for side, above in ((0, BEFORE | DURING), (1, DURING | AFTER)):
        who = np.flatnonzero(climbing.climbs[side, index])
        half = int(climbing.slot[side, index]) // 2
        if not (len(who) and half):
            continue
        begin = climbing.begin[side, index, who] + side * half
        top, foot = places[index - 1 + side, who], (table.origin, table.goal)[side][index][who]
        origin, goal = (top, foot) if side == 0 else (foot, top)
        legs.add(who, begin, begin + half, origin, goal, index, ease=SMOOTH, aloft=above)
    climbs: NDArray[np.bool_] = climbing.climbs[:, index].any(axis=0)
    return climbs


def _add_rails(
    legs: Legs, way: Railed, begin: NDArray[np.int64], end: NDArray[np.int64], index: int, ease: int
) -> NDArray[np.float64]:
    """Add the legs of people on rails; returns by how much each may be off."""
    count, rails = len(way.people), way.rails
    share = np.arange(_FINE + 1) / _FINE
    behind = eased(ease, share)
    low, high = np.minimum(way.begin, way.end), np.maximum(way.begin, way.end)
    first = np.searchsorted(rails.along, low, side="right")
    corners = np.maximum(np.searchsorted(rails.along, high, side="left") - first, 0)
    person = np.repeat(np.arange(count), corners)
    corner = np.arange(len(person)) - np.repeat(np.cumsum(corners) - corners, corners) + first[person]
    there = (rails.along[corner] - way.begin[person]) / (way.end - way.begin)[person]
    when = np.interp(there, behind, share)
    samples = _SAMPLES[ease]
    owner = np.concatenate([person, np.repeat(np.arange(count), len(samples))])
    moment = np.concatenate([when, np.tile(samples, count)])
    span = (end - begin)[owner]
    tick = begin[owner] + np.rint(moment * span).astype(np.int64)
    keep = np.unique(np.stack([owner, tick], axis=1), axis=0)
    owner, tick = keep[:, 0], keep[:, 1]
    progress = (tick - begin[owner]) / (end - begin)[owner]
    some = way.some(owner)
    place = np.stack(some.places(eased(ease, progress)), axis=1)
    on = np.flatnonzero((owner[1:] == owner[:-1]) & (place[1:] != place[:-1]).any(axis=1))
    legs.add(way.people[owner[on]], tick[on], tick[on + 1], place[on], place[on + 1], index, ease=PACED)
    part = progress[on + 1] - progress[on]
    off = way.length + np.hypot(*(way.off[1] - way.off[0]).T)
    bends = off[owner[on]] * sharpness(ease, progress[on], progress[on + 1]) * part * part / 8.0
    error = np.zeros(count)
    np.maximum.at(error, owner[on], bends)
    return error + _ROUNDING
