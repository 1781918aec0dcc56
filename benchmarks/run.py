"""All figures: prints a table and writes build/bench.json, a list of {name, value, unit, asked, machine}.

    python benchmarks/run.py [--only NAME ...] [--show SHOW] [--film-frames A-B] [--few] [--json FILE]

Each benchmark runs in a process of its own. A figure that misses what is asked, or cannot be measured here,
is marked, and no failure; a benchmark that breaks is one (exit code 1), and the others still run.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from figures import FIGURES, Skipped, machine, write_rows
from figures import rows as rows_of
from rich.console import Console
from rich.table import Table

HERE = Path(__file__).resolve().parent
BENCHMARKS = tuple(dict.fromkeys(figure.benchmark for figure in FIGURES))
LAST_LINES = 15


def run(benchmark: str, arguments: list[str]) -> tuple[list[dict[str, Any]], str]:
    """Run one benchmark; returns its rows and, if it broke, the end of what it said."""
    script = HERE / f"{benchmark}.py"
    if not script.is_file():
        names = [figure.name for figure in FIGURES if figure.benchmark == benchmark]
        return rows_of(dict.fromkeys(names, Skipped(f"no benchmarks/{script.name}"))), ""
    with tempfile.TemporaryDirectory(prefix="cardstunt_bench_") as folder:
        file = Path(folder, "rows.json")
        command = [sys.executable, str(script), "--json", str(file), *arguments]
        done = subprocess.run(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
        )
        if done.returncode or not file.is_file():
            said = done.stdout.strip().splitlines()[-LAST_LINES:]
            return [], "\n".join([*said, f"exit code {done.returncode}"])
        return json.loads(file.read_text(encoding="utf-8")), ""


def table(rows: list[dict[str, Any]], broken: dict[str, str]) -> Table:
    """Return the figures as a table for a person."""
    shown = Table(title=f"Cardstunt on {machine()}", title_justify="left", caption_justify="left")
    for column, side in (("figure", "left"), ("value", "right"), ("unit", "left"), ("asked", "right")):
        shown.add_column(column, justify=side, no_wrap=True)
    shown.add_column("")
    shown.add_column("what")
    by_name = {row["name"]: row for row in rows}
    for figure in FIGURES:
        if figure.name in by_name:
            row = by_name[figure.name]
            mark = {True: "[green]met[/]", False: "[bold red]MISSED[/]", None: ""}[figure.meets(row["value"])]
            value, what = f"{row['value'] or 0:,.2f}", figure.what
            if row["value"] is None:
                value, mark, what = "", "[yellow]skipped[/]", row["skipped"]
            shown.add_row(figure.name, value, figure.unit, figure.asked or "", mark, what)
        elif figure.benchmark in broken:
            shown.add_row(figure.name, "", figure.unit, figure.asked or "", "[bold red]BROKE[/]", figure.what)
    return shown


def main() -> None:
    """Run what is wanted, show it, write it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", nargs="+", choices=BENCHMARKS, default=BENCHMARKS, metavar="NAME")
    parser.add_argument("--show", help="a show file, or the name of a library show, for all benchmarks")
    parser.add_argument("--film-frames", metavar="A-B", help="a part of the film, for a quicker look")
    parser.add_argument("--few", action="store_true", help="hardly repeat: to try it out, not for figures")
    parser.add_argument("--json", type=Path, default=HERE.parent / "build" / "bench.json", metavar="FILE")
    chosen = parser.parse_args()
    console = Console(stderr=False, width=None if sys.stdout.isatty() else 140)
    rows: list[dict[str, Any]] = []
    broken: dict[str, str] = {}
    loads = []
    for benchmark in BENCHMARKS:
        if benchmark not in chosen.only:
            continue
        print(f"{benchmark} ...", file=sys.stderr, flush=True)
        loads.append(os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0)
        arguments = (["--show", chosen.show] if chosen.show else []) + ["--few"] * chosen.few
        if benchmark == "film" and chosen.film_frames:
            arguments += ["--frames", chosen.film_frames]
        found, said = run(benchmark, arguments)
        rows += found
        if said:
            broken[benchmark] = said
            print(f"{benchmark} broke:\n{said}", file=sys.stderr)
    write_rows(chosen.json, rows)
    console.print(table(rows, broken))
    # Only the first is sure not to be our own work.
    if loads and loads[0] > 0.5:
        console.print(f"The machine was not idle (load {loads[0]:.1f} at the start): times may be too long.")
    if chosen.few:
        console.print("Hardly repeated (--few): no figures to quote.")
    console.print(f"Written to {chosen.json}")
    if broken:
        sys.exit(1)


if __name__ == "__main__":
    main()
