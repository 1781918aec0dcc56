from __future__ import annotations

from types import SimpleNamespace

import bpy
import pytest
from cardstunt.blender_addon import render
from cardstunt.blender_addon.rendered import RenderError, is_whole

pytestmark = pytest.mark.blender


@pytest.fixture
def blocks():
    """An empty scene that renders at once: a sky and depth."""
    bpy.ops.wm.read_homefile(use_factory_startup=True, use_empty=True)
    scene = bpy.context.scene
    camera = bpy.data.objects.new("Camera", bpy.data.cameras.new("Camera"))
    scene.collection.objects.link(camera)
    scene.camera = camera
    scene.render.engine = "CYCLES"
    scene.cycles.samples = 1
    scene.render.resolution_x, scene.render.resolution_y = 16, 8
    scene.view_layers[0].use_pass_z = True
    settings = scene.render.image_settings
    settings.media_type = "MULTI_LAYER_IMAGE"
    settings.file_format, settings.color_depth = "OPEN_EXR_MULTILAYER", "16"
    yield scene
    bpy.ops.wm.read_homefile(use_factory_startup=True, use_empty=True)


def test_each_picture_is_there_before_it_is_told(blocks, tmp_path):
    told = []

    def rendered(sample, seconds):
        told.append((sample, is_whole(tmp_path / "r" / f"{sample:04d}.exr"), seconds > 0))

    render.render_samples(blocks, [(7, 12), (3, 2)], tmp_path / "r", tmp_path / "log", rendered)
    assert told == [(7, True, True), (3, True, True)]
    assert sorted(path.name for path in (tmp_path / "r").iterdir()) == ["0003.exr", "0007.exr"]


def test_a_caller_that_raises_stops_it_and_the_picture_stays(blocks, tmp_path):
    def rendered(sample, seconds):
        raise KeyError

    with pytest.raises(KeyError):
        render.render_samples(blocks, [(1, 1), (2, 2)], tmp_path / "r", tmp_path / "log", rendered)
    assert [path.name for path in (tmp_path / "r").iterdir()] == ["0001.exr"]


def test_what_blender_refuses_is_a_render_error(blocks, tmp_path):
    blocks.camera = None
    with pytest.raises(RenderError, match=r"cannot render .*0004\.exr: .*camera"):
        render.render_samples(blocks, [(4, 1)], tmp_path / "r", tmp_path / "log", lambda *told: None)
    assert not list((tmp_path / "r").iterdir())


def test_a_picture_without_its_passes_gets_no_name(blocks, tmp_path):
    blocks.view_layers[0].use_pass_z = False
    with pytest.raises(RenderError, match=r"no whole picture for .*0004\.exr: .*lacks colour or depth"):
        render.render_samples(blocks, [(4, 1)], tmp_path / "r", tmp_path / "log", lambda *told: None)
    assert not list((tmp_path / "r").iterdir())


class Preferences:
    """Cycles' preferences on a machine with some devices, where Blender knows only some kinds."""

    def __init__(self, devices, known):
        self.devices = [SimpleNamespace(type=kind, use=True) for kind in devices]
        self.known = known
        self.kind = "NONE"

    @property
    def compute_device_type(self):
        return self.kind

    @compute_device_type.setter
    def compute_device_type(self, kind):
        if kind not in (*self.known, "NONE"):
            raise TypeError(f"enum {kind} not found")
        self.kind = kind

    def refresh_devices(self):
        pass


@pytest.mark.parametrize(
    ("devices", "known", "chosen"),
    [
        (["CPU"], ["CUDA", "OPTIX", "HIP"], "CPU"),
        (["CPU", "CUDA", "OPTIX"], ["CUDA", "OPTIX", "HIP", "ONEAPI"], "OPTIX"),
        (["CPU", "CUDA"], ["CUDA", "OPTIX"], "CUDA"),
        (["CPU", "METAL"], ["METAL"], "METAL"),
        (["CPU", "OPTIX"], ["HIP"], "CPU"),
        ([], [], "CPU"),
    ],
)
def test_the_best_device_is_chosen(monkeypatch, devices, known, chosen):
    preferences = Preferences(devices, known)
    addons = {"cycles": SimpleNamespace(preferences=preferences)}
    context = SimpleNamespace(preferences=SimpleNamespace(addons=addons))
    monkeypatch.setattr(render, "bpy", SimpleNamespace(context=context))
    scene = SimpleNamespace(cycles=SimpleNamespace(device="?"))
    assert render.choose_device(scene) == chosen
    assert scene.cycles.device == ("CPU" if chosen == "CPU" else "GPU")
    if chosen != "CPU":
        assert {device.type for device in preferences.devices if device.use} == {chosen}
