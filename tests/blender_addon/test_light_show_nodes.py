"""What the nodes of light shows place is what the kernels say, turned towards the camera."""

from __future__ import annotations

from pathlib import Path

import bpy
import numpy as np
import pytest
from cardstunt.blender_addon.data_textures import TextureSet, write_exr
from cardstunt.blender_addon.light_shows.shapes import cone, paper, strip
from cardstunt.blender_addon.meshes import add_nodes, point_object
from cardstunt.blender_addon.nodes import light_shows as nodes
from cardstunt.blender_addon.nodes.clock import build_clock
from cardstunt.blender_addon.nodes.tree import load_sequence
from cardstunt.kernels.particles import LAYERS

pytestmark = pytest.mark.blender

COUNT, WIDTH = 10, 4
CAMERA = np.array([-100.0, -20.0, 30.0])
PICTURE = 640


@pytest.fixture(autouse=True)
def empty_scene():
    bpy.ops.wm.read_homefile(use_factory_startup=True, use_empty=True)
    camera = bpy.data.objects.new("Camera", bpy.data.cameras.new("Camera"))
    camera.location = CAMERA
    bpy.context.scene.collection.objects.link(camera)
    bpy.context.scene.camera = camera


def states(seed: int = 0) -> np.ndarray:
    random = np.random.default_rng(seed)
    state = random.uniform(0.1, 2.0, (LAYERS, COUNT, 4)).astype(np.float32)
    state[0, :, :3] = random.uniform(-40.0, 40.0, (COUNT, 3))
    state[2, :, :3] = random.uniform(-9.0, 9.0, (COUNT, 3))
    state[2, 5:, :3] = 0.0
    state[:, 3] = 0.0
    return state


