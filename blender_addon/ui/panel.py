"""The panel in the 3D viewport's sidebar, tab Cardstunt."""

from __future__ import annotations

from typing import Any

import bpy

from . import live_bake
from .building import is_built
from .operators import Bake, Build, LoadShow, RenderFilm, StopBake, StopFilm
from .properties import FILE
from .reports import LISTING, wrapped

#: Problems that the panel shows; the text datablock lists all.
SHOWN_PROBLEMS = 6


class _Sidebar:
    bl_space_type, bl_region_type, bl_category = "VIEW_3D", "UI", "Cardstunt"


class ShowPanel(_Sidebar, bpy.types.Panel):
    """The show, and what is wrong or odd about it."""

    bl_idname, bl_label, bl_order = "CARDSTUNT_PT_show", "Show", 0

    def draw(self, context: bpy.types.Context) -> None:
        """Draw the choice of a show, its counts and problems."""
        layout, settings = self.layout, context.scene.cardstunt
        status = context.window_manager.cardstunt
        layout.prop(settings, "show", text="")
        if settings.show == FILE:
            layout.prop(settings, "file", text="")
        layout.operator(LoadShow.bl_idname, icon="FILE_REFRESH")
        if status.title:
            column = layout.column(align=True)
            column.label(text=status.title, icon="COMMUNITY")
            for line in status.facts.splitlines():
                column.label(text=line)
        self._problems(context, status)

    def _problems(self, context: bpy.types.Context, status: Any) -> None:
        for problem in status.problems[:SHOWN_PROBLEMS]:
            column = self.layout.box().column(align=True)
            column.alert = problem.error
            icon = "ERROR" if problem.error else "INFO"
            heading = problem.place or "Cardstunt"
            column.label(text=heading, icon=icon)
            for line in wrapped(problem.text, context.region.width):
                column.label(text=line)
        if len(status.problems) > SHOWN_PROBLEMS:
            self.layout.label(text=f"{len(status.problems) - SHOWN_PROBLEMS} more in the text “{LISTING}”")


class ScenePanel(_Sidebar, bpy.types.Panel):
    """The show as a scene of the open file."""

    bl_idname, bl_label, bl_order = "CARDSTUNT_PT_scene", "Scene", 1

    def draw(self, context: bpy.types.Context) -> None:
        """Draw Build and Bake, and how far the bake is."""
        layout = self.layout
        layout.prop(context.scene.cardstunt, "quality")
        layout.operator(Build.bl_idname, icon="SCENE_DATA")
        layout.operator(Bake.bl_idname, icon="IMAGE_DATA")
        self._progress(context)
        if is_built(context.scene):
            column = layout.column()
            column.enabled = False
            column.prop(context.scene.cardstunt_built, "folder")

    def _progress(self, context: bpy.types.Context) -> None:
        live = live_bake.of(context.scene)
        if live is None or not live.left:
            return
        if live_bake.is_running(context.scene):
            done = live.total - live.left
            self.layout.progress(factor=done / live.total, text=f"{done} of {live.total} pictures")
            self.layout.operator(StopBake.bl_idname, text="Stop", icon="CANCEL")
        else:
            column = self.layout.column(align=True)
            text = f"{live_bake.pictures(live.left)} still of the show before. Bake goes on from there."
            for line in wrapped(text, context.region.width):
                column.label(text=line)


class FilmPanel(_Sidebar, bpy.types.Panel):
    """The film of the show file."""

    bl_idname, bl_label, bl_order = "CARDSTUNT_PT_film", "Film", 3

    def draw(self, context: bpy.types.Context) -> None:
        """Draw the film's settings, or how far it is."""
        layout, settings = self.layout, context.scene.cardstunt
        status = context.window_manager.cardstunt
        layout.prop(settings, "film", text="")
        layout.prop(settings, "some_frames")
        if settings.some_frames:
            row = layout.row(align=True)
            row.prop(settings, "first")
            row.prop(settings, "last")
        layout.operator(RenderFilm.bl_idname, icon="RENDER_ANIMATION")
        if status.film_state in {"RUNNING", "STOPPING"}:
            layout.progress(factor=status.film_progress, text=status.film_text)
            now = status.film_state == "STOPPING"
            layout.operator(StopFilm.bl_idname, text="Stop Now" if now else "Stop", icon="CANCEL")
        elif status.film_state == "ENDED":
            column = layout.column(align=True)
            for line in wrapped(status.film_text, context.region.width):
                column.label(text=line)
            if status.film_result:
                layout.operator("wm.path_open", text="Play Film", icon="PLAY").filepath = status.film_result


_CLASSES: tuple[Any, ...] = (ShowPanel, ScenePanel, FilmPanel)


def register() -> None:
    """Register the panels."""
    for cls in _CLASSES:
        bpy.utils.register_class(cls)


def unregister() -> None:
    """Remove the panels."""
    for cls in reversed(_CLASSES):
        bpy.utils.unregister_class(cls)
