"""What gymnasts hold, and how it swings, streams and flickers while they move.

A prop hangs at the wrists but keeps some will of its own: a flag stays up when the arm hangs down, a balloon
rises, a ribbon's coils run along it. All of that is a function of the pose, the strip and the phase, which
comes back to where it began after a cycle.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from ...kernels.clips import CLIPS, STRIPS, Strip
from ..figures import Part
from .prop_shapes import UP, Shapes, across_of, unit
from .proportions import smooth_step
from .rig import JOINT, REST, SIDES, Pose, pose_transforms, rest_pose
from .skinning import Floats, Sculpture, SkinnedFigure, ground, posed, weigh

_PROP, _ACCENT, _DARK, _PALE = int(Part.PROP), int(Part.ACCENT), int(Part.COVER), int(Part.PAPER)
_AHEAD = np.array([1.0, 0.0, 0.0])


@dataclass(frozen=True)
class _Hand:
    """One hand in P poses: its grip (P, 3), where fingers and thumb point (P, 3), and which side it is on."""

    grip: Floats
    fingers: Floats
    thumb: Floats
    outward: Floats

    def upright(self, arm: float) -> Floats:
        """Return where something held upright points: up, drawn towards the fingers by `arm`.

        Near the ground (a handstand) it lies down, outwards.
        """
        standing = UP + arm * self.fingers + 0.14 * self.outward
        low = 1 - smooth_step(0.12, 0.40, self.grip[:, 2:])
        return unit((1 - low) * unit(standing) + low * (self.outward + 0.2 * UP))


@dataclass(frozen=True)
class _Moment:
    """P moments of a strip: hands, the cycle's phase (P, 1), its length, how much one walks (P, 1) 0..1."""

    left: _Hand
    right: _Hand
    crown: Floats
    phase: Floats
    seconds: float
    walking: Floats

    def swing(self, pace: float, offset: float | Floats = 0.0) -> Floats:
        """Return a sine of about `pace` swings a second, whole in a cycle."""
        times = max(1, round(pace * self.seconds))
        wave: Floats = np.sin(2 * np.pi * (times * self.phase - offset))
        return wave

    def turns(self, pace: float) -> Floats:
        """Return how many turns have been made, about `pace` a second and whole in a cycle."""
        return max(1, round(pace * self.seconds)) * self.phase

    def behind(self, standing: tuple[float, float, float], walking: tuple[float, float, float]) -> Floats:
        """Return where what the right hand holds streams to, mixed by how much one walks."""
        still: Floats = np.array(standing)
        mixed: Floats = still + self.walking * (np.array(walking) - still)
        return mixed


def _hand(transforms: Floats, number: int) -> _Hand:
    joint = JOINT[f"{SIDES[number]}_wrist"]
    turn, shift = transforms[:, joint, :3, :3], transforms[:, joint, :3, 3]
    wrist = turn @ REST[joint] + shift
    fingers = unit(turn @ np.array([0.03, 0.0, -1.0]))
    outward = np.array([0.0, 1.0 - 2.0 * number, 0.0])
    return _Hand(wrist + 0.085 * fingers, fingers, turn @ _AHEAD, outward)


def _moment(transforms: Floats, strip: Strip, phase: Floats) -> _Moment:
    walking = np.full(len(phase), 1.0 if strip.stride > 0 else 0.0)
    if strip.ends:
        walking *= np.sin(np.pi * phase) ** 2
    head = JOINT["head"]
    crown = transforms[:, head, :3, :3] @ np.array([0.0, 0.0, 1.70]) + transforms[:, head, :3, 3]
    return _Moment(
        _hand(transforms, 0),
        _hand(transforms, 1),
        crown,
        phase[:, None],
        CLIPS[strip.clip].seconds,
        walking[:, None],
    )


