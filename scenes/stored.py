"""What takes long to work out, stored on disk by content, so that no later command works it out again.

The store is only ever a saving of time: what stands in it is named by a hash of all that it depends on, the
kernels' own source included, and where it cannot be read or written things are worked out anew.
"""

from __future__ import annotations

import contextlib
import functools
import os
import sys
import zipfile
from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import PIL
from numpy.typing import NDArray

Arrays: TypeAlias = tuple[NDArray[Any], ...]

FOLDER_VARIABLE = "CARDSTUNT_STORE"
"""Environment variable that names the store's folder; empty for no store."""

WORTH_STORING = 1000
"""People of a troupe from whom on their formations and ways are stored."""

MOST_BYTES = 1 << 30
"""What the store holds at most; what was not asked for longest goes first."""


def store_folder() -> Path | None:
    """Return where things are stored: the user's folder for what may be lost, unless it is set otherwise."""
    named = os.environ.get(FOLDER_VARIABLE)
    if named is not None:
        return Path(named) if named else None
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA")
    elif sys.platform == "darwin":
        base = "~/Library/Caches"
    else:
        base = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    try:
        return Path(base).expanduser() / "cardstunt" if base else None
    except RuntimeError:  # a user without a home
        return None


def stored(kind: str, key: bytes, work_out: Callable[[], Arrays], *, folder: Path | None = None) -> Arrays:
    """Return what is stored under a key, or work it out and store it.

    Parameters
    ----------
    kind : str
        What it is, in a word that may be part of a file's name.
    key : bytes
        A hash of all that it depends on, other than the source.
    work_out : callable () -> tuple of arrays
        Gives the same arrays for the same key.
    folder : Path, optional
        Where to store it; `store_folder` when left out.

    Returns
    -------
    tuple of arrays
    """
    folder = folder or store_folder()
    if folder is None:
        return work_out()
    name = blake2b(key, digest_size=16, key=_source_digest()).hexdigest()
    path = folder / f"{kind}-{name}.npz"
    found = _read(path)
    if found is not None:
        return found
    value = work_out()
    _write(path, value)
    return value


def _read(path: Path) -> Arrays | None:
    try:
        with path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
            arrays = tuple(file[f"arr_{index}"] for index in range(len(file.files)))
        path.touch()
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None  # not there, or torn: it is worked out anew
    return arrays


def _write(path: Path, value: Arrays) -> None:
    aside = path.with_name(f".{path.stem}.{os.getpid()}.part.npz")
    # A full disk or a folder that is read-only costs time, and nothing else.
    with contextlib.suppress(OSError):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            np.savez(aside, *value)
            aside.replace(path)
            _make_room(path.parent)
        finally:
            aside.unlink(missing_ok=True)


def _make_room(folder: Path) -> None:
    """Remove the oldest files until the rest is within bounds."""
    files = sorted(((file.stat(), file) for file in folder.glob("*.npz")), key=lambda pair: -pair[0].st_mtime)
    total = 0
    for state, file in files:
        total += state.st_size
        if total > MOST_BYTES:
            file.unlink(missing_ok=True)


@functools.cache
def _source_digest() -> bytes:
    """Return a hash of the source that works things out: what another version gave is not taken."""
    total = blake2b(f"{np.__version__} {PIL.__version__}".encode(), digest_size=32)
    rooms = Path(__file__).parent, Path(__file__).parents[1] / "kernels"
    for path in sorted(file for room in rooms for file in (*room.glob("*.py"), *room.glob("pages/*.py"))):
        total.update(path.name.encode())
        total.update(path.read_bytes())
    return total.digest()
