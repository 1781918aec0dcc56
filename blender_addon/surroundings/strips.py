"""Flat ground under construction: bands and quads with UVs in metres."""

from __future__ import annotations

from collections.abc import Sequence

import bpy
import numpy as np
import numpy.typing as npt

from ..meshes import make_mesh

Floats = npt.NDArray[np.float64]


class Strips:
    """Quads with UVs, a material slot, a number (`kind`) and a direction (`forward`) each."""

    def __init__(self) -> None:
        self.corners: list[Floats] = []
        self.uvs: list[Floats] = []
        self.slots: list[npt.NDArray[np.int64]] = []
        self.kinds: list[Floats] = []
        self.forwards: list[Floats] = []

    def quads(
        self,
        corners: Floats,
        uvs: Floats,
        slot: int,
        kind: npt.ArrayLike = 0.0,
        forward: Floats | None = None,
    ) -> None:
        """Add (N, 4, 3) corners, counter-clockwise from above, with (N, 4, 2) UVs."""
        count = len(corners)
        self.corners.append(corners)
        self.uvs.append(uvs)
        self.slots.append(np.full(count, slot, np.int64))
        self.kinds.append(np.broadcast_to(np.asarray(kind, np.float64), (count,)))
        self.forwards.append(np.zeros((count, 3)) if forward is None else forward)

    def band(
        self,
        right: Floats,
        left: Floats,
        across: tuple[float, float],
        slot: int,
        along: Floats | None = None,
    ) -> None:
        """Add quads between two lines of (N, 3) points; `across` are the UVs of the two, `along` the other's.

        Without `along` it is the metres along the right line.
        """
        steps = np.hypot(*np.diff(right[:, :2], axis=0).T)
        metres = np.concatenate([[0.0], np.cumsum(steps)]) if along is None else along
        corners = np.stack([right[:-1], right[1:], left[1:], left[:-1]], 1)
        a, b = np.full(len(steps), across[0]), np.full(len(steps), across[1])
        s, e = metres[:-1], metres[1:]
        uvs = np.stack([np.stack(pair, -1) for pair in ((a, s), (a, e), (b, e), (b, s))], 1)
        forward = right[1:] - right[:-1]
        forward = forward / np.maximum(np.linalg.norm(forward, axis=1, keepdims=True), 1e-9)
        self.quads(corners, uvs, slot, 0.0, forward)

    def way(self, line: Floats, half: float, height: float, slot: int) -> None:
        """Add a strip over a line of (N, 2) points, `half` metres to both sides; UV x is metres leftwards."""
        closed = bool(np.array_equal(line[0], line[-1]))
        forward = np.gradient(line, axis=0)
        if closed:
            forward[0] = forward[-1] = line[1] - line[-2]
        forward /= np.hypot(*forward.T)[:, None]
        left = np.stack([-forward[:, 1], forward[:, 0]], -1)
        right_side, left_side = (
            np.column_stack([line + side * half * left, np.full(len(line), height)]) for side in (-1, 1)
        )
        self.band(right_side, left_side, (-half, half), slot)

    def thing(
        self, name: str, materials: Sequence[bpy.types.Material], collection: bpy.types.Collection
    ) -> bpy.types.Object:
        """Return an object of the quads."""
        corners = np.concatenate(self.corners)
        count = len(corners)
        quads = np.arange(4 * count).reshape(-1, 4)
        mesh = make_mesh(name, corners.reshape(-1, 3), quads, np.concatenate(self.slots), materials)
        # make_mesh drops faces without area; there must be none, else the attributes would not fit.
        if len(mesh.polygons) != count:
            raise ValueError(f"{count - len(mesh.polygons)} faces of {name} have no area")
        mesh.uv_layers.new(name="UVMap").data.foreach_set(
            "uv", np.concatenate(self.uvs).astype(np.float32).ravel()
        )
        kinds = mesh.attributes.new("kind", "FLOAT", "FACE")
        kinds.data.foreach_set("value", np.concatenate(self.kinds).astype(np.float32))
        forwards = mesh.attributes.new("forward", "FLOAT_VECTOR", "FACE")
        forwards.data.foreach_set("vector", np.concatenate(self.forwards).astype(np.float32).ravel())
        result = bpy.data.objects.new(name, mesh)
        collection.objects.link(result)
        return result
