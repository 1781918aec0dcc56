"""The panel in Blender: load a show and edit its cues, build and bake its scene, render its film.

Enabling the extension imports these modules and bpy alone; all that the work needs, such as pydantic and
SciPy, is imported when first used.
"""

from __future__ import annotations

from . import (
    cue_edit,
    cue_list,
    cue_panel,
    film_watch,
    live_bake,
    mesh_formation,
    operators,
    panel,
    properties,
)

#: Registered in this order, undone in reverse.
MODULES = (
    properties,
    cue_list,
    operators,
    panel,
    cue_panel,
    mesh_formation,
    film_watch,
    live_bake,
    cue_edit,
)


def register() -> None:
    """Register all parts of the panel."""
    for module in MODULES:
        module.register()


def unregister() -> None:
    """Remove all parts of the panel."""
    for module in reversed(MODULES):
        module.unregister()
