"""How long a whole show's cards take to bake, and how that compares with setting one object a performer.

Four minutes at 24 frames a second are baked once into a fresh folder: every frame an instant of its own,
worked out by the kernels and written as PNG. Then, in the same process, the usual way plays moments of the
same show. A frame of ours is its share of the whole bake, working out and writing included. A frame of theirs
is setting what the textures say of each person, colour and pose, which lie ready in memory, and Blender's
evaluation of the scene. Pages that turn are left out there, and so is working anything out.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from pathlib import Path

import figures
import numpy as np
from cardstunt.blender_addon.bake import bake_cards
from cardstunt.kernels.books import LAYERS, Books, card_states
from cardstunt.kernels.ticks import TICKS_PER_SECOND
from cardstunt.scenes.compiled import compile_show
from cardstunt.scenes.load import load_show

SECONDS, FRAMES_A_SECOND = 240, 24
FEW = 48
STRETCHES = 9
#: Changes of frame by objects, of each kind in each stretch.
CHANGES = 3


def moments(seconds: int) -> np.ndarray:
    """Return the moments of the frames of a show's first seconds: (F,) int64 ticks."""
    return np.arange(seconds * FRAMES_A_SECOND, dtype=np.int64) * (TICKS_PER_SECOND // FRAMES_A_SECOND)


def seconds_to_bake(books: Books, at: np.ndarray) -> float:
    """Bake into a fresh folder; nothing in it is used again."""
    with tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()
        textures = bake_cards(books, at, Path(folder, "cards"), lambda stage, done, of: None)
        took = time.perf_counter() - begun
        assert textures.baked
        assert textures.file(len(at)).is_file()
        written = sum(textures.file(sample).stat().st_size for sample in range(1, len(at) + 1))
    turns = sum((page != before).any() for page, before in zip(books.page[1:], books.page[:-1], strict=True))
    print(f"{len(at)} frames, {books.present.sum()} people, {turns} turns, {written / 1e6:.0f} MB written")
    return took


def seconds_by_objects(books: Books, at: np.ndarray, stretches: int) -> dict[str, float]:
    """Return the median time of a change of frame by objects, at moments all over the show.

    Of colours and poses of all; of colours of all; of colours and poses where they have changed.
    """
    from one_object_each import OneObjectEach  # noqa: PLC0415  Blender would disturb the bake's time

    # so that each stretch falls upon another part of the turns
    starts = np.linspace(0, len(at) - 3 * CHANGES - 1, stretches).astype(int)
    played = (starts[:, None] + np.arange(3 * CHANGES + 1)).ravel()
    holders = books.rows * books.columns
    cards = card_states(books, at[played]).reshape(len(played), LAYERS, holders, 4)
    seats = np.stack([np.zeros(holders), *np.divmod(np.arange(holders), books.columns)], axis=-1)
    usual = OneObjectEach(cards, seats, np.zeros((len(played), 0, 4), np.float32), posed=True)
    poses = usual.poses
    usual.show(0)  # the first sets everything up
    taken: dict[str, list[float]] = {"all": [], "colours": [], "changed": []}
    for stretch in range(stretches):
        moment = stretch * (3 * CHANGES + 1)
        usual.changed_only, usual.poses = False, poses
        usual.show(moment)
        for kind, times in taken.items():
            usual.changed_only, usual.poses = kind == "changed", None if kind == "colours" else poses
            if kind == "changed":
                usual.before = -1  # those whose poses were left out have yet to catch up
                moment += 1
                usual.show(moment)
            for _ in range(CHANGES - (kind == "changed")):
                moment += 1
                begun = time.perf_counter()
                usual.show(moment)
                times.append(time.perf_counter() - begun)
            usual.check()
    return {kind: statistics.median(times) for kind, times in taken.items()}


def measure(chosen: argparse.Namespace) -> figures.Values:
    """Compile, bake, and play by objects."""
    begun = time.perf_counter()
    books = compile_show(load_show(chosen.show)).books
    compiled = time.perf_counter() - begun
    at = moments(SECONDS)
    took = seconds_to_bake(books, at[:: len(at) // FEW] if chosen.few else at)
    ours = took / (FEW if chosen.few else len(at))
    by_objects = seconds_by_objects(books, at, 2 if chosen.few else STRETCHES)
    said = ", ".join(f"{kind} {1000 * by_objects[kind]:.1f} ms" for kind in by_objects)
    print(f"a frame of ours {1000 * ours:.2f} ms; by objects: {said}")
    return {
        "bake_show_s": took,
        "bake_show_compile_s": compiled,
        "bake_ratio": by_objects["all"] / ours,
        "bake_colours_ratio": by_objects["colours"] / ours,
        "bake_changed_ratio": by_objects["changed"] / ours,
    }


if __name__ == "__main__":
    figures.main(figures.parser(__doc__, figures.LONG_SHOW), measure)
