"""The stands in the nodes are the kernels' to the centimetre, keep clear of the card section, are closed."""

from __future__ import annotations

from dataclasses import dataclass, replace

import bpy
import numpy as np
import pytest
from cardstunt.blender_addon.nodes.stadium_rows import MODIFIER, seat_place, tier_interface
from cardstunt.blender_addon.nodes.tree import Tree
from cardstunt.blender_addon.stadium.follow import follow, get_input, set_input
from cardstunt.blender_addon.stadium.plan import build_plan
from cardstunt.blender_addon.stadium.tiers import build_tiers
from cardstunt.blender_addon.stadium.walls import uncovered
from cardstunt.kernels.bowl_plan import along_row, behind_edge, place, row_length
from cardstunt.kernels.bowl_presets import PRESETS
from cardstunt.kernels.bowl_seats import blocks, row_spans
from cardstunt.kernels.bowl_tiers import row_depths, row_heights, tier_top
from cardstunt.scenes.stadium import bowl_of

pytestmark = pytest.mark.blender

WITHIN = 0.02


@dataclass(frozen=True)
class Stand:
    """An evaluated tier: faces' middles, normals, areas and materials' names, and its instances' places."""

    middles: np.ndarray
    normals: np.ndarray
    areas: np.ndarray
    materials: np.ndarray
    seat: np.ndarray
    instances: np.ndarray

    def of(self, material):
        return self.middles[self.materials == material]


def evaluated(thing):
    geometry = thing.evaluated_get(bpy.context.evaluated_depsgraph_get()).evaluated_geometry()
    mesh = geometry.mesh
    count = len(mesh.polygons)
    middles, normals = np.empty(3 * count, np.float32), np.empty(3 * count, np.float32)
    mesh.polygons.foreach_get("center", middles)
    mesh.polygons.foreach_get("normal", normals)
    areas = np.empty(count, np.float32)
    mesh.polygons.foreach_get("area", areas)
    slots = np.empty(count, np.int32)
    mesh.polygons.foreach_get("material_index", slots)
    names = np.array([material.name if material else "" for material in mesh.materials])
    seat = np.empty(3 * len(mesh.vertices), np.float32)
    if "seat" in mesh.attributes:
        mesh.attributes["seat"].data.foreach_get("vector", seat)
    starts = np.empty(count, np.int32)
    mesh.polygons.foreach_get("loop_start", starts)
    corners = np.empty(len(mesh.loops), np.int32)
    mesh.loops.foreach_get("vertex_index", corners)
    corner_seats = seat.reshape(-1, 3)[corners[starts[:, None] + np.arange(4)]]
    cloud = geometry.instances_pointcloud()
    moved = np.empty(16 * len(cloud.points) if cloud else 0, np.float32)
    if cloud:
        cloud.attributes["instance_transform"].data.foreach_get("value", moved)
    places = moved.reshape(-1, 4, 4)[:, 3, :3]
    return Stand(middles.reshape(-1, 3), normals.reshape(-1, 3), areas, names[slots], corner_seats, places)


def built(bowl, section_half_width=0.0):
    bpy.ops.wm.read_homefile(use_factory_startup=True, use_empty=True)
    plan = build_plan(bowl, bpy.context.scene.collection)
    return build_tiers(bowl, plan, section_half_width, bpy.context.scene.collection)


def on_row(bowl, tier, places):
    """Return the rows that places lie over, and how far from the row's front they are as a share."""
    _, depth = behind_edge(bowl.plan, places[:, 0], places[:, 1])
    rows = (depth - tier.depth) / tier.row_pitch
    return np.floor(rows).astype(int), rows % 1.0


@pytest.mark.parametrize("name", PRESETS)
def test_treads_lie_at_the_heights_of_the_kernels_rows(name):
    bowl = PRESETS[name]
    for tier, thing in zip(bowl.tiers, built(bowl), strict=True):
        stand = evaluated(thing)
        level = (stand.materials == "Concrete") & (np.abs(stand.normals[:, 2]) > 0.99)
        # A walk of no depth behind the last row has faces without area.
        treads = stand.middles[level & (stand.areas > 1e-6)]
        row, share = on_row(bowl, tier, treads)
        rows = (row >= 0) & (row < tier.rows)
        assert np.abs(treads[rows, 2] - row_heights(tier, bowl.focus)[row[rows]]).max() < WITHIN
        # Chords of a metre or two lie a little inside the curve that the row's middle is on.
        assert np.abs(share[rows] - 0.5).max() * tier.row_pitch < 0.1
        assert set(row[rows]) == set(range(tier.rows))
        walk = treads[row >= tier.rows]
        np.testing.assert_allclose(walk[:, 2], tier_top(tier, bowl.focus), atol=WITHIN)


