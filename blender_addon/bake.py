"""Bake to disk: every performer's state at every sample of the film, as data textures.

A texture's pixels are performers. Cards and screens are byte PNG, since colours must be exact to the byte;
gymnasts are float EXR. Each set of textures is keyed by a hash of the arrays it comes from: a set that stands
with the same key is kept, so an edit bakes again only what it touches.
"""

from __future__ import annotations

import hashlib
import math
import re
import shutil
import struct
import zlib
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, fields, is_dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ..kernels.array_module import to_numpy
from ..kernels.books import LAYERS as CARD_LAYERS
from ..kernels.books import Books, card_states
from ..kernels.motion import Drill, gymnast_states
from ..kernels.tablets import tablet_states
from ..kernels.ticks import ticks
from ..scenes.compiled import Compiled, compile_show
from ..scenes.load import LoadedShow
from ..scenes.schema import Show
from ..scenes.schema_card_section import section_files
from ..scenes.seats import SeatMap
from ..scenes.section_plan import SectionPlan
from ..scenes.timeline import FilmTimeline
from .blender_libraries import open_image_io
from .files import read_json, write_json, written_aside

Progress = Callable[[str, int, int], None]
BAKE_FORMAT = 2
#: Samples computed at a time, and bytes that these may come to; bounds memory.
CHUNK, CHUNK_BYTES = 16, 64 << 20
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
        Size of one layer in pixels.
    layers : int
        Layers that a file holds, each above the one before.
    baked : bool
        Whether this call baked it; False when it stood already.
    """

    folder: Path
    stem: str
    suffix: str
    count: int
    width: int
    height: int
    layers: int
    baked: bool = False

    def file(self, sample: int) -> Path:
        """Path of a sample's file, counted from 1."""
        return self.folder / f"{self.stem}_{sample:04d}{self.suffix}"

    def addresses(self) -> npt.NDArray[np.float64]:
        """Return where each performer's pixel lies in the lowest layer: (N, 3) of u, v, 0."""
        row, column = np.divmod(np.arange(self.count), self.width)
        u, v = (column + 0.5) / self.width, (row + 0.5) / (self.layers * self.height)
        return np.stack([u, v, np.zeros_like(u)], -1)


def _digest(value: Any, total: Any) -> None:
    """Take arrays and whatever holds them into a hash."""
    if is_dataclass(value):
        for field in fields(value):
            total.update(field.name.encode())
            _digest(getattr(value, field.name), total)
    elif hasattr(value, "dtype"):
        array = np.ascontiguousarray(to_numpy(value))
        total.update(f"{array.dtype.str}{array.shape}".encode())
        total.update(array.data)
    else:
        total.update(repr(value).encode())


def _key(*sources: Any) -> str:
    """Hash of all that a set depends on: a kernel's arrays, and the moments."""
    total = hashlib.sha256(str(BAKE_FORMAT).encode())
    for source in sources:
        _digest(source, total)
    return total.hexdigest()


def _chunk(kind: bytes, content: bytes) -> bytes:
    checked = kind + content
    return struct.pack(">I", len(content)) + checked + struct.pack(">I", zlib.crc32(checked))


def _write_png(path: Path, pixels: npt.NDArray[np.uint8]) -> None:
    """Write RGBA bytes, the first row at the bottom.

    By hand, since a library tries filters on each row, which makes neither cards nor poses smaller, in three
    times the time.
    """
    height, width, channels = pixels.shape
    rows = np.zeros((height, 1 + width * channels), np.uint8)  # each begins with its filter: 0 is none
    rows[:, 1:] = pixels[::-1].reshape(height, -1)
    size = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    with written_aside(path) as aside:
        # Level 1 packs flat pages as small as level 9 does, in a fraction of the time.
        aside.write_bytes(
            b"\x89PNG\r\n\x1a\n"
            + _chunk(b"IHDR", size)
            + _chunk(b"IDAT", zlib.compress(rows, 1))
            + _chunk(b"IEND", b"")
        )


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


