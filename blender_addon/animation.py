"""F-curves from arrays: the clock and the cameras are keyed once, by the frame."""

from __future__ import annotations

from collections.abc import Sequence

import bpy
import numpy as np

INTERPOLATION = {"CONSTANT": 0, "LINEAR": 1}


def key_curve(
    owner: bpy.types.ID,
    data_path: str,
    index: int,
    frames: Sequence[int],
    values: Sequence[float],
    interpolation: str,
) -> None:
    """Give a property an F-curve with a key at each frame.

    Parameters
    ----------
    owner : bpy.types.ID
        The datablock whose property is animated.
    data_path, index : str, int
        The property's path from the owner, and its component.
    frames, values : sequences of equal length
    interpolation : "CONSTANT" or "LINEAR"
        What happens between keys.
    """
    data = owner.animation_data or owner.animation_data_create()
    if data.action is None:
        data.action = bpy.data.actions.new(owner.name)
    action = data.action
    if not action.slots:
        action.slots.new(id_type=owner.id_type, name=owner.name)
    data.action_slot = action.slots[0]
    layer = action.layers[0] if action.layers else action.layers.new("Cardstunt")
    strip = layer.strips[0] if layer.strips else layer.strips.new(type="KEYFRAME")
    curve = strip.channelbag(action.slots[0], ensure=True).fcurves.new(data_path, index=index)
    curve.keyframe_points.add(len(frames))
    pairs = np.stack([np.asarray(frames, np.float32), np.asarray(values, np.float32)], -1)
    curve.keyframe_points.foreach_set("co", pairs.ravel())
    curve.keyframe_points.foreach_set(
        "interpolation", np.full(len(frames), INTERPOLATION[interpolation], np.int32)
    )
    curve.update()
