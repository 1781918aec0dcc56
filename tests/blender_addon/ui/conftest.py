"""The extension as a user has it: built, and installed in a profile of its own for a Python with Blender."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import venv
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

import cardstunt.kernels
import pytest
from cardstunt.blender_addon.package_extension import package, this_platform

ROOT = Path(cardstunt.kernels.__file__).resolve().parent.parent
OWN = "bl_ext.user_default.cardstunt"


def blender_version():
    try:
        return tuple(map(int, distribution("bpy").version.split(".")[:2]))
    except PackageNotFoundError:
        return (0, 0)


@pytest.fixture(scope="session")
def extension(tmp_path_factory):
    """The zip for this machine."""
    if blender_version() < (5, 1):
        pytest.skip("the extension is for Blender 5.1 and newer")
    (built,) = package([this_platform()], tmp_path_factory.mktemp("dist"), ROOT / "wheels")
    return built


def needed(name: str, found: dict[str, Distribution]) -> dict[str, Distribution]:
    """A distribution and all that it needs, by name."""
    if name not in found:
        found[name] = distribution(name)
        for requirement in found[name].requires or []:
            if "extra ==" not in requirement:
                try:
                    needed(re.match(r"[\w.-]+", requirement)[0].lower(), found)
                except PackageNotFoundError:  # for another Python
                    continue
    return found


@pytest.fixture(scope="session")
def blender_python(tmp_path_factory):
    """A Python with Blender and what Blender needs, but nothing of ours and of what we need beside it."""
    folder = tmp_path_factory.mktemp("python")
    venv.create(folder, symlinks=True)
    site = next(folder.glob("lib/python3*/site-packages"))
    for found in needed("bpy", {}).values():
        for top in {file.parts[0] for file in found.files} - {"..", "__pycache__"}:
            source = Path(found.locate_file(top))
            if source.exists() and not (site / top).exists():
                (site / top).symlink_to(source)
    return folder / "bin" / "python"


ENABLE = f"""
import json, sys
from pathlib import Path
import bpy, addon_utils
OWN = "{OWN}"
def enable():
    assert addon_utils.enable(OWN) is not None
def use(path):
    bpy.context.scene.cardstunt.show, bpy.context.scene.cardstunt.file = "FILE", str(path)
def refused(operator):
    try:
        operator()
    except RuntimeError as error:
        return str(error)
    raise AssertionError("the operator reported no error")
status = lambda: bpy.context.window_manager.cardstunt
problems = lambda: [[problem.place, problem.text, problem.error] for problem in status().problems]
watch = lambda: sys.modules[OWN + ".blender_addon.ui.film_watch"]
def say(**values):
    print("SAID " + json.dumps(values))
"""


@dataclass(frozen=True)
class Profile:
    """A user's profile of Blender."""

    python: Path
    folder: Path

    def run(self, script: str, *arguments: object) -> dict:
        """Run a script in a Blender of this profile; returns what it says."""
        done = subprocess.run(
            [self.python, "-c", ENABLE + script, *map(str, arguments)],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "BLENDER_USER_RESOURCES": str(self.folder), "PYTHONWARNINGS": "error"},
            timeout=180,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        said = [line.removeprefix("SAID ") for line in done.stdout.splitlines() if line.startswith("SAID ")]
        return json.loads(said[-1]) if said else {}


@pytest.fixture(scope="session")
def profile(extension, blender_python, tmp_path_factory):
    """A profile with the extension installed."""
    made = Profile(blender_python, tmp_path_factory.mktemp("profile"))
    said = made.run(
        """
done = bpy.ops.extensions.package_install_files(
    filepath=sys.argv[1], repo="user_default", enable_on_install=True
)
say(done=list(done), warnings=addon_utils._extensions_warnings_get(),
    enabled=hasattr(bpy.types.Scene, "cardstunt"))
""",
        extension,
    )
    assert said == {"done": ["FINISHED"], "warnings": {}, "enabled": True}
    return made


@pytest.fixture
def show(show_file, tmp_path):
    """A show file that may be changed."""
    return Path(shutil.copytree(show_file.parent, tmp_path / "show")) / show_file.name
