"""Card-holders as meshes: people of some looks, in levels of detail, in the poses that holding asks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property

import numpy as np
import numpy.typing as npt

from ..card_holders import Hold
from ..figures import Figure, Floats, Part, Point
from ..gymnasts.body import add_arm, add_leg, add_trunk
from ..gymnasts.dress import Dress
from ..gymnasts.hair import add_head
from ..gymnasts.proportions import BUILDS, Build
from ..gymnasts.rig import Pose, stacked
from ..gymnasts.skinning import Sculpture, SkinnedFigure, posed
from .arms import add_mitten, add_sleeve
from .books import pulled_place
from .clothes import add_collar, add_neckerchief, creased
from .hands import SHAPES, add_hand
from .heads import Head, add_near_head
from .postures import SEAT, Bearing, Held, Manner, hands_on_knees, hands_on_prop, turning
from .shades import tints
from .subdivision import subdivided

NEAR, MIDDLE, FAR = range(3)
"""Levels of detail."""


@dataclass(frozen=True)
class Look:
    """What makes a card-holder somebody.

    Attributes
    ----------
    build
        One of `gymnasts.proportions.BUILDS`.
    head
        The head seen from near.
    bearing
        How they hold themselves.
    stature
        How tall they sit, against the usual.
    manner
        How they hold and turn things.
    """

    build: str
    head: Head
    bearing: Bearing = field(default_factory=Bearing)
    stature: float = 1.0
    manner: Manner = field(default_factory=Manner)


LOOKS: tuple[tuple[Look, ...], ...] = (
    (
        Look(
            "woman",
            Head("bun", width=0.97, jaw=0.94, nose=0.86, brow=0.6, smile=0.7, gaze=(3.0, -3.0)),
            Bearing(0.0, 4.0, 3.0, 1.0),
            1.0,
            Manner(left=-0.10, right=0.05, slant=4.0),
        ),
        Look(
            "man",
            Head("short", nose=1.1, jaw=1.08, brow=1.2, beard=0.6, raised=0.3, gaze=(-6.0, -6.0)),
            Bearing(3.0, -7.0, -3.0, -2.0),
            1.03,
            Manner(left=-0.075, right=0.085, slant=-5.0, elbow=0.5, pulls=0.72),
        ),
        Look(
            "tall",
            Head("long", width=0.96, jaw=0.93, nose=0.9, brow=0.6, opened=0.5, gaze=(10.0, 0.0)),
            Bearing(-2.0, -15.0, 1.0, 4.0),
            0.98,
            Manner(left=-0.13, right=0.03, slant=8.0, elbow=0.2),
        ),
        Look(
            "stocky",
            Head("cropped", cap=True, width=1.05, jaw=1.16, nose=1.2, beard=0.9, gaze=(0.0, -8.0)),
            Bearing(4.0, 5.0, -5.0, -1.0),
            1.0,
            Manner(left=-0.09, right=0.095, slant=-8.0, with_right=True, pulls=0.62),
        ),
        Look(
            "boy",
            Head("parted", width=1.0, jaw=0.98, nose=0.92, brow=0.8, opened=0.35, raised=0.7),
            Bearing(0.0, 12.0, -4.0, -4.0),
            0.99,
            Manner(left=-0.08, right=0.07, slant=2.0, elbow=0.1),
        ),
        Look(
            "girl",
            Head("bob", width=0.99, jaw=0.92, nose=0.82, brow=0.5, smile=0.4, gaze=(-8.0, 0.0)),
            Bearing(1.0, -3.0, 6.0, 3.0),
            0.955,
            Manner(left=-0.115, right=0.04, slant=10.0, with_right=True, pulls=0.5),
        ),
        Look(
            "man",
            Head("parted", width=1.02, jaw=1.1, nose=1.25, brow=1.35, beard=0.35, gaze=(6.0, -10.0)),
            Bearing(1.0, 22.0, 1.0, -3.0),
            1.02,
            Manner(left=-0.085, right=0.085, slant=-2.0, elbow=0.35, pulls=0.85),
        ),
        Look(
            "woman",
            Head("ponytail", cap=True, width=0.97, jaw=0.95, nose=0.9, brow=0.6, raised=0.4, smile=0.2),
            Bearing(-1.0, -9.0, -6.0, 2.0),
            0.975,
            Manner(left=-0.14, right=0.06, slant=6.0),
        ),
        Look(
            "boy",
            Head("short", cap=True, nose=1.0, jaw=1.02, opened=0.8, raised=0.5, gaze=(4.0, 4.0)),
            Bearing(-2.0, -12.0, -8.0, 4.0),
            1.02,
            Manner(left=-0.095, right=0.11, slant=0.0, elbow=0.6, pulls=0.66),
        ),
        Look(
            "tall",
            Head("bob", width=0.98, jaw=0.96, nose=1.05, brow=0.7, gaze=(-4.0, -6.0)),
            Bearing(3.0, 7.0, 2.0, -2.0),
            1.035,
            Manner(left=-0.105, right=0.035, slant=5.0, with_right=True, pulls=0.7),
        ),
        Look(
            "stocky",
            Head("short", width=1.03, jaw=1.1, nose=1.08, brow=1.0, smile=0.9, gaze=(-10.0, -2.0)),
            Bearing(2.0, -18.0, 0.0, 0.0),
            0.985,
            Manner(left=-0.08, right=0.09, slant=-4.0, elbow=0.3),
        ),
        Look(
            "girl",
            Head(
                "ponytail", width=0.98, jaw=0.93, nose=0.85, brow=0.5, opened=0.6, raised=0.6, gaze=(0.0, 6.0)
            ),
            Bearing(0.0, 2.0, -9.0, -5.0),
            0.965,
            Manner(left=-0.12, right=0.055, slant=7.0, elbow=0.45, pulls=0.8),
        ),
    ),
    (Look("boy", Head(), Bearing(1.0, 3.0, 2.0)),),
    (Look("tall", Head(), Bearing(0.0, 2.0, 2.0)),),
)
"""Who there is, by level of detail: the more people are of a level, the more each further look costs."""

_JACKET = Dress(
    upper=Part.COSTUME,
    lower=Part.COSTUME,
    collar=Part.TRIM,
    leg_part=Part.ACCENT,
    stripe=Part.COSTUME,
    shoe=Part.COVER,
    loose=0.013,
    sleeve_width=0.010,
    leg_width=0.016,
)
_TROUSERS = replace(_JACKET, stripe=Part.ACCENT)


@dataclass(frozen=True, eq=False)
class Topology:
    """What is joined to what in meshes of one kind.

    Attributes
    ----------
    faces
        Vertex numbers, counter-clockwise as seen from outside.
    parts
        A `figures.Part` for each face.
    flat
        For each face, whether it is shaded flat.
    tints
        What the colour of each vertex is multiplied with, (V, 3), 0 to 1; 1 without.
    """

    faces: tuple[tuple[int, ...], ...]
    parts: tuple[int, ...]
    flat: tuple[bool, ...]
    tints: Floats | None = None

    @cached_property
    def corners(self) -> npt.NDArray[np.int32]:
        """All faces' vertex numbers, one face after the other."""
        return np.fromiter((corner for face in self.faces for corner in face), np.int32)

    @cached_property
    def sizes(self) -> npt.NDArray[np.int32]:
        """How many corners each face has."""
        return np.array([len(face) for face in self.faces], np.int32)

    @property
    def triangles(self) -> int:
        """How many triangles the faces are."""
        return int((self.sizes - 2).sum())