def _ribbon(shapes: Shapes, moment: _Moment, detail: int) -> None:
    """Add a stick and a long ribbon in coils, which run from the stick to its end."""
    hand = moment.right
    stick = unit(0.75 * hand.fingers + 0.6 * _AHEAD + 0.35 * UP)
    tip = hand.grip + 0.42 * stick
    tip[:, 2] = np.maximum(tip[:, 2], 0.12)
    shapes.rod(hand.grip - 0.06 * stick, tip, 0.008, 3 if detail == 0 else 2, _PALE)
    along = np.linspace(0.0, 1.0, (25, 13, 7)[detail])[None, :, None]
    away = moment.behind((-0.35, -1.0, 0.0), (-1.25, -0.4, 0.0))[:, None] * 1.15
    # It sinks towards the ground, but its coils never drag there.
    fall = np.maximum(tip[:, None, 2:] - 0.42, 0.0) * (0.55 - 0.25 * moment.walking[:, None])
    middle = tip[:, None] + along * away - along**1.4 * fall * UP
    coil = 2 * np.pi * (3.0 * along - moment.turns(0.6)[:, None])
    radius = 0.24 * smooth_step(0.0, 0.22, along) * (1 - 0.25 * along)
    axis = unit(away)
    across, deep = UP, np.cross(axis, UP)
    line = middle + radius * (np.sin(coil) * across + np.cos(coil) * deep)
    line[..., 2] = np.maximum(line[..., 2], 0.05)
    half = 0.045 * axis + 0.012 * UP
    shapes.sheet(np.stack([line - half, line + half], axis=2), _PROP)


def _hoop(shapes: Shapes, moment: _Moment, detail: int) -> None:
    """Add a hoop that hangs from the hand, or stands on it when the arm is up."""
    hand, radius = moment.right, 0.37
    away = hand.fingers + 0.10 * hand.outward
    # Not into the ground: where the hand is low the hoop swings out to the side.
    lowest = -(hand.grip[:, 2] - 0.03) / (2 * radius)
    away = unit(away)
    flat = away * (1.0, 1.0, 0.0) + 1e-3 * hand.outward
    height = np.clip(np.maximum(away[:, 2], lowest), -1.0, 1.0)[:, None]
    away = np.sqrt(1 - height**2) * unit(flat) + height * UP
    along = unit(hand.thumb * (1.0, 1.0, 0.0) + 1e-3 * _AHEAD)
    along = unit(along - np.sum(along * away, axis=-1, keepdims=True) * away)
    along = unit(along * (1.0, 1.0, 0.2))
    normal = unit(np.cross(away, along))
    centre = hand.grip + radius * away
    count, sides = ((18, 3), (10, 2), (6, 2))[detail]
    turn = 2 * np.pi * (np.arange(count + 1) % count) / count
    out = np.cos(turn)[None, :, None] * away[:, None] + np.sin(turn)[None, :, None] * along[:, None]
    section = 2 * np.pi * np.arange(sides) / sides + np.pi / 2
    thick = (0.014, 0.018, 0.024)[detail]
    rings = (
        centre[:, None, None]
        + out[:, :-1, None] * radius
        + thick
        * (
            np.cos(section)[None, None, :, None] * out[:, :-1, None]
            + np.sin(section)[None, None, :, None] * normal[:, None, None]
        )
    )
    first = shapes.points(rings.reshape(len(rings), -1, 3))
    for i in range(count):
        here, there = first + i * sides, first + (i + 1) % count * sides
        part = _ACCENT if i % 3 == 2 else _PROP
        for k in range(sides if sides > 2 else 1):
            m = (k + 1) % sides
            shapes.face((here + k, here + m, there + m, there + k), part)


def _ball(shapes: Shapes, moment: _Moment, detail: int) -> None:
    """Add a ball that lies in the palm."""
    hand, radius = moment.right, 0.10
    beside = unit(0.6 * hand.fingers + 0.5 * hand.thumb + 0.45 * hand.outward)
    centre = hand.grip + (radius + 0.022) * beside
    centre[:, 2] = np.maximum(centre[:, 2], radius)
    sides, levels = ((8, 4), (6, 2), (4, 1))[detail]
    shapes.ball(centre, hand.fingers, radius, sides, levels, (_PROP, _PROP, _PROP, _ACCENT))


