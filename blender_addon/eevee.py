"""EEVEE: the settings under which a built scene looks in it much as it does in Cycles."""

from __future__ import annotations

from dataclasses import dataclass

import bpy

from .quality import Quality


@dataclass(frozen=True)
class EeveeQuality:
    """What a quality costs in EEVEE.

    Attributes
    ----------
    samples : int
        Pictures that one is averaged of: noise, and steps in soft and pale shadows.
    shadow_pool : int
        Megabytes for shadow maps.
    """

    samples: int
    shadow_pool: int


QUALITIES: dict[Quality, EeveeQuality] = {
    "draft": EeveeQuality(8, 512),
    "standard": EeveeQuality(32, 1024),
    "final": EeveeQuality(64, 1024),
}


def set_eevee(scene: bpy.types.Scene, quality: Quality) -> None:
    """Let EEVEE render a built scene.

    Light that bounces is not traced: the sky's light is dimmed by whatever stands before the sky, however
    far, if it is in the picture. A membrane's shadow is drawn by chance, and becomes even over the samples.
    """
    cost = QUALITIES[quality]
    scene.render.engine = "BLENDER_EEVEE"
    eevee = scene.eevee
    eevee.taa_render_samples = cost.samples
    eevee.use_shadows, eevee.shadow_pool_size = True, str(cost.shadow_pool)
    eevee.use_raytracing, eevee.ray_tracing_method = True, "SCREEN"
    eevee.use_fast_gi, eevee.fast_gi_method = True, "AMBIENT_OCCLUSION_ONLY"
    # All that is rough has its light from there, and nothing is a mirror.
    eevee.ray_tracing_options.trace_max_roughness = 0.0
    # Without an end: a roof 60 m up hides the sky as much as a neighbour does.
    eevee.fast_gi_distance = 0.0
    # What stands in the way is as thick as a person or a roof with its steel, not a leaf.
    eevee.fast_gi_thickness_near, eevee.fast_gi_step_count = 2.0, 16
    # Cycles cuts no light off.
    eevee.clamp_surface_direct = eevee.clamp_surface_indirect = 0.0
    for material in bpy.data.materials:
        material.use_transparent_shadow = True
