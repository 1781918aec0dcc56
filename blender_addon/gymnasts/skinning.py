"""Meshes that move with a skeleton: the form that figures have, how they are put together, and how posed.

A vertex moves with up to `INFLUENCES` bones. Besides the rig's joints there is a half bone at each knee and
elbow, turned half as far as what lies beyond the joint: the ring of vertices there moves with it alone, and
keeps its width however far the limb is bent, which a mix of the two bones would not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from .rig import BALL, HEEL, JOINT, JOINTS, PARENTS, REST, SIDES, TIP, Pose, pose_transforms

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

INFLUENCES = 4
"""Bones that move one vertex, at most."""

HALF_BONES: tuple[str, ...] = ("left_knee", "left_elbow", "right_knee", "right_elbow")
"""The joints at which there is a half bone; it is called ``half_left_knee``."""

BONE: dict[str, int] = JOINT | {f"half_{name}": len(JOINTS) + k for k, name in enumerate(HALF_BONES)}
"""The number by which `SkinnedFigure.joints` names a bone: the rig's joints, then the half bones."""

_BENT = np.array([JOINT[name] for name in HALF_BONES])
_ABOVE = np.array([PARENTS[joint] for joint in _BENT])
_MIRROR = np.array(
    [
        BONE[name.replace("left", "right") if "left" in name else name.replace("right", "left")]
        for name in BONE
    ]
)
_MIRRORED = np.array([1.0, -1.0, 1.0])
_SOLES = tuple(
    (JOINT[f"{side}_{joint}"], np.array(place) * flip)
    for side, flip in zip(SIDES, (1.0, _MIRRORED), strict=True)
    for joint, place in (("ankle", HEEL), ("ankle", BALL), ("toe", TIP))
)


@dataclass(frozen=True, eq=False)
class SkinnedFigure:
    """A mesh in the rest pose, and what moves it.

    Attributes
    ----------
    vertices
        Shape (V, 3), float64, metres.
    faces
        Vertex numbers, counter-clockwise as seen from outside.
    parts
        A `figures.Part` for each face.
    joints
        Shape (V, INFLUENCES), int64: numbers of `BONE`.
    weights
        Shape (V, INFLUENCES), float64: how much each moves the vertex; they sum to 1.
    prop
        Name of what the hands hold.
    body_vertices
        How many vertices, the first ones, are the person; the others are the prop.
    detail
        0 is the finest of three.
    """

    vertices: Floats
    faces: tuple[tuple[int, ...], ...]
    parts: tuple[int, ...]
    joints: Ints
    weights: Floats
    prop: str = "none"
    body_vertices: int = 0
    detail: int = 0

    @property
    def triangles(self) -> int:
        """How many triangles the faces are, the prop's too."""
        return sum(len(face) - 2 for face in self.faces)


@dataclass
class Sculpture:
    """A figure under construction: vertices, a weight of every bone for each, faces and their parts."""

    vertices: list[Floats] = field(default_factory=list)
    weights: list[Floats] = field(default_factory=list)
    faces: list[tuple[int, ...]] = field(default_factory=list)
    parts: list[int] = field(default_factory=list)
    count: int = 0

    def points(self, vertices: Floats, weights: Floats) -> int:
        """Add (N, 3) vertices with (N, B) or (B,) weights; return the number of the first."""
        first = self.count
        self.vertices.append(np.asarray(vertices, float))
        self.weights.append(np.broadcast_to(weights, (len(vertices), len(BONE))))
        self.count += len(vertices)
        return first

    def face(self, corners: Sequence[int], part: int) -> None:
        """Add one face."""
        self.faces.append(tuple(int(corner) for corner in corners))
        self.parts.append(int(part))

    def tube(
        self,
        rings: Floats,
        weights: Floats,
        parts: Sequence[Sequence[int] | int],
        start: tuple[Floats, Floats] | int | None = None,
        end: tuple[Floats, Floats] | int | None = None,
        start_part: int | None = None,
        end_part: int | None = None,
    ) -> int:
        """Add a tube of rings; each ring's points go counter-clockwise as seen from the tube's end.

        Parameters
        ----------
        rings : (R, N, 3) array, metres
        weights : (R, B) or (R, N, B) array
        parts
            For each of the R - 1 bands one part, or one for each of its N faces.
        start, end
            How each end closes: a tip (point and its weights), one flat face of this part, or None: it stays
            open.
        start_part, end_part
            The part of the faces at a tip; else that of the nearest band.

        Returns
        -------
        int
            Number of the first ring's first vertex.
        """
        count, sides = rings.shape[:2]
        if weights.ndim == 2:
            weights = np.broadcast_to(weights[:, None, :], (count, sides, weights.shape[-1]))
        first = self.points(rings.reshape(-1, 3), weights.reshape(count * sides, -1))
        after = [*range(1, sides), 0]
        for band, part in enumerate(parts):
            low, high = first + band * sides, first + (band + 1) * sides
            for i, j in enumerate(after):
                self.face((low + i, low + j, high + j, high + i), part if isinstance(part, int) else part[i])
        for closing, ring, band, of in (
            (start, first, 0, start_part),
            (end, first + (count - 1) * sides, -1, end_part),
        ):
            if closing is None:
                continue
            if isinstance(closing, int):
                corners = range(ring, ring + sides)
                self.face(corners if band else [*reversed(corners)], closing)
                continue
            tip = self.points(closing[0][None], closing[1])
            near = parts[band] if of is None else of
            for i, j in enumerate(after):
                part = near if isinstance(near, int) else near[i]
                self.face((ring + i, ring + j, tip) if band else (ring + j, ring + i, tip), part)
        return first

    def add(self, other: Sculpture) -> None:
        """Append all of another."""
        first = self.count
        self.vertices += other.vertices
        self.weights += other.weights
        self.faces += [tuple(first + corner for corner in face) for face in other.faces]
        self.parts += other.parts
        self.count += other.count

    def mirrored(self) -> Sculpture:
        """Return what a mirror along X shows: left becomes right."""
        return Sculpture(
            [points * _MIRRORED for points in self.vertices],
            [weights[:, _MIRROR] for weights in self.weights],
            [tuple(reversed(face)) for face in self.faces],
            list(self.parts),
            self.count,
        )

    def skinned(self, prop: str, body_vertices: int, detail: int) -> SkinnedFigure:
        """Return the finished figure."""
        vertices, dense = np.concatenate(self.vertices), np.concatenate(self.weights)
        joints = np.argsort(-dense, axis=1, kind="stable")[:, :INFLUENCES]
        weights = np.take_along_axis(dense, joints, axis=1)
        weights /= weights.sum(1, keepdims=True)
        for array in (vertices, joints, weights):
            array.flags.writeable = False
        return SkinnedFigure(
            vertices, tuple(self.faces), tuple(self.parts), joints, weights, prop, body_vertices, detail
        )