def _flag(shapes: Shapes, moment: _Moment, detail: int) -> None:
    """Add a flag on a pole, whose waves run out along it."""
    hand = moment.right
    pole = hand.upright(0.5)
    top = hand.grip + 1.35 * pole
    foot = hand.grip - 0.30 * pole
    foot[:, 2] = np.maximum(foot[:, 2], 0.01)
    shapes.rod(foot, top, 0.013, (4, 3, 2)[detail], _PALE)
    columns, rows = ((8, 3), (4, 2), (3, 2))[detail]
    out = np.linspace(0.0, 1.0, columns)[None, None, :, None]
    down = np.linspace(0.0, 1.0, rows)[None, :, None, None]
    stream = moment.behind((-0.75, -0.5, 0.0), (-0.95, -0.1, 0.0))
    stream = unit(stream - 0.3 * np.sum(stream * pole, axis=-1, keepdims=True) * pole)[:, None, None]
    square = unit(np.cross(stream, UP))
    phase = moment.turns(0.8)[:, None, None]
    wave = 0.10 * np.sqrt(out) * np.sin(2 * np.pi * (phase - 1.2 * out - 0.15 * down))
    sag = (0.30 - 0.16 * moment.walking[:, None, None]) * out**1.5
    cloth = (
        top[:, None, None]
        - 0.62 * down * pole[:, None, None]
        + 0.92 * out * stream
        + wave * square
        - sag * UP
        + 0.03 * np.sin(2 * np.pi * (phase - 0.9 * out)) * out * UP
    )
    cloth[..., 2] = np.maximum(cloth[..., 2], 0.02)
    shapes.sheet(cloth, _PROP)


def _torch(shapes: Shapes, moment: _Moment, detail: int) -> None:
    """Add a torch; the flame is the prop's part, which glows."""
    hand = moment.right
    axis = hand.upright(0.55)
    sides = (6, 4, 3)[detail]
    across, deep = across_of(axis)
    turn = 2 * np.pi * np.arange(sides) / sides
    around = np.cos(turn)[None, :, None] * across[:, None] + np.sin(turn)[None, :, None] * deep[:, None]
    profile = (
        ((-0.12, 0.016), (0.18, 0.022), (0.27, 0.050)),
        ((-0.12, 0.016), (0.27, 0.05)),
        ((-0.12, 0.02), (0.27, 0.05)),
    )
    rings = np.stack(
        [(hand.grip + at * axis)[:, None] + radius * around for at, radius in profile[detail]], axis=1
    )
    shapes.lathe(rings, (_ACCENT if detail else _DARK,), _DARK, _DARK)
    mouth = hand.grip + 0.26 * axis
    lean = moment.behind((-0.03, 0.0, 0.0), (-0.16, 0.0, 0.0))
    flat = np.cos(turn)[None, :, None] * _AHEAD + np.sin(turn)[None, :, None] * np.array([0.0, 1.0, 0.0])
    flame = []
    for at, radius in (
        ((0.0, 0.040), (0.10, 0.082), (0.22, 0.050)),
        ((0.0, 0.04), (0.10, 0.085)),
        ((0.06, 0.085),),
    )[detail]:
        lick = moment.swing(5.0, 7.0 * at)
        size = radius * (1 + 0.18 * moment.swing(4.0, 3.0 * at))
        drift = lean * (at / 0.22) ** 2 + at * 0.22 * lick * np.array([0.6, 0.8, 0.0])
        flame.append((mouth + at * UP + drift)[:, None] + size[:, None] * flat)
    tip = mouth + (0.38 + 0.05 * moment.swing(5.0)) * UP + 2.2 * lean
    tip = tip + 0.05 * moment.swing(4.0, 0.3) * np.array([0.5, 0.9, 0.0])
    shapes.lathe(np.stack(flame, axis=1), (_PROP,), mouth, tip)


