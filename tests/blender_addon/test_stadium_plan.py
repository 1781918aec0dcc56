"""The plan's curve in the nodes is the kernel's, and what artists change changes it."""

from __future__ import annotations

import bpy
import numpy as np
import pytest
from cardstunt.blender_addon.nodes.stadium_plan import MODIFIER, STEPS, edge_length, plan_point
from cardstunt.blender_addon.nodes.tree import Tree
from cardstunt.blender_addon.stadium.follow import NoSuchInputError, get_input, set_input
from cardstunt.blender_addon.stadium.plan import build_plan
from cardstunt.kernels.bowl import Bowl, Floor, Plan, Roof
from cardstunt.kernels.bowl_plan import edge, place
from cardstunt.kernels.bowl_presets import PRESETS

pytestmark = pytest.mark.blender

PLANS = {name: bowl.plan for name, bowl in PRESETS.items()} | {
    "polygon": Plan(
        "polygon", 0.0, 0.0, corner=12.0, points=((60, -80), (70, 40), (0, 90), (-60, 50), (-60, -60))
    ),
    "square": Plan("rounded_rectangle", 50.0, 50.0, corner=3.0),
    "broad": Plan("athletics", 80.0, 45.0),
}
WITHIN = 0.02


def bowl_on(plan):
    return Bowl(plan, (), Roof(), Floor("parade", 1.0, 1.0))


def in_nodes(plan, around, depth):
    """Return what `plan_point` and `edge_length` say at shares and one depth."""
    tree = Tree.geometry("Probe")
    tree.interface("Geometry", "NodeSocketGeometry")
    tree.interface("Plan", "NodeSocketObject")
    tree.interface("Geometry", "NodeSocketGeometry", "OUTPUT")
    own = tree.group_input().outputs
    position, outward = plan_point(tree, own["Plan"], tree.attribute("around"), depth)
    points = tree.out("GeometryNodeMeshToPoints", own["Geometry"], None, position)
    points = tree.store(points, "outward", outward, "FLOAT_VECTOR")
    points = tree.store(points, "edge", edge_length(tree, own["Plan"]))
    mesh = bpy.data.meshes.new("Probe")
    mesh.vertices.add(len(around))
    mesh.attributes.new("around", "FLOAT", "POINT").data.foreach_set("value", around.astype(np.float32))
    thing = bpy.data.objects.new("Probe", mesh)
    bpy.context.scene.collection.objects.link(thing)
    modifier = thing.modifiers.new("Probe", "NODES")
    modifier.node_group = tree.finish(points)
    set_input(modifier, "Plan", plan)
    geometry = thing.evaluated_get(bpy.context.evaluated_depsgraph_get()).evaluated_geometry()
    cloud = geometry.pointcloud
    read = {}
    for name, width in (("position", 3), ("outward", 3), ("edge", 1)):
        values = np.empty(len(around) * width, np.float32)
        cloud.attributes[name].data.foreach_get("vector" if width == 3 else "value", values)
        read[name] = values.reshape(-1, width)
    return read["position"], read["outward"], float(read["edge"][0, 0])


@pytest.fixture(autouse=True)
def empty_scene():
    bpy.ops.wm.read_homefile(use_factory_startup=True, use_empty=True)


@pytest.mark.parametrize("name", PLANS)
@pytest.mark.parametrize("depth", [-5.0, 0.0, 70.0])
def test_places_behind_the_edge_are_the_kernels(name, depth):
    plan = PLANS[name]
    around = np.linspace(-0.6, 1.7, 997)
    position, outward, length = in_nodes(
        build_plan(bowl_on(plan), bpy.context.scene.collection), around, depth
    )
    x, y, heading = place(plan, around, depth)
    assert np.abs(position - np.stack([x, y, 0 * x], -1)).max() < WITHIN
    away = np.stack([-np.cos(heading), -np.sin(heading)], -1)
    assert np.abs(outward[:, :2] - away).max() < 1e-3
    assert length == pytest.approx(edge(plan).length, abs=0.1)


def test_the_curve_is_closed_and_in_even_steps_from_the_east():
    thing = build_plan(PRESETS["may_day"], bpy.context.scene.collection)
    geometry = thing.evaluated_get(bpy.context.evaluated_depsgraph_get()).evaluated_geometry()
    curve = geometry.curves
    points = np.empty(3 * len(curve.points), np.float32)
    curve.attributes["position"].data.foreach_get("vector", points)
    points = points.reshape(-1, 3)
    steps = np.linalg.norm(np.roll(points, -1, axis=0) - points, axis=1)
    assert len(curve.curves) == 1
    assert len(points) == STEPS
    assert curve.attributes["cyclic"].data[0].value
    np.testing.assert_allclose(steps, steps.mean(), rtol=0.01)
    np.testing.assert_allclose(points[0], (66.0, 0.0, 0.0), atol=1e-3)
    assert points[STEPS // 4, 1] > 0


@pytest.mark.parametrize(
    ("name", "value", "changed"),
    [
        ("Half Width", 70.0, Plan("superellipse", 70.0, 112.0, 2.6)),
        ("Half Length", 90.0, Plan("superellipse", 66.0, 90.0, 2.6)),
        ("Exponent", 4.0, Plan("superellipse", 66.0, 112.0, 4.0)),
        ("Shape", "Ellipse", Plan("ellipse", 66.0, 112.0)),
        ("Shape", "Athletics", Plan("athletics", 66.0, 112.0)),
    ],
)
def test_an_artist_changes_the_plan_after_building(name, value, changed):
    thing = build_plan(PRESETS["may_day"], bpy.context.scene.collection)
    set_input(thing.modifiers[MODIFIER], name, value)
    assert get_input(thing.modifiers[MODIFIER], name) == value
    around = np.linspace(0.0, 1.0, 101)
    position, _, _ = in_nodes(thing, around, 10.0)
    x, y, _ = place(changed, around, 10.0)
    assert np.abs(position[:, :2] - np.stack([x, y], -1)).max() < WITHIN


def test_corners_that_are_too_large_become_half_circles():
    thing = build_plan(
        bowl_on(Plan("rounded_rectangle", 40.0, 60.0, corner=20.0)), bpy.context.scene.collection
    )
    set_input(thing.modifiers[MODIFIER], "Corner", 500.0)
    around = np.linspace(0.0, 1.0, 101)
    position, _, _ = in_nodes(thing, around, 0.0)
    x, y, _ = place(Plan("athletics", 40.0, 60.0), around, 0.0)
    assert np.abs(position[:, :2] - np.stack([x, y], -1)).max() < WITHIN


def test_a_name_that_is_no_input_gets_those_there_are():
    thing = build_plan(PRESETS["arena"], bpy.context.scene.collection)
    with pytest.raises(NoSuchInputError, match='no input "Half Depth"; it has Shape, Half Width'):
        set_input(thing.modifiers[MODIFIER], "Half Depth", 1.0)
