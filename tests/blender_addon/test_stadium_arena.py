"""Floors of arenas have the measures that the games prescribe, and no two faces in one place."""

from __future__ import annotations

from dataclasses import replace

import bpy
import numpy as np
import pytest
from cardstunt.blender_addon.nodes.stadium_arena import PAINT, TRACK, TRACK_LEVEL
from cardstunt.blender_addon.stadium import markings
from cardstunt.blender_addon.stadium.arena import LANE, RADIUS, STRAIGHT, build_arena, pitch_of, track_radius
from cardstunt.blender_addon.stadium.follow import set_input
from cardstunt.blender_addon.stadium.markings import Paint
from cardstunt.blender_addon.stadium.plan import build_plan
from cardstunt.kernels.bowl import Bowl
from cardstunt.kernels.bowl_plan import behind_edge
from cardstunt.kernels.bowl_presets import PRESETS
from hypothesis import given
from hypothesis import strategies as st

pytestmark = pytest.mark.blender

YARD = 0.9144


def build(bowl: Bowl) -> None:
    bpy.ops.wm.read_homefile(use_factory_startup=True, use_empty=True)
    collection = bpy.context.scene.collection
    build_arena(bowl, build_plan(bowl, collection), collection)


def faces(thing: str, material: str = "") -> list[np.ndarray]:
    """Return the corners of an evaluated object's faces, or of those in one material."""
    mesh = bpy.data.objects[thing].evaluated_get(bpy.context.evaluated_depsgraph_get()).data
    names = [paint.name if paint else "" for paint in mesh.materials]
    return [
        np.array([mesh.vertices[corner].co for corner in face.vertices])
        for face in mesh.polygons
        if not material or names[face.material_index] == material
    ]


def floor_parts() -> list[str]:
    return [thing.name for thing in bpy.data.objects if thing.name != "Plan"]


def strokes(draw, *arguments: object) -> np.ndarray:
    paint = Paint(0.0, markings.FOOTBALL_LINE)
    draw(paint, *arguments)
    return np.concatenate(paint.surface.vertices)


def test_lanes_are_as_wide_as_the_rules_say():
    build(PRESETS["olympic"])
    lines = [face for face in faces("Track", "White Lines") if np.allclose(face[:, 2], TRACK_LEVEL + PAINT)]
    # Where the eastern straight crosses the middle.
    middle = [face[:, 0] for face in lines if face[:, 1].min() < 1.0 < face[:, 1].max() and face[0, 0] > 0]
    outer = np.sort([x.max() for x in middle])
    assert len(outer) == PRESETS["olympic"].floor.lanes + 1
    np.testing.assert_allclose(np.diff(outer), LANE, atol=1e-3)
    assert outer[0] == pytest.approx(RADIUS, abs=1e-3)


def test_a_round_of_the_first_lane_has_400_metres():
    assert 2 * STRAIGHT + 2 * np.pi * (RADIUS + 0.3) == pytest.approx(400.0, abs=0.02)


def test_a_narrow_arena_gets_a_tighter_track():
    bowl = PRESETS["olympic"]
    narrow = replace(bowl, plan=replace(bowl.plan, half_width=40.0))
    assert track_radius(bowl) == RADIUS
    build(narrow)
    reach = np.concatenate(faces("Track"))[:, 0].max()
    assert reach == pytest.approx(track_radius(narrow) + narrow.floor.lanes * LANE, abs=0.05)
    assert reach < 40.0


def test_an_artist_changes_the_lanes():
    build(PRESETS["olympic"])
    modifier = bpy.data.objects["Track"].modifiers[TRACK]
    before = np.concatenate(faces("Track"))[:, 0].max()
    set_input(modifier, "Lanes", PRESETS["olympic"].floor.lanes - 3)
    assert np.concatenate(faces("Track"))[:, 0].max() == pytest.approx(before - 3 * LANE, abs=0.02)


def test_starts_are_staggered_so_that_all_run_as_far():
    build(PRESETS["olympic"])
    radius, half = track_radius(PRESETS["olympic"]), STRAIGHT / 2
    # Of the southern bend's faces only the marks reach across a lane.
    found = [face for face in faces("Track", "White Lines") if face[:, 1].max() < -half - 0.5]
    out = [np.hypot(face[:, 0], face[:, 1] + half) for face in found]
    marks = [face for face, reach in zip(found, out, strict=True) if 1.0 < np.ptp(reach) < LANE]
    south = np.array([face.mean(0) for face in marks])
    reach = np.hypot(south[:, 0], south[:, 1] + half)
    lane = np.round((reach - radius) / LANE - 0.5)
    inner = radius + lane * LANE
    ahead = (np.arctan2(south[:, 1] + half, south[:, 0]) + np.pi) % (2 * np.pi) * inner
    assert set(lane) == set(range(1, PRESETS["olympic"].floor.lanes))
    np.testing.assert_allclose(ahead, 2 * np.pi * lane * LANE, atol=0.1)


@pytest.mark.parametrize(
    ("draw", "size"),
    [
        (markings.football, (68.0, 105.0)),
        (markings.gridiron, (160 / 3 * YARD, 120 * YARD)),
        (markings.court, (15.0, 28.0)),
    ],
)
def test_pitches_are_as_large_as_the_rules_say(draw, size):
    points = strokes(draw)
    assert np.ptp(points[:, :2], axis=0) == pytest.approx(size, abs=1e-6)