@pytest.mark.parametrize("name", PRESETS)
def test_places_of_seats_are_the_kernels(name):
    bowl = PRESETS[name]
    tiers = built(bowl)
    tree = Tree.geometry("Probe")
    tree.interface("Geometry", "NodeSocketGeometry")
    inputs = tier_interface(tree)
    tree.interface("Geometry", "NodeSocketGeometry", "OUTPUT")
    index = tree.out("GeometryNodeInputIndex")
    position, heading = seat_place(tree, inputs, tree.math("MULTIPLY", index, 0.0137), index)
    points = tree.out("GeometryNodePoints", inputs["Rows"], position)
    tree.finish(tree.store(points, "heading", heading))
    for tier, source in zip(bowl.tiers, tiers, strict=True):
        thing = bpy.data.objects.new("Probe", bpy.data.meshes.new("Probe"))
        bpy.context.scene.collection.objects.link(thing)
        modifier = thing.modifiers.new("Probe", "NODES")
        modifier.node_group = tree.tree
        follow(modifier, source, source.modifiers[MODIFIER])
        geometry = thing.evaluated_get(bpy.context.evaluated_depsgraph_get()).evaluated_geometry()
        found, turned = np.empty(3 * tier.rows, np.float32), np.empty(tier.rows, np.float32)
        geometry.pointcloud.attributes["position"].data.foreach_get("vector", found)
        geometry.pointcloud.attributes["heading"].data.foreach_get("value", turned)
        x, y, expected = place(bowl.plan, np.arange(tier.rows) * 0.0137, row_depths(tier))
        wanted = np.stack([x, y, row_heights(tier, bowl.focus)], -1)
        assert np.abs(found.reshape(-1, 3) - wanted).max() < WITHIN
        assert np.abs(np.angle(np.exp(1j * (turned - expected)))).max() < 1e-3


@pytest.mark.parametrize("name", ["may_day", "football", "college_stand"])
def test_seats_lie_between_the_kernels_aisles_and_openings(name):
    bowl = PRESETS[name]
    for tier, thing in zip(bowl.tiers, built(bowl), strict=True):
        stand = evaluated(thing)
        seats = stand.materials == "Seats"
        divided = blocks(bowl, tier)
        # At the end of a block the count is that of all seats there.
        row, block = (stand.seat[seats, :, part].max(1).astype(int) for part in (1, 2))
        found = np.zeros((tier.rows, divided.count))
        np.maximum.at(found, (row, block), stand.seat[seats, :, 0].max(1))
        bounds = along_row(bowl.plan, divided.bounds, row_depths(tier)[:, None])
        wanted = np.floor((np.diff(bounds, axis=1) - tier.aisle) / bowl.seat_width)
        assert np.abs(found - wanted).max() < 1.5
        # Six faces of a seat's profile are missing in each row that an opening cuts through.
        in_row = np.bincount(row, minlength=tier.rows)
        cut = [row_spans(bowl, tier, number).shape[0] - divided.count for number in range(tier.rows)]
        np.testing.assert_array_equal(in_row.max() - in_row, 6 * np.array(cut))


@pytest.mark.parametrize("name", ["olympic", "college_stand"])
def test_aisles_and_openings_are_where_the_kernels_have_them(name):
    bowl = PRESETS[name]
    for tier, thing in zip(bowl.tiers, built(bowl), strict=True):
        stand, divided = evaluated(thing), blocks(bowl, tier)
        openings = stand.instances[_is_opening(bowl, tier, stand.instances)]
        around, depth = behind_edge(bowl.plan, openings[:, 0], openings[:, 1])
        np.testing.assert_allclose(depth, tier.depth + tier.vomitory_row * tier.row_pitch, atol=WITHIN)
        assert _apart(around[:, None], divided.vomitories).min(1).max() < 1e-3
        assert _apart(around[:, None], divided.vomitories).min(0).max() < 1e-3
        steps = stand.of("Stairs")
        around, depth = behind_edge(bowl.plan, steps[:, 0], steps[:, 1])
        metres = _apart(around[:, None], divided.aisles) * row_length(bowl.plan, 0.0)
        assert metres.min(1).max() < tier.aisle / 2 + 0.1
        assert metres.min(0).max() < tier.aisle / 2 + 0.1


