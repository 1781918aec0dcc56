"""Troupes as data textures: where gymnasts are and what they do and wear, at every sample or at keys alone.

Three layers a file: place and heading; cycles, strip, scale and variation (`kernels.motion`); colour and how
far a change of costume is under way (`kernels.costumes`).
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ..kernels.array_module import array_module, to_numpy
from ..kernels.costumes import Costumes, costume_states
from ..kernels.drill import Drill
from ..kernels.keying import choose_keys, gymnast_bounds
from ..kernels.motion import gymnast_states
from ..scenes.compiled import Compiled
from .data_textures import CARDS, Progress, Recipe, TextureSet, content_key, write_exr
from .files import read_json

LAYERS = 3
WIDTH = 512
States = Callable[[npt.NDArray[np.intp]], Any]


def file_name(troupe: str) -> str:
    """Return a name for a troupe's files: safe on every system, and no other name's."""
    plain = re.sub(r"[^a-z0-9_]+", "_", troupe.lower())
    if plain == troupe and troupe != CARDS:
        return troupe
    return f"{plain[:32].strip('_') or 'troupe'}-{zlib.crc32(troupe.encode()):08x}"


def troupe_states(drill: Drill, costumes: Costumes, at: npt.NDArray[np.int64]) -> Any:
    """Return all that a troupe's textures hold at moments (F,): (F, LAYERS, N, 4) float32, on its device."""
    xp = array_module(drill.places)
    moved = gymnast_states(drill, at)
    return xp.concatenate([moved, xp.asarray(costume_states(costumes, at))[:, None]], axis=1)


def troupe_recipe(
    name: str, drill: Drill, costumes: Costumes, at: npt.NDArray[np.int64], folder: Path
) -> Recipe:
    """Return how a troupe is baked at moments (F,) int64 ticks.

    One more file than moments is written, a copy of the last: nodes mix each with the next.
    """
    count = drill.places.shape[1]
    width = min(count, WIDTH)
    height = -(-count // width)
    at = np.append(at, at[-1:])

    def pictures(some: npt.NDArray[np.intp]) -> npt.NDArray[np.float32]:
        pixels = np.zeros((len(some), LAYERS, height * width, 4), np.float32)
        pixels[:, :, :count] = to_numpy(troupe_states(drill, costumes, at[some]))
        return pixels.reshape(len(some), LAYERS * height, width, 4)

    textures = TextureSet(folder, name, ".exr", count, width, height, LAYERS)
    return Recipe(textures, len(at), lambda: content_key(drill, costumes, at), pictures, write_exr)


def keyed(recipe: Recipe, states: States, key_error: float, progress: Progress) -> Recipe:
    """Return how a troupe is baked at keys alone, between which nodes mix; see `kernels.keying`.

    The keys are chosen here, unless the set on disk, whole or begun, has them already.

    Parameters
    ----------
    recipe : Recipe
        How it is baked at all samples; its last file is a copy.
    states : callable (samples) -> array
        All states at some samples, counted from 0: (F, LAYERS, N, 4).
    key_error : float
        Metres by which gymnasts may be off; see `kernels.keying.gymnast_bounds`.
    """
    key = content_key(recipe.key(), key_error)
    keys = _chosen_before(recipe, key)
    if keys is None:
        blocks = _blocks(states, recipe, progress)
        keys = tuple(choose_keys(blocks, gymnast_bounds(key_error)).tolist())
    files = np.array([*keys, keys[-1]], np.intp)
    return replace(
        recipe,
        textures=replace(recipe.textures, keys=keys),
        samples=len(files),
        key=lambda: key,
        pictures=lambda some: recipe.pictures(files[some]),
    )


def _blocks(states: States, recipe: Recipe, progress: Progress) -> Iterator[Any]:
    samples = recipe.samples - 1
    for first in range(0, samples, recipe.at_a_time):
        some = np.arange(first, min(first + recipe.at_a_time, samples))
        yield states(some)
        progress(f"{recipe.textures.stem} keys", int(some[-1]) + 1, samples)


def _chosen_before(recipe: Recipe, key: str) -> tuple[int, ...] | None:
    for path in (recipe.manifest, recipe.begun):
        stood = read_json(path)
        if isinstance(stood, dict) and stood.get("key") == key and stood.get("keys"):
            return tuple(stood["keys"])
    return None


def bake_troupe(
    name: str,
    drill: Drill,
    costumes: Costumes,
    at: npt.NDArray[np.int64],
    folder: Path,
    progress: Progress,
    key_error: float = 0.0,
) -> TextureSet:
    """Bake a troupe at moments (F,) int64 ticks into `folder`; with a `key_error`, at keys among them."""
    recipe = troupe_recipe(name, drill, costumes, at, folder)
    if key_error:
        recipe = keyed(recipe, lambda some: troupe_states(drill, costumes, at[some]), key_error, progress)
    return recipe.bake(progress)


def bake_troupes(
    compiled: Compiled, at: npt.NDArray[np.int64], folder: Path, progress: Progress, key_error: float = 0.0
) -> dict[str, TextureSet]:
    """Bake all troupes of a show into `folder`, keeping what stands; returns the sets by troupe."""
    return {
        name: bake_troupe(
            file_name(name), drill, compiled.costumes[name], at, folder / file_name(name), progress, key_error
        )
        for name, drill in compiled.drills.items()
    }
