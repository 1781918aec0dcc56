"""Models of card-holders as Blender's objects, in bulk."""

from __future__ import annotations

from collections.abc import Sequence

import bpy
import numpy as np

from .bodies import Model
from .materials import TINT


def model_object(
    name: str, model: Model, materials: Sequence[bpy.types.Material], collection: bpy.types.Collection
) -> bpy.types.Object:
    """Return an object of a model, whose parts are the slots of `materials`."""
    mesh = bpy.data.meshes.new(name)
    topology = model.topology
    mesh.vertices.add(len(model.vertices))
    mesh.vertices.foreach_set("co", np.ascontiguousarray(model.vertices, np.float32).ravel())
    mesh.loops.add(len(topology.corners))
    mesh.loops.foreach_set("vertex_index", topology.corners)
    mesh.polygons.add(len(topology.sizes))
    mesh.polygons.foreach_set("loop_start", np.cumsum(topology.sizes, dtype=np.int32) - topology.sizes)
    for material in materials:
        mesh.materials.append(material)
    mesh.polygons.foreach_set("material_index", np.array(topology.parts, np.int32))
    mesh.polygons.foreach_set("use_smooth", ~np.array(topology.flat))
    # Multiplied with the part's colour in the shaders.
    tints = np.ones((len(model.vertices), 4), np.float32)
    if topology.tints is not None:
        tints[:, :3] = topology.tints
    mesh.color_attributes.new(TINT, "BYTE_COLOR", "POINT").data.foreach_set("color", tints.ravel())
    mesh.update(calc_edges=True)
    thing = bpy.data.objects.new(name, mesh)
    collection.objects.link(thing)
    return thing
