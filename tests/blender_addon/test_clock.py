"""The clock turns as the film does: by samples for all, by keys for each troupe that was baked at keys."""

from __future__ import annotations

from types import SimpleNamespace

import bpy
import numpy as np
import pytest
from cardstunt.blender_addon.data_textures import TextureSet
from cardstunt.blender_addon.nodes.clock import build_clock, key_now, now, set_troupe_clocks
from cardstunt.blender_addon.nodes.tree import Tree

pytestmark = pytest.mark.blender

FRAMES, SAMPLES = [1, 2, 3, 4, 5, 6], [1, 1, 2, 2, 3, 3]
KEYS = [1.0, 1.0, 1.5, 1.5, 2.0, 2.0]
TIMELINE = SimpleNamespace(
    frames=[
        SimpleNamespace(index=frame, sample=sample) for frame, sample in zip(FRAMES, SAMPLES, strict=True)
    ],
    samples=range(3),
)


def baked(*keys):
    return TextureSet(None, "x", ".exr", 1, 1, 1, 3, keys or None)


class Scene:
    """A scene with a point that lies where a clock's hands are: x is its sample, y its key."""

    def __init__(self):
        bpy.ops.wm.read_homefile(use_factory_startup=True, use_empty=True)
        self.scene = bpy.context.scene

    def show(self, clock):
        tree = Tree.geometry("Show")
        tree.interface("Geometry", "NodeSocketGeometry", "OUTPUT")
        hands = tree.combine(now(tree, clock), key_now(tree, clock))
        tree.finish(tree.out("GeometryNodePoints", 1, hands))
        thing = bpy.data.objects.new("Shown", bpy.data.meshes.new("Shown"))
        thing.modifiers.new("Show", "NODES").node_group = tree.tree
        self.scene.collection.objects.link(thing)
        self.shown = thing

    def at(self, frame=None):
        if frame is not None:
            self.scene.frame_set(frame)
        graph = bpy.context.evaluated_depsgraph_get()
        geometry = self.shown.evaluated_get(graph).evaluated_geometry()
        place = geometry.pointcloud.attributes["position"].data[0].vector
        return tuple(np.round(place, 6).tolist()[:2])


@pytest.fixture
def scene():
    yield Scene()
    bpy.ops.wm.read_homefile(use_factory_startup=True, use_empty=True)


def test_without_keys_each_sample_is_one(scene):
    scene.show(build_clock(FRAMES, SAMPLES, scene.scene.collection))
    assert [scene.at(frame) for frame in FRAMES] == [(sample, sample) for sample in SAMPLES]


def test_keys_and_samples_turn_together(scene):
    scene.show(build_clock(FRAMES, SAMPLES, scene.scene.collection, KEYS, "ribbons"))
    assert [scene.at(frame) for frame in FRAMES] == list(zip(SAMPLES, KEYS, strict=True))
    # They are held from frame to frame.
    scene.scene.frame_set(4, subframe=0.9)
    assert scene.at() == (2.0, 1.5)


def test_other_keys_are_seen_at_once(scene):
    clocks = [
        build_clock(FRAMES, SAMPLES, scene.scene.collection, KEYS, name) for name in ("flags", "ribbons")
    ]
    scene.show(clocks[1])
    assert scene.at(3) == (2.0, 1.5)
    set_troupe_clocks(scene.scene, {"flags": baked(0, 2), "ribbons": baked(0, 1, 2)}, TIMELINE)
    assert scene.at() == (2.0, 2.0)
    assert [scene.at(frame)[1] for frame in FRAMES] == [1.0, 1.0, 2.0, 2.0, 3.0, 3.0]
    set_troupe_clocks(scene.scene, {"ribbons": baked()}, TIMELINE)
    assert [scene.at(frame)[1] for frame in FRAMES] == SAMPLES
    # The other troupe's is its own.
    scene.scene.frame_set(3)
    assert bpy.data.objects["Clock flags"].location.y == 1.5


def test_a_clock_is_found_by_the_whole_name_of_its_troupe(scene):
    names = [letter + "\N{GRINNING FACE}" * 63 + end for letter, end in ("aa", "ab")]
    clocks = {name: build_clock(FRAMES, SAMPLES, scene.scene.collection, KEYS, name) for name in names}
    scene.show(clocks[names[1]])
    set_troupe_clocks(scene.scene, {names[0]: baked(0, 1, 2)}, TIMELINE)
    assert scene.at(3) == (2.0, 1.5)
    set_troupe_clocks(scene.scene, {names[1]: baked(0, 1, 2)}, TIMELINE)
    assert scene.at(3) == (2.0, 2.0)


def test_a_clock_of_all_is_no_troupes(scene):
    scene.show(build_clock(FRAMES, SAMPLES, scene.scene.collection))
    set_troupe_clocks(scene.scene, {"": baked(0, 2)}, TIMELINE)
    assert scene.at(3) == (2.0, 2.0)
