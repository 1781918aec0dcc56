"""What a film in draft quality takes, and how much of that is Blender's own rendering."""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path

import commands
import figures


def measure(chosen: argparse.Namespace) -> dict[str, float]:
    """Make the film in a fresh folder."""
    with tempfile.TemporaryDirectory() as folder:
        film = Path(folder, "film.mp4")
        arguments = ["film", chosen.show, "-o", film, "--quality", "draft"]
        frames = chosen.frames or ("1-2" if chosen.few else None)
        took = commands.seconds(*arguments, *(["--frames", frames] if frames else []))
        report = json.loads(film.with_suffix(".json").read_text(encoding="utf-8"))
    stages = report["seconds_by_stage"]
    for name, seconds in stages.items():
        print(f"{seconds:8.2f} s  {name}")
    # Against the whole command, start of Python and Blender included, not against the report's own sum.
    return {
        "film_s": took,
        "film_frames": report["frames"],
        "film_overhead_pct": 100 * (1 - stages["render"] / took),
        "film_render_s": stages["render"],
        "film_finish_s": sum(seconds for name, seconds in stages.items() if name.startswith("finish")),
    }


if __name__ == "__main__":
    parser = figures.parser(__doc__)
    parser.add_argument("--frames", metavar="A-B", help="a part of the film only")
    figures.main(parser, measure)
