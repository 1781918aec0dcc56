"""Edits of a built scene's show: what they change first is seen at once, the rest is baked beside other work.

What is known of a scene's bake lasts for as long as the file is open: nothing of it is saved. A timer runs
only while there is something left to bake.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import bpy

from .reports import PanelError, attempt, keep_problems, pointer_progress, redraw_panels

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ...scenes.compiled import Compiled
    from ...scenes.load import LoadedShow
    from ...scenes.schema import Show
    from ...scenes.timeline import FilmTimeline
    from ..data_textures import TextureSet
    from ..live_edit import LiveSection

INTERVAL = 0.02  # seconds, in which Blender is the user's
_RENDERING = 0.5


@dataclass
class Live:
    """A built scene whose bake is known, so that an edit of its show bakes again only what it changes.

    Attributes
    ----------
    section : LiveSection
    textures : TextureSet
        The card section's.
    samples : int
        How many files it has.
    folder : Path
        Where all sets of the show are.
    show : object
        What says whether the show was edited since; None when unknown.
    drills : dict
        What the troupes were baked from.
    manifest : bytes or None
        The card section's manifest; None while the set is not whole.
    total : int
        How many pictures were to be baked when the work began.
    running : bool
    """

    section: LiveSection
    textures: TextureSet
    samples: int
    folder: Path
    show: Any
    drills: dict[str, Any]
    manifest: bytes | None = None
    total: int = 0
    running: bool = False

    def __post_init__(self) -> None:
        self.note_manifest()

    def note_manifest(self) -> None:
        """Note what the manifest is now that the set has been worked on."""
        self.manifest = self._on_disk()

    def _on_disk(self) -> bytes | None:
        path = self.textures.folder / f"{self.textures.stem}.json"
        return path.read_bytes() if path.is_file() else None

    @property
    def left(self) -> int:
        """How many pictures are still of the show before its last edit."""
        return self.section.stale

    def untouched(self, folder: Path) -> bool:
        """Whether the sets are in `folder`, and nobody else has changed the card section's."""
        files = (self.textures.file(sample) for sample in range(1, self.samples + 1))
        return (
            folder.resolve() == self.folder.resolve()
            and self._on_disk() == self.manifest
            and all(file.is_file() for file in files)
        )

    def ended(self) -> None:
        """Note that the work has stopped, at its end or before."""
        self.running = False
        self.note_manifest()


#: By the scene's session_uid, which outlasts undo but not the loading of a file.
_scenes: dict[int, Live] = {}


def begin(
    loaded: LoadedShow, timeline: FilmTimeline, compiled: Compiled, textures: TextureSet, folder: Path
) -> Live:
    """Return what is known of a show that has just been baked into `folder`."""
    from ..live_edit import LiveSection  # noqa: PLC0415  NumPy and Pillow only once they are needed

    section = LiveSection(loaded, timeline, compiled.section, folder)
    drills = _drills(loaded, timeline)
    return Live(section, textures, len(timeline.samples), folder, _show(loaded), drills)


def keep(scene: bpy.types.Scene, live: Live) -> None:
    """Keep it for a scene; what is kept for scenes that are gone is let go."""
    there = {other.session_uid for other in bpy.data.scenes}
    for gone in set(_scenes) - there:
        del _scenes[gone]
    _scenes[scene.session_uid] = live


def of(scene: bpy.types.Scene) -> Live | None:
    """Return what is known of a scene's bake, if anything is."""
    return _scenes.get(scene.session_uid)


def forget(scene: bpy.types.Scene) -> None:
    """Stop baking a scene's pictures, and let go of what is known of its bake."""
    _scenes.pop(scene.session_uid, None)


def is_running(scene: bpy.types.Scene) -> bool:
    """Whether a scene's pictures are being baked."""
    live = of(scene)
    return live is not None and live.running and bpy.app.timers.is_registered(tick)


def pictures(count: int) -> str:
    """Return how many pictures, in words that a predicate can follow."""
    return "1 picture is" if count == 1 else f"{count} pictures are"


def timers_run() -> bool:
    """Whether Blender comes back to timers: without a window it runs a script and ends."""
    return not bpy.app.background


def rendering() -> bool:
    """Whether Blender renders beside the user's work."""
    return bpy.app.is_job_running("RENDER")


