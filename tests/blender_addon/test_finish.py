"""The finish: sharp where the lens is focused, and the colours that Blender itself would show."""

from __future__ import annotations

import dataclasses
import json
import subprocess
import sys

import numpy as np
import pytest
from cardstunt.blender_addon.blender_libraries import open_image_io
from cardstunt.blender_addon.cameras import focus_distance
from cardstunt.blender_addon.film import finish_of
from cardstunt.blender_addon.finish import Finish, apply_view, finish_file, tilt_shifted
from cardstunt.blender_addon.light import LIGHTS
from cardstunt.blender_addon.rendered import RenderError, read_rendered
from cardstunt.kernels.glow import glow
from cardstunt.kernels.grade import grade
from cardstunt.kernels.haze import Air, hazed
from cardstunt.scenes.timeline import film_timeline
from PIL import Image

pytestmark = pytest.mark.blender

PLAIN = Finish(
    lens=0.035,
    sensor_width=0.036,
    tilt=0.0,
    scale=1.0,
    f_number=128.0,
    focus_distance=100.0,
    saturation=1.0,
    contrast=1.0,
    vignette=0.0,
    grain=0.0,
    exposure=0.0,
    seed=0,
    sample=1,
)
MINIATURE = dataclasses.replace(PLAIN, scale=200.0, f_number=1.4)


def ramp():
    """Greys, pure and mixed colours over 20 stops, black and far beyond white: (32, 60, 3)."""
    stops = 2.0 ** np.linspace(-12, 8, 59)
    light = np.concatenate([[0.0], stops])
    tints = np.array(
        [
            [1, 1, 1],
            [1, 0, 0],
            [0, 1, 0],
            [0, 0, 1],
            [1, 1, 0],
            [1, 0.2, 0.05],
            [0.1, 0.3, 1],
            [0.7, 0.4, 0.3],
        ]
    )
    picture = light[None, :, None] * tints[:, None]
    return np.repeat(picture, 4, axis=0).astype(np.float32)


VIEWS = [("AgX", 0.0), ("AgX", 1.5), ("AgX", -2.0), ("Standard", 0.0)]

BLENDERS_OWN = """
import json, sys
import bpy
import numpy as np
folder, views = sys.argv[1], json.loads(sys.argv[2])
bpy.ops.wm.read_homefile(use_factory_startup=True, use_empty=True)
pixels = np.load(f"{folder}/ramp.npy")
height, width, _ = pixels.shape
image = bpy.data.images.new("Ramp", width, height, float_buffer=True)
rgba = np.ones((height, width, 4), np.float32)
rgba[..., :3] = pixels[::-1]
image.pixels.foreach_set(rgba.ravel())
scene = bpy.context.scene
scene.render.dither_intensity = 0.0
scene.render.image_settings.file_format = "PNG"
scene.render.image_settings.color_mode = "RGB"
for number, (view, exposure) in enumerate(views):
    scene.view_settings.view_transform = view
    scene.view_settings.exposure = exposure
    image.save_render(f"{folder}/{number}.png", scene=scene)
"""


def test_the_view_is_blenders_own(tmp_path):
    np.save(tmp_path / "ramp.npy", ramp())
    command = [sys.executable, "-c", BLENDERS_OWN, str(tmp_path), json.dumps(VIEWS)]
    subprocess.run(command, check=True, capture_output=True)
    for number, (view, exposure) in enumerate(VIEWS):
        with Image.open(tmp_path / f"{number}.png") as picture:
            expected = np.asarray(picture.convert("RGB")).astype(int)
        shown = apply_view(ramp(), exposure, view).astype(int)
        assert np.ptp(expected) > 230
        assert np.abs(shown - expected).max() <= 1


def test_exposure_is_in_stops():
    light = ramp()
    assert np.abs(apply_view(light, 1.0).astype(int) - apply_view(light * 2, 0.0)).max() <= 1


def test_the_picture_that_is_shown_is_not_changed():
    light = ramp()
    before = light.copy()
    apply_view(light, 0.0)
    assert np.array_equal(light, before)


def stripes(height=90, width=160):
    """Sharp stripes, one pixel wide, at two depths: the left half near, the right half far."""
    colour = np.zeros((height, width, 3), np.float32)
    colour[:, ::2] = 1.0
    return colour


def sharpness(colour):
    return np.abs(np.diff(colour[..., 0], axis=1))


def test_a_lens_with_a_pinhole_leaves_the_picture():
    colour = stripes()
    depth = np.linspace(20, 3000, colour[..., 0].size, dtype=np.float32).reshape(colour.shape[:2])
    assert tilt_shifted(colour, depth, PLAIN) == pytest.approx(colour, abs=1e-3)


def test_what_is_in_focus_is_sharp_and_the_rest_is_not():
    colour = stripes()
    depth = np.full(colour.shape[:2], 100.0, np.float32)
    assert np.array_equal(tilt_shifted(colour, depth, MINIATURE), colour)
    for wrong in (50.0, 300.0, np.inf):
        blurred = tilt_shifted(colour, np.full_like(depth, wrong), MINIATURE)
        assert sharpness(blurred)[10:-10, 10:-10].max() < 0.5


