"""OpenImageIO and OpenColorIO as Blender itself uses them, and Blender's colour configuration.

They ship inside Blender; inside the bpy module they lie beside its own files. Found without importing bpy,
so worker processes that only finish frames start quickly.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from functools import cache
from pathlib import Path
from types import ModuleType


class BlenderLibraryError(RuntimeError):
    """Blender, or a library that ships with it, is missing or does not start; the message says what to do."""


@cache
def blender_folder() -> Path:
    """Folder of Blender's version (its `datafiles` and `python`)."""
    # By hand: once bpy runs, its own scripts come first on sys.path, and worker processes inherit them. With
    # the module they lie in its folder; in the application its workers have them, but no bpy.
    for entry in map(Path, sys.path):
        above = [entry.parent.parent] if entry.parts[-2:] == ("scripts", "modules") else []
        for folder in [*above, *sorted(entry.glob("bpy/*"))]:
            if (folder / "datafiles" / "colormanagement").is_dir():
                return folder
    if importlib.util.find_spec("bpy") is None:
        raise BlenderLibraryError("Blender's module bpy is not installed; install it: pip install bpy")
    import bpy  # noqa: PLC0415  inside the Blender application, where bpy is built in

    return Path(bpy.utils.resource_path("LOCAL"))


def _library(name: str) -> ModuleType:
    try:
        return importlib.import_module(name)
    except ImportError:
        for place in sorted(blender_folder().glob("python/lib/python3*/site-packages")):
            if str(place) not in sys.path:
                sys.path.append(str(place))
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise BlenderLibraryError(f"{name}, which ships with Blender, does not start: {error}") from error


def open_image_io() -> ModuleType:
    """Return OpenImageIO."""
    return _library("OpenImageIO")


def open_color_io() -> ModuleType:
    """Return PyOpenColorIO."""
    return _library("PyOpenColorIO")


def color_config() -> Path:
    """Return the path of the OpenColorIO configuration that Blender shows pictures with."""
    path = blender_folder() / "datafiles" / "colormanagement" / "config.ocio"
    if not path.is_file():
        raise BlenderLibraryError(f"Blender's colour configuration is missing: {path}")
    return path
