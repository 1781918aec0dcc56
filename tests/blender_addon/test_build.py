"""A built .blend renders anywhere, without us, what the film shows before its finish."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import bpy
import numpy as np
import pytest
from cardstunt.blender_addon.bake import bake_show
from cardstunt.blender_addon.build import _set_render, build_file, picture_size
from cardstunt.blender_addon.light import LIGHTS
from cardstunt.blender_addon.rendered import read_rendered, rendered_file
from cardstunt.scenes.timeline import film_timeline

pytestmark = pytest.mark.blender

STRANGER = """
import json, sys
from pathlib import Path
sys.path.append(sys.argv[1])  # by hand, so that no .pth file leads to an editable install
try:
    import cardstunt
except ModuleNotFoundError:
    pass
else:
    sys.exit("cardstunt can be imported")
import bpy
bpy.ops.wm.read_homefile(use_factory_startup=True)
bpy.ops.wm.open_mainfile(filepath=sys.argv[2])
scene = bpy.context.scene
for frame in json.loads(sys.argv[3]):
    scene.frame_set(frame)
    scene.render.filepath = str(Path(sys.argv[4], f"{frame:04d}.exr"))
    bpy.ops.render.render(write_still=True)
assert not any(name.split(".")[0] == "cardstunt" for name in sys.modules)
"""


def render_as_a_stranger(blend: Path, frames: list[int], folder: Path) -> None:
    """Render in a process that knows nothing of Cardstunt, in Blender's factory settings."""
    packages = sysconfig.get_path("purelib")
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", STRANGER, packages, blend, json.dumps(frames), folder],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def require_the_films_pixels(folder: Path, film: Path, tiny) -> None:
    samples = film_timeline(tiny.show).samples
    for sample in (samples[4], samples[1]):
        expected = read_rendered(rendered_file(film / "rendered", sample.index))
        found = read_rendered(folder / f"{sample.first_frame:04d}.exr")
        assert expected[0].std() > 0.01
        for one, other in zip(found, expected, strict=True):
            assert np.array_equal(one, other)


def frames(tiny) -> list[int]:
    """Two frames, of two shots, the later one first."""
    samples = film_timeline(tiny.show).samples
    assert samples[4].shot != samples[1].shot
    return [samples[4].first_frame, samples[1].first_frame]


def test_stock_blender_renders_the_films_pixels(built, filmed, tiny, tmp_path):
    render_as_a_stranger(built / "show.blend", frames(tiny), tmp_path)
    require_the_films_pixels(tmp_path, filmed.folder, tiny)


def test_a_moved_folder_renders_the_same(built, filmed, tiny, tmp_path):
    away = tmp_path / "some where" / "else"
    away.mkdir(parents=True)
    for name in ("show.blend", "textures"):
        shutil.move(built / name, away / name)
    try:
        render_as_a_stranger(away / "show.blend", frames(tiny), tmp_path)
    finally:
        for name in ("show.blend", "textures"):
            shutil.move(away / name, built / name)
    require_the_films_pixels(tmp_path, filmed.folder, tiny)


def test_without_its_textures_it_does_not(built, filmed, tiny, tmp_path):
    """So that the tests above would notice textures that are found by an absolute path, or not at all."""
    shutil.copy(built / "show.blend", tmp_path / "show.blend")
    render_as_a_stranger(tmp_path / "show.blend", frames(tiny), tmp_path)
    with pytest.raises(AssertionError):
        require_the_films_pixels(tmp_path, filmed.folder, tiny)


def test_the_file_holds_no_path_but_its_own(scene, built):
    paths = {image.filepath for image in bpy.data.images if image.source == "SEQUENCE"}
    assert paths == {
        f"//textures/{name}"
        for name in ("cards/cards_0001.png", "ribbons/ribbons_0001.exr", "flags/flags_0001.exr")
    }
    assert scene.render.filepath == "//frames/"
    assert not list(built.glob("*.blend?*"))


def test_the_scene_is_set_up_as_the_film_needs_it(scene, tiny):
    render = scene.render
    assert (render.resolution_x, render.resolution_y, render.resolution_percentage) == (48, 28, 100)
    assert render.fps / render.fps_base == pytest.approx(24)
    assert (scene.frame_start, scene.frame_end) == (1, len(film_timeline(tiny.show).frames))
    assert render.engine == "CYCLES"
    assert scene.view_settings.view_transform == "AgX"
    assert scene.view_settings.exposure == pytest.approx(LIGHTS["golden_hour"].exposure)
    assert scene.view_layers[0].use_pass_z


@pytest.mark.parametrize(
    ("size", "percent", "expected"),
    [
        ((1920, 1080), 100, (1920, 1080)),
        ((1920, 1080), 50, (960, 540)),
        ((1922, 1082), 50, (960, 540)),
        ((96, 54), 50, (48, 28)),
        ((16, 16), 10, (2, 2)),
    ],
)
def test_pictures_have_even_sides(size, percent, expected):
    assert picture_size(size, percent) == expected


@pytest.mark.parametrize(
    ("fps", "expected"), [("30000/1001", (30, 1.001)), ("25", (25, 1.0)), ("3/2", (2, 4 / 3))]
)
def test_odd_frame_rates_come_out_exactly(changed_show, fps, expected):
    loaded = changed_show(("fps: 24", f"fps: {fps}"))
    scene = bpy.data.scenes.new("Rates")
    _set_render(scene, loaded.show, film_timeline(loaded.show), "draft", 0.0)
    assert (scene.render.fps, scene.render.fps_base) == pytest.approx(expected)
    bpy.data.scenes.remove(scene)


def test_long_and_odd_names_of_troupes_and_shots_build(changed_show, tmp_path):
    """Nothing is found again by its name, which Blender cuts."""
    long = "\N{GRINNING FACE}" * 64
    loaded = changed_show(
        ("  ribbons:\n", f'  "{long}":\n'),
        ("  flags:\n", '  "../../cards":\n'),
        ("name: wide", 'name: "Cards/.."'),
    )
    folder = tmp_path / "a" / "b" / "c"
    timeline = film_timeline(loaded.show)
    bake = bake_show(loaded, timeline, folder / "textures", lambda *progress: None)
    build_file(loaded, timeline, bake, "draft", folder / "show.blend")
    build_file(loaded, timeline, bake, "draft", folder / "show.blend")
    assert sorted(path.name for path in folder.iterdir()) == ["show.blend", "textures"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "show"]
    assert len(list((folder / "textures").iterdir())) == 3
    bpy.context.scene.frame_set(1)
    depsgraph = bpy.context.evaluated_depsgraph_get()
    for name, troupe in loaded.show.troupes.items():
        thing = next(thing for thing in bpy.data.objects if name.startswith(thing.name))
        geometry = thing.evaluated_get(depsgraph).evaluated_geometry()
        assert len(geometry.instances_pointcloud().points) == troupe.count
