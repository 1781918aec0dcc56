"""After an edit the scene shows the first changed frame at once, and the whole film once all is baked."""

from __future__ import annotations

import os
from types import SimpleNamespace

import bpy
import numpy as np
import pytest
from cardstunt.blender_addon.bake import bake_show, sample_ticks, section_recipe
from cardstunt.blender_addon.build import build_file
from cardstunt.blender_addon.live_edit import LiveSection
from cardstunt.kernels.books import card_states
from cardstunt.kernels.oklab import srgb8_to_linear
from cardstunt.scenes.card_section import compile_section
from cardstunt.scenes.compiled import Compiled, compile_show
from cardstunt.scenes.timeline import film_timeline
from PIL import Image

pytestmark = pytest.mark.blender

LAST = "    - { at: 1.1 s, page: dusk, flip: { order: ripple, over: 0.6 s, turn: 0.4 s } }\n"
LATER = (LAST, LAST.replace("page: dusk", "page: red"))
RAISED = (LAST, LAST + "    - { at: 1.4 s, gesture: { kind: raise, hold: 5 s }, flip: { turn: 0.1 s } }\n")
PALETTE = "  palette: { colours: 24, dither: none }\n"
SCREENS = (PALETTE, "  mode: tablets\n  tablet: { pixels: 2 }\n")


def quiet(stage, done, of):
    pass


class Built:
    """A show that was built, opened and looked at."""

    def __init__(self, changed_show, folder, *changes):
        self.changed_show, self.changes, self.folder = changed_show, changes, folder
        self.textures = folder / "textures"
        loaded, timeline, section = self.worked_out()
        bake = bake_show(loaded, timeline, self.textures, quiet, compile_show(loaded))
        build_file(loaded, timeline, bake, "draft", folder / "show.blend")
        bpy.ops.wm.open_mainfile(filepath=str(folder / "show.blend"))
        self.image = bpy.data.images[bake.cards.stem]
        self.scene = bpy.context.scene
        self.live = LiveSection(loaded, timeline, section, self.textures)

    def worked_out(self, *changes):
        loaded = self.changed_show(*self.changes, *changes)
        # Its files are written anew as well, but an edit of the show's text leaves them as they are.
        for path in loaded.files().values():
            os.utime(path, (0, 0))
        return loaded, film_timeline(loaded.show), compile_section(loaded)

    def edit(self, *changes, frame=1):
        return self.live.edit(*self.worked_out(*changes), self.image, frame)

    def stands(self, *changes):
        """Whether the set on disk is trusted to be of the changed show."""
        loaded, timeline, section = self.worked_out(*changes)
        recipe = section_recipe(loaded, timeline, section, self.textures)
        return recipe.stands(recipe.key())

    def files(self):
        return {path.name: path.read_bytes() for path in (self.textures / "cards").glob("*.png")}

    def written(self):
        return {path.name: path.stat().st_mtime_ns for path in (self.textures / "cards").glob("*.png")}


def baked_anew(built, folder, *changes):
    loaded, timeline, section = built.worked_out(*changes)
    bake_show(loaded, timeline, folder, quiet, Compiled(section, {}))
    return {path.name: path.read_bytes() for path in (folder / "cards").glob("*.png")}


def colours(instances):
    # "Card-holder 00" and so on, by the person's look; who moves is a pose instead.
    still = [len(name.split()) == 2 and name.startswith("Card-holder") for name in instances.model.tolist()]
    found = instances.colour("page_new", np.array(still))
    return found[np.lexsort(found.T)]


def expected(section, timeline, frame):
    at = sample_ticks(timeline)[[timeline.frames[frame - 1].sample - 1]]
    below = card_states(section.books, at).reshape(3, -1, 4)[1]
    found = srgb8_to_linear(below[below[:, 3] > 0, :3])
    return found[np.lexsort(found.T)]


def test_the_first_changed_frame_is_seen_at_once(changed_show, tmp_path, instances_at):
    built = Built(changed_show, tmp_path)
    before = instances_at(built.scene, "Card Section", 9)
    frame = built.edit(LATER)
    # The cue is at 1.1 s; the samples are at thirds of a second, two frames each.
    assert frame == 9
    _, timeline, section = built.worked_out(LATER)
    seen = colours(instances_at(built.scene, "Card Section", frame))
    assert seen == pytest.approx(expected(section, timeline, frame), abs=5e-5)
    assert not np.allclose(seen, colours(before), atol=1e-3)
    assert built.live.stale > 0


def test_the_frame_on_view_is_among_the_first(changed_show, tmp_path, instances_at):
    built = Built(changed_show, tmp_path)
    built.scene.frame_set(12)
    written = built.written()
    assert built.edit(LATER, frame=12) == 9
    after = built.written()
    assert {name for name in after if after[name] != written[name]} == {"cards_0005.png", "cards_0006.png"}
    _, timeline, section = built.worked_out(LATER)
    # Without a change of frame, which alone would let the nodes read the file again.
    seen = colours(instances_at(built.scene, "Card Section", None))
    assert seen == pytest.approx(expected(section, timeline, 12), abs=5e-5)


