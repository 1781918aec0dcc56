"""Loading a show for the panel."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import bpy

from . import cue_list
from .properties import FILE, LIBRARY
from .reports import PanelError, keep_problems

if TYPE_CHECKING:
    from ...scenes.load import LoadedShow


def source_of(scene: bpy.types.Scene) -> str:
    """Return what a scene's settings name: a library show, or the path of a show file.

    Raises
    ------
    PanelError
        When no file is chosen.
    """
    settings = scene.cardstunt
    if settings.show != FILE:
        return str(settings.show)
    if not settings.file:
        raise PanelError("choose a show file first")
    return _absolute(settings.file)


def film_of(scene: bpy.types.Scene) -> Path:
    """Return the film's path.

    Raises
    ------
    PanelError
        When none is chosen, or it is no MP4's.
    """
    if not scene.cardstunt.film:
        raise PanelError("choose where the film goes first")
    path = Path(_absolute(scene.cardstunt.film))
    if path.suffix.lower() != ".mp4":
        raise PanelError(f"the film is an MP4; name it {path.with_suffix('.mp4').name}")
    return path


def _absolute(path: str) -> str:
    if path.startswith("//") and not bpy.data.filepath:
        raise PanelError(f"{path} lies beside the .blend, which is not saved yet: save it first")
    return str(Path(bpy.path.abspath(path)).absolute())


def facts(loaded: LoadedShow) -> list[str]:
    """Return a show's counts, a line each."""
    from ...scenes.timeline import film_timeline  # noqa: PLC0415

    show = loaded.show
    section, troupes, timeline = show.card_section, show.troupes, film_timeline(show)
    lines = [
        f"{section.columns * section.rows:,} card-holders ({section.columns} × {section.rows})",
        f"{len(section.pages)} pages, {len(section.cues)} cues",
        f"{sum(troupe.count for troupe in troupes.values()):,} gymnasts in "
        f"{len(troupes)} troupe{'s' * (len(troupes) != 1)}",
        f"{len(show.film.shots)} shots, {float(timeline.duration):.2f} s, frames 1–{len(timeline.frames)}",
    ]
    return lines if troupes else [*lines[:2], lines[3]]


def load(scene: bpy.types.Scene) -> LoadedShow:
    """Load the show that a scene's settings name; the panel shows what it is and what is odd about it."""
    from ...scenes.load import load_show  # noqa: PLC0415

    status = bpy.context.window_manager.cardstunt
    status.title = status.facts = status.troupes = ""
    loaded = load_show(source_of(scene))
    status.title, status.facts = loaded.show.title, "\n".join(facts(loaded))
    status.troupes = "\n".join(loaded.show.troupes)
    keep_problems(loaded.warnings)
    cue_list.fill(scene, loaded)
    return loaded


def is_of_library(scene: bpy.types.Scene) -> bool:
    """Whether a scene's settings name a show that comes with Cardstunt."""
    return scene.cardstunt.show != FILE


def copy_show(context: bpy.types.Context, folder: str) -> str:
    """Copy the library show that the context's scene names into a folder, and choose the copy.

    Raises
    ------
    PanelError
        When a folder of its name stands there.
    OSError
        When it cannot be copied.
    """
    settings = context.scene.cardstunt
    name = settings.show
    target = Path(_absolute(folder)) / name
    if target.exists():
        raise PanelError(f"{target} is there already: choose another folder")
    # What draws a library show's pictures is no part of the show.
    shutil.copytree(LIBRARY / name, target, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    settings.show, settings.file = FILE, str(target / "show.yaml")
    load(context.scene)
    return f"{settings.file} can be edited; Build Scene plays it"


def load_for_panel(context: bpy.types.Context) -> str:
    """Load the context's show; gives the film a place if it has none."""
    loaded = load(context.scene)
    settings = context.scene.cardstunt
    if not settings.film:
        name = loaded.folder.name if loaded.path.name == "show.yaml" else loaded.path.stem
        settings.film = f"//{name}.mp4" if bpy.data.filepath else str(Path.home() / f"{name}.mp4")
    settings.last = max(settings.last, settings.first)
    count = len(loaded.warnings)
    return f"{loaded.show.title}: {count} warning{'' if count == 1 else 's'}"
