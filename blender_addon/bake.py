"""Bake to disk: every performer's state at every sample of the film, as data textures.

A texture's pixels are performers. Cards and screens are byte PNG, since colours must be exact to the byte;
gymnasts are float EXR (`bake_troupes`).
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ..kernels.array_module import to_numpy
from ..kernels.books import LAYERS, Books, card_states
from ..kernels.tablets import tablet_states
from ..kernels.ticks import ticks
from ..kernels.used_strips import used_strips
from ..scenes.compiled import Compiled, compile_show
from ..scenes.load import LoadedShow
from ..scenes.schema import Show
from ..scenes.schema_card_section import section_files
from ..scenes.seats import SeatMap
from ..scenes.section_plan import SectionPlan
from ..scenes.timeline import FilmTimeline
from .bake_light_shows import LightSet, bake_light_shows
from .bake_troupes import bake_troupes
from .card_textures import read_cards, write_cards
from .data_textures import CARDS, Progress, Recipe, TextureSet, content_key, write_png


def sample_ticks(timeline: FilmTimeline) -> npt.NDArray[np.int64]:
    """Return the show times of a film's samples: (F,) int64 ticks."""
    return np.array([ticks(sample.show_time) for sample in timeline.samples], np.int64)


def sample_exposures(show: Show, timeline: FilmTimeline) -> npt.NDArray[np.int64]:
    """Return how much show time each sample is exposed for: (F,) int64 ticks.

    A picture that is held for some frames stands for as much show time as passes in them; the shutter is open
    for its share of that, from the sample's moment on.
    """
    film = show.film
    # Degrees were read as radians: whole millionths of a turn make them exact again.
    share = Fraction(round(film.shutter / (2 * math.pi) * 1_000_000), 1_000_000)
    by_shot = [ticks(share * film.look.hold * shot.speed / film.fps) for shot in film.shots]
    return np.array([by_shot[sample.shot] for sample in timeline.samples], np.int64)


def cards_recipe(
    books: Books, at: npt.NDArray[np.int64], exposure: npt.NDArray[np.int64], folder: Path
) -> Recipe:
    """Return how cards are baked at moments (F,), exposed for (F,), both int64 ticks."""
    count = books.rows * books.columns
    return Recipe(
        TextureSet(folder, CARDS, ".png", count, books.columns, books.rows, LAYERS),
        len(at),
        lambda: content_key(books, at, exposure),
        lambda some: to_numpy(card_states(books, at[some], exposure[some])),
        write_cards,
        lambda pixels: read_cards(pixels, books.rows),
    )


def tablets_recipe(
    loaded: LoadedShow,
    section: SectionPlan,
    at: npt.NDArray[np.int64],
    exposure: npt.NDArray[np.int64],
    folder: Path,
) -> Recipe:
    """Return how the screens of a section in the mode `tablets` are baked."""
    from ..scenes.tablet_section import PictureSource  # noqa: PLC0415  which loads what reads video

    tablets = section.tablets
    assert tablets is not None
    n = tablets.pixels
    source = PictureSource(loaded, section.seats)

    def key() -> str:
        # Moving pictures are drawn as they are asked for: the set depends on the pages and their files.
        shown = loaded.show.card_section
        pages = shown.model_dump(include={"pages"}, warnings=False)
        files = {
            name: hashlib.sha256(loaded.resolve(name).read_bytes()).hexdigest()
            for *_, name in section_files(shown)
        }
        return content_key(tablets, at, exposure, pages, files, source.digest())

    return Recipe(
        TextureSet(folder, CARDS, ".png", len(section.seats.taken), tablets.columns * n, tablets.rows * n, 1),
        len(at),
        key,
        lambda some: to_numpy(tablet_states(tablets, at[some], source, exposure[some])),
        write_png,
    )


def section_recipe(loaded: LoadedShow, timeline: FilmTimeline, section: SectionPlan, folder: Path) -> Recipe:
    """Return how a show's card section is baked for its film into `folder`, where all sets are."""
    at, exposure = sample_ticks(timeline), sample_exposures(loaded.show, timeline)
    if section.mode == "tablets":
        return tablets_recipe(loaded, section, at, exposure, folder / CARDS)
    return cards_recipe(section.books, at, exposure, folder / CARDS)


def bake_cards(
    books: Books,
    at: npt.NDArray[np.int64],
    folder: Path,
    progress: Progress,
    exposure: npt.NDArray[np.int64] | None = None,
) -> TextureSet:
    """Bake a card section at the given moments (F,) int64 ticks into `folder`; see `cards_recipe`."""
    return cards_recipe(books, at, np.zeros_like(at) if exposure is None else exposure, folder).bake(progress)


@dataclass(frozen=True)
class Bake:
    """All that a film's scene plays.

    Attributes
    ----------
    cards : TextureSet
        The card section's, or of its screens.
    troupes : dict of TextureSet
        Each troupe's by name.
    seats : SeatMap
        Where the card-holders sit.
    present : ndarray of bool, shape (N,)
        Which cells of the card section have a person.
    strips : dict of tuples of int
        The strips of poses that each troupe's gymnasts take, by name; see `kernels.used_strips`.
    lights : tuple of LightSet
        The light cues that the film shows.
    """

    cards: TextureSet
    troupes: dict[str, TextureSet]
    seats: SeatMap
    present: npt.NDArray[np.bool_]
    strips: dict[str, tuple[int, ...]]
    lights: tuple[LightSet, ...] = ()


def bake_show(
    loaded: LoadedShow,
    timeline: FilmTimeline,
    folder: Path,
    progress: Progress,
    compiled: Compiled | None = None,
) -> Bake:
    """Bake everything a film needs into `folder`, keeping what stands with the same key.

    Parameters
    ----------
    compiled : Compiled, optional
        What `compile_show` made of the show; worked out here when left out.

    Raises
    ------
    ShowError
        See `scenes.compiled.compile_show`.
    OSError
        When a file cannot be written; nothing half-written is left to be trusted.
    """
    compiled = compiled or compile_show(loaded)
    cards = section_recipe(loaded, timeline, compiled.section, folder).bake(progress)
    at = sample_ticks(timeline)
    troupes = bake_troupes(compiled, at, folder, progress, loaded.show.film.key_error)
    strips = {name: used_strips(drill) for name, drill in compiled.drills.items()}
    lights = bake_light_shows(compiled.lights, at, sample_exposures(loaded.show, timeline), folder, progress)
    present = to_numpy(compiled.books.present)
    return Bake(cards, troupes, compiled.section.seats, present, strips, lights)
