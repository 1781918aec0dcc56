"""What the panel shows and remembers: a scene's settings, and what the last operator found."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import bpy
from bpy.props import (
    BoolProperty,
    CollectionProperty,
    EnumProperty,
    FloatProperty,
    IntProperty,
    PointerProperty,
    StringProperty,
)

from ..quality import QUALITIES

LIBRARY = Path(__file__).parent.parent.parent / "scenes" / "library"
#: The choice of a show that is no library show's name.
FILE = "FILE"
#: Options of a path that may begin with // for the folder of the .blend.
_PATH = {"PATH_SUPPORTS_BLEND_RELATIVE"}


def show_items() -> list[tuple[str, str, str]]:
    """Return the choices of a show: library shows by name, then a file.

    Found by their files alone, since a panel is drawn before anything heavy is imported.
    """
    names = sorted(path.parent.name for path in LIBRARY.glob("*/show.yaml"))
    library = [
        (name, name.replace("_", " ").capitalize(), "A show that comes with Cardstunt") for name in names
    ]
    return [*library, (FILE, "Show File", "A show file of your own")]


class Settings(bpy.types.PropertyGroup):
    """A scene's settings: its show, and the film to be made."""

    show: EnumProperty(name="Show", description="The show to work on", items=show_items())
    file: StringProperty(
        name="File", description="The show file, show.yaml", subtype="FILE_PATH", options=_PATH
    )
    quality: EnumProperty(
        name="Quality",
        description="What a picture of the film may cost",
        items=[(name, name.capitalize(), "") for name in QUALITIES],
    )
    film: StringProperty(name="Film", description="The MP4 to be made", subtype="FILE_PATH", options=_PATH)
    some_frames: BoolProperty(
        name="Only Some Frames", description="Make a film of these frames only", default=False
    )
    first: IntProperty(name="First", description="First frame of the film to be made", default=1, min=1)
    last: IntProperty(name="Last", description="Last frame of the film to be made", default=24, min=1)


class Texture(bpy.types.PropertyGroup):
    """A data texture of a built scene: the image, and the set in the bake that it plays."""

    image: PointerProperty(type=bpy.types.Image)
    troupe: StringProperty(description="Empty for the card section")
    strips: StringProperty(description="Numbers of the strips of poses that the troupe takes")


class Built(bpy.types.PropertyGroup):
    """What a scene was built from; empty in scenes that are not built."""

    source: StringProperty(name="Show")
    folder: StringProperty(name="Textures", subtype="DIR_PATH", options=_PATH)
    layout: StringProperty(description="Hash of all that a bake alone cannot follow")
    textures: CollectionProperty(type=Texture)


class Problem(bpy.types.PropertyGroup):
    """A problem or warning of the show."""

    place: StringProperty()
    text: StringProperty()
    error: BoolProperty()


class Status(bpy.types.PropertyGroup):
    """What the last operator found, and how far the film is."""

    title: StringProperty()
    facts: StringProperty(description="A line each")
    troupes: StringProperty(description="The troupes' names, a line each")
    problems: CollectionProperty(type=Problem)
    film_state: EnumProperty(
        items=[(name, name.capitalize(), "") for name in ("NONE", "RUNNING", "STOPPING", "ENDED")]
    )
    film_text: StringProperty()
    film_progress: FloatProperty(subtype="FACTOR")
    film_result: StringProperty(subtype="FILE_PATH")


_CLASSES: tuple[Any, ...] = (Settings, Texture, Built, Problem, Status)


def register() -> None:
    """Register the groups on scenes and on the window manager."""
    for cls in _CLASSES:
        bpy.utils.register_class(cls)
    bpy.types.Scene.cardstunt = PointerProperty(type=Settings)
    bpy.types.Scene.cardstunt_built = PointerProperty(type=Built)
    bpy.types.WindowManager.cardstunt = PointerProperty(type=Status, options={"SKIP_SAVE"})


def unregister() -> None:
    """Remove the groups."""
    del bpy.types.WindowManager.cardstunt
    del bpy.types.Scene.cardstunt_built
    del bpy.types.Scene.cardstunt
    for cls in reversed(_CLASSES):
        bpy.utils.unregister_class(cls)
