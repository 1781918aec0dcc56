"""The benchmarks run and hand over what they promise; how fast anything is, is not tested."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import cardstunt.kernels
import pytest
from cardstunt.kernels.array_module import gpu_available

BENCHMARKS = Path(cardstunt.kernels.__file__).resolve().parent.parent / "benchmarks"

SHOW = """\
cardstunt: 1
title: Tiny
card_section:
  columns: 20
  rows: 10
  people: { absent: 5 % }
  pages:
    red: { fill: "#c01020" }
    blue: { fill: "#2060c0" }
  cues:
    - { at: 0 s, page: red }
    - { at: 0.1 s, page: blue, flip: { order: sweep, over: 0.7 s, turn: 0.4 s } }
troupes:
  ribbons:
    count: 20
    costume: { colour: "#d81b60" }
    drill:
      - { at: 0 s, formation: { block: { columns: 5 } }, move: march }
      - { at: 0.2 s, formation: { rings: 2 }, travel: 1 s, move: wave }
film:
  size: 96x54
  fps: 24
  shots:
    - name: wide
      show: 0 s..1 s
      speed: 2x
      camera: { orbit: { height: 50 m, radius: 90 m, from: 170 deg, to: 190 deg, look_at: card_section } }
  tilt_shift: { tilt: -4 deg, scale: 200, f_number: 1.4, focus: card_section }
  look: { hold: 2 }
"""

#: What the project promises: names that others may read from the file, and what is asked of each.
PROMISED = {
    "frame_change_ms": "<= 15",
    "frame_change_ratio": ">= 40",
    "bake_cards_fps": ">= 150",
    "bake_show_s": "<= 40",
    "bake_ratio": ">= 200",
    "bake_gpu_bandwidth_pct": ">= 80",
    "cue_edit_s": "<= 1",
    "frame_change_100k_ms": "<= 33",
    "assignment_80k_s": "<= 20",
    "assignment_gap_pct": "<= 2",
    "collision_80k_s": "<= 15",
    "key_error_m": "<= 0.01",
    "scene_memory_gb": "<= 3",
    "sheets_s": "<= 240",
    "sheets_memory_gb": "<= 1",
    "film_overhead_pct": "<= 15",
    "place_build_s": "<= 15",
    "place_frame_s": "<= 5",
    "place_memory_gb": "<= 4",
    "eevee_cycles_difference_pct": "<= 12",
    "tilt_shift_1080p_s": "<= 2",
    "tilt_shift_psnr_db": ">= 38",
}


def python(*arguments: object, **options: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120, **options)


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    return python(BENCHMARKS / "run.py", *arguments)


@pytest.fixture(scope="module")
def show(tmp_path_factory):
    path = tmp_path_factory.mktemp("show") / "show.yaml"
    path.write_text(SHOW, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def figures():
    """The figures as the benchmarks declare them."""
    code = (
        f"import sys; sys.path.insert(0, {str(BENCHMARKS)!r}); import json, dataclasses, figures; "
        "print(json.dumps([dataclasses.asdict(figure) for figure in figures.FIGURES]))"
    )
    done = python("-c", code)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_promised_figures_are_declared_as_promised(figures):
    asked = {figure["name"]: figure["asked"] for figure in figures}
    assert len(asked) == len(figures)
    assert {name: bound for name, bound in asked.items() if name in PROMISED} == PROMISED


def test_every_figure_has_a_script_that_measures_it(figures):
    for figure in figures:
        script = (BENCHMARKS / f"{figure['benchmark']}.py").read_text(encoding="utf-8")
        assert f'"{figure["name"]}"' in script, figure["name"]


def test_a_part_is_written_and_shown(show, tmp_path, figures):
    file = tmp_path / "made" / "bench.json"
    done = run("--only", "bake", "--show", show, "--few", "--json", file)
    assert done.returncode == 0, done.stderr
    rows = json.loads(file.read_text(encoding="utf-8"))
    wanted = [figure for figure in figures if figure["benchmark"] == "bake"]
    assert [row["name"] for row in rows] == [figure["name"] for figure in wanted]
    for row, figure in zip(rows, wanted, strict=True):
        assert list(row) == ["name", "value", "unit", "asked", "machine"]
        assert (row["unit"], row["asked"]) == (figure["unit"], figure["asked"])
        assert isinstance(row["value"], float)
        assert row["value"] > 0 or row["name"] == "compile_s"
        assert re.fullmatch(r".+, \d+ cores, Python [\d.]+, .*Blender.*, NumPy [\d.]+", row["machine"])
        assert re.search(rf"{row['name']}\W.*{re.escape(row['unit'])}", done.stdout)


@pytest.mark.blender
def test_a_whole_show_is_baked_and_set_against_objects(show, tmp_path, figures):
    file = tmp_path / "bench.json"
    done = run("--only", "bake_show", "--show", show, "--few", "--json", file)
    assert done.returncode == 0, done.stderr
    values = {row["name"]: row["value"] for row in json.loads(file.read_text(encoding="utf-8"))}
    assert list(values) == [figure["name"] for figure in figures if figure["benchmark"] == "bake_show"]
    assert all(value > 0 for value in values.values())


#: Nothing but NumPy; nor Cardstunt itself, however it is installed.
ALONE = """
import runpy, sys
root, *arguments = sys.argv[1:]
banned = ("bpy", "PIL", "av", "pydantic", "yaml", "click", "rich", "scipy", "cupy")
class Nothing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in banned:
            raise ModuleNotFoundError(name, name=name)
        return None