@dataclass(frozen=True, eq=False)
class Model:
    """A mesh: where its vertices (V, 3) are, metres, and how they are joined."""

    vertices: Floats
    topology: Topology


def model_of(figure: Figure, flat: bool = True) -> Model:
    """Return a figure as a model."""
    topology = Topology(tuple(figure.faces), tuple(map(int, figure.parts)), (flat,) * len(figure.faces))
    return Model(np.array(figure.vertices).reshape(-1, 3), topology)


def placed(model: Model, shift: Point, lean: float) -> Model:
    """Return a model leaned back by radians (its top towards -X), then moved."""
    cosine, sine = float(np.cos(lean)), float(np.sin(lean))
    turn = np.array([[cosine, 0.0, -sine], [0.0, 1.0, 0.0], [sine, 0.0, cosine]])
    return Model(model.vertices @ turn.T + shift, model.topology)


@cache
def _joined(topologies: tuple[Topology, ...], counts: tuple[int, ...]) -> Topology:
    faces: list[tuple[int, ...]] = []
    first = 0
    for topology, count in zip(topologies, counts, strict=True):
        faces += [tuple(first + corner for corner in face) for face in topology.faces]
        first += count
    return Topology(
        tuple(faces),
        tuple(part for topology in topologies for part in topology.parts),
        tuple(flat for topology in topologies for flat in topology.flat),
        np.concatenate(
            [
                np.ones((count, 3)) if topology.tints is None else topology.tints
                for topology, count in zip(topologies, counts, strict=True)
            ]
        ),
    )