def build(folder: Path, state: np.ndarray, make, mesh, *arguments, **options) -> bpy.types.Object:
    """An object whose first frame shows nothing and whose second shows the states."""
    height = -(-COUNT // WIDTH)
    pixels = np.zeros((LAYERS, height * WIDTH, 4), np.float32)
    pixels[:, :COUNT] = state
    textures = TextureSet(folder, "light", ".exr", COUNT, WIDTH, height, LAYERS)
    write_exr(textures.file(1), pixels.reshape(LAYERS * height, WIDTH, 4))
    collection = bpy.context.scene.collection
    address = textures.addresses()
    pieces = point_object("pieces", np.zeros_like(address), collection, address=address)
    clock = build_clock([1, 2], [1, 2], collection, [0.0, 1.0], "light")
    model = bpy.data.objects.new("model", mesh("model"))
    add_nodes(
        pieces,
        make("light", load_sequence(textures.file(1), "Non-Color"), model, clock, *arguments, **options),
    )
    return pieces


def shown(instances_at, frame: int = 2):
    return instances_at(bpy.context.scene, "pieces", frame)


def there(state: np.ndarray) -> np.ndarray:
    return state[:, state[0, :, 3] > 0]


def test_sparks_lie_where_the_kernel_says_and_face_the_camera(tmp_path, instances_at) -> None:
    state = states()
    build(tmp_path, state, nodes.build_strips, strip, 0.0, PICTURE)
    placed, wanted = shown(instances_at), there(state)
    head, reach, radius = wanted[0, :, :3], wanted[2, :, :3], wanted[0, :, 3]
    assert len(placed.matrix) == COUNT - 1
    length = np.linalg.norm(reach, axis=1)
    x, y, z, place = (placed.matrix[:, :3, axis] for axis in range(4))
    assert np.linalg.norm(x, axis=1) == pytest.approx(radius, rel=1e-4)
    assert np.linalg.norm(y, axis=1) == pytest.approx(length + 2 * radius, rel=1e-4)
    lines = length > 0
    along = reach[lines] / length[lines, None]
    assert place[lines] == pytest.approx(head[lines] - along * radius[lines, None], abs=1e-3)
    assert y[lines] / np.linalg.norm(y[lines], axis=1)[:, None] == pytest.approx(along, abs=1e-4)
    # The middle of a disc is its place, and it looks at the camera.
    assert (place + y / 2)[~lines] == pytest.approx(head[~lines], abs=1e-3)
    to_camera = CAMERA - head
    to_camera /= np.linalg.norm(to_camera, axis=1)[:, None]
    assert (z * to_camera).sum(1)[~lines] == pytest.approx(np.ones((~lines).sum()), abs=1e-4)
    # A line turns as far to it as it can.
    square = to_camera[lines] - (to_camera[lines] * along).sum(1)[:, None] * along
    square /= np.linalg.norm(square, axis=1)[:, None]
    assert (z[lines] * square).sum(1) == pytest.approx(np.ones(lines.sum()), abs=1e-4)


def test_the_shaders_get_the_light_and_the_shape(tmp_path, instances_at) -> None:
    state = states()
    build(tmp_path, state, nodes.build_strips, strip, 0.0, PICTURE)
    placed, wanted = shown(instances_at), there(state)
    assert placed.colour(nodes.SHINE, slice(None)) == pytest.approx(wanted[1, :, :3], rel=1e-5)
    shape = placed.read(nodes.SHAPE, "vector", 3)
    assert shape[:, :2] == pytest.approx(np.stack([wanted[1, :, 3], wanted[2, :, 3]], -1), rel=1e-5)
    length = np.linalg.norm(wanted[2, :, :3], axis=1)
    assert shape[:, 2] == pytest.approx(length / wanted[0, :, 3], rel=1e-4, abs=1e-5)


def test_what_is_smaller_than_the_least_dims_instead_of_shrinking(tmp_path, instances_at) -> None:
    state = states()
    state[0, :, 3] = np.where(state[0, :, 3] > 0, 0.01, 0.0)
    build(tmp_path, state, nodes.build_strips, strip, 1.5, PICTURE)
    placed, wanted = shown(instances_at), there(state)
    camera = bpy.context.scene.camera.data
    distance = np.linalg.norm(CAMERA - wanted[0, :, :3], axis=1)
    least = 1.5 * distance * camera.sensor_width / camera.lens / PICTURE
    assert np.linalg.norm(placed.matrix[:, :3, 0], axis=1) == pytest.approx(least, rel=1e-3)
    dimmed = wanted[1, :, :3] * (0.01 / least)[:, None]
    assert placed.colour(nodes.SHINE, slice(None)) == pytest.approx(dimmed, rel=1e-3)


def test_nothing_is_there_where_the_clock_shows_no_file(tmp_path, instances_at) -> None:
    pieces = build(tmp_path, states(), nodes.build_strips, strip)
    assert len(shown(instances_at, 2).matrix) == COUNT - 1
    bpy.context.scene.frame_set(1)
    geometry = pieces.evaluated_get(bpy.context.evaluated_depsgraph_get()).evaluated_geometry()
    cloud = geometry.instances_pointcloud()
    assert cloud is None or not len(cloud.points)


def test_beams_begin_at_their_lamps(tmp_path, instances_at) -> None:
    state = states()
    build(tmp_path, state, nodes.build_strips, strip, round_ends=False)
    placed, wanted = shown(instances_at), there(state)
    lines = np.linalg.norm(wanted[2, :, :3], axis=1) > 0
    assert placed.matrix[lines, :3, 3] == pytest.approx(wanted[0, lines, :3], abs=1e-4)
    assert placed.matrix[lines, :3, 1] == pytest.approx(wanted[2, lines, :3], abs=1e-3)


def test_volumes_are_cones_about_the_beam(tmp_path, instances_at) -> None:
    state = states()
    build(tmp_path, state, nodes.build_cones, cone)
    placed, wanted = shown(instances_at), there(state)
    lines = np.linalg.norm(wanted[2, :, :3], axis=1) > 0
    assert placed.matrix[lines, :3, 3] == pytest.approx(wanted[0, lines, :3], abs=1e-4)
    assert placed.matrix[lines, :3, 1] == pytest.approx(wanted[2, lines, :3], abs=1e-3)
    for axis in (0, 2):
        assert np.linalg.norm(placed.matrix[:, :3, axis], axis=1) == pytest.approx(wanted[0, :, 3], rel=1e-4)


def test_paper_is_turned_as_its_angles_say(tmp_path, instances_at) -> None:
    from mathutils import Euler  # noqa: PLC0415

    state = states()
    build(tmp_path, state, nodes.build_paper, paper)
    placed, wanted = shown(instances_at), there(state)
    assert placed.matrix[:, :3, 3] == pytest.approx(wanted[0, :, :3], abs=1e-4)
    for number in range(COUNT - 1):
        turned = np.array(Euler(wanted[2, number, :3].tolist()).to_matrix()) * wanted[0, number, 3]
        assert placed.matrix[number, :3, :3] == pytest.approx(turned, abs=1e-4)


def test_shaders_ask_for_what_instances_have(tmp_path, instances_at) -> None:
    build(tmp_path, states(), nodes.build_strips, strip)
    placed = shown(instances_at)
    stored = {attribute.name for attribute in placed.cloud.attributes}
    on_mesh = {attribute.name for attribute in bpy.data.meshes["model"].attributes}
    made = (
        nodes.sparks("a", 1.0, halo=0.1),
        nodes.beams("b", 1.0),
        nodes.beam_volume("c", 1.0),
        nodes.paper("d"),
    )
    for material in made:
        for node in material.node_tree.nodes:
            if node.bl_idname == "ShaderNodeAttribute":
                have = stored if node.attribute_type == "INSTANCER" else on_mesh
                assert node.attribute_name in have
    assert {material.cycles.emission_sampling for material in made[:2]} == {"NONE"}
