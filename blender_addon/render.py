"""Render: a list of frames of a built .blend to multilayer EXR, each whole or absent."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path

import bpy

from .files import written_aside
from .rendered import RenderError, blender_log, read_rendered, rendered_file

#: Cycles' devices, best first.
DEVICE_TYPES = ("OPTIX", "CUDA", "HIP", "ONEAPI", "METAL")


def choose_device(scene: bpy.types.Scene) -> str:
    """Let Cycles render on the best device there is; returns its type, CPU when there is no other."""
    preferences = bpy.context.preferences.addons["cycles"].preferences
    for kind in DEVICE_TYPES:
        try:
            preferences.compute_device_type = kind
        except TypeError:  # this build of Blender does not know the type
            continue
        preferences.refresh_devices()
        if any(device.type == kind for device in preferences.devices):
            for device in preferences.devices:
                device.use = device.type == kind
            scene.cycles.device = "GPU"
            return kind
    preferences.compute_device_type = "NONE"
    scene.cycles.device = "CPU"
    return "CPU"


def open_blend(blend: Path) -> bpy.types.Scene:
    """Open a built .blend and choose its device."""
    bpy.ops.wm.open_mainfile(filepath=str(blend))
    choose_device(bpy.context.scene)
    return bpy.context.scene


def _require_picture(aside: Path, target: Path, log: Path) -> None:
    """Read a picture that was just rendered to its end: on a full disk Blender may say that all is well."""
    if not aside.is_file():
        raise RenderError(f"Blender wrote no picture for {target}: is the disk full? See {log}")
    try:
        read_rendered(aside)
    except RenderError as error:
        raise RenderError(f"no whole picture for {target}: {error}; is the disk full? See {log}") from error


def render_samples(
    scene: bpy.types.Scene,
    frames: Sequence[tuple[int, int]],
    folder: Path,
    log: Path,
    rendered: Callable[[int, float], None],
) -> None:
    """Render frames of the scene, one after another.

    Parameters
    ----------
    frames : sequence of (sample, frame)
        The sample's number, and the scene's frame that shows it.
    folder : Path
        Where the files go; see `rendered_file`. A file there is whole: it was read before it got its name.
    log : Path
        Where Blender's own output goes.
    rendered : callable (sample, seconds)
        Called after each; the seconds are those of Blender's render call. May raise to stop.

    Raises
    ------
    RenderError
        When Blender gives no picture.
    """
    for sample, frame in frames:
        target = rendered_file(folder, sample)
        with written_aside(target) as aside:
            with blender_log(log):
                scene.frame_set(frame)
                scene.render.filepath = str(aside)
                begun = time.perf_counter()
                try:
                    bpy.ops.render.render(write_still=True, scene=scene.name)
                except RuntimeError as error:  # what Blender reports as an error
                    raise RenderError(f"cannot render {target}: {str(error).strip()}") from error
                took = time.perf_counter() - begun
            _require_picture(aside, target, log)
        rendered(sample, took)
