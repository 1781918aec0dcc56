"""Two ways to show a crowd in poses: baked meshes that are picked, and a texture of all poses' vertices.

The same people, in the same body, do the same jump, each at a phase of their own. Picked meshes are
instances: a pose is there once, however many are in it. A texture moves vertices, and only vertices that are
real: each person's mesh is made real in each frame and its vertices are looked up. Both are played in turn,
and their vertices compared.
"""

from __future__ import annotations

import argparse
import dataclasses
import statistics
import time
from collections.abc import Callable
from typing import Any

import bpy
import figures
import numpy as np
from cardstunt.blender_addon.meshes import add_nodes, new_collection, point_object, poses_object
from cardstunt.blender_addon.nodes.pose_models import build_pose_models, build_poses
from cardstunt.blender_addon.nodes.tree import Socket, Tree, sample_texture
from cardstunt.blender_addon.pose_meshes import PoseList, PoseMeshes, pose_meshes
from cardstunt.kernels.clips import CLIP_NAMES

PEOPLE, FEW, TROUPE = 5_000, 200, 80_000
FRAMES = 12
JUMP = CLIP_NAMES.index("jump")


def _pose_of(tree: Tree, poses: int) -> Socket:
    """Return everybody's pose at the frame: a field of whole numbers."""
    frame = tree.add("GeometryNodeInputSceneTime").outputs["Frame"]
    own = tree.math("ADD", tree.out("GeometryNodeInputIndex"), frame)
    return tree.math("FLOORED_MODULO", own, float(poses))


def _new_tree(name: str) -> tuple[Tree, Socket]:
    tree = Tree.geometry(name)
    tree.interface("Geometry", "NodeSocketGeometry")
    tree.interface("Geometry", "NodeSocketGeometry", "OUTPUT")
    return tree, tree.group_input().outputs["Geometry"]


def _facing(tree: Tree) -> Socket:
    return tree.out("FunctionNodeEulerToRotation", tree.combine(z=tree.attribute("heading")))


def picked(models: bpy.types.Object, poses: int) -> bpy.types.NodeTree:
    """Return the tree that places baked meshes."""
    tree, people = _new_tree("Picked")
    named = {
        "Instance": tree.add("GeometryNodeObjectInfo", models, transform_space="ORIGINAL").outputs[
            "Geometry"
        ],
        "Pick Instance": True,
        "Instance Index": tree.out("FunctionNodeFloatToInt", _pose_of(tree, poses), rounding_mode="ROUND"),
        "Rotation": _facing(tree),
    }
    return tree.finish(tree.out("GeometryNodeInstanceOnPoints", people, named=named))


def looked_up(body: bpy.types.Object, meshes: PoseMeshes) -> bpy.types.NodeTree:
    """Return the tree that makes a body real for everybody and moves its vertices by a texture."""
    poses, size, _ = meshes.vertices.shape
    pixels = np.ones((poses, size, 4), np.float32)
    pixels[..., :3] = meshes.vertices
    image = bpy.data.images.new("Poses", size, poses, float_buffer=True, is_data=True)
    image.pixels.foreach_set(pixels.ravel())
    image.pack()
    tree, people = _new_tree("Looked up")
    people = tree.store(people, "row", _pose_of(tree, poses))
    people = tree.store(people, "place", tree.out("GeometryNodeInputPosition"), "FLOAT_VECTOR")
    mesh = tree.add("GeometryNodeObjectInfo", body, transform_space="ORIGINAL").outputs["Geometry"]
    mesh = tree.store(mesh, "column", tree.out("GeometryNodeInputIndex"))
    crowd = tree.out("GeometryNodeInstanceOnPoints", people, named={"Instance": mesh})
    crowd = tree.out("GeometryNodeRealizeInstances", crowd)
    u, v = (
        tree.math("DIVIDE", tree.math("ADD", tree.attribute(name), 0.5), float(count))
        for name, count in (("column", size), ("row", poses))
    )
    vertex, _ = sample_texture(tree, image, tree.combine(u, v), None)
    vertex = tree.out("FunctionNodeRotateVector", vertex, _facing(tree))
    place = tree.vector("ADD", vertex, tree.attribute("place", "FLOAT_VECTOR"))
    return tree.finish(tree.out("GeometryNodeSetPosition", crowd, named={"Position": place}))


