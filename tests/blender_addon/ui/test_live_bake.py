"""Edits of a built show, as the installed extension follows them: the first change at once."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.blender


LIVE = """
live = lambda: sys.modules[OWN + ".blender_addon.ui.live_bake"]
LATER = "page: dusk, flip", "page: red, flip"
EVERYTHING = "#c01020", "#1020c0"
def edit(old, new):
    show = Path(sys.argv[1])
    assert show.read_text().count(old) == 1
    show.write_text(show.read_text().replace(old, new))
def at_work():
    "Build the show in a Blender that somebody works in."
    enable(); use(sys.argv[1])
    live().timers_run = lambda: True
    bpy.ops.cardstunt.build()
def edited(*change):
    edit(*change)
    bpy.ops.cardstunt.bake()
    return state()
def follow():
    while live().tick() is not None:
        pass
    # As Blender does with a timer that has ended.
    bpy.app.timers.unregister(live().tick)
    return state()
def textures():
    return Path(bpy.path.abspath(bpy.context.scene.cardstunt_built.folder))
def written():
    return {path.name: path.stat().st_mtime_ns for path in textures().glob("*/*_*.*")}
def state():
    scene = bpy.context.scene
    known = live().of(scene)
    return {
        "frame": scene.frame_current, "left": known and known.left, "running": live().is_running(scene),
        "timer": bpy.app.timers.is_registered(live().tick), "stop": bpy.ops.cardstunt.stop_bake.poll(),
        "whole": (textures() / "cards/cards.json").is_file(),
    }
def all_stands():
    "Whether a bake of everything finds nothing to do."
    live().forget(bpy.context.scene)
    before = written()
    bpy.ops.cardstunt.bake()
    return written() == before
def shown():
    "Colours of the pages that the card-holders of the evaluated scene hold."
    graph = bpy.context.evaluated_depsgraph_get()
    section = next(thing for thing in bpy.context.scene.objects if thing.name.startswith("Card Section"))
    geometry = section.evaluated_get(graph).evaluated_geometry()
    colours = geometry.instances_pointcloud().attributes["page_new"].data
    return sorted({tuple(round(c, 3) for c in item.color[:3]) for item in colours})
"""
AT_REST = {"left": 0, "running": False, "timer": False, "whole": True, "stop": False}
AT_WORK = {"running": True, "timer": True, "whole": False, "stop": True}


def test_the_first_change_is_seen_at_once_and_the_rest_is_baked_later(profile, show):
    said = profile.run(
        LIVE
        + """
at_work()
built, before = state(), written()
at_once = edited(*LATER)
there = {name for name, time in written().items() if time != before[name]}
colours = shown()
done = follow()
later = {name for name, time in written().items() if time != before[name]}
say(built=built, at_once=at_once, there=sorted(there), later=sorted(later), done=done, colours=colours,
    again=shown(), stands=all_stands())
""",
        show,
    )
    assert said["built"] == {"frame": 1, **AT_REST}
    # The cue is at 1.1 s; the samples are at thirds of a second, two frames each.
    assert said["at_once"] == {"frame": 9, "left": 1, **AT_WORK}
    assert said["there"] == ["cards_0005.png"]
    assert said["done"] == {"frame": 9, **AT_REST}
    assert said["later"] == ["cards_0005.png", "cards_0006.png"]
    # Some already hold the page of the cue.
    assert [0.527, 0.005, 0.014] in said["colours"]
    assert said["again"] == said["colours"]
    assert said["stands"]


def test_a_frame_on_view_that_has_changed_stays_on_view(profile, show):
    said = profile.run(
        LIVE
        + """
at_work()
bpy.context.scene.frame_set(12)
before = shown()
later = edited(*LATER)
seen = shown()
follow()
bpy.context.scene.frame_set(1)
title = edited("title: Tiny", "title: Small")
say(later=later, seen=seen != before, again=shown() != before, title=title, done=follow())
""",
        show,
    )
    assert said["later"] == {"frame": 12, "left": 0, **AT_WORK}
    assert said["seen"]
    # An edit that the film does not show.
    assert said["title"]["frame"] == 1
    assert said["done"] == {"frame": 1, **AT_REST}


def test_baking_is_stopped_and_goes_on_also_after_another_edit(profile, show):
    said = profile.run(
        LIVE
        + """
