"""Building a show into the open file, and baking it again after an edit of the show."""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import bpy

from . import cue_list, live_bake
from .reports import PanelError, pointer_progress
from .shows import load

if TYPE_CHECKING:
    from ...scenes.load import LoadedShow
    from ..bake import Bake
    from .live_bake import Live

#: The extension's own name, such as bl_ext.user_default.cardstunt.
EXTENSION = __package__.rpartition(".blender_addon")[0]


def layout(loaded: LoadedShow) -> str:
    """Return a hash of what a scene is built from beside its data textures.

    Edits of pages, cues and people, of a troupe's drill and its colours leave it as it is: for these, baking
    is enough, where the scene has the poses (`live_bake.check_poses`). Only who is absent from a section of
    screens is built in, and where the seats are.
    """
    show = loaded.show.model_dump(warnings=False)
    for name in ("title", "music", "markers", "field"):
        show.pop(name)
    section = show["card_section"]
    for name in ("pages", "cues", "blocks", "palette"):
        section.pop(name)
    people = section.pop("people")
    if section["mode"] == "tablets":
        section["absent"] = 0.0 if people["perfect"] else people["absent"]
    seats = section["seats"]
    if seats["file"] is not None:
        seats["file"] = hashlib.sha256(loaded.resolve(seats["file"]).read_bytes()).hexdigest()
    for troupe in show["troupes"].values():
        troupe.pop("drill"), troupe.pop("step")
        for name in ("colour", "picture", "places", "changes"):
            troupe["costume"].pop(name)
    for name in ("saturation", "contrast", "vignette", "grain"):
        show["film"]["look"].pop(name)
    show["film"].pop("tilt_shift"), show["film"].pop("shutter")
    for shot, timed in zip(show["film"]["shots"], loaded.show.film.shots, strict=True):
        # With the beat of the music the show's times may move while the frames stay.
        shot.pop("tilt_shift"), shot.pop("show")
        shot["seconds"] = str((timed.end - timed.start) / timed.speed)
    return hashlib.sha256(json.dumps(show, sort_keys=True, default=str).encode()).hexdigest()


def textures_folder(scene: bpy.types.Scene) -> Path:
    """Return the folder for a scene's data textures, made if it is new.

    Beside the .blend once that is saved; until then in the extension's own folder, or, when this is not the
    extension, in Blender's temporary one. A folder of another scene is never returned.
    """
    if bpy.data.filepath:
        parent = Path(bpy.path.abspath("//")) / "cardstunt"
    elif EXTENSION.startswith("bl_ext."):
        parent = Path(bpy.utils.extension_path_user(EXTENSION, path="textures", create=True))
    else:
        parent = Path(bpy.app.tempdir) / "cardstunt"
    stands = scene.cardstunt_built.folder
    if stands:
        former = Path(bpy.path.abspath(stands)).resolve()
        if former.parent == parent.resolve() and not _shared(scene):
            return former
    name = bpy.path.clean_name(scene.name)
    number = 1
    while True:
        folder = parent / (name if number == 1 else f"{name}_{number}")
        try:
            folder.mkdir(parents=True)
        except FileExistsError:
            number += 1
        else:
            return folder


def _shared(scene: bpy.types.Scene) -> bool:
    """Whether another scene plays the same folder, as a copy of a scene does."""
    folder = scene.cardstunt_built.folder
    return any(other != scene and other.cardstunt_built.folder == folder for other in bpy.data.scenes)


def _stored(path: Path) -> str:
    """Return a path as a .blend should hold it: relative to itself once it is saved."""
    if not bpy.data.filepath:
        return str(path)
    try:
        return bpy.path.relpath(str(path))
    except ValueError:  # another drive
        return str(path)


def _bake(
    context: bpy.types.Context, loaded: LoadedShow, folder: Path, scene: bpy.types.Scene | None = None
) -> tuple[Bake, Live]:
    """Bake all of a show, for a scene that was built if one is given; returns also what edits will need."""
    from ...scenes.compiled import compile_show  # noqa: PLC0415  NumPy and SciPy only once they are needed
    from ...scenes.timeline import film_timeline  # noqa: PLC0415
    from ..bake import bake_show  # noqa: PLC0415

    timeline, compiled = film_timeline(loaded.show), compile_show(loaded)
    if scene is not None:
        live_bake.check_poses(scene, loaded.show, live_bake.strips_of(compiled))
    with pointer_progress(context) as progress:
        bake = bake_show(loaded, timeline, folder, progress, compiled)
    if scene is not None:
        live_bake.show_troupes(scene, bake.troupes, timeline)
    return bake, live_bake.begin(loaded, timeline, compiled, bake.cards, folder)


