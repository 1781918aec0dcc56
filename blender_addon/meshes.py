"""Arrays to Blender's meshes and objects, in bulk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import bpy
import numpy as np
import numpy.typing as npt

from .figures import Figure
from .pose_meshes import PoseMeshes


@dataclass
class Surface:
    """Quads under construction: arrays of vertices and of faces with a material slot each."""

    vertices: list[npt.NDArray[np.float64]] = field(default_factory=list)
    faces: list[npt.NDArray[np.int64]] = field(default_factory=list)
    slots: list[npt.NDArray[np.int64]] = field(default_factory=list)
    count: int = 0

    def band(
        self, lower: npt.NDArray[np.float64], upper: npt.NDArray[np.float64], slot: int, closed: bool = True
    ) -> None:
        """Add quads between two polylines of (N, 3) points; the last point joins the first when closed."""
        n = len(lower)
        i = np.arange(n if closed else n - 1)
        j = (i + 1) % n
        base = self.count
        self.vertices += [lower, upper]
        self.count += 2 * n
        self.faces.append(np.stack([base + i, base + j, base + n + j, base + n + i], -1))
        self.slots.append(np.full(len(i), slot))

    def quads(self, corners: Sequence[npt.NDArray[np.float64]], slot: int) -> None:
        """Add separate quads: four arrays of (N, 3) corners, counter-clockwise from the front."""
        n = len(corners[0])
        i = np.arange(n)
        self.faces.append(np.stack([self.count + k * n + i for k in range(4)], -1))
        self.slots.append(np.full(n, slot))
        self.vertices += list(corners)
        self.count += 4 * n

    def mesh(
        self, name: str, materials: Sequence[bpy.types.Material], smooth: bool = False
    ) -> bpy.types.Mesh:
        """Return the mesh with its materials."""
        return make_mesh(
            name,
            np.concatenate(self.vertices),
            np.concatenate(self.faces),
            np.concatenate(self.slots),
            materials,
            smooth,
        )


def make_mesh(
    name: str,
    vertices: npt.NDArray[Any],
    quads: npt.NDArray[Any],
    slots: npt.NDArray[Any],
    materials: Sequence[bpy.types.Material],
    smooth: bool = False,
) -> bpy.types.Mesh:
    """Return a mesh of quads from arrays: (V, 3) metres, (F, 4) vertex numbers, (F,) material slots."""
    mesh = bpy.data.meshes.new(name)
    mesh.vertices.add(len(vertices))
    mesh.vertices.foreach_set("co", np.ascontiguousarray(vertices, np.float32).ravel())
    mesh.loops.add(quads.size)
    mesh.loops.foreach_set("vertex_index", np.ascontiguousarray(quads, np.int32).ravel())
    mesh.polygons.add(len(quads))
    mesh.polygons.foreach_set("loop_start", np.arange(0, quads.size, 4, dtype=np.int32))
    for material in materials:
        mesh.materials.append(material)
    mesh.polygons.foreach_set("material_index", np.ascontiguousarray(slots, np.int32))
    mesh.polygons.foreach_set("use_smooth", np.full(len(quads), smooth))
    mesh.update(calc_edges=True)
    mesh.validate()
    return mesh


def figure_object(
    name: str, figure: Figure, materials: Sequence[bpy.types.Material], collection: bpy.types.Collection
) -> bpy.types.Object:
    """Return an object of a figure, whose parts are the slots of `materials`."""
    mesh = bpy.data.meshes.new(name)
    mesh.from_pydata(figure.vertices, [], figure.faces)
    for material in materials:
        mesh.materials.append(material)
    mesh.polygons.foreach_set("material_index", np.array(figure.parts, np.int32))
    mesh.update()
    thing = bpy.data.objects.new(name, mesh)
    collection.objects.link(thing)
    return thing


def poses_object(
    name: str, poses: PoseMeshes, materials: Sequence[bpy.types.Material], collection: bpy.types.Collection
) -> bpy.types.Object:
    """Return an object of all poses' vertices, one pose after the other; only the first has faces.

    The parts are the slots of `materials`.
    """
    mesh = bpy.data.meshes.new(name)
    mesh.vertices.add(poses.vertices.shape[0] * poses.vertices.shape[1])
    mesh.vertices.foreach_set("co", np.ascontiguousarray(poses.vertices, np.float32).ravel())
    sizes = np.array([len(face) for face in poses.faces], np.int32)
    mesh.loops.add(int(sizes.sum()))
    corners = np.fromiter((corner for face in poses.faces for corner in face), np.int32)
    mesh.loops.foreach_set("vertex_index", corners)
    mesh.polygons.add(len(sizes))
    mesh.polygons.foreach_set("loop_start", np.cumsum(sizes, dtype=np.int32) - sizes)
    for material in materials:
        mesh.materials.append(material)
    mesh.polygons.foreach_set("material_index", np.array(poses.parts, np.int32))
    mesh.polygons.foreach_set("use_smooth", ~np.array(poses.flat))
    mesh.update(calc_edges=True)
    thing = bpy.data.objects.new(name, mesh)
    collection.objects.link(thing)
    return thing


_ATTRIBUTE_KINDS = {
    ("f", 1): ("FLOAT", "value"),
    ("f", 2): ("FLOAT_VECTOR", "vector"),
    ("i", 1): ("INT", "value"),
}


def point_object(
    name: str, places: npt.NDArray[Any], collection: bpy.types.Collection, **attributes: npt.NDArray[Any]
) -> bpy.types.Object:
    """Return an object of loose vertices, one a performer, with named point attributes.

    Parameters
    ----------
    places : (N, 3) array, metres
    **attributes : (N,) or (N, 3) arrays
        Floats become FLOAT or FLOAT_VECTOR, integers INT.
    """
    mesh = bpy.data.meshes.new(name)
    mesh.vertices.add(len(places))
    mesh.vertices.foreach_set("co", np.ascontiguousarray(places, np.float32).ravel())
    for key, values in attributes.items():
        kind, item = _ATTRIBUTE_KINDS[("f" if values.dtype.kind == "f" else "i", values.ndim)]
        dtype = np.int32 if kind == "INT" else np.float32
        mesh.attributes.new(key, kind, "POINT").data.foreach_set(
            item, np.ascontiguousarray(values, dtype).ravel()
        )
    thing = bpy.data.objects.new(name, mesh)
    collection.objects.link(thing)
    return thing


def add_nodes(thing: bpy.types.Object, tree: bpy.types.NodeTree) -> None:
    """Put a Geometry Nodes tree on an object."""
    thing.modifiers.new(tree.name, "NODES").node_group = tree


def new_collection(name: str, parent: bpy.types.Collection, *, shown: bool = True) -> bpy.types.Collection:
    """Return a new collection; a hidden one holds models that only instances show."""
    collection = bpy.data.collections.new(name)
    parent.children.link(collection)
    if not shown:
        collection.hide_viewport = collection.hide_render = True
    return collection
