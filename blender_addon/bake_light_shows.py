"""Light shows as data textures: what shines or flies, at the samples of the film in which anything does.

Three layers a file; see `kernels.particles`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ..kernels.array_module import to_numpy
from ..kernels.light_shows import Effect, light_states, shining
from ..kernels.particles import LAYERS
from .data_textures import Progress, Recipe, TextureSet, content_key, write_exr

WIDTH = 256


@dataclass(frozen=True)
class LightSet:
    """A light cue, baked.

    Attributes
    ----------
    cue : int
        Number of the cue in the show, from 0.
    effect : Effect
        What it was baked from.
    textures : TextureSet
    shown : ndarray of int64, shape (S,)
        Which file each sample of the film shows, from 1; 0 where nothing is to be seen.
    at, exposure : ndarray of int64, shape (S,)
        Ticks: when each sample is, and for how long it is exposed.
    """

    cue: int
    effect: Effect
    textures: TextureSet
    shown: npt.NDArray[np.int64]
    at: npt.NDArray[np.int64]
    exposure: npt.NDArray[np.int64]


def files_shown(effect: Effect, at: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return which file of a set each sample at moments (S,) ticks shows, from 1; 0 for none."""
    seen = shining(effect, at)
    return np.where(seen, np.cumsum(seen), 0)


def light_recipe(
    cue: int,
    effect: Effect,
    at: npt.NDArray[np.int64],
    exposure: npt.NDArray[np.int64],
    folder: Path,
) -> Recipe:
    """Return how a light cue is baked at moments (S,), exposed for (S,), both ticks: where it is seen."""
    name = f"light_{cue + 1:03d}"
    width = min(effect.count, WIDTH)
    height = -(-effect.count // width)
    samples = np.flatnonzero(shining(effect, at))
    at, exposure = at[samples], exposure[samples]

    def pictures(some: npt.NDArray[np.intp]) -> npt.NDArray[np.float32]:
        pixels = np.zeros((len(some), LAYERS, height * width, 4), np.float32)
        pixels[:, :, : effect.count] = to_numpy(light_states(effect, at[some], exposure[some]))
        return pixels.reshape(len(some), LAYERS * height, width, 4)

    textures = TextureSet(folder / name, name, ".exr", effect.count, width, height, LAYERS)
    return Recipe(textures, len(samples), lambda: content_key(effect, at, exposure), pictures, write_exr)


def bake_light_shows(
    effects: Sequence[Effect],
    at: npt.NDArray[np.int64],
    exposure: npt.NDArray[np.int64],
    folder: Path,
    progress: Progress,
) -> tuple[LightSet, ...]:
    """Bake all light cues that the film shows into `folder`, keeping what stands.

    Parameters
    ----------
    effects : sequence of Effect
        One for each cue; see `scenes.light_shows.compile_light_shows`.
    at, exposure : (S,) int64 ticks
        See `bake.sample_ticks` and `bake.sample_exposures`.
    """
    sets = []
    for cue, effect in enumerate(effects):
        shown = files_shown(effect, at)
        if shown.any():
            recipe = light_recipe(cue, effect, at, exposure, folder)
            sets.append(LightSet(cue, effect, recipe.bake(progress), shown, at, exposure))
    return tuple(sets)
