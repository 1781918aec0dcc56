"""The whole place with everybody in it: how long it takes to build, to render a frame, and its memory.

20,000 card-holders, 80,000 gymnasts and 100,000 spectators in a bowl of the size of `may_day`, with its city;
all of the bowl is in the picture. Frames are of 854 x 480 pixels in draft quality, each of another moment;
one takes from the change of frame to the file on disk.
"""

from __future__ import annotations

import argparse
import itertools
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import bpy
import figures
import numpy as np
from cardstunt.blender_addon.bake import bake_show
from cardstunt.blender_addon.build import build_file
from cardstunt.scenes.compiled import compile_show
from cardstunt.scenes.load import load_show
from cardstunt.scenes.timeline import film_timeline
from field_of_100k import write_show

STADIUM = "{ preset: may_day, plan: { length: 250 m }, light: golden_hour, spectators: 100 % }"
CAMERA = "{ orbit: { height: 190 m, radius: 130 m, from: 200 deg, to: 195 deg, look_at: [12 m, 0 m, 0 m] } }"
#: After the pictures that are measured: one that sees everybody, so that nobody is left out.
ALL = """\
    - name: all of it
      show: 8 s..9 s
      speed: 24x
      camera: { look_down: { height: 800 m } }
"""
#: Twice 854 x 480: draft is half the film's size.
SIZE = "1708x960"
FRAMES = 12
SPECTATORS = 100_000
#: Renders samples in a process of its own; prints seconds from the change of frame to the file on disk, and
#: what the process holds at its highest, in KiB.
RENDER = """
import json, sys, time
from pathlib import Path
from cardstunt.blender_addon import render
folder, count = Path(sys.argv[1]), int(sys.argv[2])
scene = render.open_blend(folder / "show.blend")
taken, begun = [], time.perf_counter()
def rendered(sample, seconds):
    global begun
    taken.append(time.perf_counter() - begun)
    begun = time.perf_counter()
frames = [(sample, sample) for sample in range(1, count + 1)]
render.render_samples(scene, frames, folder / "rendered", folder / "blender.log", rendered)
lines = open("/proc/self/status").read().splitlines()
highest = next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))
print("MEASURED", json.dumps([taken, highest, [scene.render.resolution_x, scene.render.resolution_y]]))
"""


def spectators(scene: bpy.types.Scene) -> int:
    """Return how many people there are in a built scene's stands."""
    count = 0
    for number in itertools.count(1):
        thing = scene.objects.get(f"Spectators {number}")
        if thing is None:
            return count
        values = np.empty(len(thing.data.vertices), np.int32)
        thing.data.attributes["people"].data.foreach_get("value", values)
        count += int(values.sum())
    return count


def measure(chosen: argparse.Namespace) -> figures.Values:
    """Build the place and render some frames of it."""
    if not Path("/proc/self/status").exists():
        names = ("place_build_s", "place_frame_s", "place_memory_gb")
        return dict.fromkeys(names, figures.Skipped("asks Linux for the memory"))
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary).resolve()
        loaded = load_show(write_show(folder, STADIUM, CAMERA, SIZE, FRAMES, ALL))
        timeline, compiled = film_timeline(loaded.show), compile_show(loaded)
        bake = bake_show(loaded, timeline, folder / "textures", lambda stage, done, of: None, compiled)
        begun = time.perf_counter()
        build_file(loaded, timeline, bake, "draft", folder / "show.blend")
        built = time.perf_counter() - begun
        people = spectators(bpy.context.scene)
        print(f"{people:,} spectators")
        assert people >= SPECTATORS
        command = [sys.executable, "-c", RENDER, str(folder), str(3 if chosen.few else FRAMES)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        line = next(line for line in done.stdout.splitlines() if line.startswith("MEASURED "))
        taken, highest, size = json.loads(line.removeprefix("MEASURED "))
        assert size == [854, 480]
        print(f"first frame {taken[0]:.1f} s, then {', '.join(f'{one:.1f}' for one in taken[1:])}")
    return {
        "place_build_s": built,
        "place_frame_s": statistics.median(taken[1:]),
        "place_memory_gb": highest / 2**20,
    }


if __name__ == "__main__":
    figures.main(figures.parser(__doc__), measure)
