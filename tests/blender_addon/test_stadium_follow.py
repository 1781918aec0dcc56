"""What stands on a tier follows the tier's inputs, in stock Blender and after a reload."""

from __future__ import annotations

import bpy
import numpy as np
import pytest
from cardstunt.blender_addon.nodes.stadium_rows import TIER_INPUTS, seat_place, tier_interface
from cardstunt.blender_addon.nodes.tree import Tree
from cardstunt.blender_addon.stadium.follow import follow, get_input, set_input
from cardstunt.blender_addon.stadium.plan import build_plan
from cardstunt.kernels.bowl_presets import PRESETS

pytestmark = pytest.mark.blender


def probe_tree():
    """Return a tree that puts a point on each row of a tier, at a share around of a tenth."""
    tree = Tree.geometry("Probe")
    tree.interface("Geometry", "NodeSocketGeometry")
    inputs = tier_interface(tree)
    tree.interface("Geometry", "NodeSocketGeometry", "OUTPUT")
    place, _ = seat_place(tree, inputs, 0.1, tree.out("GeometryNodeInputIndex"))
    return tree.finish(tree.out("GeometryNodePoints", inputs["Rows"], place))


def new_probe(name, tree):
    thing = bpy.data.objects.new(name, bpy.data.meshes.new(name))
    bpy.context.scene.collection.objects.link(thing)
    modifier = thing.modifiers.new("Probe", "NODES")
    modifier.node_group = tree
    return thing, modifier


def places(thing):
    geometry = thing.evaluated_get(bpy.context.evaluated_depsgraph_get()).evaluated_geometry()
    values = np.empty(3 * len(geometry.pointcloud.points), np.float32)
    geometry.pointcloud.attributes["position"].data.foreach_get("vector", values)
    return values.reshape(-1, 3)


@pytest.fixture
def pair():
    bpy.ops.wm.read_homefile(use_factory_startup=True, use_empty=True)
    tree = probe_tree()
    source, source_modifier = new_probe("Source", tree)
    target, target_modifier = new_probe("Target", tree)
    set_input(source_modifier, "Plan", build_plan(PRESETS["arena"], bpy.context.scene.collection))
    follow(target_modifier, source, source_modifier)
    return source, target


CHANGES = {"Rows": 7, "Row Pitch": 0.9, "C-Value": 0.12, "Front Height": 4.0, "Depth": 6.0, "Focus": 5.0}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_reaches_what_follows(pair, name):
    source, target = pair
    before = places(target)
    set_input(source.modifiers[0], name, CHANGES[name])
    after = places(target)
    np.testing.assert_allclose(after, places(source))
    assert len(after) != len(before) or np.abs(after - before).max() > 0.1


def test_followers_also_follow_the_plan(pair):
    source, target = pair
    before = places(target)
    set_input(bpy.data.objects["Plan"].modifiers[0], "Half Width", 30.0)
    after = places(target)
    assert np.abs(after - before).max() > 1.0
    np.testing.assert_allclose(after, places(source))


def test_following_goes_on_after_a_reload(pair, tmp_path):
    path = str(tmp_path / "place.blend")
    bpy.ops.wm.save_as_mainfile(filepath=path)
    bpy.ops.wm.read_homefile(use_factory_startup=True, use_empty=True)
    bpy.ops.wm.open_mainfile(filepath=path)
    source, target = bpy.data.objects["Source"], bpy.data.objects["Target"]
    set_input(source.modifiers[0], "Rows", 11)
    set_input(source.modifiers[0], "Depth", 20.0)
    assert len(places(target)) == 11
    np.testing.assert_allclose(places(target), places(source))


def test_no_driver_runs_python(pair):
    _, target = pair
    drivers = target.animation_data.drivers
    numbers = [item for item in TIER_INPUTS if item.kind != "NodeSocketObject"]
    assert len(drivers) == len(numbers)
    assert {curve.driver.type for curve in drivers} == {"SUM"}
    assert all(curve.is_valid and not curve.modifiers for curve in drivers)


def test_what_is_left_out_stays(pair):
    source, _ = pair
    other, modifier = new_probe("Other", source.modifiers[0].node_group)
    follow(modifier, source, source.modifiers[0], without=("Rows",))
    set_input(source.modifiers[0], "Rows", 5)
    set_input(source.modifiers[0], "Front Height", 9.0)
    assert len(places(other)) == 30
    assert places(other)[0, 2] == pytest.approx(9.0)


def test_a_prefix_names_the_inputs_of_another_tier():
    bpy.ops.wm.read_homefile(use_factory_startup=True, use_empty=True)
    tree = Tree.geometry("Upper")
    tree.interface("Geometry", "NodeSocketGeometry")
    tier_interface(tree)
    tier_interface(tree, "Lower ")
    tree.interface("Geometry", "NodeSocketGeometry", "OUTPUT")
    tree.finish(tree.group_input().outputs["Geometry"])
    source, source_modifier = new_probe("Source", probe_tree())
    upper, modifier = new_probe("Upper", tree.tree)
    set_input(source_modifier, "Rows", 17)
    follow(modifier, source, source_modifier, "Lower ")
    evaluated = upper.evaluated_get(bpy.context.evaluated_depsgraph_get()).modifiers[0]
    assert get_input(evaluated, "Lower Rows") == 17
    assert get_input(evaluated, "Rows") == 30
