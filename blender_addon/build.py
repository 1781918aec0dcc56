"""Build: a show's scene in Blender, which plays the baked textures with Geometry Nodes alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import bpy

from ..kernels import stadium
from ..scenes.load import LoadedShow
from ..scenes.schema import Show
from ..scenes.timeline import FilmTimeline
from .bake import Bake
from .build_section import build_section
from .build_troupes import build_troupes
from .cameras import build_cameras
from .light import build_light
from .meshes import new_collection
from .nodes.clock import build_clock
from .quality import QUALITIES, Quality
from .stadium import build_arena, build_roof, build_spectators, build_stands
from .surroundings import build_surroundings


def picture_size(size: tuple[int, int], percent: int) -> tuple[int, int]:
    """Return a share of the film's size in pixels, with even sides, as video has them."""
    width, height = (max(2, 2 * round(side * percent / 200)) for side in size)
    return width, height


def _set_denoiser(cycles: Any, care: str) -> None:
    try:
        cycles.use_denoising, cycles.denoiser = True, "OPENIMAGEDENOISE"
    except TypeError:  # a Blender that is built without it, as Debian's is
        cycles.use_denoising = False
        return
    cycles.denoising_quality = cycles.denoising_prefilter = "FAST"
    if care != "FAST":
        cycles.denoising_quality, cycles.denoising_prefilter = care, "ACCURATE"


def _set_render(
    scene: bpy.types.Scene, show: Show, timeline: FilmTimeline, quality: Quality, exposure: float
) -> None:
    cost = QUALITIES[quality]
    render, cycles = scene.render, scene.cycles
    render.engine = "CYCLES"
    render.resolution_x, render.resolution_y = picture_size(show.film.size, cost.percent)
    render.resolution_percentage = 100
    render.fps = round(timeline.fps)
    render.fps_base = render.fps / float(timeline.fps)
    render.use_persistent_data = True
    scene.frame_start, scene.frame_end = 1, len(timeline.frames)
    cycles.samples, cycles.seed = cost.samples, show.seed
    cycles.use_animated_seed = True
    cycles.use_adaptive_sampling = False
    _set_denoiser(cycles, cost.denoiser)
    cycles.max_bounces, cycles.diffuse_bounces, cycles.glossy_bounces = 3, 2, 0
    cycles.use_fast_gi, cycles.fast_gi_method = not cost.traced_bounces, "REPLACE"
    cycles.ao_bounces_render = 1
    cycles.transmission_bounces = cycles.volume_bounces = 0
    cycles.transparent_max_bounces = 4
    cycles.caustics_reflective = cycles.caustics_refractive = False
    cycles.use_light_tree = False
    cycles.sampling_pattern = "TABULATED_SOBOL"
    scene.view_layers[0].use_pass_z = True
    scene.view_settings.view_transform = "AgX"
    scene.view_settings.exposure = exposure
    settings = render.image_settings
    settings.media_type = "MULTI_LAYER_IMAGE"
    settings.file_format, settings.color_depth, settings.exr_codec = "OPEN_EXR_MULTILAYER", "16", "ZIP"
    render.filepath = "//frames/"


def build_scene(
    scene: bpy.types.Scene, loaded: LoadedShow, timeline: FilmTimeline, bake: Bake, quality: Quality
) -> None:
    """Build a show into an empty scene; what else the file holds is left alone."""
    show = loaded.show
    bowl = stadium.PRESETS[show.stadium.preset]
    root = scene.collection
    frames = timeline.frames
    clock = build_clock([frame.index for frame in frames], [frame.sample for frame in frames], root)
    place = new_collection("Stadium", root)
    build_stands(bowl, place)
    build_roof(bowl, place)
    build_arena(bowl, place)
    crowd = new_collection("Crowd", root)
    build_spectators(bowl, show.card_section, bake.seats, show.stadium.spectators, show.seed, crowd)
    build_surroundings(bowl, show.seed, new_collection("Surroundings", root))
    build_section(show, timeline, bake, clock, new_collection("Card Section", root))
    picture_width, _ = picture_size(show.film.size, QUALITIES[quality].percent)
    build_troupes(show, timeline, bake, picture_width, root)
    light = build_light(show.stadium.light, scene, new_collection("Light", root))
    build_cameras(loaded, timeline, scene, new_collection("Cameras", root))
    _set_render(scene, show, timeline, quality, light.exposure + float(show.film.look.exposure))
    scene.frame_set(1)


def save_blend(path: Path) -> None:
    """Save the current file with all its textures by paths relative to it.

    Raises
    ------
    OSError
        When it cannot be written.
    """
    for image in bpy.data.images:
        if image.source == "SEQUENCE":
            image.filepath = bpy.path.relpath(bpy.path.abspath(image.filepath), start=str(path.parent))
    preferences = bpy.context.preferences.filepaths
    versions, preferences.save_version = preferences.save_version, 0  # no show.blend1 beside it
    try:  # Blender itself writes aside and renames
        bpy.ops.wm.save_as_mainfile(filepath=str(path), relative_remap=False, compress=True)
    except RuntimeError as error:
        raise OSError(f"cannot write {path}: {str(error).strip()}") from error
    finally:
        preferences.save_version = versions
        path.with_name(f"{path.name}@").unlink(missing_ok=True)


def build_file(loaded: LoadedShow, timeline: FilmTimeline, bake: Bake, quality: Quality, path: Path) -> None:
    """Build a show in an empty Blender and save it as a .blend."""
    # Not read_factory_settings: that also resets the extensions, and removes the wheels of the user's own.
    bpy.ops.wm.read_homefile(use_factory_startup=True, use_empty=True)
    build_scene(bpy.context.scene, loaded, timeline, bake, quality)
    save_blend(path)
