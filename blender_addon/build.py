"""Build: a show's scene in Blender, which plays the baked textures with Geometry Nodes alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import bpy

from ..kernels.bowl_seats import section_half_width
from ..kernels.film_views import FilmViews
from ..scenes.film_views import film_views
from ..scenes.load import LoadedShow
from ..scenes.schema import Show
from ..scenes.stadium import bowl_of
from ..scenes.timeline import FilmTimeline
from .bake import Bake
from .build_section import build_section
from .build_troupes import build_troupes
from .cameras import build_cameras
from .crowd.spectators import build_spectators
from .finish import VIEWS
from .light import LIGHTS, Light, build_light
from .light_shows.build import build_light_shows, set_light_show_render
from .meshes import new_collection
from .nodes.clock import build_clock
from .quality import QUALITIES, Quality
from .stadium.arena import build_arena
from .stadium.fittings import build_fittings
from .stadium.plan import build_plan
from .stadium.roof import build_roof
from .stadium.tiers import build_tiers
from .surroundings.city import build_surroundings

#: Candela a square metre of what is lit inside the stadium and seen from outside.
LIT_ROOM = 200.0
#: The same of a roof that lamps shine at from below, before what it keeps of it.
LIT_ROOF = 40.0


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
    scene.view_settings.view_transform = VIEWS[show.film.look.view]
    scene.view_settings.exposure = exposure
    settings = render.image_settings
    settings.media_type = "MULTI_LAYER_IMAGE"
    settings.file_format, settings.color_depth, settings.exr_codec = "OPEN_EXR_MULTILAYER", "16", "ZIP"
    render.filepath = "//frames/"


def _build_place(
    loaded: LoadedShow,
    bake: Bake,
    views: FilmViews,
    light: Light,
    detail: Quality,
    clock: bpy.types.NodeTree,
    root: bpy.types.Collection,
) -> None:
    """Build the stadium, who watches in it, and what lies around it."""
    show = loaded.show
    stadium, section = show.stadium, show.card_section
    bowl = bowl_of(stadium)
    in_stand = section.seats.arc is None and section.seats.file is None
    half_width = section_half_width(bowl, section.columns) if in_stand else 0.0
    place = new_collection("Stadium", root)
    plan = build_plan(bowl, place)
    lamps = light.lamps / light.luminance
    tiers = build_tiers(bowl, plan, half_width, place, LIT_ROOM * lamps)
    build_roof(bowl, plan, place, LIT_ROOF * lamps)
    build_arena(bowl, plan, place)
    build_fittings(bowl, plan, light, clock, place)
    crowd = new_collection("Crowd", root)
    build_spectators(bowl, tiers, stadium, section, bake.seats, views, light, detail, show.seed, clock, crowd)
    surroundings = new_collection("Surroundings", root)
    build_surroundings(bowl, light, show.seed, detail, clock, surroundings, stadium.surroundings)


def build_scene(
    scene: bpy.types.Scene, loaded: LoadedShow, timeline: FilmTimeline, bake: Bake, quality: Quality
) -> None:
    """Build a show into an empty scene; what else the file holds is left alone."""
    show = loaded.show
    root, frames = scene.collection, timeline.frames
    light, detail = LIGHTS[show.stadium.light], show.stadium.detail or quality
    clock = build_clock(
        [frame.index for frame in frames],
        [frame.sample for frame in frames],
        root,
        seconds=[float(frame.show_time) for frame in frames],
    )
    picture_width, _ = picture_size(show.film.size, QUALITIES[quality].percent)
    views = film_views(loaded)
    _build_place(loaded, bake, views, light, detail, clock, root)
    build_section(show, timeline, bake, clock, new_collection("Card Section", root), views)
    build_troupes(show, timeline, bake, picture_width, root)
    build_light_shows(show, timeline, bake.lights, picture_width, root)
    build_cameras(loaded, timeline, scene, new_collection("Cameras", root))
    build_light(show.stadium.light, bowl_of(show.stadium), scene, new_collection("Light", root))
    _set_render(scene, show, timeline, quality, light.exposure + float(show.film.look.exposure))
    set_light_show_render(scene, show, bake.lights)
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