def card_image(scene: bpy.types.Scene) -> bpy.types.Image | None:
    """Return the image that a built scene's card section plays."""
    return next((item.image for item in scene.cardstunt_built.textures if not item.troupe), None)


def show_again(image: bpy.types.Image) -> None:
    """Let nodes and renders read an image's files again."""
    image.reload()
    # Without the tag nodes and Cycles keep the old pixels, and nothing complains.
    image.update_tag()


def _show(loaded: LoadedShow) -> Any:
    """Return what differs whenever a show or one of its files is edited."""
    from ...scenes.kept import file_state  # noqa: PLC0415

    return loaded.show, {name: file_state(path) for name, path in loaded.files().items()}


def _drills(loaded: LoadedShow, timeline: FilmTimeline) -> dict[str, Any]:
    """Return what the troupes' textures depend on, beside what the scene is built from."""
    from ...scenes.kept import file_state  # noqa: PLC0415
    from ..bake import sample_ticks  # noqa: PLC0415

    show = loaded.show
    named = {name for troupe in show.troupes.values() for *_, name in troupe.files}
    return {
        "troupes": show.troupes,
        "field": show.field,
        "music": show.music and show.music.bpm,
        "pictures": {name: file_state(loaded.resolve(name)) for name in named},
        "moments": sample_ticks(timeline).tobytes(),
    }


def with_other_paces(strips: Mapping[str, Sequence[int]]) -> dict[str, tuple[int, ...]]:
    """Return the strips of poses that troupes may take after small edits, such as walking elsewhere.

    They are those that each takes by now, marching at every pace, and whatever else they walk at every pace.
    """
    from ...kernels.clips import CLIP_NAMES, STRIPS  # noqa: PLC0415

    more = {}
    for name, taken in strips.items():
        walked = {STRIPS[number].clip for number in taken if STRIPS[number].stride}
        walked.add(CLIP_NAMES.index("march"))
        paces = {number for number, strip in enumerate(STRIPS) if strip.stride and strip.clip in walked}
        more[name] = tuple(sorted(paces | set(taken)))
    return more


def check_poses(scene: bpy.types.Scene, show: Show, strips: Mapping[str, Sequence[int]]) -> None:
    """Check that a built scene has the poses that its troupes now take.

    Parameters
    ----------
    strips : mapping of sequences of int
        Those of each troupe by its name; see `kernels.used_strips`.

    Raises
    ------
    PanelError
        When it has not.
    """
    from ...kernels.clips import STRIPS  # noqa: PLC0415

    looks = {name: (troupe.costume.style, troupe.costume.prop) for name, troupe in show.troupes.items()}
    built: dict[Any, set[int]] = {}
    for item in scene.cardstunt_built.textures:
        if item.troupe:
            built.setdefault(looks[item.troupe], set()).update(map(int, item.strips.split()))
    for name, taken in strips.items():
        missing = sorted(set(taken) - built[looks[name]])
        if missing:
            names = " and ".join(STRIPS[number].name for number in missing)
            raise PanelError(f"the scene has no poses for what {name} now does ({names}): build it again")


def follow(context: bpy.types.Context, live: Live, loaded: LoadedShow) -> str:
    """Let the context's scene play an edited show: its first change at once, the others as there is time.

    Raises
    ------
    PanelError
        When the scene must be built again.
    ShowError, OSError
    """
    from ...scenes.card_section import compile_section  # noqa: PLC0415
    from ...scenes.compiled import Compiled, compile_troupes  # noqa: PLC0415
    from ...scenes.timeline import film_timeline  # noqa: PLC0415

    show = _show(loaded)
    if show == live.show:
        _go_on(context, live)
        said = f"{pictures(live.left)} being baked" if live.left else "nothing has changed"
        return f"{loaded.show.title}: {said}"
    live.show = None
    timeline = film_timeline(loaded.show)
    drills, section = _drills(loaded, timeline), compile_section(loaded)
    compiled = None
    if drills != live.drills:
        troupes = compile_troupes(loaded)
        compiled = Compiled(section, troupes.drills, troupes.costumes)
        check_poses(context.scene, loaded.show, strips_of(compiled))
    said = _edit(context, live, (loaded, timeline, section))
    if compiled is not None:
        baked = _bake_troupes(context, live, (loaded, timeline, compiled))
        live.drills = drills
        said += f", {baked} troupe{'s' * (baked != 1)} baked" if baked else ""
    live.show = show
    context.view_layer.update()
    return f"{loaded.show.title}: {said}"


