"""A formation from a mesh object: its places as a table beside the show, and the line that names it."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING, Any

import bpy
from bpy.props import EnumProperty, FloatProperty, IntProperty, PointerProperty, StringProperty

from . import shows
from .reports import PanelError, reported

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from ...kernels.places import Places
    from ...scenes.load import LoadedShow

FOLDER = "formations"
"""Folder beside the show file for the tables."""
#: Objects that can be evaluated to a mesh.
SHAPED = frozenset({"MESH", "CURVE", "SURFACE", "META", "FONT"})
_USUAL_SPACING = 0.8


class FormationSettings(bpy.types.PropertyGroup):
    """Whose formation a mesh becomes, and how its places are found."""

    def _troupes(self, context: bpy.types.Context, text: str) -> list[str]:
        names: list[str] = context.window_manager.cardstunt.troupes.splitlines()
        return names

    troupe: StringProperty(
        name="Troupe", description="Whose formation it becomes; as many places are made", search=_troupes
    )
    number: IntProperty(
        name="Set", description="Which of the troupe's sets, counted from 1", default=1, min=1
    )
    source: EnumProperty(
        name="Places",
        description="Where on the mesh people stand",
        items=[
            ("AUTO", "Faces or Vertices", "Its faces are filled; a mesh without faces gives its vertices"),
            ("FACES", "On Faces", "Its faces, seen from above, are filled"),
            ("VERTICES", "At Vertices", "One at each vertex"),
        ],
    )
    placing: EnumProperty(
        name="Placing",
        description="How faces are filled",
        items=[
            ("even", "Even", "In rows, evened out along the border"),
            ("blue_noise", "Blue Noise", "Scattered without rows and clumps; holds about two thirds as many"),
            ("centroidal", "Centroidal", "Each in the middle of their own part, without one way of rows"),
        ],
    )
    spacing: FloatProperty(
        name="Spacing",
        description="Least distance between two people",
        default=_USUAL_SPACING,
        min=0.3,
        max=50.0,
        unit="LENGTH",
    )
    into: EnumProperty(
        name="Into",
        description="Where the line that names the table goes",
        items=[
            ("CLIPBOARD", "Clipboard", "To be pasted into the show file"),
            ("SHOW", "Show File", "In place of the set's formation; all else in the file stays as it is"),
        ],
    )


def can_be_read(thing: bpy.types.Object | None) -> bool:
    """Whether an object has a shape that people can stand on."""
    return thing is not None and thing.type in SHAPED


def evaluated_mesh(
    context: bpy.types.Context, thing: bpy.types.Object
) -> tuple[NDArray[np.float64], NDArray[np.int32]]:
    """Return an object's vertices and triangles as they are seen: modifiers applied, in the world.

    Returns
    -------
    ndarray of float64, shape (V, 3)
        Metres.
    ndarray of int32, shape (T, 3)
    """
    import numpy as np  # noqa: PLC0415  enabling the extension imports bpy alone

    if thing.mode == "EDIT":
        thing.update_from_editmode()
    evaluated = thing.evaluated_get(context.evaluated_depsgraph_get())
    mesh = evaluated.to_mesh()
    if mesh is None:
        return np.empty((0, 3)), np.empty((0, 3), np.int32)
    try:
        flat = np.empty(3 * len(mesh.vertices), np.float32)
        mesh.vertices.foreach_get("co", flat)
        mesh.calc_loop_triangles()
        triangles = np.empty(3 * len(mesh.loop_triangles), np.int32)
        mesh.loop_triangles.foreach_get("vertices", triangles)
    finally:
        evaluated.to_mesh_clear()
    matrix = np.array(evaluated.matrix_world, np.float64)
    vertices = flat.reshape(-1, 3).astype(np.float64) @ matrix[:3, :3].T + matrix[:3, 3]
    return vertices, triangles.reshape(-1, 3)


def mesh_places(
    context: bpy.types.Context,
    thing: bpy.types.Object,
    count: int,
    spacing: float = _USUAL_SPACING,
    source: str = "AUTO",
    placing: str = "even",
) -> Places:
    """Return places for a number of people on an object, metres east and north of the scene's origin.

    Raises
    ------
    FormationError
        When they do not fit there; it says how many do.
    """
    from .mesh_places import on_faces, on_vertices  # noqa: PLC0415

    vertices, triangles = evaluated_mesh(context, thing)
    if source == "VERTICES" or (source == "AUTO" and not len(triangles)):
        return on_vertices(vertices, count, spacing)
    return on_faces(vertices, triangles, count, spacing, placing)


def write_places(path: Path, places: Places) -> None:
    """Write a table of places that `formation: { csv: … }` reads, whole or not at all.

    Raises
    ------
    OSError
        When the file cannot be written.
    """
    from ..files import written_aside  # noqa: PLC0415

    with written_aside(path) as aside, aside.open("w", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream)
        table.writerow(("x", "y"))
        # Of micrometres, so that nobody comes nearer to another by rounding.
        table.writerows([(f"{x:.7f}", f"{y:.7f}") for x, y in places.tolist()])


def formation_line(name: str, spacing: float) -> str:
    """Return the YAML of a formation that is a table: `{ csv: formations/heart.csv }`."""
    spaced = f", spacing: {spacing:.6g} m" if abs(spacing - _USUAL_SPACING) > 1e-6 else ""
    return f"{{ csv: {name}{spaced} }}"


def put_into_show(loaded: LoadedShow, troupe: str, number: int, formation: str) -> None:
    """Put a formation in place of that of a troupe's set (from 0), if the show is whole with it.

    Raises
    ------
    PanelError
        When the file has no formation of its own there to be replaced.
    ShowError
        When the show would not be whole; it is as it was then.
    OSError
        When the file cannot be written.
    """
    from .show_edit import NotWrittenError, with_formation  # noqa: PLC0415
    from .show_file import rewrite  # noqa: PLC0415

    try:
        rewrite(loaded.path, lambda text: with_formation(text, troupe, number, formation))
    except NotWrittenError as error:
        raise PanelError(
            f"set {number + 1} of {troupe} has no formation of its own in {loaded.path.name} ({error}): "
            f"write formation: {formation}"
        ) from None


def formation_from_mesh(context: bpy.types.Context) -> str:
    """Make the active object a formation of the chosen troupe; returns what was done."""
    from .show_file import of_library  # noqa: PLC0415

    thing, settings = context.active_object, context.scene.cardstunt_formation
    loaded = shows.load(context.scene)
    if of_library(loaded.path):
        raise PanelError(
            f"{loaded.path.parent.name} is a show of the library, which stays as it is:"
            " Copy Show makes one of your own of it"
        )
    name, number = _chosen_set(loaded, settings)
    troupe = loaded.show.troupes[name]
    places = mesh_places(context, thing, troupe.count, settings.spacing, settings.source, settings.placing)
    # A table is about the formation's place, and the set has that somewhere.
    centre = troupe.drill[number].place
    file = f"{FOLDER}/{_file_name(thing.name)}.csv"
    path = loaded.folder / file
    former = path.read_bytes() if path.is_file() else None
    write_places(path, places - centre)
    line = formation_line(file, settings.spacing)
    if settings.into == "SHOW":
        try:
            put_into_show(loaded, name, number, line)
        except BaseException:
            _restore(path, former)
            raise
        shows.load(context.scene)
        where = f"set {number + 1} of {name} in {loaded.path.name}"
    else:
        context.window_manager.clipboard = f"formation: {line}"
        where = "the clipboard"
    show_places(context, thing, places)
    about = "" if centre == (0.0, 0.0) else f", about {centre[0]:g} m, {centre[1]:g} m"
    return f"{len(places):,} places{about} in {file}; formation: {line} put into {where}"


def _chosen_set(loaded: LoadedShow, settings: Any) -> tuple[str, int]:
    from ...scenes.errors import nearest_name  # noqa: PLC0415

    troupes = loaded.show.troupes
    if not troupes:
        raise PanelError(f"{loaded.show.title} has no troupes, and so nobody to stand there")
    name = settings.troupe or (next(iter(troupes)) if len(troupes) == 1 else "")
    if name not in troupes:
        nearest = nearest_name(name, troupes) if name else None
        hint = f"; did you mean {nearest}?" if nearest else ""
        raise PanelError(f"choose one of the troupes: {', '.join(troupes)}{hint}")
    sets = len(troupes[name].drill)
    if settings.number > sets:
        raise PanelError(f"{name} has no set {settings.number}: it has {sets}")
    return name, settings.number - 1


def _file_name(name: str) -> str:
    """Return an object's name as one of a file that needs no quotes in YAML."""
    return "".join(sign if sign.isascii() and (sign.isalnum() or sign in "-_") else "_" for sign in name)