def weigh(**bones: float) -> Floats:
    """Return a row of (B,) weights that sum to 1, from shares by the names of `BONE`."""
    row = np.zeros(len(BONE))
    for name, share in bones.items():
        row[BONE[name]] += share
    return row / row.sum()


def bone_transforms(transforms: Floats) -> Floats:
    """Return the transforms of all bones, shape (..., B, 4, 4), from those of joints, (..., J, 4, 4)."""
    above, bent = transforms[..., _ABOVE, :3, :3], transforms[..., _BENT, :, :]
    beyond = bent[..., :3, :3]
    turn = above @ _half_turn(np.swapaxes(above, -1, -2) @ beyond)
    at = (beyond @ REST[_BENT][:, :, None])[..., 0] + bent[..., :3, 3]
    halves = np.zeros((*turn.shape[:-2], 4, 4))
    halves[..., :3, :3] = turn
    halves[..., :3, 3] = at - (turn @ REST[_BENT][:, :, None])[..., 0]
    halves[..., 3, 3] = 1.0
    return np.concatenate([transforms, halves], axis=-3)


def posed(figure: SkinnedFigure, pose: Pose | Floats) -> Floats:
    """Return where the vertices are in a pose or in many: linear blend skinning.

    Nothing sinks into the ground: what would be below it (a hem, fingertips) lies on it. The ground is at 0,
    or where the lower foot is, should that be below (one who climbs leaves it behind).

    Parameters
    ----------
    figure : SkinnedFigure
    pose : Pose or (..., J, 4, 4) array
        A pose, or what `rig.pose_transforms` makes of poses.

    Returns
    -------
    Floats
        Shape (..., V, 3), metres.
    """
    transforms = pose_transforms(pose) if isinstance(pose, Pose) else np.asarray(pose, float)
    lead = transforms.shape[:-3]
    bones = bone_transforms(transforms.reshape(-1, *transforms.shape[-3:]))
    # One product of matrices does all poses: rows are vertices times their weights, of every bone.
    vertices = np.concatenate([figure.vertices, np.ones((len(figure.vertices), 1))], axis=1)
    rows = np.zeros((len(vertices), len(BONE), 4))
    for k in range(INFLUENCES):
        rows[np.arange(len(vertices)), figure.joints[:, k]] += figure.weights[:, k, None] * vertices
    columns = np.swapaxes(bones[:, :, :3, :], 2, 3).reshape(len(bones), -1, 3)
    moved: Floats = rows.reshape(len(vertices), -1) @ columns
    np.maximum(moved[..., 2], ground(bones)[:, None], out=moved[..., 2])
    return moved.reshape(*lead, len(vertices), 3)


def ground(transforms: Floats) -> Floats:
    """Return the height below which nothing is, shape (...,), metres, from transforms (..., J, 4, 4)."""
    lowest = np.zeros(transforms.shape[:-3])
    for joint, place in _SOLES:
        lowest = np.minimum(lowest, transforms[..., joint, 2, :3] @ place + transforms[..., joint, 2, 3])
    return lowest


def _half_turn(turns: Floats) -> Floats:
    """Return the turns that, done twice, are these (..., 3, 3); for angles below 180 degrees.

    With c the cosine of the angle and A the turn, its root is I + (K + K²/(1 + h)) where K is half the
    antisymmetric part over h = cos(angle / 2): Rodrigues' formula at half the angle.
    """
    cosine = np.clip((np.trace(turns, axis1=-2, axis2=-1) - 1) / 2, -1.0, 1.0)
    half = np.sqrt(np.maximum((1 + cosine) / 2, 1e-12))[..., None, None]
    # sin(a) = 2 sin(a/2) cos(a/2): the antisymmetric part is sin(a) times the axis.
    across = (turns - np.swapaxes(turns, -1, -2)) / (4 * half)
    root: Floats = np.eye(3) + across + across @ across / (1 + half)
    return root
