"""The clock: which sample of the bake each frame of the scene shows, and which of a troupe's keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import bpy

from ..animation import key_curve
from .tree import Socket, Tree

if TYPE_CHECKING:
    from ...scenes.timeline import FilmTimeline
    from ..data_textures import TextureSet

_TROUPE = "cardstunt_troupe"
_SAMPLE, _KEY, _SECONDS = 0, 1, 2  # components of the hand's location


def build_clock(
    frames: Sequence[int],
    samples: Sequence[int],
    collection: bpy.types.Collection,
    keys: Sequence[float] | None = None,
    troupe: str = "",
    seconds: Sequence[float] | None = None,
) -> bpy.types.NodeTree:
    """Return the group whose outputs follow the film: keyed at each frame, held in between.

    The keys move an empty, "Clock", whose X is the sample, whose Y is the key and whose Z is the show time:
    a tree with keys of its own would at each frame be copied and prepared anew, with all trees that use it.

    Parameters
    ----------
    frames, samples : sequences of int
        Frames of the scene, and the sample, from 1, that each shows.
    collection : bpy.types.Collection
        Where the empty is put.
    keys : sequence of float, optional
        The number, from 1, of the key that each frame shows; with a fraction, how far on to the next. Left
        out, each sample is a key.
    troupe : str, optional
        Whose keys these are; by it `set_troupe_clocks` finds the clock again.
    seconds : sequence of float, optional
        Show time of each frame, for what moves without being baked: spectators, traffic, flags.
    """
    name = f"Clock {troupe}" if troupe else "Clock"
    hand = bpy.data.objects.new(name, None)
    if troupe:
        hand[_TROUPE] = troupe
    collection.objects.link(hand)
    key_curve(hand, "location", _SAMPLE, frames, samples, "CONSTANT")
    if keys is not None:
        key_curve(hand, "location", _KEY, frames, keys, "CONSTANT")
    if seconds is not None:
        key_curve(hand, "location", _SECONDS, frames, seconds, "CONSTANT")
    tree = Tree.geometry(f"Cardstunt {name}")
    tree.interface("Sample", "NodeSocketFloat", "OUTPUT")
    tree.interface("Key", "NodeSocketFloat", "OUTPUT")
    tree.interface("Seconds", "NodeSocketFloat", "OUTPUT")
    info = tree.add("GeometryNodeObjectInfo", hand, transform_space="ORIGINAL")
    sample, key, time = tree.separate(info.outputs["Location"])
    end = tree.tree.nodes.new("NodeGroupOutput")
    tree.feed(end.inputs["Sample"], sample)
    tree.feed(end.inputs["Key"], sample if keys is None else key)
    tree.feed(end.inputs["Seconds"], time)
    return tree.tree


def set_troupe_clocks(scene: bpy.types.Scene, sets: Mapping[str, TextureSet], timeline: FilmTimeline) -> None:
    """Let a built scene's clocks follow troupes that were baked again, by name, perhaps at other keys."""
    for hand in scene.objects:
        textures = sets.get(hand[_TROUPE]) if _TROUPE in hand else None
        if textures is None:
            continue
        animation = hand.animation_data
        curves = animation.action.layers[0].strips[0].channelbag(animation.action_slot).fcurves
        curves.remove(curves.find("location", index=_KEY))
        key_curve(hand, "location", _KEY, _frames(timeline)[0], _shown(textures, timeline), "CONSTANT")
        # Else it stays as it was until the next change of frame.
        hand.location[_KEY] = curves.find("location", index=_KEY).evaluate(scene.frame_current)


def _frames(timeline: FilmTimeline) -> tuple[list[int], list[int]]:
    """Return the film's frames, and the sample that each shows."""
    return [frame.index for frame in timeline.frames], [frame.sample for frame in timeline.frames]


def _shown(textures: TextureSet, timeline: FilmTimeline) -> list[float]:
    """Return the key's number, with its fraction, that each frame shows."""
    numbers = textures.numbers(len(timeline.samples)).tolist()
    return [numbers[frame.sample - 1] for frame in timeline.frames]


def now(tree: Tree, clock: bpy.types.NodeTree) -> Socket:
    """Return the sample that the current frame shows."""
    return tree.out("GeometryNodeGroup", node_tree=clock)


def key_now(tree: Tree, clock: bpy.types.NodeTree) -> Socket:
    """Return the key that the current frame shows: a whole number at a key, a fraction on to the next."""
    return tree.add("GeometryNodeGroup", node_tree=clock).outputs["Key"]


def seconds_now(tree: Tree, clock: bpy.types.NodeTree) -> Socket:
    """Return the show time of the current frame, seconds."""
    return tree.add("GeometryNodeGroup", node_tree=clock).outputs["Seconds"]
