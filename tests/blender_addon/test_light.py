from __future__ import annotations

import typing

import bpy
import numpy as np
import pytest
from cardstunt.blender_addon.light import LIGHTS, build_light
from cardstunt.scenes.schema import Stadium
from mathutils import Vector

pytestmark = pytest.mark.blender


@pytest.fixture
def empty():
    bpy.ops.wm.read_homefile(use_factory_startup=True, use_empty=True)
    yield bpy.context.scene
    bpy.ops.wm.read_homefile(use_factory_startup=True, use_empty=True)


def test_every_light_that_a_show_can_name_is_there():
    assert set(LIGHTS) == set(typing.get_args(Stadium.model_fields["light"].annotation))


@pytest.mark.parametrize("preset", LIGHTS)
def test_the_sun_stands_where_its_angles_say(empty, preset):
    light = build_light(preset, empty, empty.collection)
    assert light is LIGHTS[preset]
    sun = empty.collection.objects["Sun"]
    assert (sun.data.type, sun.data.energy) == ("SUN", pytest.approx(light.sun))
    # A lamp shines along its -Z.
    towards = np.array(sun.rotation_euler.to_matrix() @ Vector((0, 0, 1)))
    level = np.cos(light.elevation)
    expected = [level * np.cos(light.azimuth), level * np.sin(light.azimuth), np.sin(light.elevation)]
    assert towards == pytest.approx(expected, abs=1e-6)
    # The card section, in the east, is lit from the front.
    assert towards[0] < -0.1
    assert towards[2] > 0


def test_the_sky_is_the_scenes_world(empty):
    build_light("dusk", empty, empty.collection)
    kinds = {node.bl_idname for node in empty.world.node_tree.nodes}
    assert {"ShaderNodeBackground", "ShaderNodeOutputWorld"} <= kinds
    (surface,) = [
        node.inputs["Surface"]
        for node in empty.world.node_tree.nodes
        if node.bl_idname == "ShaderNodeOutputWorld"
    ]
    assert surface.is_linked


def test_a_low_sun_is_warmer_and_longer_exposed():
    noon, dusk = LIGHTS["noon"], LIGHTS["dusk"]
    assert dusk.elevation < noon.elevation
    assert dusk.sun_colour[0] / dusk.sun_colour[2] > noon.sun_colour[0] / noon.sun_colour[2]
    assert dusk.exposure > noon.exposure


def test_screens_of_700_candela_shine_at_dusk_and_hardly_in_the_sun():
    """As they do: what the camera sees of their white, against the white of a sunlit wall."""
    seen = {name: 700 / light.luminance * 2**light.exposure for name, light in LIGHTS.items()}
    assert 1 < seen["dusk"] < 2
    assert max(seen[name] for name in ("noon", "golden_hour", "overcast")) < 0.15
    for name, lux in (("noon", 100_000), ("golden_hour", 55_000), ("dusk", 2_000)):
        assert LIGHTS[name].luminance * LIGHTS[name].sun == pytest.approx(lux, rel=0.02)
