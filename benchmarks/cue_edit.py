"""An edit of one cue: from the changed text of the show to its first changed frame in Blender.

Within the time: the show is read and its card section worked out, the first sample that changed is baked, the
scene reads it again, and the frame is evaluated with the new colours in hand. They are then compared with the
kernel.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

import bpy
import figures
import numpy as np
from cardstunt.blender_addon.bake import bake_show, sample_exposures, sample_ticks
from cardstunt.blender_addon.build import build_file
from cardstunt.blender_addon.live_edit import LiveSection
from cardstunt.kernels.books import LAYERS, card_states
from cardstunt.kernels.oklab import srgb8_to_linear
from cardstunt.scenes.card_section import compile_section
from cardstunt.scenes.compiled import compile_show
from cardstunt.scenes.load import LoadedShow, load_show
from cardstunt.scenes.section_plan import SectionPlan
from cardstunt.scenes.timeline import FilmTimeline, film_timeline

CARDS = "Card Section"
EDITS = 6


def _quiet(stage: str, done: int, of: int) -> None:
    pass


def edited(loaded: LoadedShow, cue: int, page: str) -> str:
    """Return the show's text with another page in one of its cues."""
    line, column = loaded.locate(("card_section", "cues", cue, "page"))
    lines = loaded.path.read_text(encoding="utf-8").splitlines()
    text, former = lines[line - 1], loaded.show.card_section.cues[cue].page
    before, after = text[: column - 1], text[column - 1 :]
    assert former is not None
    assert after.startswith(former), (text, former)
    lines[line - 1] = before + page + after[len(former) :]
    return "\n".join(lines) + "\n"


def edits(loaded: LoadedShow, count: int) -> list[str]:
    """Return texts of the show, each with another page in one cue that the film shows."""
    section, shots = loaded.show.card_section, loaded.show.film.shots
    seen = [
        number
        for number, cue in enumerate(section.cues)
        if cue.page is not None and any(shot.start <= cue.at < shot.end - 2 for shot in shots)
    ]
    stills = [name for name, page in section.pages.items() if not page.moving]
    chosen = np.linspace(0, len(seen) - 1, count).round().astype(int)
    return [
        edited(loaded, seen[k], next(name for name in stills[number:] if name != section.cues[seen[k]].page))
        for number, k in enumerate(chosen.tolist())
    ]


def _colours() -> Any:
    """Return the linear colours that the scene's card-holders show now, in any order."""
    depsgraph = bpy.context.evaluated_depsgraph_get()
    geometry = bpy.data.objects[CARDS].evaluated_get(depsgraph).evaluated_geometry()
    data = geometry.instances_pointcloud().attributes["page_new"].data
    values = np.empty(len(data) * 4, np.float32)
    data.foreach_get("color", values)
    return np.unique(values.reshape(-1, 4)[:, :3], axis=0)


def _check(section: SectionPlan, loaded: LoadedShow, timeline: FilmTimeline, frame: int, seen: Any) -> None:
    sample = timeline.frames[frame - 1].sample - 1
    at, exposure = sample_ticks(timeline), sample_exposures(loaded.show, timeline)
    state = card_states(section.books, at[[sample]], exposure[[sample]]).reshape(LAYERS, -1, 4)
    below = state[1][state[1][:, 3] > 0]
    wanted = np.unique(srgb8_to_linear(below[:, :3]), axis=0)
    assert seen.shape == wanted.shape, (seen.shape, wanted.shape)
    assert np.allclose(seen, wanted, atol=1e-4)


def measure(chosen: argparse.Namespace) -> dict[str, float]:
    """Build the show's scene, then edit its cues one after another."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary).resolve()
        source = load_show("book_of_170" if chosen.show is None else chosen.show)
        path = folder / "show" / source.path.name
        shutil.copytree(source.folder, path.parent)
        loaded = load_show(path)
        timeline, compiled = film_timeline(loaded.show), compile_show(loaded)
        bake = bake_show(loaded, timeline, folder / "textures", _quiet, compiled)
        build_file(loaded, timeline, bake, "draft", folder / "show.blend")
        bpy.ops.wm.open_mainfile(filepath=str(folder / "show.blend"))
        image = next(image for image in bpy.data.images if image.name == bake.cards.stem)
        scene = bpy.context.scene
        live = LiveSection(loaded, timeline, compiled.section, folder / "textures")
        _colours()  # the first frame sets everything up

        taken = []
        for text in edits(loaded, 1 if chosen.few else EDITS):
            path.write_text(text, encoding="utf-8")
            begun = time.perf_counter()
            loaded = load_show(path)
            timeline = film_timeline(loaded.show)
            section = compile_section(loaded)
            worked_out = time.perf_counter()
            frame = live.edit(loaded, timeline, section, image, scene.frame_current)
            assert frame is not None
            scene.frame_set(frame)
            seen = _colours()
            taken.append(time.perf_counter() - begun)
            print(f"{taken[-1]:6.3f} s, of which {worked_out - begun:.3f} s to read the show and work it out")
            _check(section, loaded, timeline, frame, seen)
            live.finish(image, _quiet)
    return {"cue_edit_s": statistics.median(taken)}


if __name__ == "__main__":
    parser = figures.parser(__doc__)
    parser.set_defaults(show=None)
    figures.main(parser, measure)
