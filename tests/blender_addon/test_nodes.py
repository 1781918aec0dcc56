"""What the nodes of the card section place is what the kernels say, to the byte."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import bpy
import numpy as np
import pytest
from cardstunt.blender_addon.bake import bake_show, sample_ticks
from cardstunt.blender_addon.build import build_file
from cardstunt.blender_addon.card_holders import CLEARANCE, HOLDS, LEAVES, LIFTS, PROP_HEIGHT, REST, SHAKE
from cardstunt.blender_addon.card_people import levels
from cardstunt.kernels.books import card_states
from cardstunt.kernels.oklab import srgb8_to_linear
from cardstunt.scenes.compiled import compile_show
from cardstunt.scenes.load import LoadedShow, load_show
from cardstunt.scenes.timeline import film_timeline

pytestmark = pytest.mark.blender


@pytest.fixture(scope="module")
def timeline(tiny):
    return film_timeline(tiny.show)


@pytest.fixture(scope="module")
def at(timeline):
    return sample_ticks(timeline)


@pytest.fixture(scope="module")
def compiled(tiny):
    return compile_show(tiny)


MODES = ("books", "cards", "two_sided")
LAST_CUE = "    - { at: 1.1 s, page: dusk, flip: { order: ripple, over: 0.6 s, turn: 0.4 s } }\n"
GESTURES = "".join(
    f"    - {{ at: {at}, gesture: {{ kind: {kind} }}, where: {{ {where} }}, flip: {{ {flip} }} }}\n"
    for at, kind, where, flip in (
        ("0.2 s", "tilt, hold: 0.5 s", "rows: 1-3", "over: 0.4 s, turn: 0.4 s"),
        ("0.3 s", "raise, hold: 0.4 s", "columns: 1-9", "over: 0.3 s, turn: 0.3 s"),
        ("0.4 s", "lower, hold: 0.6 s", "columns: 8-12", "turn: 0.5 s"),
        ("0.5 s", "shake, hold: 0.9 s, rate: 1.9", "rows: 7-8", "turn: 0.2 s"),
    )
)


#: People who are seen from near have more vertices than this.
NEAR_VERTICES = 2000


@dataclass(frozen=True)
class Played:
    """A scene in which everything is done with what is held, and what the kernel says of it."""

    mode: str
    loaded: LoadedShow
    folder: Path
    states: np.ndarray  # (sample, layer, holder, RGBA)

    @property
    def timeline(self):
        return film_timeline(self.loaded.show)

    def open(self):
        bpy.ops.wm.open_mainfile(filepath=str(self.folder / "show.blend"))
        return bpy.context.scene


@pytest.fixture(scope="module", params=MODES)
def played(request, tmp_path_factory, write_show):
    folder = tmp_path_factory.mktemp(request.param)
    show = write_show(
        folder / "show",
        ("  rows: 10\n", f'  rows: 10\n  mode: {request.param}\n  cover: "#40c080"\n'),
        ("absent: 5 %", "absent: 5 %, dropped: 60 %"),
        (LAST_CUE, GESTURES + LAST_CUE),
    )
    loaded = load_show(show)
    timeline, compiled = film_timeline(loaded.show), compile_show(loaded)
    bake = bake_show(loaded, timeline, folder / "textures", lambda *progress: None, compiled)
    with pytest.MonkeyPatch.context() as patch:
        # Some of them as if they were seen from near.
        patch.setattr(levels, "SHARES", (0.0, 0.0))
        patch.setattr(levels, "MOST_NEAR", 90)
        build_file(loaded, timeline, bake, "draft", folder / "show.blend")
    states = card_states(compiled.books, sample_ticks(timeline)).reshape(len(timeline.samples), 3, -1, 4)
    return Played(request.param, loaded, folder, states)


def turn(axis, angle):
    matrix = np.eye(4)
    i, j = {"x": (1, 2), "y": (2, 0), "z": (0, 1)}[axis]
    matrix[i, i] = matrix[j, j] = np.cos(angle)
    matrix[j, i], matrix[i, j] = np.sin(angle), -np.sin(angle)
    return matrix


def move(*by):
    matrix = np.eye(4)
    matrix[:3, 3] = by
    return matrix


class Holder:
    """What one holder should look like, from the kernel's bytes."""

    def __init__(self, mode, states, seat):
        self.mode, self.hold = mode, HOLDS[mode]
        above, below, pose = states.astype(float)
        self.old, self.new = above[:3], below[:3]
        self.there, self.progress = below[3] == 255, above[3] / 255
        self.turning = self.progress > 0
        self.lift, self.tilt = max((pose[0] - 128) / 127, -1), pose[1] / 255 * np.pi
        self.roll = (pose[2] - 128) / 127 * SHAKE
        self.held = pose[3] > 127
        self.moves = not self.held or (self.lift, self.tilt, self.roll) != (0, 0, 0)
        place, heading, lean, roll, self.look = seat
        near = sum(
            len(thing.data.vertices) > NEAR_VERTICES for thing in bpy.data.collections["Card-holders"].objects
        )
        self.pulls = mode == "books" and self.look < near
        self.book = int(not self.pulls)
        self.base = move(*place) @ turn("z", heading) @ turn("y", lean) @ turn("x", roll)

    @property
    def prop(self):
        middle, lean = self.hold.at(self.lift)
        return self.base @ move(*middle) @ turn("y", self.tilt - lean) @ turn("x", self.roll)

    def instances(self, cover):
        """Yield (model, transform, {attribute: sRGB bytes})."""
        if not self.there:
            return
        pulling = self.turning and not self.moves and self.pulls
        split = self.moves or pulling or (self.turning and self.mode != "books")
        body, leaf = f"Card-holder {self.look:02d}", round(self.progress * (LEAVES - 1))
        pages = {"page_new": self.new}
        if self.mode == "books":
            pages["page_left"] = self.old if self.turning else self.new
        if self.mode == "two_sided":
            pages["page_front"] = self.old if self.turning and split else self.new
            pages["page_back"] = self.new if self.turning else cover
        if not split:
            yield body, self.base, pages
        elif not self.held:
            yield f"{body} Pose {LIFTS} Idle", self.base, {}
            return
        elif pulling:
            yield f"{body} Pull {leaf:02d}", self.base, {}
        else:
            yield f"{body} Pose {round(REST + REST * self.lift):02d}", self.base, {}
        yield from self.props(split, leaf, pages)

    def props(self, split, leaf, pages):
        """Yield what is held, where it is not one with its holder."""
        if self.mode == "books":
            if split:
                yield f"Book {self.book:02d}", self.prop, pages
            if self.turning:
                matrix = self.prop @ move(CLEARANCE, 0, 0) @ turn("z", -np.pi * self.progress)
                yield f"Turning Page {leaf + self.book * LEAVES:02d}", matrix, pages | {"page_old": self.old}
        elif split and self.mode == "cards":
            left = (1 - self.progress) if self.turning else 0
            yield "Card", self.prop @ move(0, 0, -PROP_HEIGHT * left), {"page_new": self.new}
            if self.turning:
                down = max(0, 3 * self.progress - 2) * PROP_HEIGHT
                yield "Card", self.prop @ move(-CLEARANCE, 0, -down), {"page_new": self.old}
        elif split:
            yield "Frame", self.prop, {}
            yield "Board", self.prop @ turn("z", np.pi * self.progress), pages


