"""What the nodes of a troupe place is what the kernels say, in the right pose, detail and colour."""

from __future__ import annotations

from types import SimpleNamespace

import bpy
import numpy as np
import pytest
from cardstunt.blender_addon.bake import sample_ticks
from cardstunt.blender_addon.build_troupes import build_troupes
from cardstunt.blender_addon.data_textures import TextureSet, write_exr
from cardstunt.blender_addon.nodes.gymnasts import DETAIL_PIXELS
from cardstunt.blender_addon.pose_meshes import FAR_BODIES, POSES, PoseList, pose_meshes
from cardstunt.kernels.clips import CLIPS, STRIPS
from cardstunt.kernels.costumes import costume_states
from cardstunt.kernels.motion import gymnast_states
from cardstunt.kernels.used_strips import used_strips
from cardstunt.scenes.compiled import compile_show
from cardstunt.scenes.timeline import film_timeline

pytestmark = pytest.mark.blender

BODIES = ("woman", "girl", "man", "boy", "stocky", "tall")
NEAR, MIDDLE, FAR = range(len(POSES))
STAND, JUMP, BOW = (
    next(i for i, clip in enumerate(CLIPS) if clip.name == name) for name in ("stand", "jump", "bow")
)
WALK = next(number for number, strip in enumerate(STRIPS) if strip.stride and not strip.ends)


class People:
    """What a troupe's object instances now, in the order of its people."""

    def __init__(self, name: str) -> None:
        depsgraph = bpy.context.evaluated_depsgraph_get()
        # The arrays die with the geometry.
        self.geometry = bpy.data.objects[name].evaluated_get(depsgraph).evaluated_geometry()
        self.cloud = self.geometry.instances_pointcloud()
        self.order = np.argsort(self.read("id", "value", 1, np.int32))
        matrices = self.read("instance_transform", "value", 16).reshape(-1, 4, 4)
        self.matrix = matrices.transpose(0, 2, 1)[self.order]
        references = self.geometry.instance_references()
        self.models = [references[i] for i in self.read(".reference_index", "value", 1, np.int32)[self.order]]
        words = [model.name.split() for model in self.models]
        self.chapter = np.array([int(word[-3]) for word in words])
        self.detail = np.array([int(word[-2]) for word in words])
        self.body = np.array([word[-1] for word in words])

    def read(self, name, item, width, dtype=np.float32):
        data = self.cloud.attributes[name].data
        values = np.empty(len(data) * width, dtype)
        data.foreach_get(item, values)
        return values.reshape(-1, width) if width > 1 else values

    def vertices(self, person):
        """The person's mesh, (V, 3) metres, before it is placed."""
        mesh = self.models[person].mesh
        places = np.empty(3 * len(mesh.vertices), np.float32)
        mesh.vertices.foreach_get("co", places)
        return places.reshape(-1, 3)


def shown_strip(strip, detail, used):
    """Return the strip whose poses show: far off, some stride's do for the next longer one too."""
    poses = PoseList.of(used)
    rows, chapters = poses.table()
    row = strip * len(POSES) + detail
    return poses.phases(int(chapters[row]) % len(poses.chapters), detail)[int(rows[row, 0])][0]


def expected_pose(state, detail, costume, body, used):
    """Where the kernels and the clips say that a person's vertices are."""
    strip = shown_strip(int(state[1]), detail, used)
    count = sum(1 for number, _ in PoseList.of([strip]).phases(-1, detail) if number == strip)
    if strip == STAND:
        count = POSES[detail] // 2
    phase = np.floor(state[0] % 1 * count + 0.5) % count / count
    return pose_meshes(costume.style, costume.prop, body, detail, [(strip, phase)]).vertices[0]


@pytest.fixture(scope="module")
def timeline(tiny):
    return film_timeline(tiny.show)


@pytest.fixture(scope="module")
def at(timeline):
    return sample_ticks(timeline)


@pytest.fixture(scope="module")
def compiled(tiny):
    return compile_show(tiny)


