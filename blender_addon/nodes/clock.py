"""The clock: which sample of the bake each frame of the scene shows."""

from __future__ import annotations

from collections.abc import Sequence

import bpy

from ..animation import key_curve
from .tree import Socket, Tree


def build_clock(frames: Sequence[int], samples: Sequence[int]) -> bpy.types.NodeTree:
    """Return the group whose output Sample follows the film: keyed at each frame, held in between."""
    tree = Tree.geometry("Cardstunt Clock")
    tree.interface("Sample", "NodeSocketFloat", "OUTPUT")
    value = tree.tree.nodes.new("ShaderNodeValue")
    value.name = value.label = "Sample"
    key_curve(tree.tree, 'nodes["Sample"].outputs[0].default_value', 0, frames, samples, "CONSTANT")
    return tree.finish(value.outputs[0])


def now(tree: Tree, clock: bpy.types.NodeTree) -> Socket:
    """Return the sample that the current frame shows."""
    return tree.out("GeometryNodeGroup", node_tree=clock)