def _apart(around, other):
    """Return how far shares around are from each other, the short way."""
    return np.abs((around - other + 0.5) % 1.0 - 0.5)


def test_the_card_section_has_no_stairs_rails_and_openings():
    bowl = PRESETS["may_day"]
    half = 69.35
    for tier, thing in zip(bowl.tiers, built(bowl, half), strict=True):
        stand = evaluated(thing)
        openings = stand.instances[_is_opening(bowl, tier, stand.instances)]
        rails = stand.of("Rail")
        _, behind = behind_edge(bowl.plan, rails[:, 0], rails[:, 1])
        handrails = rails[behind > tier.depth + 0.15]
        for places in (stand.of("Stairs"), handrails, openings):
            assert len(places) > 0
            east = places[places[:, 0] > 0]
            assert (np.abs(east[:, 1]) >= half).all()
            # Behind it in the west they are as everywhere.
            west = places[places[:, 0] < 0]
            assert (np.abs(west[:, 1]) < half).any()


def test_without_a_card_section_the_east_has_stairs_and_openings():
    bowl = PRESETS["may_day"]
    for tier, thing in zip(bowl.tiers, built(bowl), strict=True):
        stand = evaluated(thing)
        openings = stand.instances[_is_opening(bowl, tier, stand.instances)]
        for places in (stand.of("Stairs"), openings):
            assert ((places[:, 0] > 0) & (np.abs(places[:, 1]) < 60)).any()
        assert len(openings) == tier.vomitories


def _is_opening(bowl, tier, places):
    _, depth = behind_edge(bowl.plan, places[:, 0], places[:, 1])
    return depth > tier.depth + 1.0


@pytest.mark.parametrize(
    ("name", "value", "grows"),
    [
        ("Rows", 30, False),
        ("Row Pitch", 0.9, None),
        ("C-Value", 0.15, None),
        ("Front Height", 5.0, None),
        ("Blocks", 60, None),
        ("Vomitories", 3, None),
        ("Aisle Width", 2.0, None),
        ("Gangway", 5.0, None),
        ("Balustrade", 0.0, False),
        ("Last", 0.5, None),
    ],
)
def test_an_artist_changes_a_tier_after_building(name, value, grows):
    first, second = built(PRESETS["arena"])
    before = evaluated(first)
    set_input(first.modifiers[MODIFIER], name, value)
    after = evaluated(first)
    if grows is not None or len(before.middles) != len(after.middles):
        assert len(before.middles) != len(after.middles)
    else:
        assert np.abs(before.middles - after.middles).max() > 0.05
    # The tier above keeps its own measures.
    assert get_input(second.modifiers[MODIFIER], "Rows") == PRESETS["arena"].tiers[1].rows


def test_the_tier_above_and_the_outer_wall_follow():
    first, second = built(PRESETS["arena"])
    wall = bpy.data.objects["Outer Wall"]
    above, behind = evaluated(second), evaluated(wall)
    set_input(first.modifiers[MODIFIER], "Rows", 10)
    assert evaluated(second).of("Stand Wall")[:, 2].min() < above.of("Stand Wall")[:, 2].min() - 1.0
    set_input(second.modifiers[MODIFIER], "Rows", 30)
    assert evaluated(wall).middles[:, 2].max() > behind.middles[:, 2].max() + 2.0
    wide = evaluated(second).middles[:, 0].max()
    set_input(bpy.data.objects["Plan"].modifiers[0], "Half Width", 26.0)
    assert evaluated(second).middles[:, 0].max() == pytest.approx(wide + 10.0, abs=0.1)


