"""Subdivision keeps what meshes are: closed stays closed, parts and weights stay, surfaces get rounder."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from cardstunt.blender_addon.card_people.subdivision import subdivided
from cardstunt.blender_addon.figures import Part
from cardstunt.blender_addon.gymnasts.skinning import BONE, Sculpture, weigh


def cube():
    """A cube about the origin, its lower half moving with the pelvis and its upper half with the head."""
    ring = np.array([(1, 1), (-1, 1), (-1, -1), (1, -1)], float)
    rings = np.array([np.c_[ring, np.full(4, height)] for height in (-1.0, 1.0)])
    sculpture = Sculpture()
    weights = np.array([weigh(pelvis=1.0), weigh(head=1.0)])
    sculpture.tube(rings, weights, [int(Part.SKIN)], start=int(Part.HAIR), end=int(Part.HAIR))
    return sculpture


def test_a_cube_becomes_what_catmull_and_clark_say():
    finer = subdivided(cube())
    (points,) = finer.vertices
    assert len(points) == 8 + 12 + 6
    corners, edges, faces = points[:8], points[8:20], points[20:]
    assert np.abs(corners) == pytest.approx(np.full((8, 3), 5 / 9))
    assert np.sort(np.abs(edges), axis=1) == pytest.approx(np.tile([0, 0.75, 0.75], (12, 1)))
    assert np.sort(np.abs(faces), axis=1) == pytest.approx(np.tile([0, 0, 1], (6, 1)))


def test_closed_meshes_stay_closed_and_turned_outwards():
    finer = subdivided(subdivided(cube()))
    (points,) = finer.vertices
    edges = Counter((face[k], face[(k + 1) % 4]) for face in finer.faces for k in range(4))
    assert all(count == edges[b, a] == 1 for (a, b), count in edges.items())
    for face in finer.faces:
        a, b, _, d = points[list(face)]
        assert np.cross(b - a, d - a) @ points[list(face)].mean(0) > 0


def test_parts_and_weights_go_with_the_surface():
    finer = subdivided(cube())
    assert Counter(finer.parts) == {Part.SKIN: 16, Part.HAIR: 8}
    (points,), (weights,) = finer.vertices, finer.weights
    assert weights.sum(1) == pytest.approx(np.ones(len(points)))
    # Both are mixed alike, so that the weight of the head grows as the height does.
    assert 2 * weights[:, BONE["head"]] - 1 == pytest.approx(points[:, 2])


def test_open_edges_stay_where_they_are():
    sculpture = Sculpture()
    square = np.array([(0, 0, 0), (1, 0, 0), (1, 1, 0), (0, 1, 0)], float)
    first = sculpture.points(np.r_[square, square + np.array([0, 0, 5])], weigh(head=1.0))
    sculpture.face(range(first, first + 4), Part.SKIN)
    sculpture.face(range(first + 4, first + 8), Part.SKIN)
    (points,) = subdivided(sculpture).vertices
    assert set(np.round(points[:, 2], 9)) == {0.0, 5.0}
    # A square's corners are rounded off, the middles of its sides stay.
    assert points[0, :2] == pytest.approx([0.125, 0.125])
    assert points[:, :2].min() == 0
    assert points[:, :2].max() == 1
