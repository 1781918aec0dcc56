"""Tiles: a few spectators side by side as one mesh, in every phase of every act."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from functools import cache

import numpy as np
from numpy.typing import NDArray

from ...kernels.counter_random import Purpose, uniform
from ..figures import Part
from ..gymnasts.skinning import posed
from ..pose_meshes import PoseMeshes
from .far_people import far_person
from .motions import CHARACTERS, FLAG_BEARER, SCARF_BEARER, Act, Motion, transforms
from .people import OUTFITS, Hat, Held, Look, spectator

Floats = NDArray[np.float64]


class Level(IntEnum):
    """How finely people are made, from near to far."""

    NEAR = 0
    CLOSE = 1
    MIDDLE = 2
    FAR = 3


SEATS = (1, 1, 10, 10)
"""Seats of a tile at most, by level."""
PHASES = (12, 8, 6, 6)
"""Phases of an act's loop, by level."""
SINGLES, STANDING_SINGLES = 14, 4
"""Different people at the levels whose tiles have one seat, and of those who stand."""
FILLS = (1.0, 2 / 3, 1 / 3)
"""Shares of a tile's seats that are taken."""
STANDING_FILLS = (1.0, 0.5)
"""The same of a tile whose people stand."""
_BODIES = ("man", "woman", "stocky", "tall", "man", "woman", "man", "tall", "boy", "girl")


@dataclass(frozen=True)
class TileModel:
    """Which people a tile shows.

    Attributes
    ----------
    level : Level
    seats : int
    taken : int
        Seats of these on which somebody is; all but these are empty.
    standing : bool
    variant : int
        Tells models apart that have all this in common.
    """

    level: Level
    seats: int
    taken: int
    standing: bool
    variant: int = 0

    @property
    def poses(self) -> int:
        """How many meshes it is: a loop of phases for each act."""
        return PHASES[self.level] * len(Act)


@dataclass(frozen=True, eq=False)
class TileMesh:
    """A tile in all its poses: act 0 first, each in the order of its phases.

    Attributes
    ----------
    meshes : PoseMeshes
    tint : (V,) float64
        A number of the person that each vertex belongs to, 0 to 1, for the shaders.
    """

    meshes: PoseMeshes
    tint: Floats


@dataclass(frozen=True)
class _Person:
    """Somebody on a seat: their look, movements and size, turned by radians and moved by metres."""

    look: Look
    character: int
    size: float
    turn: float
    aside: float


def _chance(model: TileModel, seat: int, what: int) -> float:
    key = (((model.level * 16 + model.seats) * 16 + model.taken) * 2 + model.standing) * 64 + model.variant
    return float(uniform(0, Purpose.SPECTATOR, key, seat * 32 + what))


def _person(model: TileModel, seat: int) -> _Person:
    """Return who sits on a seat: drawn from the model's own numbers."""
    draw = [_chance(model, seat, what) for what in range(8)]
    body = _BODIES[int(draw[0] * len(_BODIES))]
    hat = _hat(draw[2])
    character, held = int(draw[3] * CHARACTERS), _held(draw[4])
    if held == "flag":
        character = FLAG_BEARER
    elif held == "scarf":
        character = SCARF_BEARER
    child = body in {"boy", "girl"}
    size = (0.80 if child else 0.97 if body in {"woman", "tall"} else 1.03) + 0.09 * (draw[5] - 0.5)
    outfit = list(OUTFITS)[int(draw[1] * len(OUTFITS))]
    turn, aside = 0.24 * (draw[6] - 0.5), 0.07 * (draw[7] - 0.5)
    return _Person(Look(body, outfit, hat, held), character, size, turn, aside)


def _hat(draw: float) -> Hat:
    if draw < 0.16:
        return "cap"
    if draw < 0.21:
        return "brim"
    return "knit" if draw < 0.25 else "none"


def _held(draw: float) -> Held:
    if draw < 0.07:
        return "phone"
    if draw < 0.095:
        return "flag"
    return "scarf" if draw < 0.11 else "none"


@cache
def taken_seats(model: TileModel) -> tuple[int, ...]:
    """Return the seats on which somebody is: neighbours leave and come together."""
    noise = [_chance(model, seat, 20) + _chance(model, seat // 2, 21) for seat in range(model.seats)]
    return tuple(sorted(sorted(range(model.seats), key=lambda seat: noise[seat])[: model.taken]))


def tile_mesh(model: TileModel, seat_width: float) -> TileMesh:
    """Return a model's people side by side along Y, who look along X; the tile's middle is the origin.

    Parameters
    ----------
    model : TileModel
    seat_width : float
        Metres.
    """
    vertices, faces, parts, flat, tints, count = [], [], [], [], [], 0
    for seat in taken_seats(model):
        person = _person(model, seat)
        moved, of_person, of_parts = _posed(model, person)
        # In the left hand's direction, +Y, from the middle of the row.
        across = (seat - (model.seats - 1) / 2) * seat_width + person.aside
        vertices.append(_placed(moved, person, across))
        faces += [tuple(count + corner for corner in face) for face in of_person]
        parts += of_parts
        flat += [model.level == Level.FAR or part == Part.PROP for part in of_parts]
        tints.append(np.full(moved.shape[1], _chance(model, seat, 9)))
        count += moved.shape[1]
    return TileMesh(PoseMeshes(np.concatenate(vertices, axis=1), faces, parts, flat), np.concatenate(tints))


def _placed(points: Floats, person: _Person, across: float) -> Floats:
    """Return (P, V, 3) points of somebody turned, sized and moved along the row."""
    cosine, sine = float(np.cos(person.turn)), float(np.sin(person.turn))
    turn = np.array([[cosine, -sine, 0.0], [sine, cosine, 0.0], [0.0, 0.0, 1.0]])
    placed: Floats = points * person.size @ turn.T + (0.0, across, 0.0)
    return placed


def _posed(model: TileModel, person: _Person) -> tuple[Floats, list[tuple[int, ...]], list[int]]:
    """Return somebody's mesh in all acts and phases."""
    phases = PHASES[model.level]
    moves = np.concatenate([transforms(Motion(model.standing, person.character, act), phases) for act in Act])
    if model.level == Level.FAR:
        look = person.look
        return far_person(moves, look.hat != "none", look.held, OUTFITS[look.outfit].sleeve > 0.5)
    figure = spectator(person.look, int(model.level))
    return posed(figure, moves), list(figure.faces), list(figure.parts)