@pytest.mark.parametrize("mode", [(), (SCREENS,)], ids=["books", "tablets"])
def test_only_what_can_have_changed_is_written_and_then_the_set_is_whole(changed_show, tmp_path, mode):
    built = Built(changed_show, tmp_path, *mode)
    written = built.written()
    built.edit(LATER)
    # Until all is written, nobody may take the set for that of either show.
    assert not built.stands()
    assert not built.stands(LATER)
    built.live.finish(built.image, quiet)
    after = built.written()
    assert {name for name in after if after[name] != written[name]} == {"cards_0005.png", "cards_0006.png"}
    assert built.live.stale == 0
    assert built.stands(LATER)
    assert built.files() == baked_anew(built, tmp_path / "anew", LATER)


def test_edits_that_follow_each_other_leave_nothing_stale(changed_show, tmp_path):
    """Also where the second comes before the first is all baked, and where it takes the first back."""
    built = Built(changed_show, tmp_path)
    everything = ("#c01020", "#1020c0")
    for changes in ((LATER,), (), (everything,), (everything, LATER), (everything, RAISED)):
        built.edit(*changes)
    while built.live.bake_some(built.image, 0.0) and built.live.bake_some(built.image, 0.001):
        pass
    assert built.stands(everything, RAISED)
    assert built.files() == baked_anew(built, tmp_path / "anew", everything, RAISED)


def test_a_gesture_is_an_edit_too(changed_show, tmp_path):
    built = Built(changed_show, tmp_path)
    assert built.edit(RAISED) == 11
    built.live.finish(built.image, quiet)
    assert built.files() == baked_anew(built, tmp_path / "anew", RAISED)


def test_an_edit_that_changes_nothing_is_told(changed_show, tmp_path):
    built = Built(changed_show, tmp_path)
    written = built.written()
    assert built.edit(("title: Tiny", "title: Small")) is None
    built.live.finish(built.image, quiet)
    assert built.written() == written
    assert built.stands()


def test_what_the_playing_scene_has_read_before_is_read_again(changed_show, tmp_path, instances_at):
    """Blender keeps the files of a sequence: without a reload it shows the old ones, and says nothing."""
    built = Built(changed_show, tmp_path)
    for frame in range(1, 13):
        instances_at(built.scene, "Card Section", frame)
    change = ("#c01020", "#1020c0")
    built.edit(change, frame=5)
    built.live.finish(built.image, quiet)
    _, timeline, section = built.worked_out(change)
    for frame in (12, 1, 5, 7):
        seen = colours(instances_at(built.scene, "Card Section", frame))
        assert seen == pytest.approx(expected(section, timeline, frame), abs=5e-5)


def test_a_set_that_is_not_whole_is_mended(changed_show, tmp_path):
    built = Built(changed_show, tmp_path)
    (tmp_path / "textures" / "cards" / "cards_0002.png").unlink()
    loaded, timeline, section = built.worked_out()
    live = LiveSection(loaded, timeline, section, built.textures)
    assert live.stale == len(timeline.samples)
    live.finish(built.image, quiet)
    assert built.stands()


def test_another_film_or_section_is_refused_and_nothing_is_touched(changed_show, tmp_path):
    built = Built(changed_show, tmp_path)
    for change in (("hold: 2", "hold: 3"), ("columns: 20", "columns: 18"), SCREENS):
        with pytest.raises(ValueError, match="build"):
            built.edit(change)
    assert built.stands()


def test_a_failure_to_write_leaves_the_set_distrusted(changed_show, tmp_path, monkeypatch):
    built = Built(changed_show, tmp_path)

    def full(path, pixels):
        raise OSError("No space left on device")

    monkeypatch.setattr("cardstunt.blender_addon.bake.write_cards", full)
    with pytest.raises(OSError, match="No space"):
        built.edit(LATER)
    assert not built.stands()
    assert not built.stands(LATER)
    monkeypatch.undo()
    built.edit(LATER)
    built.live.finish(built.image, quiet)
    assert built.files() == baked_anew(built, tmp_path / "anew", LATER)


def test_screens_follow_a_picture_that_is_painted_over(changed_show, tmp_path):
    built = Built(changed_show, tmp_path, SCREENS)
    sky = built.worked_out()[0].resolve("sky.png")
    former = sky.read_bytes()

    def repainted(*changes):
        loaded = changed_show(SCREENS, *changes)
        Image.new("RGB", (20, 10), "#40d040").save(sky)
        return loaded, film_timeline(loaded.show), compile_section(loaded)

    frame = built.live.edit(*repainted(), built.image, 1)
    assert sky.read_bytes() != former
    # The page comes up from 0.1 s on.
    assert frame == 3


def test_what_was_begun_of_another_show_is_not_gone_on_with(changed_show, tmp_path, monkeypatch):
    monkeypatch.setattr("cardstunt.blender_addon.data_textures.CHUNK", 2)
    loaded, other = changed_show(), changed_show(("#c01020", "#1020c0"))
    timeline = film_timeline(loaded.show)

    def stop(stage, done, of):
        if done == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bake_show(loaded, timeline, tmp_path, stop)
    live = LiveSection(other, timeline, compile_section(other), tmp_path)
    image = SimpleNamespace(reload=lambda: None, update_tag=lambda: None)
    # For as long as two of the six take.
    clock = SimpleNamespace(perf_counter=iter([0.0, 0.0, 1.0]).__next__)
    monkeypatch.setattr("cardstunt.blender_addon.live_edit.time", clock)
    assert live.bake_some(image) == 4
    bake_show(loaded, timeline, tmp_path, quiet)
    bake_show(loaded, timeline, tmp_path / "anew", quiet)
    for path in (tmp_path / "anew" / "cards").iterdir():
        assert (tmp_path / "cards" / path.name).read_bytes() == path.read_bytes()
