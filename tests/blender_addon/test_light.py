"""Lights: as strong as the real ones, where they should be, and a sky that is the atmosphere's own."""

from __future__ import annotations

import dataclasses
import math
import typing

import bpy
import numpy as np
import pytest
from cardstunt.blender_addon.blender_libraries import open_image_io
from cardstunt.blender_addon.light import (
    EFFICACY,
    LIGHTS,
    MOST_LAMPS,
    build_light,
    floodlight_places,
    luminance_of,
)
from cardstunt.blender_addon.nodes.sky import build_sky
from cardstunt.blender_addon.stadium.plan import build_plan
from cardstunt.blender_addon.stadium.roof import build_roof
from cardstunt.blender_addon.stadium.tiers import build_tiers
from cardstunt.kernels.bowl_presets import PRESETS
from cardstunt.kernels.bowl_seats import card_section_seats, section_half_width
from cardstunt.scenes.schema_stadium import Stadium
from mathutils import Vector

pytestmark = pytest.mark.blender

BOWL = PRESETS["may_day"]


@pytest.fixture
def empty():
    bpy.ops.wm.read_homefile(use_factory_startup=True, use_empty=True)
    yield bpy.context.scene
    bpy.ops.wm.read_homefile(use_factory_startup=True, use_empty=True)


def lux(light, colour):
    return EFFICACY * luminance_of(colour)


def rendered(scene, path, width, height, samples=4):
    """Render through the scene's camera: (H, W, 3), the first row at the bottom."""
    scene.render.engine, scene.cycles.samples = "CYCLES", samples
    scene.cycles.use_denoising = False
    scene.render.resolution_x, scene.render.resolution_y = width, height
    scene.render.image_settings.file_format = "OPEN_EXR"
    scene.render.image_settings.color_depth = "32"
    scene.render.filepath = str(path)
    bpy.ops.render.render(write_still=True)
    source = open_image_io().ImageInput.open(str(path))
    pixels = np.asarray(source.read_image(0, 0, 0, 3, "float"))[::-1]
    source.close()
    return pixels.astype(np.float64)


def new_camera(scene, towards=None):
    camera = bpy.data.objects.new("Camera", bpy.data.cameras.new("Camera"))
    scene.collection.objects.link(camera)
    scene.camera = camera
    if towards is not None:
        camera.rotation_euler = Vector(towards).to_track_quat("-Z", "Y").to_euler()
    return camera


def test_every_light_that_a_show_can_name_is_there():
    assert set(LIGHTS) == set(typing.get_args(Stadium.model_fields["light"].annotation))


@pytest.mark.parametrize("preset", [name for name in LIGHTS if any(LIGHTS[name].sun)])
def test_the_sun_stands_where_its_angles_say(empty, preset):
    light = build_light(preset, BOWL, empty, empty.collection)
    assert light is LIGHTS[preset]
    sun = empty.collection.objects["Sun"]
    strength = np.array(sun.data.color) * sun.data.energy
    assert sun.data.type == "SUN"
    assert strength == pytest.approx(np.array(light.scene(light.sun)), rel=1e-4)
    # A lamp shines along its -Z.
    towards = np.array(sun.rotation_euler.to_matrix() @ Vector((0, 0, 1)))
    assert towards == pytest.approx(light.towards_sun, abs=1e-6)
    # The card section, in the east, is lit from the front.
    assert towards[0] < -0.1
    assert towards[2] > 0


def test_in_the_golden_hour_the_sun_shines_on_nearly_the_whole_card_section(empty):
    """Over the western roof; a picture half in its shade would be lost."""
    place = empty.collection
    plan = build_plan(BOWL, place)
    build_tiers(BOWL, plan, section_half_width(BOWL, 250), place)
    build_roof(BOWL, plan, place)
    seats, _ = card_section_seats(BOWL, 250, 80)
    books = seats.reshape(80, 250, 3)[::4, ::10].reshape(-1, 3) + np.array([-0.3, 0.0, 1.0])
    sun = Vector(LIGHTS["golden_hour"].towards_sun)
    evaluated = bpy.context.evaluated_depsgraph_get()
    lit = [not empty.ray_cast(evaluated, Vector(book) + 0.7 * sun, sun)[0] for book in books]
    assert np.mean(lit) > 0.85