def _fan(shapes: Shapes, moment: _Moment, detail: int) -> None:
    """Add a pleated fan in each hand, which flutters."""
    pleats = (8, 4, 2)[detail]
    for hand in (moment.left, moment.right):
        middle = hand.upright(0.85)
        face = _AHEAD + 0.35 * UP + 0.25 * moment.swing(0.8) * hand.outward
        face = unit(face - np.sum(face * middle, axis=-1, keepdims=True) * middle)
        side = np.cross(middle, face)
        angles = np.deg2rad(np.linspace(-78.0, 78.0, pleats + 1))
        spokes = (
            np.cos(angles)[None, :, None] * middle[:, None] + np.sin(angles)[None, :, None] * side[:, None]
        )
        folds = 0.016 * (np.arange(pleats + 1) % 2 - 0.5)[None, :, None] * face[:, None]
        pivot = hand.grip + 0.01 * face
        inner = pivot[:, None] + 0.11 * spokes + 0.4 * folds
        outer = pivot[:, None] + 0.36 * spokes + folds
        rim = pivot[:, None] + 0.39 * spokes + folds
        if detail == 0:
            shapes.sheet(np.stack([inner, outer], axis=1), _PROP)
            shapes.sheet(np.stack([outer, rim], axis=1), _ACCENT)
        first = shapes.points(np.concatenate([pivot[:, None], inner if detail == 0 else rim], axis=1))
        for k in range(pleats):
            shapes.face((first, first + k + 2, first + k + 1), _PALE if detail == 0 else _PROP)


def _umbrella(shapes: Shapes, moment: _Moment, detail: int) -> None:
    """Add an umbrella that turns slowly; its stick is held further down when the arm hangs."""
    hand = moment.right
    axis = unit(UP - 0.16 * hand.outward + 0.10 * hand.fingers - 0.10 * moment.walking * _AHEAD)
    low = 1 - smooth_step(0.12, 0.40, hand.grip[:, 2:])
    axis = unit((1 - low) * axis + low * (hand.outward + 0.3 * UP))
    # High enough that its rim passes over the head.
    height = np.clip(moment.crown[:, 2:] + 0.34 - hand.grip[:, 2:], 0.45, 1.45)
    top = hand.grip + height * axis
    shapes.rod(hand.grip - 0.10 * axis, top, 0.010, (4, 3, 2)[detail], _DARK)
    sides = (8, 8, 4)[detail]
    across, deep = across_of(axis)
    turn = 2 * np.pi * np.arange(sides) / sides + np.pi * moment.turns(0.5)
    around = np.cos(turn)[..., None] * across[:, None] + np.sin(turn)[..., None] * deep[:, None]
    rings = [
        (top - drop * axis)[:, None] + radius * around
        for drop, radius in ((0.19, 0.54), (0.06, 0.32))[: 2 if detail == 0 else 1]
    ]
    shapes.lathe(np.stack(rings, axis=1), (_PROP, _ACCENT), None, top)


