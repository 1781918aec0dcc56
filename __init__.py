"""Cardstunt: tilt-shift films of stadium card stunts and mass games, at true scale, with Blender."""

from __future__ import annotations


def register() -> None:
    """Register the Blender extension; called by Blender when the extension is enabled."""
    from . import blender_addon  # noqa: PLC0415  Blender's parts load only inside Blender

    blender_addon.register()


def unregister() -> None:
    """Remove everything that `register` added; called by Blender when the extension is disabled."""
    from . import blender_addon  # noqa: PLC0415

    blender_addon.unregister()