def test_a_penalty_area_and_the_circle_have_their_sizes():
    points = strokes(markings.football)
    circle = points[np.abs(np.hypot(points[:, 0], points[:, 1]) - 9.15) < 0.07]
    assert np.hypot(circle[:, 0], circle[:, 1]).max() == pytest.approx(9.21, abs=0.01)
    front = points[np.abs(points[:, 1] - (52.5 - 16.5)) < 1e-6]
    assert np.ptp(front[:, 0]) == pytest.approx(40.32, abs=1e-6)


@pytest.mark.parametrize(
    ("preset", "pitch"),
    [
        ("football", markings.FOOTBALL),
        ("college_stand", markings.GRIDIRON),
        ("olympic", None),
        ("tribune", None),
    ],
)
def test_a_football_floor_has_the_pitch_that_fits(preset, pitch):
    assert pitch_of(PRESETS[preset].floor) == pitch


@pytest.mark.parametrize("preset", sorted(PRESETS))
def test_no_two_faces_of_the_floor_lie_in_one_plane(preset):
    """Level sheets that overlap lie apart: whatever a point of a face lies on is lower by a hair at least."""
    build(PRESETS[preset])
    level = [
        face
        for name in floor_parts()
        for face in faces(name)
        if np.ptp(face[:, 2]) < 1e-6 and np.ptp(face[:, :2], axis=0).min() > 1e-4
    ]
    heights = np.array([face[0, 2] for face in level])
    low = np.array([face[:, :2].min(0) for face in level])
    high = np.array([face[:, :2].max(0) for face in level])
    for number, face in enumerate(level):
        middle = face[:, :2].mean(0)
        near = ((low < middle) & (middle < high)).all(1) & (np.abs(heights - heights[number]) < 5e-4)
        near[number] = False
        for other in np.flatnonzero(near):
            assert not inside(level[other][:, :2], middle), (preset, face, level[other])


def inside(corners: np.ndarray, point: np.ndarray) -> bool:
    """Tell whether a convex face covers a point."""
    ahead = np.roll(corners, -1, axis=0) - corners
    to = point - corners
    turn = ahead[:, 0] * to[:, 1] - ahead[:, 1] * to[:, 0]
    return bool((turn > 1e-6).all() or (turn < -1e-6).all())


@pytest.mark.parametrize("preset", sorted(PRESETS))
def test_the_floor_ends_at_the_stands(preset):
    bowl = PRESETS[preset]
    build(bowl)
    places = np.concatenate([face for name in floor_parts() for face in faces(name)])
    _, depth = behind_edge(bowl.plan, places[:, 0], places[:, 1])
    # Near the middle the depth is not told; there it cannot reach the stands.
    rim = np.hypot(places[:, 0], places[:, 1]) > 0.5 * min(bowl.plan.half_width, bowl.plan.half_length)
    assert depth[rim].max() < 0.06
    assert np.abs(places[:, 2]).max() < 0.1


@pytest.mark.parametrize("preset", sorted(PRESETS))
def test_the_floor_looks_up(preset):
    build(PRESETS[preset])
    for name in floor_parts():
        mesh = bpy.data.objects[name].evaluated_get(bpy.context.evaluated_depsgraph_get()).data
        # Kerb and finish are beams, which have an underside.
        sheets = [
            number for number, paint in enumerate(mesh.materials) if paint and "Lines" not in paint.name
        ]
        down = [face.index for face in mesh.polygons if face.normal.z < 0 and face.material_index in sheets]
        assert not down, name


def test_the_apron_follows_the_plan():
    bowl = PRESETS["may_day"]
    build(bowl)
    set_input(bpy.data.objects["Plan"].modifiers[0], "Half Length", bowl.plan.half_length + 20.0)
    reach = np.concatenate(faces("Arena Apron"))[:, 1].max()
    assert reach == pytest.approx(bowl.plan.half_length + 20.0, abs=0.1)


@given(
    turn=st.floats(-3.0, 3.0),
    first=st.floats(0.5, 50.0),
    second=st.floats(0.5, 50.0),
    bend=st.floats(-2.4, 2.4),
)
def test_a_stroke_is_as_wide_as_its_line_on_both_legs(turn, first, second, bend):
    paint = Paint(0.0, 0.1)
    corner = first * np.array([np.cos(turn), np.sin(turn)])
    end = corner + second * np.array([np.cos(turn + bend), np.sin(turn + bend)])
    paint.stroke(np.array([np.zeros(2), corner, end]))
    right, left = paint.surface.vertices
    for leg in range(2):
        ahead = (np.array([corner, end - corner])[leg]) / (first, second)[leg]
        across = left[leg : leg + 2, :2] - right[leg : leg + 2, :2]
        wide = ahead[0] * across[:, 1] - ahead[1] * across[:, 0]
        np.testing.assert_allclose(wide, 0.1, atol=1e-6)


def test_parade_dots_are_two_metres_apart():
    paint = Paint(0.0, 0.1)
    markings.parade(paint, 10.0, 20.0)
    small = np.concatenate(paint.surface.vertices)[:, :2]
    cells = {tuple(cell) for cell in np.round(small[np.abs(small).max(1) < 20.3] / 2).astype(int)}
    assert {(x, y) for x in range(-5, 6) for y in range(-10, 11)} <= cells