class Crowd:
    """People who all jump, shown in one of the ways."""

    def __init__(self, name: str, count: int, tree: bpy.types.NodeTree) -> None:
        self.scene = bpy.data.scenes.new(name)
        side = int(np.ceil(np.sqrt(count)))
        number = np.arange(count)
        places = np.stack([number // side, number % side, 0 * number], -1).astype(float)
        self.thing = point_object(name, places, self.scene.collection, heading=0.01 * number)
        add_nodes(self.thing, tree)

    def show(self, frame: int) -> Any:
        """Change to a frame; returns the evaluated geometry."""
        self.scene.frame_set(frame)
        depsgraph = self.scene.view_layers[0].depsgraph
        return self.thing.evaluated_get(depsgraph).evaluated_geometry()

    def sample(self, frame: int) -> np.ndarray:
        """Return the places of some vertices that are shown, (N, 3), in the order of people and vertices."""
        geometry = self.show(frame)
        if geometry.mesh is not None:
            return _vertices(geometry.mesh)
        cloud, references = geometry.instances_pointcloud(), geometry.instance_references()
        chosen = np.empty(len(cloud.points), np.int32)
        cloud.attributes[".reference_index"].data.foreach_get("value", chosen)
        matrices = np.empty(16 * len(chosen), np.float32)
        cloud.attributes["instance_transform"].data.foreach_get("value", matrices)
        matrices = matrices.reshape(-1, 4, 4)
        shapes = [_vertices(reference.mesh) for reference in references]
        return np.concatenate(
            [
                shapes[model] @ matrix[:3, :3] + matrix[3, :3]
                for model, matrix in zip(chosen[:50], matrices, strict=False)
            ]
        )


def _vertices(mesh: bpy.types.Mesh) -> np.ndarray:
    places = np.empty(3 * len(mesh.vertices), np.float32)
    mesh.vertices.foreach_get("co", places)
    return places.reshape(-1, 3)


def _milliseconds(change: Callable[[int], Any], frame: int) -> float:
    begun = time.perf_counter()
    change(frame)
    return 1000 * (time.perf_counter() - begun)


def measure(chosen: argparse.Namespace) -> dict[str, float]:
    """Build both crowds and play them in turn."""
    bpy.ops.wm.read_homefile(use_factory_startup=True, use_empty=True)
    count = FEW if chosen.few else PEOPLE
    poses = PoseList.of([JUMP])
    meshes = pose_meshes("tracksuit", "none", "woman", 0, poses.phases(1, 0))
    first = dataclasses.replace(meshes, vertices=meshes.vertices[:1])
    material = [bpy.data.materials.new("Part") for _ in range(9)]
    hidden = new_collection("Models", bpy.context.scene.collection, shown=False)
    every = poses_object("All poses", meshes, material, hidden)
    models = point_object("Pose models", np.zeros((1, 3)), hidden)
    add_nodes(models, build_pose_models("Pose models", build_poses(), [every]))
    body = poses_object("Body", first, material, hidden)
    crowds = {
        "pose_meshes_ms": Crowd("Picked", count, picked(models, len(meshes.vertices))),
        "pose_textures_ms": Crowd("Looked up", count, looked_up(body, meshes)),
    }
    one, other = (crowd.sample(1) for crowd in crowds.values())
    assert np.allclose(one, other[: len(one)], atol=1e-4)
    times: dict[str, list[float]] = {name: [] for name in crowds}
    for frame in range(2, 2 + FRAMES):
        for name, crowd in crowds.items():
            times[name].append(_milliseconds(crowd.show, frame))
    medians = {name: statistics.median(taken) for name, taken in times.items()}
    size = meshes.vertices.shape[1]
    print(f"{count:,} people of {size} vertices in {len(meshes.vertices)} poses")
    print(
        f"{TROUPE:,} would be {TROUPE * size / 1e6:.0f} million vertices made in each frame: about "
        f"{medians['pose_textures_ms'] / 1000 * TROUPE / count:.0f} s, if that grows as the people do"
    )
    return medians | {"pose_ways_ratio": medians["pose_textures_ms"] / medians["pose_meshes_ms"]}


if __name__ == "__main__":
    figures.main(figures.parser(__doc__), measure)