def build(context: bpy.types.Context) -> str:
    """Build the context's show as a new scene of the open file, beside the other scenes, and go there."""
    from ...scenes.timeline import film_timeline  # noqa: PLC0415
    from ..build import build_scene  # noqa: PLC0415

    former = context.scene
    loaded = load(former)
    before = set(bpy.data.images)
    scene = bpy.data.scenes.new(loaded.show.title)
    folder = None
    try:
        folder = textures_folder(scene)
        bake, live = _bake(context, loaded, folder)
        bake = replace(bake, strips=live_bake.with_other_paces(bake.strips))
        build_scene(scene, loaded, film_timeline(loaded.show), bake, former.cardstunt.quality)
    except BaseException:
        bpy.data.scenes.remove(scene)
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)
        raise
    _copy_settings(former.cardstunt, scene.cardstunt)
    _copy_settings(former.cardstunt_formation, scene.cardstunt_formation)
    images = [image for image in bpy.data.images if image not in before and image.source == "SEQUENCE"]
    _remember(scene, loaded, folder, bake, images)
    live_bake.keep(scene, live)
    cue_list.fill(scene, loaded)
    if context.window is not None:
        context.window.scene = scene
    _look_through_camera(context)
    return f"Built {loaded.show.title} in the new scene {scene.name}, frames 1–{scene.frame_end}"


def _look_through_camera(context: bpy.types.Context) -> None:
    """Let the viewport that the panel is in show the first shot; where it was, the crowd is in the way.

    It shows materials, since pages have their colours from those alone.
    """
    space = context.space_data
    if space is not None and space.type == "VIEW_3D" and space.region_3d is not None:
        space.region_3d.view_perspective = "CAMERA"
        if space.shading.type in {"WIREFRAME", "SOLID"}:
            space.shading.type = "MATERIAL"


def _copy_settings(source: Any, target: Any) -> None:
    for item in source.bl_rna.properties:
        if not item.is_readonly and item.identifier != "name":
            setattr(target, item.identifier, getattr(source, item.identifier))


def _sets(bake: Bake) -> dict[str, Path]:
    """First file of each set by its troupe; the card section's by the empty name."""
    return {"": bake.cards.file(1)} | {name: textures.file(1) for name, textures in bake.troupes.items()}


def _remember(
    scene: bpy.types.Scene, loaded: LoadedShow, folder: Path, bake: Bake, images: list[bpy.types.Image]
) -> None:
    built = scene.cardstunt_built
    built.source, built.folder, built.layout = str(loaded.path), _stored(folder), layout(loaded)
    by_path = {Path(bpy.path.abspath(image.filepath)): image for image in images}
    for name, path in _sets(bake).items():
        item = built.textures.add()
        item.troupe, item.image = name, by_path[path]
        item.strips = " ".join(map(str, bake.strips.get(name, ())))
        item.image.filepath = _stored(path)


def is_built(scene: bpy.types.Scene) -> bool:
    """Whether a scene was built from a show."""
    return bool(scene.cardstunt_built.layout)


def bake_again(context: bpy.types.Context) -> str:
    """Bake the show of a built scene as it now is, and let the scene play that.

    Raises
    ------
    PanelError
        When the show has changed in what a bake alone cannot follow.
    """
    scene = context.scene
    built = scene.cardstunt_built
    loaded = load(scene)
    if str(loaded.path) != built.source:
        raise PanelError(f"this scene was built from {built.source}, not from {loaded.path}: build it")
    if layout(loaded) != built.layout:
        raise PanelError(
            f"more has changed in {loaded.path.name} than pages, cues, people and drills: build it again"
        )
    missing = [item.troupe or "the card section" for item in built.textures if item.image is None]
    if missing:
        raise PanelError(f"the data texture of {missing[0]} is no longer in this file: build it again")
    folder = textures_folder(scene)
    live = live_bake.of(scene)
    if live is not None and live.untouched(folder):
        return live_bake.follow(context, live, loaded)
    live_bake.forget(scene)  # whose work would mix with this
    bake, live = _bake(context, loaded, folder, scene)
    live_bake.keep(scene, live)
    built.folder = _stored(folder)
    files = _sets(bake)
    baked = 0
    for item in built.textures:
        if item.image.filepath != _stored(files[item.troupe]):
            item.image.filepath = _stored(files[item.troupe])
        live_bake.show_again(item.image)
        baked += (bake.troupes[item.troupe] if item.troupe else bake.cards).baked
    context.view_layer.update()
    return f"Baked {loaded.show.title}: {baked} of {len(files)} textures had changed, in {folder}"
