"""Rounder meshes: one step of Catmull and Clark's subdivision, of vertices with all that they carry.

E. Catmull and J. Clark, "Recursively generated B-spline surfaces on arbitrary topological meshes",
Computer-Aided Design 10, 1978; open edges become cubic B-splines, as is usual.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..gymnasts.skinning import Floats, Ints, Sculpture


def subdivided(sculpture: Sculpture) -> Sculpture:
    """Return a sculpture of quads whose surface is rounder; parts stay, and weights go with the vertices."""
    points, weights = np.concatenate(sculpture.vertices), np.concatenate(sculpture.weights)
    finer, faces, parents = _subdivide(np.concatenate([points, weights], axis=1), sculpture.faces)
    return Sculpture(
        [finer[:, :3]],
        [np.maximum(finer[:, 3:], 0.0)],
        [tuple(face) for face in faces.tolist()],
        [sculpture.parts[parent] for parent in parents.tolist()],
        len(finer),
    )


def _subdivide(points: Floats, faces: Sequence[tuple[int, ...]]) -> tuple[Floats, Ints, Ints]:
    """Return vertices (V, K), quads (Q, 4) and the face (Q,) that each quad comes from."""
    count = len(points)
    sizes = np.array([len(face) for face in faces])
    corners = np.array([corner for face in faces for corner in face])
    of_face = np.repeat(np.arange(len(faces)), sizes)
    first = np.cumsum(sizes) - sizes
    place = np.arange(len(corners)) - first[of_face]
    after = corners[first[of_face] + (place + 1) % sizes[of_face]]
    middles = _means(points[corners], of_face, len(faces))

    pairs = np.sort(np.stack([corners, after], -1), axis=1)
    edges, of_edge = np.unique(pairs, axis=0, return_inverse=True)
    of_edge = of_edge.reshape(-1)
    used = np.bincount(of_edge, minlength=len(edges))
    halves = points[edges].mean(1)
    inner = used == 2
    new_edges = np.where(inner[:, None], (halves + _means(middles[of_face], of_edge, len(edges))) / 2, halves)

    # Of inner vertices: the mean of faces, twice that of edges, and n - 3 times the old place, over n.
    valence = np.bincount(corners, minlength=count)[:, None].clip(1)
    ends = edges.reshape(-1)
    around = _means(np.repeat(halves, 2, axis=0), ends, count)
    smooth = (_means(middles[of_face], corners, count) + 2 * around + (valence - 3) * points) / valence
    rim = edges[~inner]
    on_rim = np.bincount(rim.reshape(-1), minlength=count) == 2
    along = _means(np.repeat(points[rim].mean(1), 2, axis=0), rim.reshape(-1), count)
    lone = ~on_rim & (np.bincount(rim.reshape(-1), minlength=count) > 0)
    moved = np.where(on_rim[:, None], (along + points) / 2, smooth)
    moved[lone] = points[lone]

    before = of_edge[first[of_face] + (place - 1) % sizes[of_face]]
    edge, face = count + of_edge, count + len(edges) + of_face
    quads = np.stack([corners, edge, face, count + before], -1)
    return np.concatenate([moved, new_edges, middles]), quads, of_face


def _means(values: Floats, groups: Ints, count: int) -> Floats:
    """Return the mean of the values (N, K) of each of `count` groups; 0 for those without any."""
    order = np.argsort(groups, kind="stable")
    sizes = np.bincount(groups, minlength=count)
    sums = np.zeros((count, values.shape[1]))
    there = sizes > 0
    starts = (np.cumsum(sizes) - sizes)[there]
    sums[there] = np.add.reduceat(values[order], starts, axis=0)
    means: Floats = sums / np.maximum(sizes, 1)[:, None]
    return means
