"""A file to be made, and what it depends on."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

SHEETS_FORMAT = 3


@dataclass(frozen=True)
class Job:
    """One file: its name, the stage it belongs to, what it depends on, and how it is written.

    Attributes
    ----------
    name : str
        Relative to the folder of all sheets.
    stage : str
    steps : int
    key : str
        Changes when the file's content does.
    write : callable (path, step)
        `step` is to be called with how many of the steps are done.
    """

    name: str
    stage: str
    steps: int
    key: str
    write: Callable[[Path, Callable[[int], None]], None]


def content_key(words: object, arrays: Iterable[np.ndarray[Any, Any]] = ()) -> str:
    """Return a hash of words and arrays: the same for the same, whatever made them."""
    digest = hashlib.sha256(f"{SHEETS_FORMAT} {words!r}".encode())
    for array in arrays:
        digest.update(f"{array.dtype.str}{array.shape}".encode())
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()
