"""People as meshes: closed where they should be, of a person's size, and different from pose to pose."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from cardstunt.blender_addon.card_holders import HOLDS, card_holder
from cardstunt.blender_addon.figures import Figure, Part, spectator_tile
from cardstunt.blender_addon.gymnast_poses import CLIP_POSES, POSES, Pose, gymnast
from cardstunt.kernels.counter_random import Purpose, bits
from cardstunt.kernels.motion import CLIPS
from cardstunt.kernels.stadium import MAY_DAY

PEOPLE = {
    "holder": card_holder("books", HOLDS["books"]),
    "standing": gymnast(Pose()),
    **{f"{clip} {k}": gymnast(pose(k / POSES)) for clip, pose in CLIP_POSES.items() for k in range(POSES)},
}


def points(figure):
    return np.array(figure.vertices)


def of_part(figure, part):
    return [face for face, which in zip(figure.faces, figure.parts, strict=True) if which == part]


def normal(figure, face):
    a, b, c = (points(figure)[face[k]] for k in range(3))
    return np.cross(b - a, c - a)


@pytest.mark.parametrize("name", PEOPLE)
def test_figures_are_whole(name):
    figure = PEOPLE[name]
    assert len(figure.faces) == len(figure.parts)
    assert np.isfinite(points(figure)).all()
    used = {corner for face in figure.faces for corner in face}
    assert used == set(range(len(figure.vertices)))
    assert all(len(set(face)) == len(face) >= 3 for face in figure.faces)
    # Few enough corners that thousands of people are cheap.
    assert len(figure.vertices) < 400


@pytest.mark.parametrize("name", [name for name in PEOPLE if name != "holder"])
def test_gymnasts_are_people_who_stand_on_the_ground(name):
    low, high = points(PEOPLE[name]).min(0), points(PEOPLE[name]).max(0)
    airborne = name.startswith("jump")
    assert -0.06 < low[2] < (0.5 if airborne else 0.05)
    assert 0.9 < high[2] < (2.8 if airborne else 2.4)
    assert np.abs([low[:2], high[:2]]).max() < 1.2
    assert {Part.SKIN, Part.COSTUME, Part.ACCENT, Part.HAIR} <= set(PEOPLE[name].parts)


def test_a_standing_person_is_as_tall_as_people_are():
    assert 1.6 < points(gymnast(CLIP_POSES["stand"](0.0))).max(0)[2] < 1.85
    assert 1.1 < points(PEOPLE["holder"]).max(0)[2] < 1.6


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


def test_every_move_has_poses_that_differ():
    """The issue asks for 4 poses in a cycle at least; standing is swaying a little."""
    assert tuple(CLIP_POSES) == CLIPS
    assert POSES >= 4
    for clip, pose in CLIP_POSES.items():
        shapes = [points(gymnast(pose(k / POSES))) for k in range(POSES)]
        apart = {
            k
            for k in range(POSES)
            if np.abs(shapes[k] - shapes[0]).max() > (0.005 if clip == "stand" else 0.05)
        }
        assert len(apart) >= 3, clip


def test_moves_begin_and_end_in_one_pose():
    """Clips follow each other at whole cycles; there the poses must be near each other."""
    rest = points(gymnast(CLIP_POSES["stand"](0.0)))
    for clip, pose in CLIP_POSES.items():
        assert np.abs(points(gymnast(pose(1.0))) - points(gymnast(pose(0.0)))).max() < 1e-6, clip
        assert np.abs(points(gymnast(pose(0.0))) - rest).max() < 0.2, clip


def test_marching_mirrors_itself_after_half_a_cycle():
    left, right = (points(gymnast(CLIP_POSES["march"](phase))) for phase in (0.25, 0.75))
    assert np.abs(np.sort(left[:, 2]) - np.sort(right[:, 2])).max() < 0.02
    assert np.abs(left - right).max() > 0.2


@pytest.mark.parametrize("prop", ["none", "ribbon", "flag"])
def test_props_are_held(prop):
    figure = gymnast(CLIP_POSES["wave"](0.2), prop)
    faces = of_part(figure, Part.PROP)
    assert bool(faces) == (prop != "none")
    if faces:
        hands = points(gymnast(CLIP_POSES["wave"](0.2)))
        nearest = min(
            np.abs(hands - point).max(1).min() for face in faces for point in points(figure)[list(face)]
        )
        assert nearest < 0.8


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
