"""Solids under construction, with what a facade's shader must know of each face."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum

import bpy
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Point = tuple[float, float, float]


class Slot(IntEnum):
    """Material slots of buildings and trees."""

    WALL = 0
    GLASS = 1
    ROOF = 2
    TILES = 3
    LEAVES = 4
    BARK = 5


class Solids:
    """Faces with a material slot, UVs and three numbers each.

    The UVs of a wall are the share of its length and the height above the ground in metres; its numbers
    (attribute `wall`) are which house it belongs to (0..1), up to which height it has windows, and its
    length.
    """

    def __init__(self) -> None:
        self.vertices: list[Point] = []
        self.faces: list[tuple[int, ...]] = []
        self.slots: list[int] = []
        self.uvs: list[tuple[float, float]] = []
        self.walls: list[tuple[float, float, float]] = []
        self.smooth: list[bool] = []

    def face(
        self,
        corners: Sequence[Point],
        slot: Slot,
        wall: tuple[float, float, float] = (0.0, 0.0, 1.0),
        uvs: Sequence[tuple[float, float]] | None = None,
    ) -> None:
        """Add a face, counter-clockwise as seen from outside."""
        base = len(self.vertices)
        self.vertices += [(float(x), float(y), float(z)) for x, y, z in corners]
        self.faces.append(tuple(range(base, base + len(corners))))
        self.slots.append(int(slot))
        self.walls.append(wall)
        self.smooth.append(False)
        self.uvs += list(uvs) if uvs is not None else [(0.0, 0.0)] * len(corners)

    def wall(
        self,
        start: tuple[float, float],
        end: tuple[float, float],
        low: float,
        high: float,
        slot: Slot,
        house: float,
        windows: bool = True,
    ) -> None:
        """Add an upright wall whose outside lies to the right of the way from start to end."""
        length = float(np.hypot(end[0] - start[0], end[1] - start[1]))
        self.face(
            [(*start, low), (*end, low), (*end, high), (*start, high)],
            slot,
            (house, high - 0.5 if windows else 0.0, length),
            [(0.0, low), (1.0, low), (1.0, high), (0.0, high)],
        )

    def prism(
        self,
        outline: Sequence[tuple[float, float]],
        low: float,
        high: float,
        slot: Slot = Slot.WALL,
        house: float = 0.0,
        roof: Slot = Slot.ROOF,
        blank: Sequence[int] = (),
        parapet: float = 0.0,
    ) -> None:
        """Add an upright solid over a counter-clockwise, convex outline; `blank` walls have no windows.

        A parapet stands that much higher than the flat roof inside it.
        """
        count = len(outline)
        for k in range(count):
            self.wall(outline[k], outline[(k + 1) % count], low, high, slot, house, k not in blank)
        if parapet <= 0:
            self.face([(x, y, high) for x, y in outline], roof, (house, 0.0, 1.0))
            return
        middle = np.mean(outline, axis=0)
        reach = np.hypot(*(np.array(outline) - middle).T).mean()
        inner = [tuple(middle + (np.array(point) - middle) * (1 - 0.55 / reach)) for point in outline]
        for k in range(count):
            (a, b), (c, d) = outline[k], outline[(k + 1) % count]
            (e, f), (g, h) = inner[(k + 1) % count], inner[k]
            self.face([(a, b, high), (c, d, high), (e, f, high), (g, h, high)], Slot.ROOF, (house, 0.0, 1.0))
            self.wall((e, f), (g, h), high - parapet, high, slot, house, windows=False)
        self.face([(x, y, high - parapet) for x, y in inner], roof, (house, 0.0, 1.0))

    def box(
        self,
        x: tuple[float, float],
        y: tuple[float, float],
        z: tuple[float, float],
        slot: Slot = Slot.WALL,
        house: float = 0.0,
        roof: Slot = Slot.ROOF,
        blank: Sequence[int] = (),
        parapet: float = 0.0,
    ) -> None:
        """Add a box; its walls are numbered south, east, north, west."""
        outline = [(x[0], y[0]), (x[1], y[0]), (x[1], y[1]), (x[0], y[1])]
        self.prism(outline, z[0], z[1], slot, house, roof, blank, parapet)

    def gable(
        self,
        x: tuple[float, float],
        y: tuple[float, float],
        eaves: float,
        ridge: float,
        along_x: bool,
        house: float,
        overhang: float = 0.35,
    ) -> None:
        """Add a roof of two slopes with its ridge along X or Y, and the gables under it."""
        wall = (house, 0.0, 1.0)
        if along_x:
            m = (y[0] + y[1]) / 2
            drop = overhang * (ridge - eaves) / max(m - y[0], 0.1)
            low, a, b = eaves - drop, y[0] - overhang, y[1] + overhang
            self.face([(x[0], a, low), (x[1], a, low), (x[1], m, ridge), (x[0], m, ridge)], Slot.TILES, wall)
            self.face([(x[1], b, low), (x[0], b, low), (x[0], m, ridge), (x[1], m, ridge)], Slot.TILES, wall)
            self.face([(x[1], y[0], eaves), (x[1], y[1], eaves), (x[1], m, ridge)], Slot.WALL, wall)
            self.face([(x[0], y[1], eaves), (x[0], y[0], eaves), (x[0], m, ridge)], Slot.WALL, wall)
        else:
            m = (x[0] + x[1]) / 2
            drop = overhang * (ridge - eaves) / max(m - x[0], 0.1)
            low, a, b = eaves - drop, x[0] - overhang, x[1] + overhang
            self.face([(b, y[0], low), (b, y[1], low), (m, y[1], ridge), (m, y[0], ridge)], Slot.TILES, wall)
            self.face([(a, y[1], low), (a, y[0], low), (m, y[0], ridge), (m, y[1], ridge)], Slot.TILES, wall)
            self.face([(x[0], y[0], eaves), (x[1], y[0], eaves), (m, y[0], ridge)], Slot.WALL, wall)
            self.face([(x[1], y[1], eaves), (x[0], y[1], eaves), (m, y[1], ridge)], Slot.WALL, wall)

    def blob(
        self, middle: Point, radii: Point, share: npt.NDArray[np.float64], finer: bool, house: float
    ) -> None:
        """Add a crown: an icosphere whose vertices stray by up to a third; `share` has 42 numbers in 0..1."""
        points, triangles = _ICOSPHERES[finer]
        out = 0.72 + 0.5 * share[: len(points), None]
        base = len(self.vertices)
        self.vertices += [
            (float(x), float(y), float(z)) for x, y, z in np.array(middle) + points * out * np.array(radii)
        ]
        self.faces += [tuple(int(base + i) for i in triangle) for triangle in triangles]
        self.slots += [int(Slot.LEAVES)] * len(triangles)
        self.uvs += [(0.0, 0.0)] * (3 * len(triangles))
        self.walls += [(house, 0.0, 1.0)] * len(triangles)
        self.smooth += [True] * len(triangles)

    def thing(
        self, name: str, materials: Sequence[bpy.types.Material], collection: bpy.types.Collection
    ) -> bpy.types.Object:
        """Return an object of the solids, whose slots are the materials."""
        mesh = bpy.data.meshes.new(name)
        mesh.from_pydata(self.vertices, [], self.faces)
        for material in materials:
            mesh.materials.append(material)
        mesh.polygons.foreach_set("material_index", np.array(self.slots, np.int32))
        mesh.polygons.foreach_set("use_smooth", np.array(self.smooth))
        mesh.uv_layers.new(name="UVMap").data.foreach_set("uv", np.array(self.uvs, np.float32).ravel())
        walls = mesh.attributes.new("wall", "FLOAT_VECTOR", "FACE")
        walls.data.foreach_set("vector", np.array(self.walls, np.float32).ravel())
        mesh.update()
        result = bpy.data.objects.new(name, mesh)
        collection.objects.link(result)
        return result


def _icosahedron() -> tuple[Floats, npt.NDArray[np.int64]]:
    golden = (1 + 5**0.5) / 2
    points = np.array(
        [
            (-1, golden, 0), (1, golden, 0), (-1, -golden, 0), (1, -golden, 0),
            (0, -1, golden), (0, 1, golden), (0, -1, -golden), (0, 1, -golden),
            (golden, 0, -1), (golden, 0, 1), (-golden, 0, -1), (-golden, 0, 1),
        ]
    )  # fmt: skip
    triangles = np.array(
        [
            (0, 11, 5), (0, 5, 1), (0, 1, 7), (0, 7, 10), (0, 10, 11), (1, 5, 9), (5, 11, 4), (11, 10, 2),
            (10, 7, 6), (7, 1, 8), (3, 9, 4), (3, 4, 2), (3, 2, 6), (3, 6, 8), (3, 8, 9), (4, 9, 5),
            (2, 4, 11), (6, 2, 10), (8, 6, 7), (9, 8, 1),
        ]
    )  # fmt: skip
    return points / np.linalg.norm(points[0]), triangles


def _finer(points: Floats, triangles: npt.NDArray[np.int64]) -> tuple[Floats, npt.NDArray[np.int64]]:
    """Return the sphere with each triangle made four."""
    every = [tuple(point) for point in points]
    number: dict[tuple[int, int], int] = {}

    def between(a: int, b: int) -> int:
        key = (min(a, b), max(a, b))
        if key not in number:
            middle = points[a] + points[b]
            number[key] = len(every)
            every.append(tuple(middle / np.linalg.norm(middle)))
        return number[key]

    smaller = []
    for a, b, c in triangles.tolist():
        ab, bc, ca = between(a, b), between(b, c), between(c, a)
        smaller += [(a, ab, ca), (b, bc, ab), (c, ca, bc), (ab, bc, ca)]
    return np.array(every), np.array(smaller)


_COARSE = _icosahedron()
_ICOSPHERES = {False: _COARSE, True: _finer(*_COARSE)}
