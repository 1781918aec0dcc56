"""How far 80,000 gymnasts are from where they should be, in a film whose textures are baked at keys alone.

At 24 pictures a second in real time they march on the spot, walk to another formation in ten seconds and jump
there, in canon. The keys are read from the files and mixed as the nodes mix them, in single precision, at all
pictures and at random moments between. Against that stands the walk as the collision check has it, in double
precision.
"""

from __future__ import annotations

import argparse
import functools
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import figures
import numpy as np
from cardstunt.blender_addon.bake_troupes import bake_troupe
from cardstunt.blender_addon.blender_libraries import open_image_io
from cardstunt.blender_addon.data_textures import TextureSet
from cardstunt.kernels.clips import CLIP_NAMES
from cardstunt.kernels.costumes import Costumes
from cardstunt.kernels.counter_random import Purpose, uniform
from cardstunt.kernels.drill import Drill
from cardstunt.kernels.drill_ways import drill_ways
from cardstunt.kernels.ticks import TICKS_PER_SECOND

PEOPLE, FEW_PEOPLE = 80_000, 2_000
ERROR = 0.005
FPS = 24
LEAVE, ARRIVE, END = 4, 14, 20
_SPACING = 0.5
_BETWEEN = 100  # random moments


def drill(people: int) -> Drill:
    """Return a walk of up to about 20 m from a block as the field is shaped, to the same stretched askew."""
    columns = round((people * 12 / 17) ** 0.5)
    number = np.arange(people)
    place = np.stack([number % columns, number // columns], axis=1) * _SPACING
    place -= place.mean(axis=0)
    goal = place @ np.array([[1.1, 0.14], [0.14, 0.98]]) + np.array([2.0, -3.0])
    moments = np.array([[0, 0], [LEAVE, ARRIVE]], np.int64) * TICKS_PER_SECOND
    return Drill(
        places=np.stack([place, goal]),
        leave=moments[:, 0],
        arrive=moments[:, 1],
        clip=np.array([CLIP_NAMES.index("march"), CLIP_NAMES.index("jump")]),
        # Across the field in a second.
        canon=np.stack([number % columns] * 2) * (TICKS_PER_SECOND // columns),
        heading=np.zeros(2),
    )


def plain(people: int) -> Costumes:
    """Return one colour for all."""
    return Costumes(
        np.full((1, people, 3), 200, np.uint8), np.zeros((1, people), np.int64), np.zeros(1, np.int64)
    )


def mixed(textures: TextureSet) -> Callable[[np.float32], np.ndarray]:
    """Return what gives everyone's place, (N, 3), at a key's number with a fraction, from the files alone."""
    library = open_image_io()

    @functools.lru_cache(2)
    def places(number: int) -> np.ndarray:
        file = library.ImageInput.open(str(textures.file(number)))
        pixels = np.asarray(file.read_image(0, 0, 0, 4, "float"))[::-1]
        file.close()
        return pixels[: textures.height].reshape(-1, 4)[: textures.count, :3]

    def at(number: np.float32) -> np.ndarray:
        before = np.floor(number)
        between = number - before
        return (np.float32(1) - between) * places(int(before)) + between * places(int(before) + 1)

    return at


def worst(textures: TextureSet, one: Drill, at: np.ndarray) -> tuple[float, float]:
    """Return by how many metres anybody is off at most: at the pictures, and at random moments between."""
    ways, shown = drill_ways(one), mixed(textures)
    person = np.arange(textures.count)

    def off(number: np.float32, now: int) -> float:
        x, y = ways.places(ways.leg_at(ways.first[person], now), now)
        places = shown(number).astype(np.float64)
        return float(np.sqrt((places[:, 0] - x) ** 2 + (places[:, 1] - y) ** 2 + places[:, 2] ** 2).max())

    numbers = textures.numbers(len(at))
    pictures = max(off(number, int(now)) for number, now in zip(numbers, at, strict=True))
    between = []
    chance = uniform(0, Purpose.VARIATION, 0, np.arange(_BETWEEN))
    for moment in np.sort(chance) * (len(at) - 1):
        sample, share = int(moment), moment % 1
        number = np.float32((1 - share) * numbers[sample] + share * numbers[sample + 1])
        between.append(off(number, round((1 - share) * int(at[sample]) + share * int(at[sample + 1]))))
    return pictures, max(between)


def measure(chosen: argparse.Namespace) -> figures.Values:
    """Bake at keys and at all samples, and compare."""
    people = FEW_PEOPLE if chosen.few else PEOPLE
    one, worn = drill(people), plain(people)
    at = np.arange(END * FPS, dtype=np.int64) * (TICKS_PER_SECOND // FPS)
    took, sets, size = {}, {}, {}
    with tempfile.TemporaryDirectory(prefix="cardstunt_keys_") as folder:
        for error in (ERROR, 0.0):
            begun = time.perf_counter()
            sets[error] = bake_troupe(
                "troupe", one, worn, at, Path(folder, str(error)), lambda stage, done, of: None, error
            )
            took[error] = time.perf_counter() - begun
            size[error] = sum(file.stat().st_size for file in Path(folder, str(error)).glob("*.exr"))
        keys = sets[ERROR].keys
        assert keys is not None
        pictures, between = worst(sets[ERROR], one, at)
    print(f"at most {pictures:.6f} m at pictures, {between:.6f} m between; asked for {ERROR} m")
    print(f"baked in {took[ERROR]:.1f} s at keys, {took[0.0]:.1f} s at all {len(at)} samples")
    return {
        "key_error_m": max(pictures, between),
        "key_share_pct": 100 * len(keys) / len(at),
        "key_saved_pct": 100 * (1 - size[ERROR] / size[0.0]),
    }


if __name__ == "__main__":
    figures.main(figures.parser(__doc__), measure)
