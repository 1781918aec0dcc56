"""The panel's operators: each is a poll, one call and a report."""

from __future__ import annotations

from typing import Any

import bpy

from . import building, film_watch, live_bake, shows
from .reports import reported


class LoadShow(bpy.types.Operator):
    """Read and check the show, and say what it is; nothing is written."""

    bl_idname, bl_label = "cardstunt.load_show", "Load Show"
    bl_options = {"REGISTER", "UNDO"}  # noqa: RUF012  as Blender wants it

    def execute(self, context: bpy.types.Context) -> set[str]:
        """Load the show."""
        return reported(self, context, shows.load_for_panel)


class Build(bpy.types.Operator):
    """Build the show as a new scene of this file; its other scenes stay as they are."""

    bl_idname, bl_label = "cardstunt.build", "Build Scene"
    bl_options = {"REGISTER", "UNDO"}  # noqa: RUF012

    def execute(self, context: bpy.types.Context) -> set[str]:
        """Build the scene."""
        return reported(self, context, building.build)


class Bake(bpy.types.Operator):
    """Show what an edit of the show file has changed, at once; the rest is baked as you work on."""

    bl_idname, bl_label = "cardstunt.bake", "Bake"
    bl_options = {"REGISTER", "UNDO"}  # noqa: RUF012

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        """Whether the scene was built from a show."""
        if not building.is_built(context.scene):
            cls.poll_message_set("This scene was not built from a show; Build Scene makes one that is")
            return False
        return True

    def execute(self, context: bpy.types.Context) -> set[str]:
        """Bake again."""
        return reported(self, context, building.bake_again)


class StopBake(bpy.types.Operator):
    """Stop baking what the last edit has changed; what is baked stays, and Bake goes on from there."""

    bl_idname, bl_label = "cardstunt.stop_bake", "Stop Baking"
    bl_options = {"REGISTER"}  # noqa: RUF012

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        """Whether the scene is being baked."""
        return live_bake.is_running(context.scene)

    def execute(self, context: bpy.types.Context) -> set[str]:
        """Stop baking."""
        return reported(self, context, live_bake.stop)


class RenderFilm(bpy.types.Operator):
    """Make the finished film of the show file, beside Blender; goes on from where an earlier one stopped."""

    bl_idname, bl_label = "cardstunt.render_film", "Render Film"
    bl_options = {"REGISTER"}  # noqa: RUF012

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        """Whether no film is being made."""
        if film_watch.is_running():
            cls.poll_message_set("A film is being made")
            return False
        return True

    def execute(self, context: bpy.types.Context) -> set[str]:
        """Start the film."""
        return reported(self, context, film_watch.begin)


class StopFilm(bpy.types.Operator):
    """Stop the film after the picture under way; what is finished is kept. A second time: at once."""

    bl_idname, bl_label = "cardstunt.stop_film", "Stop Film"
    bl_options = {"REGISTER"}  # noqa: RUF012

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        """Whether a film is being made."""
        return film_watch.is_running()

    def execute(self, context: bpy.types.Context) -> set[str]:
        """Stop the film."""
        return reported(self, context, film_watch.stop)


_CLASSES: tuple[Any, ...] = (LoadShow, Build, Bake, StopBake, RenderFilm, StopFilm)


def register() -> None:
    """Register the operators."""
    for cls in _CLASSES:
        bpy.utils.register_class(cls)


def unregister() -> None:
    """Remove the operators."""
    for cls in reversed(_CLASSES):
        bpy.utils.unregister_class(cls)