at_work()
edited(*EVERYTHING)
bpy.ops.cardstunt.stop_bake()
stopped = state()
stopped_tick = live().tick()
edit("page: sky, flip", "page: skye, flip")
refused(bpy.ops.cardstunt.bake)
wrong = state()
edit("page: skye, flip", "page: sky, flip")
on = edited(*LATER)
edit("page: sky, flip", "page: skye, flip")
refused(bpy.ops.cardstunt.bake)
wrong_meanwhile = state()
edit("page: skye, flip", "page: sky, flip")
say(stopped=stopped, stopped_tick=stopped_tick, wrong=wrong, on=on, wrong_meanwhile=wrong_meanwhile,
    done=follow(), stands=all_stands())
""",
        show,
    )
    stopped = {"running": False, "whole": False, "stop": False}
    assert {name: said["stopped"][name] for name in stopped} == stopped
    assert said["stopped"]["left"] > 1
    assert said["stopped_tick"] is None
    assert {name: said["wrong"][name] for name in stopped} == stopped
    assert (said["on"]["running"], said["wrong_meanwhile"]["running"]) == (True, True)
    assert said["on"]["left"] > 1
    assert said["done"] == {"frame": said["on"]["frame"], **AT_REST}
    assert said["stands"]


def test_only_the_troupe_whose_drill_has_changed_is_baked(profile, show):
    said = profile.run(
        LIVE
        + """
at_work()
before = written()
def places():
    graph = bpy.context.evaluated_depsgraph_get()
    geometry = bpy.context.scene.objects["ribbons"].evaluated_get(graph).evaluated_geometry()
    transforms = geometry.instances_pointcloud().attributes["instance_transform"].data
    return [[round(value, 3) for row in item.value for value in row] for item in transforms]
bpy.context.scene.frame_set(12)
stood = places()
compiled = sys.modules[OWN + ".scenes.compiled"]
work_out, worked_out = compiled.compile_troupes, []
compiled.compile_troupes = lambda loaded: worked_out.append("once") or work_out(loaded)
edited(*LATER)
sections_alone = list(worked_out)
edited("rings: 2", "rings: 1")
after = written()
say(sets=sorted({name[:-9] for name in after if after[name] != before[name]}), moved=places() != stood,
    sections_alone=sections_alone, worked_out=list(worked_out), done=follow())
""",
        show,
    )
    assert said["sets"] == ["cards", "ribbons"]
    assert (said["sections_alone"], said["worked_out"]) == ([], ["once"])
    assert said["moved"]
    assert said["done"] == {"frame": 12, **AT_REST}


def test_a_new_colour_of_a_troupe_is_baked(profile, show):
    said = profile.run(
        LIVE
        + """
at_work()
before = written()
edited("#1b60d8", "#10f030")
after = written()
say(sets=sorted({name[:-9] for name in after if after[name] != before[name]}), done=follow())
""",
        show,
    )
    assert said["sets"] == ["flags"]
    assert said["done"] == {"frame": 1, **AT_REST}


def test_a_move_that_the_scene_has_no_poses_for_is_not_baked(profile, show):
    said = profile.run(
        LIVE
        + """
at_work()
before = written()
try:
    edited("{ clip: jump, canon", "{ clip: cartwheel, canon")
except RuntimeError as error:
    message = str(error)
changed = written() != before
edit("{ clip: cartwheel, canon", "{ clip: march, canon")
bpy.ops.cardstunt.bake()
say(message=message, changed=changed, march=written() != before)
""",
        show,
    )
    assert "no poses for what ribbons now does (cartwheel): build it again" in said["message"]
    # People march at any pace as it is.
    assert (said["changed"], said["march"]) == (False, True)


def test_keys_that_an_edit_moves_are_followed(profile, show):
    """A troupe that was baked at keys has a clock of its own, which must turn otherwise then."""
    text = show.read_text(encoding="utf-8")
    show.write_text(text.replace("  fps: 24\n", "  fps: 24\n  key_error: 50 mm\n"), encoding="utf-8")
    said = profile.run(
        LIVE
        + """
import numpy as np
def worst():
    "Metres by which those of a troupe who are farthest off are off, in all frames; and the keys' files."
    modules = {name: sys.modules[f"{OWN}.{name}"] for name in (
        "scenes.load", "scenes.timeline", "scenes.compiled", "blender_addon.bake", "kernels.motion")}
    loaded = modules["scenes.load"].load_show(sys.argv[1])
    timeline = modules["scenes.timeline"].film_timeline(loaded.show)
    drill = modules["scenes.compiled"].compile_show(loaded).drills["ribbons"]
    at = modules["blender_addon.bake"].sample_ticks(timeline)
    states = modules["kernels.motion"].gymnast_states(drill, at)
    off = 0.0
    for frame in timeline.frames:
        bpy.context.scene.frame_set(frame.index)
        graph = bpy.context.evaluated_depsgraph_get()
        geometry = bpy.context.scene.objects["ribbons"].evaluated_get(graph).evaluated_geometry()
        transforms = geometry.instances_pointcloud().attributes["instance_transform"].data
        found = np.array([item.value.translation for item in transforms])
        wanted = states[frame.sample - 1, 0, :, :3]
        away = np.linalg.norm(found[:, None] - wanted[None], axis=-1)
        off = max(off, float(away.min(axis=0).max()), float(away.min(axis=1).max()))
    return off, len(list((textures() / "ribbons").glob("*.exr")))