def _edit(context: bpy.types.Context, live: Live, edited: tuple[Any, Any, Any]) -> str:
    """Take in the edit of the card section and go on with its bake; says what is seen of it."""
    scene, frames = context.scene, edited[1].frames
    on_view = frames[min(max(scene.frame_current, 1), len(frames)) - 1].sample
    file = live.textures.file(on_view)
    before = file.read_bytes()
    try:
        first = live.section.edit(*edited, card_image(scene), scene.frame_current)
    except ValueError as error:
        raise PanelError(str(error)) from error
    finally:
        live.note_manifest()
    if first is not None and file.read_bytes() == before:
        scene.frame_set(first)
    left = live.left
    _go_on(context, live)
    if first is None:
        said = "nothing that the film shows of the card section has changed"
    else:
        said = f"the card section has changed from frame {first} on"
    return f"{said}; {pictures(left)} being baked" if live.running and left else said


def strips_of(compiled: Compiled) -> dict[str, tuple[int, ...]]:
    """Return the strips of poses that each troupe takes."""
    from ...kernels.used_strips import used_strips  # noqa: PLC0415

    return {name: used_strips(drill) for name, drill in compiled.drills.items()}


def _bake_troupes(context: bpy.types.Context, live: Live, edited: tuple[Any, Any, Compiled]) -> int:
    """Bake the troupes that have changed; returns how many."""
    from ..bake import sample_ticks  # noqa: PLC0415
    from ..bake_troupes import bake_troupes  # noqa: PLC0415

    loaded, timeline, compiled = edited
    with pointer_progress(context) as progress:
        sets = bake_troupes(
            compiled, sample_ticks(timeline), live.folder, progress, loaded.show.film.key_error
        )
    show_troupes(context.scene, sets, timeline)
    return sum(textures.baked for textures in sets.values())


def show_troupes(scene: bpy.types.Scene, sets: Mapping[str, TextureSet], timeline: FilmTimeline) -> None:
    """Let a scene show its troupes as they are now baked."""
    from ..nodes.clock import set_troupe_clocks  # noqa: PLC0415

    set_troupe_clocks(scene, sets, timeline)
    for item in scene.cardstunt_built.textures:
        if item.troupe:
            show_again(item.image)


def _go_on(context: bpy.types.Context, live: Live) -> None:
    """Bake what is left: beside the user's work, or at once where nobody looks."""
    if not timers_run():
        with pointer_progress(context) as progress:
            live.section.finish(card_image(context.scene), progress)
        live.ended()
    else:  # also when nothing is left: the set is whole only with its manifest
        live.total, live.running = live.left, True
        if not bpy.app.timers.is_registered(tick):
            bpy.app.timers.register(tick, first_interval=INTERVAL)


def stop(context: bpy.types.Context) -> str:
    """Stop baking the context's scene; what is baked stays, and Bake goes on from there."""
    live, image = of(context.scene), card_image(context.scene)
    if live is None or not live.running:
        return "Nothing is being baked"
    live.ended()
    if image is not None:
        show_again(image)
    return f"Stopped: {pictures(live.left)} left; Bake goes on from there"


def tick() -> float | None:
    """Bake for a moment; returns the seconds to the next time, None when nothing is left to do."""
    if rendering():  # whose pictures must not change under it
        return _RENDERING
    there = {scene.session_uid: scene for scene in bpy.data.scenes}
    for uid, live in _scenes.items():
        if live.running:
            _bake_some(there.get(uid), live)
            break
    redraw_panels()
    return INTERVAL if any(live.running for live in _scenes.values()) else None


def _bake_some(scene: bpy.types.Scene | None, live: Live) -> None:
    image = None if scene is None else card_image(scene)
    if image is None:  # undone or deleted
        live.ended()
        return
    _, problems = attempt(bpy.context, lambda _: str(live.section.bake_some(image)))
    if problems:
        keep_problems(problems)
    if problems or not live.left:
        live.ended()


def register() -> None:
    """Nothing to do: the timer runs only while something is baked."""


def unregister() -> None:
    """Stop what is being baked, and forget all scenes."""
    if bpy.app.timers.is_registered(tick):
        bpy.app.timers.unregister(tick)
    _scenes.clear()
