"""The spectators in Blender: there, alive, on their tiers, and the same every time."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace

import bpy
import numpy as np
import pytest
from cardstunt.blender_addon.crowd.places import Wish, spectators_of
from cardstunt.blender_addon.crowd.spectators import build_spectators
from cardstunt.blender_addon.crowd.tiles import PHASES, Level
from cardstunt.blender_addon.meshes import point_object
from cardstunt.blender_addon.nodes import crowd_materials
from cardstunt.blender_addon.nodes.clock import build_clock
from cardstunt.blender_addon.nodes.spectators import FLASH_SECONDS
from cardstunt.blender_addon.nodes.stadium_rows import MODIFIER, tier_interface
from cardstunt.blender_addon.nodes.tree import Tree
from cardstunt.blender_addon.stadium.follow import set_input
from cardstunt.blender_addon.stadium.plan import build_plan
from cardstunt.blender_addon.stadium.tiers import tier_values
from cardstunt.kernels.bowl import Bowl, Floor, Plan, Roof, Tier
from cardstunt.kernels.film_views import FilmViews, joined
from cardstunt.kernels.spectators import STANDS
from cardstunt.scenes.schema_stadium import Spectators
from scipy.spatial import KDTree

pytestmark = pytest.mark.blender

BOWL = Bowl(
    plan=Plan("ellipse", 30.0, 45.0),
    tiers=(
        Tier(rows=8, row_pitch=0.8, depth=0.0, front_height=1.5, c_value=0.09),
        Tier(rows=5, row_pitch=0.85, depth=9.0, front_height=9.0, c_value=0.09),
    ),
    roof=Roof(),
    floor=Floor("court", 20.0, 30.0),
)
SECONDS = (0.0, 0.05, 0.1, 3.0, 3.05, 30.0, 60.0, 60.0)  # show time of the frames, from 1
FIRST_AGAIN, LAST, LAST_HELD = 1, 7, 8
SECTION = SimpleNamespace(columns=20, seats=SimpleNamespace(arc=None, file=None))
FREE = 20 * BOWL.holder_width / 2 + 0.6


def view(place, forward, right, up):
    return FilmViews(*(np.array([each], float) for each in (place, forward, right, up, (1.0, 1.0))))


VIEWS = joined(
    [
        view((0, 0, 260), (0, 0, -1), (1, 0, 0), (0, 1, 0)),
        view((-25, 0, 3), (-1, 0, 0), (0, 1, 0), (0, 0, 1)),
    ]
)


@dataclass
class Crowd:
    """The people that the current frame shows."""

    matrix: np.ndarray
    model: np.ndarray  # names of the instances' meshes
    vertices: dict[str, np.ndarray]
    person: np.ndarray

    @property
    def places(self):
        return self.matrix[:, :3, 3]


def build(lamps=0.0, spectators=None, section=SECTION, seats=None, detail="standard"):
    bpy.ops.wm.read_homefile(use_factory_startup=True, use_empty=True)
    scene = bpy.context.scene
    root = scene.collection
    frames = list(range(1, len(SECONDS) + 1))
    clock = build_clock(frames, frames, root, seconds=SECONDS)
    plan = build_plan(BOWL, root)
    tree = Tree.geometry("Only Inputs")
    tree.interface("Geometry", "NodeSocketGeometry")
    tier_interface(tree)
    tree.interface("Geometry", "NodeSocketGeometry", "OUTPUT")
    tree.finish(tree.group_input().outputs["Geometry"])
    tiers = []
    for number, tier in enumerate(BOWL.tiers, 1):
        thing = point_object(f"Tier {number}", np.zeros((0, 3)), root)
        modifier = thing.modifiers.new(MODIFIER, "NODES")
        modifier.node_group = tree.tree
        for name, value in tier_values(BOWL, tier, plan, FREE).items():
            set_input(modifier, name, value)
        tiers.append(thing)
    given = spectators or Spectators(share="80 %", standing="10 %", waving="10 %")
    light = SimpleNamespace(lamps=lamps, luminance=1000.0)
    stadium = SimpleNamespace(spectators=given)
    count = build_spectators(BOWL, tiers, stadium, section, seats, VIEWS, light, detail, 7, clock, root)
    scene.frame_set(1)
    return count


def numbers(cloud, name, width=1, item="value", dtype=np.float32):
    data = cloud.attributes[name].data
    values = np.empty(len(data) * width, dtype)
    data.foreach_get(item, values)
    return values.reshape(-1, width) if width > 1 else values


def shown(frame):
    """Everything that the spectators' object instances at a frame, people and lights."""
    bpy.context.scene.frame_set(frame)
    graph = bpy.context.evaluated_depsgraph_get()
    geometry = bpy.data.objects["Spectators"].evaluated_get(graph).evaluated_geometry()
    cloud = geometry.instances_pointcloud()
    matrix = numbers(cloud, "instance_transform", 16).reshape(-1, 4, 4).transpose(0, 2, 1)
    references = geometry.instance_references()
    index = numbers(cloud, ".reference_index", dtype=np.int32)
    model, vertices = [], {}
    for number in index.tolist():
        mesh = references[number].mesh
        places = np.empty(3 * len(mesh.vertices), np.float32)
        mesh.vertices.foreach_get("co", places)
        # All poses of one model have its name.
        key = f"{references[number].name} {hash(places.tobytes())}"
        vertices[key] = places.reshape(-1, 3)
        model.append(key)
    return Crowd(matrix.copy(), np.array(model), vertices, numbers(cloud, "person").copy())


