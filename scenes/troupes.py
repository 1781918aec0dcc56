"""A troupe of the show as arrays: who stands where in each formation, and when they walk."""

from __future__ import annotations

import math
import zlib
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ..kernels.assignment import assign
from ..kernels.counter_random import Purpose, bits
from ..kernels.motion import CLIPS, Drill
from ..kernels.places import (
    FIELD_HALF_X,
    FIELD_HALF_Y,
    FormationError,
    Places,
    outside_field,
)
from ..kernels.ticks import ticks
from .check_files import FileProblem
from .errors import Problem, ShowError, YamlPath, advised, dotted, quoted
from .formations import place_formation

if TYPE_CHECKING:
    from .load import LoadedShow
    from .schema_troupe import DrillSet, Formation, Troupe

WEST = math.pi
"""Heading towards the main stand, where the camera usually is."""

WALKING_PACE = 2.5
"""Metres a second, on average, on a way whose time is not given."""

_LEAST_TRAVEL = Fraction(1, 2)
_ROUND = ("rings", "arcs", "spiral", "star")


def compile_drill(loaded: LoadedShow, troupe_name: str, *, facing: float = WEST) -> Drill:
    """Work out a troupe's drill.

    A set is left for at its `at` and reached `travel` later. Where `travel` is not given, the longest way is
    walked at `WALKING_PACE`, or faster when the next set is due before.

    Parameters
    ----------
    loaded : LoadedShow
    troupe_name : str
        One of the show's `troupes`.
    facing : float
        Heading of people who stand, radians from +X towards +Y.

    Returns
    -------
    Drill
        Times in ticks of show time. A `canon` runs outwards in rings, spirals and stars, and from the
        viewer's left to right in all others: each person starts that much after the neighbour before them.

    Raises
    ------
    ShowError
        With the place in the show file, if a formation does not hold the troupe or does not fit the field, or
        a picture cannot be used.
    KeyError
        If the show has no such troupe.
    """
    troupe = loaded.show.troupes[troupe_name]
    placed = _formations(loaded, troupe_name, troupe)
    places, canon = [placed[0]], [_canon(troupe.drill[0], placed[0])]
    for drill_set, goal in zip(troupe.drill[1:], placed[1:], strict=True):
        who = assign(places[-1], goal)
        places.append(goal[who])
        canon.append(_canon(drill_set, goal)[who])
    leave = [drill_set.at for drill_set in troupe.drill]
    arrive = [leave[0]]
    for index in range(1, len(leave)):
        following = leave[index + 1] if index + 1 < len(leave) else None
        travel = troupe.drill[index].travel or _travel(
            places[index - 1], places[index], leave[index], following
        )
        arrive.append(leave[index] + travel)
    return Drill(
        places=np.stack(places),
        leave=np.array([ticks(moment) for moment in leave], dtype=np.int64),
        arrive=np.array([ticks(moment) for moment in arrive], dtype=np.int64),
        clip=np.array([CLIPS.index(drill_set.move.clip) for drill_set in troupe.drill], dtype=np.int16),
        canon=np.stack(canon),
        heading=np.full(len(places), facing),
        # By name, so that a troupe keeps its people when another is added or grows.
        seed=int(bits(loaded.show.seed, Purpose.FORMATION, 0, zlib.crc32(troupe_name.encode()))),
    )


def check_formations(loaded: LoadedShow) -> None:
    """Place all troupes in all their formations, without working out who goes where.

    Raises
    ------
    ShowError
        As `compile_drill`.
    """
    for name, troupe in loaded.show.troupes.items():
        _formations(loaded, name, troupe)


def _travel(start: Places, goal: Places, leave: Fraction, following: Fraction | None) -> Fraction:
    longest = float(np.hypot(*(goal - start).T).max())
    travel = max(_LEAST_TRAVEL, Fraction(round(longest / WALKING_PACE * 1000), 1000))
    return travel if following is None else min(travel, following - leave)


def _canon(drill_set: DrillSet, places: Places) -> NDArray[np.int64]:
    """Return each place's delay in ticks: people a spacing apart along the canon's way start one apart."""
    local = places - np.array(drill_set.place)
    along = np.hypot(*local.T) if drill_set.formation.kind in _ROUND else -local[:, 1]
    spacing = getattr(drill_set.formation.shape, "spacing", drill_set.formation.spacing)
    rank = np.rint((along - along.min()) / spacing).astype(np.int64)
    delay: NDArray[np.int64] = rank * ticks(drill_set.move.canon)
    return delay


def _formations(loaded: LoadedShow, name: str, troupe: Troupe) -> list[Places]:
    """Place the troupe in each of its sets; no one is assigned to a place yet."""
    placed: list[Places] = []
    problems: list[Problem] = []
    known: dict[Formation, Places] = {}
    for index, drill_set in enumerate(troupe.drill):
        formation = drill_set.formation
        path: YamlPath = ("troupes", name, "drill", index, "formation")
        try:
            if formation not in known:
                known[formation] = place_formation(loaded, formation, troupe.count)
            places = known[formation] + np.array(drill_set.place)
            outside = outside_field(places)
            if outside:
                raise FormationError(
                    f"{outside} of {troupe.count} people would stand outside the field, which reaches"
                    f" {FIELD_HALF_X:g} m to the east and west and {FIELD_HALF_Y:g} m to the north and south:"
                    " make the formation smaller or move it with 'place'",
                    asked=troupe.count,
                    fits=troupe.count - outside,
                )
            placed.append(places)
        except FormationError as error:
            problems.append(_problem(loaded, (*path, formation.kind), formation, str(error)))
        except FileProblem as error:
            message = advised(error.message, allowed=error.allowed, nearest=error.nearest)
            problems.append(_problem(loaded, (*path, formation.kind), formation, message))
    if problems:
        raise ShowError(problems)
    return placed


def _problem(loaded: LoadedShow, path: YamlPath, formation: Formation, message: str) -> Problem:
    line, column = loaded.locate(path)
    found = quoted(formation.shape) if isinstance(formation.shape, str) else formation.kind
    return Problem(str(loaded.path), line, column, dotted(path), found, "", None, message)
