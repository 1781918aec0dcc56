"""A show's light cues in a scene: what they show and light while they last, and nothing without them."""

from __future__ import annotations

from fractions import Fraction
from types import SimpleNamespace

import bpy
import numpy as np
import pytest
from cardstunt.blender_addon.bake import sample_ticks
from cardstunt.blender_addon.bake_light_shows import bake_light_shows
from cardstunt.blender_addon.light_shows.build import SURFACES, build_light_shows, set_light_show_render
from cardstunt.kernels.beams import spot_targets
from cardstunt.kernels.bowl_presets import PRESETS
from cardstunt.kernels.light_shows import light_states
from cardstunt.scenes.camera_paths import middle_of
from cardstunt.scenes.light_shows import compile_light_shows
from cardstunt.scenes.quantities import Reading
from cardstunt.scenes.schema_light_show import LightCue
from cardstunt.scenes.timeline import film_timeline

pytestmark = pytest.mark.blender

CUES = {
    "spots": {"count": 3, "radius": "10 m", "every": "3 s"},
    "beams": {"count": 6, "volumetric": True},
    "strobe": 8,
    "lasers": 12,
    "confetti": {"count": 50, "stay": "0 s"},
    "fireworks": 4,
}


def cue(kind: str, at: str = "0.4 s", last: str = "0.5 s") -> LightCue:
    said = {"at": at, "for": last, kind: CUES[kind]}
    return LightCue.model_validate(said, context=Reading(), by_alias=True, by_name=False)


@pytest.fixture
def lights(tiny, tmp_path):
    """Return a function that builds the small show with light cues into an empty scene."""

    def build(*cues: LightCue) -> SimpleNamespace:
        bpy.ops.wm.read_homefile(use_factory_startup=True, use_empty=True)
        scene = bpy.context.scene
        camera = bpy.data.objects.new("Camera", bpy.data.cameras.new("Camera"))
        camera.location = (-150.0, 0.0, 60.0)
        scene.collection.objects.link(camera)
        scene.camera = camera
        show = tiny.show.model_copy(update={"lights": cues, "troupes": {}})
        loaded = SimpleNamespace(show=show)
        timeline = film_timeline(show)
        seats = SimpleNamespace(places=np.zeros((4, 3)), taken=np.ones(4, bool))
        assert middle_of(seats).shape == (3,)
        effects = compile_light_shows(loaded, PRESETS["may_day"], {}, seats)
        at = sample_ticks(timeline)
        baked = bake_light_shows(effects, at, np.zeros_like(at), tmp_path, lambda *_: None)
        before = set(bpy.data.objects)
        build_light_shows(show, timeline, baked, 640, scene.collection)
        made = set(bpy.data.objects) - before
        return SimpleNamespace(
            scene=scene, show=show, timeline=timeline, effects=effects, baked=baked, made=made, at=at
        )

    return build


def instanced(name: str) -> int:
    depsgraph = bpy.context.evaluated_depsgraph_get()
    geometry = bpy.data.objects[name].evaluated_get(depsgraph).evaluated_geometry()
    cloud = geometry.instances_pointcloud()
    return 0 if cloud is None else len(cloud.points)


@pytest.mark.parametrize("kind", CUES)
def test_a_cue_shows_its_pieces_while_it_lasts_and_nothing_else(lights, kind: str) -> None:
    built = lights(cue(kind))
    (effect,) = built.effects
    some = set()
    for frame in built.timeline.frames:
        built.scene.frame_set(frame.index)
        state = light_states(effect, built.at[[frame.sample - 1]])[0]
        wanted = int((state[0, :, 3] > 0).sum())
        assert instanced(f"{kind.title()} 1") == wanted
        some.add(wanted > 0)
    # Shells rise before the film begins.
    assert some == ({True} if kind == "fireworks" else {True, False})


def test_without_cues_there_is_nothing(lights) -> None:
    assert not lights().made
    assert not lights(cue("spots", at="500 s")).made


def test_follow_spots_are_lamps_that_aim_at_their_places(lights) -> None:
    built = lights(cue("spots"))
    lamps = sorted((thing for thing in built.made if thing.type == "LIGHT"), key=lambda lamp: lamp.name)
    assert [lamp.data.type for lamp in lamps] == ["SPOT"] * 3
    (effect,) = built.effects
    seen = set()
    for frame in built.timeline.frames:
        built.scene.frame_set(frame.index)
        lit = built.baked[0].shown[frame.sample - 1] > 0
        for number, lamp in enumerate(lamps):
            assert (lamp.data.energy > 0) <= lit
            if lamp.data.energy > 0:
                seen.add(number)
                target = spot_targets(effect, built.at[[frame.sample - 1]])[0, number]
                way = target - np.array(lamp.matrix_world.translation)
                aim = np.array(lamp.matrix_world.to_3x3()) @ [0.0, 0.0, -1.0]
                assert aim == pytest.approx(way / np.linalg.norm(way), abs=1e-4)
    assert seen == {0, 1, 2}


def test_strobes_light_the_place_when_they_flash(lights) -> None:
    built = lights(cue("strobe"))
    lamps = [thing for thing in built.made if thing.type == "LIGHT"]
    assert {lamp.data.type for lamp in lamps} == {"POINT"}
    assert len(lamps) == 4
    for frame in built.timeline.frames:
        built.scene.frame_set(frame.index)
        state = light_states(built.effects[0], built.at[[frame.sample - 1]])[0]
        assert (sum(lamp.data.energy for lamp in lamps) > 0) == bool(state.any())


def test_light_is_seen_by_the_camera_alone_but_paper_is_a_thing(lights) -> None:
    built = lights(cue("lasers"), cue("confetti"))
    laser, confetti = (bpy.data.objects[name] for name in ("Lasers 1", "Confetti 2"))
    assert laser.visible_camera
    assert [laser.visible_shadow, laser.visible_diffuse, laser.visible_glossy] == [False] * 3
    assert confetti.visible_shadow
    assert confetti.visible_diffuse
    assert built.baked[1].cue == 1


def test_rays_go_through_all_that_shines_only_where_something_does(lights) -> None:
    built = lights(cue("beams"), cue("spots"))
    cycles = built.scene.cycles
    cycles.transparent_max_bounces = 4
    set_light_show_render(built.scene, built.show, ())
    assert cycles.transparent_max_bounces == 4
    assert not cycles.volume_biased
    set_light_show_render(built.scene, built.show, built.baked)
    assert cycles.transparent_max_bounces == SURFACES
    assert cycles.volume_biased
    assert cycles.use_light_tree


def test_nothing_of_ours_runs_while_frames_change(lights) -> None:
    lights(*(cue(kind) for kind in CUES))
    handlers = (bpy.app.handlers.frame_change_pre, bpy.app.handlers.frame_change_post)
    assert not any(len(handler) for handler in handlers)
    for thing in bpy.data.objects:
        assert thing.animation_data is None or not thing.animation_data.drivers


def test_the_least_strobe_is_still_a_lamp(lights) -> None:
    said = {"at": "0.4 s", "for": "0.5 s", "strobe": {"rate": 8, "count": 1, "together": True}}
    built = lights(LightCue.model_validate(said, context=Reading(), by_alias=True, by_name=False))
    assert len([thing for thing in built.made if thing.type == "LIGHT"]) == 1
    assert built.effects[0].rate == Fraction(8)