@pytest.mark.parametrize("name", ["ribbons", "flags"])
def test_gymnasts_are_where_and_what_the_kernels_say(scene, timeline, tiny, compiled, at, name):
    states = gymnast_states(compiled.drills[name], at)
    colours = costume_states(compiled.costumes[name], at)
    used = used_strips(compiled.drills[name])
    costume = tiny.show.troupes[name].costume
    for sample in timeline.samples:
        place, state = states[sample.index - 1]
        scene.frame_set(sample.first_frame)
        people = People(name)
        assert people.matrix[:, :3, 3] == pytest.approx(place[:, :3], abs=1e-5)
        # First column of the transform: where the figure's front points, times its size.
        front = np.stack([np.cos(place[:, 3]), np.sin(place[:, 3]), 0 * place[:, 3]], -1)
        assert people.matrix[:, :3, 0] == pytest.approx(front * state[:, 2:3], abs=1e-5)
        bodies = [BODIES[int(variation * 6)] for variation in state[:, 3]]
        far = people.detail == FAR
        assert list(people.body) == [FAR_BODIES[b] if f else b for b, f in zip(bodies, far, strict=True)]
        for person in range(len(state)):
            wanted = expected_pose(state[person], people.detail[person], costume, people.body[person], used)
            assert people.vertices(person) == pytest.approx(wanted, abs=1e-5)
        assert people.read("person", "value", 1)[people.order] == pytest.approx(state[:, 3], abs=1e-6)
        worn = people.read("costume", "color", 4)[people.order]
        assert worn[:, :3] == pytest.approx(colours[sample.index - 1, :, :3], abs=1e-6)


def test_gymnasts_move_between_two_samples(scene, compiled, at):
    """As keys and motion blur need it; the clock's keys are held, so a subframe is asked of the clock."""
    states = gymnast_states(compiled.drills["ribbons"], at)
    clock = bpy.data.objects["Clock ribbons"]
    clock.animation_data_clear()
    for sample, between in ((2, 0.25), (3, 0.5)):
        clock.location.y = sample + between
        people = People("ribbons")
        before, after = states[sample - 1], states[sample]
        mixed = (1 - between) * before + between * after
        assert np.abs(before - after)[0, :, :2].max() > 0.1
        assert people.matrix[:, :3, 3] == pytest.approx(mixed[0, :, :3], abs=1e-4)
        heading = np.arctan2(people.matrix[:, 1, 0], people.matrix[:, 0, 0])
        turned = heading - mixed[0, :, 3]
        assert np.arctan2(np.sin(turned), np.cos(turned)) == pytest.approx(0, abs=1e-4)


def test_the_clock_holds_frames(scene, timeline):
    """Frames that show one picture place everyone alike, in any order of frames; the next one does not."""

    def shown(frame, subframe=0.0):
        scene.frame_set(frame, subframe=subframe)
        return People("ribbons").matrix

    first = {frame: shown(frame) for frame in (4, 3, 1, 2, 5)}
    assert [frame.sample for frame in timeline.frames[:5]] == [1, 1, 2, 2, 3]
    assert np.array_equal(first[1], first[2])
    assert np.array_equal(first[3], first[4])
    assert not np.array_equal(first[2], first[3])
    for frame in (3, 4):
        assert np.array_equal(shown(frame, 0.6), first[frame])


def build_field(folder, keys, troupes, picture_width=1000):
    """Build troupes of given states, (keys, 3, N, 4), in an empty scene; `troupes` says what each wears."""
    bpy.ops.wm.read_homefile(use_factory_startup=True, use_empty=True)
    plain = {"style": "leotard", "prop": "none", "bodies": BODIES, "accent": None}
    costumes = {
        name: SimpleNamespace(costume=SimpleNamespace(**plain | costume)) for name, costume in troupes.items()
    }
    show = SimpleNamespace(stadium=SimpleNamespace(light="noon"), troupes=costumes)
    frames = [SimpleNamespace(index=number, sample=number) for number in range(1, len(keys) + 1)]
    textures = {}
    for name in troupes:
        count = keys.shape[2]
        textures[name] = TextureSet(folder / name, name, ".exr", count, count, 1, 3)
        textures[name].folder.mkdir()
        for number, key in enumerate([*keys, keys[-1]], 1):
            write_exr(textures[name].file(number), key.astype(np.float32))
    strips = tuple(sorted({int(strip) for strip in keys[:, 1, :, 1].ravel()} & {STAND, JUMP, BOW, WALK}))
    bake = SimpleNamespace(troupes=textures, strips=dict.fromkeys(troupes, strips))
    timeline = SimpleNamespace(frames=frames, samples=frames)
    build_troupes(show, timeline, bake, picture_width, bpy.context.scene.collection)