def people(crowd):
    """Which of what is shown are people."""
    return np.array([name.startswith("Spectators") for name in crowd.model])


def lights(frame):
    crowd = shown(frame)
    return crowd.places[~people(crowd)]


@pytest.fixture(scope="module")
def blend(tmp_path_factory):
    """A built file, and how many people the builder says there are."""
    path = tmp_path_factory.mktemp("crowd") / "crowd.blend"
    count = build()
    bpy.ops.wm.save_as_mainfile(filepath=str(path), compress=True)
    return path, count


@pytest.fixture
def built(blend):
    path, count = blend
    bpy.ops.wm.open_mainfile(filepath=str(path))
    return count


def expected():
    wish = Wish(dict.fromkeys(STANDS, 0.8), 0.1)
    return [spectators_of(BOWL, tier, wish, VIEWS, 7, FREE) for tier in range(2)]


def test_all_are_there_and_where_the_kernels_seat_them(built):
    crowd, tiles = shown(1), expected()
    assert people(crowd).all()  # by day nothing flashes
    assert built == sum(int(some.taken.sum()) for some in tiles)
    places = np.concatenate([some.places for some in tiles])
    assert len(crowd.matrix) == len(places)
    for one, other in ((crowd.places, places), (places, crowd.places)):
        distance, _ = KDTree(other).query(one)
        assert distance.max() < 0.02
    # Each tile's mesh holds as many people as the kernels seat there.
    words = [name.split() for name in crowd.model]
    assert sum(int(word[3]) for word in words) == built
    levels = {word[1] for word in words}
    assert levels == {level.name.title() for level in {Level(n) for some in tiles for n in some.level}}
    assert len(levels) >= 3


def test_people_look_at_the_field(built):
    crowd = shown(1)
    ahead = crowd.matrix[:, :2, 0]
    inwards = -crowd.places[:, :2] / np.linalg.norm(crowd.places[:, :2], axis=1, keepdims=True)
    assert (np.sum(ahead * inwards, axis=1) > 0.85).all()
    np.testing.assert_allclose(crowd.matrix[:, :3, 2], np.tile([0, 0, 1], (len(crowd.matrix), 1)), atol=1e-6)


def test_nobody_is_in_the_card_section(built):
    crowd = shown(3)
    for place, name in zip(crowd.matrix, crowd.model, strict=True):
        if place[0, 3] > 0:
            across = crowd.vertices[name] @ place[:3, :3].T + place[:3, 3]
            # An arm may reach over the aisle.
            assert np.abs(np.median(across[:, 1])) > FREE


