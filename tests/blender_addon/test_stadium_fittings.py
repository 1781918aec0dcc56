"""Fittings stand around the bowl, shine when lamps are on, and move with the show's time alone."""

from __future__ import annotations

from dataclasses import replace

import bpy
import numpy as np
import pytest
from cardstunt.blender_addon.light import LIGHTS
from cardstunt.blender_addon.nodes.clock import build_clock
from cardstunt.blender_addon.nodes.stadium_fittings import CLOTH_PLAY, FITTING, FLAGS, FLAME
from cardstunt.blender_addon.nodes.stadium_roof import LAMPS, ROOF
from cardstunt.blender_addon.stadium.fittings import board_place, build_fittings, seats_top
from cardstunt.blender_addon.stadium.follow import set_input
from cardstunt.blender_addon.stadium.plan import build_plan
from cardstunt.blender_addon.stadium.roof import build_roof
from cardstunt.kernels.bowl import Bowl, Fittings
from cardstunt.kernels.bowl_plan import behind_edge, place
from cardstunt.kernels.bowl_presets import PRESETS
from cardstunt.kernels.bowl_roof import lowest_roof, roof_arch, roof_line
from cardstunt.kernels.bowl_tiers import tier_top

pytestmark = pytest.mark.blender

SECONDS = (0.0, 0.0, 0.7)
"""Show time of the test's frames: between the first two nothing moves."""


def build(bowl: Bowl, light: str = "noon", *, roof: bool = False) -> None:
    bpy.ops.wm.read_homefile(use_factory_startup=True, use_empty=True)
    scene = bpy.context.scene
    clock = build_clock([1, 2, 3], [1, 2, 3], scene.collection, seconds=SECONDS)
    plan = build_plan(bowl, scene.collection)
    if roof:
        build_roof(bowl, plan, scene.collection)
    build_fittings(bowl, plan, LIGHTS[light], clock, scene.collection)
    scene.frame_set(1)


def matrices(name: str) -> np.ndarray:
    """Return the places of an object's instances: (N, 4, 4)."""
    graph = bpy.context.evaluated_depsgraph_get()
    return np.array(
        [
            np.array(instance.matrix_world)
            for instance in graph.object_instances
            if instance.is_instance and instance.parent.name == name
        ]
    )


def meshes(name: str, material: str) -> list[np.ndarray]:
    """Return the vertices of an object's instances of a material, each mesh once, in their order."""
    graph = bpy.context.evaluated_depsgraph_get()
    found: dict[bytes, np.ndarray] = {}
    for instance in graph.object_instances:
        if not instance.is_instance or instance.parent.name != name:
            continue
        mesh = instance.object.data
        if material in [paint.name for paint in mesh.materials if paint]:
            places = np.empty(3 * len(mesh.vertices), np.float32)
            mesh.vertices.foreach_get("co", places)
            found.setdefault(places.tobytes(), places.reshape(-1, 3))
    return list(found.values())


def shine(material: str) -> float:
    return float(bpy.data.materials[material].node_tree.nodes["Shine"].inputs["Strength"].default_value)


def waves() -> list[np.ndarray]:
    """Return the vertices of the ways that flags wave, at the current frame."""
    return meshes("Flags", "Flag Cloth")


def flame() -> np.ndarray:
    return meshes("Torch Flame", "Torch Fire")[0]


def test_lamps_are_dark_by_day_and_bright_at_night():
    build(PRESETS["may_day"], "noon")
    assert shine("Lamps") == 0.0
    build(PRESETS["may_day"], "night")
    assert shine("Lamps") > 5.0


def test_a_screen_shines_by_day_too_and_outshines_its_surroundings_at_night():
    build(PRESETS["may_day"], "noon")
    by_day = shine("Scoreboard Screen")
    assert 0.05 < by_day < 1.0
    build(PRESETS["may_day"], "night")
    assert shine("Scoreboard Screen") > 2 * by_day


@pytest.mark.parametrize("preset", ["may_day", "olympic", "football"])
def test_lamps_hang_at_the_roofs_inner_edge(preset):
    bowl = PRESETS[preset]
    build(bowl)
    found = matrices("Floodlights")
    count = bowl.fittings.floodlights
    assert len(found) == count
    around = (np.arange(count) + 0.5) / count
    depth, height = roof_line(bowl, 0.0, roof_arch(bowl, around))
    x, y, _ = place(bowl.plan, around, depth)
    np.testing.assert_allclose(found[:, :3, 3], np.stack([x, y, height], -1), atol=3.0)
    assert (found[:, 2, 3] < height).all()


def test_lamps_look_at_the_field():
    for preset in ("football", "cricket"):
        build(PRESETS[preset])
        found = matrices("Floodlights")
        ahead, places = found[:, :2, 0], found[:, :2, 3]
        assert ((ahead * -places).sum(1) > 0.5 * np.hypot(*places.T)).all()
        np.testing.assert_allclose(found[:, 2, 2], 1.0, atol=1e-5)


def test_masts_stand_behind_the_rim_where_the_roof_is_only_partial():
    bowl = PRESETS["cricket"]
    build(bowl)
    places = matrices("Floodlights")[:, :3, 3]
    _, depth = behind_edge(bowl.plan, places[:, 0], places[:, 1])
    assert len(places) == bowl.fittings.floodlights
    assert (depth > bowl.rim).all()
    assert bpy.data.objects["Floodlight Mast"].dimensions.z > bowl.fittings.floodlight_height