def test_what_a_show_changes_of_a_preset_reaches_the_nodes(changed_show):
    changes = "preset: tribune, plan: { width: 70 m, length: 170 m }, tiers: [{ rows: 12, row_pitch: 0.9 m }]"
    show = changed_show(("stadium: { light", f"stadium: {{ {changes}, light")).show
    bowl = bowl_of(show.stadium)
    (thing,) = built(bowl)
    modifier = thing.modifiers[MODIFIER]
    assert get_input(modifier, "Rows") == 12
    assert get_input(modifier, "Row Pitch") == pytest.approx(0.9)
    seats = evaluated(thing).of("Seats")
    _, depth = behind_edge(bowl.plan, seats[:, 0], seats[:, 1])
    assert depth.max() == pytest.approx(12 * 0.9, abs=0.5)
    east = seats[(seats[:, 0] > 0) & (np.abs(seats[:, 1]) < 30)]
    assert east[:, 0].min() == pytest.approx(35.0, abs=0.7)


def test_a_tier_beside_another_stands_on_the_ground():
    bowl = PRESETS["arena"]
    lower, upper = (
        replace(tier, first=first, last=first + 0.3)
        for tier, first in zip(bowl.tiers, (0.0, 0.5), strict=True)
    )
    upper = replace(upper, depth=0.0, front_height=2.0)
    _, beside = built(replace(bowl, tiers=(lower, upper)))
    assert get_input(beside.modifiers[MODIFIER], "Lower Rows") == 0
    assert evaluated(beside).of("Stand Wall")[:, 2].min() < 0.5


@pytest.mark.parametrize("name", ["college_stand", "tribune"])
def test_a_stand_of_one_side_is_closed_all_around(name):
    bowl = PRESETS[name]
    built(bowl)
    scene, graph = bpy.context.scene, bpy.context.evaluated_depsgraph_get()
    tier = bowl.tiers[0]
    height = row_heights(tier, bowl.focus)[tier.rows // 2] - 1.0
    middle = np.array(place(bowl.plan, 0.0, tier.depth + tier.rows / 2 * tier.row_pitch)[:2])
    for share, side in ((tier.first, -1.0), (tier.last, 1.0)):
        x, y, _ = place(bowl.plan, share, tier.depth + tier.rows * 0.7 * tier.row_pitch)
        hit, where, *_ = scene.ray_cast(graph, (float(x), float(y) + 20.0 * side, height), (0.0, -side, 0.0))
        assert hit
        assert abs(where[1] - y) < 1.0
    hit, where, *_ = scene.ray_cast(graph, (float(middle[0]) + 100.0, 0.3, height), (-1.0, 0.0, 0.0))
    assert hit
    assert where[0] > bowl.plan.half_width + tier.depth + tier.rows * tier.row_pitch
    hit, where, *_ = scene.ray_cast(graph, (0.0, 0.3, 0.5), (1.0, 0.0, 0.0))
    assert hit
    assert where[0] == pytest.approx(bowl.plan.half_width, abs=0.5)


def test_the_stands_are_the_same_at_all_frames():
    things = built(PRESETS["tribune"])
    bpy.context.scene.frame_set(1)
    before = evaluated(things[0]).middles
    bpy.context.scene.frame_set(40)
    np.testing.assert_array_equal(evaluated(things[0]).middles, before)


def test_the_largest_stadium_is_not_too_heavy():
    things = built(PRESETS["may_day"], 69.35)
    assert sum(len(evaluated(thing).middles) for thing in things) < 1_200_000


def test_a_way_is_covered_by_others_in_part():
    assert uncovered((0.0, 1.0), [(0.0, 1.0)]) == []
    assert uncovered((0.0, 1.0), []) == [(0.0, 1.0)]
    pieces = uncovered((0.0, 1.0), [(-0.2, 0.2)])
    assert len(pieces) == 1
    np.testing.assert_allclose(pieces, [(0.2, 0.8)])
    pieces = uncovered((-0.3, 0.3), [(-0.1, 0.1), (0.2, 0.8)])
    np.testing.assert_allclose(sorted(pieces), [(-0.2, -0.1), (0.1, 0.2)])


def test_a_wall_stands_behind_a_tier_where_no_other_does():
    bowl = PRESETS["arena"]
    upper = replace(bowl.tiers[1], first=-0.25, last=0.25)
    built(replace(bowl, tiers=(bowl.tiers[0], upper)))
    walls = [thing for thing in bpy.context.scene.objects if thing.name.startswith("Outer Wall")]
    assert len(walls) == 2
    low, high = sorted(walls, key=lambda thing: evaluated(thing).middles[:, 2].max())
    assert evaluated(low).middles[:, 0].max() < 1.0
    assert evaluated(high).middles[:, 0].min() > -1.0 - bowl.rim
