"""Low-poly figures: closed, turned outwards, and put together from others."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from cardstunt.blender_addon.figures import Figure, Part


def points(figure):
    return np.array(figure.vertices)


def normal(figure, face):
    a, b, c = (points(figure)[face[k]] for k in range(3))
    return np.cross(b - a, c - a)


def test_limbs_are_closed_and_turned_outwards():
    figure = Figure()
    figure.limb((0, 0, 0), (0.3, 0.2, 1.0), (0.2, 0.1), Part.SKIN, 6)
    edges = Counter((face[i], face[(i + 1) % len(face)]) for face in figure.faces for i in range(len(face)))
    # Each edge once in each direction: closed, with all faces turned the same way round.
    assert all(edges[b, a] == count == 1 for (a, b), count in edges.items())
    middle = points(figure).mean(0)
    for face in figure.faces:
        centre = points(figure)[list(face)].mean(0)
        assert normal(figure, face) @ (centre - middle) > 0


def test_adding_a_figure_moves_it():
    figure = Figure()
    figure.quad([(0, 0, 0), (1, 0, 0), (1, 1, 0), (0, 1, 0)], Part.SKIN)
    both = Figure()
    both.add(figure)
    both.add(figure, (0, 0, 2))
    assert both.faces == [(0, 1, 2, 3), (4, 5, 6, 7)]
    assert points(both)[4:] == pytest.approx(points(figure) + np.array([0, 0, 2]))
    assert both.parts == [Part.SKIN, Part.SKIN]


def test_adding_a_figure_may_lean_it_back():
    figure, both = Figure(), Figure()
    figure.quad([(0, 0, 1), (1, 0, 1), (1, 1, 1), (0, 1, 1)], Part.SKIN)
    both.add(figure, (1, 2, 3), np.pi / 2)
    assert points(both)[0] == pytest.approx([0, 2, 3], abs=1e-9)
    assert points(both)[1] == pytest.approx([0, 2, 4], abs=1e-9)


def test_boxes_are_closed_and_turned_outwards():
    figure = Figure()
    figure.box((-1, -2, -3), (1, 2, 3), Part.PAPER, Part.COVER)
    assert Counter(figure.parts) == {Part.PAPER: 5, Part.COVER: 1}
    for face, part in zip(figure.faces, figure.parts, strict=True):
        centre = points(figure)[list(face)].mean(0)
        assert normal(figure, face) @ centre > 0
        assert (part == Part.COVER) == (centre[0] == 1)
    assert sum(np.linalg.norm(normal(figure, face)) for face in figure.faces) == 2 * (24 + 12 + 8)
