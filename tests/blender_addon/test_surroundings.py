"""What lies around the stadium: traffic by show time, lamps by the light, counts by detail."""

from __future__ import annotations

from dataclasses import replace

import bpy
import numpy as np
import pytest
from cardstunt.blender_addon.light import LIGHTS
from cardstunt.blender_addon.nodes.clock import build_clock
from cardstunt.blender_addon.stadium.follow import set_input
from cardstunt.blender_addon.surroundings.building_models import MAKERS
from cardstunt.blender_addon.surroundings.city import FULLNESS, build_surroundings
from cardstunt.blender_addon.surroundings.ground import ROADS
from cardstunt.blender_addon.surroundings.tree_models import grove_models, tree_models
from cardstunt.kernels.bowl import Bowl, Floor, Plan, Roof, Tier
from cardstunt.kernels.city import SHAPES, STOREY, Model, build_city
from cardstunt.kernels.city_site import CARRIAGEWAY, Road
from cardstunt.kernels.city_traffic import BUS, CARS, WALKERS, traffic
from cardstunt.kernels.city_trees import GROVES, MODELS

pytestmark = pytest.mark.blender

BOWL = Bowl(
    Plan("ellipse", 60.0, 80.0),
    (Tier(20, 0.8, 0.0, 2.5, 0.06),),
    Roof("ring", 20.0, 5.0, 30.0),
    Floor("football", 34, 52),
)
SEED = 7
SECONDS = (0.0, 0.75, 2.0)


def build(light: str = "golden_hour", detail: str = "draft", kind: str = "city") -> bpy.types.Scene:
    bpy.ops.wm.read_homefile(use_factory_startup=True, use_empty=True)
    scene = bpy.context.scene
    clock = build_clock((1, 2, 3), (1, 2, 3), scene.collection, seconds=SECONDS)
    collection = bpy.data.collections.new("Surroundings")
    scene.collection.children.link(collection)
    build_surroundings(BOWL, LIGHTS[light], SEED, detail, clock, collection, kind=kind)
    return scene


def instances(scene: bpy.types.Scene, of: str) -> np.ndarray:
    """World matrices of the instances that an object's modifier makes, in order."""
    depsgraph = bpy.context.evaluated_depsgraph_get()
    return np.array(
        [
            np.array(instance.matrix_world)
            for instance in depsgraph.object_instances
            if instance.is_instance and instance.parent.name == of
        ]
    )


def test_vehicles_are_where_show_time_puts_them_on_their_roads():
    scene = build()
    city = build_city(BOWL, SEED)
    cars = traffic(city, FULLNESS["draft"])
    for frame, seconds in enumerate(SECONDS, start=1):
        scene.frame_set(frame)
        matrices = instances(scene, "Traffic")
        assert len(matrices) == len(cars) > 500
        along = (cars.offset + cars.speed * seconds) % cars.length
        for number in range(0, len(cars), 41):
            line = cars.lanes.line(int(cars.lane[number]))
            steps = np.hypot(*np.diff(line, axis=0).T)
            at = np.concatenate([[0.0], np.cumsum(steps)])
            place = [np.interp(along[number], at, line[:, axis]) for axis in (0, 1)]
            assert matrices[number, :2, 3] == pytest.approx(place, abs=0.05)
            assert matrices[number, 2, 3] == pytest.approx(
                ROADS[Road(int(cars.lanes.kind[cars.lane[number]]))]
            )
            piece = min(int(np.searchsorted(at, along[number], side="right")) - 1, len(steps) - 1)
            forward = (line[piece + 1] - line[piece]) / steps[piece]
            assert matrices[number, :2, 0] @ forward > 0.99


def test_traffic_stops_by_its_input():
    scene = build()
    modifier = bpy.data.objects["Traffic"].modifiers[0]
    scene.frame_set(1)
    before = instances(scene, "Traffic")
    set_input(modifier, "Speed", 0.0)
    scene.frame_set(3)
    assert np.array_equal(instances(scene, "Traffic"), before)


def test_vehicles_lamps_and_people_have_their_true_size():
    build()
    sizes = {thing.name: thing.dimensions for thing in bpy.data.objects if thing.type == "MESH"}
    lengths = [sizes[f"Vehicle {number}"].x for number in range(CARS + 2)]
    assert all(3.5 < length < 4.9 for length in lengths[:CARS])
    assert lengths[BUS] == pytest.approx(12, abs=0.1)
    assert all(1.3 < sizes[f"Vehicle {number}"].z < 3.2 for number in range(CARS + 2))
    assert all(1.5 < sizes[f"Stroller {number}"].z < 1.9 for number in range(WALKERS))
    assert 8 < sizes["Lamp 0"].z < 10