def test_a_tilt_lays_the_plane_of_focus_down():
    """Tilted forwards: what is low in the picture is sharp where it is nearer, what is high where farther."""
    tilted = dataclasses.replace(MINIATURE, tilt=np.radians(-4))
    colour = stripes()
    sharpest = []
    for depth in (80.0, 100.0, 140.0):
        blurred = tilt_shifted(colour, np.full(colour.shape[:2], depth, np.float32), tilted)
        rows = sharpness(blurred)[:, 20:-20].mean(1)
        sharpest.append(np.flatnonzero(rows > 0.9 * rows.max()).mean())
    assert sharpest[0] > sharpest[1] > sharpest[2]
    assert sharpest[1] == pytest.approx(44.5, abs=4)


def test_the_card_section_is_what_its_shot_is_sharp_at(filmed, tiny):
    """In a film of the show, the seats' own depths are nearer to the focus than the field's."""
    samples = film_timeline(tiny.show).samples
    sample = samples[1]
    finish = finish_of(tiny, sample)
    assert finish.focus_distance == focus_distance(tiny, tiny.show.film.shots[0], float(sample.progress))
    _, depth = read_rendered(filmed.folder / "rendered" / f"{sample.index:04d}.exr")
    height, width = depth.shape
    # The camera looks at the section's middle.
    assert depth[height // 2, width // 2] == pytest.approx(finish.focus_distance, rel=0.05)


def test_each_shot_has_its_own_lens_and_tilt_shift(tiny):
    samples = film_timeline(tiny.show).samples
    wide, near = finish_of(tiny, samples[0]), finish_of(tiny, samples[4])
    assert (wide.lens, near.lens) == (0.035, 0.05)
    assert (wide.scale, near.scale, wide.f_number) == (200.0, 200.0, 1.4)
    assert near.tilt == pytest.approx(np.radians(-4))
    exposure = LIGHTS["golden_hour"].exposure + float(tiny.show.film.look.exposure)
    assert (near.seed, near.sample, near.exposure) == (3, 5, exposure)
    assert near.focus_distance != pytest.approx(wide.focus_distance, rel=0.2)


def write_rendered(path, colour, depth):
    library = open_image_io()
    height, width = depth.shape
    spec = library.ImageSpec(width, height, 4, "half")
    spec.channelnames = ("V.Combined.R", "V.Combined.G", "V.Combined.B", "V.Depth.Z")
    output = library.ImageOutput.create(str(path))
    assert output.open(str(path), spec)
    assert output.write_image(np.concatenate([colour, depth[..., None]], -1))
    assert output.close()


def test_a_finished_file_is_the_graded_picture_as_blender_shows_it(tmp_path):
    colour = stripes() * 0.5
    depth = np.full(colour.shape[:2], 100.0, np.float32)
    write_rendered(tmp_path / "r.exr", colour, depth)
    settings = {"saturation": 1.3, "contrast": 1.2, "vignette": 0.3, "grain": 0.4, "seed": 9}
    finish = dataclasses.replace(PLAIN, **settings, exposure=0.5, sample=4)
    seconds = finish_file(tmp_path / "r.exr", tmp_path / "f" / "0004.png", finish)
    assert seconds > 0
    with Image.open(tmp_path / "f" / "0004.png") as picture:
        finished = np.asarray(picture)
    assert np.array_equal(finished, apply_view(grade(colour, **settings, frame=4), 0.5))
    assert [path.name for path in (tmp_path / "f").iterdir()] == ["0004.png"]


def test_air_glow_and_view_are_in_the_finished_picture(tmp_path):
    """Air comes first, then the lens with its glow of what is shown beyond white, then the view."""
    colour = stripes() * 2.0
    depth = np.full(colour.shape[:2], 3000.0, np.float32)
    write_rendered(tmp_path / "r.exr", colour, depth)
    air = Air((0.9, 0.6, 0.4), (0.5, 0.6, 0.7), (0.5, 0.6, 0.8), 2e-4)
    sun = (0.6, 0.0, 0.8)
    finish = dataclasses.replace(PLAIN, air=air, sun=sun, glow=0.2, exposure=0.5, view="Standard")
    finish_file(tmp_path / "r.exr", tmp_path / "0001.png", finish)
    with Image.open(tmp_path / "0001.png") as picture:
        finished = np.asarray(picture)
    through = hazed(colour, depth, lens=PLAIN.lens, sensor_width=PLAIN.sensor_width, air=air, sun=sun)
    expected = glow(tilt_shifted(through, depth, finish), white=2**-0.5, share=0.2)
    assert np.array_equal(finished, apply_view(grade(expected), 0.5, "Standard"))


def test_a_damaged_picture_finishes_nothing(tmp_path):
    (tmp_path / "r.exr").write_bytes(b"damaged")
    with pytest.raises(RenderError, match=r"r\.exr"):
        finish_file(tmp_path / "r.exr", tmp_path / "f" / "0001.png", PLAIN)
    assert not (tmp_path / "f").exists()


def test_finishing_starts_no_blender():
    """Its worker process stays small and quick to start."""
    show = "import sys, numpy; from cardstunt.blender_addon.finish import apply_view"
    show += "; apply_view(numpy.ones((2, 2, 3), 'f4'), 0.0)"
    check = "sys.exit(any(name.split('.')[0] in {'bpy', 'pydantic', 'av'} for name in sys.modules))"
    subprocess.run([sys.executable, "-c", f"{show}; {check}"], check=True)
