from __future__ import annotations

import subprocess
import sys

import pytest
from cardstunt.blender_addon import blender_libraries
from cardstunt.blender_addon.blender_libraries import (
    BlenderLibraryError,
    color_config,
    open_color_io,
    open_image_io,
)

pytestmark = pytest.mark.blender


def in_a_new_process(code):
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)


def test_blenders_own_libraries_are_found_without_starting_blender():
    done = in_a_new_process(
        "import sys\n"
        "from cardstunt.blender_addon.blender_libraries import *\n"
        "image, colour = open_image_io(), open_color_io()\n"
        "assert 'bpy' in image.__file__ and 'bpy' in colour.__file__, image.__file__\n"
        "assert 'bpy' not in sys.modules\n"
    )
    assert done.returncode == 0, done.stderr


def test_they_are_found_after_blender_has_started_too():
    """Blender puts its own scripts first on sys.path, and a worker process inherits that."""
    done = in_a_new_process(
        "import bpy\n"
        "from cardstunt.blender_addon.blender_libraries import *\n"
        "open_image_io(), open_color_io()\n"
        "assert color_config().is_file()\n"
    )
    assert done.returncode == 0, done.stderr


def test_the_configuration_has_the_views_that_blender_shows():
    config = open_color_io().Config.CreateFromFile(str(color_config()))
    assert {"AgX", "Standard"} <= set(config.getViews("sRGB"))


def test_exr_can_be_written_and_read():
    assert open_image_io().ImageOutput.create("a.exr").format_name() == "openexr"


def test_without_blender_it_says_what_to_install(monkeypatch):
    blender_libraries.blender_folder.cache_clear()
    monkeypatch.setattr(blender_libraries.sys, "path", [])
    monkeypatch.setattr(blender_libraries.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(BlenderLibraryError, match="pip install bpy"):
        color_config()
    blender_libraries.blender_folder.cache_clear()


def test_a_library_that_does_not_start_is_named(monkeypatch):
    monkeypatch.setattr(blender_libraries, "blender_folder", lambda: blender_libraries.Path("/nowhere"))
    with pytest.raises(BlenderLibraryError, match="NoSuchLibrary, which ships with Blender, does not start"):
        blender_libraries._library("NoSuchLibrary")


def test_a_missing_configuration_is_named(monkeypatch, tmp_path):
    monkeypatch.setattr(blender_libraries, "blender_folder", lambda: tmp_path)
    with pytest.raises(BlenderLibraryError, match=r"colour configuration is missing: .*config\.ocio"):
        color_config()