@dataclass(frozen=True)
class Recipe:
    """How a set of data textures is made.

    Attributes
    ----------
    textures : TextureSet
    samples : int
        Files of the set.
    key : callable () -> str
        A hash of all that the set depends on.
    pictures : callable (samples) -> array
        The pixels of some samples, counted from 0: (F, layers * height, width, 4), row 0 at the bottom.
    write : callable (path, pixels)
    """

    textures: TextureSet
    samples: int
    key: Callable[[], str]
    pictures: Callable[[npt.NDArray[np.intp]], npt.NDArray[Any]]
    write: Callable[[Path, npt.NDArray[Any]], None]

    @property
    def manifest(self) -> Path:
        """The file that says which key the set was baked with; without it the set is not trusted."""
        return self.textures.folder / f"{self.textures.stem}.json"

    @property
    def at_a_time(self) -> int:
        """Samples to compute at a time, which bounds memory."""
        width, height, layers = self.textures.width, self.textures.height, self.textures.layers
        return int(np.clip(CHUNK_BYTES // (width * height * layers * 4), 1, CHUNK))

    def stands(self, key: str) -> bool:
        """Whether the set is whole, and was baked with the key."""
        files = (self.textures.file(sample) for sample in range(1, self.samples + 1))
        return read_json(self.manifest) == self._manifest(key) and all(file.is_file() for file in files)

    def _manifest(self, key: str) -> dict[str, Any]:
        return {"key": key, "samples": self.samples}

    def distrust(self) -> None:
        """Say that the set is not whole; before anything in it changes."""
        self.manifest.unlink(missing_ok=True)

    def trust(self, key: str) -> None:
        """Say that the set is whole; after everything in it is written."""
        write_json(self.manifest, self._manifest(key))

    def bake(self, progress: Progress) -> TextureSet:
        """Bake the set, unless it stands already."""
        key = self.key()
        if self.stands(key):
            return self.textures
        # First: from here on the set is not whole.
        self.distrust()
        if self.textures.folder.exists():
            shutil.rmtree(self.textures.folder)
        with ThreadPoolExecutor(WRITERS) as writers:
            waiting: deque[Future[None]] = deque()
            for first in range(0, self.samples, self.at_a_time):
                some = np.arange(first, min(first + self.at_a_time, self.samples))
                for sample, picture in zip(some.tolist(), self.pictures(some), strict=True):
                    waiting.append(writers.submit(self.write, self.textures.file(sample + 1), picture))
                    progress(self.textures.stem, sample + 1, self.samples)
                while len(waiting) > 2 * self.at_a_time:
                    waiting.popleft().result()
            for future in waiting:
                future.result()
        # Last: a set without its manifest is never trusted.
        self.trust(key)
        return replace(self.textures, baked=True)


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
        TextureSet(folder, CARDS, ".png", count, books.columns, books.rows, CARD_LAYERS),
        len(at),
        lambda: _key(books, at, exposure),
        lambda some: to_numpy(card_states(books, at[some], exposure[some])),
        _write_png,
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
        return _key(tablets, at, exposure, pages, files, source.digest())

    return Recipe(
        TextureSet(folder, CARDS, ".png", len(section.seats.taken), tablets.columns * n, tablets.rows * n, 1),
        len(at),
        key,
        lambda some: to_numpy(tablet_states(tablets, at[some], source, exposure[some])),
        _write_png,
    )


def section_recipe(loaded: LoadedShow, timeline: FilmTimeline, section: SectionPlan, folder: Path) -> Recipe:
    """Return how a show's card section is baked for its film into `folder`, where all sets are."""
    at, exposure = sample_ticks(timeline), sample_exposures(loaded.show, timeline)
    if section.mode == "tablets":
        return tablets_recipe(loaded, section, at, exposure, folder / CARDS)
    return cards_recipe(section.books, at, exposure, folder / CARDS)


def troupe_recipe(name: str, drill: Drill, at: npt.NDArray[np.int64], folder: Path) -> Recipe:
    """Return how a troupe is baked at moments (F,) int64 ticks.

    One more file than moments is written, a copy of the last: nodes mix each sample with the next.
    """
    count = drill.places.shape[1]
    width = min(count, 512)
    height = -(-count // width)
    at = np.append(at, at[-1:])

    def pictures(some: npt.NDArray[np.intp]) -> npt.NDArray[np.float32]:
        states = to_numpy(gymnast_states(drill, at[some]))
        pixels = np.zeros((len(states), 2, height * width, 4), np.float32)
        pixels[:, :, :count] = states
        return pixels.reshape(len(states), 2 * height, width, 4)

    textures = TextureSet(folder, name, ".exr", count, width, height, 2)
    return Recipe(textures, len(at), lambda: _key(drill, at), pictures, _write_exr)


def bake_cards(
    books: Books,
    at: npt.NDArray[np.int64],
    folder: Path,
    progress: Progress,
    exposure: npt.NDArray[np.int64] | None = None,
) -> TextureSet:
    """Bake a card section at the given moments (F,) int64 ticks into `folder`; see `cards_recipe`."""
    return cards_recipe(books, at, np.zeros_like(at) if exposure is None else exposure, folder).bake(progress)


def bake_troupe(
    name: str, drill: Drill, at: npt.NDArray[np.int64], folder: Path, progress: Progress
) -> TextureSet:
    """Bake a troupe at the given moments (F,) int64 ticks into `folder`; see `troupe_recipe`."""
    return troupe_recipe(name, drill, at, folder).bake(progress)


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
    """

    cards: TextureSet
    troupes: dict[str, TextureSet]
    seats: SeatMap
    present: npt.NDArray[np.bool_]


def file_name(troupe: str) -> str:
    """Return a name for a troupe's files: safe on every system, and no other name's."""
    plain = re.sub(r"[^a-z0-9_]+", "_", troupe.lower())
    if plain == troupe and troupe != CARDS:
        return troupe
    return f"{plain[:32].strip('_') or 'troupe'}-{zlib.crc32(troupe.encode()):08x}"


def bake_troupes(
    compiled: Compiled, timeline: FilmTimeline, folder: Path, progress: Progress
) -> dict[str, TextureSet]:
    """Bake all troupes of a show into `folder`, keeping what stands; returns the sets by troupe."""
    at = sample_ticks(timeline)
    return {
        name: bake_troupe(file_name(name), drill, at, folder / file_name(name), progress)
        for name, drill in compiled.drills.items()
    }


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
    troupes = bake_troupes(compiled, timeline, folder, progress)
    return Bake(cards, troupes, compiled.section.seats, to_numpy(compiled.books.present))