def seats_of(scene):
    """Places of the seats and what is special about their holders, in order."""
    mesh = scene.objects["Card Section"].data
    places = np.empty(len(mesh.vertices) * 3, np.float32)
    mesh.vertices.foreach_get("co", places)
    values = []
    for name in ("heading", "lean", "roll", "look"):
        dtype = np.int32 if mesh.attributes[name].data_type == "INT" else np.float32
        values.append(np.empty(len(mesh.vertices), dtype))
        mesh.attributes[name].data.foreach_get("value", values[-1])
    return list(zip(places.reshape(-1, 3), *values, strict=True))


def holders(played, scene, sample):
    seats = seats_of(scene)
    return [Holder(played.mode, played.states[sample, :, i], seats[i]) for i in range(len(seats))]


def test_the_show_tests_what_it_should(played):
    """Otherwise the tests below could pass with nothing turning, nobody absent and no book moved."""
    scene = played.open()
    by_sample = [holders(played, scene, k) for k in range(len(played.states))]
    everyone = [holder for sample in by_sample for holder in sample]
    assert not all(holder.there for holder in everyone)
    for test in (
        lambda h: abs(h.progress - 0.25) < 0.1,
        lambda h: h.progress > 0.9,
        lambda h: h.turning and h.moves and h.held,
        lambda h: h.turning and not h.held,
        lambda h: h.lift == 1,
        lambda h: 0.2 < h.lift < 0.8,
        lambda h: h.lift == -1,
        lambda h: h.tilt == np.pi,
        lambda h: 0.5 < h.tilt < 2.5 and h.lift > 0,
        lambda h: h.roll > 0.05,
        lambda h: h.roll < -0.05,
        lambda h: not h.held,
        lambda h: not h.pulls,
    ):
        assert any(test(holder) for holder in everyone if holder.there)
    if played.mode == "books":
        for share in (0.1, 0.9):
            assert any(
                h.pulls and h.turning and not h.moves and h.there and abs(h.progress - share) < 0.15
                for h in everyone
            )
    assert len({tuple(holder.new) for holder in by_sample[3]}) > 10


