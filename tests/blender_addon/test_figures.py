"""People as meshes: closed where they should be, of a person's size, and different from pose to pose."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from cardstunt.blender_addon.card_holders import HOLDS, card_holder
from cardstunt.blender_addon.figures import Figure, Part, spectator_tile
from cardstunt.kernels.counter_random import Purpose, bits
from cardstunt.kernels.stadium import MAY_DAY

HOLDER = card_holder("books", HOLDS["books"])


def points(figure):
    return np.array(figure.vertices)


def of_part(figure, part):
    return [face for face, which in zip(figure.faces, figure.parts, strict=True) if which == part]


def normal(figure, face):
    a, b, c = (points(figure)[face[k]] for k in range(3))
    return np.cross(b - a, c - a)


def test_a_card_holder_is_whole():
    assert len(HOLDER.faces) == len(HOLDER.parts)
    assert np.isfinite(points(HOLDER)).all()
    used = {corner for face in HOLDER.faces for corner in face}
    assert used == set(range(len(HOLDER.vertices)))
    assert all(len(set(face)) == len(face) >= 3 for face in HOLDER.faces)
    # Few enough corners that thousands of people are cheap.
    assert len(HOLDER.vertices) < 400


def test_a_card_holder_is_as_tall_as_people_are_when_they_sit():
    assert 1.1 < points(HOLDER).max(0)[2] < 1.6


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


def test_heads_have_their_hair_behind():
    figure = Figure()
    figure.head((0, 0, 1.5), 0.1)
    places = {
        part: np.mean([points(figure)[list(face)].mean(0) for face in of_part(figure, part)], 0)
        for part in (Part.SKIN, Part.HAIR)
    }
    assert places[Part.SKIN][0] > places[Part.HAIR][0]
    assert places[Part.SKIN][2] < places[Part.HAIR][2]


def test_spectators_sit_side_by_side_and_differ():
    numbers = bits(3, Purpose.SPECTATOR, 1, np.arange(50)).reshape(10, 5)[:, :4]
    tile = spectator_tile(10, MAY_DAY.seat_width, numbers)
    across = points(tile)[:, 1]
    assert across.min() > -5 * MAY_DAY.seat_width - 0.2
    assert across.max() < 5 * MAY_DAY.seat_width + 0.2
    assert points(tile)[:, 2].min() >= 0
    other = spectator_tile(10, MAY_DAY.seat_width, numbers[::-1])
    assert points(other).shape != points(tile).shape or not np.allclose(points(other), points(tile))
    assert Part.LEFT_PAGE not in tile.parts


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
