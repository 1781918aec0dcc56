from __future__ import annotations

import bpy
import pytest
from cardstunt.blender_addon.eevee import QUALITIES, set_eevee
from cardstunt.blender_addon.nodes import materials
from cardstunt.blender_addon.quality import QUALITIES as RENDER_QUALITIES

pytestmark = pytest.mark.blender


@pytest.fixture
def empty():
    bpy.ops.wm.read_homefile(use_factory_startup=True, use_empty=True)
    yield bpy.context.scene
    bpy.ops.wm.read_homefile(use_factory_startup=True, use_empty=True)


def test_every_quality_has_its_cost():
    assert set(QUALITIES) == set(RENDER_QUALITIES)
    costs = [QUALITIES[name].samples for name in ("draft", "standard", "final")]
    assert costs == sorted(costs)


@pytest.mark.parametrize("quality", QUALITIES)
def test_the_scene_is_ready_for_it(empty, quality):
    membrane = materials.membrane("Membrane", (0.7, 0.7, 0.7), 0.7)
    membrane.use_transparent_shadow = False
    set_eevee(empty, quality)
    assert empty.render.engine == "BLENDER_EEVEE"
    assert empty.eevee.taa_render_samples == QUALITIES[quality].samples
    assert empty.eevee.fast_gi_distance == 0
    assert empty.eevee.fast_gi_method == "AMBIENT_OCCLUSION_ONLY"
    assert (empty.eevee.use_raytracing, empty.eevee.use_shadows) == (True, True)
    # A membrane's shadow is as pale as in Cycles.
    assert membrane.use_transparent_shadow