def _restore(path: Path, former: bytes | None) -> None:
    from ..files import written_aside  # noqa: PLC0415

    if former is None:
        path.unlink(missing_ok=True)
    else:
        with written_aside(path) as aside:
            aside.write_bytes(former)


def show_places(context: bpy.types.Context, thing: bpy.types.Object, places: Places) -> bpy.types.Object:
    """Show places as an object of points that is not rendered, in place of an earlier one of its name."""
    import numpy as np  # noqa: PLC0415

    name = f"{thing.name} places"
    former = context.scene.objects.get(name)
    if former is not None and former.get("cardstunt_places"):
        bpy.data.objects.remove(former)
    mesh = bpy.data.meshes.new(name)
    mesh.vertices.add(len(places))
    flat = np.zeros((len(places), 3), np.float32)
    flat[:, :2] = places
    mesh.vertices.foreach_set("co", flat.ravel())
    shown = bpy.data.objects.new(name, mesh)
    shown["cardstunt_places"] = True
    shown.hide_render = True
    context.scene.collection.objects.link(shown)
    return shown


class FormationFromMesh(bpy.types.Operator):
    """Make the active mesh a formation: a table of places beside the show, and the line that names it."""

    bl_idname, bl_label = "cardstunt.formation_from_mesh", "Formation from Mesh"
    bl_options = {"REGISTER", "UNDO"}  # noqa: RUF012  as Blender wants it

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        """Whether the active object has a shape."""
        if not can_be_read(context.active_object):
            cls.poll_message_set("Select a mesh, or a curve, text or surface that makes one")
            return False
        return True

    def execute(self, context: bpy.types.Context) -> set[str]:
        """Make the formation."""
        return reported(self, context, formation_from_mesh)