def test_lamps_follow_the_roof_that_an_artist_changes():
    build(PRESETS["olympic"], roof=True)
    before = matrices("Floodlights")[:, 2, 3]
    set_input(bpy.data.objects["Roof"].modifiers[ROOF], "Height", PRESETS["olympic"].roof.height + 7.0)
    np.testing.assert_allclose(matrices("Floodlights")[:, 2, 3], before + 7.0, atol=0.01)


def test_all_that_stands_around_follows_the_plan():
    bowl = PRESETS["may_day"]
    build(bowl)
    before = {name: matrices(name)[0, 1, 3] for name in ("Scoreboard Frame 1", "Torch", "Flags")}
    set_input(bpy.data.objects["Plan"].modifiers[0], "Half Length", bowl.plan.half_length + 30.0)
    assert matrices("Scoreboard Frame 1")[0, 1, 3] == pytest.approx(
        before["Scoreboard Frame 1"] - 30.0, abs=0.1
    )
    assert matrices("Torch")[0, 1, 3] == pytest.approx(before["Torch"] + 30.0, abs=0.1)


def test_flags_wave_with_the_shows_time_and_are_still_when_it_stands():
    build(PRESETS["may_day"])
    scene = bpy.context.scene
    first = waves()[0]
    scene.frame_set(2)
    np.testing.assert_array_equal(waves()[0], first)
    scene.frame_set(3)
    assert np.abs(waves()[0] - first).max() > 0.1
    scene.frame_set(1)
    np.testing.assert_array_equal(waves()[0], first)


def test_a_flag_holds_to_its_pole_and_neighbours_wave_unlike():
    build(PRESETS["may_day"])
    one, other = waves()[:2]
    held = one[:, 0] < 1e-6
    assert np.abs(one[held, 1]).max() < 1e-5
    assert np.abs(one - other).max() > 0.1
    bpy.context.scene.frame_set(3)
    assert np.abs(waves()[0][held] - one[held]).max() < 1e-5


def test_fire_flickers_with_the_shows_time_and_stays_in_its_bowl():
    build(PRESETS["may_day"])
    scene = bpy.context.scene
    first = flame()
    scene.frame_set(2)
    np.testing.assert_array_equal(flame(), first)
    scene.frame_set(3)
    later = flame()
    assert np.abs(later - first).max() > 0.1
    low = bpy.data.objects["Torch Flame"].data
    foot = np.array([vertex.index for vertex in low.vertices if vertex.co.z == 0.0])
    assert np.abs(later[foot] - first[foot]).max() < 1e-4


@pytest.mark.parametrize("preset", [name for name, bowl in PRESETS.items() if bowl.fittings.scoreboards])
def test_scoreboards_stand_clear_of_people_and_roof(preset):
    bowl = PRESETS[preset]
    for around in (0.75, 0.25)[: bowl.fittings.scoreboards]:
        board = board_place(bowl, around)
        assert board.tall > 3.0
        bottom = board.height + board.legs
        assert bottom > seats_top(bowl, around, board.depth + 3.0) + 2.5
        if bowl.roof.kind != "none" and bowl.roof.first <= around - 1.0 + (around < bowl.roof.last):
            assert bottom + board.tall < float(lowest_roof(bowl, board.depth))


def test_a_scoreboard_shows_a_picture_the_right_way_round():
    build(PRESETS["football"])
    mesh = bpy.data.objects["Scoreboard Screen Model 1"].data
    laid = [tuple(entry.vector) for entry in mesh.attributes["screen"].data]
    places = [tuple(vertex.co) for vertex in mesh.vertices]
    by_place = dict(zip(places, laid, strict=True))
    # The board looks along X: who stands before it and looks back has its Y on the right.
    right = max(places, key=lambda co: (co[1], co[2]))
    assert by_place[right][:2] == pytest.approx((1.0, 1.0))


def test_seats_reach_no_higher_than_their_tier():
    bowl = PRESETS["college_stand"]
    assert seats_top(bowl, 0.0) == pytest.approx(tier_top(bowl.tiers[0], bowl.focus))
    assert seats_top(bowl, 0.5) == 0.0
    assert seats_top(bowl, 0.0, bowl.tiers[0].row_pitch) == pytest.approx(bowl.tiers[0].front_height)


def test_a_bowl_without_fittings_gets_none_of_them():
    bowl = replace(
        PRESETS["may_day"], fittings=Fittings(floodlights=0, scoreboards=0, tunnel=False, torch=False)
    )
    build(bowl)
    names = {thing.name for thing in bpy.data.objects}
    assert not names & {"Floodlights", "Scoreboard Frame 1", "Tunnel", "Torch", "Torch Flame"}


@pytest.mark.parametrize("preset", sorted(PRESETS))
def test_every_preset_is_fitted_cheaply(preset):
    build(PRESETS[preset], "dusk")
    modifiers = [modifier.name for thing in bpy.data.objects for modifier in thing.modifiers]
    assert {name for name in modifiers if name.startswith("Stadium")} <= {
        "Stadium Plan",
        CLOTH_PLAY,
        FITTING,
        FLAGS,
        FLAME,
        LAMPS,
    }
    graph = bpy.context.evaluated_depsgraph_get()
    seen = [instance.object for instance in graph.object_instances if instance.object.type == "MESH"]
    assert sum(len(thing.data.polygons) for thing in seen) < 60_000
