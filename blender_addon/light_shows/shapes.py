"""The small meshes that light shows are instances of."""

from __future__ import annotations

import bpy
import numpy as np

from ..nodes.light_shows import ON_STRIP

_SIDES = 24
_BENT = 0.12


def strip(name: str, begin: float = 1.0) -> bpy.types.Mesh:
    """Return a flat square, x from -1 to 1, y from 0 to 1, that knows where on it a point is.

    Of a strip that gets wider, `begin` is the share of its width that it has at y = 0: what is beside a beam
    costs as much as the beam.
    """
    mesh = bpy.data.meshes.new(name)
    corners = [(-begin, 0.0, 0.0), (begin, 0.0, 0.0), (1.0, 1.0, 0.0), (-1.0, 1.0, 0.0)]
    mesh.from_pydata(corners, [], [(0, 1, 2, 3)])
    mesh.attributes.new(ON_STRIP, "FLOAT_VECTOR", "POINT").data.foreach_set("vector", np.ravel(corners))
    return mesh


def cone(name: str) -> bpy.types.Mesh:
    """Return a closed cone about y: its tip at 0, a radius of 1 at y = 1."""
    mesh = bpy.data.meshes.new(name)
    turn = 2.0 * np.pi * np.arange(_SIDES) / _SIDES
    ring = [(float(np.cos(a)), 1.0, float(np.sin(a))) for a in turn]
    around = [(0, 1 + i, 1 + (i + 1) % _SIDES) for i in range(_SIDES)]
    mesh.from_pydata([(0.0, 0.0, 0.0), *ring], [], [*around, tuple(range(_SIDES, 0, -1))])
    return mesh


def paper(name: str) -> bpy.types.Mesh:
    """Return a piece of paper of length 1, twice as long as wide, a little bent."""
    mesh = bpy.data.meshes.new(name)
    rows = [(-0.5, 0.0), (0.0, _BENT), (0.5, 0.0)]
    corners = [(x, y, z) for x, z in rows for y in (-0.25, 0.25)]
    mesh.from_pydata(corners, [], [(0, 2, 3, 1), (2, 4, 5, 3)])
    return mesh
