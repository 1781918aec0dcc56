"""What the nodes place is what the kernels say: to the byte for cards, to float precision for gymnasts."""

from __future__ import annotations

import bpy
import numpy as np
import pytest
from cardstunt.blender_addon.bake import sample_ticks
from cardstunt.blender_addon.figures import BOOK_LEAN, page_point
from cardstunt.kernels.books import card_states
from cardstunt.kernels.motion import CLIPS, gymnast_states
from cardstunt.kernels.palette import srgb8_to_linear
from cardstunt.scenes.compiled import compile_show
from cardstunt.scenes.timeline import film_timeline

pytestmark = pytest.mark.blender

POSES = 8


class Instances:
    """The instances of an object at a frame: transforms, attributes and which model each one is."""

    def __init__(self, scene, name, frame, subframe=0.0):
        scene.frame_set(frame, subframe=subframe)
        depsgraph = bpy.context.evaluated_depsgraph_get()
        # The arrays die with the geometry.
        self.geometry = bpy.data.objects[name].evaluated_get(depsgraph).evaluated_geometry()
        self.cloud = self.geometry.instances_pointcloud()
        names = [reference.name for reference in self.geometry.instance_references()]
        self.model = np.array(names)[self.read(".reference_index", "value", 1, np.int32)]
        matrices = self.read("instance_transform", "value", 16)
        self.matrix = matrices.reshape(-1, 4, 4).transpose(0, 2, 1)

    def read(self, name, item, width, dtype=np.float32):
        data = self.cloud.attributes[name].data
        values = np.empty(len(data) * width, dtype)
        data.foreach_get(item, values)
        return values.reshape(-1, width) if width > 1 else values

    def colour(self, name, of):
        return self.read(name, "color", 4)[of, :3]


@pytest.fixture(scope="module")
def timeline(tiny):
    return film_timeline(tiny.show)


@pytest.fixture(scope="module")
def at(timeline):
    return sample_ticks(timeline)


@pytest.fixture(scope="module")
def compiled(tiny):
    return compile_show(tiny)


@pytest.fixture(scope="module")
def cards(compiled, at):
    """(sample, layer, holder, RGBA)"""
    books = compiled.books
    return card_states(books, at).reshape(len(at), 2, books.rows * books.columns, 4)


def holders_in_order(instances, scene):
    """Which holder each of the card-holders' instances is, by its place."""
    seats = bpy.data.objects["Card Section"].data
    places = np.empty(len(seats.vertices) * 3, np.float32)
    seats.vertices.foreach_get("co", places)
    places = places.reshape(-1, 3)
    distance = np.abs(instances.matrix[:, None, :3, 3] - places).max(-1)
    return distance.argmin(1), distance.min(1)


def test_the_show_tests_what_it_should(cards):
    """Otherwise the tests below could pass with nothing turning, or nobody absent."""
    progress = cards[:, 0, :, 3] / 255
    assert (cards[0, 1, :, 3] == 0).any()
    assert (abs(progress - 0.25) < 0.05).any()
    assert (abs(progress - 0.5) < 0.05).any()
    assert len(np.unique(cards[3, 1, :, :3], axis=0)) > 10


def test_cards_show_the_kernels_bytes(scene, timeline, cards):
    for sample in timeline.samples:
        away, shown = cards[sample.index - 1]
        present, turning = shown[:, 3] == 255, (away[:, 3] > 0) & (shown[:, 3] == 255)
        instances = Instances(scene, "Card Section", sample.first_frame)
        is_holder = instances.model == "Card-holder"
        who, distance = holders_in_order(instances, scene)
        who = who[is_holder]
        assert distance[is_holder].max() < 1e-5
        assert sorted(who) == list(np.flatnonzero(present))
        for attribute, expected in (
            ("page_new", shown),
            ("page_old", away),
            # The page under the leaf that is being turned is still the old one.
            ("page_left", np.where(turning[:, None], away, shown)),
        ):
            colour = instances.colour(attribute, is_holder)
            # Bytes are at least 3e-4 apart in linear light; decoded twice, or never, they are not near.
            assert colour == pytest.approx(srgb8_to_linear(expected[who, :3]), abs=5e-5)