def test_few_move_in_a_moment_and_nearly_all_in_a_while(built):
    at = [shown(frame) for frame in (1, 2, 4, 6)]
    for crowd in at:
        np.testing.assert_array_equal(crowd.places, at[0].places)
    moment, seconds, while_ = (np.mean(crowd.model != at[0].model) for crowd in at[1:])
    assert 0.005 < moment < 0.15
    assert seconds > 0.5
    assert while_ > 0.7
    # All phases are seen at once: people do not move in step.
    far = [name for name in at[0].model if name.startswith("Spectators Far 10 10 0")]
    assert len(set(far)) >= PHASES[Level.FAR]


def test_the_same_show_time_shows_the_same_however_one_comes_there(built):
    first = [shown(frame) for frame in (FIRST_AGAIN, LAST)]
    again = [shown(frame) for frame in (LAST_HELD, 4, FIRST_AGAIN)]
    for one, other in ((first[0], again[2]), (first[1], again[0])):
        np.testing.assert_array_equal(one.model, other.model)
        np.testing.assert_array_equal(one.matrix, other.matrix)


def test_those_who_should_wave_do(built):
    modifier = bpy.data.objects["Spectators"].modifiers["Spectators"]

    def raised(share):
        set_input(modifier, "Waving", share)
        count = []
        for frame in (1, 4, 6, 7):
            crowd = shown(frame)
            for name in crowd.model:
                word = name.split()
                if word[1] == "Far" and word[4] == "0":  # seated ones
                    # Nothing of those who sit is so high but raised hands, and flags.
                    count.append((crowd.vertices[name][:, 2] > 1.45).sum() / int(word[3]))
        return np.mean(count)

    none, some, many = raised(0.0), raised(0.2), raised(1.0)
    assert none < 0.25
    assert none + 0.1 < some < many - 0.5


def test_people_differ(built):
    crowd = shown(1)
    assert len(np.unique(crowd.person)) > 0.99 * len(crowd.person)
    assert len({name.split(" ")[3] for name in crowd.model}) >= 2
    mesh = bpy.data.objects["Spectators Far 10 10 0 0"].data
    tint = np.empty(len(mesh.vertices), np.float32)
    mesh.attributes["tint"].data.foreach_get("value", tint)
    assert len(np.unique(tint)) == 10


def test_shaders_read_what_meshes_and_tiles_carry(built):
    graph = bpy.context.evaluated_depsgraph_get()
    geometry = bpy.data.objects["Spectators"].evaluated_get(graph).evaluated_geometry()
    of_tiles = set(geometry.instances_pointcloud().attributes.keys())
    meshes = [
        thing.data for thing in bpy.data.collections["Spectator Models"].objects if thing.data.materials
    ]
    read = {"GEOMETRY": set(), "INSTANCER": set()}
    for mesh in meshes:
        slots = np.empty(len(mesh.polygons), np.int32)
        mesh.polygons.foreach_get("material_index", slots)
        assert slots.max() < len(mesh.materials)
        for material in mesh.materials:
            for node in material.node_tree.nodes:
                if node.bl_idname == "ShaderNodeAttribute":
                    read[node.attribute_type].add(node.attribute_name)
        assert read["GEOMETRY"] <= set(mesh.attributes.keys())
    assert read["GEOMETRY"] == {"tint"}
    assert read["INSTANCER"] == {"person", "fans", "theme"} <= of_tiles


def test_what_shines_is_as_bright_as_it_is_whatever_the_light():
    for light in (100.0, 2000.0):
        lamp = crowd_materials.glowing("Lamp", crowd_materials.FLASH / light)
        strength = lamp.node_tree.nodes["Emission"].inputs["Strength"].default_value
        assert strength * light == pytest.approx(crowd_materials.FLASH)
        assert lamp.cycles.emission_sampling == "NONE"


def test_people_follow_the_tier_as_an_artist_changes_it(built):
    before = shown(1)
    tier = bpy.data.objects["Tier 2"].modifiers[MODIFIER]
    upper = before.places[:, 2] > 8.9
    assert 0 < upper.sum() < len(upper)
    set_input(tier, "Front Height", BOWL.tiers[1].front_height + 5.0)
    raised = shown(1)
    np.testing.assert_array_equal(raised.places[~upper], before.places[~upper])
    assert (raised.places[upper, 2] > before.places[upper, 2] + 4.9).all()
    np.testing.assert_allclose(raised.places[upper, :2], before.places[upper, :2], atol=1e-3)
    set_input(tier, "Rows", 2)
    assert 0 < (shown(1).places[:, 2] > 8.9).sum() < upper.sum() / 2
    set_input(bpy.data.objects["Plan"].modifiers[0], "Half Length", 55.0)
    assert np.abs(shown(1).places[:, 1]).max() > np.abs(before.places[:, 1]).max() + 4