def states_of(count, **channels):
    """One key of people in a row along X, who stand; `channels` are place, cycle, strip and variation."""
    state = np.zeros((1, 3, count, 4))
    state[0, 0, :, 0] = channels.get("x", np.arange(count))
    state[0, 1, :, 0] = channels.get("cycle", 0.0)
    state[0, 1, :, 1] = channels.get("strip", STAND)
    state[0, 1, :, 2] = 1.0
    state[0, 1, :, 3] = channels.get("variation", 0.0)
    return state


def add_camera(x, **settings):
    data = bpy.data.cameras.new("Camera")
    for name, value in settings.items():
        setattr(data, name, value)
    camera = bpy.data.objects.new("Camera", data)
    camera.location = (x, 0.0, 0.0)
    bpy.context.scene.collection.objects.link(camera)
    bpy.context.scene.camera = camera
    return camera


def details(pixels):
    return np.select([pixels >= DETAIL_PIXELS[0], pixels >= DETAIL_PIXELS[1]], [NEAR, MIDDLE], FAR)


def test_details_follow_the_height_in_the_scenes_picture(tmp_path):
    far = np.linspace(3.0, 200.0, 80)
    build_field(tmp_path, states_of(80, x=far), {"row": {}}, picture_width=1000)
    camera = add_camera(0.0, lens=35.0, sensor_width=36.0)
    assert list(People("row").detail) == list(details(1.7 * 1000 * 35 / 36 / far))
    assert set(People("row").detail) == {NEAR, MIDDLE, FAR}
    camera.data.lens = 85.0
    assert list(People("row").detail) == list(details(1.7 * 1000 * 85 / 36 / far))
    camera.location.x = 100.0
    pixels = 1.7 * 1000 * 85 / 36 / np.maximum(np.abs(far - 100.0), 1e-3)
    assert list(People("row").detail) == list(details(pixels))
    bpy.data.objects["row"].location.x = -30.0  # the whole troupe, moved by hand
    pixels = 1.7 * 1000 * 85 / 36 / np.maximum(np.abs(far - 130.0), 1e-3)
    assert list(People("row").detail) == list(details(pixels))


def test_details_follow_the_camera_that_a_marker_binds(tmp_path):
    build_field(tmp_path, np.repeat(states_of(4), 2, axis=0), {"row": {}})
    scene = bpy.context.scene
    for number, x in ((1, 0.0), (2, 500.0)):
        scene.timeline_markers.new(str(number), frame=number).camera = add_camera(x)
    seen = []
    for frame in (1, 2, 1):
        scene.frame_set(frame)
        seen.append(set(People("row").detail))
    assert seen == [{NEAR}, {FAR}, {NEAR}]


@pytest.mark.parametrize(("scale", "detail"), [(10.0, NEAR), (40.0, MIDDLE), (400.0, FAR)])
def test_a_camera_without_perspective_shows_all_in_one_detail(tmp_path, scale, detail):
    build_field(tmp_path, states_of(9, x=np.arange(9) * 40.0), {"row": {}}, picture_width=1000)
    add_camera(0.0, type="ORTHO", ortho_scale=scale)
    assert details(np.array([1.7 * 1000 / scale])) == detail
    assert set(People("row").detail) == {detail}


def test_each_detail_shows_the_nearest_of_its_poses(tmp_path):
    # Nowhere just between two poses.
    cycle = np.concatenate([np.linspace(0.0, 1.0, 97) + 0.003, [41.5, 7.999]])
    for number, detail, strip in (
        (0.0, NEAR, JUMP),
        (50.0, MIDDLE, JUMP),
        (900.0, FAR, BOW),
        (0.0, NEAR, WALK),
    ):
        folder = tmp_path / f"{number} {strip}"
        folder.mkdir()
        build_field(folder, states_of(99, x=0.0, cycle=cycle, strip=strip), {"row": {}}, picture_width=2000)
        add_camera(-4.0 - number)
        people = People("row")
        assert set(people.detail) == {detail}
        count = POSES[detail] * (2 if CLIPS[STRIPS[strip].clip].seconds > 2.5 else 1)
        for person, phase in enumerate(cycle.astype(np.float32) % 1):
            nearest = np.floor(phase * count + np.float32(0.5)) % count / count
            wanted = pose_meshes("leotard", "none", "woman", detail, [(strip, float(nearest))])
            assert people.vertices(person) == pytest.approx(wanted.vertices[0], abs=1e-5)