def _pom_pom(shapes: Shapes, moment: _Moment, detail: int) -> None:
    """Add a pom-pom in each hand, which shivers."""
    sides, levels = ((8, 4), (5, 2), (4, 1))[detail]
    number = np.arange(levels * sides).reshape(levels, sides)
    spikes = (
        np.where((number + number // sides) % 2 == 0, 1.18, 0.72) if detail == 0 else np.ones((levels, sides))
    )
    for hand, offset in ((moment.left, 0.0), (moment.right, 0.5)):
        phase = moment.turns(3.0)[:, :, None]
        shiver = 1 + 0.13 * np.sin(2 * np.pi * (phase + offset + 0.37 * number))
        centre = hand.grip + 0.05 * hand.fingers
        centre[:, 2] = np.maximum(centre[:, 2], 0.16)
        shapes.ball(centre, hand.fingers, 0.145 * spikes * shiver, sides, levels, (_PROP, _PROP, _ACCENT))


def _balloon(shapes: Shapes, moment: _Moment, detail: int) -> None:
    """Add a balloon on a string, which sways."""
    hand = moment.right
    sway = 0.07 * moment.swing(0.5) * _AHEAD + 0.05 * moment.swing(0.8, 0.2) * np.array([0.0, 1.0, 0.0])
    pull = moment.behind((0.0, -0.12, 0.0), (-0.45, -0.10, 0.0)) + sway
    knot = hand.grip + UP + pull
    middle = hand.grip + 0.5 * UP + 0.32 * pull
    # A string as thick as a finger: a true one would not be seen at all.
    half = 0.004 * np.array([0.5, 1.0, 0.0])
    line = np.stack([hand.grip, middle, knot] if detail == 0 else [hand.grip, knot], axis=1)
    shapes.sheet(np.stack([line - half, line + half], axis=2), _PALE)
    axis = unit(UP + 0.6 * (pull - 0.32 * pull))
    sides, levels = ((8, 5), (6, 2), (4, 1))[detail]
    shapes.ball(knot + 0.20 * axis, axis, 0.165, sides, levels, (_PROP,), long=1.2)


_SHAPES: dict[str, Callable[[Shapes, _Moment, int], None]] = {
    "ribbon": _ribbon,
    "hoop": _hoop,
    "ball": _ball,
    "flag": _flag,
    "torch": _torch,
    "fan": _fan,
    "umbrella": _umbrella,
    "pom_pom": _pom_pom,
    "balloon": _balloon,
}

PROPS: tuple[str, ...] = ("none", *_SHAPES)
"""Names of what hands can hold."""


def _shapes(prop: str, transforms: Floats, strip: Strip, phase: Floats, detail: int) -> Shapes:
    shapes = Shapes()
    _SHAPES[prop](shapes, _moment(transforms, strip, phase), detail)
    return shapes


def add_prop(sculpture: Sculpture, prop: str, detail: int) -> None:
    """Add a prop as it is held in the rest pose.

    Raises
    ------
    KeyError
        When there is no such prop.
    """
    if prop == "none":
        return
    shapes = _shapes(prop, pose_transforms(rest_pose())[None], STRIPS[0], np.zeros(1), detail)
    first = sculpture.points(shapes.all_vertices()[0], weigh(right_wrist=1.0))
    for face, part in zip(shapes.faces, shapes.parts, strict=True):
        sculpture.face([first + corner for corner in face], part)


def prop_vertices(prop: str, pose: Pose | Floats, strip: Strip, phase: ArrayLike, detail: int = 0) -> Floats:
    """Return where a prop's vertices are while a strip is performed.

    Parameters
    ----------
    prop
        One of `PROPS`.
    pose : Pose or (..., J, 4, 4) array
        A pose, or what `rig.pose_transforms` makes of poses.
    strip
        What is performed.
    phase : float or (...) array
        How far, 0..1, for each pose; what 1 looks like, 0 does.
    detail
        0, 1 or 2.

    Returns
    -------
    Floats
        Shape (..., N, 3), metres, nothing below the ground; the order of `body.figure`'s last vertices.
    """
    transforms = pose_transforms(pose) if isinstance(pose, Pose) else np.asarray(pose, float)
    lead = transforms.shape[:-3]
    if prop == "none":
        return np.zeros((*lead, 0, 3))
    flat = transforms.reshape(-1, *transforms.shape[-3:])
    phases = np.broadcast_to(np.asarray(phase, float), lead).reshape(-1)
    vertices = _shapes(prop, flat, strip, phases, detail).all_vertices()
    np.maximum(vertices[..., 2], ground(flat)[:, None], out=vertices[..., 2])
    return vertices.reshape(*lead, -1, 3)


def performed(figure: SkinnedFigure, pose: Pose | Floats, strip: Strip, phase: ArrayLike) -> Floats:
    """Return where a person's and the prop's vertices are while a strip is performed.

    Parameters
    ----------
    figure : SkinnedFigure
    pose : Pose or (..., J, 4, 4) array
    strip
        What is performed.
    phase : float or (...) array
        How far, 0..1, for each pose.

    Returns
    -------
    Floats
        Shape (..., V, 3), metres.
    """
    vertices = posed(figure, pose)
    if figure.body_vertices < len(figure.vertices):
        held = prop_vertices(figure.prop, pose, strip, phase, figure.detail)
        vertices[..., figure.body_vertices :, :] = held
    return vertices
