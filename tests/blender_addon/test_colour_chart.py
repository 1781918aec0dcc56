"""Colours: what the palette says reaches the picture under a neutral light and the Standard view."""

from __future__ import annotations

import bpy
import numpy as np
import pytest
from cardstunt.blender_addon.bake import bake_show
from cardstunt.blender_addon.blender_libraries import open_image_io
from cardstunt.blender_addon.build import build_scene
from cardstunt.blender_addon.finish import apply_view
from cardstunt.blender_addon.still import Still, still_show
from cardstunt.kernels.colour_difference import ciede2000, lab_of_srgb8
from cardstunt.kernels.grade import LUMINANCE
from cardstunt.kernels.oklab import srgb8_to_linear
from cardstunt.scenes.compiled import compile_show
from cardstunt.scenes.load import load_show
from PIL import Image
from scipy.spatial import KDTree

pytestmark = pytest.mark.blender

SHOW = """\
cardstunt: 1
title: Colour chart
seed: 3
stadium: { preset: college_stand, light: neutral, spectators: 0 %, surroundings: none }
card_section:
  mode: MODE
  columns: 24
  rows: 16
  palette: { colours: 24, dither: none }
  people: { absent: 0 %, wrong_page: 0 %, late: 0 % }
  pages: { chart: { image: chart.png } }
  cues: [{ at: 0 s, page: chart }]
film:
  size: 320x240
  fps: 24
  shots:
    - name: chart
      show: 1 s..2 s
      lens: 100 mm
      camera: { push: { from: [-10 m, 0 m, 26 m], to: [-9 m, 0 m, 26 m], look_at: card_section } }
"""
#: Eight hues, strong and dull, then greys and one of skin.
CHART = np.array(
    [
        [(207, 8, 8), (111, 27, 27), (207, 108, 8), (121, 78, 36), (207, 207, 8), (130, 130, 46)],
        [(8, 168, 48), (27, 94, 44), (8, 128, 187), (36, 87, 112), (8, 28, 187), (27, 35, 103)],
        [(108, 8, 168), (75, 32, 100), (187, 8, 108), (110, 34, 77), (20, 20, 20), (60, 60, 60)],
        [
            (100, 100, 100),
            (140, 140, 140),
            (180, 180, 180),
            (215, 215, 215),
            (240, 240, 240),
            (190, 140, 110),
        ],
    ],
    np.uint8,
)


def read_passes(path):
    """Colour and world positions of a rendered picture, (H, W, 3) each."""
    source = open_image_io().ImageInput.open(str(path))
    channels, part = {}, 0
    while source.seek_subimage(part, 0):
        spec = source.spec()
        pixels = np.asarray(source.read_image(part, 0, 0, spec.nchannels, "float"))
        for number, name in enumerate(spec.channelnames):
            channels[name.split(".", 1)[-1]] = pixels[..., number]
        part += 1
    source.close()
    colour = np.stack([channels[f"Combined.{letter}"] for letter in "RGB"], -1)
    return colour, np.stack([channels[f"Position.{letter}"] for letter in "XYZ"], -1)


@pytest.mark.parametrize("mode", ["books", "cards"])
def test_cards_in_the_sun_show_the_palettes_colours(mode, tmp_path, layers):
    Image.fromarray(CHART.repeat(4, 0).repeat(4, 1)).save(tmp_path / "chart.png")
    (tmp_path / "show.yaml").write_text(SHOW.replace("MODE", mode))
    loaded = load_show(tmp_path / "show.yaml")
    shown, timeline = still_show(loaded, Still())
    bake = bake_show(shown, timeline, tmp_path / "textures", lambda *told: None, compile_show(loaded))
    bpy.ops.wm.read_homefile(use_factory_startup=True, use_empty=True)
    scene = bpy.context.scene
    try:
        build_scene(scene, shown, timeline, bake, "draft")
        scene.render.resolution_x, scene.render.resolution_y = 320, 240
        scene.cycles.samples, scene.cycles.device = 8, "CPU"
        scene.view_layers[0].use_pass_position = True
        scene.render.filepath = str(tmp_path / "chart.exr")
        bpy.ops.render.render(write_still=True)
    finally:
        bpy.ops.wm.read_homefile(use_factory_startup=True, use_empty=True)
    colour, position = read_passes(tmp_path / "chart.exr")
    # The page that each person holds up, as the bake has it.
    pages = layers(bake.cards, 1)[1, :, :3]
    seats = bake.seats
    cards = seats.places + np.stack(
        [0.3 * np.cos(seats.facing), 0.3 * np.sin(seats.facing), np.full(len(seats.places), 0.9)], -1
    )
    distance, person = KDTree(cards).query(position.reshape(-1, 3))
    person[distance > 0.5] = len(cards)
    held, of_page = np.unique(pages, axis=0, return_inverse=True)
    assert len(held) == 24
    of_pixel = np.append(of_page.ravel(), -1)[person]
    # The middle of all: hands, faces and gaps are fewer than half.
    seen = np.array([np.median(colour.reshape(-1, 3)[of_pixel == page], axis=0) for page in range(24)])
    assert min((of_pixel == page).sum() for page in range(24)) > 200
    wanted = srgb8_to_linear(held)
    lit, meant = seen @ LUMINANCE, wanted @ LUMINANCE
    exposure = np.log2(lit @ meant / (lit @ lit))
    picture = apply_view(seen[None].astype(np.float32), exposure, "Standard")[0]
    difference = ciede2000(lab_of_srgb8(picture), lab_of_srgb8(held))
    assert difference.mean() <= 5, dict(zip(map(tuple, held), difference.round(1), strict=True))
    # By one exposure, not far from the light's own: cards in the sun are what it is set for.
    assert abs(exposure) < 1
