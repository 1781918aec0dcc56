"""The figures: what each is and what is asked of it; and the form in which benchmarks hand them over."""

from __future__ import annotations

import argparse
import json
import os
import platform
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Figure:
    """One row of the table.

    Attributes
    ----------
    benchmark : str
        The script here that measures it, without its ending.
    name, unit, what : str
    asked : str, optional
        A bound such as "<= 15".
    """

    benchmark: str
    name: str
    unit: str
    what: str
    asked: str | None = None

    def meets(self, value: float | None) -> bool | None:
        """Return whether a value is what is asked; None where nothing is, or nothing was measured."""
        if self.asked is None or value is None:
            return None
        sign, bound = self.asked.split()
        return value <= float(bound) if sign == "<=" else value >= float(bound)


@dataclass(frozen=True)
class Skipped:
    """Stands for a value that could not be measured here, and says why."""

    reason: str


Values = dict[str, float | Skipped]

#: The name of a library show that lasts four minutes and uses books of 170 pages.
LONG_SHOW = "book_of_170"

FIGURES = (
    Figure("frame_change", "frame_change_ms", "ms", "change of frame, cards and gymnasts, median", "<= 15"),
    Figure("frame_change", "frame_change_p90_ms", "ms", "the same, one in ten takes longer"),
    Figure("frame_change", "frame_change_objects_ms", "ms", "the same by one object a performer"),
    Figure("frame_change", "frame_change_ratio", "x", "how much faster than one object a performer", ">= 40"),
    Figure("frame_change", "frame_change_changed_ratio", "x", "where that updates only who changed"),
    Figure(
        "frame_change_100k", "frame_change_100k_ms", "ms", "the same, 20,000 cards, 80,000 gymnasts", "<= 33"
    ),
    Figure("frame_change_100k", "frame_change_100k_p90_ms", "ms", "the same, one in ten takes longer"),
    Figure("frame_change_100k", "scene_memory_gb", "GB", "Blender with that scene, played", "<= 3"),
    Figure("frame_change_100k", "scene_memory_render_gb", "GB", "the same, rendered too"),
    Figure("pose_ways", "pose_meshes_ms", "ms", "change of frame, 5,000 people posed by baked meshes"),
    Figure("pose_ways", "pose_textures_ms", "ms", "the same by vertex textures, made real each frame"),
    Figure("pose_ways", "pose_ways_ratio", "x", "how much faster baked meshes are"),
    Figure("bake", "bake_cards_fps", "frames/s", "bake of the card section, files written", ">= 150"),
    Figure("bake", "bake_gymnasts_fps", "frames/s", "bake of all troupes, files written"),
    Figure("bake", "compile_s", "s", "pages matched and formations assigned, once a show"),
    Figure("bake_show", "bake_show_s", "s", "bake of a 4-minute show: 5,760 frames, 20,000 people", "<= 40"),
    Figure("bake_show", "bake_show_compile_s", "s", "before that: pages drawn, books worked out"),
    Figure("bake_show", "bake_ratio", "x", "frames a second against one object a performer", ">= 200"),
    Figure("bake_show", "bake_colours_ratio", "x", "where that sets colours alone"),
    Figure("bake_show", "bake_changed_ratio", "x", "where that sets only who changed"),
    Figure("bake_gpu", "bake_gpu_bandwidth_pct", "%", "of copy bandwidth, for the bytes written", ">= 80"),
    Figure("bake_gpu", "bake_gpu_copy_gb_s", "GB/s", "that copy bandwidth: bytes read and written"),
    Figure("bake_gpu", "bake_gpu_fps", "frames/s", "cards of 20,000 people, kernel only"),
    Figure("cue_edit", "cue_edit_s", "s", "a cue changed: until its first frame can be seen", "<= 1"),
    Figure("assignment", "assignment_80k_s", "s", "80,000 gymnasts to 80,000 places", "<= 20"),
    Figure("assignment", "assignment_gap_pct", "%", "its squared walking over the least there is", "<= 2"),
    Figure("collisions", "collision_80k_s", "s", "collision check of 80,000 over 10 s", "<= 15"),
    Figure("key_error", "key_error_m", "m", "worst place of 80,000 mixed from keys of 5 mm", "<= 0.01"),
    Figure("key_error", "key_share_pct", "%", "samples that became keys, of 20 s at 24 a second"),
    Figure("key_error", "key_saved_pct", "%", "bytes saved by that"),
    Figure("sheets", "sheets_s", "s", "sheets for 20,000 people", "<= 240"),
    Figure("sheets", "sheets_memory_gb", "GB", "memory of all processes meanwhile", "<= 1"),
    Figure("place", "place_build_s", "s", "the whole place, 200,000 people", "<= 15"),
    Figure("place", "place_frame_s", "s", "a draft frame of it, 854 x 480, after the first", "<= 5"),
    Figure("place", "place_memory_gb", "GB", "memory while rendering it", "<= 4"),
    Figure("eevee_cycles", "eevee_cycles_difference_pct", "%", "EEVEE against Cycles, one frame", "<= 12"),
    Figure("tilt_shift", "tilt_shift_1080p_s", "s", "tilt-shift at 1080p, radius to 24 px", "<= 2"),
    Figure("tilt_shift", "tilt_shift_480p_s", "s", "tilt-shift at 854 x 480, radius to 12 px"),
    Figure("tilt_shift", "tilt_shift_psnr_db", "dB", "against the path-traced truth", ">= 38"),
    Figure("tilt_shift", "tilt_shift_psnr_tilted_db", "dB", "the same with the lens tilted by -4 degrees"),
    Figure("film", "film_s", "s", "the film in draft quality, from the command to its end"),
    Figure("film", "film_frames", "frames", "frames of that film"),
    Figure("film", "film_overhead_pct", "%", "share of film_s outside Blender's render call", "<= 15"),
    Figure("film", "film_render_s", "s", "inside Blender's render call"),
    Figure("film", "film_finish_s", "s", "processor time of finishing, mostly while Blender renders"),
    Figure("preview", "preview_s", "s", "preview of the whole show, from the command to its end", "<= 20"),
    Figure("preview", "preview_show_s", "s", "length of that preview"),
)


