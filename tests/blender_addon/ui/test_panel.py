"""The installed extension in Blender: enabling, the operators on a small show, disabling."""

from __future__ import annotations

import re

import pytest

pytestmark = pytest.mark.blender


def change(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_enabling_imports_nothing_heavy(profile):
    said = profile.run(
        """
before = set(sys.modules)
enable()
say(roots=sorted({name.partition(".")[0] for name in set(sys.modules) - before}))
"""
    )
    assert not {"PIL", "av", "numpy", "pydantic", "scipy", "yaml"} & set(said["roots"])


def test_disabling_leaves_nothing(profile, show):
    said = profile.run(
        """
def state():
    handlers = [getattr(bpy.app.handlers, name) for name in dir(bpy.app.handlers)]
    return {
        "types": sorted(dir(bpy.types)),
        "operators": dir(bpy.ops.cardstunt),
        "properties": [sorted(owner.bl_rna.properties.keys()) for owner in
            (bpy.types.Scene, bpy.types.WindowManager, bpy.types.Object, bpy.types.Image)],
        "handlers": [len(handler) for handler in handlers if isinstance(handler, list)],
        "menus": [len(getattr(menu.draw, "_draw_funcs", ())) for menu in map(
            lambda name: getattr(bpy.types, name), dir(bpy.types)) if hasattr(menu, "draw")],
        "keymaps": [len(keymap.keymap_items) for keymap in getattr(
            bpy.context.window_manager.keyconfigs.addon, "keymaps", ())],
    }
before = state()
enable()
during = state()
use(sys.argv[1])
bpy.ops.cardstunt.load_show()
bpy.ops.cardstunt.build()
bpy.context.scene.cardstunt.film = sys.argv[2]
bpy.ops.cardstunt.render_film()
process = watch().Watch.run._process
assert process.poll() is None and bpy.app.timers.is_registered(watch().tick)
addon_utils.disable(OWN)
say(before=before, during=during, after=state(), ended=process.poll() is not None,
    timer=bpy.app.timers.is_registered(watch().tick), run=watch().Watch.run)
""",
        show,
        show.parent / "film.mp4",
    )
    assert said["during"] != said["before"]
    assert len(said["during"]["operators"]) == 10
    assert said["after"] == said["before"]
    assert (said["ended"], said["timer"], said["run"]) == (True, False, None)


def test_load_shows_what_the_show_is(profile, show):
    change(show, "  cues:\n", '    spare: { fill: "#ffffff" }\n  cues:\n')
    said = profile.run(
        """
enable(); use(sys.argv[1])
bpy.ops.cardstunt.load_show()
say(title=status().title, facts=status().facts, problems=problems())
""",
        show,
    )
    assert said["title"] == "Tiny"
    assert said["facts"].splitlines() == [
        "200 card-holders (20 × 10)",
        "4 pages, 3 cues",
        "30 gymnasts in 2 troupes",
        "2 shots, 0.50 s, frames 1–12",
    ]
    ((place, text, error),) = said["problems"]
    assert place.startswith("line 15,")
    assert "spare" in text
    assert not error


def test_errors_of_a_show_are_reported_and_kept(profile, show):
    change(show, "at: 0.1 s, page: sky", "at: 0.1 s, page: skye")
    change(show, "count: 20", "count: 0")
    said = profile.run(
        """
enable(); use(sys.argv[1])
bpy.context.scene.cardstunt.film = sys.argv[2]
said = [refused(operator) for operator in
    (bpy.ops.cardstunt.load_show, bpy.ops.cardstunt.build, bpy.ops.cardstunt.render_film)]
say(said=said, title=status().title, problems=problems(), scenes=len(bpy.data.scenes),
    text=bpy.data.texts["Cardstunt Problems"].as_string(), running=watch().is_running())
""",
        show,
        show.parent / "film.mp4",
    )
    assert all("count" in text or "skye" in text for text in said["said"])
    assert said["problems"]
    assert all(re.match(r"line \d+, column \d+$", place) and error for place, _, error in said["problems"])
    assert said["text"].count("show.yaml:") == len(said["problems"])
    assert (said["title"], said["scenes"], said["running"]) == ("", 1, False)
    assert not [path for path in show.parent.iterdir() if path.suffix in {".mp4", ".film"}]


def test_building_leaves_the_rest_of_the_file_alone_and_can_be_done_twice(profile, show):
    said = profile.run(
        """
enable(); use(sys.argv[1])
first = bpy.context.scene
def seen():
    return [first.world, first.camera, first.render.engine, first.frame_end, len(first.objects), first.name]
kept = seen()
bpy.ops.cardstunt.build()
one = bpy.context.scene
bpy.context.window.scene = first
bpy.ops.cardstunt.build()
two = bpy.context.scene
def people(scene):
    bpy.context.window.scene = scene
    graph = bpy.context.evaluated_depsgraph_get()
    return sum(instance.is_instance for instance in graph.object_instances)
say(
    kept=kept == seen(),
    scenes=[scene.name for scene in bpy.data.scenes],
    shared=len(set(one.objects) & set(two.objects)) + (one.world == two.world),
    people=[people(one), people(two)],
    cameras=[scene.camera in set(scene.objects) for scene in (one, two)],
    markers=[[marker.camera in set(scene.objects) for marker in scene.timeline_markers]
        for scene in (one, two)],
    folders=[scene.cardstunt_built.folder for scene in (one, two)],
    file=two.cardstunt.file,
    undo="UNDO" in bpy.types.CARDSTUNT_OT_build.bl_options,
)
""",
        show,
    )
    assert said["kept"]
    assert said["undo"]
    assert sorted(said["scenes"]) == ["Scene", "Tiny", "Tiny.001"]
    assert said["shared"] == 0
    assert said["people"][0] == said["people"][1] > 230
    assert said["cameras"] == [True, True]
    assert said["markers"] == [[True, True]] * 2
    assert len(set(said["folders"])) == 2
    assert said["file"] == str(show)


def test_a_failed_build_leaves_no_scene(profile, show):
    change(show, "rings: 2", "rings: { rings: 2, radius: 1 m }")
    said = profile.run(
        """
enable(); use(sys.argv[1])
before = [len(bpy.data.scenes), len(bpy.data.objects), len(bpy.data.images)]
message = refused(bpy.ops.cardstunt.build)
say(message=message, same=before == [len(bpy.data.scenes), len(bpy.data.objects), len(bpy.data.images)])
""",
        show,
    )
    assert "rings" in said["message"]
    assert said["same"]


SHOWN = """
def shown():
    "Colours of the pages that the card-holders of the evaluated scene hold."
    graph = bpy.context.evaluated_depsgraph_get()
    section = next(thing for thing in bpy.context.scene.objects if thing.name.startswith("Card Section"))
    geometry = section.evaluated_get(graph).evaluated_geometry()
    colours = geometry.instances_pointcloud().attributes["page_new"].data
    return sorted({tuple(round(c, 3) for c in item.color[:3]) for item in colours})
"""


def test_bake_shows_an_edit_of_the_show(profile, show, tmp_path):
    said = profile.run(
        SHOWN
        + """
enable(); use(sys.argv[1])
bpy.ops.cardstunt.build()
first = shown()
unsaved = bpy.context.scene.cardstunt_built.folder
show = Path(sys.argv[1])
show.write_text(show.read_text().replace("#c01020", "#ffffff"))
bpy.ops.cardstunt.bake()
second = shown()
same = bpy.context.scene.cardstunt_built.folder == unsaved
bpy.ops.wm.save_as_mainfile(filepath=sys.argv[2])
bpy.ops.cardstunt.bake()
built = bpy.context.scene.cardstunt_built
say(first=first, second=second, third=shown(), unsaved=unsaved, same=same, folder=built.folder,
    paths=[item.image.filepath for item in built.textures])
""",
        show,
        tmp_path / "file.blend",
    )
    assert len(said["first"]) == 1
    assert said["first"] != said["second"] == said["third"] == [[1.0, 1.0, 1.0]]
    assert said["same"]
    assert str(profile.folder) in said["unsaved"]
    assert said["folder"] == "//cardstunt/Tiny"
    assert all(path.startswith("//cardstunt/Tiny/") for path in said["paths"])
    assert len(list((tmp_path / "cardstunt" / "Tiny").glob("*/*_0001.*"))) == 3


def test_bake_refuses_what_it_cannot_follow(profile, show):
    said = profile.run(
        """
enable(); use(sys.argv[1])
unbuilt = bpy.ops.cardstunt.bake.poll()
bpy.ops.cardstunt.build()
show = Path(sys.argv[1])
show.write_text(show.read_text().replace("count: 20", "count: 25"))
say(unbuilt=unbuilt, message=refused(bpy.ops.cardstunt.bake))
""",
        show,
    )
    assert not said["unbuilt"]
    assert "build it again" in said["message"]
