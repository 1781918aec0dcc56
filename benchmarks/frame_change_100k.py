"""A change of frame in Blender at 100,000 performers, and the memory of the scene, rendered too.

The show is `field_of_100k`. Each frame's textures are read for the first time, and the geometry that the
nodes give is asked for within the time. Where people are, and what they wear, is compared with the kernels.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import bpy
import figures
import numpy as np
from cardstunt.blender_addon.bake import bake_show, sample_ticks
from cardstunt.blender_addon.build import build_file
from cardstunt.kernels.costumes import costume_states
from cardstunt.kernels.motion import gymnast_states
from cardstunt.scenes.compiled import Compiled, compile_show
from cardstunt.scenes.load import load_show
from cardstunt.scenes.timeline import FilmTimeline, film_timeline
from field_of_100k import write_show

CHECKED = 5
#: Opens the scene in a process of its own, plays some frames and renders one: what Blender holds, in KiB, at
#: its highest. The usual way to ask, getrusage, also counts what the process was before it became Blender.
MEMORY = """
import json, sys
import bpy
def highest():
    lines = open("/proc/self/status").read().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))
bpy.ops.wm.open_mainfile(filepath=sys.argv[1])
scene = bpy.context.scene
frames = json.loads(sys.argv[2])
for frame in frames:
    scene.frame_set(frame)
built = highest()
scene.render.resolution_x, scene.render.resolution_y, scene.cycles.samples = 320, 180, 1
scene.render.image_settings.media_type = "IMAGE"
bpy.ops.render.render()
print("MEMORY", json.dumps([built, highest()]))
"""


class Field:
    """The built scene, and what the kernels say of it."""

    def __init__(self, compiled: Compiled, timeline: FilmTimeline) -> None:
        self.scene = bpy.context.scene
        self.timeline, self.compiled = timeline, compiled
        self.at = sample_ticks(timeline)

    def show(self, moment: int) -> dict[str, Any]:
        """Change to the first frame of a moment, from 0; returns the performers' geometry."""
        self.scene.frame_set(self.timeline.samples[moment].first_frame)
        depsgraph = self.scene.view_layers[0].depsgraph
        names = ("Card Section", *self.compiled.drills)
        return {
            name: self.scene.objects[name].evaluated_get(depsgraph).evaluated_geometry() for name in names
        }

    def check(self, moment: int, geometry: dict[str, Any]) -> None:
        """Raise AssertionError unless everyone is where, and wears what, the kernels say."""
        at = self.at[moment : moment + 1]
        for name, drill in self.compiled.drills.items():
            order = np.argsort(_values(geometry[name], "id", "value", 1, np.int32)[:, 0])
            seen = _values(geometry[name], "instance_transform", "value", 16)[order, 12:15]
            assert np.allclose(seen, gymnast_states(drill, at)[0, 0, :, :3], atol=1e-4), name
            worn = _values(geometry[name], "costume", "color", 4)[order, :3]
            assert np.allclose(worn, costume_states(self.compiled.costumes[name], at)[0, :, :3], atol=1e-5)


def _values(geometry: Any, name: str, item: str, width: int, dtype: type = np.float32) -> np.ndarray:
    data = geometry.instances_pointcloud().attributes[name].data
    values = np.empty(len(data) * width, dtype)
    data.foreach_get(item, values)
    return values.reshape(-1, width)


def _memory(blend: Path, frames: list[int]) -> list[float | figures.Skipped]:
    """Return the GB that the scene takes in a process of its own: played, and rendered too."""
    if not Path("/proc/self/status").exists():
        return [figures.Skipped("asks Linux for the memory")] * 2
    command = [sys.executable, "-c", MEMORY, str(blend), json.dumps(frames)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    line = next(line for line in done.stdout.splitlines() if line.startswith("MEMORY "))
    return [kibibytes / 2**20 for kibibytes in json.loads(line.removeprefix("MEMORY "))]


def measure(chosen: argparse.Namespace) -> figures.Values:
    """Build the show and play it."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary).resolve()
        loaded = load_show(write_show(folder))
        timeline, compiled = film_timeline(loaded.show), compile_show(loaded)
        bake = bake_show(loaded, timeline, folder / "textures", lambda stage, done, of: None, compiled)
        blend = folder / "show.blend"
        begun = time.perf_counter()
        build_file(loaded, timeline, bake, "draft", blend)
        print(f"built in {time.perf_counter() - begun:.1f} s, {blend.stat().st_size / 2**20:.0f} MB on disk")
        bpy.ops.wm.open_mainfile(filepath=str(blend))
        field = Field(compiled, timeline)
        field.show(0)  # the first frame sets everything up
        moments = range(1, len(timeline.samples))[: CHECKED if chosen.few else None]
        times = []
        for moment in moments:
            begun = time.perf_counter()
            geometry = field.show(moment)
            times.append(1000 * (time.perf_counter() - begun))
            if moment % CHECKED == 0:
                field.check(moment, geometry)
        del geometry
        frames = [timeline.samples[moment].first_frame for moment in moments[:: len(moments) // CHECKED]]
        built, rendered = _memory(blend, frames)
    return {
        "frame_change_100k_ms": statistics.median(times),
        "frame_change_100k_p90_ms": float(np.quantile(times, 0.9)),
        "scene_memory_gb": built,
        "scene_memory_render_gb": rendered,
    }


if __name__ == "__main__":
    figures.main(figures.parser(__doc__), measure)