def machine() -> str:
    """Return the processor, its cores as this process may use them, and the versions that matter."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    parts = [_processor(), f"{cores} cores", f"Python {platform.python_version()}"]
    for name, package in (("Blender", "bpy"), ("NumPy", "numpy")):
        try:
            parts.append(f"{name} {version(package)}")
        except PackageNotFoundError:
            parts.append(f"no {name}")
    return ", ".join(parts)


def _processor() -> str:
    """Return the processor's name; platform.processor() is empty on most Linux systems."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        return next(line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


def rows(values: Values) -> list[dict[str, Any]]:
    """Return measured values as `{name, value, unit, asked, machine}`, in the order of `FIGURES`.

    What was skipped has the value None, and a sixth key `skipped` that says why.

    Raises
    ------
    ValueError
        When a value has no figure here.
    """
    if unknown := set(values) - {figure.name for figure in FIGURES}:
        raise ValueError(f"no such figures: {', '.join(sorted(unknown))}")
    here = machine()
    found = []
    for figure in FIGURES:
        if figure.name not in values:
            continue
        value = values[figure.name]
        skipped = isinstance(value, Skipped)
        row = {
            "name": figure.name,
            "value": None if skipped else round(value, 3),
            "unit": figure.unit,
            "asked": figure.asked,
            "machine": here,
        }
        found.append({**row, "skipped": value.reason} if skipped else row)
    return found


def write_rows(path: Path, found: list[dict[str, Any]]) -> None:
    """Write rows as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


def parser(description: str, show: str = "opening_night") -> argparse.ArgumentParser:
    """Return a parser with what all benchmarks understand; `show` is the one measured by default."""
    made = argparse.ArgumentParser(description=description.splitlines()[0])
    made.add_argument("--json", type=Path, metavar="FILE", help="write the rows there")
    made.add_argument("--show", default=show, help="a show file, or the name of a library show")
    made.add_argument("--few", action="store_true", help="hardly repeat: to try it out, not for figures")
    return made


def main(parser: argparse.ArgumentParser, measure: Callable[[argparse.Namespace], Values]) -> None:
    """Measure, print, and write if asked to."""
    chosen = parser.parse_args()
    found = rows(measure(chosen))
    for row in found:
        value = "skipped" if row["value"] is None else f"{row['value']:.3f}"
        print(f"{row['name']:28} {value:>10} {row['unit']:8} {row.get('skipped') or row['asked'] or ''}")
    if chosen.json:
        write_rows(chosen.json, found)
