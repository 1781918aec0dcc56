"""Finish: a rendered picture becomes a frame of the film: haze, tilt-shift, glow, grade, Blender's view.

Imports no bpy, so that it runs in worker processes beside Blender.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from ..kernels.glow import glow
from ..kernels.grade import grade
from ..kernels.haze import Air, hazed
from ..kernels.lens import aperture_diameter, circle_of_confusion, focal_length
from ..kernels.tilt_shift import blur
from .blender_libraries import color_config, open_color_io
from .files import written_aside
from .rendered import read_rendered

#: Views of Blender's sRGB display by their names in a show file.
VIEWS = {"agx": "AgX", "standard": "Standard"}


@dataclass(frozen=True)
class Finish:
    """What one picture's finish needs.

    Attributes
    ----------
    lens, sensor_width : float
        Distance from lens to sensor, which frames the picture, and the sensor's width, metres.
    tilt, scale, f_number : float
        The lens's tilt in radians, the miniature scale and the f-number.
    focus_distance : float
        Planar metres.
    saturation, contrast, vignette, grain : float
        See `kernels.grade`.
    exposure : float
        Stops.
    seed, sample : int
        What the grain depends on.
    air : Air or None
        The air between the camera and things; None is none.
    sun : (right, up, forward)
        Direction to the sun's place on the horizon, along the camera's axes.
    glow : float
        See `kernels.glow`; what is shown brighter than white spills over.
    view : str
        A view of Blender's sRGB display.
    """

    lens: float
    sensor_width: float
    tilt: float
    scale: float
    f_number: float
    focus_distance: float
    saturation: float
    contrast: float
    vignette: float
    grain: float
    exposure: float
    seed: int
    sample: int
    air: Air | None = None
    sun: tuple[float, float, float] = (0.0, 0.0, 1.0)
    glow: float = 0.0
    view: str = "AgX"


@cache
def _view_transform(view: str) -> Any:
    library = open_color_io()
    config = library.Config.CreateFromFile(str(color_config()))
    linear = config.getRoleColorSpace("scene_linear")
    transform = library.DisplayViewTransform(src=linear, display="sRGB", view=view)
    return config.getProcessor(transform).getDefaultCPUProcessor()


def apply_view(linear: npt.NDArray[np.float32], exposure: float, view: str = "AgX") -> npt.NDArray[np.uint8]:
    """Show scene-linear colour as Blender does.

    Parameters
    ----------
    linear : (H, W, 3) float32, scene-linear
    exposure : float, stops
    view : str
        A view of Blender's sRGB display.

    Returns
    -------
    (H, W, 3) uint8, sRGB
    """
    shown = np.ascontiguousarray(linear * np.float32(2.0**exposure))
    _view_transform(view).applyRGB(shown)
    return (np.clip(shown, 0, 1) * 255 + 0.5).astype(np.uint8)


def tilt_shifted(
    colour: npt.NDArray[np.float32], depth: npt.NDArray[np.float32], finish: Finish
) -> npt.NDArray[np.float32]:
    """Blur a rendered picture (H, W, 3) by its planar depth (H, W) as the show's lens would."""
    focal = focal_length(finish.lens, finish.scale, finish.tilt, finish.focus_distance)
    radius = circle_of_confusion(
        depth,
        focal=focal,
        image_distance=finish.lens,
        aperture=aperture_diameter(focal, finish.f_number),
        scale=finish.scale,
        tilt=finish.tilt,
        sensor_width=finish.sensor_width,
    )
    return blur(colour, radius)


def finish_file(rendered: Path, finished: Path, finish: Finish) -> float:
    """Finish one rendered file to a PNG, whole or absent; returns the processor's seconds."""
    begun = time.process_time()
    colour, depth = read_rendered(rendered)
    if finish.air is not None:
        colour = hazed(
            colour, depth, lens=finish.lens, sensor_width=finish.sensor_width, air=finish.air, sun=finish.sun
        )
    graded = grade(
        glow(tilt_shifted(colour, depth, finish), white=2.0**-finish.exposure, share=finish.glow),
        saturation=finish.saturation,
        contrast=finish.contrast,
        vignette=finish.vignette,
        grain=finish.grain,
        seed=finish.seed,
        frame=finish.sample,
    )
    with written_aside(finished) as aside:
        Image.fromarray(apply_view(graded, finish.exposure, finish.view)).save(aside, compress_level=1)
    return time.process_time() - begun
