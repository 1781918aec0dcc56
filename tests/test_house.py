"""The house's rules: who imports whom, what is packaged, and no ambient randomness."""

from __future__ import annotations

import ast
import pkgutil
import subprocess
import sys
import tomllib
from pathlib import Path

import cardstunt
import cardstunt.kernels
import cardstunt.scenes
import pytest

ROOT = Path(cardstunt.kernels.__file__).resolve().parent.parent
ROOMS = ("blender_addon", "kernels", "scenes")

BLOCKED = """
import importlib, sys
blocked, wanted = sys.argv[1].split(","), sys.argv[2].split(",")
class Blocker:
    def find_spec(self, name, path=None, target=None):
        if any(name == root or name.startswith(root + ".") for root in blocked):
            raise ModuleNotFoundError(f"{name} is not to be imported here", name=name)
sys.meta_path.insert(0, Blocker())
for name in wanted:
    importlib.import_module(name)
for name in sys.modules:
    assert not any(name == root or name.startswith(root + ".") for root in blocked), name
"""


def modules(package):
    """Names of the package and all that is in it, from the file system."""
    return [package.__name__] + [
        found.name
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}.", onerror=_fails)
    ]


def _fails(name):
    raise ImportError(f"{name} cannot be imported")


def import_without(wanted, blocked):
    command = [sys.executable, "-W", "error", "-c", BLOCKED, ",".join(blocked), ",".join(wanted)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


BLENDER = ("bpy", "bmesh", "mathutils", "bl_ui", "gpu", "cardstunt.blender_addon")


def test_scenes_import_without_blender():
    done = import_without(modules(cardstunt.scenes), BLENDER)
    assert done.returncode == 0, done.stderr


def test_kernels_import_with_arrays_alone():
    others = ("cardstunt.scenes", "pydantic", "yaml", "PIL", "av", "click", "rich", "cupy")
    done = import_without(modules(cardstunt.kernels), BLENDER + others)
    assert done.returncode == 0, done.stderr


def test_the_block_blocks():
    assert "is not to be imported" in import_without(["cardstunt.kernels.flips"], ["numpy"]).stderr


def python_files(*rooms):
    return sorted(path for room in rooms for path in (ROOT / room).rglob("*.py"))


def imported(tree, package):
    """Absolute names of all modules that a file imports, wherever in the file."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                base = ".".join([*package[: len(package) - node.level + 1], *filter(None, [node.module])])
            yield from (f"{base}.{name.name}" for name in node.names)


def imports_of(path, root=ROOT):
    package = ("cardstunt", *path.relative_to(root).parent.parts)
    return list(imported(ast.parse(path.read_text(encoding="utf-8")), package))


FORBIDDEN = {
    "kernels": ("bpy", "cardstunt.scenes", "cardstunt.blender_addon"),
    "scenes": ("bpy", "cardstunt.blender_addon"),
}


def test_imports_are_found_however_they_are_written(tmp_path):
    (tmp_path / "kernels").mkdir()
    path = tmp_path / "kernels" / "example.py"
    path.write_text(
        "import os.path\nfrom .. import scenes\n"
        "def f():\n    from ..scenes.pages import a\n    from . import b\n"
    )
    assert imports_of(path, tmp_path) == [
        "os.path",
        "cardstunt.scenes",
        "cardstunt.scenes.pages.a",
        "cardstunt.kernels.b",
    ]


@pytest.mark.parametrize("path", python_files(*FORBIDDEN), ids=lambda path: str(path.relative_to(ROOT)))
def test_no_room_imports_from_the_rooms_above(path):
    """Also inside functions, where the import tests above do not come."""
    names = imports_of(path)
    above = FORBIDDEN[path.relative_to(ROOT).parts[0]]
    assert not [name for name in names if any(name == root or name.startswith(f"{root}.") for root in above)]


def own(names):
    return [name for name in names if name.split(".")[0] == "cardstunt"]


@pytest.mark.parametrize("path", python_files(*ROOMS), ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_of_our_own_are_relative(path):
    """In the extension the package has another name."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    absolute = [
        name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for name in own([a.name for a in node.names])
    ]
    absolute += [
        node.module
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and not node.level and own([node.module])
    ]
    assert not absolute


def test_every_package_is_in_the_wheel():
    listed = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"][
        "packages"
    ]
    found = {".".join(["cardstunt", *path.parent.relative_to(ROOT).parts]) for path in python_files(*ROOMS)}
    assert set(listed) == found | {"cardstunt"}
    for name in found:
        folder = ROOT.joinpath(*name.split(".")[1:])
        assert (folder / "__init__.py").is_file(), f"{name} has no __init__.py"


AMBIENT_MODULES = {"random", "secrets", "time", "uuid", "numpy.random", "cupy.random"}
AMBIENT_CALLS = {"now", "today", "utcnow", "urandom", "getrandom", "default_rng", "RandomState"}


def ambient(source):
    """Lines on which a file reaches for chance or for the clock."""
    lines = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = imported(ast.Module([node], []), ("cardstunt",))
            parts = {".".join(name.split(".")[:size]) for name in names for size in (1, 2)}
            if parts & AMBIENT_MODULES and not getattr(node, "level", 0):
                lines.append(node.lineno)
        elif isinstance(node, ast.Attribute) and node.attr == "random":
            lines.append(node.lineno)
        elif isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", None))
            if name in AMBIENT_CALLS:
                lines.append(node.lineno)
    return sorted(set(lines))


@pytest.mark.parametrize(
    "line",
    [
        "import random",
        "from random import choice",
        "import numpy.random",
        "from numpy import random",
        "np.random.rand(3)",
        "xp.random.seed(1)",
        "rng = np.random.default_rng(4)",
        "import time",
        "from time import perf_counter",
        "datetime.now()",
        "datetime.date.today()",
        "os.urandom(8)",
    ],
)
def test_chance_and_clocks_are_found(line):
    assert ambient(f"pass\n{line}\n") == [2]


def test_what_only_looks_like_chance_is_allowed():
    assert ambient("from .counter_random import uniform\nfrom . import random_orders\nx = uniform(1)\n") == []


@pytest.mark.parametrize(
    "path", python_files("kernels", "scenes"), ids=lambda path: str(path.relative_to(ROOT))
)
def test_kernels_and_scenes_use_no_ambient_chance_and_no_clock(path):
    assert ambient(path.read_text(encoding="utf-8")) == []
