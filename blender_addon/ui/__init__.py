"""The panel in Blender: load a show, build and bake its scene, make formations of meshes, render its film.

Enabling the extension imports these modules and bpy alone; all that the work needs, such as pydantic and
SciPy, is imported when first used.
"""

from __future__ import annotations

from . import film_watch, live_bake, mesh_formation, operators, panel, properties

#: Registered in this order, undone in reverse.
MODULES = (properties, operators, panel, mesh_formation, film_watch, live_bake)


def register() -> None:
    """Register all parts of the panel."""
    for module in MODULES:
        module.register()


def unregister() -> None:
    """Remove all parts of the panel."""
    for module in reversed(MODULES):
        module.unregister()
