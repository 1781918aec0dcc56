"""Keep what was worked out for as long as what it was worked out from stays the same.

Everything kept is looked up by content: models, bytes, the state of files. So a show that is compiled again
after one cue was edited gives the same bytes as one that is compiled for the first time.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import fields, is_dataclass
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

Value = TypeVar("Value")

MOST_BYTES = 256 << 20
"""What is kept at most, in all."""
_LEAST = 512

FileState = tuple[str, int, int, int]


class Kept:
    """Results by what they were worked out from; those that were not asked for longest go first.

    Parameters
    ----------
    most_bytes : int
        How much the arrays that are kept may come to.
    """

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most = most_bytes
        self._bytes = 0
        self._values: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, work_out: Callable[[], Value]) -> Value:
        """Return what stands under `key`, or work it out; arrays come back read-only.

        Two threads may both work it out, and then get equal results.
        """
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
                found: Value = self._values[key][0]
                return found
        value = work_out()
        size = _LEAST + sum(_frozen(array) for array in _arrays(value))
        with self._lock:
            if key not in self._values and size <= self._most:
                self._values[key] = value, size
                self._bytes += size
            while self._bytes > self._most:
                self._bytes -= self._values.popitem(last=False)[1][1]
        return value

    def missing(self, keys: Iterable[Hashable]) -> list[int]:
        """Return which of the `keys`, by their index, nothing stands under."""
        with self._lock:
            return [index for index, key in enumerate(keys) if key not in self._values]

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._values.clear()
            self._bytes = 0

    def __len__(self) -> int:
        """Return how many results are kept."""
        return len(self._values)


#: What the compiling of shows keeps in this process.
kept = Kept()


def _arrays(value: object) -> Iterable[NDArray[Any]]:
    if isinstance(value, np.ndarray):
        yield value
    elif isinstance(value, tuple | list):
        for item in value:
            yield from _arrays(item)
    elif is_dataclass(value):
        for part in fields(value):
            yield from _arrays(getattr(value, part.name))


def _frozen(array: NDArray[Any]) -> int:
    # Whoever writes into it would change what others are given later.
    array.flags.writeable = False
    return array.nbytes


def digest(*arrays: NDArray[Any]) -> bytes:
    """Return a hash of the contents, dtypes and shapes of arrays."""
    total = blake2b(digest_size=16)
    for array in arrays:
        total.update(f"{array.dtype.str}{array.shape}".encode())
        total.update(np.ascontiguousarray(array).data)
    return total.digest()


def file_state(path: Path) -> FileState:
    """Return what changes when a file is written anew: its path, size, time, number; zeros if gone."""
    try:
        found = path.stat()
    except OSError:
        return str(path), 0, 0, 0
    return str(path), found.st_size, found.st_mtime_ns, found.st_ino
