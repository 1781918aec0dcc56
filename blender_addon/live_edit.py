"""Live edits: after a change of the show the first changed picture at once, the others as there is time."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import bpy
import numpy as np
from PIL import Image

from ..scenes.kept import file_state
from ..scenes.schema_card_section import section_files
from ..scenes.tablet_section import PictureSource
from .bake import sample_exposures, sample_ticks, section_recipe
from .changes import changed_cards, changed_screens
from .data_textures import CARDS, Progress

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from ..scenes.load import LoadedShow
    from ..scenes.section_plan import SectionPlan
    from ..scenes.timeline import FilmTimeline
    from .data_textures import Recipe

    _Pictures = Callable[[NDArray[np.intp]], NDArray[np.uint8]]


class _State:
    """A show, worked out, and how its card section is baked."""

    def __init__(
        self, loaded: LoadedShow, timeline: FilmTimeline, section: SectionPlan, folder: Path
    ) -> None:
        self.section = section
        self.recipe: Recipe = section_recipe(loaded, timeline, section, folder)
        self.at, self.exposure = sample_ticks(timeline), sample_exposures(loaded.show, timeline)
        if section.tablets is not None:
            shown = loaded.show.card_section
            files = {name: file_state(loaded.resolve(name)) for *_, name in section_files(shown)}
            self.pages = shown.pages, files, PictureSource(loaded, section.seats).digest()

    def fits(self, other: _State) -> bool:
        """Whether both have files of the same number, names and size."""
        return (self.recipe.samples, self.recipe.textures) == (other.recipe.samples, other.recipe.textures)

    def can_differ(self, other: _State) -> NDArray[np.bool_]:
        """Tell which samples of both can look different."""
        moved = (self.at != other.at) | (self.exposure != other.exposure)
        one, two = self.section, other.section
        if one.tablets is None or two.tablets is None:
            return moved | changed_cards(one.books, two.books, other.at, other.exposure)
        if self.pages != other.pages:  # screens draw them only as they come up
            return np.ones_like(moved)
        return moved | changed_screens(one.tablets, two.tablets, other.at, other.exposure)

    def first_unlike(self, possible: NDArray[np.bool_], former: _Pictures) -> int | None:
        """Return the first of the possible samples, from 0, that does not look as formerly."""
        left = np.flatnonzero(possible)
        some = 1
        while left.size:
            samples = left[:some]
            unlike = (self.recipe.pictures(samples) != former(samples)).reshape(samples.size, -1).any(-1)
            if unlike.any():
                return int(samples[np.argmax(unlike)])
            left, some = left[some:], min(2 * some, self.recipe.at_a_time)
        return None


class LiveSection:
    """The card section of a built scene, which follows edits of its show.

    Only samples that an edit can have changed are baked again, the one on view first. Until all are, the set
    on disk has no manifest, so nobody else trusts it.

    Parameters
    ----------
    loaded, timeline, section
        The show as it was last baked.
    folder : Path
        Where all sets of the show are.
    """

    def __init__(
        self, loaded: LoadedShow, timeline: FilmTimeline, section: SectionPlan, folder: Path
    ) -> None:
        self._folder = folder
        self._state = _State(loaded, timeline, section, folder)
        recipe = self._state.recipe
        whole = recipe.stands(recipe.key())
        self._stale = np.full(recipe.samples, not whole)

    @property
    def stale(self) -> int:
        """How many samples on disk are not yet of the show as it is now."""
        return int(self._stale.sum())

    def edit(
        self,
        loaded: LoadedShow,
        timeline: FilmTimeline,
        section: SectionPlan,
        image: bpy.types.Image,
        frame: int,
    ) -> int | None:
        """Take in an edited show, and let the scene show it at once where it is looked at.

        Parameters
        ----------
        image : bpy.types.Image
            The image sequence that the scene plays.
        frame : int
            The scene's frame on view.

        Returns
        -------
        int or None
            The first frame of the film that looks different; None if none does. It and the frame on view are
            baked when this returns; `bake_some` and `finish` do the others.

        Raises
        ------
        ValueError
            When the film has other samples than before, or the section another size: bake and build anew.
        OSError
        """
        before, after = self._state, _State(loaded, timeline, section, self._folder)
        if not before.fits(after):
            raise ValueError("the edited show has other samples or another section: build it again")
        possible = before.can_differ(after)
        first = after.first_unlike(possible | self._stale, self._on_disk)
        # From here on the set on disk is of neither show.
        after.recipe.distrust()
        self._state = after
        self._stale |= possible
        wanted = {} if first is None else {first: None}
        shown = timeline.frames[min(max(frame, 1), len(timeline.frames)) - 1].sample - 1
        if self._stale[shown]:
            wanted = {shown: None} | wanted
        self._write(np.array(list(wanted), np.intp))
        self._show(image)
        return None if first is None else timeline.samples[first].first_frame

    def _on_disk(self, samples: NDArray[np.intp]) -> NDArray[np.uint8]:
        """Return what samples' files show now: the former show, perhaps with its pages painted over since."""
        recipe = self._state.recipe
        textures = recipe.textures
        size = textures.layers * textures.height, textures.width, 4
        pictures = np.zeros((samples.size, *size), np.uint8)
        for picture, sample in zip(pictures, samples.tolist(), strict=True):
            if textures.file(sample + 1).is_file():
                with Image.open(textures.file(sample + 1)) as file:
                    picture[:] = recipe.unpacked(np.asarray(file)[::-1])
        return pictures

    def _write(self, samples: NDArray[np.intp]) -> None:
        recipe = self._state.recipe
        if samples.size:
            # Also of a set that was begun for another show.
            recipe.distrust()
            for sample, picture in zip(samples.tolist(), recipe.pictures(samples), strict=True):
                recipe.write(recipe.textures.file(sample + 1), picture)
                self._stale[sample] = False

    def _show(self, image: bpy.types.Image) -> None:
        image.reload()
        # Without the tag nodes and Cycles keep the old pixels, and nothing complains.
        image.update_tag()

    def bake_some(self, image: bpy.types.Image, seconds: float = 0.05) -> int:
        """Bake stale samples for about so long, the first of the film first; returns how many are left.

        When none are left the set is whole again and the scene shows it.
        """
        recipe = self._state.recipe
        end = time.perf_counter() + seconds
        while self._stale.any() and time.perf_counter() < end:
            self._write(np.flatnonzero(self._stale)[: recipe.at_a_time])
        if not self._stale.any():
            recipe.trust(recipe.key())
            self._show(image)
        return self.stale

    def finish(self, image: bpy.types.Image, progress: Progress) -> None:
        """Bake all stale samples."""
        total = self.stale
        while self.bake_some(image, 0.2):
            progress(CARDS, total - self.stale, total)
        progress(CARDS, total, total)
