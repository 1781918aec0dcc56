"""The clock: which sample of the bake each frame of the scene shows."""

from __future__ import annotations

from collections.abc import Sequence

import bpy

from ..animation import key_curve
from .tree import Socket, Tree


def build_clock(
    frames: Sequence[int], samples: Sequence[int], collection: bpy.types.Collection
) -> bpy.types.NodeTree:
    """Return the group whose output Sample follows the film: keyed at each frame, held in between.

    The keys move an empty, "Clock", whose X is the sample: a tree with keys of its own would at each frame be
    copied and prepared anew, with all trees that use it.
    """
    hand = bpy.data.objects.new("Clock", None)
    collection.objects.link(hand)
    key_curve(hand, "location", 0, frames, samples, "CONSTANT")
    tree = Tree.geometry("Cardstunt Clock")
    tree.interface("Sample", "NodeSocketFloat", "OUTPUT")
    info = tree.add("GeometryNodeObjectInfo", hand, transform_space="ORIGINAL")
    sample, _, _ = tree.separate(info.outputs["Location"])
    return tree.finish(sample)


def now(tree: Tree, clock: bpy.types.NodeTree) -> Socket:
    """Return the sample that the current frame shows."""
    return tree.out("GeometryNodeGroup", node_tree=clock)