class FormationPanel(bpy.types.Panel):
    """A formation from the active mesh."""

    bl_space_type, bl_region_type, bl_category = "VIEW_3D", "UI", "Cardstunt"
    bl_idname, bl_label, bl_order = "CARDSTUNT_PT_formation", "Formation", 4
    bl_options = {"DEFAULT_CLOSED"}  # noqa: RUF012

    def draw(self, context: bpy.types.Context) -> None:
        """Draw whose formation the mesh becomes, and how."""
        layout, settings = self.layout, context.scene.cardstunt_formation
        layout.use_property_split, layout.use_property_decorate = True, False
        column = layout.column()
        column.prop(settings, "troupe")
        column.prop(settings, "number")
        column = layout.column()
        column.prop(settings, "source")
        if settings.source != "VERTICES":
            column.prop(settings, "placing")
        column.prop(settings, "spacing")
        layout.prop(settings, "into")
        layout.operator(FormationFromMesh.bl_idname, icon="OUTLINER_OB_POINTCLOUD")


_CLASSES: tuple[Any, ...] = (FormationSettings, FormationFromMesh, FormationPanel)


def register() -> None:
    """Register the settings on scenes, the operator and the panel."""
    for cls in _CLASSES:
        bpy.utils.register_class(cls)
    bpy.types.Scene.cardstunt_formation = PointerProperty(type=FormationSettings)


def unregister() -> None:
    """Remove them."""
    del bpy.types.Scene.cardstunt_formation
    for cls in reversed(_CLASSES):
        bpy.utils.unregister_class(cls)
