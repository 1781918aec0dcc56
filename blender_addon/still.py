"""A still: one moment of a show through one of its cameras, as a finished picture."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

from ..scenes.compiled import compile_show
from ..scenes.errors import listing, nearest_name, quoted
from ..scenes.timeline import FilmFrame, FilmTimeline, Sample
from . import render
from .bake import bake_show
from .build import build_file
from .files import written_aside
from .film import finish_of
from .finish import finish_file
from .rendered import blender_log, rendered_file

if TYPE_CHECKING:
    from ..scenes.load import LoadedShow
    from ..scenes.schema_film import Shot
    from .data_textures import Progress
    from .quality import Quality


class StillError(ValueError):
    """A still that the show cannot give; the message says which ones it can."""


@dataclass(frozen=True)
class Still:
    """Which picture of a show.

    Attributes
    ----------
    shot : str or None
        Name of the shot whose camera sees it; None is the first.
    at : Fraction or None
        Show time in seconds, within the shot; None is its middle.
    light : str or None
        Another light than the show's.
    size : (int, int) or None
        Other pixels than the film's.
    """

    shot: str | None = None
    at: Fraction | None = None
    light: str | None = None
    size: tuple[int, int] | None = None


def _shot(loaded: LoadedShow, name: str | None) -> Shot:
    shots = loaded.show.film.shots
    if name is None:
        return shots[0]
    for shot in shots:
        if shot.name == name:
            return shot
    names = [shot.name for shot in shots]
    nearest = nearest_name(name, names)
    meant = f"; did you mean {quoted(nearest)}?" if nearest else ""
    raise StillError(f"no shot is called {quoted(name)}: there are {listing(names)}{meant}")


def still_show(loaded: LoadedShow, still: Still) -> tuple[LoadedShow, FilmTimeline]:
    """Return the show with nothing in its film but the still, and the timeline of that.

    Raises
    ------
    StillError
        When there is no such shot, or the moment lies outside it.
    """
    shot = _shot(loaded, still.shot)
    at = (shot.start + shot.end) / 2 if still.at is None else still.at
    if not shot.start <= at < shot.end:
        raise StillError(
            f"{float(at):g} s is not in the shot {quoted(shot.name)}, which shows "
            f"{float(shot.start):g} s to {float(shot.end):g} s"
        )
    show = loaded.show
    film = show.film.model_copy(update={"shots": (shot,), "size": still.size or show.film.size})
    stadium = show.stadium.model_copy(update={"light": still.light or show.stadium.light})
    progress = (at - shot.start) / (shot.end - shot.start)
    timeline = FilmTimeline((FilmFrame(1, 0, progress, at, 1),), (Sample(1, 0, progress, at, 1),), film.fps)
    return replace(loaded, show=show.model_copy(update={"film": film, "stadium": stadium})), timeline


def make_still(
    loaded: LoadedShow,
    still: Still,
    output: Path,
    quality: Quality = "standard",
    progress: Progress = lambda stage, done, of: None,
) -> None:
    """Make a still; its file is written whole or not at all.

    Parameters
    ----------
    output : Path
        A PNG or JPEG.

    Raises
    ------
    StillError, ShowError, RenderError, OSError
    """
    shown, timeline = still_show(loaded, still)
    compiled = compile_show(loaded, partial(progress, "compile"))
    output.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="cardstunt_still_") as temporary:
        folder = Path(temporary).resolve()
        bake = bake_show(shown, timeline, folder / "textures", progress, compiled)
        progress("build", 0, 1)
        log = folder / "blender.log"
        with blender_log(log):
            build_file(shown, timeline, bake, quality, folder / "show.blend")
            scene = render.open_blend(folder / "show.blend")
        progress("build", 1, 1)
        progress("render", 0, 1)
        render.render_samples(scene, [(1, 1)], folder, log, lambda sample, seconds: None)
        finish_file(rendered_file(folder, 1), folder / "still.png", finish_of(shown, timeline.samples[0]))
        progress("render", 1, 1)
        with Image.open(folder / "still.png") as picture, written_aside(output) as aside:
            if output.suffix.lower() == ".png":
                picture.save(aside)
            else:
                picture.save(aside, quality=92, subsampling=0)
