"""Files that are whole or absent: written aside, checked, renamed. Folders with one worker at a time."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]
    import msvcrt

#: Far behind the text of a lock file: Windows keeps others from reading what is locked.
_LOCKED_BYTE = 1 << 30


class InUseError(OSError):
    """Another process works in the folder; the message says which."""


@contextmanager
def written_aside(path: Path) -> Iterator[Path]:
    """Yield a path beside `path`, with the same ending, to write to; renamed to `path` on success.

    When the block raises, or writes nothing, the file aside is removed and `path` stays as it was.

    Raises
    ------
    OSError
        When the file cannot be written or renamed, for example on a full disk; it names the file.
    """
    aside = path.with_name(f".{path.stem}.{os.getpid()}.part{path.suffix}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield aside
        aside.replace(path)
    except OSError as error:
        if error.errno is not None and error.filename is None:
            raise OSError(error.errno, os.strerror(error.errno), str(path)) from error
        raise
    finally:
        aside.unlink(missing_ok=True)


def remove_asides(path: Path) -> None:
    """Remove what killed processes have left of writing `path`; for its sole user."""
    for aside in path.parent.glob(f".*.part{path.suffix}"):
        number = aside.name.removeprefix(f".{path.stem}.").removesuffix(f".part{path.suffix}")
        if number.isdecimal():
            aside.unlink(missing_ok=True)


@contextmanager
def sole_user(folder: Path) -> Iterator[None]:
    """Keep a folder to this process while the block runs; makes it if need be.

    The system itself lets go of the lock when the process ends, however it ends.

    Raises
    ------
    InUseError
        When another process keeps it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("a+", encoding="ascii") as lock:
        try:
            _lock(lock)
        except (BlockingIOError, PermissionError):
            lock.seek(0)
            owner = lock.read(20).strip() or "unknown"
            raise InUseError(
                f"{folder} is in use by another cardstunt (process {owner}): wait for it or stop it"
            ) from None
        lock.truncate(0)
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        yield


def _lock(file: IO[str]) -> None:
    if fcntl is None:
        file.seek(_LOCKED_BYTE)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        return
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise
    except OSError:
        # A network disk without locks: better two films at once than none.
        return


def write_json(path: Path, value: Any) -> None:
    """Write JSON, whole or not at all, the same bytes for the same value."""
    with written_aside(path) as aside:
        aside.write_text(json.dumps(value, indent=2, sort_keys=True) + "\n", encoding="utf-8")


def read_json(path: Path) -> Any | None:
    """Return what a JSON file holds, or None when it is missing or no JSON."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError, UnicodeDecodeError):
        return None
