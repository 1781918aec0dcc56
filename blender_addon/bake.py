"""Bake to disk: every performer's state at every sample of the film, as data textures.

A texture's pixels are performers. Cards are byte PNG, since colours must be exact to the byte; gymnasts are
float EXR. Each set of textures is keyed by a hash of the arrays it comes from: a set that stands with the
same key is kept, so an edit bakes again only what it touches.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import zlib
from collections.abc import Callable, Generator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from ..kernels.array_module import to_numpy
from ..kernels.books import Books, card_states
from ..kernels.motion import Drill, gymnast_states
from ..kernels.ticks import ticks
from ..scenes.compiled import Compiled, compile_show
from ..scenes.load import LoadedShow
from ..scenes.timeline import FilmTimeline
from .blender_libraries import open_image_io
from .files import read_json, write_json, written_aside

Progress = Callable[[str, int, int], None]
BAKE_FORMAT = 1
#: Samples computed at a time; bounds memory.
CHUNK = 16
WRITERS = 2
#: Name of the card section's set.
CARDS = "cards"


@dataclass(frozen=True)
class TextureSet:
    """A baked sequence: files `{stem}_0001{suffix}` …, one a sample.

    Attributes
    ----------
    folder : Path
    stem, suffix : str
    count : int
        Performers; performer i is pixel (i % width, i // width) of each layer.
    width, height : int
        Size of one layer in pixels; a file holds two layers, the second above the first.
    baked : bool
        Whether this call baked it; False when it stood already.
    """

    folder: Path
    stem: str
    suffix: str
    count: int
    width: int
    height: int
    baked: bool

    def file(self, sample: int) -> Path:
        """Path of a sample's file, counted from 1."""
        return self.folder / f"{self.stem}_{sample:04d}{self.suffix}"

    def addresses(self) -> npt.NDArray[np.float64]:
        """Return where each performer's pixel lies in the lower layer: (N, 3) of u, v, 0."""
        row, column = np.divmod(np.arange(self.count), self.width)
        u, v = (column + 0.5) / self.width, (row + 0.5) / (2 * self.height)
        return np.stack([u, v, np.zeros_like(u)], -1)


def _key(source: Any, at: npt.NDArray[np.int64]) -> str:
    """Hash of a kernel's input arrays and of the moments."""
    digest = hashlib.sha256(str(BAKE_FORMAT).encode())
    for field in fields(source):
        value = getattr(source, field.name)
        digest.update(field.name.encode())
        if hasattr(value, "dtype"):
            array = np.ascontiguousarray(to_numpy(value))
            digest.update(f"{array.dtype.str}{array.shape}".encode())
            digest.update(array.tobytes())
        else:
            digest.update(repr(value).encode())
    digest.update(at.tobytes())
    return digest.hexdigest()


def _write_png(path: Path, pixels: npt.NDArray[np.uint8]) -> None:
    with written_aside(path) as aside:
        # Level 1 packs flat pages as small as level 9 does, in a fraction of the time.
        Image.fromarray(pixels[::-1]).save(aside, compress_level=1)


def _write_exr(path: Path, pixels: npt.NDArray[np.float32]) -> None:
    library = open_image_io()
    height, width, channels = pixels.shape
    spec = library.ImageSpec(width, height, channels, "float")
    spec["compression"] = "zip"
    # Else the time of writing stands there: the same show would not give the same bytes.
    spec["DateTime"] = "1970:01:01 00:00:00"
    with written_aside(path) as aside:
        output = library.ImageOutput.create(str(aside))
        if output is None or not output.open(str(aside), spec):
            raise OSError(f"cannot write {path}: {library.geterror()}")
        done = output.write_image(np.ascontiguousarray(pixels[::-1]))
        if not (output.close() and done):
            raise OSError(f"cannot write {path}: {output.geterror() or 'is the disk full?'}")


def _card_pixels(books: Books, at: npt.NDArray[np.int64]) -> Generator[npt.NDArray[np.uint8], None, None]:
    for start in range(0, len(at), CHUNK):
        yield from to_numpy(card_states(books, at[start : start + CHUNK]))


def _layer_size(count: int) -> tuple[int, int]:
    width = min(count, 512)
    return width, -(-count // width)


def _gymnast_pixels(
    drill: Drill, at: npt.NDArray[np.int64]
) -> Generator[npt.NDArray[np.float32], None, None]:
    count = drill.places.shape[1]
    width, height = _layer_size(count)
    for start in range(0, len(at), CHUNK):
        states = to_numpy(gymnast_states(drill, at[start : start + CHUNK]))
        pixels = np.zeros((len(states), 2, height * width, 4), np.float32)
        pixels[:, :, :count] = states
        yield from pixels.reshape(len(states), 2 * height, width, 4)


def _bake_set(
    textures: TextureSet,
    key: str,
    samples: int,
    pixels: Generator[npt.NDArray[Any], None, None],
    write: Callable[[Path, npt.NDArray[Any]], None],
    writers: Executor,
    progress: Progress,
) -> TextureSet:
    manifest = textures.folder / f"{textures.stem}.json"
    stands = read_json(manifest) == {"key": key, "samples": samples}
    if stands and all(textures.file(sample).is_file() for sample in range(1, samples + 1)):
        return textures
    # First: from here on the set is not whole.
    manifest.unlink(missing_ok=True)
    if textures.folder.exists():
        shutil.rmtree(textures.folder)
    waiting = []
    with closing(pixels):
        for sample, picture in enumerate(pixels, 1):
            waiting.append(writers.submit(write, textures.file(sample), picture))
            if len(waiting) > 2 * CHUNK:
                waiting.pop(0).result()
            progress(textures.stem, sample, samples)
    for future in waiting:
        future.result()
    # Last: a set without its manifest is never trusted.
    write_json(manifest, {"key": key, "samples": samples})
    return TextureSet(**{**vars(textures), "baked": True})


def sample_ticks(timeline: FilmTimeline) -> npt.NDArray[np.int64]:
    """Return the show times of a film's samples: (F,) int64 ticks."""
    return np.array([ticks(sample.show_time) for sample in timeline.samples], np.int64)


def bake_cards(books: Books, at: npt.NDArray[np.int64], folder: Path, progress: Progress) -> TextureSet:
    """Bake a card section at the given moments (F,) int64 ticks into `folder`."""
    textures = TextureSet(folder, CARDS, ".png", books.rows * books.columns, books.columns, books.rows, False)
    with ThreadPoolExecutor(WRITERS) as writers:
        return _bake_set(
            textures, _key(books, at), len(at), _card_pixels(books, at), _write_png, writers, progress
        )


def bake_troupe(
    name: str, drill: Drill, at: npt.NDArray[np.int64], folder: Path, progress: Progress
) -> TextureSet:
    """Bake a troupe at the given moments (F,) int64 ticks into `folder`.

    One more file than moments is written, a copy of the last: nodes mix each sample with the next.
    """
    count = drill.places.shape[1]
    textures = TextureSet(folder, name, ".exr", count, *_layer_size(count), False)
    at = np.append(at, at[-1:])
    with ThreadPoolExecutor(WRITERS) as writers:
        return _bake_set(
            textures, _key(drill, at), len(at), _gymnast_pixels(drill, at), _write_exr, writers, progress
        )


@dataclass(frozen=True)
class Bake:
    """All data textures of a film: the card section's, and each troupe's by name."""

    cards: TextureSet
    troupes: dict[str, TextureSet]


def file_name(troupe: str) -> str:
    """Return a name for a troupe's files: safe on every system, and no other name's."""
    plain = re.sub(r"[^a-z0-9_]+", "_", troupe.lower())
    if plain == troupe and troupe != CARDS:
        return troupe
    return f"{plain[:32].strip('_') or 'troupe'}-{zlib.crc32(troupe.encode()):08x}"


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
    at = sample_ticks(timeline)
    cards = bake_cards(compiled.books, at, folder / CARDS, progress)
    troupes = {
        name: bake_troupe(file_name(name), drill, at, folder / file_name(name), progress)
        for name, drill in compiled.drills.items()
    }
    return Bake(cards, troupes)