@pytest.mark.parametrize("preset", ["noon", "golden_hour"])
def test_the_sun_is_the_one_that_the_sky_has(empty, preset, tmp_path):
    """The lamp is as strong, and of the same colour, as the Sky Texture's own disc, and in its place."""
    light = LIGHTS[preset]
    clear = dataclasses.replace(light, sky=dataclasses.replace(light.sky, clouds=0.0))
    empty.world = bpy.data.worlds.new("Sky")
    build_sky(empty.world, clear)
    (sky,) = [node for node in empty.world.node_tree.nodes if node.bl_idname == "ShaderNodeTexSky"]
    assert not sky.sun_disc
    sky.sun_disc = True
    camera = new_camera(empty, light.towards_sun)
    camera.data.angle = math.radians(0.8)
    seen = rendered(empty, tmp_path / "disc.exr", 64, 64)
    pixel = (2 * math.tan(math.radians(0.4)) / 64) ** 2
    assert seen.sum((0, 1)) * pixel == pytest.approx(np.array(light.scene(light.sun)), rel=0.04)


@pytest.mark.parametrize("preset", LIGHTS)
def test_the_sky_gives_a_level_surface_what_it_says(empty, preset, tmp_path):
    light = LIGHTS[preset]
    clear = dataclasses.replace(light, sky=dataclasses.replace(light.sky, clouds=0.0, glow=(0.0, 0.0, 0.0)))
    empty.world = bpy.data.worlds.new("Sky")
    build_sky(empty.world, clear)
    camera = new_camera(empty)
    camera.data.type, camera.data.panorama_type = "PANO", "EQUIRECTANGULAR"
    camera.rotation_euler = (math.pi / 2, 0.0, light.azimuth - math.pi / 2)
    seen = rendered(empty, tmp_path / "sky.exr", 128, 64)
    height = (np.arange(64) + 0.5) / 64 * math.pi - math.pi / 2
    weight = np.where(height > 0, np.cos(height) * np.sin(height), 0) * (math.pi / 64) ** 2
    given = (seen * weight[:, None, None]).sum((0, 1))
    assert given == pytest.approx(np.array(light.scene(light.sky.irradiance)), rel=0.05, abs=1e-3)
    # What far things fade to: the sky's own horizon.
    low = seen[32:34]
    towards, side, away = low[:, 60:68], low[:, 28:36], low[:, [0, 1, 2, -3, -2, -1]]
    for found, said in zip((towards, side, away), light.sky.horizon, strict=True):
        assert found.mean((0, 1)) == pytest.approx(np.array(light.scene(said)), rel=0.25, abs=1e-3)


@pytest.mark.parametrize("preset", [name for name in LIGHTS if LIGHTS[name].sky.clouds])
def test_clouds_cost_no_ray_that_looks_for_light(empty, preset):
    """Cycles evaluates of two mixed shaders only the one that is wanted: the clouds stand in the camera's."""
    empty.world = bpy.data.worlds.new("Sky")
    build_sky(empty.world, LIGHTS[preset])
    nodes = empty.world.node_tree.nodes
    (mix,) = (node for node in nodes if node.bl_idname == "ShaderNodeMixShader")
    (who,) = mix.inputs[0].links
    assert (who.from_node.bl_idname, who.from_socket.name) == ("ShaderNodeLightPath", "Is Camera Ray")
    others, cameras = (
        {node.bl_idname for node in upstream(mix.inputs[shader].links[0].from_node)} for shader in (1, 2)
    )
    assert "ShaderNodeTexNoise" in cameras - others


def upstream(node):
    """Return a node and all that it hears from."""
    found, waiting = set(), [node]
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += [link.from_node for socket in one.inputs for link in socket.links]
    return found


def test_daylight_is_what_is_measured_outdoors():
    expected = {"noon": (95_000, 9_300), "golden_hour": (73_000, 7_500), "overcast": (0, 15_000)}
    for name, (sun, sky) in expected.items():
        assert lux(LIGHTS[name], LIGHTS[name].sun) == pytest.approx(sun, rel=0.05)
        assert lux(LIGHTS[name], LIGHTS[name].sky.irradiance) == pytest.approx(sky, rel=0.05)
    skies = [
        lux(light, light.sky.irradiance) for light in (LIGHTS["dusk"], LIGHTS["blue_hour"], LIGHTS["night"])
    ]
    assert 1_000 > skies[0] > 200 > skies[1] > 15 > skies[2]


def test_the_lower_the_sun_the_warmer():
    def warmth(light):
        return light.sun[0] / light.sun[2]

    assert warmth(LIGHTS["golden_hour"]) > 1.35 * warmth(LIGHTS["noon"])
    assert warmth(LIGHTS["neutral"]) == 1.0


