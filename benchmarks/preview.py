"""What a preview of a whole show takes."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import av
import commands
import figures


def measure(chosen: argparse.Namespace) -> dict[str, float]:
    """Make the preview in a fresh folder."""
    with tempfile.TemporaryDirectory() as folder:
        film = Path(folder, "preview.mp4")
        took = commands.seconds("preview", chosen.show, "-o", film)
        with av.open(str(film)) as container:
            length = container.duration / av.time_base
    return {"preview_s": took, "preview_show_s": length}


if __name__ == "__main__":
    figures.main(figures.parser(__doc__), measure)
