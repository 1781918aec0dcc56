"""How much lighter, darker or redder than their part's colour the places of a body are.

Light reaches folds, sockets and partings less than what stands out; cheeks, noses and ears have more blood;
cut beards show through. All this is worked out once for a body, in the rest pose, for each vertex.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from ..figures import Part
from ..gymnasts.skinning import Floats, Ints
from .heads import Head

#: How much what lies in a fold is darker: by part, for a fold as deep as its edges are long.
_DEPTH: dict[int, float] = {
    int(Part.SKIN): 1.1,
    int(Part.LIPS): 1.0,
    int(Part.COSTUME): 2.6,
    int(Part.TRIM): 2.0,
    int(Part.ACCENT): 1.6,
    int(Part.HAIR): 1.6,
}
#: The least that is left of a colour in a fold, and what is left where the surface is even.
_LEAST, _EVEN = 0.45, 0.94


def tints(vertices: Floats, faces: Sequence[tuple[int, ...]], parts: Sequence[int], head: Head) -> Floats:
    """Return what to multiply the colour of each vertex with.

    Parameters
    ----------
    vertices : (V, 3) array
        Of somebody from near in the rest pose, metres.
    faces, parts
        Vertex numbers of each face, and its `figures.Part`.
    head : Head

    Returns
    -------
    (V, 3) array
        Red, green, blue, 0 to 1.
    """
    count = len(vertices)
    part = np.zeros(count, np.int64)
    for face, of in zip(faces, parts, strict=True):
        part[list(face)] = of
    depth = np.zeros(len(Part))
    for of, much in _DEPTH.items():
        depth[of] = much
    light = np.clip(_EVEN - depth[part] * hollows(vertices, faces), _LEAST, 1.0)
    result = np.repeat(light[:, None], 3, axis=1)
    x, y, z = vertices.T
    of_head = (np.abs(y) < 0.12) & (z > 1.44)
    skin = part == Part.SKIN
    result[skin & of_head] *= _face(vertices[skin & of_head], head)
    hands = skin & (np.abs(y) > 0.12)
    result[hands] *= (1.0, 0.94, 0.92)
    hair = part == Part.HAIR
    around = np.arctan2(y, x + 0.012)
    strands = 0.5 + 0.26 * np.sin(47.0 * around + 6.0 * z) + 0.24 * np.sin(29.0 * around - 31.0 * z)
    result[hair] *= (0.62 + 0.38 * strands * np.clip((z - 1.30) / 0.3, 0.35, 1.0))[hair, None]
    # Upper lids and lashes shade the white of the eye.
    eyes = part == Part.EYE
    result[eyes] *= np.clip(0.80 - 22.0 * (z - 1.583), 0.42, 0.95)[eyes, None]
    clipped: Floats = np.clip(result, 0.0, 1.0)
    return clipped


def _face(points: Floats, head: Head) -> Floats:
    """Return the tint of a face's skin at places (N, 3) in the rest pose."""
    x, y, z = points.T
    side = np.abs(y)

    def about(at: tuple[float, float, float], wide: float) -> Floats:
        far = ((x - at[0]) ** 2 + (side - at[1]) ** 2 + (z - at[2]) ** 2) / wide**2
        patch: Floats = np.exp(-far)
        return patch

    blood = about((0.120, 0.0, 1.553), 0.016) + 0.8 * about((0.085, 0.043, 1.553), 0.024)
    blood += 0.8 * about((-0.006, 0.075, 1.573), 0.026) + 0.35 * about((0.095, 0.0, 1.490), 0.018)
    tired = about((0.085, 0.030, 1.571), 0.012) + 0.7 * about((0.090, 0.017, 1.590), 0.012)
    tint = 1.0 - np.outer(np.clip(blood, 0.0, 1.0), (0.0, 0.22, 0.20))
    tint *= 1.0 - np.outer(np.clip(tired, 0.0, 1.0), (0.10, 0.13, 0.10))
    # A beard that was cut in the morning: jaw, chin and upper lip.
    jaw = np.clip((1.545 - z) / 0.022, 0.0, 1.0) * np.clip((x + 0.02) / 0.03, 0.0, 1.0)
    jaw *= np.clip((z - 1.462) / 0.012, 0.0, 1.0)
    tint *= 1.0 - head.beard * np.outer(jaw, (0.34, 0.30, 0.24))
    # The chin and the collar keep light from the throat.
    throat = np.clip((1.487 - z) / 0.03, 0.0, 1.0) * np.clip((0.075 - x) / 0.03, 0.0, 1.0)
    shaded: Floats = tint * (1.0 - 0.35 * throat[:, None])
    return shaded


def hollows(vertices: Floats, faces: Sequence[tuple[int, ...]]) -> Floats:
    """Return how deep each vertex lies below its neighbours, against their distance; negative above them.

    Parameters
    ----------
    vertices : (V, 3) array
    faces
        Vertex numbers, counter-clockwise as seen from outside.

    Returns
    -------
    (V,) array
        Evened out a little among neighbours.
    """
    corners = np.array([pair for face in faces for pair in pairwise((*face, face[0]))])
    ends = np.concatenate([corners, corners[:, ::-1]])
    one, other = ends.T
    normals = np.zeros_like(vertices)
    for size in sorted({len(face) for face in faces}):
        some = np.array([face for face in faces if len(face) == size])
        at = vertices[some]
        across = np.cross(at, np.roll(at, -1, axis=1)).sum(1)
        for corner in range(size):
            np.add.at(normals, some[:, corner], across)
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12)
    steps = vertices[other] - vertices[one]
    lengths = np.linalg.norm(steps, axis=1)
    rises = np.einsum("ij,ij->i", steps, normals[one])
    hollow = _sums(rises, one, len(vertices)) / np.maximum(_sums(lengths, one, len(vertices)), 1e-12)
    degree = np.maximum(np.bincount(one, minlength=len(vertices)), 1)
    evened: Floats = 0.6 * hollow + 0.4 * _sums(hollow[other], one, len(vertices)) / degree
    return evened


def _sums(values: Floats, groups: Ints, count: int) -> Floats:
    sums: Floats = np.bincount(groups, weights=values, minlength=count)
    return sums