def test_pages_turn_by_the_kernels_progress(scene, timeline, cards):
    """The leaf starts on the viewer's right, comes towards the viewer, and ends on the left."""
    for sample in timeline.samples:
        away, shown = cards[sample.index - 1]
        turning = np.flatnonzero((away[:, 3] > 0) & (shown[:, 3] == 255))
        instances = Instances(scene, "Card Section", sample.first_frame)
        is_leaf = instances.model == "Turning Page"
        assert is_leaf.sum() == len(turning)
        if not len(turning):
            continue
        people, _ = holders_in_order(instances, scene)
        holder = dict(zip(people[~is_leaf], instances.matrix[~is_leaf], strict=True))
        leaves = instances.matrix[is_leaf]
        hinges = {who: holder[who] @ [*page_point(0.0, 0.0, 0.012), 1.0] for who in turning}
        for leaf in leaves:
            who = min(turning, key=lambda who: np.abs(hinges[who] - leaf[:, 3]).max())
            assert leaf[:3, 3] == pytest.approx(hinges.pop(who)[:3], abs=1e-5)
            turning = turning[turning != who]
            angle = np.pi * away[who, 3] / 255
            across = (np.linalg.inv(holder[who]) @ leaf @ [0, 1, 0, 0])[:3]
            normal = np.array([np.cos(BOOK_LEAN), 0, np.sin(BOOK_LEAN)])
            assert across == pytest.approx(np.cos(angle) * np.eye(3)[1] + np.sin(angle) * normal, abs=1e-4)
        assert not hinges


@pytest.mark.parametrize("name", ["ribbons", "flags"])
def test_gymnasts_stand_where_the_kernels_say(scene, timeline, compiled, at, name):
    states = gymnast_states(compiled.drills[name], at)
    for sample in timeline.samples:
        place, state = states[sample.index - 1]
        instances = Instances(scene, name, sample.first_frame)
        assert instances.matrix[:, :3, 3] == pytest.approx(place[:, :3], abs=1e-5)
        # First column of the transform: where the figure's front points, times its size.
        front = np.stack([np.cos(place[:, 3]), np.sin(place[:, 3]), 0 * place[:, 3]], -1)
        assert instances.matrix[:, :3, 0] == pytest.approx(front * state[:, 2:3], abs=1e-5)
        pose = np.floor((state[:, 0] + 0.25 / POSES) % 1 * POSES).astype(int)
        expected = [
            f"{int(clip):02d} {k:02d} {CLIPS[int(clip)]} {name}"
            for clip, k in zip(state[:, 1], pose, strict=True)
        ]
        assert list(instances.model) == expected
        assert instances.read("person", "value", 1) == pytest.approx(state[:, 3], abs=1e-6)


def test_gymnasts_move_between_two_samples(scene, timeline, compiled, at):
    """As motion blur needs it; the keys of the clock are held, so a subframe is asked of the clock itself."""
    states = gymnast_states(compiled.drills["ribbons"], at)
    clock = bpy.data.objects["Clock"]
    clock.animation_data_clear()
    for sample, between in ((2, 0.25), (3, 0.5)):
        clock.location.x = sample + between
        instances = Instances(scene, "ribbons", 1)
        mixed = (1 - between) * states[sample - 1] + between * states[sample]
        assert np.abs(states[sample - 1] - states[sample])[0, :, :2].max() > 0.1
        assert instances.matrix[:, :3, 3] == pytest.approx(mixed[0, :, :3], abs=1e-4)
        heading = np.arctan2(instances.matrix[:, 1, 0], instances.matrix[:, 0, 0])
        turned = heading - mixed[0, :, 3]
        assert np.arctan2(np.sin(turned), np.cos(turned)) == pytest.approx(0, abs=1e-4)


def test_the_clock_holds_frames(scene, timeline):
    """Frames that show one picture place everyone alike, in any order of frames; the next one does not."""
    first = {frame: Instances(scene, "ribbons", frame).matrix for frame in (4, 3, 1, 2, 5)}
    assert [frame.sample for frame in timeline.frames[:5]] == [1, 1, 2, 2, 3]
    assert np.array_equal(first[1], first[2])
    assert np.array_equal(first[3], first[4])
    assert not np.array_equal(first[2], first[3])
    for frame in (3, 4):
        assert np.array_equal(Instances(scene, "ribbons", frame, subframe=0.6).matrix, first[frame])


def test_materials_take_their_colours_from_the_instances(scene):
    """Both pages and the leaf's two sides name an attribute that the nodes store."""
    instances = Instances(scene, "Card Section", 3)
    stored = {attribute.name for attribute in instances.cloud.attributes}
    asked = {
        node.attribute_name
        for name in ("Left Page", "Right Page", "Turning Page")
        for node in bpy.data.materials[name].node_tree.nodes
        if node.bl_idname == "ShaderNodeAttribute"
    }
    assert asked == {"page_left", "page_new", "page_old"}
    assert asked <= stored