at_work()
bpy.context.scene.frame_set(12)
built = worst()
# They set off when half of the film is over, so that there are fewer keys.
edited("at: 0.2 s, formation", "at: 1.4 s, formation")
at_once = worst()
live().forget(bpy.context.scene)
edited("at: 1.4 s, formation", "at: 0.2 s, formation")
say(built=built, edited=at_once, back=worst())
""",
        show,
    )
    assert max(off for off, _ in said.values()) <= 0.0501
    assert said["edited"][1] < said["built"][1] == said["back"][1]


def test_a_beat_that_moves_the_show_moves_the_drills_too(profile, show):
    text = show.read_text(encoding="utf-8")
    show.write_text(text.replace("show: 1 s..2 s", "show: bar 2..bar 3"), encoding="utf-8")
    said = profile.run(
        LIVE
        + """
at_work()
before = written()
edited("bpm: 120", "bpm: 120, offset: 100 ms")
follow()
after = written()
say(sets=sorted({name[:-9] for name in after if after[name] != before[name]}), stands=all_stands())
""",
        show,
    )
    assert said == {"sets": ["cards", "flags", "ribbons"], "stands": True}


def test_a_script_has_everything_when_bake_returns(profile, show):
    said = profile.run(
        LIVE
        + """
enable(); use(sys.argv[1])
bpy.ops.cardstunt.build()
say(state=edited(*EVERYTHING), stands=all_stands())
""",
        show,
    )
    assert said == {"state": {"frame": 1, **AT_REST}, "stands": True}


def test_scenes_and_files_may_go_while_they_are_baked(profile, show, tmp_path):
    said = profile.run(
        LIVE
        + """
at_work()
built = bpy.context.scene
edited(*EVERYTHING)
bpy.context.window.scene = bpy.data.scenes["Scene"]
other = [live().is_running(bpy.context.scene), bpy.ops.cardstunt.stop_bake.poll()]
bpy.context.window.scene = built
bpy.data.images.remove(live().card_image(built))
image = [live().tick(), state()["running"]]
bpy.ops.cardstunt.build()
edited("#1020c0", "#20c010")
bpy.data.scenes.remove(bpy.context.scene)
scene = live().tick()
bpy.context.window.scene = bpy.data.scenes["Scene"]
use(sys.argv[1])
bpy.ops.cardstunt.build()
kept = len(live()._scenes)
edited("#20c010", "#c01020")
bpy.ops.wm.save_as_mainfile(filepath=sys.argv[2])
bpy.ops.wm.open_mainfile(filepath=sys.argv[2])
loaded = state()
say(other=other, image=image, scene=scene, kept=kept, loaded=loaded, mended=edited(*EVERYTHING),
    colours=shown())
""",
        show,
        tmp_path / "file.blend",
    )
    assert said["other"] == [False, False]
    assert said["image"] == [None, False]
    assert said["scene"] is None
    assert said["kept"] == 2
    gone = {"frame": 1, "left": None, "running": False, "timer": False, "whole": False, "stop": False}
    assert said["loaded"] == gone
    assert said["mended"] == {"frame": 1, **AT_REST}
    assert said["colours"] == [[0.005, 0.014, 0.527]]


def test_undo_of_the_build_ends_its_baking_and_redo_lets_it_go_on(profile, show):
    said = profile.run(
        LIVE
        + """