def test_cameras_flash_and_telephones_shine_at_night_alone():
    build(lamps=1.0, spectators=Spectators(share="100 %"))
    modifier = bpy.data.objects["Spectators"].modifiers["Spectators"]
    set_input(modifier, "Flashes", 20.0)
    set_input(modifier, "Lamps", 0.0)
    at = [lights(frame) for frame in (1, 2, 4, 6, LAST, LAST_HELD)]
    assert SECONDS[1] - SECONDS[0] < FLASH_SECONDS < SECONDS[3] - SECONDS[1]
    np.testing.assert_array_equal(at[0], at[1])
    np.testing.assert_array_equal(at[4], at[5])
    for flashes in at:
        assert 4 <= len(flashes) <= 50
    assert len(np.unique(np.concatenate([at[0], at[2], at[3], at[4]]), axis=0)) > 0.9 * sum(
        len(at[k]) for k in (0, 2, 3, 4)
    )
    # Each is before somebody's chest.
    crowd = shown(1)
    where = crowd.places[people(crowd)]
    gap = np.linalg.norm(at[0][:, None] - where, axis=-1).min(axis=1)
    assert gap.max() < 3.0
    assert gap.min() > 0.9
    set_input(modifier, "Flashes", 0.0)
    set_input(modifier, "Lamps", 40.0)
    lamps = [lights(frame) for frame in (1, 2, LAST)]
    assert 15 <= len(lamps[0]) <= 80
    kept = (np.linalg.norm(lamps[0][:, None] - lamps[1], axis=-1).min(axis=1) < 1e-4).mean()
    assert kept > 0.9  # they shine for a while
    assert lamps[0].tolist() != lamps[2].tolist()
    build(lamps=0.0)
    assert len(lights(1)) == len(lights(6)) == 0


def test_detail_says_how_many_are_made_finely(built):
    def fine():
        return sum(name.split()[1] in {"Near", "Close"} for name in shown(1).model)

    standard = fine()
    build(detail="draft")
    draft = fine()
    build(detail="final")
    assert draft < standard < fine()


def test_card_holders_elsewhere_keep_their_seats_and_the_east_is_filled():
    taken = np.array([[-33.0, y, 3.0] for y in np.arange(-5, 5, 0.5)])
    seats = SimpleNamespace(places=taken, taken=np.ones(len(taken), bool))
    section = SimpleNamespace(columns=20, seats=SimpleNamespace(arc=object(), file=None))
    build(section=section, seats=seats)
    crowd = shown(1)
    east = (crowd.places[:, 0] > 0) & (np.abs(crowd.places[:, 1]) < FREE)
    assert east.any()
    near = np.linalg.norm(crowd.places[:, None, :2] - taken[:, :2], axis=-1).min(axis=1)
    assert near.min() > 0.5


def test_an_empty_stadium_is_empty():
    assert build(lamps=1.0, spectators=Spectators(share="0 %")) == 0
    graph = bpy.context.evaluated_depsgraph_get()
    geometry = bpy.data.objects["Spectators"].evaluated_get(graph).evaluated_geometry()
    assert geometry.instances_pointcloud() is None


def test_a_show_builds_the_same_crowd_twice():
    def everything():
        build(lamps=1.0)
        crowd = shown(6)
        places = bpy.data.objects["Spectators 1"].data.attributes
        values = {
            item.name: np.array(
                [np.ravel(getattr(each, "value", getattr(each, "vector", 0))) for each in item.data]
            )
            for item in places
            if item.name in {"person", "offset", "period", "fans", "theme", "model", "number"}
        }
        return crowd, values

    (one, attributes), (other, again) = everything(), everything()
    assert one.matrix.tobytes() == other.matrix.tobytes()
    np.testing.assert_array_equal(one.model, other.model)
    assert attributes.keys() == again.keys()
    for name, values in attributes.items():
        assert values.tobytes() == again[name].tobytes(), name
