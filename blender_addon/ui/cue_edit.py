"""Editing a cue in the panel: written into the show file, shown at once in a built scene, undone by undo."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import bpy

from . import building, cue_list, show_file, shows
from .reports import PanelError, attempt, keep_error, keep_problems

if TYPE_CHECKING:
    from ...scenes.errors import Problem
    from .cue_list import CueRow

#: What goes with some orders of turning only, as the show's schema has it.
_OPTIONS = {
    "from": ("sweep",),
    "centre": ("ripple", "iris", "spiral"),
    "windings": ("spiral",),
    "groups": ("canon",),
    "along": ("canon",),
    "map": ("map",),
}


def take_in(context: bpy.types.Context, row: CueRow, field: str) -> None:
    """Take in what was typed for a cue; what cannot be is told below it, and the show stays as it is."""
    scene, number, value = row.id_data, row.number, str(getattr(row, field))
    _, problems = attempt(context, lambda context: edit(context, scene, number, field, value))
    if problems:
        with cue_list.filling():
            row.wrong, row.told = field, " ".join(problem.message for problem in problems)
            setattr(row, field, value)


def edit(context: bpy.types.Context, scene: bpy.types.Scene, number: int, field: str, value: str) -> str:
    """Write a cue's new value into the show file, and let a built scene play it.

    Parameters
    ----------
    number : int
        Which of the show's cues, from 0.
    field : {"at", "page", "order", "over"}
    value : str
        As it is to be read in the show file.

    Returns
    -------
    str
        What was done.

    Raises
    ------
    PanelError, ShowError, OSError
        When the show cannot be so; the file is as it was then. Where only the scene cannot follow, the panel
        says so.
    """
    from ...scenes.errors import ShowError  # noqa: PLC0415  enabling the extension imports bpy alone
    from .show_edit import NotWrittenError  # noqa: PLC0415

    path, built = cue_list.source(scene), building.is_built(scene)
    if show_file.digest(path.read_bytes()) != scene.cardstunt_cues.text:
        raise PanelError(f"{path.name} was edited elsewhere since: Load Show, then edit again")
    if scene.cardstunt_cues.rows[number].gesture and field == "page":
        raise PanelError("this cue is a gesture, which has no page")
    former = scene.cardstunt_cues.text
    try:
        show_file.rewrite(path, lambda text: changed(text, number, field, value))
    except NotWrittenError as error:
        raise PanelError(f"{path.name} has this somewhere else: {error}; edit it there") from None
    if not built or context.scene != scene:
        return f"{shows.load(scene).show.title}: written to {path.name}"
    try:
        return building.bake_again(context)
    except ShowError:  # such as a book that has become too thick
        show_file.put_back(path, former)
        shows.load(scene)
        raise
    except (PanelError, OSError) as error:  # the show can be so, but the scene cannot follow
        keep_error(str(error))
        return f"Written to {path.name}"


def changed(text: str, number: int, field: str, value: str) -> str:
    """Return the text of a show with another value in one of its cues; see `edit`.

    Raises
    ------
    NotWrittenError
        When the cue, or its flip, is written elsewhere.
    """
    import yaml  # noqa: PLC0415

    from .show_edit import scalar, with_key, without_key  # noqa: PLC0415

    cue = (*cue_list.CUES, number)
    if field in ("at", "page"):
        return with_key(text, (*cue, field), scalar(value))
    flip = _flip(yaml.load(text, getattr(yaml, "CBaseLoader", yaml.BaseLoader)), number)
    if not isinstance(flip, dict):  # left out, or the order alone
        parts = {"order": flip} if isinstance(flip, str) and flip else {}
        parts[field] = value
        alone = field == "order"
        inner = ", ".join(f"{key}: {scalar(part)}" for key, part in parts.items())
        return with_key(text, (*cue, "flip"), scalar(value) if alone else f"{{ {inner} }}")
    if field == "order":
        for option, orders in _OPTIONS.items():
            if value not in orders and option in flip:
                text = without_key(text, (*cue, "flip", option))
    return with_key(text, (*cue, "flip", field), scalar(value))


def _flip(data: Any, number: int) -> Any:
    try:
        return data["card_section"]["cues"][number].get("flip")
    except (KeyError, IndexError, TypeError, AttributeError):
        return None


def check(context: bpy.types.Context) -> str:
    """Look for what people and paper will not manage of the context's show, and put it to its cues."""
    from ...scenes.card_section import compile_section  # noqa: PLC0415
    from ...scenes.errors import dotted  # noqa: PLC0415
    from ...scenes.feasibility import examine_feasibility  # noqa: PLC0415
    from .reports import pointer_progress  # noqa: PLC0415

    loaded = shows.load(context.scene)
    with pointer_progress(context) as progress:
        found = examine_feasibility(
            loaded, compile_section(loaded), lambda done, of: progress("check", done, of)
        ).findings
    odd = [(problem.path, problem.message) for problem in loaded.warnings]
    odd += [(dotted(finding.path), finding.sentence) for finding in found]
    count = cue_list.note(context.scene, odd)
    return f"{loaded.show.title}: {len(odd)} findings, at {count} cues"


@bpy.app.handlers.persistent
def follow_undo(*_: object) -> None:
    """After undo and redo: put the show files back that were edited here, and let the scenes play them."""
    for scene in bpy.data.scenes:
        text = scene.cardstunt_cues.text
        former = cue_list.seen.get(scene.session_uid)
        cue_list.seen[scene.session_uid] = text
        if text and former is not None and former != text:
            path = cue_list.source(scene)
            done, problems = attempt(
                bpy.context, lambda _, path=path, text=text: str(show_file.put_back(path, text))
            )
            if problems:
                keep_problems(problems)
            elif done == "True" and building.is_built(scene):
                _bake_soon(scene)


def _bake_soon(scene: bpy.types.Scene) -> None:
    """Bake a scene once Blender has ended its undo."""
    uid = scene.session_uid

    def bake() -> None:
        context = bpy.context
        if context.scene is not None and context.scene.session_uid == uid:
            problems: tuple[Problem, ...]
            _, problems = attempt(context, building.bake_again)
            if problems:
                keep_problems(problems)

    if bpy.app.background:
        bake()
    else:
        bpy.app.timers.register(bake, first_interval=0.0)


_HANDLERS = ("undo_post", "redo_post")


def register() -> None:
    """Follow undo and redo."""
    for name in _HANDLERS:
        getattr(bpy.app.handlers, name).append(follow_undo)


def unregister() -> None:
    """Follow them no longer, and forget what was written."""
    for name in _HANDLERS:
        getattr(bpy.app.handlers, name).remove(follow_undo)
    show_file.forget()