sys.meta_path[:] = [finder for finder in sys.meta_path if "editable" not in getattr(finder, "__module__", "")]
sys.meta_path.insert(0, Nothing())
sys.path.insert(0, root)
sys.argv[1:] = arguments
runpy.run_module("benchmarks.bake_gpu", run_name="__main__")
"""


def test_without_a_gpu_its_figures_are_null_and_say_why(tmp_path, figures):
    """Where there is nothing but NumPy, as beside a GPU there may be."""
    file = tmp_path / "bench.json"
    done = python("-c", ALONE, BENCHMARKS.parent, "--json", file, cwd=BENCHMARKS.parent)
    assert done.returncode == 0, done.stderr
    rows = json.loads(file.read_text(encoding="utf-8"))
    assert [row["name"] for row in rows] == [
        figure["name"] for figure in figures if figure["benchmark"] == "bake_gpu"
    ]
    assert [(row["value"], row["skipped"]) for row in rows] == [(None, "no GPU")] * len(rows)


@pytest.mark.gpu
def test_on_a_gpu_the_kernel_is_measured(tmp_path):
    """The script itself stops unless the device gives the bytes of NumPy."""
    if not gpu_available():
        pytest.skip("needs CuPy and a device")
    file = tmp_path / "bench.json"
    done = run("--only", "bake_gpu", "--few", "--json", file)
    assert done.returncode == 0, done.stderr
    assert all(row["value"] > 0 for row in json.loads(file.read_text(encoding="utf-8")))


@pytest.mark.blender
def test_frames_change_as_the_kernels_say(show, tmp_path):
    """In the scene built, and in the one it is compared with; the script itself stops otherwise."""
    file = tmp_path / "bench.json"
    done = run("--only", "frame_change", "--show", show, "--few", "--json", file)
    assert done.returncode == 0, done.stderr
    values = {row["name"]: row["value"] for row in json.loads(file.read_text(encoding="utf-8"))}
    ratio = values["frame_change_objects_ms"] / values["frame_change_ms"]
    assert values["frame_change_ratio"] == pytest.approx(ratio, rel=0.05, abs=0.002)


def test_a_miss_is_marked_and_no_failure(figures):
    code = (
        f"import sys; sys.path.insert(0, {str(BENCHMARKS)!r}); import figures, run; from rich.console import "
        "Console; rows = figures.rows({'frame_change_ms': 15.001, 'frame_change_ratio': 40.0, "
        "'bake_gpu_bandwidth_pct': figures.Skipped('no GPU')}); "
        "Console(width=140).print(run.table(rows, {'bake': 'it broke'}))"
    )
    lines = python("-c", code).stdout.splitlines()
    shown = {name: line for name in PROMISED for line in lines if f" {name} " in line}
    assert "MISSED" in shown["frame_change_ms"]
    assert "met" in shown["frame_change_ratio"]
    assert "BROKE" in shown["bake_cards_fps"]
    assert re.search(r">= 80 .*skipped .*no GPU", shown["bake_gpu_bandwidth_pct"])


def test_a_benchmark_that_is_not_there_is_skipped(tmp_path):
    code = (
        f"import sys; sys.path.insert(0, {str(BENCHMARKS)!r}); import pathlib, run; "
        f"run.HERE = pathlib.Path({str(tmp_path)!r}); print(run.run('cue_edit', []))"
    )
    done = python("-c", code)
    assert "'value': None" in done.stdout, done.stderr
    assert "no benchmarks/cue_edit.py" in done.stdout


def test_a_broken_benchmark_is_a_failure_and_says_why(tmp_path):
    file = tmp_path / "bench.json"
    done = run("--only", "bake", "--show", tmp_path / "no.yaml", "--few", "--json", file)
    assert done.returncode == 1
    assert "no.yaml" in done.stderr
    assert "BROKE" in done.stdout
    assert json.loads(file.read_text(encoding="utf-8")) == []


def test_an_unknown_name_is_refused(tmp_path):
    file = tmp_path / "bench.json"
    done = run("--only", "speed", "--json", file)
    assert done.returncode == 2
    assert "frame_change" in done.stderr
    assert not file.exists()
