"""A change of frame in Blender: the built scene's data textures against one object a performer, in one run.

Both play the same show, a stretch of moments each in turn, so that whatever else the machine does weighs on
both. Ours reads each texture for the first time. The geometry that the nodes give is asked for within the
time, and at the end of each stretch compared with the kernels.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import bpy
import figures
import numpy as np
from cardstunt.blender_addon.bake import bake_show, sample_exposures
from cardstunt.blender_addon.build import build_file
from cardstunt.kernels.books import LAYERS, card_states
from cardstunt.kernels.motion import gymnast_states
from cardstunt.kernels.oklab import srgb8_to_linear
from cardstunt.kernels.ticks import ticks
from cardstunt.scenes.compiled import Compiled, compile_show
from cardstunt.scenes.load import LoadedShow, load_show
from cardstunt.scenes.timeline import FilmTimeline, film_timeline
from one_object_each import OneObjectEach

CARDS = "Card Section"
STRETCHES = 8
#: The usual way is slow: so many changes of frame a stretch, of each kind, are enough for a median.
USUAL = 2


class Nodes:
    """The built scene, and what the kernels say of it."""

    def __init__(self, loaded: LoadedShow, compiled: Compiled, timeline: FilmTimeline) -> None:
        self.scene = bpy.context.scene
        self.timeline = timeline
        at = np.array([ticks(sample.show_time) for sample in timeline.samples], np.int64)
        books = compiled.books
        exposure = sample_exposures(loaded.show, timeline)
        states = card_states(books, at, exposure)
        self.cards = states.reshape(len(at), LAYERS, books.rows * books.columns, 4)
        self.places = {name: gymnast_states(drill, at)[:, 0] for name, drill in compiled.drills.items()}

    def show(self, moment: int) -> dict[str, Any]:
        """Change to the first frame of a moment, from 0; returns the performers' geometry."""
        self.scene.frame_set(self.timeline.samples[moment].first_frame)
        depsgraph = self.scene.view_layers[0].depsgraph
        return {
            name: self.scene.objects[name].evaluated_get(depsgraph).evaluated_geometry()
            for name in (CARDS, *self.places)
        }

    def check(self, moment: int, geometry: dict[str, Any]) -> None:
        """Raise AssertionError unless the instances are what the kernels say, all of them."""
        away, shown, pose = self.cards[moment]
        present, held = shown[:, 3] > 0, pose[:, 3] > 127
        moves = (pose[:, :3] != (128, 0, 128)).any(-1)
        # Whose page turns has a leaf more, and who moves the book has it apart from the body.
        more = [shown[present & held & extra] for extra in (away[:, 3] > 0, moves)]
        everyone = np.concatenate([shown[present], *more])[:, :3]
        wanted = srgb8_to_linear(everyone)
        seen = _values(geometry[CARDS], "page_new", "color", 4)[:, :3]
        assert seen.shape == wanted.shape, (seen.shape, wanted.shape)
        # In any order.
        assert np.allclose(np.sort(seen, 0), np.sort(wanted, 0), atol=1e-4)
        for name, places in self.places.items():
            matrices = _values(geometry[name], "instance_transform", "value", 16)
            matrices = matrices[np.argsort(_values(geometry[name], "id", "value", 1, np.int32)[:, 0])]
            assert np.allclose(matrices[:, 12:15], places[moment, :, :3], atol=1e-4), name


def _values(geometry: Any, name: str, item: str, width: int, dtype: type = np.float32) -> np.ndarray:
    data = geometry.instances_pointcloud().attributes[name].data
    values = np.empty(len(data) * width, dtype)
    data.foreach_get(item, values)
    return values.reshape(-1, width)


def _milliseconds(change: Callable[[int], Any], moment: int) -> tuple[float, Any]:
    begun = time.perf_counter()
    outcome = change(moment)
    return 1000 * (time.perf_counter() - begun), outcome


def measure(chosen: argparse.Namespace) -> dict[str, float]:
    """Build both scenes and play them in turn."""
    loaded = load_show(chosen.show)
    timeline = film_timeline(loaded.show)
    compiled = compile_show(loaded)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary).resolve()
        bake = bake_show(loaded, timeline, folder / "textures", lambda stage, done, of: None, compiled)
        build_file(loaded, timeline, bake, "draft", folder / "show.blend")
        bpy.ops.wm.open_mainfile(filepath=str(folder / "show.blend"))
        nodes = Nodes(loaded, compiled, timeline)
        seats = np.empty(3 * nodes.cards.shape[2], np.float32)
        nodes.scene.objects[CARDS].data.vertices.foreach_get("co", seats)
        gymnasts = np.concatenate(list(nodes.places.values()), 1)
        usual = OneObjectEach(nodes.cards, seats.reshape(-1, 3), gymnasts)
        nodes.show(0), usual.show(0)  # the first frame sets everything up

        moments = np.arange(1, len(timeline.samples))[: USUAL + 1 if chosen.few else None]
        ours: list[float] = []
        theirs: dict[bool, list[float]] = {False: [], True: []}
        for stretch in np.array_split(moments, min(STRETCHES, len(moments) // (USUAL + 1))):
            for moment in stretch.tolist():
                took, geometry = _milliseconds(nodes.show, moment)
                ours.append(took)
            nodes.check(moment, geometry)
            for changed_only, taken in theirs.items():
                usual.changed_only = changed_only
                usual.show(moment - USUAL)
                for later in range(moment - USUAL + 1, moment + 1):
                    took, _ = _milliseconds(usual.show, later)
                    taken.append(took)
                usual.check()
    print(f"{len(ours)} changes of frame; one object each: {len(theirs[False])} of each kind")
    median = statistics.median(ours)
    slow = statistics.median(theirs[False])
    return {
        "frame_change_ms": median,
        "frame_change_p90_ms": float(np.quantile(ours, 0.9)),
        "frame_change_objects_ms": slow,
        "frame_change_ratio": slow / median,
        "frame_change_changed_ratio": statistics.median(theirs[True]) / median,
    }


if __name__ == "__main__":
    figures.main(figures.parser(__doc__), measure)