def test_people_walk_by_show_time():
    scene = build(kind="none")
    scene.frame_set(1)
    before = instances(scene, "Strollers")[:, :2, 3]
    scene.frame_set(3)
    after = instances(scene, "Strollers")[:, :2, 3]
    moved = np.hypot(*(after - before).T)
    # Those who have reached their way's end begin it anew.
    assert np.median(moved) == pytest.approx(1.3 * SECONDS[2], abs=0.15)
    assert (moved > 0.9 * SECONDS[2]).all()


def emissions(material: bpy.types.Material) -> list[bpy.types.Node]:
    return [node for node in material.node_tree.nodes if node.bl_idname == "ShaderNodeEmission"]


def strengths(light: str) -> dict[str, tuple[float, ...]]:
    """What each of the city's lamps shines with."""
    build(light)
    return {
        name: tuple(node.inputs["Color"].default_value[:3])
        for name in ("Headlights", "Tail Lights", "Street Lamps")
        for node in emissions(bpy.data.materials[name])
    }


def test_lamps_and_windows_shine_by_the_light_alone(monkeypatch):
    assert strengths("golden_hour") == {}
    windows = [
        node for node in bpy.data.materials["City Walls"].node_tree.nodes if "WhiteNoise" in node.bl_idname
    ]
    assert windows == []
    assert emissions(bpy.data.materials["Road Avenue"]) == []
    night = strengths("night")
    windows = [
        node for node in bpy.data.materials["City Walls"].node_tree.nodes if "WhiteNoise" in node.bl_idname
    ]
    assert len(windows) == 1
    assert len(emissions(bpy.data.materials["Road Avenue"])) == 1
    half = replace(
        LIGHTS["night"], lamps=0.5 * LIGHTS["night"].lamps, luminance=2 * LIGHTS["night"].luminance
    )
    monkeypatch.setitem(LIGHTS, "half", half)
    for name, colour in strengths("half").items():
        assert colour == pytest.approx([part / 4 for part in night[name]])


def test_nothing_of_a_city_is_sampled_as_a_lamp():
    build("night")
    shining = [material for material in bpy.data.materials if emissions(material)]
    assert len(shining) > 8
    assert {material.cycles.emission_sampling for material in shining} == {"NONE"}


def counts(scene: bpy.types.Scene) -> dict[str, int]:
    names = ("Buildings", "Trees", "Groves", "Traffic", "Parked Cars", "Street Lamps")
    return {name: len(bpy.data.objects[name].data.vertices) for name in names if name in bpy.data.objects}


def test_detail_decides_how_much_there_is():
    draft, standard, final = (counts(build(detail=detail)) for detail in ("draft", "standard", "final"))
    for name in ("Trees", "Traffic", "Street Lamps"):
        assert draft[name] < standard[name] < final[name]
    assert draft["Buildings"] == final["Buildings"]
    assert sum(final.values()) < 60_000


def test_a_park_has_no_buildings_and_nothing_is_a_plaza_on_open_ground():
    park = counts(build(kind="park"))
    assert "Buildings" not in park
    assert park["Trees"] > 100
    assert park["Groves"] > 1000
    build(kind="none")
    assert counts(bpy.context.scene) == {}
    assert {"Plaza", "Land", "Hills"} <= set(bpy.data.objects.keys())


@pytest.mark.parametrize("model", list(Model))
def test_models_fill_their_shape_and_stand_on_the_ground(model: Model):
    points = np.array(MAKERS[model]().vertices)
    shape = SHAPES[model]
    assert points[:, 2].min() == pytest.approx(0.0, abs=0.1)
    assert points[:, 0].max() <= shape.length / 2 + 0.6
    assert points[:, 0].min() >= -shape.length / 2 - 0.6
    assert np.abs(points[:, 1]).max() <= shape.width / 2 + 0.6
    # Roofs, plants and masts rise above the storeys, by no more than a mast.
    assert -1.5 < points[:, 2].max() - shape.storeys * STOREY < 35


def test_trees_are_small_and_simple_ones_smaller():
    models = tree_models()
    near, far = models[:MODELS], models[MODELS:]
    assert all(80 <= len(tree.faces) <= 160 for tree in near)
    assert all(len(tree.faces) <= 50 for tree in far)
    assert all(6 < max(z for *_, z in tree.vertices) < 22 for tree in models)
    assert len(grove_models()) == GROVES


def test_road_markings_fit_their_road():
    build()
    roads = bpy.data.objects["Roads"].data
    uvs = np.empty(2 * len(roads.loops), np.float32)
    roads.uv_layers[0].data.foreach_get("uv", uvs)
    slots = np.empty(len(roads.polygons), np.int32)
    roads.polygons.foreach_get("material_index", slots)
    across = np.abs(uvs.reshape(-1, 4, 2)[..., 0])
    for kind in Road:
        assert across[slots == kind] == pytest.approx(CARRIAGEWAY[kind], abs=1e-4)