def test_lamps_come_on_as_it_gets_dark():
    order = ["noon", "golden_hour", "dusk", "blue_hour", "night"]
    lamps = [LIGHTS[name].lamps for name in order]
    assert lamps == sorted(lamps)
    assert (lamps[0], lamps[-1]) == (0.0, 1.0)
    for light in LIGHTS.values():
        assert (light.floodlights > 0) <= (light.lamps > 0)


@pytest.mark.parametrize("stadium", PRESETS)
def test_floodlights_are_few_hang_around_the_field_and_aim_across_it(stadium):
    bowl = PRESETS[stadium]
    places, targets = floodlight_places(bowl)
    assert 1 <= len(places) <= MOST_LAMPS
    assert places[:, 2].min() > 5
    beyond = (places[:, 0] / bowl.plan.half_width) ** 2 + (places[:, 1] / bowl.plan.half_length) ** 2
    assert beyond.min() > 0.2
    assert ((places * targets)[:, :2].sum(1) < 0).all()


@pytest.mark.parametrize(("preset", "stadium"), [("night", "may_day"), ("dusk", "cricket")])
def test_floodlights_give_the_field_their_lux(empty, preset, stadium, tmp_path):
    bowl = PRESETS[stadium]
    light = build_light(preset, bowl, empty, empty.collection)
    empty.world = None
    bpy.ops.mesh.primitive_plane_add(size=2.0)
    field = bpy.context.object
    field.scale = (bowl.floor.half_width, bowl.floor.half_length, 1.0)
    paper = bpy.data.materials.new("Paper")
    nodes = paper.node_tree.nodes
    nodes.clear()
    diffuse, output = nodes.new("ShaderNodeBsdfDiffuse"), nodes.new("ShaderNodeOutputMaterial")
    diffuse.inputs["Color"].default_value = (1.0, 1.0, 1.0, 1.0)
    paper.node_tree.links.new(diffuse.outputs[0], output.inputs["Surface"])
    field.data.materials.append(paper)
    camera = new_camera(empty)
    camera.location = (0.0, 0.0, 20.0)
    camera.data.type, camera.data.ortho_scale = (
        "ORTHO",
        2 * min(bowl.floor.half_width, bowl.floor.half_length),
    )
    seen = rendered(empty, tmp_path / "field.exr", 48, 48, samples=64)
    given = math.pi * light.luminance * seen.mean()
    assert given == pytest.approx(light.floodlights, rel=0.2)
    # Evenly: nowhere less than two fifths of the mean.
    assert seen[..., 1].min() > 0.4 * seen[..., 1].mean()


def test_by_day_no_floodlight_is_built(empty):
    build_light("noon", BOWL, empty, empty.collection)
    assert [thing.name for thing in empty.collection.objects] == ["Sun"]


def test_what_is_lit_is_exposed_alike_under_every_light():
    """A white card in the light for which a preset is set lies within a stop and a half of white."""
    for name, light in LIGHTS.items():
        brightest = max(
            lux(light, light.sun) * math.sin(light.elevation) + lux(light, light.sky.irradiance), 0.0
        )
        shown = (brightest + light.floodlights) / math.pi / light.luminance * 2**light.exposure
        assert 0.45 < shown < 2.2, name


def test_screens_of_700_candela_shine_when_it_is_dark_and_hardly_in_the_sun():
    """As they do: what the camera sees of their white, against white paper in the light."""
    seen = {name: 700 / light.luminance * 2**light.exposure for name, light in LIGHTS.items()}
    assert min(seen[name] for name in ("dusk", "blue_hour", "night")) > 1
    assert max(seen[name] for name in ("noon", "golden_hour", "neutral")) < 0.1


def test_the_sun_from_a_camera_that_looks_at_it_is_ahead():
    light = LIGHTS["golden_hour"]
    ahead = np.array([math.cos(light.azimuth), math.sin(light.azimuth), 0.0])
    right = np.array([ahead[1], -ahead[0], 0.0])
    assert light.sun_from(right, np.array([0.0, 0.0, 1.0]), ahead) == pytest.approx((0, 0, 1))
    assert light.sun_from(ahead, np.array([0.0, 0.0, 1.0]), -right) == pytest.approx((1, 0, 0))


def test_far_things_fade_to_the_horizon_and_near_ones_do_not():
    for name, light in LIGHTS.items():
        assert math.exp(-light.air.density * 200) > 0.93, name
    assert math.exp(-LIGHTS["overcast"].air.density * 18_000) == pytest.approx(0.02)
    assert LIGHTS["neutral"].air.density == 0.0
