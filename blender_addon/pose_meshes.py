"""Poses of gymnasts as arrays: which of them there are, and where each one's vertices lie."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..kernels.clips import CLIP_NAMES, CLIPS, STRIPS
from .gymnasts.body import figure
from .gymnasts.clips import clip_pose
from .gymnasts.props import performed
from .gymnasts.rig import pose_transforms

#: Poses of a strip's usual cycle in each detail, from near to far.
POSES = (24, 12, 8)
#: Seconds; a move that takes longer has twice the poses.
_LONG = 2.5
#: Who stands for whom in the last detail, where people are too small to be told apart by more.
FAR_BODIES = {"woman": "woman", "girl": "woman", "man": "man", "boy": "man", "stocky": "man", "tall": "man"}
#: Metres, and share of the shorter one, by which strides differ that look alike from far.
_ALIKE, _ALIKE_SHARE = 0.16, 0.28
#: Props with sharp folds.
_FOLDED = frozenset({"ribbon", "flag", "fan", "pom_pom"})
_STAND = CLIP_NAMES.index("stand")


@dataclass(frozen=True, eq=False)
class PoseMeshes:
    """A body in poses.

    Attributes
    ----------
    vertices : (P, V, 3) array
        Metres, one row a pose.
    faces : sequence of tuples
        Vertex numbers, counter-clockwise from outside, for all poses.
    parts : sequence of int
        A `figures.Part` for each face.
    flat : sequence of bool
        The faces that are not shaded as if they were round: of cloth and paper in folds.
    """

    vertices: npt.NDArray[np.float64]
    faces: Sequence[tuple[int, ...]]
    parts: Sequence[int]
    flat: Sequence[bool]


@dataclass(frozen=True)
class PoseList:
    """The poses that some strips come to.

    Attributes
    ----------
    chapters : tuple of tuples of int
        Strips, indices into `STRIPS`, that people take at about the same time: a move on the spot, all its
        walks, or all their first and last steps. A stand, 0, is always among them.
    """

    chapters: tuple[tuple[int, ...], ...]

    @classmethod
    def of(cls, strips: Iterable[int]) -> PoseList:
        """Return the list for some strips, and for people who stand."""
        chapters: dict[tuple[int, bool, bool], list[int]] = {}
        for number in sorted({0, *strips}):
            strip = STRIPS[number]
            chapters.setdefault((strip.clip, strip.stride > 0, strip.ends), []).append(number)
        return cls(tuple(tuple(chapter) for chapter in chapters.values()))

    def table(self) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64]]:
        """Return where the poses of all of `STRIPS` are found, in all details.

        Returns
        -------
        poses : (S * D, 3) array
            The poses before the strip's first one in its chapter, how many it has, and how many the chapter
            has; a strip's details follow one another.
        chapter : (S * D,) array
            The number of its chapter in the detail, counted through all chapters of one detail, then those of
            the next. For strips that are not in the list all this is a stand's.
        """
        poses, chapters = np.zeros((len(STRIPS), len(POSES), 3)), np.zeros((len(STRIPS), len(POSES)), int)
        for number, chapter in enumerate(self.chapters):
            for detail in range(len(POSES)):
                shown = _shown(chapter, detail)
                counts = {strip: _count(strip, detail) for strip in shown.values()}
                first = dict(zip(counts, np.cumsum([0, *counts.values()])[:-1].tolist(), strict=True))
                for strip, model in shown.items():
                    poses[strip, detail] = first[model], counts[model], sum(counts.values())
                    chapters[strip, detail] = detail * len(self.chapters) + number
        missing = poses[:, 0, 1] == 0
        poses[missing], chapters[missing] = poses[0], chapters[0]
        return poses.reshape(-1, 3), chapters.reshape(-1)

    def phases(self, chapter: int, detail: int) -> list[tuple[int, float]]:
        """Return every pose of a chapter in a detail: its strip, and its phase in [0, 1)."""
        return [
            (strip, pose / count)
            for strip in dict.fromkeys(_shown(self.chapters[chapter], detail).values())
            for count in [_count(strip, detail)]
            for pose in range(count)
        ]


def _shown(chapter: Sequence[int], detail: int) -> dict[int, int]:
    """Return the strip that shows each one of a chapter: far off, one does for the next longer stride too.

    Two such strides are at most 0.3 m apart, so a foot there slides by less than two pixels.
    """
    if detail < len(POSES) - 1:
        return {strip: strip for strip in chapter}
    shown: dict[int, int] = {}
    model = chapter[0]
    for strip in chapter:
        stride = STRIPS[model].stride
        if STRIPS[strip].stride - stride > max(_ALIKE, _ALIKE_SHARE * stride):
            model = strip
        shown[strip] = model
    return shown


def _count(strip: int, detail: int) -> int:
    """Return how many poses a strip has in a detail."""
    clip = STRIPS[strip].clip
    if clip == _STAND:
        return POSES[detail] // 2  # breathing
    return POSES[detail] * (2 if CLIPS[clip].seconds > _LONG else 1)


def pose_meshes(
    style: str, prop: str, body: str, detail: int, phases: Sequence[tuple[int, float]]
) -> PoseMeshes:
    """Return a body in costume, with a prop, at phases of strips: numbers in `STRIPS` and 0 to 1."""
    whole = figure(body, style, prop, detail)
    vertices = []
    for strip, some in itertools.groupby(phases, key=lambda each: each[0]):
        at = [phase for _, phase in some]
        transforms = np.stack([_transforms(strip, phase) for phase in at])
        vertices.append(performed(whole, transforms, STRIPS[strip], np.array(at)))
    flat = [prop in _FOLDED and min(face) >= whole.body_vertices for face in whole.faces]
    return PoseMeshes(np.concatenate(vertices), whole.faces, whole.parts, flat)


@functools.cache
def _transforms(strip: int, phase: float) -> npt.NDArray[np.float64]:
    # Each detail's phases are among the finest one's, and all bodies and costumes share them.
    return pose_transforms(clip_pose(STRIPS[strip], phase))
