"""Data textures on disk: image sequences whose pixels are performers, and the recipes they are made by.

Each set of textures is keyed by a hash of the arrays it comes from: a set that stands with the same key is
kept, and one whose making was broken off is gone on with.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import struct
import zlib
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ..kernels.array_module import to_numpy
from ..kernels.keying import key_numbers
from .blender_libraries import open_image_io
from .files import read_json, write_json, written_aside

Progress = Callable[[str, int, int], None]
BAKE_FORMAT = 4
#: Name of the card section's set.
CARDS = "cards"
#: Samples computed at a time, and bytes that these may come to; bounds memory.
CHUNK, CHUNK_BYTES = 16, 64 << 20
#: Packing a file takes longer than computing its samples.
WRITERS = min(8, max(2, os.cpu_count() or 1))


@dataclass(frozen=True)
class TextureSet:
    """A baked sequence: files `{stem}_0001{suffix}` …, one a sample or one a key.

    Attributes
    ----------
    folder : Path
    stem, suffix : str
    count : int
        Performers; performer i is pixel (i % width, i // width) of each layer.
    width, height : int
        Size of one layer in pixels.
    layers : int
        Layers that a picture has, each above the one before.
    keys : tuple of int or None
        The samples that have files, from 0; the others are mixed from two of these. None: all have.
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
    keys: tuple[int, ...] | None = None
    baked: bool = False

    def file(self, number: int) -> Path:
        """Path of a sample's file, counted from 1; or a key's."""
        return self.folder / f"{self.stem}_{number:04d}{self.suffix}"

    def numbers(self, samples: int) -> npt.NDArray[np.float32]:
        """Return which file each of so many samples shows: (F,); see `kernels.keying.key_numbers`."""
        return key_numbers(np.arange(samples) if self.keys is None else np.array(self.keys), samples)

    def addresses(self) -> npt.NDArray[np.float64]:
        """Return where each performer's pixel lies in a layer by itself: (N, 3) of u, v, 0."""
        row, column = np.divmod(np.arange(self.count), self.width)
        u, v = (column + 0.5) / self.width, (row + 0.5) / self.height
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
    elif isinstance(value, tuple | list | dict):
        # Not by its repr: that of a long array leaves out its middle.
        items = list(value.items()) if isinstance(value, dict) else value
        total.update(f"{type(value).__name__}{len(items)}".encode())
        for item in items:
            _digest(item, total)
    else:
        total.update(repr(value).encode())


def content_key(*sources: Any) -> str:
    """Hash of all that a set depends on: a kernel's arrays, and the moments."""
    total = hashlib.sha256(str(BAKE_FORMAT).encode())
    for source in sources:
        _digest(source, total)
    return total.hexdigest()


def _chunk(kind: bytes, content: bytes) -> bytes:
    checked = kind + content
    return struct.pack(">I", len(content)) + checked + struct.pack(">I", zlib.crc32(checked))


def write_png(path: Path, pixels: npt.NDArray[np.uint8]) -> None:
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


def write_exr(path: Path, pixels: npt.NDArray[np.float32]) -> None:
    """Write RGBA floats, the first row at the bottom.

    Not packed: that would make the files half as large, and take Blender twice the time to read.
    """
    library = open_image_io()
    height, width, channels = pixels.shape
    spec = library.ImageSpec(width, height, channels, "float")
    spec["compression"] = "none"
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
        Writes a picture, perhaps packed.
    unpacked : callable (pixels) -> pixels
        Makes a picture of a file's pixels again.
    """

    textures: TextureSet
    samples: int
    key: Callable[[], str]
    pictures: Callable[[npt.NDArray[np.intp]], npt.NDArray[Any]]
    write: Callable[[Path, npt.NDArray[Any]], None]
    unpacked: Callable[[npt.NDArray[Any]], npt.NDArray[Any]] = lambda pixels: pixels

    @property
    def manifest(self) -> Path:
        """The file that says which key the set was baked with; without it the set is not trusted."""
        return self.textures.folder / f"{self.textures.stem}.json"

    @property
    def begun(self) -> Path:
        """The file that says which key a set is being baked with: all files in it are of that."""
        return self.textures.folder / f"{self.textures.stem}.begun.json"

    @property
    def at_a_time(self) -> int:
        """Samples to compute at a time, which bounds memory."""
        width, height, layers = self.textures.width, self.textures.height, self.textures.layers
        return int(np.clip(CHUNK_BYTES // (width * height * layers * 4), 1, CHUNK))

    def stands(self, key: str) -> bool:
        """Whether the set is whole, and was baked with the key."""
        files = (self.textures.file(number) for number in range(1, self.samples + 1))
        return read_json(self.manifest) == self._manifest(key) and all(file.is_file() for file in files)

    def _manifest(self, key: str) -> dict[str, Any]:
        keys = self.textures.keys
        return {"key": key, "samples": self.samples} | ({} if keys is None else {"keys": list(keys)})

    def distrust(self) -> None:
        """Say that the set is neither whole nor of any one show; before anything in it changes."""
        self.manifest.unlink(missing_ok=True)
        self.begun.unlink(missing_ok=True)

    def trust(self, key: str) -> None:
        """Say that the set is whole; after everything in it is written."""
        write_json(self.manifest, self._manifest(key))
        self.begun.unlink(missing_ok=True)

    def bake(self, progress: Progress) -> TextureSet:
        """Bake the set, unless it stands already; one that was broken off is gone on with."""
        key = self.key()
        if self.stands(key):
            return self.textures
        # First: from here on the set is not whole.
        self.manifest.unlink(missing_ok=True)
        if read_json(self.begun) == self._manifest(key):
            for aside in self.textures.folder.glob(f".*.part{self.textures.suffix}"):
                aside.unlink()
        else:
            self.begun.unlink(missing_ok=True)
            if self.textures.folder.exists():
                shutil.rmtree(self.textures.folder)
            write_json(self.begun, self._manifest(key))
        missing = [sample for sample in range(self.samples) if not self.textures.file(sample + 1).is_file()]
        self._write(np.array(missing, np.intp), progress)
        # Last: a set without its manifest is never trusted.
        self.trust(key)
        return replace(self.textures, baked=True)

    def _write(self, missing: npt.NDArray[np.intp], progress: Progress) -> None:
        done = self.samples - len(missing)
        with ThreadPoolExecutor(WRITERS) as writers:
            waiting: deque[Future[None]] = deque()
            for first in range(0, len(missing), self.at_a_time):
                some = missing[first : first + self.at_a_time]
                for sample, picture in zip(some.tolist(), self.pictures(some), strict=True):
                    waiting.append(writers.submit(self.write, self.textures.file(sample + 1), picture))
                    done += 1
                    progress(self.textures.stem, done, self.samples)
                while len(waiting) > 2 * self.at_a_time:
                    waiting.popleft().result()
            for future in waiting:
                future.result()