enable(); use(sys.argv[1])
live().timers_run = lambda: True
bpy.ops.ed.undo_push(message="Before")
bpy.ops.cardstunt.build()
bpy.ops.ed.undo_push(message="Build")
edited(*EVERYTHING)
bpy.ops.ed.undo()
undone = [[scene.name for scene in bpy.data.scenes], live().tick()]
bpy.ops.ed.redo()
bpy.context.window.scene = bpy.data.scenes["Tiny"]
redone = state()
bpy.ops.cardstunt.bake()
say(undone=undone, redone=redone, done=follow(), colours=shown(), stands=all_stands())
""",
        show,
    )
    assert said["undone"] == [["Scene"], None]
    assert (said["redone"]["running"], said["redone"]["whole"]) == (False, False)
    assert said["redone"]["left"] > 0
    assert said["done"] == {"frame": 1, **AT_REST}
    assert said["colours"] == [[0.005, 0.014, 0.527]]
    assert said["stands"]


def test_sets_that_others_have_changed_are_baked_whole(profile, show):
    said = profile.run(
        LIVE
        + """
at_work()
whole = []
for touch in (
    lambda: (textures() / "cards/cards_0002.png").unlink(),
    lambda: (textures() / "cards/cards.json").write_text("{}"),
    lambda: (textures() / "cards/cards.json").unlink(),
):
    touch()
    before = written()
    done = edited("title: Tiny", "title: Tiny")
    whole.append([done["left"], done["whole"], done["running"],
        all(time != before.get(name) for name, time in written().items() if name.startswith("cards"))])
say(whole=whole)
""",
        show,
    )
    assert said["whole"] == [[0, True, False, True]] * 3


def test_what_goes_wrong_meanwhile_is_told_and_bake_goes_on(profile, show):
    said = profile.run(
        LIVE
        + """
at_work()
edited(*EVERYTHING)
section = live().of(bpy.context.scene).section
def full(image):
    raise OSError("No space left on device")
section.bake_some = full
tick = live().tick()
failed, told = state(), problems()
del section.bake_some
bpy.ops.cardstunt.bake()
done = follow()
def unlike(*edited):
    raise ValueError("another section: build it again")
section.edit = unlike
edit("title: Tiny", "title: Small")
say(tick=tick, failed=failed, told=told, done=done, message=refused(bpy.ops.cardstunt.bake), after=state())
""",
        show,
    )
    assert said["tick"] is None
    assert (said["failed"]["running"], said["failed"]["whole"]) == (False, False)
    assert said["told"] == [["", "No space left on device", True]]
    assert said["done"] == {"frame": 1, **AT_REST}
    assert "another section: build it again" in said["message"]
    assert said["after"] == said["done"]


def test_baking_waits_for_renders_runs_beside_films_and_ends_with_the_extension(profile, show):
    said = profile.run(
        LIVE
        + """
at_work()
left = edited(*EVERYTHING)["left"]
live().rendering = lambda: True
waiting = [live().tick() > 0, state()["left"] == left]
live().rendering = lambda: False
bpy.context.scene.cardstunt.film = sys.argv[2]
bpy.ops.cardstunt.render_film()
done = follow()
film = watch().is_running()
edited(*LATER)
timer, known = live().tick, live()._scenes
addon_utils.disable(OWN)
say(waiting=waiting, done=done, film=film, timer=bpy.app.timers.is_registered(timer), known=len(known))
""",
        show,
        show.parent / "film.mp4",
    )
    assert said["waiting"] == [True, True]
    assert said["done"] == {"frame": 1, **AT_REST}
    assert said["film"]
    assert (said["timer"], said["known"]) == (False, 0)


def test_the_panel_shows_how_far_it_is(profile, show):
    said = profile.run(
        LIVE
        + """
from types import SimpleNamespace
at_work()
drawn = []
panel = bpy.types.CARDSTUNT_PT_scene
class Layout:
    _progress = panel._progress
    layout = property(lambda self: self)
    def column(self, **options): return self
    def prop(self, *names, **options): pass
    def progress(self, **options): drawn.append(options)
    def operator(self, name, **options): drawn.append(name)
    def label(self, text): drawn.append(text)
def draw():
    drawn.clear()
    context = SimpleNamespace(scene=bpy.context.scene, region=SimpleNamespace(width=900),
        preferences=bpy.context.preferences)
    panel.draw(Layout(), context)
    assert drawn[:2] == ["cardstunt.build", "cardstunt.bake"]
    return drawn[2:]
built = draw()
left = edited(*EVERYTHING)["left"]
begun = draw()
bpy.ops.cardstunt.stop_bake()
stopped = draw()
bpy.ops.cardstunt.bake()
follow()
say(built=built, left=left, begun=begun, stopped=stopped, done=draw())
""",
        show,
    )
    assert said["built"] == said["done"] == []
    left = said["left"]
    assert said["begun"] == [{"factor": 0.0, "text": f"0 of {left} pictures"}, "cardstunt.stop_bake"]
    assert " ".join(said["stopped"]).startswith(f"{left} pictures are still of the show before.")
