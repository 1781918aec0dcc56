"""The cues in the panel: the list, and the selected one to be edited."""

from __future__ import annotations

from typing import Any

import bpy

from . import cue_edit, cue_list, shows
from .building import is_built
from .reports import reported, wrapped


class CheckCues(bpy.types.Operator):
    """Look at each cue for what people, paper and cameras will not manage, and mark it in the list."""

    bl_idname, bl_label = "cardstunt.check_cues", "Check Cues"
    bl_options = {"REGISTER", "UNDO"}  # noqa: RUF012  as Blender wants it

    def execute(self, context: bpy.types.Context) -> set[str]:
        """Check the cues."""
        return reported(self, context, cue_edit.check)


class GoToCue(bpy.types.Operator):
    """Go to the first frame of the film that comes after the selected cue."""

    bl_idname, bl_label = "cardstunt.go_to_cue", "Go to Cue"
    bl_options = {"REGISTER", "UNDO"}  # noqa: RUF012

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        """Whether the scene is built and the film shows the cue."""
        row = cue_list.active_row(context.scene)
        if row is None or not row.frame or not is_built(context.scene):
            cls.poll_message_set(
                "This cue is called outside the shots of the film"
                if row is not None and not row.frame
                else "Build Scene first, and select a cue"
            )
            return False
        return True

    def execute(self, context: bpy.types.Context) -> set[str]:
        """Go there."""
        cue_list.go_to(context.scene)
        return {"FINISHED"}


class CopyShow(bpy.types.Operator):
    """Copy this show of the library into a folder, to have one of your own that can be edited."""

    bl_idname, bl_label = "cardstunt.copy_show", "Copy Show"
    bl_options = {"REGISTER", "UNDO"}  # noqa: RUF012

    directory: bpy.props.StringProperty(subtype="DIR_PATH", options={"SKIP_SAVE"})
    filter_folder: bpy.props.BoolProperty(default=True, options={"HIDDEN"})

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        """Whether a show of the library is chosen."""
        if not shows.is_of_library(context.scene):
            cls.poll_message_set("The chosen show is a file of your own already")
            return False
        return True

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> set[str]:
        """Ask for the folder."""
        context.window_manager.fileselect_add(self)
        return {"RUNNING_MODAL"}

    def execute(self, context: bpy.types.Context) -> set[str]:
        """Copy the show."""
        return reported(self, context, lambda context: shows.copy_show(context, self.directory))


class CueNames(bpy.types.UIList):
    """Cues with their time, what they call, in which order, and a mark at what is odd."""

    bl_idname = "CARDSTUNT_UL_cues"

    def draw_item(
        self,
        context: bpy.types.Context,
        layout: bpy.types.UILayout,
        data: Any,
        item: Any,
        icon: int,
        active_data: Any,
        active_property: str,
        index: int = 0,
        flt_flag: int = 0,
    ) -> None:
        """Draw a cue's line."""
        row = layout.row(align=True)
        row.active = bool(item.frame)  # the film has no frame of others
        parts = row.split(factor=0.22)
        parts.label(text=item.clock)
        parts = parts.split(factor=0.6)
        what = {"text": item.page} if item.page else {"text": item.gesture.capitalize(), "icon": "MOD_WAVE"}
        parts.label(translate=False, **what)
        parts.label(text="" if item.order == "together" else item.order.capitalize())
        mark = row.row()
        mark.ui_units_x = 1.0
        mark.label(text="", icon="ERROR" if item.notes or item.wrong else "NONE")


class CuePanel(bpy.types.Panel):
    """The card section's cues."""

    bl_space_type, bl_region_type, bl_category = "VIEW_3D", "UI", "Cardstunt"
    bl_idname, bl_label, bl_order = "CARDSTUNT_PT_cues", "Cues", 2

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        """Whether a show was loaded in this scene."""
        return len(context.scene.cardstunt_cues.rows) > 0

    def draw(self, context: bpy.types.Context) -> None:
        """Draw the list, and the selected cue."""
        layout, cues = self.layout, context.scene.cardstunt_cues
        layout.template_list(CueNames.bl_idname, "", cues, "rows", cues, "active", rows=7)
        row = cue_list.active_row(context.scene)
        if row is not None:
            self._cue(context, row)
        layout.operator(CheckCues.bl_idname, icon="CHECKMARK")

    def _cue(self, context: bpy.types.Context, row: Any) -> None:
        layout, cues = self.layout, context.scene.cardstunt_cues
        column = layout.column()
        column.use_property_split, column.use_property_decorate = True, False
        column.enabled = cues.own
        for name in ("at", "page", "order", "over"):
            if name != "page" or row.page or row.wrong == "page":
                field = column.row()
                field.alert = row.wrong == name
                field.prop(row, name)
            if row.wrong == name:
                told = column.column(align=True)
                told.alert = True
                for line in wrapped(row.told, context.region.width):
                    told.label(text=line)
        if not cues.own:
            layout.operator(CopyShow.bl_idname, text="Copy Show to Edit…", icon="DUPLICATE")
        if row.frame:
            layout.operator(
                GoToCue.bl_idname, text=f"Go to Frame {row.frame}", icon="TRACKING_FORWARDS_SINGLE"
            )
        else:
            layout.label(text="Called outside the film's shots", icon="HIDE_ON")
        for note in row.notes.splitlines():
            lines = layout.box().column(align=True)
            for number, line in enumerate(wrapped(note, context.region.width)):
                lines.label(text=line, icon="NONE" if number else "ERROR")


_CLASSES: tuple[Any, ...] = (CheckCues, GoToCue, CopyShow, CueNames, CuePanel)


def register() -> None:
    """Register the operators, the list and the panel."""
    for cls in _CLASSES:
        bpy.utils.register_class(cls)


def unregister() -> None:
    """Remove them."""
    for cls in reversed(_CLASSES):
        bpy.utils.unregister_class(cls)