def test_people_and_what_they_hold_are_what_the_kernel_says(played, instances_at):
    """Every instance: which model, where, turned how, and in which colours; to the byte."""
    scene = played.open()
    cover = np.array(played.loaded.show.card_section.cover, float)
    for sample in played.timeline.samples:
        expected = {}
        for holder in holders(played, scene, sample.index - 1):
            for model, matrix, colours in holder.instances(cover):
                expected.setdefault(model, []).append((matrix, colours))
        instances = instances_at(scene, "Card Section", sample.first_frame)
        assert {name: (instances.model == name).sum() for name in set(instances.model)} == {
            name: len(found) for name, found in expected.items()
        }
        for model, wanted in expected.items():
            of = np.flatnonzero(instances.model == model)
            matrices = np.array([matrix for matrix, _ in wanted])
            apart = np.abs(instances.matrix[of][:, None] - matrices[None]).max((2, 3))
            which = apart.argmin(1)
            assert sorted(which) == list(range(len(wanted)))
            assert apart.min(1).max() < 3e-4
            for attribute in wanted[0][1]:
                bytes_ = np.array([wanted[k][1][attribute] for k in which]).astype(np.uint8)
                # Bytes are at least 3e-4 apart in linear light; decoded twice, or never, they are not near.
                assert instances.colour(attribute, of) == pytest.approx(srgb8_to_linear(bytes_), abs=5e-5)


def test_a_file_that_is_opened_again_plays_the_same(played, instances_at):
    """In any order of frames, and after the file was saved by somebody else."""
    scene = played.open()
    order = [sample.first_frame for sample in played.timeline.samples]
    first = {frame: instances_at(scene, "Card Section", frame) for frame in order}
    other = played.folder / "other.blend"
    bpy.ops.wm.save_as_mainfile(filepath=str(other))
    bpy.ops.wm.open_mainfile(filepath=str(other))
    for frame in reversed(order):
        again = instances_at(bpy.context.scene, "Card Section", frame)
        assert np.array_equal(again.matrix, first[frame].matrix)
        assert list(again.model) == list(first[frame].model)
        assert np.array_equal(
            again.colour("page_new", slice(None)), first[frame].colour("page_new", slice(None))
        )


def test_people_at_rest_are_one_instance_each(scene, timeline, compiled, instances_at):
    """So that a section of 20,000 is 20,000 instances and not 40,000."""
    instances = instances_at(scene, "Card Section", 1)
    assert all(name.startswith("Card-holder ") and "Pose" not in name for name in instances.model)
    assert len(instances.model) == compiled.books.present.sum()


def test_materials_take_their_colours_from_the_instances(played, instances_at):
    """All parts that show a page name an attribute that the nodes store on whatever has that part."""
    scene = played.open()
    asked = {
        material.name: node.attribute_name
        for material in bpy.data.materials
        if material.name in {"Left Page", "Right Page", "Turning Page"}
        for node in material.node_tree.nodes
        if node.bl_idname == "ShaderNodeAttribute"
    }
    assert set(asked) == {"Left Page", "Right Page"} | ({"Turning Page"} if played.mode == "books" else set())
    for sample in played.timeline.samples:
        instances = instances_at(scene, "Card Section", sample.first_frame)
        stored = {attribute.name for attribute in instances.cloud.attributes}
        assert set(asked.values()) <= stored
    backs = {"books": "Book 00", "cards": "Card"}
    if played.mode in backs:
        slots = bpy.data.objects[backs[played.mode]].data.materials
        colour = (
            next(slot for slot in slots if slot.name == "Cover").node_tree.nodes["Diffuse BSDF"].inputs[0]
        )
        assert tuple(colour.default_value)[:3] == pytest.approx(
            srgb8_to_linear(np.array([0x40, 0xC0, 0x80], np.uint8)), abs=1e-6
        )
