"""What sheets for 20,000 people take: seconds, and memory of all processes together."""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import commands
import figures

COLUMNS, ROWS, PAGES = 250, 80, 170
FEW_COLUMNS, FEW_ROWS, FEW_PAGES = 40, 20, 30
_ORDERS = ("together", "sweep", "ripple", "diagonal", "rows", "columns", "dissolve")
_OFTEN = 0.05


def show_text(columns: int, rows: int, pages: int) -> str:
    """Return a show file: each cue to a page of its own, in which nearly everybody changes colour."""
    # Steps through hue that share no factor with 360, so that neighbours differ everywhere.
    hues = [(number * 137) % 360 for number in range(pages)]
    named = "\n".join(
        f'    page{number}: {{ gradient: {{ from: "{_colour(hue)}", to: "{_colour(hue + 97)}", '
        f"angle: {hue} deg }} }}"
        for number, hue in enumerate(hues)
    )
    cues = "\n".join(
        f"    - {{ at: {2 * number} s, page: page{number}, "
        f"flip: {{ order: {_ORDERS[number % len(_ORDERS)]}, over: 1 s, turn: 0.4 s }} }}"
        for number in range(pages)
    )
    return f"""\
cardstunt: 1
title: A book of {pages} pages
card_section:
  columns: {columns}
  rows: {rows}
  palette: {{ colours: 48 }}
  pages:
{named}
  cues:
{cues}
film:
  size: 96x54
  fps: 24
  shots:
    - name: wide
      show: 0 s..8 s
      speed: 8x
      camera: {{ orbit: {{ height: 50 m, radius: 90 m, from: 170 deg, to: 190 deg, look_at: card_section }} }}
"""


def _colour(hue: int) -> str:
    """Return a strong colour; no difference is made between hues that look alike."""
    parts = [max(0.0, min(1.0, abs((hue / 60 - shift) % 6 - 3) - 1)) for shift in (0, 2, 4)]
    return "#" + "".join(f"{round(255 * part):02x}" for part in parts)


class Memory(threading.Thread):
    """Watches the memory that a process and those it has started hold, now and then."""

    def __init__(self, process: int) -> None:
        super().__init__(daemon=True)
        self.process, self.peak, self.ended = process, 0, threading.Event()

    def run(self) -> None:
        """Watch until `ended` is set."""
        while not self.ended.wait(_OFTEN):
            self.peak = max(self.peak, sum(map(_resident, _family(self.process))))


def _family(process: int) -> list[int]:
    """Return a process and all that it has started, as far as they live."""
    family = [process]
    for member in family:
        for task in Path(f"/proc/{member}/task").glob("*/children"):
            try:
                family += [int(child) for child in task.read_text(encoding="ascii").split()]
            except OSError:
                continue
    return family


def _resident(process: int) -> int:
    """Return bytes that a process holds in memory; 0 when it has ended."""
    try:
        lines = Path(f"/proc/{process}/status").read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return 0
    return sum(1024 * int(line.split()[1]) for line in lines if line.startswith("VmRSS:"))


def measure(chosen: argparse.Namespace) -> dict[str, float]:
    """Make all sheets of a show that is written here, in a fresh folder."""
    size = (FEW_COLUMNS, FEW_ROWS, FEW_PAGES) if chosen.few else (COLUMNS, ROWS, PAGES)
    with tempfile.TemporaryDirectory() as folder:
        show = Path(folder, "show.yaml")
        show.write_text(show_text(*size), encoding="utf-8")
        command = [sys.executable, "-c", commands.MAIN, "sheets", str(show), "-o", f"{folder}/sheets"]
        begun = time.perf_counter()
        process = subprocess.Popen(command, stdout=sys.stderr)
        memory = Memory(process.pid)
        memory.start()
        failed = process.wait()
        took = time.perf_counter() - begun
        memory.ended.set()
        memory.join()
        if failed:
            raise SystemExit(f"cardstunt sheets failed with exit code {failed}")
    return {"sheets_s": took, "sheets_memory_gb": memory.peak / 1e9}


if __name__ == "__main__":
    figures.main(figures.parser(__doc__), measure)
