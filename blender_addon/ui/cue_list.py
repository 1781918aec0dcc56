"""The cues of a scene's show as a list, read whenever the show file, which stays the truth, is loaded."""

from __future__ import annotations

import bisect
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import bpy
from bpy.props import (
    BoolProperty,
    CollectionProperty,
    EnumProperty,
    IntProperty,
    PointerProperty,
    StringProperty,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ...scenes.errors import YamlPath
    from ...scenes.load import LoadedShow
    from ...scenes.timeline import FilmTimeline

CUES = ("card_section", "cues")
#: Orders of turning, as a show names them, with what each does.
ORDERS = {
    "together": "All at once",
    "sweep": "From one side to the other, or at any angle",
    "ripple": "Outwards from a point",
    "iris": "Inwards to a point, or outwards from it",
    "spiral": "Round and round a point",
    "diagonal": "From corner to corner",
    "rows": "Row by row",
    "columns": "Column by column",
    "dissolve": "Each at a moment of their own",
    "canon": "In groups, one after another",
    "map": "In the order of a picture's greys, which the show file names",
}


#: Digest of the text that each scene's cues were of when they were looked at last, by its session_uid.
seen: dict[int, str] = {}


class Filling:
    """Whether the list is being filled, and what changes in it is no edit."""

    now = False


@contextmanager
def filling() -> Iterator[None]:
    """Let what is set in the list meanwhile be no edit of a cue."""
    former, Filling.now = Filling.now, True
    try:
        yield
    finally:
        Filling.now = former


def _edited(field: str) -> Any:
    def update(row: CueRow, context: bpy.types.Context) -> None:
        if not Filling.now:
            from .cue_edit import take_in  # noqa: PLC0415  it imports this module

            take_in(context, row, field)

    return update


def _selected(cues: CueList, context: bpy.types.Context) -> None:
    if not Filling.now:
        go_to(cues.id_data)


class CueRow(bpy.types.PropertyGroup):
    """A cue. What can be edited is written as in the show file, and written there when it is edited."""

    def _pages(self, context: bpy.types.Context, text: str) -> list[str]:
        return str(self.id_data.cardstunt_cues.pages).splitlines()

    # The list searches and sorts by the name.
    name: StringProperty()
    number: IntProperty(description="Which of the show's cues, from 0")
    line: IntProperty(description="Its line in the show file")
    clock: StringProperty(description="When it is called, in show time")
    frame: IntProperty(description="First frame of the film that comes after it; 0 where the film has none")
    gesture: StringProperty()
    notes: StringProperty(description="What is odd about it, a line each")
    wrong: StringProperty(description="The field whose text could not be taken in")
    told: StringProperty(description="Why")
    at: StringProperty(
        name="At",
        description="When it is called: 4 s, bar 3 beat 2, marker chorus + 2 bars, frame 240",
        update=_edited("at"),
    )
    page: StringProperty(
        name="Page",
        description="The page to be turned to",
        search=_pages,
        search_options=set(),  # in the order of the show, and no other
        update=_edited("page"),
    )
    order: EnumProperty(
        name="Flip",
        description="In which order people turn",
        items=[(name, name.capitalize(), text) for name, text in ORDERS.items()],
        update=_edited("order"),
    )
    over: StringProperty(
        name="Over",
        description="Time from the first person's turn to the last one's: 1.5 s, 2 beats, 1 bar",
        update=_edited("over"),
    )


class CueList(bpy.types.PropertyGroup):
    """The cues of a scene's show as they were read last."""

    rows: CollectionProperty(type=CueRow)
    active: IntProperty(
        name="Cue", description="Selecting a cue goes to its first frame in a built scene", update=_selected
    )
    source: StringProperty(description="The show file that they were read from")
    text: StringProperty(description="Digest of its text then")
    pages: StringProperty(description="The pages' names, a line each")
    own: BoolProperty(description="Whether the show may be written to: those of the library are not")


def fill(scene: bpy.types.Scene, loaded: LoadedShow) -> None:
    """Fill a scene's list with the cues of a show that has just been loaded."""
    from ...scenes.timeline import film_timeline  # noqa: PLC0415  pydantic only once it is needed
    from .show_file import digest, of_library  # noqa: PLC0415

    cues, section = scene.cardstunt_cues, loaded.show.card_section
    frames = first_frames(film_timeline(loaded.show), [cue.at for cue in section.cues])
    with filling():
        same = cues.source == str(loaded.path)
        active = cues.active if same else 0
        # In place: a field of a row may be what this was called from.
        while len(cues.rows) > len(section.cues):
            cues.rows.remove(len(cues.rows) - 1)
        while len(cues.rows) < len(section.cues):
            cues.rows.add()
        for number, (row, cue) in enumerate(zip(cues.rows, section.cues, strict=True)):
            row.number, row.frame = number, frames[number]
            row.line = loaded.locate((*CUES, number))[0]
            row.clock = clock(cue.at)
            row.at = _written(loaded, (*CUES, number, "at"))
            row.page = cue.page or ""
            row.gesture = cue.gesture.kind if cue.gesture is not None else ""
            row.order = cue.flip.order
            row.over = _written(loaded, (*CUES, number, "flip", "over")) or "0 s"
            row.name, row.wrong = f"{row.page or row.gesture} {row.order}", ""
        cues.active = min(active, len(section.cues) - 1)
        cues.pages = "\n".join(section.pages)
        cues.source, cues.text = str(loaded.path), digest(loaded.path.read_bytes())
        cues.own = not of_library(loaded.path)
    seen[scene.session_uid] = cues.text
    note(scene, ((problem.path, problem.message) for problem in loaded.warnings))


def _written(loaded: LoadedShow, path: YamlPath) -> str:
    return loaded.source.texts.get(path, "")


def note(scene: bpy.types.Scene, findings: Iterable[tuple[str, str]]) -> int:
    """Put what is odd about cues to them; returns about how many of them there is something.

    Parameters
    ----------
    findings : iterable of (str, str)
        YAML path such as ``card_section.cues[2].page``, and a sentence.
    """
    rows = scene.cardstunt_cues.rows
    notes: dict[int, list[str]] = {}
    for path, sentence in findings:
        before, _, rest = path.partition("card_section.cues[")
        number = rest.partition("]")[0]
        if not before and number.isdecimal():
            notes.setdefault(int(number), []).append(sentence)
    for row in rows:
        row.notes = "\n".join(notes.get(row.number, ()))
    return len(notes)


def clock(at: Fraction) -> str:
    """Write a moment of the show as minutes, seconds and tenths: ``1:07.5``."""
    tenths = round(at * 10)
    return f"{tenths // 600}:{tenths // 10 % 60:02d}.{tenths % 10}"


def first_frames(timeline: FilmTimeline, moments: list[Fraction]) -> list[int]:
    """Return the first frame of the film that shows each moment or what comes after it in the same shot.

    0 where no shot goes on over the moment. A shot that has a moment before its first picture does not show
    it: what it shows then stands already.
    """
    shots: dict[int, list[tuple[Fraction, int]]] = {}
    for sample in timeline.samples:
        shots.setdefault(sample.shot, []).append((sample.show_time, sample.first_frame))
    found = []
    for moment in moments:
        frames = []
        for samples in shots.values():
            times = [time for time, _ in samples]
            place = bisect.bisect_left(times, moment)
            if times[0] <= moment and place < len(samples):
                frames.append(samples[place][1])
        found.append(min(frames, default=0))
    return found


def active_row(scene: bpy.types.Scene) -> CueRow | None:
    """Return the selected cue, if there is one."""
    cues = scene.cardstunt_cues
    return cues.rows[cues.active] if 0 <= cues.active < len(cues.rows) else None


def go_to(scene: bpy.types.Scene) -> None:
    """Go to the first frame of the selected cue, where the scene is built and the film has one."""
    from .building import is_built  # noqa: PLC0415  it imports this module

    row = active_row(scene)
    if row is not None and row.frame and is_built(scene) and scene.frame_current != row.frame:
        scene.frame_set(row.frame)


def source(scene: bpy.types.Scene) -> Path:
    """Return the show file that a scene's cues were read from."""
    return Path(scene.cardstunt_cues.source)


_CLASSES: tuple[Any, ...] = (CueRow, CueList)


def register() -> None:
    """Register the list on scenes."""
    for cls in _CLASSES:
        bpy.utils.register_class(cls)
    bpy.types.Scene.cardstunt_cues = PointerProperty(type=CueList)


def unregister() -> None:
    """Remove the list."""
    seen.clear()
    del bpy.types.Scene.cardstunt_cues
    for cls in reversed(_CLASSES):
        bpy.utils.unregister_class(cls)
