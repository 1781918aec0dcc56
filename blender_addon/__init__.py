"""All that knows Blender: bake to disk, build, nodes, render, film, command line, panel."""

from __future__ import annotations


def register() -> None:
    """Register the panel and its operators."""
    from . import ui  # noqa: PLC0415  needs bpy, which much of this package does without

    ui.register()


def unregister() -> None:
    """Remove the panel and its operators."""
    from . import ui  # noqa: PLC0415

    ui.unregister()
