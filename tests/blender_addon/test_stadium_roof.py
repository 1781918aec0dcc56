"""Roofs in Geometry Nodes lie where the kernels say, clear the people below, and follow their inputs."""

from __future__ import annotations

from dataclasses import replace

import bpy
import numpy as np
import pytest
from cardstunt.blender_addon.nodes.arena_materials import ACROSS, BAY
from cardstunt.blender_addon.nodes.stadium_roof import FRAME, ROOF
from cardstunt.blender_addon.stadium.follow import get_input, set_input
from cardstunt.blender_addon.stadium.plan import build_plan
from cardstunt.blender_addon.stadium.roof import build_roof, truss_depth
from cardstunt.kernels.bowl import Bowl
from cardstunt.kernels.bowl_plan import behind_edge, place
from cardstunt.kernels.bowl_presets import PRESETS
from cardstunt.kernels.bowl_roof import roof_arch, roof_line
from cardstunt.kernels.bowl_tiers import HEAD_ROOM, row_depths, row_heights

pytestmark = pytest.mark.blender

ROOFED = [name for name, bowl in PRESETS.items() if bowl.roof.kind != "none"]


def build(bowl: Bowl) -> None:
    bpy.ops.wm.read_homefile(use_factory_startup=True, use_empty=True)
    collection = bpy.context.scene.collection
    build_roof(bowl, build_plan(bowl, collection), collection)


def evaluated(name: str) -> bpy.types.Mesh:
    return bpy.data.objects[name].evaluated_get(bpy.context.evaluated_depsgraph_get()).data


def vertices(name: str) -> np.ndarray:
    mesh = evaluated(name)
    places = np.empty(3 * len(mesh.vertices), np.float32)
    mesh.vertices.foreach_get("co", places)
    return places.reshape(-1, 3).astype(np.float64)


def shares(bowl: Bowl) -> tuple[np.ndarray, np.ndarray]:
    """Where the skin says that its vertices lie: around the bowl, and from the inner edge to the outer."""
    mesh = evaluated("Roof")
    found = []
    for name in (BAY, ACROSS):
        values = np.empty(len(mesh.vertices), np.float32)
        mesh.attributes[name].data.foreach_get("value", values)
        found.append(values.astype(np.float64))
    return found[0] / bowl.roof.bays, found[1]


@pytest.mark.parametrize("preset", ROOFED)
def test_the_skin_lies_on_the_kernels_line(preset):
    bowl = PRESETS[preset]
    build(bowl)
    around, across = shares(bowl)
    depth, height = roof_line(bowl, across, roof_arch(bowl, around))
    x, y, _ = place(bowl.plan, around, depth)
    np.testing.assert_allclose(vertices("Roof"), np.stack([x, y, height], -1), atol=0.02)


@pytest.mark.parametrize("preset", ROOFED)
def test_the_skin_spans_the_whole_roof(preset):
    bowl = PRESETS[preset]
    build(bowl)
    around, across = shares(bowl)
    assert (across.min(), across.max()) == (0.0, 1.0)
    assert around.min() == pytest.approx(bowl.roof.first, abs=1e-5)
    assert around.max() == pytest.approx(bowl.roof.last, abs=1e-5)


@pytest.mark.parametrize("preset", ROOFED)
def test_nothing_hangs_into_the_people_of_any_row(preset):
    bowl = PRESETS[preset]
    build(bowl)
    mesh, places = evaluated("Roof Frame"), vertices("Roof Frame")
    # Masts and columns stand behind the last row; halfway along its edges a beam is as low as at its ends.
    ends = np.empty(2 * len(mesh.edges), np.int32)
    mesh.edges.foreach_get("vertices", ends)
    middles = places[ends.reshape(-1, 2)].mean(1)
    around, depth = behind_edge(bowl.plan, middles[:, 0], middles[:, 1])
    for tier in bowl.tiers:
        over = (around - tier.first) % 1.0 <= tier.last - tier.first
        depths = row_depths(tier)
        over &= (depth >= depths[0]) & (depth <= depths[-1])
        floor = np.interp(depth[over], depths, row_heights(tier, bowl.focus))
        assert np.min(middles[over, 2] - floor, initial=np.inf) > HEAD_ROOM


@pytest.mark.parametrize("preset", ROOFED)
def test_a_roof_is_more_than_a_sheet(preset):
    bowl = PRESETS[preset]
    build(bowl)
    skin, frame = vertices("Roof"), vertices("Roof Frame")
    inner = np.hypot(*skin[shares(bowl)[1] == 0.0][:, :2].T).min()
    near_edge = frame[np.abs(np.hypot(*frame[:, :2].T) - inner) < 3.0]
    assert np.ptp(near_edge[:, 2]) > 0.5
    assert len(evaluated("Roof").polygons) + len(evaluated("Roof Frame").polygons) < 200_000


def test_all_faces_of_the_skin_look_up():
    for preset in ("may_day", "olympic", "football"):
        build(PRESETS[preset])
        mesh = evaluated("Roof")
        normals = np.empty(3 * len(mesh.polygons), np.float32)
        mesh.polygons.foreach_get("normal", normals)
        assert (normals[2::3] > -0.2).all()


def test_a_bowl_without_a_roof_gets_none():
    build(PRESETS["college_stand"])
    assert "Roof" not in bpy.data.objects


def test_an_artist_changes_the_roof_and_its_frame_together():
    build(PRESETS["may_day"])
    modifier = bpy.data.objects["Roof"].modifiers[ROOF]
    before, frame = vertices("Roof"), vertices("Roof Frame")
    set_input(modifier, "Height", get_input(modifier, "Height") + 10.0)
    assert vertices("Roof")[:, 2].max() == pytest.approx(before[:, 2].max() + 10.0, abs=0.01)
    assert vertices("Roof Frame")[:, 2].max() > frame[:, 2].max() + 8.0
    set_input(modifier, "Bays", 8)
    assert len(vertices("Roof")) < 0.6 * len(before)
    assert len(vertices("Roof Frame")) < 0.6 * len(frame)


def test_a_share_of_the_way_makes_a_part_of_a_roof():
    whole = PRESETS["olympic"]
    bowl = replace(whole, roof=replace(whole.roof, first=-0.2, last=0.2))
    build(bowl)
    around, _ = shares(bowl)
    assert (around.min(), around.max()) == pytest.approx((-0.2, 0.2), abs=1e-5)
    east = vertices("Roof Frame")
    assert east[:, 0].min() > -5.0


def test_the_roof_follows_the_plan():
    bowl = PRESETS["football"]
    build(bowl)
    before = np.ptp(vertices("Roof")[:, 0])
    plan = bpy.data.objects["Plan"]
    set_input(plan.modifiers[0], "Half Width", bowl.plan.half_width + 15.0)
    assert np.ptp(vertices("Roof")[:, 0]) == pytest.approx(before + 30.0, abs=0.5)


def test_the_frame_draws_no_hard_stripes_on_the_picture():
    build(PRESETS["may_day"])
    assert not bpy.data.objects["Roof Frame"].visible_shadow
    assert bpy.data.objects["Roof Frame"].modifiers[FRAME].node_group is not None
    assert bpy.data.objects["Roof"].visible_shadow


def test_trusses_are_thinner_where_heads_are_near():
    bowl = PRESETS["may_day"]
    low = replace(bowl, roof=replace(bowl.roof, height=bowl.roof.height - 12.0))
    assert 0.3 <= truss_depth(low) < truss_depth(bowl)
