"""Troupes as a preview shows them: where everyone is and what they wear, and some of the ways they go."""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..kernels.array_module import to_numpy
from ..kernels.costumes import Costumes, costume_states
from ..kernels.drill import Drill
from ..kernels.drill_ways import drill_ways
from ..kernels.motion import gymnast_states
from ..kernels.oklab import linear_to_srgb8
from ..kernels.ticks import TICKS_PER_SECOND
from ..kernels.ways import Ways
from .preview_field import FieldPicture, Seen, Tracks, Trodden, inked

MOST_WAYS = 320
"""About how many ways are drawn at a time; more would hide one another, and the people."""

BEFORE = 4 * TICKS_PER_SECOND
"""Ticks before people leave from which on their next ways are drawn, fainter."""

SWATCH = 14
"""Pixels to a side of the small picture of what a troupe wears."""

_FEWEST = 12
_MOMENTS, _MOMENTS_OF_LEGS = 49, 385  # at which a way is looked up; more where it has corners
_COMING = 0.55
_LIGHT_STEPS = 1 << 13


class TroupeView:
    """One troupe.

    Parameters
    ----------
    drill : Drill
    costumes : Costumes
    most_ways : int
        How many ways are drawn of it.
    """

    def __init__(self, drill: Drill, costumes: Costumes, most_ways: int = MOST_WAYS) -> None:
        self.drill, self._costumes, self._most = drill, costumes, most_ways
        self._leave, self._arrive = to_numpy(drill.leave), to_numpy(drill.arrive)
        self._drawn: dict[tuple[int, FieldPicture], tuple[_Walks, Tracks]] = {}

    def seen(self, at: npt.NDArray[np.int64]) -> list[Seen]:
        """Return the troupe at each of some ticks."""
        states = to_numpy(gymnast_states(self.drill, at))
        light = to_numpy(costume_states(self._costumes, at))[..., :3]
        colours = _BYTES[(light * np.float32(_LIGHT_STEPS - 1) + np.float32(0.5)).astype(np.int32)]
        return [Seen(state, worn) for state, worn in zip(states, colours, strict=True)]

    def swatch(self, seen: Seen) -> npt.NDArray[np.uint8]:
        """Return what the troupe wears at a moment as a small picture of it from above: (H, W, 3) sRGB."""
        east, north = seen.states[0, self._few, 0], seen.states[0, self._few, 1]
        rows = np.argsort(-east, kind="stable").reshape(SWATCH, SWATCH)
        order = np.take_along_axis(rows, np.argsort(-north[rows], axis=1, kind="stable"), axis=1)
        worn: npt.NDArray[np.uint8] = seen.colours[self._few[order]]
        return worn

    @functools.cached_property
    def _few(self) -> npt.NDArray[np.int64]:
        """People for the swatch, somebody more than once in a small troupe."""
        few = evenly(to_numpy(self.drill.places)[0], SWATCH * SWATCH)
        return few[np.arange(SWATCH * SWATCH) * len(few) // (SWATCH * SWATCH)]

    def ways(self, tick: int, field: FieldPicture) -> list[Trodden]:
        """Return the ways that people are on, or are soon to go."""
        number = max(0, int(np.searchsorted(self._leave, tick, side="right")) - 1)
        if number and tick < self._arrive[number]:
            walks, tracks = self._kept(number, field)
            return [Trodden(tracks, (tick - walks.begin) / (walks.end - walks.begin))]
        if number + 1 < len(self._leave) and self._leave[number + 1] - tick < BEFORE:
            near = 1 - (int(self._leave[number + 1]) - tick) / BEFORE
            return [Trodden(self._kept(number + 1, field)[1], strength=_COMING * near)]
        return []

    def whole_ways(
        self, number: int, field: FieldPicture, people: npt.NDArray[np.int64] | None = None
    ) -> Trodden:
        """Return the ways to a set, of some people or of all, to be drawn whole."""
        return Trodden(self._draw(number, self._chosen(number, people), field))

    @functools.cached_property
    def _ways(self) -> Ways:
        return drill_ways(self.drill)

    def _chosen(self, number: int, people: npt.NDArray[np.int64] | None = None) -> _Walks:
        """Choose walks to a set, evenly from all over the formation that people leave."""
        ways = self._ways
        legs = np.flatnonzero((ways.number == number) & ways.moves)
        person = np.searchsorted(ways.first, legs, side="right") - 1
        who, first = np.unique(person, return_index=True)
        last = np.append(first[1:], len(legs)) - 1
        if people is not None:
            asked = np.isin(who, people)
            who, first, last = who[asked], first[asked], last[asked]
        some = evenly(ways.origin[legs[first]], self._most)
        first, last = legs[first[some]], legs[last[some]]
        return _Walks(who[some], first, last, ways.begin[first], ways.end[last])

    def _kept(self, number: int, field: FieldPicture) -> tuple[_Walks, Tracks]:
        """Return walks to a set as they are drawn: of a film's frames in a row nearly all have the same."""
        if (number, field) not in self._drawn:
            walks = self._chosen(number)
            self._drawn = {(number, field): (walks, self._draw(number, walks, field))}
        return self._drawn[number, field]

    def _draw(self, number: int, walks: _Walks, field: FieldPicture) -> Tracks:
        moments = _MOMENTS_OF_LEGS if (walks.last > walks.first).any() else _MOMENTS
        share = np.arange(moments)[:, None]
        at = walks.begin + (walks.end - walks.begin) // (moments - 1) * share
        at[-1] = walks.end
        legs = self._ways.leg_at(np.broadcast_to(walks.first, at.shape), at)
        points = np.stack(self._ways.places(legs, at), axis=-1)
        light = costume_states(self._costumes, self._leave[number : number + 1])[0, walks.people, :3]
        return field.tracks(points, inked(linear_to_srgb8(to_numpy(light).astype(np.float64))))


@dataclass(frozen=True, eq=False)
class _Walks:
    """Some people's walks to a set, (W,): who, the first and last leg of each, and the ticks of its ends."""

    people: npt.NDArray[np.int64]
    first: npt.NDArray[np.int64]
    last: npt.NDArray[np.int64]
    begin: npt.NDArray[np.int64]
    end: npt.NDArray[np.int64]


_BYTES = linear_to_srgb8(np.linspace(0.0, 1.0, _LIGHT_STEPS))
"""sRGB bytes of evenly spaced linear light."""


def troupe_views(drills: dict[str, Drill], costumes: dict[str, Costumes]) -> dict[str, TroupeView]:
    """Return all troupes, which share `MOST_WAYS`: the larger ones have more, but not in proportion."""
    weight = {name: drill.places.shape[1] ** 0.5 for name, drill in drills.items()}
    whole = sum(weight.values())
    return {
        name: TroupeView(drill, costumes[name], max(_FEWEST, int(MOST_WAYS * weight[name] / whole)))
        for name, drill in drills.items()
    }


def evenly(places: npt.NDArray[np.float64], most: int) -> npt.NDArray[np.int64]:
    """Choose some of the places, as densely everywhere as they lie there.

    They are put in the order of a curve that fills the plane (G. M. Morton, 1966), and each n-th is taken.

    Parameters
    ----------
    places : (N, 2) float64
        Metres.
    most : int

    Returns
    -------
    ndarray of int64, shape (min(N, most),)
        Which, rising.
    """
    if len(places) <= most:
        return np.arange(len(places))
    low = places.min(axis=0)
    reach = max(float(np.ptp(places, axis=0).max()), 1e-9)
    x, y = ((places - low) / reach * 1023).astype(np.int64).T
    order = np.argsort(_spread(x) | _spread(y) << 1, kind="stable")
    chosen = order[(np.arange(most) * 2 + 1) * len(places) // (2 * most)]
    return np.sort(chosen)


def _spread(number: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Put a zero between the ten bits of numbers."""
    for shift, mask in ((8, 0x00FF00FF), (4, 0x0F0F0F0F), (2, 0x33333333), (1, 0x55555555)):
        number = (number | number << shift) & mask
    return number
