"""How alike EEVEE and Cycles show the same scene.

The middle of the show's first shot in draft quality, rendered by both, and shown by the film's view without
haze, lens or grade. The figure is the mean of the absolute difference of the sRGB values after a Gaussian
blur with a standard deviation of 8 pixels, at 426 x 240, as a share of the mean of Cycles' picture. EEVEE
takes few samples, since it may have no graphics card, and the blur evens their noise out.

python benchmarks/eevee_cycles.py [--json FILE] [--folder FOLDER]
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

import figures
import numpy as np
from cardstunt.blender_addon.bake import bake_show
from cardstunt.blender_addon.build import build_file
from cardstunt.blender_addon.finish import apply_view
from cardstunt.blender_addon.light import LIGHTS
from cardstunt.blender_addon.rendered import read_rendered
from cardstunt.blender_addon.still import Still, still_show
from cardstunt.scenes.compiled import compile_show
from cardstunt.scenes.load import load_show
from PIL import Image
from scipy.ndimage import gaussian_filter

SIZE = (426, 240)
BLUR = 8.0
SAMPLES = 4
#: Renders one frame in a process of its own: where EEVEE finds no graphics, Blender may end with it.
RENDER = """
import sys
import bpy
from cardstunt.blender_addon.eevee import set_eevee
from cardstunt.blender_addon.render import open_blend
blend, engine, width, height, samples, output = sys.argv[1:]
scene = open_blend(blend)
if engine == "eevee":
    set_eevee(scene, "draft")
    scene.eevee.taa_render_samples = int(samples)
scene.render.resolution_x, scene.render.resolution_y = int(width), int(height)
scene.render.filepath = output
bpy.ops.render.render(write_still=True)
"""


def difference_pct(first: np.ndarray, second: np.ndarray, deviation: float) -> float:
    """Return the mean absolute difference of two blurred pictures (H, W, 3), in % of the second's mean."""
    blurred = [
        gaussian_filter(picture.astype(float), (deviation, deviation, 0)) for picture in (first, second)
    ]
    return float(100 * np.abs(blurred[0] - blurred[1]).mean() / blurred[1].mean())


def measure(chosen: argparse.Namespace) -> figures.Values:
    """Build one frame and render it by both."""
    width, height = (96, 54) if chosen.few else SIZE
    loaded = load_show(chosen.show)
    shown, timeline = still_show(loaded, Still(size=(2 * width, 2 * height)))
    exposure = LIGHTS[shown.show.stadium.light].exposure + float(shown.show.film.look.exposure)
    pictures = {}
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary).resolve()
        compiled = compile_show(loaded)
        bake = bake_show(shown, timeline, folder / "textures", lambda stage, done, of: None, compiled)
        build_file(shown, timeline, bake, "draft", folder / "show.blend")
        for engine in ("eevee", "cycles"):
            output = folder / f"{engine}.exr"
            numbers = map(str, (width, height, 1 if chosen.few else SAMPLES))
            command = [
                sys.executable,
                "-c",
                RENDER,
                str(folder / "show.blend"),
                engine,
                *numbers,
                str(output),
            ]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if not output.is_file():
                if engine == "cycles":
                    raise RuntimeError(done.stderr)
                return {"eevee_cycles_difference_pct": figures.Skipped("EEVEE finds no graphics here")}
            pictures[engine] = apply_view(read_rendered(output)[0], exposure)
            if chosen.folder:
                chosen.folder.mkdir(parents=True, exist_ok=True)
                Image.fromarray(pictures[engine]).save(chosen.folder / f"{engine}.png")
    blur = BLUR * width / SIZE[0]
    return {"eevee_cycles_difference_pct": difference_pct(pictures["eevee"], pictures["cycles"], blur)}


if __name__ == "__main__":
    parser = figures.parser(__doc__)
    parser.add_argument("--folder", type=Path, help="where both pictures are put")
    figures.main(parser, measure)