def joined(models: Sequence[Model]) -> Model:
    """Return some models as one."""
    topologies = tuple(model.topology for model in models)
    whole = _joined(topologies, tuple(len(model.vertices) for model in models))
    return Model(np.concatenate([model.vertices for model in models]), whole)


@cache
def _figure(detail: int, number: int, left: str, right: str) -> SkinnedFigure:
    """Return somebody in the rest pose with hands of some shapes."""
    look = LOOKS[detail][number]
    build = BUILDS[look.build]
    whole, half = Sculpture(), Sculpture()
    add_trunk(whole, build, _JACKET, detail)
    add_leg(half, build, _TROUSERS, detail)
    whole.add(half)
    whole.add(half.mirrored())
    if detail == NEAR:
        whole = creased(subdivided(whole))
        add_collar(whole, build)
        add_neckerchief(whole, build)
        add_near_head(whole, look.head)
    else:
        add_head(whole, build, detail)
    arms = {name: _arm(build, detail, name) for name in {left, right}}
    whole.add(arms[left])
    whole.add(arms[right].mirrored())
    return whole.skinned("none", whole.count, detail)


def _arm(build: Build, detail: int, shape: str) -> Sculpture:
    arm = Sculpture()
    if detail == FAR:
        add_arm(arm, build, _JACKET, detail)
        return arm
    add_sleeve(arm, build, detail)
    if detail == NEAR:
        add_hand(arm, SHAPES[shape])
    else:
        add_mitten(arm, SHAPES[shape])
    return arm


@cache
def _topology(detail: int, number: int) -> Topology:
    figure = _figure(detail, number, "grip", "grip")
    shades = None
    if detail == NEAR:
        shades = tints(figure.vertices, figure.faces, figure.parts, LOOKS[detail][number].head)
    return Topology(figure.faces, figure.parts, (False,) * len(figure.faces), shades)


def _posed(detail: int, number: int, shapes: tuple[str, str], poses: Sequence[Pose]) -> list[Model]:
    """Return somebody with hands of some shapes in all poses."""
    vertices = posed(_figure(detail, number, *shapes), stacked(list(poses)))
    # Tall people are tall from the seat up.
    above = np.maximum(vertices[..., 2] - SEAT, 0.0)
    vertices[..., 2] += (LOOKS[detail][number].stature - 1.0) * above
    return [Model(each, _topology(detail, number)) for each in vertices]


def _held(hold: Hold, lift: float, stature: float) -> Held:
    """Return where a prop is, for hands that are moved with their owner's stature afterwards."""
    middle, lean = hold.at(lift)
    x, y, z = middle
    up = np.array([-np.sin(lean), 0.0, np.cos(lean)])
    out = np.array([np.cos(lean), 0.0, np.sin(lean)])
    return Held(np.array([x, y, SEAT + (z - SEAT) / stature]), up, out, hold.width / 2)


def holding(
    detail: int, number: int, hold: Hold, lifts: Sequence[float], *, rod: bool = False
) -> list[Model]:
    """Return somebody whose hands hold a prop's upright edges, or a frame's rods, at some lifts."""
    look = LOOKS[detail][number]
    poses = []
    for lift in lifts:
        # Who raises a prop looks up after it, and down at a lowered one.
        nod = look.bearing.nod - 9.0 * max(lift, 0.0) - 14.0 * min(lift, 0.0)
        held = _held(hold, lift, look.stature)
        poses.append(hands_on_prop(replace(look.bearing, nod=nod), held, rod, look.manner))
    shape = "fist" if rod else "grip"
    return _posed(detail, number, (shape, shape), poses)


def idle(detail: int, number: int) -> Model:
    """Return somebody with hands on the knees."""
    (model,) = _posed(detail, number, ("rest", "rest"), [hands_on_knees(LOOKS[detail][number].bearing)])
    return model


def pulling(detail: int, number: int, hold: Hold, moments: Sequence[float]) -> list[Model]:
    """Return somebody who turns a leaf of the book, which is held at rest, at moments of the turn, 0 to 1."""
    look = LOOKS[detail][number]
    held, manner = _held(hold, 0.0, look.stature), look.manner
    poses = [
        turning(look.bearing, held, moment, pulled_place(hold.width, moment, manner.pulls), manner)
        for moment in moments
    ]
    return _posed(detail, number, ("grip", "pinch") if manner.with_right else ("pinch", "grip"), poses)
