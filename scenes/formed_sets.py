"""The sets of a troupe's drill, each with the places of its formation; no one is assigned to a place yet."""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ..kernels.places import FieldSize, FormationError, Places, outside_field
from ..kernels.stacked_figures import BEARER_SPACING
from .check_files import FileProblem
from .errors import Problem, ShowError, YamlPath
from .field_size import field_size
from .formations import Heights, place_formation, standing_height
from .kept import file_state, kept
from .stored import WORTH_STORING, stored

if TYPE_CHECKING:
    from .load import LoadedShow
    from .schema_formation import Formation
    from .schema_troupe import DrillSet

Ranks: TypeAlias = NDArray[np.int64]

_ROUND = ("rings", "arcs", "spiral", "star")
_GIVEN = ("curve", "polygon", "image", "text", "csv")
"""Of these the size does not depend on how many people there are."""


@dataclass(frozen=True, eq=False)
class Formed:
    """One set of a drill and the places of the formation that people stand in.

    Attributes
    ----------
    drill_set
        What is done in it.
    formation
        Its own formation, or where it has none the last one before it.
    middle
        Metres east and north: the place of that formation.
    places
        Shape (N, 2), metres on the field, in the order in which the formation is drawn.
    height
        Shape (N,), metres of the feet above the ground; None where all stand on it.
    stays
        Whether everyone stays where they are in the set before.
    field
        How far the field reaches.
    """

    drill_set: DrillSet
    formation: Formation
    middle: tuple[float, float]
    places: Places
    height: Heights | None
    stays: bool
    field: FieldSize

    def ranks(self, places: Places) -> Ranks:
        """Return each person's turn in a canon, from 0: those a spacing apart have turns one after another.

        It runs outwards in rings, arcs, spirals and stars, and from the viewer's left to right in all others.

        Parameters
        ----------
        places
            Shape (N, 2): where people stand in the formation.
        """
        local = places - np.array(self.middle)
        along = np.hypot(*local.T) if self.formation.kind in _ROUND else -local[:, 1]
        along = along - along.min()
        if self.formation.stack is not None:
            stack = self.formation.stack
            # All of one figure together.
            wide = 0.0 if stack.kind == "tower" else (stack.base - 1) * BEARER_SPACING
            turns: Ranks = np.floor(along / (wide + stack.spacing) + 1e-6).astype(np.int64)
            return turns
        spacing = getattr(self.formation.shape, "spacing", self.formation.spacing)
        ranks: Ranks = np.rint(along / spacing).astype(np.int64)
        return ranks


def formed_sets(loaded: LoadedShow, name: str) -> list[Formed]:
    """Place a troupe in each of its sets.

    Parameters
    ----------
    loaded : LoadedShow
    name : str
        One of the show's `troupes`.

    Returns
    -------
    list of Formed

    Raises
    ------
    ShowError
        With the place in the show file, if a formation does not hold the troupe or does not fit the field, or
        a file cannot be used.
    KeyError
        If the show has no such troupe.
    """
    troupe = loaded.show.troupes[name]
    formed: list[Formed] = []
    problems: list[Problem] = []
    for index, drill_set in enumerate(troupe.drill):
        if drill_set.formation is None:
            # Of a formation that is wrong the problem is known; nothing here depends on it.
            formed += [_staying(formed[-1], drill_set)] if formed else []
            continue
        formation = drill_set.formation
        path: YamlPath = ("troupes", name, "drill", index, "formation", formation.kind)
        try:
            places, height = _placed(loaded, formation, troupe.count)
            formed.append(_on_the_field(loaded, drill_set, formation, places, height))
        except FormationError as error:
            problems.append(loaded.problem(path, str(error)))
        except FileProblem as error:
            problems.append(loaded.problem(path, error.message, allowed=error.allowed, nearest=error.nearest))
    if problems:
        raise ShowError(problems)
    return formed


def _placed(loaded: LoadedShow, formation: Formation, count: int) -> tuple[Places, Heights | None]:
    """Return a formation's places about the field's centre and their heights, worked out once."""
    files = [loaded.resolve(name) for *_, name in formation.files]

    def work_out() -> tuple[Places, Heights | None]:
        if count < WORTH_STORING:
            places = place_formation(loaded, formation, count)
        else:
            key = blake2b(f"{count} {formation!r}".encode())
            for file in files:
                key.update(blake2b(file.read_bytes()).digest())
            (places,) = stored("placed", key.digest(), lambda: (place_formation(loaded, formation, count),))
        return places, standing_height(formation, count)

    return kept.get(("placed", formation, count, tuple(map(file_state, files))), work_out)


def _staying(former: Formed, drill_set: DrillSet) -> Formed:
    return replace(former, drill_set=drill_set, stays=True)


def _on_the_field(
    loaded: LoadedShow, drill_set: DrillSet, formation: Formation, places: Places, height: Heights | None
) -> Formed:
    places, count = places + np.array(drill_set.place), len(places)
    field = field_size(loaded.show.stadium)
    outside = outside_field(places, field)
    if outside:
        fits = _how_many_fit(loaded, drill_set, formation, count)
        room = f" There is room for {fits:,}." if fits else ""
        raise FormationError(
            f"{outside} of {count} people would stand outside the field, which reaches {field}:"
            f" make the formation smaller or move it with 'place'.{room}",
            asked=count,
            fits=fits,
        )
    return Formed(drill_set, formation, drill_set.place, places, height, False, field)


def _how_many_fit(loaded: LoadedShow, drill_set: DrillSet, formation: Formation, count: int) -> int | None:
    """Return the most people that stand on the field in a formation; None where that cannot be found."""
    if formation.kind in _GIVEN:
        return None

    def fit(people: int) -> bool:
        try:
            places = place_formation(loaded, formation, people) + np.array(drill_set.place)
        except FormationError:
            return False
        return outside_field(places, field_size(loaded.show.stadium)) == 0

    low, high = 0, count
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if fit(middle) else (low, middle)
    return low or None