def test_a_strip_without_models_shows_a_stand(tmp_path):
    cartwheel = next(number for number, clip in enumerate(CLIPS) if clip.name == "cartwheel")
    build_field(tmp_path, states_of(2, cycle=0.0, strip=[cartwheel, STAND]), {"row": {}})
    add_camera(-2.0)
    people = People("row")
    assert np.array_equal(people.vertices(0), people.vertices(1))


def test_troupes_of_one_look_share_their_models_and_keep_to_their_bodies(tmp_path):
    looks = {
        "one": {"bodies": ("tall", "girl")},
        "two": {"bodies": ("man",)},
        "three": {"prop": "torch", "bodies": ("man", "woman")},
    }
    variation = np.array([0.0, 0.3, 0.499, 0.5, 0.99, 1.0])
    build_field(tmp_path, states_of(6, variation=variation), looks)
    add_camera(-3.0)
    one, two, three = (People(name) for name in looks)
    assert list(one.body) == ["tall"] * 3 + ["girl"] * 3
    assert list(two.body) == ["man"] * 6
    assert list(three.body) == ["man"] * 3 + ["woman"] * 3
    meshes = [mesh.name for mesh in bpy.data.meshes if mesh.name.split()[-1] in BODIES]
    # One chapter: in two details three bodies in leotards and two with torches, two of each in the last.
    assert len(meshes) == len(set(meshes)) == 2 * (3 + 2) + 2 + 2
    add_camera(-3000.0)
    assert list(People("one").body) == ["man"] * 3 + ["woman"] * 3
    assert list(People("two").body) == ["man"] * 6
    assert list(People("three").body) == ["man"] * 3 + ["woman"] * 3
    assert not any(mesh.name[-4:-3] == "." for mesh in bpy.data.meshes)


def test_between_keys_all_is_mixed_but_the_strip(tmp_path):
    keys = np.concatenate([states_of(2, cycle=[0.0, 0.2], strip=[JUMP, BOW]), states_of(2, cycle=[0.5, 0.9])])
    keys[1, 1, :, 1] = [JUMP, STAND]
    keys[:, 2, :, :3] = np.array([[0.0, 0.2, 1.0], [0.5, 0.6, 0.0]])[:, None]
    keys[1, 0, :, 1] = 2.0
    build_field(tmp_path, keys, {"row": {}})
    add_camera(-3.0)
    clock = bpy.data.objects["Clock row"]
    clock.animation_data_clear()
    clock.location.y = 1.5
    people = People("row")
    assert people.matrix[:, 1, 3] == pytest.approx([1.0, 1.0])
    assert people.read("costume", "color", 4)[:, :3] == pytest.approx(np.tile([0.25, 0.4, 0.5], (2, 1)))
    for person, (strip, phase) in enumerate([(JUMP, 0.25), (BOW, np.floor(0.2 * 48 + 0.5) / 48)]):
        wanted = pose_meshes("leotard", "none", "woman", NEAR, [(strip, phase)]).vertices[0]
        assert people.vertices(person) == pytest.approx(wanted, abs=1e-5)


def test_materials_take_their_colours_from_people(tmp_path):
    """The shaders' names are those of attributes that instances have, or of their object's properties."""
    build_field(tmp_path, states_of(3), {"row": {"prop": "torch", "accent": (255, 0, 0)}})
    add_camera(-3.0)
    people = People("row")
    stored = {attribute.name for attribute in people.cloud.attributes}
    assert tuple(bpy.data.objects["row"]["accent"]) == pytest.approx((1.0, 0.0, 0.0))
    asked = set()
    for material in people.models[0].mesh.materials:
        for node in material.node_tree.nodes:
            if node.bl_idname == "ShaderNodeAttribute":
                assert node.attribute_type == "INSTANCER"
                asked.add(node.attribute_name)
    assert asked == {"person", "costume", "accent"}
    assert asked - {"accent"} <= stored
    burning = [material for material in people.models[0].mesh.materials if material.name == "Flame"]
    assert len(burning) == 1
    assert any(node.bl_idname == "ShaderNodeEmission" for node in burning[0].node_tree.nodes)


def test_the_strips_that_a_drill_uses_are_those_that_the_kernel_gives(compiled):
    for drill in compiled.drills.values():
        last = int(np.asarray(drill.arrive).max())
        shown = gymnast_states(drill, np.linspace(0, 1.2 * last + 1, 300).astype(np.int64))[:, 1, :, 1]
        assert {int(strip) for strip in np.unique(shown)} <= set(used_strips(drill))
